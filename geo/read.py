"""Reads registers, polygons and points: a checked frame in EPSG:3006, and the issues found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo import crs, files, kinds, schema, shapes
from geo.errors import GeoError, Issues
from geo.points import points as points
from geo.sources import DATA, LAYERS, layer_of

Read = tuple[pd.DataFrame, pd.DataFrame]
ReadGeo = tuple[gpd.GeoDataFrame, pd.DataFrame]
LIST_COLUMNS = ("sub_areas", "base_areas", "split_base_areas")


def _table(path: Path, kind: schema.Schema, index: str) -> Read:
    """Read one register by its schema; index = its id, or a pair's line in the file."""
    issues = Issues(kind.dataset)
    frame = schema.check(files.read_table(path), kind, issues)
    return (frame.set_index(index) if index else frame), issues.frame()


def networks(path: Path | str = DATA / "networks.csv") -> Read:
    """Read the networks: index network_id; layer, name, association, status, sub_areas (tuple).

    Returns the 20 networks of Borås when no path is given. A faulty row is left out and told.

    >>> networks()[0]["layer"].value_counts().to_dict()
    {'barn_unga': 9, 'omrade': 7, 'ortsrad': 4}
    """
    return _table(Path(path), kinds.NETWORKS, "network_id")


def meetings(path: Path | str = DATA / "meetings.csv") -> Read:
    """Read the meetings: index meeting_id; date (datetime64), network_id, kind, starred, …

    >>> found, issues = meetings()
    >>> (int(found["source"].str.startswith("ar2017 bilaga 2").sum()), len(issues))
    (125, 0)
    """
    return _table(Path(path), kinds.MEETINGS, "meeting_id")


def guidelines(path: Path | str = DATA / "guidelines.csv") -> Read:
    """Read the dated guidelines: index guideline_id; layer, meetings per term, valid_from/to.

    >>> guidelines()[0].loc["G1", ["meetings_per_term_min", "meetings_per_term_max"]].tolist()
    [3, 4]
    """
    return _table(Path(path), kinds.GUIDELINES, "guideline_id")


def statistics(path: Path | str) -> Read:
    """Read long statistics by base area; the index is the line in the file.

    status says ok, missing or suppressed; a missing value stays NaN and is never 0.

    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> path = Path(folder.name) / "fil.csv"
    >>> head = "indicator_id,area_code,area_vintage,period,value,status\\n"
    >>> _ = path.write_text(head + "folkmangd,1490R001,RegSO2025,2024,12,ok")
    >>> statistics(path)[0]["value"].tolist()
    [12.0]
    >>> folder.cleanup()
    """
    return _table(Path(path), kinds.STATISTICS, "")


def walks(path: Path | str = DATA / "walks.csv") -> Read:
    """Read the safety walks: index walk_id; date, network_id, place, status, note.

    >>> len(walks()[0])
    6
    """
    return _table(Path(path), kinds.WALKS, "walk_id")


def findings(path: Path | str) -> ReadGeo:
    """Read findings of safety walks as points in EPSG:3006: index finding_id.

    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> path = Path(folder.name) / "fil.csv"
    >>> head = "finding_id,walk_id,observed_date,kind,category,x,y\\n"
    >>> _ = path.write_text(head + "f1,w1,2017-10-03,brist,belysning,377000,6400000")
    >>> findings(path)[0].loc["f1", "category"]
    'belysning'
    >>> folder.cleanup()
    """
    issues = Issues("findings")
    table = schema.check(files.read_table(Path(path)), kinds.FINDINGS, issues)
    points = gpd.GeoDataFrame(
        table, geometry=gpd.points_from_xy(table["x"], table["y"]), crs=crs.METRIC
    )
    return _placed(points, issues).set_index("finding_id"), issues.frame()


def _placed(points: gpd.GeoDataFrame, issues: Issues) -> gpd.GeoDataFrame:
    """Leave out, and tell, each point whose coordinates cannot be in EPSG:3006 in Sweden."""
    bounds = crs.total_bounds(points)
    if bounds is None or crs.mismatch(bounds, points.crs) is None:
        return points
    faults = {line: crs.mismatch(p.bounds, points.crs) for line, p in points.geometry.items()}
    for line, fault in faults.items():
        if fault:
            issues.error(fault, row=int(str(line)), column="x", kind="crs")
    return points.loc[[line for line, fault in faults.items() if fault is None]]


def register(name: str, index: str = "") -> pd.DataFrame:
    """Read a shipped register of facts (data/NAME.csv) as text; index = the named column.

    For tables that are only shown: efforts, budget, priorities, sources. Lists stay text with ;.
    Raises UnreadableFileError when the file is missing.

    >>> register("budget_2017")["amount_sek"].astype(int).sum().item()
    400000
    """
    table = files.read_table(DATA / f"{name}.csv").reset_index(drop=True)
    return table.set_index(index) if index else table


def memberships(
    path: Path | str = DATA / "memberships.csv",
    *,
    networks: pd.DataFrame | None = None,
    base_areas: pd.DataFrame | None = None,
) -> Read:
    """Read which base area belongs to which network, wholly or in part.

    networks, base_areas: frames indexed by id; when given, a row with an unknown id is an error.
    Returns network_id, base_area_id, extent, share (0–1), share_basis, basis, confidence,
    evidence; index = line in the file. Errors besides the schema's: extent whole with a share
    that is not 1, and shares of a base area that sum above 1 within a layer (all its rows).

    >>> found, issues = memberships()
    >>> (len(found), issues.empty)
    (92, True)
    """
    issues = Issues("memberships")
    frame = schema.check(files.read_table(Path(path)), kinds.MEMBERSHIPS, issues)
    known = {"network_id": networks, "base_area_id": base_areas}
    strangers: set[int] = set()
    for column, register_ in known.items():
        if register_ is not None:
            unknown = frame[~frame[column].isin(register_.index)]
            _tell(unknown, column, "finns inte i registret. Rätta id:t.", "unknown", issues)
            strangers |= set(unknown.index)
    frame = frame.drop(list(strangers))
    odd = frame[(frame["extent"] == "whole") & (frame["share"] != 1)]
    _tell(odd, "share", "måste vara 1 när extent är whole. Skriv part eller 1.", "share", issues)
    frame = frame.drop(odd.index)
    layer = frame["network_id"].map(layer_of)
    sums = frame.groupby([layer, frame["base_area_id"]])["share"].transform("sum")
    over = frame[sums > 1 + 1e-9]
    text = "summerar över 1 i lagret för basområdet. Minska andelarna."
    _tell(over, "share", text, "share_sum", issues)
    return frame.drop(over.index), issues.frame()


def _tell(rows: pd.DataFrame, column: str, text: str, kind: str, issues: Issues) -> None:
    for line, value in rows[column].items():
        shown = str(value).replace(".", ",") if isinstance(value, float) else value
        issues.error(
            f"{column} {shown} {text}", row=int(str(line)), column=column, kind=kind, value=value
        )


def base_areas(path: Path | str = DATA / "base_areas.geojson") -> ReadGeo:
    """Read the base areas (47 RegSO 2025 of Borås by default) as a checked coverage.

    Returns polygons in EPSG:3006, index base_area_id, with name; overlaps and gaps between
    them are issues with place and m².

    >>> found, issues = base_areas()
    >>> (len(found), found.crs.to_epsg(), issues.empty)
    (47, 3006, True)
    """
    frame, issues = _polygons(Path(path), "base_areas", "base_area_id")
    frame = frame.set_index("base_area_id")
    shapes.check_coverage(frame, issues)
    return frame, issues.frame()


def areas(path: Path | str = DATA / "areas.geojson") -> ReadGeo:
    """Read catchments: polygons in EPSG:3006, index area_id; they may overlap.

    Columns: name, layer, association, sub_areas, base_areas, split_base_areas (tuples),
    area_km2, confidence, source. An unknown layer is an error and leaves the row out.

    >>> areas()[0].at["bu-sjobo", "sub_areas"]
    ('Alideberg', 'Erikslund', 'Tosseryd')
    """
    frame, issues = _polygons(Path(path), "areas", "area_id")
    for column in LIST_COLUMNS:
        if column in frame:
            frame[column] = frame[column].map(_as_tuple)
    if "layer" in frame:
        for row, layer in frame.loc[~frame["layer"].isin(LAYERS), "layer"].items():
            issues.error(
                f"{frame.at[row, 'area_id']}: lagret {layer!r} finns inte. "
                f"Skriv {', '.join(LAYERS)}.",
                row=int(str(row)),
                column="layer",
                value=layer,
            )
        frame = frame[frame["layer"].isin(LAYERS)]
    return frame.set_index("area_id"), issues.frame()


def _as_tuple(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        parts = value.strip("[]").replace('"', "").replace(";", ",").split(",")
        return tuple(part.strip() for part in parts if part.strip())
    return tuple(value) if isinstance(value, list | tuple | np.ndarray) else ()


def _polygons(path: Path, dataset: str, index: str) -> tuple[gpd.GeoDataFrame, Issues]:
    issues = Issues(dataset)
    raw, unclosed = files.read_spatial(path)
    for column in (index, "name"):
        if column not in raw:
            issues.error(
                f"Egenskapen {column} saknas. Döp om rätt fält till {column}.",
                column=column,
                kind="missing_column",
            )
            return _empty(index), issues
    frame = shapes.check_polygons(raw, unclosed, issues)
    nameless = frame[index].isna() | (frame[index].astype(str).str.strip() == "")
    again = frame[index].duplicated() & ~nameless
    for row in frame.index[nameless]:
        issues.error(f"{index} saknas. Ge ytan ett id.", row=int(row), column=index)
    for row in frame.index[again]:
        value = frame.at[row, index]
        issues.error(
            f"{index} {value} finns flera gånger. Behåll en av ytorna.",
            row=int(row),
            column=index,
            kind="duplicate",
            value=value,
        )
    return frame[~nameless & ~again], issues


def _empty(index: str) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({index: [], "name": []}, geometry=[], crs=crs.METRIC)


def people(path: Path | str, group: str = "") -> tuple[pd.Series, pd.DataFrame]:
    """Read the number of people by base area out of a statistics file.

    Takes the rows with indicator_id folkmangd, the latest period, and one group: the named one,
    or the file's only one. Returns people (float, index base_area_id, name = the group) and
    issues. A missing or suppressed number is NaN, never 0. Raises GeoError when the file has no
    such rows, or several groups and none was named.

    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> path = Path(folder.name) / "fil.csv"
    >>> head = "indicator_id,area_code,area_vintage,period,value,status\\n"
    >>> _ = path.write_text(head + "folkmangd,1490R001,RegSO2025,2024,12,ok")
    >>> people(path)[0].to_dict()
    {'1490R001': 12.0}
    >>> folder.cleanup()
    """
    frame, issues = statistics(path)
    rows = frame[frame["indicator_id"] == "folkmangd"]
    rows = rows[rows["period"] == rows["period"].max()]
    groups = sorted(set(rows["group"]))
    chosen = group or (groups[0] if len(groups) == 1 else "")
    rows = rows[rows["group"] == chosen]
    if rows.empty:
        raise GeoError(
            f"{Path(path).name}: rader med indicator_id folkmangd och en enda grupp väntades, "
            f"fick grupperna {groups!r}. Behåll en grupp i filen."
        )
    known = rows["value"].where(rows["status"] == "ok").astype(float)
    return pd.Series(known.to_numpy(), index=rows["area_code"], name=chosen), issues
