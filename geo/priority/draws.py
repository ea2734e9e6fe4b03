"""Many draws over what is uncertain: values, weights, how they are normalised and added up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from geo.errors import GeoError
from geo.priority.scoring import (
    AGGREGATES,
    LEAST_KNOWN,
    MINMAX,
    PERCENTILE,
    Array,
    aggregated,
    normalised,
)

CHUNK = 250  # draws at a time: memory stays flat, and a chunk fits in the cache
MOST_DRAWS = 1_000_000
WITHIN = 1.959964  # standard deviations from the value to the end of a 95 % interval
VALUES, WEIGHTS, METHOD, AGGREGATE, LEFT_OUT, TIES = FACTORS = (
    "values",
    "weights",
    "method",
    "aggregate",
    "left_out",
    "ties",
)
Progress = Callable[[int, int], object]  # draws done, draws in all


@dataclass(frozen=True)
class Setup:
    """What is drawn: oriented values (more is more) with their intervals, weights, the choices.

    values, low, high: areas × indicators; low and high equal the value where nothing is uncertain.
    posts: goalposts (low, high) per indicator, NaN for the values' own. strength: of the Dirichlet
    around the weights; the higher, the closer; infinite: the weights are not drawn. methods,
    aggregates: what is chosen among. leaves_out: also leave one indicator (or none) out.
    """

    values: Array
    low: Array
    high: Array
    weights: Array
    posts: tuple[Array, Array]
    strength: float
    methods: Sequence[str] = (MINMAX, PERCENTILE)
    aggregates: Sequence[str] = AGGREGATES
    leaves_out: bool = True

    @property
    def judged(self) -> Array:
        """The areas that compete, the same in every draw: enough of the chosen weights is known."""
        held = ~np.isnan(self.values) @ self.weights
        return np.asarray(held >= LEAST_KNOWN - 1e-6)


def checked_draws(draws: int) -> int:
    """Return the number of draws; raises GeoError when it is none or more than MOST_DRAWS.

    >>> checked_draws(10_000)
    10000
    """
    if not isinstance(draws, int | np.integer) or not 1 <= draws <= MOST_DRAWS:
        raise GeoError(f"draws: ett heltal från 1 till {MOST_DRAWS:_} väntades, fick {draws!r}.")
    return int(draws)


def streams(seed: int, other: str = "") -> dict[str, np.random.Generator]:
    """Return a generator per factor, so that one can be drawn anew while the others stay.

    other: the factor, if any, that is drawn anew; "all but" + a factor draws all the others anew.

    Raises GeoError for a seed that is no whole number from 0.

    >>> streams(1)["values"].random() == streams(1, "weights")["values"].random()
    True
    """
    if not isinstance(seed, int | np.integer) or seed < 0:
        raise GeoError(f"seed: ett heltal från 0 väntades, fick {seed!r}.")
    first, second = np.random.SeedSequence(seed).spawn(2)
    kept = dict(zip(FACTORS, first.spawn(len(FACTORS)), strict=True))
    anew = dict(zip(FACTORS, second.spawn(len(FACTORS)), strict=True))
    only = other.removeprefix("all but ")
    is_all_but = other != only
    chosen = {name: anew[name] if (name == only) != is_all_but else kept[name] for name in FACTORS}
    if not other:
        chosen = kept
    return {name: np.random.default_rng(sequence) for name, sequence in chosen.items()}


def scores(
    setup: Setup,
    draws: int,
    generators: dict[str, np.random.Generator],
    progress: Progress | None = None,
) -> Iterator[Array]:
    """Give the scores of all draws, CHUNK at a time: draws × areas; NaN cannot be judged.

    Who is judged is decided once, by the chosen weights (Setup.judged). Each draw then scales up
    the weights of what is known of an area, however little; an area that has no weight on anything
    known in a draw (its only indicator is left out) gets the mean of the others in that draw.

    >>> one = np.array([[1.0], [2.0]])
    >>> setup = Setup(one, one, one, np.array([1.0]), (np.full(1, np.nan),) * 2, np.inf,
    ...     methods=("minmax",), aggregates=("arithmetic",), leaves_out=False)
    >>> next(scores(setup, 2, streams(0))).tolist()
    [[0.0, 1.0], [0.0, 1.0]]
    """
    done = 0
    while done < draws:
        n = min(CHUNK, draws - done)
        yield _chunk(setup, n, generators)
        done += n
        if progress is not None:
            progress(done, draws)


def _chunk(setup: Setup, n: int, generators: dict[str, np.random.Generator]) -> Array:
    values = _values(setup, n, generators[VALUES])
    weights = _weights(setup, n, generators).astype(np.float32)
    low, high = (ends.astype(np.float32) for ends in setup.posts)
    methods = generators[METHOD].integers(len(setup.methods), size=n)
    aggregates = generators[AGGREGATE].integers(len(setup.aggregates), size=n)
    found = np.empty((n, setup.values.shape[0]))
    for place, method in enumerate(setup.methods):
        rows = np.flatnonzero(methods == place)
        if not len(rows):
            continue
        ready = normalised(values[rows], method, low, high)
        for way, aggregate in enumerate(setup.aggregates):
            own = aggregates[rows] == way
            if own.any():
                found[rows[own]] = aggregated(ready[own], weights[rows[own]], aggregate, 0)
    return _of_judged(found, setup.judged)


def _of_judged(found: Array, judged: Array) -> Array:
    found = np.where(judged, found, np.nan)
    lacks = np.isnan(found) & judged
    if lacks.any():
        total = np.where(np.isnan(found), 0, found).sum(axis=1)
        mean = total / np.maximum((~np.isnan(found)).sum(axis=1), 1)
        found = np.where(lacks, mean[:, None], found)
    return found


def _values(setup: Setup, n: int, generator: np.random.Generator) -> Array:
    """Draw values: normal on each side, so that 95 % lie within the interval."""
    drawn = generator.standard_normal((n, *setup.values.shape), dtype=np.float32)
    below = ((setup.values - setup.low) / WITHIN).astype(np.float32)
    above = ((setup.high - setup.values) / WITHIN).astype(np.float32)
    drawn *= np.where(drawn < 0, below, above)
    drawn += setup.values.astype(np.float32)
    return np.asarray(drawn)


def _weights(setup: Setup, n: int, generators: dict[str, np.random.Generator]) -> Array:
    """Draw weights around the chosen ones, then leave one indicator (or none) out."""
    weights = np.broadcast_to(setup.weights, (n, len(setup.weights)))
    drawn = generators[WEIGHTS].standard_gamma(_shape(setup), size=weights.shape)
    if np.isfinite(setup.strength):
        total = drawn.sum(axis=1, keepdims=True)
        weights = np.where(total > 0, drawn / np.where(total > 0, total, 1), setup.weights)
    left = generators[LEFT_OUT].integers(-1, weights.shape[1], size=n)
    if setup.leaves_out and np.count_nonzero(setup.weights) > 1:
        weights = np.where(left[:, None] == np.arange(weights.shape[1]), 0, weights)
        total = weights.sum(axis=1, keepdims=True)
        weights = np.where(total > 0, weights / np.where(total > 0, total, 1), setup.weights)
    return np.asarray(weights)


def _shape(setup: Setup) -> Array:
    return np.asarray(setup.weights * (setup.strength if np.isfinite(setup.strength) else 1))


def ranks(
    found: Array, generator: np.random.Generator
) -> np.ndarray[tuple[int, int], np.dtype[np.uint16]]:
    """Rank each draw: 1 has the highest score; 0 cannot be judged.

    Equal scores (to six decimals) are ranked by chance, each draw anew: none of them is favoured,
    and every place is somebody's.

    >>> ranks(np.array([[0.5, np.nan, 0.9]]), np.random.default_rng(0)).tolist()
    [[2, 0, 1]]
    """
    filled = np.where(np.isnan(found), -np.inf, found.round(6))
    chance = np.asarray(generator.random(found.shape, dtype=np.float32))
    order = np.sort(filled, axis=1)[:, ::-1]
    above = np.empty(found.shape, dtype=np.uint16)
    for row in range(0, len(found), 64):  # in blocks that stay in the processor's cache
        block, sort = filled[row : row + 64], order[row : row + 64]
        above[row : row + 64] = (sort[:, None, :] > block[:, :, None]).sum(axis=2)
    tied = ((order[:, 1:] == order[:, :-1]) & (order[:, 1:] > -np.inf)).any(axis=1)
    if tied.any():
        places = np.lexsort((chance[tied], -filled[tied]), axis=1)
        above[tied] = np.argsort(places, axis=1)
    return np.where(np.isnan(found), 0, above + 1).astype(np.uint16)


def drawn_ranks(
    setup: Setup, draws: int, seed: int, other: str = "", progress: Progress | None = None
) -> np.ndarray[tuple[int, int], np.dtype[np.uint16]]:
    """Return the ranks of every draw: draws × areas, two bytes each. See ranks and streams.

    >>> one = np.array([[1.0], [2.0]])
    >>> setup = Setup(one, one, one, np.array([1.0]), (np.full(1, np.nan),) * 2, np.inf)
    >>> drawn_ranks(setup, 3, seed=1).tolist()
    [[2, 1], [2, 1], [2, 1]]
    """
    generators = streams(seed, other)
    made = np.empty((draws, setup.values.shape[0]), dtype=np.uint16)
    done = 0
    for part in scores(setup, draws, generators, progress):
        made[done : done + len(part)] = ranks(part, generators[TIES])
        done += len(part)
    return made
