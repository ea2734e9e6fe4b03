import json
import re
from io import BytesIO

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo import crs, kinds, schema
from geo.errors import GeoError, Issues, UnreadableFileError
from geo.field import coordinates, headers, xlsform
from geo.field.exports import raw

A, B = "3f2504e0-4f89-41d3-9a0c-0305e82c3301", "3f2504e0-4f89-41d3-9a0c-0305e82c3302"
SECRETS = ["collect:hemlig1", "hemlig2", "0701740605", "hemlig4", "hemlig5", "hemlig6", "hemlig7"]
PERSONAL = ["DeviceID", "username", "phonenumber", "subscriberid", "simserial", "audit"]
AT = ("377297.4", "6399402.8")  # 57.72 N 12.94 E by PROJ
ODK_HEAD = [
    *("SubmissionDate", "record", "network_id", "walk_date", "light", "walk_id"),
    *("location-Latitude", "location-Longitude", "location-Altitude", "location-Accuracy"),
    *("kind", "category", "description", "observed_date", "start_time", "end_time", "step"),
    *("n_participants", "organisers", "place", "route", "meta-instanceID", "meta-instanceName"),
    *("KEY", "SubmitterID", "SubmitterName", "AttachmentsPresent", "Status", "ReviewState"),
    *PERSONAL,
]
ODK_FINDING = {
    "SubmissionDate": "2026-03-01T19:00:00.000Z",
    "record": "finding",
    "network_id": "on-norrby",
    "walk_date": "2026-03-01",
    "light": "mörker",
    "walk_id": "tv-2026-03-01-on-norrby",
    "location-Latitude": "57.72",
    "location-Longitude": "12.94",
    "location-Altitude": "150.2",
    "location-Accuracy": "4.8",
    "kind": "brist",
    "category": "belysning",
    "description": "Släckt lampa; mörkt, vid bron",
    "observed_date": "2026-03-01",
    "meta-instanceID": f"uuid:{A}",
    "KEY": f"uuid:{A}",
    "SubmitterName": SECRETS[6],
    "Status": "notDecrypted",
    **dict(zip(PERSONAL, SECRETS, strict=False)),
}
ODK_WALK = {
    "record": "walk",
    "network_id": "on-norrby",
    "walk_date": "2026-03-01",
    "walk_id": "tv-2026-03-01-on-norrby",
    "start_time": "18:30:00.000+01:00",
    "end_time": "20:00:00.000+01:00",
    "step": "2",
    "n_participants": "14",
    "organisers": "Borås Stad; Polisen",
    "place": "Norrby",
    "route": "57.72 12.94 0 5; 57.73 12.94 0 5",
    "KEY": f"uuid:{B}",
    **dict(zip(PERSONAL, SECRETS, strict=False)),
}
FINDING = {
    "finding_id": f"uuid:{A}",
    "walk_id": "tv-2026-03-01-on-norrby",
    "observed_date": "2026-03-01",
    "light": "mörker",
    "kind": "brist",
    "category": "belysning",
    "description": "Släckt lampa; mörkt, vid bron",
    "x": AT[0],
    "y": AT[1],
}
WALK = {
    "walk_id": "tv-2026-03-01-on-norrby",
    "date": "2026-03-01",
    "network_id": "on-norrby",
    "place": "Norrby",
    "start_time": "18:30",
    "end_time": "20:00",
    "step": "2",
    "n_participants": "14",
    "organisers": "Borås Stad; Polisen",
    "route": "LINESTRING (377297.4 6399402.8, 377331.2 6400515.8)",
}


@pytest.fixture
def write(tmp_path):
    def written(rows, name="export.csv", head=None, sep=","):
        table = pd.DataFrame(rows, columns=head, dtype=object).fillna("")
        path = tmp_path / name
        if name.endswith(".xlsx"):
            table.to_excel(path, index=False)
        else:
            table.to_csv(path, index=False, sep=sep)
        return path

    return written


def facts(frame, row, facts_of):
    return {name: frame.at[row, name] for name in facts_of}


def assert_no_secret(*tables):
    for table in tables:
        text = table.reset_index().to_json(force_ascii=False)
        assert not [secret for secret in (*SECRETS, *PERSONAL) if secret in text]
        assert all(isinstance(cell, str) for row in table.to_numpy() for cell in row)


def test_odk_central_gives_findings_and_walks(write):
    findings, walks = raw(write([ODK_FINDING, ODK_WALK], head=ODK_HEAD))
    assert (findings.index.tolist(), walks.index.tolist()) == ([2], [3])
    assert facts(findings, 2, FINDING) == FINDING
    assert facts(walks, 3, WALK) == WALK
    assert_no_secret(findings, walks)
    assert "status" not in findings  # of the upload
    assert set(findings) <= {c.name for c in kinds.FINDINGS.columns}
    assert set(walks) <= {c.name for c in kinds.WALKS.columns}


def test_what_comes_out_is_what_the_schema_takes(write):
    findings, walks = raw(write([ODK_FINDING, ODK_WALK], head=ODK_HEAD))
    issues = Issues("field")
    assert len(schema.check(findings, kinds.FINDINGS, issues)) == 1
    assert len(schema.check(walks, kinds.WALKS, issues)) == 1
    assert issues.rows == []


def test_where_there_is_no_walk_no_column_of_walks_is_missing(write):
    findings, walks = raw(write([{"kind": "brist", "category": "belysning"}]))
    issues = Issues("field")
    assert schema.check(walks, kinds.WALKS, issues).empty
    assert issues.rows == []
    assert "light" not in findings


def grouped(row, sign):
    return {f"grupp{sign}{name}" if name[0].islower() else name: cell for name, cell in row.items()}


@pytest.mark.parametrize("sign", ["-", "/"])
def test_groups_are_seen_through(sign, write):
    rows = [grouped(ODK_FINDING, sign), grouped(ODK_WALK, sign)]
    findings, walks = raw(write(rows))
    assert facts(findings, 2, FINDING) == FINDING
    assert facts(walks, 3, WALK) == WALK
    assert_no_secret(findings, walks)


KOBO_FINDING = {
    "start": "2026-03-01T18:31:00.000+01:00",
    "record": "finding",
    "network_id": "on-norrby",
    "walk_date": "2026-03-01",
    "light": "mörker",
    "walk_id": "tv-2026-03-01-on-norrby",
    "location": "57.72 12.94 150.2 4.8",
    "_location_latitude": "57.72",
    "_location_longitude": "12.94",
    "_location_altitude": "150.2",
    "_location_precision": "4.8",
    "kind": "brist",
    "category": "belysning",
    "description": "Släckt lampa; mörkt, vid bron",
    "observed_date": "2026-03-01",
    "_id": "123456",
    "_uuid": A,
    "_submission_time": "2026-03-01T18:00:00",
    "_notes": SECRETS[3],
    "_status": "submitted_via_web",
    "_submitted_by": SECRETS[1],
    "__version__": "v1",
    "_tags": SECRETS[4],
    "_index": "1",
    **dict(zip(PERSONAL, SECRETS, strict=False)),
}
KOBO_WALK = {name: cell for name, cell in ODK_WALK.items() if name != "KEY"} | {"_uuid": B}


@pytest.mark.parametrize(("name", "sep"), [("k.csv", ";"), ("k.csv", ","), ("k.xlsx", "")])
def test_kobotoolbox_gives_findings_and_walks(name, sep, write):
    findings, walks = raw(write([KOBO_FINDING, KOBO_WALK], name, sep=sep))
    assert facts(findings, 2, FINDING) == FINDING
    assert facts(walks, 3, WALK) == WALK
    assert_no_secret(findings, walks)
    assert not {"status", "note"} & {*findings, *walks}


def test_kobo_without_columns_for_the_place_has_it_in_one(write):
    row = {name: cell for name, cell in KOBO_FINDING.items() if not name.startswith("_location")}
    findings, _ = raw(write([row]))
    assert facts(findings, 2, FINDING) == FINDING


def test_an_edited_submission_keeps_the_id_that_it_was_born_with(write):
    row = KOBO_FINDING | {"meta/rootUuid": f"uuid:{A}", "_uuid": B, "meta/instanceID": f"uuid:{B}"}
    assert raw(write([row]))[0].at[2, "finding_id"] == f"uuid:{A}"


def test_the_id_of_the_form_is_no_id_of_a_row(write):
    rows = [KOBO_FINDING | {"formhub/uuid": "f0f0", "_uuid": own} for own in (A, B)]
    assert raw(write(rows))[0]["finding_id"].tolist() == [f"uuid:{A}", f"uuid:{B}"]


def test_labels_are_translated_to_codes(write):
    labels = {question["name"]: question.get("label", "") for question in xlsform.QUESTIONS}
    where = labels["location"]
    row = {
        labels["record"]: xlsform.RECORDS["finding"],
        labels["network_id"]: "Områdesnätverk Norrby",
        labels["walk_date"]: "2026-03-01",
        labels["light"]: "Mörker",
        "walk_id": "tv-2026-03-01-on-norrby",
        where: "57.72 12.94 0 0",
        f"_{where}_latitude": "57.72",
        f"_{where}_longitude": "12.94",
        labels["kind"]: "Brist",
        labels["category"]: "Belysning (släckta eller saknade lampor; mörk stig)",
        labels["description"]: FINDING["description"],
        "_uuid": A,
    }
    walk = {
        labels["record"]: xlsform.RECORDS["walk"],
        labels["network_id"]: "Områdesnätverk Norrby",
        labels["walk_date"]: "2026-03-01",
        labels["step"]: "Vandring",
        labels["n_participants"]: "14",
        labels["organisers"]: "Borås Stad; Polisen",
        labels["place"]: "Norrby",
        labels["start_time"]: "18:30:00.000+01:00",
        labels["end_time"]: "20:00:00.000+01:00",
        labels["route"]: ODK_WALK["route"],
    }
    findings, walks = raw(write([row, walk], sep=";"))
    assert facts(findings, 2, FINDING) == FINDING
    assert facts(walks, 3, WALK) == WALK


def test_a_category_is_known_by_its_name_and_by_the_register_that_is_given(write):
    path = write([{"kind": "BRA, BEVARA", "category": name} for name in ("Belysning", "X y", "?")])
    assert raw(path)[0]["category"].tolist() == ["belysning", "X y", "?"]
    own = pd.DataFrame({"name": ["X y"], "examples": [""]}, index=["xy"])
    assert raw(path, categories=own)[0]["category"].tolist() == ["Belysning", "xy", "?"]
    assert raw(path)[0]["kind"].tolist() == ["bra"] * 3


SWEDISH = {
    "Vandring": "tv-2026-03-01-on-norrby",
    "Datum": "2026-03-01",
    "Ljus": "Mörker",
    "Slag": "Brist",
    "Kategori": "Belysning",
    "Beskrivning": FINDING["description"],
    "Ansvarig": "Polisen",
    "Status": "åtgärdad",
    "Plats": "Norrby",
    "uuid": "{" + A.upper() + "}",
    "Handläggare": SECRETS[1],
}


@pytest.mark.parametrize(
    "where",
    [
        {"Latitud": "57,72", "Longitud": "12,94"},
        {"lon": "12.94", "lat": "57.72"},
        {"x": "12.94", "y": "57.72"},
        {"Nord": AT[1], "Öst": AT[0]},
        {"east": AT[0], "north": AT[1]},
        {"X": AT[0], "Y": AT[1]},
        {"Läge": "57.72 12.94"},
    ],
)
def test_swedish_headers_and_every_pair_of_coordinates(where, write):
    findings, walks = raw(write([SWEDISH | where]))
    assert walks.empty
    assert facts(findings, 2, FINDING) == FINDING
    assert findings.loc[2, ["owner", "status", "place"]].tolist() == [
        *("Polisen", "åtgärdad", "Norrby")
    ]
    assert_no_secret(findings)


OWN = {
    "finding_id": "f1",
    "walk_id": "w1",
    "observed_date": "2017-10-03",
    "light": "",
    "kind": "brist",
    "category": "belysning",
    "description": "Mörkt",
    "status": "noted",
    "owner": "",
    "due_date": "",
    "done_date": "",
    "verified_date": "",
    "x": "377000,5",
    "y": "6400000",
    "answered_date": "",
    "answer": "",
    "action": "",
    "place": "",
    "base_area_id": "",
    "source": "protokoll",
}


@pytest.mark.parametrize("name", ["egen.csv", "egen.xlsx"])
def test_our_own_columns_pass_unchanged(name, write):
    assert list(OWN) == [column.name for column in kinds.FINDINGS.columns]
    findings, walks = raw(write([OWN, OWN | {"finding_id": "f2", "x": "tolv", "y": ""}], name))
    assert findings.to_dict("records") == [OWN, OWN | {"finding_id": "f2", "x": "tolv", "y": ""}]
    assert walks.empty


def test_our_own_walks_pass_unchanged(write):
    row = {column.name: "" for column in kinds.WALKS.columns} | {
        **{"walk_id": "w1", "date": "2017-10-03", "network_id": "on-norrby", "place": "Norrby"},
        **{"status": "säker", "route": "LINESTRING (1 2, 3 4)", "same_as": "w0"},
    }
    findings, walks = raw(write([row]))
    assert walks.to_dict("records") == [row]
    assert findings.empty


def test_swapped_coordinates_are_left_for_the_check_to_tell(write):
    rows = [
        {"kind": "brist", "lat": "12.94", "lon": "57.72"},
        {"kind": "brist", "lat": "0", "lon": "0"},
    ]
    findings, _ = raw(write(rows))
    assert findings[["x", "y"]].to_numpy().tolist() == [["57.72", "12.94"], ["0", "0"]]
    assert crs.guess((57.72, 12.94, 57.72, 12.94)) == "degrees_swapped"


def test_a_row_without_an_id_gets_one_of_what_it_says(write):
    row = {name: cell for name, cell in OWN.items() if name != "finding_id"}
    first, again, other = raw(write([row, row, row | {"description": "Ljust"}]))[0]["finding_id"]
    assert first == again != other
    assert re.fullmatch("rad-[0-9a-f]{16}", first)
    assert re.fullmatch(kinds.ROW_ID, first)
    assert raw(write([row | {"status": "done"}]))[0].at[2, "finding_id"] == first


def test_the_walk_is_reckoned_as_the_form_does_when_the_tool_did_not(write):
    row = {name: cell for name, cell in ODK_FINDING.items() if name != "walk_id"}
    assert raw(write([row]))[0].at[2, "walk_id"] == "tv-2026-03-01-on-norrby"
    assert raw(write([row | {"network_id": ""}]))[0].at[2, "walk_id"] == ""


def test_a_day_with_a_time_is_a_day(write):
    rows = [OWN | {"observed_date": day} for day in ("2026-03-01T18:30:00.000+01:00", "2026-03-01")]
    assert raw(write(rows))[0]["observed_date"].tolist() == ["2026-03-01"] * 2


def layer(*properties, geometry, system=crs.WGS84):
    return gpd.GeoDataFrame(list(properties), geometry=list(geometry), crs=system)


PROPERTIES = {
    **{
        "record": "finding",
        "network_id": "on-norrby",
        "walk_date": "2026-03-01",
        "light": "mörker",
    },
    **{"kind": "brist", "category": "belysning", "description": FINDING["description"]},
    **{"walk_id": "tv-2026-03-01-on-norrby", "observed_date": "2026-03-01"},
}
POINT = shapely.Point(12.94, 57.72)
LINE = shapely.LineString([(12.94, 57.72), (12.94, 57.73)])


@pytest.mark.parametrize(
    "point", [POINT, shapely.MultiPoint([POINT]), shapely.Point(12.94, 57.72, 9)]
)
@pytest.mark.parametrize("system", [crs.WGS84, "EPSG:3857", "EPSG:3008", crs.METRIC])
@pytest.mark.parametrize("name", ["q.gpkg", "q.geojson"])
def test_points_of_a_layer_are_read_in_any_system(name, system, point, tmp_path):
    own = PROPERTIES | {"uuid": "{" + A + "}", "username": SECRETS[1]}
    walk = {"record": "walk", "network_id": "on-norrby", "walk_date": "2026-03-01", "step": 2}
    frame = layer(own, walk, geometry=[point, None]).to_crs(system)
    frame.to_file(tmp_path / name)
    findings, walks = raw(tmp_path / name)
    for axis, expected in zip("xy", AT, strict=True):
        assert float(findings.at[1, axis]) == pytest.approx(float(expected), abs=0.11)
        assert re.fullmatch(r"\d+\.\d", findings.at[1, axis])
    assert facts(findings, 1, FINDING) | {"x": AT[0], "y": AT[1]} == FINDING
    assert walks.loc[2, ["walk_id", "date", "step"]].tolist() == [
        *("tv-2026-03-01-on-norrby", "2026-03-01", "2")
    ]
    assert_no_secret(findings, walks)


def test_kobos_geojson_has_points_and_routes(tmp_path):
    head = {"network_id": "on-norrby", "walk_date": "2026-03-01", "place": "Norrby"}
    own = PROPERTIES | {"_uuid": A, "_location": "57.72 12.94", "_submitted_by": SECRETS[1]}
    frame = layer(own, {"record": "walk", "_uuid": B, **head}, geometry=[POINT, LINE])
    path = tmp_path / "kobo.geojson"
    frame.to_file(path)
    findings, walks = raw(path)
    assert facts(findings, 1, FINDING) == FINDING
    assert walks.at[2, "route"] == WALK["route"]
    assert_no_secret(findings, walks)


def test_a_layer_without_a_point_has_it_in_its_columns(tmp_path):
    frame = layer(
        PROPERTIES | {"_uuid": A, "location": "57.72 12.94 0 0"}, PROPERTIES, geometry=[None, POINT]
    )
    frame.to_file(tmp_path / "a.geojson")
    findings, _ = raw(tmp_path / "a.geojson")
    assert findings[["x", "y"]].to_numpy().tolist() == [list(AT), list(AT)]


def test_swapped_points_of_a_layer_are_left(tmp_path):
    frame = layer(PROPERTIES, PROPERTIES, geometry=[shapely.Point(57.72, 12.94), POINT])
    frame.to_file(tmp_path / "a.geojson")
    findings, _ = raw(tmp_path / "a.geojson")
    assert findings[["x", "y"]].to_numpy().tolist() == [["57.72", "12.94"], list(AT)]


def test_degrees_in_a_layer_that_says_metres_are_not_mended(tmp_path):
    layer(PROPERTIES, geometry=[POINT]).set_crs(crs.METRIC, allow_override=True).to_file(
        tmp_path / "a.gpkg"
    )
    findings, _ = raw(tmp_path / "a.gpkg")
    assert findings.loc[1, ["x", "y"]].tolist() == ["12.9", "57.7"]


def test_polygons_and_many_points_have_no_place(tmp_path):
    shapes = [shapely.box(12.9, 57.7, 13, 57.8), shapely.MultiPoint([(12.9, 57.7), (13, 57.7)])]
    layer(PROPERTIES, PROPERTIES, geometry=shapes).to_file(tmp_path / "a.geojson")
    findings, _ = raw(tmp_path / "a.geojson")
    assert findings[["x", "y"]].to_numpy().tolist() == [["", ""]] * 2


def test_a_layer_without_a_system_is_refused(tmp_path):
    path = tmp_path / "a.parquet"
    layer(PROPERTIES, geometry=[POINT]).set_crs(None, allow_override=True).to_parquet(path)
    with pytest.raises(GeoError, match="koordinatsystem"):
        raw(path)


def test_a_file_without_rows_gives_empty_tables(write, tmp_path):
    findings, walks = raw(write([], head=ODK_HEAD))
    assert findings.empty
    assert walks.empty
    (tmp_path / "a.geojson").write_text('{"type": "FeatureCollection", "features": []}')
    assert [len(table) for table in raw(tmp_path / "a.geojson")] == [0, 0]


def test_bad_files_are_refused_with_a_sentence(tmp_path):
    for name, content in (
        ("a.csv", b"a\x00b"),
        ("a.xlsx", b"hej"),
        ("a.geojson", b"{"),
        ("a.gpkg", b"hej"),
        ("a.zip", b"PK"),
        ("a.csv", b""),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(UnreadableFileError, match=r"\.$"):
            raw(tmp_path / name)


def test_odd_cells_of_a_layer_are_text(tmp_path):
    own = PROPERTIES | {
        "organisers": ["A", "B"],
        "owner": None,
        "done_date": {"a": 1},
        "step": True,
    }
    features = [{"type": "Feature", "properties": own, "geometry": None}]
    (tmp_path / "a.json").write_text(
        json.dumps({"type": "FeatureCollection", "features": features})
    )
    findings, _ = raw(tmp_path / "a.json")
    assert all(isinstance(cell, str) for cell in findings.loc[1])
    assert findings.at[1, "owner"] == ""


def test_the_form_that_we_make_is_the_export_that_we_read(write):
    book = openpyxl.load_workbook(BytesIO(xlsform.workbook(*[_NOTHING] * 3)))
    names = [row[1] for row in list(book["survey"].values)[1:]]
    known = {headers.column(name): name for name in names}
    assert len(known) == len(names)
    assert "" not in known


_NOTHING = pd.DataFrame(columns=["layer", "name", "examples"])


@pytest.mark.parametrize(
    "header",
    [
        *PERSONAL,
        *(
            "SubmitterID",
            "SubmitterName",
            "ReviewState",
            "_submitted_by",
            "_status",
            "_notes",
            "_id",
        ),
        *("formhub/uuid", "start", "end", "today", "meta-instanceName", "meta/deprecatedID", "fid"),
        *("location-Altitude", "_location_precision", "instanceName"),
        *("telefon", "namn", "e-post", "telefon-svar", "person/plats", ""),
    ],
)
def test_what_is_not_ours_is_not_read(header):
    assert headers.column(header) == ""


@given(st.text())
def test_no_header_makes_it_fail(header):
    assert isinstance(headers.column(header), str)


@given(st.text())
def test_no_text_of_a_route_makes_it_fail(text):
    assert coordinates.line(text) == text or coordinates.line(text).startswith("LINESTRING")


def test_a_route_that_is_no_route_is_left():
    for text in (
        "",
        "57.72 12.94 0 0",
        "12.94 57.72; 12.95 57.73",
        "a b; c d",
        "LINESTRING (1 2, 3 4)",
    ):
        assert coordinates.line(text) == text


@given(st.lists(st.tuples(st.floats(57.5, 57.9), st.floats(12.7, 13.3)), min_size=1, max_size=9))
def test_degrees_become_metres_as_proj_has_it(places):
    table = pd.DataFrame(places, columns=["lat", "lon"]).map(repr).astype(object)
    found = coordinates.points(table).astype(float)
    lat, lon = zip(*places, strict=True)
    expected = gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs=crs.WGS84).to_crs(crs.METRIC)
    assert (abs(found["x"] - expected.x) < 0.06).all()
    assert (abs(found["y"] - expected.y) < 0.06).all()
