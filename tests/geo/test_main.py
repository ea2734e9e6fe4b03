import json
import os
import subprocess
import sys

import pandas as pd
import pytest

from geo import catchments, demo, export, read
from geo.__main__ import main
from geo.sources import DATA

SHIPPED = {
    "areas.geojson": "areas",
    "base_areas.geojson": "base_areas",
    "memberships.csv": "memberships",
    "meetings.csv": "meetings",
    "walks.csv": "walks",
}


@pytest.mark.parametrize("name", SHIPPED)
def test_check_is_clean_on_what_ships(name, capsys):
    assert main(["check", str(DATA / name), "--as", SHIPPED[name]]) == 0
    assert capsys.readouterr().out.endswith("rader kan användas, 0 anmärkningar.\n")


@pytest.mark.parametrize("kind", ["statistics", "findings"])
def test_check_is_clean_on_the_kinds_that_do_not_ship(kind, tmp_path, capsys, base_areas):
    path = tmp_path / "a.csv"
    finding = {"finding_id": "f1", "walk_id": "", "observed_date": "2017-10-03", "kind": "brist"}
    place = {"category": "ljus", "x": 370_500, "y": 6_400_500}
    frames = {
        "statistics": demo.statistics(read.indicators()[0], base_areas.index),
        "findings": pd.DataFrame([finding | place]),
    }
    path.write_bytes(export.to_csv(frames[kind]))
    assert main(["check", str(path), "--as", kind]) == 0
    assert f"{len(frames[kind])} rader kan användas" in capsys.readouterr().out


def test_check_tells_row_column_and_remedy(tmp_path, capsys):
    path = tmp_path / "walks.csv"
    path.write_text("walk_id,date,network_id,place\nw1,2017-11-31,on-norrby,Norrby\n")
    assert main(["check", str(path), "--as", "walks"]) == 1
    assert capsys.readouterr().out == (
        "FEL rad 2, date: date: den dagen finns inte i kalendern. "
        "Rätta cellen eller ta bort raden.\n"
        "walks.csv: 0 rader kan användas, 1 anmärkningar.\n"
    )
    assert main(["check", str(path), "--as", "walks", "--json"]) == 1
    issue = json.loads(capsys.readouterr().out)[0]
    assert (issue["row"], issue["column"], issue["value"]) == (2, "date", "2017-11-31")


def test_warnings_alone_are_exit_0(tmp_path, capsys):
    path = tmp_path / "walks.csv"
    path.write_text("walk_id,date,network_id,place,egen\nw1,2017-11-30,on-norrby,Norrby,x\n")
    assert main(["check", str(path), "--as", "walks"]) == 0
    assert "obs hela filen, -: Kolumnerna egen används inte." in capsys.readouterr().out


def test_areas_build_gives_the_shipped_file_byte_for_byte(tmp_path, capsys):
    out = tmp_path / "areas.geojson"
    assert main(["areas", "build", "--out", str(out)]) == 0
    assert out.read_bytes() == (DATA / "areas.geojson").read_bytes()
    assert "20 upptagningsområden av 47 basområden" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("bu-boda,1490R005", "bu-xboda,1490R005", "network_id bu-xboda finns inte i registret"),
        ("bu-boda,1490R005", "bu-boda,1490R999", "base_area_id 1490R999 finns inte i registret"),
        ("bu-boda,1490R018,part,0.5", "bu-boda,1490R018,part,0.9", "summerar över 1 i lagret"),
        ("bu-boda,1490R018,part,0.5", "bu-boda,1490R018,part,5", "högst 1 väntades"),
        ("bu-boda,1490R005,whole", "bu-boda,1490R017,whole", "finns redan på rad"),
    ],
)
def test_nothing_is_built_on_faulty_memberships(tmp_path, capsys, old, new, sentence):
    text = (DATA / "memberships.csv").read_text(encoding="utf-8")
    assert text.count(old) == 1
    (tmp_path / "m.csv").write_text(text.replace(old, new), encoding="utf-8")
    out = tmp_path / "areas.geojson"
    arguments = ["areas", "build", "--memberships", str(tmp_path / "m.csv"), "--out", str(out)]
    assert main(arguments) == 1
    told = capsys.readouterr().err
    assert sentence in told
    assert "FEL rad " in told
    assert "Ingenting skrevs" in told
    assert [path.name for path in tmp_path.iterdir()] == ["m.csv"]


def test_nothing_is_built_on_headers_alone(tmp_path, capsys):
    (tmp_path / "m.csv").write_text("network_id,base_area_id,extent,share\n")
    out = tmp_path / "areas.geojson"
    arguments = ["areas", "build", "--memberships", str(tmp_path / "m.csv"), "--out", str(out)]
    assert main(arguments) == 1
    assert "inga rader" in capsys.readouterr().err
    assert not out.exists()


def test_a_faulty_build_leaves_the_old_file(tmp_path, capsys):
    out = tmp_path / "areas.geojson"
    out.write_text("gammalt")
    arguments = ["areas", "build", "--base-areas", str(tmp_path / "finns-inte.gpkg")]
    assert main([*arguments, "--out", str(out)]) == 2
    assert out.read_text() == "gammalt"
    assert "finns inte. Kontrollera sökvägen." in capsys.readouterr().err


def test_coverage_tells_the_published_figures(capsys):
    assert main(["coverage"]) == 0
    told = capsys.readouterr().out
    assert "972,15 km² (100,0% av ytan), 0 basområden utan" in told
    assert "60,98 km² (6,3% av ytan), 26 basområden utan" in told
    assert "898,90 km² (92,5% av ytan), 27 basområden utan" in told
    assert "18 par av nätverk överlappar" in told
    assert told.count("osäkert") == 7


def test_coverage_as_json(capsys):
    assert main(["coverage", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert set(answer) == {"layers", "gaps", "overlaps"}
    assert round(answer["layers"]["omrade"]["area_km2"], 2) == 60.98
    assert answer["layers"]["omrade"]["n_people"] is None
    assert len(answer["gaps"]["omrade+ortsrad"]) == 6
    assert len(answer["overlaps"]) == 18


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_assign_writes_a_row_per_pair(tmp_path, capsys, suffix, areas):
    middle = areas.representative_point()["on-norrby"]
    rows = f"point_id,x,y\na,{middle.x},{middle.y}\nb,300000,6400000\n"
    (tmp_path / "p.csv").write_text(rows)
    out = tmp_path / f"pairs{suffix}"
    assert main(["assign", str(tmp_path / "p.csv"), "--out", str(out)]) == 0
    pairs = pd.read_csv(out) if suffix == ".csv" else pd.read_parquet(out)
    assert [tuple(row) for row in pairs.astype(str).to_numpy()] == [
        ("a", "bu-norrby"),
        ("a", "on-norrby"),
    ]
    assert "2 par; 1 av 2 punkter ligger i minst ett område, 1 i inget." in capsys.readouterr().out


def test_assign_takes_other_areas(tmp_path, toy_areas):
    areas = tmp_path / "toy.geojson"
    areas.write_text(catchments.to_geojson(toy_areas), encoding="utf-8")
    (tmp_path / "p.csv").write_text("x,y\n370500,6400500\n")
    out = tmp_path / "pairs.csv"
    assert main(["assign", str(tmp_path / "p.csv"), "--areas", str(areas), "--out", str(out)]) == 0
    assert out.read_text() == "point_id,area_id\n2,bu-a\n2,on-c\n"


@pytest.mark.parametrize(
    ("rows", "out", "sentence"),
    [
        ("a,b\n1,2\n", "o.csv", "Kolumner för läget väntades"),
        ("x,y\n57.7,12.9\n", "o.csv", "bytt plats"),
        ("x,y\n370500,6400500\n", "o.txt", ".csv eller .parquet väntades, fick 'o.txt'"),
    ],
)
def test_assign_of_faulty_points_writes_nothing(tmp_path, capsys, rows, out, sentence):
    (tmp_path / "p.csv").write_text(rows)
    assert main(["assign", str(tmp_path / "p.csv"), "--out", str(tmp_path / out)]) == 1
    assert sentence in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["p.csv"]


def test_a_folder_that_does_not_exist_is_told(tmp_path, capsys):
    out = tmp_path / "finns" / "inte" / "areas.geojson"
    assert main(["areas", "build", "--out", str(out)]) == 2
    assert "Filen kunde inte läsas eller skrivas" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["check"], ["check", "a.csv", "--as", "x"], ["okänt"]])
def test_a_wrong_command_is_told_in_swedish(arguments, capsys):
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    assert "Kommandot kunde inte tolkas" in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_as_a_person_types_it_on_any_console(encoding):
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "geo", "coverage"],
        cwd=DATA.parent,
        env=os.environ | {"PYTHONIOENCODING": encoding},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0
    assert done.stderr == b""
    assert b"972,15 km" in done.stdout


def test_the_library_gives_what_the_command_gives(areas, capsys):
    main(["coverage", "--json"])
    pairs = json.loads(capsys.readouterr().out)["overlaps"]
    assert {pair["a"] for pair in pairs} <= set(areas.index)
    assert set(read.networks()[0].index) == set(areas.index)
