"""Cadence and clashes: the real year by hand, a naive recount, guidelines and rest."""

import pandas as pd
import pytest

from geo import meetings as met
from geo import read
from geo.errors import GeoError


def real(**options):
    return met.cadence(
        read.meetings()[0], read.guidelines()[0], read.networks()[0], 2017, **options
    )


def of_kind(table, prefix):
    return table[table.index.get_level_values("network_id").str.startswith(prefix)]


def both_met(table, prefix):
    outcome = table["outcome"].unstack("term")
    all_met = outcome[(outcome == met.MET).all(axis=1)].index
    return sorted(name for name in all_met if name.startswith(prefix))


def town(days, status="active", status_from=None, valid=(("G1", 2, "2017-01-01", None),)):
    meetings = pd.DataFrame(
        {"date": pd.to_datetime(days), "network_id": "bu-a", "counts_for_cadence": True}
    )
    guidelines = pd.DataFrame(
        {
            "layer": "barn_unga",
            "meetings_per_term_min": [least for _, least, _, _ in valid],
            "valid_from": pd.to_datetime([start for *_, start, _ in valid]),
            "valid_to": pd.to_datetime([end for *_, end in valid]),
        },
        index=pd.Index([name for name, *_ in valid], name="guideline_id"),
    )
    networks = pd.DataFrame(
        {"layer": "barn_unga", "status": status, "status_from": pd.to_datetime([status_from])},
        index=pd.Index(["bu-a"], name="network_id"),
    )
    return meetings, guidelines, networks


def test_in_2017_three_youth_networks_and_all_seven_area_networks_meet_it():
    table = real()
    assert both_met(table, "bu-") == ["bu-boda", "bu-dalsjofors", "bu-norrby"]
    assert len(both_met(table, "on-")) == 7
    assert set(of_kind(table, "or-")["outcome"]) == {"no_guideline"}
    assert table.loc[("bu-daltorp", "HT"), "outcome"] == "met"
    assert set(of_kind(table, "bu-")["guideline_id"]) == {"G1"}


def test_the_later_guideline_gives_another_picture():
    expected = ["bu-boda", "bu-centrum", "bu-dalsjofors", "bu-norrby", "bu-viskafors"]
    assert both_met(real(instead="G2"), "bu-") == expected
    assert len(both_met(real(instead="G2"), "on-")) == 7


def test_sjobo_is_flagged_in_both_terms_and_nobody_else():
    table = real()
    assert list(table[table["is_unsure"]].index) == [("bu-sjobo", "VT"), ("bu-sjobo", "HT")]
    assert "on-sjobo" in table.loc[("bu-sjobo", "VT"), "why"]


def test_a_naive_recount_gives_the_same_numbers():
    table = real()
    counts = dict.fromkeys(table.index, 0)
    for row in read.meetings()[0].itertuples():
        if row.counts_for_cadence and row.date.year == 2017 and row.network_id in table.index:
            counts[(row.network_id, "VT" if row.date.month <= 6 else "HT")] += 1
    assert table["n_meetings"].to_dict() == counts


def test_june_is_spring_and_july_is_autumn_and_a_day_counts_once():
    days = ["2017-06-30", "2017-07-01", "2017-07-01"]
    assert met.cadence(*town(days), 2017)["n_meetings"].tolist() == [1, 1]


def test_a_changed_guideline_does_not_rewrite_history():
    valid = (("G1", 3, "2017-01-01", "2017-06-30"), ("G2", 1, "2017-07-01", None))
    table = met.cadence(*town(["2017-02-01", "2017-09-01"], valid=valid), 2017)
    assert table["guideline_id"].tolist() == ["G1", "G2"]
    assert table["outcome"].tolist() == ["behind", "met"]


def test_a_year_before_any_guideline_has_none():
    table = met.cadence(*town(["2016-02-01"]), 2016)
    assert table["outcome"].tolist() == ["no_guideline"] * 2
    assert table["n_meetings"].tolist() == [1, 0]


def test_resting_from_a_known_date_and_from_an_unknown_one():
    known = met.cadence(*town([], "resting", "2017-08-15"), 2017)
    assert known["outcome"].tolist() == ["behind", "resting"]
    unknown = met.cadence(*town(["2017-02-01", "2017-02-02"], "resting"), 2017)
    assert unknown["outcome"].tolist() == ["met", "resting"]
    assert unknown["is_unsure"].tolist() == [False, True]


def test_a_wrong_call_is_told():
    with pytest.raises(GeoError, match="instead: en av G1 väntades, fick 'G9'"):
        met.cadence(*town([]), 2017, instead="G9")
    twice = (("G1", 2, "2017-01-01", None), ("G2", 3, "2017-01-01", None))
    with pytest.raises(GeoError, match="en riktlinje per lager och dag väntades"):
        met.cadence(*town([], valid=twice), 2017)
    with pytest.raises(GeoError, match="counts_for_cadence saknas"):
        met.cadence(town([])[0].drop(columns="counts_for_cadence"), *town([])[1:], 2017)


def test_28_days_clash_in_2017_and_18_may_has_five():
    table = met.clashes(read.meetings()[0])
    assert len(table) == 28
    worst = table.loc[pd.Timestamp("2017-05-18")]
    assert (worst["n_networks"], worst["n_barn_unga"]) == (5, 4)
    assert not table.index.isin(pd.to_datetime(["2017-01-23", "2017-04-24"])).any()


def test_one_network_twice_on_a_day_is_no_clash_and_an_empty_year_has_none():
    assert met.clashes(town(["2017-05-22"] * 2)[0]).empty
    assert list(met.clashes(town([])[0]).columns) == ["n_networks", "network_ids", "n_barn_unga"]


def test_the_pace_of_2017_sums_up_both_terms_and_sets_the_unsure_apart():
    table = met.cadence(read.meetings()[0], read.guidelines()[0], read.networks()[0], 2017)
    pace = met.kept_pace(table, met.TERMS)
    youth = pace[pace.index.str.startswith("bu-")]
    assert set(youth.index[youth == met.MET]) == {"bu-boda", "bu-dalsjofors", "bu-norrby"}
    assert youth.index[youth == met.UNSURE].tolist() == ["bu-sjobo"]
    assert (youth == met.BEHIND).sum() == 5
    assert (pace[pace.index.str.startswith("on-")] == met.MET).sum() == 7
    assert not pace.index.str.startswith("or-").any()
    assert met.kept_pace(table, ["VT"]).index.isin(pace.index).all()
    assert met.kept_pace(table, []).empty
