from datetime import timedelta
from statistics import median

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point

from geo import chain, findings, walked
from geo.errors import GeoError
from tests.conftest import EAST, NORTH, PLACES

DAY = pd.Timestamp("2026-03-01")
DATES = ("observed_date", "due_date", "answered_date", "done_date")
COLUMNS = ["walk_id", "kind", "status", "owner", "category", "light", "base_area_id", *DATES]


def at(x, y):
    """Return a point: metres from the south-west corner of the toy town."""
    return Point(EAST + x, NORTH + y)


def days_ago(n):
    return pd.NaT if n is None else DAY - timedelta(days=n)


def findings_of(*rows):
    """Return findings f1, f2, …; a row names what differs; dates as days before DAY."""
    plain = dict.fromkeys(COLUMNS, "") | {"kind": "brist", "status": "noted", "category": "trafik"}
    plain |= {"observed_date": 10, "due_date": None, "answered_date": None, "done_date": None}
    table = pd.DataFrame([plain | row for row in rows], columns=[*COLUMNS, "geometry"])
    for name in DATES:
        table[name] = [days_ago(None if pd.isna(n) else n) for n in table[name]]
    points = [row.get("geometry") for row in rows]
    table.index = pd.Index([f"f{n + 1}" for n in range(len(rows))], name="finding_id", dtype=object)
    return gpd.GeoDataFrame(table[COLUMNS], geometry=points, crs=3006)


def walks_of(*rows):
    """Return walks w1, w2, …: (network_id, route); a route is a list of corners, or None."""
    lines = [LineString([at(*c) for c in route]) if route else None for _, route in rows]
    table = {
        "network_id": [row[0] for row in rows],
        "same_as": "",
        "base_area_ids": [()] * len(rows),
    }
    index = pd.Index([f"w{n + 1}" for n in range(len(rows))], dtype=object)
    return gpd.GeoDataFrame(table, geometry=lines, index=index, crs=3006)


NO_WALKS = walks_of(("on-c", None))[:0]


def summed(found, walks, areas, base_areas, as_of=DAY):
    walk_pairs = walked.pairs(walks, areas, base_areas)
    return findings.summary(found, findings.pairs(found, areas), walks, walk_pairs, areas, as_of)


# The toy town, by hand.


def test_a_finding_lies_in_every_area_that_it_touches(toy_areas, toy_base_areas):
    found = findings_of(
        {"geometry": at(500, 500)},  # s1: bu-a and on-c
        {"geometry": at(1000, 1500)},  # the border of n1 and n2: bu-a, bu-b, on-c
        {"base_area_id": "s2"},  # split: bu-a and bu-b
        {"geometry": at(-9, 0)},
        {"geometry": Point()},
        {},
    )
    pairs = findings.pairs(found, toy_areas)
    assert pairs.to_numpy().tolist() == [
        ["f1", "bu-a", "point"],
        ["f1", "on-c", "point"],
        ["f2", "bu-a", "point"],
        ["f2", "bu-b", "point"],
        ["f2", "on-c", "point"],
        ["f3", "bu-a", "place"],
        ["f3", "bu-b", "place"],
    ]
    lost = found.index[~found.index.isin(pairs["finding_id"])]
    assert lost.tolist() == ["f4", "f5", "f6"]
    small = findings.pairs(found, toy_base_areas)
    assert small[["finding_id", "area_id"]].to_numpy().tolist() == [
        ["f1", "s1"],
        ["f2", "n1"],
        ["f2", "n2"],
        ["f3", "s2"],
    ]


def test_a_point_outranks_the_base_area(toy_base_areas):
    found = findings_of({"geometry": at(500, 500), "base_area_id": "n3"})
    assert findings.pairs(found, toy_base_areas)["area_id"].tolist() == ["s1"]


def test_not_walked_is_not_nothing_found(toy_areas, toy_base_areas):
    walks = walks_of(("on-c", None))
    found = findings_of({"base_area_id": "s3"})  # bu-b and or-d: noted, and nobody walked there
    table = summed(found, walks, toy_areas, toy_base_areas)
    assert table["state"].to_dict() == {
        "bu-a": "not_walked",
        "bu-b": "not_walked",
        "on-c": "walked_nothing_noted",
        "or-d": "not_walked",
    }
    assert table["n_findings"].dropna().to_dict() == {"bu-b": 1, "on-c": 0, "or-d": 1}
    assert table["n_walks"].tolist() == [0, 0, 1, 0]
    assert table["n_findings"].fillna(-1).tolist() == [-1, 1, 0, 1]
    figures = table.columns.drop(["state", "n_walks"])
    assert table.loc["bu-a", figures].isna().all()
    assert table["findings_per_walk"].fillna(-1).tolist() == [-1, -1, 0, -1]
    assert table["share_closed"].fillna(-1).tolist() == [-1, 0, -1, 0]


def test_what_a_walk_noted_without_a_place_is_not_nothing(toy_areas, toy_base_areas):
    walks = walks_of(("on-c", None))
    table = summed(findings_of({"walk_id": "w1"}), walks, toy_areas, toy_base_areas)
    assert table.at["on-c", "state"] == "walked_noted"
    assert np.isnan(table.at["on-c", "n_findings"])
    elsewhere = findings_of(
        {"walk_id": "w1", "base_area_id": "s3"}, {"walk_id": "w1", "geometry": at(-9, 0)}
    )
    table = summed(elsewhere, walks, toy_areas, toy_base_areas)
    assert table.at["on-c", "state"] == "walked_nothing_noted"
    assert table.at["on-c", "n_findings"] == 0


def test_a_finding_of_a_doubled_walk_is_one_of_the_walk_that_counts(toy_areas, toy_base_areas):
    walks = walks_of(("on-c", [(100, 500), (900, 500)]), ("on-c", [(100, 500), (900, 500)]))
    walks["same_as"] = ["", "w1"]
    found = findings_of({"walk_id": "w2", "geometry": at(500, 500)}, {"walk_id": "w2"})
    row = summed(found, walks, toy_areas, toy_base_areas).loc["on-c"]
    assert row[["n_walks", "km_walked", "n_findings", "n_on_routes"]].tolist() == [1, 0.8, 1, 1]
    alone = summed(found[1:], walks, toy_areas, toy_base_areas)
    assert alone.at["on-c", "state"] == "walked_noted"


def test_the_figures_of_an_area(toy_areas, toy_base_areas):
    here = {"base_area_id": "n1"}
    found = findings_of(
        here | {"observed_date": 40, "due_date": 1},
        here | {"due_date": 0, "status": "owned", "owner": "x"},
        here | {"status": "answered", "owner": "x", "answered_date": 4, "due_date": -9},
        here | {"status": "done", "owner": "x", "answered_date": 8, "done_date": 2, "due_date": 5},
        here | {"status": "verified", "owner": "y", "done_date": 10},
        here | {"status": "declined", "owner": "y", "answered_date": 9},
        here | {"kind": "bra", "observed_date": 90, "due_date": 30},
    )
    row = summed(found, NO_WALKS, toy_areas, toy_base_areas).loc["bu-a"]
    assert row[["n_findings", "n_brist", "n_bra", "n_open", "n_closed"]].tolist() == [7, 6, 1, 3, 3]
    assert row[["share_closed", "n_verified", "n_declined", "n_overdue"]].tolist() == [0.5, 1, 1, 1]
    assert row[["days_to_answer", "n_answered"]].tolist() == [2, 3]  # of 6, 2 and 1
    assert row[["days_to_done", "n_done"]].tolist() == [4, 2]  # of 8 and 0
    assert row["oldest_open_days"] == 40
    late = summed(found, NO_WALKS, toy_areas, toy_base_areas, DAY + timedelta(hours=23)).loc["bu-a"]
    assert late["n_overdue"] == 1


def test_per_kilometre_counts_what_was_noted_on_those_kilometres(toy_areas, toy_base_areas):
    walks = walks_of(("on-c", [(0, 500), (500, 500)]), ("on-c", None))
    place = {"geometry": at(250, 500)}
    on_route, on_other, on_none = (place | {"walk_id": w} for w in ("w1", "w2", ""))

    def rates(*rows):
        row = summed(findings_of(*rows), walks, toy_areas, toy_base_areas).loc["on-c"]
        return row[["findings_per_walk", "findings_per_km"]].fillna(-1).tolist()

    assert rates(on_route, on_route, on_other) == [1.5, 4]
    assert rates(on_other) == [0.5, 0]
    assert rates(on_none) == [0.5, -1]  # it may have been on the route
    assert rates(on_none, on_route) == [1, 2]
    assert rates(place | {"walk_id": "w9"}) == [0.5, -1]  # a walk that nobody registered


def test_a_finding_in_two_areas_counts_in_both_and_once_in_the_city(toy_areas, toy_base_areas):
    found = findings_of({"geometry": at(500, 500)})
    table = summed(found, NO_WALKS, toy_areas, toy_base_areas)
    assert table["n_findings"].sum() == 2
    assert findings.total(found, DAY)["n_findings"] == 1


def test_only_the_findings_that_are_given_count(toy_areas, toy_base_areas):
    found = findings_of({"base_area_id": "n1"}, {"base_area_id": "n1", "kind": "bra"})
    pairs = findings.pairs(found, toy_areas)
    walk_pairs = walked.pairs(NO_WALKS, toy_areas, toy_base_areas)
    brist = found[found["kind"] == "brist"]
    table = findings.summary(brist, pairs, NO_WALKS, walk_pairs, toy_areas[:1], DAY)
    assert table.loc["bu-a", ["n_findings", "n_bra"]].tolist() == [1, 0]
    states = findings.state(walk_pairs, pairs, found[:0], toy_areas.index)
    assert set(states) == {"not_walked"}
    assert findings.breakdown(brist, pairs, "kind").to_dict() == {"brist": {"bu-a": 1, "on-c": 1}}


def test_breakdown(toy_areas):
    found = findings_of(
        {"base_area_id": "s1", "status": "done", "light": "mörker"},
        {"base_area_id": "s1", "status": "noted"},
        {"base_area_id": "s2", "status": "noted"},
        {},
    )
    pairs = findings.pairs(found, toy_areas)
    by_status = findings.breakdown(found, pairs, "status")
    assert list(by_status) == ["noted", "done"]
    assert by_status.T.to_dict() == {
        "bu-a": {"noted": 2, "done": 1},
        "bu-b": {"noted": 1, "done": 0},
        "on-c": {"noted": 1, "done": 1},
    }
    assert findings.breakdown(found, pairs, "light").loc["on-c"].to_dict() == {"": 1, "mörker": 1}
    assert findings.breakdown(found[:0], pairs, "light").empty
    with pytest.raises(
        GeoError, match="by: category, light, owner, kind, status väntades, fick 'x'"
    ):
        findings.breakdown(found, pairs, "x")


def test_the_board_begins_with_what_nobody_owns():
    found = findings_of(
        {"status": "owned", "owner": "a", "observed_date": 5, "due_date": 2},
        {"status": "answered", "owner": "a", "observed_date": 9, "due_date": 0},
        {"observed_date": 3},
        {"observed_date": 7},
        {"observed_date": 7},
        {"status": "done", "owner": "a", "done_date": 1},
        {"kind": "bra"},
    )
    table = findings.board(found[::-1], DAY)
    assert table.index.tolist() == ["f4", "f5", "f3", "f2", "f1"]
    assert table["age_days"].tolist() == [7, 7, 3, 9, 5]
    assert table["overdue_days"].fillna(-1).tolist() == [-1, -1, -1, -1, 2]
    assert table.at["f1", "next_statuses"] == chain.allowed("owned")
    assert isinstance(table, gpd.GeoDataFrame)
    assert findings.board(found[:0], DAY).empty


def test_owners():
    found = findings_of(
        {"observed_date": 30},
        {"status": "owned", "owner": "a", "due_date": 2},
        {"status": "done", "owner": "a", "answered_date": 5, "done_date": 1},
        {"status": "declined", "owner": "b"},
        {"kind": "bra", "owner": "c"},
    )
    table = findings.owners(found, DAY)
    assert table.fillna(-1).T.to_dict("list") == {
        "": [1, 0, 30, 0, 0, 0, -1, -1],
        "a": [1, 1, 10, 1, 1, 1, 5, 9],
        "b": [0, 0, -1, 1, 0, 0, -1, -1],
    }
    assert findings.owners(found[:0], DAY).empty


def test_nothing_is_known_where_there_is_nothing(toy_areas, toy_base_areas):
    none = findings_of()
    table = summed(none, NO_WALKS, toy_areas, toy_base_areas)
    assert set(table["state"]) == {"not_walked"}
    assert table.drop(columns=["state", "n_walks"]).isna().all(axis=None)
    total = findings.total(none, DAY)
    assert total["n_findings"] == 0
    assert total[["share_closed", "days_to_done", "oldest_open_days"]].isna().all()
    assert summed(none, NO_WALKS, toy_areas[:0], toy_base_areas).empty


def test_all_faults_of_a_call_are_told(toy_areas):
    found = findings_of({"kind": "x", "status": "klar"}, {})
    with pytest.raises(
        GeoError, match=r"kind: brist, bra väntades, fick \['x'\].* fick \['klar'\]"
    ):
        findings.total(found, DAY)
    with pytest.raises(GeoError, match=r"id:n är inte unika: \['f1', 'f2'\]"):
        findings.pairs(pd.concat([found, found]), toy_areas)
    with pytest.raises(GeoError, match="kolumnerna owner saknas"):
        findings.board(found.drop(columns="owner"), DAY)
    with pytest.raises(GeoError, match="findings: EPSG:3006 väntades, fick 'EPSG:4326'"):
        findings.pairs(found.to_crs(4326), toy_areas)
    with pytest.raises(GeoError, match="punkter väntades"):
        findings.pairs(found.set_geometry([at(0, 0).buffer(1), None], crs=3006), toy_areas)


# Laws, and a naive recomputation.

place = st.tuples(st.integers(-5, 35), st.integers(-5, 25)).map(
    lambda c: at(c[0] * 100, c[1] * 100)
)
ago = st.integers(-20, 60)
brist = st.fixed_dictionaries(
    {
        "kind": st.just("brist"),
        "status": st.sampled_from(chain.STATUSES),
        "owner": st.sampled_from(["", "a", "b"]),
        "due_date": st.none() | ago,
        "answered_date": st.none() | ago,
        "done_date": st.none() | ago,
        "observed_date": ago,
        "walk_id": st.sampled_from(["", "w1", "w2", "w9"]),
        "geometry": st.none() | place,
        "base_area_id": st.sampled_from(["", *PLACES]),
    }
)
some = st.lists(st.one_of(brist, brist.map(lambda row: row | {"kind": "bra", "status": "noted"})))
some_findings = some.map(lambda rows: findings_of(*rows))
WALKS = walks_of(("on-c", [(0, 500), (500, 500)]), ("or-d", None))
MEDIANS = {"days_to_answer": "answered_date", "days_to_done": "done_date"}


def naive(rows, as_of=DAY):
    """Sum up a list of findings with plain Python."""
    brist_ = [row for row in rows if row.kind == "brist"]
    open_ = [row for row in brist_ if row.status in ("noted", "owned", "answered")]
    spans = {
        name: [
            (getattr(row, date) - row.observed_date).days
            for row in brist_
            if getattr(row, date) is not pd.NaT
        ]
        for name, date in MEDIANS.items()
    }
    closed = len(brist_) - len(open_)
    return {
        "n_findings": len(rows),
        "n_brist": len(brist_),
        "n_bra": len(rows) - len(brist_),
        "n_open": len(open_),
        "n_closed": closed,
        "share_closed": closed / len(brist_) if brist_ else None,
        "n_verified": sum(row.status == "verified" for row in brist_),
        "n_declined": sum(row.status == "declined" for row in brist_),
        "n_overdue": sum(row.due_date is not pd.NaT and row.due_date < as_of for row in open_),
        "days_to_answer": median(spans["days_to_answer"]) if spans["days_to_answer"] else None,
        "days_to_done": median(spans["days_to_done"]) if spans["days_to_done"] else None,
        "n_answered": len(spans["days_to_answer"]),
        "n_done": len(spans["days_to_done"]),
        "oldest_open_days": max(((as_of - row.observed_date).days for row in open_), default=None),
    }


def naive_members(found, areas):
    """Return the findings of each area by asking every polygon."""
    members = {area_id: [] for area_id in areas.index}
    for row in found.itertuples():
        for area_id, area in areas.iterrows():
            if row.geometry is None:
                is_in = row.base_area_id in area["base_areas"]
            else:
                is_in = area.geometry.intersects(row.geometry)
            if is_in:
                members[area_id].append(row)
    return members


def same(figures, expected):
    given = {name: figures[name] for name in expected}
    known = {name: None if pd.isna(value) else value for name, value in given.items()}
    assert known == pytest.approx(expected)


@given(found=some_findings)
def test_the_summary_is_the_naive_one(found, toy_areas, toy_base_areas):
    table = summed(found, WALKS, toy_areas, toy_base_areas)
    for area_id, rows in naive_members(found, toy_areas).items():
        own = {"bu-a": {"w1"}, "on-c": {"w1"}, "or-d": {"w2"}}.get(area_id, set())
        lost = [
            row
            for row in found.itertuples()
            if row.walk_id in own and row.geometry is None and row.base_area_id == ""
        ]
        row = table.loc[area_id]
        is_walked = own or any(row.walk_id in WALKS.index for row in rows)
        noted = "walked_nothing_noted" if own else "not_walked"
        noted = "walked_noted" if lost or (rows and is_walked) else noted
        assert row["state"] == noted
        if rows or noted == "walked_nothing_noted":
            same(row, naive(rows))
            n_on_routes = sum(r.walk_id == "w1" for r in rows) if "w1" in own else 0
            assert row["n_on_routes"] == n_on_routes
        else:
            assert row.drop(["state", "n_walks", "km_walked", "area_walked_share"]).isna().all()
    same(findings.total(found, DAY), naive(list(found.itertuples())))


@given(found=some_findings)
def test_parts_make_the_whole(found, toy_areas, toy_base_areas):
    table = summed(found, WALKS, toy_areas, toy_base_areas).dropna(subset=["n_findings"])
    assert (table["n_brist"] + table["n_bra"] == table["n_findings"]).all()
    assert (table["n_open"] + table["n_closed"] == table["n_brist"]).all()
    assert (table["n_overdue"] <= table["n_open"]).all()
    assert table["share_closed"].dropna().between(0, 1).all()
    pairs = findings.pairs(found, toy_areas)
    lost = found[~found.index.isin(pairs["finding_id"])]
    assert len(lost) + pairs["finding_id"].nunique() == len(found)
    assert not set(lost.index) & set(pairs["finding_id"])
    assert not pairs.duplicated(["finding_id", "area_id"]).any()
    for by in findings.GROUPINGS:
        wide = findings.breakdown(found, pairs, by)
        assert (
            wide.sum(axis=1).to_dict() == pairs["area_id"].value_counts().loc[wide.index].to_dict()
        )
    total = findings.total(found, DAY)
    owned = findings.owners(found, DAY)
    assert owned[["n_open", "n_closed"]].sum(axis=1).sum() == total["n_brist"]
    assert len(findings.board(found, DAY)) == total["n_open"]


@settings(max_examples=25)
@given(found=some_findings, data=st.data())
def test_the_order_of_findings_changes_nothing(found, data, toy_areas, toy_base_areas):
    other = found.iloc[list(data.draw(st.permutations(range(len(found)))))]
    for frame in (toy_areas, toy_areas[::-1]):
        pd.testing.assert_frame_equal(
            summed(found, WALKS, toy_areas, toy_base_areas),
            summed(other, WALKS, frame, toy_base_areas).loc[toy_areas.index],
        )
    pd.testing.assert_frame_equal(findings.board(found, DAY), findings.board(other, DAY))
    pd.testing.assert_frame_equal(findings.owners(found, DAY), findings.owners(other, DAY))


@given(found=some_findings)
def test_owners_are_the_naive_ones(found):
    table = findings.owners(found, DAY).rename(columns={"oldest_days": "oldest_open_days"})
    brist_ = [row for row in found.itertuples() if row.kind == "brist"]
    assert table.index.tolist() == sorted({row.owner for row in brist_})
    for owner in table.index:
        expected = naive([row for row in brist_ if row.owner == owner])
        same(table.loc[owner], {name: expected[name] for name in table})


def test_a_walk_whose_findings_are_not_known_is_not_nothing_noted(toy_areas, toy_base_areas):
    walks = gpd.GeoDataFrame(
        {"network_id": ["on-c", "or-d"], "same_as": "", "base_area_ids": [(), ()]},
        geometry=[None, None],
        index=["w1", "w2"],
        crs="EPSG:3006",
    ).assign(findings_known=[False, True])
    pairs = walked.pairs(walks, toy_areas, toy_base_areas)
    none = findings_of()
    table = findings.summary(none, findings.pairs(none, toy_areas), walks, pairs, toy_areas, DAY)
    assert table.loc["on-c", "state"] == "walked_findings_unknown"
    assert table.loc["or-d", "state"] == "walked_nothing_noted"
    assert table["n_findings"].isna().tolist() == [True, True, True, False]
    assert np.isnan(table.loc["on-c", "findings_per_walk"])
    assert table.loc["or-d", "findings_per_walk"] == 0
