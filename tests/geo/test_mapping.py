"""Files as they come: which column is what, wide or long, guessed or said by a person."""

from dataclasses import replace

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from geo import files, headers, mapping, read, statistics_file
from geo.changes import COLUMNS, KEY
from geo.errors import GeoError, UnreadableFileError, has_errors
from geo.mapping import Mapping

INDICATORS = read.indicators()[0]
LONG = (
    "Indikator;Område;Kod;Årgång;År;Kön;Antal;Antal svar;Andel (%);Källa\n"
    "Trygghet;Norrby;1490R025;RegSO 2025;2023/24;Tjejer;18;32;56,3;Enkät\n"
    "Trygghet;Sjöbo norra;1490R034;RegSO 2025;2023/24;Tjejer;;;<5;Enkät\n"
)
BY_INDICATOR = (
    "Område;Antal svarande;Trygghet i skolan och området;Inflytande (%)\n"
    "Norrby;40;62,5;..\nSjöbo norra;30;<5;44\n"
)
BY_PERIOD = "Kod;2022;2023/24;År 2024\n1490R025_RegSO2025;61;62;63\n1490R034_RegSO2025;51;..;53\n"


def raw(text, path):
    path.write_text(text, encoding="utf-8")
    return statistics_file.raw(path, INDICATORS)[0]


def guessed(text, tmp_path):
    return mapping.guess(raw(text, tmp_path / "s.csv"), INDICATORS)


def test_swedish_headers_are_understood(tmp_path):
    found = guessed(LONG, tmp_path)
    assert found == Mapping(
        "long",
        {
            "indicator_id": "Indikator",
            "area_name": "Område",
            "area_code": "Kod",
            "area_vintage": "Årgång",
            "period": "År",
            "group": "Kön",
            "numerator": "Antal",
            "denominator": "Antal svar",
            "value": "Andel (%)",
            "source": "Källa",
        },
    )
    frame, issues = read.statistics(tmp_path / "s.csv")
    assert not has_errors(issues)
    assert frame.loc[2, ["area_code", "period", "group", "value"]].tolist() == [
        "1490R025",
        "2023/2024",
        "flickor",
        56.25,
    ]
    assert frame.at[3, "status"] == "suppressed"


def test_the_columns_of_the_contract_mean_themselves(tmp_path):
    found = guessed(",".join(COLUMNS) + "\n", tmp_path)
    assert found.columns == {name: name for name in COLUMNS}


@pytest.mark.parametrize(
    ("encoding", "separator"),
    [("utf-8", ";"), ("utf-8-sig", ";"), ("cp1252", ";"), ("utf-8", "\t"), ("cp1252", "\t")],
)
@pytest.mark.parametrize("title", ["", "Trygghet, flickor, pojkar, alla\n\n"])
def test_encodings_and_separators_under_a_title(encoding, separator, title, tmp_path):
    text = title + LONG.replace(";", separator)
    (tmp_path / "s.csv").write_bytes(text.encode(encoding))
    frame, issues = read.statistics(tmp_path / "s.csv")
    assert frame["value"].iloc[0] == 56.25
    assert frame["source"].tolist() == ["Enkät", "Enkät"]
    assert len(frame) == 2
    assert issues["kind"].tolist() == (["header"] if title else [])


def test_commas_between_cells_and_in_numbers(tmp_path):
    (tmp_path / "s.csv").write_text('område,årgång,år,trygghet\nNorrby,RegSO2025,2024,"61,5"\n')
    assert read.statistics(tmp_path / "s.csv")[0]["value"].tolist() == [61.5]


def test_excel_with_numbers_as_numbers(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Område", "Årgång", "År", "Trygghet"])
    book.active.append(["Norrby", "RegSO2025", 2024, 61.5])
    book.active.append(["Riket", None, 2024.0, None])
    book.save(tmp_path / "s.xlsx")
    frame, issues = read.statistics(tmp_path / "s.xlsx")
    assert not has_errors(issues)
    assert frame["period"].tolist() == ["2024", "2024"]
    assert frame["area_code"].tolist() == ["1490R025", "0000"]
    assert frame["status"].tolist() == ["ok", "missing"]


def test_a_column_per_indicator(tmp_path):
    found = guessed(BY_INDICATOR, tmp_path)
    assert found == Mapping(
        "wide_by_indicator",
        {"area_name": "Område", "denominator": "Antal svarande"},
        {"Trygghet i skolan och området": "trygghet", "Inflytande (%)": "inflytande"},
    )
    said = replace(found, period="2024", area_vintage="RegSO2025", group="alla")
    frame, issues = read.statistics(tmp_path / "s.csv", said)
    assert issues.empty
    assert frame.index.tolist() == [2, 2, 3, 3]
    assert frame["indicator_id"].tolist() == ["trygghet", "inflytande"] * 2
    assert frame["status"].tolist() == ["ok", "missing", "suppressed", "ok"]
    assert frame["denominator"].tolist() == [40, 40, 30, 30]


def test_a_column_per_year(tmp_path):
    found = guessed(BY_PERIOD, tmp_path)
    assert (found.shape, found.columns) == ("wide_by_period", {"area_code": "Kod"})
    assert found.values == {"2022": "2022", "2023/24": "2023/2024", "År 2024": "2024"}
    frame, issues = read.statistics(tmp_path / "s.csv", replace(found, indicator_id="hyresratt"))
    assert frame["value"].fillna(-1).tolist() == [61, 62, 63, 51, -1, 53]
    assert frame["period"].tolist() == ["2022", "2023/2024", "2024"] * 2
    assert set(issues["kind"]) == {"no_denominator"}


def test_a_fault_in_a_wide_file_names_the_column_where_it_stands(tmp_path):
    text = "kod;årgång;år;Trygghet;Inflytande\n1490R025;RegSO2025;2024;61;många\n"
    (tmp_path / "s.csv").write_text(text)
    frame, issues = read.statistics(tmp_path / "s.csv")
    errors = issues[issues["severity"] == "error"]
    assert errors[["row", "column", "value"]].values.tolist() == [[2, "Inflytande", "många"]]
    assert frame["indicator_id"].tolist() == ["trygghet"]


def test_a_column_that_is_no_indicator_is_an_error_and_another_text_is_a_warning(tmp_path):
    text = "kod;årgång;år;Tryghet;Inflytande;Rektor\n1490R025;RegSO2025;2024;61;50;Åsa\n"
    (tmp_path / "s.csv").write_text(text)
    frame, issues = read.statistics(tmp_path / "s.csv")
    assert frame.empty
    told = issues.set_index("severity")["message"]
    assert told["error"] == (
        "Kolumnen Tryghet är ingen indikator som finns. Menas trygghet? Rätta rubriken, eller ta "
        "bort kolumnen."
    )
    assert told["warning"] == "Kolumnerna Rektor används inte."
    left_out = mapping.guess(raw(text, tmp_path / "s.csv"), INDICATORS)
    left_out = replace(left_out, values={"Inflytande": "inflytande"})
    assert read.statistics(tmp_path / "s.csv", left_out)[0]["value"].tolist() == [50]


def test_codes_are_found_under_any_header(tmp_path):
    found = guessed("Var;Trygghet\n1490R025_RegSO2025;61\n1490R001;62\n", tmp_path)
    assert found.columns == {"area_code": "Var"}


def test_what_the_file_does_not_say_is_asked_for_and_never_guessed(tmp_path):
    (tmp_path / "s.csv").write_text("kod\n1490R025\n")
    frame, issues = read.statistics(tmp_path / "s.csv")
    assert frame.empty
    assert issues["column"].tolist() == ["indicator_id", "period", "value"]
    assert "eller ange indikatorn (--indicator)" in issues.at[0, "message"]
    (tmp_path / "s.csv").write_text("trygghet;år\n61;2024\n")
    issues = read.statistics(tmp_path / "s.csv")[1]
    assert "Lägg till kolumnen area_code med koder som 1490R001" in issues.at[0, "message"]


def test_what_is_fixed_holds_only_where_the_file_says_nothing(tmp_path):
    text = (
        "kod;årgång;period;grupp;hyresratt\n1490R001;;;;1\n1490R002;RegSO2020;2023;kvinnor;2\n"
        "1490R003_RegSO2018;;2022;;3\n1490;;2024;;4\n"
    )
    table = raw(text, tmp_path / "s.csv")
    fixed = {"area_vintage": "RegSO2025", "period": "2024", "group": "män", "unit": "percent"}
    said = replace(mapping.guess(table, INDICATORS), **fixed)
    frame, issues = read.statistics(tmp_path / "s.csv", said)
    assert frame["area_vintage"].tolist() == ["RegSO2025", "RegSO2020", "RegSO2018", "kommun"]
    assert frame["period"].tolist() == ["2024", "2023", "2022", "2024"]
    assert frame["group"].tolist() == ["män", "kvinnor", "män", "män"]
    assert "används bara där filens egen kolumn är tom" in "".join(issues["message"])


def test_notes_under_the_table_are_told_and_left_out(tmp_path):
    text = "kod;årgång;år;Trygghet\n1490R025;RegSO2025;2024;61\n\nKälla: enkät;;;\n* osäkert\n"
    (tmp_path / "s.csv").write_text(text)
    frame, issues = read.statistics(tmp_path / "s.csv")
    notes = issues[issues["kind"] == "note"]
    assert notes["row"].tolist() == [4, 5]
    assert notes["value"].tolist() == ["Källa: enkät", "* osäkert"]
    assert not has_errors(issues)
    assert frame.index.tolist() == [2]


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ([["kod", "2024"]], 1),
        ([["Trygghet"], [], ["Område", "Trygghet"]], 3),
        ([["trygghet", "2024"], ["1490R001", "5"]], 1),
        ([["Rubrik"], ["a", "b", "c"], ["1", "2", "3"]], 2),
        ([], 1),
        ([[""], [""]], 1),
    ],
)
def test_the_row_of_the_headers_is_found(rows, wanted, tmp_path):
    assert headers.find(files.Rows(tmp_path, rows), INDICATORS) == wanted


def test_a_person_may_say_which_row_holds_the_headers(tmp_path):
    (tmp_path / "s.csv").write_text("a;kod\nVar;Trygghet\n1490R025;61\n")
    table, issues = statistics_file.raw(tmp_path / "s.csv", INDICATORS, header=2)
    assert list(table.columns) == ["Var", "Trygghet"]
    assert issues.empty
    for row in (-1, 9):
        with pytest.raises(UnreadableFileError, match=f"ingen rad {row}. Ange en rad från 1 till"):
            statistics_file.raw(tmp_path / "s.csv", INDICATORS, header=row)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (Mapping(columns={"area_code": "Kod"}), "filen har inte kolumnerna Kod"),
        (Mapping(columns={"colour": "kod"}), "colour är inga av våra kolumner"),
        (Mapping("wide_by_period"), "en bred fil behöver values"),
        (Mapping("smal"), "shape är 'smal', väntade long, wide_by_indicator, wide_by_period"),
        (Mapping(unit="promille"), "unit är 'promille', väntade percent, share eller tomt"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(said, sentence, tmp_path):
    table = raw("kod;år\n1490R001;2024\n", tmp_path / "s.csv")
    with pytest.raises(GeoError, match=sentence):
        mapping.apply(table, said, INDICATORS)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "är inte giltig JSON"),
        ("[" * 100_000, "är inte giltig JSON"),
        ("[]", "ett JSON-objekt väntades"),
        ('{"colour": "x"}', "colour är okänt"),
        ('{"columns": "kod"}', "columns: par av texter väntades"),
        ('{"values": {"a": 1}}', "values: par av texter väntades"),
        ('{"period": 2024}', "period: en text väntades"),
        ('{"shape": "bred"}', "shape är 'bred'"),
    ],
)
def test_a_mapping_file_that_is_wrong_says_how(text, sentence):
    with pytest.raises(GeoError, match=sentence):
        mapping.from_json(text)


texts = st.text(max_size=5)


@given(
    st.builds(
        Mapping,
        shape=st.sampled_from(list(mapping.SHAPES)),
        columns=st.dictionaries(texts, texts, max_size=3),
        values=st.dictionaries(texts, texts, max_size=3),
        period=texts,
        unit=st.sampled_from(mapping.UNITS),
    )
)
def test_a_mapping_is_read_back_as_it_was_written(made):
    assert mapping.from_json(mapping.to_json(made)) == made


cell = st.integers(2, 99).map(str) | st.sampled_from(["..", "<5", "", "45,5", "61 %"])
areas = st.lists(st.integers(1, 47), min_size=1, max_size=4, unique=True)
FIXED = {"area_vintage": "RegSO2025", "unit": "percent"}


@settings(max_examples=40)
@given(
    areas,
    st.sampled_from(["wide_by_indicator", "wide_by_period"]),
    st.integers(1, 3),
    st.data(),
)
def test_wide_gives_the_same_as_long(base_areas, numbers, shape, n_columns, data):
    by_indicator = shape == "wide_by_indicator"
    columns = ["trygghet", "hyresratt", "inflytande"] if by_indicator else ["2022", "2023", "2024"]
    columns = columns[:n_columns]
    wide, long = [], []
    for number in numbers:
        code, line = f"1490R{number:03}", {}
        for column in columns[:n_columns]:
            line[column] = data.draw(cell)
            named = {"indicator_id": column, "period": "2024"}
            named = named if by_indicator else {"indicator_id": "trygghet", "period": column}
            long.append({"area_code": code, **named, "value": line[column]})
        wide.append({"kod": code, **line})
    tables = [pd.DataFrame(rows, dtype=object) for rows in (wide, long)]
    found = []
    for table in tables:
        table.index = range(2, len(table) + 2)
        said = replace(mapping.guess(table, INDICATORS), **FIXED)
        if table is tables[0]:
            said = replace(said, period="2024" if by_indicator else "")
            said = replace(said, indicator_id="" if by_indicator else "trygghet")
            assert said.shape == shape
        frame, issues = statistics_file.interpret(table, said, INDICATORS, base_areas)
        assert not has_errors(issues)
        found.append(frame.sort_values(list(KEY)).reset_index(drop=True))
    assert_frame_equal(*found)
    assert len(found[0]) == len(long)
