"""An export of the field as checked rows: findings and walks that may be taken in, and issues."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd

from geo import findings_file
from geo.errors import Issues
from geo.field import exports


def checked(
    path: Path,
    *,
    today: pd.Timestamp,
    categories: dict[str, str],
    owners: list[str],
    networks: pd.DataFrame,
    base_areas: gpd.GeoDataFrame,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Read an export and check it: findings and walks as the store takes them, and the issues.

    categories: code -> name. networks: index network_id. base_areas: EPSG:3006. Each row of the
    file is a finding or a walk; faulty rows are left out and told. A row that names no source gets
    the file's name. Raises UnreadableFileError for what cannot be read at all.

    >>> import tempfile
    >>> from geo import read
    >>> folder = tempfile.TemporaryDirectory()
    >>> path = Path(folder.name) / "export.csv"
    >>> _ = path.write_text("KEY,record,network,walk_date,kind,category,location-Latitude,"
    ...     "location-Longitude\\nuuid:1,finding,on-norrby,2026-03-01,brist,belysning,57.724,12.93")
    >>> found, walks, issues = checked(path, today=pd.Timestamp("2026-03-02"),
    ...     categories={"belysning": "Belysning"}, owners=[], networks=read.networks()[0],
    ...     base_areas=read.base_areas()[0])
    >>> (found["finding_id"].tolist(), len(walks), len(issues))
    (['uuid:1'], 0, 0)
    >>> folder.cleanup()
    """
    raw_findings, raw_walks = exports.raw(path)
    one, two = Issues("findings"), Issues("walks")
    names = {name: code for code, name in categories.items()} | {code: code for code in categories}
    findings = findings_file.check(
        raw_findings, one, today=today, categories=names, owners=owners, base_areas=base_areas
    )
    walks = findings_file.check_walks(raw_walks, two, networks=networks)
    source = f"filen {path.name}"
    frames = [
        frame.assign(source=frame["source"].replace("", source)) for frame in (findings, walks)
    ]
    issues = pd.concat([one.frame(), two.frame()], ignore_index=True)
    return frames[0], frames[1], issues
