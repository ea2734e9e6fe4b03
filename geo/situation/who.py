"""Who a place is: its base areas and sub-areas, who else is there, its neighbours."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd

from geo import allocate
from geo.errors import GeoError
from geo.facts import Facts
from geo.layout import TOTAL
from geo.sources import LAYER_NAMES, LAYERS

NETWORK, BASE_AREA, LAYER, CITY = "network", "base_area", "layer", "city"
CITY_ID = "boras"
ROUNDING = 1e-9
NEAR_M = 1.0  # areas that are no further apart than this are neighbours


@dataclass(frozen=True)
class Who:
    """A place and its ground. kind: network, base_area, layer or city.

    network_ids: the networks that it is, or that a base area belongs to. base_areas: index
    base_area_id; name, extent (whole, part), share (of a layer: that of its networks together),
    basis, confidence. overlaps: index network_id;
    area_km2, own_share (of the place's land), relation: the other networks on the same ground.
    neighbours: networks of the same layer that touch it. key: its row in the tables of statistics.
    land: every base area of the city; outlines: the networks of the place and of its overlaps, with
    layer and name; both EPSG:3006.
    """

    area_id: str
    kind: str
    name: str
    key: str
    network_ids: tuple[str, ...]
    sub_areas: tuple[str, ...]
    base_areas: pd.DataFrame
    area_km2: float
    overlaps: pd.DataFrame
    neighbours: tuple[str, ...]
    is_resting: bool
    land: gpd.GeoDataFrame = field(repr=False)
    outlines: gpd.GeoDataFrame = field(repr=False)


def who(area_id: str, facts: Facts) -> Who:
    """Return who a network, a base area, a layer or the city ("boras") is.

    Raises GeoError for an unknown id.

    >>> who.__annotations__["area_id"]
    'str'
    """
    known = facts.register
    require_place(area_id, known.networks.index, known.base_areas.index)
    if area_id in known.networks.index:
        return _network(area_id, facts)
    if area_id in known.base_areas.index:
        return _base_area(area_id, facts)
    if area_id in LAYERS:
        return _many(area_id, LAYER, LAYER_NAMES[area_id], area_id, known.ids_of(area_id), facts)
    ids = [str(i) for i in known.networks.index]
    return _many(CITY_ID, CITY, "Borås", TOTAL, ids, facts)


def require_place(
    area_id: str, network_ids: Collection[object], base_area_ids: Collection[object]
) -> None:
    """Raise GeoError for what is neither a network, a base area, a layer nor the city.

    >>> require_place("boras", [], [])
    """
    if not any(area_id in ids for ids in (network_ids, base_area_ids, LAYERS, (CITY_ID,))):
        raise GeoError(
            f"Området {area_id!r} finns inte. Skriv ett nätverk (bu-boda), ett basområde "
            f"(1490R025), ett lager ({', '.join(LAYERS)}) eller {CITY_ID}."
        )


def _network(area_id: str, facts: Facts) -> Who:
    known = facts.register
    network = known.networks.loc[area_id]
    own = known.memberships[known.memberships["network_id"] == area_id]
    overlap = facts.overlap
    one = overlap[overlap["a"] == area_id].rename(columns={"b": "id", "share_of_a": "own_share"})
    two = overlap[overlap["b"] == area_id].rename(columns={"a": "id", "share_of_b": "own_share"})
    others = pd.concat([one, two]).set_index("id")[["area_km2", "own_share", "relation"]]
    others = others[others["area_km2"] > 0].sort_values("own_share", ascending=False)
    return Who(
        area_id,
        NETWORK,
        facts.name_of(area_id),
        area_id,
        (area_id,),
        tuple(network["sub_areas"]),
        _base_areas(own, facts),
        float(known.areas.at[area_id, "area_km2"]),
        others,
        _neighbours(area_id, set(others.index), facts),
        bool(network["status"] == "resting"),
        known.base_areas,
        known.areas.loc[[area_id, *others.index]],
    )


def _base_areas(memberships: pd.DataFrame, facts: Facts) -> pd.DataFrame:
    own = memberships.set_index("base_area_id")
    names = facts.register.base_areas["name"].reindex(own.index)
    return own[["extent", "share", "basis", "confidence"]].assign(name=names)


def _neighbours(area_id: str, overlapping: set[str], facts: Facts) -> tuple[str, ...]:
    areas = facts.register.areas
    same = areas[areas["layer"] == areas.at[area_id, "layer"]].drop(index=area_id)
    near = same[same.distance(areas.geometry[area_id]) <= NEAR_M]
    return tuple(str(i) for i in near.index if i not in overlapping)


def _base_area(area_id: str, facts: Facts) -> Who:
    known = facts.register
    rows = known.memberships[known.memberships["base_area_id"] == area_id].set_index("network_id")
    base_area = known.base_areas.loc[[area_id]]
    size = float(base_area.area.iloc[0]) / 1e6
    about = {"extent": "whole", "share": 1.0, "basis": "named", "confidence": "high"}
    share = rows["share"].astype(float)
    others = pd.DataFrame({"area_km2": share * size, "own_share": share, "relation": ""})
    return Who(
        area_id,
        BASE_AREA,
        f"Basområde {base_area['name'].iloc[0]}",
        area_id,
        tuple(str(i) for i in rows.index),
        (),
        base_area[["name"]].assign(**about),
        size,
        others,
        (),
        False,
        known.base_areas,
        known.areas.loc[list(rows.index)],
    )


def _many(area_id: str, kind: str, name: str, key: str, ids: list[str], facts: Facts) -> Who:
    known = facts.register
    own = known.memberships[known.memberships["network_id"].isin(ids)]
    widest = own.sort_values("share", ascending=False).drop_duplicates("base_area_id")
    every = facts.register.base_areas
    if kind == CITY:
        about = {"extent": "whole", "share": 1.0, "basis": "named", "confidence": "high"}
        base_areas, size = every[["name"]].assign(**about), float(every.area.sum()) / 1e6
    else:
        share = allocate.union_shares(known.weights, ids)["share"]
        base_areas = _base_areas(widest, facts).assign(share=share)
        is_part = base_areas["share"] < 1 - ROUNDING
        base_areas["extent"] = is_part.map({True: "part", False: "whole"})
        size = float(known.areas.loc[ids].union_all().area) / 1e6
    none = pd.DataFrame(columns=["area_km2", "own_share", "relation"])
    ground = (known.base_areas, known.areas.loc[ids])
    return Who(area_id, kind, name, key, tuple(ids), (), base_areas, size, none, (), False, *ground)
