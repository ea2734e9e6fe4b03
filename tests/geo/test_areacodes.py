"""What a code and a vintage mean, together."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import areacodes
from geo.areacodes import Areas, meaning

KNOWN = Areas(
    pd.DataFrame(
        {
            "name": ["Norrby", "Göta centrum", "Liten"],
            "vintage": ["RegSO 2025_v2", "RegSO 2025_v2", "DeSO 2025"],
        },
        index=["1490R025", "1490R015", "1490B0010"],
    )
)


@pytest.mark.parametrize(
    ("code", "said", "wanted"),
    [
        ("1490R025", "RegSO2025", ("1490R025", "RegSO2025")),
        ("1490R025_regso2025", "", ("1490R025", "RegSO2025")),
        ("1490R025_RegSO2025", "RegSO 2025", ("1490R025", "RegSO2025")),
        ("1490B0010_DeSO2025", "", ("1490B0010", "DeSO2025")),
        ("1490b0010", "2025", ("1490B0010", "DeSO2025")),
        ("gota  centrum", "RegSO2025", ("1490R015", "RegSO2025")),
        ("1490R999", "RegSO2018", ("1490R999", "RegSO2018")),
        ("1490", "kommun", ("1490", "kommun")),
    ],
)
def test_what_can_be_meant_is_understood(code, said, wanted):
    found = meaning(code, said, KNOWN)
    assert (found.code, found.vintage, found.fault) == (*wanted, "")
    assert bool(found.note) == (found.vintage == "RegSO2018")


@pytest.mark.parametrize(
    ("code", "said", "column", "sentence"),
    [
        ("", "RegSO2025", "area_code", "områdeskoden saknas. Skriv till exempel 1490R001"),
        ("1490R025", "", "area_vintage", "årgången saknas. Skriv RegSO2025 i kolumnen"),
        ("1490B0010", "", "area_vintage", "årgången saknas. Skriv DeSO2025 i kolumnen"),
        ("1490R025", "DeSO2025", "area_vintage", "DeSO2025 är ingen årgång för 1490R025. Skriv"),
        ("1490R025", "kommun", "area_vintage", "kommun är ingen årgång för 1490R025"),
        ("1490R025_RegSO2019", "", "area_code", "årgången RegSO2019 är okänd. Skriv något av"),
        ("1490R025_RegSO2025", "RegSO2018", "area_code", "koden säger RegSO2025 men årgången Reg"),
        ("1490", "RegSO2025", "area_vintage", "1490 är ingen RegSO2025. Skriv kommun"),
        ("1480", "", "area_code", "1480 är en annan kommun. Behåll bara Borås (1490)"),
        ("1480R025", "RegSO2025", "area_code", "1480R025 hör till en annan kommun (1480)"),
        ("1490R026", "RegSO2025", "area_code", "finns inte bland stadens RegSO2025. Rätta koden"),
        ("1490B0011", "DeSO2025", "area_code", "finns inte bland de ytor som är laddade"),
        ("1490B0010", "DeSO2018", "area_code", "(DeSO2018) finns inte bland de ytor"),
        ("Norr", "RegSO2025", "area_code", "Norr är varken en områdeskod eller ett basområdes"),
        ("1490R25", "RegSO2025", "area_code", "1490R25 är varken en områdeskod eller"),
    ],
)
def test_what_cannot_be_meant_says_what_to_write(code, said, column, sentence):
    found = meaning(code, said, KNOWN)
    assert sentence in found.fault
    assert (found.column, found.code) == (column, "")


def test_areas_without_a_vintage_are_of_2025():
    bare = Areas(pd.DataFrame({"name": ["Norrby"]}, index=["1490R025"]))
    assert meaning("1490R025", "RegSO2025", bare).note == ""
    assert "annan indelning än RegSO2025" in meaning("1490R025", "RegSO2020", bare).note


@given(st.text(max_size=12), st.text(max_size=12))
def test_any_text_means_an_area_or_has_a_fault(code, said):
    found = meaning(code, said, KNOWN)
    assert bool(found.fault) != bool(found.code and found.vintage)


@given(st.text(max_size=12))
def test_a_vintage_is_one_of_those_that_exist_or_none(text):
    assert areacodes.vintage(text) in ("", *areacodes.VINTAGES)
