"""The commands of statistics: what is told, what is kept, and the exit codes."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from geo import mapping, store
from geo.__main__ import main
from tests.geo.statistics_server import Clock, StatisticsServer

LONG = (
    "indicator_id,area_code,area_vintage,period,group,numerator,denominator,value,status\n"
    "trygghet,1490R001,RegSO2025,2024,alla,3,4,,ok\n"
    "trygghet,1490R002,RegSO2025,2024,alla,1,4,,ok\n"
    "folkmangd,1490R001,RegSO2025,2024,alla,,,900,ok\n"
)
WIDE = "Område;Trygghet\nNorrby;0,61\nSjöbo norra;0,58\n"


@pytest.fixture
def file(tmp_path):
    def write(text, name="s.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


@pytest.fixture
def run(capsys):
    def call(*arguments):
        code = main(["statistics", *arguments])
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


def kept_values():
    with store.open() as kept:
        found = kept.statistics()
    return dict(zip(found["area_code"], found["value"], strict=True))


def test_a_file_is_imported_listed_and_undone(run, file, tmp_path):
    code, told, _ = run("import", file(LONG), "--by", "Åsa")
    assert code == 0
    assert told.splitlines() == [
        "folkmangd 2024: 1 nya, 0 ändrade, 0 lika, 0 i databasen berörs inte.",
        "trygghet 2024: 2 nya, 0 ändrade, 0 lika, 0 i databasen berörs inte.",
        "s.csv: 3 rader inlästa som import 1. Ångra med: python -m geo statistics undo 1",
    ]
    code, told, _ = run("import", file(LONG.replace("3,4,,ok", ",,,suppressed"), "t.csv"))
    assert "  trygghet 1490R001 2024 alla: 75 → dolt\n" in told
    assert "folkmangd 2024: 0 nya, 0 ändrade, 1 lika" in told
    code, told, _ = run("list")
    first, second = told.splitlines()
    assert first.startswith("1  ")
    assert "s.csv: folkmangd, trygghet, 2024; 3 rader (3 nya, 0 ändrade, 0 lika), av Åsa" in first
    assert "t.csv: folkmangd, trygghet, 2024; 3 rader (0 nya, 1 ändrade, 2 lika)" in second
    assert run("undo", "2")[:2] == (
        0,
        "Import 2 är ångrad. Det som gällde före den gäller igen.\n",
    )
    assert " – ångrad " in run("list")[1].splitlines()[1]
    with store.open() as kept:
        assert kept.statistics("trygghet")["value"].tolist() == [75, 25]
    code, _, fault = run("undo", "2")
    assert (code, "Import 2 är redan ångrad" in fault) == (1, True)
    assert run("undo", "9")[0] == 1


def test_a_dry_run_tells_the_same_and_makes_no_file(run, file):
    path = file(LONG)
    code, told, _ = run("import", path, "--dry-run")
    assert code == 0
    assert "trygghet 2024: 2 nya" in told
    assert told.endswith("s.csv: 3 rader. Provläsning: ingenting skrevs.\n")
    with store.open() as kept:
        assert not kept.file.path.exists()
    run("import", path)
    changed = file(LONG.replace("900", "901"), "t.csv")
    code, told, _ = run("import", changed, "--dry-run")
    assert "  folkmangd 1490R001 2024 alla: 900 → 901" in told
    assert kept_values()["1490R001"] in (75, 900)
    with store.open() as kept:
        assert len(kept.imports()) == 1


def test_the_same_file_again_is_told_and_nothing_is_written(run, file):
    path = file(LONG)
    run("import", path)
    for more in ([], ["--dry-run"]):
        code, told, _ = run("import", path, *more)
        assert (code, "s.csv är redan inläst (import 1, " in told) == (0, True)
    with store.open() as kept:
        assert len(kept.imports()) == 1


def test_many_changes_are_shown_in_part(run, file):
    head, row = LONG.splitlines()[0], "folkmangd,1490R{:03},RegSO2025,2024,alla,,,{},ok"
    for value in (1, 2):
        rows = [row.format(number, value) for number in range(1, 31)]
        _, told, _ = run("import", file("\n".join([head, *rows]), f"{value}.csv"))
    assert told.count(": 1 → 2") == 20
    assert "  … och 10 ändrade till." in told


def test_what_the_file_does_not_say_is_said_in_options(run, file):
    path = file(WIDE)
    code, told, _ = run("import", path)
    assert code == 1
    assert "FEL hela filen, period: Filen säger inte vilken period" in told
    said = ["--period", "2024", "--vintage", "RegSO2025", "--group", "tjejer"]
    code, told, _ = run("import", path, *said)
    assert (code, "Ange enheten: share" in told) == (1, True)
    assert run("import", path, *said, "--unit", "share")[0] == 0
    with store.open() as kept:
        found = kept.statistics("trygghet")
    assert found["value"].tolist() == [61, 58]
    assert set(found["group"]) == {"flickor"}


def test_an_indicator_may_be_said(run, file):
    path = file("Kod;2023;2024\n1490R025_RegSO2025;61;62\n")
    assert run("import", path, "--indicator", "Hyresrätt")[0] == 0
    with store.open() as kept:
        assert kept.statistics("hyresratt")["period"].tolist() == ["2023", "2024"]


def test_a_mapping_file_says_what_the_columns_are(run, file, tmp_path):
    path = file("Rubrik\nA;B;C\n1490R025;ja;61\n")
    said = mapping.Mapping(
        columns={"area_code": "A", "value": "C"},
        indicator_id="trygghet",
        period="2024",
        area_vintage="RegSO2025",
    )
    shape = file(mapping.to_json(said), "m.json")
    code, told, _ = run("import", path, "--mapping", shape, "--header", "2")
    assert code == 0
    assert "Kolumnerna B används inte" in told
    assert kept_values() == {"1490R025": 61}


@pytest.mark.parametrize(
    ("text", "code", "sentence"),
    [
        ("{", 1, "är inte giltig JSON"),
        ("\udce4".encode("utf-8", "surrogateescape"), 1, "är inte giltig JSON"),
        ('{"columns": {"area_code": "Z"}}', 1, "filen har inte kolumnerna Z"),
    ],
)
def test_a_wrong_mapping_file_is_a_sentence(run, file, tmp_path, text, code, sentence):
    said = tmp_path / "m.json"
    said.write_bytes(text if isinstance(text, bytes) else text.encode())
    found, _, told = run("import", file(LONG), "--mapping", str(said))
    assert (found, sentence in told) == (code, True)
    assert run("import", file(LONG), "--mapping", str(tmp_path / "borta.json"))[0] == 2


@pytest.mark.parametrize(
    ("write", "sentence"),
    [
        (lambda path: None, "Filen s.csv finns inte"),
        (lambda path: path.write_bytes(b""), "s.csv är tom"),
        (lambda path: path.write_bytes(b"\x00\x01"), "innehåller NUL-tecken"),
        (lambda path: path.mkdir(), "s.csv är en mapp"),
    ],
)
def test_what_cannot_be_read_is_exit_2(run, tmp_path, write, sentence):
    write(tmp_path / "s.csv")
    code, _, told = run("import", str(tmp_path / "s.csv"))
    assert (code, sentence in told) == (2, True)


def test_headers_alone_are_not_imported(run, file):
    code, _, told = run("import", file(LONG.splitlines()[0] + "\n"))
    assert (code, "minst en rad väntades" in told) == (1, True)


def test_answers_as_json(run, file):
    code, told, _ = run("import", file(LONG), "--json", "--dry-run")
    answer = json.loads(told)
    assert (code, answer["import_id"], answer["n_rows"], answer["issues"]) == (0, None, 3, [])
    assert answer["summary"][1]["n_new"] == 2
    code, told, _ = run("import", file(LONG), "--json")
    assert json.loads(told)["import_id"] == 1
    code, told, _ = run("import", file(LONG.replace("2024", "H1"), "t.csv"), "--json")
    answer = json.loads(told)
    assert (code, answer["import_id"]) == (1, None)
    assert {issue["column"] for issue in answer["issues"]} == {"period"}
    [listed] = json.loads(run("list", "--json")[1])
    assert (listed["import_id"], listed["taken_back_at"]) == (1, None)


def test_nothing_is_listed_before_anything_is_imported(run, tmp_path):
    assert run("list") == (
        0,
        "Ingen statistik är inläst. Läs in en fil med: python -m geo statistics import FIL\n",
        "",
    )
    assert list(tmp_path.iterdir()) == []


def test_a_locked_store_is_a_sentence(run, file, tmp_path, monkeypatch):
    path = tmp_path / "lagesbild.sqlite"
    run("import", file(LONG))
    monkeypatch.setenv("LAGESBILD_STORE", f"sqlite:///{path}?timeout=0.01")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    code, _, told = run("undo", "1")
    other.close()
    assert (code, told) == (
        1,
        "Databasen lagesbild.sqlite är upptagen av någon annan. Vänta en stund och försök igen.\n",
    )


def test_a_store_that_is_away_or_of_another_kind_is_a_sentence(run, file, tmp_path, monkeypatch):
    monkeypatch.setenv("LAGESBILD_STORE", str(tmp_path / "borta" / "a.sqlite"))
    assert "borta finns inte. Kontrollera sökvägen." in run("import", file(LONG))[2]
    monkeypatch.setenv("LAGESBILD_STORE", "mysql://x/y")
    code, _, told = run("list")
    assert (code, "sqlite:///sökväg eller postgresql://" in told) == (1, True)


@pytest.mark.parametrize("arguments", [[], ["undo", "x"], ["fetch", "vet-ej"], ["import"]])
def test_a_wrong_call_is_exit_2(run, arguments, capsys):
    with pytest.raises(SystemExit, match="2"):
        run(*arguments)
    assert "Kommandot kunde inte tolkas" in capsys.readouterr().err


def test_a_service_without_a_name_can_import(run, file, monkeypatch):
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("pwd.getpwuid", lambda number: {}[number])
    assert run("import", file(LONG))[0] == 0
    assert run("list")[1].endswith("av okänd\n")


def test_a_console_without_letters_gets_no_traceback(file, tmp_path):
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    ran = subprocess.run(
        [sys.executable, "-m", "geo", "statistics", "import", file(LONG)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        env=environment,
        check=False,
    )
    assert ran.returncode == 0
    assert b"?ngra med" in ran.stdout


@pytest.fixture
def kolada():
    with StatisticsServer(Clock()) as server:
        server.titles = {"N15428": "Behöriga", "N07403": "Våldsbrott", "N00610": "Trygga ute"}
        for place, level in (("1490", 80.5), ("0000", 0.5)):
            for kpi in server.titles:
                number = {"gender": "T", "value": level, "status": "", "count": 1}
                server.figures[(kpi, place, 2024)] = [number]
        yield server.kolada


def test_fetched_figures_are_frozen_and_imported(run, kolada, tmp_path):
    out = tmp_path / "hamtat"
    code, told, _ = run("fetch", "kolada", "--out", str(out), "--address", kolada, "--only-file")
    [path] = out.glob("*.csv")
    assert (code, told) == (0, f"{path} är sparad.\n")
    with store.open() as kept:
        assert not kept.file.path.exists()
    code, told, _ = run("fetch", "kolada", "--out", str(out), "--address", kolada, "--by", "Åsa")
    assert code == 0
    assert f"{path.name}: 6 rader inlästa som import 1" in told
    assert kept_values() == {"1490": 80.5, "0000": 0.5}
    assert "av Åsa" in run("list")[1]


def test_a_service_that_lacks_what_was_asked_for_is_a_sentence(run, tmp_path):
    with StatisticsServer(Clock()) as server:
        for service, address in (("scb", server.scb), ("kolada", server.kolada)):
            code, _, told = run("fetch", service, "--out", str(tmp_path), "--address", address)
            assert code == 1
            assert told.strip().endswith(".")
            assert "Traceback" not in told
    assert list(tmp_path.glob("*.csv")) == []


def test_nothing_of_a_fetch_is_kept_when_one_of_its_files_is_wrong(run, tmp_path, monkeypatch):
    right, wrong = tmp_path / "a.csv", tmp_path / "b.csv"
    right.write_text(LONG)
    wrong.write_text(LONG.replace("1490R002", "1490R099"))
    monkeypatch.setattr("geo.fetch.scb.fetch", lambda *_, **__: [right, wrong])
    code, _, told = run("fetch", "scb")
    assert code == 1
    assert "FEL rad 3, area_code: 1490R099 finns inte" in told
    with store.open() as kept:
        assert not kept.file.path.exists()
