"""Figures of base areas to areas, beside tobler; all indicators at once; small numbers hidden.

The peer is not among the project's requirements. To measure beside it, in an environment of its
own: `pip install -r requirements.txt -r benchmarks/requirements.txt`, and there
`python -m benchmarks welfare --regso FILE`. Without it our own figures are measured alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy import sparse

from benchmarks import Row, median
from benchmarks.assign import Array, regso_path, require, timed
from geo import allocate, disclosure, read
from geo.overlay import weights_from_geometry

SEED = 20261122
ROUNDS, QUICK_ROUNDS = 9, 3
COUNTY = "14"  # Västra Götaland
N_INDICATORS, N_PERIODS = 25, 10
N_ANSWERS, YES = 28, 0.84
PEOPLE = 2_400
NO_PEER = "the peer is missing: pip install -r benchmarks/requirements.txt"
Peer = Callable[..., gpd.GeoDataFrame]


def measure(quick: bool = False, regso: str = "") -> list[Row]:
    """Return every figure: by geometry beside the peer, all indicators, disclosure."""
    rounds = QUICK_ROUNDS if quick else ROUNDS
    rows = []
    for case in cases(regso):
        rows += compare(case, rounds)
    memberships, _ = read.memberships()
    weights = allocate.weights(memberships)
    return rows + defaults() + recompute(weights, rounds) + disclose(weights, rounds)


# By geometry, beside the peer.


@dataclass(frozen=True)
class Case:
    """One set of base areas, with counts, and the areas that they are brought to."""

    title: str
    base_areas: gpd.GeoDataFrame  # with n_people, n_yes and the share of them, share_yes
    areas: gpd.GeoDataFrame
    target: str


def cases(regso: str) -> Iterator[Case]:
    """Yield what is compared: all of a county's RegSO when the file is at hand."""
    shipped = counted(read.base_areas()[0])
    catchments, _ = read.areas()
    path = regso_path(regso)
    if path:
        sweden = gpd.read_file(path).set_index("regsokod").to_crs("EPSG:3006")
        county = counted(sweden[sweden.index.str.startswith(COUNTY)])
        squares = squares_over(county, 4_000)
        size = f"{len(county)} RegSO"
        yield Case(f"{size}, {len(squares):,} squares of 4 km", county, squares, ">= 1 x")
        circles = squares.set_geometry(squares.centroid.buffer(2_500))
        yield Case(f"{size}, {len(circles):,} circles of 5 km", county, circles, "")
    squares = squares_over(shipped, 1_000)
    told = "" if path else " (all RegSO not at hand: --regso)"
    title = f"{len(shipped)} base areas, {len(squares):,} squares of 1 km{told}"
    yield Case(title, shipped, squares, ">= 1 x")
    yield Case(f"{len(shipped)} base areas, {len(catchments)} catchments", shipped, catchments, "")


def counted(base_areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return base areas with people of them all, and those who said yes; the same each time."""
    random = np.random.default_rng(SEED)
    people = random.lognormal(np.log(PEOPLE), 0.5, len(base_areas)).round()
    yes = random.binomial(people.astype(int), random.uniform(0.05, 0.95, len(base_areas)))
    return base_areas.assign(n_people=people, n_yes=yes.astype(float), share_yes=yes / people)


def squares_over(base_areas: gpd.GeoDataFrame, side: int) -> gpd.GeoDataFrame:
    """Return the squares of a grid that some base area has land in."""
    x0, y0, x1, y1 = base_areas.total_bounds // side * side
    x, y = np.meshgrid(np.arange(x0, x1 + side, side), np.arange(y0, y1 + side, side))
    squares = shapely.box(x.ravel(), y.ravel(), x.ravel() + side, y.ravel() + side)
    met = shapely.STRtree(squares).query(base_areas.geometry, predicate="intersects")[1]
    return gpd.GeoDataFrame(geometry=squares[np.unique(met)], crs=base_areas.crs)


def compare(case: Case, rounds: int) -> list[Row]:
    """Time ours and the peer in turn on the same geometry, and hold their figures together."""
    taken: dict[str, list[float]] = defaultdict(list)
    for _ in range(rounds):
        ours = by_us(fresh(case), taken)
        theirs = by_peer(fresh(case), taken)
    ms = {key: median(values) * 1000 for key, values in taken.items()}
    missing = "" if tobler() else f" ({NO_PEER})"
    target = case.target if tobler() else ""
    both = "a count and a share, geometry to figures (ours with low, high and what is missing)"
    return [
        Row(f"{case.title}: shares of land{missing}", ms["land"], "ms", ms.get("tables"), target),
        Row(
            f"{case.title}: a count, geometry to figures", ms["count"], "ms", ms.get("one"), target
        ),
        Row(f"{case.title}: {both}", ms["both"], "ms", ms.get("two")),
        *distances(case, ours, theirs),
    ]


def fresh(case: Case) -> Case:
    """Return the same case in geometries that nobody has prepared or indexed."""
    frames = [
        frame.set_geometry(gpd.GeoSeries.from_wkb(frame.geometry.to_wkb(), crs=frame.crs))
        for frame in (case.base_areas, case.areas)
    ]
    return Case(case.title, *frames, case.target)


def by_us(case: Case, taken: dict[str, list[float]] | None = None) -> dict[str, Array]:
    """Bring a count and a share to the areas, our way; note the seconds."""
    people, yes = case.base_areas["n_people"], case.base_areas["n_yes"]
    land, weights = timed(weights_from_geometry, case.base_areas, case.areas)
    counting, counts = timed(allocate.counts, people, weights)
    sharing, shares = timed(allocate.shares, yes, people, weights)
    if taken is not None:
        taken["land"].append(land)
        taken["count"].append(land + counting)
        taken["both"].append(land + counting + sharing)
    return {"count": counts["value"].to_numpy(), "share": shares["value"].to_numpy()}


def by_peer(case: Case, taken: dict[str, list[float]]) -> dict[str, Array]:
    """Bring them to the areas as the peer does, told to leave outside what is outside."""
    peer = tobler()
    if peer is None:
        return {}
    from tobler.area_weighted.area_interpolate import _area_tables_binning

    seconds, _ = timed(_area_tables_binning, case.base_areas, case.areas, "auto")
    taken["tables"].append(seconds)
    again = fresh(case)
    seconds, _ = timed(interpolated, peer, again, ["n_people"], None)
    taken["one"].append(seconds)
    again = fresh(case)
    seconds, found = timed(interpolated, peer, again, ["n_people"], ["share_yes"])
    taken["two"].append(seconds)
    return found


def interpolated(
    peer: Peer, case: Case, counts: list[str], shares: list[str] | None, **settings: Any
) -> dict[str, Array]:
    """Return the peer's figures of the areas."""
    settings = {"allocate_total": False, **settings}
    found = peer(case.base_areas, case.areas, counts, shares, **settings)
    named = {"count": "n_people", "share": "share_yes"}
    return {key: found[name].to_numpy() for key, name in named.items() if name in found}


def distances(case: Case, ours: dict[str, Array], theirs: dict[str, Array]) -> list[Row]:
    """Return how far both are from exact, and fail when they should be the same and are not."""
    land = common_land(case)
    part = land / case.base_areas.area.to_numpy()[:, None]
    people, yes = (case.base_areas[name].to_numpy() @ part for name in ("n_people", "n_yes"))
    met = np.flatnonzero(people > 1e-6)
    right = {"count": people[met], "share": yes[met] / people[met]}
    mine = {name: far(ours[name][met], exact) for name, exact in right.items()}
    require(mine["count"] <= 1e-9 * people.max(), f"counts are off by {mine['count']!r} people")
    require(mine["share"] <= 1e-9, f"shares are off by {mine['share']!r}")
    other: dict[str, float] = {}
    peer = tobler()
    if peer is not None:
        other = {name: far(theirs[name][met], exact) for name, exact in right.items()}
        require(other["count"] <= 1e-6 * people.max(), f"the peer is off by {other['count']!r}")
        again = interpolated(peer, case, ["n_people"], None, table=sparse.csr_matrix(land))
        distance = far(again["count"], people) / people.max()
        require(distance <= 1e-9, f"the peer's way differs by {distance!r}")
    wide = 100 * other["share"] if other else None
    count_text = "a count, furthest from exact (the peer keeps its areas in 32 bits)"
    share_text = "a share, furthest from exact (the peer weights it by land, not by people)"
    return [
        Row(f"{case.title}: {count_text}", round(mine["count"], 6), "people", other.get("count")),
        Row(f"{case.title}: {share_text}", round(100 * mine["share"], 6), "%-points", wide),
    ]


def far(found: Array, exact: Array) -> float:
    """Return the largest distance between two arrays; a missing figure is infinitely far."""
    return float(np.nan_to_num(np.abs(found - exact), nan=np.inf).max())


def common_land(case: Case) -> Array:
    """Return base area × area: the m² of plain intersections, 64 bits, nothing skipped."""
    land, drawn = (each.geometry.to_numpy() for each in (case.base_areas, case.areas))
    base, area = shapely.STRtree(drawn).query(land, predicate="intersects")
    table = np.zeros((len(land), len(drawn)))
    table[base, area] = shapely.area(shapely.intersection(land[base], drawn[area]))
    return table


def tobler() -> Peer | None:
    """Return the peer's function, None when it is not installed."""
    if find_spec("tobler") is None:
        return None
    from tobler.area_weighted import area_interpolate

    return area_interpolate


# What the peer's defaults do, in towns small enough to reckon by hand.


def defaults() -> list[Row]:
    """Return four answers that are known beforehand, ours and the peer's with its defaults."""
    left, right = shapely.box(0, 0, 1_000, 1_000), shapely.box(1_000, 0, 2_000, 1_000)
    tenth, both = shapely.box(-500, 0, 100, 1_000), shapely.box(0, 0, 2_000, 1_000)
    wide = shapely.box(1_000, 0, 101_000, 1_000)
    dense = town([left, wide], [10_000, 10], [0.05, 0.5], [left.union(wide)])
    unknown = town([left, right], [1_000, 1_000], [0.4, np.nan], [both])
    return [
        row(
            "two equal areas over 1,000 people: the first's",
            "count",
            town([left], [1_000], [0.5], [left, left]),
        ),
        row(
            "an area over a tenth of the land of 1,000 people",
            "count",
            town([left], [1_000], [0.5], [tenth]),
        ),
        row("5 % of 10,000 in 1 km², 50 % of 10 in 100 km²", "share", dense),
        row("40 % of 1,000, and 1,000 of whom nothing is known", "share", unknown),
    ]


def row(title: str, what: str, case: Case) -> Row:
    """Return our figure for the first area of a town, and the peer's."""
    peer, scale = tobler(), 100 if what == "share" else 1
    unit, theirs = "%" if what == "share" else "people", None
    told = f"{title} (peer: its defaults)"
    if peer is not None:
        if case.base_areas["share_yes"].isna().any():
            # The peer writes 0 over what is missing; pandas 3 forbids it the writing: it stops.
            told = f"{title} (peer: 0 for missing, as it means to put; with pandas 3 it stops)"
        zeros = Case("", case.base_areas.fillna({"share_yes": 0.0}), case.areas, "")
        found = interpolated(peer, zeros, ["n_people"], ["share_yes"], allocate_total=True)
        theirs = scale * float(found[what][0])
    return Row(told, scale * float(by_us(case)[what][0]), unit, theirs)


def town(base: list[Any], people: list[int], share: list[float], areas: list[Any]) -> Case:
    """Return a town of a few base areas."""
    n_people = np.array(people, float)
    columns = {"n_people": n_people, "share_yes": share, "n_yes": n_people * share}
    base_areas = gpd.GeoDataFrame(columns, geometry=base, crs=3006)
    return Case("", base_areas, gpd.GeoDataFrame(geometry=areas, crs=3006), "")


# Every indicator and period at once.


def recompute(weights: pd.DataFrame, rounds: int) -> list[Row]:
    """Time all indicators, periods and areas from the base areas."""
    columns = [f"{i}-{p}" for i in range(N_INDICATORS) for p in range(N_PERIODS)]
    yes, asked = survey(weights.index, len(columns))
    yes.columns = asked.columns = columns
    taken = [timed(allocate.shares_table, yes, asked, weights)[0] for _ in range(rounds)]
    title = (
        f"{N_INDICATORS} indicators, {N_PERIODS} periods, {len(weights.columns)} areas from "
        f"{len(weights)} base areas: shares, low, high"
    )
    return [Row(title, median(taken) * 1000, "ms", None, "<= 50")]


def survey(index: pd.Index, n_columns: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return yes and asked, as a survey gives them: few answers in each base area."""
    random = np.random.default_rng(SEED)
    asked = random.poisson(N_ANSWERS, (len(index), n_columns))
    yes = random.binomial(asked, YES)
    return pd.DataFrame(yes.astype(float), index), pd.DataFrame(asked.astype(float), index)


# Small numbers.


def disclose(weights: pd.DataFrame, rounds: int) -> list[Row]:
    """Time the hiding of small numbers, and prove that no hidden number can be worked out."""
    yes, asked = survey(weights.index, N_INDICATORS)
    people = counted(read.base_areas()[0])["n_people"]
    one = {
        "people": lambda: disclosure.protect(people, weights, threshold=5),
        "answers no": lambda: disclosure.protect(asked[0] - yes[0], weights, threshold=5),
        "a share": lambda: disclosure.protect_shares(yes[0], asked[0], weights, threshold=5),
    }
    rows = []
    for what, protect in one.items():
        rows += hiding(
            f"{what}, {len(weights)} base areas, areas and total", protect, weights, rounds
        )
    return rows + hide_all(yes, asked, weights)


def hiding(
    title: str, protect: Callable[[], pd.DataFrame], weights: pd.DataFrame, rounds: int
) -> list[Row]:
    """Return the rows of one indicator."""
    times, tables = zip(*(timed(protect) for _ in range(rounds)), strict=True)
    seconds, proof = timed(disclosure.audit, tables[0], weights)
    hidden = tables[0]["status"].str.startswith("suppressed")
    return [
        Row(f"{title}: hidden", median(times) * 1000, "ms", None, "<= 1000"),
        Row(f"{title}: audited", seconds * 1000, "ms"),
        Row(f"{title}: hidden of {len(hidden)}", float(hidden.sum()), ""),
        Row(
            f"{title}: can be worked out",
            float(proof["exactly_recoverable"].sum()),
            "",
            None,
            "<= 0",
        ),
    ]


def hide_all(yes: pd.DataFrame, asked: pd.DataFrame, weights: pd.DataFrame) -> list[Row]:
    """Return the rows of all indicators, one after the other."""
    made = [timed(disclosure.protect_shares, yes[i], asked[i], weights, threshold=5) for i in yes]
    proofs = [timed(disclosure.audit, table, weights) for _, table in made]
    found = sum(int(proof["exactly_recoverable"].sum()) for _, proof in proofs)
    title = f"{len(made)} indicators, shares"
    return [
        Row(f"{title}: hidden", 1000 * sum(seconds for seconds, _ in made), "ms", None, "<= 15000"),
        Row(
            f"{title}: the slowest",
            1000 * max(seconds for seconds, _ in made),
            "ms",
            None,
            "<= 1000",
        ),
        Row(f"{title}: audited", 1000 * sum(seconds for seconds, _ in proofs), "ms"),
        Row(f"{title}: can be worked out", float(found), "", None, "<= 0"),
    ]
