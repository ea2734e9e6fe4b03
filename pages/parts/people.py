"""How many live where: published figures by kommundel, the reader's own file, or a demo set."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from geo import coverage, demo, read
from geo.errors import GeoError
from pages.parts import data, notices, state, words

SOURCES = {
    "kommundel": "Per kommundel, publicerat (ungefärligt)",
    "fil": "Egen fil per basområde",
    "demo": "Demodata per basområde",
}


@dataclass(frozen=True)
class People:
    """Shares of people by layer, people that pairs share, and what to say of them."""

    shares: pd.DataFrame
    pairs: pd.DataFrame | None
    heading: str
    is_demo: bool = False


def choose() -> People:
    """Let the reader choose what people are counted by; falls back to the published figures."""
    source = st.segmented_control(
        "Räkna barnen efter",
        list(SOURCES),
        default="kommundel",
        required=True,
        format_func=SOURCES.get,
        key=state.PEOPLE_KEY,
        bind="query-params",
    )
    if source == "demo":
        st.warning(words.DEMO)
        counts = demo.population(data.register().base_areas.index).set_index("area_code")["value"]
        return _counted(counts.astype(float), "Andel av barnen 0–17 år (syntetiskt)", True)
    counts = _from_file() if source == "fil" else None
    if counts is not None:
        return _counted(counts, f"Andel av folkmängden ({counts.name or 'alla'})")
    heading = "Andel av barnen 0–17 år (ungefärligt)"
    return People(data.totals().people, None, heading)


def _counted(counts: pd.Series, heading: str, is_demo: bool = False) -> People:
    known = data.register()
    shares = coverage.by_layer(known.areas, known.base_areas, known.memberships, counts)
    return People(shares, coverage.overlap_people(known.memberships, counts), heading, is_demo)


def _from_file() -> pd.Series | None:
    uploaded: Any = st.file_uploader(
        "Folkmängd per basområde (CSV eller Excel i statistikens långa form; används bara i din "
        "session)",
        type=["csv", "xlsx"],
        help="Kolumner: indicator_id (folkmangd), area_code, area_vintage, period, group, value, "
        "status. Se Data och kvalitet, Pröva en fil.",
    )
    if uploaded is None:
        st.caption("Ingen fil vald: tabellen visar tills vidare publicerade tal per kommundel.")
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(uploaded.name).name
        path.write_bytes(uploaded.getbuffer())
        try:
            counts, issues = read.people(path)
        except GeoError as fault:
            st.error(words.markdown_safe(str(fault)))
            return None
    notices.issues(issues, used=int(counts.notna().sum()))
    return counts
