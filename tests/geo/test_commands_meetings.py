"""`python -m geo meetings cadence`: words, JSON, another guideline, a year that is none."""

import json

import pytest

from geo.__main__ import main


def run(capsys, *arguments):
    code = main(["meetings", "cadence", *arguments])
    return code, capsys.readouterr()


def test_the_real_year_in_words(capsys):
    code, shown = run(capsys, "--year", "2017")
    assert code == 0
    assert "bu-boda VT: 5 möten av minst 3 (G1), uppfyllt\n" in shown.out
    assert "or-fristad VT: 2 möten, ingen riktlinje\n" in shown.out
    assert "bu-sjobo VT: 0 möten av minst 3 (G1), efter – osäkert: en termin" in shown.out
    assert "28 dagar med möten i flera nätverk" in shown.out


def test_the_same_as_json(capsys):
    code, shown = run(capsys, "--year", "2017", "--json", "--guideline", "G2")
    answer = json.loads(shown.out)
    assert code == 0
    assert len(answer["cadence"]) == 40
    assert len(answer["clashes"]) == 28
    first = answer["cadence"][0]
    assert (first["network_id"], first["term"]) == ("bu-boda", "VT")
    assert (first["required_min"], first["guideline_id"]) == (2, "G2")


def test_a_year_without_meetings_says_so(capsys):
    code, shown = run(capsys, "--year", "2030")
    assert code == 0
    assert "Inga möten är inlagda för 2030" in shown.out


@pytest.mark.parametrize("year", ["17", "0", "99999"])
def test_the_year_17_is_told(capsys, year):
    code, shown = run(capsys, "--year", year)
    assert code == 1
    assert "Skriv alla fyra siffrorna" in shown.err


def test_an_unknown_guideline_is_told(capsys):
    code, shown = run(capsys, "--year", "2017", "--guideline", "G9")
    assert code == 1
    assert "fick 'G9'" in shown.err
