"""One indicator as it is shown, reckoned by hand in the toy town, and what nobody may work out.

bu-a: n1 s1 ½s2    bu-b: ½s2 n2 n3 s3    on-c: n1 n2 s1    or-d: s3
"""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import LinearConstraint, milp
from scipy.stats import binomtest

from geo import allocate, demo, disclosure, intervals, read, welfare
from geo.errors import GeoError
from tests.conftest import MEMBERS, PLACES

IDS = list(PLACES)
SUMS = ["bu-a", "bu-b", "on-c", "or-d", "barn_unga", "omrade", "ortsrad", "total"]
ENDS = ["value", "low", "high", "estimated_share"]
# täljare och nämnare
SAFE = dict(zip(IDS, [(20, 40), (10, 30), (8, 20), (9, 30), (30, 60), (20, 50)], strict=True))
PEOPLE = dict(zip(IDS, [100, 40, 7, 10, 60, 30], strict=True))


def indicator(measure="share", basis="full"):
    return pd.Series({"measure": measure, "basis": basis}, name="prov")


def rows(cells, period="2024", group="alla", **more):
    """Return long form: a pair is numerator and denominator, a number a value, a word a status."""
    made = []
    for code, cell in cells.items():
        row = {"numerator": np.nan, "denominator": np.nan, "value": np.nan, "status": "ok"}
        if isinstance(cell, tuple):
            row |= {"numerator": float(cell[0]), "denominator": float(cell[1])}
            row["value"] = 100 * cell[0] / cell[1]
        else:
            row |= {"status": cell} if isinstance(cell, str) else {"value": float(cell)}
        made.append({"area_code": code, **row})
    about = {"indicator_id": "prov", "area_vintage": "RegSO2025", "period": period}
    return pd.DataFrame(made).assign(**(about | {"group": group, "source": "prov"} | more))


def grouped(groups, **more):
    """Return long form of several groups."""
    made = [rows(cells, group=group, **more) for group, cells in groups.items()]
    return pd.concat(made, ignore_index=True)


def shown(cells, weights, kind=None, **more):
    """Return the one table of a view."""
    kind = indicator() if kind is None else kind
    return welfare.view(kind, rows(cells), weights, "2024", **more).tables["alla"]


# --- by hand ---------------------------------------------------------------------------------


def test_shares_are_divided_last(toy_weights):
    table = shown(SAFE, toy_weights)
    assert table.index.tolist() == [*IDS, *SUMS]
    assert tuple(table.columns) == welfare.COLUMNS
    assert table["status"].eq("ok").all()
    assert table["missing_share"].eq(0).all()
    hand = {
        "n3": [8 / 20, 8 / 20, 8 / 20, 20, 0],
        "s2": [30 / 60, 30 / 60, 30 / 60, 60, 0],
        "bu-a": [44 / 100, 29 / 70, 59 / 130, 100, 30 / 100],
        "bu-b": [53 / 130, 38 / 100, 68 / 160, 130, 30 / 130],
        "on-c": [39 / 100, 39 / 100, 39 / 100, 100, 0],
        "or-d": [20 / 50, 20 / 50, 20 / 50, 50, 0],
    }
    columns = ["value", "low", "high", "n", "estimated_share"]
    for name, numbers in hand.items():
        assert table.loc[name, columns].tolist() == pytest.approx(numbers), name


def test_the_city_and_the_layers_have_every_person_once(toy_weights):
    table = shown(SAFE, toy_weights)
    columns = ["value", "low", "high", "n", "estimated_share"]
    assert table.loc["total", columns].tolist() == pytest.approx([97 / 230] * 3 + [230, 0])
    assert table.loc["barn_unga"].equals(table.loc["total"])
    assert table.loc["omrade"].drop("against").equals(table.loc["on-c"].drop("against"))
    assert table.loc["ortsrad", "n"] == 50
    assert table.at["bu-a", "n"] + table.at["bu-b", "n"] == table.at["barn_unga", "n"]


def test_networks_of_a_layer_that_overlap_count_nobody_twice(toy_weights):
    weights = toy_weights.assign(**{"on-e": toy_weights["on-c"]})
    table = shown(PEOPLE, weights, indicator("count"))
    assert table.loc[["on-c", "on-e", "omrade"], "value"].tolist() == [150] * 3


def test_counts_are_summed(toy_weights):
    table = shown(PEOPLE, toy_weights, indicator("count"))
    columns = ["value", "low", "high", "n", "estimated_share"]
    assert table.loc["bu-a", columns].tolist() == pytest.approx([140, 110, 170, 140, 30 / 140])
    assert table.loc["total", columns].tolist() == pytest.approx([247, 247, 247, 247, 0])
    assert table.loc["n3", columns].tolist() == [7, 7, 7, 7, 0]


def test_places_are_held_against_the_city(toy_weights):
    full = shown(SAFE, toy_weights)["against"]
    assert full[["n1", "n2", "total"]].tolist() == ["higher", "lower", "same"]
    assert full[["bu-a", "bu-b", "on-c"]].tolist() == ["unsure", "unsure", "lower"]
    sample = shown(SAFE, toy_weights, indicator(basis="sample"))["against"]
    assert set(sample) == {"unsure"}


def test_a_sample_has_the_interval_of_its_answers(toy_weights):
    table = shown(SAFE, toy_weights, indicator(basis="sample"))
    for name, (yes, n) in (SAFE | {"on-c": (39, 100), "total": (97, 230)}).items():
        known = binomtest(yes, n).proportion_ci(method="wilson")
        assert table.loc[name, ["low", "high"]].tolist() == pytest.approx([known.low, known.high])
    full = shown(SAFE, toy_weights)
    low, _ = intervals.wilson(full["low"], full["n"])
    _, high = intervals.wilson(full["high"], full["n"])
    assert table.loc["bu-a", ["low", "high"]].tolist() == pytest.approx([low["bu-a"], high["bu-a"]])
    assert table[["value", "n"]].equals(full[["value", "n"]])


def test_a_count_has_no_interval_of_a_sample(toy_weights):
    sample = shown(PEOPLE, toy_weights, indicator("count", "sample"))
    assert sample.equals(shown(PEOPLE, toy_weights, indicator("count")))


# --- missing ---------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["missing", "no row", "no denominator", "no numerator"])
def test_missing_stays_missing_and_is_never_zero(toy_weights, how):
    cells = {name: cell for name, cell in SAFE.items() if name != "s3"}
    if how == "missing":
        cells["s3"] = "missing"
    elif how == "no denominator":
        cells["s3"] = 40
    elif how == "no numerator":
        cells["s3"] = (np.nan, 50)
    table = shown(cells, toy_weights)
    for name in ("s3", "or-d", "ortsrad"):
        assert table.at[name, "status"] == "missing"
        assert table.loc[name, [*ENDS, "n"]].isna().all()
        assert table.loc[name, ["missing_share", "against"]].tolist() == [1, "unknown"]
    assert table.loc["bu-b", ["value", "n"]].tolist() == pytest.approx([33 / 80, 80])
    assert table.at["bu-b", "missing_share"] == pytest.approx(1 / 3.5)
    assert table.loc["total", ["value", "n"]].tolist() == pytest.approx([77 / 180, 180])
    assert table.at["total", "missing_share"] == pytest.approx(1 / 6)


def test_a_share_of_so_many_answers_says_its_numerator(toy_weights):
    cells = rows(SAFE)
    cells["numerator"], cells["value"] = np.nan, cells["value"].round(1)
    made = welfare.view(indicator(), cells, toy_weights, "2024")
    assert made.tables["alla"].equals(shown(SAFE, toy_weights))


def test_an_area_that_is_mostly_missing_has_no_value(toy_weights):
    table = shown(SAFE | {"n1": "missing", "n2": "missing"}, toy_weights)
    assert table.at["on-c", "status"] == "missing"
    assert table.loc["on-c", [*ENDS, "n"]].isna().all()
    assert table.at["on-c", "missing_share"] == pytest.approx(2 / 3)
    assert table.at["total", "n"] == 160


def test_a_place_where_nobody_is_asked_has_no_share(toy_weights):
    cells = rows(SAFE).replace({"numerator": {8.0: 0.0}, "denominator": {20.0: 0.0}})
    table = welfare.view(indicator(), cells, toy_weights, "2024").tables["alla"]
    assert table.loc["n3", [*ENDS, "n"]].isna().all()
    assert table.at["n3", "status"] == "suppressed"


def test_another_cut_of_the_areas_is_never_joined(toy_weights):
    older = rows({"n9": (1000, 1000), "1490R001": (1000, 1000)}, area_vintage="RegSO2018")
    both = pd.concat([rows(SAFE), older], ignore_index=True)
    table = welfare.view(indicator(), both, toy_weights, "2024").tables["alla"]
    assert table.equals(shown(SAFE, toy_weights))
    alone = welfare.view(indicator(), older, toy_weights, "2024")
    assert (alone.tables, alone.groups) == ({}, ())


# --- what cannot be summed -------------------------------------------------------------------


def test_a_class_is_never_summed(toy_weights):
    cells = dict(zip(IDS, [1, 2, 5, 5, "missing"], strict=False))
    table = shown(cells, toy_weights, indicator("class"))
    assert table.loc[IDS[:4], "value"].tolist() == [1, 2, 5, 5]
    assert (
        table.loc[IDS[:4], ["low", "high"]].eq(table.loc[IDS[:4], "value"], axis=0).all(axis=None)
    )
    assert table["status"].tolist() == ["ok"] * 4 + ["missing"] * 2 + ["not_applicable"] * 8
    assert table.loc[[*IDS[4:], *SUMS], [*ENDS, "n"]].isna().all(axis=None)
    assert set(table["against"]) == {"unknown"}
    assert table.index.tolist() == [*IDS, *SUMS]
    assert tuple(table.columns) == welfare.COLUMNS


def test_a_share_without_its_numbers_is_never_summed_nor_averaged(toy_weights):
    cells = dict(zip(IDS, [40, 45.5, 50, 60, "suppressed", 70], strict=True))
    table = shown(cells, toy_weights)
    assert table.loc[IDS[:4], "value"].tolist() == pytest.approx([0.4, 0.455, 0.5, 0.6])
    assert table.loc["s2", ["value", "low", "high"]].isna().all()
    assert table.loc[["s2", "s3"], "status"].tolist() == ["suppressed", "ok"]
    assert table.loc[SUMS, "status"].eq("not_applicable").all()
    assert table.loc[SUMS, ENDS].isna().all(axis=None)
    assert set(table["against"]) == {"unknown"}


# --- groups ----------------------------------------------------------------------------------


def halves(cells, first=0.5):
    """Split every cell in women and men."""
    women = {name: tuple(int(n * first) for n in pair) for name, pair in cells.items()}
    men = {
        name: (pair[0] - women[name][0], pair[1] - women[name][1]) for name, pair in cells.items()
    }
    return women, men


def test_groups_have_a_table_each_and_the_whole_comes_first(toy_weights):
    women, men = halves(SAFE)
    long = grouped({"kvinnor": women, "män": men, "alla": SAFE})
    made = welfare.view(indicator(), long, toy_weights, "2024")
    assert made.groups == tuple(made.tables) == ("alla", "kvinnor", "män")
    assert made.left_out == ()
    assert made.tables["alla"].equals(shown(SAFE, toy_weights))
    assert made.tables["kvinnor"].at["total", "n"] == 115


def test_groups_that_overlap_others_are_left_out_and_named(toy_weights):
    whole = {name: 3 * n + 20 for name, n in PEOPLE.items()}
    long = grouped(
        {
            "alla": whole,
            "0-17": {name: n + 5 for name, n in PEOPLE.items()},
            "10-16": {name: n + 4 for name, n in PEOPLE.items()},
            "16-24": {name: 2 * n for name, n in PEOPLE.items()},
        }
    )
    made = welfare.view(indicator("count"), long, toy_weights, "2024")
    assert made.groups == ("alla", "0-17", "10-16")
    assert made.left_out == ("16-24",)
    assert set(made.tables) == set(made.groups)


def test_without_the_whole_only_one_group_is_sure_not_to_overlap(toy_weights):
    women, men = halves(SAFE)
    long = grouped({"kvinnor": women, "män": men})
    made = welfare.view(indicator(), long, toy_weights, "2024")
    assert (made.groups, made.left_out) == (("kvinnor",), ("män",))


def test_a_small_group_is_hidden_together_with_what_would_tell_it(toy_weights):
    women = {name: n - 30 for name, n in PEOPLE.items() if n >= 30} | {"n3": 3, "s1": 5}
    men = {name: n - women[name] for name, n in PEOPLE.items()}
    tables = welfare.view(
        indicator("count"),
        grouped({"alla": PEOPLE, "kvinnor": women, "män": men}),
        toy_weights,
        "2024",
    ).tables
    assert tables["kvinnor"].at["n3", "status"] == "suppressed"
    statuses = [tables[group].at["n3", "status"] for group in ("alla", "män")]
    assert any(status.startswith("suppressed") for status in statuses)


def noisy(groups, period="2025"):
    return grouped(groups, period=period, source="SCB TAB6574")


def test_from_2025_the_groups_of_scb_are_not_forced_to_add_up(toy_weights):
    women, men = halves(SAFE)
    more_men = {name: (yes + 3, n + 6) for name, (yes, n) in men.items()}
    groups = {"alla": SAFE, "kvinnor": women, "män": more_men}
    made = welfare.view(indicator(), noisy(groups), toy_weights, "2025")
    assert (made.groups, made.left_out) == (("alla", "kvinnor", "män"), ())
    for group, cells in groups.items():
        alone = shown(cells, toy_weights)
        assert made.tables[group].equals(alone), group
    earlier = welfare.view(indicator(), noisy(groups, "2024"), toy_weights, "2024")
    assert earlier.left_out == ("män",)
    other = grouped(groups, period="2025", source="egen enkät")
    assert welfare.view(indicator(), other, toy_weights, "2025").left_out == ("män",)


def test_noise_breaks_the_link_between_groups_but_not_within_one(toy_weights):
    women = dict.fromkeys(IDS, 30) | {"n1": 3}
    men = dict.fromkeys(IDS, 31)
    whole = dict.fromkeys(IDS, 62) | {"n1": 35}  # one more than the parts: noise
    groups = {"alla": whole, "kvinnor": women, "män": men}
    made = welfare.view(indicator("count"), noisy(groups), toy_weights, "2025").tables
    assert made["alla"]["status"].eq("ok").all()
    assert made["män"]["status"].eq("ok").all()
    status = made["kvinnor"]["status"]
    assert status["n1"] == "suppressed"
    assert status.eq("suppressed_secondary").sum() >= 1


# --- what a view says of itself --------------------------------------------------------------


def test_a_view_says_where_it_comes_from(toy_weights):
    two = rows(SAFE).assign(source=["a", "b", "a", "b", "a", "b"])
    made = welfare.view(indicator(), two, toy_weights, "2024")
    assert (made.indicator_id, made.period, made.sources) == ("prov", "2024", ("a", "b"))
    assert not made.is_demo
    made = welfare.view(indicator(), rows(SAFE, source="synthetic"), toy_weights, "2024")
    assert made.is_demo
    with pytest.raises(AttributeError):
        made.period = "2025"


def test_official_values_stand_beside_and_are_no_part_of_any_sum(toy_weights):
    official = rows({"1490": 41.5, "0000": 43.0}, area_vintage="kommun", source="Kolada")
    both = pd.concat([rows(SAFE), official], ignore_index=True)
    made = welfare.view(indicator(), both, toy_weights, "2024")
    assert made.reference == pytest.approx({"1490": 0.415, "0000": 0.43})
    assert made.tables["alla"].equals(shown(SAFE, toy_weights))
    assert made.sources == ("Kolada", "prov")


def test_an_indicator_of_the_municipality_has_a_reference_and_no_areas(toy_weights):
    official = rows({"1490": 1176, "0000": 1070}, area_vintage="kommun")
    made = welfare.view(indicator("rate"), official, toy_weights, "2024")
    assert (made.tables, made.groups, made.left_out) == ({}, (), ())
    assert made.reference == {"1490": 1176, "0000": 1070}


def test_a_period_without_figures_is_a_wrong_call(toy_weights):
    both = pd.concat([rows(SAFE), rows(SAFE, "2022")])
    with pytest.raises(GeoError, match=r"period: \['2022', '2024'\] väntades, fick '2023'"):
        welfare.view(indicator(), both, toy_weights, "2023")


def test_only_the_rows_of_the_period_count(toy_weights):
    both = pd.concat([rows(SAFE), rows(PEOPLE | {"n1": (1, 90)}, "2022")], ignore_index=True)
    made = welfare.view(indicator(), both, toy_weights, "2024")
    assert made.tables["alla"].equals(shown(SAFE, toy_weights))


def test_real_data_replace_the_demonstration_set_one_indicator_at_a_time():
    columns = {"indicator_id": ["a", "a", "b"], "period": ["2020", "2022", "2022"]}
    made_up = pd.DataFrame(columns | {"source": "synthetic"})
    real = pd.DataFrame({"indicator_id": ["a", "c"], "period": ["2024"] * 2, "source": "SCB"})
    joined = welfare.current(real, made_up)
    assert joined[["indicator_id", "period", "source"]].to_numpy().tolist() == [
        ["a", "2024", "SCB"],
        ["c", "2024", "SCB"],
        ["b", "2022", "synthetic"],
    ]
    assert joined.index.tolist() == [0, 1, 2]
    assert welfare.current(real.iloc[:0], made_up).equals(made_up)
    assert welfare.current(real, made_up.iloc[:0])["source"].tolist() == ["SCB"] * 2


def test_periods_are_those_of_the_base_areas_newest_first(toy_weights):
    local = pd.concat([rows(SAFE, period) for period in ("2022", "2024", "2020")])
    official = rows({"1490": 40}, "2025", area_vintage="kommun")
    assert welfare.periods(pd.concat([local, official]), toy_weights) == ["2024", "2022", "2020"]
    assert welfare.periods(official, toy_weights) == ["2025"]
    assert welfare.periods(official.iloc[:0], toy_weights) == []


def test_a_series_is_broken_by_another_cut_and_by_noise(toy_weights):
    def series(source="egen", **vintages):
        return pd.concat(
            [
                rows(SAFE, year[1:], area_vintage=vintage, source=source)
                for year, vintage in vintages.items()
            ]
        )

    plain = series(y2022="RegSO2025", y2024="RegSO2025", y2025="RegSO2025")
    assert welfare.breaks(plain, toy_weights) == {}
    cut = series(y2024="RegSO2025", y2023="RegSO2020", y2022="RegSO2020", y2021="RegSO2018")
    assert welfare.breaks(cut, toy_weights) == {"2022": "vintage", "2024": "vintage"}
    scb = series("SCB TAB6574", y2023="RegSO2020", y2024="RegSO2025", y2026="RegSO2025")
    assert welfare.breaks(scb, toy_weights) == {"2024": "vintage", "2025": "noise"}
    before = series("SCB TAB6574", y2023="RegSO2025", y2024="RegSO2025")
    assert welfare.breaks(before, toy_weights) == {}
    official = rows({"1490": 40}, "2025", area_vintage="kommun", source="SCB")
    assert welfare.breaks(pd.concat([before, official]), toy_weights) == {}


def test_history_lays_the_periods_side_by_side(toy_weights):
    women, men = halves(SAFE)
    first = grouped({"alla": SAFE, "kvinnor": women, "män": men}, period="2022")
    small = rows(SAFE | {"s3": (2, 50)}, "2024")
    views = [
        welfare.view(indicator(), long, toy_weights, period)
        for long, period in ((small, "2024"), (first, "2022"))
    ]
    table = welfare.history(views, "alla")
    assert table.index.tolist() == ["2022", "2024"]
    assert table.index.name == "period"
    assert table.columns.tolist() == [*IDS, *SUMS]
    assert table["s3"].tolist() == pytest.approx([0.4, np.nan], nan_ok=True)
    assert table["s1"].tolist() == pytest.approx([0.3, 0.3])
    assert welfare.history(views, "kvinnor").index.tolist() == ["2022"]
    assert welfare.history(views, "män").at["2022", "n1"] == pytest.approx(0.5)


def test_layers_without_a_network_have_no_column(toy_weights):
    made = welfare.shown_weights(toy_weights[["bu-a", "or-d"]])
    assert made.columns.tolist() == ["bu-a", "or-d", "barn_unga", "ortsrad"]
    assert made["barn_unga"].tolist() == toy_weights["bu-a"].tolist()
    assert welfare.shown_weights(toy_weights)["barn_unga"].tolist() == [1.0] * 6


# --- what is hidden --------------------------------------------------------------------------


def test_what_is_hidden_has_no_value_no_ends_and_says_why(toy_weights):
    table = shown(SAFE | {"n3": (3, 20)}, toy_weights)
    assert table.at["n3", "status"] == "suppressed"
    assert table.loc["n3", ENDS].isna().all()
    assert table.loc["n3", ["n", "against"]].tolist() == [20, "unknown"]
    hidden = table["status"] != "ok"
    assert "suppressed_secondary" in set(table["status"])
    assert table.loc[hidden, ENDS].isna().all(axis=None)
    assert table.loc[hidden, "against"].eq("unknown").all()
    assert table.loc[~hidden, "value"].notna().all()


def test_the_threshold_is_a_setting(toy_weights):
    assert shown(SAFE, toy_weights, threshold=8)["status"].eq("ok").all()
    assert shown(SAFE, toy_weights, threshold=9).at["n3", "status"] == "suppressed"


def test_a_denominator_that_is_hidden_is_not_shown_as_n(toy_weights):
    table = shown(SAFE | {"n3": (2, 4)}, toy_weights)
    assert table.loc["n3", [*ENDS, "n"]].isna().all()
    assert table["n"].isna().sum() >= 2


def test_an_area_keeps_its_ends_to_itself_when_a_split_part_of_it_is_hidden(toy_weights):
    cells = SAFE | {"s2": (3, 60)}
    full = shown(cells, toy_weights)
    sample = shown(cells, toy_weights, indicator(basis="sample"))
    assert full["status"].equals(sample["status"])
    assert full.at["s2", "status"] == "suppressed"
    seen = [name for name in ("bu-a", "bu-b") if full.at[name, "status"] == "ok"]
    assert seen
    for name in seen:
        assert full.loc[name, ["low", "high", "estimated_share"]].isna().all()
        assert full.at[name, "against"] == "unknown"
        assert full.loc[name, ["value", "n"]].notna().all()
        around = intervals.wilson(full.loc[[name], "value"], full.loc[[name], "n"])
        expected = [float(end[name]) for end in around]
        assert sample.loc[name, ["low", "high"]].tolist() == pytest.approx(expected)
        assert np.isnan(sample.at[name, "estimated_share"])
    assert full.loc[["barn_unga", "total"], ["low", "high"]].notna().all(axis=None)


def test_a_split_part_that_is_missing_keeps_nothing_back(toy_weights):
    table = shown(SAFE | {"s2": "missing"}, toy_weights)
    assert table.loc["bu-a", ENDS].tolist() == pytest.approx([29 / 70, 29 / 70, 29 / 70, 0])


# --- the proof: solve for what is hidden, with all that is shown -------------------------------


def sums_of(weights):
    """Return every sum that is shown, base area × id: base areas, areas, layers, the city."""
    layers = pd.DataFrame(
        {
            layer: weights.filter(regex=f"^{prefix}-").sum(axis=1).clip(upper=1)
            for prefix, layer in (("bu", "barn_unga"), ("on", "omrade"), ("or", "ortsrad"))
        }
    )
    base = pd.DataFrame(np.eye(len(weights)), weights.index, weights.index)
    return pd.concat([base, weights, layers.assign(total=1.0)], axis=1)


def seen_of_counts(table, sums):
    """Yield every equation that a table of counts gives: coefficients by base area, and the sum."""
    known = table.loc[sums.index, "status"].ne("missing").to_numpy()
    for name, share in sums.items():
        row, part = table.loc[name], share * ((share > 0) & (share < 1))
        for number, of in (
            (row["value"], share),
            (row["n"], share),
            (row["low"], share == 1),
            (row["high"], share > 0),
            (row["estimated_share"] * row["value"], part),
        ):
            if not np.isnan(number):
                yield of.to_numpy(dtype=float) * known, number
    yield np.zeros(len(sums)), 0.0


def seen_of_shares(table, sums, yes, n):
    """Yield the same of shares: coefficients of those who said yes, then of the rest.

    low and high are shares of the whole base areas and some of the split ones. The reader of a
    sample takes them out of the interval again. yes, n: the truth, that says which of them.
    """
    known = table.loc[sums.index, "status"].ne("missing").to_numpy()
    yes, n = yes * known, n * known
    for name, share in sums.items():
        row, share = table.loc[name], share.to_numpy() * known
        part = np.where(share < 1, share, 0)
        for number, of in (
            (row["n"], [share, share]),
            (row["value"] * row["n"], [share, 0 * share]),
            (row["estimated_share"] * row["n"], [part, part]),
        ):
            if not np.isnan(number):
                yield np.concatenate(of), number
        for chosen in product((0.0, 1.0), repeat=int((part > 0).sum())):
            of = (share == 1).astype(float)
            of[part > 0] = chosen
            end = (yes @ of) / max(n @ of, 1)
            if gives(row, end):
                yield np.concatenate([(1 - end) * of, -end * of]), 0.0
    yield np.zeros(2 * len(sums)), 0.0


def gives(row, end):
    """Tell whether low or high of a row, of a full count or of a sample, says this share."""
    if np.isnan(row["low"]):
        return False
    low, high = intervals.wilson(pd.Series([end]), pd.Series([row["n"]]))
    told = [row["low"] - end, row["high"] - end, row["low"] - low[0], row["high"] - high[0]]
    return bool((np.abs(told) < 1e-9).any())


def reach(equations, asked):
    """Return the least and the largest that a sum of whole numbers of people can be."""
    rows, numbers = (np.array(part) for part in zip(*equations, strict=True))
    limits = LinearConstraint(rows, numbers, numbers)
    ends = [
        milp(way * asked, constraints=limits, integrality=np.ones(len(asked))) for way in (1, -1)
    ]
    assert ends[0].x is not None
    return ends[0].fun, np.inf if ends[1].x is None else -ends[1].fun


def is_determined(equations, asked):
    """Tell whether a sum follows from the equations as in a spreadsheet, whatever the numbers."""
    rows = np.array([row for row, _ in equations])
    found = np.linalg.lstsq(rows.T, asked)[0]
    return bool(np.abs(rows.T @ found - asked).max() < 1e-7)


def hidden_of(table, ids):
    return [at for at, name in enumerate(ids) if table.at[name, "status"].startswith("suppressed")]


numbers = st.lists(st.integers(0, 24), min_size=6, max_size=6)
pairs = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda two: (two[0], sum(two) or 1))
shares = st.lists(pairs, min_size=6, max_size=6)
gaps = st.lists(st.sampled_from(IDS), max_size=1)
WEIGHTS = allocate.weights(pd.DataFrame(MEMBERS, columns=["network_id", "base_area_id", "share"]))
WEIGHTS = WEIGHTS.loc[IDS]


@settings(max_examples=30)
@given(numbers, gaps)
def test_no_hidden_count_can_be_solved_for(people, gone):
    cells = dict(zip(IDS, people, strict=True)) | dict.fromkeys(gone, "missing")
    table = shown(cells, WEIGHTS, indicator("count"))
    equations = list(seen_of_counts(table, sums_of(WEIGHTS)))
    for at in hidden_of(table, IDS):
        low, high = reach(equations, np.eye(6)[at])
        assert low - 1e-6 <= people[at] <= high + 1e-6
        assert high - low > 0.5, (IDS[at], table)
        assert high > 5 - 1e-6, (IDS[at], table)


@settings(max_examples=30)
@given(shares, gaps, st.sampled_from(["full", "sample"]))
def test_no_hidden_share_can_be_solved_for(pairs, gone, basis):
    cells = dict(zip(IDS, pairs, strict=True)) | dict.fromkeys(gone, "missing")
    table = shown(cells, WEIGHTS, indicator(basis=basis))
    yes, n = np.array(pairs, dtype=float).T
    equations = list(seen_of_shares(table, sums_of(WEIGHTS), yes, n))
    for at in hidden_of(table, IDS):
        said, rest = np.eye(12)[at], np.eye(12)[6 + at]
        asked = [(said, yes[at]), (rest, n[at] - yes[at])]
        asked += [(said + rest, n[at])] if np.isnan(table.at[IDS[at], "n"]) else []
        for row, truth in asked:
            low, high = reach(equations, row)
            assert low - 1e-6 <= truth <= high + 1e-6
            assert high - low > 0.5, (IDS[at], row, table)
            assert truth >= 5 or high > 5 - 1e-6, (IDS[at], row, table)


@settings(max_examples=15)
@example([16, 25, 11, 4, 24, 18], [20, 17, 18, 6, 30, 25])
@given(numbers, numbers)
def test_no_hidden_group_can_be_solved_for(women, men):
    people = {"kvinnor": np.array(women), "män": np.array(men)}
    people["alla"] = people["kvinnor"] + people["män"]
    long = grouped({name: dict(zip(IDS, many, strict=True)) for name, many in people.items()})
    tables = welfare.view(indicator("count"), long, WEIGHTS, "2024").tables
    assert set(tables) == set(people)
    of = {"kvinnor": [1, 0], "män": [0, 1], "alla": [1, 1]}
    equations = [
        (np.kron(of[group], row), number)
        for group, table in tables.items()
        for row, number in seen_of_counts(table, sums_of(WEIGHTS))
    ]
    for group, table in tables.items():
        for at in hidden_of(table, IDS):
            low, high = reach(equations, np.kron(of[group], np.eye(6)[at]))
            assert high - low > 0.5, (group, IDS[at])
            assert high > 5 - 1e-6, (group, IDS[at])


@pytest.mark.parametrize("column", ["low", "high", "estimated_share"])
def test_any_one_of_the_ends_would_give_a_split_part_away(column):
    """What the proof is worth: with that column shown, s2 is solved for."""
    cells = dict(zip(IDS, [38, 30, 27, 24, 1, 37], strict=True))
    table, sums = shown(cells, WEIGHTS, indicator("count")), sums_of(WEIGHTS)
    assert table.loc["bu-a", ["status", "value"]].tolist() == ["ok", 62.5]
    s2 = np.eye(6)[IDS.index("s2")]
    assert not is_determined(list(seen_of_counts(table, sums)), s2)
    assert reach(list(seen_of_counts(table, sums)), s2)[1] >= 5
    told = allocate.counts(pd.Series(cells, dtype=float), WEIGHTS)[column]
    table.loc["bu-a", column] = told["bu-a"]
    assert is_determined(list(seen_of_counts(table, sums)), s2)


def test_nothing_of_the_real_networks_is_determined(weights):
    rng = np.random.default_rng(4)
    sums, ids = sums_of(weights), weights.index
    people = pd.Series(rng.poisson(4, len(ids)).astype(float), ids)
    table = shown(people, weights, indicator("count"))
    equations = list(seen_of_counts(table, sums))
    hidden = hidden_of(table, ids)
    assert len(hidden) > 15
    assert not any(is_determined(equations, np.eye(len(ids))[at]) for at in hidden)
    n = people + 20
    table = shown(dict(zip(ids, zip(people, n, strict=True), strict=True)), weights)
    equations = list(seen_of_shares(table, sums, people.to_numpy(), n.to_numpy()))
    hidden = hidden_of(table, ids)
    assert len(hidden) > 15
    assert not any(is_determined(equations, np.eye(2 * len(ids))[at]) for at in hidden)


def rebuilt(made):
    """Return the tables of a view as somebody would who takes down all that is shown."""
    return {
        group: pd.DataFrame(
            {
                "numerator": (table["value"] * table["n"]).where(table["status"] == "ok"),
                "denominator": table["n"],
                "value": table["value"],
                "status": table["status"],
                "denominator_status": np.select(
                    [table["n"].notna(), table["status"] == "missing"],
                    ["ok", "missing"],
                    "suppressed",
                ),
            }
        )
        for group, table in made.tables.items()
    }


@pytest.fixture(scope="module")
def indicators():
    return read.indicators()[0]


@pytest.fixture(scope="module")
def made_up(indicators, base_areas):
    frame = demo.statistics(indicators, base_areas.index)
    columns = ["numerator", "denominator", "value"]
    return frame.assign(**{name: pd.to_numeric(frame[name]) for name in columns})


@pytest.mark.parametrize(
    ("name", "threshold"),
    [("delaktighet", 5), ("psykosomatisk_halsa", 5), ("foreningsmedlem", 5), ("sysselsatta", 150)],
)
def test_nothing_of_the_demonstration_set_can_be_worked_out(
    weights, indicators, made_up, name, threshold
):
    mine = made_up[made_up["indicator_id"] == name]
    newest = welfare.periods(mine, weights)[0]
    made = welfare.view(indicators.loc[name], mine, weights, newest, threshold)
    found = disclosure.audit(rebuilt(made), welfare.shown_weights(weights))
    assert len(found) > 10
    assert not found["exactly_recoverable"].any()
    assert (found["high"] > threshold - 1e-6).all()
    assert all(found["low"] < found["high"])


def test_a_part_that_the_source_hides_opens_no_way_to_another():
    """Leak: kvinnor n1 = 36 - 20, and on-c 45 - 16 - 25 gives kvinnor s1 = 4."""
    women = dict(zip(IDS, [16, 25, 11, 4, 24, 18], strict=True))
    whole = dict(zip(IDS, [36, 42, 29, 10, 54, 43], strict=True))
    men = {name: whole[name] - women[name] for name in IDS} | {"s1": "suppressed"}
    long = grouped({"alla": whole, "kvinnor": women, "män": men})
    made = welfare.view(indicator("count"), long, WEIGHTS, "2024")
    found = disclosure.audit(made.tables, welfare.shown_weights(WEIGHTS))
    assert not found["exactly_recoverable"].any()


def test_an_older_cut_with_the_same_codes_is_never_joined():
    older = rows(SAFE, area_vintage="RegSO2020")
    made = welfare.view(indicator(), older, WEIGHTS, "2024")
    assert made.tables == {}


def test_two_cuts_of_one_period_do_not_crash():
    both = pd.concat([rows(SAFE), rows(SAFE, area_vintage="RegSO2020")], ignore_index=True)
    made = welfare.view(indicator(), both, WEIGHTS, "2024")
    assert made.tables["alla"].equals(shown(SAFE, WEIGHTS))


def test_a_rate_is_never_summed():
    table = shown(dict.fromkeys(IDS, 1000), WEIGHTS, indicator("rate"))
    assert table.loc[["bu-a", "total"], "status"].tolist() == ["not_applicable"] * 2


def test_what_the_source_hides_is_called_hidden_and_not_missing():
    table = shown(SAFE | {"s3": "suppressed"}, WEIGHTS)
    assert table.at["s3", "status"] == "hidden_by_source"


def test_what_the_source_hides_is_not_the_official_total_less_the_rest():
    cells = dict(zip(IDS, [30, 40, 50, 60, 70, "suppressed"], strict=True))
    official = rows({"1490": 253}, area_vintage="kommun")
    made = welfare.view(indicator("count"), pd.concat([rows(cells), official]), WEIGHTS, "2024")
    total = made.tables["alla"].at["total", "value"]
    left = made.reference.get("1490", np.nan) - total
    assert np.isnan(left) or left >= 5


def test_one_group_beside_the_whole_is_not_taken_for_the_whole():
    whole = dict(zip(IDS, [1, 2, 1, 1, 0, 4], strict=True))
    women = dict(zip(IDS, [1, 1, 0, 0, 0, 2], strict=True))
    long = grouped({"alla": whole, "kvinnor": women})
    made = welfare.view(indicator("count"), long, WEIGHTS, "2024")
    found = disclosure.audit(made.tables, welfare.shown_weights(WEIGHTS))
    assert found["low"].loc[("kvinnor", "total")] <= 4  # it says 9, exactly
    assert not found["exactly_recoverable"].any()


def test_a_year_may_break_a_series_for_two_reasons():
    scb = pd.concat(
        [
            rows(SAFE, "2024", area_vintage="RegSO2020", source="SCB a"),
            rows(SAFE, "2025", area_vintage="RegSO2025", source="SCB a"),
        ]
    )
    assert "vintage" in str(welfare.breaks(scb, WEIGHTS)["2025"])


def test_the_whole_comes_first_also_where_nothing_is_summed():
    long = grouped({"0-17": dict.fromkeys(IDS, 50), "alla": dict.fromkeys(IDS, 40)})
    assert welfare.view(indicator(), long, WEIGHTS, "2024").groups == ("alla", "0-17")


def test_the_error_says_what_to_do():
    with pytest.raises(GeoError, match=r"Välj|Skriv|Ange"):
        welfare.view(indicator(), rows(SAFE), WEIGHTS, "2030")


def test_a_source_that_calls_itself_noisy_is_tried_before_it_is_believed():
    """Groups that sum exactly are protected together, whatever the source is called."""
    women = dict(zip(IDS, [16, 25, 11, 9, 24, 18], strict=True))
    men = dict(zip(IDS, [20, 17, 18, 2, 30, 25], strict=True))
    whole = {name: women[name] + men[name] for name in IDS}
    long = grouped({"alla": whole, "kvinnor": women, "män": men})
    long = long.assign(period="2025", source="SCB TAB1")
    made = welfare.view(indicator("count"), long, WEIGHTS, "2025")
    found = disclosure.audit(made.tables, welfare.shown_weights(WEIGHTS))
    assert len(found) > 2
    assert not found["exactly_recoverable"].any()
    pair = [made.tables[group].at["s1", "status"] for group in ("alla", "kvinnor")]
    assert pair != ["ok", "ok"]
