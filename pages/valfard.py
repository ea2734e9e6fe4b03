"""Välfärd: one indicator by base area and network, beside the city and over time."""

import streamlit as st

from pages.parts import (
    auth,
    charts,
    controls,
    data,
    downloads,
    frame,
    grid,
    indicator,
    indicator_source,
    indicator_tables,
    maps,
    pictures,
    words,
)

auth.who()
register = frame.register()
frame.title(
    "Välfärd",
    "Hur mår barn, unga och andra där nätverket verkar, jämfört med hela Borås och över tid?",
)
frame.statistics_fault(register)
names = indicator_tables.by_target_area(register)
if not names:
    st.info(words.NO_STATISTICS)
    st.stop()
with st.container(horizontal=True, gap="medium"):
    chosen = controls.indicator(names)
    period = controls.period(data.periods(chosen))
    view = data.view(chosen, period)
    group = controls.group(view.groups)
caution = words.DEMO if view.is_demo else ""
frame.demo(caution)
if not view.tables:
    st.markdown(data.once(indicator.official_headline, chosen, period))
    st.markdown(data.once(indicator_source.provenance, chosen, period))
    grid.show(data.once(indicator_tables.series, chosen, "", ""), "Alla perioder", caution=caution)
    st.stop()

with st.container(horizontal=True, gap="large"):
    place = controls.choose(register.choices, "Sök plats, nätverk eller basområde", follow=True)
    layer = controls.layer(place)
asked = (chosen, period, group)
base = data.base_map("Karta över välfärd i Borås")
painting = frame.chosen_on(data.once(indicator_tables.painting, *asked, layer), place)
keys = data.once(indicator_tables.keys, *asked)

st.markdown(data.once(indicator.headline, *asked, layer))
left, right = st.columns([3, 2], gap="medium")
with left:
    frame.show_map(base, painting, register.choices, height=500)
    st.html(maps.legend(keys, frame.lines((layer,))))
    st.caption(f"{indicator.CLASSES} {caution}")
with right:
    if place:
        st.markdown(data.once(indicator.answer, *asked, place))
    else:
        st.info(indicator.CHOOSE)
    if data.once(indicator_tables.has_dots, *asked):
        charts.show(data.once(charts.dots, *asked, layer), charts.DOTS, caution)
st.markdown(data.once(indicator_source.hidden, *asked))
st.caption(data.once(indicator_source.provenance, chosen, period))

topic = data.once(indicator.topic, *asked)
networks = data.once(indicator_tables.networks, *asked, layer)
st.header("Nätverken bredvid staden", anchor=False)
caption = f"{topic}, {words.LAYER[layer]}"
grid.show(networks, caption, otherwise=indicator.NOT_SUMMED, caution=caution)
st.caption(indicator.READING)

st.header("Över tid", anchor=False)
subject = controls.subject(place)
drawn = data.once(charts.over_time, chosen, group, subject)
if drawn:
    charts.show(drawn, caution)
st.caption(data.once(indicator_source.broken, chosen))
trends = data.once(indicator_tables.trends, chosen, group, layer)
caption = f"Utveckling i ord, {words.LAYER[layer]}"
grid.show(trends, caption, otherwise=indicator.NOT_SUMMED, caution=caution)
series = data.once(indicator_tables.series, chosen, group, subject)
grid.show(series, f"{names[chosen]}, alla perioder", caution=caution)

st.header("Alla basområden", anchor=False)
table = data.once(indicator_tables.base_areas, *asked)
grid.show(table, f"{topic} per basområde", height=420, caution=caution)

st.header("Ladda ned", anchor=False)
st.caption(indicator.EXPORTS)
sheets = data.once(indicator_tables.sheets, asked, layer, subject)
about = downloads.about(f"välfärd: {topic}", caution)
name = "-".join((chosen, group, period)).replace("/", "-")
downloads.tables(f"valfard-{name}", sheets, notes=about)
downloads.the_map(
    f"karta-valfard-{name}",
    base,
    painting,
    keys,
    lambda: pictures.map_of(topic, register, painting, keys, about),
    notes=about,
)
