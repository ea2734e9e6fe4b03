"""Days on which networks collide, who is asked for twice, and free days for a coming term."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from geo import free_days, meetings, read
from pages.parts import auth, data, downloads, grid, keeping, meeting_files, state, words, work
from pages.parts.meeting_calendar import WEEKDAY
from pages.parts.words import TERM
from pages.parts.work import Work, today

ORDINARY = {"kind": "ordinarie", "starred": False, "counts_for_cadence": True}
RULE = (
    "Varje nätverk behåller sin vanliga veckodag och får så många dagar som riktlinjen kräver "
    "(ortsråd: lika många som senast samma termin). Helgdagar och skollov är borttagna. Bland "
    "dagarna som är kvar väljs de där minst funktioner behövs på två ställen samtidigt och där "
    "nätverk som delar område inte möts samma dag. Möten som redan är inlagda flyttas aldrig. "
    "Belastningen i förslaget räknar också nätverk som delar område och centrala möten samma dag."
)
HOW = (
    "**Belastning**: hur många gånger en funktion som sitter i flera nätverk behövs på mer än ett "
    "ställe samma dag. Polis och IFO/Fält sitter i alla nio nätverk barn och unga: fyra sådana "
    "möten en dag ger 3 + 3 = 6. I andra nätverk går funktionerna inte att räkna så."
)


@dataclass(frozen=True)
class Plan:
    """A suggestion of days, with the table that shows it."""

    found: free_days.Suggestion
    table: pd.DataFrame


def headline(known: Work, year: int) -> str:
    """Say how often networks collide in a year, and which day is the worst."""
    days = _clashes(known, year)
    if days.empty:
        held = len(work.of_year(known, year))
        return (
            f"**{year} möts aldrig två nätverk samma dag.**"
            if held
            else f"**Inga möten är inlagda för {year}.**"
        )
    worst = days.sort_values(["weight", "n_networks"], ascending=False, kind="stable").iloc[0]
    asked = words.listed(list(worst["functions"]))
    need = f", och {asked} behövs på flera ställen" if asked else ""
    times = words.counted(len(days), "dag", "dagar")
    n = int((days["weight"] > 0).sum())
    return (
        f"**{year} möts flera nätverk samma dag {times}.** På {n} av dem behövs samma funktion på "
        f"flera ställen. Tyngst är {worst.name:%Y-%m-%d}: "
        f"{worst['n_networks']} nätverk{need}."
    )


def _clashes(known: Work, year: int) -> pd.DataFrame:
    found = meetings.clashes(work.of_year(known, year))
    return free_days.weighed(found, known.functions, known.networks)


def clashes(known: Work, year: int) -> pd.DataFrame:
    """Return the days on which networks collide, the heaviest first."""
    days = _clashes(known, year)
    days = days.sort_values(["weight", "n_networks"], ascending=False, kind="stable")
    return pd.DataFrame(
        {
            "Datum": [f"{day:%Y-%m-%d}" for day in days.index],
            "Veckodag": [WEEKDAY[day.weekday()] for day in days.index],
            "Nätverk": [words.listed([known.names[i] for i in ids]) for ids in days["network_ids"]],
            "Antal": [str(n) for n in days["n_networks"]],
            "Behövs på flera ställen": [", ".join(names) or "–" for names in days["functions"]],
            "Belastning": [str(weight) for weight in days["weight"]],
        }
    )


def terms() -> dict[tuple[int, str], str]:
    """Return the coming terms to plan, the next first."""
    year, term = (today().year, "HT") if today().month <= 6 else (today().year + 1, "VT")
    found = {}
    for _ in range(4):
        found[year, term] = f"{words.first_upper(TERM[term])} {year}"
        year, term = (year, "HT") if term == "VT" else (year + 1, "VT")
    return found


def plan(known: Work, year: int, term: str) -> Plan:
    """Suggest days for a term, and write them as a table."""
    found = free_days.suggest(
        known.meetings,
        known.guidelines,
        known.networks,
        year,
        term,
        read.register("school_breaks"),
        known.functions,
        overlaps=data.totals().overlap,
    )
    days = found.days
    table = pd.DataFrame(
        {
            "Nätverk": days["network_id"].map(known.names).to_numpy(),
            "Datum": [f"{day:%Y-%m-%d}" for day in days["date"]],
            "Veckodag": [WEEKDAY[day.weekday()] for day in days["date"]],
            "Vecka": [str(day.isocalendar().week) for day in days["date"]],
            "Läge": days["is_planned"].map({True: "redan inlagt", False: "förslag"}).to_numpy(),
            "Belastning": [str(weight) for weight in days["weight"]],
            "Anmärkning": days["why"].replace("", "–").to_numpy(),
        }
    )
    return Plan(found, table)


def show(known: Work, year: int, person: auth.Person) -> None:
    """Show the collisions of a year and the suggestion for a coming term."""
    st.markdown(data.once_for(headline, known, year))
    table = data.once_for(clashes, known, year)
    grid.show(table, f"Dagar {year} med möten i flera nätverk, tyngst först", 420)
    st.caption(HOW)
    st.header("Lediga dagar en kommande termin", anchor=False)
    names = terms()
    chosen = st.selectbox("Termin", list(names), format_func=names.get, key=state.TERM_KEY)
    made = data.once_for(plan, known, *chosen)
    st.markdown(_in_short(made, names[chosen]))
    for note in made.found.notes:
        st.info(note)
    grid.show(made.table, f"Förslag på dagar, {names[chosen].lower()}", 520)
    left = made.found.untold
    if not left.empty:
        said = [f"{known.names[i]} ({why})" for i, why in left[["network_id", "why"]].to_numpy()]
        st.caption(f"Utan förslag: {words.listed(said)}.")
    st.caption(RULE)
    _keep(known, made, chosen, person)
    about = downloads.about(f"förslag på mötesdagar, {names[chosen].lower()}")
    downloads.tables(f"motesdagar-{chosen[1].lower()}-{chosen[0]}", {"Förslag": made.table}, about)


def _in_short(made: Plan, name: str) -> str:
    new, n = made.found.new, made.found.n_shared
    if new.empty:
        return f"**{name}:** inga fler dagar behövs, eller inget nätverk har en vana att gå efter."
    again = f"{words.counted(n, 'dag', 'dagar')} delas av flera nätverk" if n else "ingen dag delas"
    return (
        f"**{name}:** {words.counted(len(new), 'dag', 'dagar')} föreslås för "
        f"{new['network_id'].nunique()} nätverk; {again}. Samlad belastning: {made.found.weight}."
    )


def _keep(known: Work, made: Plan, chosen: tuple[int, str], person: auth.Person) -> None:
    """Let the writer put all suggested days in as planned meetings, and take them away again."""
    new = made.found.new
    with st.container(horizontal=True):
        if person.may_write and len(new):
            label = f"Lägg in {words.counted(len(new), 'föreslaget möte', 'föreslagna möten')}"
            st.button(label, type="primary", on_click=_add, args=(known, new, person))
        meeting_files.take_back(person)


def _add(known: Work, new: pd.DataFrame, person: auth.Person) -> None:
    pairs = zip(new["network_id"], new["date"], strict=True)
    ids = [work.free_id(known, day, network_id) for network_id, day in pairs]
    rows = new[["network_id", "date"]].assign(meeting_id=ids, source="förslag", **ORDINARY)
    done = f"{words.counted(len(ids), 'möte är inlagt', 'möten är inlagda')} som planerade."
    if keeping.keep(lambda o: o.save_meetings(rows, person.role), done):
        state.keep_added(ids)
