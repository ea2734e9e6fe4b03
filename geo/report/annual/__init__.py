"""The year's report of the collaboration, in the shape that the committee knows, as a Story.

opening     what it is, the year in numbers; organisation; budget
networks    a chapter for each kind of network
doings      activity days, safety walks, mötesplatser
aims        development areas, and how far the goals are reached
matrix      the appendix: every meeting by month
year        the year that they all tell of
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from geo.errors import GeoError
from geo.facts import Facts
from geo.report.annual import aims, doings, matrix, networks, opening
from geo.report.annual.year import Year
from geo.report.story import Story
from geo.report.words import counted
from geo.sources import LAYERS

YEARS = range(1990, 2101)
SOURCE = (
    "Lägesbild Borås. Nätverk, möten, vandringar, budget och mål: de källor som står vid varje "
    "kapitel, och det som nätverken har lagt in."
)
CERTAINTY = (
    "Här finns bara det som är registrerat: att något saknas betyder inte att det inte har gjorts."
)


def story(facts: Facts, year: int, as_of: pd.Timestamp | None = None) -> Story:
    """Write the year's report: what is registered filled in, the rest left open for the author.

    facts: geo.gather.facts(). as_of: the day (today when not given); what is dated later is left
    out. Only what is real is in it. A year of which nothing is registered gives a report that says
    so. Raises GeoError for a year that is no year of work (1990–2100).

    >>> story.__annotations__["year"]
    'int'
    """
    if year not in YEARS:
        raise GeoError(f"year: ett år från {YEARS[0]} till {YEARS[-1]} väntades, fick {year!r}.")
    day = pd.Timestamp.today().normalize() if as_of is None else pd.Timestamp(as_of)
    about = Year(facts, year, day)
    sections = (
        opening.intro(about),
        opening.organisation(about),
        opening.money(about),
        *(networks.chapter(about, layer) for layer in LAYERS),
        doings.activities(about),
        doings.walks(about),
        doings.meeting_places(about),
        aims.areas(about),
        aims.goals(about),
        matrix.appendix(about),
    )
    n_open = sum(len(section.gaps) for section in sections)
    begun = "Året har inte börjat" if year > day.year else "Underlag"
    told = tuple(replace(one, texts=tuple(filter(None, one.texts))) for one in sections)
    return Story(
        title=f"Årsredovisning av samverkansuppdraget {year}",
        state=f"{begun}, {counted(n_open, 'ställe', 'ställen')} att fylla i",
        day=f"{day:%Y-%m-%d}",
        mark="",
        source=SOURCE,
        certainty=CERTAINTY,
        sections=told,
    )
