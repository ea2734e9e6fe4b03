"""Metod och ordlista: how each number is made, the words, and how accessible this is."""

import streamlit as st

from pages.parts import auth, data, frame

auth.who()

frame.title(
    "Metod och ordlista",
    "Hur är upptagningsområden och siffror gjorda, vad måste en planerare bekräfta och vad betyder "
    "orden?",
)
written = data.text_of(frame.ROOT / "docs" / "method.md").split("\n", 1)[1]
method, words = written.split("## Ordlista")
access = data.text_of(frame.ROOT / "docs" / "accessibility.md").split("\n", 1)[1]

for tab, text in zip(
    st.tabs(["Metod", "Ordlista", "Tillgänglighet"]), (method, words, access), strict=True
):
    with tab:
        st.markdown(text)
