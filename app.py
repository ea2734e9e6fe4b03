"""Lägesbild Borås: the page list. Start with `make run`, or `streamlit run app.py`."""

import streamlit as st

from pages.parts import turns, words

st.set_page_config(
    page_title="Lägesbild Borås", page_icon="pages/parts/web/icon.png", layout="wide"
)

PAGES = {
    "Start": [
        st.Page("pages/oversikt.py", title="Översikt", default=True, icon=":material/home:"),
    ],
    "Karta": [
        st.Page("pages/tackning.py", title="Täckning och överlapp", icon=":material/layers:"),
        st.Page("pages/valfard.py", title="Välfärd", icon=":material/bar_chart:"),
        st.Page("pages/vandringar.py", title="Trygghetsvandringar", icon=":material/hiking:"),
    ],
    "Prioritering": [
        st.Page("pages/kraftsamla.py", title="Kraftsamla", icon=":material/target:"),
    ],
    "Nätverk": [
        st.Page("pages/lagesbild.py", title="Lägesbild", icon=":material/summarize:"),
        st.Page("pages/moten.py", title="Möten", icon=":material/event:"),
        st.Page(
            "pages/insatser.py", title="Insatser och planer", icon=":material/volunteer_activism:"
        ),
    ],
    "Underlag": [
        st.Page("pages/data.py", title="Data och kvalitet", icon=":material/database:"),
        st.Page("pages/metod.py", title="Metod och ordlista", icon=":material/menu_book:"),
    ],
}

page = st.navigation(PAGES)
body = st.container()  # the foot stands under it, also when a page ends early
st.caption(words.FOOT)
with turns.in_turn(), body:
    page.run()
