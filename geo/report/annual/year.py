"""What every chapter of the year's report stands on: the year, its meetings, what is cited."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from geo import collaboration, meetings
from geo.facts import Facts
from geo.report.words import listed

PUT_IN = "det som är inlagt i verktyget"


@dataclass(frozen=True)
class Year:
    """A year of the collaboration as it is known on a day: what is dated later is left out."""

    facts: Facts
    year: int
    as_of: pd.Timestamp

    @property
    def last(self) -> pd.Timestamp:
        """The day that the year is told of: its last, or as_of when it is not over."""
        return min(self.as_of, pd.Timestamp(self.year, 12, 31))

    @property
    def is_over(self) -> bool:
        """Tell whether the year is over."""
        return self.as_of > pd.Timestamp(self.year, 12, 31)

    @cached_property
    def cadence(self) -> pd.DataFrame:
        """The meetings of each network and term against the guideline of the time."""
        return self.facts.work.held(self.year, self.as_of)

    @cached_property
    def terms(self) -> dict[str, str]:
        """Of each term: over, running or empty (geo.meetings.term_states)."""
        return meetings.term_states(self.cadence, self.year, self.as_of)

    @cached_property
    def meetings(self) -> pd.DataFrame:
        """The meetings of the year that have been, by day; cancelled ones are none."""
        every = meetings.happened(self.facts.work.meetings)
        return self.of(every[every["date"].notna()])

    @property
    def n_meetings(self) -> tuple[int, int, int]:
        """How many meetings there were in the networks, how many joint ones, on how many days."""
        is_own = self.meetings["network_id"].isin(self.facts.register.networks.index)
        joint = self.meetings.loc[~is_own, "date"]
        return int(is_own.sum()), len(joint), joint.nunique()

    @property
    def n_planned(self) -> int:
        """How many meetings of the year are put in for later days."""
        days = meetings.happened(self.facts.work.meetings)["date"]
        return int(((days.dt.year == self.year) & (days > self.as_of)).sum())

    @cached_property
    def plans(self) -> pd.DataFrame:
        """The plans that had begun by the last day: a later one says nothing of this year."""
        every = self.facts.work.plans
        return every[every["valid_from"] <= self.last]

    @cached_property
    def goals(self) -> pd.DataFrame:
        """The goals of the collaboration as geo.collaboration measures them; real findings only."""
        done = self.facts.work.done(self.facts.real_field, self.year, self.as_of)
        known = {name: getattr(done, name) for name in done.__dataclass_fields__}
        work = collaboration.Work(**known | {"plans": self.plans})
        return collaboration.goals(work, self.year, self.as_of)

    def of(self, table: pd.DataFrame, column: str = "date") -> pd.DataFrame:
        """Return the rows of the year that are not later than as_of, by day."""
        days = pd.to_datetime(table[column])
        own = table[(days.dt.year == self.year) & (days <= self.as_of)]
        return own.assign(**{column: days[own.index]}).sort_values(column, kind="stable")

    def ids_of(self, layer: str) -> list[str]:
        """Return the networks of a layer, in the order of the register."""
        return self.facts.register.ids_of(layer)

    def cited(self, sources: Iterable[str]) -> str:
        """Return a line that tells where facts come from, such as ar2017 §3 written out."""
        titles = self.facts.shipped["sources"].set_index("source_id")["title"]
        found: dict[str, list[str]] = {}
        for text in sources:
            for one in str(text).split("; "):
                source_id, _, place = one.partition(" ")
                title = str(titles.get(source_id, PUT_IN)).split(" (")[0]
                places = found.setdefault(title, [])
                if place and place not in places and source_id in titles.index:
                    places.append(place)
        said = [
            f"{title} ({', '.join(sorted(places, key=_in_order))})" if places else title
            for title, places in found.items()
        ]
        return f"Källa: {listed(said)}." if said else ""


def _in_order(place: str) -> tuple[bool, str]:
    return not place.startswith("§"), place


def day(when: pd.Timestamp) -> str:
    """Write a day as the municipality does.

    >>> day(pd.Timestamp(2017, 10, 3))
    '2017-10-03'
    """
    return f"{when:%Y-%m-%d}"


def notes(*texts: str) -> tuple[str, ...]:
    """Return the texts that say something.

    >>> notes("Källa: x.", "")
    ('Källa: x.',)
    """
    return tuple(filter(None, texts))
