import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import Point, box
from shapely.geometry import mapping

from geo import read
from geo.errors import GeoError, UnreadableFileError

MEMBERSHIPS = "network_id,base_area_id,extent,share\n"
FINDINGS = "finding_id,walk_id,observed_date,kind,category,x,y\n"


def square(column, row):
    """Return one square of the toy town."""
    x, y = 370_000 + column * 1000, 6_400_000 + row * 1000
    return box(x, y, x + 1000, y + 1000)


def layer(path, *squares, crs=3006, **columns):
    """Write squares of the toy town as a GeoPackage."""
    ids = [f"bu-{n}" for n in range(len(squares))]
    frame = gpd.GeoDataFrame(
        {"area_id": ids, "name": ids, "layer": "barn_unga", **columns},
        geometry=list(squares),
        crs=3006,
    )
    frame.to_crs(crs).to_file(path, driver="GPKG")
    return path


def text(path, content):
    path.write_text(content, encoding="utf-8")
    return path


def test_the_shipped_registers_are_clean():
    for reader in (read.networks, read.meetings, read.guidelines, read.walks, read.memberships):
        frame, issues = reader()
        assert issues.empty
        assert len(frame) > 0


def test_the_shipped_layers_are_metric_and_indexed_by_id(areas, base_areas):
    assert (len(areas), len(base_areas)) == (20, 47)
    assert (areas.index.name, base_areas.index.name) == ("area_id", "base_area_id")
    assert areas.crs.to_epsg() == base_areas.crs.to_epsg() == 3006
    assert areas.index.is_unique
    assert all(isinstance(ids, tuple) for ids in areas["base_areas"])


def test_members_of_shipped_areas_are_those_of_memberships(areas, memberships):
    by_network = memberships.groupby("network_id")["base_area_id"].agg(tuple)
    assert areas["base_areas"].to_dict() == by_network.to_dict()


@pytest.mark.parametrize("system", [4326, 3008, 3012, 3857, 25833])
def test_any_system_ends_in_the_same_place(tmp_path, system):
    areas, issues = read.areas(layer(tmp_path / "a.gpkg", square(0, 0), crs=system))
    assert issues.empty
    assert areas.crs.to_epsg() == 3006
    assert areas.geometry.iloc[0].hausdorff_distance(square(0, 0)) < 0.001


@pytest.mark.parametrize("name", ["a.gpkg", "a.parquet", "a.fgb", "a.shp", "a.geojson"])
def test_every_format_gives_the_same_areas(tmp_path, name):
    frame = gpd.read_file(layer(tmp_path / "from.gpkg", square(0, 0), square(1, 0)))
    path = tmp_path / name
    if path.suffix == ".parquet":
        frame.to_parquet(path)
    else:
        frame.to_crs(4326 if path.suffix == ".geojson" else 3006).to_file(path)
    areas, issues = read.areas(path)
    assert issues.empty
    assert sorted(areas.index) == ["bu-0", "bu-1"]
    assert areas.area.round(-2).tolist() == [1e6, 1e6]


def test_an_unknown_layer_is_told_with_row_and_remedy(tmp_path):
    path = layer(tmp_path / "a.gpkg", square(0, 0), square(1, 0), layer=["ortsrad", "skola"])
    areas, issues = read.areas(path)
    assert areas.index.tolist() == ["bu-0"]
    assert issues["row"].tolist() == [2]
    assert "lagret 'skola' finns inte. Skriv barn_unga, omrade, ortsrad." in issues.at[0, "message"]


def test_a_name_is_read_as_it_stands(tmp_path):
    names = ["<script>alert(1)</script>", '=HYPERLINK("http://example.org")']
    areas, issues = read.areas(layer(tmp_path / "a.gpkg", square(0, 0), square(1, 0), name=names))
    assert areas["name"].tolist() == names
    assert issues.empty
    rows = MEMBERSHIPS.replace("\n", ",evidence\n") + 'bu-a,n1,whole,1,"=1+1 <script>"\n'
    frame, _ = read.memberships(text(tmp_path / "m.csv", rows))
    assert frame["evidence"].tolist() == ["=1+1 <script>"]


def test_shares_above_one_in_a_layer_keep_all_their_rows_out(tmp_path):
    rows = "bu-a,n1,part,0.7\nbu-b,n1,part,0.6\non-c,n1,whole,1\n"
    frame, issues = read.memberships(text(tmp_path / "m.csv", MEMBERSHIPS + rows))
    assert frame["network_id"].tolist() == ["on-c"]
    assert issues["row"].tolist() == [2, 3]
    assert issues["message"].str.contains("summerar över 1 i lagret").all()


def test_thirds_with_many_decimals_sum_to_one(tmp_path):
    rows = "".join(f"bu-{n},n1,part,0.3333333333\n" for n in "abc")
    assert read.memberships(text(tmp_path / "m.csv", MEMBERSHIPS + rows))[1].empty


def test_whole_with_a_share_below_one_contradicts_itself(tmp_path):
    path = text(tmp_path / "m.csv", MEMBERSHIPS + "bu-a,n1,whole,0.5\n")
    frame, issues = read.memberships(path)
    assert frame.empty
    assert "måste vara 1 när extent är whole" in issues.at[0, "message"]


def test_semicolons_and_decimal_commas_of_swedish_excel(tmp_path):
    rows = MEMBERSHIPS.replace(",", ";") + "bu-a;n1;part;0,25\n"
    for encoding in ("utf-8-sig", "cp1252"):
        (tmp_path / "m.csv").write_bytes(rows.encode(encoding))
        frame, issues = read.memberships(tmp_path / "m.csv")
        assert frame["share"].tolist() == [0.25]
        assert issues.empty


def test_statistics_that_are_missing_stay_missing(tmp_path):
    head = "indicator_id,area_code,area_vintage,period,group,numerator,denominator,value,status\n"
    cells = ("1490R001,RegSO2025,2024,0-17,,,..,suppressed", "1490R002,RegSO2025,2024,0-17,,,0,ok")
    rows = "".join(f"folkmangd,{row}\n" for row in cells)
    frame, issues = read.statistics(text(tmp_path / "s.csv", head + rows))
    assert issues.empty
    assert frame["value"].isna().tolist() == [True, False]
    assert frame["status"].tolist() == ["suppressed", "ok"]


def test_a_finding_in_degrees_is_told_by_its_row_and_the_others_are_kept(tmp_path):
    rows = "f1,,2017-10-03,brist,ljus,370500,6400500\nf2,,2017-10-03,brist,ljus,12.9,57.7\n"
    findings, issues = read.findings(text(tmp_path / "f.csv", FINDINGS + rows))
    assert findings.index.tolist() == ["f1"]
    assert findings.geometry.iloc[0] == Point(370_500, 6_400_500)
    assert issues["row"].tolist() == [3]
    assert "koordinaterna är i grader" in issues.at[0, "message"]


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("lon,lat", "12.825383,57.727942"),
        ("x,y", "12.825383,57.727942"),
        ("x;y", "12,825383;57,727942"),
        ("X,Y", "370500,6400500"),
        ("east,north", "370500,6400500"),
        ("north,east,extra", "6400500,370500,hej"),
    ],
)
def test_points_in_any_usual_form(tmp_path, header, row):
    points, issues = read.points(text(tmp_path / "p.csv", f"{header}\n{row}\n"))
    assert issues.empty
    assert points.crs.to_epsg() == 3006
    assert points.geometry.iloc[0].distance(Point(370_500, 6_400_500)) < 1
    assert points.index.tolist() == [2]


def test_a_point_without_coordinates_is_kept_as_unknown(tmp_path):
    rows = "point_id,x,y\na,370500,6400500\nb,,\nc,inf,6400500\n"
    points, issues = read.points(text(tmp_path / "p.csv", rows))
    assert points.index.tolist() == ["a", "b", "c"]
    assert points.geometry.x.notna().tolist() == [True, False, False]
    assert issues["row"].tolist() == [3, 4, 3]
    assert issues["message"].str.contains("Punkten räknas som okänd plats").all()


def test_points_as_geojson_without_properties(tmp_path):
    feature = {"type": "Feature", "properties": {}, "geometry": mapping(Point(12.8256, 57.7278))}
    empty = {"type": "Feature", "properties": None, "geometry": None}
    collection = {"type": "FeatureCollection", "features": [feature, empty]}
    points, issues = read.points(text(tmp_path / "p.geojson", json.dumps(collection)))
    assert issues.empty
    assert len(points) == 2
    assert points.geometry.isna().tolist() == [False, True]


def test_wrong_points_say_what_is_wrong(tmp_path):
    with pytest.raises(GeoError, match=r"Kolumner för läget väntades.*fick \['a', 'b'\]"):
        read.points(text(tmp_path / "p.csv", "a,b\n1,2\n"))
    with pytest.raises(UnreadableFileError, match="punkter väntades"):
        read.points(layer(tmp_path / "a.gpkg", square(0, 0)))
    swapped, issues = read.points(text(tmp_path / "p.csv", "lon,lat\n57.7,12.9\n"))
    assert swapped.empty
    assert "bytt plats (latitud och longitud)" in issues.at[0, "message"]


def test_the_order_of_rows_changes_nothing(tmp_path):
    lines = (read.DATA / "memberships.csv").read_text(encoding="utf-8").splitlines()
    turned = "\n".join([lines[0], *reversed(lines[1:])])
    frame, issues = read.memberships(text(tmp_path / "m.csv", turned))
    keys = ["network_id", "base_area_id"]
    first = read.memberships()[0].sort_values(keys).reset_index(drop=True)
    pd.testing.assert_frame_equal(frame.sort_values(keys).reset_index(drop=True), first)
    assert issues.empty


def test_a_register_is_text_as_it_stands():
    table = read.register("aliases", "alias")
    assert table.at["Hulda", "canonical"] == "Hulta"
    assert all(isinstance(cell, str) for cell in np.ravel(table.to_numpy()))
    with pytest.raises(UnreadableFileError, match=r"finnsinte\.csv finns inte"):
        read.register("finnsinte")
