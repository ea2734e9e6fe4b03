"""Lokala utvecklingsplaner: which network has one, with which focus areas; put in and change."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any
from uuid import uuid4

import pandas as pd
import streamlit as st

from geo import collaboration, kinds, meetings_file
from geo.errors import Issues, has_errors
from pages.parts import auth, controls, data, downloads, grid, keeping, notices, state, words
from pages.parts.meeting_forms import PRIVATE
from pages.parts.work import JOINT, Work, today

FIELDS = {
    "title": "Planens namn",
    "valid_from": "Gäller från",
    "valid_to": "Gäller till",
    "focus_areas": "Fokusområden",
    "priority_ids": "Brå-prioriteringar",
    "note": "Anmärkning",
}
NEW = "Ny plan"
NOTE = (
    "Målet är konkreta fokusområden i alla 20 nätverk och ortsråd (årsredovisningen 2017, "
    "utvecklingsområde 3). **Plan saknas** betyder att ingen plan är inlagd här; det kan finnas en "
    "som ingen har lagt in."
)


def headline(known: Work) -> str:
    """Say how many of the networks have a plan with focus areas today."""
    states = collaboration.plan_states(known.plans, known.networks, today())["state"]
    n = int((states == collaboration.WITH_FOCUS).sum())
    lacking = int((states == collaboration.NO_PLAN).sum())
    rest = [
        words.counted(int((states == name).sum()), *texts)
        for name, texts in (
            (collaboration.NO_FOCUS, ("har en plan utan fokusområden",) * 2),
            (collaboration.ENDED, ("har en plan som gått ut",) * 2),
        )
        if (states == name).any()
    ]
    more = f", {', '.join(rest)}" if rest else ""
    return (
        f"**{n} av {len(states)} nätverk har en lokal utvecklingsplan med fokusområden**{more}; "
        f"för {lacking} saknas plan."
    )


def table(known: Work) -> pd.DataFrame:
    """Return a row per network: state, plan, focus areas and the priorities that they serve."""
    states = collaboration.plan_states(known.plans, known.networks, today())
    rows = []
    for network_id, row in states.iterrows():
        plan = known.plans.loc[row["plan_id"]] if row["plan_id"] else None
        served = () if plan is None else plan["priority_ids"]
        rows.append(
            {
                "Nätverk": known.names[str(network_id)],
                "Läge": words.PLAN[row["state"]],
                "Plan": "–" if plan is None else plan["title"],
                "Gäller": "–" if plan is None else _span(plan),
                "Fokusområden": "–" if plan is None else "; ".join(plan["focus_areas"]) or "–",
                "Brå-prioriteringar": words.listed([known.priorities.get(i, i) for i in served])
                or "–",
            }
        )
    return pd.DataFrame(rows)


def _span(plan: pd.Series) -> str:
    until = "tills vidare" if pd.isna(plan["valid_to"]) else f"{plan['valid_to']:%Y-%m-%d}"
    return f"{plan['valid_from']:%Y-%m-%d} – {until}"


def show(known: Work, person: auth.Person) -> None:
    """Show every network's plan, and let the writer put one in."""
    if known.fault:
        st.error(f"Det inlagda kunde inte läsas. {words.markdown_safe(known.fault)}")
    st.markdown(data.once_for(headline, known))
    shown = data.once_for(table, known)
    grid.show(shown, "Lokala utvecklingsplaner per nätverk", 560)
    st.caption(NOTE)
    about = downloads.about("lokala utvecklingsplaner")
    downloads.tables("utvecklingsplaner", {"Planer": shown}, about)
    st.header("Lägg in eller ändra en plan", anchor=False)
    if not person.may_write:
        st.info(keeping.READ_ONLY)
        return
    _edit(known, person)
    _removed(person)


def _edit(known: Work, person: auth.Person) -> None:
    networks = [i for i in known.names if i not in JOINT]
    network_id = st.selectbox("Nätverk", networks, format_func=known.names.get, key="plan_for")
    own = known.plans[known.plans["network_id"] == network_id]
    names = {"": NEW} | {str(i): str(text) for i, text in own["title"].items()}
    plan_id = controls.listed("Plan", names, f"plan_{network_id}", "Välj", first="") or ""
    now = known.plans.loc[plan_id] if plan_id else None
    if now is not None:
        save = partial(_mine, known, now, person)
        keeping.conflict(now, "planen", FIELDS, partial(_cell, known), save)
    row = None if now is None else state.opened(plan_id, now)
    found = _form(known, network_id, plan_id, row)
    if found is not None:
        _save(known, network_id, row, found, person)
    if now is not None:
        with st.container(horizontal=True):
            args = (plan_id, int(now["version"]), person)
            st.button("Ångra senaste ändringen", on_click=_undo, args=args)
            st.button("Ta bort planen", on_click=_remove, args=args)


def _form(
    known: Work, network_id: str, plan_id: str, row: pd.Series | None
) -> dict[str, Any] | None:
    key = f"plan-{network_id}-{plan_id}-{'' if row is None else row['version']}"
    with st.form(state.fresh(key), border=True):
        title = st.text_input("Planens namn", "" if row is None else row["title"], max_chars=200)
        left, right = st.columns(2)
        first = today().date() if row is None else row["valid_from"].date()
        oldest = date(kinds.OLDEST, 1, 1)
        with left:
            start = st.date_input("Gäller från", first, format="YYYY-MM-DD", min_value=oldest)
        with right:
            last = None if row is None or pd.isna(row["valid_to"]) else row["valid_to"].date()
            end = st.date_input("Gäller till (tomt: tills vidare)", last, format="YYYY-MM-DD")
        focus = "" if row is None else "\n".join(row["focus_areas"])
        text = st.text_area("Fokusområden, ett per rad", focus, help=PRIVATE, height=140)
        served = [] if row is None else [i for i in row["priority_ids"] if i in known.priorities]
        chosen = st.multiselect(
            "Brå-prioriteringar som planen bidrar till",
            list(known.priorities),
            served,
            format_func=known.priorities.get,
            placeholder="Välj",
        )
        note = st.text_area("Anmärkning", "" if row is None else row["note"], height=80)
        if not st.form_submit_button("Spara planen", type="primary"):
            return None
    lines = [line.strip().lstrip("-–•* ").replace(";", ",") for line in text.splitlines()]
    found = {"title": title, "valid_from": f"{start:%Y-%m-%d}", "valid_to": f"{end or ''}"}
    found |= {"focus_areas": ";".join(filter(None, lines)), "priority_ids": ";".join(chosen)}
    return found | {"note": note}


def _save(
    known: Work, network_id: str, row: pd.Series | None, found: dict[str, Any], person: auth.Person
) -> None:
    if row is None:
        _add(known, network_id, found, person)
    elif _change(known, row, person, keeping.changed(row, found), "Planen är sparad."):
        st.rerun()


def _add(known: Work, network_id: str, found: dict[str, Any], person: auth.Person) -> None:
    made = _checked(
        known, {"plan_id": f"plan-{uuid4().hex[:10]}", "network_id": network_id} | found
    )
    if made is None:
        return
    if keeping.keep(lambda o: o.save_plan(made, person.role), "Planen är sparad."):
        state.hold(f"plan_{network_id}", str(made["plan_id"]))
        state.empty_fields()
    st.rerun()


def _checked(known: Work, cells: dict[str, Any]) -> dict[str, Any] | None:
    """Check a plan as a file's row is checked; what is wrong is shown."""
    issues = Issues("plans")
    raw = pd.DataFrame([{name: _text(value) for name, value in cells.items()}], index=[1])
    checked = meetings_file.check_plans(raw, issues, networks=known.networks)
    told = notices.in_form(issues.frame(), FIELDS)
    if has_errors(told):
        notices.problems(told)
        return None
    return {str(name): value for name, value in checked.iloc[0].items()}


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        return ";".join(value)
    if value is None or pd.isna(value):
        return ""
    return f"{value:%Y-%m-%d}" if isinstance(value, date) else str(value)


def _change(
    known: Work, row: pd.Series, person: auth.Person, mine: dict[str, Any], done: str
) -> bool:
    """Keep what was changed of a plan; False when it may not be, and why is shown."""
    facts = {name: row[name] for name in (*FIELDS, "network_id")}
    checked = _checked(known, {"plan_id": row.name} | facts | mine)
    if checked is None:
        return False
    cells = {name: checked[name] for name in mine}
    made, version = {"plan_id": row.name} | cells, int(row["version"])
    if keeping.change(lambda o: o.save_plan(made, person.role, version), done, cells, row):
        state.empty_fields()
    return True


def _mine(known: Work, now: pd.Series, person: auth.Person, mine: dict[str, Any]) -> None:
    done = "Din version är sparad. Den andras finns kvar i historiken."
    _change(known, now, person, mine, done)


def _cell(known: Work, name: str, value: Any) -> str:
    if value is None or value is pd.NaT or value in ("", ()):
        return "–"
    if name in ("focus_areas", "priority_ids"):
        items = value if isinstance(value, tuple) else str(value).split(";")
        return "; ".join(known.priorities.get(item, item) for item in items)
    return f"{pd.Timestamp(value):%Y-%m-%d}" if name.startswith("valid") else str(value)


def _undo(plan_id: str, version: int, person: auth.Person) -> None:
    done = "Den senaste ändringen är ångrad."
    if keeping.keep(lambda o: o.undo_plan(plan_id, version, person.role), done):
        state.reopen()


def _remove(plan_id: str, version: int, person: auth.Person) -> None:
    done = "Planen är borttagen. Den kan hämtas tillbaka."
    if keeping.keep(lambda o: o.remove_plan(plan_id, version, person.role), done):
        state.reopen()


def _removed(person: auth.Person) -> None:
    gone = keeping.read(lambda o: o.plans(removed=True))
    if gone is not None:
        names = {str(i): str(text) for i, text in gone["title"].items()}
        keeping.removed(
            "Borttagna planer", gone, names, lambda o, i, v: o.bring_back_plan(i, v, person.role)
        )
