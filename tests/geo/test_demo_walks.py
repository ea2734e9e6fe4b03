"""Made-up walks and findings: seeded, marked, right by their own check, blind to the place."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import chain, crs, demo_walks, findings_file, read
from geo.__main__ import main
from geo.errors import GeoError, Issues
from geo.sources import DATA, DEMO_MARK, SYNTHETIC

CATEGORIES = {
    str(code): str(name)
    for code, name in read.register("finding_categories", "category")["name"].items()
}
OWNERS = list(read.register("finding_owners")["owner"])


@pytest.fixture(scope="module")
def walks(base_areas, memberships):
    return demo_walks.walks(base_areas, memberships)


@pytest.fixture(scope="module")
def findings(walks):
    return demo_walks.findings(walks, CATEGORIES, OWNERS)


def as_csv(table):
    return table.to_csv(index=False, lineterminator="\n")


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(
    walks, findings, base_areas, memberships
):
    again = demo_walks.walks(base_areas, memberships)
    assert as_csv(again) == as_csv(walks)
    assert as_csv(demo_walks.findings(again, CATEGORIES, OWNERS)) == as_csv(findings)
    other = demo_walks.walks(base_areas, memberships, seed=1)
    assert not set(other["walk_id"]) & set(walks["walk_id"])
    others = demo_walks.findings(walks, CATEGORIES, OWNERS, seed=1)
    assert others[["x", "y"]].head(20).values.tolist() != (
        findings[["x", "y"]].head(20).values.tolist()
    )


def test_what_ships_is_what_the_command_makes(tmp_path, capsys):
    real = (DATA / "walks.csv").read_bytes()
    assert main(["demo", "--out", str(tmp_path / "ny" / "statistics.csv")]) == 0
    told = capsys.readouterr().out
    for name in ("statistics", "walks", "findings"):
        made = (tmp_path / "ny" / f"{name}.csv").read_bytes()
        assert made == (DATA / "demo" / f"{name}.csv").read_bytes(), name
        n_rows = len(made.splitlines()) - 1
        assert f"{name}.csv: {n_rows} rader. {DEMO_MARK}.\n" in told
    assert sorted(path.name for path in (tmp_path / "ny").iterdir()) == [
        *("findings.csv", "statistics.csv", "walks.csv")
    ]
    assert (DATA / "walks.csv").read_bytes() == real


def test_every_row_is_marked_and_says_that_it_is_made_up(walks, findings):
    assert set(walks["source"]) == set(findings["source"]) == {SYNTHETIC}
    assert findings["description"].str.startswith("Påhittat ").sum() > 0
    assert findings["description"].str.match("Påhitta[td] ").all()
    answers = findings["answer"].dropna()
    assert answers.str.startswith("Påhittat ").all()
    assert len(answers) == (findings["status"] == "declined").sum()


def test_what_ships_is_right_by_the_check_of_any_file():
    for name, kind, frame in (
        ("walks", read.walks, read.demo_walks),
        ("findings", read.findings, read.demo_findings),
    ):
        path = DATA / "demo" / f"{name}.csv"
        found, issues = frame()
        assert issues.empty, issues.to_string()
        assert len(found) == len(pd.read_csv(path))
        assert found.equals(kind(path)[0])
        assert set(found["source"]) == {SYNTHETIC}


def test_no_real_walk_is_touched(walks, findings):
    real = read.walks()[0]
    assert not set(walks["walk_id"]) & set(real.index)
    assert set(findings["walk_id"]) <= set(walks["walk_id"])
    assert SYNTHETIC not in set(real["source"])
    assert walks["walk_id"].str.startswith("demo-").all()
    assert findings["finding_id"].str.startswith("demo-").all()


def test_the_routes_lie_inside_their_base_areas(walks, base_areas):
    by_name = base_areas.set_index("name").geometry
    for place, route in zip(walks["place"], walks["route"], strict=True):
        line = shapely.from_wkt(route)
        assert (shapely.get_coordinates(line) % 1 == 0).all()
        corners = shapely.points(shapely.get_coordinates(line))
        assert shapely.covers(by_name[place], corners).all()


def test_the_findings_lie_beside_the_route_of_their_walk(walks, findings):
    routes = gpd.GeoSeries.from_wkt(walks.set_index("walk_id")["route"])
    points = gpd.GeoSeries.from_xy(findings["x"], findings["y"])
    far = points.distance(gpd.GeoSeries(routes[findings["walk_id"]].to_numpy()))
    assert far.max() < 6 * demo_walks.OFF_M


def test_some_places_are_not_walked_and_one_walk_found_nothing(walks, findings, base_areas):
    places = walks["place"].nunique()
    assert places == demo_walks.N_PLACES < len(base_areas)
    assert (walks.groupby("place")["light"].agg(tuple) == ("dagsljus", "mörker")).all()
    assert set(walks["walk_id"]) - set(findings["walk_id"]) == {walks["walk_id"].iloc[0]}


def test_a_walk_is_of_a_network_that_holds_its_place(walks, base_areas, memberships):
    names = base_areas["name"]
    held = memberships.assign(place=memberships["base_area_id"].map(names))
    pairs = set(zip(held["network_id"], held["place"], strict=True))
    assert set(zip(walks["network_id"], walks["place"], strict=True)) <= pairs


def test_every_stage_and_both_kinds_are_there(findings):
    assert set(findings["status"]) == set(chain.STATUSES)
    assert set(findings["kind"]) == {"brist", "bra"}
    assert set(findings["category"]) == set(CATEGORIES)
    assert set(findings["owner"]) == {"", *OWNERS}
    assert (findings.loc[findings["kind"] == "bra", "status"] == "noted").all()


def test_the_draw_sees_where_a_place_is_and_its_name_alone(
    walks, findings, base_areas, memberships
):
    """Neither shares, nor bases, nor anything known of the people: no table of them is given."""
    chance = np.random.default_rng(5)
    blind = memberships[["network_id", "base_area_id"]].assign(
        share=chance.random(len(memberships))
    )
    bare = base_areas[["name", "geometry"]].assign(folkmangd=chance.random(len(base_areas)))
    assert demo_walks.walks(bare, blind).equals(walks)
    nobody = blind.assign(network_id="on-nagon")
    others = demo_walks.walks(bare, nobody)
    assert set(others["network_id"]) == {"on-nagon"}
    assert set(walks["place"]) <= set(base_areas["name"])
    found = demo_walks.findings(
        walks.assign(network_id="", place="", n_participants=0), CATEGORIES, OWNERS
    )
    assert found.equals(findings)


def test_what_is_found_does_not_depend_on_which_place_it_is(walks, findings):
    """Moved by 10 km every finding is 10 km away, and says the same."""
    lines = gpd.GeoSeries.from_wkt(walks["route"]).translate(10_000, 0)
    moved = demo_walks.findings(walks.assign(route=lines.to_wkt()), CATEGORIES, OWNERS)
    assert (moved["x"] - findings["x"] == 10_000).all()
    assert moved.drop(columns="x").equals(findings.drop(columns="x"))


@settings(max_examples=8)
@given(st.integers(0, 2**32))
def test_any_seed_makes_rows_that_pass_the_check(base_areas, memberships, networks, seed):
    walks = demo_walks.walks(base_areas, memberships, seed)
    findings = demo_walks.findings(walks, CATEGORIES, OWNERS, seed)
    issues = Issues("demo")
    named = {name: code for code, name in CATEGORIES.items()} | {code: code for code in CATEGORIES}
    raw = findings.fillna("").astype(str)
    checked = findings_file.check(
        raw,
        issues,
        today=pd.Timestamp(demo_walks.NEWEST),
        categories=named,
        owners=OWNERS,
    )
    kept = findings_file.check_walks(walks.astype(str), issues, networks=networks)
    assert issues.rows == []
    assert (len(checked), len(kept)) == (len(findings), len(walks))


@pytest.mark.parametrize("side", [2_000, 60, 8])
def test_a_narrow_place_gets_a_short_route(side):
    squares = gpd.GeoDataFrame(
        {"name": ["A"]}, index=["a"], geometry=[shapely.box(0, 0, side, side)], crs=crs.METRIC
    )
    members = pd.DataFrame({"network_id": ["on-a"], "base_area_id": ["a"]})
    [line, again] = shapely.from_wkt(demo_walks.walks(squares, members)["route"])
    assert line.equals(again)
    assert line.length > 0
    assert line.within(squares.geometry.iloc[0])


def test_a_place_without_a_network_is_walked_by_nobody_named(base_areas, memberships):
    made = demo_walks.walks(base_areas, memberships.iloc[:0])
    assert set(made["network_id"]) == {""}


def test_wrong_calls_are_told(base_areas, memberships, walks):
    with pytest.raises(GeoError, match="EPSG:3006 väntades"):
        demo_walks.walks(base_areas.to_crs(4326), memberships)
    with pytest.raises(GeoError, match="memberships: kolumnerna network_id saknas"):
        demo_walks.walks(base_areas, memberships.drop(columns="network_id"))
    with pytest.raises(GeoError, match="walks: kolumnerna route saknas"):
        demo_walks.findings(walks.drop(columns="route"), CATEGORIES, OWNERS)
