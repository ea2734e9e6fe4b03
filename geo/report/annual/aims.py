"""Chapters of what is aimed at: development areas, and how far the goals are reached."""

from __future__ import annotations

import pandas as pd

from geo import collaboration
from geo.report.annual.year import Year, notes
from geo.report.story import Section, Table
from geo.report.words import listed, number, percent

STATUS = {
    collaboration.NOTHING: "inget registrerat",
    collaboration.NOT_APPLICABLE: "gäller inte",
    collaboration.UNSURE: "osäkert, räknas inte",
}


def areas(about: Year) -> Section:
    """Show the development areas that this year's report named, and ask for what came of them.

    >>> areas.__annotations__["about"]
    'Year'
    """
    table = about.facts.shipped["development_areas"]
    own = table[table["source"].str.startswith(f"ar{about.year} ")]
    rows = tuple(zip(own["area_id"], own["area"], own["core_content"], strict=True))
    last = table["source"].str.extract(r"ar(\d{4})")[0].max()
    otherwise = (
        f"Inga utvecklingsområden är registrerade för {about.year}. De senast registrerade står i "
        f"redovisningen för {last}."
    )
    ahead = f"Utvecklingsområden inför {about.year + 1}"
    gaps = (
        *(() if len(own) else (ahead,)),
        "Vad som gjordes inom varje utvecklingsområde under året, och vad som återstår",
    )
    return Section(
        "areas",
        "9. Utvecklingsområden",
        tables=(Table(ahead, ("Nr", "Område", "Innehåll"), rows, otherwise),),
        gaps=gaps,
        notes=notes(about.cited(own["source"])),
    )


def goals(about: Year) -> Section:
    """Show how far the proposed goals are reached: a proposal, and said to be one.

    >>> goals.__annotations__["about"]
    'Year'
    """
    known = about.facts.shipped["collaboration_goals"].set_index("goal_id")
    sums = collaboration.total(about.goals)
    empty = [str(known["goal"][i]).lower() for i in sums.index if not sums.at[i, "n_of"]]
    texts = (
        "Målen är ett förslag: definitioner, mottagare och en del målvärden är antagna och inte "
        "beslutade av kommunen.",
        f"Inget är registrerat {about.year} för {listed(empty)}." if empty else "",
    )
    of = len(about.facts.register.networks)
    rows = tuple(_sum(known.loc[[goal_id]].iloc[0], row, of) for goal_id, row in sums.iterrows())
    columns = ("Mål", "Målvärde", "Utfall", "Uppnått", "Nätverk med underlag", "Mottagare")
    together = Table(f"Måluppfyllelse {about.year}, alla nätverk", columns, rows, "Inga mål.")
    means = tuple(f"{row['goal']}: {row['definition']}." for _, row in known.iterrows())
    return Section(
        "goals",
        "10. Måluppfyllelse",
        tuple(filter(None, texts)),
        means,
        tables=(together, _each(about, known)),
        gaps=("Nämndens bedömning av måluppfyllelsen, och vilka mål som ska gälla",),
        notes=notes(
            "Inget registrerat är inte noll. Ett fynd i två nätverk räknas i båda. Syntetiska "
            "fynd räknas aldrig.",
            about.cited(known["source"]),
        ),
    )


def _sum(goal: pd.Series, row: pd.Series, of: int) -> tuple[str, ...]:
    target = goal["target_share"]
    has_any = row["n_of"] > 0
    return (
        str(goal["goal"]),
        percent(float(target)) if target else "följs, inget målvärde",
        percent(row["share"]) if has_any else STATUS[collaboration.NOTHING],
        f"{number(row['n_met'])} av {number(row['n_of'])}" if has_any else "–",
        f"{number(row['n_networks'])} av {of}",
        str(goal["receiver"]),
    )


def _each(about: Year, known: pd.DataFrame) -> Table:
    """Return each network's part of the goals of which anything is registered, if more than one.

    One alone, the pace of the meetings, stands in the chapters already.
    """
    table, names = about.goals, about.facts.work.names
    counted = table["n_of"].groupby(level="goal_id").sum()
    own = [goal for goal in collaboration.GOALS if counted[goal]]
    rows = tuple(
        (names[str(i)], *(_cell(table.loc[[(goal, i)]].iloc[0]) for goal in own))
        for i in about.facts.register.networks.index
    )
    columns = ("Nätverk", *(str(known["goal"][goal]) for goal in own))
    nothing = f"Inget är registrerat som målen kan räknas på för {about.year}."
    only = f"Bara {' '.join(columns[1:]).lower()} kan räknas. Per nätverk: se kapitel 4–6."
    caption = f"Måluppfyllelse {about.year} per nätverk: uppnått av möjligt"
    return Table(caption, columns, rows if len(own) > 1 else (), only if own else nothing)


def _cell(row: pd.Series) -> str:
    if row["status"] != collaboration.OK:
        return STATUS[str(row["status"])]
    return f"{int(row['n_met'])} av {int(row['n_of'])}"
