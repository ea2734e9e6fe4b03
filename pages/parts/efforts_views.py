"""The views of the page Insatser och planer: each shows its sentence, map, tables and files."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from geo.errors import GeoError, require_columns
from geo.places import Choice
from pages.parts import (
    budget,
    charts,
    controls,
    data,
    downloads,
    efforts,
    efforts_map,
    efforts_tables,
    frame,
    grid,
    indicator,
    indicator_source,
    indicator_tables,
    maps,
    meeting_places,
    pictures,
    state,
    words,
)
from pages.parts.data import Register

SEARCH = "Sök plats, nätverk eller basområde"
NEEDED = {  # the registers of each view; without rows in the first there is nothing to show
    efforts.ON_MAP: ("efforts",),
    efforts.NEEDS: ("efforts",),
    efforts.MEETING_PLACES: ("meeting_places",),
    efforts.BUDGET: ("budget_2017", "budget_other", "population_kommundel"),
    efforts.ACTIVITY_DAYS: ("activity_days",),
}
COLUMNS = {  # what the views read of each
    "efforts": "effort_id title place_names network_ids section content figure source",
    "meeting_places": "meeting_place_id name other_names place base_area_ids source",
    "budget_2017": "post n_networks amount_each_sek amount_sek layer handling source",
    "budget_other": "post years n_networks amount_approx_sek layer handling source",
    "population_kommundel": "kommundel group year n_people network_ids",
    "activity_days": "date network_id place title status note source",
}


def ready(view: str) -> None:
    """Go on when a view's registers can be read and the first has rows; else say what to do."""
    try:
        tables = {name: data.shown(name) for name in NEEDED.get(view, ())}
        for name, table in tables.items():
            require_columns(table, tuple(COLUMNS[name].split()), name)
    except GeoError as fault:
        st.error(f"Registret kunde inte läsas. {words.markdown_safe(str(fault))}")
        st.stop()
    for name in list(tables)[:1]:
        if tables[name].empty:
            st.info(efforts.EMPTY.format(name=name))
            st.stop()


def checked(show: Callable[[Register], None], known: Register) -> None:
    """Show a view; what is odd in its registers is told as a sentence."""
    try:
        show(known)
    except GeoError as fault:
        st.error(f"Registret kunde inte användas. {words.markdown_safe(str(fault))}")


def _place_and_layer(known: Register) -> tuple[Choice | None, str]:
    with st.container(horizontal=True, gap="large"):
        place = controls.choose(known.choices, SEARCH, follow=True)
        return place, controls.layer(place)


def _map(base: maps.Base, painting: maps.Painting, keys: list[maps.Key], known: Register) -> None:
    frame.show_map(base, painting, known.choices, height=500)
    st.html(maps.legend(keys, frame.lines(painting.layers)))


def on_map(known: Register) -> None:
    """Show where efforts gather, and which of them reach what is chosen."""
    st.markdown(data.once(efforts.headline))
    place, layer = _place_and_layer(known)
    base = data.base_map("Karta över insatser i Borås")
    painting = frame.chosen_on(data.once(efforts_map.painting, layer), place)
    keys = data.once(efforts_map.keys)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _map(base, painting, keys, known)
        st.caption(f"{efforts.MAP_NOTE} {data.once(efforts.off_the_map)}")
    with right:
        if place:
            st.markdown(data.once(efforts.answer, place))
        else:
            st.info(efforts.CHOOSE)
        grid.show(_few(data.once(efforts_tables.places)), "Platser som insatserna nämner")
    st.caption(efforts.CAUTION)
    sheets = {
        "Insatser": data.once(efforts_tables.every),
        "Platser": data.once(efforts_tables.places),
        "Nätverk": data.once(efforts_tables.networks),
        "Basområden": data.once(efforts_tables.base_areas),
    }
    st.header("Alla insatser i källan", anchor=False)
    grid.show(sheets["Insatser"], "Insatser, också de som inte nämner någon plats")
    st.header("Nätverken", anchor=False)
    grid.show(sheets["Nätverk"], "Insatser som nämner en ort i nätverket")
    st.header("Alla basområden", anchor=False)
    grid.show(sheets["Basområden"], "Alla basområden, samma uppgifter som på kartan", height=420)
    _files("insatser", "insatser som nämner en plats", sheets, efforts.CAUTION)
    notes = (efforts.CAUTION, efforts.ON_PICTURE)
    _map_files("insatser", "Insatser som nämner en plats", base, painting, keys, notes)


def _few(table: pd.DataFrame) -> pd.DataFrame:
    return table.drop(columns="Vilka")


def _files(
    name: str, what: str, sheets: dict[str, pd.DataFrame], note: str, caution: str = ""
) -> None:
    st.header("Ladda ned", anchor=False)
    downloads.tables(f"{name}-boras", sheets, [*downloads.about(what, caution), note])


def _map_files(
    name: str,
    title: str,
    base: maps.Base,
    painting: maps.Painting,
    keys: list[maps.Key],
    notes: tuple[str, str],
) -> None:
    """Offer the map; notes: what is said in the file, and the short of it on the picture."""
    about = downloads.about(title.lower())
    downloads.the_map(
        f"karta-{name}-boras",
        base,
        painting,
        keys,
        lambda: pictures.map_of(title, data.register(), painting, keys, [*about, notes[1]]),
        notes=[*about, notes[0]],
    )


def needs(known: Register) -> None:
    """Show which networks are surely worse off than the city, beside the efforts that name them."""
    frame.statistics_fault(known)
    names = efforts.may_be_compared(known)
    if not names:
        st.info(words.NO_STATISTICS)
        return
    with st.container(horizontal=True, gap="medium"):
        chosen = controls.indicator(names)
        period = controls.period(data.periods(chosen))
        view = data.view(chosen, period)
        group = controls.group(view.groups)
        layer = controls.one_of("Nätverk", words.LAYER_TAB, state.LAYER_KEY)
    caution = words.DEMO if view.is_demo else ""
    frame.demo(caution)
    if view.tables:
        _needs((chosen, period, group), layer, caution)
    else:
        st.markdown(data.once(indicator.official_headline, chosen, period))


def _needs(asked: tuple[str, str, str], layer: str, caution: str) -> None:
    st.markdown(data.once(efforts.needs_headline, *asked, layer))
    table = data.once(efforts_tables.needs, *asked, layer)
    topic = data.once(indicator.topic, *asked)
    caption = f"{topic}: behov mot insats, {words.LAYER[layer]}"
    left, right = st.columns([3, 2], gap="medium")
    with left:
        grid.show(table, caption, otherwise=indicator.NOT_SUMMED, caution=caution)
    with right:
        if data.once(indicator_tables.has_dots, *asked):
            charts.show(data.once(charts.needs, *asked, layer), charts.NEEDS, caution)
    st.caption(f"{efforts.NEED_NOTE} {efforts.CAUTION}")
    st.caption(data.once(indicator_source.provenance, *asked[:2]))
    if len(table):
        source = indicator_source.source_of(data.view(*asked[:2]))
        numbers = data.once(efforts_tables.need_numbers, *asked, layer)
        sheets = {"Värden": numbers, "Behov mot insats": table.assign(Källa=source)}
        name = "-".join(("behov-insatser", *asked, layer)).replace("/", "-").replace("_", "-")
        _files(name, f"behov mot insats: {topic}", sheets, efforts.CAUTION, caution)


def places(known: Register) -> None:
    """Show the meeting places, the networks they lie in, and how far they are."""
    st.markdown(data.once(meeting_places.headline))
    place, layer = _place_and_layer(known)
    base = data.base_map("Karta över mötesplatser i Borås")
    painting = frame.chosen_on(data.once(efforts_map.near_painting, layer), place)
    keys = data.once(efforts_map.near_keys)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _map(base, painting, keys, known)
    with right:
        if place:
            st.markdown(data.once(meeting_places.answer, place))
        else:
            st.info(meeting_places.CHOOSE)
        st.caption(meeting_places.CAUTION)
    sheets = {
        "Basområden": data.once(meeting_places.base_areas),
        "Mötesplatser": data.once(meeting_places.places),
        "Avstånd i meter": data.once(meeting_places.numbers),
    }
    st.header("Mötesplatserna", anchor=False)
    grid.show(sheets["Mötesplatser"], "Mötesplatser och nätverken de ligger i")
    st.header("Alla basområden", anchor=False)
    grid.show(sheets["Basområden"], "Närmaste mötesplats för varje basområde", height=420)
    _files("motesplatser", "mötesplatser", sheets, meeting_places.CAUTION)
    notes = (meeting_places.CAUTION, meeting_places.ON_PICTURE)
    _map_files("motesplatser", "Mötesplatser och avstånd", base, painting, keys, notes)


def money(_known: Register) -> None:
    """Show the budget of 2017 by kind of network, per child, and the money beside it."""
    st.markdown(data.once(budget.headline))
    sheets = {
        "Budget": data.once(budget.kinds),
        "Per nätverk": data.once(budget.networks),
        "Utanför budgeten": data.once(budget.others),
    }
    grid.show(sheets["Budget"], "Budget 2017 per slag av nätverk")
    st.caption(budget.CAUTION)
    st.header("Samma summa, olika många barn", anchor=False)
    st.markdown(budget.EQUAL)
    grid.show(
        sheets["Per nätverk"],
        "Nätverk som går att koppla till kommundelar, ungefärligt",
        otherwise="Inga nätverk går att koppla till kommundelar.",
    )
    caution = ""
    if counted := data.once(budget.loaded):
        caution = counted.caution
        grid.show(counted.table, counted.title, 420, caution=caution)
        sheets["Per person"] = counted.table
    st.header("Utanför budgeten", anchor=False)
    grid.show(
        sheets["Utanför budgeten"],
        "Andra medel, ingår inte i summan",
        otherwise="Inga andra medel i registret.",
    )
    _files("budget", "budget 2017", sheets, budget.CAUTION, caution)


def activity_days(_known: Register) -> None:
    """Show the activity days of 2017, with what is unsure, and the aim for the next year."""
    st.markdown(data.once(budget.days_headline))
    table = data.once(budget.days)
    grid.show(table, "Aktivitetsdagar 2017")
    st.markdown(budget.DAYS_AIM)
    st.caption(budget.DAYS_CAUTION)
    _files(
        "aktivitetsdagar", "aktivitetsdagar 2017", {"Aktivitetsdagar": table}, budget.DAYS_CAUTION
    )
