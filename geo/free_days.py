"""Which days of a coming term are free: holidays, school breaks, and meetings that collide."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from geo import day_choice, off_days
from geo import meetings as met
from geo.day_choice import Held, Slot, Ties
from geo.errors import GeoError, require_columns
from geo.sources import JOINT

YEARS = range(1990, 2101)
WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
DAY_COLUMNS = ("network_id", "date", "weekday", "is_planned", "weight", "why")
RESTS = "vilande"
NO_HABIT = "inget tidigare möte visar vilken veckodag som är nätverkets"


@dataclass(frozen=True)
class Suggestion:
    """Days for a term (DAY_COLUMNS), networks without any and why, and what to know of them all."""

    days: pd.DataFrame
    untold: pd.DataFrame
    notes: tuple[str, ...]

    @property
    def new(self) -> pd.DataFrame:
        """The days that are suggested, without those that stand already."""
        return self.days[~self.days["is_planned"]]

    @property
    def n_shared(self) -> int:
        """How many days have more than one network."""
        return int((self.days["date"].value_counts() > 1).sum())

    @property
    def weight(self) -> int:
        """How heavy all the days are together."""
        return int(self.days.drop_duplicates("date")["weight"].sum())


@dataclass(frozen=True)
class _Term:
    """A term: its name, its ends, and its days that are not off."""

    name: str
    first: pd.Timestamp
    last: pd.Timestamp
    usable: tuple[pd.Timestamp, ...]


def weighed(clashes: pd.DataFrame, functions: pd.DataFrame, networks: pd.DataFrame) -> pd.DataFrame:
    """Tell of each day with a collision which functions are asked for twice, and how heavy it is.

    clashes: as geo.meetings.clashes gives it. functions: function, layer, sits_in (all: one and
    the same attends every network of the layer; own). networks: index network_id; layer.
    Returns clashes with functions (sorted tuple) and weight: summed over these functions, the
    networks of the layer that day but one. 0: no function that is known to be the same.

    >>> networks = pd.DataFrame({"layer": "barn_unga"}, index=["bu-a", "bu-b", "bu-c"])
    >>> functions = pd.DataFrame({"function": ["Polis"], "layer": "barn_unga", "sits_in": "all"})
    >>> days = pd.DataFrame({"network_ids": [("bu-a", "bu-b", "bu-c")]})
    >>> weighed(days, functions, networks)[["functions", "weight"]].values.tolist()
    [[('Polis',), 2]]
    """
    require_columns(clashes, ("network_ids",), "clashes")
    ties = day_choice.ties(networks, functions)
    asked = [ties.asked_twice(ids) for ids in clashes["network_ids"]]
    names = pd.Series([tuple(found) for found in asked], index=clashes.index, dtype=object)
    weight = pd.Series([sum(found.values()) for found in asked], index=clashes.index, dtype=int)
    return clashes.assign(functions=names, weight=weight)


def suggest(
    meetings: pd.DataFrame,
    guidelines: pd.DataFrame,
    networks: pd.DataFrame,
    year: int,
    term: str,
    breaks: pd.DataFrame,
    functions: pd.DataFrame,
    overlaps: pd.DataFrame | None = None,
) -> Suggestion:
    """Suggest days of a term for every network, so that as few as possible collide.

    meetings, guidelines, networks: as geo.meetings.cadence takes them. breaks: as geo.off_days.
    functions: as weighed. overlaps: a, b: pairs of networks that share ground, and so residents
    (geo.coverage.overlap); without it none does.

    A network keeps the weekday that it met on most often before the term (a tie: the one used
    last). It gets as many days as the guideline valid on the term's first day asks at least;
    without one, as many as in the latest earlier spring, or autumn, that had any. What already
    stands in the term is never moved, and counts. The weekday's days, without off days, are split
    in that many equal parts; each part without a meeting gives one, near its middle. The search
    moves one day at a time until nothing gets better: deterministic, not proved to be the least.

    Returns a Suggestion. days, by network_id and date: weekday (0 Monday–6), is_planned (stands
    already), weight (of the whole day: as weighed, 1 more per pair that shares ground, 1 more per
    network when a joint or central meeting stands that day) and why (Swedish: why a suggested day
    collides all the same, or ""). untold: network_id and why, for those without any suggestion.
    notes: Swedish sentences, such as school breaks that are assumed or missing. Raises GeoError
    for a missing column, an unknown term and a year outside 1990–2100.

    >>> networks = pd.DataFrame({"layer": "ortsrad", "status": "active", "status_from": pd.NaT},
    ...     index=["or-a"])
    >>> guidelines = pd.DataFrame(columns=["layer", "meetings_per_term_min", "valid_from",
    ...     "valid_to"])
    >>> held = pd.DataFrame({"date": [pd.Timestamp("2026-03-05")], "network_id": "or-a",
    ...     "counts_for_cadence": True})
    >>> breaks = pd.DataFrame(columns=list(off_days.BREAK_COLUMNS))
    >>> functions = pd.DataFrame(columns=["function", "layer", "sits_in"])
    >>> found = suggest(held, guidelines, networks, 2027, "VT", breaks, functions)
    >>> found.days[["date", "weekday"]].astype(str).values.tolist()
    [['2027-03-25', '3']]
    """
    _check(meetings, guidelines, networks, year, term)
    asked = _term(year, term, breaks)
    here = _standing(meetings, asked)
    joint = here.loc[here["network_id"].isin(JOINT), "date"]
    ties = day_choice.ties(networks, functions, overlaps, joint)
    own = here[here["network_id"].isin(networks.index)]
    held: dict[pd.Timestamp, set[str]] = {}
    for day, network_id in zip(own["date"], own["network_id"], strict=True):
        held.setdefault(day, set()).add(network_id)
    days = met.counted_days(meetings)
    wanted: list[Slot] = []
    untold: list[tuple[str, str]] = []
    notes = list(_notes(breaks, asked, year))
    for network_id in sorted(networks.index):
        mine = days[days["network_id"] == network_id]
        found, why, note = _wanted(networks.loc[network_id], mine, guidelines, asked, held)
        wanted += found
        untold += [(network_id, why)] if why else []
        notes += [note] if note else []
    table = _table(wanted, held, ties)
    return Suggestion(table, pd.DataFrame(untold, columns=["network_id", "why"]), tuple(notes))


def _check(
    meetings: pd.DataFrame, guidelines: pd.DataFrame, networks: pd.DataFrame, year: int, term: str
) -> None:
    require_columns(meetings, met.MEETING_COLUMNS, "meetings")
    require_columns(guidelines, met.GUIDELINE_COLUMNS, "guidelines")
    require_columns(networks, met.NETWORK_COLUMNS, "networks")
    faults = []
    if term not in met.TERMS:
        faults.append(f"term: {' eller '.join(met.TERMS)} väntades, fick {term!r}.")
    if year not in YEARS:
        faults.append(f"year: ett år från {YEARS[0]} till {YEARS[-1]} väntades, fick {year!r}.")
    if faults:
        raise GeoError(" ".join(faults))


def _term(year: int, term: str, breaks: pd.DataFrame) -> _Term:
    first, last = met.first_day(year, term), met.last_day(year, term)
    off = set(off_days.off_days(first, last, breaks).index)
    usable = tuple(day for day in pd.date_range(first, last) if day not in off)
    return _Term(term, first, last, usable)


def _standing(meetings: pd.DataFrame, asked: _Term) -> pd.DataFrame:
    """Return what stands in the term already: network_id, date, one row per network and day."""
    here = met.happened(meetings)[["network_id", "date"]].dropna()
    here = here.assign(date=here["date"].dt.normalize()).drop_duplicates()
    return here[here["date"].between(asked.first, asked.last)]


def _wanted(
    network: pd.Series, own: pd.DataFrame, guidelines: pd.DataFrame, asked: _Term, held: Held
) -> tuple[list[Slot], str, str]:
    """Return the days to be found for a network, why there are none, and a note of too few."""
    network_id = str(network.name)
    counted = [day for day in own["date"] if asked.first <= day <= asked.last]
    before = own[own["date"] < asked.first]
    if met.rests(network, asked.last, len(counted))[0]:
        return [], RESTS, ""
    n_days = _n_days(before, str(network["layer"]), guidelines, asked)
    if n_days is None:
        return [], f"ingen riktlinje, och inget möte en tidigare {asked.name} att gå efter", ""
    if n_days <= len(counted):
        return [], "", ""
    if before.empty:
        return [], NO_HABIT, ""
    weekday = _habit(before["date"])
    usable = [day for day in asked.usable if day.weekday() == weekday]
    taken = [day for day, ids in held.items() if network_id in ids]
    found = day_choice.slots(network_id, usable, n_days, counted, taken)
    n = len(found) + len(counted)
    few = f"{network_id}: bara {n} av {n_days} dagar får plats på {WEEKDAYS[weekday]}ar."
    return found, "", few if n < n_days else ""


def _n_days(before: pd.DataFrame, layer: str, guidelines: pd.DataFrame, asked: _Term) -> int | None:
    """Return how many days a network should meet in the term; None when nothing says it."""
    guideline_id = met.guideline_on(guidelines, layer, asked.first)
    if guideline_id:
        return int(guidelines["meetings_per_term_min"][guideline_id])
    years = before.loc[before["term"] == asked.name, "date"].dt.year
    return int((years == years.max()).sum()) or None


def _habit(days: pd.Series) -> int:
    """Return the weekday of most of the days; of several, the one used last."""
    weekdays = days.sort_values().dt.day_of_week
    counts = weekdays.value_counts()
    most = weekdays[weekdays.isin(counts[counts == counts.max()].index)]
    return int(most.iloc[-1])


def _table(wanted: list[Slot], standing: Held, ties: Ties) -> pd.DataFrame:
    new = list(zip(wanted, day_choice.chosen(wanted, standing, ties), strict=True))
    met_on = {day: set(ids) for day, ids in standing.items()}
    for slot, day in new:
        met_on.setdefault(day, set()).add(slot.network_id)
    found = {(slot.network_id, day) for slot, day in new}
    rows = []
    for day, ids in met_on.items():
        weight = ties.weight(day, ids)
        for network_id in ids:
            is_new = (network_id, day) in found
            collides = is_new and day_choice.added(network_id, day, ids, ties)
            why = f"ingen annan {WEEKDAYS[day.weekday()]} i den delen av terminen är fri från krock"
            row = (network_id, day, day.weekday(), not is_new, weight, why if collides else "")
            rows.append(row)
    table = pd.DataFrame(rows, columns=list(DAY_COLUMNS)).assign(
        date=lambda frame: pd.to_datetime(frame["date"])
    )
    table = table.astype({"weekday": int, "is_planned": bool, "weight": int})
    return table.sort_values(["network_id", "date"], ignore_index=True)


def _notes(breaks: pd.DataFrame, asked: _Term, year: int) -> list[str]:
    """Say which school breaks of the term are missing or assumed."""
    table, name = off_days.dated(breaks), f"{asked.name} {year}"
    here = table[(table["last_date"] >= asked.first) & (table["first_date"] <= asked.last)]
    inside = (here["first_date"] >= asked.first) & (here["last_date"] <= asked.last)
    if not inside.any():  # jullov and sommarlov reach in from the term before
        removed = " och ".join(["helgdagar", *dict.fromkeys(here["why"])])
        return [
            f"Skollov för {name} saknas i data/school_breaks.csv: bara {removed} är borttagna. "
            "Lägg till raderna."
        ]
    assumed = here[here["is_assumed"]]
    if len(assumed) == len(here):
        return [f"Skolloven för {name} är antagna efter mönstret 2024/2025."]
    names = ", ".join(dict.fromkeys(assumed["why"]))
    some = f"En del skollov för {name} är antagna efter mönstret 2024/2025: {names}."
    return [some] if names else []
