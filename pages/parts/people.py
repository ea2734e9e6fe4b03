"""How many live where: published figures by kommundel, the reader's own file, or a demo set."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from geo import coverage, demo, read
from geo.errors import GeoError
from pages.parts import controls, data, notices, state, words

SOURCES = {
    "kommundel": "Per kommundel, publicerat (ungefärligt)",
    "fil": "Egen fil per basområde",
    "demo": "Demodata per basområde",
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
    if source == "demo":
        st.warning(words.DEMO)
        return data.once(_demo)
    counts = _from_file() if source == "fil" else None
    if counts is not None:
        return _counted(data.register(), counts, f"Andel av folkmängden ({counts.name or 'alla'})")
    heading = "Andel av barnen 0–17 år (ungefärligt)"
    return People(heading, "kommundel", data.totals().people, None)


def _demo(known: data.Register) -> People:
    counts = demo.population(known.base_areas.index).set_index("area_code")["value"]
    made_up = _counted(known, counts.astype(float), "Andel av barnen 0–17 år (syntetiskt)")
    return replace(made_up, caution=words.DEMO)


def _counted(known: data.Register, counts: pd.Series, heading: str) -> People:
    shares = coverage.by_layer(known.areas, known.base_areas, known.memberships, counts)
    pairs = coverage.overlap_people(known.memberships, counts)
    mark = hashlib.sha256(counts.to_json().encode()).hexdigest()
    return People(heading, mark, shares, pairs)


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
