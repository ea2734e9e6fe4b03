"""Small numbers stay hidden: what may be shown of counts and shares, and the proof that it holds.

Everything that is shown at once is taken together: base areas, networks that overlap, the city,
numerators and what they leave of the denominator, and groups beside the whole that they are part
of. What a reader could work out from all of it decides what is hidden.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo import allocate, hiding
from geo.audit import audit as audit
from geo.errors import GeoError
from geo.layout import MISSING, OK, SECONDARY, SMALL, WHOLE, Layout
from geo.sources import THRESHOLD


def protect(counts: pd.Series, weights: pd.DataFrame, threshold: int = THRESHOLD) -> pd.DataFrame:
    """Hide counts of people below the threshold, and what would give them away.

    counts: whole numbers of people by base_area_id (NaN = not known, stays missing).
    weights: base_area_id × area_id of shares 0–1. Returns a row for each base area, each area and
    "total": value (NaN where hidden or missing; of an area the sum of share × count) and status:
    ok, suppressed (below the threshold), suppressed_secondary (hidden so that another cannot be
    worked out), missing. Also 0 is below the threshold. Raises GeoError for negative counts.
    As little as possible is hidden: see geo.hiding. Base areas go before networks before the city.

    >>> people = pd.Series({"A": 3.0, "B": 20.0, "C": 50.0})
    >>> table = protect(people, pd.DataFrame({"bu-x": [1, 1, 0]}, index=["A", "B", "C"]))
    >>> table["status"].tolist()[:2], float(table.at["bu-x", "value"])
    (['suppressed', 'suppressed_secondary'], 23.0)
    """
    return protect_groups(counts.to_frame(WHOLE), None, weights, threshold)[WHOLE]


def protect_shares(
    numerator: pd.Series,
    denominator: pd.Series,
    weights: pd.DataFrame,
    threshold: int = THRESHOLD,
) -> pd.DataFrame:
    """Hide shares whose numerator, rest or denominator is below the threshold, and what tells them.

    A share and its denominator give the numerator, and the rest (denominator − numerator) is people
    as well: all three are kept. Denominators are decided on their own, so that indicators that
    share one hide the same. Arguments as in protect; 0 ≤ numerator ≤ denominator.
    Returns, by id as in protect: numerator, denominator, value (share 0–1), status (of the share),
    denominator_status.

    >>> yes, asked = pd.Series({"A": 28.0, "B": 20.0}), pd.Series({"A": 30.0, "B": 40.0})
    >>> table = protect_shares(yes, asked, pd.DataFrame({"bu-x": [1, 1]}, index=["A", "B"]))
    >>> table["status"].tolist(), float(table.at["bu-x", "value"]).__round__(2)
    (['suppressed', 'suppressed_secondary', 'ok', 'ok'], 0.69)
    """
    pair = denominator.to_frame(WHOLE), numerator.to_frame(WHOLE)
    return protect_groups(*pair, weights, threshold)[WHOLE]


def protect_groups(
    counts: pd.DataFrame,
    numerators: pd.DataFrame | None,
    weights: pd.DataFrame,
    threshold: int = THRESHOLD,
) -> dict[str, pd.DataFrame]:
    """Hide small numbers in several groups that are shown together, such as flickor and pojkar.

    counts: base_area_id × group; the group "alla", when there, is the whole of the others, and
    they do not overlap (see fitting). numerators: the same of the numerators when what is shown is
    shares, else None. Returns a table for each group, as protect or protect_shares gives it.

    >>> people = pd.DataFrame({"alla": [20.0, 30], "flickor": [17.0, 15]}, index=["A", "B"])
    >>> tables = protect_groups(people, None, pd.DataFrame({"bu-x": [1, 1]}, index=["A", "B"]))
    >>> tables["flickor"]["status"].tolist()[0]  # 20 − 17 would give the others: 3
    'suppressed_secondary'
    """
    _refuse(counts, numerators)
    layout = Layout.of(counts, numerators, weights)
    below = _Values.of(layout, counts)
    shown = _first_stage(layout, below, threshold)
    if numerators is None:
        status = _status(below.value < threshold, ~shown, below.is_missing)
        made = {"value": np.where(status == OK, below.value, np.nan), "status": status}
        return layout.tables(made)
    above = _Values.of(layout, numerators)
    hidden = _second_stage(layout, above, below, shown, threshold)
    small = _small(above.value, below.value, threshold)
    status = _status(small, hidden, below.is_missing)
    lower = _status(below.value < threshold, ~shown, below.is_missing)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = above.value / below.value
    made = {
        "numerator": np.where(status == OK, above.value, np.nan),
        "denominator": np.where(lower == OK, below.value, np.nan),
        "value": np.where(status == OK, share, np.nan),
        "status": status,
        "denominator_status": lower,
    }
    return layout.tables(made)


def _refuse(counts: pd.DataFrame, numerators: pd.DataFrame | None) -> None:
    if (counts < 0).any(axis=None):
        raise GeoError("counts: antal från 0 väntades, fick negativa tal. Rätta dem.")
    if numerators is not None and ((numerators < 0) | (numerators > counts)).any(axis=None):
        raise GeoError("numerator: 0 till denominator väntades. Rätta täljaren eller nämnaren.")


def fitting(counts: pd.DataFrame) -> list[str]:
    """Return the groups that can be shown together: the whole, and parts that fit into it.

    counts: base_area_id × group. Groups are taken in order as long as their sum nowhere exceeds
    "alla"; without "alla" only the first is sure not to overlap another.

    >>> fitting(pd.DataFrame({"alla": [10.0], "0-17": [6.0], "10-16": [5.0], "65-": [4.0]}))
    ['alla', '0-17', '65-']
    """
    if WHOLE not in counts:
        return [str(name) for name in counts.columns[:1]]
    kept, room = [WHOLE], counts[WHOLE].copy()
    for name in counts.columns.drop(WHOLE):
        if not (counts[name] > room).any():
            kept.append(str(name))
            room = room - counts[name].fillna(0.0)
    return kept


def _status(small: np.ndarray, hidden: np.ndarray, is_missing: np.ndarray) -> np.ndarray:
    return np.select([is_missing, small, hidden], [MISSING, SMALL, SECONDARY], OK)


def _small(above: np.ndarray, below: np.ndarray, threshold: int) -> np.ndarray:
    small: np.ndarray = (above < threshold) | (below - above < threshold)
    return small


@dataclass(frozen=True)
class _Values:
    """What every publishable sum is worth, and which cannot be given at all."""

    numbers: np.ndarray
    value: np.ndarray
    is_missing: np.ndarray

    @classmethod
    def of(cls, layout: Layout, table: pd.DataFrame) -> _Values:
        """Sum a table for every group and id, as geo.allocate does."""
        columns = [
            allocate.counts(table[name].where(layout.is_known[name]), layout.sums)["value"]
            for name in layout.groups
        ]
        value = np.concatenate([column.to_numpy() for column in columns])
        return cls(layout.truth(table), value, np.isnan(value))


def _problem(
    rows: np.ndarray,
    truth: np.ndarray,
    cost: np.ndarray,
    hidden: np.ndarray,
    fixed: np.ndarray,
    goals: list[tuple[np.ndarray, np.ndarray]],
) -> hiding.Problem:
    targets = np.vstack([goal for goal, _ in goals])
    needs = np.concatenate([need for _, need in goals])
    return hiding.Problem(rows, truth, cost, hidden, fixed, targets, needs)


def _first_stage(layout: Layout, below: _Values, threshold: int) -> np.ndarray:
    """Decide which counts (or denominators) are shown."""
    there = ~below.is_missing
    rows, value = layout.rows[there], below.value[there]
    small, cost = value < threshold, layout.cost(below.value)[there]
    others = layout.rest_sums()
    number = others @ below.numbers  # people whom a difference would tell
    few = (number < threshold) & ((number > 0) | layout.is_gap(others))
    goals = [(sums, np.full(len(sums), float(threshold))) for sums in (rows[small], others[few])]
    problem = _problem(rows, below.numbers, cost, small, np.zeros(len(rows), bool), goals)
    shown = np.zeros(len(there), dtype=bool)
    shown[there] = ~hiding.least_hidden(problem)
    return shown


def _second_stage(
    layout: Layout, above: _Values, below: _Values, shown: np.ndarray, threshold: int
) -> np.ndarray:
    """Decide which shares are hidden, the denominators being decided."""
    there = ~below.is_missing
    part, seen = layout.rows[there], shown[there]
    n, d = above.value[there], below.value[there]
    nothing = np.zeros_like(part)
    yes, rest, both = (np.hstack(pair) for pair in ((part, nothing), (nothing, part), (part, part)))
    small = _small(n, d, threshold)
    follows = ~seen & ~small  # hidden with its denominator: must not be worked out either
    sums = [yes[n < threshold], rest[d - n < threshold], both[d < threshold]]
    sums += _few_others(layout, above, below, threshold)
    goals = [(goal, np.full(len(goal), float(threshold))) for goal in sums]
    cost = layout.cost(below.value)[there]
    fixed = np.concatenate([seen, np.zeros(len(part), bool)])
    hidden = np.concatenate([~seen, small | ~seen])
    problem = _problem(
        np.vstack([both, yes]),
        np.concatenate([above.numbers, below.numbers - above.numbers]),
        np.concatenate([cost, cost]),
        hidden,
        fixed,
        [
            *goals,
            *_wishes(np.vstack([both, yes]), fixed, above, below, (both, yes), follows, (d, n)),
        ],
    )
    found = np.ones(len(there), dtype=bool)
    found[there] = hiding.least_hidden(problem)[len(part) :]
    return found


def _few_others(layout: Layout, above: _Values, below: _Values, threshold: int) -> list[np.ndarray]:
    """Return the sums of a group that nobody shows, where a difference would tell a small one."""
    others = layout.rest_sums()
    n, d = others @ above.numbers, others @ below.numbers
    nothing, there = np.zeros_like(others), (d > 0) | layout.is_gap(others)
    return [
        np.hstack([others, nothing])[there & (n < threshold)],
        np.hstack([nothing, others])[there & (d - n < threshold)],
        np.hstack([others, others])[there & (d < threshold)],
    ]


def _wishes(
    rows: np.ndarray,
    fixed: np.ndarray,
    above: _Values,
    below: _Values,
    sums: tuple[np.ndarray, np.ndarray],
    follows: np.ndarray,
    values: tuple[np.ndarray, np.ndarray],
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return further sums that should stay unsure, those of them that can be."""
    truth = np.concatenate([above.numbers, below.numbers - above.numbers])
    found = []
    for goal, value in zip(sums, values, strict=True):
        targets, needs = goal[follows], value[follows] + 1
        trial = hiding.Problem(rows, truth, np.ones(len(rows)), ~fixed, fixed, targets, needs)
        able = [hiding.witness(trial, ~fixed, k) is not None for k in range(len(needs))]
        found.append((targets[able], needs[able]))
    return found
