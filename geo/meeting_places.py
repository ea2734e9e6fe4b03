"""Mötesplatser: which networks each lies in, and how far they are, as the crow flies.

No house has a known position, only the base areas of its place: every distance has two ends.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import crs
from geo.efforts import split
from geo.errors import GeoError, require_columns

NEAREST_COLUMNS = ("meeting_place_id", "low_m", "high_m", "is_unsure", "other_ids")


def centres(base_areas: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Return the spot that a base area's distances are measured from.

    base_areas: polygons, EPSG:3006. The centroid where it lies inside the base area, else a spot
    surely inside (GEOS' point on surface). People need not live there. Same index.

    >>> squares = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 2, 2)], index=["A"], crs="EPSG:3006")
    >>> centres(squares).to_wkt().tolist()
    ['POINT (1 1)']
    """
    crs.require_metric(base_areas, "base_areas")
    middle = base_areas.geometry.centroid
    inside = base_areas.geometry.representative_point()
    return middle.where(base_areas.geometry.covers(middle), inside)


def distances(meeting_places: pd.DataFrame, base_areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Measure from each base area to each meeting place: at least and at most, in metres.

    From the centre of the base area (see centres) as the crow flies to the nearest and to the
    farthest point of the base areas that the meeting place's own place has: the house is somewhere
    there. low_m is 0 where the centre lies in one of them.
    meeting_places: index meeting_place_id, base_area_ids (text with ;; none = NaN, not known).
    base_areas: polygons, EPSG:3006, index base_area_id.
    Returns low_m and high_m; index base_area_id × meeting_place_id, every pair, in their orders.
    Raises GeoError for another CRS and for a base area that is not among base_areas.

    >>> squares = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 2, 2), shapely.box(4, 0, 6, 2)],
    ...     index=["A", "B"], crs="EPSG:3006")
    >>> places = pd.DataFrame({"base_area_ids": ["B"]}, index=["mp"])
    >>> distances(places, squares).round(2).to_numpy().tolist()
    [[3.0, 5.1], [0.0, 1.41]]
    """
    require_columns(meeting_places, ("base_area_ids",), "meeting_places")
    spots = centres(base_areas).to_numpy()[:, None]
    polygons = base_areas.geometry
    held = [list(split(text)) for text in meeting_places["base_area_ids"]]
    unknown = sorted({area_id for ids in held for area_id in ids} - set(base_areas.index))
    if unknown:
        raise GeoError(
            f"meeting_places: base_area_ids {unknown!r} finns inte i base_areas. Rätta id:t."
        )
    lands = np.array([shapely.union_all(polygons[ids].to_numpy()) for ids in held], object)[None, :]
    index = pd.MultiIndex.from_product(
        [base_areas.index, meeting_places.index], names=["base_area_id", "meeting_place_id"]
    )
    low = shapely.distance(spots, lands)
    high = shapely.hausdorff_distance(spots, shapely.convex_hull(lands))  # the farthest corner
    return pd.DataFrame({"low_m": low.ravel(), "high_m": high.ravel()}, index)


def nearest(distances: pd.DataFrame) -> pd.DataFrame:
    """Tell for each base area which meeting place is nearest, and whether that is sure.

    distances: as distances gives them. Nearest is the one with the lowest middle of its two ends;
    equal ones: the first. Returns, by base_area_id: meeting_place_id ("" when no distance is
    known), low_m, high_m, is_unsure (another one may be nearer: its low_m is below this high_m)
    and other_ids (tuple of those).

    >>> index = pd.MultiIndex.from_product([["A"], ["x", "y", "z"]])
    >>> ends = pd.DataFrame({"low_m": [0, 30, 90], "high_m": [40, 60, 99]}, index)
    >>> nearest(ends).loc["A", ["meeting_place_id", "other_ids"]].tolist()
    ['x', ('y',)]
    """
    require_columns(distances, ("low_m", "high_m"), "distances")
    areas, places = (distances.index.unique(level) for level in (0, 1))
    low, high = (
        distances[end].unstack().reindex(index=areas, columns=places).to_numpy(dtype=float)
        for end in ("low_m", "high_m")
    )
    rows = []
    for least, most in zip(low, high, strict=True):
        middle = np.where(np.isnan(least + most), np.inf, (least + most) / 2)
        if not np.isfinite(middle).any():
            rows.append(("", np.nan, np.nan, False, ()))
            continue
        at = int(middle.argmin())
        is_other = (least < most[at]) & (np.arange(len(places)) != at)
        others = tuple(places[is_other])
        rows.append((places[at], least[at], most[at], bool(others), others))
    return pd.DataFrame(rows, columns=list(NEAREST_COLUMNS), index=areas.rename("base_area_id"))


def in_networks(meeting_places: pd.DataFrame, memberships: pd.DataFrame) -> pd.DataFrame:
    """List the networks that each meeting place lies in, or may lie in.

    meeting_places: index meeting_place_id, base_area_ids (text with ;). memberships: network_id,
    base_area_id, extent. Returns meeting_place_id, network_id and is_unsure: some of the place's
    base areas do not belong to the network, or those that do are split (extent part) one and all,
    so that the house may lie outside it. In the order of meeting_places, then of memberships.

    >>> places = pd.DataFrame({"base_area_ids": ["A;B"]}, index=["mp"])
    >>> rows = pd.DataFrame({"network_id": ["bu-x", "bu-x", "on-y"],
    ...     "base_area_id": ["A", "B", "B"], "extent": ["whole", "part", "part"]})
    >>> in_networks(places, rows)[["network_id", "is_unsure"]].to_numpy().tolist()
    [['bu-x', False], ['on-y', True]]
    """
    require_columns(meeting_places, ("base_area_ids",), "meeting_places")
    require_columns(memberships, ("network_id", "base_area_id", "extent"), "memberships")
    rows = []
    for place, text in meeting_places["base_area_ids"].items():
        ids = set(split(text))
        members = memberships[memberships["base_area_id"].isin(ids)]
        for network_id, held in members.groupby("network_id", sort=False):
            is_whole = set(held["base_area_id"]) == ids and (held["extent"] == "whole").any()
            rows.append((place, network_id, not is_whole))
    return pd.DataFrame(rows, columns=["meeting_place_id", "network_id", "is_unsure"])
