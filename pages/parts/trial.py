"""Try a file: it is checked like an import, row by row, and nothing is kept."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from geo import kinds, read
from geo.errors import GeoError
from pages.parts import data, notices, words

KINDS = {
    "memberships": "Tillhörighet nätverk–basområde",
    "areas": "Upptagningsområden (ytor)",
    "base_areas": "Basområden (ytor)",
    "meetings": "Möten",
    "statistics": "Statistik per basområde",
    "walks": "Trygghetsvandringar",
    "findings": "Fynd från trygghetsvandringar",
}
SCHEMAS = {
    "memberships": kinds.MEMBERSHIPS,
    "meetings": kinds.MEETINGS,
    "statistics": kinds.STATISTICS,
    "walks": kinds.WALKS,
    "findings": kinds.FINDINGS,
}
REGISTERS = (
    "networks",
    "memberships",
    "meetings",
    "guidelines",
    "functions",
    "school_breaks",
    "collaboration_goals",
    "walks",
    "activity_days",
    "meeting_places",
    "efforts",
    "budget_2017",
    "bra_priorities",
    "development_areas",
    "population_kommundel",
    "places",
    "aliases",
    "sources",
)


def kind() -> str:
    """Let the reader say what the file is."""
    return str(st.selectbox("Vad är filen?", list(KINDS), format_func=KINDS.get))


def columns(which: str) -> pd.DataFrame:
    """List the columns that a file of this kind should have."""
    if which not in SCHEMAS:
        index = "area_id" if which == "areas" else "base_area_id"
        rows = [(index, "text", "ja", "ett id per yta"), ("name", "text", "ja", "namn")]
        rows += [("layer", "text", "ja", "barn_unga, omrade, ortsrad")] if which == "areas" else []
        rows += [("geometry", "yta", "ja", "polygon med koordinatsystem, helst EPSG:3006")]
    else:
        rows = kinds.columns(SCHEMAS[which])
    return pd.DataFrame(rows, columns=["Kolumn", "Innehåll", "Måste finnas", "Tillåtna värden"])


def report(uploaded: Any, which: str) -> None:
    """Check an uploaded file and show what is wrong with it."""
    with tempfile.TemporaryDirectory() as folder, st.spinner("Granskar filen …"):
        path = Path(folder) / Path(uploaded.name).name
        path.write_bytes(uploaded.getbuffer())
        try:
            frame, issues = _read(path, which)
        except GeoError as fault:
            st.error(words.markdown_safe(str(fault)))
            return
    notices.issues(issues, used=len(frame))


def _read(path: Path, which: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    if which == "memberships":
        known = data.register()
        return read.memberships(path, networks=known.networks, base_areas=known.base_areas)
    if which == "meetings":
        known = data.register()
        guidelines, day = read.guidelines()[0], pd.Timestamp(date.today())
        return read.meetings(path, networks=known.networks, guidelines=guidelines, today=day)
    result: tuple[pd.DataFrame, pd.DataFrame] = getattr(read, which)(path)
    return result


def contradictions() -> pd.DataFrame:
    """List the entries of the registers that carry a note on what the sources say differently."""
    parts = []
    for name in ("meetings", "walks", "activity_days"):
        table = data.shown(name)
        noted = table[table["note"] != ""]
        parts.append(
            pd.DataFrame(
                {
                    "Register": KINDS.get(name, "Aktivitetsdagar"),
                    "Datum": noted["date"],
                    "Nätverk": noted["network_id"],
                    "Anmärkning": noted["note"],
                    "Källa": noted["source"],
                }
            )
        )
    return pd.concat(parts, ignore_index=True)
