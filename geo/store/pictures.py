"""Lägesbilder: the meeting's part as it is written, and the signed ones, which never change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd
import sqlalchemy as sa

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
        ConflictError when somebody else has changed it since, and GeoError when it is signed, and
        when a new one has an id that is taken or its network has an open draft of that day.
        """
        made, picture_id = as_row(picture, kinds.PICTURES), str(picture["picture_id"])
        made["signed_date"] = None
        with self.changing(records.NETWORKS) as connection:
            if version is None:
                refuse_taken(connection, PICTURES, [picture_id])
                _refuse_second(connection, made)
                rows.add(connection, PICTURES, [made], made_by)
                return True
            before, after = rows.change(
                connection, PICTURES, picture_id, made, version, made_by, check=_refuse_signed
            )
        return after != before

    def sign_picture(self, picture_id: str, version: int, snapshot: str, made_by: str) -> None:
        """Close a lägesbild: what was written and the numbers of the day stand unchangeable.

        snapshot: the numbers as JSON (geo.situation.snapshot). Raises as save_picture.
        """
        signed = {"signed_date": date.today()}
        with self.changing(records.NETWORKS) as connection:
            _, row = rows.change(
                *(connection, PICTURES, picture_id, signed, version, made_by),
                action="sign",
                check=_refuse_signed,
            )
            kept = {column.name: row[column.name] for column in kinds.PICTURES.columns}
            about = {"made_at": records.now(), "made_by": made_by, "snapshot": snapshot}
            connection.execute(sa.insert(SIGNED), [kept | about])

    def signed_pictures(self) -> pd.DataFrame:
        """Return every signed lägesbild, oldest first: kinds.PICTURES, made_at, snapshot."""
        with self.file.reading() as connection:
            return records.frame_of(connection, SIGNED).sort_values("signed_id")

    def remove_picture(self, picture_id: str, version: int, made_by: str, reason: str = "") -> None:
        """Mark a draft as removed; it can be brought back. Raises as save_picture."""
        self._mark(picture_id, version, made_by, "remove", reason)

    def bring_back_picture(self, picture_id: str, version: int, made_by: str) -> None:
        """Let a draft that was marked as removed count again. Raises as save_picture."""
        self._mark(picture_id, version, made_by, "bring_back", "")

    def undo_picture(self, picture_id: str, version: int, made_by: str) -> None:
        """Take back the last change of a draft. Raises as save_picture, or when there is none."""
        with self.changing(records.NETWORKS) as connection:
            rows.undo(connection, PICTURES, picture_id, version, made_by, check=_refuse_signed)

    def _mark(self, picture_id: str, version: int, made_by: str, action: str, reason: str) -> None:
        when = {"removed_at": records.now() if action == "remove" else None}
        about: dict[str, Any] = {"action": action, "reason": reason, "check": _refuse_signed}
        with self.changing(records.NETWORKS) as connection:
            rows.change(connection, PICTURES, picture_id, when, version, made_by, **about)


def _refuse_signed(before: Mapping[str, Any], _after: Mapping[str, Any]) -> None:
    if before["signed_date"] is not None:
        raise GeoError(LOCKED.format(day=before["signed_date"]))


def _refuse_second(connection: sa.engine.Connection, made: Mapping[str, Any]) -> None:
    same = sa.and_(
        PICTURES.c.network_id == made["network_id"],
        PICTURES.c.signed_date.is_(None),
        PICTURES.c.removed_at.is_(None),
    )
    if connection.execute(sa.select(PICTURES.c.picture_id).where(same)).first():
        raise GeoError(
            "Nätverket har redan ett utkast. Någon annan kan ha börjat på det: ladda om sidan och "
            "skriv vidare i det."
        )
