"""Which sums to hide so that no small one can be worked out: the search, and the proof.

What is published are sums of whole numbers that are not negative. A reader may solve them as a
system of equations. A number is safe when another set of whole numbers, just as true to all that
is shown, gives it another value (its witness). Hiding as little as possible is a mixed-integer
programme (Fischetti and Salazar, 2001, Management Science 47(7)); HiGHS solves it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from geo import solver
from geo.solver import TINY

STEPS = 5  # nodes of the search for the least hiding; then what is found stands
TRIED = 60  # sums that the heuristic tries to show again
LARGEST = 50_000  # cells of the programme's matrix that are worth the search


@dataclass(frozen=True)
class Problem:
    """Sums of hidden-from-the-reader numbers: which may be shown, and which must stay unsure.

    rows: one sum per row, a coefficient per number. truth: the numbers, whole and not negative.
    cost: what hiding a sum costs. hidden: sums that must not be shown. fixed: sums that are shown
    whatever happens. targets: sums for which the reader must be able to believe needs or more.
    """

    rows: np.ndarray
    truth: np.ndarray
    cost: np.ndarray
    hidden: np.ndarray
    fixed: np.ndarray
    targets: np.ndarray
    needs: np.ndarray


def least_hidden(problem: Problem, steps: int = STEPS) -> np.ndarray:
    """Return which sums to hide (boolean, a value per row): as little cost as can be found.

    Sums with the same coefficients are hidden together. The search is bounded in steps and not in
    seconds, so that the same numbers are hidden alike each time, on a busy machine as well; the
    heuristic's answer stands when it is better, or when the search found none.

    >>> eye = np.vstack([np.eye(3), np.ones((1, 3))])
    >>> first = np.array([True, False, False, False])
    >>> town = Problem(eye, np.array([2.0, 9, 30]), np.array([1.0, 2, 3, 50]), first, first & False,
    ...                eye[:1], np.array([5.0]))
    >>> least_hidden(town).tolist()
    [True, True, False, False]
    """
    unique, back = np.unique(problem.rows.round(12), axis=0, return_inverse=True)
    back = np.ravel(back)
    together = Problem(
        unique,
        problem.truth,
        np.bincount(back, problem.cost),
        np.bincount(back, problem.hidden) > 0,
        np.bincount(back, problem.fixed) > 0,
        *_distinct_targets(problem),
    )
    return _search(together, steps)[back]


def _distinct_targets(problem: Problem) -> tuple[np.ndarray, np.ndarray]:
    keyed = np.column_stack([problem.targets.round(12), problem.needs])
    kept = np.unique(keyed, axis=0)
    return kept[:, :-1], kept[:, -1]


def _search(problem: Problem, steps: int) -> np.ndarray:
    hidden = problem.hidden
    bare, _ = _prove(problem, hidden, _no_proof(problem))
    if not bare:
        return hidden
    exact, is_least = _exact(problem, hidden, bare, steps)
    if exact is not None and is_least:
        return exact
    answer = _trimmed(problem, _stepwise(problem, hidden, bare))
    both = [answer] if exact is None else [answer, exact]
    return min(both, key=lambda one: float(problem.cost @ one))


def _no_proof(problem: Problem) -> np.ndarray:
    return np.zeros((0, len(problem.truth)))


def _prove(
    problem: Problem, hidden: np.ndarray, known: np.ndarray, first_only: bool = False
) -> tuple[list[int], np.ndarray]:
    """Return the targets without a witness, and witnesses (rows) for all the others.

    known: witnesses found before; one may serve several targets. first_only: stop at the first
    target that has none.
    """
    short = problem.needs - problem.targets @ problem.truth
    known = known[np.abs(known @ problem.rows[~hidden].T).max(axis=1, initial=0) < TINY]
    met = ((problem.targets @ known.T) >= short[:, None] - TINY).any(axis=1) | (short <= 0)
    bare = []
    for k in np.flatnonzero(~met):
        if met[k]:
            continue
        found = witness(problem, hidden, int(k))
        if found is None:
            bare.append(int(k))
            if first_only:
                break
        else:
            known = np.vstack([known, found])
            met |= problem.targets @ found >= short - TINY
    return bare, known


def witness(problem: Problem, hidden: np.ndarray, target: int) -> np.ndarray | None:
    """Return a change of the numbers that no shown sum betrays and that meets a target's need.

    None when there is none: then the reader knows that the target is below its need.

    >>> two, none = np.ones((1, 2)), np.array([False])
    >>> goal = (np.eye(2)[:1], np.array([5.0]))
    >>> town = Problem(two, np.array([2.0, 9]), np.ones(1), none, none, *goal)
    >>> witness(town, none, 0).tolist()
    [3.0, -3.0]
    """
    shown = problem.rows[~hidden]
    free = solver.free_numbers(shown, len(problem.truth))
    goal = problem.targets[target]
    short = problem.needs[target] - goal @ problem.truth
    change = np.zeros(len(problem.truth))
    if short <= 0:
        return change
    if not goal[free].any():
        return None
    kept = shown[:, free][np.abs(shown[:, free]).sum(axis=1) > 0]
    rows = np.vstack([kept, goal[free]])
    low = np.append(np.zeros(len(kept)), short)
    high = np.append(np.zeros(len(kept)), np.inf)
    found = solver.solve(np.zeros(int(free.sum())), rows, low, high, -problem.truth[free])
    if found.x is None:
        return None
    change[free] = np.round(found.x)  # a solver may err: its answer is tried before it is believed
    is_true = (
        np.abs(shown @ change).max(initial=0) < TINY
        and goal @ change >= short - TINY
        and (problem.truth + change >= -TINY).all()
    )
    return change if is_true else None


def _stepwise(problem: Problem, hidden: np.ndarray, bare: list[int]) -> np.ndarray:
    """Mend one target after the other by the cheapest flow of change through what is shown."""
    hidden = hidden.copy()
    for target in bare:
        if witness(problem, hidden, target) is None:
            hidden = _cheapest(problem, hidden, target)
    return hidden


def _cheapest(problem: Problem, hidden: np.ndarray, target: int) -> np.ndarray:
    goal, n = problem.targets[target], len(problem.truth)
    open_ = ~hidden & ~problem.fixed
    k = int(open_.sum())
    slack = np.hstack([-np.eye(k), np.eye(k)])
    fixed = problem.rows[problem.fixed]
    rows = np.vstack(
        [
            np.hstack([problem.rows[open_], slack]),
            np.hstack([fixed, np.zeros((len(fixed), 2 * k))]),
            np.append(goal, np.zeros(2 * k)),
        ]
    )
    level = np.zeros(len(rows))
    level[-1] = problem.needs[target] - goal @ problem.truth
    top = np.append(np.zeros(len(rows) - 1), np.inf)
    least = np.append(-problem.truth, np.zeros(2 * k))
    price = np.concatenate([np.zeros(n), problem.cost[open_], problem.cost[open_]])
    for whole in (np.zeros(n + 2 * k), np.append(np.ones(n), np.zeros(2 * k))):
        found = solver.solve(price, rows, level, top, least, whole=whole)
        if found.x is None:
            break
        chosen = hidden.copy()
        moved = np.abs(problem.rows[open_] @ found.x[:n]) > TINY
        chosen[np.flatnonzero(open_)[moved]] = True
        if witness(problem, chosen, target) is not None:
            return chosen
    everything: np.ndarray = hidden | open_  # without an answer: hide all that may be hidden
    return everything


def _exact(
    problem: Problem, hidden: np.ndarray, bare: list[int], steps: int
) -> tuple[np.ndarray | None, bool]:
    """Search for the cheapest hiding that gives every bare target its witness, in bounded steps.

    Returns it (None when none was found) and whether it is proved to be the cheapest.
    """
    n, (open_,) = len(problem.truth), np.nonzero(~hidden & ~problem.fixed)
    if len(bare) * len(open_) * n > LARGEST:
        return None, False
    reach, moves = _reach(problem, bare), len(bare) * n
    rows, low, high = _programme(problem, open_, bare, reach)
    found = solver.solve(
        np.append(problem.cost[open_], np.zeros(moves)),
        rows,
        low,
        high,
        np.append(np.zeros(len(open_)), np.tile(np.maximum(-problem.truth, -reach), len(bare))),
        np.append(np.ones(len(open_)), np.full(moves, reach)),
        nodes=steps,
    )
    if found.x is None:
        return None, False
    answer = hidden.copy()
    answer[open_[found.x[: len(open_)] > 0.5]] = True
    is_safe = all(witness(problem, answer, k) is not None for k in bare)
    return (answer if is_safe else None), found.status == 0


def _programme(
    problem: Problem, open_: np.ndarray, bare: list[int], reach: float
) -> tuple[sparse.csr_array, np.ndarray, np.ndarray]:
    """Return rows and bounds over [hidden or not, a change of the numbers for each bare target].

    A sum that is shown stays as it is under every change; each change meets its target's need.
    """
    rows, fixed = problem.rows[open_], problem.rows[problem.fixed]
    size = np.abs(rows).sum(axis=1) * reach
    n, blocks, lows, highs = len(problem.truth), [], [], []
    for at, target in enumerate(bare):
        short = problem.needs[target] - problem.targets[target] @ problem.truth
        parts = [
            (rows, -np.diag(size), -np.inf, 0.0),
            (rows, np.diag(size), 0.0, np.inf),
            (fixed, np.zeros((len(fixed), len(open_))), 0.0, 0.0),
            (problem.targets[target][None], np.zeros((1, len(open_))), short, np.inf),
        ]
        for left, right, low, high in parts:
            line = [sparse.csr_array(right)]
            line += [sparse.csr_array((len(left), n)) for _ in bare]
            line[at + 1] = sparse.csr_array(left)
            blocks.append(line)
            lows.append(np.full(len(left), low))
            highs.append(np.full(len(left), high))
    return sparse.block_array(blocks).tocsr(), np.concatenate(lows), np.concatenate(highs)


def _reach(problem: Problem, bare: list[int]) -> float:
    """Return how far a number may have to move: the largest need over the smallest shares.

    Once for the sum itself, and once for a split number that makes up for another's change.
    """
    goals = problem.targets[bare]
    short = (problem.needs[bare] - goals @ problem.truth).max()
    least = [np.abs(table[table != 0]).min() for table in (goals, problem.rows)]
    return float(np.ceil(short / least[0] / least[1]))


def _trimmed(problem: Problem, hidden: np.ndarray) -> np.ndarray:
    """Show again, dearest first, each sum that need not be hidden."""
    hidden = hidden.copy()
    _, known = _prove(problem, hidden, _no_proof(problem))
    extra = np.flatnonzero(hidden & ~problem.hidden)
    for row in extra[np.argsort(-problem.cost[extra], kind="stable")][:TRIED]:
        hidden[row] = False
        bare, found = _prove(problem, hidden, known, first_only=True)
        hidden[row] = bool(bare)
        known = known if bare else found
    return hidden
