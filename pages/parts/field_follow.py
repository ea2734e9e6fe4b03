"""Follow one finding up: its next step, who owns it, the answer; conflicts, undo, removal."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from geo import chain, freetext
from pages.parts import auth, field_answers, field_words, keeping, state, words
from pages.parts.field import Field
from pages.parts.field_forms import OTHER
from pages.parts.keeping import PRIVATE, READ_ONLY, keep

DAY_OF = {
    chain.ANSWERED: "answered_date",
    chain.DECLINED: "answered_date",
    chain.DONE: "done_date",
    chain.VERIFIED: "verified_date",
}
FIELDS = {
    "status": "Status",
    "owner": "Ansvarig",
    "due_date": "Svar senast",
    "answer": "Svar",
    "description": "Beskrivning",
    "action": "Åtgärd",
}
ACTIONS = {"": "–", "drift": "Drift", "investering": "Investering", "plan": "Framtida planering"}


def detail(known: Field, finding_id: str, person: auth.Person) -> None:
    """Show one finding whole, the way that it has come, and what may be done with it."""
    row = known.findings.loc[finding_id]
    st.subheader(field_words.line(known, finding_id), anchor=False)
    if known.is_demo:
        st.caption(words.DEMO)
    if row["description"]:
        st.text(row["description"])
    st.markdown(field_answers.finding(known, finding_id))
    st.markdown(field_answers.way(known, finding_id))
    if known.is_demo:
        st.caption("Påhittade fynd kan inte följas upp. Registrera ett verkligt fynd först.")
    elif not person.may_write:
        st.info(READ_ONLY)
    else:
        follow(known, finding_id, person)


def follow(known: Field, finding_id: str, person: auth.Person) -> None:
    """Let the writer take a finding a step further, mend it, undo the last change, or remove it."""
    keeping.conflict(finding_id, "finding_id", FIELDS, _cell, partial(_mine, finding_id, person))
    now = known.findings.loc[finding_id]
    row = state.opened(finding_id, now)
    changes = _form(known, finding_id, row)
    if changes is not None:
        _save(finding_id, changes, int(row["version"]), person)
    elif row["version"] != now["version"]:
        st.info("Någon annan har ändrat fyndet sedan du öppnade det.")
        st.button("Visa som det är nu", on_click=state.reopen)
    with st.container(horizontal=True):
        args = (finding_id, int(now["version"]), person)
        st.button("Ångra senaste ändringen", on_click=_undo, args=args)
        st.button("Ta bort fyndet", on_click=_remove, args=args)


def _form(known: Field, finding_id: str, row: pd.Series) -> dict[str, Any] | None:
    """Show the form; returns what was changed when it is sent, else None."""
    key = f"{finding_id}{row['version']}"
    steps = {row["status"]: f"{field_words.STATUS[row['status']]} (nu)"}
    if row["kind"] == chain.BRIST:
        steps |= {s: field_words.STATUS[s] for s in chain.allowed(row["status"])}
    names = {"": field_words.NOBODY, **{n: n for n in known.owners}, OTHER: OTHER}
    if row["owner"] and row["owner"] not in names:
        names = {row["owner"]: row["owner"], **names}
    with st.form(f"uppfoljning{key}", border=True):
        status = st.selectbox("Nästa steg", list(steps), format_func=steps.get)
        day = st.date_input("Datum för steget", "today", format="YYYY-MM-DD", max_value="today")
        owner = st.selectbox(
            "Ansvarig", list(names), list(names).index(row["owner"]), format_func=names.get
        )
        other = st.text_input("Annan organisation (aldrig en person)", max_chars=100)
        due = None if pd.isna(row["due_date"]) else row["due_date"].date()
        due = st.date_input("Svar senast", due, format="YYYY-MM-DD")
        action = st.selectbox(
            "Slag av åtgärd",
            list(ACTIONS),
            list(ACTIONS).index(row["action"]),
            format_func=ACTIONS.get,
        )
        answer = st.text_area("Svar från den ansvariga (vid nej: varför)", row["answer"])
        text = st.text_area("Beskrivning", row["description"], help=PRIVATE)
        if not st.form_submit_button("Spara", type="primary"):
            return None
    found = {"status": status, "owner": other.strip() if owner == OTHER else owner}
    found |= {"answer": answer, "description": text, "due_date": due, "action": action}
    return _with_days(row, found, day)


def _with_days(row: pd.Series, found: dict[str, Any], day: date) -> dict[str, Any]:
    """Set the day of a new step; a step back takes the later days away."""
    status = found["status"]
    if status == row["status"]:
        is_owned = row["kind"] == chain.BRIST and status == chain.NOTED and found["owner"]
        return found | ({"status": chain.OWNED} if is_owned else {})
    kept = chain.STATUSES.index(status) if status != chain.DECLINED else 2
    for name in ("answered_date", "done_date", "verified_date"):
        found[name] = None if pd.isna(row[name]) else row[name].date()
    for step, name in ((chain.DONE, "done_date"), (chain.VERIFIED, "verified_date")):
        if kept < chain.STATUSES.index(step):
            found[name] = None
    if status == chain.OWNED:
        found["answered_date"] = None
    if status in DAY_OF:
        found[DAY_OF[status]] = day
    return found


def _save(finding_id: str, changes: dict[str, Any], version: int, person: auth.Person) -> None:
    faults = []
    for name in ("answer", "description", "owner"):
        changes[name] = freetext.clean(changes[name])
        faults += [f"{FIELDS[name]}: {text}" for text in freetext.check(changes[name])]
    if faults:
        for fault in faults:
            st.error(words.markdown_safe(fault))
        return
    done = "Ändringen är sparad. Den kan ångras."
    keeping.change(
        lambda o: o.change_finding(finding_id, changes, version, person.role), done, changes
    )
    st.rerun()


def _cell(name: str, value: Any) -> str:
    if value is None or value == "":
        return "–"
    return field_words.STATUS.get(value, str(value)) if name == "status" else str(value)


def _mine(finding_id: str, person: auth.Person, mine: dict[str, Any], version: int) -> None:
    done = "Din version är sparad. Den andras finns kvar i historiken."
    keeping.change(lambda o: o.change_finding(finding_id, mine, version, person.role), done, mine)


def _undo(finding_id: str, version: int, person: auth.Person) -> None:
    done = "Den senaste ändringen är ångrad."
    if keep(lambda o: o.undo_finding(finding_id, version, person.role), done):
        state.reopen()


def _remove(finding_id: str, version: int, person: auth.Person) -> None:
    done = (
        "Fyndet är borttaget. Det finns kvar i historiken och kan hämtas tillbaka under Läs in fil."
    )
    if keep(lambda o: o.remove_finding(finding_id, version, person.role), done):
        state.choose_finding(None)
