"""The meeting's part: what may not be kept is told where it stands, and nothing is changed."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.judgement import MOST_FOCUS, Focus, Judgement, cells, cleaned, faults, of_row

FUNCTIONS = ("Skola", "Fritid", "Polis")
PRIORITIES = ("1", "2", "3")
GOOD = Judgement(
    {"Skola": "Lugnt vid skolan", "Polis": "Mer bus vid torget"},
    "Vi ser samma sak.",
    (Focus("Belysning vid tunneln", "3"), Focus("Fler vuxna ute", "1")),
)
PERSONAL = {
    "personnummer": "Pojken 811218-9876 var där.",
    "samordningsnummer": "Numret är 701063-2391.",
    "telefonnummer": "Ring 070-174 06 05.",
    "e-postadress": "Skriv till namn@example.se.",
    "registreringsnummer": "Bilen ABC123 kör fort.",
    "adress": "De bor på Hultagatan 12.",
}
PLACES = {
    "Skola": lambda text: replace(GOOD, seen={**GOOD.seen, "Skola": text}),
    "joint": lambda text: replace(GOOD, joint=text),
    "focus": lambda text: replace(GOOD, focus=(*GOOD.focus, Focus(text, "2"))),
}
TEXTS = st.text(max_size=40)
WRITTEN = st.builds(
    Judgement,
    st.dictionaries(TEXTS, TEXTS, max_size=4),
    TEXTS,
    st.lists(st.builds(Focus, TEXTS, TEXTS), max_size=4).map(tuple),
)


def told(judgement):
    return faults(judgement, FUNCTIONS, PRIORITIES)


def test_what_may_be_kept_has_no_faults():
    assert told(GOOD) == []
    assert told(Judgement()) == []


@pytest.mark.parametrize("where", PLACES)
@pytest.mark.parametrize("kind", PERSONAL)
def test_personal_data_is_told_where_it_stands(where, kind):
    found = told(PLACES[where](PERSONAL[kind]))
    assert [place for place, _ in found] == [where]
    assert kind in found[0][1]
    assert "Sådant får inte sparas här" in found[0][1]


def test_every_fault_is_told_at_once():
    bad = Judgement({"Skola": PERSONAL["telefonnummer"]}, PERSONAL["adress"], (Focus("", ""),))
    assert [place for place, _ in told(bad)] == ["Skola", "joint", "focus", "focus"]


@pytest.mark.parametrize("where", PLACES)
def test_ten_thousand_signs_are_too_many_everywhere(where):
    assert told(PLACES[where]("a" * 2_000)) == []
    assert told(PLACES[where]("a" * 10_000)) == [
        (where, "Texten är 10 000 tecken; gränsen är 2 000. Korta den, eller dela upp den.")
    ]


def test_a_function_of_another_network_is_told():
    sentence = "Funktionen Bostadsbolag hör inte till nätverket. Ta bort texten."
    assert told(Judgement({"Bostadsbolag": "Trapphus"})) == [("Bostadsbolag", sentence)]


@pytest.mark.parametrize("n", range(6))
def test_at_most_three_focus_points(n):
    sentence = f"Högst 3 fokuspunkter, här är {n}. Välj de viktigaste."
    focus = tuple(Focus(f"Punkt {number}", "1") for number in "abcdef"[:n])
    assert told(Judgement(focus=focus)) == ([("focus", sentence)] if n > MOST_FOCUS else [])


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u200b", "\x00"])
def test_a_focus_point_without_text_is_told_by_its_number(text):
    sentence = "Fokuspunkt 2 saknar text. Skriv vad ni vill lägga kraft på."
    focus = (Focus("Belysning", "1"), Focus(text, "2"))
    assert told(Judgement(focus=focus)) == [("focus", sentence)]


@pytest.mark.parametrize(
    ("priority_id", "sentence"),
    [
        ("", "Fokuspunkt 1 saknar Brå-prioritering. Välj en."),
        ("9", "Fokuspunkt 1: prioriteringen finns inte. Välj en annan."),
        ("1; DROP", "Fokuspunkt 1: prioriteringen finns inte. Välj en annan."),
    ],
)
def test_a_focus_point_has_a_priority_of_bra(priority_id, sentence):
    assert told(Judgement(focus=(Focus("Belysning", priority_id),))) == [("focus", sentence)]


def test_functions_and_priorities_may_be_read_once():
    assert faults(GOOD, iter(FUNCTIONS), iter(PRIORITIES)) == []


def test_what_nobody_sees_is_cleaned_away_and_markup_is_kept():
    odd = Judgement(
        {"Skola": "A\x00 \u202eb  ", "Polis": " \n", "Fritid": "<b>#x</b> 🦉"},
        "e\u0301n\r\nrad",
        (Focus("\u200b", ""), Focus("", "1"), Focus("Ljus \x07", "2")),
    )
    assert cleaned(odd) == Judgement(
        {"Skola": "A b", "Fritid": "<b>#x</b> 🦉"},
        "\u00e9n\nrad",
        (Focus("", "1"), Focus("Ljus", "2")),
    )
    assert cleaned(GOOD) == GOOD


def test_empty_is_only_what_has_nothing_written():
    assert Judgement().is_empty
    assert Judgement({"Skola": ""}).is_empty
    for one in (Judgement({"Skola": "x"}), Judgement(joint="x"), Judgement(focus=GOOD.focus)):
        assert not one.is_empty


@given(WRITTEN)
def test_kept_and_read_again_is_the_same(made):
    kept = cells(made)
    assert of_row(kept | {"picture_id": "d1"}) == made
    assert list(of_row(kept).seen) == list(made.seen)
    for name in ("seen", "focus"):
        assert kept[name] == "" or json.loads(kept[name])


@given(WRITTEN)
def test_cleaning_twice_is_cleaning_once_and_adds_nothing(made):
    once = cleaned(made)
    assert cleaned(once) == once
    assert set(once.seen) <= set(made.seen)
    assert len(once.focus) <= len(made.focus)
    assert "\x00" not in "".join([once.joint, *once.seen.values()])


def test_a_row_without_anything_is_an_empty_judgement():
    assert of_row({"seen": "", "joint": "", "focus": ""}) == Judgement()
    assert of_row(cells(Judgement())).is_empty
