import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import efforts, intervals, read
from geo.errors import GeoError

# The toy town has six squares. Torget lies in n1 alone, Ån in n2 or s2, Skogen nowhere known.
PLACES = pd.DataFrame({"base_area_ids": ["n1", "n2;s2", ""]}, index=["Torget", "Ån", "Skogen"])
EFFORTS = pd.DataFrame(
    [
        ("e1", "Torget", "bu-a;on-c"),
        ("e2", "Torget;Ån", "bu-a;bu-b;on-c"),
        ("e3", "Skogen", ""),
        ("e4", "", ""),
        ("e5", "Okänd ort", ""),
    ],
    columns=["effort_id", "place_names", "network_ids"],
)
NETWORKS = pd.DataFrame(index=["bu-a", "bu-b", "on-c", "or-d"])


def test_every_network_has_a_row_and_none_is_said_as_nought():
    found = efforts.by_network(EFFORTS, NETWORKS)
    assert found["n_efforts"].to_dict() == {"bu-a": 2, "bu-b": 1, "on-c": 2, "or-d": 0}
    assert found.at["or-d", "effort_ids"] == ()
    assert found.at["on-c", "effort_ids"] == ("e1", "e2")


def test_a_place_of_several_base_areas_is_unsure_in_each(toy_base_areas):
    found = efforts.by_base_area(EFFORTS, PLACES, toy_base_areas)
    assert found["n_efforts"].to_dict() == {"n1": 2, "n2": 1, "n3": 0, "s1": 0, "s2": 1, "s3": 0}
    assert found["n_sure"].to_dict() == {"n1": 2, "n2": 0, "n3": 0, "s1": 0, "s2": 0, "s3": 0}
    assert found.index[found["is_unsure"]].tolist() == ["n2", "s2"]
    assert found.at["n2", "effort_ids"] == ("e2",)
    assert found.at["n2", "sure_ids"] == ()


def test_an_effort_that_names_a_place_twice_over_counts_once_in_a_base_area(toy_base_areas):
    places = pd.DataFrame({"base_area_ids": ["n1", "n1;n2"]}, index=["Torget", "Kring torget"])
    rows = pd.DataFrame({"effort_id": ["e"], "place_names": ["Torget;Kring torget;Torget"]})
    found = efforts.by_base_area(rows, places, toy_base_areas)
    assert found["n_efforts"].to_dict()["n1"] == 1
    assert not found.at["n1", "is_unsure"]
    assert found.at["n2", "is_unsure"]


def test_places_without_base_area_are_told_apart():
    found = efforts.unplaced(EFFORTS, PLACES)
    assert found["effort_ids"].to_dict() == {"Skogen": ("e3",), "Okänd ort": ("e5",)}
    assert len(efforts.place_bound(EFFORTS)) == 4


def test_places_stand_by_how_many_name_them_and_then_as_in_the_source():
    found = efforts.concentration(EFFORTS)
    assert found["n_efforts"].to_dict() == {"Torget": 2, "Ån": 1, "Skogen": 1, "Okänd ort": 1}
    assert found.index.tolist() == ["Torget", "Ån", "Skogen", "Okänd ort"]


def test_empty_registers_give_rows_of_nought(toy_base_areas):
    none = EFFORTS.iloc[:0]
    assert (efforts.by_network(none, NETWORKS)["n_efforts"] == 0).all()
    assert (efforts.by_base_area(none, PLACES, toy_base_areas)["n_efforts"] == 0).all()
    assert efforts.concentration(none).empty
    assert efforts.unplaced(none, PLACES).empty
    assert efforts.place_bound(none).empty


def test_unknown_ids_are_refused_by_name(toy_base_areas):
    with pytest.raises(GeoError, match=r"network_ids 'on-x' finns inte i registret"):
        efforts.by_network(EFFORTS.assign(network_ids="on-x"), NETWORKS)
    with pytest.raises(GeoError, match=r"base_area_ids 'q9' finns inte"):
        efforts.by_base_area(EFFORTS, PLACES.assign(base_area_ids="q9"), toy_base_areas)
    with pytest.raises(GeoError, match=r"efforts: kolumnerna network_ids saknas"):
        efforts.by_network(EFFORTS.drop(columns="network_ids"), NETWORKS)


NAMES = ["Torget", "Ån", "Skogen", "Okänd ort"]
SOME = st.lists(st.lists(st.sampled_from(NAMES), max_size=4), max_size=6)


@given(named=SOME)
def test_counts_agree_with_counting_one_by_one(named):
    rows = pd.DataFrame(
        {
            "effort_id": [f"e{n}" for n in range(len(named))],
            "place_names": [";".join(names) for names in named],
        }
    )
    areas = gpd.GeoDataFrame(index=["n1", "n2", "s2"])
    found = efforts.by_base_area(rows, PLACES, areas)
    spots = {place: text.split(";") for place, text in PLACES["base_area_ids"].items() if text}
    for area in areas.index:
        held = {n for n, names in enumerate(named) if any(area in spots.get(p, ()) for p in names)}
        sure = {n for n, names in enumerate(named) if any(spots.get(p) == [area] for p in names)}
        assert found.at[area, "n_efforts"] == len(held)
        assert found.at[area, "n_sure"] == len(sure)
    by_place = efforts.concentration(rows)["n_efforts"]
    assert by_place.to_dict() == {
        name: sum(name in names for names in named)
        for name in NAMES
        if any(name in names for names in named)
    }
    lost = efforts.unplaced(rows, PLACES)
    assert set(lost.index) == set(by_place.index) - {"Torget", "Ån"}


# Need beside effort.


def values(**ends):
    rows = {
        name: dict(zip(("low", "value", "high"), end, strict=True)) for name, end in ends.items()
    }
    return pd.DataFrame(rows).T.rename(index=lambda name: name.replace("_", "-"))


CITY = pd.Series({"value": 0.5, "low": 0.45, "high": 0.55})
BY_NETWORK = efforts.by_network(EFFORTS, NETWORKS)


def test_each_class_of_need_against_effort_in_both_directions():
    table = values(bu_a=(0.1, 0.2, 0.3), bu_b=(0.4, 0.5, 0.6), on_c=(0.7, 0.8, 0.9))
    table.loc["or-d"] = table.loc["bu-a"]
    found = efforts.need_and_effort(table, CITY, "high", BY_NETWORK)
    assert found["class"].to_dict() == {
        "bu-a": "need_with_effort",
        "bu-b": "no_need_shown",
        "on-c": "no_need_shown",
        "or-d": "need_without_effort",
    }
    assert found["standing"].tolist() == ["worse", "unsure", "better", "worse"]
    found = efforts.need_and_effort(table, CITY, "low", BY_NETWORK)
    assert found["class"].tolist() == [
        "no_need_shown",
        "no_need_shown",
        "need_with_effort",
        "no_need_shown",
    ]


def test_what_is_hidden_or_missing_is_unknown_and_never_no_need():
    table = values(bu_a=(np.nan,) * 3, bu_b=(np.nan, 0.2, np.nan), on_c=(0.1, 0.2, 0.3))
    found = efforts.need_and_effort(table, CITY, "high", BY_NETWORK)
    assert found["class"].tolist() == ["unknown", "unknown", "need_with_effort"]
    assert found["value"].isna().tolist() == [True, False, False]
    nothing = efforts.need_and_effort(table, CITY * np.nan, "high", BY_NETWORK)
    assert (nothing["class"] == "unknown").all()


def test_what_the_view_already_says_of_the_city_is_kept():
    table = values(bu_a=(0.1, 0.2, 0.3)).assign(against=intervals.UNKNOWN)
    assert efforts.need_and_effort(table, CITY, "high", BY_NETWORK)["class"].tolist() == ["unknown"]
    table = table.assign(against=intervals.HIGHER)
    assert efforts.need_and_effort(table, CITY, "low", BY_NETWORK)["standing"].tolist() == ["worse"]


def test_a_wrong_direction_or_network_is_refused():
    table = values(bu_a=(0.1, 0.2, 0.3))
    with pytest.raises(GeoError, match=r"direction: high eller low väntades, fick 'none'"):
        efforts.need_and_effort(table, CITY, "none", BY_NETWORK)
    with pytest.raises(GeoError, match=r"network_id 'bu-z' finns inte"):
        efforts.need_and_effort(table.rename({"bu-a": "bu-z"}), CITY, "high", BY_NETWORK)


ENDS = st.lists(st.floats(0, 1), min_size=3, max_size=3).map(sorted)


@given(own=ENDS, city=ENDS, direction=st.sampled_from(["high", "low"]))
def test_a_need_is_only_said_when_the_intervals_do_not_meet(own, city, direction):
    table = values(or_d=own)
    known = pd.Series(dict(zip(("low", "value", "high"), city, strict=True)))
    found = efforts.need_and_effort(table, known, direction, BY_NETWORK).iloc[0]
    is_worse = own[2] < city[0] if direction == "high" else own[0] > city[2]
    near = own[0] == own[2] and city[0] == city[2] and abs(own[1] - city[1]) < 0.01
    assert (found["class"] == "need_without_effort") == (is_worse and not near)


# Activity days.


def test_a_day_with_two_dates_is_counted_once():
    days = pd.DataFrame(
        [
            ("bu-a", "2017-05-10", "Dag", "osäker"),
            ("bu-a", "2017-05-13", "Dag", "osäker"),
            ("bu-a", "2017-06-01", "Dag", "säker"),
            ("on-c", "2017-06-01", "Dag", "säker"),
            ("on-c", "2017-06-02", "Dag", "säker"),
        ],
        columns=["network_id", "date", "title", "status"],
    )
    found = efforts.activity_days(days, NETWORKS)
    assert found["n_days"].to_dict() == {"bu-a": 2, "bu-b": 0, "on-c": 2, "or-d": 0}
    assert found.index[found["is_unsure"]].tolist() == ["bu-a"]
    assert (efforts.activity_days(days.iloc[:0], NETWORKS)["n_days"] == 0).all()
    with pytest.raises(GeoError, match=r"days: network_id 'q' finns inte"):
        efforts.activity_days(days.assign(network_id="q"), NETWORKS)


# What ships.


@pytest.fixture(scope="module")
def shipped():
    return read.register("efforts")


def test_the_efforts_gather_at_three_places(shipped):
    found = efforts.concentration(shipped)
    assert found["n_efforts"].head(3).to_dict() == {"Norrby": 8, "Hässleholmen": 4, "Sjöbo": 3}
    assert (found["n_efforts"].iloc[3:] == 1).all()
    silent = {"Hulta", "Kristineberg", "Göta", "Brämhult", "Trandared", "Daltorp"}
    assert not silent & set(found.index)


def test_no_effort_names_six_of_the_networks(shipped, networks):
    found = efforts.by_network(shipped, networks)
    assert set(found.index[found["n_efforts"] == 0]) == {
        "bu-centrum",
        "bu-daltorp",
        "on-bramhult",
        "on-hulta",
        "on-kristineberg",
        "on-trandared",
    }


def test_sixteen_base_areas_are_named_and_only_four_surely(shipped, base_areas):
    found = efforts.by_base_area(shipped, read.register("places", "place"), base_areas)
    assert int((found["n_efforts"] > 0).sum()) == 16
    assert found.index[found["n_sure"] > 0].tolist() == [
        "1490R007",
        "1490R025",
        "1490R032",
        "1490R043",
    ]
    assert found.loc[["1490R033", "1490R034", "1490R035"], "n_efforts"].tolist() == [3, 3, 3]
