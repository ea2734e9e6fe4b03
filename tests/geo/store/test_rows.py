"""What the database itself refuses, whoever asks: history undone, rows of nothing, half a place."""

import pandas as pd
import pytest
from sqlalchemy.exc import DBAPIError

from tests.geo.store.making import change, everything, finding, is_postgres, save, sql, take, walk
from tests.geo.test_store import frame, row
from tests.geo.test_store import save as save_statistics

HISTORY = [
    "UPDATE audit SET made_by = 'ingen'",
    "UPDATE audit SET after = NULL WHERE row_id = 'f1'",
    "DELETE FROM audit",
    "DELETE FROM audit WHERE audit_id = 1",
    "UPDATE steps SET status = 'done'",
    "UPDATE steps SET day = '2000-01-01' WHERE finding_id = 'f1'",
    "DELETE FROM steps",
]
NOTHING = [
    ("INSERT INTO steps (finding_id, status, day, made_at, made_by) VALUES "
     "('f9', 'noted', '2026-01-01', '2026-01-01', 'x')"),
    "UPDATE findings SET walk_id = 'w9'",
    "UPDATE findings SET import_id = 99",
    "UPDATE walks SET import_id = 99",
    "DELETE FROM walks WHERE walk_id = 'w1'",
    "DELETE FROM findings WHERE finding_id = 'f1'",
]  # fmt: skip
RULES = [
    "UPDATE findings SET status = 'owned'",
    "UPDATE findings SET status = 'klar', owner = 'Gata'",
    "UPDATE findings SET x = NULL",
    "UPDATE findings SET kind = 'annat'",
    "UPDATE findings SET light = 'blått'",
    "UPDATE walks SET light = 'blått'",
    "UPDATE findings SET description = NULL",
    "UPDATE findings SET observed_date = NULL",
    "UPDATE findings SET version = NULL",
]


@pytest.mark.parametrize("statement", HISTORY)
def test_history_cannot_be_undone_even_past_the_store(noted, statement):
    before = everything(noted)
    with pytest.raises(DBAPIError, match="historiken ändras aldrig"):
        sql(noted, statement)
    assert everything(noted) == before


@pytest.mark.parametrize("table", ["audit", "steps"])
def test_history_cannot_be_emptied_at_once(noted, table):
    emptied = f"TRUNCATE {table}" if is_postgres(noted) else f"DELETE FROM {table} WHERE true"
    before = everything(noted)
    with pytest.raises(DBAPIError, match="historiken ändras aldrig"):
        sql(noted, emptied)
    assert everything(noted) == before


@pytest.mark.parametrize("statement", NOTHING)
def test_no_row_refers_to_nothing(noted, statement):
    before = everything(noted)
    with pytest.raises(DBAPIError, match=r"(?i)foreign key constraint"):
        if not is_postgres(noted):
            assert sql(noted, "PRAGMA foreign_keys") == [(1,)]
        sql(noted, statement)
    assert everything(noted) == before


@pytest.mark.parametrize("statement", RULES)
def test_a_row_that_breaks_a_rule_is_refused(noted, statement):
    before = everything(noted)
    with pytest.raises(DBAPIError, match=r"(?i)(check|not.null) constraint"):
        sql(noted, statement)
    assert everything(noted) == before


def test_each_change_is_a_new_version_for_the_caches_of_what_it_concerns(noted):
    acts = [
        lambda: change(noted, 1, description="ny text"),
        lambda: noted.save_walk(walk(place="annan"), "Bo", version=1),
        lambda: noted.save_walk(walk("w2"), "Bo"),
        lambda: noted.remove_finding("f1", 2, "Bo"),
        lambda: noted.bring_back_finding("f1", 3, "Bo"),
        lambda: noted.remove_walk("w2", 1, "Bo"),
        lambda: noted.bring_back_walk("w2", 2, "Bo"),
        lambda: save(noted, finding("f2")),
        lambda: take(noted, finding("f3")),
        lambda: noted.take_back_field(1, "Bo"),
    ]
    statistics, seen = noted.version("statistics"), [noted.version("field")]
    for act in acts:
        act()
        seen.append(noted.version("field"))
        noted.findings(), noted.walks(), noted.steps(), noted.audit()
        noted.preview_field(pd.DataFrame(columns=["finding_id", "walk_id"]), pd.DataFrame())
        assert noted.version("field") == seen[-1]
    assert len(set(seen)) == len(acts) + 1
    assert noted.version("statistics") == noted.version() == statistics == "0"


def test_a_change_of_the_statistics_lets_the_caches_of_the_field_be(noted):
    field, seen = noted.version("field"), [noted.version()]
    for act in (
        lambda: save_statistics(noted, frame(row())),
        lambda: noted.take_back(1, "Bo"),
        lambda: noted.restore_import(1, "Bo"),
    ):
        act()
        seen.append(noted.version())
    assert len(set(seen)) == 4
    assert noted.version("field") == field


def test_what_is_refused_is_no_new_version(noted):
    version = noted.version("field")
    with pytest.raises(ValueError, match="finns redan"):
        save(noted, finding())
    with pytest.raises(ValueError, match="Någon annan"):
        change(noted, 7, description="x")
    assert noted.version("field") == version
