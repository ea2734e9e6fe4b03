"""Scores: published tables, laws, every wrong call by its sentence."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import priority
from geo.errors import GeoError, GeoWarning
from geo.priority import scoring

# OECD/JRC, Handbook on Constructing Composite Indicators (2008): the 23 countries of its example,
# the Technology Achievement Index, with the eight indicators of table A.2 (p. 152; telephones and
# electricity as logarithms with base 10), in the order of table 23 (p. 100) under equal weights,
# and after each the place that table gives it with weights by budget allocation.
TAI = """Finland|187|125.6|200.2|50.7|3.08|4.15|10.0|27.4|1
United States|289|130.0|179.1|66.2|3.00|4.07|12.0|13.9|2
Sweden|271|156.6|125.8|59.7|3.10|4.14|11.4|15.3|3
Japan|994|64.6|49.0|80.8|3.00|3.86|9.5|10.0|5
Korea|779|9.8|4.8|66.7|2.97|3.65|10.8|23.2|4
Netherlands|189|151.2|136.0|50.9|3.02|3.77|9.4|9.5|8
United Kingdom|82|134.0|57.4|61.9|3.02|3.73|9.4|14.9|7
Singapore|8|25.5|72.3|74.9|2.95|3.83|7.1|24.2|6
Canada|31|38.6|108.0|48.7|2.94|4.18|11.6|14.2|10
Australia|75|18.2|125.9|16.2|2.94|3.94|10.9|25.3|11
Germany|235|36.8|41.2|64.2|2.94|3.75|10.2|14.4|9
Norway|103|20.2|193.6|19.0|3.12|4.39|11.9|11.2|13
Ireland|106|110.3|48.6|53.6|2.97|3.68|9.4|12.3|12
Belgium|72|73.9|58.9|47.6|2.91|3.86|9.3|13.6|14
New Zealand|103|13.0|146.7|15.4|2.86|3.91|11.7|13.1|17
Austria|165|14.8|84.2|50.3|2.99|3.79|8.4|13.6|15
France|205|33.6|36.4|58.9|2.97|3.80|7.9|12.6|16
Israel|74|43.6|43.2|45.0|2.96|3.74|9.6|11.0|18
Spain|42|8.6|21.0|53.4|2.86|3.62|7.3|15.6|19
Italy|13|9.8|30.4|51.0|3.00|3.65|7.2|13.0|21
Czech Republic|28|4.2|25.0|51.7|2.75|3.68|9.5|8.2|22
Hungary|26|6.2|21.6|63.5|2.73|3.46|9.1|7.7|20
Slovenia|105|4.0|20.3|49.5|2.84|3.71|7.1|10.6|23"""
# The goalposts: Saisana, Saltelli and Tarantola (2005), JRSS A 168, table 1 (p. 313).
GOALPOSTS = {
    "patents": (0, 994),
    "royalties": (0, 272.6),
    "internet": (0, 232.4),
    "exports": (0, 80.8),
    "telephones": (np.log10(1), np.log10(901)),
    "electricity": (np.log10(22), np.log10(6969)),
    "schooling": (0.8, 12.0),
    "university": (0.1, 27.4),
}
# Weights by budget allocation and by pairwise comparison: the handbook's table 22 (p. 100).
BUDGET = dict(zip(GOALPOSTS, (0.11, 0.11, 0.11, 0.18, 0.10, 0.06, 0.15, 0.18), strict=True))
PAIRWISE = dict(zip(GOALPOSTS, (0.09, 0.10, 0.07, 0.21, 0.05, 0.06, 0.18, 0.25), strict=True))


def tai():
    rows = [line.split("|") for line in TAI.splitlines()]
    table = pd.DataFrame([list(map(float, row[1:])) for row in rows], [row[0] for row in rows])
    return table.iloc[:, :8].set_axis(list(GOALPOSTS), axis=1), table.iloc[:, 8].astype(int)


def equal(values):
    return dict.fromkeys(values, 1 / len(values.columns))


def shared(weights):
    """Printed weights, rounded to two decimals, made to sum to 1."""
    return {name: weight / sum(weights.values()) for name, weight in weights.items()}


def up(values):
    return dict.fromkeys(values, "high")


def test_the_published_order_of_23_countries_comes_out_with_equal_weights():
    values, _ = tai()
    found = priority.score(values, up(values), equal(values), bounds=GOALPOSTS)
    assert found.sort_values(ascending=False).index.tolist() == values.index.tolist()
    ranked = priority.rank(values, up(values), equal(values), bounds=GOALPOSTS, draws=200)
    assert ranked.sort_values("rank").index.tolist() == values.index.tolist()
    assert sorted(ranked["rank"]) == list(range(1, 24))
    # Table 1's source gives the index of two: 74.4 and 73.3 (p. 316). The logarithms of table A.2
    # have two decimals.
    assert found[["Finland", "United States"]].tolist() == pytest.approx([0.744, 0.733], abs=0.001)


def test_the_published_order_comes_out_with_the_weights_of_the_handbooks_experts():
    values, places = tai()
    found = priority.score(values, up(values), shared(BUDGET), bounds=GOALPOSTS)
    assert found.rank(ascending=False).astype(int).to_dict() == places.to_dict()
    # By pairwise comparison Korea comes second (p. 99); fifth under equal weights.
    found = priority.score(values, up(values), shared(PAIRWISE), bounds=GOALPOSTS)
    assert found.sort_values(ascending=False).index[:5].tolist() == [
        "Finland",
        "Korea",
        "United States",
        "Sweden",
        "Japan",
    ]


def test_arithmetic_lets_the_strong_make_up_for_the_weak_and_geometric_does_not():
    # The handbook's example of compensation (p. 104): (21, 1, 1, 1) and (6, 6, 6, 6) have one
    # arithmetic mean and the geometric means 2.14 and 6; one unit more, 2.54 and 6.23.
    values = pd.DataFrame([[21, 1, 1, 1], [6, 6, 6, 6]], ["A", "B"], list("abcd"), dtype=float)
    posts = dict.fromkeys("abcd", (0, 100))
    even = priority.score(values, up(values), equal(values), bounds=posts)
    assert even.round(12).tolist() == [0.06, 0.06]
    found = priority.score(values, up(values), equal(values), bounds=posts, aggregate="geometric")
    assert (found * 100).round(2).tolist() == [2.14, 6.0]
    values["b"] += 1
    found = priority.score(values, up(values), equal(values), bounds=posts, aggregate="geometric")
    assert (found * 100).round(2).tolist() == [2.55, 6.24]  # the handbook cuts: 2.54 and 6.23


def test_each_way_of_normalising_by_hand():
    values = pd.DataFrame({"a": [2.0, 4.0, 4.0, 10.0]}, index=list("ABCD"))
    minmax = priority.normalise(values, {"a": "high"})["a"]
    assert minmax.tolist() == [0, 0.25, 0.25, 1]
    assert priority.normalise(values, {"a": "low"})["a"].tolist() == [1, 0.75, 0.75, 0]
    zscore = priority.normalise(values, {"a": "high"}, "zscore")["a"]
    assert zscore.round(6).tolist() == [-1.0, -0.333333, -0.333333, 1.666667]
    share = priority.normalise(values, {"a": "high"}, "percentile")["a"]
    assert share.tolist() == [0.125, 0.5, 0.5, 0.875]
    clipped = priority.normalise(values, {"a": "high"}, bounds={"a": (4, 8)})["a"]
    assert clipped.tolist() == [0, 0, 0, 1]
    flipped = priority.normalise(values, {"a": "low"}, bounds={"a": (4, 8)})["a"]
    assert flipped.tolist() == [1, 1, 1, 0]


def test_what_is_missing_stays_out_and_too_little_is_no_score():
    values = pd.DataFrame(
        {"a": [0.0, 10.0, np.nan], "b": [0.0, np.nan, 10.0], "c": [0.0, 10.0, np.nan]},
        index=["A", "B", "C"],
    )
    found = priority.score(values, up(values), equal(values))
    assert found["A"] == 0
    assert found["B"] == 1  # two thirds known, and those at the top
    assert np.isnan(found["C"])  # one third: cannot be judged, and is not last
    ranked = priority.rank(values, up(values), equal(values), draws=50)
    assert ranked.loc["C", "verdict"] == "går ej att bedöma"
    assert ranked.loc["C", ["rank", "rank_low", "p_top"]].isna().all()
    assert ranked.index[-1] == "C"


numbers = st.lists(st.lists(st.floats(1, 99), min_size=3, max_size=3), min_size=3, max_size=8).map(
    lambda rows: pd.DataFrame(rows, columns=["a", "b", "c"]).round(3)
)
shares = st.lists(st.floats(0.05, 1), min_size=3, max_size=3).map(
    lambda given: dict(zip("abc", np.array(given) / sum(given), strict=True))
)
settings_of = st.sampled_from(
    [
        ("minmax", "arithmetic"),
        ("minmax", "geometric"),
        ("percentile", "geometric"),
        ("percentile", "arithmetic"),
        ("zscore", "arithmetic"),
    ]
)
WAYS = {"a": "high", "b": "low", "c": "high"}


@pytest.mark.filterwarnings("ignore::geo.errors.GeoWarning")
@given(numbers, shares, settings_of)
def test_contributions_add_up_to_every_score(values, weights, how):
    method, aggregate = how
    about = {"method": method, "aggregate": aggregate}
    total = priority.score(values, WAYS, weights, **about)
    parts = priority.contributions(values, WAYS, weights, **about)
    assert np.allclose(parts.sum(axis=1), total, atol=1e-9)


@pytest.mark.filterwarnings("ignore::geo.errors.GeoWarning")
@given(numbers, shares, settings_of)
def test_scores_lie_in_the_scale_and_know_no_order_of_rows_or_columns(values, weights, how):
    method, aggregate = how
    about = {"method": method, "aggregate": aggregate}
    found = priority.score(values, WAYS, weights, **about)
    if method != "zscore":
        assert found.between(0, 1 + 1e-12).all()
    other = priority.score(values.iloc[::-1, ::-1], WAYS, weights, **about)
    assert np.allclose(other.reindex(found.index), found)


@pytest.mark.filterwarnings("ignore::geo.errors.GeoWarning")
@given(numbers, shares)
def test_the_fast_score_is_the_plain_one(values, weights):
    found = priority.score(values, WAYS, weights)
    for area in values.index:
        total = 0.0
        for name, way in WAYS.items():
            column = values[name] if way == "high" else -values[name]
            width = column.max() - column.min()
            x = 0.5 if width == 0 else (column[area] - column.min()) / width
            total += weights[name] * x
        assert found[area] == pytest.approx(total)


def test_a_constant_indicator_tells_nothing_and_is_told():
    values = pd.DataFrame({"a": [5.0, 5.0], "b": [1.0, 2.0]})
    with pytest.warns(GeoWarning, match="1 indikatorer är lika i alla områden .*: a"):
        found = priority.normalise(values, up(values))
    assert found["a"].tolist() == [0.5, 0.5]


def test_a_zero_under_a_geometric_mean_counts_as_the_floor_and_is_told():
    values = pd.DataFrame({"a": [0.0, 1.0], "b": [1.0, 0.5]})
    posts = {"a": (0, 1), "b": (0, 1)}
    with pytest.warns(GeoWarning, match=r"1 värden under 0\.01 räknas som 0\.01"):
        found = priority.score(
            values, up(values), equal(values), bounds=posts, aggregate="geometric"
        )
    assert found[0] == pytest.approx(0.1)


def test_one_area_alone_and_nothing_known():
    one = pd.DataFrame({"a": [3.0]}, index=["A"])
    assert priority.rank(one, {"a": "high"}, {"a": 1.0}, draws=10)["rank"].tolist() == [1]
    nothing = pd.DataFrame({"a": [np.nan, np.nan]}, index=["A", "B"])
    found = priority.rank(nothing, {"a": "high"}, {"a": 1.0}, draws=10)
    assert (found["verdict"] == "går ej att bedöma").all()
    assert found["score"].isna().all()


def test_weights_that_do_not_sum_to_1_are_said_to_and_made_to():
    values = pd.DataFrame({"a": [0.0, 1.0], "b": [1.0, 0.0]})
    with pytest.warns(GeoWarning, match="Vikterna summerar till 4"):
        found = priority.score(values, up(values), {"a": 3, "b": 1})
    assert found.tolist() == [0.25, 0.75]


@pytest.mark.parametrize(
    ("weights", "told"),
    [
        ({"a": -0.5, "b": 1.5}, "'a' har en negativ vikt"),
        ({"a": 0.0, "b": 0.0}, "alla är noll"),
        ({"a": float("nan"), "b": 1.0}, "'a' har ingen vikt som är ett tal"),
        ({"a": float("inf"), "b": 1.0}, "'a' har ingen vikt som är ett tal"),
        ({"a": 0.5, "b": 0.3, "c": 0.2}, "'c' finns inte bland indikatorerna"),
        ({"a": 1.0}, "'b' saknar vikt"),
        ({}, "'a', 'b' saknar vikt"),
    ],
)
def test_wrong_weights_are_told_with_what_to_do(weights, told):
    values = pd.DataFrame({"a": [0.0, 1.0], "b": [1.0, 0.0]})
    with pytest.raises(GeoError, match=told):
        priority.score(values, up(values), weights)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"direction": {"a": "high"}}, "direction för b: high eller low väntades, fick None"),
        ({"direction": {"a": "high", "b": "none"}}, "bakgrundsindikator rangordnas aldrig"),
        ({"method": "z"}, "method: ett av minmax, zscore, percentile, fick 'z'"),
        ({"aggregate": "harmonic"}, "aggregate: ett av arithmetic, geometric"),
        ({"method": "zscore", "aggregate": "geometric"}, "kräver minmax eller percentile"),
        ({"bounds": {"a": (10, 0)}}, r"bounds för a: \(lågt, högt\) väntades, fick \(10, 0\)"),
        ({"bounds": {"a": (1, 1)}}, "bounds för a"),
        ({"bounds": {"a": (float("nan"), 1)}}, "bounds för a"),
        ({"bounds": {"a": (float("-inf"), 1)}}, r"bounds för a: \(lågt, högt\)"),
        ({"bounds": {"a": 3}}, r"bounds för a: \(lågt, högt\) väntades, fick 3\.$"),
        ({"bounds": {"a": ("0", "1")}}, "bounds för a"),
        ({"bounds": {"x": (0, 1)}}, "indikatorn 'x' finns inte bland värdena\\.$"),
    ],
)
def test_a_wrong_call_is_told_with_all_its_faults(wrong, told):
    values = pd.DataFrame({"a": [0.0, 1.0], "b": [1.0, 0.0]})
    about = {"direction": up(values), "weights": equal(values)} | wrong
    with pytest.raises(GeoError, match=told):
        priority.score(values, **about)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (pd.DataFrame({"a": []}, dtype=float), r"minst ett område och en indikator .* \(0, 1\)"),
        (pd.DataFrame(index=["A"]), "minst ett område och en indikator"),
        (pd.DataFrame({"a": [1.0, 2.0]}, index=["A", "A"]), "values: A står flera gånger"),
        (pd.DataFrame([[1.0, 2.0]], columns=["a", "a"]), "values: a står flera gånger"),
        (pd.DataFrame({"a": [1.0, np.inf]}), "values: ändliga tal"),
        (pd.DataFrame({"a": ["mycket", "lite"]}), "values: ändliga tal"),
    ],
)
def test_a_table_that_cannot_be_ranked_is_told(values, told):
    for call in (priority.score, priority.rank, priority.contributions):
        with pytest.raises(GeoError, match=told):
            call(values, up(values), equal(values) if len(values.columns) else {})


@given(st.lists(st.integers(0, 20), min_size=1, max_size=30).filter(any), st.integers(0, 2))
def test_per_cents_of_weights_sum_to_100_and_are_nearly_the_weights(points, decimals):
    weights = pd.Series(points) / sum(points)
    found = priority.per_cent(weights, decimals)
    assert found.sum() == pytest.approx(100, abs=1e-9)
    assert (found - weights * 100).abs().max() < 10.0**-decimals


def test_themes_share_their_weight_equally():
    themes = {"a": "skola", "b": "skola", "c": "fritid"}
    assert priority.theme_weights(themes, {"skola": 0.6, "fritid": 0.4}).to_dict() == {
        "a": 0.3,
        "b": 0.3,
        "c": 0.4,
    }
    with pytest.raises(GeoError, match="en vikt per tema"):
        priority.theme_weights(themes, {"skola": 1.0})


def test_indicators_that_tell_the_same_are_listed():
    up = np.arange(10.0)
    values = pd.DataFrame({"a": up, "b": -up, "c": [1, 5, 2, 4, 3] * 2, "d": 1.0, "e": up**2})
    direction = {"a": "high", "b": "low", "c": "low", "d": "high", "e": "low"}
    found = priority.double_counted(values, direction)
    assert found[["a", "b"]].values.tolist() == [["a", "b"]]  # a and e pull against each other
    assert found.loc[0, "correlation"] == pytest.approx(1)
    assert found.loc[0, "n_areas"] == 10
    assert priority.double_counted(values.iloc[:9], direction).empty  # too few to tell


def test_least_known_is_two_thirds():
    assert pytest.approx(2 / 3) == scoring.LEAST_KNOWN


@pytest.mark.parametrize(
    ("said", "points"),
    [
        # Tables 25 and 26 (p. 106-107): a d that is never first, an a that most put last.
        ({"abcd": 3, "acbd": 5, "bdca": 7, "cbda": 6}, {"a": 24, "b": 44, "c": 38, "d": 20}),
        # Tables 28 and 29 (p. 108), Condorcet's own.
        ({"abc": 23, "bca": 17, "bac": 2, "cab": 10, "cba": 8}, {"a": 58, "b": 69, "c": 53}),
    ],
)
def test_the_handbooks_borda_counts_come_out(said, points):
    last = len(points) - 1
    values = pd.DataFrame(
        {order: {who: float(last - order.index(who)) for who in points} for order in said}
    )
    found = priority.score(values, up(values), shared(said)) * sum(said.values()) * last
    assert found.round(9).to_dict() == points
