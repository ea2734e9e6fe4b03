"""Lägesbilder: the meeting's part as it is written, and the signed ones, which never change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from geo import kinds
from geo.errors import GeoError
from geo.store import records, rows
from geo.store.meetings import as_frame, as_row
from geo.store.tables import PICTURES, SIGNED
from geo.store.walks import refuse_taken

LOCKED = (
    "Lägesbilden är avslutad ({day}) och ändras inte mer. Börja en ny: den här finns kvar att "
    "jämföra med."
)
REMOVED = "Utkastet är borttaget. Hämta tillbaka det först, eller börja på ett nytt."
SECOND = (
    "Nätverket har redan ett utkast. Någon annan kan ha börjat på det: ladda om sidan och skriv "
    "vidare i det."
)
NOT_UNDONE = (
    "Det senaste som gjordes med utkastet var att hämta tillbaka det. Det ångras inte så: ta bort "
    "utkastet om det inte ska vara kvar."
)


class Pictures(records.Part):
    """The part of the store that keeps lägesbilder."""

    def pictures(self, *, removed: bool = False) -> pd.DataFrame:
        """Return what is written: index picture_id, columns of kinds.PICTURES, version.

        signed_date is empty while it is a draft. removed: drafts marked as removed instead.
        """
        gone = PICTURES.c.removed_at.isnot(None) if removed else PICTURES.c.removed_at.is_(None)
        with self.file.reading() as connection:
            return as_frame(records.frame_of(connection, PICTURES, gone), kinds.PICTURES)

    def save_picture(
        self, picture: Mapping[str, Any], made_by: str, version: int | None = None
    ) -> bool:
        """Keep a draft: a new one, or, when a version is given, a change of that version.

        picture: columns of kinds.PICTURES. Returns whether anything was changed. Raises
        ConflictError when somebody else has changed it since, and GeoError when it is signed or
        removed, when a new one has an id that is taken, and when its network has another open
        draft.
        """
        made, picture_id = as_row(picture, kinds.PICTURES), str(picture["picture_id"])
        made["signed_date"] = None
        with self.changing(records.NETWORKS) as connection:
            if version is None:
                refuse_taken(connection, PICTURES, [picture_id])
                rows.add(connection, PICTURES, [made], made_by)
                _refuse_second(connection, made)
                return True
            before, after = _change(connection, picture_id, made, version, made_by)
        return after != before

    def sign_picture(self, picture_id: str, version: int, snapshot: str, made_by: str) -> None:
        """Close a lägesbild: what was written and the numbers of the day stand unchangeable.

        snapshot: the numbers as JSON (geo.situation.snapshot). Raises as save_picture.
        """
        signed = {"signed_date": date.today()}
        with self.changing(records.NETWORKS) as connection:
            _, row = _change(connection, picture_id, signed, version, made_by, "sign")
            kept = {column.name: row[column.name] for column in kinds.PICTURES.columns}
            about = {"made_at": records.now(), "made_by": made_by, "snapshot": snapshot}
            connection.execute(sa.insert(SIGNED), [kept | about])

    def signed_pictures(self) -> pd.DataFrame:
        """Return every signed lägesbild, oldest first: kinds.PICTURES, made_at, snapshot."""
        with self.file.reading() as connection:
            return records.frame_of(connection, SIGNED).sort_values("signed_id")

    def remove_picture(self, picture_id: str, version: int, made_by: str, reason: str = "") -> None:
        """Mark a draft as removed; it can be brought back. Raises as save_picture."""
        gone = {"removed_at": records.now()}
        with self.changing(records.NETWORKS) as connection:
            _change(connection, picture_id, gone, version, made_by, "remove", reason)

    def bring_back_picture(self, picture_id: str, version: int, made_by: str) -> None:
        """Let a draft that was marked as removed count again. Raises as save_picture."""
        with self.changing(records.NETWORKS) as connection:
            _change(connection, picture_id, {"removed_at": None}, version, made_by, "bring_back")

    def undo_picture(self, picture_id: str, version: int, made_by: str) -> None:
        """Take back the last change of a draft. Raises as save_picture, or when there is none."""
        with self.changing(records.NETWORKS) as connection:
            _refuse_closed(connection, picture_id)
            check = partial(_refuse_other, connection)
            before, after = rows.undo(connection, PICTURES, picture_id, version, made_by, check)
            if after == before:
                raise GeoError(NOT_UNDONE)


def _change(
    connection: Connection,
    picture_id: str,
    changes: Mapping[str, Any],
    version: int,
    made_by: str,
    action: str = "change",
    reason: str = "",
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Change a draft that may be changed; see geo.store.rows.change."""
    _refuse_closed(connection, picture_id, may_be_removed=action == "bring_back")
    about: dict[str, Any] = {"action": action, "reason": reason}
    about["check"] = partial(_refuse_other, connection)
    return rows.change(connection, PICTURES, picture_id, changes, version, made_by, **about)


def _refuse_closed(
    connection: Connection, picture_id: str, *, may_be_removed: bool = False
) -> None:
    """Refuse what is signed, whatever is asked for and whichever version was read."""
    row = rows.find(connection, PICTURES, picture_id)
    if row["signed_date"] is not None:
        raise GeoError(LOCKED.format(day=row["signed_date"]))
    if row["removed_at"] is not None and not may_be_removed:
        raise GeoError(REMOVED)


def _refuse_other(
    connection: Connection, _before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    """Refuse a change after which a network would have two open drafts."""
    if after["signed_date"] is None and after["removed_at"] is None:
        _refuse_second(connection, after)


def _refuse_second(connection: Connection, made: Mapping[str, Any]) -> None:
    same = sa.and_(
        PICTURES.c.network_id == made["network_id"],
        PICTURES.c.picture_id != made["picture_id"],
        PICTURES.c.signed_date.is_(None),
        PICTURES.c.removed_at.is_(None),
    )
    if connection.execute(sa.select(PICTURES.c.picture_id).where(same)).first():
        raise GeoError(SECOND)
