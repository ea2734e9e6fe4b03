"""Files of the field taken in: the same file again changes nothing, and nobody's edit is lost."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from geo.errors import GeoError
from geo.store import records, rows
from geo.store.findings import as_rows, put_in, refuse_strange_walks, step
from geo.store.tables import AUDIT, FINDINGS, IMPORTS, STEPS, WALKS
from geo.store.walks import adopt, as_row

FATES = ("new", "changed", "same", "edited", "removed")
CAME = ("new", "bring_back")  # what the audit calls it when a row comes with a file


@dataclass(frozen=True)
class Fates:
    """What becomes of the rows of a file, as ids: new, changed and the same; and those left alone.

    new: also what came with an import that was taken back. edited: both the file and somebody
    here changed it, or it was made here. removed: it was removed here. Neither is written.
    """

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Taken:
    """What became of a file: its number (None when it changed nothing), walks and findings."""

    import_id: int | None
    walks: Fates
    findings: Fates


# The rows of a file for one table, what becomes of them, and the rows that are there already.
Plan = tuple[list[dict[str, Any]], Fates, dict[str, Any]]


class Intake(records.Part):
    """The part of the store that takes in files of the field."""

    def preview_field(
        self, findings: pd.DataFrame, walks: pd.DataFrame, shipped: pd.DataFrame | None = None
    ) -> Taken:
        """Tell what taking in a file would change, and write nothing. Raises as save_field."""
        with self.file.reading() as connection:
            plans = _plans(connection, findings, walks, shipped)
        return Taken(None, *(fates for _, fates, _ in plans.values()))

    def save_field(
        self,
        findings: pd.DataFrame,
        walks: pd.DataFrame,
        *,
        file_name: str,
        sha256: str,
        made_by: str,
        shipped: pd.DataFrame | None = None,
    ) -> Taken:
        """Take in the checked rows of a file, all or none; the same rows again change nothing.

        findings, walks: columns of kinds.FINDINGS and kinds.WALKS, their id as a column. A row
        that the file has changed since it was last read is changed, unless somebody here has
        edited it in between: then it is left alone and told. shipped: walks that come
        with the product (geo.read.walks); those that findings name are taken in as well. Raises
        GeoError for a finding of a walk that is nowhere.
        """
        about: dict[str, Any] = {"made_by": made_by, "file_name": file_name, "sha256": sha256}
        with self.file.writing() as connection:
            plans = _plans(connection, findings, walks, shipped)
            fates = [plan[1] for plan in plans.values()]
            if not any(fate.new or fate.changed for fate in fates):
                return Taken(None, *fates)
            records.count_change(connection, records.FIELD)
            import_id = _new_import(connection, about, fates)
            if shipped is not None:
                is_own = shipped.index.isin(walks["walk_id"])
                adopt(connection, shipped[shipped.index.isin(findings["walk_id"]) & ~is_own])
            for table, (made, fate, there) in plans.items():
                _write(connection, table, _marked(made, import_id), fate, there, made_by)
        return Taken(import_id, *fates)

    def take_back_field(self, import_id: int, made_by: str) -> int:
        """Undo an import of the field: what came new with it, and nobody has touched, is removed.

        Returns how many rows that is. What the import changed, and what has been edited since,
        stays; the audit has what stood there before. A file with the same rows brings them back.
        Raises GeoError for an unknown number, and when the import was taken back already.
        """
        with self.changing(records.FIELD) as connection:
            row = records.import_row(connection, import_id, records.FINDINGS)
            if row.taken_back_at is not None:
                raise GeoError(
                    f"Import {import_id} är redan ångrad ({row.taken_back_at:%Y-%m-%d})."
                )
            n_removed = sum(
                _take_back(connection, table, import_id, made_by) for table in (FINDINGS, WALKS)
            )
            chosen = sa.update(IMPORTS).where(IMPORTS.c.import_id == import_id)
            connection.execute(chosen.values(taken_back_at=records.now()))
            said = records.entry("imports", str(import_id), "take_back", made_by)
            records.note(connection, [said])
        return n_removed


def _take_back(connection: Connection, table: sa.TableClause, import_id: int, made_by: str) -> int:
    """Mark as removed what came with an import; its imported_version says that no person did."""
    key = next(iter(table.columns))
    same = sa.and_(AUDIT.c.dataset == table.name, AUDIT.c.row_id == key)
    last = sa.select(AUDIT.c.action).where(same).order_by(AUDIT.c.audit_id.desc()).limit(1)
    mine = sa.and_(table.c.import_id == import_id, table.c.version == table.c.imported_version)
    came = last.scalar_subquery().in_(CAME)
    if table is WALKS:  # a walk stays with the findings that somebody has edited
        own = sa.and_(FINDINGS.c.walk_id == key, FINDINGS.c.removed_at.is_(None))
        mine = sa.and_(mine, ~sa.exists(sa.select(FINDINGS.c.finding_id).where(own)))
    found = connection.execute(sa.select(key, table.c.version).where(mine, came)).all()
    for row_id, version in found:
        gone = {"removed_at": records.now(), "imported_version": version + 1}
        rows.change(connection, table, row_id, gone, version, made_by, action="take_back")
    return len(found)


def _plans(
    connection: Connection | None,
    findings: pd.DataFrame,
    walks: pd.DataFrame,
    shipped: pd.DataFrame | None,
) -> dict[sa.TableClause, Plan]:
    """Return what is to be done with each table, walks first: findings refer to them."""
    made = {WALKS: [as_row(row) for row in walks.to_dict(orient="records")]}
    made[FINDINGS] = as_rows(findings)
    near = {row["walk_id"] for row in made[WALKS]} | set([] if shipped is None else shipped.index)
    refuse_strange_walks(connection, made[FINDINGS], near)
    return {table: (part, *_fates(connection, table, part)) for table, part in made.items()}


def fingerprint(row: Mapping[str, Any]) -> str:
    """Return a short text that is the same for the same content.

    >>> fingerprint({"kind": "brist", "x": None}) == fingerprint({"x": None, "kind": "brist"})
    True
    """
    return hashlib.sha256(str(records.as_text(row)).encode()).hexdigest()[:32]


def _fates(
    connection: Connection | None, table: sa.TableClause, made: Sequence[Mapping[str, Any]]
) -> tuple[Fates, dict[str, Any]]:
    """Say what becomes of each row, and return the rows that are there already."""
    key = next(iter(table.columns))
    there: dict[str, Any] = {}
    ids = [row[key.name] for row in made]
    if connection is not None:
        for start in range(0, len(ids), rows.MOST_ASKED):
            asked = sa.select(
                key,
                *(table.c[n] for n in ("imported", "version", "imported_version")),
                table.c.removed_at,
            )
            part = asked.where(key.in_(ids[start : start + rows.MOST_ASKED]))
            there |= {row[0]: row for row in connection.execute(part)}
    found: dict[str, list[str]] = {fate: [] for fate in FATES}
    for row in made:
        found[_fate(there.get(row[key.name]), row)].append(row[key.name])
    return Fates(**{fate: tuple(ids) for fate, ids in found.items()}), there


def _fate(old: Any, row: Mapping[str, Any]) -> str:
    is_untouched = old is not None and old.version == old.imported_version
    if old is None or (old.removed_at is not None and is_untouched):  # its import was taken back
        return "new"
    if old.removed_at is not None:
        return "removed"
    if old.imported == fingerprint(row):
        return "same"
    return "changed" if is_untouched else "edited"


def _new_import(connection: Connection, about: dict[str, Any], fates: Sequence[Fates]) -> int:
    counts = {name: sum(len(getattr(f, name)) for f in fates) for name in FATES}
    row = about | {
        "made_at": records.now(),
        "what": f"{len(fates[1].new)} nya fynd, {len(fates[0].new)} nya vandringar",
        "n_rows": sum(counts.values()),
        "n_new": counts["new"],
        "n_changed": counts["changed"],
        "n_same": counts["same"] + counts["edited"] + counts["removed"],
        "note": "",
        "dataset": records.FINDINGS,
    }
    made = connection.execute(sa.insert(IMPORTS).returning(IMPORTS.c.import_id), row)
    import_id = int(made.scalar_one())
    after = {"file_name": about["file_name"], "what": row["what"]}
    said = records.entry("imports", str(import_id), "import", about["made_by"], after=after)
    records.note(connection, [said])
    return import_id


def _marked(made: Sequence[dict[str, Any]], import_id: int) -> list[dict[str, Any]]:
    return [row | {"imported": fingerprint(row), "import_id": import_id} for row in made]


def _write(
    connection: Connection,
    table: sa.TableClause,
    made: Sequence[dict[str, Any]],
    fates: Fates,
    there: Mapping[str, Any],
    made_by: str,
) -> None:
    key = next(iter(table.columns)).name
    new, known = set(fates.new) - set(there), {*fates.new, *fates.changed} & set(there)
    fresh = [row | {"imported_version": 1} for row in made if row[key] in new]
    if table is FINDINGS:
        put_in(connection, fresh, made_by)
    else:
        rows.add(connection, table, fresh, made_by)
    for row in made:
        if row[key] in known:
            old = there[row[key]]
            mark = {"imported_version": old.version + 1, "removed_at": None}
            action = "import" if old.removed_at is None else "bring_back"
            before, after = rows.change(
                connection, table, row[key], row | mark, old.version, made_by, action=action
            )
            if table is FINDINGS and after["status"] != before["status"]:
                connection.execute(sa.insert(STEPS), [step(after, made_by, "")])
