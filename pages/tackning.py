"""Täckning och överlapp: who covers each place, where networks overlap, where none does."""

import streamlit as st

from pages.parts import (
    answers,
    auth,
    controls,
    data,
    downloads,
    frame,
    grid,
    maps,
    people,
    pictures,
    tables,
)

auth.who()
register = frame.register()
totals = data.totals()

frame.title(
    "Täckning och överlapp",
    "Vilka nätverk täcker varje plats, var täcker flera samma plats och var finns bara ett eller "
    "inget?",
)
chosen = controls.choose(register.choices, "Sök plats, nätverk eller basområde")
with st.container(horizontal=True, gap="large"):
    layers, colour = controls.layers(), controls.colour()

base = data.base_map("Karta över nätverkens täckning i Borås")
painting = frame.chosen_on(data.painting(layers, colour), chosen)
keys = data.keys(layers, colour)

st.markdown(data.once(answers.headline, layers))
left, right = st.columns([3, 2], gap="medium")
with left:
    frame.show_map(base, painting, register.choices, height=540)
    st.html(maps.legend(keys, frame.lines(layers)))
    st.caption(
        "Streckad kant, ibland med ränder: basområdet är delat mellan nätverk och ingen inre gräns "
        "är känd. Prickad kant: tillhörigheten är inte säker. Upptagningsområdena är en "
        "konstruktion, se Metod och ordlista."
    )
with right:
    if chosen:
        frame.answer(chosen, register)
        st.caption(answers.only_shown(layers))
    else:
        st.info(
            "Välj ett område på kartan, eller sök en plats, ett nätverk eller ett basområde i "
            "listan. Då står det här vilka som täcker det, på vilken grund och hur säkert."
        )

st.header("Luckor", anchor=False)
st.markdown(data.once(answers.inner_city))
st.markdown(data.once(answers.gap_list))

st.header("Andel av ytan och andel av barnen", anchor=False)
counted = people.choose()
st.markdown(answers.land_against_people(totals, counted))
grid.show(tables.layers(totals, counted), "Täckning per lager", caution=counted.caution)

st.header("Överlapp mellan nätverk", anchor=False)
st.markdown(data.once(answers.overlaps, layers))
matrices = data.once(tables.matrices, counted, layers)
pairs = data.once(tables.overlaps, layers)
for heading, matrix in matrices.items():
    nothing = f"{heading}: inga överlapp."
    caption = f"{heading}, gemensam yta i km²"
    grid.show(matrix, caption, otherwise=nothing, caution=counted.caution)
st.caption(
    "Km², och antal personer inom parentes där folkmängd är inläst. ° = bara delade basområden: "
    "överlappet kan helt eller delvis bero på att en inre gräns saknas. Tom ruta = inget överlapp."
)
with st.expander("Alla överlapp som lista, med andelar"):
    grid.show(pairs, "Alla överlapp, störst först")

st.header("Delade och osäkra basområden", anchor=False)
grid.show(
    data.once(tables.unsure, layers),
    "Delade och osäkra basområden",
    otherwise="Inget basområde är delat eller osäkert i de valda lagren.",
)
with st.expander("Varför räknas de så?"):
    grid.show(
        data.once(tables.unsure_reasons, layers), "Skäl per nätverk", otherwise="Inget att visa."
    )
st.header("Alla basområden", anchor=False)
table = data.once(tables.base_areas, layers)
grid.show(table, "Alla basområden, samma uppgifter som på kartan", height=420)

st.header("Ladda ned", anchor=False)
sheets = {"Basområden": table, "Överlapp": pairs} | matrices
downloads.tables("tackning-boras", sheets, downloads.about(caution=counted.caution))
downloads.layers(
    "upptagningsomraden-boras",
    {"upptagningsomraden": register.areas, "basomraden": register.base_areas},
)
downloads.the_map(
    "karta-tackning-boras",
    base,
    painting,
    keys,
    lambda: pictures.map_of(
        "Nätverkens täckning i Borås", register, painting, keys, downloads.about()
    ),
)
