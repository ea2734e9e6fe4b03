"""Follow one finding up: its next step, its owner, the answer, undo, removal; mend its walk."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from geo import chain, freetext, kinds
from pages.parts import auth, field_answers, field_words, keeping, state, words
from pages.parts.field import Field
from pages.parts.field_forms import OTHER
from pages.parts.field_words import KIND
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
    "category": "Kategori",
    "kind": "Slag",
    "light": "Ljus",
    "observed_date": "Noterat",
}
OLDEST = date(kinds.OLDEST, 1, 1)
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
    now = known.findings.loc[finding_id]
    keeping.conflict(now, "fyndet", FIELDS, partial(_cell, known), partial(_mine, now, person))
    row = state.opened(finding_id, now)
    found = _form(known, finding_id, row)
    if found is not None:
        _save(row, found, person)
    elif row["version"] != now["version"]:
        st.info("Någon annan har ändrat fyndet sedan du öppnade det.")
        st.button("Visa som det är nu", on_click=state.reopen)
    with st.container(horizontal=True):
        args = (finding_id, int(now["version"]), person)
        st.button("Ångra senaste ändringen", on_click=_undo, args=args)
        st.button("Ta bort fyndet", on_click=_remove, args=args)


def _form(known: Field, finding_id: str, row: pd.Series) -> dict[str, Any] | None:
    """Show the form; returns what stands in it when it is sent, else None."""
    key = f"{finding_id}{row['version']}"
    with st.form(f"uppfoljning{key}", border=True):
        found = _step(row)
        owner, other = _owner(known, row["owner"])
        due = None if pd.isna(row["due_date"]) else row["due_date"].date()
        found["due_date"] = st.date_input("Svar senast", due, format="YYYY-MM-DD")
        place = list(ACTIONS).index(row["action"])
        found["action"] = st.selectbox(
            "Slag av åtgärd", list(ACTIONS), place, format_func=ACTIONS.get
        )
        label = "Svar från den ansvariga (vid nej: varför)"
        found["answer"] = st.text_area(label, row["answer"])
        found["description"] = st.text_area("Beskrivning", row["description"], help=PRIVATE)
        with st.expander("Rätta det som noterades"):
            found |= _noted(known, row)
        if not st.form_submit_button("Spara", type="primary"):
            return None
    return found | {"owner": other.strip() if owner == OTHER else owner}


def _step(row: pd.Series) -> dict[str, Any]:
    steps = {row["status"]: f"{field_words.STATUS[row['status']]} (nu)"}
    if row["kind"] == chain.BRIST:
        steps |= {s: field_words.STATUS[s] for s in chain.allowed(row["status"])}
    status = st.selectbox("Nästa steg", list(steps), format_func=steps.get)
    day = st.date_input("Datum för steget", "today", format="YYYY-MM-DD", max_value="today")
    return {"status": status, "day": day}


def _owner(known: Field, owner: str) -> tuple[str, str]:
    names = {"": field_words.NOBODY, **{n: n for n in known.owners}, OTHER: OTHER}
    if owner and owner not in names:
        names = {owner: owner, **names}
    chosen = st.selectbox("Ansvarig", list(names), list(names).index(owner), format_func=names.get)
    return chosen, st.text_input("Annan organisation (aldrig en person)", max_chars=100)


def _noted(known: Field, row: pd.Series) -> dict[str, Any]:
    """Show what was noted on the spot; returns what stands in the fields."""
    names, code = known.categories, row["category"]
    codes = list(names) if code in names else [code, *names]
    day, lights = row["observed_date"].date(), ["", *kinds.LIGHTS]
    return {
        "category": st.selectbox(
            "Kategori", codes, codes.index(code), format_func=partial(_cell, known, "category")
        ),
        "kind": st.selectbox(
            "Slag", list(KIND), list(KIND).index(row["kind"]), format_func=KIND.get
        ),
        "light": st.selectbox("Ljus", lights, lights.index(row["light"])),
        "observed_date": st.date_input(
            "Noterat", day, format="YYYY-MM-DD", min_value=min(OLDEST, day)
        ),
    }


def _save(row: pd.Series, found: dict[str, Any], person: auth.Person) -> None:
    """Keep what was changed in the form; what may not be kept is shown."""
    mine = keeping.changed(row, {name: found[name] for name in FIELDS})
    faults = []
    for name, value in mine.items():
        if isinstance(value, str):
            mine[name] = freetext.clean(value)
            faults += [f"{FIELDS[name]}: {text}" for text in freetext.check(mine[name])]
    for fault in faults:
        st.error(words.markdown_safe(fault))
    if faults:
        return
    if "status" in mine:
        mine["day"] = found["day"]
    _write(row, person, mine, "Ändringen är sparad. Den kan ångras.")
    st.rerun()


def _write(row: pd.Series, person: auth.Person, mine: dict[str, Any], done: str) -> None:
    cells, version = _with_days(row, mine), int(row["version"])
    keeping.change(
        lambda o: o.change_finding(str(row.name), cells, version, person.role), done, mine, row
    )


def _with_days(row: pd.Series, mine: dict[str, Any]) -> dict[str, Any]:
    """Set the day of a new step; a step back takes the later days away."""
    found = {name: value for name, value in mine.items() if name in FIELDS}
    status = found.get("status", row["status"])
    if status == row["status"]:
        is_brist = found.get("kind", row["kind"]) == chain.BRIST
        is_owned = is_brist and status == chain.NOTED and found.get("owner")
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
        found[DAY_OF[status]] = mine["day"]
    return found


def _cell(known: Field, name: str, value: Any) -> str:
    """Write a field as both versions have it: from the form, or from the store's row."""
    if pd.isna(value) or value == "":
        return "–"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    named = {"status": field_words.STATUS, "kind": KIND, "action": ACTIONS}
    return (named | {"category": known.categories}).get(name, {}).get(value, str(value))


def _mine(now: pd.Series, person: auth.Person, mine: dict[str, Any]) -> None:
    _write(now, person, mine, "Din version är sparad. Den andras finns kvar i historiken.")


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
