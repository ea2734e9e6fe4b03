"""Free days: toy towns by hand, the real year, a naive recount, laws of the suggestion."""

from collections import Counter
from datetime import date
from itertools import combinations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import coverage, free_days, off_days, read
from geo import meetings as met
from geo.errors import GeoError

DAY = pd.Timestamp
NO_BREAKS = pd.DataFrame(columns=list(off_days.BREAK_COLUMNS))
POLICE = pd.DataFrame({"function": ["Polis"], "layer": ["barn_unga"], "sits_in": ["all"]})
PREFIX = {"bu": "barn_unga", "on": "omrade", "or": "ortsrad"}


def networks(*ids, status="active"):
    return pd.DataFrame(
        {"layer": [PREFIX[i[:2]] for i in ids], "status": status, "status_from": pd.NaT},
        index=pd.Index(ids, name="network_id"),
    )


def meetings(*rows, counts=True):
    table = pd.DataFrame(rows, columns=["network_id", "date"])
    table["date"] = pd.to_datetime(table["date"])
    return table.assign(counts_for_cadence=counts, status="")


def guidelines(least=1, layers=("barn_unga", "omrade")):
    return pd.DataFrame(
        {
            "layer": list(layers),
            "meetings_per_term_min": least,
            "valid_from": DAY("2017-01-01"),
            "valid_to": pd.NaT,
        },
        index=[f"G-{layer}" for layer in layers],
    )


def breaks(*rows):
    return pd.DataFrame(rows, columns=list(off_days.BREAK_COLUMNS))


def suggested(held, known, least=1, *, term=(2027, "VT"), off=NO_BREAKS, overlaps=None):
    return free_days.suggest(held, guidelines(least), known, *term, off, POLICE, overlaps)


def days_of(found, network_id):
    own = found.days[found.days["network_id"] == network_id]
    return [f"{day:%Y-%m-%d}" for day in own["date"]]


def real(year=2027, term="VT", held=None):
    return free_days.suggest(
        read.meetings()[0] if held is None else held,
        read.guidelines()[0],
        read.networks()[0],
        year,
        term,
        read.register("school_breaks"),
        read.register("functions"),
        coverage.overlap(read.areas()[0]),
    )


def naive_weight(pairs):
    """Recount from the rule: 2 functions in every bu-, shared ground; pairs: (network, day)."""
    ground = {frozenset(p) for p in coverage.overlap(read.areas()[0])[["a", "b"]].to_numpy()}
    total = 0
    for day in {day for _, day in pairs}:
        ids = {network_id for network_id, when in pairs if when == day}
        total += 2 * max(sum(i.startswith("bu-") for i in ids) - 1, 0)
        total += sum(frozenset(pair) in ground for pair in combinations(ids, 2))
    return total


# Holidays and breaks.


def test_the_holidays_of_2027_by_name_and_no_common_sunday():
    found = off_days.holidays_of(2027)
    assert found[date(2027, 6, 25)] == "Midsommarafton"
    assert found[date(2027, 12, 24)] == "Julafton"
    assert found[date(2027, 12, 31)] == "Nyårsafton"
    assert found[date(2027, 3, 29)] == "Annandag påsk"
    assert date(2027, 2, 7) not in found
    assert len(found) == 16


def test_off_days_are_holidays_and_breaks_with_both_ends():
    off = off_days.off_days(DAY("2027-03-20"), DAY("2027-05-07"), read.register("school_breaks"))
    assert off.index.name == "date"
    assert off.loc["2027-03-22", ["why", "is_assumed"]].tolist() == ["påsklov", True]
    assert off.loc["2027-03-29", ["why", "is_assumed"]].tolist() == ["Annandag påsk", False]
    assert off.loc["2027-05-06", "why"] == "Kristi himmelsfärdsdag"
    assert DAY("2027-03-21") not in off.index
    assert off.loc["2027-05-07", ["why", "is_assumed"]].tolist() == ["lovdag", True]
    assert DAY("2027-05-05") not in off.index
    assert off.index.is_unique
    assert off.index.is_monotonic_increasing


def test_the_citys_own_day_goes_before_an_assumed_one():
    both = breaks(
        ("sportlov", "2025-02-10", "2025-02-14", "true"),
        ("lovdag", "2025-02-10", "2025-02-10", "false"),
    )
    off = off_days.off_days(DAY("2025-02-10"), DAY("2025-02-11"), both)
    assert off["why"].tolist() == ["lovdag", "sportlov"]
    assert off["is_assumed"].tolist() == [False, True]


@pytest.mark.parametrize("last", ["2027-02-01", "vecka 7", ""])
def test_a_break_without_dates_in_order_is_told(last):
    with pytest.raises(GeoError, match="i ordning, som ÅÅÅÅ-MM-DD, väntades för sportlov"):
        off_days.off_days(
            DAY("2027-01-01"), DAY("2027-06-30"), breaks(("sportlov", "2027-02-15", last, "true"))
        )


# How heavy a collision is.


def test_on_18_may_2017_police_and_field_workers_are_needed_three_times_too_many():
    clashes = met.clashes(read.meetings()[0])
    table = free_days.weighed(clashes, read.register("functions"), read.networks()[0])
    worst = table.loc["2017-05-18"]
    assert worst["functions"] == ("IFO/Fält", "Polis")
    assert worst["weight"] == 6
    assert table["weight"].max() == 6
    assert len(table) == 28
    assert ((table["weight"] > 0) == (table["n_barn_unga"] > 1)).all()


def test_functions_of_each_networks_own_weigh_nothing_and_no_day_gives_no_row():
    own = POLICE.assign(sits_in="own")
    held = meetings(("bu-a", "2027-02-01"), ("bu-b", "2027-02-01"))
    known = networks("bu-a", "bu-b")
    assert free_days.weighed(met.clashes(held), own, known)["weight"].tolist() == [0]
    empty = free_days.weighed(met.clashes(held.iloc[:1]), POLICE, known)
    assert empty.empty
    assert list(empty.columns[-2:]) == ["functions", "weight"]


# Suggestions, by hand. Thursdays of spring 2027 without holidays: 7 January, …, 24 June but 6 May.


def test_a_lone_network_gets_the_middle_of_its_weekdays():
    found = suggested(meetings(("on-a", "2026-03-05")), networks("on-a"))
    assert days_of(found, "on-a") == ["2027-03-25"]  # the 12th of 24; of two middles the earlier
    row = found.days.iloc[0]
    assert (row["weekday"], row["is_planned"], row["weight"], row["why"]) == (3, False, 0, "")
    assert found.untold.empty


def test_two_days_are_the_middles_of_the_halves():
    found = suggested(meetings(("on-a", "2026-03-05")), networks("on-a"), 2)
    assert days_of(found, "on-a") == ["2027-02-11", "2027-05-13"]


def test_breaks_and_holidays_are_no_days():
    off = breaks(("lov", "2027-01-01", "2027-06-10", "false"))
    found = suggested(meetings(("on-a", "2026-03-05")), networks("on-a"), off=off)
    assert days_of(found, "on-a") == ["2027-06-17"]  # of 17 and 24 June
    everything = breaks(("lov", "2027-01-01", "2027-06-30", "false"))
    none = suggested(meetings(("on-a", "2026-03-05")), networks("on-a"), off=everything)
    assert none.days.empty
    assert none.notes == ("on-a: bara 0 av 1 dagar får plats på torsdagar.",)


def test_two_networks_with_the_same_police_get_days_of_their_own():
    held = meetings(("bu-a", "2026-03-05"), ("bu-b", "2026-03-12"))
    found = suggested(held, networks("bu-a", "bu-b"))
    assert days_of(found, "bu-a") == ["2027-03-25"]
    assert days_of(found, "bu-b") == ["2027-04-01"]
    assert found.days["weight"].tolist() == [0, 0]


def test_networks_on_the_same_ground_get_days_of_their_own():
    held = meetings(("on-a", "2026-03-05"), ("or-b", "2026-03-05"))
    pairs = pd.DataFrame({"a": ["on-a"], "b": ["or-b"]})
    off = breaks(("lov", "2027-01-01", "2027-06-10", "false"))
    found = suggested(held, networks("on-a", "or-b"), off=off, overlaps=pairs)
    assert sorted(found.days["date"]) == [DAY("2027-06-17"), DAY("2027-06-24")]


def test_when_one_day_is_all_there_is_the_collision_is_shown_and_explained():
    off = breaks(("lov", "2027-01-01", "2027-06-17", "false"))
    held = meetings(*((network_id, "2026-03-05") for network_id in ("bu-a", "bu-b", "bu-c")))
    found = suggested(held, networks("bu-a", "bu-b", "bu-c"), off=off)
    assert set(found.days["date"]) == {DAY("2027-06-24")}
    assert found.days["weight"].tolist() == [2, 2, 2]  # of the day: Polis twice too many
    why = "ingen annan torsdag i den delen av terminen är fri från krock"
    assert found.days["why"].tolist() == [why] * 3


def test_a_day_with_a_central_meeting_is_avoided():
    held = meetings(("on-a", "2026-03-05"), ("ce-bra", "2027-03-25"))
    assert days_of(suggested(held, networks("on-a")), "on-a") == ["2027-04-01"]
    off = breaks(("lov", "2027-01-01", "2027-06-17", "false"))
    held = meetings(("on-a", "2026-03-05"), ("ce-bra", "2027-06-24"))
    found = suggested(held, networks("on-a"), off=off)
    assert found.days["weight"].tolist() == [1]
    assert set(found.days["network_id"]) == {"on-a"}


def test_a_planned_meeting_is_kept_and_the_rest_fill_the_other_part():
    held = meetings(("on-a", "2026-03-05"), ("on-a", "2027-02-02"))
    found = suggested(held, networks("on-a"), 2)
    assert days_of(found, "on-a") == ["2027-02-02", "2027-05-13"]
    assert found.days["is_planned"].tolist() == [True, False]
    assert days_of(suggested(held, networks("on-a"), 1), "on-a") == ["2027-02-02"]


def test_planned_meetings_in_one_part_leave_the_farthest_parts():
    held = meetings(("on-a", "2026-03-05"), ("on-a", "2027-01-14"), ("on-a", "2027-01-21"))
    found = suggested(held, networks("on-a"), 3)
    assert days_of(found, "on-a") == ["2027-01-14", "2027-01-21", "2027-05-27"]


def test_a_theme_meeting_stands_but_does_not_count_and_a_cancelled_one_is_none():
    held = meetings(("on-a", "2026-03-05"), ("on-a", "2027-03-25"), ("on-a", "2027-03-30"))
    held["counts_for_cadence"] = [True, False, True]
    held["status"] = ["", "", "inställt"]
    found = suggested(held, networks("on-a"))
    assert days_of(found, "on-a") == ["2027-03-25", "2027-04-01"]
    assert found.days["is_planned"].tolist() == [True, False]


def test_the_habit_is_the_commonest_weekday_and_of_two_the_one_used_last():
    rows = [("on-a", "2026-09-03"), ("on-a", "2026-10-01"), ("on-a", "2026-11-03")]
    assert suggested(meetings(*rows), networks("on-a")).days["weekday"].tolist() == [3]
    rows.append(("on-a", "2026-12-01"))
    assert suggested(meetings(*rows), networks("on-a")).days["weekday"].tolist() == [1]


def test_a_weekend_network_may_meet_on_saturdays_that_are_no_holidays():
    off = breaks(("lov", "2027-01-01", "2027-06-18", "false"))
    held = meetings(("on-a", "2026-03-07"))
    assert days_of(suggested(held, networks("on-a"), off=off), "on-a") == ["2027-06-19"]
    midsummer = breaks(("lov", "2027-01-01", "2027-06-19", "false"))
    assert suggested(held, networks("on-a"), off=midsummer).days.empty


def test_without_a_guideline_as_many_as_the_latest_earlier_same_term():
    rows = [("or-a", "2024-03-07"), ("or-a", "2025-03-06"), ("or-a", "2025-04-03")]
    rows += [("or-a", "2026-10-01")]
    assert len(suggested(meetings(*rows), networks("or-a")).days) == 2
    assert len(suggested(meetings(*rows), networks("or-a"), term=(2027, "HT")).days) == 1


def test_who_gets_no_days_is_told_why():
    known = pd.concat([networks("on-new", "or-b"), networks("on-rest", status="resting")])
    held = meetings(("or-b", "2026-10-01"), ("on-rest", "2026-03-05"))
    found = suggested(held, known)
    assert found.untold.to_numpy().tolist() == [
        ["on-new", free_days.NO_HABIT],
        ["on-rest", "vilande"],
        ["or-b", "ingen riktlinje, och inget möte en tidigare VT att gå efter"],
    ]
    assert found.days.empty
    assert list(found.days.columns) == list(free_days.DAY_COLUMNS)


@pytest.mark.parametrize(
    ("term", "notes"),
    [
        ((2027, "VT"), ["Skolloven för VT 2027 är antagna efter mönstret 2024/2025."]),
        (
            (2030, "HT"),
            [
                "Skollov för HT 2030 saknas i data/school_breaks.csv: bara helgdagar är "
                "borttagna. Lägg till raderna."
            ],
        ),
        (
            (2029, "VT"),
            [
                "Skollov för VT 2029 saknas i data/school_breaks.csv: bara helgdagar och jullov "
                "är borttagna. Lägg till raderna."
            ],
        ),
        (
            (2025, "VT"),
            ["En del skollov för VT 2025 är antagna efter mönstret 2024/2025: sommarlov."],
        ),
    ],
)
def test_what_is_known_of_the_school_breaks_is_told(term, notes):
    off = read.register("school_breaks")
    found = suggested(meetings(("on-a", "2016-03-03")), networks("on-a"), term=term, off=off)
    assert list(found.notes) == notes


def test_breaks_that_are_all_the_citys_own_need_no_note():
    own = breaks(("sportlov", "2027-02-15", "2027-02-19", "false"))
    assert suggested(meetings(("on-a", "2026-03-05")), networks("on-a"), off=own).notes == ()


def test_a_wrong_call_is_told_with_all_its_faults():
    held, known = meetings(("on-a", "2026-03-05")), networks("on-a")
    with pytest.raises(GeoError, match=r"term: VT eller HT väntades, fick 'vår'.*fick 17"):
        suggested(held, known, term=(17, "vår"))
    with pytest.raises(GeoError, match="sits_in saknas"):
        free_days.suggest(
            held, guidelines(), known, 2027, "VT", NO_BREAKS, POLICE.drop(columns="sits_in")
        )
    with pytest.raises(GeoError, match="breaks: kolumnerna assumed saknas"):
        suggested(held, known, off=NO_BREAKS.drop(columns="assumed"))
    with pytest.raises(GeoError, match="overlaps: kolumnerna b saknas"):
        suggested(held, known, overlaps=pd.DataFrame({"a": []}))
    with pytest.raises(GeoError, match="counts_for_cadence saknas"):
        suggested(held.drop(columns="counts_for_cadence"), known)


# The real town.


def test_every_active_network_gets_its_minimum_in_spring_2027_on_its_weekday():
    found, rows = real(), read.networks()[0]
    assert found.untold["network_id"].tolist() == ["on-trandared"]
    n = Counter(found.days["network_id"])
    for network_id, layer in rows["layer"].items():
        if network_id != "on-trandared" and layer != "ortsrad":
            assert n[network_id] == 2, network_id
    counts = {"or-dalsjofors": 6, "or-fristad": 2, "or-sandared": 2, "or-viskafors": 2}
    assert {i: n[i] for i in counts} == counts
    assert n["on-trandared"] == 0
    counted = met.counted_days(read.meetings()[0])
    for network_id, weekday in found.days[["network_id", "weekday"]].to_numpy():
        own = counted.loc[counted["network_id"] == network_id, "date"].dt.day_of_week
        assert weekday in own.mode().tolist()
    assert (found.days["date"].dt.day_of_week == found.days["weekday"]).all()


def test_no_suggested_day_is_off_and_all_are_in_the_term():
    days = real().days["date"]
    assert days.between("2027-01-08", "2027-06-13").all()
    off = off_days.off_days(days.min(), days.max(), read.register("school_breaks"))
    assert not days.isin(off.index).any()


@pytest.mark.parametrize(("term", "naive"), [("VT", 6), ("HT", 11)])
def test_nothing_collides_where_the_weeks_of_2017_would_have(term, naive):
    found = real(term=term).days
    pairs = list(zip(found["network_id"], found["date"], strict=True))
    by_day = found.drop_duplicates("date")["weight"].sum()
    assert by_day == naive_weight(pairs) == 0
    assert found["date"].is_unique  # nor do two networks that share nobody meet on one day
    counted = met.counted_days(read.meetings()[0])
    counted = counted[(counted["term"] == term) & (counted["network_id"] != "on-trandared")]
    same_weeks = [
        (network_id, date.fromisocalendar(2027, *day.isocalendar()[1:]))
        for network_id, day in zip(counted["network_id"], counted["date"], strict=True)
    ]
    assert naive_weight(same_weeks) == naive


def test_what_stands_in_the_real_term_is_kept_and_weighed():
    held = read.meetings()[0]
    planned = held[held.index.str.startswith("2017-05-18")].assign(date=DAY("2027-05-20"))
    planned.index = planned.index.str.replace("2017-05-18", "2027-05-20")
    found = real(held=pd.concat([held, planned])).days
    stands = found[found["is_planned"]]
    assert set(stands["network_id"]) == set(planned["network_id"])
    assert set(stands["date"]) == {DAY("2027-05-20")}
    pairs = list(zip(found["network_id"], found["date"], strict=True))
    assert found.drop_duplicates("date")["weight"].sum() == naive_weight(pairs)
    assert (found["weight"] > 0).sum() == 5  # nobody is put on that day besides
    assert found.groupby("network_id").size()["bu-boda"] == 2


def test_the_order_of_the_rows_changes_nothing():
    held, rows = read.meetings()[0], read.networks()[0]
    found = real()
    turned = free_days.suggest(
        held.iloc[::-1],
        read.guidelines()[0].iloc[::-1],
        rows.iloc[::-1],
        2027,
        "VT",
        read.register("school_breaks").iloc[::-1],
        read.register("functions").iloc[::-1],
        coverage.overlap(read.areas()[0]).iloc[::-1],
    )
    pd.testing.assert_frame_equal(turned.days, found.days)
    pd.testing.assert_frame_equal(turned.untold, found.untold)
    assert turned.notes == found.notes


# Laws.

IDS = ("bu-a", "bu-b", "bu-c", "on-d", "or-e")
HELD = st.lists(
    st.tuples(st.sampled_from(IDS), st.dates(date(2025, 1, 1), date(2027, 6, 30))), max_size=25
)


@settings(max_examples=40, deadline=None)
@given(HELD, st.integers(1, 4))
def test_laws_of_any_suggestion(rows, least):
    held = meetings(*rows)
    found = suggested(held, networks(*IDS), least, off=read.register("school_breaks"))
    days = found.days
    assert not days.duplicated(["network_id", "date"]).any()
    stands = held[held["date"] >= "2027-01-01"].drop_duplicates(["network_id", "date"])
    assert sorted(days.loc[days["is_planned"], "date"]) == sorted(stands["date"])
    new = days[~days["is_planned"]]
    off = off_days.off_days(DAY("2027-01-01"), DAY("2027-06-30"), read.register("school_breaks"))
    assert not new["date"].isin(off.index).any()
    assert (new.groupby("network_id")["weekday"].nunique() <= 1).all()
    for network_id in new["network_id"].unique():
        layer = PREFIX[network_id[:2]]
        n = (days["network_id"] == network_id).sum()
        assert n == least if layer != "ortsrad" else n >= 1
    told = set(found.untold["network_id"]) | set(days["network_id"])
    assert told == set(IDS)


@settings(max_examples=25, deadline=None)
@given(HELD, st.integers(1, 3))
def test_a_day_that_is_said_to_collide_does(rows, least):
    held = meetings(*rows)
    known = networks(*IDS)
    days = suggested(held, known, least).days
    for network_id, day in days.loc[days["why"] != "", ["network_id", "date"]].to_numpy():
        others = days.loc[(days["date"] == day) & (days["network_id"] != network_id), "network_id"]
        assert network_id.startswith("bu-")
        assert others.str.startswith("bu-").any()
