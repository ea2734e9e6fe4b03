"""Checked rows: how cells are read, what is worked out, and laws that hold for any table."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import read, row_issues, statistics
from geo.changes import COLUMNS, KEY
from geo.errors import GeoError, has_errors

INDICATORS = read.indicators()[0]
ROW = {
    "indicator_id": "trygghet",
    "area_code": "1490R001",
    "area_vintage": "RegSO2025",
    "period": "2024",
    "value": "45",
}


def table(*rows):
    frame = pd.DataFrame([ROW | row for row in rows], dtype=object)
    frame.index = range(2, len(frame) + 2)
    return frame


@pytest.fixture
def check(base_areas):
    def run(*rows, areas=base_areas, unit=""):
        return statistics.check(table(*rows), INDICATORS, areas, unit=unit)

    return run


def one(found):
    frame, issues = found
    assert not has_errors(issues), issues.to_string()
    [row] = frame.to_dict(orient="records")
    return row


@pytest.mark.parametrize(
    ("column", "text", "wanted"),
    [
        ("indicator_id", "Trygghet i skolan och området", "trygghet"),
        ("indicator_id", "TRYGGHET (%)", "trygghet"),
        ("indicator_id", "avgangsbetyg ak 9", "behoriga_ak9"),
        ("area_code", "1490r025", "1490R025"),
        ("area_code", "1490R025_RegSO2025", "1490R025"),
        ("area_code", "1490R025 Norrby", "1490R025"),
        ("area_code", " norrby ", "1490R025"),
        ("area_vintage", "RegSO 2025_v2", "RegSO2025"),
        ("area_vintage", "2025", "RegSO2025"),
        ("period", "2023/24", "2023/2024"),
        ("period", "2023 / 2024", "2023/2024"),
        ("period", "1999/00", "1999/2000"),
        ("group", "", "alla"),
        ("group", "Totalt", "alla"),
        ("group", "Båda könen", "alla"),
        ("group", "tjejer", "flickor"),
        ("group", "P", "pojkar"),
        ("group", "K", "kvinnor"),
        ("group", "Man", "män"),
        ("group", "åk  8", "åk 8"),
        ("value", "45,5", 45.5),
        ("value", "45 %", 45.0),
        ("source", " enkät ", "enkät"),
    ],
)
def test_a_cell_is_read_as_a_person_means_it(check, column, text, wanted):
    assert one(check({column: text}))[column] == wanted


@pytest.mark.parametrize("text", ["1 234", "1\u00a0234", "1\u2009234", "1\u202f234", "1234,0"])
def test_thousands_are_written_in_many_ways(check, text):
    assert one(check({"indicator_id": "folkmangd", "value": text}))["value"] == 1234


@pytest.mark.parametrize("text", ["..", "-", "–", "x", "X", "", "…", "uppgift saknas"])
def test_what_is_missing_is_never_0(check, text):
    row = one(check({"value": text}))
    assert row["status"] == "missing"
    assert math.isnan(row["value"])


@pytest.mark.parametrize("text", ["<5", "< 5", "färre än 5", "Färre än 10", "≤4", "dolt"])
def test_what_is_hidden_is_suppressed_and_never_0(check, text):
    row = one(check({"value": text}))
    assert row["status"] == "suppressed"
    assert math.isnan(row["value"])


@pytest.mark.parametrize(
    ("said", "status"), [("Saknas", "missing"), ("dolt", "suppressed"), ("", "missing")]
)
def test_status_may_be_said_in_swedish(check, said, status):
    assert one(check({"value": "", "status": said}))["status"] == status


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1490", "1490"),
        ("Borås", "1490"),
        ("Borås stad", "1490"),
        ("0000", "0000"),
        ("0", "0000"),
        ("riket", "0000"),
    ],
)
def test_the_city_and_the_country_need_no_vintage(check, text, code):
    row = one(check({"area_code": text, "area_vintage": ""}))
    assert (row["area_code"], row["area_vintage"]) == (code, "kommun")


def test_deso_is_accepted_when_its_areas_are_loaded(check, base_areas):
    deso = base_areas.iloc[:1].set_axis(["1490A0010"]).assign(vintage="DeSO 2025", name="x")
    loaded = pd.concat([base_areas, deso])
    row = {"area_code": "1490A0010_DeSO2025", "area_vintage": ""}
    assert one(check(row, areas=loaded))["area_vintage"] == "DeSO2025"
    other = check({"area_code": "1490A0010", "area_vintage": "DeSO2018"}, areas=loaded)
    assert "1490A0010 (DeSO2018) finns inte bland de ytor som är laddade" in other[1].message[0]


def test_a_name_that_two_areas_have_is_refused(check, base_areas):
    twins = base_areas.copy()
    twins["name"] = ["Norrby", "Norrby", *twins["name"][2:]]
    _, issues = check({"area_code": "Norrby"}, areas=twins)
    assert issues.at[0, "message"] == (
        "Norrby kan vara 1490R001 eller 1490R002 eller 1490R025. Skriv koden i stället."
    )


def test_a_name_is_of_the_loaded_vintage_alone(check):
    _, issues = check({"area_code": "Norrby", "area_vintage": "RegSO2018"})
    assert "namnet Norrby kan inte tolkas för RegSO2018. Skriv koden." in issues["message"].tolist()


def test_numerator_and_denominator_give_the_exact_value(check):
    row = one(check({"numerator": "1", "denominator": "3", "value": "33,3"}))
    assert row["value"] == 100 / 3
    assert one(check({"numerator": "1", "denominator": "3", "value": ""}))["value"] == 100 / 3


def test_a_rate_is_of_as_many_as_its_unit_says(check):
    rate = {"indicator_id": "valdsbrott", "area_code": "1490", "area_vintage": "kommun"}
    row = one(check(rate | {"numerator": "12", "denominator": "1000", "value": ""}))
    assert row["value"] == 1200


def test_a_count_may_stand_as_numerator(check):
    row = one(check({"indicator_id": "folkmangd", "numerator": "12", "value": ""}))
    assert row["value"] == 12
    assert math.isnan(row["numerator"])


def test_the_unit_is_what_a_person_says(check):
    low = [{"value": "0,4"}, {"value": "0,6", "area_code": "1490R002"}]
    assert check(*low, unit="percent")[0]["value"].tolist() == [0.4, 0.6]
    assert check(*low, unit="share")[0]["value"].tolist() == [40, 60]
    mixed = check({"value": "0,4"}, {"value": "60", "area_code": "1490R002"}, unit="share")
    assert mixed[0]["value"].tolist() == [40]
    assert "över 100 procent" in mixed[1].message.str.cat()
    with pytest.raises(GeoError, match="unit: percent, share eller tomt väntades, fick 'promille'"):
        check({}, unit="promille")


def test_one_row_with_its_parts_says_how_the_others_are_written(check):
    proof = {"numerator": "3", "denominator": "5", "value": "0.6"}
    frame, _ = check(proof, {"value": "0,4", "area_code": "1490R002"})
    assert frame["value"].tolist() == [60, 40]
    proof = {"numerator": "3", "denominator": "500", "value": "0.6"}
    frame, _ = check(proof, {"value": "0,4", "area_code": "1490R002"})
    assert frame["value"].tolist() == pytest.approx([0.6, 0.4])


def test_zero_per_cent_is_zero_in_any_unit(check):
    frame, issues = check({"value": "0"}, {"value": "55", "area_code": "1490R002"})
    assert frame["value"].tolist() == [0, 55]
    assert not has_errors(issues)
    assert not has_errors(check({"value": "0"})[1])


def test_issues_come_in_the_order_of_the_file(check):
    _, issues = check({"value": "x1"}, {"period": "H1"}, {"area_code": "?", "value": "x2"})
    assert issues["row"].is_monotonic_increasing
    errors = issues.loc[issues["severity"] == "error", ["row", "column"]]
    assert errors.values.tolist() == [[2, "value"], [3, "period"], [4, "area_code"], [4, "value"]]


def test_the_same_fault_on_every_row_of_a_long_file_is_told_once(check):
    rows = [{"area_vintage": "", "group": f"g{n}"} for n in range(row_issues.MANY + 1)]
    frame, issues = check(*rows)
    assert frame.empty
    errors = issues[issues["severity"] == "error"]
    assert len(errors) == 1
    assert errors["message"].iloc[0].startswith("Alla 51 rader: årgången saknas. Skriv RegSO2025")


def test_a_flood_of_faults_is_cut_and_the_rest_counted(check, monkeypatch):
    monkeypatch.setattr(row_issues, "MAX_TOLD", 10)
    frame, issues = check({}, *[{"period": f"H{n}"} for n in range(25)])
    errors = issues[issues["severity"] == "error"]
    assert len(errors) == 11
    assert "… och 15 rader till med samma fel." in errors["message"].tolist()
    assert len(frame) == 1


def test_nothing_gives_nothing(check, base_areas):
    empty = pd.DataFrame(columns=list(COLUMNS))
    frame, issues = statistics.check(empty, INDICATORS, base_areas)
    assert list(frame.columns) == list(COLUMNS)
    assert len(frame) == len(issues) == 0


any_cell = st.text(max_size=6) | st.sampled_from(["1490R001", "2024", "<5", "0,5", "ok", "12"])
any_row = st.fixed_dictionaries(dict.fromkeys(COLUMNS, any_cell))
good_row = st.fixed_dictionaries(
    {
        "indicator_id": st.sampled_from(["trygghet", "folkmangd", "hyresratt"]),
        "area_code": st.integers(1, 47).map("1490R{:03}".format),
        "area_vintage": st.just("RegSO2025"),
        "period": st.sampled_from(["2023", "2024", "2023/24"]),
        "group": st.sampled_from(["", "flickor", "x"]),
        "value": st.integers(0, 120).map(str) | st.sampled_from(["..", "<5", "0,4"]),
        "numerator": st.sampled_from(["", "3", "12"]),
        "denominator": st.sampled_from(["", "6", "12"]),
    }
)
rows_of = st.lists(any_row | good_row, min_size=1, max_size=8)


@given(rows_of)
def test_no_text_crashes_and_no_row_is_lost(base_areas, rows):
    frame, issues = statistics.check(table(*rows), INDICATORS, base_areas)
    told = set(issues["row"].dropna()) | set(frame.index)
    whole = issues["row"].isna() & (issues["severity"] == "error")
    assert whole.any() or told == set(range(2, len(rows) + 2))
    assert not frame.duplicated(list(KEY)).any()
    hidden = frame["status"] != "ok"
    assert frame["value"].isna().tolist() == hidden.tolist()
    shares = frame.loc[frame["indicator_id"] != "folkmangd", "value"].dropna()
    assert shares.between(0, 100).all()


@given(st.lists(good_row, min_size=2, max_size=8), st.data())
def test_the_order_of_the_rows_changes_nothing(base_areas, rows, data):
    order = data.draw(st.permutations(range(len(rows))))
    one, two = table(*rows), table(*(rows[n] for n in order))
    frames = [statistics.check(t, INDICATORS, base_areas)[0] for t in (one, two)]
    left, right = (f.sort_values(list(KEY)).reset_index(drop=True) for f in frames)
    pd.testing.assert_frame_equal(left, right)


@given(st.integers(0, 500), st.integers(1, 500), st.integers(0, 3))
def test_a_rounded_value_agrees_with_its_parts(base_areas, top, bottom, places):
    top = min(top, bottom)
    text = f"{100 * top / bottom:.{places}f}".replace(".", ",")
    row = {"numerator": str(top), "denominator": str(bottom), "value": text}
    frame, issues = statistics.check(table(row), INDICATORS, base_areas)
    assert frame["value"].tolist() == [pytest.approx(100 * top / bottom)]
    assert issues.empty


def test_what_the_noise_has_made_impossible_is_missing_and_told(check):
    row = {"indicator_id": "hyresratt", "value": "", "numerator": "7", "denominator": "5"}
    row |= {"source": "SCB TAB6638, hämtad 2026-11-22"}
    frame, issues = check(row | {"period": "2025"}, row | {"period": "2024"})
    assert frame[["period", "status"]].values.tolist() == [["2025", "missing"]]
    assert frame[["numerator", "denominator", "value"]].isna().all(axis=None)
    assert issues["severity"].tolist() == ["warning", "error"]
