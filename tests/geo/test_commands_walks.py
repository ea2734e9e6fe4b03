"""python -m geo walks …: the form, exports of the field read in, routes, what each area has."""

import json
import re

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely
from shapely import Point

from geo import crs, read, store
from geo.__main__ import main
from geo.sources import DEMO_MARK, SYNTHETIC

HULTA = "tv-2017-10-30-hulta"
WALK_ID = "tv-2026-03-01-on-norrby"
IDS = [f"uuid:3f2504e0-4f89-41d3-9a0c-0305e82c330{n}" for n in range(1, 4)]
NORRBY = (57.7243, 12.9304)
ODK = {
    "SubmissionDate": "2026-03-01T19:00:00.000Z",
    "record": "finding",
    "network_id": "on-norrby",
    "walk_date": "2026-03-01",
    "light": "mörker",
    "location-Latitude": str(NORRBY[0]),
    "location-Longitude": str(NORRBY[1]),
    "kind": "brist",
    "category": "belysning",
    "description": "Släckt lampa; mörkt, vid bron",
    "KEY": IDS[0],
    "SubmitterName": "Nils Nilsson",
    "Status": "received",
    "DeviceID": "collect:hemlig",
}
ODK_WALK = {
    "record": "walk",
    "network_id": "on-norrby",
    "walk_date": "2026-03-01",
    "start_time": "18:30:00.000+01:00",
    "end_time": "20:00:00.000+01:00",
    "step": "2",
    "n_participants": "14",
    "organisers": "Borås Stad; Polisen",
    "place": "Norrby",
    "KEY": IDS[1],
}
KOBO = {
    "Vad ska registreras?": "Ett fynd",
    "Nätverk": "Områdesnätverk: Norrby",
    "Vandringens datum": "2026-03-01",
    "_Var är det?_latitude": str(NORRBY[0]),
    "_Var är det?_longitude": str(NORRBY[1]),
    "Brist eller bra?": "Brist",
    "Kategori": "Belysning (släckta eller saknade lampor; mörk stig)",
    "Beskrivning": "Släckt lampa; mörkt, vid bron",
    "_uuid": IDS[0].removeprefix("uuid:"),
    "_submitted_by": "nisse",
}
KOBO_WALK = {
    "Vad ska registreras?": "Vandringen (en gång per vandring)",
    "Nätverk": "Områdesnätverk: Norrby",
    "Vandringens datum": "2026-03-01",
    "Plats": "Norrby",
    "_uuid": IDS[1].removeprefix("uuid:"),
}


@pytest.fixture
def run(capsys):
    def call(*arguments):
        code = main(["walks", *map(str, arguments)])
        told = capsys.readouterr()
        assert "Traceback" not in told.out + told.err
        return code, told.out, told.err

    return call


@pytest.fixture
def kept_in(store_url, monkeypatch):
    """Both kinds of database in turn, as the store of the commands."""
    monkeypatch.setenv("LAGESBILD_STORE", store_url)
    return store_url


@pytest.fixture
def write(tmp_path):
    def written(*rows, name="export.csv", sep=","):
        path = tmp_path / name
        table = pd.DataFrame(rows, dtype=object).fillna("")
        if name.endswith(".xlsx"):
            table.to_excel(path, index=False)
        else:
            table.to_csv(path, index=False, sep=sep)
        return path

    return written


def layer(tmp_path, name, *rows):
    """Write a layer as QField does: points in WGS 84, our columns."""
    frame = gpd.GeoDataFrame(list(rows), geometry=[Point(*NORRBY[::-1])] * len(rows), crs=4326)
    frame.to_file(tmp_path / name)
    return tmp_path / name


def all_kept():
    with store.open() as kept:
        return kept.findings(), kept.walks()


def nothing_kept():
    with store.open() as kept:
        if kept.file.path is not None:
            return not kept.file.path.exists()
        with kept.file.reading() as connection:
            return connection is None


def own(**other):
    known = {"finding_id": "f1", "walk_id": "", "observed_date": "2026-03-01", "kind": "brist"}
    known |= {"category": "belysning", "description": "Släckt lampa", "x": 376_740, "y": 6_399_899}
    return known | other


ODK_FILE = (ODK, ODK_WALK)


def test_the_form_is_a_workbook_that_can_be_read(run, tmp_path):
    out = tmp_path / "formulär.xlsx"
    assert run("form", "--out", out) == (
        0,
        f"{out}: formulär för ODK Collect, KoboToolbox och QField.\n",
        "",
    )
    book = openpyxl.load_workbook(out)
    assert {"survey", "choices", "settings"} <= set(book.sheetnames)
    names = [cell.value for cell in book["survey"]["B"]]
    assert {"record", "location", "category", "description"} <= set(names)
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize("name", ["f.xls", "f", "f.csv"])
def test_another_kind_of_form_is_told(run, tmp_path, name):
    code, out, err = run("form", "--out", tmp_path / name)
    assert (code, out) == (1, "")
    assert err == f"--out: .xlsx väntades, fick '{name}'.\n"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_told(run, tmp_path):
    code, _, err = run("form", "--out", tmp_path / "borta" / "f.xlsx")
    assert (code, err.startswith("Filen kunde inte läsas eller skrivas")) == (2, True)


COUNTS = (
    "Fynd: 1 nya, 0 ändrade, 0 lika, 0 ändrade även här (orörda), 0 borttagna här.\n"
    "Vandringar: 1 nya, 0 ändrade, 0 lika, 0 ändrade även här (orörda), 0 borttagna här.\n"
)


def test_an_export_is_shown_and_then_read_in(run, write, kept_in):
    path = write(*ODK_FILE, name="runda.csv")
    assert run("import", path, "--dry-run") == (
        0,
        f"{COUNTS}Provläsning: ingenting skrevs.\n",
        "",
    )
    assert nothing_kept()
    code, told, _ = run("import", path, "--by", "Åsa")
    assert (code, told) == (
        0,
        f"{COUNTS}Inläst som import 1. Ångra med: python -m geo walks undo 1\n",
    )
    findings, walks = all_kept()
    assert findings.index.tolist() == [IDS[0]]
    found = findings.iloc[0]
    assert found["description"] == "Släckt lampa; mörkt, vid bron"
    assert (found["walk_id"], found["status"], found["light"]) == (WALK_ID, "noted", "mörker")
    assert found["source"] == "filen runda.csv"
    assert found.geometry.distance(Point(*crs.metres(*NORRBY))) < 0.1
    assert walks.loc[WALK_ID, ["place", "start_time", "n_participants"]].tolist() == [
        *("Norrby", "18:30", 14)
    ]
    with store.open() as kept:
        assert kept.audit(IDS[0])["made_by"].tolist() == ["Åsa"]


def test_the_same_file_again_is_nothing_new_and_a_changed_row_is_a_change(run, write, kept_in):
    path = write(*ODK_FILE, name="runda.csv")
    run("import", path)
    code, told, _ = run("import", path)
    assert code == 0
    assert "Fynd: 0 nya, 0 ändrade, 1 lika" in told
    assert told.endswith("runda.csv: inget nytt, inget ändrades.\n")

    path = write(ODK | {"description": "Två lampor"}, ODK_WALK, name="runda.csv")
    code, told, _ = run("import", path, "--dry-run")
    assert "Fynd: 0 nya, 1 ändrade, 0 lika" in told
    assert all_kept()[0].at[IDS[0], "description"] == "Släckt lampa; mörkt, vid bron"
    code, told, _ = run("import", path)
    assert (code, "Inläst som import 2." in told) == (0, True)
    assert all_kept()[0].at[IDS[0], "description"] == "Två lampor"


def test_a_file_is_undone_and_may_be_read_in_again(run, write, kept_in):
    run("import", write(*ODK_FILE))
    path = write(ODK | {"KEY": IDS[2]}, name="kväll.csv")
    assert "Inläst som import 2." in run("import", path)[1]
    assert run("undo", 2)[:2] == (0, "Import 2 är ångrad. Borttagna rader: 1.\n")
    findings, walks = all_kept()
    assert (findings.index.tolist(), walks.index.tolist()) == ([IDS[0]], [WALK_ID])
    code, _, err = run("undo", 2)
    assert (code, "Import 2 är redan ångrad" in err) == (1, True)
    assert run("undo", 9)[0] == 1
    assert "Inläst som import 3." in run("import", path)[1]
    assert all_kept()[0].index.tolist() == [IDS[0], IDS[2]]


def test_no_phone_and_no_person_of_an_export_is_kept(run, write, tmp_path):
    code, told, _ = run("import", write(*ODK_FILE))
    assert code == 0
    for secret in ("Nilsson", "hemlig"):
        assert secret not in told
        assert secret.encode() not in (tmp_path / "lagesbild.sqlite").read_bytes()


FORMS = {
    "ODK": lambda write, _: write(*ODK_FILE),
    "Excel": lambda write, _: write(*ODK_FILE, name="export.xlsx"),
    "Kobo": lambda write, _: write(KOBO, KOBO_WALK, sep=";"),
    "GeoJSON": lambda _, tmp_path: layer(
        tmp_path, "e.geojson", {n: v for n, v in ODK.items() if "location" not in n}, ODK_WALK
    ),
    "GeoPackage": lambda _, tmp_path: layer(
        tmp_path, "e.gpkg", {n: v for n, v in ODK.items() if "location" not in n}, ODK_WALK
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_tool_of_the_field_says_the_same(form, run, write, tmp_path, kept_in):
    path = FORMS[form](write, tmp_path)
    before = set(tmp_path.iterdir())
    code, told, err = run("import", path, "--dry-run")
    assert code == 0, told + err
    assert told.startswith("Fynd: 1 nya, 0 ändrade")
    assert nothing_kept()
    assert set(tmp_path.iterdir()) == before
    code, told, _ = run("import", path)
    assert (code, "Vandringar: 1 nya" in told) == (0, True)
    findings, walks = all_kept()
    assert findings.index.tolist() == [IDS[0]]
    assert findings["category"].tolist() == ["belysning"]
    assert findings["description"].tolist() == ["Släckt lampa; mörkt, vid bron"]
    assert findings.geometry.iloc[0].distance(Point(*crs.metres(*NORRBY))) < 0.1
    assert walks.index.tolist() == [WALK_ID]
    assert run("import", path)[1].endswith(f"{path.name}: inget nytt, inget ändrades.\n")


def test_a_finding_of_a_shipped_walk_takes_the_walk_in(run, write, kept_in):
    path = write(own(walk_id=HULTA))
    code, told, err = run("import", path, "--dry-run")
    assert code == 0, err
    assert told.startswith("Fynd: 1 nya")
    assert nothing_kept()
    assert run("import", path)[0] == 0
    findings, walks = all_kept()
    assert walks.index.tolist() == [HULTA]
    assert walks.at[HULTA, "source"] == read.walks()[0].at[HULTA, "source"]
    assert findings["walk_id"].tolist() == [HULTA]
    assert run("import", path)[1].endswith("inget nytt, inget ändrades.\n")
    assert run("undo", 1)[0] == 0
    assert all_kept()[1].index.tolist() == [HULTA]
    again = write(own(walk_id=HULTA, finding_id="f2"), name="igen.csv")
    assert "Vandringar: 0 nya" in run("import", again)[1]


def test_a_file_with_its_own_row_of_a_shipped_walk_goes_before_it(run, write):
    about = {"walk_date": "2017-10-30", "walk_id": HULTA, "network_id": "on-hulta"}
    path = write(ODK | about, ODK_WALK | about | {"place": "Hulta torg"})
    assert "Vandringar: 1 nya" in run("import", path)[1]
    findings, walks = all_kept()
    assert walks["place"].to_dict() == {HULTA: "Hulta torg"}
    assert findings["walk_id"].tolist() == [HULTA]


def test_a_strange_walk_is_told_and_no_other_is_taken_in(run, write):
    path = write(own(walk_id=HULTA), own(finding_id="f2", walk_id="tv-okand"))
    for more in (["--dry-run"], []):
        code, _, err = run("import", path, *more)
        assert (code, err) == (
            1,
            "Vandringen tv-okand finns inte. Registrera den först (samma dag och nätverk), läs in "
            "filen som har den, eller lämna vandringen tom.\n",
        )
        assert nothing_kept()


def test_faulty_rows_are_told_and_nothing_is_written(run, write, kept_in):
    path = write(
        own(),
        own(finding_id="f2", category="rymden"),
        own(finding_id="f3", observed_date="2026-02-30"),
    )
    code, told, err = run("import", path)
    assert (code, err) == (1, "")
    assert "FEL rad 3, category: Okänd kategori. Skriv något av: " in told
    assert "FEL rad 4, observed_date: observed_date: den dagen finns inte i kalendern." in told
    assert told.endswith("export.csv: ingenting lästes in. Rätta felen och kör om.\n")
    assert nothing_kept()


def test_what_is_edited_here_is_left_alone_and_told(run, write):
    path = write(own())
    run("import", path)
    with store.open() as kept:
        kept.change_finding("f1", {"description": "Rättad här"}, 1, "Bo")
    path = write(own(description="Ändrad i filen"))
    code, told, _ = run("import", path)
    assert (code, "1 ändrade även här (orörda)" in told.splitlines()[0]) == (0, True)
    assert all_kept()[0]["description"].tolist() == ["Rättad här"]


UNREADABLE = {
    "missing": (lambda path: None, "Filen e.csv finns inte. Kontrollera sökvägen."),
    "empty": (lambda path: path.write_bytes(b""), "e.csv är tom. Exportera den på nytt."),
    "a folder": (lambda path: path.mkdir(), "e.csv är en mapp."),
    "no text": (lambda path: path.write_bytes(b"\x00\x01"), "e.csv innehåller NUL-tecken"),
}


@pytest.mark.parametrize(("make", "sentence"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_exit_2(run, tmp_path, make, sentence):
    make(tmp_path / "e.csv")
    code, out, err = run("import", tmp_path / "e.csv")
    assert (code, out) == (2, "")
    assert sentence in err
    assert nothing_kept()


def test_a_layer_without_a_crs_is_told(run, tmp_path):
    frame = gpd.GeoDataFrame([own()], geometry=[Point(376_740, 6_399_899)])
    with pytest.warns(UserWarning, match="'crs' was not provided"):
        frame.to_file(tmp_path / "e.gpkg")
    code, _, err = run("import", tmp_path / "e.gpkg")
    assert (code, "koordinatsystem" in err) == (1, True)


def gpx(tmp_path, *places, name="rutt.gpx"):
    points = "".join(f'<trkpt lat="{lat}" lon="{lon}"/>' for lat, lon in places)
    path = tmp_path / name
    path.write_text(f"<gpx><trk><trkseg>{points}</trkseg></trk></gpx>")
    return path


WAY = ((57.72, 12.94), (57.73, 12.94))


def test_a_route_is_measured_then_kept_on_a_shipped_walk(run, tmp_path, kept_in):
    path = gpx(tmp_path, *WAY)
    assert run("route", HULTA, path, "--dry-run") == (
        0,
        "rutt.gpx: 1,11 km.\nProvläsning: ingenting skrevs.\n",
        "",
    )
    assert nothing_kept()
    assert run("route", HULTA, path, "--by", "Åsa") == (
        0,
        f"rutt.gpx: 1,11 km.\nRutten är sparad på {HULTA}.\n",
        "",
    )
    walks = all_kept()[1]
    assert walks.index.tolist() == [HULTA]
    assert walks.geometry.iloc[0].length == pytest.approx(1_113.5, abs=1)
    assert walks.at[HULTA, "place"] == "Hulta"
    code, told, _ = run("route", HULTA, path, "--trim", 100)
    assert (code, told.splitlines()[0]) == (0, "rutt.gpx: 0,91 km.")
    walks = all_kept()[1]
    assert walks.geometry.iloc[0].length == pytest.approx(913.5, abs=1)
    with store.open() as kept:
        assert kept.audit(HULTA)["made_by"].tolist()[:2] == ["registret", "Åsa"]


def test_a_route_on_a_walk_of_the_field(run, write, tmp_path):
    run("import", write(*ODK_FILE))
    assert run("route", WALK_ID, gpx(tmp_path, *WAY))[0] == 0
    assert shapely.is_valid(all_kept()[1].geometry.iloc[0])


@pytest.mark.parametrize("more", [["--dry-run"], []])
def test_an_unknown_walk_is_told(run, tmp_path, more):
    code, out, err = run("route", "tv-okand", gpx(tmp_path, *WAY), *more)
    assert (code, out) == (1, "")
    assert err.startswith("Vandringen 'tv-okand' finns inte. Skriv till exempel tv-20")
    assert err.endswith("tv-2022-11-23-hassleholmen.\n")
    assert nothing_kept()


def test_a_made_up_walk_has_no_route_to_save(run, tmp_path):
    walk_id = read.demo_walks()[0].index[0]
    code, _, err = run("route", walk_id, gpx(tmp_path, *WAY))
    assert (code, f"Vandringen {walk_id!r} finns inte." in err) == (1, True)


def test_a_walk_that_was_removed_here_is_told_as_unknown(run, tmp_path):
    run("route", HULTA, gpx(tmp_path, *WAY))
    with store.open() as kept:
        kept.remove_walk(HULTA, 2, "Bo", "dubblett")
    code, _, err = run("route", HULTA, gpx(tmp_path, *WAY))
    assert (code, f"Vandringen {HULTA!r} finns inte." in err) == (1, True)


ROUTES = {
    "no track": ((), 2, "r.gpx har inget spår med minst två olika punkter"),
    "one point": (WAY[:1], 2, "r.gpx har inget spår med minst två olika punkter"),
    "elsewhere": (
        ((59.33, 18.06), (59.34, 18.06)),
        1,
        "r.gpx: vägen ligger helt utanför kommunen. Kontrollera att det är rätt fil.",
    ),
}


@pytest.mark.parametrize(("places", "code", "sentence"), ROUTES.values(), ids=ROUTES)
def test_what_is_no_route_here_is_told(run, tmp_path, places, code, sentence):
    found, out, err = run("route", HULTA, gpx(tmp_path, *places, name="r.gpx"))
    assert (found, out) == (code, "")
    assert sentence in err
    assert nothing_kept()


def test_a_file_with_neither_track_nor_route_is_told(run, tmp_path):
    (tmp_path / "r.gpx").write_text('<gpx><wpt lat="57.72" lon="12.94"/></gpx>')
    code, _, err = run("route", HULTA, tmp_path / "r.gpx")
    assert (code, "r.gpx har varken spår (track) eller rutt (route)." in err) == (2, True)


def test_too_much_cut_off_is_told(run, tmp_path):
    code, _, err = run("route", HULTA, gpx(tmp_path, *WAY), "--trim", 900)
    assert (code, "vägen är kortare än de 900 meter" in err) == (1, True)


def test_each_network_is_shown_with_the_mark_of_what_is_made_up(run, areas):
    code, told, _ = run("show")
    first, *lines = told.splitlines()
    assert code == 0
    assert first == f"* {DEMO_MARK}"
    assert len(lines) == len(areas) == 20
    assert [line for line in lines if re.search(r"[0-9] fynd(?!\*)", line)] == []
    assert "Brämhult (on-bramhult): ej vandrat, 0 vandringar." in lines
    assert nothing_kept()


def test_one_area_is_shown_as_text_and_as_json(run, write):
    _, line = run("show", "on-norrby")[1].splitlines()
    found = re.fullmatch(
        r"Norrby \(on-norrby\): vandrat, noterat, (\d+) vandringar, (\d+) fynd\*, (\d+) väntar, "
        r"(\d+) avslutade\.",
        line,
    )
    answer = json.loads(run("show", "on-norrby", "--json")[1])
    assert answer["is_demo"] is True
    assert list(answer["areas"]) == ["on-norrby"]
    row = answer["areas"]["on-norrby"]
    names = ("n_walks", "n_findings", "n_open", "n_closed")
    assert [int(row[name]) for name in names] == [*map(int, found.groups())]
    assert row["n_findings"] == row["n_brist"] + row["n_bra"] > 0
    assert row["n_open"] + row["n_closed"] == row["n_brist"]
    assert json.loads(run("show", "1490R001", "--json")[1])["areas"]["1490R001"]["state"]


def test_an_area_that_nobody_walked_has_no_numbers(run):
    row = json.loads(run("show", "on-bramhult", "--json")[1])["areas"]["on-bramhult"]
    assert (row["state"], row["n_walks"], row["n_findings"]) == ("not_walked", 0, None)


def test_an_unknown_area_is_told(run):
    code, out, err = run("show", "on-borta")
    assert (code, out) == (1, "")
    assert err == "'on-borta' finns inte. Skriv till exempel on-norrby.\n"


def test_the_mark_is_gone_when_something_real_is_kept(run, write, kept_in):
    run("import", write(own(walk_id=HULTA)))
    code, told, _ = run("show")
    assert code == 0
    assert DEMO_MARK not in told
    assert "*" not in told
    real = read.walks()[0]
    n_walks = (real["network_id"] == "on-norrby").sum() - 1  # one stands on two rows
    assert f"Norrby (on-norrby): vandrat, noterat, {n_walks} vandringar, 1 fynd, 1 väntar" in told
    assert "Hulta (on-hulta): vandrat, inget noterat, 1 vandring, 0 fynd, 0 väntar" in told
    answer = json.loads(run("show", "--json")[1])
    assert answer["is_demo"] is False
    assert len(answer["areas"]) == 20
    assert answer["areas"]["on-norrby"]["n_findings"] == 1
    assert SYNTHETIC not in json.dumps(answer)


def test_a_removed_finding_brings_the_mark_back(run, write):
    run("import", write(own()))
    assert DEMO_MARK not in run("show", "on-norrby")[1]
    run("undo", 1)
    assert DEMO_MARK in run("show", "on-norrby")[1]


@pytest.mark.parametrize(
    "arguments", [[], ["import"], ["undo", "ett"], ["route", HULTA], ["form"], ["vet-ej"]]
)
def test_a_wrong_call_is_exit_2(run, arguments, capsys):
    with pytest.raises(SystemExit, match="2"):
        run(*arguments)
    assert "Kommandot kunde inte tolkas" in capsys.readouterr().err


def test_a_store_that_cannot_be_read_is_told(run, write, tmp_path, monkeypatch):
    (tmp_path / "trasig.sqlite").write_bytes(b"ingen databas" * 100)
    monkeypatch.setenv("LAGESBILD_STORE", str(tmp_path / "trasig.sqlite"))
    path = write(own())
    for call in (["show"], ["import", path], ["undo", "1"]):
        code, _, err = run(*call)
        assert (code, "trasig.sqlite är skadad" in err) == (1, True)


FINDINGS = (
    "finding_id,walk_id,observed_date,light,kind,category,description,status,owner,due_date,"
    "done_date,verified_date,x,y\n"
)


def check(capsys, path, *more):
    code = main(["check", str(path), *more])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_the_columns_of_the_contract_alone_pass(tmp_path, capsys):
    path = tmp_path / "fynd.csv"
    rows = [
        "f1,w1,2026-02-01,mörker,brist,belysning,Mörkt,verifierad,AB Bostäder,2026-05-01,"
        "2026-02-10,2026-02-20,376740,6399899",
        "f2,,2026-02-01,,bra,motesplats,,,,,,,376741,6399899",
    ]
    path.write_text(FINDINGS + "\n".join(rows), encoding="utf-8")
    assert check(capsys, path, "--as", "findings") == (
        0,
        "fynd.csv: 2 rader kan användas, 0 anmärkningar.\n",
        "",
    )
    assert json.loads(check(capsys, path, "--as", "findings", "--json")[1]) == []
    found, _ = read.findings(path)
    assert found["status"].tolist() == ["verified", "noted"]
    assert np.isfinite(found.geometry.x).all()


def test_faults_of_findings_are_told_by_row_and_column(tmp_path, capsys):
    path = tmp_path / "fynd.csv"
    path.write_text(FINDINGS + "f1,,2026-02-01,,brist,belysning,,klar,,,,,376740,6399899\n")
    code, told, _ = check(capsys, path, "--as", "findings")
    assert code == 1
    assert "FEL rad 2, owner: Status hoppar över ansvarig. Ange vem som äger" in told
    assert "FEL rad 2, done_date: Datum då det blev åtgärdat saknas. Fyll i det." in told
    assert told.endswith("fynd.csv: 0 rader kan användas, 2 anmärkningar.\n")
    code, told, _ = check(capsys, path, "--as", "findings", "--json")
    issues = json.loads(told)
    assert (code, {issue["column"] for issue in issues}) == (1, {"owner", "done_date"})
    assert {issue["severity"] for issue in issues} == {"error"}
    assert {issue["dataset"] for issue in issues} == {"findings"}


def test_walks_are_checked_as_well(tmp_path, capsys):
    path = tmp_path / "w.csv"
    head = "walk_id,date,network_id,place,n_participants\n"
    path.write_text(head + "w1,2026-03-01,on-norrby,Norrby,25\n")
    code, told, _ = check(capsys, path, "--as", "walks")
    assert (code, "obs rad 2, n_participants: Fler än 20 deltagare" in told) == (0, True)
    path.write_text(head + "w1,2026-03-01,norrby,Norrby,\n")
    code, told, _ = check(capsys, path, "--as", "walks")
    assert (code, "FEL rad 2, network_id: network_id: id:t har inte den form" in told) == (1, True)
    path.write_text(head.replace("walk_id", "vandring"))
    assert check(capsys, path, "--as", "walks")[0] == 1
    for kind in ("findings", "walks"):
        code, _, err = check(capsys, tmp_path / "borta.csv", "--as", kind)
        assert (code, err) == (2, "Filen borta.csv finns inte. Kontrollera sökvägen.\n")
