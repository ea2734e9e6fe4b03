"""All that is known, put together once: what a page, a picture of a network, a report rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import geopandas as gpd
import pandas as pd

from geo import (
    attendance,
    collaboration,
    coverage,
    findings,
    meeting_places,
    meetings,
    needs,
    priority,
    welfare,
)
from geo.errors import GeoError
from geo.layout import WHOLE
from geo.places import Choice
from geo.sources import LAYERS, layer_of
from geo.welfare import View

BASE_AREAS = "base_areas"
STILL = ("overlap", "ranked", "histories", "meeting_places", "_noted")  # do not rest on the work


@dataclass(frozen=True)
class Register:
    """Everything that ships, read and checked, with the issues that were found."""

    networks: pd.DataFrame
    base_areas: gpd.GeoDataFrame
    memberships: pd.DataFrame
    areas: gpd.GeoDataFrame
    choices: tuple[Choice, ...]
    population: pd.DataFrame
    weights: pd.DataFrame
    indicators: pd.DataFrame
    statistics: pd.DataFrame
    store_fault: str
    issues: pd.DataFrame
    n_rows: int

    def ids_of(self, among: str) -> list[str]:
        """Return the networks of a layer, or the base areas."""
        if among == BASE_AREAS:
            return [str(i) for i in self.base_areas.index]
        return [str(i) for i in self.networks.index[self.networks["layer"] == among]]

    def ranked_names(self, among: str) -> dict[str, str]:
        """Return what is ranked by its short name; of a network that rests, that it does.

        Its need is there all the same, so it keeps its place.
        """
        rows = self.base_areas if among == BASE_AREAS else self.networks
        ids = self.ids_of(among)
        rests = {i for i in ids if among != BASE_AREAS and rows.at[i, "status"] == "resting"}
        return {i: f"{rows.at[i, 'name']!s}{' (vilande)' if i in rests else ''}" for i in ids}

    def rows_of(self, indicator_id: str) -> pd.DataFrame:
        """Return the statistics of one indicator."""
        return self.statistics[self.statistics["indicator_id"] == indicator_id]


@dataclass(frozen=True)
class Field:
    """Walks, findings, and the pairs of each with the 20 networks and the 47 base areas.

    key: tells one state of them from another, for what is reckoned once. states: of each base
    area, whether anybody walked there.
    """

    key: str
    walks: gpd.GeoDataFrame
    findings: gpd.GeoDataFrame
    is_demo: bool
    fault: str
    areas: gpd.GeoDataFrame
    base_areas: gpd.GeoDataFrame
    walks_in_networks: pd.DataFrame
    walks_in_base_areas: pd.DataFrame
    in_networks: pd.DataFrame
    in_base_areas: pd.DataFrame
    states: pd.Series
    flags: pd.DataFrame
    categories: dict[str, str]
    owners: tuple[str, ...]

    @property
    def category_codes(self) -> dict[str, str]:
        """The codes of the categories by name, as a file of findings is read with."""
        return {name: code for code, name in self.categories.items()}

    def summary(self, day: pd.Timestamp) -> pd.DataFrame:
        """Sum up walks and findings of each network, then of each base area (geo.findings)."""
        every = (self.findings, self.in_networks, self.walks, self.walks_in_networks)
        networks = findings.summary(*every, self.areas, day)
        every = (self.findings, self.in_base_areas, self.walks, self.walks_in_base_areas)
        return pd.concat([networks, findings.summary(*every, self.base_areas, day)])


@dataclass(frozen=True)
class Work:
    """What the networks do: meetings (kept before shipped), decisions with their way, plans.

    key: tells one state from another, for what is reckoned once. removed: meetings that are marked
    as removed. names: of the networks and of the joint rows, in the order of the calendar.
    pictures: the meetings' own part of each lägesbild, as it is written; signed: the closed ones,
    oldest first, with the numbers of their day (snapshot).
    """

    key: str
    meetings: pd.DataFrame
    removed: pd.DataFrame
    shipped: pd.DataFrame
    decisions: pd.DataFrame
    plans: pd.DataFrame
    pictures: pd.DataFrame
    signed: pd.DataFrame
    networks: pd.DataFrame
    guidelines: pd.DataFrame
    functions: pd.DataFrame
    priorities: dict[str, str]
    names: dict[str, str]
    fault: str

    def expected(self, network_id: str) -> tuple[str, ...]:
        """Return the functions that take part in a network."""
        layer = self.networks["layer"].get(network_id, "")
        return attendance.expected(self.functions, str(layer))

    def held(self, year: int, day: pd.Timestamp, instead: str = "") -> pd.DataFrame:
        """Return the cadence of the meetings that have been: what is planned is not reached."""
        asked = (year, day, instead)
        if asked not in self._held:
            been = self.meetings[self.meetings["date"] <= day]
            self._held[asked] = meetings.cadence(
                been, self.guidelines, self.networks, year, instead=instead
            )
        return self._held[asked]

    @cached_property
    def _held(self) -> dict[tuple[int, pd.Timestamp, str], pd.DataFrame]:
        return {}

    def done(self, noted: Field, year: int, day: pd.Timestamp) -> collaboration.Work:
        """Return what the networks did, as the goals and the counts of geo take it.

        noted: the real findings alone.
        """
        return collaboration.Work(
            networks=self.networks,
            meetings=self.meetings,
            cadence=self.held(year, day),
            plans=self.plans,
            decisions=self.decisions,
            findings=noted.findings,
            pairs=noted.in_networks,
            functions=self.functions,
        )


@dataclass(frozen=True)
class Ranked:
    """The ranking of a layer or of the base areas with equal weights; table as priority.rank."""

    needs: needs.Needs
    table: pd.DataFrame
    top: int


@dataclass(frozen=True)
class Facts:
    """All of it. views: of each indicator, newest first; breaks: periods that begin something new.

    shipped: the registers that are only shown (efforts, meeting_places, activity_days, …), by name.
    real_field: without what is made up.
    """

    register: Register
    field: Field
    real_field: Field
    work: Work
    views: Mapping[str, Sequence[View]]
    breaks: Mapping[str, Mapping[str, str]]
    shipped: Mapping[str, pd.DataFrame]

    @cached_property
    def overlap(self) -> pd.DataFrame:
        """Every pair of networks and what they share."""
        return coverage.overlap(self.register.areas)

    @cached_property
    def ranked(self) -> Mapping[str, Ranked | None]:
        """The ranking of each layer and of the base areas; None where nothing can be ranked."""
        return {among: self._ranked(among) for among in (*LAYERS, BASE_AREAS)}

    def with_work(self, work: Work) -> Facts:
        """Return the same with other work, without reckoning anew what does not rest on it."""
        made = replace(self, work=work)
        made.__dict__.update({name: getattr(self, name) for name in STILL})
        return made

    def noted(self, day: pd.Timestamp) -> pd.DataFrame:
        """Sum up walks and findings of each network and base area; reckoned once for a day."""
        if day not in self._noted:
            self._noted[day] = self.field.summary(day)
        return self._noted[day]

    @cached_property
    def _noted(self) -> dict[pd.Timestamp, pd.DataFrame]:
        return {}

    @cached_property
    def histories(self) -> Mapping[str, pd.DataFrame]:
        """The values of each indicator's whole group, period × id (geo.welfare.history)."""
        return {name: welfare.history(views, WHOLE) for name, views in self.views.items()}

    @cached_property
    def meeting_places(self) -> pd.DataFrame:
        """The networks that each meeting place lies in (geo.meeting_places.in_networks)."""
        every = self.shipped["meeting_places"].set_index("meeting_place_id")
        return meeting_places.in_networks(every, self.register.memberships)

    def _ranked(self, among: str) -> Ranked | None:
        newest = {name: views[0] for name, views in self.views.items() if views}
        ids = self.register.ids_of(among)
        if not ids:
            return None
        found = needs.needs(self.register.indicators, newest, ids)
        names = list(found.values.columns)
        if not names:
            return None
        equal = dict.fromkeys(names, 1 / len(names))
        top = priority.usual_top(len(ids))
        table = priority.rank(
            found.values, found.direction, equal, top=top, low=found.low, high=found.high
        )
        return Ranked(found, table, top)

    def name_of(self, area_id: str) -> str:
        """Return the name of a network, a base area, a layer or the city; raises GeoError."""
        known = self.work.names | {
            str(i): str(n) for i, n in self.register.base_areas["name"].items()
        }
        if area_id not in known:
            raise GeoError(f"Området {area_id!r} finns inte. Id:n är som bu-boda och 1490R025.")
        return known[area_id]

    def among(self, area_id: str) -> str:
        """Return what an area is ranked among: its layer, or the base areas; "" for neither."""
        is_base = area_id in self.register.base_areas.index
        return BASE_AREAS if is_base else layer_of(area_id)
