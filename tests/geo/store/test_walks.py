"""Walks: read back as they were saved, changed by one at a time, the shipped ones taken in once."""

import json

import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import kinds, read, store
from geo.errors import GeoError
from tests.geo.store.making import (
    DAY,
    ROUTE,
    everything,
    finding,
    is_postgres,
    plain,
    save,
    sql,
    walk,
)
from tests.geo.store.test_findings import NASTY, days, texts

words = st.text(min_size=1).filter(lambda text: not set(text) & set("\x00;"))
metres = st.floats(100_000, 8_000_000)
lines = st.lists(st.tuples(metres, metres), min_size=2, max_size=5).map(
    lambda corners: shapely.LineString(corners).wkt
)
made = st.builds(
    lambda **cells: walk(**cells),
    date=days.filter(lambda day: day is not pd.NaT),
    place=texts,
    note=st.one_of(st.sampled_from(NASTY), texts),
    step=st.sampled_from([1, 4, None]),
    n_participants=st.one_of(st.none(), st.integers(0, 2_000)),
    organisers=st.lists(words, max_size=3).map(tuple),
    route=st.one_of(st.just(""), lines),
    light=st.sampled_from((*kinds.LIGHTS, "")),
)


@pytest.fixture(scope="module")
def _numbers():
    return iter(range(10_000))


@settings(max_examples=25)
@given(row=made)
def test_what_is_saved_is_read_back_identical(kept, _numbers, row):
    row |= {"walk_id": f"w{next(_numbers)}"}
    kept.save_walk(row, "Åsa")
    found = kept.walks().loc[[row["walk_id"]]]
    lists = {name: row[name] for name in ("organisers", "assumed")}
    assert {name: found[name].iloc[0] for name in lists} == lists
    others = [name for name in row if name not in lists]
    asked = pd.DataFrame([{name: row[name] for name in others}]).set_index("walk_id")
    assert plain(found, others) == plain(asked, others)
    line = found.geometry.iloc[0]
    assert (line is None) if row["route"] == "" else line.equals(shapely.from_wkt(row["route"]))


def test_before_anything_is_kept_there_are_no_walks_and_no_file(kept, tmp_path):
    found = kept.walks()
    assert (len(found), found.index.name, found.crs.to_epsg()) == (0, "walk_id", 3006)
    assert list(tmp_path.iterdir()) == []


def test_an_id_that_is_taken_is_told_and_nothing_is_written(noted):
    before = everything(noted)
    with pytest.raises(GeoError, match=r"Vandringen 'w1' finns redan\. Öppna den i listan"):
        noted.save_walk(walk(place="Hässleholmen"), "Bo")
    assert everything(noted) == before


def test_a_change_is_in_the_audit_and_a_second_who_read_the_same_version_is_told(noted):
    noted.save_walk(walk(place="Norrbyplatsen"), "Bo", version=1)
    before = everything(noted)
    with pytest.raises(store.ConflictError, match=r"^Någon annan \(Bo\) har ändrat vandringen"):
        noted.save_walk(walk(place="Gröna stråket"), "Cia", version=1)
    with pytest.raises(store.ConflictError) as told:
        noted.remove_walk("w1", 1, "Cia")
    assert (told.value.theirs["place"], told.value.theirs["version"]) == ("Norrbyplatsen", 2)
    assert everything(noted) == before
    noted.save_walk(walk(place="Gröna stråket"), "Cia", version=2)
    said = noted.audit("w1")
    assert said["made_by"].tolist() == ["Åsa", "Bo", "Cia"]
    assert [json.loads(text)["place"] for text in said["after"]] == [
        "Norrby",
        "Norrbyplatsen",
        "Gröna stråket",
    ]
    assert noted.walks().loc["w1", "version"] == 3


def test_a_walk_that_is_not_there_is_told(noted):
    with pytest.raises(GeoError, match=r"Vandringen 'w9' finns inte\. Ladda om sidan"):
        noted.save_walk(walk("w9"), "Bo", version=1)


def test_removing_marks_and_can_be_undone_and_the_findings_stay(noted):
    noted.remove_finding("f1", 1, "Bo")
    noted.remove_walk("w1", 1, "Bo", "dubblett")
    assert (len(noted.walks()), noted.walks(removed=True).index.tolist()) == (0, ["w1"])
    assert noted.findings(removed=True)["walk_id"].tolist() == ["w1"]
    noted.bring_back_walk("w1", 2, "Cia")
    assert (len(noted.walks(removed=True)), noted.walks().loc["w1", "version"]) == (0, 3)
    said = noted.audit("w1")
    assert said["action"].tolist() == ["new", "remove", "bring_back"]
    assert said["reason"].tolist() == ["", "dubblett", ""]


@pytest.mark.parametrize("route", ["Storgatan", "LINESTRING (1 2)", "LINESTRING (1 2, x 4)", "{}"])
def test_a_route_that_is_none_is_refused_and_hinders_no_reading(noted, route):
    before = everything(noted)
    with pytest.raises(GeoError, match=r"^route: en linje i WKT väntades, fick '"):
        noted.save_walk(walk(route=route), "Bo", version=1)
    with pytest.raises(GeoError, match=r"Rita rutten på nytt\.$"):
        noted.save_walk(walk("w2", route=route), "Bo")
    assert everything(noted) == before
    assert len(noted.walks()) == 1


def test_a_route_loses_its_heights_and_nothing_else(kept):
    kept.save_walk(walk(route="LINESTRING Z (377000.125 6400000.1 182.5, 377100 6400050 9)"), "Åsa")
    assert list(kept.walks().geometry.iloc[0].coords) == [
        (377_000.125, 6_400_000.1),
        (377_100, 6_400_050),
    ]


def test_postgis_has_the_route_and_it_follows_a_change(kept):
    kept.save_walk(walk(route=ROUTE), "Åsa")
    if not is_postgres(kept):
        assert kept.walks().geometry.iloc[0].wkt == ROUTE
        return
    asked = "SELECT ST_AsText(geom), ST_SRID(geom) FROM walks"
    assert sql(kept, asked) == [("LINESTRING(377000 6400000,377100 6400050.5)", 3006)]
    kept.save_walk(walk(route="LINESTRING (1 2, 3 4)"), "Åsa", version=1)
    assert sql(kept, asked) == [("LINESTRING(1 2,3 4)", 3006)]
    kept.save_walk(walk(), "Åsa", version=2)
    assert sql(kept, asked) == [(None, None)]


def test_shipped_walks_are_taken_in_once_and_an_edited_one_is_left_alone(kept):
    shipped = read.walks()[0]
    assert kept.adopt_walks(shipped) == len(shipped) > 5
    version, before = kept.version("field"), everything(kept)
    assert kept.adopt_walks(shipped) == 0
    assert (kept.version("field"), everything(kept)) == (version, before)
    chosen = shipped.index[0]
    row = kept.walks().loc[chosen]
    kept.save_walk({"walk_id": chosen, **row} | {"note": "rättad"}, "Bo", version=1)
    kept.remove_walk(shipped.index[1], 1, "Bo")
    assert kept.adopt_walks(shipped) == 0
    assert kept.walks().loc[chosen, "note"] == "rättad"
    assert shipped.index[1] not in kept.walks().index
    assert kept.audit(chosen)["made_by"].tolist() == ["registret", "Bo"]
    save(kept, finding(walk_id=chosen))


def test_shipped_walks_are_kept_as_they_are_read(kept):
    shipped = read.walks()[0]
    kept.adopt_walks(shipped)
    names = ["walk_id", "date", "network_id", "place", "note", "step", "n_participants", "route"]
    assert plain(kept.walks(), names) == plain(shipped.sort_index(), names)


def test_only_the_missing_ones_of_the_shipped_walks_are_taken_in(kept):
    shipped = read.walks()[0]
    assert kept.adopt_walks(shipped.iloc[:3]) == 3
    assert kept.adopt_walks(shipped.iloc[:5]) == 2
    assert kept.adopt_walks(shipped.iloc[:0]) == 0


def test_a_day_is_a_day_and_a_number_a_number(kept):
    kept.save_walk(walk(date=DAY, step=3, n_participants=12), "Åsa")
    found = kept.walks().loc["w1"]
    assert found[["date", "step", "n_participants"]].tolist() == [DAY, 3, 12]


def test_a_walk_with_findings_is_not_removed(kept):
    kept.save_walk(walk(), "prov")
    save(kept, finding(walk_id="w1"))
    with pytest.raises(GeoError, match=r"Vandringen har 1 fynd\. Ta bort dem först"):
        kept.remove_walk("w1", 1, "prov")
    kept.remove_finding("f1", 1, "prov")
    kept.remove_walk("w1", 1, "prov")
    assert kept.walks().empty
