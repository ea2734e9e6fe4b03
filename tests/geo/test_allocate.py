import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import allocate
from geo.errors import GeoError

IDS = list("ABCDE")
numbers = st.lists(st.one_of(st.integers(0, 9999), st.none()), min_size=5, max_size=5)


@st.composite
def layers(draw):
    """Shares of five base areas in two layers; the parts of one sum to at most 1."""
    table = {}
    for prefix in ("bu", "on"):
        cuts = [sorted(draw(st.lists(st.integers(0, 4), min_size=2, max_size=2))) for _ in IDS]
        table[f"{prefix}-x"] = [a / 4 for a, _ in cuts]
        table[f"{prefix}-y"] = [(b - a) / 4 for a, b in cuts]
    return pd.DataFrame(table, index=IDS)


@st.composite
def partitions(draw):
    """Shares of five base areas in three networks of one layer, each base area wholly shared."""
    cuts = [sorted(draw(st.lists(st.integers(0, 8), min_size=2, max_size=2))) for _ in IDS]
    rows = [(a / 8, (b - a) / 8, 1 - b / 8) for a, b in cuts]
    return pd.DataFrame(rows, index=IDS, columns=["bu-x", "bu-y", "bu-z"])


def people(values):
    return pd.Series(values, index=IDS, dtype=float)


def test_weights_are_the_shares(toy_weights):
    assert toy_weights.index.name == "base_area_id"
    assert toy_weights.columns.tolist() == ["bu-a", "bu-b", "on-c", "or-d"]
    assert toy_weights.loc["s2"].to_dict() == {"bu-a": 0.5, "bu-b": 0.5, "on-c": 0, "or-d": 0}


def test_counts_by_hand(toy_people, toy_weights):
    table = allocate.counts(toy_people, toy_weights)
    assert tuple(table.columns) == allocate.COUNT_COLUMNS
    assert table.loc["bu-a"].round(6).tolist() == [140, 110, 170, round(30 / 140, 6), 0]
    assert table.loc["bu-b"].round(6).tolist() == [
        77,
        47,
        107,
        round(30 / 77, 6),
        round(1 / 3.5, 6),
    ]
    assert table.loc["on-c"].tolist() == [150, 150, 150, 0, 0]


def test_what_nobody_knows_is_not_zero(toy_people, toy_weights):
    table = allocate.counts(toy_people, toy_weights)
    assert table.loc["or-d", ["value", "low", "high", "estimated_share"]].isna().all()
    assert table.at["or-d", "missing_share"] == 1
    assert math.isnan(allocate.union_total(toy_people, toy_weights, ["or-d"]))


def test_a_known_zero_is_zero(toy_weights):
    table = allocate.counts(pd.Series({"s3": 0.0}), toy_weights)
    assert table.loc["or-d"].tolist() == [0, 0, 0, 0, 0]


def test_a_union_counts_every_person_once(toy_people, toy_weights):
    def total(*ids):
        return allocate.union_total(toy_people, toy_weights, list(ids))

    assert total("bu-a", "bu-b") == 217
    assert total("bu-a", "on-c") == 180
    assert total("bu-a", "bu-a") == 140
    assert total("bu-a", "bu-b", "on-c", "or-d") == 217


def test_wrong_calls_say_what_is_wrong(toy_people, toy_weights, toy_memberships):
    with pytest.raises(GeoError, match="andelar 0–1 väntades, fick"):
        allocate.weights(toy_memberships.assign(share=1.2))
    with pytest.raises(GeoError, match=r"andelar 0–1 väntades, fick \[nan"):
        allocate.weights(toy_memberships.assign(share=np.nan))
    with pytest.raises(GeoError, match="share saknas"):
        allocate.weights(toy_memberships.drop(columns="share"))
    with pytest.raises(GeoError, match="weights: andelar 0–1 väntades"):
        allocate.counts(toy_people, toy_weights * 2)
    with pytest.raises(GeoError, match=r"area_ids: \['bu-z'\] finns inte"):
        allocate.union_total(toy_people, toy_weights, ["bu-z"])


def test_shipped_layers_never_give_a_base_area_away_twice(weights):
    sums = weights.T.groupby(weights.columns.str[:2]).sum().T
    assert sums.max().max() <= 1 + 1e-9
    assert sums["bu"].round(9).eq(1).all()


@given(partitions(), st.lists(st.integers(0, 9999), min_size=5, max_size=5))
def test_a_partition_conserves_the_count(shares, values):
    table = allocate.counts(people(values), shares)
    assert table["value"].sum() == pytest.approx(sum(values)) or table["value"].isna().any()
    assert allocate.union_total(people(values), shares, list(shares)) == pytest.approx(sum(values))


@given(layers(), numbers)
def test_a_value_lies_between_low_and_high_and_shares_lie_between_0_and_1(shares, values):
    table = allocate.counts(people(values), shares)
    known = table.dropna()
    assert (known["low"] <= known["value"] + 1e-9).all()
    assert (known["value"] <= known["high"] + 1e-9).all()
    assert known["estimated_share"].between(0, 1).all()
    assert table["missing_share"].between(0, 1).all()


@given(layers(), st.lists(st.integers(0, 9999), min_size=5, max_size=5))
def test_nothing_is_missing_when_everything_is_known(shares, values):
    table = allocate.counts(people(values), shares)
    assert (table.loc[shares.sum() > 0, "missing_share"] == 0).all()


@given(layers(), numbers, st.sets(st.sampled_from(["bu-x", "bu-y", "on-x", "on-y"]), min_size=1))
def test_a_union_is_at_most_the_sum_and_at_least_the_largest(shares, values, chosen):
    total = allocate.union_total(people(values), shares, sorted(chosen))
    table = allocate.counts(people(values), shares, missing_limit=1)
    each = table.loc[sorted(chosen), "value"].dropna()
    if math.isnan(total):
        assert each.empty
    else:
        assert each.max() - 1e-9 <= total <= each.sum() + 1e-9


@given(layers(), numbers, st.permutations(IDS), st.permutations(["bu-x", "bu-y", "on-x", "on-y"]))
def test_the_order_of_rows_and_columns_changes_nothing(shares, values, rows, columns):
    table = allocate.counts(people(values), shares)
    turned = allocate.counts(people(values)[rows], shares.loc[rows[::-1], columns])
    pd.testing.assert_frame_equal(turned.loc[table.index], table)
    total = allocate.union_total(people(values), shares, list(shares))
    again = allocate.union_total(people(values)[rows], shares.loc[rows], list(columns))
    assert again == pytest.approx(total, nan_ok=True)


@given(layers(), numbers)
def test_counts_are_the_sums_that_a_loop_gives(shares, values):
    table = allocate.counts(people(values), shares, missing_limit=1)
    for area_id in shares:
        parts = [
            (share, n) for share, n in zip(shares[area_id], values, strict=True) if n is not None
        ]
        if any(share > 0 for share, _ in parts):
            assert table.at[area_id, "value"] == pytest.approx(sum(s * n for s, n in parts))
            assert table.at[area_id, "low"] == sum(n for s, n in parts if s == 1)
            assert table.at[area_id, "high"] == sum(n for s, n in parts if s > 0)
        else:
            assert math.isnan(table.at[area_id, "value"])


def test_above_the_stated_limit_no_value_is_given():
    shares = pd.DataFrame({"bu-x": [1.0, 1.0, 1.0]}, index=IDS[:3])
    known = pd.Series({IDS[0]: 10.0})
    table = allocate.counts(known, shares)
    assert math.isnan(table.at["bu-x", "value"])
    assert table.at["bu-x", "missing_share"] == pytest.approx(2 / 3)
    assert allocate.counts(known, shares, missing_limit=0.7).at["bu-x", "value"] == 10
    found = allocate.shares(known / 2, known, shares)
    assert math.isnan(found.at["bu-x", "value"])
    assert found.at["bu-x", "missing_share"] == pytest.approx(2 / 3)


def test_a_share_is_divided_last_and_its_ends_are_every_choice_of_the_parts():
    shares = pd.DataFrame({"bu-x": [1.0, 0.5, 0.25]}, index=IDS[:3])
    yes, asked = (pd.Series(n, index=IDS[:3]) for n in ([5.0, 50.0, 1.0], [100.0, 100.0, 20.0]))
    found = allocate.shares(yes, asked, shares).loc["bu-x"]
    assert found["value"] == pytest.approx((5 + 25 + 0.25) / (100 + 50 + 5))
    assert found["low"] == pytest.approx((5 + 0) / 100)
    assert found["high"] == pytest.approx(55 / 200)
    assert found["estimated_share"] == pytest.approx(55 / 155)


def test_a_base_area_with_half_of_its_figures_counts_in_neither_sum():
    shares = pd.DataFrame({"bu-x": [1.0, 1.0]}, index=IDS[:2])
    yes, asked = pd.Series({IDS[0]: 5.0}), pd.Series({IDS[0]: 10.0, IDS[1]: 90.0})
    found = allocate.shares(yes, asked, shares)
    assert found.at["bu-x", "value"] == 0.5
    assert found.at["bu-x", "missing_share"] == 0.5


def test_a_numerator_above_its_denominator_is_a_wrong_call():
    shares = pd.DataFrame({"bu-x": [1.0]}, index=IDS[:1])
    with pytest.raises(GeoError, match="0 till denominator väntades"):
        allocate.shares(pd.Series({IDS[0]: 3.0}), pd.Series({IDS[0]: 2.0}), shares)


@given(layers(), numbers, st.lists(st.floats(0, 1), min_size=5, max_size=5))
def test_a_share_lies_between_its_ends_and_within_those_of_its_base_areas(shares, values, part):
    asked = people(values)
    yes = asked * pd.Series(part, index=asked.index)
    found = allocate.shares(yes, asked, shares, missing_limit=1)
    naive = {
        i: sum(shares.at[b, i] * yes[b] for b in IDS if yes.notna()[b]) for i in shares.columns
    }
    total = {
        i: sum(shares.at[b, i] * asked[b] for b in IDS if yes.notna()[b]) for i in shares.columns
    }
    for area_id, row in found.iterrows():
        if not total[area_id]:
            assert math.isnan(row["value"])
            continue
        assert row["value"] == pytest.approx(naive[area_id] / total[area_id])
        assert row["low"] - 1e-9 <= row["value"] <= row["high"] + 1e-9
        inside = (yes / asked)[(shares[area_id] > 0) & asked.gt(0)]
        assert inside.min() - 1e-9 <= row["low"]
        assert row["high"] <= inside.max() + 1e-9
        assert 0 <= row["estimated_share"] <= 1 + 1e-9
