import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import budget, read
from geo.errors import GeoError

BUDGET = pd.DataFrame(
    [
        ("Unga", "barn_unga", "2", "100", "200"),
        ("Områden", "omrade", "1", "50", "50"),
        ("Orter", "ortsrad", "2", "40", "80"),
        ("Övrigt", "", "", "", "70"),
    ],
    columns=["post", "layer", "n_networks", "amount_each_sek", "amount_sek"],
).set_index("post")
POPULATION = pd.DataFrame(
    [
        ("Nord", "0-17", "2010", "10", "bu-a;or-x"),
        ("Nord", "0-17", "2020", "20", "bu-a;or-x"),
        ("Syd", "0-17", "2010", "30", "bu-b"),
        ("Syd", "0-17", "2020", "5", "bu-b"),
        ("Utan", "0-17", "2010", "99", ""),
        ("Nord", "alla", "2018", "100", "bu-a;or-x"),
        ("Nord", "alla", "2019", "999", "bu-a;or-x"),
        ("Syd", "alla", "2018", "100", "bu-b"),
    ],
    columns=["kommundel", "group", "year", "n_people", "network_ids"],
)
NETWORKS = pd.DataFrame(index=["bu-a", "bu-b", "on-c", "or-x", "or-y"])


def test_a_sum_per_child_is_a_range_of_two_years_and_never_between():
    found = budget.by_kind(BUDGET, POPULATION).loc["Unga"]
    assert found["years"] == (2010, 2020)
    assert (found["n_people_low"], found["n_people_high"]) == (25, 40)
    assert (found["per_person_low"], found["per_person_high"]) == (5, 8)


def test_a_kind_that_is_not_wholly_linked_has_no_figure():
    found = budget.by_kind(BUDGET, POPULATION)
    for post in ("Områden", "Orter", "Övrigt"):  # no link; one of two networks; no kind
        assert found.loc[post, list(budget.PER_PERSON[1:])].isna().all()
        assert found.at[post, "years"] == ()
    assert found["amount_sek"].tolist() == [200, 50, 80, 70]
    assert np.isnan(found.at["Övrigt", "n_networks"])


def test_the_year_nearest_after_is_taken_when_there_is_none_before():
    found = budget.by_kind(BUDGET, POPULATION, "alla").loc["Unga"]
    assert found["years"] == (2018,)
    assert found["per_person_low"] == found["per_person_high"] == 1


def test_each_network_by_its_own_kommundelar():
    found = budget.by_network(BUDGET, POPULATION, NETWORKS)
    assert found.index.tolist() == NETWORKS.index.tolist()
    assert found["amount_sek"].tolist() == [100, 100, 50, 40, 40]
    assert found.loc["bu-a", ["per_person_low", "per_person_high"]].tolist() == [5, 10]
    assert found.loc["or-x", ["per_person_low", "per_person_high"]].tolist() == [2, 4]
    assert found.loc[["on-c", "or-y"], list(budget.PER_PERSON[1:])].isna().all(axis=None)


def test_what_is_not_known_is_never_nought():
    gone = POPULATION.assign(n_people=POPULATION["n_people"].replace("5", ""))
    assert budget.by_kind(BUDGET, gone).loc["Unga", "n_people_low":].isna().all()
    part = POPULATION.drop(index=3)  # Syd has no 2020: that year's sum would be of some
    assert budget.by_kind(BUDGET, part).loc["Unga", "n_people_low":].isna().all()
    nobody = POPULATION.assign(n_people="0")
    assert budget.by_kind(BUDGET, nobody).loc["Unga", "per_person_low":].isna().all()
    assert np.isnan(budget.total(BUDGET.assign(amount_sek=["", "1", "2", "3"])))
    assert np.isnan(budget.total(BUDGET.iloc[:0]))
    assert budget.by_kind(BUDGET, POPULATION.iloc[:0])["per_person_low"].isna().all()


def test_missing_columns_are_named():
    with pytest.raises(GeoError, match=r"budget: kolumnerna layer saknas"):
        budget.total(BUDGET.drop(columns="layer"))
    with pytest.raises(GeoError, match=r"population: kolumnerna year saknas"):
        budget.by_kind(BUDGET, POPULATION.drop(columns="year"))


@given(years=st.sets(st.integers(1990, 2030), min_size=1), year=st.integers(1990, 2030))
def test_no_known_year_is_nearer_on_either_side(years, year):
    found = budget.around(sorted(years), year)
    assert set(found) <= years
    assert len(found) in (1, 2)
    for known in years:
        if known <= year:
            assert known <= found[0] <= year
        if known >= year:
            assert known >= found[-1] >= year


def test_what_ships(networks):
    table = read.register("budget_2017", "post")
    people = read.register("population_kommundel")
    assert budget.total(table) == 400_000
    found = budget.by_kind(table, people)
    assert found.loc[found["per_person_low"].notna()].index.tolist() == [
        "Nätverk barn och unga",
        "Ortsråd/Landsbygdsutveckling",
    ]
    rows = people[(people["group"] == "0-17") & (people["kommundel"] != "Restförda")]
    sums = rows.astype({"n_people": int}).groupby("year")["n_people"].sum()
    assert found.loc["Nätverk barn och unga", ["n_people_low", "n_people_high"]].tolist() == [
        sums["2012"],
        sums["2022"],
    ]
    own = budget.by_network(table, people, networks)
    assert own.index[own["per_person_low"].isna()].str.startswith("on-").all()
    assert own["per_person_low"].idxmin() == "bu-daltorp"
    assert (own["per_person_low"].dropna() <= own["per_person_high"].dropna()).all()


def test_the_sum_per_counted_person_is_missing_where_people_are_hidden_or_none():
    counts = pd.DataFrame(
        {
            "value": [2000.0, 0.0, float("nan")],
            "low": [1000.0, 0.0, float("nan")],
            "high": [2500.0, 0.0, float("nan")],
            "status": ["ok", "ok", "suppressed"],
        },
        index=["or-fristad", "on-hulta", "bu-boda"],
    )
    found = budget.by_counts(read.register("budget_2017", "post"), counts)
    assert found.loc["or-fristad"].tolist() == [25_000, 2000, 12.5, 10, 25]
    assert found.loc[["on-hulta", "bu-boda"], "per_person"].isna().all()
    assert found["amount_sek"].tolist() == [25_000, 10_000, 10_000]
