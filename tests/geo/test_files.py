import datetime
import json
import zipfile

import openpyxl
import pytest

from geo import files, spatial
from geo.errors import UnreadableFileError

ROWS = "namn;värde\nBrämhult;1,5\nÄspered;2\n"


@pytest.mark.parametrize(
    ("encoding", "separator"),
    [("utf-8", ";"), ("utf-8-sig", ";"), ("cp1252", ";"), ("utf-8", "\t"), ("cp1252", "\t")],
)
def test_encodings_and_separators_of_excel(tmp_path, encoding, separator):
    path = tmp_path / "a.csv"
    path.write_bytes(ROWS.replace(";", separator).encode(encoding))
    table = files.read_table(path)
    assert table["namn"].tolist() == ["Brämhult", "Äspered"]
    assert table["värde"].tolist() == ["1,5", "2"]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_the_index_is_the_row_in_the_file_blank_rows_counted(tmp_path, newline):
    path = tmp_path / "a.csv"
    path.write_bytes(f"a,b{newline}1,2{newline}{newline},{newline}3,4{newline}".encode())
    assert files.read_table(path).index.tolist() == [2, 5]


def test_a_short_row_is_filled_and_a_long_row_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1\n2,3,,\n")
    assert files.read_table(path)["b"].tolist() == ["", "3"]
    path.write_text("a,b\n1,2\n2,3,4\n")
    with pytest.raises(UnreadableFileError, match="rad 3: fler celler än rubriker"):
        files.read_table(path)


def test_a_header_that_comes_twice_is_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a,b,a\n1,2,3\n")
    with pytest.raises(UnreadableFileError, match="rubriken a finns flera gånger"):
        files.read_table(path)


def test_excel_cells_become_text_as_a_person_reads_them(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["dag", "antal", "andel", "tom"])
    book.active.append([datetime.datetime(2017, 10, 20), 3.0, 0.25, None])
    book.save(tmp_path / "a.xlsx")
    table = files.read_table(tmp_path / "a.xlsx")
    assert table.loc[2].tolist() == ["2017-10-20", "3", "0.25", ""]


def test_excel_sums_are_read_as_values_and_never_run(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["namn"])
    book.active.append(['=HYPERLINK("http://example.org")'])
    book.active.append(["kvar"])
    book.save(tmp_path / "a.xlsx")
    assert files.read_table(tmp_path / "a.xlsx")["namn"].tolist() == ["kvar"]


def test_an_inflated_workbook_is_refused_before_it_is_unpacked(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", bytes(files.MAX_BYTES + 1))
    assert path.stat().st_size < 1_000_000
    with pytest.raises(UnreadableFileError, match="200 MB uppackad"):
        files.read_table(path)


def test_geojson_without_crs_is_wgs84_and_with_crs_is_what_it_says(tmp_path):
    path = tmp_path / "a.geojson"
    feature = {"type": "Feature", "properties": None, "geometry": None}
    collection = {"type": "FeatureCollection", "features": [feature]}
    path.write_text(json.dumps(collection))
    assert spatial.read_spatial(path)[0].crs.to_epsg() == 4326
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3006"}}
    path.write_text(json.dumps(collection | {"crs": crs}))
    frame, unclosed = spatial.read_spatial(path)
    assert frame.crs.to_epsg() == 3006
    assert frame.index.tolist() == [1]
    assert unclosed == []


@pytest.mark.parametrize(("name", "kinds"), [("a.doc", files.TABLES), ("b", files.SPATIAL)])
def test_another_kind_of_file_is_refused_with_the_kinds_that_are_read(tmp_path, name, kinds):
    (tmp_path / name).write_text("x")
    with pytest.raises(UnreadableFileError, match=r"kan inte läsas här. Spara om som \."):
        files.refuse_unreadable(tmp_path / name, kinds)
