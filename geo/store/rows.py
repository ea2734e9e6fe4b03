"""Rows that people change: new ones, changes with a lock of the hopeful kind, marking as removed.

A row carries a version, one higher at each change. Who changes it says which version was read; when
that is no longer the one, nothing is written and the writer is told what the other one wrote.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from geo.errors import GeoError
from geo.store import records
from geo.store.records import ConflictError, Row
from geo.store.tables import AUDIT, KEPT

MARKS = ("remove", "bring_back")  # they change no text, and each is the other's undoing
EMPTY = "–"  # how the audit says that there was nothing
MOST_ASKED = 5_000  # ids in one question
REFERS = {"findings": "walk_id", "decisions": "meeting_id"}  # nothing is None there, not ""
NAMES = {
    **{"walks": "vandringen", "findings": "fyndet", "meetings": "mötet"},
    **{"decisions": "beslutet", "plans": "planen", "pictures": "lägesbilden"},
}


def find(connection: Connection, table: sa.TableClause, row_id: str) -> dict[str, Any]:
    """Return one row, removed or not; raises GeoError when there is none.

    >>> from geo.store import upgrade
    >>> from geo.store.tables import FINDINGS
    >>> with sa.create_engine("sqlite://").begin() as connection:
    ...     upgrade.to_newest(connection)
    ...     find(connection, FINDINGS, "f1")
    Traceback (most recent call last):
    geo.errors.GeoError: Fyndet 'f1' finns inte. Ladda om sidan och välj i listan.
    """
    found = connection.execute(sa.select(table).where(_key(table) == row_id)).mappings().first()
    if found is None:
        raise GeoError(
            f"{NAMES[table.name].title()} {row_id!r} finns inte. Ladda om sidan och välj i listan."
        )
    return dict(found)


def add(
    connection: Connection, table: sa.TableClause, rows: Sequence[Row], made_by: str
) -> list[dict[str, Any]]:
    """Put in new rows, version 1, and note each in the audit; returns what was put in.

    >>> from geo.store import upgrade
    >>> from geo.store.tables import WALKS
    >>> walk = {"walk_id": "w1", "date": date(2017, 10, 3), "network_id": "on-norrby"}
    >>> with sa.create_engine("sqlite://").begin() as connection:
    ...     upgrade.to_newest(connection)
    ...     add(connection, WALKS, [walk], "prov")[0]["version"]
    1
    """
    made: list[dict[str, Any]] = [
        cells(table, dict.fromkeys(KEPT) | dict(row)) | {"version": 1} for row in rows
    ]
    if not made:
        return []
    _refuse_nul(made)
    connection.execute(sa.insert(table), made)
    name = str(_key(table).name)
    records.note(
        connection,
        [records.entry(table.name, row[name], "new", made_by, after=facts(row)) for row in made],
    )
    return made


def change(
    connection: Connection,
    table: sa.TableClause,
    row_id: str,
    changes: Row,
    version: int,
    made_by: str,
    *,
    action: str = "change",
    reason: str = "",
    check: Callable[[Row, Row], None] | None = None,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Change one row that was read as a version; returns it before and after.

    check: is given both before anything is written, and raises when the change may not be. Raises
    ConflictError, with what stands there now, when somebody else has changed it since: then
    nothing is written. An empty change writes nothing.

    >>> from geo.store import upgrade
    >>> from geo.store.tables import WALKS
    >>> walk = {"walk_id": "w1", "date": date(2017, 10, 3), "network_id": "on-norrby"}
    >>> with sa.create_engine("sqlite://").begin() as connection:
    ...     upgrade.to_newest(connection)
    ...     _ = add(connection, WALKS, [walk], "prov")
    ...     change(connection, WALKS, "w1", {"place": "Norrby"}, 1, "prov")[1]["version"]
    2
    """
    before = find(connection, table, row_id)
    after = before | cells(table, changes)
    if before["version"] != version:
        raise _conflict(connection, table, before)
    if after == before:
        return before, before
    _refuse_nul([after])
    if check is not None:
        check(before, after)
    after["version"] = version + 1
    same = sa.and_(_key(table) == row_id, table.c.version == version)
    done = connection.execute(sa.update(table).where(same).values(**after))
    if done.rowcount != 1:
        raise _conflict(connection, table, find(connection, table, row_id))
    changed = [name for name in after if after[name] != before[name]]
    old, new = ({name: _said(side[name]) for name in changed} for side in (before, after))
    said = records.entry(table.name, row_id, action, made_by, before=old, after=new, reason=reason)
    records.note(connection, [said])
    return before, after


def cells(table: sa.TableClause, row: Row) -> dict[str, Any]:
    """Return a row as the table keeps it: a text that is missing is empty, a walk None.

    >>> from geo.store.tables import FINDINGS
    >>> cells(FINDINGS, {"owner": None, "walk_id": "", "x": None})
    {'owner': '', 'walk_id': None, 'x': None}
    """
    texts = _texts(table)
    made = {n: "" if value is None and n in texts else value for n, value in row.items()}
    refers = REFERS.get(table.name, "")
    if made.get(refers) == "":
        made[refers] = None
    return made


def undo(
    connection: Connection,
    table: sa.TableClause,
    row_id: str,
    version: int,
    made_by: str,
    check: Callable[[Row, Row], None] | None = None,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Take back the last change that is not taken back yet; returns the row before and after.

    Again takes back the one before that, until the row is as it was registered. Every change and
    every undoing stay in the audit. Raises GeoError when there is nothing left, and ConflictError
    as change.

    >>> from geo.store import upgrade
    >>> from geo.store.tables import WALKS
    >>> with sa.create_engine("sqlite://").begin() as connection:
    ...     upgrade.to_newest(connection)
    ...     undo(connection, WALKS, "w1", 1, "prov")
    Traceback (most recent call last):
    geo.errors.GeoError: Det finns inget mer att ångra: allt är som det var när det lades in.
    """
    asked = sa.select(AUDIT).where(AUDIT.c.dataset == table.name, AUDIT.c.row_id == row_id)
    last, n_undone = None, 0
    asked = asked.where(AUDIT.c.action.not_in(MARKS))
    for row in connection.execute(asked.order_by(AUDIT.c.audit_id.desc())):
        n_undone += 1 if row.action == "undo" else -1
        if n_undone < 0:
            last = row
            break
    if last is None or last.before is None:
        raise GeoError("Det finns inget mer att ångra: allt är som det var när det lades in.")
    earlier = read_back(table, last.before)
    return change(connection, table, row_id, earlier, version, made_by, action="undo", check=check)


def known(connection: Connection, table: sa.TableClause, ids: Sequence[str]) -> set[str]:
    """Return which of some ids are in a table, removed or not.

    >>> from geo.store import upgrade
    >>> from geo.store.tables import WALKS
    >>> with sa.create_engine("sqlite://").begin() as connection:
    ...     upgrade.to_newest(connection)
    ...     known(connection, WALKS, ["w1"])
    set()
    """
    found: set[str] = set()
    for start in range(0, len(ids), MOST_ASKED):
        asked = sa.select(_key(table)).where(_key(table).in_(ids[start : start + MOST_ASKED]))
        found |= set(connection.scalars(asked))
    return found


def facts(row: Row) -> dict[str, Any]:
    """Return a row without what the store keeps for itself.

    >>> facts({"kind": "brist", "version": 3, "removed_at": None})
    {'kind': 'brist'}
    """
    return {name: value for name, value in row.items() if name not in KEPT}


@cache
def _texts(table: sa.TableClause) -> set[str]:
    return {column.name for column in table.columns if isinstance(column.type, sa.Text)}


def read_back(table: sa.TableClause, said: str) -> dict[str, Any]:
    """Return the facts that the audit says, as the table takes them.

    >>> from geo.store.tables import FINDINGS
    >>> read_back(FINDINGS, '{"owner": "–", "done_date": "2026-01-02", "version": 3}')
    {'owner': '', 'done_date': datetime.date(2026, 1, 2)}
    """
    found: dict[str, Any] = {}
    for name, value in facts(json.loads(said)).items():
        kind = table.c[name].type
        if value == EMPTY:
            is_text = isinstance(kind, sa.Text) and name != REFERS.get(table.name)
            found[name] = "" if is_text else None
        else:
            found[name] = date.fromisoformat(value) if isinstance(kind, sa.Date) else value
    return found


def _said(value: Any) -> Any:
    """Return a value as the audit says it: also that something was empty."""
    return value.isoformat() if isinstance(value, date) else EMPTY if value in (None, "") else value


def _conflict(connection: Connection, table: sa.TableClause, theirs: Row) -> ConflictError:
    row_id = str(theirs[_key(table).name])
    asked = sa.select(AUDIT.c.made_by, AUDIT.c.made_at)
    asked = asked.where(AUDIT.c.dataset == table.name, AUDIT.c.row_id == row_id)
    last = connection.execute(asked.order_by(AUDIT.c.audit_id.desc())).first()
    who = f" ({last.made_by})" if last is not None and last.made_by else ""
    return ConflictError(
        f"Någon annan{who} har ändrat {NAMES[table.name]} sedan du öppnade sidan. Inget av ditt är "
        "skrivet än och din text finns kvar: jämför och spara igen.",
        dict(theirs),
    )


def _refuse_nul(rows: Sequence[Row]) -> None:
    for row in rows:
        bad = [name for name, value in row.items() if isinstance(value, str) and "\x00" in value]
        if bad:
            raise GeoError(f"{', '.join(bad)}: NUL-tecken kan inte sparas. Ta bort dem.")


def _key(table: sa.TableClause) -> sa.ColumnClause[Any]:
    return next(iter(table.columns))
