"""What the networks decided: the list, a new decision, and each followed to its end."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any
from uuid import uuid4

import pandas as pd
import streamlit as st

from geo import decisions, kinds, meetings_file, store
from geo.errors import Issues, has_errors
from pages.parts import (
    auth,
    controls,
    data,
    decision_lists,
    downloads,
    field_words,
    grid,
    keeping,
    notices,
    state,
    work,
)
from pages.parts.decision_lists import STATUS
from pages.parts.meeting_forms import PRIVATE
from pages.parts.work import JOINT, Work, today

LINK = {"": "Inget särskilt", "finding": "Ett fynd", "indicator": "En indikator"}
LINK |= {"development_area": "Ett utvecklingsområde"}
OTHER = "Annan organisation …"
OWN_WORDS = " Den ansvariga är skriven för hand: är det en person, ändra det genast där."
FIELDS = {
    "status": "Status",
    "decision": "Beslut",
    "owner": "Ansvarig",
    "due_date": "Klart senast",
    "done_date": "Klart",
    "outcome": "Utfall",
    "priority_id": "Brå-prioritering",
    "link_id": "Gäller",
}


def show(known: Work, network_id: str, person: auth.Person) -> None:
    """Show the decisions, Brå's priorities with and without one, and follow one up."""
    st.markdown(data.once_for(decision_lists.headline, known))
    table = data.once_for(decision_lists.listing, known, network_id)
    grid.show(table, "Beslut, de som väntar först", 520, "Inget beslut i urvalet.")
    if not table.empty:
        downloads.tables("beslut", {"Beslut": table}, downloads.about("nätverkens beslut"))
    names = {
        str(i): decision_lists.title(known, str(i))
        for i in decision_lists.ordered(known, network_id).index
    }
    if names:
        label = "Följ upp ett beslut"
        chosen = controls.listed(label, names, state.DECISION_KEY, "Välj i listan")
        if chosen:
            follow(known, chosen, person)
    st.header("Brås prioriteringar", anchor=False)
    grid.show(
        data.once_for(decision_lists.priorities, known), "Prioriteringar och nätverkens beslut"
    )
    removed(person)


def of_meeting(known: Work, meeting_id: str, person: auth.Person) -> None:
    """Show the decisions of one meeting, and let the writer add one."""
    own = known.decisions[known.decisions["meeting_id"] == meeting_id]
    st.markdown("**Beslut på mötet**")
    if own.empty:
        st.caption("Inga beslut är inlagda från mötet.")
    else:
        st.markdown(decision_lists.lines(own))
    meeting = work.row_of(known, meeting_id)
    is_open = person.may_write and meeting_id in known.meetings.index
    if not is_open or meeting["network_id"] in JOINT:
        return
    st.markdown("**Lägg till ett beslut**")
    if meeting["date"] > today():
        st.caption("Beslut läggs in när mötet har varit.")
    else:
        add(known, str(meeting["network_id"]), meeting["date"], person, meeting_id)


def add(
    known: Work,
    network_id: str,
    day: pd.Timestamp,
    person: auth.Person,
    meeting_id: str = "",
    needs_date: bool = False,
    priority_id: str = "",
) -> None:
    """Let the writer put in a decision of a network, made on a day, of a meeting or of none.

    priority_id: the priority of Brå that stands chosen from the beginning.
    """
    key = state.fresh(f"beslut-{network_id}-{meeting_id}-")
    link_kind = st.selectbox("Gäller", list(LINK), format_func=LINK.get, key=f"{key}galler")
    links = _links(network_id, link_kind)
    with st.form(key, border=True):
        text = st.text_area("Vad beslutades?", help=PRIVATE, height=90)
        owner, other = _owner(known, network_id, "")
        due = st.date_input("Klart senast", None, format="YYYY-MM-DD")
        priority = _priority(known, priority_id)
        link_id = ""
        if link_kind:
            link_id = st.selectbox(LINK[link_kind], list(links), format_func=links.get) or ""
        if not st.form_submit_button("Spara beslutet", type="primary"):
            return
    row = {"decision_id": f"beslut-{uuid4().hex[:10]}", "meeting_id": meeting_id}
    row |= {"network_id": network_id, "decided_date": f"{day:%Y-%m-%d}", "decision": text}
    row |= {"owner": other.strip() if owner == OTHER else owner, "due_date": f"{due or ''}"}
    row |= {"priority_id": priority, "link_kind": link_kind if link_id else "", "link_id": link_id}
    table = _checked(known, row, needs_date)
    if table is None:
        return
    made = {str(name): value for name, value in table.iloc[0].items()}
    done = "Beslutet är sparat. Följ upp det på sidan Möten, under Beslut."
    done += OWN_WORDS if owner == OTHER else ""
    if keeping.keep(lambda o: o.save_decision(made, person.role, known.shipped), done):
        state.hold(state.DECISION_KEY, str(made["decision_id"]))
        state.empty_fields()
    st.rerun()


def _links(network_id: str, link_kind: str) -> dict[str, str]:
    """Return what a decision may be about: id -> name; findings of the network."""
    if link_kind == "indicator":
        return decision_lists.indicators()
    if link_kind == "development_area":
        return decision_lists.areas()
    if not link_kind:
        return {}
    known = data.field(False)
    own = known.in_networks.loc[known.in_networks["area_id"] == network_id, "finding_id"]
    found = known.findings[known.findings.index.isin(own)].sort_values("observed_date")
    names = field_words.names(known, found.index[::-1][:500])
    return names or {"": "Inga fynd är registrerade i nätverkets område"}


def _owner(known: Work, network_id: str, owner: str) -> tuple[str, str]:
    functions = tuple(known.expected(network_id))
    owners = data.shown("finding_owners")["owner"]
    others = [name for name in owners if not name.startswith(functions)]  # Polisen is Polis
    names = list(dict.fromkeys(filter(None, [owner, *functions, *others, OTHER])))
    label, place = "Ansvarig (funktion eller organisation)", 0 if owner else None
    chosen = st.selectbox(label, names, place, placeholder="Välj")
    return chosen or "", st.text_input("Annan organisation (aldrig en person)", max_chars=100)


def _priority(known: Work, chosen: str) -> str:
    names = {"": "Ingen"} | known.priorities
    place = list(names).index(chosen) if chosen in names else 0
    found = st.selectbox("Brå-prioritering", list(names), place, format_func=names.get)
    return str(found or "")


def _checked(known: Work, row: dict[str, Any], needs_date: bool = False) -> pd.DataFrame | None:
    """Check a decision as a file's row is checked; what is wrong is shown."""
    issues = Issues("decisions")
    if needs_date and not row["due_date"]:
        issues.error("Beslutet saknar datum. Ange när det ska vara klart.", column="due_date")
    table = meetings_file.check_decisions(
        pd.DataFrame([row], index=[1]),
        issues,
        today=today(),
        networks=known.networks,
        priorities=tuple(known.priorities),
    )
    found = notices.in_form(issues.frame(), FIELDS)
    if has_errors(found):
        notices.problems(found)
        return None
    return table


def follow(known: Work, decision_id: str, person: auth.Person) -> None:
    """Show the way of one decision, and let the writer take it further."""
    now = known.decisions.loc[decision_id]
    st.markdown(data.once_for(decision_lists.way, known, decision_id))
    if not person.may_write:
        st.info(keeping.READ_ONLY)
        return
    keeping.conflict(now, "beslutet", FIELDS, partial(_cell, known), partial(_mine, now, person))
    row = state.opened(decision_id, now)
    found = _form(known, decision_id, row)
    if found is not None:
        _save(known, row, found, person)
    elif row["version"] != now["version"]:
        st.info("Någon annan har ändrat beslutet sedan du öppnade det.")
        st.button("Visa som det är nu", on_click=state.reopen)
    with st.container(horizontal=True):
        args = (decision_id, int(now["version"]), person)
        st.button("Ångra senaste ändringen", on_click=_undo, args=args)
        st.button("Ta bort beslutet", on_click=_remove, args=args)


def _form(known: Work, decision_id: str, row: pd.Series) -> dict[str, Any] | None:
    steps = {row["status"]: f"{STATUS[row['status']]} (nu)"}
    steps |= {status: STATUS[status] for status in decisions.allowed(row["status"])}
    with st.form(f"beslut-{decision_id}-{row['version']}", border=True):
        status = st.selectbox("Nästa steg", list(steps), format_func=steps.get)
        day = st.date_input("Datum för klart", "today", format="YYYY-MM-DD", max_value="today")
        owner, other = _owner(known, row["network_id"], row["owner"])
        due = None if pd.isna(row["due_date"]) else row["due_date"].date()
        due = st.date_input("Klart senast", due, format="YYYY-MM-DD")
        priority = _priority(known, row["priority_id"])
        text = st.text_area("Beslut", row["decision"], help=PRIVATE, height=90)
        outcome = st.text_area("Utfall (vid avskrivet: varför)", row["outcome"], height=90)
        if not st.form_submit_button("Spara", type="primary"):
            return None
    kept = None if pd.isna(row["done_date"]) else row["done_date"].date()
    is_new = status == decisions.DONE and row["status"] != decisions.DONE
    done = (day if is_new else kept) if status == decisions.DONE else None
    found = {"status": status, "owner": other.strip() if owner == OTHER else owner}
    found |= {"due_date": due, "done_date": done, "priority_id": priority}
    return found | {"decision": text, "outcome": outcome}


def _save(known: Work, row: pd.Series, found: dict[str, Any], person: auth.Person) -> None:
    """Keep what was changed in the form, the day of a step with the step."""
    names = [column.name for column in kinds.DECISIONS.columns]
    whole = {"decision_id": row.name} | row.to_dict() | found
    table = _checked(known, {name: _text(whole[name]) for name in names})
    if table is None:
        return
    mine = keeping.changed(row, found)
    mine |= {"done_date": found["done_date"]} if "status" in mine else {}
    checked = table.iloc[0][list(mine)].to_dict()
    _write(row, person, checked, "Ändringen är sparad. Den kan ångras.")
    st.rerun()


def _text(value: Any) -> str:
    if value is None or value is pd.NaT:
        return ""
    return f"{value:%Y-%m-%d}" if isinstance(value, date) else str(value)


def _write(row: pd.Series, person: auth.Person, mine: dict[str, Any], done: str) -> None:
    def act(opened: store.Store) -> bool:
        return opened.change_decision(str(row.name), mine, int(row["version"]), person.role)

    keeping.change(act, done, mine, row)


def _mine(now: pd.Series, person: auth.Person, mine: dict[str, Any]) -> None:
    _write(now, person, mine, "Din version är sparad. Den andras finns kvar i historiken.")


def _cell(known: Work, name: str, value: Any) -> str:
    if value is None or value is pd.NaT or value == "":
        return "–"
    if name == "status":
        return STATUS.get(value, str(value))
    if name == "priority_id":
        return known.priorities.get(str(value), str(value))
    return _text(value)


def _undo(decision_id: str, version: int, person: auth.Person) -> None:
    done = "Den senaste ändringen är ångrad."
    if keeping.keep(lambda o: o.undo_decision(decision_id, version, person.role), done):
        state.reopen()


def _remove(decision_id: str, version: int, person: auth.Person) -> None:
    done = "Beslutet är borttaget. Det finns kvar i historiken och kan hämtas tillbaka."
    if keeping.keep(lambda o: o.remove_decision(decision_id, version, person.role), done):
        state.hold(state.DECISION_KEY, None)


def removed(person: auth.Person) -> None:
    """Let the writer bring a removed decision back."""
    gone = keeping.read(lambda o: o.decisions(removed=True)) if person.may_write else None
    if gone is not None:
        names = {str(i): str(text) for i, text in gone["decision"].items()}
        keeping.removed(
            "Borttagna beslut",
            gone,
            names,
            lambda o, i, v: o.bring_back_decision(i, v, person.role),
        )
