"""The calendar file: read back with the library, times held against UTC, hard texts, bad calls."""

from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from geo import ical, read
from geo.errors import GeoError

MADE = datetime(2027, 1, 4, 9, 30, tzinfo=UTC)
NETWORKS = pd.DataFrame(
    {"layer": ["barn_unga", "omrade", "ortsrad"], "name": ["Boda", "Norrby", "Fristad"]},
    index=pd.Index(["bu-boda", "on-norrby", "or-fristad"], name="network_id"),
)


def meetings(*rows):
    table = pd.DataFrame([{"network_id": "bu-boda", "kind": "ordinarie", **row} for row in rows])
    table["date"] = pd.to_datetime(table["date"])
    table["note"] = table["note"].fillna("") if "note" in table else ""
    table["meeting_id"] = table.get("meeting_id", [f"m{i}" for i in range(len(table))])
    return table.set_index("meeting_id")


def written(*rows, **options):
    return ical.calendar(meetings(*rows), NETWORKS, MADE, **options)


def events(content):
    return Calendar.from_ical(content).walk("VEVENT")


def event(**row):
    (found,) = events(written({"date": "2027-05-18", **row}))
    return found


def test_the_file_says_what_it_is():
    made = Calendar.from_ical(written({"date": "2027-05-18"}))
    assert made["METHOD"] == "PUBLISH"
    assert made["VERSION"] == "2.0"
    assert made["PRODID"]
    assert made["X-WR-CALNAME"] == "Möten i Borås lokala nätverk"
    assert made["X-WR-TIMEZONE"] == "Europe/Stockholm"


@pytest.mark.parametrize(
    ("day", "utc"),
    [
        ("2027-05-18", datetime(2027, 5, 18, 16, 30, tzinfo=UTC)),
        ("2027-11-18", datetime(2027, 11, 18, 17, 30, tzinfo=UTC)),
        ("2027-03-27", datetime(2027, 3, 27, 17, 30, tzinfo=UTC)),
        ("2027-03-28", datetime(2027, 3, 28, 16, 30, tzinfo=UTC)),
        ("2027-10-31", datetime(2027, 10, 31, 17, 30, tzinfo=UTC)),
    ],
)
def test_half_past_six_is_another_hour_of_utc_in_summer(day, utc):
    found = event(date=day, start_time="18:30", end_time="20:00")
    assert found["DTSTART"].params["TZID"] == "Europe/Stockholm"
    assert found.decoded("dtstart").astimezone(UTC) == utc
    assert found.decoded("dtend").astimezone(UTC) == utc + timedelta(minutes=90)


@pytest.mark.parametrize("year", [1997, 2017, 2027, 2040])
def test_the_files_own_zone_gives_the_right_hour_for_one_who_knows_no_zones(year):
    (zone,) = Calendar.from_ical(written({"date": "2027-05-18"})).walk("VTIMEZONE")
    rules = {
        part.name: (part.decoded("dtstart"), part["RRULE"]["BYDAY"], part["RRULE"]["BYMONTH"])
        for part in zone.subcomponents
    }
    for name, month, hour in (("DAYLIGHT", 3, 2), ("STANDARD", 10, 3)):
        start, weekday, months = rules[name]
        assert (start.weekday(), start.hour, weekday, months) == (6, hour, ["-1SU"], [month])
        last = max(d for n in range(1, 32) if (d := date(year, month, n)).weekday() == 6)
        change = datetime(last.year, last.month, last.day, hour, tzinfo=ical.ZONE)
        before, after = change - timedelta(hours=2), change + timedelta(hours=2)
        offsets = (before.utcoffset(), after.utcoffset())
        (part,) = zone.walk(name)
        assert offsets == (part.decoded("tzoffsetfrom"), part.decoded("tzoffsetto"))


def test_a_meeting_without_a_clock_is_a_day_that_stays_free_and_says_so():
    found = event(note="Tag med planen")
    assert found.decoded("dtstart") == date(2027, 5, 18)
    assert found["DTSTART"].params["VALUE"] == "DATE"
    assert "DTEND" not in found
    assert found["TRANSP"] == "TRANSPARENT"
    assert found["DESCRIPTION"] == "Klockslag är inte angivet.\nTag med planen"


def test_no_end_is_made_up():
    found = event(start_time="18:30", end_time="")
    assert "DTEND" not in found
    assert "DURATION" not in found
    assert "DESCRIPTION" not in found
    assert found["TRANSP"] == "OPAQUE"
    assert "DTEND" not in event(start_time="18:30", end_time="18:30")


def test_the_same_meeting_keeps_its_uid_and_a_later_version_replaces_it():
    row = {"date": "2027-05-18", "meeting_id": "2027-05-18-bu-boda"}
    first, second = (events(written({**row, "version": version}))[0] for version in (1, 4))
    later = events(written({**row, "date": "2027-05-25", "version": 5}))[0]
    assert first["UID"] == second["UID"] == later["UID"] == "2027-05-18-bu-boda@lagesbild-boras"
    assert [found["SEQUENCE"] for found in (first, second, later)] == [0, 3, 4]
    shipped = events(written({**row, "version": pd.NA}))[0]
    assert shipped["SEQUENCE"] == 0
    assert first.decoded("dtstamp") == MADE


def test_two_calls_with_the_same_rows_give_the_same_file():
    row = {"date": "2027-05-18", "start_time": "09:00"}
    assert written(row) == written(row)


def test_a_time_zone_of_made_at_is_turned_into_utc():
    local = MADE.astimezone(ical.ZONE)
    assert ical.calendar(meetings({"date": "2027-05-18"}), NETWORKS, local) == written(
        {"date": "2027-05-18"}
    )


@pytest.mark.parametrize("gone", [{"status": "inställt"}, {"removed": True}])
def test_a_cancelled_or_removed_meeting_is_sent_as_cancelled(gone):
    found = event(**gone)
    assert found["STATUS"] == "CANCELLED"
    assert found["SUMMARY"] == "Inställt: Nätverk barn och unga Boda"


@pytest.mark.parametrize("stands", [{"status": "planerat"}, {"removed": False}, {"removed": pd.NA}])
def test_what_stands_is_confirmed(stands):
    assert event(**stands)["STATUS"] == "CONFIRMED"


@pytest.mark.parametrize(
    ("network_id", "kind", "summary"),
    [
        ("bu-boda", "ordinarie", "Nätverk barn och unga Boda"),
        ("on-norrby", "tema", "Områdesnätverk Norrby: tema"),
        ("or-fristad", "stormöte", "Ortsråd Fristad: stormöte"),
        ("ce-bra", "central", "Brå"),
        ("ce-saker-och-trygg", "central", "Säker och trygg kommun"),
        ("bu-gemensamt", "gemensam", "Gemensamt, nätverk barn och unga"),
        ("on-okant", "ordinarie", "on-okant"),
    ],
)
def test_the_summary_is_who_meets_and_what_kind_it_is(network_id, kind, summary):
    assert event(network_id=network_id, kind=kind)["SUMMARY"] == summary


def test_every_joint_row_has_a_name():
    assert set(ical.JOINT_NAMES) == set(ical.JOINT)


def test_hard_texts_survive_and_no_line_is_longer_than_75_octets():
    place = "Ålgården; sal B, plan 2\\3"
    agenda = "Åtgärder: " + "räksmörgås " * 30 + "\nPunkt två; med, tecken"
    content = written(
        {"date": "2027-05-18", "place": place, "agenda": agenda, "note": "Öl\x00\x0b"}
    )
    (found,) = events(content)
    assert found["LOCATION"] == place
    assert found["DESCRIPTION"] == f"Klockslag är inte angivet.\n{agenda}\nÖl"
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert lines[-1] == b""
    assert b"\n" not in b"".join(lines)
    assert [line.decode("utf-8") for line in lines]  # no letter is cut in two


@given(st.text(max_size=200))
def test_any_text_comes_back_but_for_control_characters_and_kinds_of_line_break(text):
    found = events(written({"date": "2027-05-18", "place": "x" + text + "x"}))
    kept = "".join(letter for letter in text if letter >= " " or letter in "\t\n\r")
    kept = kept.replace("\x7f", "").replace("\r\n", "\n").replace("\r", "\n")
    assert str(found[0]["LOCATION"]) == f"x{kept}x"


def test_a_text_cannot_bring_in_a_property_or_an_event():
    evil = "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:Falskt"
    found = events(written({"date": "2027-05-18", "note": evil}))
    assert len(found) == 1
    assert found[0]["SUMMARY"] == "Nätverk barn och unga Boda"


def test_meetings_come_by_date_and_time():
    content = written(
        {"date": "2027-06-01", "meeting_id": "c"},
        {"date": "2027-05-18", "meeting_id": "b", "start_time": "18:30"},
        {"date": "2027-05-18", "meeting_id": "a", "start_time": "19:00"},
    )
    assert [str(found["UID"])[0] for found in events(content)] == ["b", "a", "c"]


def test_no_meetings_are_an_empty_calendar():
    made = Calendar.from_ical(
        ical.calendar(meetings({"date": "2027-05-18"}).iloc[:0], NETWORKS, MADE)
    )
    assert made.walk("VEVENT") == []
    assert made["METHOD"] == "PUBLISH"
    assert len(made.walk("VTIMEZONE")) == 1


def test_all_126_rows_of_2017_are_in_it_and_the_ids_are_unique():
    held, networks = read.meetings()[0], read.networks()[0]
    found = events(ical.calendar(held, networks, MADE))
    assert len(found) == len(held) == 126
    matrix = held[held["source"].str.startswith("ar2017 bilaga 2")]
    assert len(events(ical.calendar(matrix, networks, MADE))) == 125
    assert len({str(one["UID"]) for one in found}) == 126
    assert all(one["TRANSP"] == "TRANSPARENT" for one in found)
    names = {str(one["SUMMARY"]).split(":")[0] for one in found}
    assert len(names) == 25
    assert not {name for name in names if name in held["network_id"].unique()}


def test_the_filter_takes_one_network_or_a_joint_row():
    held, networks = read.meetings()[0], read.networks()[0]
    content = ical.calendar(held, networks, MADE, network_id="bu-boda")
    assert len(events(content)) == 9
    assert {one["SUMMARY"] for one in events(content)} == {"Nätverk barn och unga Boda"}
    assert Calendar.from_ical(content)["X-WR-CALNAME"] == "Möten: Nätverk barn och unga Boda"
    assert len(events(ical.calendar(held, networks, MADE, network_id="ce-bra"))) == 6


def test_the_hour_that_comes_twice_is_the_first():
    found = event(date="2027-10-31", start_time="02:30", end_time="03:30")
    assert found.decoded("dtstart").astimezone(UTC) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"date": "2027-03-28", "start_time": "02:30"}, "m0: klockan 02:30 finns inte 2027-03-28"),
        ({"start_time": "18.30"}, "m0: ett klockslag som 18:30 väntades i start_time"),
        ({"start_time": "18:30", "end_time": "25:00"}, "väntades i end_time, fick '25:00'"),
        ({"start_time": "18:30", "end_time": "17:00"}, "m0: mötet slutar 17:00 men börjar 18:30"),
        ({"date": None}, "datum saknas för m0"),
    ],
)
def test_a_meeting_with_an_impossible_time_is_named(row, told):
    with pytest.raises(GeoError, match=told):
        written({"date": "2027-05-18", **row})


def test_a_wrong_call_is_told():
    held = meetings({"date": "2027-05-18"})
    naive = MADE.replace(tzinfo=None)
    with pytest.raises(GeoError, match=r"tidszon saknas.*datetime\.now\(\)\.astimezone\(\)"):
        ical.calendar(held, NETWORKS, naive)
    with pytest.raises(GeoError, match=r"'bu-x' finns inte\. Skriv till exempel bu-boda"):
        ical.calendar(held, NETWORKS, MADE, network_id="bu-x")
    with pytest.raises(GeoError, match="kolumnerna date saknas"):
        ical.calendar(held.drop(columns="date"), NETWORKS, MADE)
    with pytest.raises(GeoError, match="networks: kolumnerna name saknas"):
        ical.calendar(held, NETWORKS.drop(columns="name"), MADE)
    with pytest.raises(GeoError, match="id finns två gånger: m0"):
        ical.calendar(pd.concat([held, held]), NETWORKS, MADE)
