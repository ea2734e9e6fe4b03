import io
import json

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point
from shapely.geometry import shape

from geo import export, files, read

NASTY = [
    '=HYPERLINK("http://example.org";"klicka")',
    "+46 33",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\x01=1",
]
plain = st.characters(blacklist_categories=["Cs", "Cc"]) | st.sampled_from('\n\r\t";,')


def written(path, data):
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("text", NASTY)
def test_a_text_that_looks_like_a_formula_is_harmless_in_csv_and_excel(tmp_path, text):
    frame = pd.DataFrame({"namn": [text], text: ["kolumn"], "lista": [(text, "b")]})
    table = files.read_table(written(tmp_path / "a.csv", export.to_csv(frame)))
    cells = [*table.columns, *table.loc[2]]
    assert not [cell for cell in cells if cell.startswith(export.DANGEROUS)]
    book = openpyxl.load_workbook(io.BytesIO(export.to_excel({"a": frame}, [text])))
    found = [cell for sheet in book for row in sheet for cell in row]
    assert {cell.data_type for cell in found} == {"s"}
    assert not [cell for cell in found if cell.value.startswith(("=", "+", "-", "@"))]


def test_numbers_days_and_gaps_in_a_swedish_csv():
    frame = pd.DataFrame(
        {
            "andel": [0.25, None],
            "antal": pd.array([-3, None], dtype="Int64"),
            "dag": pd.to_datetime(["2017-10-20", None]),
            "delar": [("a", "b"), ()],
        },
        index=pd.Index(["x", "y"], name="id"),
    )
    assert export.to_csv(frame, index=True).decode("utf-8-sig").split("\r\n") == [
        "id;andel;antal;dag;delar",
        'x;0,25;-3;2017-10-20;"a; b"',
        "y;;;;",
        "",
    ]


def test_excel_ends_with_what_the_file_is_and_keeps_numbers(tmp_path):
    frame = pd.DataFrame({"namn": ["Åsa"], "andel": [0.25], "tom": [None]})
    data = export.to_excel({"Ett väldigt långt namn på ett blad i boken": frame}, ["Källa: SCB"])
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert [cell.value for cell in book["Om"]["A"]] == ["Om filen", "Källa: SCB"]
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[2]] == ["Åsa", 0.25, None]
    assert len(sheet.title) <= 31


def test_memberships_saved_and_read_are_the_same(tmp_path):
    frame, _ = read.memberships()
    again, issues = read.memberships(written(tmp_path / "m.csv", export.to_csv(frame)))
    assert issues.empty
    pd.testing.assert_frame_equal(again, frame)


def test_meetings_saved_and_read_are_the_same(tmp_path):
    frame, _ = read.meetings()
    data = export.to_csv(frame, index=True)
    again, issues = read.meetings(written(tmp_path / "m.csv", data))
    assert issues.empty
    pd.testing.assert_frame_equal(again, frame)


def test_areas_saved_as_geopackage_and_read_are_the_same(tmp_path, areas, base_areas):
    data = export.to_geopackage({"omraden": areas, "basomraden": base_areas})
    again, issues = read.areas(written(tmp_path / "a.gpkg", data))
    assert issues.empty
    assert again.geometry.geom_equals_exact(areas.geometry, 0).all()
    pd.testing.assert_frame_equal(
        again.drop(columns="geometry"), areas.drop(columns="geometry"), check_dtype=False
    )
    second = gpd.read_file(tmp_path / "a.gpkg", layer="basomraden")
    assert (second.crs.to_epsg(), len(second)) == (3006, 47)


def test_areas_saved_as_geojson_and_read_are_the_same(tmp_path, areas):
    data = export.to_geojson(areas)
    again, issues = read.areas(written(tmp_path / "a.geojson", data))
    assert issues.empty
    assert export.to_geojson(again) == data
    assert again.drop(columns="geometry").equals(areas.drop(columns="geometry"))
    assert again.geometry.hausdorff_distance(areas.geometry).max() < 0.02


def test_geojson_follows_rfc_7946(areas):
    collection = json.loads(export.to_geojson(areas))
    assert "crs" not in collection
    assert len(collection["features"]) == 20
    assert all(shape(f["geometry"]).exterior.is_ccw for f in collection["features"])
    assert collection["features"][0]["properties"]["area_id"] == "bu-boda"


def test_points_with_days_and_gaps_are_valid_geojson():
    frame = gpd.GeoDataFrame(
        {"dag": pd.to_datetime(["2017-10-03", None]), "antal": [1.5, float("nan")]},
        geometry=[Point(370_500, 6_400_500), Point(370_600, 6_400_500)],
        index=pd.Index(["f1", "f2"], name="finding_id"),
        crs=3006,
    )
    first, second = json.loads(export.to_geojson(frame))["features"]
    assert first["properties"] == {"finding_id": "f1", "dag": "2017-10-03", "antal": 1.5}
    assert second["properties"] == {"finding_id": "f2", "dag": None, "antal": None}
    assert first["geometry"]["coordinates"] == [12.8253827, 57.7279416]


def test_a_file_is_written_whole(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("gammalt")
    export.write_text(path, "å\nä\n")
    assert path.read_bytes() == "å\nä\n".encode()
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


@given(texts=st.lists(st.text(plain, max_size=12), min_size=1, max_size=6))
def test_any_text_saved_as_csv_is_read_back(tmp_path, texts):
    frame = pd.DataFrame({"id": [f"i{n}" for n in range(len(texts))], "text": texts})
    path = written(tmp_path / "a.csv", export.to_csv(frame))
    assert files.read_table(path)["text"].tolist() == [export.harmless(text) for text in texts]


@given(values=st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=6))
def test_any_number_saved_as_csv_is_read_back(tmp_path, values):
    path = written(tmp_path / "a.csv", export.to_csv(pd.DataFrame({"n": values})))
    assert [float(cell.replace(",", ".")) for cell in files.read_table(path)["n"]] == values


@given(xy=st.lists(st.tuples(st.floats(3.6e5, 4e5), st.floats(6.37e6, 6.42e6)), min_size=1))
def test_any_points_saved_are_read_back(tmp_path, xy):
    ids = pd.Index([f"p{n}" for n in range(len(xy))], name="point_id")
    frame = gpd.GeoDataFrame(
        geometry=gpd.points_from_xy(*zip(*xy, strict=True)), index=ids, crs=3006
    )
    again, issues = read.points(written(tmp_path / "p.gpkg", export.to_geopackage({"p": frame})))
    assert issues.empty
    assert again.geometry.geom_equals(frame.geometry).all()
    degrees, _ = read.points(written(tmp_path / "p.geojson", export.to_geojson(frame)))
    assert degrees.geometry.distance(frame.geometry).max() < 0.02
