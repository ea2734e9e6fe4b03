"""A chapter for each kind of network: its aim, guideline, areas, meetings, functions and plans."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pandas as pd

from geo import attendance, collaboration, meetings
from geo.report.annual.opening import CHAPTERS, gatherings, pace
from geo.report.annual.year import Year, notes
from geo.report.story import Section, Table
from geo.report.words import OUTCOME, TERM, counted, first_upper, listed, named, number
from geo.sources import LAYER_NAMES, LAYERS

NOT_PUT_IN = "inget inlagt"
MEET_COLUMNS = (
    *("Nätverk", "Möten VT", "Möten HT", "Mot riktlinjen VT", "Mot riktlinjen HT"),
    *("Funktioner på plats", "Utvecklingsplan"),
)


def chapter(about: Year, layer: str) -> Section:
    """Tell of the networks of one kind in the year.

    >>> chapter.__annotations__["layer"]
    'str'
    """
    place = LAYERS.index(layer)
    goals, rules = _goals(about, layer), _rules(about, layer)
    events = about.of(about.facts.shipped["events"])
    events = events[events["source"].str.startswith(f"ar2017 {CHAPTERS[place]}")]
    gaps = (
        f"Erfarenheter av arbetet {about.year}: uppslutning, teman, goda exempel",
        "Utmaningar inför nästa år",
    )
    sources = [*goals["source"], *rules["source"], *events["source"]]
    held = about.meetings[about.meetings["network_id"].isin(about.ids_of(layer))]
    lasting = "Regler utan slutdatum antas gälla än: kontrollera dem." if len(rules) else ""
    return Section(
        layer,
        f"{place + 4}. {LAYER_NAMES[layer]}",
        (*_aims(goals), *guideline(about, layer), pace(about, layer)),
        (
            *(f"{row['rule']} ({row['value']})." for _, row in rules.iterrows()),
            *_focus(about, layer),
        ),
        tables=(_areas(about, layer), _met(about, layer), gatherings(events, about.year)),
        gaps=gaps,
        notes=notes(*_doubts(about, layer), lasting, about.cited([*sources, *held["source"]])),
    )


def _goals(about: Year, layer: str) -> pd.DataFrame:
    table = about.facts.shipped["network_goals"]
    return table[table["layer"] == layer]


def _aims(goals: pd.DataFrame) -> tuple[str, ...]:
    return tuple(
        f"Mål: {row['goal']}. Målområde i visionen: {row['vision_target']}."
        for _, row in goals.iterrows()
    )


def _rules(about: Year, layer: str) -> pd.DataFrame:
    """Return the dated rules of the year; sums of money, and other years, stand elsewhere."""
    table = about.facts.shipped["network_rules"]
    begin, end = (
        pd.to_datetime(table[name].replace("", None)) for name in ("valid_from", "valid_to")
    )
    is_of_year = (begin <= about.last) & ~(end < pd.Timestamp(about.year, 1, 1))
    is_of_layer = table["layer"].map(lambda text: layer in text.split(";"))
    elsewhere = table["value"].str.contains(rf" kr\b|\b20(?!{about.year % 100:02})\d\d\b")
    return table[is_of_year & is_of_layer & ~elsewhere]


def guideline(about: Year, layer: str) -> tuple[str, ...]:
    """Say which guideline was valid in each term; one sentence when it was the same.

    >>> guideline.__annotations__["about"]
    'Year'
    """
    table = about.facts.work.guidelines
    by_term = {
        term: meetings.guideline_on(table, layer, meetings.first_day(about.year, term))
        for term in meetings.TERMS
    }
    if len(set(by_term.values())) == 1:
        return (f"Riktlinje: {_asked(table, by_term['VT'])}.",)
    return tuple(f"Riktlinje {TERM[term]}: {_asked(table, i)}." for term, i in by_term.items())


def _asked(table: pd.DataFrame, guideline_id: str) -> str:
    if not guideline_id:
        return "ingen för antalet möten är registrerad"
    row = table.loc[guideline_id]
    span = f"{row['meetings_per_term_min']}–{row['meetings_per_term_max']}"
    named = {"valid_from": "startdatum", "valid_to": "slutdatum"}
    assumed = [name for column, name in named.items() if column in str(row.get("assumed", ""))]
    doubt = f", {listed(assumed)} antaget" if assumed else ""
    return f"{span} möten per termin ({guideline_id}{doubt})"


def _areas(about: Year, layer: str) -> Table:
    own = about.facts.register.networks.loc[about.ids_of(layer)]
    has_association = bool((own["association"] != "").any())
    columns = ("Nätverk", *(("Förening",) if has_association else ()), "Delområden")
    rows = tuple(
        (
            str(row["name"]),
            *((str(row["association"] or "–"),) if has_association else ()),
            ", ".join(row["sub_areas"]),
        )
        for _, row in own.iterrows()
    )
    return Table("Uppdelning", columns, rows, "Inga nätverk är registrerade.")


def _met(about: Year, layer: str) -> Table:
    ids = about.ids_of(layer)
    held = about.meetings[about.meetings["network_id"].isin(ids)]
    caption, otherwise = (
        f"Möten, närvaro och planer {about.year}",
        f"Inga möten är registrerade för {about.year}.",
    )
    planned = about.plans["network_id"].isin(ids)
    if held.empty and not planned.any():
        return Table(caption, MEET_COLUMNS, (), otherwise)
    rows = tuple(_row(about, layer, network_id, held) for network_id in ids)
    return Table(caption, MEET_COLUMNS, rows, otherwise, (1, 2))


def _row(about: Year, layer: str, network_id: str, held: pd.DataFrame) -> tuple[str, ...]:
    terms = about.cadence.loc[network_id].T.to_dict()
    own = held[held["network_id"] == network_id]
    return (
        str(about.facts.register.networks["name"][network_id]),
        *(_count(terms[term], about.terms[term]) for term in meetings.TERMS),
        *(_outcome(terms[term], about.terms[term]) for term in meetings.TERMS),
        present(own, about.facts.work.expected(network_id)),
        _plan(about, network_id),
    )


def _count(row: Mapping[Any, Any], state: str) -> str:
    return NOT_PUT_IN if state == meetings.EMPTY else number(float(row["n_meetings"]))


def _outcome(row: Mapping[Any, Any], state: str) -> str:
    outcome = str(row["outcome"])
    if row["is_unsure"]:
        return "osäkert"
    if outcome == meetings.BEHIND and state != meetings.OVER:
        return "–" if state == meetings.EMPTY else "pågår"
    return OUTCOME[outcome]


def present(held: pd.DataFrame, asked: tuple[str, ...]) -> str:
    """Say at how many meetings each asked function was there, of those where it was noted.

    >>> held = pd.DataFrame({"present": [("Skola:2", "Polis:0"), ("Skola:1",)]})
    >>> present(held, ("Skola", "Polis", "Kultur"))
    'Skola 2 av 2, Polis 0 av 1'
    """
    n_noted: Counter[str] = Counter()
    n_there: Counter[str] = Counter()
    for items in held["present"]:
        for name, is_there in attendance.noted(items, asked).items():
            n_noted[name] += 1
            n_there[name] += is_there
    said = [f"{name} {n_there[name]} av {n_noted[name]}" for name in asked if n_noted[name]]
    return ", ".join(said) or "inte noterat"


def _plan(about: Year, network_id: str) -> str:
    states = collaboration.plan_states(about.plans, about.facts.register.networks, about.last)
    row = states.loc[[network_id]].iloc[0]
    return {
        collaboration.WITH_FOCUS: counted(int(row["n_focus"]), "fokusområde", "fokusområden"),
        collaboration.NO_FOCUS: "utan fokusområden",
        collaboration.ENDED: "har gått ut",
        collaboration.NO_PLAN: "ingen registrerad",
    }[str(row["state"])]


def _focus(about: Year, layer: str) -> tuple[str, ...]:
    """Return what the plans of the year focus on."""
    states = collaboration.plan_states(about.plans, about.facts.register.networks, about.last)
    states = states[(states["n_focus"] > 0) & states.index.isin(about.ids_of(layer))]
    names, focus = about.facts.register.networks["name"], about.plans["focus_areas"]
    return tuple(
        f"Fokusområden i {names[str(network_id)]}: {listed(focus[plan_id])}."
        for network_id, plan_id in states["plan_id"].items()
    )


def _doubts(about: Year, layer: str) -> list[str]:
    """Say why a network is not judged: once for both its terms."""
    own = about.cadence.loc[about.ids_of(layer)].reset_index()
    own = own[own["is_unsure"]].drop_duplicates(["network_id", "why"])
    names = about.facts.work.names
    found = []
    for network_id, why in zip(own["network_id"], own["why"], strict=True):
        found.append(f"Osäkert, {names[network_id]}: {first_upper(named(why, names))}.")
    return found
