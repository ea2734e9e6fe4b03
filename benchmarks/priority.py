"""Many draws of a ranking, beside a loop that lets scikit-criteria score one draw at a time.

The peer is not among the project's requirements: see benchmarks/requirements.txt. Without it our
own figures are measured alone.
"""

from __future__ import annotations

import resource
from importlib.util import find_spec
from time import perf_counter

import numpy as np
import pandas as pd
from playwright.sync_api import sync_playwright

from benchmarks import Row, median
from benchmarks.assign import timed
from benchmarks.browser import until
from geo import priority
from geo.priority import draws
from tests.browser import chromium
from tests.browser.conftest import ARGUMENTS, started_server

SEED = 20261125
N_AREAS, N_INDICATORS = 20, 25
DRAWS, MANY = 10_000, 100_000
LOOPED, QUICK_LOOPED = 300, 50  # draws of the peer that are timed; it takes the same for each
ROUNDS, QUICK_ROUNDS = 9, 3
MOVES, QUICK_MOVES = 16, 4
CHANGED = """(before) => {
  const table = document.querySelector('[aria-label^="Vikterna, som summerar"]');
  return table && table.innerText !== before;
}"""


def measure(quick: bool = False) -> list[Row]:
    """Return the time of 10,000 draws beside the peer's, of 100,000, and how memory grows."""
    values = town()
    setup = priority.setup_of(
        values, dict.fromkeys(values, "low"), equal(values), low=values - 5, high=values + 5
    )
    rounds = QUICK_ROUNDS if quick else ROUNDS
    ours, theirs = [], []
    for _ in range(rounds):  # in turn, so that a busy machine is busy for both
        ours.append(timed(draws.drawn_ranks, setup, DRAWS, SEED)[0])
        if find_spec("skcriteria") is not None:
            looped = QUICK_LOOPED if quick else LOOPED
            theirs.append(timed(loop, values, looped)[0] * DRAWS / looped)
    peer = 1000 * median(theirs) if theirs else None
    size = f"{N_AREAS} areas, {N_INDICATORS} indicators"
    rows = [
        Row(f"{DRAWS:,} draws, {size}", 1000 * median(ours), "ms", peer, "<= 300"),
        Row(f"{DRAWS:,} draws, {size}: the ratio", 1000 * median(ours), "ms", peer, ">= 50 x"),
    ]
    whole = [timed(ranked, values, DRAWS)[0] for _ in range(rounds)]
    rows.append(Row("the same with score, percentiles and verdicts", 1000 * median(whole), "ms"))
    before = peak_mb()
    many = [timed(draws.drawn_ranks, setup, MANY, SEED)[0] for _ in range(3)]
    rows.append(Row(f"{MANY:,} draws", median(many), "s", None, "<= 3"))
    rows.append(Row(f"{MANY:,} draws: memory above before", peak_mb() - before, "MB"))
    return rows + page(QUICK_MOVES if quick else MOVES)


def page(moves: int) -> list[Row]:
    """Return how long it takes on the page from a moved weight to the new table."""
    program = chromium.find()
    with started_server() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        opened = browser.new_page(base_url=server.url, viewport={"width": 1280, "height": 900})
        opened.goto("/kraftsamla?viktval=Egna+vikter")
        table = opened.get_by_role("region", name="Vikterna, som summerar")
        table.wait_for(timeout=60_000)
        slider = opened.get_by_role("slider").first
        taken = []
        for place in range(moves):
            opened.wait_for_timeout(700)
            before, start = table.inner_text(), perf_counter()
            slider.press("ArrowRight" if place % 8 < 4 else "ArrowLeft")
            until(opened, CHANGED, before)
            taken.append(1000 * (perf_counter() - start))
        browser.close()
    name = f"the page: a weight moved, until the new weights are shown, {moves} moves"
    return [
        Row(name, median(taken), "ms", target="<= 500"),
        Row("the page: the slowest move", max(taken), "ms"),
    ]


def town() -> pd.DataFrame:
    """Return made-up shares in per cent: area × indicator."""
    values = np.random.default_rng(SEED).normal(70, 10, (N_AREAS, N_INDICATORS))
    return pd.DataFrame(values, columns=[f"i{n}" for n in range(N_INDICATORS)])


def equal(values: pd.DataFrame) -> dict[str, float]:
    """Return equal weights."""
    return dict.fromkeys(values, 1 / len(values.columns))


def ranked(values: pd.DataFrame, n: int) -> pd.DataFrame:
    """Return the ranking as the pages ask for it."""
    direction = dict.fromkeys(values, "low")
    return priority.rank(
        values, direction, equal(values), low=values - 5, high=values + 5, draws=n, seed=SEED
    )


def loop(values: pd.DataFrame, n: int) -> None:
    """Score n draws with the peer: minimum–maximum, then its weighted sum, one at a time."""
    import skcriteria
    from skcriteria.agg.simple import WeightedSumModel
    from skcriteria.preprocessing.scalers import MinMaxScaler

    generator = np.random.default_rng(SEED)
    scale, decide = MinMaxScaler(target="matrix"), WeightedSumModel()
    for _ in range(n):
        drawn = generator.normal(values, 5 / draws.WITHIN)
        weights = generator.dirichlet(np.full(N_INDICATORS, 4.0))
        matter = skcriteria.mkdm(drawn, [max] * N_INDICATORS, weights=weights)
        decide.evaluate(scale.transform(matter))


def peak_mb() -> float:
    """Return the most memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
