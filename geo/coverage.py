"""Which networks cover each place, where they overlap, and where none or only one does."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import ceil, floor
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import crs
from geo.allocate import union_shares, weights
from geo.catchments import lowest_confidence
from geo.errors import GeoError, require_columns
from geo.sources import LAYERS, layer_of

OVERLAP_COLUMNS = (
    "a",
    "b",
    "area_km2",
    "share_of_a",
    "share_of_b",
    "relation",
    "from_split_only",
)
NOT_COVERED: dict[str, object] = {
    "n_low": 0,
    "n_high": 0,
    "network_ids": (),
    "layers": (),
    "sure_layers": (),
    "is_split": False,
    "confidence": "",
}
SLIVER_KM2 = 1e-6  # 1 m²: less is rounding


def _chosen(layers: Sequence[str]) -> list[str]:
    unknown = [layer for layer in layers if layer not in LAYERS]
    if unknown:
        raise GeoError(f"layers: {', '.join(LAYERS)} väntades, fick {unknown!r}.")
    return [layer for layer in LAYERS if layer in layers]


def by_base_area(
    base_areas: gpd.GeoDataFrame, memberships: pd.DataFrame, layers: Sequence[str] = LAYERS
) -> pd.DataFrame:
    """Tell for each base area how many networks of the chosen layers cover one spot in it.

    base_areas: index base_area_id. memberships: network_id, base_area_id, extent, share and
    optional confidence. Returns, with the index of base_areas: n_low and n_high (the fewest and
    the most networks that cover one and the same spot; they differ only where a base area is
    split), network_ids (tuple), layers (tuple, in the order of LAYERS), sure_layers (those that
    cover all of it), is_split (some network has only a part) and confidence (the lowest of its
    rows, "" when none covers it).

    >>> from geo import read
    >>> base_areas, memberships = read.base_areas()[0], read.memberships()[0]
    >>> by_base_area(base_areas, memberships).loc["1490R003", "layers"]
    ('barn_unga', 'omrade')
    """
    columns = ("network_id", "base_area_id", "extent", "share")
    require_columns(memberships, columns, "memberships")
    chosen = _chosen(layers)
    by_id: dict[str, list[_Row]] = {}
    confidence = memberships.get("confidence", pd.Series("", index=memberships.index))
    for row in zip(*(memberships[column] for column in columns), confidence, strict=True):
        if layer_of(row[0]) in chosen and row[3] > 0:
            by_id.setdefault(row[1], []).append(_Row(*row))
    table = [
        _cover(by_id[area_id]) if area_id in by_id else NOT_COVERED for area_id in base_areas.index
    ]
    return pd.DataFrame(table, index=base_areas.index)


class _Row(NamedTuple):
    network_id: str
    base_area_id: str
    extent: str
    share: float
    confidence: str


def _cover(rows: list[_Row]) -> dict[str, object]:
    parts: dict[str, float] = dict.fromkeys((layer_of(row.network_id) for row in rows), 0.0)
    for row in rows:
        parts[layer_of(row.network_id)] += row.share
    sums = {layer: round(share, 9) for layer, share in parts.items()}
    return {
        "n_low": sum(floor(share) for share in sums.values()),
        "n_high": sum(ceil(share) for share in sums.values()),
        "network_ids": tuple(row.network_id for row in rows),
        "layers": tuple(layer for layer in LAYERS if layer in sums),
        "sure_layers": tuple(layer for layer in LAYERS if sums.get(layer, 0.0) >= 1),
        "is_split": any(row.extent == "part" for row in rows),
        "confidence": lowest_confidence(row.confidence for row in rows),
    }


def by_layer(
    areas: gpd.GeoDataFrame,
    base_areas: gpd.GeoDataFrame,
    memberships: pd.DataFrame,
    counts: pd.Series | None = None,
) -> pd.DataFrame:
    """Tell how much land, and how many people, each layer covers; every spot and person once.

    areas, base_areas: polygons, EPSG:3006. memberships: network_id, base_area_id, share.
    counts: optional people by base_area_id (NaN = not known).
    Returns, by layer: area_km2 and area_share (0–1 of all base areas) with …_low (base areas that
    the layer surely covers wholly) and …_high (also those it covers in part, as the catchments
    are drawn; area_km2 itself is that drawn union); n_people and people_share with …_low, …_high,
    NaN when counts is None or nothing is known of the layer.

    >>> from geo import read
    >>> base_areas, memberships = read.base_areas()[0], read.memberships()[0]
    >>> by_layer(read.areas()[0], base_areas, memberships)["area_share"].round(3).to_dict()
    {'barn_unga': 1.0, 'omrade': 0.063, 'ortsrad': 0.925}
    """
    crs.require_metric(areas, "areas")
    crs.require_metric(base_areas, "base_areas")
    require_columns(areas, ("layer",), "areas")
    table = weights(memberships)
    size = base_areas.geometry.area / 1e6
    rows = {}
    for layer in LAYERS:
        members = areas[areas["layer"] == layer]
        ids = [area_id for area_id in members.index if area_id in table.columns]
        shares = union_shares(table, ids).reindex(base_areas.index, fill_value=0.0)
        drawn = float(shapely.union_all(members.geometry.to_numpy()).area) / 1e6
        land = {"": drawn, "_low": float(size @ shares["low"]), "_high": drawn}
        row = {f"area_km2{end}": value for end, value in land.items()}
        row |= {f"area_share{end}": value / float(size.sum()) for end, value in land.items()}
        rows[layer] = row | _people(shares, counts)
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("layer")


def _people(shares: pd.DataFrame, counts: pd.Series | None) -> dict[str, float]:
    ends = {"": "share", "_low": "low", "_high": "high"}
    known = pd.Series(dtype=float) if counts is None else counts.reindex(shares.index).dropna()
    total = float(known.sum())
    result = {}
    for end, column in ends.items():
        people = float(known @ shares.loc[known.index, column]) if len(known) else float("nan")
        result[f"n_people{end}"] = people
        result[f"people_share{end}"] = people / total if total else float("nan")
    return result


def gaps(
    base_areas: gpd.GeoDataFrame, memberships: pd.DataFrame, layers: Sequence[str]
) -> gpd.GeoDataFrame:
    """Return the base areas that no network of these layers covers, not even in part.

    Several layers: the base areas without a network of any of them. Keeps the columns, CRS and
    order of base_areas. Raises GeoError for an unknown layer.

    >>> from geo import read
    >>> base_areas, memberships = read.base_areas()[0], read.memberships()[0]
    >>> len(gaps(base_areas, memberships, ["omrade", "ortsrad"]))
    6
    """
    cover = by_base_area(base_areas, memberships, layers)
    return base_areas[(cover["n_high"] == 0).to_numpy()]


def partial_gaps(
    base_areas: gpd.GeoDataFrame, memberships: pd.DataFrame, layers: Sequence[str]
) -> gpd.GeoDataFrame:
    """Return the base areas where some spot, but not every spot, lacks these layers' networks.

    >>> from geo import read
    >>> base_areas, memberships = read.base_areas()[0], read.memberships()[0]
    >>> partial_gaps(base_areas, memberships, ["omrade"])["name"].tolist()
    ['Borås centrum sydöst', 'Stadskärnan-Druvefors']
    """
    cover = by_base_area(base_areas, memberships, layers)
    return base_areas[((cover["n_low"] == 0) & (cover["n_high"] > 0)).to_numpy()]


def overlap(areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Tell for each pair of areas how much land they share; pairs that share none are left out.

    areas: polygons, EPSG:3006, index area_id; base_areas and split_base_areas (tuples) where
    known. Returns a row per unordered pair (a before b in the index): area_km2, share_of_a and
    share_of_b (0–1), relation (equal, contains = a holds b, within = a lies in b, overlaps) and
    from_split_only (True when all base areas that they share are split, so that the overlap may
    be an artefact of the resolution). A shared border is no overlap; less than 1 m² is rounding.

    >>> squares = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 2000, 1000),
    ...     shapely.box(1000, 0, 2000, 1000)], index=["a", "b"], crs="EPSG:3006")
    >>> overlap(squares)[["area_km2", "share_of_a", "relation"]].values.tolist()
    [[1.0, 0.5, 'contains']]
    """
    crs.require_metric(areas, "areas")
    polygons = areas.geometry.to_numpy()
    left, right = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    pairs = sorted((int(a), int(b)) for a, b in zip(left, right, strict=True) if a < b)
    size = shapely.area(polygons) / 1e6
    rows = []
    for a, b in pairs:
        shared = float(shapely.intersection(polygons[a], polygons[b]).area) / 1e6
        if shared <= SLIVER_KM2:
            continue
        share_a, share_b = min(shared / size[a], 1.0), min(shared / size[b], 1.0)
        split = _from_split_only(areas.iloc[a], areas.iloc[b])
        relation = _relation(shared, float(size[a]), float(size[b]))
        ids = (areas.index[a], areas.index[b])
        rows.append((*ids, shared, share_a, share_b, relation, split))
    return pd.DataFrame(rows, columns=list(OVERLAP_COLUMNS))


def _relation(shared: float, size_a: float, size_b: float) -> str:
    holds_b = size_b - shared <= SLIVER_KM2
    in_b = size_a - shared <= SLIVER_KM2
    if holds_b and in_b:
        return "equal"
    return "contains" if holds_b else "within" if in_b else "overlaps"


def _from_split_only(a: pd.Series, b: pd.Series) -> bool:
    shared = set(a.get("base_areas", ())) & set(b.get("base_areas", ()))
    split = set(a.get("split_base_areas", ())) | set(b.get("split_base_areas", ()))
    return bool(shared) and shared <= split


def overlap_people(memberships: pd.DataFrame, counts: pd.Series) -> pd.DataFrame:
    """Tell for each pair of networks how many people live in both: at least and at most.

    memberships: network_id, base_area_id, share. counts: people by base_area_id (NaN = unknown,
    left out). Two parts of one base area in the same layer are different parts and share nobody;
    in different layers they share at least share_a + share_b − 1 and at most the smaller share.
    Returns a, b, n_people_low, n_people_high for pairs with n_people_high above 0.

    >>> rows = pd.DataFrame({"network_id": ["bu-x", "on-y"], "base_area_id": ["A", "A"],
    ...     "share": [0.75, 0.5]})
    >>> overlap_people(rows, pd.Series({"A": 100})).iloc[0, 2:].tolist()
    [25.0, 50.0]
    """
    table = weights(memberships)
    known = counts.reindex(table.index).fillna(0.0).to_numpy(dtype=float)
    rows = []
    for a, b in combinations(table.columns, 2):
        share_a, share_b = table[a].to_numpy(), table[b].to_numpy()
        low = np.clip(share_a + share_b - 1, 0, None)
        high = low if layer_of(a) == layer_of(b) else np.minimum(share_a, share_b)
        if float(known @ high) > 0:
            rows.append((a, b, float(known @ low), float(known @ high)))
    return pd.DataFrame(rows, columns=["a", "b", "n_people_low", "n_people_high"])


def who_covers(
    base_area_ids: Sequence[str], memberships: pd.DataFrame, networks: pd.DataFrame
) -> pd.DataFrame:
    """List the networks that cover some base areas: a row per network and base area.

    networks: index network_id, with name and layer. Returns base_area_id, network_id, name,
    layer, extent, share, basis, confidence, evidence; layers in their order.

    >>> from geo import read
    >>> found = who_covers(["1490R041"], read.memberships()[0], read.networks()[0])
    >>> found[["network_id", "basis"]].values.tolist()
    [['bu-sjobo', 'located']]
    """
    rows = memberships[memberships["base_area_id"].isin(list(base_area_ids))]
    joined = rows.merge(
        networks[["name", "layer", "status"]], left_on="network_id", right_index=True
    )
    order = joined["layer"].map(LAYERS.index)
    return joined.iloc[np.argsort(order.to_numpy(), kind="stable")].reset_index(drop=True)
