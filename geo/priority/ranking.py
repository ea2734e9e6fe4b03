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
    MINMAX,
    PERCENTILE,
    ZSCORE,
    Bounds,
    Directions,
    checked,
    checked_weights,
    score,
    signs,
)

SURELY, POSSIBLY, NOT, NO_VERDICT = "säkert", "möjligen", "inte", "går ej att bedöma"
SURE, UNLIKELY = 0.9, 0.1  # the share of draws from which it is surely, and up to which it is not
STRENGTH = 100.0
ENDS = (5, 95)  # percentiles of the ranks
SMALL = 4_096  # draws per factor when their shares of the variance are estimated
COLUMNS = ("score", "rank", "rank_median", "rank_low", "rank_high", "p_top", "verdict")


def rank(
    values: pd.DataFrame,
    direction: Directions,
    weights: Mapping[str, float] | pd.Series,
    *,
    draws: int = 10_000,
    seed: int = 0,
    top: int = 5,
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

    Returns, index as values, the highest score first: score, rank (of the chosen settings, without
    draws; equal scores share the better), rank_median, rank_low, rank_high (5th and 95th percentile
    of the draws), p_top (share of draws among the first top), verdict: säkert (p_top from 0.9),
    inte (up to 0.1), möjligen, or går ej att bedöma (less than two thirds of the weights are
    known; no rank, NaN, and never last). Raises GeoError as score, and for draws, top and intervals
    that are wrong. Source: OECD/JRC Handbook, chapter 7 on uncertainty.

    >>> values = pd.DataFrame({"a": [1.0, 5.0, 9.0], "b": [2.0, 4.0, 9.0]}, index=["A", "B", "C"])
    >>> found = rank(values, {"a": "high", "b": "high"}, {"a": 0.5, "b": 0.5}, draws=100, top=1)
    >>> found["verdict"].to_dict()
    {'C': 'säkert', 'B': 'inte', 'A': 'inte'}
    """
    if not top >= 1:
        raise GeoError(f"top: ett heltal från 1 väntades, fick {top!r}.")
    central = score(values, direction, weights, method, bounds, aggregate)
    setup = setup_of(
        values, direction, weights, bounds=bounds, low=low, high=high, strength=strength,
        methods=methods, aggregates=aggregates, leaves_out=leaves_out,
    )  # fmt: skip
    ranks = drawn_ranks(setup, checked_draws(draws), seed, progress=progress)
    table = pd.DataFrame({"score": central})
    table["rank"] = central.rank(method="min", ascending=False)
    table = table.join(pd.DataFrame(_certainty(ranks, top), index=values.index))
    table.loc[table["score"].isna(), list(COLUMNS[1:6])] = np.nan
    table["verdict"] = [verdict(p) for p in table["p_top"]]
    return table[list(COLUMNS)].sort_values("score", ascending=False, kind="stable")


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
    if not strength > 0:
        raise GeoError(f"strength: ett tal över 0 väntades, fick {strength!r}.")
    if ZSCORE in methods and len(aggregates) > 1:
        raise GeoError("methods: zscore går bara ihop med aritmetiskt medel. Ange aggregates.")
    for name in methods:
        posts = checked(values, direction, name, bounds)
    share = checked_weights(weights, list(map(str, values.columns)))
    sign = signs(values, direction)
    middle = values.to_numpy(dtype=float)
    ends = [_end(values, given) for given in (low, high)]
    if (ends[0] > middle + 1e-9).any() or (ends[1] < middle - 1e-9).any():
        raise GeoError("low, high: varje värde ska ligga mellan sitt lägsta och högsta.")
    oriented = np.sort(np.stack([ends[0] * sign, ends[1] * sign]), axis=0)
    return Setup(
        middle * sign, oriented[0], oriented[1], share.to_numpy(), posts, float(strength),
        tuple(methods), tuple(aggregates), leaves_out,
    )  # fmt: skip


def _end(values: pd.DataFrame, given: pd.DataFrame | None) -> np.ndarray[tuple[int, int], np.dtype]:
    """Return one end of the intervals; where none is known, the value itself."""
    if given is None:
        return values.to_numpy(dtype=float)
    same = given.reindex(index=values.index, columns=values.columns)
    return same.where(same.notna(), values).to_numpy(dtype=float)


def _certainty(ranks: np.ndarray, top: int) -> dict[str, np.ndarray]:
    """Return median, ends and share among the first, of the draws in which an area is ranked."""
    shown = np.where(ranks > 0, ranks.astype(float), np.nan)
    judged = (ranks > 0).sum(axis=0)
    is_any = judged > 0
    filled = np.where(is_any, shown, 0)  # no warning of columns that are empty
    middle, low, high = (
        np.nanpercentile(filled, part, axis=0, method="inverted_cdf") for part in (50, *ENDS)
    )
    first = ((ranks > 0) & (ranks <= top)).sum(axis=0) / np.maximum(judged, 1)
    found = {"rank_median": middle, "rank_low": low, "rank_high": high, "p_top": first}
    return {name: np.where(is_any, column, np.nan) for name, column in found.items()}


def verdict(p_top: float) -> str:
    """Say in a word how sure it is that an area is among the first.

    >>> verdict(0.95), verdict(0.5), verdict(0.1), verdict(float("nan"))
    ('säkert', 'möjligen', 'inte', 'går ej att bedöma')
    """
    if np.isnan(p_top):
        return NO_VERDICT
    return SURELY if p_top >= SURE else NOT if p_top <= UNLIKELY else POSSIBLY


def drivers(setup: Setup, seed: int = 0, draws: int = SMALL) -> pd.Series:
    """Say which assumption moves the ranking most: first-order shares of the variance of ranks.

    Index (the largest first) values, weights, method, aggregate, left_out: the share (0–1) of all
    variance of the areas' ranks that is explained by that one alone. What is left is what they do
    together. Pick-freeze: two sets of draws that share one factor and nothing else; its share is
    their covariance. 0 when nothing moves. Source: Saltelli et al., Global Sensitivity Analysis.

    >>> one = np.array([[1.0], [2.0]])
    >>> setup = Setup(one, one, one, np.array([1.0]), (np.full(1, np.nan),) * 2, np.inf)
    >>> float(drivers(setup, draws=100).sum())
    0.0
    """
    checked_draws(draws)
    base = drawn_ranks(setup, draws, seed).astype(float)
    is_judged = (base > 0).all(axis=0)
    base = base[:, is_judged]
    apart = base - base.mean(axis=0)
    whole = float((apart**2).mean(axis=0).sum())
    shares = {}
    for factor in (VALUES, WEIGHTS, METHOD, AGGREGATE, LEFT_OUT):
        other = drawn_ranks(setup, draws, seed, f"all but {factor}")[:, is_judged].astype(float)
        shared = float((apart * (other - other.mean(axis=0))).mean(axis=0).sum())
        shares[factor] = min(max(shared / whole, 0.0), 1.0) if whole > 0 else 0.0
    return pd.Series(shares, name="share").sort_values(ascending=False, kind="stable")


def alike(
    setup: Setup, ids: pd.Index, *, seed: int = 0, draws: int = 10_000, sure: float = SURE
) -> pd.DataFrame:
    """List the pairs of areas that cannot be told apart: a, b, p_before; the least sure first.

    p_before: the share of draws in which a has the better rank (a tie is half); a pair is listed
    when it lies between 1 − sure and sure. Areas that cannot be judged are in no pair.

    >>> one = np.array([[1.0], [1.0], [5.0]])
    >>> setup = Setup(one, one, one, np.array([1.0]), (np.full(1, np.nan),) * 2, np.inf)
    >>> alike(setup, pd.Index(["A", "B", "C"]), draws=10).values.tolist()
    [['A', 'B', 0.5]]
    """
    ranks = drawn_ranks(setup, checked_draws(draws), seed)
    rows = []
    for one, other in combinations(np.flatnonzero((ranks > 0).all(axis=0)), 2):
        first = (ranks[:, one] < ranks[:, other]).mean()
        p_before = float(first + 0.5 * (ranks[:, one] == ranks[:, other]).mean())
        if 1 - sure < p_before < sure:
            rows.append((ids[int(one)], ids[int(other)], p_before))
    found = pd.DataFrame(rows, columns=["a", "b", "p_before"])
    return found.sort_values("p_before", key=lambda p: (p - 0.5).abs(), ignore_index=True)


def one_need(overlap: pd.DataFrame, ids: Sequence[str], least: float = 0.8) -> pd.Series:
    """Group areas that share most of their ground: one need, not two. Index ids: name of the group.

    overlap: a, b, share_of_a, share_of_b (geo.coverage.overlap). Two areas belong together when
    each has at least the share least of the other; chains join. The group's name is its first id.

    >>> pairs = pd.DataFrame({"a": ["bu-norrby"], "b": ["on-norrby"], "share_of_a": 1.0,
    ...     "share_of_b": 0.9})
    >>> one_need(pairs, ["bu-norrby", "on-norrby", "on-hulta"]).tolist()
    ['bu-norrby', 'bu-norrby', 'on-hulta']
    """
    group = {str(i): str(i) for i in ids}
    near = overlap[(overlap["share_of_a"] >= least) & (overlap["share_of_b"] >= least)]
    for a, b in zip(near["a"], near["b"], strict=True):
        if a in group and b in group:
            first, second = sorted((group[a], group[b]), key=list(group).index)
            group = {i: first if name == second else name for i, name in group.items()}
    return pd.Series(group, name="need")
