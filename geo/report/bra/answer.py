"""The later sections of the sheet for Brå: analysis, position, measures, what is handed in."""

from __future__ import annotations

from typing import Any

import pandas as pd

from geo import decisions, meetings, priority
from geo.facts import Facts, Ranked
from geo.priority.ranking import NO_VERDICT, POSSIBLY, SURE, SURELY, UNLIKELY
from geo.report.story import Section, Table
from geo.report.words import TERM, first_upper, number, percent
from geo.situation import Situation
from geo.situation.since import closed_between
from geo.sources import DEMO_MARK, LAYER_NAMES, LAYERS

MOST = 20  # open decisions in the table
SIGNED, DRAFT, NOT_YET, RESTS = "inlämnad", "påbörjad", "inte påbörjad", "vilande"
FAR = (SIGNED, DRAFT, NOT_YET, RESTS)


def analysis(facts: Facts) -> Section:
    """Say what the ranking says of each kind of network, how sure that is, and what it cannot say.

    >>> analysis.__annotations__["facts"]
    'Facts'
    """
    rows = tuple(_ranking(layer, facts.ranked[layer], facts) for layer in LAYERS)
    columns = ("Slag", "Säkert bland de första", "Möjligen", "Går ej att bedöma")
    gaps = (
        "Varför ser det ut så här: orsaker, mönster, skydd och risker",
        "Det vi inte kan förklara, och hur vi tar reda på det",
        "Vad som väntas hända om inget görs",
    )
    text = (
        "Lagen begär en analys av det som är kartlagt. Rangordningen visar var behoven är störst "
        "enligt indikatorerna, med lika vikter. Den säger inget om orsaker, och inget om brott."
    )
    made_up = any(found.needs.demo for found in facts.ranked.values() if found is not None)
    notes = (
        f"Andel av dragningarna. Säkert: minst {percent(SURE)}. Möjligen: minst "
        f"{percent(UNLIKELY)}. Med andra vikter kan ordningen bli en annan."
        f"{f' {DEMO_MARK}.' if made_up else ''}",
    )
    table = Table("Rangordning efter behov", columns, rows, "Inget kan rangordnas.")
    heading = "3. Analys (lag 2023:196, 4 § 3)"
    return Section(
        "analysis", heading, (text,), tables=(table,), gaps=gaps, notes=notes, on_wall=True
    )


def _ranking(layer: str, found: Ranked | None, facts: Facts) -> tuple[str, ...]:
    if found is None:
        return LAYER_NAMES[layer], *("inget kan rangordnas",) * 3
    names = facts.register.ranked_names(layer)
    told = (_names(found, verdict, names) for verdict in (SURELY, POSSIBLY, NO_VERDICT))
    return f"{LAYER_NAMES[layer]}, de {found.top} första", *told


def _names(found: Ranked, verdict: str, names: dict[str, str]) -> str:
    own = found.table[found.table["verdict"] == verdict]
    own = own.sort_values("p_top", ascending=False, kind="stable")  # the surest first
    return ", ".join(_sure(names[str(i)], share) for i, share in own["p_top"].items()) or "inget"


def _sure(name: str, p_top: Any) -> str:
    if pd.isna(p_top):
        return name
    share, decimals = priority.written(float(p_top))
    return f"{name} ({percent(share, decimals)})"


def position(found: Situation) -> Section:
    """Show Brå's priorities with what is decided, and those without action.

    >>> position.__annotations__["found"]
    'Situation'
    """
    table = found.deeds.priorities
    rows = tuple(
        (
            str(row["name"]),
            *(number(float(row[name])) for name in ("n_open", "n_late", "n_done")),
            "nej" if row["n_open"] + row["n_done"] else "ja",
        )
        for _, row in table.iterrows()
    )
    lone = [str(name) for name in table["name"][table["n_open"] + table["n_done"] == 0]]
    columns = ("Brås prioritering", "Öppna beslut", "Försenade", "Klara", "Utan beslut")
    texts = (
        "Lagen begär att kommunen tar ställning till vilka åtgärder som behövs, utifrån "
        "lägesbilden, och beslutar om en plan för dem.",
        f"{len(lone)} av {len(table)} prioriteringar är utan beslut."
        if lone
        else "Varje prioritering har minst ett beslut.",
    )
    gaps = (
        "Ställningstagande: vilka problem kommunen tar sig an, och vilka inte",
        "Samordning: vilken funktion som håller ihop arbetet, och i vilket råd",
    )
    heading = "4. Ställningstagande (lag 2023:196)"
    beside = (Table("Brås prioriteringar", columns, rows, "Inga är registrerade.", (1, 2, 3)),)
    return Section("position", heading, texts, tables=beside, gaps=gaps, on_wall=True)


def measures(found: Situation, facts: Facts) -> Section:
    """Show the open decisions with owner and date, the earliest due first.

    >>> measures.__annotations__["found"]
    'Situation'
    """
    made = found.deeds.decisions
    waiting = made[made["status"].isin(decisions.OPEN)].sort_values("due_date", kind="stable")
    is_late = decisions.timeliness(waiting, found.as_of) == decisions.LATE
    names = found.deeds.priorities["name"]
    rows = tuple(
        (
            facts.name_of(str(row["network_id"])),
            str(row["decision"]),
            str(row["owner"]),
            _due(row["due_date"], late),
            str(names.get(row["priority_id"], "ingen")),
        )
        for late, (_, row) in zip(is_late, waiting.head(MOST).iterrows(), strict=False)
    )
    rest = len(waiting) - len(rows)
    notes = (f"{rest} öppna beslut till står under Möten.",) if rest else ()
    columns = ("Nätverk", "Beslut", "Ansvarig", "Klart senast", "Prioritering")
    table = Table("Öppna beslut i nätverken", columns, rows, "Inga öppna beslut är registrerade.")
    gaps = ("Åtgärdsplan: vad, vem, när, och hur det följs upp",)
    return Section("measures", "5. Åtgärder", tables=(table,), gaps=gaps, notes=notes)


def _due(day: Any, is_late: bool) -> str:
    if pd.isna(day):
        return "inget datum"
    return f"{day:%Y-%m-%d}{', försenat' if is_late else ''}"


def handed_in(facts: Facts, as_of: pd.Timestamp) -> Section:
    """Show which networks have handed in (closed) a lägesbild this term, and which have begun.

    >>> handed_in.__annotations__["as_of"]
    'pd.Timestamp'
    """
    term = meetings.TERMS[int(as_of.month > 6)]
    first = meetings.first_day(as_of.year, term)
    told = {str(i): _state(str(i), facts, first, as_of) for i in facts.register.networks.index}
    rows = tuple(
        (facts.name_of(i), *told[i]) for i in sorted(told, key=lambda i: FAR.index(told[i][0]))
    )
    n_of = {name: sum(row[0] == name for row in told.values()) for name in FAR}
    rests = f" {n_of[RESTS]} är vilande." if n_of[RESTS] else ""
    when = f"{TERM[term]} {as_of.year}"
    text = (
        f"{first_upper(when)}: {n_of[SIGNED]} av {len(told)} nätverk har lämnat in en avslutad "
        f"lägesbild, {n_of[DRAFT]} har påbörjat en.{rests}"
    )
    fault = (f"Det som är inlagt kunde inte läsas: {facts.work.fault}",) if facts.work.fault else ()
    columns = ("Nätverk", "Läge", "Datum", "Fokuspunkter")
    table = Table(f"Lägesbilder {when}", columns, rows, "Inga nätverk.")
    table = table.without_silent("Fokuspunkter", "–")
    return Section(
        "handed_in", "6. Inlämnade lägesbilder", (text, *fault), tables=(table,), on_wall=True
    )


def _state(
    network_id: str, facts: Facts, first: pd.Timestamp, as_of: pd.Timestamp
) -> tuple[str, str, str]:
    """Return how far a network has come this term, the day that it rests on, its focus points."""
    closed = closed_between(facts, network_id, first, as_of)
    if closed is not None:
        day, part = closed
        return SIGNED, f"{day:%Y-%m-%d}", "; ".join(one.text for one in part.focus) or "–"
    drafts = facts.work.pictures
    is_own = (drafts["network_id"] == network_id) & drafts["signed_date"].isna()
    days = drafts.loc[is_own, "day"]
    last = meetings.last_day(first.year, meetings.TERMS[int(first.month > 6)])
    if ((days >= first) & (days <= last)).any():
        return DRAFT, f"{days[days >= first].min():%Y-%m-%d}", "–"
    network = facts.register.networks.loc[[network_id]].iloc[0]
    if meetings.rests(network, last, 0)[0]:
        return RESTS, "–", "–"
    old = f"utkast från {days.max():%Y-%m-%d}" if len(days) else "–"
    return NOT_YET, old, "–"
