from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.audit import audit, ranges

INF = np.inf


def found(shown, values, asked):
    return ranges(*(np.array(part, dtype=float) for part in (shown, values, asked))).tolist()


@pytest.mark.parametrize(
    ("shown", "values", "asked", "expected"),
    [
        ([[1, 1]], [7], [[1, 0], [0, 1], [1, 1]], [[0, 7], [0, 7], [7, 7]]),
        ([[1, 1], [0, 1]], [7, 3], [[1, 0]], [[4, 4]]),
        ([[1, 1, 0], [0, 1, 1]], [7, 3], np.eye(3), [[4, 7], [0, 3], [0, 3]]),
        ([[1, 1, 0], [0, 1, 1], [1, 0, 1]], [7, 3, 6], np.eye(3), [[5, 5], [2, 2], [1, 1]]),
        ([[1, 0.5]], [4.5], np.eye(2), [[0, 4], [1, 9]]),
        ([[1, 1]], [0], np.eye(2), [[0, 0], [0, 0]]),
    ],
)
def test_what_a_reader_works_out_by_hand(shown, values, asked, expected):
    assert found(shown, values, asked) == pytest.approx(np.array(expected, dtype=float))


def test_numbers_of_people_are_whole():
    """2x + 4y = 6 is true of two pairs of people alone: 3 and 0, 1 and 1."""
    assert found([[2, 4]], [6], np.eye(2)) == pytest.approx(np.array([[1, 3], [0, 1]]))
    assert found([[2, 3]], [7], np.eye(2)) == pytest.approx(np.array([[2, 2], [1, 1]]))


def test_numbers_that_are_not_whole_are_taken_as_real_ones():
    assert found([[2, 4]], [5], np.eye(2)) == pytest.approx(np.array([[0, 2.5], [0, 1.25]]))
    assert found([[1, 1]], [7.5], [[1, 0]]) == pytest.approx(np.array([[0, 7.5]]))


def test_what_nothing_bounds_has_no_end():
    assert found(np.zeros((0, 2)), [], np.eye(2)) == [[0, INF], [0, INF]]
    assert found([[1, 0]], [4], [[0, 1], [1, 1]]) == [[0, INF], [4, INF]]
    assert found([[1, 1, 0]], [7], [[0, 0, 1], [1, 0, 1]]) == [[0, INF], [0, INF]]


def test_nothing_asked_is_nothing_told():
    assert ranges(np.eye(2), np.ones(2), np.zeros((0, 2))).shape == (0, 2)


@pytest.mark.parametrize(
    ("shown", "values"),
    [
        ([[1, 1], [1, 1]], [7, 8]),
        ([[1, 1], [2, 2]], [7, 13]),
        ([[1, 1, 0], [1, 1, 1]], [7, 3]),
        ([[1, 1]], [-1]),
        ([[1, 0, 0], [1, 1, 1]], [9, 4]),
    ],
)
def test_sums_that_contradict_each_other_have_no_answer(shown, values):
    asked = np.eye(len(shown[0]))[1:]
    assert np.isnan(found(shown, values, asked)).all()


@given(
    st.lists(st.lists(st.sampled_from([0, 0, 1, 1, 0.5]), min_size=3, max_size=3), max_size=3),
    st.lists(st.integers(0, 5), min_size=3, max_size=3),
)
def test_the_ends_are_those_of_every_answer_there_is(shown, truth):
    rows = np.array(shown, dtype=float).reshape(-1, 3)
    asked = np.vstack([np.eye(3), [[1, 1, 0]]])
    tried = np.array(list(product(range(25), repeat=3)), dtype=float)
    fits = tried[np.abs(tried @ rows.T - rows @ truth).max(axis=1, initial=0) < 1e-9] @ asked.T
    bounded = np.array([rows[:, row > 0].any(axis=0).all() for row in asked])
    ends = ranges(rows, rows @ truth, asked)
    assert ends[:, 0] == pytest.approx(fits.min(axis=0))
    assert ends[bounded, 1] == pytest.approx(fits[:, bounded].max(axis=0))
    assert np.isinf(ends[~bounded, 1]).all()


WEIGHTS = pd.DataFrame({"bu-x": [1.0, 1.0, 0.0]}, index=["A", "B", "C"])
NAMES = ["A", "B", "C", "bu-x", "total"]


def table(*values, **more):
    """Return a table as it is shown: None = hidden."""
    numbers = pd.Series(values, NAMES, dtype=float)
    status = numbers.isna().map({True: "suppressed", False: "ok"})
    return pd.DataFrame({"value": numbers, "status": status, **more})


def test_only_what_is_hidden_is_asked_for():
    assert audit(table(9, 8, 7, 17, 24), WEIGHTS).empty
    got = audit(table(None, None, 7, 17, 24), WEIGHTS)
    assert got.index.tolist() == ["A", "B"]
    assert got[["low", "high"]].to_numpy().tolist() == [[0, 17], [0, 17]]
    assert not got["exactly_recoverable"].any()
    assert audit(table(None, 8, 7, 17, 24), WEIGHTS).loc["A"].tolist() == [9, 9, True]


def test_the_difference_of_the_city_and_a_network_is_worked_out():
    got = audit(table(None, None, None, 17, 24), WEIGHTS)
    assert got["exactly_recoverable"].to_dict() == {"A": False, "B": False, "C": True}
    assert got.loc["C", ["low", "high"]].tolist() == [7, 7]
    got = audit(table(None, None, None, None, 24), WEIGHTS)
    assert not got["exactly_recoverable"].any()


def test_what_is_missing_is_in_no_sum_and_is_not_asked_for():
    shown = table(None, 10, None, None, 17)
    got = audit(shown, WEIGHTS)
    assert got[["low", "high"]].loc[["A", "C"]].to_numpy().tolist() == [[0, 7], [0, 7]]
    shown.loc["C", "status"] = "missing"
    got = audit(shown, WEIGHTS)
    assert got.index.tolist() == ["A", "bu-x"]
    assert got.loc["A"].tolist() == [7, 7, True]


def test_a_share_and_its_denominator_give_the_numerator():
    numbers = {"numerator": [np.nan] * 3 + [9, 14], "denominator": [10.0, 20, 30, 30, 60]}
    shown = table(None, None, None, 0.3, 14 / 60, **numbers, denominator_status="ok")
    got = audit(shown, WEIGHTS)
    assert got.index.names == ["id", "quantity"]
    assert got.loc[("C", "numerator")].tolist() == [5, 5, True]
    assert got.loc[("C", "rest")].tolist() == [25, 25, True]
    assert got.loc[("A", "numerator"), ["low", "high"]].tolist() == [0, 9]
    assert got.loc[("A", "rest"), ["low", "high"]].tolist() == [1, 10]
    assert got.loc[("B", "rest"), ["low", "high"]].tolist() == [11, 20]
    assert "denominator" not in got.index.get_level_values("quantity")


def test_a_denominator_that_is_hidden_is_asked_for_as_well():
    numbers = {"numerator": [np.nan] * 3 + [9, 14], "denominator": [None, None, 30, 30, 60]}
    status = ["suppressed", "suppressed", "ok", "ok", "ok"]
    shown = table(None, None, None, 0.3, 14 / 60, **numbers, denominator_status=status)
    got = audit(shown.astype({"denominator": float}), WEIGHTS)
    assert got.loc[("A", "denominator"), ["low", "high"]].tolist() == [0, 30]
    assert got.loc[("A", "rest"), ["low", "high"]].tolist() == [0, 21]


def test_groups_that_make_up_the_whole_tell_of_each_other():
    tables = {
        "alla": table(20, 30, 40, 50, 90),
        "flickor": table(None, 10, None, None, None),
        "pojkar": table(None, 20, 22, None, None),
    }
    got = audit(tables, WEIGHTS)
    assert got.index.names == ["group", "id"]
    assert got.loc[("flickor", "C")].tolist() == [18, 18, True]
    assert got.loc[("flickor", "A")].tolist() == [0, 20, False]
    assert got.loc[("pojkar", "bu-x")].tolist() == [20, 40, False]
    tables["flickor"] = table(None, 10, None, 23, None)
    got = audit(tables, WEIGHTS)
    assert got.loc[("pojkar", "A")].tolist() == [7, 7, True]


def test_groups_that_leave_a_rest_tell_less_of_each_other():
    tables = {
        "alla": table(20, 30, 40, 50, 90),
        "flickor": table(None, 10, 15, None, None),
        "pojkar": table(None, 15, 22, None, None),
    }
    got = audit(tables, WEIGHTS)
    assert got.loc[("flickor", "A")].tolist() == [0, 20, False]
    assert got.loc[("pojkar", "bu-x")].tolist() == [15, 35, False]


def test_a_rest_that_only_the_totals_show_is_seen():
    tables = {
        "alla": table(20, 30, 40, 50, 90),
        "flickor": table(None, 10, None, None, 35),
        "pojkar": table(None, 20, None, None, 45),
    }
    got = audit(tables, WEIGHTS)
    assert got.loc[("flickor", "A")].tolist() == [0, 20, False]
    assert got.loc[("flickor", "C")].tolist() == [5, 25, False]


def test_groups_without_their_whole_tell_nothing_of_each_other():
    tables = {"flickor": table(None, 10, 15, None, None), "pojkar": table(9, 15, 22, 24, 46)}
    assert audit(tables, WEIGHTS).loc[("flickor", "A")].tolist() == [0, INF, False]


@pytest.mark.parametrize(
    ("shown_", "values"),
    [
        ([[1, 0], [1, 0]], [3, 4]),
        ([[1, 0], [0, 1], [1, 1]], [3, 4, 9]),
        ([[1, 0]], [-3]),
    ],
)
def test_sums_of_one_number_that_contradict_each_other_have_no_answer(shown_, values):
    ends = ranges(np.array(shown_, float), np.array(values, float), np.eye(2)[:1])
    assert np.isnan(ends).all()
