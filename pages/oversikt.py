"""Översikt: what this is, find a network or a place, and what data is loaded."""

import streamlit as st

from geo.sources import LAYERS
from pages.parts import answers, auth, controls, data, frame, grid, maps, tables, words

auth.who()
register = frame.register()

frame.title(
    "Lägesbild Borås",
    "Se vilka av stadens 20 lokala nätverk som täcker en plats, var de överlappar och var bara ett "
    "eller inget finns.",
)
st.markdown(data.once(answers.inner_city))
chosen = controls.choose(register.choices, "Sök plats, nätverk eller basområde")

base = data.base_map("Karta över de 20 nätverkens upptagningsområden i Borås")
painting = frame.chosen_on(data.painting(LAYERS, "antal"), chosen)
left, right = st.columns([3, 2], gap="medium")
with left:
    frame.show_map(base, painting, register.choices, height=430)
    st.html(maps.legend(data.keys(LAYERS, "antal"), frame.lines(LAYERS)))
with right:
    if chosen:
        frame.answer(chosen, register)
        asked = {"vald": controls.option_text(chosen)}
        st.page_link(
            "pages/tackning.py", label="Se mer på Täckning och överlapp", query_params=asked
        )
        st.page_link("pages/valfard.py", label="Se hur det går: Välfärd", query_params=asked)
        label = "Se vad vandringar fann: Trygghetsvandringar"
        st.page_link("pages/vandringar.py", label=label, query_params=asked)
    else:
        st.info(
            "Sök en plats ovan eller välj ett område på kartan, så står det här vilka nätverk som "
            "täcker det och hur säkert det är."
        )

st.header("De 20 nätverken", anchor=False)
grid.show(data.once(tables.networks), "Nätverk och de delområden som källorna nämner")
st.header("Vad som är inläst", anchor=False)
grid.show(data.once(tables.loaded), "Inlästa uppgifter")
st.header("Nytt", anchor=False)
st.markdown(frame.news())
st.caption(words.NOT_LOADED)
