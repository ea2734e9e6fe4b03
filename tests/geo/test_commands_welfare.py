"""python -m geo statistics show and demo: what may be shown, as text and as JSON."""

import json

import pandas as pd
import pytest

from geo import store
from geo.__main__ import main
from geo.sources import DATA, DEMO_MARK


@pytest.fixture
def run(capsys):
    def call(*arguments):
        code = main(list(map(str, arguments)))
        out, err = capsys.readouterr()
        return code, out, err

    return call


def keep(values, **about):
    """Keep trygghet 2025 for every base area: (numerator, denominator), some of them otherwise."""
    row = {"indicator_id": "trygghet", "area_vintage": "RegSO2025", "period": "2025"}
    row |= {"group": "alla", "status": "ok", "source": "prov"} | about
    codes = [f"1490R{n:03}" for n in range(1, 48)]
    rows = pd.DataFrame(
        [row | dict(zip(("numerator", "denominator"), values(code), strict=True)) for code in codes]
    )
    rows["area_code"] = codes
    rows["value"] = 100 * rows["numerator"] / rows["denominator"]
    with store.open() as opened:
        opened.save_statistics(rows, file_name="a", sha256="a", made_by="prov", what="prov")


def test_a_network_is_shown_beside_the_city(run):
    keep(lambda code: (40.0 if code == "1490R025" else 60.0, 80.0))
    code, out, _ = run("statistics", "show", "on-norrby", "--indicator", "trygghet", "--trend")
    line = next(line for line in out.splitlines() if "Trygghet i skolan" in line)
    assert code == 0
    assert line.startswith("  Trygghet i skolan och området 2025: 68,8 % (")
    assert "Borås 74,5 %: går inte att skilja från Borås; för kort serie" in line
    assert DEMO_MARK not in out
    _, out, _ = run("statistics", "show", "on-norrby", "--indicator", "framtidstro")
    assert out.startswith(f"* {DEMO_MARK}\n* Framtidstro 2024: ")


def test_json_tells_the_same_and_marks_what_is_made_up(run):
    keep(lambda code: (60.0, 80.0))
    _, out, _ = run("statistics", "show", "bu-boda", "--json")
    rows = {row["indicator_id"]: row for row in json.loads(out)}
    assert len(rows) == 21
    assert rows["trygghet"]["value"] == 0.75
    assert (rows["trygghet"]["is_demo"], rows["framtidstro"]["is_demo"]) == (False, True)
    assert "trend" not in rows["trygghet"]
    assert rows["valdsbrott"]["status"] == "not_applicable"
    assert set(rows["valdsbrott"]["reference"]) == {"1490", "0000"}


def test_what_is_hidden_is_hidden_here_as_well_and_says_not_why(run):
    keep(lambda code: (78.0 if code == "1490R023" else 60.0, 80.0))
    statuses = {}
    for code in (
        "1490R023",
        "1490R001",
        "1490R003",
        "1490R026",
        "1490R031",
        "1490R038",
        "1490R047",
    ):
        _, out, _ = run("statistics", "show", code, "--indicator", "trygghet", "--json")
        (row,) = json.loads(out)
        statuses[code] = row["status"]
        assert (row["value"] is None) == (row["status"] != "ok")
    assert statuses["1490R023"] == "suppressed"
    assert set(statuses.values()) <= {"ok", "suppressed"}
    assert list(statuses.values()).count("suppressed") == 2  # its neighbour in Centrum as well


def test_an_unknown_area_is_a_sentence(run):
    code, out, err = run("statistics", "show", "norrby")
    assert (code, out) == (1, "")
    assert "'norrby' finns inte. Skriv ett nätverk (on-norrby)" in err
    code, _, err = run("statistics", "show", "on-norrby", "--indicator", "lycka")
    assert (code, "Inga tal för 'lycka'" in err) == (1, True)


def test_the_demonstration_set_is_made_again_as_it_ships(run, tmp_path):
    code, out, _ = run("demo", "--out", tmp_path / "ny" / "demo.csv")
    assert code == 0
    assert DEMO_MARK in out
    shipped = (DATA / "demo" / "statistics.csv").read_bytes()
    assert (tmp_path / "ny" / "demo.csv").read_bytes() == shipped
    run("demo", "--out", tmp_path / "annan.csv", "--seed", "7")
    assert (tmp_path / "annan.csv").read_bytes() != shipped
