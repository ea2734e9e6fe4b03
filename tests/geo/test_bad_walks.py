"""Bad files of walks, through `walks import` and `walks route`: a sentence, never half a file."""

import csv
import io
import json
import struct
import zipfile

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa
from shapely import Point, box

from geo import crs, fieldwork, findings, kinds, read, store
from geo.__main__ import main
from geo.store.tables import ALL

EAST, NORTH = 376_740, 6_399_899  # in Norrby
SQL = "'); DROP TABLE findings; --"
SCRIPT = "<script>alert('x')</script><img src=x onerror=alert(1)>"
SECRETS = {
    "personnummer": "640823-3234",
    "telefon": "070-174 06 05",
    "e-post": "anna.b@example.se",
    "registreringsskylt": "ABC123",
    "bostadsadress": "Skolgatan 941",
}
ROW = {
    "finding_id": "f1",
    "walk_id": "",
    "observed_date": "2026-03-01",
    "light": "mörker",
    "kind": "brist",
    "category": "belysning",
    "description": "Släckt lampa vid bron",
    "status": "",
    "owner": "",
    "answer": "",
    "due_date": "",
    "answered_date": "",
    "done_date": "",
    "verified_date": "",
    "action": "",
    "place": "",
    "base_area_id": "",
    "source": "prov",
    "x": str(EAST),
    "y": str(NORTH),
}
OTHER = {"finding_id": "f2", "description": "Något annat"}
DONE = {"status": "åtgärdad", "owner": "AB Bostäder", "done_date": "2026-03-05"}
WALK = {"walk_id": "w1", "date": "2026-03-01", "network_id": "on-norrby", "place": "Norrby"}
WALK |= {"note": "", "source": "prov", "organisers": "Polisen", "start_time": "", "route": ""}


def rows(*changes, base=ROW):
    """Write a CSV of good rows, each with some cells that are not."""

    def write(path):
        text = io.StringIO()
        table = csv.DictWriter(text, list(base))
        table.writeheader()
        table.writerows(base | change for change in changes)
        path.write_bytes(text.getvalue().encode("utf-8", "surrogatepass"))

    return write


def features(*changes, point=(12.9304, 57.7243)):
    """Write a GeoJSON of good rows, each with some properties that are not."""
    bare = {name: cell for name, cell in ROW.items() if name not in "xy"}

    def write(path):
        geometry = {"type": "Point", "coordinates": point}
        made = [
            {"type": "Feature", "properties": bare | change, "geometry": geometry}
            for change in changes
        ]
        path.write_text(json.dumps({"type": "FeatureCollection", "features": made}))

    return write


def raw(content):
    return lambda path: path.write_bytes(content)


def bomb(path):
    """Write a workbook of 200 kB that holds 210 MB of rows."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        with packed.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(21):
                part.write(bytes(10_000_000))


def lying_bomb(path):
    """Write the same, but let its list of contents say 1 000 bytes."""
    bomb(path)
    data = bytearray(path.read_bytes())
    at = data.rfind(b"PK\x01\x02")  # the last row of the list: the sheet
    data[at + 24 : at + 28] = struct.pack("<I", 1_000)
    path.write_bytes(data)


def entities(path):
    """Write a workbook whose sheet is a few entities of entities."""
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    sheet = (
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "lol">{lines}]><worksheet>&e9;</worksheet>'
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", sheet)
        packed.writestr("xl/workbook.xml", sheet)
        packed.writestr("xl/worksheets/sheet1.xml", sheet)


# name of the case: file, how it is written, what is told, how it begins (FEL or obs)
WARNED = {
    "outside the municipality": (
        "f.csv",
        rows({"x": "674000", "y": "6580000"}),
        "obs rad 2, x: Punkten är utanför alla basområden och räknas inte till något. Kontrollera",
    ),
    "outside, in degrees": (
        "f.geojson",
        features({}, point=(18.06, 59.33)),
        "obs rad 1, x: Punkten är utanför alla basområden",
    ),
    "the same content twice": (
        "f.csv",
        rows({}, {"finding_id": "f2"}),
        "obs rad 3, description: Liknar rad 2: samma vandring, dag, slag, kategori, text och plats",
    ),
    "an owner that is not known": (
        "f.csv",
        rows({"status": "bedömd", "owner": "Kommunen"}),
        "obs rad 2, owner: Ansvarig finns inte i registret. Skriv en organisation, aldrig en",
    ),
}
FAULTY = {
    "east and north swapped": (
        "f.csv",
        rows({"x": str(NORTH), "y": str(EAST)}, OTHER),
        "FEL rad 2, x: Koordinaterna har bytt plats (norr och öster): första talet ska vara öst",
    ),
    "latitude and longitude swapped": (
        "f.csv",
        rows({"x": "57.7243", "y": "12.9304"}, OTHER),
        "FEL rad 2, x: Koordinaterna har bytt plats (latitud och longitud)",
    ),
    "latitude and longitude swapped in a layer": (
        "f.geojson",
        features({}, point=(57.7243, 12.9304)),
        "FEL rad 1, x: Koordinaterna har bytt plats (latitud och longitud)",
    ),
    "nowhere": (
        "f.csv",
        rows({"x": "0", "y": "0"}, OTHER),
        "FEL rad 2, x: Koordinaterna ligger utanför Sverige",
    ),
    "half a place": (
        "f.csv",
        rows({"y": ""}, OTHER),
        "FEL rad 2, y: y saknas fast den andra koordinaten finns. Skriv båda, eller ingen.",
    ),
    "no place": ("f.csv", rows({"x": "", "y": ""}), "FEL rad 2, x: Läge saknas"),
    "a place that is no number": (
        "f.csv",
        rows({"x": "bakom skolan"}),
        "FEL rad 2, x: x: ett tal väntades",
    ),
    "a date in the future": (
        "f.csv",
        rows({"observed_date": "2099-01-01"}, OTHER),
        "FEL rad 2, observed_date: Noterat: datumet 2099-01-01 ligger i framtiden. Rätta det.",
    ),
    "before 1990": (
        "f.csv",
        rows({"observed_date": "1989-12-31"}, OTHER),
        "FEL rad 2, observed_date: observed_date: minst 1990 väntades.",
    ),
    "a day that is not in the calendar": (
        "f.csv",
        rows({"observed_date": "2026-02-30"}),
        "FEL rad 2, observed_date: observed_date: den dagen finns inte i kalendern.",
    ),
    "done before it was noted": (
        "f.csv",
        rows(DONE | {"done_date": "2026-02-28"}, OTHER),
        "FEL rad 2, done_date: Åtgärdat (2026-02-28) före noterat (2026-03-01). Rätta datumen.",
    ),
    "a status that skips the owner": (
        "f.csv",
        rows(DONE | {"owner": ""}, OTHER),
        "FEL rad 2, owner: Status hoppar över ansvarig. Ange vem som äger frågan först.",
    ),
    "a no without a reason": (
        "f.csv",
        rows({"status": "avslagen", "owner": "Polisen"}),
        "FEL rad 2, answer: Ett nej ska ha ett skäl. Skriv varför i svaret.",
    ),
    "an unknown status": (
        "f.csv",
        rows({"status": "kanske"}),
        "FEL rad 2, status: Okänd status. Skriv något av: noterad, ansvarig utsedd, besvarad",
    ),
    "the same id twice": (
        "f.csv",
        rows({}, OTHER | {"finding_id": "f1"}),
        "FEL rad 3, finding_id: finding_id finns redan på rad 2. Behåll en av raderna.",
    ),
    "5 MB of text in a layer": (
        "f.geojson",
        features({"description": "a" * 5_000_000}, OTHER),
        "FEL rad 1, description: Texten är 5 000 000 tecken; gränsen är 2 000. Korta den",
    ),
    "a walk of another network": (
        "w.csv",
        rows({"network_id": "on-borta"}, base=WALK),
        "FEL rad 2, network_id: Nätverket finns inte i registret.",
    ),
    "a route that is no line": (
        "w.csv",
        rows({"route": "POINT (376740 6399899)"}, base=WALK),
        "FEL rad 2, route: Vägen är ingen linje.",
    ),
    "a walk that ends before it begins": (
        "w.csv",
        lambda path: path.write_text(
            "walk_id,date,network_id,place,start_time,end_time\n"
            "w1,2026-03-01,on-norrby,Norrby,20:00,18:30\n"
        ),
        "FEL rad 2, end_time: Slutet (18:30) ligger före början (20:00). Rätta klockslagen.",
    ),
}
UNREADABLE = {
    "5 MB of text in a cell": ("f.csv", rows({"description": "a" * 5_000_000}), "f.csv kan inte"),
    "NUL in a CSV": (
        "f.csv",
        rows({"description": "Mörkt\x00 här"}),
        "f.csv innehåller NUL-tecken och är inte en textfil. Exportera den på nytt.",
    ),
    "half a character in a layer": (
        "f.geojson",
        features({"description": "Mörkt \ud83e"}),
        "f.geojson har trasiga tecken i en text. Exportera om filen",
    ),
    "a zip bomb": (
        "f.xlsx",
        bomb,
        "f.xlsx är 210 MB uppackad; gränsen är 200 MB. Ta bort tomma formaterade rader.",
    ),
    "a zip bomb that says it is small": (
        "f.xlsx",
        lying_bomb,
        "f.xlsx är ingen läsbar Excelfil. Öppna den i Excel och spara om som .xlsx.",
    ),
    "entities of entities": ("f.xlsx", entities, "f.xlsx är ingen läsbar Excelfil."),
    "a PDF": ("f.pdf", raw(b"%PDF-1.7\n"), "f.pdf: filer av typen .pdf kan inte läsas här."),
    "a picture named as a table": (
        "f.xlsx",
        raw(b"\x89PNG\r\n\x1a\n"),
        "f.xlsx är ingen läsbar Excelfil.",
    ),
    "text named as a layer": (
        "f.gpkg",
        raw(b"finding_id,x,y\n"),
        "f.gpkg kan inte läsas som .gpkg",
    ),
    "no JSON": ("f.geojson", raw(b"{"), "f.geojson är inte giltig JSON. Exportera om filen"),
}


@pytest.fixture
def run(capsys):
    def call(*arguments):
        code = main(["walks", *map(str, arguments)])
        told = capsys.readouterr()
        assert "Traceback" not in told.out + told.err
        return code, told.out, told.err

    return call


def kept_rows():
    with store.open() as kept:
        return kept.findings(), kept.walks()


def written(tmp_path):
    """Return every byte that the store has written, wherever."""
    paths = tmp_path.glob("lagesbild.sqlite*")
    return b"".join(path.read_bytes() for path in paths)


@pytest.mark.parametrize(("name", "write", "sentence"), WARNED.values(), ids=WARNED)
def test_what_is_odd_is_told_and_kept(name, write, sentence, run, tmp_path):
    write(tmp_path / name)
    code, told, _ = run("import", tmp_path / name)
    assert code == 0
    assert sentence in told
    assert told.splitlines()[-1].startswith("Inläst som import 1.")
    assert len(kept_rows()[0]) > 0


@pytest.mark.parametrize(("name", "write", "sentence"), FAULTY.values(), ids=FAULTY)
def test_a_fault_is_told_by_its_row_and_nothing_is_written(name, write, sentence, run, tmp_path):
    write(tmp_path / name)
    code, told, err = run("import", tmp_path / name)
    assert (code, err) == (1, "")
    assert sentence in told
    assert told.count("FEL ") == 1
    assert told.endswith(f"{name}: ingenting lästes in. Rätta felen och kör om.\n")
    assert max(map(len, told.splitlines())) < 400
    assert written(tmp_path) == b""


@pytest.mark.parametrize(("name", "write", "sentence"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_a_sentence_and_nothing_is_written(
    name, write, sentence, run, tmp_path
):
    write(tmp_path / name)
    code, out, err = run("import", tmp_path / name)
    assert (code, out) == (2, "")
    assert sentence in err
    assert len(err) < 400
    assert written(tmp_path) == b""


def test_a_bomb_is_not_unpacked(tmp_path):
    bomb(tmp_path / "f.xlsx")
    assert (tmp_path / "f.xlsx").stat().st_size < 1_000_000


def test_a_point_outside_is_kept_flagged_and_given_to_no_area(run, tmp_path, areas, base_areas):
    rows({"x": "674000", "y": "6580000"}, OTHER)(tmp_path / "f.csv")
    assert run("import", tmp_path / "f.csv")[0] == 0
    table, walks = kept_rows()
    assert (table.geometry["f1"].x, table.geometry["f1"].y) == (674_000, 6_580_000)
    flags = fieldwork.flags(table, base_areas, walks)
    assert flags[["finding_id", "flag"]].values.tolist() == [["f1", "outside"]]
    for asked in (areas, base_areas):
        found = findings.pairs(table, asked)
        assert set(found["finding_id"]) == {"f2"}
        assert table.index[~table.index.isin(found["finding_id"])].tolist() == ["f1"]
    today = pd.Timestamp("2026-04-01")
    assert findings.total(table, today)["n_findings"] == 2


def test_a_point_in_the_lake_is_kept_and_flagged_where_the_lake_is_known(run, tmp_path, base_areas):
    lake = box(EAST - 50, NORTH - 50, EAST + 50, NORTH + 50)
    path = tmp_path / "water.geojson"
    gpd.GeoDataFrame(geometry=[lake], crs=crs.METRIC).to_crs(4326).to_file(path)
    rows({}, OTHER | {"x": str(EAST + 60)})(tmp_path / "f.csv")
    code, told, _ = run("import", tmp_path / "f.csv")
    assert (code, "obs" in told) == (0, False)
    table, walks = kept_rows()
    assert table.index.tolist() == ["f1", "f2"]
    flags = fieldwork.flags(table, base_areas, walks, read.water(path))
    assert flags[["finding_id", "flag"]].values.tolist() == [["f1", "in_water"]]
    assert fieldwork.flags(table, base_areas, walks, read.water(tmp_path / "x.gpkg")).empty


# What a person writes, and how it is kept: cleaned of what nobody sees, else as it is.
TEXTS = {
    "emoji": ("🦉 Släckt 👩‍👧 🇸🇪", "🦉 Släckt 👩‍👧 🇸🇪"),
    "right to left": ("Mörkt\u202e \u200fvid\u2069 \u061cbron", "Mörkt vid bron"),
    "arabic": ("مظلم هنا", "مظلم هنا"),
    "control signs": ("Mörkt\x07 \x1b[31mvid\x7f bron\u0085x", "Mörkt [31mvid bron\nx"),
    "decomposed": ("Mo\u0308rkt vid a\u030an", "Mörkt vid ån"),
    "script": (SCRIPT, SCRIPT),
    "sql": (SQL, SQL),
    "formula": ("=HYPERLINK(0)", "=HYPERLINK(0)"),
    "template": ("{{7*7}} ${x} %s #{y}", "{{7*7}} ${x} %s #{y}"),
    "quotes": ("\"a\", 'b'; c\\", "\"a\", 'b'; c\\"),
    "lines": ("Rad ett\r\nRad två\tslut", "Rad ett\nRad två slut"),
}


@pytest.fixture
def both(store_url, monkeypatch):
    """Both kinds of database in turn, as the store of the commands."""
    monkeypatch.setenv("LAGESBILD_STORE", store_url)


def test_texts_are_read_back_as_they_were_written(run, tmp_path, both):
    names = [f"f{number}" for number in range(len(TEXTS))]
    texts = [
        {"finding_id": name, "description": text, "place": text}
        for name, (text, _) in zip(names, TEXTS.values(), strict=True)
    ]
    rows(*texts)(tmp_path / "f.csv")
    code, told, _ = run("import", tmp_path / "f.csv")
    assert code == 0, told
    found = kept_rows()[0].loc[names]
    for column in ("description", "place"):
        assert dict(zip(TEXTS, found[column], strict=True)) == {
            case: kept for case, (_, kept) in TEXTS.items()
        }
    assert run("import", tmp_path / "f.csv")[1].endswith("inget nytt, inget ändrades.\n")


def test_nul_in_a_layer_is_left_out(run, tmp_path, both):
    features({"description": "Mörkt\x00 här", "owner": "Polisen\x00"})(tmp_path / "f.geojson")
    assert run("import", tmp_path / "f.geojson")[0] == 0
    assert kept_rows()[0].loc["f1", ["description", "owner"]].tolist() == ["Mörkt här", "Polisen"]


def the_tables():
    with store.open() as kept, kept.file.engine.connect() as connection:
        return {table.name for table in ALL} <= set(sa.inspect(connection).get_table_names())


KEPT = ("description", "owner", "answer", "place", "source")
FREE = ("note", "place", "source", "organisers", "same_as", "assumed")
STATEMENTS = pytest.mark.parametrize("text", [SQL, SCRIPT], ids=["sql", "script"])


def one_in_each(names, text, base):
    """Return a row per column, with the text in that cell alone; and which column it is."""
    key = next(iter(base))
    made = [base | {key: f"n{number}", name: text} for number, name in enumerate(names)]
    return made, {row[key]: name for row, name in zip(made, names, strict=True)}


@STATEMENTS
@pytest.mark.parametrize(
    ("base", "kind", "free"), [(ROW, kinds.FINDINGS, KEPT), (WALK, kinds.WALKS, FREE)]
)
def test_a_statement_in_a_cell_that_is_not_free_is_a_fault(base, kind, free, text, run, tmp_path):
    rows({}, base=base)(tmp_path / "a.csv")
    run("import", tmp_path / "a.csv")
    before = [frame.index.tolist() for frame in kept_rows()]
    names = [column.name for column in kind.columns if column.name not in free]
    made, _ = one_in_each(
        names, text, dict.fromkeys([column.name for column in kind.columns], "") | base
    )
    rows(*made, base=made[0])(tmp_path / "f.csv")
    code, told, _ = run("import", tmp_path / "f.csv")
    assert code == 1
    for line, name in enumerate(names, start=2):
        assert f"FEL rad {line}, {name}: " in told
    assert [frame.index.tolist() for frame in kept_rows()] == before
    assert the_tables()


@STATEMENTS
def test_a_statement_in_a_free_cell_is_text(text, run, tmp_path, both):
    owned = ROW | {"status": "bedömd", "owner": "Polisen"}
    made, columns = one_in_each(KEPT, text, owned)
    rows(*made)(tmp_path / "f.csv")
    assert run("import", tmp_path / "f.csv")[0] == 0
    table, _ = kept_rows()
    assert {table.at[row, name] for row, name in columns.items()} == {text}
    made, columns = one_in_each(FREE, text, WALK | {"same_as": "", "assumed": ""})
    rows(*made, base=made[0])(tmp_path / "w.csv")
    assert run("import", tmp_path / "w.csv")[0] == 0
    _, walks = kept_rows()
    for row, name in columns.items():
        cell = walks.at[row, name]
        parts = tuple(part.strip() for part in text.split(";") if part.strip())
        assert cell == (parts if isinstance(cell, tuple) else text)
    assert the_tables()


def test_statements_in_every_cell_at_once_are_text_on_both_databases(run, tmp_path, both):
    cells = dict.fromkeys(KEPT, SQL) | {"status": "avslagen"}
    rows(cells)(tmp_path / "f.csv")
    assert run("import", tmp_path / "f.csv", "--by", SQL)[0] == 0
    found = kept_rows()[0].loc["f1"]
    assert {found[name] for name in KEPT} == {SQL}
    with store.open() as kept:
        assert kept.audit("f1")["made_by"].tolist() == [SQL]
    assert the_tables()
    assert run("undo", 1)[0] == 0
    assert kept_rows()[0].empty


@pytest.mark.parametrize("kind", SECRETS)
def test_personal_data_is_told_by_its_row_and_neither_echoed_nor_kept(kind, run, tmp_path):
    secret = SECRETS[kind]
    made, columns = one_in_each(KEPT, f"Ring {secret} för nyckel", ROW)
    rows(OTHER, *made)(tmp_path / "f.csv")
    for more in (["--dry-run"], []):
        code, told, err = run("import", tmp_path / "f.csv", *more)
        assert (code, err) == (1, "")
        for line, column in enumerate(columns.values(), start=3):
            assert f"FEL rad {line}, {column}: Texten innehåller" in told
        assert secret not in told
    assert written(tmp_path) == b""


@pytest.mark.parametrize("kind", SECRETS)
def test_a_check_as_json_does_not_echo_it_either(kind, tmp_path, capsys):
    rows({"description": f"Ring {SECRETS[kind]} för nyckel"})(tmp_path / "f.csv")
    assert main(["check", str(tmp_path / "f.csv"), "--as", "findings", "--json"]) == 1
    told = capsys.readouterr()
    assert SECRETS[kind] not in told.out + told.err
    [issue] = json.loads(told.out)
    assert (issue["row"], issue["column"], issue["value"]) == (2, "description", "(dold text)")


def test_personal_data_in_a_note_of_a_walk_is_told_alike(run, tmp_path):
    rows({"note": f"Samling hos {SECRETS['bostadsadress']}"}, base=WALK)(tmp_path / "w.csv")
    code, told, _ = run("import", tmp_path / "w.csv")
    assert (code, "FEL rad 2, note: Texten innehåller" in told) == (1, True)
    assert SECRETS["bostadsadress"] not in told
    assert written(tmp_path) == b""


GPX = '<gpx xmlns="http://www.topografix.com/GPX/1/1">{}</gpx>'
LOL = '<!DOCTYPE gpx [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + GPX.format("&b;")
NO_ROUTE = {
    "no track": (GPX.format(""), "r.gpx har varken spår (track) eller rutt (route)."),
    "a track without points": (
        GPX.format("<trk><trkseg/></trk>"),
        "r.gpx har inget spår med minst två olika punkter",
    ),
    "points that are nowhere": (
        GPX.format('<trk><trkseg><trkpt lat="999" lon="x"/><trkpt/></trkseg></trk>'),
        "r.gpx har inget spår med minst två olika punkter",
    ),
    "cut off": (GPX.format("<trk>")[:-10], "r.gpx är ingen läsbar GPX-fil."),
    "another XML": ("<kml/>", "r.gpx är ingen läsbar GPX-fil."),
    "entities": (LOL, "r.gpx har en dokumenttyp (DOCTYPE), som kan gömma annat än ett spår."),
    "empty": ("", "r.gpx är tom."),
    "too large": (GPX.format(" " * 10_000_001), "r.gpx är större än 10 MB."),
}


@pytest.mark.parametrize(("text", "sentence"), NO_ROUTE.values(), ids=NO_ROUTE)
def test_what_is_no_route_is_a_sentence(text, sentence, run, tmp_path):
    (tmp_path / "r.gpx").write_text(text)
    code, out, err = run("route", "tv-2017-10-30-hulta", tmp_path / "r.gpx")
    assert (code, out) == (2, "")
    assert sentence in err
    assert len(err) < 400
    assert written(tmp_path) == b""


def test_a_finding_with_a_place_alone_is_kept_without_a_point(run, tmp_path, base_areas):
    rows({"x": "", "y": "", "place": "Norrby", "base_area_id": "1490R025"})(tmp_path / "f.csv")
    assert run("import", tmp_path / "f.csv")[0] == 0
    table, walks = kept_rows()
    assert table.geometry["f1"] is None
    assert np.isnan(table.at["f1", "x"])
    assert fieldwork.flags(table, base_areas, walks).empty
    assert findings.pairs(table, base_areas)["area_id"].tolist() == ["1490R025"]
    assert Point(EAST, NORTH).within(base_areas.geometry.union_all())
