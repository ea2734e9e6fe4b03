"""Scores: published tables, laws, every wrong call by its sentence."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import priority
from geo.errors import GeoError, GeoWarning
from geo.priority import scoring

# The Technology Achievement Index of UNDP (Human Development Report 2001), the worked example of
# the OECD/JRC Handbook: its 23 countries with their eight indicators and the published index. The
# report has no royalties for Singapore; the published 0.585 is reached with 0.
TAI = """Finland|187|125.6|200.2|50.7|1203|14129|10.0|27.4|0.744
United States|289|130.0|179.1|66.2|993|11832|12.0|13.9|0.733
Sweden|271|156.6|125.8|59.7|1247|13955|11.4|15.3|0.703
Japan|994|64.6|49.0|80.8|1007|7322|9.5|10.0|0.698
Korea|779|9.8|4.8|66.7|938|4497|10.8|23.2|0.666
Netherlands|189|151.2|136.0|50.9|1042|5908|9.4|9.5|0.630
United Kingdom|82|134.0|57.4|61.9|1037|5327|9.4|14.9|0.606
Canada|31|38.6|108.0|48.7|881|15071|11.6|14.2|0.589
Australia|75|18.2|125.9|16.2|862|8717|10.9|25.3|0.587
Singapore|8|0|72.3|74.9|901|6771|7.1|24.2|0.585
Germany|235|36.8|41.2|64.2|874|5681|10.2|14.4|0.583
Norway|103|20.2|193.6|19.0|1329|24607|11.9|11.2|0.579
Ireland|106|110.3|48.6|53.6|924|4760|9.4|12.3|0.566
Belgium|72|73.9|58.9|47.6|817|7249|9.3|13.6|0.553
New Zealand|103|13.0|146.7|15.4|720|8215|11.7|13.1|0.548
Austria|165|14.8|84.2|50.3|987|6175|8.4|13.6|0.544
France|205|33.6|36.4|58.9|943|6287|7.9|12.6|0.535
Israel|74|43.6|43.2|45.0|918|5475|9.6|11.0|0.514
Spain|42|8.6|21.0|53.4|730|4195|7.3|15.6|0.481
Italy|13|9.8|30.4|51.0|991|4431|7.2|13.0|0.471
Czech Republic|28|4.2|25.0|51.7|560|4748|9.5|8.2|0.465
Hungary|26|6.2|21.6|63.5|533|2888|9.1|7.7|0.464
Slovenia|105|4.0|20.3|49.5|687|5096|7.1|10.6|0.458"""
NAMES = ["patents", "royalties", "hosts", "exports", "phones", "power", "school", "tertiary"]
GOALPOSTS = {
    "patents": (0, 994),
    "royalties": (0, 272.6),
    "hosts": (0, 232.4),
    "exports": (0, 80.8),
    "phones": (np.log(1), np.log(901)),
    "power": (np.log(22), np.log(6969)),
    "school": (0.8, 12.0),
    "tertiary": (0.1, 27.4),
}


def tai():
    rows = [line.split("|") for line in TAI.splitlines()]
    table = pd.DataFrame([list(map(float, row[1:])) for row in rows], [row[0] for row in rows])
    values, published = table.iloc[:, :8].set_axis(NAMES, axis=1), table.iloc[:, 8]
    return values.assign(phones=np.log(values["phones"]), power=np.log(values["power"])), published


def equal(values):
    return dict.fromkeys(values, 1 / len(values.columns))


def up(values):
    return dict.fromkeys(values, "high")


def test_the_published_index_and_order_of_23_countries_come_out():
    values, published = tai()
    found = priority.score(values, up(values), equal(values), bounds=GOALPOSTS)
    assert (found - published).abs().max() < 0.0015
    assert found.sort_values(ascending=False).index.tolist() == published.index.tolist()
    ranked = priority.rank(values, up(values), equal(values), bounds=GOALPOSTS, draws=200)
    assert ranked.sort_values("rank").index.tolist() == published.index.tolist()
    assert sorted(ranked["rank"]) == list(range(1, 24))


def test_arithmetic_lets_the_strong_make_up_for_the_weak_and_geometric_does_not():
    # The handbook's example of compensation: (21, 1, 1, 1) and (6, 6, 6, 6) have one arithmetic
    # mean and the geometric means 2.14 and 6.
    values = pd.DataFrame([[21, 1, 1, 1], [6, 6, 6, 6]], ["A", "B"], list("abcd"), dtype=float)
    posts = dict.fromkeys("abcd", (0, 100))
    even = priority.score(values, up(values), equal(values), bounds=posts)
    assert even.round(12).tolist() == [0.06, 0.06]
    found = priority.score(values, up(values), equal(values), bounds=posts, aggregate="geometric")
    assert (found * 100).round(2).tolist() == [2.14, 6.0]


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
        ({}, "'a' saknar vikt"),
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
    values = pd.DataFrame(
        {"a": [1, 2, 3, 4, 5], "b": [5, 4, 3, 2, 1], "c": [1, 5, 2, 4, 3], "d": [1, 1, 1, 1, 1]}
    )
    found = priority.double_counted(values)
    assert found[["a", "b"]].values.tolist() == [["a", "b"]]
    assert found.loc[0, "correlation"] == pytest.approx(-1)
    assert priority.double_counted(values.iloc[:3]).empty  # too few to tell


def test_least_known_is_two_thirds():
    assert pytest.approx(2 / 3) == scoring.LEAST_KNOWN


def test_the_handbooks_borda_count_of_sixty_voters():
    # 23 say a b c; 17 b c a; 2 b a c; 10 c a b; 8 c b a: Borda's points are a 58, b 69, c 53.
    said = {"abc": 23, "bca": 17, "bac": 2, "cab": 10, "cba": 8}
    values = pd.DataFrame({order: {who: 2.0 - order.index(who) for who in "abc"} for order in said})
    weights = {order: n / 60 for order, n in said.items()}
    found = priority.score(values, up(values), weights) * 60 * 2
    assert found.round(9).to_dict() == {"a": 58, "b": 69, "c": 53}
