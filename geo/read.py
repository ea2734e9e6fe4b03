"""Reads every kind of file: a checked frame (geometry in EPSG:3006), and the issues found."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from geo import crs, files, findings_file, kinds, meetings_file, schema, spatial
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


def meetings(
    path: Path | str = DATA / "meetings.csv",
    *,
    networks: pd.DataFrame | None = None,
    guidelines: pd.DataFrame | None = None,
    today: pd.Timestamp | None = None,
) -> Read:
    """Read the meetings: index meeting_id; date (datetime64), network_id, kind, starred, …

    networks, guidelines, today: when given, an unknown network is an error, and a resting one, a
    day outside every guideline and a day far ahead are warnings (geo.meetings_file).

    >>> found, issues = meetings()
    >>> (int(found["source"].str.startswith("ar2017 bilaga 2").sum()), len(issues))
    (125, 0)
    """
    issues = Issues("meetings")
    raw = files.read_table(Path(path))
    frame = meetings_file.check_meetings(
        raw, issues, networks=networks, guidelines=guidelines, today=today
    )
    return frame.set_index("meeting_id"), issues.frame()


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


def walks(path: Path | str = DATA / "walks.csv") -> ReadGeo:
    """Read the safety walks: index walk_id; date, network_id, place, …; route as a line, EPSG:3006.

    The geometry is None where no route is known. A file with another file's columns, of the forms
    of the field, is read by geo.field.

    >>> found, issues = walks()
    >>> (len(found), issues.empty)
    (13, True)
    """
    issues = Issues("walks")
    table = findings_file.check_walks(files.read_table(Path(path)), issues)
    lines = gpd.GeoSeries.from_wkt(table["route"].where(table["route"] != "", None), crs=crs.METRIC)
    return gpd.GeoDataFrame(table, geometry=lines).set_index("walk_id"), issues.frame()


def demo_walks(path: Path | str = DATA / "demo" / "walks.csv") -> ReadGeo:
    """Read the synthetic walks, as walks(); empty when there are none.

    >>> set(demo_walks()[0]["source"])
    {'synthetic'}
    """
    found, issues = walks(path if Path(path).exists() else DATA / "walks.csv")
    return (found, issues) if Path(path).exists() else (found.iloc[:0], Issues("").frame())


def demo_findings(path: Path | str = DATA / "demo" / "findings.csv") -> ReadGeo:
    """Read the synthetic findings, as findings(); empty when there are none.

    >>> set(demo_findings()[0]["source"])
    {'synthetic'}
    """
    if Path(path).exists():
        return findings(path)
    columns = [column.name for column in kinds.FINDINGS.columns]
    table = pd.DataFrame(columns=columns).set_index("finding_id")
    return gpd.GeoDataFrame(table, geometry=[], crs=crs.METRIC), Issues("").frame()


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
    table = findings_file.check(
        files.read_table(Path(path)), issues, today=pd.Timestamp(date.today())
    )
    has_point = table["x"].notna() & table["y"].notna()
    points = gpd.GeoSeries.from_xy(table["x"], table["y"], crs=crs.METRIC).where(has_point, None)
    return gpd.GeoDataFrame(table, geometry=points).set_index("finding_id"), issues.frame()


def water(path: Path | str = DATA / "water.geojson") -> list[shapely.Geometry]:
    """Read a layer of lakes and rivers (polygons), in EPSG:3006; empty when none is loaded.

    None ships: no source with a free licence was at hand. With one, findings in water are flagged.
    A polygon that crosses itself is mended.

    >>> water("finns-inte.geojson")
    []
    """
    if not Path(path).exists():
        return []
    frame, _ = spatial.read_spatial(Path(path))
    return list(crs.to_metric(frame, "vatten").geometry.dropna().make_valid())


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
