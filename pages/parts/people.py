"""How many live where: published figures by kommundel, or the population that is loaded."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import pandas as pd
import streamlit as st

from geo import coverage
from geo.layout import OK
from pages.parts import controls, data, state, words

POPULATION = "folkmangd"
OWN_AGES = "10-16"  # the ages that the nine networks are for
SOURCES = {
    "kommundel": "Per kommundel, publicerat (ungefärligt)",
    "basomrade": "Folkmängd per basområde",
}


@dataclass(frozen=True)
class People:
    """Shares of people by layer, people that pairs share, and what to say of them.

    mark tells one counting from another: what is reckoned of it is kept by the mark. caution is
    the demonstration mark where the people are made up; it goes on every table and export.
    """

    heading: str
    mark: str
    shares: pd.DataFrame = field(repr=False)
    pairs: pd.DataFrame | None = field(repr=False)
    caution: str = ""


def choose() -> People:
    """Let the reader choose what people are counted by; falls back to the published figures."""
    source = controls.one_of("Räkna barnen efter", SOURCES, state.PEOPLE_KEY)
    if source == "basomrade":
        periods = data.periods(POPULATION)
        if periods:
            return _loaded(periods[0])
        st.info(words.NO_STATISTICS)
    heading = "Andel av barnen 0–17 år (ungefärligt)"
    return People(heading, "kommundel", data.totals().people, None)


def _loaded(period: str) -> People:
    view = data.view(POPULATION, period)
    groups = sorted(view.groups, key=lambda name: (name != OWN_AGES, name))
    names = {name: words.group(name) for name in groups}
    group = controls.one_of("Ålder", names, state.AGE_KEY)
    if view.is_demo:
        st.warning(f"{words.DEMO}. {words.DEMO_MORE}")
    found = data.once(_counted, period, group, names[group])
    hidden = int(
        (view.tables[group]["status"].reindex(data.register().base_areas.index) != OK).sum()
    )
    if hidden:
        st.caption(f"{hidden} basområden är dolda eller saknas och är inte med i antalen.")
    return found


def _counted(known: data.Register, period: str, group: str, name: str) -> People:
    view = data.view(POPULATION, period)
    counts = view.tables[group]["value"].reindex(known.base_areas.index)  # only what is shown
    shares = coverage.by_layer(known.areas, known.base_areas, known.memberships, counts)
    pairs = coverage.overlap_people(known.memberships, counts)
    mark = hashlib.sha256(counts.to_json().encode()).hexdigest()
    made_up = ", syntetiskt" if view.is_demo else ""
    heading = f"Andel av folkmängden {name} ({period}{made_up})"
    return People(heading, mark, shares, pairs, words.DEMO if view.is_demo else "")
