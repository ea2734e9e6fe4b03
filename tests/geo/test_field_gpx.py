import json
import subprocess
import sys
import tempfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo import crs
from geo.errors import GeoError, UnreadableFileError
from geo.field.gpx import MAX_BYTES, TOLERANCE_M, route

NS11 = 'xmlns="http://www.topografix.com/GPX/1/1"'
NS10 = 'xmlns="http://www.topografix.com/GPX/1/0"'
WALK = [(57.72, 12.94), (57.725, 12.94), (57.73, 12.945)]
BORAS = shapely.box(360_000, 6_380_000, 400_000, 6_420_000)


def points(places, tag="trkpt", inner=""):
    return "".join(f'<{tag} lat="{lat}" lon="{lon}">{inner}</{tag}>' for lat, lon in places)


def track(*segments, inner=""):
    held = "".join(f"<trkseg>{points(places, inner=inner)}</trkseg>" for places in segments)
    return f"<trk><name>Norrby</name>{held}</trk>"


def gpx(content, attributes=f'version="1.1" {NS11}'):
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<gpx creator="x" {attributes}>{content}</gpx>'


@pytest.fixture
def write(tmp_path):
    def written(content, name="vandring.gpx"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return written


def metric(places):
    lat, lon = np.array(places).T
    return gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs=crs.WGS84).to_crs(crs.METRIC)


EXTRAS = (
    "<ele>150</ele><time>2026-03-01T18:30:00Z</time>"
    "<extensions><g:hr xmlns:g='u'>9</g:hr></extensions>"
)
FORMS = {
    "1.1": gpx(track(WALK)),
    "1.0": gpx(track(WALK), f'version="1.0" {NS10}'),
    "no version, no namespace": f"<gpx>{track(WALK)}</gpx>",
    "a prefix": gpx(track(WALK))
    .replace("<", "<x:")
    .replace("<x:/", "</x:")
    .replace("<x:?", "<?")
    .replace("xmlns=", "xmlns:x="),
    "extensions": gpx(f"<metadata><name>å&amp;ä</name></metadata>{track(WALK, inner=EXTRAS)}"),
    "a byte order mark": "\ufeff" + gpx(track(WALK)),
    "waypoints besides": gpx('<wpt lat="57.9" lon="12.9"/>' + track(WALK)),
    "a segment without points": gpx(track([], WALK, [])),
    "a segment of one point": gpx(track([WALK[0]], WALK)),
    "a track before a route": gpx(
        f"<rte>{points([(57.8, 12.9), (57.9, 12.9)], 'rtept')}</rte>{track(WALK)}"
    ),
    "a point that says nothing": gpx(track(WALK)).replace("</trkseg>", "<trkpt/></trkseg>"),
    "points that are nowhere": gpx(
        track([(5700, 12.9), *WALK, ("nan", 12.9), ("x", 12.9), (57, "inf")])
    ),
    "a route": gpx(f"<rte>{points(WALK, 'rtept')}</rte>"),
    "a route and a track of one point": gpx(
        track([WALK[0]]) + f"<rte>{points(WALK, 'rtept')}</rte>"
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_track_is_read_however_it_is_written(form, write):
    line = route(write(FORMS[form]), inside=BORAS)
    assert line.geom_type == "LineString"
    places = metric(WALK)
    assert shapely.Point(line.coords[0]).distance(places.iloc[0]) < 0.01
    assert shapely.Point(line.coords[-1]).distance(places.iloc[-1]) < 0.01
    assert max(line.distance(place) for place in places) <= TOLERANCE_M


def test_utf_16_is_read(write):
    text = gpx(track(WALK)).replace("UTF-8", "UTF-16")
    assert route(write(text.encode("utf-16"))).geom_type == "LineString"


def test_several_tracks_and_segments_are_several_lines(write):
    away = [(57.74, 12.95), (57.75, 12.95)]
    more = [(57.76, 12.96), (57.77, 12.96)]
    line = route(write(gpx(track(WALK, away) + track(more))))
    assert line.geom_type == "MultiLineString"
    assert len(line.geoms) == 3


def test_a_jump_is_left_as_it_is(write):
    line = route(write(gpx(track([(57.72, 12.94), (57.7201, 12.94), (57.8, 12.94)]))))
    assert line.length > 8_000


def test_small_steps_are_simplified_and_stay_within_the_tolerance(write):
    steps = [(57.72 + n * 1e-5, 12.94 + (n % 2) * 1e-5) for n in range(2_500)]
    line = route(write(gpx(track(steps))))
    assert len(line.coords) < 30
    assert max(line.distance(place) for place in metric(steps)) <= TOLERANCE_M


def test_a_line_that_is_made_to_crash_the_simplifier_does_not(write):
    """250 000 points, each further out than the one before: GEOS alone runs out of its stack."""
    n = np.arange(250_000)
    places = np.column_stack([57.7 + 5e-8 * n * (-1.0) ** n, 12.9 + 1e-8 * n])
    text = "".join(f'<trkpt lat="{lat:.7f}" lon="{lon:.6f}"/>' for lat, lon in places[:190_000])
    path = write(f"<gpx><trk><trkseg>{text}</trkseg></trk></gpx>")
    code = f"from geo.field.gpx import route; route({str(path)!r})"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_ends_are_cut_only_when_asked(write):
    path = write(gpx(track(WALK)))
    whole = route(path)
    assert whole.distance(metric(WALK).iloc[0]) < 0.01
    cut = route(path, trim_m=50)
    assert cut.length == pytest.approx(whole.length - 100)
    assert cut.within(whole.buffer(0.01))
    for end in (0, -1):
        assert shapely.Point(cut.coords[end]).distance(shapely.Point(whole.coords[end])) > 49


def test_cutting_goes_on_into_the_next_segment(write):
    short = [(57.72, 12.94), (57.7201, 12.94)]  # 11 metres
    line = route(write(gpx(track(short, [(57.73, 12.94), (57.74, 12.94)]))), trim_m=50)
    assert line.geom_type == "LineString"
    assert line.length == pytest.approx(1113 + 11 - 100, abs=1)


def test_a_line_shorter_than_what_is_cut_is_told(write):
    with pytest.raises(GeoError, match=r"kortare än de 1000 meter .* Ta bort mindre"):
        route(write(gpx(track(WALK))), trim_m=1_000)


BOMB = '<!DOCTYPE gpx [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
FAULTS = {
    "no XML": ("hej", "ingen läsbar GPX-fil"),
    "other XML": ("<kml><gpx/></kml>", "ingen läsbar GPX-fil"),
    "cut off": (gpx(track(WALK))[:-20], "ingen läsbar GPX-fil"),
    "two roots": (f"<gpx/>{gpx(track(WALK))[40:]}", "ingen läsbar GPX-fil"),
    "an unknown encoding": (gpx(track(WALK)).replace("UTF-8", "x-nej"), "ingen läsbar GPX-fil"),
    "bytes": (b"\x89PNG\x00\x01", "ingen läsbar GPX-fil"),
    "only waypoints": (gpx('<wpt lat="57.7" lon="12.9"/>'), "varken spår .* eller rutt"),
    "nothing": (gpx(""), "varken spår .* eller rutt"),
    "no points": (gpx(track([])), "inget spår med minst två olika punkter"),
    "one point": (gpx(track([WALK[0]])), "inget spår med minst två olika punkter"),
    "one point twice": (gpx(track([WALK[0]] * 2)), "inget spår med minst två olika punkter"),
    "a bomb": (gpx(track(WALK)).replace("<gpx", f"{BOMB}<gpx"), "DOCTYPE"),
    "a bomb in UTF-16": (
        gpx(track(WALK)).replace("UTF-8", "UTF-16").replace("<gpx", f"{BOMB}<gpx").encode("utf-16"),
        "DOCTYPE",
    ),
    "a file of the computer": (
        gpx("&x;").replace("<gpx", '<!DOCTYPE gpx [<!ENTITY x SYSTEM "file:///etc/passwd">]><gpx'),
        "DOCTYPE",
    ),
    "empty": ("", "är tom"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_cannot_be_read_is_told_with_the_remedy(fault, write):
    content, sentence = FAULTS[fault]
    with pytest.raises(UnreadableFileError, match=sentence) as told:
        route(write(content))
    assert str(told.value).endswith(".")
    assert str(told.value).count(". ") >= 1


def test_a_file_that_names_another_file_is_not_followed(write, tmp_path):
    """GDAL would open it: a virtual layer behind the name of a GPX."""
    secret = write(gpx(track(WALK)), "hemlig.gpx")
    layer = (
        f"<OGRVRTLayer name='tracks'><SrcDataSource>{secret}</SrcDataSource>"
        "<SrcLayer>tracks</SrcLayer></OGRVRTLayer>"
    )
    for text in (
        f"<OGRVRTDataSource>{layer}</OGRVRTDataSource>",
        f"<gpx/><OGRVRTDataSource>{layer}",
    ):
        with pytest.raises(UnreadableFileError, match="ingen läsbar GPX-fil"):
            route(write(text))


def test_a_large_file_is_refused_before_it_is_read(write):
    with pytest.raises(UnreadableFileError, match=r"större än 10 MB. Spara bara"):
        route(write(b" " * (MAX_BYTES + 1)))


def test_another_kind_of_file_is_refused(write):
    with pytest.raises(UnreadableFileError, match=r"filer av typen .txt kan inte läsas"):
        route(write("hej", "vandring.txt"))


def test_a_route_outside_the_municipality_is_told_and_one_that_touches_it_is_not(write):
    path = write(gpx(track([(59.33, 18.06), (59.34, 18.06)])))
    with pytest.raises(GeoError, match=r"helt utanför kommunen. Kontrollera"):
        route(path, inside=BORAS)
    assert route(path).length > 0
    over = write(gpx(track([(57.72, 12.94), (58.5, 12.94)])))
    assert route(over, inside=BORAS).length > 80_000


@pytest.mark.parametrize("name", ["vag.geojson", "vag.gpkg"])
def test_lines_of_a_layer_are_read(name, tmp_path):
    lines = gpd.GeoDataFrame(
        geometry=[
            shapely.LineString([(370_000, 6_400_000), (371_000, 6_400_000)]),
            shapely.MultiLineString([[(372_000, 6_400_000), (372_000, 6_401_000)]]),
            shapely.Point(370_000, 6_400_000) if name.endswith("n") else None,
        ],
        crs=crs.METRIC,
    )
    lines.to_file(tmp_path / name)
    found = route(tmp_path / name, inside=BORAS)
    assert found.geom_type == "MultiLineString"
    assert found.length == pytest.approx(2_000, abs=0.1)


def test_a_layer_whose_coordinates_have_changed_places_is_told(write):
    line = {"type": "LineString", "coordinates": [[57.72, 12.94], [57.73, 12.94]]}
    features = [{"type": "Feature", "properties": {}, "geometry": line}]
    text = json.dumps({"type": "FeatureCollection", "features": features})
    with pytest.raises(UnreadableFileError, match="bytt plats"):
        route(write(text, "vag.geojson"))


PLACES = st.lists(
    st.tuples(st.floats(57.6, 57.9), st.floats(12.7, 13.2)), min_size=2, max_size=30, unique=True
)


@given(PLACES)
def test_every_track_comes_back_within_the_tolerance(places):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.gpx"
        path.write_text(gpx(track(places)))
        try:
            line = route(path)
        except UnreadableFileError:
            at = metric(places)
            assert max(a.distance(b) for a in at for b in at) <= 2 * TOLERANCE_M
            return
    assert max(line.distance(place) for place in metric(places)) <= TOLERANCE_M + 1e-6
