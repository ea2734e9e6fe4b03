"""Efforts that name a place: where they gather, which networks they reach, need against effort.

All of it rests on one source, the page of the city's vision, which has no date and names places
only now and then. That nothing is found for a network says that this page names no place of it; it
is not the same as nothing being done.
"""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import pandas as pd

from geo import intervals
from geo.errors import GeoError, require_columns

NEED_WITHOUT_EFFORT, NEED_WITH_EFFORT, NO_NEED_SHOWN, UNKNOWN = (
    "need_without_effort",
    "need_with_effort",
    "no_need_shown",
    "unknown",
)
WORSE, BETTER = "worse", "better"
UNSURE_DATE = "osäker"


def split(text: object) -> tuple[str, ...]:
    """Return the parts of a text with ; between them, as the registers write lists.

    >>> split("Norrby;Sjöbo"), split("")
    (('Norrby', 'Sjöbo'), ())
    """
    return tuple(part for part in str(text).split(";") if part)


def _pairs(efforts: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return a row per effort and thing that it names: effort_id, name."""
    require_columns(efforts, ("effort_id", column), "efforts")
    found = pd.DataFrame({"effort_id": efforts["effort_id"], "name": efforts[column].map(split)})
    return found.explode("name").dropna(subset="name").drop_duplicates()


def _counted(pairs: pd.DataFrame, index: pd.Index) -> pd.DataFrame:
    held = {name: tuple(ids) for name, ids in pairs.groupby("name", sort=False)["effort_id"]}
    effort_ids = [held.get(name, ()) for name in index]
    n_efforts = [len(ids) for ids in effort_ids]
    return pd.DataFrame({"n_efforts": n_efforts, "effort_ids": effort_ids}, index=index)


def place_bound(efforts: pd.DataFrame) -> pd.DataFrame:
    """Return the efforts that name at least one place. efforts: effort_id, place_names (with ;).

    >>> from geo import read
    >>> len(place_bound(read.register("efforts")))
    14
    """
    require_columns(efforts, ("effort_id", "place_names"), "efforts")
    return efforts[efforts["place_names"].map(split).map(len) > 0]


def by_network(efforts: pd.DataFrame, networks: pd.DataFrame) -> pd.DataFrame:
    """Tell for each network how many efforts name a place that is its name or a part of it.

    efforts: effort_id, network_ids (text with ;). networks: index network_id.
    Returns, with the index of networks: n_efforts and effort_ids (tuple, in the order of efforts).
    Every network has a row. 0 means that no place-bound effort *in this source* names a place in
    it, which is not the same as nothing being done there. Networks overlap and an effort may reach
    several: never add them. Raises GeoError for a network that is not among networks.

    >>> from geo import read
    >>> found = by_network(read.register("efforts"), read.networks()[0])
    >>> found["n_efforts"].loc[["on-norrby", "on-hulta"]].to_dict()
    {'on-norrby': 8, 'on-hulta': 0}
    """
    pairs = _pairs(efforts, "network_ids")
    _refuse_unknown("efforts", "network_ids", pairs["name"], networks.index)
    return _counted(pairs, networks.index)


def _refuse_unknown(table: str, column: str, named: pd.Series, known: pd.Index) -> None:
    unknown = sorted(set(named) - set(known))
    if unknown:
        raise GeoError(
            f"{table}: {column} {', '.join(map(repr, unknown))} finns inte i registret. Rätta id:t."
        )


def by_base_area(
    efforts: pd.DataFrame, places: pd.DataFrame, base_areas: gpd.GeoDataFrame
) -> pd.DataFrame:
    """Tell for each base area how many efforts name a place that lies, or may lie, in it.

    efforts: effort_id, place_names (text with ;). places: index place, base_area_ids (text with ;).
    base_areas: index base_area_id. Returns, with the index of base_areas: n_efforts (all that may
    be there), effort_ids (tuple), n_sure and sure_ids (those that name a place of one base
    area only) and is_unsure (some name a place of several base areas: the effort may be in any one
    of them, or in all). A place may be smaller than its base area. Places without a known base area
    are not here: see unplaced. Raises GeoError for a base area that is not among base_areas.

    >>> places = pd.DataFrame({"base_area_ids": ["A", "A;B"]}, index=["Ort", "Bygd"])
    >>> efforts = pd.DataFrame({"effort_id": ["1", "2"], "place_names": ["Ort", "Bygd"]})
    >>> squares = gpd.GeoDataFrame(index=["A", "B"])
    >>> by_base_area(efforts, places, squares)[["n_efforts", "n_sure"]].to_numpy().tolist()
    [[2, 1], [1, 0]]
    """
    named = _placed(efforts, places)
    found = pd.DataFrame(
        {
            "effort_id": named["effort_id"],
            "name": named["base_area_ids"],
            "is_sure": named["base_area_ids"].map(len) == 1,
        }
    )
    found = found.explode("name").dropna(subset="name")
    _refuse_unknown("places", "base_area_ids", found["name"], base_areas.index)
    table = _counted(found[["effort_id", "name"]].drop_duplicates(), base_areas.index)
    sure = found.loc[found["is_sure"], ["effort_id", "name"]].drop_duplicates()
    table[["n_sure", "sure_ids"]] = _counted(sure, base_areas.index)
    return table.assign(is_unsure=table["n_sure"] < table["n_efforts"])


def _placed(efforts: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Return a row per effort and place that it names, with the base areas of the place."""
    require_columns(places, ("base_area_ids",), "places")
    pairs = _pairs(efforts, "place_names")
    spots = {str(place): split(text) for place, text in places["base_area_ids"].items()}
    return pairs.assign(base_area_ids=pairs["name"].map(lambda name: spots.get(name, ())))


def unplaced(efforts: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """List the places that efforts name and that lie in no known base area: they are on no map.

    efforts, places: as in by_base_area. Returns, by place: n_efforts, effort_ids.

    >>> from geo import read
    >>> unplaced(read.register("efforts"), read.register("places", "place")).index.tolist()
    ['Bosjön', 'Rya åsar', 'Gässlösa']
    """
    pairs = _placed(efforts, places)
    lost = pairs[pairs["base_area_ids"].map(len) == 0]
    return _counted(lost, pd.Index(lost["name"].unique(), name="place"))


def concentration(efforts: pd.DataFrame) -> pd.DataFrame:
    """List the places that efforts name, the most named first; equal ones in the source's order.

    efforts: effort_id, place_names (text with ;). Returns, by place: n_efforts, effort_ids. An
    effort that names three places is counted at each of them: never add the places.

    >>> from geo import read
    >>> concentration(read.register("efforts"))["n_efforts"].head(3).to_dict()
    {'Norrby': 8, 'Hässleholmen': 4, 'Sjöbo': 3}
    """
    pairs = _pairs(efforts, "place_names")
    table = _counted(pairs, pd.Index(pairs["name"].unique(), name="place"))
    return table.sort_values("n_efforts", ascending=False, kind="stable")


def need_and_effort(
    values: pd.DataFrame, city: pd.Series, direction: str, efforts_by_network: pd.DataFrame
) -> pd.DataFrame:
    """Put each network's value against the city beside the number of efforts that name it.

    values: index network_id; value, low, high (NaN = hidden or missing), and against where it is
    already reckoned (geo.welfare.View.tables has it). city: value, low, high. direction: what is
    good, high or low. efforts_by_network: as by_network gives it, all networks of values in it.
    Returns the columns of values, and standing (worse, better, or as geo.intervals.against has it:
    same, unsure, unknown), n_efforts, effort_ids and class: need_without_effort (surely worse than
    the city, and no effort names it), need_with_effort, no_need_shown (not surely worse: that is
    no proof that all is well), unknown (hidden or missing, never taken as no need).
    Raises GeoError for another direction and for a network without a row of efforts.

    >>> values = pd.DataFrame({"value": [0.2, 0.5], "low": [0.1, 0.4], "high": [0.3, 0.6]},
    ...                       index=["on-a", "on-b"])
    >>> city = pd.Series({"value": 0.5, "low": 0.4, "high": 0.6})
    >>> none = pd.DataFrame({"n_efforts": 0, "effort_ids": [(), ()]}, index=["on-a", "on-b"])
    >>> need_and_effort(values, city, "high", none)["class"].tolist()
    ['need_without_effort', 'no_need_shown']
    """
    require_columns(values, ("value", "low", "high"), "values")
    if direction not in ("high", "low"):
        raise GeoError(f"direction: high eller low väntades, fick {direction!r}. Välj en av dem.")
    _refuse_unknown("values", "network_id", values.index.to_series(), efforts_by_network.index)
    against = values["against"] if "against" in values else intervals.against(values, city)
    against = against.mask(values[["value", "low", "high"]].isna().any(axis=1), intervals.UNKNOWN)
    ends = (WORSE, BETTER) if direction == "high" else (BETTER, WORSE)
    names = {intervals.LOWER: ends[0], intervals.HIGHER: ends[1]}
    table = values.assign(standing=[names.get(word, word) for word in against])
    table = table.join(efforts_by_network[["n_efforts", "effort_ids"]])
    return table.assign(**{"class": _classes(table["standing"], table["n_efforts"])})


def _classes(standing: pd.Series, n_efforts: pd.Series) -> Sequence[str]:
    need = (n_efforts > 0).map({True: NEED_WITH_EFFORT, False: NEED_WITHOUT_EFFORT})
    rest = standing.eq(intervals.UNKNOWN).map({True: UNKNOWN, False: NO_NEED_SHOWN})
    return need.where(standing == WORSE, rest).tolist()


def activity_days(days: pd.DataFrame, networks: pd.DataFrame) -> pd.DataFrame:
    """Tell for each network how many activity days it had; what has two dates is counted once.

    days: network_id, date, title, status (säker; osäker: the sources give the same day several
    dates, a row each). networks: index network_id. Returns, with the index of networks: n_days and
    is_unsure (some date is). 0: none in this source. Raises GeoError for an unknown network.

    >>> from geo import read
    >>> found = activity_days(read.register("activity_days"), read.networks()[0])
    >>> int(found["n_days"].sum()), found.index[found["is_unsure"]].tolist()
    (12, ['on-trandared'])
    """
    require_columns(days, ("network_id", "date", "title", "status"), "days")
    _refuse_unknown("days", "network_id", days["network_id"], networks.index)
    is_unsure = days["status"] == UNSURE_DATE
    days = days.assign(is_unsure=is_unsure, date=days["date"].mask(is_unsure, ""))
    once = days.drop_duplicates(["network_id", "date", "title"]).groupby("network_id")
    table = pd.DataFrame({"n_days": once.size(), "is_unsure": once["is_unsure"].any()})
    table = table.reindex(networks.index)
    n_days = table["n_days"].fillna(0).astype(int)  # every network is in the source: 0 is known
    return pd.DataFrame({"n_days": n_days, "is_unsure": table["is_unsure"].eq(True)})
