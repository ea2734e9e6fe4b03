"""Fetching from SCB against a local server that holds the documented form and limits."""

import json
import math
from datetime import date, datetime
from itertools import product

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import read
from geo.errors import GeoError, has_errors
from geo.fetch import frozen, jsonstat, plan, register, scb
from geo.fetch.http import Client
from tests.geo.statistics_server import FOREVER, NEW, OLD, Clock, StatisticsServer, Table

AREAS = [f"1490R{number:03}" for number in range(1, 48)]
REGIONS = ["00", "1490", *[code + end for end in (OLD, NEW) for code in AREAS]]
YEARS = ["2022", "2023", "2024", "2025"]
HOUSEHOLDS = [row for row in register.scb() if row.table_id == "TAB6568"]
TODAY = date(2026, 11, 22)
CODES = {
    "TAB6574": {"Alder": ["-4", "5-9", "10-14", "15-19", "totalt"], "Kon": ["1", "2", "1+2"]},
    "TAB6571": {"UtlBakgrund": ["1", "2", "SA"], "Kon": ["1", "2", "1+2"]},
    "TAB6568": {"Hushallstyp": ["SBMB", "ESMB", "ESUB", "TOTALT"]},
    "TAB6685": {"Alder": ["0-19", "tot"]},
    "TAB6680": {"Kon": ["1", "2", "1+2"], "Alder": ["20-64", "20-65"]},
    "TAB6534": {"UtbildningsNiva": ["21", "3+4", "5", "6", "US"]},
    "TAB6638": {"Upplatelseform": ["1", "2", "3", "ÖVRIGT"]},
}
CONTENTS = {
    "TAB6574": ["000007Y7"],
    "TAB6571": ["000007Y4"],
    "TAB6568": ["000007Y1"],
    "TAB6685": ["000008AC", "000008AD"],
    "TAB6680": ["0000089V", "0000089W", "0000089X", "0000089Y"],
    "TAB6534": ["000007Z6"],
    "TAB6638": ["00000864"],
}
SIZES = {"TOTALT": 90, "SA": 90, "totalt": 90, "0000089Y": 90, "000008AC": 12.3}


def cell(codes):
    """Return a number made of the codes; as SCB, 0 before 2024 with the new codes, old: null."""
    if codes["Region"].endswith(NEW) and codes["Tid"] < "2024":
        return 0
    if codes["Region"] in AREAS and codes["Tid"] >= "2024":
        return None
    number = int(codes["Region"][5:8] or 0) + int(codes["Tid"]) - 2000
    return number + sum(SIZES.get(code, 0) for code in codes.values())


def table(table_id):
    codes = {
        "Region": REGIONS,
        **CODES[table_id],
        "ContentsCode": CONTENTS[table_id],
        "Tid": YEARS,
    }
    return Table(f"Tabell {table_id}", codes, cell)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def server(clock):
    with StatisticsServer(clock) as server:
        server.tables = {table_id: table(table_id) for table_id in CODES}
        yield server


@pytest.fixture
def fetch(server, clock, tmp_path):
    def run(areas=AREAS, folder=tmp_path, **options):
        with Client(now=clock.now, sleep=clock.sleep) as client:
            return scb.fetch(
                areas, folder, address=server.scb, today=TODAY, client=client, **options
            )

    return run


def rows_of(path):
    return pd.read_csv(path, dtype={"area_code": str, "period": str})


def files(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_every_indicator_of_the_register_is_fetched(fetch, tmp_path):
    paths = fetch()
    assert files(tmp_path) == sorted(
        f"scb_{table_id}_2026-11-22.csv{end}" for table_id in CODES for end in ("", ".json")
    )
    assert [path.name[4:11] for path in paths] == list(
        dict.fromkeys(row.table_id for row in register.scb())
    )
    for path in paths:
        rows = rows_of(path)
        assert set(rows["area_code"]) == set(AREAS)
        assert set(rows["area_vintage"]) == {"RegSO2025"}
        assert set(rows["period"]) == {"2024", "2025"}
        assert set(rows["status"]) == {"ok"}
        assert set(rows["source"]) == {f"SCB {path.name[4:11]}, hämtad 2026-11-22"}
    indicators = {name for path in paths for name in rows_of(path)["indicator_id"]}
    assert indicators == {row.indicator_id for row in register.scb()}


def test_the_reader_of_statistics_takes_every_file(fetch):
    for path in fetch():
        rows, issues = read.statistics(path)
        assert not has_errors(issues)
        assert len(rows) == frozen.account(path)["n_rows"]


def test_the_register_names_indicators_that_exist():
    known = set(read.register("indicators")["indicator_id"])
    assert {row.indicator_id for row in register.scb()} <= known
    assert set(register.kolada()["indicator_id"]) <= known


def test_a_share_has_numerator_denominator_and_per_cent(fetch):
    [path] = fetch(["1490R003"], indicators=["ensamstaende_med_barn"])
    row = rows_of(path).set_index("period").loc["2025"]
    assert (row["numerator"], row["denominator"]) == (28, 118)
    assert row["value"] == 100 * 28 / 118
    assert row["group"] == "alla"


def test_a_count_is_a_value_alone_by_group(fetch):
    [path] = fetch(["1490R003"], indicators=["folkmangd"])
    rows = rows_of(path)
    latest = rows[rows["period"] == "2025"].set_index("group")
    assert latest["value"].to_dict() == {
        "alla": 118,
        "10-14": 28,
        "15-19": 28,
    }
    assert latest[["numerator", "denominator"]].isna().all(axis=None)


def test_codes_are_added_up_and_the_unknown_education_is_left_out(fetch):
    paths = fetch(["1490R003"], indicators=["minst_gymnasial", "eftergymnasial"])
    rows = rows_of(paths[0]).set_index(["indicator_id", "period"])
    assert rows.loc[("minst_gymnasial", "2025"), ["numerator", "denominator"]].tolist() == [84, 112]
    assert rows.loc[("eftergymnasial", "2025"), ["numerator", "denominator"]].tolist() == [56, 112]


def test_the_share_of_one_table_has_two_contents(fetch):
    [path] = fetch(["1490R003"], indicators=["sysselsatta"])
    row = rows_of(path).set_index(["group", "period"]).loc[("alla", "2025")]
    assert (row["numerator"], row["denominator"]) == (28, 118)


def test_low_standard_becomes_not_low_and_keeps_its_precision(fetch, server):
    server.tables["TAB6685"].cell = lambda codes: 64.1
    [path] = fetch(["1490R003"], indicators=["inte_lag_ekonomisk_standard"])
    row = rows_of(path).iloc[0]
    assert row["value"] == 35.9
    assert row[["numerator", "denominator"]].isna().all()
    assert ",35.9,ok," in path.read_text(encoding="utf-8")


def test_the_complement_of_counts_turns_the_numerator(fetch, tmp_path):
    register_ = scb.DATA / "scb_tables.csv"
    text = register_.read_text(encoding="utf-8").replace(
        "Hushallstyp=ESMB,Hushallstyp=TOTALT,false", "Hushallstyp=ESMB,Hushallstyp=TOTALT,true"
    )
    (tmp_path / "tabeller.csv").write_text(text, encoding="utf-8")
    [path] = fetch(
        ["1490R003"], indicators=["ensamstaende_med_barn"], tables=tmp_path / "tabeller.csv"
    )
    row = rows_of(path).iloc[-1]
    assert (row["numerator"], row["denominator"]) == (90, 118)


def test_what_is_unknown_is_missing_and_never_zero(fetch, server):
    def holes(codes):
        if codes["Region"] == "1490R001" + NEW and codes["Hushallstyp"] == "ESMB":
            return None
        if codes["Region"] == "1490R002" + NEW and codes["Hushallstyp"] == "TOTALT":
            return 0, ".."
        if codes["Region"] == "1490R003" + NEW and codes["Hushallstyp"] == "ESMB":
            return "..", ""
        return 0 if codes["Region"] == "1490R004" + NEW else cell(codes)

    server.tables["TAB6568"].cell = holes
    [path] = fetch(AREAS[:5], indicators=["ensamstaende_med_barn"])
    rows = rows_of(path).query("period == '2025'").set_index("area_code")
    assert rows["status"].tolist() == ["missing", "missing", "missing", "missing", "ok"]
    assert rows["value"].isna().tolist() == [True, True, True, True, False]
    assert rows["numerator"].isna().tolist() == [True, False, True, False, False]
    assert rows["denominator"].isna().tolist() == [False, True, False, False, False]
    assert rows.loc["1490R004", "denominator"] == 0
    told = frozen.account(path)
    assert told["signs"] == {"..": 6}
    assert told["n_cells_missing"] == 6


def test_one_unknown_cell_makes_the_whole_sum_unknown(fetch, server):
    server.tables["TAB6638"].cell = lambda codes: (
        None if codes["Upplatelseform"] == "ÖVRIGT" else cell(codes)
    )
    [path] = fetch(["1490R003"], indicators=["hyresratt"])
    row = rows_of(path).iloc[0]
    assert row["status"] == "missing"
    assert row["numerator"] == 27


def test_years_that_a_division_does_not_have_are_missing_though_scb_says_zero(
    fetch, server, tmp_path
):
    text = (scb.DATA / "scb_tables.csv").read_text(encoding="utf-8").replace(",2024,no", ",2022,no")
    (tmp_path / "tabeller.csv").write_text(text, encoding="utf-8")
    [path] = fetch(indicators=["folkmangd"], tables=tmp_path / "tabeller.csv")
    status = rows_of(path).groupby("period")["status"].unique().map(list).to_dict()
    assert status == {"2022": ["missing"], "2023": ["missing"], "2024": ["ok"], "2025": ["ok"]}


def test_noise_is_kept_as_it_came(fetch, server):
    parts = {"1": 40, "2": 41, "1+2": 83}
    server.tables["TAB6680"].cell = lambda codes: parts[codes["Kon"]]
    [path] = fetch(["1490R003"], indicators=["sysselsatta"])
    latest = rows_of(path).query("period == '2025'").set_index("group")["numerator"]
    assert latest[["män", "kvinnor", "alla"]].tolist() == [40, 41, 83]


def test_a_share_above_a_hundred_by_noise_is_kept(fetch, server):
    server.tables["TAB6568"].cell = lambda codes: {"ESMB": 4, "TOTALT": 3}[codes["Hushallstyp"]]
    [path] = fetch(["1490R003"], indicators=["ensamstaende_med_barn"])
    assert rows_of(path)["value"].iloc[0] == pytest.approx(400 / 3)


def test_nobody_to_divide_by_is_missing_and_not_endless(fetch, server):
    server.tables["TAB6568"].cell = lambda codes: {"ESMB": 4, "TOTALT": 0}[codes["Hushallstyp"]]
    [path] = fetch(["1490R003"], indicators=["ensamstaende_med_barn"])
    row = rows_of(path).iloc[0]
    assert (row["numerator"], row["denominator"], row["status"]) == (4, 0, "missing")
    assert ",4,0,,missing," in path.read_text(encoding="utf-8")


def test_the_account_says_what_was_asked_and_seals_the_file(fetch, server):
    [path] = fetch(indicators=["folkmangd"])
    told = frozen.account(path)
    assert told["table"] == {
        "id": "TAB6574",
        "label": "Tabell TAB6574",
        "updated": "2026-03-24T07:00:00Z",
    }
    assert (told["n_rows"], told["n_cells"]) == (47 * 2 * 3, 47 * 2 * 3)
    assert told["asked"][0]["url"].startswith(f"{server.scb}/tables/TAB6574/data")
    assert datetime.fromisoformat(told["asked"][0]["asked_at"]).tzinfo is not None
    path.write_text(path.read_text(encoding="utf-8").replace(",118,", ",119,"), encoding="utf-8")
    with pytest.raises(GeoError, match="har ändrats sedan den hämtades"):
        frozen.account(path)


def test_a_later_fetch_replaces_the_file_of_the_day(fetch, server):
    [path] = fetch(["1490R003"], indicators=["hyresratt"])
    before = path.read_bytes()
    server.tables["TAB6638"].cell = lambda codes: 7
    fetch(["1490R003"], indicators=["hyresratt"])
    assert path.read_bytes() != before
    assert frozen.account(path)["n_rows"] == 2


def test_large_questions_are_divided(fetch, server):
    server.max_cells = 100
    whole = [path.read_bytes() for path in fetch(max_cells=100)]
    assert server.refused == []
    assert server.n_asked("TAB6574/data") == 3
    server.max_cells = 150_000
    assert [path.read_bytes() for path in fetch()] == whole


def test_the_server_would_have_refused_a_larger_question(fetch, server):
    server.max_cells = 100
    with pytest.raises(GeoError, match=r"403 på /api/v2/tables/TAB6574/data: .*exceeds the"):
        fetch()
    assert server.refused == [403]


@given(
    st.integers(1, 60),
    st.lists(st.integers(2020, 2035), min_size=1, unique=True),
    st.integers(2, 300),
)
def test_every_area_and_year_is_asked_for_once_and_within_the_limit(n_areas, years, max_cells):
    areas = AREAS[:n_areas]
    codes = {"Region": (), "Hushallstyp": (), "ContentsCode": (), "Tid": tuple(map(str, years))}
    parts = plan.selections(HOUSEHOLDS, codes, areas, max_cells)
    asked = [pair for part in parts for pair in product(part["Region"], part["Tid"])]
    assert sorted(asked) == sorted(product(areas, [str(y) for y in years if y >= 2024]))
    for part in parts:
        assert list(part) == list(codes)
        assert math.prod(len(found) for found in part.values()) <= max_cells


def test_a_limit_that_not_even_one_area_fits_in_is_told(fetch):
    with pytest.raises(GeoError, match="Ett område och ett år ger 3 celler; gränsen är 2"):
        fetch(indicators=["folkmangd"], max_cells=2)


def test_the_call_limit_is_held_through_a_whole_fetch(fetch, server, clock):
    fetch(max_cells=6)
    assert len(server.asked) > 350
    assert server.refused == []
    assert sum(clock.slept) >= 10 * (len(server.asked) // 30 - 1)


def test_progress_is_told_call_by_call(fetch):
    told = []
    fetch(progress=lambda done, total: told.append((done, total)))
    assert [done for done, total in told] == list(range(1, 15))
    assert {total for done, total in told} == {14}


def test_progress_knows_of_divided_questions(fetch):
    told = []
    fetch(
        indicators=["folkmangd"],
        max_cells=30,
        progress=lambda done, total: told.append((done, total)),
    )
    assert told[0] == (1, 2)
    assert told[-1] == (11, 11)


@pytest.mark.parametrize("kind", ["drop", "cut", "500", "429"])
def test_passing_faults_are_lived_through(fetch, server, kind):
    whole = [path.read_bytes() for path in fetch()]
    server.fail(kind, times=2)
    assert [path.read_bytes() for path in fetch()] == whole


def test_an_interrupted_fetch_goes_on_where_it_stopped(fetch, server, tmp_path):
    server.fail("500", on="TAB6534/data", times=FOREVER)
    with pytest.raises(GeoError, match="efter 6 försök"):
        fetch(max_cells=100)
    assert {name.split(".")[-1] for name in files(tmp_path)} == {"json"}
    assert not list(tmp_path.glob("scb_*"))
    before = {table_id: server.n_asked(f"{table_id}/data") for table_id in CODES}
    assert before["TAB6638"] == 0

    server.faults.clear()
    server.asked.clear()
    fetch(max_cells=100)
    after = {table_id: server.n_asked(f"{table_id}/data") for table_id in CODES}
    assert [table_id for table_id in CODES if after[table_id]] == ["TAB6534", "TAB6638"]
    assert not (tmp_path / "unfinished").exists()


def test_what_went_on_is_the_same_as_what_was_never_interrupted(fetch, server, tmp_path):
    server.fail("500", on="TAB6571/data", times=FOREVER)
    with pytest.raises(GeoError):
        fetch(folder=tmp_path / "a")
    server.faults.clear()
    gone_on = fetch(folder=tmp_path / "a")
    whole = fetch(folder=tmp_path / "b")
    assert [path.read_bytes() for path in gone_on] == [path.read_bytes() for path in whole]


def test_kept_answers_of_an_older_edition_of_the_table_are_not_used(fetch, server):
    server.fail("500", on="TAB6571/data", times=FOREVER)
    with pytest.raises(GeoError):
        fetch()
    server.faults.clear()
    server.tables["TAB6574"].updated = "2027-02-20T07:00:00Z"
    server.tables["TAB6574"].cell = lambda codes: 5
    server.asked.clear()
    rows = rows_of(fetch()[0])
    assert server.n_asked("TAB6574/data") == 1
    assert set(rows["value"]) == {5}


def test_a_damaged_kept_answer_is_asked_for_again(fetch, server, tmp_path):
    server.fail("500", on="TAB6571/data", times=FOREVER)
    with pytest.raises(GeoError):
        fetch()
    server.faults.clear()
    [kept] = (tmp_path / "unfinished").iterdir()
    kept.write_bytes(kept.read_bytes()[:100])
    assert rows_of(fetch()[0])["status"].eq("ok").all()


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("short", "SCB TAB6574: Svaret stämmer inte: .* celler väntades i value, fick"),
        ("lost code", r"kolumnen Region: saknar 1490R047_RegSO2025, har därutöver inget"),
        ("html", "webbsida i stället för data"),
    ],
)
def test_an_answer_that_does_not_agree_is_refused_and_not_kept(
    fetch, server, tmp_path, kind, sentence
):
    server.fail(kind, on="TAB6574/data")
    with pytest.raises(GeoError, match=sentence):
        fetch(indicators=["folkmangd"])
    assert files(tmp_path) == []
    assert len(rows_of(fetch(indicators=["folkmangd"])[0])) == 282


def test_a_redirect_is_told_and_no_file_is_written(fetch, server, tmp_path):
    server.fail("elsewhere", on="metadata", given="https://annan.exempel.se/")
    with pytest.raises(GeoError, match=r"hänvisar till https://annan\.exempel\.se/"):
        fetch()
    assert files(tmp_path) == []


def change(server, table_id, **codes):
    found = server.tables[table_id]
    found.codes = {name: codes.get(name, now) for name, now in found.codes.items()}


def test_every_change_of_every_table_is_told_at_once(fetch, server, tmp_path):
    change(server, "TAB6568", Hushallstyp=["A1", "TOTALT"])
    renamed = server.tables["TAB6638"]
    renamed.codes = {
        {"Upplatelseform": "Form"}.get(name, name): found for name, found in renamed.codes.items()
    }
    with pytest.raises(GeoError) as fault:
        fetch()
    told = str(fault.value)
    assert "SCB TAB6568 har inte det som väntades: koden ESMB väntades i kolumnen" in told
    assert "Hushallstyp, som nu har A1, TOTALT" in told
    assert "SCB TAB6638 har inte det som väntades: kolumnen Upplatelseform väntades; " in told
    assert "kolumnen Form väntades inte" in told
    assert "Tabellen har nu kolumnerna Region, Form, ContentsCode, Tid" in told
    assert "data/scb_tables.csv" in told
    assert server.n_asked("/data") == 0
    assert files(tmp_path) == []


def test_a_new_column_is_not_passed_over(fetch, server):
    found = server.tables["TAB6568"]
    found.codes = {**found.codes, "Kon": ["1", "2"]}
    with pytest.raises(GeoError, match="kolumnen Kon väntades inte"):
        fetch()


def test_changed_contents_are_told(fetch, server):
    change(server, "TAB6574", ContentsCode=["0000ABCD"])
    with pytest.raises(GeoError, match="koden 000007Y7 väntades i kolumnen ContentsCode, som nu"):
        fetch()


def test_a_table_without_a_year_of_the_division_is_told(fetch, server):
    change(server, "TAB6534", Tid=["2022", "2023"])
    with pytest.raises(GeoError, match="år väntades i kolumnen Tid, som nu har 2022, 2023"):
        fetch()


def test_areas_that_the_table_does_not_know_are_told(fetch):
    with pytest.raises(GeoError, match="områdena 1490R099_RegSO2025 finns inte i kolumnen Region"):
        fetch(["1490R001", "1490R099"])


def test_a_table_that_is_gone_is_told(fetch, server):
    del server.tables["TAB6534"]
    with pytest.raises(GeoError, match="404 på /api/v2/tables/TAB6534/metadata"):
        fetch()


def test_per_cent_outside_a_hundred_is_another_content(fetch, server, tmp_path):
    server.tables["TAB6685"].cell = lambda codes: 231.5
    with pytest.raises(GeoError, match=r"procent mellan 0 och 100 väntades, fick 231\.5"):
        fetch()
    assert not list(tmp_path.glob("scb_*"))


@pytest.mark.parametrize("areas", [[], ["1490A0010"], ["Norrby"], ["1490R001", "x"]])
def test_other_areas_are_refused_before_anything_is_asked(fetch, server, areas):
    with pytest.raises(GeoError, match=r"är inga RegSO-koder\. Skriv dem som 1490R001"):
        fetch(areas)
    assert server.asked == []


@pytest.mark.parametrize("indicators", [[], ["trygghet"]])
def test_other_indicators_are_refused_before_anything_is_asked(fetch, server, indicators):
    with pytest.raises(GeoError, match=r"hämtas inte från SCB\. Välj bland folkmangd"):
        fetch(indicators=indicators)
    assert server.asked == []


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("count,000007Y7,,", "share,000007Y7,,", "contents_denominator ska finnas när measure är"),
        ("Kon=1+2,,,", "Kon,,,", "'Kon' ska skrivas Kolumn=kod"),
        ("UtlBakgrund=SA", "Bakgrund=SA", "täljare och nämnare ska nämna samma kolumner"),
        ("TAB6574", "T6574", "table_id: id:t har inte den form som väntades"),
        ("folkmangd,10-14", "folkmangd,alla", r"Rad 3: .* finns redan på rad 2"),
        ("Kon=1+2,,,false", "Kon=1+2,,,true", "complement kan inte vara true för ett antal"),
        ("measure", "matt", "Kolumnen measure saknas"),
    ],
)
def test_faults_of_the_register_are_told(tmp_path, old, new, sentence):
    text = (scb.DATA / "scb_tables.csv").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "tabeller.csv").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(GeoError, match=sentence):
        register.scb(tmp_path / "tabeller.csv")


def test_nothing_of_the_register_is_said_to_be_verified():
    assert set(read.register("scb_tables")["verified"]) == {"no"}
    assert set(read.register("kolada_kpis")["verified"]) == {"no"}


DATASET = {
    "id": ["A", "Tid"],
    "size": [2, 2],
    "dimension": {
        "A": {"category": {"index": {"b": 1, "a": 0}}},
        "Tid": {"category": {"index": ["2024", "2025"]}},
    },
    "value": [1, 2, 3, None],
}


def test_json_stat_values_may_be_sparse_and_codes_in_any_order():
    sparse = DATASET | {"value": {"0": 1, "3": 4}, "status": {"1": ".."}}
    cells = jsonstat.cells(sparse)
    assert cells["A"].tolist() == ["a", "a", "b", "b"]
    assert cells["value"].fillna(-1).tolist() == [1, -1, -1, 4]
    assert cells["sign"].tolist() == ["", "..", "", ""]


@pytest.mark.parametrize("status", ["..", ["..", "..", "..", ".."]])
def test_json_stat_signs_may_stand_for_all_cells(status):
    cells = jsonstat.cells(DATASET | {"status": status})
    assert cells["value"].isna().all()


def test_a_note_beside_a_number_does_not_take_the_number_away():
    assert jsonstat.cells(DATASET | {"status": {"0": "p"}})["value"][0] == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"value": [1, 2, 3]},
        {"value": {"4": 1}},
        {"value": [1, 2, 3, "fyra"]},
        {"value": [1, 2, 3, True]},
        {"value": 7},
        {"size": [2, 3]},
        {"size": None},
        {"id": "A"},
        {"dimension": {"A": {}, "Tid": {}}},
        {"dimension": {**DATASET["dimension"], "A": {"category": {"index": {"a": 0, "b": 2}}}}},
        {"dimension": {**DATASET["dimension"], "A": {"category": {"index": ["a", "a"]}}}},
        {"dimension": {**DATASET["dimension"], "A": {"category": {"index": {"a": 0, "b": []}}}}},
    ],
)
def test_what_is_not_json_stat_is_told(fault):
    with pytest.raises(GeoError, match=r"Svaret (är inte json-stat2|stämmer inte)"):
        jsonstat.cells(DATASET | fault)


def test_a_failed_write_leaves_the_old_file(tmp_path):
    frozen.replace({tmp_path / "a": b"gammal", tmp_path / "b": b"gammal"})
    (tmp_path / "c").write_bytes(b"")
    with pytest.raises(OSError, match="Not a directory"):
        frozen.replace({tmp_path / "a": b"ny", tmp_path / "c" / "b": b"ny"})
    assert (tmp_path / "a").read_bytes() == b"gammal"
    assert files(tmp_path) == ["a", "b", "c"]


def test_the_account_is_plain_json(fetch):
    [path] = fetch(["1490R003"], indicators=["hyresratt"])
    told = json.loads(path.with_name(f"{path.name}.json").read_text(encoding="utf-8"))
    assert told["file"] == path.name
    assert told["source"] == "SCB TAB6638, hämtad 2026-11-22"
