"""The sheet over the whole city for Brå, in the order of lag (2023:196), as a Story.

survey   what is known: of crime, of how people live, of walks, of places without a network
answer   what it means and what is done: analysis, position, measures, what is handed in
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from geo.facts import Facts
from geo.report.bra import answer, survey
from geo.report.sections.ground import known
from geo.report.story import Story
from geo.report.words import counted
from geo.situation import CITY_ID, situation
from geo.situation.knowledge import CRIME, NO_JUDGEMENT, POLICE
from geo.sources import DEMO_MARK

TOLD = (CRIME, POLICE, NO_JUDGEMENT)  # what a section of its own says is missing
SOURCE = (
    "Lägesbild Borås. Områden: RegSO 2025, SCB (CC0). Brås prioriteringar: årsredovisning 2017 och "
    "Borås Stads webbsidor. Statistik: se källorna sist. Lagen är återgiven i egna ord."
)
CERTAINTY = (
    "Hur säkert: ett nätverk är säkert sämre när intervallen inte möts. Dolda värden ingår aldrig. "
    "Upptagningsområdena är vår egen bedömning."
)


def story(facts: Facts, as_of: pd.Timestamp | None = None) -> Story:
    """Write the sheet over the city: what is known, what is not, and what is left for the author.

    facts: geo.gather.facts(). as_of: the day (today when not given). What nothing is known of is a
    gap. A network of which values are hidden is never named for them.

    >>> story.__annotations__["facts"]
    'Facts'
    """
    day = pd.Timestamp.today().normalize() if as_of is None else pd.Timestamp(as_of)
    found = situation(CITY_ID, facts, day)
    rest = replace(found, unknown=tuple(one for one in found.unknown if one.kind not in TOLD))
    sections = (
        survey.survey(found, facts),
        survey.other(found, facts),
        survey.noted(found, facts),
        survey.cover(facts),
        answer.analysis(facts),
        answer.position(found),
        answer.measures(found, facts),
        answer.handed_in(facts, day),
        known(rest),
    )
    n_open = sum(len(section.gaps) for section in sections)
    return Story(
        title="Lägesbild av Borås för Brå",
        state=f"Underlag, {counted(n_open, 'ställe', 'ställen')} att fylla i",
        day=f"{day:%Y-%m-%d}",
        mark=DEMO_MARK if found.demo else "",
        source=SOURCE,
        certainty=CERTAINTY,
        sections=sections,
    )
