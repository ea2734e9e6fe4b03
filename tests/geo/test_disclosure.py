from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from geo import allocate, disclosure, hiding
from geo.errors import GeoError

IDS = list("ABCD")
shares = st.sampled_from([0.0, 0.0, 1.0, 1.0, 0.5, 0.26])


@st.composite
def towns(draw, largest=12, n=4):
    """Counts of base areas, and two or three catchments that may overlap and split."""
    counts = draw(st.lists(st.integers(0, largest), min_size=n, max_size=n))
    columns = draw(st.lists(st.lists(shares, min_size=n, max_size=n), min_size=2, max_size=3))
    weights = pd.DataFrame({f"bu-{n}": column for n, column in enumerate(columns)}, index=IDS[:n])
    return pd.Series(counts, index=IDS[:n], dtype=float), weights


def sums(weights):
    """Every sum that may be shown: base areas, areas, the city."""
    n = len(weights)
    return np.vstack([np.eye(n), weights.to_numpy(dtype=float).T, np.ones(n)])


def all_that_fit(table, weights, largest):
    """Try every town there is: those that agree with all that is shown."""
    rows = sums(weights)
    tried = np.array(list(product(range(largest + 1), repeat=len(weights))), dtype=float)
    shown = table["status"].eq("ok").to_numpy()
    given_ = table["value"].to_numpy()[shown]
    fits = np.abs(tried @ rows[shown].T - given_).max(axis=1, initial=0) < 1e-6
    return tried[fits] @ rows.T


def naive_range(table, weights, at):
    """Solve with another door and real numbers: what a reader with a spreadsheet solver gets."""
    rows, shown = sums(weights), table["status"].eq("ok").to_numpy()
    ends = []
    for way in (1, -1):
        found = linprog(
            way * rows[at],
            A_eq=rows[shown],
            b_eq=table["value"].to_numpy()[shown],
            bounds=(0, None),
        )
        ends.append(way * found.fun if found.status == 0 else -way * np.inf)
    return ends


@given(towns(n=3))
def test_no_hidden_count_can_be_worked_out_by_trying_every_town(town):
    counts, weights = town
    table = disclosure.protect(counts, weights)
    possible = all_that_fit(table, weights, largest=30)
    for at, row in enumerate(table.itertuples()):
        if row.status.startswith("suppressed"):
            assert np.ptp(possible[:, at]) > 1e-6
        if row.status == "suppressed":
            assert possible[:, at].max() >= 5


@given(towns(largest=30))
def test_what_is_shown_is_true_and_what_is_small_is_hidden(town):
    counts, weights = town
    table = disclosure.protect(counts, weights)
    truth = sums(weights) @ counts.to_numpy()
    shown = table["status"].eq("ok")
    assert table["value"].notna().equals(shown)
    assert table["value"][shown].to_numpy() == pytest.approx(truth[shown.to_numpy()])
    assert (truth[shown.to_numpy()] >= 5).all()
    assert (table["status"].eq("suppressed").to_numpy() <= (truth < 5)).all()


@given(towns(n=3))
def test_the_audit_agrees_with_every_town_that_fits(town):
    counts, weights = town
    table = disclosure.protect(counts, weights)
    found = disclosure.audit(table, weights)
    possible = pd.DataFrame(all_that_fit(table, weights, largest=30), columns=table.index)
    assert list(found.index) == list(table.index[table["status"].str.startswith("suppressed")])
    for area_id, row in found.iterrows():
        assert row["low"] <= possible[area_id].min() + 1e-6
        assert row["high"] >= possible[area_id].max() - 1e-6
        assert not row["exactly_recoverable"]


@settings(max_examples=15)
@given(towns(largest=9))
def test_no_cheaper_hiding_is_safe(town):
    counts, weights = town
    rows = np.unique(sums(weights[weights.columns[weights.any()]]), axis=0)
    truth = counts.to_numpy()
    small = rows @ truth < 5
    cost = np.where((rows > 0).sum(axis=1) == 1, 1.0, 3.0)
    n = len(rows)
    problem = hiding.Problem(
        rows, truth, cost, small, np.zeros(n, bool), rows[small], np.full(int(small.sum()), 5.0)
    )
    found = hiding.least_hidden(problem, steps=10_000)
    tried = np.array(list(product(range(17), repeat=4)), dtype=float)
    best = np.inf
    for choice in product([False, True], repeat=int((~small).sum())):
        hidden = small.copy()
        hidden[~small] = choice
        price = cost @ hidden
        if price < best:
            fits = np.abs((tried - truth) @ rows[~hidden].T).max(axis=1, initial=0) < 1e-6
            if ((tried[fits] @ rows[small].T).max(axis=0) >= 5).all():
                best = price
    assert cost @ found <= best + 1e-9


@given(towns())
def test_without_a_search_the_heuristic_is_just_as_safe(town):
    counts, weights = town
    rows, truth = sums(weights[weights.columns[weights.any()]]), counts.to_numpy()
    small = rows @ truth < 5
    problem = hiding.Problem(
        rows,
        truth,
        np.ones(len(rows)),
        small,
        small & False,
        rows[small],
        np.full(int(small.sum()), 5.0),
    )
    hidden = hiding.least_hidden(problem, steps=0)
    assert all(hiding.witness(problem, hidden, k) is not None for k in range(len(problem.needs)))


def people(weights, mean, seed=1):
    rng = np.random.default_rng(seed)
    return pd.Series(rng.poisson(mean, len(weights)).astype(float), weights.index)


@pytest.mark.parametrize("mean", [2, 6, 15, 400])
def test_the_real_networks_keep_their_small_numbers(weights, mean):
    table = disclosure.protect(people(weights, mean), weights)
    assert list(table.index) == [*weights.index, *weights.columns, "total"]
    found = disclosure.audit(table, weights)
    assert not found["exactly_recoverable"].any()
    assert (found["high"] >= 5).all()
    for area_id in found.index[:12]:
        low, high = naive_range(table, weights, table.index.get_loc(area_id))
        assert high - low > 1e-6
        assert high >= 5 - 1e-6


def test_networks_that_are_the_same_area_are_hidden_together(weights):
    table = disclosure.protect(people(weights, 6), weights)
    for a, b in (("bu-norrby", "on-norrby"), ("bu-fristad", "or-fristad")):
        assert table.at[a, "status"] == table.at[b, "status"]


def test_the_difference_of_two_catchments_is_not_a_way_in():
    """bu- holds A B C, on- only A B: with both shown, C is their difference."""
    weights = pd.DataFrame({"bu-x": [1.0, 1, 1], "on-x": [1.0, 1, 0]}, index=list("ABC"))
    table = disclosure.protect(pd.Series({"A": 40.0, "B": 30.0, "C": 3.0}), weights)
    assert table.at["C", "status"] == "suppressed"
    shown = table["status"].eq("ok")
    assert not (shown["bu-x"] and (shown["on-x"] or (shown["A"] and shown["B"])))
    naive = table["value"].copy()
    naive["A"], naive["B"], naive["bu-x"], naive["on-x"], naive["total"] = 40, 30, 73, 70, 73
    bare = pd.DataFrame({"value": naive, "status": ["ok", "ok", "suppressed", "ok", "ok", "ok"]})
    found = disclosure.audit(bare, weights)
    assert found.loc["C"].tolist() == [3, 3, True]


def test_missing_stays_missing_and_is_no_way_in():
    weights = pd.DataFrame({"bu-x": [1.0, 1, 1], "on-y": [0.0, 0, 1]}, index=list("ABC"))
    table = disclosure.protect(pd.Series({"A": 3.0, "B": 30.0}), weights)
    assert table.at["C", "status"] == "missing"
    assert table.at["on-y", "status"] == "missing"
    assert table.at["A", "status"] == "suppressed"
    assert table.at["B", "status"] == "suppressed_secondary"
    assert table.at["bu-x", "value"] == 33
    assert not disclosure.audit(table, weights)["exactly_recoverable"].any()


def test_nothing_small_hides_nothing_and_zero_is_small(weights):
    table = disclosure.protect(people(weights, 400), weights)
    assert table["status"].eq("ok").all()
    assert disclosure.audit(table, weights).empty
    none = disclosure.protect(people(weights, 400) * 0, weights)
    assert none["status"].eq("suppressed").all()


def test_the_threshold_is_a_setting(weights):
    counts = people(weights, 400)
    assert disclosure.protect(counts, weights, threshold=1).status.eq("ok").all()
    wide = disclosure.protect(counts, weights, threshold=390)
    assert (wide.loc[weights.index, "status"].eq("suppressed") == (counts < 390)).all()


def survey(weights, mean, seed=0):
    rng = np.random.default_rng(seed)
    asked = pd.Series(rng.poisson(mean, len(weights)).astype(float), weights.index)
    yes = pd.Series(rng.binomial(asked.astype(int), 0.84).astype(float), weights.index)
    return yes, asked


@pytest.mark.parametrize("mean", [8, 28, 60])
def test_a_share_never_gives_its_numerator_or_its_rest_away(weights, mean):
    yes, asked = survey(weights, mean)
    table = disclosure.protect_shares(yes, asked, weights)
    shown = table[table["status"].eq("ok")]
    assert (shown["numerator"] >= 5).all()
    assert (shown["denominator"] - shown["numerator"] >= 5 - 1e-9).all()
    assert shown["value"].to_numpy() == pytest.approx(shown["numerator"] / shown["denominator"])
    found = disclosure.audit(table, weights)
    assert {"numerator", "rest"} <= set(found.index.get_level_values("quantity"))
    assert not found["exactly_recoverable"].any()
    truth = {"numerator": yes, "rest": asked - yes, "denominator": asked}
    ext = pd.concat([pd.DataFrame(np.eye(47), weights.index, weights.index), weights], axis=1)
    ext["total"] = 1.0
    for quantity, numbers in truth.items():
        value = numbers @ ext
        part = found.xs(quantity, level="quantity") if quantity in found.index.levels[1] else None
        if part is not None:
            small = part[value[part.index] < 5]
            assert (small["high"] >= 5).all()


def test_shares_are_those_of_the_allocation(weights):
    yes, asked = survey(weights, 60)
    table = disclosure.protect_shares(yes, asked, weights)
    found = allocate.shares(yes, asked, weights)["value"]
    shown = table["status"].eq("ok").reindex(found.index)
    assert table["value"].reindex(found.index)[shown].to_numpy() == pytest.approx(found[shown])


def test_the_same_denominators_are_hidden_alike_in_every_indicator(weights):
    yes, asked = survey(weights, 8)
    one = disclosure.protect_shares(yes, asked, weights)
    two = disclosure.protect_shares((asked - yes).clip(lower=0), asked, weights)
    assert one["denominator_status"].equals(two["denominator_status"])


def test_groups_that_are_shown_beside_their_whole_are_taken_together(weights):
    rng = np.random.default_rng(3)
    whole = people(weights, 60)
    girls = pd.Series(rng.binomial(whole.astype(int), 0.5).astype(float), weights.index)
    girls.iloc[0] = whole.iloc[0] - 2
    groups = pd.DataFrame({"alla": whole, "flickor": girls, "pojkar": whole - girls})
    tables = disclosure.protect_groups(groups, None, weights)
    assert tables["pojkar"].iloc[0]["status"] == "suppressed"
    first = [tables[name].iloc[0]["status"] for name in ("alla", "flickor")]
    assert "suppressed_secondary" in first
    assert not disclosure.audit(tables, weights)["exactly_recoverable"].any()
    apart = {"alla": disclosure.protect(whole, weights), "flickor": tables["flickor"]}
    apart["flickor"] = disclosure.protect(girls, weights)
    apart["pojkar"] = disclosure.protect(whole - girls, weights)
    assert disclosure.audit(apart, weights)["exactly_recoverable"].any()


def test_shares_of_groups_are_taken_together(weights):
    yes, asked = survey(weights, 70)
    rng = np.random.default_rng(5)
    part = pd.Series(rng.binomial(asked.astype(int), 0.5).astype(float), weights.index)
    part_yes = pd.Series(rng.binomial(yes.astype(int), 0.5), weights.index).clip(upper=part)
    part_yes = part_yes.astype(float).clip(lower=yes - (asked - part))
    below = pd.DataFrame({"alla": asked, "flickor": part, "pojkar": asked - part})
    above = pd.DataFrame({"alla": yes, "flickor": part_yes, "pojkar": yes - part_yes})
    tables = disclosure.protect_groups(below, above, weights)
    found = disclosure.audit(tables, weights)
    assert found.index.names == ["group", "id", "quantity"]
    assert not found["exactly_recoverable"].any()


def test_groups_that_overlap_do_not_fit():
    table = pd.DataFrame({"alla": [30.0], "0-17": [20.0], "10-16": [11.0], "65-": [9.0]}, ["A"])
    assert disclosure.fitting(table) == ["alla", "0-17", "65-"]
    assert disclosure.fitting(table[["0-17", "10-16"]]) == ["0-17"]


def test_wrong_numbers_are_a_wrong_call(toy_weights):
    with pytest.raises(GeoError, match="negativa tal"):
        disclosure.protect(pd.Series({"n1": -1.0}), toy_weights)
    with pytest.raises(GeoError, match="0 till denominator"):
        disclosure.protect_shares(pd.Series({"n1": 9.0}), pd.Series({"n1": 8.0}), toy_weights)


def test_tables_that_contradict_themselves_count_as_recoverable():
    weights = pd.DataFrame({"bu-x": [1.0, 1.0]}, index=["A", "B"])
    value = [np.nan, 20.0, 10.0, 73.0]
    table = pd.DataFrame(
        {"value": value, "status": ["suppressed", "ok", "ok", "ok"]}, ["A", "B", "bu-x", "total"]
    )
    found = disclosure.audit(table, weights)
    assert bool(found.at["A", "exactly_recoverable"])


@pytest.mark.parametrize("is_share", [False, True])
def test_a_group_that_the_source_hides_is_not_the_whole_less_the_others(weights, is_share):
    """alla and flickor are shown, pojkar is hidden by the source in some base areas."""
    yes, asked = survey(weights, 40, seed=4)
    rng = np.random.default_rng(6)
    part = pd.Series(rng.binomial(asked.astype(int), 0.5).astype(float), weights.index)
    part_yes = pd.Series(rng.binomial(yes.astype(int), 0.5), weights.index).clip(upper=part)
    part_yes = part_yes.astype(float).clip(lower=yes - (asked - part))
    below = pd.DataFrame({"alla": asked, "flickor": part, "pojkar": asked - part})
    above = pd.DataFrame({"alla": yes, "flickor": part_yes, "pojkar": yes - part_yes})
    gone = weights.index[[3, 17, 25]]
    below.loc[gone[0], "flickor"] = asked[gone[0]] - 3  # three boys, whom the source hides
    above.loc[gone[0], "flickor"] = min(above.at[gone[0], "flickor"], below.at[gone[0], "flickor"])
    truth = (below["alla"] - below["flickor"])[gone]
    below.loc[gone, "pojkar"] = above.loc[gone, "pojkar"] = np.nan
    tables = disclosure.protect_groups(below, above if is_share else None, weights)
    column = "denominator" if is_share else "value"
    for base in gone:
        pair = tables["alla"].at[base, column], tables["flickor"].at[base, column]
        if truth[base] < 5:
            assert np.isnan(pair).any()
        if is_share:
            yes_pair = tables["alla"].at[base, "numerator"], tables["flickor"].at[base, "numerator"]
            if not np.isnan([*pair, *yes_pair]).any():
                boys, yes_boys = pair[0] - pair[1], yes_pair[0] - yes_pair[1]
                assert yes_boys >= 5
                assert boys - yes_boys >= 5
    assert not disclosure.audit(tables, weights)["exactly_recoverable"].any()
