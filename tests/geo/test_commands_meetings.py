"""`python -m geo meetings`: cadence in words and JSON, a calendar file, wrong calls."""

import json

import pytest
from icalendar import Calendar

from geo import read, store
from geo.__main__ import main


def run(capsys, *arguments, act="cadence"):
    code = main(["meetings", act, *arguments])
    return code, capsys.readouterr()


def write(capsys, path, *arguments):
    return run(capsys, "--out", str(path), *arguments, act="ical")


def test_the_real_year_in_words(capsys):
    code, shown = run(capsys, "--year", "2017")
    assert code == 0
    assert "bu-boda VT: 5 möten av minst 3 (G1), uppfyllt\n" in shown.out
    assert "or-fristad VT: 2 möten, ingen riktlinje\n" in shown.out
    doubt = "bu-sjobo VT: 0 möten av minst 3 (G1), under riktlinjen – osäkert: en termin"
    assert doubt in shown.out
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


def test_a_year_becomes_a_calendar_file(capsys, tmp_path):
    out = tmp_path / "moten.ics"
    code, shown = write(capsys, out, "--year", "2017")
    assert code == 0
    assert shown.out == f"{out}: 126 möten 2017.\n"
    content = out.read_bytes()
    assert len(Calendar.from_ical(content).walk("VEVENT")) == 126
    assert content.count(b"\n") == content.count(b"\r\n")
    assert [path.name for path in tmp_path.iterdir()] == ["moten.ics"]


def test_one_network_and_a_file_that_is_written_anew(capsys, tmp_path):
    out = tmp_path / "moten.ics"
    write(capsys, out, "--year", "2017")
    code, shown = write(capsys, out, "--year", "2017", "--network", "bu-boda")
    assert code == 0
    assert "9 möten 2017 för bu-boda." in shown.out
    assert len(Calendar.from_ical(out.read_bytes()).walk("VEVENT")) == 9


def test_a_year_without_meetings_gives_an_empty_calendar_and_says_so(capsys, tmp_path):
    out = tmp_path / "moten.ics"
    code, shown = write(capsys, out, "--year", "2030")
    assert code == 0
    assert "inga möten är inlagda för 2030; kalendern är tom" in shown.out
    assert Calendar.from_ical(out.read_bytes()).walk("VEVENT") == []


@pytest.mark.parametrize(
    ("name", "arguments", "told"),
    [
        ("moten.ics", ["--year", "17"], "Skriv alla fyra siffrorna"),
        ("moten.txt", ["--year", "2017"], "--out: .ics väntades, fick 'moten.txt'"),
        ("moten.ics", ["--year", "2017", "--network", "bu-x"], "'bu-x' finns inte"),
    ],
)
def test_a_wrong_call_of_ical_writes_nothing(capsys, tmp_path, name, arguments, told):
    code, shown = write(capsys, tmp_path / name, *arguments)
    assert code == 1
    assert told in shown.err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_told(capsys, tmp_path):
    code, shown = write(capsys, tmp_path / "saknas" / "moten.ics", "--year", "2017")
    assert code == 2
    assert "kunde inte läsas eller skrivas" in shown.err


def test_the_commands_follow_what_people_change(capsys, tmp_path):
    shipped, meeting_id = read.meetings()[0], "2017-01-26-bu-boda"
    with store.open() as opened:
        opened.remove_meeting(meeting_id, None, "prov", shipped=shipped)
        opened.change_meeting("2017-03-16-bu-boda", {"status": "inställt"}, None, "prov", shipped)
    code, shown = run(capsys, "--year", "2017")
    assert code == 0
    assert "bu-boda VT: 3 möten av minst 3 (G1), uppfyllt" in shown.out
    out = tmp_path / "moten.ics"
    write(capsys, out, "--year", "2017", "--network", "bu-boda")
    assert out.read_text(encoding="utf-8").count("STATUS:CANCELLED") == 2
