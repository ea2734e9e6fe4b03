"""What the reader asks of walks and findings: the view, the filters, one finding, a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from geo import fieldwork, kinds
from geo.places import Choice
from pages.parts import controls, data, field_words, state, words
from pages.parts.field import Field, today

MAP, BOARD, NETWORKS, CHANGED, REGISTER, FILES = (
    "Karta och lista",
    "Uppföljning",
    "Per nätverk",
    "Ändrat sedan",
    "Registrera",
    "Läs in fil",
)
VIEWS = {name: name for name in (MAP, BOARD, NETWORKS, CHANGED, REGISTER, FILES)}
ONE, MANY, WALK, ROUTE = "Ett fynd", "Många fynd", "En vandring", "Rutt till en vandring"
BY = {"category": "Kategori", "light": "Ljus", "owner": "Ansvarig", "kind": "Slag"}
BY |= {"status": "Status"}
BASIS = {"med": "Med syntetiska demodata", "utan": "Bara verkliga uppgifter"}
FILTERS = (state.STATUS_KEY, state.KIND_KEY, state.LIGHT_KEY, state.YEAR_KEY)
MOST_LISTED = 500  # in a list to choose from


@dataclass(frozen=True)
class Asked:
    """What the reader asks for."""

    filter: fieldwork.Filter
    place: Choice | None


def view() -> str:
    """Let the reader choose a part of the page."""
    return controls.one_of("Visa", VIEWS, state.VIEW_KEY)


def basis(shown: str) -> bool:
    """Let the reader leave the made-up walks and findings out; true with them.

    Who registers sees what is real, nothing else.
    """
    if shown in (REGISTER, FILES):
        return False
    if not data.field(True).is_demo:
        return True
    return controls.one_of("Underlag", BASIS, state.BASIS_KEY) == "med"


def filters(known: Field, choices: Sequence[Choice]) -> Asked:
    """Let the reader narrow down by place, category, status, light, kind and time."""
    place = controls.choose(choices, "Sök plats, nätverk eller basområde")
    label = "Filter: kategori, status, slag, ljus och tid"
    is_used = state.is_any_set((*FILTERS, state.CATEGORY_KEY))
    with st.expander(label, is_used), st.container(horizontal=True, gap="medium"):
        categories = st.multiselect(
            "Kategori",
            list(known.categories),
            format_func=known.categories.get,
            key=state.CATEGORY_KEY,
            bind="query-params",
            placeholder="Alla",
            width=320,
        )
        status = _one("Status", field_words.STATUS_CHOICES, state.STATUS_KEY)
        kind = _one("Slag", {"": "Alla", **field_words.KIND}, state.KIND_KEY)
        light = _one("Ljus", {"": "Alla", **{x: x for x in kinds.LIGHTS}}, state.LIGHT_KEY)
        years = {year: year for year in data.once_for(_years, known)}
        times = {"": "Alla", fieldwork.TWELVE_MONTHS: "Senaste 12 månaderna", **years}
        period = _one("Noterat", times, state.YEAR_KEY)
    asked = fieldwork.Filter(tuple(categories), status, light, kind, period)
    return Asked(asked, place)


def _years(known: Field) -> list[str]:
    return fieldwork.periods(known.findings)


def _one(label: str, names: dict[str, str], key: str) -> str:
    chosen = st.selectbox(
        label, list(names), format_func=names.get, key=key, bind="query-params", width=200
    )
    return str(chosen or "")


def ids(known: Field, asked: Asked) -> pd.Index:
    """Return the ids of the findings that are asked for, newest first; in the chosen place."""
    return data.once_for(matching, known, asked.filter, asked.place)


def matching(known: Field, asked: fieldwork.Filter, place: Choice | None) -> pd.Index:
    """Find the findings that are asked for, newest first."""
    mask = fieldwork.matching(known.findings, asked, today())
    if place is not None:
        network = place.kind == "network"
        pairs = known.in_networks if network else known.in_base_areas
        wanted = [place.id] if network else list(place.base_area_ids)
        mask &= known.findings.index.isin(pairs.loc[pairs["area_id"].isin(wanted), "finding_id"])
    found = known.findings.loc[mask, ["observed_date"]]
    return found.sort_values("observed_date", ascending=False, kind="stable").index


def finding(known: Field, found: pd.Index) -> str | None:
    """Let the reader choose one finding out of the list; None when none is chosen."""
    listed = found[:MOST_LISTED]
    names = field_words.names(known, listed)
    chosen = state.chosen_finding()
    if chosen is not None and chosen not in names:
        if chosen in found:  # far down in a long list, chosen on the map
            names |= field_words.names(known, pd.Index([chosen]))
        else:
            state.choose_finding(None)
    return st.selectbox(
        f"Välj ett fynd ({words.number(len(found))} i urvalet)",
        list(names),
        index=None,
        format_func=names.get,
        key=state.FINDING_KEY,
        placeholder="Sök på kategori eller datum",
        help="Eller välj ett märke på kartan.",
    )


def since() -> pd.Timestamp:
    """Let the reader choose a day; thirty days ago to begin with."""
    chosen = st.date_input(
        "Visa det som hänt från och med",
        value=date.today() - timedelta(days=30),
        max_value="today",
        min_value=date(kinds.OLDEST, 1, 1),
        key=state.SINCE_KEY,
        format="YYYY-MM-DD",
    )
    return pd.Timestamp(chosen)


def what_to_register() -> str:
    """Let the writer choose what to register."""
    return controls.one_of("Vad", {name: name for name in (ONE, MANY, WALK, ROUTE)}, state.WHAT_KEY)


def by() -> str:
    """Let the reader choose what findings are divided by."""
    return controls.one_of("Dela upp fynden på", BY, state.BY_KEY)


def places(known: data.Register) -> dict[str, str]:
    """Return the places that a finding may be put in by name: each with its one base area."""
    table = data.shown("places")
    sure = table[(table["basis"] != "unknown") & ~table["base_area_ids"].str.contains(";")]
    named = dict(zip(sure["place"], sure["base_area_ids"], strict=True))
    return dict(sorted((named | {n: str(i) for i, n in known.base_areas["name"].items()}).items()))
