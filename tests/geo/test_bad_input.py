"""Files as they come from other people: each ends in a Swedish sentence, never in a traceback."""

import json
import random
import warnings
import zipfile

import geopandas as gpd
import openpyxl
import pytest
from shapely import LineString, Polygon, box, force_3d
from shapely.geometry import mapping

from geo import export, read
from geo.__main__ import main
from geo.sources import DATA

A = box(370_000, 6_400_000, 371_000, 6_401_000)
B = box(371_000, 6_400_000, 372_000, 6_401_000)
BOWTIE = Polygon(
    [(370_000, 6_400_000), (371_000, 6_401_000), (371_000, 6_400_000), (370_000, 6_401_000)]
)
OPEN = {"type": "Polygon", "coordinates": [[[12.9, 57.7], [12.91, 57.7], [12.91, 57.71]]]}
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00"
MEMBERS = "network_id,base_area_id,extent,share\n"
WALKS = "walk_id,date,network_id,place\n"
RINGS = "ringen är inte sluten: första och sista punkten ska vara lika"
KM = "Laga den i QGIS"


def text(content, encoding="utf-8"):
    return lambda path: path.write_bytes(content.encode(encoding))


def raw(content):
    return lambda path: path.write_bytes(content)


def layer(*geometries, crs=3006, said=None, ids=None, key="area_id"):
    """Write polygons in one system, saying another if asked; crs None leaves it out."""

    def write(path):
        names = ids or [f"bu-{n}" for n in range(len(geometries))]
        columns = {key: names, "name": names, "layer": "barn_unga"}
        frame = gpd.GeoDataFrame(columns, geometry=list(geometries), crs=3006)
        frame = frame.to_crs(crs) if crs else frame
        frame = (
            frame.set_crs(said if crs else None, allow_override=True) if said or not crs else frame
        )
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "'crs' was not provided")
            frame.to_file(path)

    return write


def geojson(*geometries, **members):
    properties = {"area_id": "bu-a", "name": "A", "layer": "barn_unga"}
    features = [
        {"type": "Feature", "properties": properties | {"area_id": f"bu-{n}"}, "geometry": geometry}
        for n, geometry in enumerate(geometries)
    ]
    collection = {"type": "FeatureCollection", "features": features} | members
    return text(json.dumps(collection))


def swapped(path):
    lat_lon = [[57.7, 12.9], [57.71, 12.9], [57.71, 12.91], [57.7, 12.9]]
    geojson({"type": "Polygon", "coordinates": [lat_lon]})(path)


def merged(path):
    book = openpyxl.Workbook()
    book.active.append(["Möten 2017", None, None])
    book.active.append(["meeting_id", "date", "network_id"])
    book.active.merge_cells("A1:C1")
    book.save(path)


def no_sheet(path):
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("[Content_Types].xml", "<Types><")


def sparse(path):
    with path.open("wb") as file:
        file.truncate(2_000_000_000)


def split(path):
    shares = "bu-boda,1490R018,part,0.7\nbu-daltorp,1490R018,part,0.7\n"
    path.write_text(MEMBERS + shares)


# name of the case: file, what it is said to be, how it is written, exit code, what is told
CASES = {
    "no crs": (
        "a.gpkg",
        "areas",
        layer(A, crs=None),
        1,
        "Filen saknar koordinatsystem. Koordinaterna ser ut som SWEREF 99 TM",
    ),
    "metres said to be degrees": (
        "a.geojson",
        "areas",
        geojson(mapping(A)),
        1,
        "Filen säger WGS 84 (grader) men koordinaterna är i meter",
    ),
    "degrees said to be metres": (
        "a.gpkg",
        "areas",
        layer(A, crs=4326, said=3006),
        1,
        "men koordinaterna är i grader och ser ut som WGS 84. Ange EPSG:4326",
    ),
    "zone said to be TM": (
        "a.gpkg",
        "areas",
        layer(A, crs=3008, said=3006),
        1,
        "ser ut som en lokal SWEREF 99-zon. Ange zonen (i Borås EPSG:3008)",
    ),
    "lat lon": ("a.geojson", "areas", swapped, 1, "bytt plats (latitud och longitud)"),
    "self crossing": (
        "a.gpkg",
        "areas",
        layer(A, BOWTIE),
        1,
        "rad 2, geometry: Geometrin kan inte användas: ytan korsar sig själv",
    ),
    "unclosed": (
        "a.geojson",
        "areas",
        geojson(OPEN),
        1,
        f"rad 1, geometry: Geometrin kan inte användas: {RINGS}. {KM}",
    ),
    "two corners": (
        "a.geojson",
        "areas",
        geojson({"type": "Polygon", "coordinates": [[[12.9, 57.7], [12.9, 57.7]]]}),
        1,
        "rad 1, geometry",
    ),
    "null geometry": (
        "a.geojson",
        "areas",
        geojson(None),
        1,
        "rad 1, geometry: Geometrin kan inte användas: den saknas, är tom",
    ),
    "empty geometry": (
        "a.geojson",
        "areas",
        geojson({"type": "Polygon", "coordinates": []}),
        1,
        "rad 1, geometry: Geometrin kan inte användas: den saknas, är tom",
    ),
    "odd geometry": (
        "a.geojson",
        "areas",
        geojson({"type": ["Polygon"], "coordinates": {}}),
        1,
        "rad 1, geometry",
    ),
    "text coordinates": (
        "a.geojson",
        "areas",
        geojson({"type": "Polygon", "coordinates": [["a", "b"]]}),
        1,
        "rad 1, geometry",
    ),
    "line": (
        "a.gpkg",
        "areas",
        layer(LineString([(370_000, 6_400_000), (371_000, 6_401_000)])),
        1,
        "en yta väntades men här är en linje",
    ),
    "overlap": (
        "b.gpkg",
        "base_areas",
        layer(A, box(370_900, 6_400_000, 372_000, 6_401_000), key="base_area_id"),
        1,
        "bu-0 och bu-1 överlappar med 100\u202f000 m² vid öst 370950, norr 6400500",
    ),
    "gap": (
        "b.gpkg",
        "base_areas",
        layer(
            box(369_000, 6_399_000, 370_500, 6_402_000) - A,
            box(370_500, 6_399_000, 372_000, 6_402_000) - A,
            key="base_area_id",
        ),
        1,
        "Glapp mellan basområden: 1\u202f000\u202f000 m² vid öst 370500, norr 6400500",
    ),
    "duplicate area": (
        "a.gpkg",
        "areas",
        layer(A, B, ids=["bu-a", "bu-a"]),
        1,
        "rad 2, area_id: area_id bu-a finns flera gånger. Behåll en",
    ),
    "nameless area": (
        "a.gpkg",
        "areas",
        layer(A, B, ids=["bu-a", " "]),
        1,
        "rad 2, area_id: area_id saknas. Ge ytan ett id",
    ),
    "no id column": (
        "a.gpkg",
        "areas",
        layer(A, key="kod"),
        1,
        "Egenskapen area_id saknas. Döp om rätt fält",
    ),
    "unknown network": (
        "m.csv",
        "memberships",
        text(MEMBERS + "bu-x,1490R001,whole,1\n"),
        1,
        "rad 2, network_id: network_id bu-x finns inte i registret. Rätta id:t",
    ),
    "unknown base area": (
        "m.csv",
        "memberships",
        text(MEMBERS + "bu-boda,1490R099,whole,1\n"),
        1,
        "rad 2, base_area_id: base_area_id 1490R099 finns inte i registret",
    ),
    "duplicate row": (
        "m.csv",
        "memberships",
        text(MEMBERS + "bu-boda,1490R001,whole,1\n" * 2),
        1,
        "rad 3, network_id: network_id + base_area_id finns redan på rad 2. Behåll en",
    ),
    "share above 1": (
        "m.csv",
        "memberships",
        text(MEMBERS + "bu-boda,1490R001,part,1.5\n"),
        1,
        "rad 2, share: share: högst 1 väntades. Rätta cellen",
    ),
    "share below 0": (
        "m.csv",
        "memberships",
        text(MEMBERS + "bu-boda,1490R001,part,-0.5\n"),
        1,
        "rad 2, share: share: minst 0 väntades",
    ),
    "shares sum above 1": (
        "m.csv",
        "memberships",
        split,
        1,
        "rad 3, share: share 0,7 summerar över 1 i lagret för basområdet. Minska",
    ),
    "empty share": (
        "m.csv",
        "memberships",
        text(MEMBERS + "bu-boda,1490R001,part,\n"),
        1,
        "rad 2, share: share: värdet saknas",
    ),
    "two decimal signs": (
        "m.csv",
        "memberships",
        text(MEMBERS.replace(",", ";") + "bu-boda;1490R001;part;1.000,5\n"),
        1,
        "antingen komma eller punkt, inte båda",
    ),
    "unquoted decimal comma": (
        "m.csv",
        "memberships",
        text(MEMBERS + "bu-boda,1490R001,part,0,5\n"),
        2,
        "rad 2: fler celler än rubriker (4). Sätt citattecken",
    ),
    "31 November": (
        "w.csv",
        "walks",
        text(WALKS + "w,2017-11-31,on-norrby,Å\n"),
        1,
        "rad 2, date: date: den dagen finns inte i kalendern",
    ),
    "day and month": (
        "w.csv",
        "walks",
        text(WALKS + "w,31/11,on-norrby,Å\n", "cp1252"),
        1,
        "ett datum väntades, skrivet som 2017-10-20",
    ),
    "year 17": (
        "w.csv",
        "walks",
        text(WALKS + "w,17-10-20,on-norrby,Å\n", "utf-8-sig"),
        1,
        "ett datum väntades",
    ),
    "year 0017": (
        "w.csv",
        "walks",
        text(WALKS + "w,0017-10-20,on-norrby,Å\n"),
        1,
        "ett år mellan 1900 och 2100 väntades",
    ),
    "wrong kind": (
        "w.csv",
        "walks",
        raw((DATA / "meetings.csv").read_bytes()),
        1,
        "Kolumnen walk_id saknas. Lägg till den",
    ),
    "NUL": (
        "w.csv",
        "walks",
        raw(b"walk_id\x00,date\n"),
        2,
        "innehåller NUL-tecken och är inte en textfil. Exportera",
    ),
    "UTF-16": ("w.csv", "walks", text(WALKS, "utf-16"), 2, "innehåller NUL-tecken"),
    "a million columns": (
        "w.csv",
        "walks",
        text(",".join(["a"] * 10**6)),
        2,
        "har fler än 500 kolumner. Ta bort",
    ),
    "endless cell": (
        "w.csv",
        "walks",
        text(WALKS + '"' + "a" * 200_000),
        2,
        "kan inte läsas som CSV",
    ),
    "same header twice": (
        "w.csv",
        "walks",
        text("walk_id,walk_id\n1,2\n"),
        2,
        "rubriken walk_id finns flera gånger. Ge varje kolumn",
    ),
    "merged header": (
        "m.xlsx",
        "meetings",
        merged,
        2,
        "sammanfogade celler i rubrikraden. Dela dem",
    ),
    "broken workbook": (
        "m.xlsx",
        "meetings",
        no_sheet,
        2,
        "är ingen läsbar Excelfil. Öppna den i Excel och spara om",
    ),
    "PDF as csv": ("m.csv", "meetings", raw(PDF), 1, "Kolumnen meeting_id saknas"),
    "PDF as xlsx": ("m.xlsx", "meetings", raw(PDF), 2, "är ingen läsbar Excelfil"),
    "PDF as geojson": ("a.geojson", "areas", raw(PDF), 2, "är inte giltig JSON. Exportera om"),
    "PDF as gpkg": ("a.gpkg", "areas", raw(PDF), 2, "kan inte läsas som .gpkg. Öppna filen i QGIS"),
    "a virtual layer as gpkg": (
        "a.gpkg",
        "areas",
        raw(b"<OGRVRTDataSource><OGRVRTLayer name='a'><SrcDataSource>/etc/passwd"),
        2,
        "kan inte läsas som .gpkg. Öppna filen i QGIS",
    ),
    "half a character in GeoJSON": (
        "a.geojson",
        "areas",
        raw(
            b'{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null,'
            b'"properties":{"name":"\\ud800"}}]}'
        ),
        2,
        "har trasiga tecken i en text",
    ),
    "PDF as parquet": ("a.parquet", "areas", raw(PDF), 2, "kan inte läsas som .parquet"),
    "PNG as csv": ("m.csv", "meetings", raw(PNG), 2, "innehåller NUL-tecken"),
    "PNG as xlsx": ("m.xlsx", "meetings", raw(PNG), 2, "är ingen läsbar Excelfil"),
    "PNG as geojson": ("a.geojson", "areas", raw(PNG), 2, "är inte giltig JSON"),
    "PNG as gpkg": ("a.gpkg", "areas", raw(PNG), 2, "kan inte läsas som .gpkg"),
    "truncated JSON": (
        "a.geojson",
        "areas",
        text('{"type": "FeatureCollection", "features": [{'),
        2,
        "är inte giltig JSON",
    ),
    "bottomless JSON": ("a.geojson", "areas", text("[" * 200_000), 2, "är inte giltig JSON"),
    "JSON list": ("a.geojson", "areas", text("[1, 2]"), 2, "är ingen GeoJSON FeatureCollection"),
    "features null": (
        "a.geojson",
        "areas",
        geojson(features=None),
        2,
        "är ingen GeoJSON FeatureCollection",
    ),
    "features of text": (
        "a.geojson",
        "areas",
        geojson(features=["a"]),
        2,
        "är ingen GeoJSON FeatureCollection",
    ),
    "no features": ("a.geojson", "areas", geojson(), 1, "Egenskapen area_id saknas"),
    "odd properties": (
        "a.geojson",
        "areas",
        geojson(features=[{"properties": [1]}, {"properties": {"area_id": 1}}]),
        1,
        "Egenskapen name saknas",
    ),
    "2 GB": ("a.geojson", "areas", sparse, 2, "är 2000 MB; gränsen är 200 MB. Dela upp filen"),
    "2 GB table": ("m.csv", "meetings", sparse, 2, "är 2000 MB; gränsen är 200 MB"),
    "empty file": ("a.geojson", "areas", raw(b""), 2, "är tom. Exportera den på nytt"),
    "empty table": ("m.csv", "meetings", raw(b""), 2, "är tom. Exportera den på nytt"),
    "only blank lines": ("m.csv", "meetings", raw(b"\n\n"), 1, "Kolumnen meeting_id saknas"),
    "missing file": (
        "a.geojson",
        "areas",
        lambda path: None,
        2,
        "Filen a.geojson finns inte. Kontrollera sökvägen",
    ),
    "folder": (
        "a.gpkg",
        "areas",
        lambda path: path.mkdir(),
        2,
        "a.gpkg är en mapp. Ange en fil i mappen",
    ),
    "another ending": (
        "a.docx",
        "areas",
        raw(PDF),
        2,
        "filer av typen .docx kan inte läsas här. Spara om som",
    ),
    "table as layer": ("a.csv", "areas", text(WALKS), 2, "filer av typen .csv kan inte läsas här"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_bad_file_ends_in_a_swedish_sentence(case, tmp_path, capsys):
    name, kind, write, code, sentence = CASES[case]
    write(tmp_path / name)
    before = sorted(path.name for path in tmp_path.iterdir())
    assert main(["check", str(tmp_path / name), "--as", kind]) == code
    told = capsys.readouterr()
    assert sentence in told.out + told.err
    assert ("FEL " in told.out) == (code == 1)
    assert sorted(path.name for path in tmp_path.iterdir()) == before


@pytest.mark.parametrize("system", [3008, 3012])
def test_local_zones_are_accepted(system, tmp_path, capsys):
    layer(A, crs=system)(tmp_path / "a.gpkg")
    assert main(["check", str(tmp_path / "a.gpkg"), "--as", "areas"]) == 0
    assert "1 rader kan användas, 0 anmärkningar" in capsys.readouterr().out


def test_heights_are_told_and_are_no_fault(tmp_path, capsys):
    layer(force_3d(A, 150.0))(tmp_path / "a.gpkg")
    assert main(["check", str(tmp_path / "a.gpkg"), "--as", "areas"]) == 0
    assert "obs hela filen, geometry: 1 ytor har höjd (3D)" in capsys.readouterr().out


def test_a_layer_without_rows_is_no_crash(tmp_path, capsys):
    columns = {"area_id": [], "name": [], "layer": []}
    gpd.GeoDataFrame(columns, geometry=[], crs=3006).to_file(
        tmp_path / "a.gpkg", geometry_type="Polygon"
    )
    assert main(["check", str(tmp_path / "a.gpkg"), "--as", "areas"]) == 0
    assert "0 rader kan användas" in capsys.readouterr().out


def whole_files(areas, folder):
    walks = read.walks()[0].reset_index()
    areas.iloc[:2].to_parquet(folder / "a.parquet")
    flat = areas.iloc[:2][["name", "layer", "geometry"]].reset_index()
    flat.to_file(folder / "a.fgb")
    return {
        "a.gpkg": ("areas", export.to_geopackage({"a": areas.iloc[:2]})),
        "a.geojson": ("areas", export.to_geojson(areas.iloc[:1])),
        "a.parquet": ("areas", (folder / "a.parquet").read_bytes()),
        "a.fgb": ("areas", (folder / "a.fgb").read_bytes()),
        "m.csv": ("walks", export.to_csv(walks)),
        "m.xlsx": ("walks", export.to_excel({"m": walks}, ["om"])),
    }


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.parquet", "a.fgb", "m.csv", "m.xlsx"])
def test_a_damaged_file_never_ends_in_a_traceback(name, tmp_path, capsys, areas):
    kind, whole = whole_files(areas, tmp_path)[name]
    chance = random.Random(name)
    path = tmp_path / f"skadad-{name}"
    for turn in range(30):
        data = bytearray(whole)
        if turn % 2:
            data = data[: chance.randrange(1, len(data))]
        for _ in range(turn):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path.write_bytes(data)
        code = main(["check", str(path), "--as", kind])
        told = capsys.readouterr()
        assert code in (0, 1, 2)
        assert path.name in told.out + told.err


def test_what_cannot_be_read_is_never_half_used(tmp_path):
    layer(A, BOWTIE, B)(tmp_path / "a.gpkg")
    areas, issues = read.areas(tmp_path / "a.gpkg")
    assert areas.index.tolist() == ["bu-0", "bu-2"]
    assert issues["row"].tolist() == [2]
