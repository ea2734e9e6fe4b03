"""The store: all or nothing, undone exactly, and every fault of the file is one sentence."""

import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from geo import changes, store
from geo.errors import GeoError

ABOUT = {"file_name": "a.csv", "made_by": "prov", "what": "statistik"}
NAN = float("nan")


def row(value=12.0, area="1490R001", period="2024", **other):
    known = {
        "indicator_id": "folkmangd",
        "area_code": area,
        "area_vintage": "RegSO2025",
        "period": period,
        "group": "alla",
        "numerator": NAN,
        "denominator": NAN,
        "value": value,
        "status": "missing" if np.isnan(value) else "ok",
        "source": "prov",
    }
    return known | other


def frame(*rows):
    return pd.DataFrame(list(rows), columns=list(changes.COLUMNS))


def values(kept):
    found = kept.statistics()
    return dict(zip(found["area_code"], found["value"], strict=True))


@pytest.fixture
def kept(store_url):
    """A store on each kind of database in turn."""
    with store.open(store_url) as opened:
        yield opened


@pytest.fixture
def in_file(tmp_path):
    """A store in a SQLite file, for what only a file can suffer."""
    with store.open(f"sqlite:///{tmp_path / 'prov.sqlite'}") as opened:
        yield opened


def save(kept, table, sha256="1", **about):
    return kept.save_statistics(table, sha256=sha256, **(ABOUT | about))


def test_reading_before_anything_is_kept_makes_no_file(in_file, tmp_path):
    assert list(in_file.statistics().columns) == [*changes.COLUMNS, "import_id"]
    assert in_file.statistics().empty
    assert in_file.imports().empty
    assert in_file.version() == "0"
    assert len(in_file.preview(frame(row())).new) == 1
    assert list(tmp_path.iterdir()) == []


def test_the_store_is_where_the_environment_says(tmp_path):
    with store.open() as opened:
        assert opened.file.path == tmp_path / "lagesbild.sqlite"
        save(opened, frame(row()))
    assert (tmp_path / "lagesbild.sqlite").is_file()


def test_what_is_saved_is_told_and_comes_back(kept):
    assert save(kept, frame(row(), row(NAN, "1490R002")), made_by="Åsa", note="ny") == 1
    listed = kept.imports().loc[1]
    assert listed[["made_by", "file_name", "sha256", "note"]].tolist() == [
        "Åsa",
        "a.csv",
        "1",
        "ny",
    ]
    assert listed[["n_rows", "n_new", "n_changed", "n_same"]].tolist() == [2, 2, 0, 0]
    assert listed["made_at"].tzinfo is not None
    assert pd.isna(listed["taken_back_at"])
    found = kept.statistics()
    assert found["value"].isna().tolist() == [False, True]
    assert found["status"].tolist() == ["ok", "missing"]


def test_the_newest_import_of_a_cell_counts_and_the_others_stay(kept):
    save(kept, frame(row(1), row(2, "1490R002")))
    save(kept, frame(row(10), row(3, "1490R003")), "2")
    assert values(kept) == {"1490R001": 10, "1490R002": 2, "1490R003": 3}
    counts = kept.imports().loc[2, ["n_rows", "n_new", "n_changed", "n_same"]]
    assert counts.tolist() == [2, 1, 1, 0]


def test_one_indicator_can_be_asked_for(kept):
    save(kept, frame(row(), row(7, indicator_id="hyresratt")))
    assert kept.statistics("hyresratt")["value"].tolist() == [7]
    assert kept.statistics("finns inte").empty


def test_a_preview_says_old_and_new_and_writes_nothing(kept):
    save(kept, frame(row(1), row(2, "1490R002"), row(NAN, "1490R003"), row(5, "1490R004")))
    before, version = kept.statistics(), kept.version()
    new = frame(row(1), row(20, "1490R002"), row(NAN, "1490R003"), row(9, period="2025"))
    found = kept.preview(new)
    assert found.same["area_code"].tolist() == ["1490R001", "1490R003"]
    assert found.changed[["area_code", "value_before", "value"]].values.tolist() == [
        ["1490R002", 2, 20]
    ]
    assert found.new["period"].tolist() == ["2025"]
    assert found.summary.loc[("folkmangd", "2024")].tolist() == [0, 1, 2, 1]
    assert found.summary.loc[("folkmangd", "2025")].tolist() == [1, 0, 0, 0]
    assert kept.version() == version
    assert_frame_equal(kept.statistics(), before)


def test_hidden_and_missing_are_different_and_another_source_is_no_change(kept):
    save(kept, frame(row(NAN), row(1, "1490R002")))
    new = frame(row(NAN, status="suppressed"), row(1, "1490R002", source="annan"))
    found = kept.preview(new)
    assert found.changed["status_before"].tolist() == ["missing"]
    assert found.same["area_code"].tolist() == ["1490R002"]


def test_an_undone_import_gives_back_what_it_replaced(kept):
    save(kept, frame(row(1)))
    save(kept, frame(row(2), row(3, "1490R002")), "2")
    kept.take_back(2)
    assert values(kept) == {"1490R001": 1}
    assert kept.imports()["taken_back_at"].notna().tolist() == [False, True]
    kept.restore_import(2)
    assert values(kept) == {"1490R001": 2, "1490R002": 3}


def test_an_older_import_can_be_undone_under_a_newer_one(kept):
    save(kept, frame(row(1)))
    save(kept, frame(row(1)), "2")
    kept.take_back(1)
    assert values(kept) == {"1490R001": 1}
    kept.take_back(2)
    assert values(kept) == {}


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (lambda kept: kept.take_back(9), "Import 9 finns inte. Se numren"),
        (lambda kept: kept.restore_import(9), "Import 9 finns inte"),
        (lambda kept: kept.restore_import(1), "Import 1 gäller redan"),
        (lambda kept: [kept.take_back(1), kept.take_back(1)], "Import 1 är redan ångrad"),
    ],
)
def test_a_wrong_undo_is_told(kept, act, sentence):
    save(kept, frame(row()))
    with pytest.raises(GeoError, match=sentence):
        act(kept)


def test_the_same_file_again_is_told_and_nothing_is_written(kept):
    save(kept, frame(row()))
    version = kept.version()
    with pytest.raises(store.AlreadyImportedError, match=r"a\.csv är redan inläst \(import 1, "):
        save(kept, frame(row(13)))
    assert (kept.version(), len(kept.imports()), values(kept)["1490R001"]) == (version, 1, 12)
    kept.take_back(1)
    assert save(kept, frame(row())) == 2
    with pytest.raises(store.AlreadyImportedError):
        kept.restore_import(1)


def test_every_change_is_a_new_version_and_reading_is_none(kept):
    seen = [kept.version()]
    for act in (
        lambda: save(kept, frame(row())),
        lambda: kept.take_back(1),
        lambda: kept.restore_import(1),
        lambda: save(kept, frame(row()), "2"),
    ):
        act()
        seen.append(kept.version())
        kept.statistics()
        assert kept.version() == seen[-1]
    assert len(set(seen)) == 5


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (frame(row()).drop(columns=["value", "status"]), "kolumnerna value, status saknas"),
        (frame(row(), row(13)), "fick 1 rader för mycket"),
        (frame(), "minst en rad väntades"),
    ],
)
def test_what_cannot_be_one_import_is_refused(kept, tmp_path, table, sentence):
    for act in (save, lambda opened, rows: opened.preview(rows)):
        with pytest.raises(GeoError, match=sentence):
            act(kept, table)
    assert list(tmp_path.iterdir()) == []


def test_nothing_of_an_import_is_kept_when_one_row_fails(kept):
    save(kept, frame(row(1)))
    broken = frame(*(row(n, f"1490R{n:03}") for n in range(1, 40)), row(1, "1490R040", status=None))
    version = kept.version()
    with pytest.raises(Exception, match=r"(?i)not.null"):
        save(kept, broken, "2")
    assert (values(kept), kept.version(), len(kept.imports())) == ({"1490R001": 1}, version, 1)


KILLED = """
import os, signal, sys
import sqlalchemy as sa
from geo import store
sys.path.insert(0, {tests!r})
from test_store import frame, row, save
opened = store.open({url!r})
sa.event.listen(opened.file.engine, "commit", lambda _: os.kill(os.getpid(), signal.SIGKILL))
save(opened, frame(*(row(n, f"1490R{{n:03}}") for n in range(2, 40))), "2")
"""


def test_a_process_that_is_killed_while_it_writes_leaves_nothing(in_file, tmp_path):
    save(in_file, frame(row(1)))
    code = KILLED.format(tests=str(Path(__file__).parent), url=str(tmp_path / "prov.sqlite"))
    root = Path(__file__).parents[2]
    ran = subprocess.run([sys.executable, "-c", code], cwd=root, check=False)
    assert ran.returncode == -signal.SIGKILL
    assert values(in_file) == {"1490R001": 1}
    assert save(in_file, frame(row(2, "1490R002")), "2") == 2


def damaged(path):
    with store.open(str(path)) as opened:
        save(opened, frame(row()))
    data = bytearray(path.read_bytes())
    data[100:] = b"\xff" * (len(data) - 100)
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda path: path.write_bytes(b"ingen databas" * 100), "prov.sqlite är skadad eller är"),
        (damaged, "prov.sqlite är skadad. Lägg tillbaka"),
        (lambda path: path.mkdir(), "prov.sqlite kan inte öppnas. Kontrollera"),
    ],
)
def test_a_file_that_is_no_database_is_told(in_file, tmp_path, spoil, sentence):
    spoil(tmp_path / "prov.sqlite")
    for act in (in_file.statistics, in_file.imports, lambda: save(in_file, frame(row()), "2")):
        with pytest.raises(GeoError, match=sentence):
            act()


def test_a_folder_that_is_away_is_told_and_not_made(tmp_path):
    with store.open(str(tmp_path / "borta" / "a.sqlite")) as opened:
        for act in (opened.statistics, opened.version, lambda: save(opened, frame(row()))):
            with pytest.raises(GeoError, match=r"borta finns inte\. Kontrollera sökvägen"):
                act()
    assert list(tmp_path.iterdir()) == []


def test_a_locked_store_is_told_and_can_still_be_read(in_file, tmp_path):
    save(in_file, frame(row()))
    other = sqlite3.connect(tmp_path / "prov.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with store.open(f"sqlite:///{tmp_path / 'prov.sqlite'}?timeout=0.01") as hasty:
        assert values(hasty) == {"1490R001": 12}
        with pytest.raises(GeoError, match=r"är upptagen av någon annan\. Vänta"):
            save(hasty, frame(row(13)), "2")
        other.execute("ROLLBACK")
        other.close()
        assert save(hasty, frame(row(13)), "2") == 2


def test_a_store_that_may_only_be_read_is_told(in_file, tmp_path):
    save(in_file, frame(row()))
    with store.open(f"sqlite:///file:{tmp_path / 'prov.sqlite'}?mode=ro&uri=true") as shown:
        assert values(shown) == {"1490R001": 12}
        with pytest.raises(GeoError, match=r"är skrivskyddad\. Ge skrivrätt"):
            save(shown, frame(row(13)), "2")


def test_a_full_disk_is_told_and_nothing_is_kept(in_file):
    save(in_file, frame(row()))
    many = frame(*(row(n, f"1490R{n:05}") for n in range(20_000)))
    sa.event.listen(
        in_file.file.engine, "connect", lambda raw, _: raw.execute("PRAGMA max_page_count=20")
    )
    with pytest.raises(GeoError, match="disken är full"):
        save(in_file, many, "2")
    assert values(in_file) == {"1490R001": 12}


@pytest.mark.parametrize(
    "url", ["postgresql://", "mysql://x/y", "sqlite://", "sqlite:///:memory:", "://", "hej://"]
)
def test_another_database_is_refused(url):
    with pytest.raises(GeoError, match="Databasen: sqlite:///sökväg eller postgresql://"):
        store.open(url)


cells = st.builds(
    lambda code, period, group, numbers, status: row(
        numbers[0] if status == "ok" else NAN,
        f"1490R{code:03}",
        str(period),
        group=group,
        numerator=numbers[1],
        denominator=numbers[2],
        status=status,
    ),
    st.integers(1, 5),
    st.integers(2023, 2024),
    st.text(max_size=3).filter(lambda text: "\x00" not in text and text.isprintable()),
    st.tuples(*[st.floats(allow_infinity=False)] * 3),
    st.sampled_from(["ok", "missing", "suppressed"]),
)
tables = st.lists(
    cells, min_size=1, max_size=8, unique_by=lambda r: tuple(r[k] for k in changes.KEY)
)


def plain(table):
    keys = list(changes.KEY)
    return table[list(changes.COLUMNS)].sort_values(keys).reset_index(drop=True)


@settings(max_examples=25)
@given(tables)
def test_what_is_saved_is_read_back_identical(tmp_path_factory, rows):
    with store.open(str(tmp_path_factory.mktemp("store") / "a.sqlite")) as opened:
        table = frame(*rows).astype({"group": object})
        save(opened, table)
        assert_frame_equal(plain(opened.statistics()), plain(table), check_dtype=False)
        found = opened.preview(table)
        assert (len(found.new), len(found.changed), len(found.same)) == (0, 0, len(rows))


@settings(max_examples=20)
@given(st.lists(tables, min_size=2, max_size=4), st.data())
def test_taking_back_restores_exactly_what_was_there_before(tmp_path_factory, many, data):
    with store.open(str(tmp_path_factory.mktemp("store") / "a.sqlite")) as opened:
        states = [opened.statistics()]
        for number, rows in enumerate(many):
            save(opened, frame(*rows), str(number))
            states.append(opened.statistics())
        for number in range(len(many), 0, -1):
            opened.take_back(number)
            assert_frame_equal(opened.statistics(), states[number - 1])
        chosen = data.draw(st.permutations(range(1, len(many) + 1)))
        for number in chosen:
            opened.restore_import(number)
        assert_frame_equal(opened.statistics(), states[-1])
