"""Safety walks as they were registered; shipped ones are taken in when findings need them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from geo import crs, kinds
from geo.errors import GeoError
from geo.store import records, rows
from geo.store.tables import FINDINGS, WALKS

COLUMNS = tuple(column.name for column in kinds.WALKS.columns)
LISTS = ("organisers", "assumed")
SHIPPED = "registret"  # who made a walk that came with the product


class Walks(records.Part):
    """The part of the store that keeps walks."""

    def walks(self, *, removed: bool = False) -> gpd.GeoDataFrame:
        """Return the walks: index walk_id, the columns of kinds.WALKS, version; route EPSG:3006.

        The geometry is None where the route is not known. removed: those that are marked as
        removed instead.
        """
        gone = WALKS.c.removed_at.isnot(None) if removed else WALKS.c.removed_at.is_(None)
        with self.file.reading() as connection:
            found = records.frame_of(connection, WALKS, gone)
        return as_frame(found)

    def save_walk(self, walk: Mapping[str, Any], made_by: str, version: int | None = None) -> bool:
        """Keep one walk: a new one, or, when a version is given, a change of that version.

        walk: walk_id and columns of kinds.WALKS, route as WKT. Returns whether anything was
        changed. Raises ConflictError when somebody else has changed it since, and GeoError when a
        new one has an id that is taken.
        """
        walk_id = str(walk["walk_id"])
        with self.changing(records.FIELD) as connection:
            if version is None:
                refuse_taken(connection, WALKS, [walk_id])
                rows.add(connection, WALKS, [as_row(walk)], made_by)
                return True
            row = as_row(walk)
            before, after = rows.change(connection, WALKS, walk_id, row, version, made_by)
        return after != before

    def remove_walk(self, walk_id: str, version: int, made_by: str, reason: str = "") -> None:
        """Mark a walk as removed; it stays, and can be brought back.

        Raises as save_walk, and GeoError while there are findings of it.
        """
        self._mark_walk(walk_id, version, made_by, "remove", reason)

    def bring_back_walk(self, walk_id: str, version: int, made_by: str) -> None:
        """Let a walk that was marked as removed count again. Raises as save_walk."""
        self._mark_walk(walk_id, version, made_by, "bring_back", "")

    def adopt_walks(self, shipped: pd.DataFrame) -> int:
        """Take in walks that ship with the product and are not there yet; returns how many.

        shipped: index walk_id, as geo.read.walks gives them.
        """
        with self.file.reading() as connection:
            if connection is not None and not _missing(connection, shipped):
                return 0
        with self.changing(records.FIELD) as connection:
            return adopt(connection, shipped)

    def _mark_walk(self, walk_id: str, version: int, by: str, action: str, reason: str) -> None:
        when = records.now() if action == "remove" else None
        with self.changing(records.FIELD) as connection:

            def refuse_noted(_before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
                n = connection.scalar(_n_findings(walk_id)) if after["removed_at"] else 0
                if n:
                    raise GeoError(
                        f"Vandringen har {n} fynd. Ta bort dem först, eller låt den vara."
                    )

            about: dict[str, Any] = {"action": action, "reason": reason, "check": refuse_noted}
            rows.change(connection, WALKS, walk_id, {"removed_at": when}, version, by, **about)


def _n_findings(walk_id: str) -> sa.Select[Any]:
    own = sa.and_(FINDINGS.c.walk_id == walk_id, FINDINGS.c.removed_at.is_(None))
    return sa.select(sa.func.count()).select_from(FINDINGS).where(own)


def adopt(connection: Connection, shipped: pd.DataFrame) -> int:
    """Take in those of some shipped walks that are not in the store; returns how many.

    >>> from geo.store import upgrade
    >>> walk = {"date": pd.Timestamp("2017-10-03"), "network_id": "on-norrby"}
    >>> with sa.create_engine("sqlite://").begin() as connection:
    ...     upgrade.to_newest(connection)
    ...     adopt(connection, pd.DataFrame([walk], index=pd.Index(["w1"], name="walk_id")))
    1
    """
    missing = shipped.loc[_missing(connection, shipped)].reset_index()
    new = [as_row(row) for row in missing.to_dict(orient="records")]
    return len(rows.add(connection, WALKS, new, SHIPPED))


def as_frame(found: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return rows of the table as walks: lists as tuples, the route as a line.

    >>> empty = pd.DataFrame(columns=[column.name for column in WALKS.columns], dtype=object)
    >>> as_frame(empty).crs.to_epsg()
    3006
    """
    table = found.set_index("walk_id").sort_index()
    for name in LISTS:
        table[name] = [tuple(filter(None, text.split(";"))) for text in table[name]]
    lines = gpd.GeoSeries.from_wkt(table["route"].where(table["route"] != "", None), crs=crs.METRIC)
    return gpd.GeoDataFrame(table, geometry=lines, crs=crs.METRIC)


def as_row(walk: Mapping[Any, Any]) -> dict[str, Any]:
    """Return a walk as the table takes it: lists as text with ;, days as days, nothing as None.

    Raises GeoError for a route that is no WKT: kept, it would hinder every reading.

    >>> as_row({"walk_id": "w1", "organisers": ("Polisen", "AB Bostäder"), "step": pd.NA})
    {'walk_id': 'w1', 'step': None, 'organisers': 'Polisen;AB Bostäder'}
    """
    made = {name: as_cell(walk[name]) for name in COLUMNS if name in walk}
    if made.get("route"):
        made["route"] = _flat(made["route"])
    return made


def _flat(route: str) -> str:
    """Return a route without heights, which no map here has; raises GeoError for no geometry."""
    line = shapely.from_wkt(route, on_invalid="ignore")
    if line is None:
        raise GeoError(f"route: en linje i WKT väntades, fick {route[:60]!r}. Rita rutten på nytt.")
    return str(shapely.to_wkt(shapely.force_2d(line), -1)) if line.has_z else route


def as_cell(value: Any) -> Any:
    """Return one value as the database takes it.

    >>> as_cell(pd.Timestamp("2017-10-20")), as_cell(float("nan"))
    (datetime.date(2017, 10, 20), None)
    """
    if isinstance(value, tuple | list):
        return ";".join(value)
    if value is None or pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date()
    return value.item() if hasattr(value, "item") else value


def refuse_taken(connection: Connection, table: sa.TableClause, ids: list[str]) -> None:
    """Raise GeoError when one of the ids is in the table already, removed or not.

    >>> from geo.store import upgrade
    >>> with sa.create_engine("sqlite://").begin() as connection:
    ...     upgrade.to_newest(connection)
    ...     refuse_taken(connection, WALKS, ["w1"])
    """
    taken = sorted(rows.known(connection, table, ids))
    if taken:
        name = rows.NAMES[table.name]
        raise GeoError(
            f"{name.title()} {', '.join(map(repr, taken[:5]))} finns redan. Öppna den i listan och "
            "ändra den, eller välj ett annat id."
        )


def _missing(connection: Connection, shipped: pd.DataFrame) -> list[str]:
    there = rows.known(connection, WALKS, [str(i) for i in shipped.index])
    return [str(walk_id) for walk_id in shipped.index if walk_id not in there]
