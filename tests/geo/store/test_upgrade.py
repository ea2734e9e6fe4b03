"""Versions of the database: the steps are whole, an old one is only brought up when asked to."""

import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory

from geo import store
from geo.errors import GeoError
from geo.store import tables, upgrade
from tests.geo.store.making import change, everything, finding, is_postgres, one, save, sql, walk
from tests.geo.store.old import make_old
from tests.geo.test_store import frame, row
from tests.geo.test_store import save as save_statistics

ROOT = Path(__file__).parents[3]
OLD = r"är av en äldre version \(0001, nu 0004\)\. Inget är ändrat\. Kör python -m geo upgrade"
NEWER = r"är av en nyare version \(9999\) än programmet \(0004\)\. Inget är ändrat\. Uppdatera"
READS = [
    lambda kept: kept.findings(),
    lambda kept: kept.walks(),
    lambda kept: kept.statistics(),
    lambda kept: kept.imports(),
    lambda kept: kept.version("field"),
    lambda kept: kept.audit(),
]
WRITES = [
    lambda kept: save(kept, finding()),
    lambda kept: kept.save_walk(walk(), "Åsa"),
    lambda kept: save_statistics(kept, frame(row(5)), "9"),
    lambda kept: kept.take_back(1),
    lambda kept: change(kept, 1, description="x"),
]


def scripts():
    config = Config()
    config.set_main_option("script_location", str(upgrade.MIGRATIONS))
    return ScriptDirectory.from_config(config)


def test_the_versions_are_the_steps_in_their_order():
    found = scripts()
    steps = [step.revision for step in found.walk_revisions()]
    assert list(upgrade.VERSIONS) == steps[::-1]
    assert found.get_current_head() == upgrade.NEWEST


@pytest.mark.parametrize("table", tables.ALL, ids=lambda table: table.name)
def test_every_column_that_statements_name_is_in_the_database(kept, table):
    save(kept, finding())
    with kept.file.engine.connect() as connection:
        found = set(connection.execute(sa.text(f"SELECT * FROM {table.name}")).keys())
    named = {column.name for column in table.columns}
    assert named - found == set()
    assert found - named <= {"geom"}


def test_numbers_are_counted_by_the_database_itself(kept):
    save(kept, finding())
    with kept.file.engine.connect() as connection:
        found = sa.inspect(connection)
        for name, column in tables.NUMBERED.items():
            assert found.get_pk_constraint(name)["constrained_columns"] == [column]


@pytest.fixture
def old(kept):
    """A store as the third delivery left it: statistics alone, and no version written down."""
    make_old(kept.file.engine)
    return kept


@pytest.mark.parametrize("act", READS + WRITES)
def test_an_old_store_is_told_and_left_as_it_is(old, act):
    before, in_file = rows_of(old), content(old)
    with pytest.raises(store.OldVersionError, match=OLD):
        act(old)
    assert rows_of(old) == before
    assert content(old) == in_file
    with old.file.engine.connect() as connection:
        assert sa.inspect(connection).has_table("alembic_version") == is_postgres(old)
        assert not sa.inspect(connection).has_table("findings")


def rows_of(kept):
    asked = "SELECT * FROM {} ORDER BY 1, 2, 3"
    return {name: sql(kept, asked.format(name)) for name in ("imports", "statistics", "versions")}


def content(kept):
    return b"" if is_postgres(kept) else kept.file.path.read_bytes()


def test_an_old_store_is_brought_up_with_all_its_rows(old):
    before = rows_of(old)
    with old.file.writing(any_version=True) as connection:
        assert upgrade.version(connection) == "0001"
        upgrade.to_newest(connection)
    after = rows_of(old)
    assert after["statistics"] == before["statistics"]
    assert after["versions"] == before["versions"]
    assert after["imports"] == [(*row, "statistics") for row in before["imports"]]
    assert sql(old, "SELECT version_num FROM alembic_version") == [("0004",)]
    assert old.imports()["file_name"].tolist() == ["a.csv", "b.csv"]
    assert old.statistics()["value"].tolist() == [10, 2]
    assert old.findings().empty
    save(old, finding())
    change(old, 1, description="ny text")
    assert one(old)["description"] == "ny text"
    assert save_statistics(old, frame(row(7)), "3") == 3
    old.take_back(3)
    old.take_back(2)
    assert old.statistics()["value"].tolist() == [1, 2]


def test_bringing_up_is_whole_or_not_at_all(old):
    before = rows_of(old)
    with pytest.raises(RuntimeError, match="mitt i"), old.file.writing(any_version=True) as started:
        upgrade.to_newest(started)
        raise RuntimeError("mitt i")
    assert rows_of(old) == before
    with pytest.raises(store.OldVersionError):
        old.findings()


def test_bringing_up_what_is_newest_changes_nothing(noted):
    before = everything(noted)
    with noted.file.writing(any_version=True) as connection:
        upgrade.to_newest(connection)
    assert everything(noted) == before


@pytest.mark.parametrize("act", [*READS, *WRITES, lambda kept: kept.backup(Path("kopia.sqlite"))])
def test_a_newer_store_is_told_and_left_as_it_is(noted, act, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sql(noted, "UPDATE alembic_version SET version_num = '9999'")
    before, files = everything(noted), sorted(tmp_path.iterdir())
    with pytest.raises(GeoError, match=NEWER):
        act(noted)
    assert everything(noted) == before
    assert sorted(tmp_path.iterdir()) == files


MAKES = """
import sys
from geo import store
from tests.geo.store.making import finding, save
with store.open(sys.argv[1]) as kept:
    print("redo", flush=True)
    sys.stdin.readline()
    save(kept, finding(sys.argv[2]))
"""


def test_processes_that_make_an_empty_store_at_the_same_moment_all_succeed(store_url):
    names = [f"f{number}" for number in range(3)]
    asked = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "cwd": ROOT}
    command = [sys.executable, "-W", "error", "-c", MAKES, store_url]
    makers = [subprocess.Popen([*command, name], **asked) for name in names]
    for maker in makers:
        assert maker.stdout.readline() == b"redo\n"
    for maker in makers:
        maker.stdin.write(b"\n")
        maker.stdin.flush()
    for maker in makers:
        maker.communicate()
    assert [maker.returncode for maker in makers] == [0] * len(names)
    with store.open(store_url) as kept:
        assert kept.findings().index.tolist() == names
        assert len(kept.steps()) == len(kept.audit()) == len(names)
