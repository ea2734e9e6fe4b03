"""Who shares ground with whom: needs that are one, and places that are not independent."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

SAME, MUCH = 0.8, 0.5  # shares of each other: one need; of either: worth telling


def one_need(overlap: pd.DataFrame, ids: Sequence[str], least: float = SAME) -> pd.Series:
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


def shared_ground(overlap: pd.DataFrame, ids: Sequence[str], least: float = MUCH) -> pd.DataFrame:
    """List who shares much ground with whom: a row per area and other area, the largest first.

    overlap: as one_need. Returns area_id, other, share (of the area, 0–1), other_share (of the
    other), where either is at least the share least; in the order of ids.

    >>> pairs = pd.DataFrame({"a": ["on-hulta"], "b": ["on-trandared"], "share_of_a": 0.76,
    ...     "share_of_b": 0.67})
    >>> shared_ground(pairs, ["on-trandared", "on-hulta"]).values.tolist()
    [['on-trandared', 'on-hulta', 0.67, 0.76], ['on-hulta', 'on-trandared', 0.76, 0.67]]
    """
    near = overlap[(overlap["share_of_a"] >= least) | (overlap["share_of_b"] >= least)]
    one = near[["a", "b", "share_of_a", "share_of_b"]].to_numpy().tolist()
    rows = [*one, *([b, a, share_b, share_a] for a, b, share_a, share_b in one)]
    found = pd.DataFrame(rows, columns=["area_id", "other", "share", "other_share"])
    found = found[found["area_id"].isin(list(ids))]
    place = found["area_id"].map({name: n for n, name in enumerate(ids)})
    order = found.assign(place=place).sort_values(["place", "share"], ascending=[True, False])
    return order.drop(columns="place").reset_index(drop=True)
