"""The ranking with its certainty: who is surely, possibly or not among the first, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from geo.errors import GeoError
from geo.priority.draws import (
    AGGREGATE,
    LEFT_OUT,
    METHOD,
    VALUES,
    WEIGHTS,
    Progress,
    Setup,
    checked_draws,
    drawn_ranks,
)
from geo.priority.scoring import (
    AGGREGATES,
    ARITHMETIC,
    METHODS,
    MINMAX,
    PERCENTILE,
    ZSCORE,
    Array,
    Bounds,
    Directions,
    checked,
    checked_weights,
    is_number,
    score,
    signs,
)

SURELY, POSSIBLY, NOT, NO_VERDICT = "säkert", "möjligen", "inte", "går ej att bedöma"
SURE, UNLIKELY = 0.95, 0.05  # the share of draws from which it is surely, and below which not
STRENGTH = 100.0
TOP = 5  # as many as a meeting can take up
NEAR = 0.02  # of a limit: there a share is written with a decimal
ENDS = (5, 95)  # percentiles of the ranks: what is sure has its whole span among the first
SMALL = 4_096  # draws per factor when their shares of the variance are estimated
FACTOR = {
    VALUES: "hur osäkra värdena är",
    WEIGHTS: "vilka vikter som väljs",
    METHOD: "hur värdena görs jämförbara",
    AGGREGATE: "hur de vägs samman",
    LEFT_OUT: "vilka indikatorer som är med",
}
COLUMNS = ("score", "rank", "rank_median", "rank_low", "rank_high", "p_top", "verdict")


def rank(
    values: pd.DataFrame,
    direction: Directions,
    weights: Mapping[str, float] | pd.Series,
    *,
    draws: int = 10_000,
    seed: int = 0,
    top: int = TOP,
    bounds: Bounds | None = None,
    low: pd.DataFrame | None = None,
    high: pd.DataFrame | None = None,
    method: str = MINMAX,
    aggregate: str = ARITHMETIC,
    strength: float = STRENGTH,
    methods: Sequence[str] = (MINMAX, PERCENTILE),
    aggregates: Sequence[str] = AGGREGATES,
    leaves_out: bool = True,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Rank areas by their score, and say how sure each place is.

    values: area × indicator (NaN: not known or not shown). direction, weights, bounds, method,
    aggregate: as score. low, high: 95 % interval of each value, of sampling and of allocation
    together (missing: the value is taken as it is). draws (1–1 000 000), seed: the same seed gives
    the same ranking on every machine. top: among how many first. strength: of the Dirichlet around
    the weights; a weight of 0.1 then has a standard deviation of about sqrt(0.09 / strength).
    methods, aggregates: what each draw chooses among; leaves_out: each draw leaves out one
    indicator or none, all equally likely.

    Returns, index as values, by rank_median, then p_top, then score, the largest need first: score,
    rank (of the chosen settings, without draws; equal scores share the better), rank_median,
    rank_low, rank_high (5th and 95th percentile of the draws), p_top (share of draws among the
    first top; they sum to top), verdict: säkert (p_top from 0.95, so that rank_high is among them),
    inte (under 0.05, so that rank_low is not), möjligen, or går ej att bedöma (less than two thirds
    of the chosen weights are known; no rank, NaN, and never last).
    Who is judged is decided once, by the chosen weights; the others compete in no draw, but their
    known values count when values are made comparable. Equal scores in a draw are ranked by chance.
    p_top is itself drawn: its 95 % error is 2 · sqrt(p · (1 − p) / draws), 0.004 at 0.95 with
    10 000 draws. Raises GeoError as score, and for draws, seed, top and intervals that are wrong.
    Source: OECD/JRC Handbook, chapter 7 on uncertainty.

    >>> values = pd.DataFrame({"a": [1.0, 5.0, 9.0], "b": [2.0, 4.0, 9.0]}, index=["A", "B", "C"])
    >>> found = rank(values, {"a": "high", "b": "high"}, {"a": 0.5, "b": 0.5}, draws=100, top=1)
    >>> found["verdict"].to_dict()
    {'C': 'säkert', 'B': 'inte', 'A': 'inte'}
    """
    if not isinstance(top, int | np.integer) or not top >= 1:
        raise GeoError(f"top: ett heltal från 1 väntades, fick {top!r}.")
    central = score(values, direction, weights, method, bounds, aggregate)
    setup = setup_of(
        values, direction, weights, bounds=bounds, low=low, high=high, strength=strength,
        methods=methods, aggregates=aggregates, leaves_out=leaves_out,
    )  # fmt: skip
    ranks = drawn_ranks(setup, checked_draws(draws), seed, progress=progress)
    table = pd.DataFrame({"score": central})
    table["rank"] = central.rank(method="min", ascending=False)
    table = table.join(pd.DataFrame(_certainty(ranks, setup.judged, top), index=values.index))
    table["verdict"] = [verdict(p) for p in table["p_top"]]
    order = {"rank_median": True, "p_top": False, "score": False}
    return table[list(COLUMNS)].sort_values(list(order), ascending=list(order.values()))


def usual_top(n_areas: int) -> int:
    """Return among how many first a place is judged unless somebody says: five, at most half.

    Among more than half nearly everybody is, whatever the values are.

    >>> usual_top(47), usual_top(7), usual_top(1)
    (5, 3, 1)
    """
    return max(1, min(TOP, n_areas // 2))


def setup_of(
    values: pd.DataFrame,
    direction: Directions,
    weights: Mapping[str, float] | pd.Series,
    *,
    bounds: Bounds | None = None,
    low: pd.DataFrame | None = None,
    high: pd.DataFrame | None = None,
    strength: float = STRENGTH,
    methods: Sequence[str] = (MINMAX, PERCENTILE),
    aggregates: Sequence[str] = AGGREGATES,
    leaves_out: bool = True,
) -> Setup:
    """Put together what rank draws from; parameters and errors as there.

    >>> values = pd.DataFrame({"a": [1.0, 5.0]}, index=["A", "B"])
    >>> setup_of(values, {"a": "low"}, {"a": 1.0}).values.tolist()
    [[-1.0], [-5.0]]
    """
    faults = [
        f"{name}: ett eller flera av {', '.join(known)} väntades, fick {given!r}"
        for name, given, known in (
            ("methods", methods, METHODS),
            ("aggregates", aggregates, AGGREGATES),
        )
        if not given or not set(given) <= set(known)
    ]
    if not is_number(strength) or not strength > 0:
        faults.append(f"strength: ett tal över 0 väntades, fick {strength!r}")
    if faults:
        raise GeoError(f"{'; '.join(faults)}.")
    if ZSCORE in methods and len(aggregates) > 1:
        raise GeoError("methods: zscore går bara ihop med aritmetiskt medel. Ange aggregates.")
    posts = checked(values, direction, methods[0], bounds)
    share = checked_weights(weights, list(map(str, values.columns)))
    sign = signs(values, direction)
    middle = values.to_numpy(dtype=float)
    ends = [_end(values, given) for given in (low, high)]
    is_wrong = (ends[0] > middle + 1e-9) | (ends[1] < middle - 1e-9) | np.isinf(ends).any(axis=0)
    if is_wrong.any():
        raise GeoError("low, high: varje värde ska ligga mellan sitt lägsta och högsta, ändliga.")
    oriented = np.sort(np.stack([ends[0] * sign, ends[1] * sign]), axis=0)
    return Setup(
        middle * sign, oriented[0], oriented[1], share.to_numpy(), posts, float(strength),
        tuple(methods), tuple(aggregates), leaves_out,
    )  # fmt: skip


def _end(values: pd.DataFrame, given: pd.DataFrame | None) -> Array:
    """Return one end of the intervals; where none is known, the value itself."""
    if given is None:
        return values.to_numpy(dtype=float)
    if not given.index.is_unique or not given.columns.is_unique:
        raise GeoError("low, high: samma områden och indikatorer som values väntades, en gång var.")
    same = given.reindex(index=values.index, columns=values.columns)
    return same.where(same.notna(), values).to_numpy(dtype=float)


def _certainty(ranks: Array, judged: Array, top: int) -> dict[str, Array]:
    """Return median, ends and share among the first, of the areas that are judged."""
    found = np.full((4, len(judged)), np.nan)
    if judged.any():
        own = ranks[:, judged]
        found[:3, judged] = np.percentile(own, (50, *ENDS), axis=0, method="inverted_cdf")
        found[3, judged] = (own <= top).mean(axis=0)
    return dict(zip(COLUMNS[2:6], found, strict=True))


def verdict(p_top: float) -> str:
    """Say in a word how sure it is that an area is among the first.

    >>> verdict(0.95), verdict(0.5), verdict(0.04), verdict(float("nan"))
    ('säkert', 'möjligen', 'inte', 'går ej att bedöma')
    """
    if np.isnan(p_top):
        return NO_VERDICT
    return SURELY if p_top >= SURE else NOT if p_top < UNLIKELY else POSSIBLY


def written(p_top: float) -> tuple[float, int]:
    """Return a share as it is written, with how many decimals of a per cent: never across a limit.

    Within two percentage points of a limit of the verdicts it has one decimal, so that what is
    said and the number agree; so has what is not quite none or all.

    >>> written(0.9496), written(0.5123), written(0.95), written(0.9999), written(1.0)
    ((0.949, 1), (0.5123, 0), (0.95, 1), (0.999, 1), (1.0, 0))
    >>> written(np.float64(0.9405)) == written(0.9405)
    True
    """
    p_top = float(p_top)  # numpy rounds a half the other way
    is_close = min(abs(p_top - SURE), abs(p_top - UNLIKELY)) <= NEAR + 1e-9
    if not is_close and not 0 < min(p_top, 1 - p_top) < 0.005:
        return p_top, 0
    limits = {NOT: (0.001, UNLIKELY - 0.001), POSSIBLY: (UNLIKELY, SURE - 0.001)}
    lowest, highest = limits.get(verdict(p_top), (SURE, 0.999))
    return min(max(round(p_top, 3), lowest), highest), 1


def drivers(setup: Setup, seed: int = 0, draws: int = SMALL) -> pd.Series:
    """Say which assumption moves the ranking most: first-order shares of the variance of ranks.

    Index (the largest first) values, weights, method, aggregate, left_out: the share (0–1) of all
    variance of the areas' ranks that is explained by that one alone. What is left is what they do
    together, and the chance that ranks equal ones. 0 when nothing moves. Pick-freeze: two sets of
    draws that share one factor and nothing else; its share is their covariance. Source: Saltelli
    et al., Global Sensitivity Analysis.

    >>> one = np.array([[1.0], [2.0]])
    >>> setup = Setup(one, one, one, np.array([1.0]), (np.full(1, np.nan),) * 2, np.inf)
    >>> float(drivers(setup, draws=100).sum())
    0.0
    """
    checked_draws(draws)
    base = drawn_ranks(setup, draws, seed)[:, setup.judged].astype(float)
    apart = base - base.mean(axis=0)
    whole = float((apart**2).mean(axis=0).sum())
    shares = {}
    for factor in FACTOR:
        other = drawn_ranks(setup, draws, seed, f"all but {factor}")[:, setup.judged].astype(float)
        shared = float((apart * (other - other.mean(axis=0))).mean(axis=0).sum())
        shares[factor] = min(max(shared / whole, 0.0), 1.0) if whole > 0 else 0.0
    return pd.Series(shares, name="share").sort_values(ascending=False, kind="stable")


def alike(
    setup: Setup, ids: pd.Index, *, seed: int = 0, draws: int = 10_000, sure: float = SURE
) -> pd.DataFrame:
    """List the pairs of areas that cannot be told apart: a, b, p_before; the least sure first.

    p_before: the share of draws in which a has the better rank; a pair is listed when it lies
    between 1 − sure and sure. Areas that cannot be judged are in no pair.

    >>> one = np.array([[1.0], [1.0], [5.0]])
    >>> setup = Setup(one, one, one, np.array([1.0]), (np.full(1, np.nan),) * 2, np.inf)
    >>> alike(setup, pd.Index(["A", "B", "C"]))[["a", "b"]].values.tolist()
    [['A', 'B']]
    """
    ranks = drawn_ranks(setup, checked_draws(draws), seed)
    rows = []
    for one, other in combinations(np.flatnonzero(setup.judged), 2):
        p_before = float((ranks[:, one] < ranks[:, other]).mean())
        if 1 - sure < p_before < sure:
            rows.append((ids[int(one)], ids[int(other)], p_before))
    found = pd.DataFrame(rows, columns=["a", "b", "p_before"])
    return found.sort_values("p_before", key=lambda p: (p - 0.5).abs(), ignore_index=True)
