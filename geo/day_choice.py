"""Chooses one day out of several for many meetings at once, so that as few as possible collide."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise

import pandas as pd

from geo.errors import require_columns

FUNCTION_COLUMNS = ("function", "layer", "sits_in")
ALL = "all"  # sits_in: one and the same function attends every network of the layer
SHARED = 6  # a day with one network more is worth this many places further from the middle
Days = Sequence[pd.Timestamp]
Held = Mapping[pd.Timestamp, Iterable[str]]  # the networks that meet on each day


@dataclass(frozen=True)
class Slot:
    """A meeting to be: its network, and the days to choose from, the one wanted most first."""

    network_id: str
    days: tuple[pd.Timestamp, ...]


@dataclass(frozen=True)
class Ties:
    """What makes two meetings on one day collide.

    layers: layer by network. shared: by layer, the functions of which one and the same attends
    every network. ground: pairs of networks that share ground. joint: days with a joint meeting.
    """

    layers: Mapping[str, str]
    shared: Mapping[str, tuple[str, ...]]
    ground: frozenset[frozenset[str]] = field(default_factory=frozenset)
    joint: frozenset[pd.Timestamp] = field(default_factory=frozenset)

    def asked_twice(self, network_ids: Iterable[str]) -> dict[str, int]:
        """Return the functions asked for at several places at once: how many times too many."""
        met = Counter(self.layers.get(network_id, "") for network_id in set(network_ids))
        found: Counter[str] = Counter()
        for layer, n in met.items():
            found.update(dict.fromkeys(self.shared.get(layer, ()), n - 1))
        return {name: n for name, n in sorted(found.items()) if n}

    def weight(self, day: pd.Timestamp, network_ids: Iterable[str]) -> int:
        """Return how heavy a day is: functions asked twice, shared ground, a joint meeting."""
        ids = set(network_ids)
        ground = sum(frozenset(pair) in self.ground for pair in combinations(ids, 2))
        return sum(self.asked_twice(ids).values()) + ground + len(ids) * (day in self.joint)


def ties(
    networks: pd.DataFrame,
    functions: pd.DataFrame,
    overlaps: pd.DataFrame | None = None,
    joint: Iterable[pd.Timestamp] = (),
) -> Ties:
    """Put together what makes meetings collide.

    networks: index network_id; layer. functions: function, layer, sits_in (all or own). overlaps:
    a, b: pairs that share ground. joint: days with a joint or central meeting.

    >>> functions = pd.DataFrame({"function": ["Polis"], "layer": "barn_unga", "sits_in": "all"})
    >>> ties(pd.DataFrame({"layer": ["barn_unga"]}, index=["bu-a"]), functions).shared
    {'barn_unga': ('Polis',)}
    """
    require_columns(networks, ("layer",), "networks")
    require_columns(functions, FUNCTION_COLUMNS, "functions")
    shared: dict[str, tuple[str, ...]] = {}
    every = functions[functions["sits_in"] == ALL]
    for layer, name in zip(every["layer"], every["function"], strict=True):
        shared[layer] = (*shared.get(layer, ()), name)
    layers = {str(network_id): str(layer) for network_id, layer in networks["layer"].items()}
    pairs = pd.DataFrame(columns=["a", "b"]) if overlaps is None else overlaps
    require_columns(pairs, ("a", "b"), "overlaps")
    ground = frozenset(frozenset(pair) for pair in zip(pairs["a"], pairs["b"], strict=True))
    return Ties(layers, shared, ground, frozenset(joint))


def slots(
    network_id: str, usable: Days, n_days: int, counted: Days, taken: Iterable[pd.Timestamp]
) -> list[Slot]:
    """Split the usable days into n_days equal parts; each part without a meeting is a slot.

    usable: in order. counted: days that stand already and count. taken: days on which the network
    meets already. The days of a slot are sorted by their distance to the part's middle (a tie: the
    earlier). Of more parts than are needed, those farthest from what stands are kept. Fewer slots
    than asked for come back when the days do not suffice.

    >>> days = pd.date_range("2027-01-07", periods=6, freq="7D")
    >>> [f"{slot.days[0]:%m-%d}" for slot in slots("on-a", list(days), 2, [], [])]
    ['01-14', '02-04']
    """
    edges = [len(usable) * place // n_days for place in range(n_days + 1)]
    parts = [part for a, b in pairwise(edges) if (part := list(usable[a:b]))]
    held = {max(sum(part[0] <= day for part in parts) - 1, 0) for day in counted}
    free = [part for place, part in enumerate(parts) if place not in held]
    free.sort(key=lambda part: (-_gap(part, counted), part[0]))
    kept = sorted(free[: max(n_days - len(counted), 0)])
    out = set(taken)
    chosen = [tuple(day for day in _from_middle(part) if day not in out) for part in kept]
    return [Slot(network_id, days) for days in chosen if days]


def _gap(part: Days, counted: Days) -> int:
    middle = part[(len(part) - 1) // 2]
    return min((abs((middle - day).days) for day in counted), default=0)


def _from_middle(part: Days) -> list[pd.Timestamp]:
    middle = (len(part) - 1) / 2
    return [part[place] for place in sorted(range(len(part)), key=lambda i: (abs(i - middle), i))]


def chosen(asked: Sequence[Slot], held: Held, ties: Ties) -> list[pd.Timestamp]:
    """Choose a day for each slot: the least weight together, then days of their own in the middle.

    held: who meets on each day already; that is never moved. The slots with the fewest days to
    choose from come first; then one at a time is moved while anything gets better: the weight, or
    at the same weight SHARED for every pair on one day and 1 for every place from the middle. So
    it ends. Deterministic; the least weight is not proved, but no single move gives less.

    >>> days = tuple(pd.date_range("2027-01-07", periods=2, freq="7D"))
    >>> ties = Ties({"bu-a": "barn_unga", "bu-b": "barn_unga"}, {"barn_unga": ("Polis",)})
    >>> found = chosen([Slot("bu-a", days), Slot("bu-b", days)], {}, ties)
    >>> [day.day for day in found]
    [7, 14]
    """
    met: dict[pd.Timestamp, set[str]] = defaultdict(set)
    for day, ids in held.items():
        met[day] |= set(ids)
    order = sorted(
        range(len(asked)), key=lambda i: (len(asked[i].days), asked[i].network_id, asked[i].days)
    )
    found: dict[int, pd.Timestamp] = {}
    is_moved = True
    while is_moved:
        is_moved = False
        for place in order:
            slot, before = asked[place], found.get(place)
            if before is not None:
                met[before].discard(slot.network_id)
            found[place] = _best(slot, met, ties)
            met[found[place]].add(slot.network_id)
            is_moved |= found[place] != before
    return [found[place] for place in range(len(asked))]


def _best(slot: Slot, met: Mapping[pd.Timestamp, set[str]], ties: Ties) -> pd.Timestamp:
    def cost(place: int) -> tuple[int, int]:
        others = met.get(slot.days[place], set()) - {slot.network_id}
        heavier = added(slot.network_id, slot.days[place], others, ties)
        return heavier, SHARED * len(others) + place

    return slot.days[min(range(len(slot.days)), key=cost)]


def added(network_id: str, day: pd.Timestamp, others: Iterable[str], ties: Ties) -> int:
    """Return how much heavier a day is because one network meets on it, beside others.

    >>> day, ties = pd.Timestamp("2027-01-07"), Ties({}, {}, frozenset({frozenset({"a", "b"})}))
    >>> added("a", day, {"a", "b", "c"}, ties)
    1
    """
    rest = set(others) - {network_id}
    return ties.weight(day, {*rest, network_id}) - ties.weight(day, rest)
