"""The demonstration set: seeded, marked, complete, and blind to the place."""

import numpy as np
import pytest

from geo import changes, demo, read
from geo.errors import GeoError
from geo.sources import DATA

NUMBERS = ["numerator", "denominator", "value"]
CELL = ["indicator_id", "area_code", "period"]


@pytest.fixture(scope="module")
def indicators():
    return read.indicators()[0]


@pytest.fixture(scope="module")
def made(indicators, base_areas):
    return demo.statistics(indicators, base_areas.index)


@pytest.fixture(scope="module")
def read_back(made, tmp_path_factory):
    """The set written as CSV and read as any other file of statistics."""
    path = tmp_path_factory.mktemp("demo") / "statistics.csv"
    made.to_csv(path, index=False)
    frame, issues = read.statistics(path)
    assert issues.empty, issues.to_string()
    assert len(frame) == len(made)
    return frame


def test_the_same_seed_gives_the_same_rows_and_another_seed_others(made, indicators, base_areas):
    assert demo.statistics(indicators, base_areas.index).equals(made)
    other = demo.statistics(indicators, base_areas.index, seed=1)
    assert other[CELL].equals(made[CELL])
    for name, rows in made.groupby("indicator_id"):
        assert not other.loc[rows.index, NUMBERS].equals(rows[NUMBERS]), name


def test_what_ships_is_what_the_seed_gives(made):
    shipped = (DATA / "demo" / "statistics.csv").read_text(encoding="utf-8")
    assert shipped == made.to_csv(index=False)


def test_every_indicator_has_rows_and_every_row_is_marked(made, indicators):
    assert list(dict.fromkeys(made["indicator_id"])) == list(indicators.index)
    assert set(made["source"]) == {"synthetic"}
    assert tuple(made.columns) == changes.COLUMNS


def test_every_base_area_has_every_period_of_its_indicator(made, indicators, base_areas):
    for name, rows in made.groupby("indicator_id"):
        is_local = indicators.at[name, "level"] == "base_area"
        wanted = set(base_areas.index) if is_local else {"1490", "0000"}
        assert set(rows["area_vintage"]) == ({"RegSO2025"} if is_local else {"kommun"})
        by_cell = rows.groupby(["period", "group"])["area_code"]
        assert by_cell.agg(set).map(lambda codes, wanted=wanted: codes == wanted).all(), name
        assert (by_cell.size() == len(wanted)).all(), name


def test_series_are_long_enough_for_a_trend(made):
    n_periods = made.groupby("indicator_id")["period"].nunique()
    assert (n_periods.drop("omradestyp") >= 5).all()


def test_it_is_statistics_as_any_other(read_back, indicators):
    measure = read_back["indicator_id"].map(indicators["measure"])
    shares = read_back[(measure == "share") & (read_back["status"] == "ok")]
    assert shares["value"].between(0, 100).all()
    base = shares[shares["area_vintage"] != "kommun"]
    assert (base["numerator"] <= base["denominator"]).all()
    assert (base["numerator"] >= 0).all()
    assert (base["denominator"] > 0).all()
    assert set(read_back.loc[measure == "class", "value"]) <= {1, 2, 3, 4, 5}
    whole = read_back[["numerator", "denominator"]].fillna(0) % 1 == 0
    assert whole.all(axis=None)


def test_women_and_men_are_everyone(read_back):
    for name in ("sysselsatta", "minst_gymnasial", "eftergymnasial"):
        rows = read_back[read_back["indicator_id"] == name]
        assert set(rows["group"]) == {"alla", "kvinnor", "män"}
        for column in ("numerator", "denominator"):
            table = rows.pivot(index=["area_code", "period"], columns="group", values=column)
            assert table["alla"].equals(table["kvinnor"] + table["män"])


def test_the_ages_are_everyone(read_back):
    rows = read_back[read_back["indicator_id"] == "folkmangd"]
    table = rows.pivot(index=["area_code", "period"], columns="group", values="value")
    assert set(table) == {"alla", "0-9", "10-16", "17-19", "20-64", "65-"}
    assert table["alla"].equals(table.drop(columns="alla").sum(axis=1))


def test_what_is_missing_has_no_number_and_what_is_there_has_one(made):
    is_missing = made["status"] == "missing"
    assert 0 < is_missing.sum() < len(made) / 20
    assert set(made["status"]) == {"ok", "missing"}
    assert (made.loc[is_missing, NUMBERS] == "").all(axis=None)
    assert (made.loc[~is_missing, NUMBERS] != "").any(axis=1).all()


def test_the_numbers_follow_the_order_alone_and_not_the_place(made, indicators, base_areas):
    shuffled = np.random.default_rng(5).permutation(base_areas.index)
    again = demo.statistics(indicators, shuffled)
    relabelled = dict(zip(base_areas.index, shuffled, strict=True))
    assert again.equals(made.assign(area_code=made["area_code"].replace(relabelled)))
    assert not again["area_code"].equals(made["area_code"])


def test_a_register_without_what_is_needed_is_a_wrong_call(indicators):
    with pytest.raises(GeoError, match="basis"):
        demo.statistics(indicators.drop(columns="basis"), ["1490R001"])
