"""Which indicators may be ranked, and which one a text means."""

import pandas as pd
import pytest

from geo import indicators, read
from geo.errors import has_errors
from geo.sources import DATA

TEXT = (DATA / "indicators.csv").read_text(encoding="utf-8")


@pytest.fixture
def changed(tmp_path):
    def run(indicator_id, **cells):
        table = pd.read_csv(DATA / "indicators.csv", dtype=str, keep_default_na=False)
        for column, value in cells.items():
            table.loc[table["indicator_id"] == indicator_id, column] = value
        table.to_csv(tmp_path / "i.csv", index=False)
        return read.indicators(tmp_path / "i.csv")

    return run


def test_what_ships_is_clean_and_background_is_context():
    found, issues = read.indicators()
    assert issues.empty
    assert found.at["utlandsk_bakgrund", "use"] == "context"
    assert (found.loc[found["use"] == "ranked", "direction"] != "none").all()


@pytest.mark.parametrize(
    ("indicator_id", "cells", "column", "sentence"),
    [
        ("hyresratt", {"use": "ranked"}, "direction", "rangordnas: skriv high eller low"),
        (
            "utlandsk_bakgrund",
            {"use": "ranked", "direction": "low"},
            "use",
            "gäller bakgrund och får aldrig rangordnas. Skriv context.",
        ),
        (
            "hyresratt",
            {"name": "Utrikes födda", "use": "ranked", "direction": "low"},
            "use",
            "får aldrig rangordnas",
        ),
        ("trygghet", {"denominator": ""}, "denominator", "skriv vilka andelen räknas av"),
        ("trygghet", {"target_area": "Trygghet"}, "target_area", "Hälsosamt åldrande"),
        ("trygghet", {"direction": "upp"}, "direction", "ett av high, low, none väntades"),
        ("trygghet", {"measure": "procent"}, "measure", "ett av share, count, rate, class"),
    ],
)
def test_an_indicator_that_cannot_be_is_left_out_and_told(
    changed, indicator_id, cells, column, sentence
):
    found, issues = changed(indicator_id, **cells)
    assert indicator_id not in found.index
    assert len(found) == TEXT.count("\n") - 2
    assert has_errors(issues)
    assert (issues.at[0, "column"], sentence in issues.at[0, "message"]) == (column, True)


def test_every_id_and_every_name_is_understood():
    found = read.indicators()[0]
    known = indicators.lookup(found)
    for indicator_id, name in found["name"].items():
        assert known[indicators.key(indicator_id)] == indicator_id
        assert known[indicators.key(name.upper() + " (%)")] == indicator_id


def test_a_text_that_two_mean_means_neither():
    twins = pd.DataFrame({"name": ["Trygghet", "trygghet!"]}, index=["a", "b"])
    assert set(indicators.lookup(twins)) == {"a", "b"}
    assert indicators.closest("zzz", twins) == ""
