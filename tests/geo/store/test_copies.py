"""Copies: a backup gives everything back, on either kind of database, whole or not at all."""

import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import sqlalchemy as sa

from geo import store
from geo.errors import GeoError
from tests.geo.store.making import (
    DAY,
    ROUTE,
    change,
    decision,
    everything,
    finding,
    is_postgres,
    meeting,
    meetings,
    one,
    plan,
    save,
    sql,
    take,
    walk,
)
from tests.geo.store.old import make_old
from tests.geo.store.test_findings import NASTY
from tests.geo.test_store import frame, row
from tests.geo.test_store import save as save_statistics

ROOT = Path(__file__).parents[3]
KINDS = ["sqlite", "postgres"]
CHANGED_BY_A_RESTORE = ("versions", "audit")


def fill(kept):
    """Let a store keep something of everything: changed, removed, taken back, with odd texts."""
    save_statistics(kept, frame(row(1), row(float("nan"), "1490R002", source=NASTY[0])))
    save_statistics(kept, frame(row(2)), "2")
    kept.take_back(2, "Bo")
    kept.save_walk(walk(route=ROUTE, note=NASTY[1]), "Åsa")
    kept.save_walk(walk("w2"), "Åsa")
    kept.remove_walk("w2", 1, "Bo", "dubblett")
    rows = [finding(f"n{n}", description=text, owner=text) for n, text in enumerate(NASTY)]
    save(kept, finding("f1", walk_id="w1"), finding("f2", x=None, y=None), *rows)
    change(kept, 1, status="owned", owner="Gata")
    change(kept, 2, status="declined", answer="Inte vår", answered_date=pd.Timestamp("2026-03-04"))
    kept.remove_finding("f2", 1, "Bo")
    take(kept, finding("f7", walk_id="w5"), of_walks=[walk("w5")])
    kept.take_back_field(3, "Cia")
    kept.save_meetings(meetings(meeting(note=NASTY[0]), meeting("m2")), "Åsa")
    kept.remove_meeting("m2", 1, "Bo", "dubblett")
    kept.save_decision(decision(decision=NASTY[1]), "Åsa")
    kept.change_decision("b1", {"status": "done", "done_date": DAY}, 1, "Bo")
    kept.save_plan(plan(note=NASTY[0]), "Åsa")


@pytest.fixture
def full(kept):
    fill(kept)
    return kept


@pytest.fixture
def backup(full, tmp_path):
    """A backup of a store with something of everything."""
    path = tmp_path / "kopia.sqlite"
    full.backup(path)
    return path


@pytest.fixture(params=KINDS)
def other(request, tmp_path):
    """Another empty store, on each kind of database in turn."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'annan.sqlite'}"
    else:
        url = request.getfixturevalue("postgres").fresh()
    with store.open(url) as opened:
        yield opened


def frames(kept):
    """Return all that the store tells, as text."""
    told = [kept.findings(), kept.findings(removed=True), kept.walks(), kept.walks(removed=True)]
    told += [kept.meetings(), kept.meetings(removed=True), kept.decisions(), kept.plans()]
    told += [
        kept.decision_steps(),
        kept.statistics(),
        kept.imports(),
        kept.imports("findings"),
        kept.steps(),
    ]
    return [table.to_csv() for table in told]


def sizes(kept):
    return {name: len(rows) for name, rows in everything(kept).items()}


@pytest.mark.parametrize("is_used", [False, True])
def test_a_backup_restored_is_the_same_in_every_table(full, backup, other, is_used):
    if is_used:
        save(other, finding("gammal"))
        other.save_walk(walk("gammal"), "Bo")
    told, kept = frames(full), everything(full, *CHANGED_BY_A_RESTORE)
    n_rows = sum(sizes(full).values())
    assert other.restore(backup, "Cia") == n_rows
    assert everything(other, *CHANGED_BY_A_RESTORE) == kept
    assert frames(other) == told
    said, before = other.audit(), full.audit()
    assert said.iloc[:-1].to_csv() == before.to_csv()
    assert said.iloc[-1][["dataset", "action", "made_by", "row_id"]].tolist() == [
        "store",
        "restore",
        "Cia",
        "kopia.sqlite",
    ]
    if is_postgres(other):
        assert sql(other, "SELECT ST_AsText(geom) FROM walks WHERE walk_id = 'w1'") == [
            ("LINESTRING(377000 6400000,377100 6400050.5)",)
        ]


def test_numbers_go_on_after_a_restore(full, backup, other):
    other.restore(backup, "Cia")
    assert take(other, finding("f8"), sha256="8").import_id == 4
    assert save_statistics(other, frame(row(9)), "9") == 5
    change(other, 1, finding_id="n0", description="ny text")
    other.change_decision("b1", {"status": "started", "done_date": None}, 2, "Cia")
    serial = {"audit": "audit_id", "steps": "step_id", "decision_steps": "step_id"}
    for table, column in serial.items():
        numbers = [number for (number,) in sql(other, f"SELECT {column} FROM {table}")]
        assert len(set(numbers)) == len(numbers) == max(numbers)


def test_history_is_kept_also_after_a_restore(backup, other):
    other.restore(backup, "Cia")
    for statement in ("DELETE FROM audit", "UPDATE steps SET note = ''"):
        with pytest.raises(sa.exc.DBAPIError, match="historiken ändras aldrig"):
            sql(other, statement)


def test_a_restore_is_a_new_version_for_every_cache(full, backup):
    seen = [full.version(), full.version("field")]
    full.restore(backup, "Cia")
    again = [full.version(), full.version("field")]
    assert not set(seen) & set(again)


def test_a_backup_restored_on_the_same_store_undoes_what_came_after_it(full, backup):
    before = everything(full, *CHANGED_BY_A_RESTORE)
    save(full, finding("f9"))
    change(full, 1, finding_id="n1", description="annat")
    full.restore(backup, "Cia")
    assert everything(full, *CHANGED_BY_A_RESTORE) == before


def test_a_backup_of_a_backup_is_the_same(full, backup, tmp_path):
    again = tmp_path / "igen.sqlite"
    with store.open(str(backup)) as copy:
        copy.backup(again)
        assert everything(copy) == everything(full)
    with store.open(str(again)) as copy:
        assert everything(copy) == everything(full)


def test_a_backup_is_one_file_and_says_how_far_it_has_come(full, tmp_path):
    folder = tmp_path / "kopior"
    folder.mkdir()
    seen = []
    n_rows = full.backup(folder / "a.sqlite", lambda done, total: seen.append((done, total)))
    assert [path.name for path in folder.iterdir()] == ["a.sqlite"]
    assert seen[-1] == (n_rows, n_rows)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert {total for _, total in seen} == {n_rows}


def test_a_backup_sees_one_moment_also_while_others_write(full, tmp_path):
    before = everything(full)

    def meanwhile(done, _total):
        save(full, finding(f"under{done}"))

    full.backup(tmp_path / "a.sqlite", meanwhile)
    with store.open(str(tmp_path / "a.sqlite")) as copy:
        assert everything(copy) == before
    assert len(everything(full)["findings"]) > len(before["findings"])


@pytest.mark.parametrize("name", ["backup", "export_layers"])
def test_an_existing_file_is_never_overwritten(full, tmp_path, name):
    path = tmp_path / "finns.gpkg"
    path.write_bytes(b"viktigt")
    with pytest.raises(GeoError, match=r"^finns\.gpkg finns redan\. Välj ett annat namn"):
        getattr(full, name)(path)
    assert path.read_bytes() == b"viktigt"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("backup", r"^Det finns inget att säkerhetskopiera: inget är sparat ännu\.$"),
        ("export_layers", r"^Det finns inget att ta ut: inget är sparat ännu\.$"),
    ],
)
def test_nothing_can_be_copied_before_anything_is_kept(kept, tmp_path, name, sentence):
    with pytest.raises(GeoError, match=sentence):
        getattr(kept, name)(tmp_path / "kopia.gpkg")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["backup", "export_layers"])
def test_a_folder_that_is_away_is_told_and_not_made(full, tmp_path, name):
    before = sorted(tmp_path.iterdir())
    with pytest.raises(GeoError, match=r"^Mappen .*borta finns inte\. Kontrollera sökvägen\.$"):
        getattr(full, name)(tmp_path / "borta" / "a.gpkg")
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("name", ["backup", "export_layers"])
def test_what_an_interrupted_copy_left_behind_is_no_hindrance(full, tmp_path, name):
    (tmp_path / "a.part.gpkg").write_bytes(b"halv")
    (tmp_path / "a.part.gpkg-wal").write_bytes(b"halv")
    getattr(full, name)(tmp_path / "a.gpkg")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("a.")] == ["a.gpkg"]


def as_text(path):
    path.write_text("Hej Åsa, här kommer kopian. " * 100, encoding="utf-8")


def cut_off(path):
    path.write_bytes(path.read_bytes()[:10_000])


def overwritten_inside(path):
    data = bytearray(path.read_bytes())
    data[8_192:-4_096] = b"\xff" * (len(data) - 12_288)
    path.write_bytes(data)


def of_another_program(path):
    path.unlink()
    with closing(sqlite3.connect(path)) as made:
        made.execute("CREATE TABLE bokning (namn)")


def of_a_namesake(path):
    path.unlink()
    with closing(sqlite3.connect(path)) as made:
        made.execute("CREATE TABLE imports (land)")


def newer(path):
    with closing(sqlite3.connect(path, isolation_level=None)) as made:
        made.execute("UPDATE alembic_version SET version_num = '9999'")


def without_a_table(path):
    with closing(sqlite3.connect(path, isolation_level=None)) as made:
        made.execute("DROP TABLE steps")


def with_a_finding_of_nothing(path):
    with closing(sqlite3.connect(path, isolation_level=None)) as made:
        made.execute("DELETE FROM walks WHERE walk_id = 'w1'")


def with_a_status_that_nobody_knows(path):
    """Break a rule of the findings, in a backup whose own rules were taken away."""
    with closing(sqlite3.connect(path, isolation_level=None)) as made:
        made.execute("PRAGMA writable_schema=ON")
        made.execute(
            "UPDATE sqlite_schema SET sql = replace(sql, '''verified''', '''klart''') "
            "WHERE name = 'findings'"
        )
    with closing(sqlite3.connect(path, isolation_level=None)) as made:
        made.execute("UPDATE findings SET status = 'klart' WHERE finding_id = 'f1'")
        assert made.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda path: path.unlink(), r"^Säkerhetskopian kopia\.sqlite finns inte\. Kontrollera"),
        (lambda path: path.write_bytes(b""), r"^kopia\.sqlite är ingen säkerhetskopia av Läges"),
        (as_text, r"^Databasen kopia\.sqlite är skadad eller är ingen databas\. Lägg tillbaka"),
        (cut_off, r"kopia\.sqlite är skadad\. "),
        (overwritten_inside, r"kopia\.sqlite är skadad\. "),
        (of_another_program, r"^kopia\.sqlite är ingen säkerhetskopia av Lägesbild\. Välj en"),
        (of_a_namesake, r"^kopia\.sqlite följer inte databasens regler\. Inget är ändrat\."),
        (newer, r"^Databasen kopia\.sqlite är av en nyare version \(9999\) än programmet"),
        (without_a_table, r"^kopia\.sqlite följer inte databasens regler\. Inget är ändrat\."),
        (with_a_finding_of_nothing, r"^kopia\.sqlite följer inte databasens regler\. Inget är"),
        (with_a_status_that_nobody_knows, r"^kopia\.sqlite följer inte databasens regler\. In"),
    ],
)
def test_what_is_no_whole_backup_is_told_and_nothing_is_touched(full, backup, spoil, sentence):
    spoil(backup)
    file = backup.read_bytes() if backup.exists() else None
    before = everything(full)
    with pytest.raises(GeoError, match=sentence):
        full.restore(backup, "Cia")
    assert everything(full) == before
    assert (backup.read_bytes() if backup.exists() else None) == file
    with pytest.raises(sa.exc.DBAPIError, match="historiken ändras aldrig"):
        sql(full, "DELETE FROM audit")


def test_a_restore_that_is_stopped_midway_changes_nothing(full, backup):
    before = everything(full)

    def stop(done, total):
        if done > total // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        full.restore(backup, "Cia", stop)
    assert everything(full) == before


def test_an_older_backup_is_brought_up_in_a_copy(full, tmp_path):
    path = tmp_path / "gammal.sqlite"
    engine = sa.create_engine(f"sqlite:///{path}", poolclass=sa.pool.NullPool)
    make_old(engine)
    file = path.read_bytes()
    assert full.restore(path, "Cia") == 6
    assert path.read_bytes() == file
    assert full.findings().empty
    assert full.statistics()["value"].tolist() == [10, 2]
    assert full.imports()["file_name"].tolist() == ["a.csv", "b.csv"]
    assert full.audit()["action"].tolist() == ["restore"]
    save(full, finding())
    assert save_statistics(full, frame(row(5)), "5") > 2


def test_everything_can_be_taken_out_as_layers(full, tmp_path):
    path = tmp_path / "allt.gpkg"
    names = ["walks", "findings", "imports", "statistics", "steps", "meetings", "decisions"]
    names += ["decision_steps", "plans", "pictures", "signed", "audit"]
    assert full.export_layers(path) == names
    assert sorted(file.name for file in tmp_path.glob("allt*")) == ["allt.gpkg"]
    assert [name for name, _ in pyogrio.list_layers(path)] == names
    found = {name: gpd.read_file(path, layer=name) for name in names}
    assert {name: len(table) for name, table in found.items()} == {
        name: size for name, size in sizes(full).items() if name != "versions"
    }
    for name in ("walks", "findings"):
        assert found[name].crs.to_epsg() == 3006
    layer = found["findings"].set_index("finding_id")
    assert layer["description"].tolist()[-len(NASTY) :] == [
        layer.loc[name, "description"] for name in layer.index[-len(NASTY) :]
    ]
    assert [layer.loc[f"n{n}", "description"] for n in range(len(NASTY))] == list(NASTY)
    point = layer.loc["f1"].geometry
    assert (point.x, point.y) == (377_000.5, 6_400_000.25)
    assert layer.loc["f2"].geometry is None
    assert layer.loc["f1", "version"] == 3
    assert pd.api.types.is_integer_dtype(layer["version"])
    assert layer.loc["f1", "observed_date"] == one(full, "f1")["observed_date"]
    lines = found["walks"].set_index("walk_id")
    assert lines.loc["w1"].geometry.wkt == ROUTE
    assert lines.loc["w1", "organisers"] == "Polisen; AB Bostäder"
    assert lines["removed_at"].notna().tolist() == [False, True, True]


FULL_DISK = """
import resource, sys
from pathlib import Path
from geo import store
from geo.errors import GeoError
with store.open(sys.argv[1]) as kept:
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
    try:
        getattr(kept, sys.argv[2])(Path(sys.argv[3]))
    except GeoError as fault:
        print(fault)
"""


@pytest.mark.parametrize("name", ["backup", "export_layers"])
def test_a_disk_that_is_full_leaves_no_half_copy(full, tmp_path, name):
    path = tmp_path / "kopior" / "allt.gpkg"
    path.parent.mkdir()
    before = everything(full)
    url = full.file.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", FULL_DISK, url, name, str(path)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    told = r"^(Databasen allt\.part\.gpkg kan inte nås\.|allt\.gpkg kunde inte skrivas och inget)"
    assert re.match(told, ran.stdout)
    assert list(path.parent.iterdir()) == []
    assert everything(full) == before
    getattr(full, name)(path)
    assert path.is_file()
