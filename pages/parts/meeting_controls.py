"""What the reader asks of meetings: the view, the year, the guideline, the network."""

from __future__ import annotations

import streamlit as st

from pages.parts import controls, meeting_cadence, state, work
from pages.parts.work import JOINT, Work

CALENDAR, CLASHES, MEETING, DECISIONS, GOALS, ADD = (
    "Kalender och takt",
    "Krockar och lediga dagar",
    "Ett möte",
    "Beslut",
    "Mål för samverkan",
    "Lägg in",
)
VIEWS = {name: name for name in (CALENDAR, CLASHES, MEETING, DECISIONS, GOALS, ADD)}


def year(known: Work) -> int:
    """Let the reader choose a year: this one if it has meetings, else the latest that had."""
    names = [str(found) for found in work.years(known)]
    held = known.meetings["date"].dt.year
    this = work.today().year
    before = held[held <= this]
    first = str(before.max() if len(before) else held.min() if len(held) else this)
    if state.is_unknown(state.MEETINGS_YEAR_KEY, names):
        state.follow(state.MEETINGS_YEAR_KEY, first)
    chosen = st.selectbox(
        "År", names, index=None, key=state.MEETINGS_YEAR_KEY, bind="query-params", width=200
    )
    return int(chosen or first)


def guideline(known: Work) -> str:
    """Let the reader try another guideline than the one that was valid; "" for that one."""
    names = meeting_cadence.guideline_names(known)
    return controls.one_of("Riktlinje", names, state.GUIDELINE_KEY)


def network(known: Work) -> str:
    """Let the reader choose one network, or all; "" for all."""
    names = {"": "Alla nätverk"} | {i: name for i, name in known.names.items() if i not in JOINT}
    chosen = st.selectbox(
        "Nätverk", list(names), format_func=names.get, key=state.NETWORK_KEY, bind="query-params"
    )
    return str(chosen or "")
