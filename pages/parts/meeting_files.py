"""Many meetings at once from a file, and removed ones brought back."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from geo import files, meetings_file
from geo.errors import GeoError, Issues
from pages.parts import auth, grid, keeping, notices, state, words
from pages.parts.work import Work, today


def removed(known: Work, person: auth.Person) -> None:
    """Let the writer bring a removed meeting back."""
    gone = known.removed.sort_values("date")
    names = {
        str(i): f"{day:%Y-%m-%d} {known.names[network_id]}"
        for i, day, network_id in gone[["date", "network_id"]].itertuples()
    }
    keeping.removed(
        "Borttagna möten", gone, names, lambda o, i, v: o.bring_back_meeting(i, v, person.role)
    )


def from_file(known: Work, person: auth.Person) -> None:
    """Let the writer put in a schedule from a file: looked at first, then all or nothing."""
    st.markdown(
        "En rad per möte, CSV eller Excel. Kolumnerna `meeting_id, date, network_id, kind, "
        "starred, counts_for_cadence` måste finnas; fler står på sidan Data och kvalitet."
    )
    uploaded = st.file_uploader("Fil med möten", type=["csv", "xlsx"], key=state.upload_key())
    if uploaded is None:
        return
    table, issues = _read(known, uploaded)
    if table is None:
        return
    notices.issues(issues, used=len(table))
    there = table["meeting_id"].isin([*known.meetings.index, *known.removed.index])
    new = table[~there]
    st.markdown(
        f"**{words.counted(len(new), 'nytt möte', 'nya möten')}**; "
        f"{words.counted(int(there.sum()), 'finns redan och lämnas', 'finns redan och lämnas')} "
        "som det är. Inget är sparat ännu."
    )
    by_year = new["date"].dt.year.value_counts().sort_index()
    shown = pd.DataFrame({"År": by_year.index.astype(str), "Möten": by_year.astype(str).to_numpy()})
    grid.show(shown, "Nya möten per år", 240, "Filen har inget nytt.")
    if len(new) and st.button(
        f"Lägg in {words.counted(len(new), 'möte', 'möten')}", type="primary"
    ):
        done = f"{words.counted(len(new), 'möte är inlagt', 'möten är inlagda')}."
        if keeping.keep(lambda o: o.save_meetings(new, person.role), done):
            state.keep_added([str(i) for i in new["meeting_id"]])
            state.next_upload()
        st.rerun()


def _read(known: Work, uploaded: Any) -> tuple[pd.DataFrame | None, pd.DataFrame]:
    issues = Issues("meetings")
    with tempfile.TemporaryDirectory() as folder, st.spinner("Granskar filen …"):
        path = Path(folder) / Path(uploaded.name).name
        path.write_bytes(uploaded.getbuffer())
        try:
            raw = files.read_table(path)
        except GeoError as fault:
            st.error(words.markdown_safe(str(fault)))
            return None, issues.frame()
    registers = {"networks": known.networks, "guidelines": known.guidelines}
    table = meetings_file.check_meetings(raw, issues, **registers, today=today())
    return table, issues.frame()
