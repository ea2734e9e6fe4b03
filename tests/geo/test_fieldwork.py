"""What holds of walks and findings now: kept, shipped or made up; filters, news, cells, flags."""

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, Point, box
from shapely.geometry import mapping

from geo import chain, crs, fieldwork, kinds, read
from geo.errors import GeoError
from geo.fieldwork import Filter

TODAY = pd.Timestamp("2026-03-01")
DAYS = [column.name for column in kinds.FINDINGS.columns if column.type == "date"]
TEXTS = [column.name for column in kinds.FINDINGS.columns if column.type == "text"]
EAST, NORTH = 377_000, 6_400_000


def findings(*rows, crs_=3006):
    """Make findings: every column; point = (east, north) in metres from a corner, or None."""
    known = dict.fromkeys(TEXTS, "") | dict.fromkeys(DAYS, pd.NaT)
    known |= {"kind": "brist", "status": "noted", "observed_date": TODAY, "category": "trafik"}
    made = [known | {"finding_id": f"f{n}"} | row for n, row in enumerate(rows, start=1)]
    places = [row.pop("point", None) for row in made]
    table = pd.DataFrame(made, columns=["finding_id", *TEXTS[1:], *DAYS])
    table = table.astype(dict.fromkeys(DAYS, "datetime64[ns]")).set_index("finding_id")
    points = [place and Point(EAST + place[0], NORTH + place[1]) for place in places]
    return gpd.GeoDataFrame(table, geometry=points, crs=crs_)


def walks(*rows):
    known = {"network_id": "", "place": "", "source": "prov", "same_as": "", "route": None}
    made = [known | row for row in rows]
    routes = [row.pop("route") for row in made]
    table = pd.DataFrame(made, columns=["walk_id", *list(known)[:-1]], dtype=object)
    return gpd.GeoDataFrame(table.set_index("walk_id"), geometry=routes, crs=crs.METRIC)


@pytest.fixture
def town():
    index = pd.Index(["A", "B"], name="base_area_id")
    squares = [box(EAST, NORTH, EAST + 1_000, NORTH + 1_000)]
    squares.append(box(EAST + 1_000, NORTH, EAST + 2_000, NORTH + 1_000))
    return gpd.GeoDataFrame({"name": ["Norr", "Söder"]}, geometry=squares, index=index, crs=3006)


SHIPPED = walks({"walk_id": "s1", "place": "Hulta"}, {"walk_id": "s2", "place": "Sjöbo"})
NOTHING = (walks(), findings())
MADE_UP = (walks({"walk_id": "d1", "source": "synthetic"}), findings({"source": "synthetic"}))


def test_with_nothing_kept_the_made_up_stand_beside_what_ships():
    now = fieldwork.current(NOTHING, SHIPPED, MADE_UP)
    assert now.is_demo
    assert now.walks.index.tolist() == ["s1", "s2", "d1"]
    assert now.findings.index.tolist() == ["f1"]
    assert now.findings["source"].tolist() == ["synthetic"]


def test_a_kept_walk_goes_before_the_shipped_one_of_its_id():
    kept = (walks({"walk_id": "s2", "place": "Rättad"}, {"walk_id": "k1"}), findings())
    now = fieldwork.current(kept, SHIPPED, MADE_UP)
    assert now.walks.index.tolist() == ["s2", "k1", "s1", "d1"]
    assert now.walks["place"].tolist() == ["Rättad", "", "Hulta", ""]
    assert now.is_demo


def test_the_first_real_finding_replaces_the_made_up_whole():
    kept = (walks({"walk_id": "k1"}), findings({"finding_id": "r1", "source": "Åsa"}))
    now = fieldwork.current(kept, SHIPPED, MADE_UP)
    assert not now.is_demo
    assert now.walks.index.tolist() == ["k1", "s1", "s2"]
    assert now.findings.index.tolist() == ["r1"]
    assert "synthetic" not in {*now.walks["source"], *now.findings["source"]}


def test_without_the_demonstration_nothing_is_made_up():
    now = fieldwork.current(NOTHING, SHIPPED, MADE_UP, with_demo=False)
    assert (now.is_demo, now.walks.index.tolist(), len(now.findings)) == (False, ["s1", "s2"], 0)


def test_where_nothing_is_made_up_nothing_is_marked():
    now = fieldwork.current(NOTHING, SHIPPED, NOTHING)
    assert (now.is_demo, now.walks.index.tolist(), len(now.findings)) == (False, ["s1", "s2"], 0)


def test_nothing_at_all_is_an_empty_frame():
    now = fieldwork.current(NOTHING, SHIPPED.iloc[:0], NOTHING)
    assert (len(now.walks), len(now.findings), now.is_demo) == (0, 0, False)
    assert now.walks.crs == crs.METRIC


def test_what_ships_is_put_together_in_metres():
    made_up = (read.demo_walks()[0], read.demo_findings()[0])
    empty = (made_up[0].iloc[:0], made_up[1].iloc[:0])
    now = fieldwork.current(empty, read.walks()[0], made_up)
    assert len(now.walks) == 13 + len(made_up[0])
    assert now.walks.crs == now.findings.crs == crs.METRIC
    assert now.walks.index.is_unique
    assert now.walks.index.name == "walk_id"


def test_a_walk_lies_where_its_place_is(town):
    places = pd.DataFrame({"base_area_ids": ["A;B", "B", ""]}, index=["Ort", "By", "Tomt"])
    rows = [{"walk_id": f"w{n}", "place": p} for n, p in enumerate(["Ort", "By", "Tomt", "Norr"])]
    found = fieldwork.located(walks(*rows, {"walk_id": "w9", "place": "Okänd"}), places, town)
    assert found["base_area_ids"].tolist() == [("A", "B"), ("B",), (), ("A",), ()]


def test_a_place_goes_before_a_base_area_of_its_name(town):
    places = pd.DataFrame({"base_area_ids": ["B"]}, index=["Norr"])
    found = fieldwork.located(walks({"walk_id": "w", "place": "Norr"}), places, town)
    assert found.at["w", "base_area_ids"] == ("B",)


def test_walks_without_a_place_are_a_wrong_call(town):
    with pytest.raises(GeoError, match="place"):
        fieldwork.located(walks().drop(columns="place"), pd.DataFrame(), town)


def test_every_shipped_walk_lies_somewhere(base_areas):
    found = fieldwork.located(read.walks()[0], read.register("places", "place"), base_areas)
    assert (found["base_area_ids"].map(len) > 0).all()
    assert set(found["base_area_ids"].explode()) <= set(base_areas.index)


def matched(table, **asked):
    return table.index[fieldwork.matching(table, Filter(**asked), TODAY)].tolist()


def test_no_filter_asks_for_everything():
    table = findings({}, {"kind": "bra"})
    assert matched(table) == ["f1", "f2"]
    assert fieldwork.matching(table.iloc[:0], Filter(), TODAY).tolist() == []


def test_each_filter_by_hand():
    owned = {"status": "owned", "owner": "Polisen"}
    table = findings(
        {"category": "vatten", "light": "mörker"},
        owned | {"due_date": pd.Timestamp("2026-02-28")},
        owned | {"due_date": TODAY},
        {"kind": "bra", "due_date": pd.Timestamp("2026-02-28")},
        {"status": "done", "observed_date": pd.Timestamp("2025-03-01")},
        {"status": "declined", "observed_date": pd.Timestamp("2025-03-02")},
    )
    assert matched(table, categories=("vatten", "ovrigt")) == ["f1"]
    assert matched(table, light="mörker") == ["f1"]
    assert matched(table, kind="bra") == ["f4"]
    assert matched(table, status="waiting") == ["f1", "f2", "f3"]
    assert matched(table, status="ended") == ["f5", "f6"]
    assert matched(table, status="overdue") == ["f2"]
    assert matched(table, status="noted") == ["f1", "f4"]
    assert matched(table, status="done") == ["f5"]
    assert matched(table, period="2025") == ["f5", "f6"]
    assert matched(table, period="12") == ["f1", "f2", "f3", "f4", "f6"]
    assert matched(table, period="2026", status="waiting", light="mörker") == ["f1"]
    assert matched(table, period="1999") == []


def naive(row, asked):
    waits = row.kind == "brist" and row.status in ("noted", "owned", "answered")
    by_status = {
        "": True,
        "waiting": waits,
        "ended": row.kind == "brist" and row.status in ("done", "verified", "declined"),
        "overdue": waits and not pd.isna(row.due_date) and row.due_date < TODAY,
    }
    noted = row.observed_date
    by_period = {"": True, "12": not pd.isna(noted) and noted > pd.Timestamp("2025-03-01")}
    return (
        (not asked.categories or row.category in asked.categories)
        and asked.light in ("", row.light)
        and asked.kind in ("", row.kind)
        and by_status.get(asked.status, row.status == asked.status)
        and by_period.get(asked.period, not pd.isna(noted) and str(noted.year) == asked.period)
    )


near = st.one_of(st.just(pd.NaT), st.integers(-500, 2).map(lambda n: TODAY + pd.Timedelta(days=n)))
rows = st.fixed_dictionaries(
    {
        "category": st.sampled_from(["trafik", "vatten", "ovrigt"]),
        "status": st.sampled_from(chain.STATUSES),
        "kind": st.sampled_from(["brist", "bra"]),
        "light": st.sampled_from(["", "mörker", "dagsljus"]),
        "observed_date": near,
        "due_date": near,
    }
)
filters = st.builds(
    Filter,
    st.sampled_from([(), ("trafik",), ("vatten", "ovrigt")]),
    st.sampled_from(["", "waiting", "ended", "overdue", *chain.STATUSES]),
    st.sampled_from(["", "mörker", "skymning"]),
    st.sampled_from(["", "brist", "bra"]),
    st.sampled_from(["", "12", "2024", "2025", "2026"]),
)


@given(st.lists(rows, max_size=12), filters)
def test_a_filter_matches_what_a_person_would_pick(made, asked):
    table = findings(*made)
    picked = [row.Index for row in table.itertuples() if naive(row, asked)]
    mask = fieldwork.matching(table, asked, TODAY)
    assert table.index[mask].tolist() == picked
    assert mask.index.equals(table.index)


def test_what_happened_since_a_day_newest_first():
    stamp = pd.Timestamp
    table = findings(
        {"observed_date": stamp("2026-01-05")},
        {
            "status": "verified",
            "observed_date": stamp("2026-01-02"),
            "answered_date": stamp("2026-01-10"),
            "done_date": stamp("2026-02-02"),
            "verified_date": stamp("2026-02-20"),
        },
        {
            "status": "declined",
            "observed_date": stamp("2025-12-01"),
            "answered_date": stamp("2026-02-02"),
        },
        {"observed_date": pd.NaT},
    )
    found = fieldwork.since(table, stamp("2026-01-05"))
    assert found.columns.tolist() == ["finding_id", "status", "day"]
    assert found[["finding_id", "status"]].values.tolist() == [
        ["f2", "verified"],
        ["f2", "done"],
        ["f3", "declined"],
        ["f2", "answered"],
        ["f1", "noted"],
    ]
    assert found["day"].is_monotonic_decreasing
    assert fieldwork.since(table, stamp("2026-02-21")).empty
    assert fieldwork.since(table.iloc[:0], stamp("2020-01-01")).empty


def test_the_day_on_which_an_owner_is_named_is_in_the_steps_alone():
    table = pd.DataFrame(
        {"status": ["owned"], "observed_date": [pd.Timestamp("2026-01-05")]}
        | {name: [pd.NaT] for name in ("answered_date", "done_date", "verified_date")},
        index=pd.Index(["f1"], name="finding_id"),
    )
    steps = pd.DataFrame(
        {"finding_id": ["f1", "f1", "gone"], "status": ["noted", "owned", "owned"]}
        | {"day": ["2026-01-05", "2026-02-01", "2026-02-01"]}
    )
    found = fieldwork.since(table, pd.Timestamp("2026-01-06"), steps)
    assert found[["finding_id", "status"]].values.tolist() == [["f1", "owned"]]
    assert found["day"].tolist() == [pd.Timestamp("2026-02-01")]
    assert fieldwork.since(table, pd.Timestamp("2026-02-02"), steps).empty
    assert len(fieldwork.since(table, pd.Timestamp("2026-01-01"), steps)) == 2


@given(st.lists(rows, max_size=10), st.integers(-600, 5))
def test_every_known_day_is_news_once(made, back):
    table = findings(*made)
    day = TODAY + pd.Timedelta(days=back)
    found = fieldwork.since(table, day)
    assert len(found) == sum((table[name] >= day).sum() for name in chain.DATES)
    assert (found["day"] >= day).all()
    assert found["day"].is_monotonic_decreasing
    assert set(found["finding_id"]) <= set(table.index)


def test_periods_are_the_years_in_which_something_was_noted():
    days = ["2017-10-03", "2022-11-10", "2022-01-01", None]
    table = findings(*({"observed_date": pd.to_datetime(day)} for day in days))
    assert fieldwork.periods(table) == ["2022", "2017"]
    assert fieldwork.periods(table.iloc[:0]) == []


def test_points_of_a_square_are_put_together_by_hand():
    table = findings(
        {"point": (1, 1)},
        {"point": (3, 1), "status": "done"},
        {"point": (11, 1), "kind": "bra"},
        {"point": (10, 0)},
        {},
    )
    cells = fieldwork.gathered(table, 10.0)
    assert cells.columns.tolist() == ["x", "y", "n", "n_open"]
    assert (cells - [EAST, NORTH, 0, 0]).values.tolist() == [[2, 1, 2, 1], [10.5, 0.5, 2, 1]]
    assert fieldwork.gathered(table.iloc[4:], 10.0).empty
    assert fieldwork.gathered(table.iloc[:0], 10.0).empty


places = st.one_of(st.none(), st.tuples(st.integers(-60, 60), st.integers(-60, 60)))
pointed = st.fixed_dictionaries({"point": places, "status": st.sampled_from(chain.STATUSES)})


@given(st.lists(pointed, min_size=1, max_size=25), st.sampled_from([1.0, 7.0, 50.0]), st.randoms())
def test_no_point_is_lost_and_order_changes_nothing(made, side, chance):
    table = findings(*made)
    cells = fieldwork.gathered(table, side)
    held = table[table.geometry.notna()]
    assert cells["n"].sum() == len(held)
    assert cells["n_open"].sum() == chain.is_open(held).sum()
    told = sorted(map(tuple, cells.round(6).to_numpy()))
    by_square = {}
    for point, is_open in zip(held.geometry, chain.is_open(held), strict=True):
        square = by_square.setdefault((point.x // side, point.y // side), [])
        square.append((point.x, point.y, 1, is_open))
    means = [np.array(square, float) for square in by_square.values()]
    naive_cells = [(*cell[:, :2].mean(axis=0), *cell[:, 2:].sum(axis=0)) for cell in means]
    assert told == sorted(map(tuple, np.round(naive_cells, 6)))
    order = list(range(len(table)))
    chance.shuffle(order)
    again = fieldwork.gathered(table.iloc[order], side)
    assert told == sorted(map(tuple, again.round(6).to_numpy()))


ROUTE = LineString([(EAST, NORTH + 500), (EAST + 1_000, NORTH + 500)])
LAKE = box(EAST + 100, NORTH + 100, EAST + 200, NORTH + 200)


def flagged(table, town, *water):
    on = walks({"walk_id": "w1", "route": ROUTE}, {"walk_id": "w2"})
    found = fieldwork.flags(table, town, on, water)
    assert found.columns.tolist() == ["finding_id", "flag", "distance_m"]
    return list(zip(found["finding_id"], found["flag"], strict=True)), found


def test_what_a_person_should_look_at_is_flagged(town):
    table = findings(
        {"point": (500, 500), "walk_id": "w1"},
        {"point": (5_000, 500), "walk_id": "w1"},
        {"point": (150, 150), "walk_id": "w2"},
        {"point": (500, 900), "walk_id": "w1"},
        {"point": (500, 800), "walk_id": "w1"},
        {"point": (500, 801), "walk_id": "w1"},
        {"walk_id": "w1"},
        {"point": (-1, 500)},
        {"point": (0, 0), "walk_id": "borta"},
    )
    told, found = flagged(table, town, LAKE)
    assert told == [
        ("f2", "outside"),
        ("f8", "outside"),
        ("f2", "far_from_route"),
        ("f4", "far_from_route"),
        ("f6", "far_from_route"),
        ("f3", "in_water"),
    ]
    far = found[found["flag"] == "far_from_route"]
    assert far["distance_m"].tolist() == [4_000, 400, 301]
    assert found.loc[found["flag"] == "in_water", "distance_m"].isna().all()


def test_without_a_layer_of_water_nothing_is_in_it(town):
    table = findings({"point": (150, 150)})
    assert flagged(table, town)[0] == []
    assert flagged(table, town, LAKE)[0] == [("f1", "in_water")]
    assert flagged(table.iloc[:0], town, LAKE)[0] == []


def test_a_point_on_the_shore_is_not_in_the_water_and_one_on_the_border_not_outside(town):
    table = findings({"point": (100, 150)}, {"point": (2_000, 0)})
    assert flagged(table, town, LAKE)[0] == []


@pytest.mark.parametrize("which", [0, 1])
def test_flags_in_degrees_are_a_wrong_call(town, which):
    frames = [findings({"point": (1, 1)}), town]
    frames[which] = frames[which].to_crs(4326)
    with pytest.raises(GeoError, match="EPSG:3006 väntades"):
        fieldwork.flags(*frames, walks())


def test_water_is_read_into_metres(tmp_path, town):
    lake = gpd.GeoDataFrame({"name": ["Sjö", "Å"]}, geometry=[LAKE, None], crs=3006)
    lake.to_file(tmp_path / "vatten.gpkg")
    feature = {
        "type": "Feature",
        "properties": {},
        "geometry": mapping(lake.to_crs(4326).geometry[0]),
    }
    (tmp_path / "vatten.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": [feature]})
    )
    for name in ("vatten.gpkg", "vatten.geojson"):
        [water] = read.water(tmp_path / name)
        assert water.symmetric_difference(LAKE).area < 1
        told, _ = flagged(findings({"point": (150, 150)}, {"point": (50, 50)}), town, water)
        assert told == [("f1", "in_water")]


def test_water_whose_polygon_crosses_itself_still_tells(tmp_path, town):
    crossed = "POLYGON ((0 0, 1000 1000, 1000 0, 0 1000, 0 0))"
    shape = gpd.GeoSeries.from_wkt([crossed]).translate(EAST, NORTH)
    gpd.GeoDataFrame(geometry=shape, crs=3006).to_file(tmp_path / "vatten.gpkg")
    water = [*read.water(tmp_path / "vatten.gpkg"), LAKE]
    told, _ = flagged(findings({"point": (900, 500)}, {"point": (500, 100)}), town, *water)
    assert told == [("f1", "in_water")]


def test_no_layer_of_water_is_none_and_one_without_a_crs_is_told(tmp_path):
    assert read.water(tmp_path / "borta.geojson") == []
    gpd.GeoDataFrame(geometry=[LAKE], crs=3006).to_parquet(tmp_path / "vatten.parquet")
    frame = gpd.read_parquet(tmp_path / "vatten.parquet").set_crs(None, allow_override=True)
    frame.to_parquet(tmp_path / "vatten.parquet")
    with pytest.raises(GeoError, match="vatten: koordinatsystem väntades"):
        read.water(tmp_path / "vatten.parquet")
