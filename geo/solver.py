"""A thin door to HiGHS through scipy: sums of numbers under bounds, the numbers whole or not."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp

TINY = 1e-6
MOST_NODES = 10_000  # of one search: bounded in steps, so that every machine finds the same


def free_numbers(shown: np.ndarray, n: int) -> np.ndarray:
    """Return which of n numbers no shown sum gives away by being of that number alone.

    >>> free_numbers(np.array([[0.0, 2, 0], [1, 0, 1]]), 3).tolist()
    [True, False, True]
    """
    alone = shown[(shown != 0).sum(axis=1) == 1]
    free = np.ones(n, dtype=bool)
    free[np.flatnonzero((alone != 0).any(axis=0))] = False
    return free


def solve(
    goal: np.ndarray,
    rows: np.ndarray | sparse.csr_array,
    low: np.ndarray,
    high: np.ndarray,
    least: np.ndarray | float,
    most: np.ndarray | float = np.inf,
    whole: np.ndarray | float = 1,
    nodes: int = MOST_NODES,
) -> OptimizeResult:
    """Minimise a sum of numbers under bounds on other sums of them: a thin door to HiGHS.

    goal: a coefficient per number; rows, low, high: the bounded sums; least, most: bounds of the
    numbers; whole: 1 where a number must be whole; nodes: bounds the search. Returns scipy's
    result; its x is None when there is none.

    >>> float(solve(np.ones(2), np.array([[1.0, 2]]), np.array([3.0]), np.array([9.0]), 0.0).fun)
    2.0
    """
    limits = [LinearConstraint(sparse.csr_array(rows), low, high)] if rows.shape[0] else []
    return milp(
        goal,
        constraints=limits,
        bounds=Bounds(least, most),
        integrality=np.broadcast_to(whole, goal.shape),
        options={"node_limit": nodes},
    )
