"""Reads every kind of file: a checked frame (geometry in EPSG:3006), and the issues found."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd

from geo import crs, files, kinds, schema
from geo.errors import Issues
from geo.indicators import indicators as indicators
from geo.points import points as points
from geo.polygons import areas as areas
from geo.polygons import base_areas as base_areas
from geo.sources import DATA, layer_of
from geo.statistics_file import statistics as statistics

Read = tuple[pd.DataFrame, pd.DataFrame]
ReadGeo = tuple[gpd.GeoDataFrame, pd.DataFrame]


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


def demo_statistics(path: Path | str = DATA / "demo" / "statistics.csv") -> Read:
    """Read the synthetic demonstration set, as geo.read.statistics; empty when there is none.

    >>> set(demo_statistics()[0]["source"])
    {'synthetic'}
    """
    if not Path(path).exists():
        return pd.DataFrame(columns=[c.name for c in kinds.STATISTICS.columns]), Issues("").frame()
    return statistics(path)


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
