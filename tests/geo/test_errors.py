import pandas as pd
import pytest

from geo.errors import ISSUE_COLUMNS, GeoError, Issues, has_errors, require_columns


def test_issues_have_the_same_columns_with_and_without_rows():
    issues = Issues("areas")
    assert tuple(issues.frame().columns) == ISSUE_COLUMNS
    issues.error("Namnet saknas.", row=3, column="name")
    assert tuple(issues.frame().columns) == ISSUE_COLUMNS
    assert issues.frame()["row"].tolist() == [3]


def test_an_issue_of_the_whole_file_has_no_row():
    issues = Issues("areas")
    issues.error("Fel koordinatsystem.")
    assert issues.frame()["row"].isna().all()


def test_a_warning_alone_is_no_error():
    issues = Issues("areas")
    issues.warning("Höjden används inte.")
    assert not has_errors(issues.frame())
    issues.error("Namnet saknas.")
    assert has_errors(issues.frame())


def test_a_long_value_is_shown_short():
    issues = Issues("areas")
    issues.error("För långt.", value="x" * 5000)
    assert len(issues.frame().at[0, "value"]) == 118


def test_all_missing_columns_are_named_at_once():
    with pytest.raises(GeoError, match=r"memberships: kolumnerna b, c saknas.*fick \['a'\]"):
        require_columns(pd.DataFrame({"a": [1]}), ("a", "b", "c"), "memberships")
