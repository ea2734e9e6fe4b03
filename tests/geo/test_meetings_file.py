"""Meetings, decisions and plans as somebody wrote them: every fault by its sentence and row."""

import pandas as pd
import pytest

from geo import attendance, decisions, read
from geo.errors import Issues
from geo.meetings_file import (
    SEEN,
    check_decisions,
    check_meetings,
    check_plans,
    differing,
    filled,
)

TODAY = pd.Timestamp("2026-03-01")
MEETING = {
    "meeting_id": "m1",
    "date": "2026-02-03",
    "network_id": "bu-boda",
    "kind": "ordinarie",
    "starred": "nej",
    "counts_for_cadence": "ja",
}
DECISION = {
    "decision_id": "b1",
    "meeting_id": "m1",
    "network_id": "bu-boda",
    "decided_date": "2026-02-03",
    "decision": "Fler lampor",
    "owner": "Tekniska förvaltningen",
}
PLAN = {"plan_id": "p1", "network_id": "on-norrby", "title": "Plan", "valid_from": "2026-01-01"}


def checked(check, *rows, **known):
    issues = Issues("prov")
    raw = pd.DataFrame(list(rows), index=range(2, 2 + len(rows))).fillna("")
    return check(raw, issues, **known), issues.frame()


def meetings(*rows, **known):
    registers = {"networks": read.networks()[0], "guidelines": read.guidelines()[0]}
    return checked(check_meetings, *rows, **(registers | {"today": TODAY} | known))


def test_a_whole_meeting_is_kept():
    row = MEETING | {"start_time": "9:00", "end_time": "11.30", "present": "Skola:2; Polis:1"}
    frame, issues = meetings(row)
    assert issues.empty
    assert frame.loc[2, ["start_time", "end_time"]].tolist() == ["09:00", "11:30"]
    assert attendance.parse(frame.at[2, "present"]) == {"Skola": 2, "Polis": 1}


@pytest.mark.parametrize(
    ("wrong", "column", "told"),
    [
        ({"date": "2017-11-31"}, "date", "den dagen finns inte i kalendern"),
        ({"date": "31 november"}, "date", "ett datum väntades, skrivet som 2017-10-20"),
        ({"date": "0017-05-18"}, "date", "ett år mellan 1900 och 2100"),
        ({"date": "17-05-18"}, "date", "ett datum väntades"),
        ({"date": "2017-10-20T09:00+02:00"}, "date", "ett datum väntades"),
        ({"network_id": "bu-atlantis"}, "network_id", "Nätverket finns inte i registret"),
        ({"network_id": "Boda"}, "network_id", "inte den form som väntades"),
        ({"start_time": "25:00"}, "start_time", "ett klockslag väntades, skrivet som 18:30"),
        ({"start_time": "18:30", "end_time": "17:00"}, "end_time", "ligger före början"),
        ({"end_time": "17:00"}, "end_time", "Sluttid utan starttid"),
        ({"present": "Polis"}, "present", "en funktion och ett antal väntades"),
        ({"present": "Polis:9999"}, "present", "högst 500 väntades"),
        ({"present": "Polis:-1"}, "present", "en funktion och ett antal väntades"),
        ({"agenda": "Ring 070-174 06 05"}, "agenda", "telefonnummer"),
        ({"note": "Pelle, 811228-9874"}, "note", "personnummer"),
        ({"place": "Norrbygatan 12 B"}, "place", "en adress"),
        ({"agenda": "a" * 2_001}, "agenda", "gränsen är"),
        ({"kind": "fika"}, "kind", "ett av ordinarie, tema"),
        ({"status": "flyttat"}, "status", "ett av inställt"),
    ],
)
def test_a_faulty_meeting_stays_out_with_row_and_remedy(wrong, column, told):
    good = MEETING | {"meeting_id": "m2"}
    frame, issues = meetings(MEETING | wrong, good)
    assert frame["meeting_id"].tolist() == ["m2"]
    row = issues[issues["severity"] == "error"].iloc[0]
    assert (row["row"], row["column"]) == (2, column)
    assert told in row["message"]


def test_personal_data_is_never_told_again():
    _, issues = meetings(MEETING | {"agenda": "Ring 070-174 06 05"})
    assert "070" not in " ".join(issues["value"])
    assert "174" not in " ".join(issues["message"])


def test_two_meetings_with_one_id_are_told():
    frame, issues = meetings(MEETING, MEETING | {"date": "2026-03-03"})
    assert len(frame) == 1
    assert "finns redan på rad 2" in issues.iloc[0]["message"]


@pytest.mark.parametrize(
    ("odd", "column", "told"),
    [
        ({"date": "2015-02-03"}, "date", "Ingen riktlinje gällde den dagen"),
        ({"date": "2029-02-03"}, "date", "Mer än två år fram"),
        (
            {"network_id": "on-trandared", "date": "2026-03-04"},
            "network_id",
            "Nätverket är vilande",
        ),
    ],
)
def test_an_odd_meeting_is_kept_and_told(odd, column, told):
    frame, issues = meetings(MEETING | odd)
    assert len(frame) == 1
    assert (issues["severity"] == "warning").all()
    assert issues.iloc[0]["column"] == column
    assert told in issues.iloc[0]["message"]


def test_a_network_that_rests_since_an_unknown_day_met_before_without_a_word():
    frame, issues = meetings(MEETING | {"network_id": "on-trandared", "date": "2017-02-08"})
    assert len(frame) == 1
    assert issues.empty


def test_another_meeting_of_the_network_that_day_is_told_unless_the_row_says_what_it_is():
    again = MEETING | {"meeting_id": "m2"}
    _, issues = meetings(MEETING, again)
    assert issues["row"].tolist() == [3]
    assert "har redan ett möte den dagen" in issues.iloc[0]["message"]
    assert meetings(MEETING, again | {"note": "Två möten samma dag"})[1].empty
    there = pd.DataFrame({"date": [pd.Timestamp(MEETING["date"])], "network_id": ["bu-boda"]})
    assert len(meetings(MEETING, there=there)[1]) == 1
    assert meetings(MEETING, there=there.set_axis(["m1"]))[1].empty  # the same meeting


def test_ten_years_at_once_are_taken_and_each_far_row_is_told():
    days = pd.date_range("2026-01-08", "2035-12-31", freq="14D")
    rows = [MEETING | {"meeting_id": f"m{n}", "date": f"{d:%Y-%m-%d}"} for n, d in enumerate(days)]
    frame, issues = meetings(*rows)
    assert len(frame) == len(days) == 261
    assert len(issues) == sum(days > TODAY + pd.DateOffset(months=24))


def test_joint_rows_and_local_councils_have_no_guideline_to_miss():
    rows = [MEETING | {"meeting_id": i, "network_id": i, "date": "2015-01-01"}
            for i in ("bu-gemensamt", "ce-bra", "or-fristad")]  # fmt: skip
    frame, issues = meetings(*rows)
    assert len(frame) == 3
    assert issues.empty


@pytest.mark.parametrize(
    ("wrong", "column", "told"),
    [
        ({"owner": ""}, "owner", "Beslutet saknar ansvarig. Ange en funktion"),
        ({"owner": "  "}, "owner", "Beslutet saknar ansvarig"),
        ({"decision": ""}, "decision", "värdet saknas"),
        ({"decided_date": "2026-11-31"}, "decided_date", "den dagen finns inte"),
        ({"decided_date": "2026-03-02"}, "decided_date", "ligger i framtiden"),
        ({"due_date": "2026-01-01"}, "due_date", "ligger före beslutet"),
        ({"status": "done"}, "done_date", "Datum då det blev klart saknas"),
        ({"status": "started", "done_date": "2026-02-04"}, "done_date", "status är en annan"),
        ({"status": "dropped"}, "outcome", "ska ha ett skäl"),
        ({"status": "klar"}, "status", "Okänd status. Skriv något av: beslutat"),
        ({"priority_id": "9"}, "priority_id", "Okänd prioritering"),
        ({"link_kind": "finding"}, "link_id", "Kopplingen är halv"),
        ({"network_id": "bu-atlantis"}, "network_id", "Nätverket finns inte"),
        ({"decision": "Mejla namn@example.se"}, "decision", "e-postadress"),
        ({"owner": "070-174 06 05"}, "owner", "telefonnummer"),
    ],
)
def test_a_faulty_decision_stays_out_with_its_sentence(wrong, column, told):
    known = {"today": TODAY, "networks": read.networks()[0], "priorities": ("1", "2")}
    frame, issues = checked(check_decisions, DECISION | wrong, **known)
    assert frame.empty
    found = issues[issues["column"] == column]
    assert told in " ".join(found["message"])


def test_a_whole_decision_is_decided_until_something_else_is_said():
    frame, issues = checked(check_decisions, DECISION, today=TODAY)
    assert issues.empty
    assert frame.at[2, "status"] == decisions.DECIDED


@pytest.mark.parametrize(
    ("wrong", "column", "told"),
    [
        ({"valid_to": "2025-12-31"}, "valid_to", "Planen slutar innan den börjar"),
        ({"network_id": "on-atlantis"}, "network_id", "Nätverket finns inte"),
        ({"focus_areas": ";".join("abcdefghijklm")}, "focus_areas", "Fler än 12 fokusområden"),
        ({"title": "Ring 070-174 06 05"}, "title", "telefonnummer"),
    ],
)
def test_a_faulty_plan_is_told(wrong, column, told):
    frame, issues = checked(check_plans, PLAN | wrong, networks=read.networks()[0])
    assert frame.empty
    assert issues.iloc[0]["column"] == column
    assert told in issues.iloc[0]["message"]


def test_decisions_are_counted_by_every_priority():
    rows = [
        ("1", "decided", "2026-01-01", None),
        ("1", "done", "2026-02-01", "2026-01-31"),
        ("1", "done", "2026-01-01", "2026-01-31"),
        ("", "decided", None, None),
    ]
    made = pd.DataFrame(rows, columns=["priority_id", "status", "due_date", "done_date"])
    made = made.astype({"due_date": "datetime64[ns]", "done_date": "datetime64[ns]"})
    found = decisions.by_priority(made, ["1", "2"], TODAY)
    assert found.loc["1"].to_dict() == {"n_open": 1, "n_done": 2, "n_late": 2}
    assert found.loc["2"].tolist() == [0, 0, 0]


def test_every_way_of_a_decision_leads_back_or_on():
    for status, following in decisions.NEXT.items():
        assert status not in following
        assert set(following) <= set(decisions.STATUSES)
    reached = {status for following in decisions.NEXT.values() for status in following}
    assert reached == set(decisions.STATUSES)


def test_attendance_written_and_read_is_the_same():
    counts = {"Skola": 3, "IFO/Fält": 0, "Polis": None}
    assert attendance.parse(attendance.written(counts)) == {"Skola": 3, "IFO/Fält": 0}
    assert attendance.noted((), ("Polis",)) == {}


def test_a_schedule_of_days_and_networks_alone_is_filled_in():
    raw = pd.DataFrame(
        {
            "date": ["2027-02-01", "2027-02-01", "", "2027-02-02"],
            "network_id": ["bu-boda", "bu-boda", "bu-norrby", "on-hulta"],
            "kind": ["ordinarie", "tema", "ordinarie", "ordinarie"],
        },
        index=[2, 3, 4, 5],
    )
    made = filled(raw)
    assert made.index.tolist() == [2, 3, 5]  # of the template, only the network is filled in
    assert made["meeting_id"].tolist() == [
        "2027-02-01-bu-boda",
        "2027-02-01-bu-boda-2",
        "2027-02-02-on-hulta",
    ]
    assert set(made["counts_for_cadence"]) == {"ja"}
    own = raw.assign(meeting_id=["a", "b", "c", "d"], starred="ja")
    assert filled(own)["meeting_id"].tolist() == ["a", "b", "c", "d"]
    assert set(filled(own)["starred"]) == {"ja"}
    odd = pd.DataFrame({"datum": ["2027-02-01"]})
    assert filled(odd).equals(odd)


def test_what_a_file_tells_otherwise_than_what_stands_is_named():
    there = pd.DataFrame({name: ["x", "y"] for name in SEEN}, index=["m1", "m2"])
    again = there.rename_axis("meeting_id").reset_index()
    assert differing(there, again) == []
    assert differing(there, again.assign(place=["x", "z"])) == ["m2"]
    assert differing(there, again.iloc[::-1]) == []
