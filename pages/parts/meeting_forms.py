"""Put in a meeting, change it, say which functions were there; many at once from a file."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from geo import attendance, kinds, meetings_file, off_days, store
from geo.errors import Issues, has_errors
from pages.parts import auth, controls, keeping, notices, state, words, work
from pages.parts.work import JOINT, Work, today

FIELDS = {
    "date": "Datum",
    "kind": "Slag",
    "start_time": "Börjar",
    "end_time": "Slutar",
    "place": "Plats",
    "status": "Inställt",
    "counts_for_cadence": "Räknas i takten",
    "present": "Närvaro",
    "agenda": "Dagordning",
    "note": "Anmärkning",
}
PRIVATE = (
    "Skriv funktioner och organisationer, aldrig namn på personer. Texten granskas efter "
    "personnummer, telefonnummer, e-post, skyltar och bostadsadresser innan den sparas."
)


def register(known: Work, person: auth.Person) -> None:
    """Let the writer put in one meeting."""
    with st.form(state.fresh("mote"), border=True):
        network_id = st.selectbox("Nätverk", list(known.names), format_func=known.names.get)
        found = _fields({"date": today(), "kind": "ordinarie"})
        if not st.form_submit_button("Lägg in mötet", type="primary"):
            return
    row = found | {"network_id": network_id, "source": "", "starred": False}
    row["meeting_id"] = work.free_id(known, pd.Timestamp(found["date"]), network_id)
    table, told = _checked(known, row)
    if table is None:
        return
    done = f"Mötet {found['date']} är inlagt. Öppna det under Ett möte.{told}"
    if keeping.keep(lambda o: o.save_meetings(table, person.role), done):
        state.hold(state.MEETING_KEY, str(table["meeting_id"].iloc[0]))
        state.empty_fields()
    st.rerun()


def _fields(row: dict[str, Any]) -> dict[str, Any]:
    """Show the fields of a meeting; returns what stands in them."""
    left, right = st.columns(2)
    with left:
        oldest = date(kinds.OLDEST, 1, 1)
        day = st.date_input("Datum", row["date"].date(), format="YYYY-MM-DD", min_value=oldest)
        start = st.text_input("Börjar (09:00)", row.get("start_time", ""), max_chars=5)
        end = st.text_input("Slutar (12:00)", row.get("end_time", ""), max_chars=5)
        place = st.text_input("Plats (lokal, ort)", row.get("place", ""), max_chars=200)
    with right:
        which = list(kinds.MEETING_KINDS)
        kind = st.selectbox("Slag", which, which.index(row["kind"]))
        counts = st.checkbox("Räknas i takten", bool(row.get("counts_for_cadence", True)))
        is_off = st.checkbox("Inställt", row.get("status", "") == kinds.CANCELLED)
    agenda = st.text_area("Dagordning", row.get("agenda", ""), help=PRIVATE)
    note = st.text_area("Anmärkning", row.get("note", ""), help=PRIVATE, height=80)
    found = {"date": f"{day:%Y-%m-%d}", "start_time": start, "end_time": end, "place": place}
    found |= {"kind": kind, "counts_for_cadence": counts, "agenda": agenda, "note": note}
    return found | {"status": kinds.CANCELLED if is_off else ""}


def _checked(known: Work, row: dict[str, Any]) -> tuple[pd.DataFrame | None, str]:
    """Check a meeting as a file's row is checked: the typed row, and what else is told."""
    cells = {name: _text(value) for name, value in row.items()}
    issues = Issues("meetings")
    table = meetings_file.check_meetings(
        pd.DataFrame([cells], index=[1]),
        issues,
        networks=known.networks,
        guidelines=known.guidelines,
        today=today(),
        there=known.meetings,
    )
    found = notices.in_form(issues.frame(), FIELDS)
    if has_errors(found):
        notices.problems(found)
        return None, ""
    said = [*found["message"], *_holiday(table["date"].iloc[0])]
    return table, "".join(f" Obs: {text}" for text in said)


def _holiday(day: pd.Timestamp) -> list[str]:
    name = off_days.holidays_of(day.year).get(day.date())
    return [f"Dagen är ledig ({name})."] if name else []


def _text(value: Any) -> str:
    if isinstance(value, bool | np.bool_):
        return "ja" if value else "nej"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    return ";".join(value) if isinstance(value, tuple) else str(value)


def choose(known: Work, network_id: str) -> str | None:
    """Let the reader choose a meeting, the newest first, of one network or of all."""
    own = known.meetings
    if network_id:
        own = own[own["network_id"] == network_id]
    names = {str(i): work.title(known, str(i)) for i in own.index[::-1]}
    opened = state.held(state.MEETING_KEY)
    if opened in known.removed.index:  # somebody took it away while it was open
        names[opened] = work.title(known, opened)
    label = f"Möte ({words.number(len(names))} att välja bland)"
    return controls.listed(label, names, state.MEETING_KEY, "Sök på datum eller nätverk")


def detail(known: Work, meeting_id: str, person: auth.Person) -> None:
    """Show one meeting: when, where, its agenda and who was there; and let the writer change it."""
    row = work.row_of(known, meeting_id)
    if meeting_id in known.removed.index:
        st.warning("Mötet är borttaget. Hämta tillbaka det för att ändra det.")
    st.subheader(work.title(known, meeting_id), anchor=False)
    st.markdown(in_words(known, row))
    if row["agenda"]:
        st.markdown("**Dagordning**")
        st.text(row["agenda"])
    if row["note"]:
        st.caption(words.markdown_safe(row["note"]))
    if not person.may_write:
        st.info(keeping.READ_ONLY)
        return
    keeping.conflict(row, "mötet", FIELDS, _cell, partial(_mine, known, row, person))
    _change(known, meeting_id, person)


def in_words(known: Work, row: pd.Series) -> str:
    """Say of a meeting when it is and which functions were there."""
    when = row["start_time"] + (f"–{row['end_time']}" if row["end_time"] else "")
    said = [f"Tid: {when or words.MISSING}", f"plats: {row['place'] or words.MISSING}"]
    counts = attendance.parse(row["present"])
    there = [f"{words.markdown_safe(name)} ({n})" for name, n in counts.items() if n]
    asked = known.expected(row["network_id"])
    away = [
        name for name, is_there in attendance.noted(row["present"], asked).items() if not is_there
    ]
    unknown = [name for name in asked if counts and name not in counts]
    if not counts:
        is_late = row["date"] < today() and row["network_id"] not in JOINT
        present = "Närvaro är inte noterad." if is_late else ""
    else:
        present = f"**På plats:** {words.listed(there) or 'ingen'}."
        present += f" **Saknades:** {words.listed(away)}." if away else ""
        present += f" Inte noterat: {words.listed(unknown)}." if unknown else ""
    return f"{words.markdown_safe('; '.join(said))}. {present}"


def _change(known: Work, meeting_id: str, person: auth.Person) -> None:
    now = work.row_of(known, meeting_id)
    row = state.opened(meeting_id, now)
    with st.expander("Ändra mötet och notera närvaro", expanded=True):
        with st.form(f"mote-{meeting_id}-{row['version']}", border=False):
            found = _fields(row.to_dict())
            found["present"] = _attendance(known, row)
            is_sent = st.form_submit_button("Spara", type="primary")
        if is_sent:
            _save(known, row, found, person)
        elif not _same(row["version"], now["version"]):
            st.info("Någon annan har ändrat mötet sedan du öppnade det.")
            st.button("Visa som det är nu", on_click=state.reopen)
    with st.container(horizontal=True):
        args = (known, meeting_id, now["version"], person)
        if meeting_id in known.removed.index:
            st.button("Hämta tillbaka mötet", on_click=_bring_back, args=args)
            return
        if not pd.isna(now["version"]):
            st.button("Ångra senaste ändringen", on_click=_undo, args=args)
        st.button("Ta bort mötet", on_click=_remove, args=args)


def _same(opened: Any, now: Any) -> bool:
    """Tell whether a meeting is as it was opened; version 1 is what ships, taken into the store."""
    return (1 if pd.isna(opened) else int(opened)) == (1 if pd.isna(now) else int(now))


def _attendance(known: Work, row: pd.Series) -> tuple[str, ...]:
    """Let the writer say how many of each function were there; empty is not noted."""
    counts = attendance.parse(row["present"])
    names = list(dict.fromkeys([*known.expected(row["network_id"]), *counts]))
    if not names:
        return ()
    if row["date"] > today():
        st.caption("Närvaron noteras när mötet har varit.")
        return tuple(row["present"])
    st.markdown("**Närvaro: antal per funktion.** Tomt: inte noterat. 0: ingen kom.")
    found: dict[str, int | None] = {}
    for place, column in enumerate(st.columns(len(names))):
        name = names[place]
        with column:
            n = st.number_input(name, 0, attendance.MOST, counts.get(name))
            found[name] = None if n is None else int(n)
    is_same = found == {name: counts.get(name) for name in names}
    return tuple(row["present"]) if is_same else attendance.written(found)


def _save(known: Work, row: pd.Series, found: dict[str, Any], person: auth.Person) -> None:
    if _write(known, row, person, keeping.changed(row, found), "Mötet är sparat."):
        st.rerun()


def _write(
    known: Work, row: pd.Series, person: auth.Person, mine: dict[str, Any], done: str
) -> bool:
    """Keep what was changed of a meeting; False when it may not be, and why is shown."""
    facts = {name: row[name] for name in (*FIELDS, "network_id", "starred")}
    table, told = _checked(known, {"meeting_id": row.name} | facts | mine)
    if table is None:
        return False
    checked = table.iloc[0][list(mine)].to_dict()
    version = None if pd.isna(row["version"]) else int(row["version"])

    def act(opened: store.Store) -> bool:
        return opened.change_meeting(str(row.name), checked, version, person.role, known.shipped)

    keeping.change(act, f"{done}{told} Ändringen kan ångras.", checked, row)
    return True


def _mine(known: Work, now: pd.Series, person: auth.Person, mine: dict[str, Any]) -> None:
    done = "Din version är sparad. Den andras finns kvar i historiken."
    _write(known, now, person, mine, done)


def _cell(name: str, value: Any) -> str:
    """Write a field as both versions have it: from the form, or from the store's row."""
    if name == "counts_for_cadence":
        return "ja" if value else "nej"
    if name == "date":
        return f"{pd.Timestamp(value):%Y-%m-%d}"
    text = ", ".join(value) if isinstance(value, tuple) else str(value or "").replace(";", ", ")
    return text.replace(":", " ") if name == "present" and text else text or "–"


def _undo(known: Work, meeting_id: str, version: Any, person: auth.Person) -> None:
    done = "Den senaste ändringen är ångrad."
    if keeping.keep(lambda o: o.undo_meeting(meeting_id, int(version), person.role), done):
        state.reopen()


def _remove(known: Work, meeting_id: str, version: Any, person: auth.Person) -> None:
    read = None if pd.isna(version) else int(version)
    done = "Mötet är borttaget. Det kan hämtas tillbaka under Lägg in."
    role, shipped = person.role, known.shipped
    if keeping.keep(lambda o: o.remove_meeting(meeting_id, read, role, "", shipped), done):
        state.hold(state.MEETING_KEY, None)


def _bring_back(_known: Work, meeting_id: str, version: Any, person: auth.Person) -> None:
    done = "Mötet är tillbaka."
    keeping.keep(lambda o: o.bring_back_meeting(meeting_id, int(version), person.role), done)
    state.reopen()
