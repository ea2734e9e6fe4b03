"""Reads the route that a walk took from the file of a recorder: GPX, or lines of a layer."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn
from xml.parsers import expat

import geopandas as gpd
import numpy as np
import shapely
from shapely import ops

from geo import crs, files, spatial
from geo.errors import GeoError, UnreadableFileError

MAX_BYTES = 10_000_000
TOLERANCE_M = 2.0
_AT_ONCE = 1_000  # points simplified together: GEOS crashes on a long line that is made to
_KINDS = {".gpx", ".geojson", ".json", ".gpkg"}
_PARTS = {"trkseg": "trkpt", "rte": "rtept"}
Part = list[tuple[float, float]]


def route(
    path: Path | str, *, inside: shapely.Geometry | None = None, trim_m: float = 0.0
) -> shapely.LineString | shapely.MultiLineString:
    """Read the route of a walk as a line in EPSG:3006, simplified with a tolerance of 2 metres.

    path: GPX 1.0 or 1.1 (its tracks; its routes when it has no track with two points), or lines of
    GeoJSON or GeoPackage. Several tracks or segments become a MultiLineString. inside: a polygon in
    EPSG:3006 that the route must at least touch, such as the municipality. trim_m: metres to cut
    off at each end, for a recorder that was started at home. A jump between two points is left.

    Raises UnreadableFileError, in Swedish with the remedy, for what is no GPX, too large, holds
    entities, or has no line with two points; GeoError for a line outside inside, or shorter than
    what is cut off. GPX is read without GDAL, which goes by what a file holds and not by what it
    is called, and so may open other files that it names.

    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> path = Path(folder.name) / "vandring.gpx"
    >>> points = '<trkpt lat="57.72" lon="12.94"/><trkpt lat="57.73" lon="12.94"/>'
    >>> _ = path.write_text(f"<gpx><trk><trkseg>{points}</trkseg></trk></gpx>")
    >>> round(route(path).length), round(route(path, trim_m=50).length)
    (1113, 1013)
    >>> folder.cleanup()
    """
    path = Path(path)
    files.refuse_unreadable(path, _KINDS)
    if path.stat().st_size > MAX_BYTES:
        raise UnreadableFileError(
            f"{path.name} är större än {MAX_BYTES // 1_000_000} MB. Spara bara den här vandringens "
            "spår i filen."
        )
    parts = _gpx_lines(path) if path.suffix.lower() == ".gpx" else _layer_lines(path)
    parts = [line for line in map(_simplified, parts) if line.length > 0]
    if not parts:
        raise UnreadableFileError(
            f"{path.name} har inget spår med minst två olika punkter. Spara om spåret ur appen, "
            "eller rita vägen på kartan."
        )
    if inside is not None and not any(line.intersects(inside) for line in parts):
        raise GeoError(
            f"{path.name}: vägen ligger helt utanför kommunen. Kontrollera att det är rätt fil."
        )
    parts = _trimmed(_trimmed(parts, trim_m), trim_m)
    if not parts:
        raise GeoError(
            f"{path.name}: vägen är kortare än de {trim_m:g} meter som ska tas bort i var ände. "
            "Ta bort mindre."
        )
    return parts[0] if len(parts) == 1 else shapely.MultiLineString(parts)


def _gpx_lines(path: Path) -> list[shapely.LineString]:
    found = _gpx_points(path)
    if not any(found.values()):
        raise UnreadableFileError(
            f"{path.name} har varken spår (track) eller rutt (route). Välj att spara spåret när du "
            "exporterar ur appen."
        )
    tracks, routes = (
        [part for part in found[name] if len(set(part)) > 1] for name in ("trkseg", "rte")
    )
    lines = gpd.GeoSeries([shapely.LineString(part) for part in tracks or routes], crs=crs.WGS84)
    return list(lines.to_crs(crs.METRIC))


def _gpx_points(path: Path) -> dict[str, list[Part]]:
    """Return the points (longitude, latitude) of each segment of a track, and of each route."""
    found: dict[str, list[Part]] = {name: [] for name in _PARTS}
    within: list[str] = []  # the names of the elements that are open

    def start(name: str, attributes: dict[str, str]) -> None:
        within.append(name.rsplit(" ", 1)[-1])
        if within[0] != "gpx":
            raise ValueError("another kind of XML")
        if within[-1] in _PARTS:
            found[within[-1]].append([])
        elif len(within) > 1 and _PARTS.get(within[-2]) == within[-1]:
            found[within[-2]][-1].extend(_point(attributes))

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: within.pop()
    parser.StartDoctypeDeclHandler = lambda *_: _refuse_doctype(path)
    try:
        parser.Parse(path.read_bytes(), True)
    except UnreadableFileError:
        raise
    except (expat.ExpatError, ValueError, LookupError) as fault:
        raise UnreadableFileError(
            f"{path.name} är ingen läsbar GPX-fil. Exportera spåret som GPX ur appen igen."
        ) from fault
    return found


def _refuse_doctype(path: Path) -> NoReturn:
    raise UnreadableFileError(
        f"{path.name} har en dokumenttyp (DOCTYPE), som kan gömma annat än ett spår. Spara om "
        "spåret ur appen."
    )


def _point(attributes: dict[str, str]) -> Part:
    """Return the point of an element in a list, or an empty list when it is nowhere on Earth."""
    try:
        lon, lat = float(attributes["lon"]), float(attributes["lat"])
    except (KeyError, ValueError):
        return []
    return [(lon, lat)] if abs(lon) <= 180 and abs(lat) < 89 else []


def _layer_lines(path: Path) -> list[shapely.LineString]:
    frame, _ = spatial.read_spatial(path)
    bounds = crs.total_bounds(frame)
    if wrong := crs.mismatch(bounds, frame.crs) if bounds else None:
        raise UnreadableFileError(f"{path.name}: {wrong}")
    lines = crs.to_metric(frame, path.name).geometry.explode(ignore_index=True)
    return [line for line in lines if isinstance(line, shapely.LineString)]


def _simplified(line: shapely.LineString) -> shapely.LineString:
    points = shapely.get_coordinates(line)
    points = points[np.isfinite(points).all(axis=1)]
    kept = [points[:1]]
    for first in range(0, len(points) - 1, _AT_ONCE):
        piece = shapely.LineString(points[first : first + _AT_ONCE + 1])
        kept.append(shapely.get_coordinates(piece.simplify(TOLERANCE_M))[1:])
    together = np.concatenate(kept)
    return shapely.LineString(together if len(together) > 1 else [])


def _trimmed(parts: list[shapely.LineString], length_m: float) -> list[shapely.LineString]:
    """Cut a length off the beginning, and turn all around: done twice, both ends are cut."""
    left = [line for line in parts if line.length > 0]
    while left and length_m > 0 and left[0].length <= length_m:
        length_m -= left[0].length
        left = left[1:]
    if left and length_m > 0:
        left[0] = ops.substring(left[0], length_m, left[0].length)
    return [line.reverse() for line in reversed(left)]
