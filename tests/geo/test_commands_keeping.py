"""python -m geo backup, restore, upgrade and export: on both databases, and nothing overwritten."""

import re
import sqlite3
from contextlib import closing

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest

from geo import store
from geo.__main__ import main
from geo.commands import keeping
from geo.store import database, upgrade
from tests.geo.store.making import ROUTE, everything, finding, findings, walk
from tests.geo.store.old import make_old


@pytest.fixture
def run(capsys):
    def call(*arguments):
        code = main(list(map(str, arguments)))
        told = capsys.readouterr()
        assert "Traceback" not in told.out + told.err
        return code, told.out, told.err

    return call


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """The folder where one works: what is replaced is saved there."""
    folder = tmp_path / "här"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def kept_in(store_url, monkeypatch):
    """Both kinds of database in turn, as the store of the commands."""
    monkeypatch.setenv("LAGESBILD_STORE", store_url)
    return store_url


def fill(*ids):
    """Keep a walk with a route and findings of it, and statistics."""
    with store.open() as kept:
        kept.save_walk(walk(route=ROUTE), "Åsa")
        made = [finding(name, walk_id="w1", description=f"Lampa 🦉 {name}") for name in ids]
        kept.save_findings(findings(*made), "Åsa")
        kept.save_statistics(figures(), file_name="s.csv", sha256="s", made_by="Åsa", what="prov")


def figures():
    row = {"indicator_id": "trygghet", "area_code": "1490R001", "area_vintage": "RegSO2025"}
    row |= {"period": "2025", "group": "alla", "status": "ok", "source": "prov"}
    return pd.DataFrame([row | {"numerator": 3.0, "denominator": 4.0, "value": 75.0}])


def all_kept(*but):
    with store.open() as kept:
        return everything(kept, *but)


def kept_ids():
    with store.open() as kept:
        return kept.findings().index.tolist()


def n_rows(tables):
    return sum(map(len, tables.values()))


def is_made():
    with store.open() as kept, kept.file.reading() as connection:
        return connection is not None


def test_a_backup_holds_everything_and_is_restored_onto_an_empty_store(
    run, here, kept_in, monkeypatch, tmp_path
):
    fill("f1", "f2")
    before = all_kept()
    code, told, err = run("backup", "kopia.sqlite")
    assert (code, told) == (0, f"kopia.sqlite: {n_rows(before)} rader säkerhetskopierade.\n"), err
    assert [path.name for path in here.iterdir()] == ["kopia.sqlite"]
    assert all_kept() == before

    monkeypatch.setenv("LAGESBILD_STORE", str(tmp_path / "ny.sqlite"))
    code, told, _ = run("restore", "kopia.sqlite", "--by", "Bo")
    assert (code, told) == (0, f"{n_rows(before)} rader återställda ur kopia.sqlite.\n")
    assert [path.name for path in here.iterdir()] == ["kopia.sqlite"]
    after = all_kept()
    assert after["findings"] == before["findings"]
    assert after["walks"] == before["walks"]
    assert after["statistics"] == before["statistics"]
    [said] = set(after["audit"]) - set(before["audit"])
    assert ("Bo" in said, "restore" in said) == (True, True)


def test_a_restore_onto_a_store_says_where_the_replaced_one_is(run, here, kept_in):
    fill("f1")
    run("backup", "kopia.sqlite")
    with store.open() as kept:
        kept.save_findings(findings(finding("f9", walk_id="w1")), "Bo")
    later = all_kept()
    code, told, _ = run("restore", "kopia.sqlite")
    first, second = told.splitlines()
    name = re.fullmatch(r"Det som fanns är sparat i (fore-restore-[0-9-]+\.sqlite)\.", first)[1]
    assert (code, second.endswith(" rader återställda ur kopia.sqlite.")) == (0, True)
    assert kept_ids() == ["f1"]
    assert sorted(path.name for path in here.iterdir()) == sorted([name, "kopia.sqlite"])

    code, told, _ = run("restore", name)
    assert (code, told.startswith("Det som fanns är sparat i fore-restore-")) == (0, True)
    assert len(list(here.iterdir())) == 3
    assert kept_ids() == ["f1", "f9"]
    assert all_kept("audit", "versions") == {
        table: rows for table, rows in later.items() if table not in ("audit", "versions")
    }


def test_a_backup_of_one_database_is_restored_on_the_other(run, kept_in, monkeypatch, postgres):
    fill("f1", "f2")
    before = all_kept("audit", "versions")
    run("backup", "kopia.sqlite")
    other = postgres.fresh() if "sqlite" in kept_in else "sqlite:///andra.sqlite"
    monkeypatch.setenv("LAGESBILD_STORE", other)
    assert run("restore", "kopia.sqlite")[0] == 0
    assert all_kept("audit", "versions") == before
    run("backup", "tillbaka.sqlite")
    monkeypatch.setenv("LAGESBILD_STORE", kept_in)
    assert run("restore", "tillbaka.sqlite")[0] == 0
    assert all_kept("audit", "versions") == before


def test_nothing_kept_is_nothing_to_back_up(run, here, kept_in):
    code, out, err = run("backup", "kopia.sqlite")
    assert (code, out) == (1, "")
    assert err.endswith("Det finns inget att säkerhetskopiera: inget är sparat ännu.\n")
    code, out, err = run("export", "allt.gpkg")
    assert (code, out) == (1, "")
    assert err == "Det finns inget att ta ut: inget är sparat ännu.\n"
    assert list(here.iterdir()) == []
    assert not is_made()


@pytest.mark.parametrize("command", ["backup", "export"])
def test_no_file_is_overwritten(run, here, command):
    fill("f1")
    (here / "finns.gpkg").write_bytes(b"viktigt")
    code, out, err = run(command, "finns.gpkg")
    assert (code, out) == (1, "")
    assert "finns.gpkg finns redan. Välj ett annat namn, inget skrivs över." in err
    assert (here / "finns.gpkg").read_bytes() == b"viktigt"
    assert [path.name for path in here.iterdir()] == ["finns.gpkg"]


@pytest.mark.parametrize("command", ["backup", "export"])
def test_a_folder_that_is_not_there_is_told(run, here, command):
    fill("f1")
    code, _, err = run(command, here / "borta" / "a.gpkg")
    assert (code, "borta finns inte. Kontrollera sökvägen." in err) == (1, True)


def test_a_copy_of_what_is_replaced_overwrites_none_of_before(run, here, monkeypatch):
    fill("f1")
    run("backup", "kopia.sqlite")
    names = []
    for _ in range(3):
        told = run("restore", "kopia.sqlite")[1]
        names.append(re.search(r"sparat i (\S+\.sqlite)\.", told)[1])
    assert len(set(names)) == 3
    assert {path.name for path in here.iterdir()} == {"kopia.sqlite", *names}
    (here / "fore.sqlite").write_bytes(b"viktigt")
    monkeypatch.setattr("geo.commands.keeping.before", lambda name: here / "fore.sqlite")
    code, out, err = run("restore", "kopia.sqlite")
    assert (code, out) == (1, "")
    assert "fore.sqlite finns redan." in err
    assert (here / "fore.sqlite").read_bytes() == b"viktigt"
    assert kept_ids() == ["f1"]


def test_the_name_of_a_copy_is_free(here):
    found = set()
    for _ in range(4):
        path = keeping.before("prov")
        assert not path.exists()
        path.write_bytes(b"")
        found.add(path.name)
    assert len(found) == 4


def text_file(path):
    path.write_text("walk_id,date\n")


def strange_database(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE konton (namn TEXT)")
        connection.commit()


def newer(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('9999')")
        connection.commit()


NO_BACKUP = {
    "missing": (lambda path: None, "Säkerhetskopian k.sqlite finns inte. Kontrollera sökvägen."),
    "a folder": (lambda path: path.mkdir(), "Säkerhetskopian k.sqlite finns inte."),
    "text": (text_file, "k.sqlite är skadad"),
    "empty": (lambda path: path.write_bytes(b""), "k.sqlite är ingen säkerhetskopia av Lägesbild."),
    "another's": (strange_database, "k.sqlite är ingen säkerhetskopia av Lägesbild."),
    "newer": (newer, "k.sqlite är av en nyare version (9999) än programmet"),
}


@pytest.mark.parametrize(("make", "sentence"), NO_BACKUP.values(), ids=NO_BACKUP)
def test_what_is_no_backup_replaces_nothing(run, here, make, sentence):
    fill("f1")
    before = all_kept()
    make(here / "k.sqlite")
    there = sorted(here.iterdir())
    code, out, err = run("restore", "k.sqlite")
    assert (code, out) == (1, "")
    assert sentence in err
    assert all_kept() == before
    assert sorted(here.iterdir()) == there


def test_everything_is_taken_out_as_layers(run, here, kept_in):
    fill("f1", "f2")
    with store.open() as kept:
        kept.save_walk(walk("w2", place="Utan rutt"), "Åsa")
        kept.save_findings(findings(finding("f3", x=float("nan"), y=float("nan"))), "Åsa")
        kept.remove_finding("f2", 1, "Bo", "dubblett")
    code, told, err = run("export", "allt.gpkg")
    layers = ["walks", "findings", "imports", "statistics", "steps", "meetings", "decisions"]
    layers += ["decision_steps", "plans", "pictures", "signed", "audit"]
    assert (code, told) == (0, f"allt.gpkg: {', '.join(layers)}.\n"), err
    assert pyogrio.list_layers("allt.gpkg")[:, 0].tolist() == layers
    walks = gpd.read_file("allt.gpkg", layer="walks").set_index("walk_id")
    assert walks.crs.to_epsg() == 3006
    assert walks.geometry["w1"].wkt == "LINESTRING (377000 6400000, 377100 6400050.5)"
    assert walks.geometry["w2"] is None
    assert walks.at["w1", "organisers"] == "Polisen; AB Bostäder"
    found = gpd.read_file("allt.gpkg", layer="findings").set_index("finding_id")
    assert found.crs.to_epsg() == 3006
    assert found.index.tolist() == ["f1", "f2", "f3"]
    assert (found.geometry["f1"].x, found.geometry["f1"].y) == (377_000.5, 6_400_000.25)
    assert found.geometry["f3"] is None
    assert found.at["f1", "description"] == "Lampa 🦉 f1"
    assert found["removed_at"].notna().to_dict() == {"f1": False, "f2": True, "f3": False}
    figures_out = gpd.read_file("allt.gpkg", layer="statistics")
    assert figures_out["value"].astype(float).tolist() == [75.0]
    audit = gpd.read_file("allt.gpkg", layer="audit")
    assert "dubblett" in set(audit["reason"])
    assert [path.name for path in here.iterdir()] == ["allt.gpkg"]


@pytest.mark.parametrize("name", ["allt.csv", "allt", "allt.gpkg.zip"])
def test_another_kind_of_export_is_told(run, here, name):
    fill("f1")
    assert run("export", name) == (1, "", f"FIL: .gpkg väntades, fick '{name}'.\n")
    assert list(here.iterdir()) == []


@pytest.fixture
def old(tmp_path):
    """A store as the third delivery left it, where the commands look for it."""
    path = tmp_path / "lagesbild.sqlite"
    file = database.database(str(path))
    make_old(file.engine)
    file.engine.dispose()
    return path


def content(path):
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def test_an_old_store_is_told_and_then_brought_up_with_a_copy(run, here, old):
    before = content(old)
    for call in (["walks", "show"], ["statistics", "list"], ["backup", "k.sqlite"]):
        code, out, err = run(*call)
        assert (code, out) == (1, "")
        assert "är av en äldre version (0001, nu 0004). Inget är ändrat." in err
        assert "Kör python -m geo upgrade, som först tar en säkerhetskopia." in err
    assert content(old) == before
    code, told, _ = run("upgrade")
    match = re.fullmatch(
        r"lagesbild\.sqlite: version 0001 är nu 0004\. "
        r"Det som fanns är sparat i (fore-upgrade-[0-9-]+\.sqlite)\.\n",
        told,
    )
    assert (code, [path.name for path in here.iterdir()]) == (0, [match[1]])
    assert content(here / match[1]) == before
    with store.open() as kept:
        assert len(kept.imports()) == 2
        assert dict(kept.statistics().set_index("area_code")["value"]) == {
            "1490R001": 10,
            "1490R002": 2,
        }
    fill("f1")
    assert kept_ids() == ["f1"]
    assert run("upgrade") == (0, "Databasen lagesbild.sqlite är redan av version 0004.\n", "")
    assert [path.name for path in here.iterdir()] == [match[1]]


def test_a_copy_of_an_old_store_may_itself_be_restored(run, here, old):
    run("upgrade")
    [copy] = here.iterdir()
    old.unlink()
    code, told, _ = run("restore", copy)
    assert (code, " rader återställda ur " in told) == (0, True)
    with store.open() as kept:
        assert len(kept.imports()) == 2


def test_an_old_store_stays_when_no_copy_can_be_written(run, here, old, monkeypatch):
    before = content(old)
    monkeypatch.setattr("geo.commands.keeping.before", lambda name: here / "borta" / "a.sqlite")
    code, out, err = run("upgrade")
    assert (code, out) == (1, "")
    assert "borta finns inte. Kontrollera sökvägen." in err
    (here / "a.sqlite").write_bytes(b"viktigt")
    monkeypatch.setattr("geo.commands.keeping.before", lambda name: here / "a.sqlite")
    code, out, err = run("upgrade")
    assert (code, "a.sqlite finns redan." in err) == (1, True)
    assert (here / "a.sqlite").read_bytes() == b"viktigt"
    assert content(old) == before


def test_an_old_postgres_is_brought_up(run, here, postgres, monkeypatch):
    url = postgres.fresh()
    monkeypatch.setenv("LAGESBILD_STORE", url)
    file = database.database(url)
    make_old(file.engine)
    file.engine.dispose()
    code, told, _ = run("upgrade")
    assert (code, ": version 0001 är nu 0004. " in told) == (0, True)
    with store.open() as kept:
        assert len(kept.imports()) == 2
    assert run("upgrade")[1].endswith("är redan av version 0004.\n")
    assert list(here.iterdir()) == []


def test_a_store_that_is_not_made_is_not_made_by_upgrading(run, here, tmp_path):
    assert run("upgrade") == (
        0,
        "Databasen lagesbild.sqlite finns inte än: det finns inget att föra upp.\n",
        "",
    )
    assert [path.name for path in tmp_path.iterdir()] == ["här"]


def test_a_newer_store_is_left_as_it_is(run, here, tmp_path):
    newer(tmp_path / "lagesbild.sqlite")
    before = content(tmp_path / "lagesbild.sqlite")
    for call in (["upgrade"], ["backup", "k.sqlite"], ["export", "e.gpkg"], ["walks", "show"]):
        code, out, err = run(*call)
        assert (code, out) == (1, "")
        assert f"är av en nyare version (9999) än programmet ({upgrade.NEWEST})." in err
    assert content(tmp_path / "lagesbild.sqlite") == before
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("command", ["backup", "restore", "export"])
def test_a_wrong_call_is_exit_2(run, command, capsys):
    with pytest.raises(SystemExit, match="2"):
        run(command)
    assert "Kommandot kunde inte tolkas" in capsys.readouterr().err
