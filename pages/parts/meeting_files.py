"""Many meetings at once from a file, and removed ones brought back."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from geo import files, meetings_file
from geo.errors import GeoError, Issues
from pages.parts import auth, downloads, grid, keeping, notices, state, words
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


def take_back(person: auth.Person) -> None:
    """Let the writer take away the meetings that were just put in together."""
    added = state.added()
    if person.may_write and added:
        n = words.counted(len(added), "inlagt möte", "inlagda möten")
        st.button(f"Ångra: ta bort {n}", on_click=_take_away, args=(added, person))


def _take_away(ids: list[str], person: auth.Person) -> None:
    done = f"{words.counted(len(ids), 'möte är borttaget', 'möten är borttagna')} igen."
    if keeping.keep(lambda o: o.remove_meetings(ids, person.role), done):
        state.keep_added([])


def from_file(known: Work, person: auth.Person) -> None:
    """Let the writer put in a schedule from a file: looked at first, then all or nothing."""
    st.markdown(
        "En rad per möte, CSV eller Excel. Kolumnerna **date** och **network_id** måste finnas. "
        "Utan **meeting_id** får mötet ett id av dag och nätverk; utan **kind** blir det ordinarie "
        "och räknas i takten."
    )
    downloads.buttons(
        [("Mall med nätverkens id (CSV)", "moten-mall.csv", "text/csv", partial(_template, known))]
    )
    take_back(person)
    uploaded = st.file_uploader("Fil med möten", type=["csv", "xlsx"], key=state.upload_key())
    if uploaded is None:
        return
    table, issues = _read(known, uploaded)
    if table is None:
        return
    notices.issues(issues, used=len(table))
    if not table.empty:
        _keep(known, table, person)


def _keep(known: Work, table: pd.DataFrame, person: auth.Person) -> None:
    """Say what of a file is new, and keep that when asked."""
    there = table["meeting_id"].isin([*known.meetings.index, *known.removed.index])
    new = table[~there]
    st.markdown(
        f"**{words.counted(len(new), 'nytt möte', 'nya möten')}**. {_left(known, table[there])} "
        "Inget är sparat ännu."
    )
    by_year = new["date"].dt.year.value_counts().sort_index()
    shown = pd.DataFrame({"År": by_year.index.astype(str), "Möten": by_year.astype(str).to_numpy()})
    grid.show(shown, "Nya möten per år", 240, "Filen har inget nytt.")
    label = f"Lägg in {words.counted(len(new), 'möte', 'möten')}"
    if len(new) and st.button(label, type="primary"):
        done = f"{words.counted(len(new), 'möte är inlagt', 'möten är inlagda')}."
        if keeping.keep(lambda o: o.save_meetings(new, person.role), done):
            state.keep_added([str(i) for i in new["meeting_id"]])
            state.next_upload()
        st.rerun()


def _left(known: Work, again: pd.DataFrame) -> str:
    """Say which meetings are there already, and which of those say something else in the file."""
    if again.empty:
        return ""
    there = pd.concat([known.meetings, known.removed])
    odd = meetings_file.differing(there, again)[:10]
    text = f"{words.counted(len(again), 'finns', 'finns')} redan och lämnas som det är."
    return (
        f"{text} Annat i filen än här: {words.listed(odd)}; ändra under Ett möte." if odd else text
    )


def _template(known: Work) -> bytes:
    lines = ["date,network_id,kind,start_time,end_time,place"]
    lines += [f",{network_id},ordinarie,,," for network_id in known.networks.index]
    return "\n".join([*lines, ""]).encode("utf-8-sig")


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
    table = meetings_file.check_meetings(
        meetings_file.filled(raw), issues, **registers, today=today(), there=known.meetings
    )
    return table, issues.frame()
