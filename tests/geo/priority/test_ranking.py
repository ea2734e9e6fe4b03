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


def test_every_draw_ranks_everybody_and_places_are_shared_as_the_better():
    found = draws.ranks(np.array([[0.5, 0.9, 0.5, np.nan, 0.1]]))
    assert found.tolist() == [[2, 1, 2, 0, 4]]


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
        ({"methods": ("annat",)}, "method: ett av minmax"),
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
