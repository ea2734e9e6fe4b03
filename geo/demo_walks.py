"""Synthetic walks and findings: seeded, unrelated to how the places are, marked on every row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import crs
from geo.errors import require_columns
from geo.sources import SYNTHETIC

SEED = 20171020
N_PLACES = 16  # base areas that are walked; the others stay as "not walked"
FIRST, LAST = "2024-09-01", "2026-09-30"
NEWEST = "2026-10-31"  # no made-up day is later, whatever the seed: a later one is a fault
SAME_M = 10.0  # what is nearer and says the same would be taken for one
N_STEPS, STEP_M, OFF_M = 14, 110.0, 12.0
FINDINGS_PER_WALK = 11
GOOD = 0.2  # the share of findings that are good
TEXTS = ("Påhittat fynd om {name}", "Påhittad iakttagelse: {name}", "Påhittat exempel på {name}")
# How far a finding has come, and the share of findings that have come so far.
STATUSES = {
    "noted": 0.22,
    "owned": 0.2,
    "answered": 0.16,
    "done": 0.17,
    "verified": 0.15,
    "declined": 0.1,
}
STAGES = ("owned", "answered", "done", "verified")
WAIT_DAYS = {"answered": 25, "done": 60, "verified": 120}


def walks(
    base_areas: gpd.GeoDataFrame, memberships: pd.DataFrame, seed: int = SEED
) -> pd.DataFrame:
    """Make up walks, by day in light and by night in the dark, in some base areas.

    base_areas: EPSG:3006, index base_area_id, name. memberships: network_id, base_area_id. A walk's
    network is one that holds its base area. The route is drawn at random inside the base area, and
    follows no real street. Returns the columns of kinds.WALKS that are filled, route as WKT in
    EPSG:3006; the same seed gives the same rows.

    >>> squares = gpd.GeoDataFrame({"name": ["A"]}, index=["a"], crs="EPSG:3006",
    ...     geometry=[shapely.box(0, 0, 2000, 2000)])
    >>> members = pd.DataFrame({"network_id": ["on-a"], "base_area_id": ["a"]})
    >>> walks(squares, members)["light"].tolist()
    ['dagsljus', 'mörker']
    """
    crs.require_metric(base_areas, "base_areas")
    require_columns(memberships, ("network_id", "base_area_id"), "memberships")
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(base_areas))[:N_PLACES]
    holders = memberships.groupby("base_area_id")["network_id"].agg(list)
    days = pd.date_range(FIRST, LAST, freq="D")
    rows = []
    for area_id in base_areas.index[np.sort(order)]:
        line = _route(base_areas.geometry[area_id], rng)
        day = days[int(rng.integers(len(days)))]
        network = _network(holders.get(area_id, []), rng)
        for after, light, hour in ((0, "dagsljus", 15), (7, "mörker", 19)):
            date = day + pd.Timedelta(days=after)
            rows.append(
                {
                    "walk_id": f"demo-{area_id}-{date:%Y-%m-%d}",
                    "date": f"{date:%Y-%m-%d}",
                    "network_id": network,
                    "place": str(base_areas.at[area_id, "name"]),
                    "status": "säker",
                    "note": "",
                    "source": SYNTHETIC,
                    "start_time": f"{hour}:00",
                    "end_time": f"{hour + 2}:00",
                    "light": light,
                    "step": 2,
                    "n_participants": int(rng.integers(6, 21)),
                    "organisers": "Borås Stad",
                    "route": line.wkt,
                }
            )
    return pd.DataFrame(rows)


def _network(holders: Sequence[str], rng: np.random.Generator) -> str:
    """Choose one of the networks that hold a base area, the two layers that walk before others."""
    near = [name for name in holders if not name.startswith("bu-")] or list(holders)
    return near[int(rng.integers(len(near)))] if near else ""


def _route(area: Any, rng: np.random.Generator) -> shapely.LineString:
    """Draw a path of whole metres that stays inside an area and turns as a walk does."""
    spot = np.round(np.array(area.representative_point().coords[0]))
    path, heading, n_tries = [spot], rng.uniform(0, 2 * np.pi), 0
    while len(path) < N_STEPS:
        heading += rng.normal(0, 0.7)
        length = max(1.0, STEP_M * 0.8 ** (n_tries // 20))  # a narrow place asks for short steps
        step = np.round(length * np.array([np.cos(heading), np.sin(heading)]))
        if shapely.contains_xy(area, *(path[-1] + step)):
            path.append(path[-1] + step)
            n_tries = 0
        else:
            heading += np.pi / 2
            n_tries += 1
    return shapely.LineString(path)


def findings(
    walks: pd.DataFrame, categories: dict[str, str], owners: Sequence[str], seed: int = SEED
) -> pd.DataFrame:
    """Make up what the walks found: near the route, of any category, at any stage.

    walks: as walks() gives them. categories: id -> name. Every description says that it is made
    up. One walk found nothing. Returns the columns of kinds.FINDINGS that are filled, as text
    where a cell may be empty; the same seed gives the same rows.

    >>> squares = gpd.GeoDataFrame({"name": ["A"]}, index=["a"], crs="EPSG:3006",
    ...     geometry=[shapely.box(0, 0, 2000, 2000)])
    >>> members = pd.DataFrame({"network_id": ["on-a"], "base_area_id": ["a"]})
    >>> made = findings(walks(squares, members), {"belysning": "Belysning"}, ["AB Bostäder"])
    >>> set(made["source"])
    {'synthetic'}
    """
    require_columns(walks, ("walk_id", "date", "light", "route"), "walks")
    rng = np.random.default_rng([seed, 1])
    rows: list[dict[str, Any]] = []
    for place, walk in enumerate(walks.to_dict(orient="records")):
        n = 0 if place == 0 else int(rng.poisson(FINDINGS_PER_WALK))
        for _ in range(n):
            about = {"finding_id": f"demo-{len(rows) + 1:04}", "walk_id": walk["walk_id"]}
            where = dict(
                zip(("x", "y"), _beside(shapely.from_wkt(walk["route"]), rng), strict=True)
            )
            what = _what(categories, rng)
            day = pd.Timestamp(walk["date"])
            made = about | where | what | _way(what["kind"], day, owners, rng)
            if not any(_is_like(made, row) for row in rows):
                rows.append(made | {"light": walk["light"], "source": SYNTHETIC})
    return pd.DataFrame(rows)


def _is_like(made: dict[str, Any], row: dict[str, Any]) -> bool:
    """Tell whether a finding would be taken for an earlier one: the same words, a few steps off."""
    same = all(made[name] == row[name] for name in ("walk_id", "kind", "category", "description"))
    return same and float(np.hypot(made["x"] - row["x"], made["y"] - row["y"])) < SAME_M


def _beside(route: Any, rng: np.random.Generator) -> Iterator[int]:
    spot = route.interpolate(rng.uniform(0, route.length))
    return (int(value) for value in np.round(np.array([spot.x, spot.y]) + rng.normal(0, OFF_M, 2)))


def _what(categories: dict[str, str], rng: np.random.Generator) -> dict[str, str]:
    category = list(categories)[int(rng.integers(len(categories)))]
    kind = "bra" if rng.random() < GOOD else "brist"
    text = TEXTS[int(rng.integers(len(TEXTS)))].format(name=categories[category].lower())
    return {"kind": kind, "category": category, "description": text}


def _way(
    kind: str, day: pd.Timestamp, owners: Sequence[str], rng: np.random.Generator
) -> dict[str, str]:
    """Return how far a finding has come, with the days of each step in order."""
    status = rng.choice(list(STATUSES), p=list(STATUSES.values())) if kind == "brist" else "noted"
    waits = {name: int(rng.integers(5, days)) for name, days in WAIT_DAYS.items()}
    owner = owners[int(rng.integers(len(owners)))]
    dates = [day + pd.Timedelta(days=int(wait)) for wait in np.cumsum([*waits.values()])]
    reached = {"answered": 1, "declined": 1, "done": 2, "verified": 3}.get(status, 0)
    n_passed = sum(date <= pd.Timestamp(NEWEST) for date in dates)
    if n_passed < reached:
        status, reached = STAGES[n_passed], n_passed
    found = {"observed_date": f"{day:%Y-%m-%d}", "status": str(status), "owner": ""}
    if status != "noted":
        found["owner"] = owner
        found["due_date"] = f"{day + pd.Timedelta(days=90):%Y-%m-%d}"
    for place, (name, date) in enumerate(zip(waits, dates, strict=True)):
        found[f"{name}_date"] = f"{date:%Y-%m-%d}" if place < reached else ""
    if status == "declined":
        found["answer"] = "Påhittat svar: ingår inte i uppdraget."
    return found
