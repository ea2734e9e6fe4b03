"""Metod och ordlista: how each number is made, the words, and how accessible this is."""

import streamlit as st

from pages.parts import auth, data, frame

auth.who()

frame.title(
    "Metod och ordlista",
    "Hur är upptagningsområden och siffror gjorda, vad måste en planerare bekräfta och vad betyder "
    "orden?",
)
method, words, access = st.tabs(["Metod", "Ordlista", "Tillgänglighet"])
with method:
    st.markdown(data.text_of(frame.ROOT / "docs" / "method.md").split("\n", 1)[1])
with words:
    st.markdown(data.text_of(frame.ROOT / "docs" / "glossary.md").split("\n", 1)[1])
with access:
    st.markdown(data.text_of(frame.ROOT / "docs" / "accessibility.md").split("\n", 1)[1])
