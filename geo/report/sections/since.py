"""The section on what happened since last time."""

from __future__ import annotations

import pandas as pd

from geo.report.sections.opening import plain
from geo.report.story import Section, Table
from geo.report.words import counted
from geo.situation import Situation
from geo.situation.since import MEETING, NEVER, SIGNED

FIRST_CLOSED = "Ingen tidigare lägesbild är avslutad. Nästa jämförs med den här."
NONE_CLOSED = "Ingen lägesbild är avslutad än, så värden jämförs inte med en tidigare."
ACTED = {  # one, many
    "decided": ("nytt", "nya"),
    "done": ("klart", "klara"),
    "late": ("försenat", "försenade"),
    "closed": ("avslutat", "avslutade"),
}


def since(found: Situation) -> Section:
    """Say what happened since last time.

    >>> since.__annotations__["found"]
    'Situation'
    """
    past, heading = found.since, "Sedan sist"
    if past.how == NEVER:
        text = "Ingen tidigare lägesbild och inget möte finns registrerat. Nästa gång jämförs här."
        texts = (FIRST_CLOSED if found.is_signed_today else text,)
        return Section("since", heading, texts=texts, on_wall=True)
    what = {SIGNED: "den senaste avslutade lägesbilden", MEETING: "det senaste mötet"}[past.how]
    said = [f"Sedan {what}, {past.day:%Y-%m-%d}{_age(past.day, found.as_of)}."]
    if past.how == MEETING:
        said.append(FIRST_CLOSED if found.is_signed_today else NONE_CLOSED)
    if past.rank_then and found.place is not None and past.rank_then != found.place.verdict:
        then, now = past.rank_then, found.place.verdict
        said.append(f"Plats i kraftsamla: då {then}, nu {now} bland de {found.place.top} första.")
    late = tuple(
        f"Försenat: {row['decision']} ({row['owner']}, klart senast {row['due_date']:%Y-%m-%d})"
        for _, row in past.late.iterrows()
    )
    tables = (_changed(found),) if past.how == SIGNED else ()
    all_points = (*_counts(found), *late, *_said_then(found))
    return Section("since", heading, tuple(said), all_points, tables=tables, on_wall=True)


def _age(day: pd.Timestamp, as_of: pd.Timestamp) -> str:
    """Say how long ago a day is, when that is years."""
    years = (as_of - day).days / 365.25
    return f", för ungefär {years:.0f} år sedan" if years >= 1.5 else ""


def _said_then(found: Situation) -> tuple[str, ...]:
    """Tell what the last closed lägesbild said: its focus points, its judgement together."""
    then, names = found.since.part, found.deeds.priorities["name"]
    told = [f"Fokus då: {one.text}{served(one.priority_id, names)}" for one in then.focus]
    return (*told, *((f"Gemensam bedömning då: {then.joint}",) if then.joint else ()))


def served(priority_id: str, names: pd.Series) -> str:
    """Return the priority of Brå that something serves, in brackets; "" without.

    >>> served("B1", pd.Series({"B1": "Trygga miljöer"}))
    ' (Brå: Trygga miljöer)'
    """
    return f" (Brå: {names.get(priority_id, priority_id)})" if priority_id else ""


def _counts(found: Situation) -> tuple[str, str]:
    """Count decisions and findings since then, with the right form for one; what is none is not."""
    past = found.since
    n = {"decided": len(past.decided), "done": len(past.done), "late": len(past.late)}
    decided = [counted(count, *ACTED[name]) for name, count in n.items() if count]
    seen = {"decided": len(past.found), "closed": len(past.closed)}
    noted = [counted(count, *ACTED[name]) for name, count in seen.items() if count]
    return (
        f"Beslut: {', '.join(decided) or 'inga nya, klara eller försenade'}.",
        f"Fynd: {', '.join(noted) or 'inga nya eller avslutade'}.",
    )


def _changed(found: Situation) -> Table:
    rows = tuple(
        (
            str(row["name"]),
            f"{plain(row['then'], row['measure'])} ({row['then_period']})",
            f"{plain(row['now'], row['measure'])} ({row['now_period']})",
        )
        for _, row in found.since.figures.iterrows()
    )
    otherwise = "Inga värden har ändrats."
    return Table("Värden som har ändrats", ("Indikator", "Då", "Nu"), rows, otherwise, (1, 2))
