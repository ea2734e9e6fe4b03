import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import kinds
from geo.errors import Issues
from geo.schema import EMPTY, Column, Schema, check, parse

NUMBERS = {"12,5": 12.5, "12.5": 12.5, "1 234,5": 1234.5, "1\u00a0234": 1234.0, "−3": -3.0}
FAULTS = [
    ("number", "tolv", "ett tal väntades"),
    ("number", "1.234,5", "antingen komma eller punkt"),
    ("number", "inf", "ett ändligt tal"),
    ("number", "1e999", "ett ändligt tal"),
    ("number", "1_000", "ett tal väntades"),
    ("number", "", "värdet saknas"),
    ("number", "..", "värdet saknas"),
    ("integer", "2,5", "ett heltal väntades"),
    ("date", "2017-11-31", "den dagen finns inte i kalendern"),
    ("date", "2017-02-29", "den dagen finns inte i kalendern"),
    ("date", "31/11", "ett datum väntades, skrivet som 2017-10-20"),
    ("date", "17-05-01", "ett datum väntades"),
    ("date", "20171020", "ett datum väntades"),
    ("date", "2017-10-20 18:00", "ett datum väntades"),
    ("date", "0017-05-01", "ett år mellan 1900 och 2100"),
    ("date", "9999-12-31", "ett år mellan 1900 och 2100"),
    ("bool", "kanske", "ja eller nej väntades"),
]
TABLE = Schema("prov", (Column("id"), Column("n", "number", may_be_empty=True)), ("id",))


def raw(**columns):
    length = len(next(iter(columns.values())))
    return pd.DataFrame(columns, index=range(2, length + 2), dtype=object)


@pytest.mark.parametrize("text", NUMBERS)
def test_a_number_is_read_as_it_is_written_in_sweden(text):
    assert parse(text, Column("n", "number")) == NUMBERS[text]


@pytest.mark.parametrize(("kind", "text", "sentence"), FAULTS)
def test_a_faulty_cell_says_what_was_expected(kind, text, sentence):
    with pytest.raises(ValueError, match=sentence):
        parse(text, Column("c", kind))


@pytest.mark.parametrize("text", sorted(EMPTY))
def test_an_empty_number_is_unknown_and_never_zero(text):
    value = parse(text, Column("n", "number", may_be_empty=True))
    assert value != value


def test_limits_and_choices():
    share = Column("share", "number", minimum=0, maximum=1)
    with pytest.raises(ValueError, match="högst 1 väntades"):
        parse("1,01", share)
    with pytest.raises(ValueError, match="minst 0 väntades"):
        parse("-0,5", share)
    with pytest.raises(ValueError, match="ett av whole, part väntades"):
        parse("halv", Column("extent", allowed=("whole", "part")))
    with pytest.raises(ValueError, match="id:t har inte den form"):
        parse("Norrby", Column("network_id", pattern=kinds.NETWORK_ID))


def test_a_faulty_row_stays_out_and_is_told_with_line_column_and_remedy():
    issues = Issues("prov")
    frame = check(raw(id=["a", "b"], n=["1", "två"]), TABLE, issues)
    assert frame["id"].tolist() == ["a"]
    told = issues.frame().iloc[0]
    assert (told["row"], told["column"], told["value"]) == (3, "n", "två")
    assert told["message"].endswith("Rätta cellen eller ta bort raden.")


def test_a_fault_that_comes_again_is_told_on_each_of_its_rows():
    issues = Issues("prov")
    cells = ["x", "1", "x", "två", "två", "två"]
    frame = check(raw(id=list("abcdef"), n=cells), TABLE, issues)
    assert frame["id"].tolist() == ["a", "b", "c"]
    assert issues.frame()["row"].tolist() == [5, 6, 7]
    assert set(issues.frame()["value"]) == {"två"}


def test_a_missing_column_leaves_nothing():
    issues = Issues("prov")
    assert check(raw(n=["1"]), TABLE, issues).empty
    assert "Kolumnen id saknas" in issues.frame().at[0, "message"]


def test_an_unknown_column_is_told_and_not_used():
    issues = Issues("prov")
    frame = check(raw(id=["a"], n=["1"], extra=["?"]), TABLE, issues)
    assert list(frame.columns) == ["id", "n"]
    assert issues.frame()["severity"].tolist() == ["warning"]


def test_a_duplicate_names_the_first_row():
    issues = Issues("prov")
    frame = check(raw(id=["a", "b", "a"], n=["1", "2", "3"]), TABLE, issues)
    assert frame["n"].tolist() == [1.0, 2.0]
    assert issues.frame().at[0, "message"].startswith("id finns redan på rad 2.")
    assert issues.frame().at[0, "row"] == 4


@pytest.mark.parametrize("name", ["NETWORKS", "MEMBERSHIPS", "MEETINGS", "STATISTICS", "FINDINGS"])
def test_a_table_without_rows_is_empty_and_clean(name):
    schema = getattr(kinds, name)
    issues = Issues(schema.dataset)
    bare = pd.DataFrame({column.name: [] for column in schema.columns}, dtype=object)
    assert check(bare, schema, issues).empty
    assert issues.frame().empty


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_written_with_a_comma_is_read_back(value):
    assert parse(repr(value).replace(".", ","), Column("n", "number")) == value


@given(st.dates(min_value=pd.Timestamp("1900-01-01").date(), max_value=pd.Timestamp("2100").date()))
def test_every_day_is_read_back(day):
    assert parse(day.isoformat(), Column("d", "date")) == pd.Timestamp(day)


@given(st.text())
def test_no_text_makes_a_number_crash(text):
    try:
        assert isinstance(parse(text, Column("n", "number", may_be_empty=True)), float)
    except ValueError as reason:
        assert "väntades" in str(reason) or "skriv talet" in str(reason)


@given(st.permutations(["a", "b", "c", "d"]), st.permutations(["id", "n"]))
def test_the_order_of_rows_and_columns_changes_nothing(ids, columns):
    table = raw(id=ids, n=[str(ord(i)) for i in ids])[columns]
    frame = check(table, TABLE, Issues("prov")).set_index("id").sort_index()
    assert frame["n"].tolist() == [97.0, 98.0, 99.0, 100.0]
