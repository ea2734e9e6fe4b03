"""The ranking's certainty: reproducible, against a plain recount, with every wrong call told."""

import numpy as np
import pandas as pd
import pytest

from geo import coverage, priority, read
from geo.errors import GeoError
from geo.priority import draws

IDS = list("ABCDEFGH")


def town(seed=0, n_indicators=4):
    rng = np.random.default_rng(seed)
    values = rng.normal(70, 8, (len(IDS), n_indicators))
    return pd.DataFrame(values, IDS, [f"i{n}" for n in range(n_indicators)])


def ways(values):
    return dict.fromkeys(values, "low")


def equal(values):
    return dict.fromkeys(values, 1 / len(values.columns))


def ranked(values, **about):
    return priority.rank(values, ways(values), equal(values), **({"draws": 500} | about))


def test_the_same_seed_gives_the_same_ranking_and_another_a_near_one():
    values = town()
    one, again = (ranked(values, low=values - 3, high=values + 3, seed=7) for _ in range(2))
    assert one.equals(again)
    other = ranked(values, low=values - 3, high=values + 3, seed=8, draws=5_000)
    first = ranked(values, low=values - 3, high=values + 3, seed=7, draws=5_000)
    assert (first["p_top"] - other["p_top"].reindex(first.index)).abs().max() < 0.05


def test_more_draws_in_chunks_begin_as_fewer_do():
    values = town()
    setup = priority.setup_of(values, ways(values), equal(values), low=values - 3, high=values + 3)
    few = draws.drawn_ranks(setup, draws.CHUNK, seed=1)
    many = draws.drawn_ranks(setup, 2 * draws.CHUNK + 17, seed=1)
    assert (many[: draws.CHUNK] == few).all()
    assert len(many) == 2 * draws.CHUNK + 17


def test_nothing_uncertain_gives_the_plain_ranking_in_every_draw():
    values = town()
    about = {"strength": np.inf, "methods": ("minmax",), "aggregates": ("arithmetic",)}
    found = ranked(values, leaves_out=False, top=3, **about)
    for name in ("rank_low", "rank_median", "rank_high"):
        assert (found[name] == found["rank"]).all()
    assert found["verdict"].tolist() == ["säkert"] * 3 + ["inte"] * 5


@pytest.mark.filterwarnings("ignore::geo.errors.GeoWarning")
def test_draws_against_a_plain_recount_one_at_a_time():
    values = town()
    setup = priority.setup_of(
        values, ways(values), equal(values), low=values - 4, high=values + 2, strength=50
    )
    generators, again = draws.streams(3), draws.streams(3)
    made = np.concatenate(list(draws.scores(setup, 40, generators)))
    drawn = draws._values(setup, 40, again["values"])
    weights = draws._weights(setup, 40, again)
    methods = again["method"].integers(len(setup.methods), size=40)
    aggregates = again["aggregate"].integers(len(setup.aggregates), size=40)
    for n in range(40):
        table = pd.DataFrame(drawn[n], IDS, values.columns).astype(float)
        share = dict(zip(values.columns, weights[n], strict=True))
        plain = priority.score(
            table,
            dict.fromkeys(values, "high"),  # the setup is oriented already
            share,
            setup.methods[methods[n]],
            aggregate=setup.aggregates[aggregates[n]],
        )
        assert np.allclose(made[n], plain, atol=1e-5)


def test_every_draw_ranks_everybody_and_equal_ones_by_chance():
    same = np.array([[0.5, 0.9, 0.5, np.nan, 0.1]] * 2_000)
    found, again = (draws.ranks(same, np.random.default_rng(4)) for _ in range(2))
    assert (found == again).all()
    assert (found[:, [1, 3, 4]] == [1, 0, 4]).all()
    assert (np.sort(found[:, [0, 2]], axis=1) == [2, 3]).all()
    assert (found[:, 0] == 2).mean() == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize("draws_made", [100, 333, 1_000])
@pytest.mark.parametrize("top", [1, 5, 20])
def test_the_word_and_the_span_of_places_never_contradict_each_other(draws_made, top):
    found = ranked(sparse(), draws=draws_made, top=top).dropna(subset="rank_median")
    within, without = found["rank_high"] <= top, found["rank_low"] > top
    assert (found["verdict"] == "säkert").equals(within)
    assert (found["verdict"] == "inte").equals(without)


@pytest.mark.filterwarnings("ignore::geo.errors.GeoWarning")
def test_a_constant_indicator_makes_nobody_first():
    values = pd.DataFrame({"a": [float(n) for n in range(9)], "b": 5.0}, index=list("ABCDEFGHI"))
    found = ranked(values, draws=3_000, top=1)  # in a third of the draws a is left out: all equal
    assert found.loc["B":"I", "p_top"].max() < 0.06
    assert found["p_top"].sum() == pytest.approx(1)


def sparse(seed=1):
    """Return 47 areas of which many lack some of the indicators, and half of them nearly all."""
    rng = np.random.default_rng(seed)
    values = pd.DataFrame(rng.normal(70, 8, (47, 6)), columns=list("abcdef"))
    return values.mask(rng.random(values.shape) < 0.3)


def test_who_is_judged_is_decided_once_and_those_alone_compete():
    values = sparse()
    few = values.notna().sum(axis=1) < 4  # of six with equal weights: two thirds
    assert 5 < few.sum() < 40
    found = ranked(values, low=values - 3, high=values + 3, draws=1_000, top=5)
    assert set(found.index[found["verdict"] == "går ej att bedöma"]) == set(values.index[few])
    assert found["p_top"].sum() == pytest.approx(5)
    setup = priority.setup_of(values, ways(values), equal(values), low=values - 3, high=values + 3)
    drawn = draws.drawn_ranks(setup, 500, seed=2)
    assert (drawn[:, few] == 0).all()
    rest = np.sort(drawn[:, ~few], axis=1)
    assert (rest == np.arange(1, (~few).sum() + 1)).all()


def test_drivers_and_pairs_cover_everybody_who_is_judged():
    values = sparse()
    setup = priority.setup_of(
        values, ways(values), equal(values), low=values - 30, high=values + 30
    )
    pairs = priority.alike(setup, values.index, draws=1_000)
    judged = set(values.index[setup.judged])
    assert set(pairs["a"]) | set(pairs["b"]) == judged
    assert priority.drivers(setup, draws=500)["values"] > 0.3


def test_an_area_whose_only_indicator_is_left_out_is_in_the_middle_of_that_draw():
    values = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": [1.0, np.nan, 3.0]}, index=list("ABC"))
    found = priority.rank(
        values, ways(values), {"a": 0.7, "b": 0.3}, draws=300, strength=np.inf, top=1
    )
    assert found.loc["B", ["rank_low", "rank_median", "rank_high"]].tolist() == [2, 2, 2]
    assert found["p_top"].to_dict() == {"A": 1, "B": 0, "C": 0}


def test_a_weight_that_hardly_holds_still_gives_weights_in_every_draw():
    found = ranked(town(), strength=1e-9)
    assert found["p_top"].sum() == pytest.approx(5)


def test_rows_stand_by_the_median_place_then_by_the_share_then_by_the_score():
    values = town(3)
    found = ranked(values, low=values - 15, high=values)
    assert found["rank"].tolist() != sorted(found["rank"])  # or this would tell nothing
    by_hand = sorted(found.itertuples(), key=lambda row: (row.rank_median, -row.p_top, -row.score))
    assert [row.Index for row in by_hand] == found.index.tolist()


@pytest.mark.parametrize(("n", "top"), [(1, 1), (4, 2), (7, 3), (9, 4), (47, 5)])
def test_how_many_are_first_unless_somebody_says(n, top):
    assert priority.usual_top(n) == top


def test_wider_intervals_make_the_ranking_less_sure():
    values = town()
    near = ranked(values, low=values - 0.5, high=values + 0.5, leaves_out=False, strength=1e6)
    far = ranked(values, low=values - 15, high=values + 15, leaves_out=False, strength=1e6)
    width = (near["rank_high"] - near["rank_low"]).mean()
    assert (far["rank_high"] - far["rank_low"]).mean() > width
    assert (far["verdict"] == "möjligen").sum() > (near["verdict"] == "möjligen").sum()


def test_p_top_sums_to_the_number_of_places():
    values = town()
    found = ranked(values, low=values - 5, high=values + 5, top=3)
    assert found["p_top"].sum() == pytest.approx(3, abs=0.02)


def test_what_moves_the_ranking_most():
    values = town(n_indicators=3)
    only_values = priority.setup_of(
        values, ways(values), equal(values), low=values - 8, high=values + 8, strength=np.inf,
        methods=("minmax",), aggregates=("arithmetic",), leaves_out=False,
    )  # fmt: skip
    shares = priority.drivers(only_values)
    assert shares.index[0] == "values"
    assert shares["values"] == pytest.approx(1, abs=0.02)
    assert shares.drop("values").max() < 0.02
    only_left_out = priority.setup_of(
        values, ways(values), equal(values), strength=np.inf,
        methods=("minmax",), aggregates=("arithmetic",),
    )  # fmt: skip
    assert priority.drivers(only_left_out).index[0] == "left_out"
    both = priority.setup_of(values, ways(values), equal(values), low=values - 8, high=values + 8)
    found = priority.drivers(both)
    assert 0.3 < found.sum() <= 1.05
    assert priority.drivers(both).equals(found)


def test_pairs_that_cannot_be_told_apart():
    values = pd.DataFrame({"a": [10.0, 10.2, 50.0], "b": [10.0, 9.8, 50.0]}, index=list("ABC"))
    setup = priority.setup_of(values, ways(values), equal(values), low=values - 1, high=values + 1)
    found = priority.alike(setup, values.index)
    assert found[["a", "b"]].values.tolist() == [["A", "B"]]
    assert found.loc[0, "p_before"] == pytest.approx(0.5, abs=0.1)


def test_networks_on_the_same_ground_are_one_need():
    overlap = coverage.overlap(read.areas()[0])
    found = priority.one_need(overlap, list(read.networks()[0].index))
    assert found["on-norrby"] == found["bu-norrby"]
    assert found["or-fristad"] == found["bu-fristad"]
    assert found["on-hulta"] == "on-hulta"


def test_networks_that_share_half_their_ground_are_told_from_both_sides():
    overlap = coverage.overlap(read.areas()[0])
    found = priority.shared_ground(overlap, list(read.networks()[0].index))
    pairs = found.set_index(["area_id", "other"])
    assert pairs.loc[("on-hulta", "on-trandared")].round(2).tolist() == [0.76, 0.67]
    assert pairs.loc[("on-trandared", "on-hulta")].round(2).tolist() == [0.67, 0.76]
    assert (found[["share", "other_share"]].max(axis=1) >= 0.5).all()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"draws": 0}, "draws: ett heltal från 1"),
        ({"draws": 10_000_000}, "från 1 till 1_000_000"),
        ({"draws": 2.5}, "draws: ett heltal"),
        ({"top": 0}, "top: ett heltal från 1"),
        ({"strength": 0}, "strength: ett tal över 0"),
        ({"low": town() + 1}, "mellan sitt lägsta och högsta"),
        ({"methods": ("minmax", "zscore")}, "zscore går bara ihop med aritmetiskt"),
        ({"low": pd.concat([town(), town()])}, "en gång var"),
        ({"low": town().replace(town().iloc[0, 0], -np.inf)}, "högsta, ändliga"),
        ({"methods": ("annat",)}, "methods: ett eller flera av minmax"),
        ({"methods": ()}, r"methods: ett eller flera av .* fick \(\)"),
        ({"aggregates": ("xx",)}, "aggregates: ett eller flera av arithmetic, geometric"),
        ({"aggregates": ()}, "aggregates: ett eller flera"),
        ({"strength": "x"}, "strength: ett tal över 0"),
        ({"top": "x"}, "top: ett heltal från 1 väntades, fick 'x'"),
        ({"top": 2.5}, "top: ett heltal från 1"),
        ({"seed": -1}, "seed: ett heltal från 0 väntades, fick -1"),
    ],
)
def test_a_wrong_call_is_told(wrong, told):
    with pytest.raises(GeoError, match=told):
        ranked(town(), **wrong)


def test_many_draws_tell_how_far_they_have_come_in_flat_memory():
    values = town()
    seen = []
    ranked(values, draws=1_000, progress=lambda done, of: seen.append((done, of)))
    assert seen[-1] == (1_000, 1_000)
    assert len(seen) == 4


def test_z_scores_can_be_among_the_ways():
    values = town()
    found = ranked(values, methods=("minmax", "zscore"), aggregates=("arithmetic",))
    assert found["rank"].notna().all()
