"""The Situation: every number is the facts' own, nothing hidden is in it, nothing later either."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from geo import chain, decisions, intervals, kinds, meetings, trend, welfare
from geo.errors import GeoError
from geo.judgement import Focus, Judgement, cells
from geo.layout import BY_SOURCE, MISSING, OK, SECONDARY, SMALL, TOTAL, WHOLE
from geo.priority.ranking import NO_VERDICT
from geo.situation import CITY_ID, knowledge, situation, snapshot
from geo.situation.since import MEETING, NEVER, SIGNED, since
from geo.situation.standouts import LEAST, MOST, standouts
from geo.sources import LAYERS, SYNTHETIC
from tests.geo.store.making import decision

DAY = pd.Timestamp("2026-06-01")
PAST = pd.Timestamp("2017-06-30")
BASE_AREAS = ("1490R001", "1490R003", "1490R017", "1490R018", "1490R038")
HIDDEN = (SMALL, SECONDARY, BY_SOURCE)
UNSHOWN = ["value", "low", "high", "estimated_share"]


@pytest.fixture(scope="module")
def found(facts):
    """The Situation of every network, layer and the city, and of some base areas."""
    ids = (*facts.register.networks.index, *LAYERS, CITY_ID, *BASE_AREAS)
    return {str(area_id): situation(str(area_id), facts, DAY) for area_id in ids}


@pytest.fixture(scope="module")
def networks(facts, found):
    return [found[str(i)] for i in facts.register.networks.index]


def hidden(view):
    """Return a view in which everything is hidden."""
    gone = dict.fromkeys([*UNSHOWN, "n"], float("nan"))
    gone |= {"status": SMALL, "against": intervals.UNKNOWN}
    tables = {name: table.assign(**gone) for name, table in view.tables.items()}
    return replace(view, tables=tables, reference={})


def other(facts, **parts):
    """Return the facts with some parts other; what was reckoned of the rest is not again."""
    made = replace(facts, **parts)
    kept = {"overlap": facts.overlap}
    kept |= {} if "views" in parts else {"ranked": facts.ranked}
    kept |= {} if "field" in parts else {"_noted": facts._noted}
    vars(made).update(kept)
    return made


def working(facts, **parts):
    """Return the facts with other meetings, decisions, plans or pictures."""
    return other(facts, work=replace(facts.work, **parts))


def without_statistics(facts):
    return other(facts, views={}, breaks={})


def all_hidden(facts):
    views = {name: [hidden(view) for view in views] for name, views in facts.views.items()}
    return other(facts, views=views)


def without_meetings(facts):
    return working(facts, meetings=facts.work.meetings.iloc[:0])


def without_findings(facts):
    field = facts.field
    names = ("walks", "findings", "walks_in_networks", "walks_in_base_areas")
    empty = {n: getattr(field, n).iloc[:0] for n in (*names, "in_networks", "in_base_areas")}
    return other(facts, field=replace(field, **empty, is_demo=False))


def without_anything(facts):
    return without_findings(without_meetings(without_statistics(facts)))


def kinds_of(known):
    return {one.kind for one in known.unknown}


def key_of(area_id):
    return TOTAL if area_id == CITY_ID else area_id


def test_every_place_has_its_name_its_ground_and_its_day(facts, found):
    for area_id, known in found.items():
        assert (known.area_id, known.as_of) == (area_id, DAY)
        assert known.name
        assert len(known.who.base_areas) > 0
        assert known.who.area_km2 > 0
        assert known.indicators.index.tolist() == facts.register.indicators.index.tolist()
        assert (known.part.is_empty, known.picture_id, known.is_signed) == (True, "", False)
    names = [known.name for known in found.values()]
    assert len(set(names)) == len(names)


def test_every_value_is_that_of_the_newest_view_and_nan_where_it_is_not_shown(facts, found):
    n_shown, n_hidden = 0, 0
    for area_id, known in found.items():
        for name, row in known.indicators.iterrows():
            table = facts.views[name][0].tables.get(WHOLE)
            if table is None or key_of(area_id) not in table.index:
                assert row["status"] == MISSING or area_id == CITY_ID
                continue
            own = table.loc[key_of(area_id)]
            is_official = area_id == CITY_ID and own["status"] == MISSING
            if row["status"] != OK:
                assert row[UNSHOWN].isna().all()
                n_hidden += row["status"] in HIDDEN
            elif is_official:
                assert row["value"] == facts.views[name][0].reference["1490"]
            else:
                assert own["status"] == OK
                assert row[["value", "low", "high"]].equals(own[["value", "low", "high"]])
                n_shown += 1
            assert is_official or row["status"] == own["status"]
            assert row["period"] == facts.views[name][0].period
    assert n_shown > 400
    assert n_hidden > 0


def test_the_city_stands_beside_and_is_the_same_for_all(facts, found):
    for name, views in facts.views.items():
        table = views[0].tables.get(WHOLE)
        if table is None:
            continue
        city = table.loc[TOTAL]
        for known in found.values():
            beside = known.indicators.at[name, "city"]
            assert (beside == city["value"]) if city["status"] == OK else pd.isna(beside)


def test_a_standing_is_what_the_two_intervals_say(found):
    seen = set()
    for known in found.values():
        city = found[CITY_ID].indicators
        for name, row in known.indicators[known.indicators["use"] == "ranked"].iterrows():
            other = city.loc[name]
            ends = [row["low"], row["high"], other["low"], other["high"]]
            if np.isnan(ends).any():
                expected = {"unknown"}
            elif row["low"] <= other["high"] and row["high"] >= other["low"] and len(set(ends)) > 1:
                is_point = row["low"] == row["high"] and other["low"] == other["high"]
                expected = {"same" if is_point else "unsure"}
            else:
                gap = row["value"] - other["value"]
                expected = {"same" if abs(gap) < 0.01 else "better" if gap > 0 else "worse"}
            assert row["direction"] == "high"
            assert {row["standing"]} == expected
            seen |= expected
    assert seen == {"worse", "better", "same", "unsure", "unknown"}


def test_counts_and_background_are_never_judged(found):
    for known in found.values():
        background = known.indicators[known.indicators["use"] != "ranked"]
        assert set(background["standing"]) == {"unknown"}
        assert not {one.indicator_id for one in known.standouts} & set(background.index)


def test_what_was_before_is_shown_and_moved_only_outside_both_intervals(facts, found):
    n_before = 0
    for area_id, known in found.items():
        for name, row in known.indicators.iterrows():
            views = facts.views[name]
            if pd.isna(row["before"]):
                assert row["moved"] == ""
                continue
            n_before += 1
            before = views[1].tables[WHOLE].loc[key_of(area_id)]
            assert (row["before"], row["before_period"]) == (before["value"], views[1].period)
            assert before["status"] == OK
            assert views[0].period not in facts.breaks[name]
            if row["moved"] == "up":
                assert row["low"] > before["high"]
            if row["moved"] == "down":
                assert row["high"] < before["low"]
            if row["moved"] == "" and row["status"] == OK:
                assert not (row["low"] > before["high"] or row["high"] < before["low"])
    assert n_before > 100


def naive_felt(known):
    felt, noted = known.indicators.loc["trygghet"], known.noted.figures
    gap = -abs(felt["value"] - felt["city"])
    if felt["standing"] == "worse" and noted["state"] == "not_walked":
        return [(0, gap, "trygghet", "felt", "unseen")]
    if felt["standing"] == "worse" and noted["n_open"] > 0:
        return [(0, gap, "trygghet", "felt", "seen")]
    if felt["standing"] != "worse" and noted["n_open"] >= 5:
        return [(1, gap, "trygghet", "felt", "unfelt")]
    return []


def naive_change(row, is_city):
    """Say how far a place went, how far beyond the city, and how good and sure that is."""
    if row["trend"] in (trend.RISING, trend.FALLING):
        ways = (row["trend"], row["city_trend"])
        own, city = ((row["n_periods"] - 1) * row[f"{of}per_period"] for of in ("", "city_"))
    elif row["moved"]:
        ways = (row["moved"], row["city_moved"])
        own, city = row["value"] - row["before"], row["city"] - row["city_before"]
    else:
        return None
    beyond = abs(own) if is_city or ways[0] != ways[1] else abs(abs(own) - abs(city))
    word = "better" if ways[0] in (trend.RISING, "up") else "worse"
    is_likely = row["trend"] == ways[0] and row["certainty"] < 0.95
    return abs(own), beyond, word, int(is_likely)


def naive_parts(known, name, row):
    """Say what makes a statement of an indicator, and what only stands beside."""
    heads, shared = [], []
    if row["standing"] in ("worse", "better"):
        heads.append((0, -abs(row["value"] - row["city"]), name, "city", row["standing"]))
    change = naive_change(row, known.area_id == CITY_ID)
    if change is not None and max(change[:2]) >= 0.02:
        _, beyond, word, is_likely = change
        told = heads if beyond >= 0.02 else shared
        told.append((is_likely, -beyond, name, "before", word))
    return heads + (naive_felt(known) if name == "trygghet" else []), shared


def naive_standouts(known):
    """Say what stands out once more, straight from the table: every part, then by indicator."""
    said = []
    for name, row in known.indicators.iterrows():
        if (row["use"], row["measure"], row["status"]) == ("ranked", "share", OK):
            heads, shared = naive_parts(known, name, row)
            said += [sorted(heads) + shared] if heads else []
    told = [[(name, kind, word) for _, _, name, kind, word in parts] for parts in sorted(said)]
    last = [parts for parts in told[7:] if "felt" in [kind for _, kind, _ in parts]]
    return told[: 7 - len(last)] + last


def test_what_stands_out_is_recomputed_and_at_most_seven(found):
    for known in found.values():
        parts = [(one, *one.beside) for one in known.standouts]
        said = [[(p.indicator_id, p.kind, p.standing) for p in of_one] for of_one in parts]
        assert len(said) <= MOST == 7
        assert said == naive_standouts(known)
        keys = [(one.certainty < 0.95, -one.beyond) for one in known.standouts]
        assert keys == sorted(keys)
        assert all(0.8 <= one.certainty <= 1 for one in known.standouts)


def test_an_indicator_is_told_once_and_no_change_smaller_than_two_points(found):
    n_joined = n_shared = 0
    for known in found.values():
        ids = [one.indicator_id for one in known.standouts]
        assert len(set(ids)) == len(ids)
        parts = [part for one in known.standouts for part in one.parts if part.kind != "felt"]
        for part in parts:
            assert max(part.size, part.beyond) >= (LEAST if part.kind == "before" else 0.01) - 1e-9
        assert all(part.size == part.beyond for part in parts if part.kind == "city")
        for one in known.standouts:
            assert one.kind != "before" or one.beyond >= LEAST - 1e-9
            assert not [part for part in one.parts[:-1] if part.is_shared]
            n_joined += len(one.beside)
            n_shared += one.parts[-1].is_shared
    assert LEAST == 0.02
    assert min(n_joined, 2 * n_shared) > 20


def changed(**cells):
    """Return a figure that fell by 14.4 points in ten years, as the city's did by 16.2."""
    row = {"use": "ranked", "measure": "share", "level": "base_area", "status": OK}
    row |= {"direction": "high", "standing": "unsure", "value": 0.51, "city": 0.49}
    row |= {"trend": "falling", "certainty": 0.99, "per_period": -0.016, "n_periods": 10}
    row |= {"city_trend": "falling", "city_per_period": -0.018, "moved": "", "city_moved": ""}
    return row | {"before": 0.44, "city_before": 0.46} | cells


ONCE = {"trend": "no clear direction", "certainty": 0.5, "moved": "up"}
NAN = float("nan")


@pytest.mark.parametrize(
    ("cells", "sizes"),
    [
        ({}, []),
        ({"city_per_period": -0.005}, [(0.144, 0.099)]),
        ({"city_per_period": -0.03}, [(0.144, 0.126)]),
        ({"city_trend": "rising", "city_per_period": 0.018}, [(0.144, 0.144)]),
        ({"city_trend": "no clear direction"}, [(0.144, 0.144)]),
        ({"city_trend": "too short", "city_per_period": NAN}, [(0.144, 0.144)]),
        ({"city_per_period": NAN}, [(0.144, 0.144)]),
        ({"per_period": -0.001, "city_trend": "no clear direction"}, []),
        (ONCE, [(0.07, 0.07)]),
        (ONCE | {"city_moved": "up"}, [(0.07, 0.04)]),
        (ONCE | {"city_moved": "up", "city_before": 0.41}, []),
        (ONCE | {"city_moved": "down", "city_before": 0.55}, [(0.07, 0.07)]),
        (ONCE | {"city_before": NAN}, [(0.07, 0.07)]),
    ],
)
def test_a_change_counts_by_how_far_it_goes_beyond_that_of_the_city(cells, sizes):
    told = standouts(pd.DataFrame([changed(**cells)], index=["sysselsatta"]), None)
    assert [(one.size, one.beyond) for one in told] == [pytest.approx(pair) for pair in sizes]


def test_the_city_itself_is_not_held_against_the_city():
    official = changed(level="municipality", use="context")
    table = pd.DataFrame([changed(), official], index=["sysselsatta", "trygg_utomhus"])
    (told,) = standouts(table, None)
    assert (told.kind, told.size) == ("before", pytest.approx(0.144))
    assert standouts(table.assign(status=[OK, MISSING]), None) == ()


def test_the_order_is_by_how_far_beyond_the_city():
    rows = [changed(city_per_period=-0.012), changed(per_period=-0.008, city_trend="rising")]
    told = standouts(pd.DataFrame(rows, index=["shared_mostly", "own"]), None)
    assert [one.indicator_id for one in told] == ["own", "shared_mostly"]
    assert told[0].size < told[1].size


def test_a_change_that_the_city_shares_stands_last_and_only_beside_something():
    worse = pd.DataFrame([changed(standing="worse", city=0.6)], index=["trygghet"])
    noted = pd.Series({"state": "walked_noted", "n_open": 9.0})
    (told,) = standouts(worse, noted)
    assert [part.kind for part in told.parts] == ["city", "felt", "before"]
    (told,) = standouts(pd.DataFrame([changed()], index=["trygghet"]), noted)
    assert [part.kind for part in told.parts] == ["felt", "before"]
    assert (told.kind, told.certainty) == ("felt", 0.8)


def test_what_is_felt_has_a_place_whenever_it_can_be_said(networks):
    told = 0
    for known in networks:
        has = any(part.kind == "felt" for one in known.standouts for part in one.parts)
        row, n_open = known.indicators.loc["trygghet"], known.noted.figures["n_open"]
        assert has == (row["status"] == OK and row["standing"] != "worse" and n_open >= 5)
        told += has
    assert told == 19  # all but Brämhult, where nobody has walked


def test_the_city_moved_over_the_same_periods(facts, found):
    n_trends = n_moved = 0
    for area_id, known in found.items():
        for name, row in known.indicators.iterrows():
            views = facts.views.get(name, ())
            if row["trend"] in (trend.RISING, trend.FALLING) and row["status"] == OK:
                city = welfare.history(views, WHOLE)[TOTAL].loc[row["first_period"] : row["period"]]
                own = welfare.history(views, WHOLE)[key_of(area_id)].loc[city.index]
                naive = trend.trend(city[own.notna()])
                assert (row["city_trend"], row["n_periods"]) == (naive.direction, own.count())
                assert row["city_per_period"] == pytest.approx(naive.per_period, nan_ok=True)
                n_trends += 1
            if row["moved"]:
                before = views[1].tables[WHOLE].loc[TOTAL]
                assert row["city_before"] == pytest.approx(before["value"], nan_ok=True)
                n_moved += 1
    assert min(n_trends, n_moved) > 20


@pytest.mark.parametrize(
    ("standing", "state", "n_open", "said"),
    [
        ("worse", "not_walked", float("nan"), ["unseen"]),
        ("worse", "walked_noted", 1.0, ["seen"]),
        ("worse", "walked_nothing_noted", 0.0, []),
        ("worse", "walked_findings_unknown", float("nan"), []),
        ("unsure", "walked_noted", 5.0, ["unfelt"]),
        ("unsure", "walked_noted", 4.0, []),
        ("same", "not_walked", float("nan"), []),
    ],
)
def test_what_is_felt_is_held_against_what_was_seen(found, standing, state, n_open, said):
    table = (
        found["on-norrby"]
        .indicators.loc[["trygghet"]]
        .assign(standing=standing, trend=trend.LEVEL, moved="")
    )
    noted = pd.Series({"state": state, "n_open": n_open})
    parts = [part for one in standouts(table, noted) for part in one.parts]
    assert [part.standing for part in parts if part.kind == "felt"] == said
    nowhere = table.assign(city=float("nan"), standing="unknown")
    assert standouts(nowhere, pd.Series({"state": "walked_noted", "n_open": 9.0})) == ()


def test_nothing_hidden_is_in_the_snapshot(found):
    n_hidden = 0
    for known in found.values():
        kept = json.loads(snapshot(known))
        shown = known.indicators[known.indicators["status"] == OK]
        assert set(kept["indicators"]) == set(shown.index)
        for name, numbers in kept["indicators"].items():
            assert numbers["value"] == shown.at[name, "value"]
            assert numbers["period"] == shown.at[name, "period"]
        assert (kept["area_id"], kept["as_of"]) == (known.area_id, "2026-06-01")
        assert kept["verdict"] == ("" if known.place is None else known.place.verdict)
        assert "NaN" not in snapshot(known)
        n_hidden += len(known.indicators) - len(shown)
    assert n_hidden > 0


def test_the_findings_of_a_network_are_those_that_lie_in_it(facts, networks):
    field = facts.field
    for known in networks:
        pairs = field.in_networks[field.in_networks["area_id"] == known.area_id]
        assert set(known.noted.findings.index) == set(pairs["finding_id"])
        outline = facts.register.areas.geometry[known.area_id]
        points = field.findings[~field.findings.geometry.isna()]
        inside = {i for i, point in points.geometry.items() if outline.intersects(point)}
        assert inside <= set(known.noted.findings.index)
        figures, own = known.noted.figures, known.noted.findings
        if figures["state"] == "not_walked":
            assert len(own) == 0
            assert pd.isna(figures["n_findings"])
        else:
            n_open = sum(
                row["kind"] == "brist" and row["status"] in chain.OPEN for _, row in own.iterrows()
            )
            assert (figures["n_findings"], figures["n_open"]) == (len(own), n_open)
            assert len(known.noted.waiting) == n_open
        assert known.noted.walks["date"].is_monotonic_decreasing


def test_layers_and_the_city_count_each_finding_and_each_walk_once(facts, found, networks):
    city, field = found[CITY_ID].noted, facts.field
    assert set(city.findings.index) == set(field.findings.index)
    assert (
        city.figures["n_findings"]
        == len(field.findings)
        < sum(len(known.noted.findings) for known in networks)
    )
    assert city.figures["n_walks"] == len(city.walks) == (field.walks["same_as"] == "").sum()
    for layer in LAYERS:
        own = [known for known in networks if known.area_id in facts.register.ids_of(layer)]
        ids = set().union(*(known.noted.findings.index for known in own))
        walks = set().union(*(known.noted.walks.index for known in own))
        assert set(found[layer].noted.findings.index) == ids
        assert found[layer].noted.figures["n_findings"] == len(ids)
        assert found[layer].noted.figures["n_walks"] == len(walks)


def test_on_norrby_is_the_whole_of_bu_norrby(found):
    for one, other in (("on-norrby", "bu-norrby"), ("bu-norrby", "on-norrby")):
        overlaps = found[one].who.overlaps
        assert overlaps.index.tolist() == [other]
        assert overlaps.at[other, "own_share"] == pytest.approx(1.0)
        assert overlaps.at[other, "area_km2"] == pytest.approx(found[one].who.area_km2)


def test_overlaps_and_neighbours_are_symmetric(networks):
    by_id = {known.area_id: known.who for known in networks}
    for area_id, who in by_id.items():
        for other in who.overlaps.index:
            assert area_id in by_id[other].overlaps.index
        for other in who.neighbours:
            assert area_id in by_id[other].neighbours
            assert other.split("-")[0] == area_id.split("-")[0]
        assert (who.overlaps["own_share"] > 0).all()
        assert (who.overlaps["own_share"] <= 1 + 1e-9).all()


def test_a_base_area_that_is_whole_in_a_layer_is_not_split_there(found):
    shares = {layer: found[layer].who.base_areas for layer in LAYERS}
    # 1490R018 is half bu-boda's, half bu-daltorp's; 1490R003 is 0.26 and 0.74.
    for base_area_id in ("1490R018", "1490R003", "1490R038"):
        assert shares["barn_unga"].loc[base_area_id, "extent"] == "whole"
    assert shares["omrade"].loc["1490R018", ["extent", "share"]].tolist() == ["whole", 1.0]
    # Only on-trandared has a part of 1490R003, only on-kristineberg of 1490R038.
    assert shares["omrade"].loc["1490R003", ["extent", "share"]].tolist() == ["part", 0.74]
    assert shares["omrade"].loc["1490R038", ["extent", "share"]].tolist() == ["part", 0.5]
    assert knowledge.SPLIT not in kinds_of(found["barn_unga"])
    assert knowledge.SPLIT in kinds_of(found["omrade"])
    assert knowledge.SPLIT in kinds_of(found["bu-boda"])


def test_the_pace_is_that_of_the_meetings_until_the_day(facts, networks):
    work = facts.work
    been = work.meetings[work.meetings["date"] <= DAY]
    every = meetings.cadence(been, work.guidelines, work.networks, 2017)
    for known in networks:
        own = every[every.index.get_level_values("network_id") == known.area_id]
        year = known.deeds.year
        assert year == 2017
        pd.testing.assert_frame_equal(known.deeds.cadence, own)
        held = been[been["network_id"] == known.area_id]
        assert known.deeds.held.index.tolist() == held.index.tolist()


def test_the_place_in_the_ranking_is_that_of_the_facts(facts, found):
    verdicts = set()
    for area_id, known in found.items():
        if area_id in (*LAYERS, CITY_ID):
            assert known.place is None
            continue
        ranked = facts.ranked[facts.among(area_id)]
        assert known.place.verdict == ranked.table.at[area_id, "verdict"]
        assert known.place.row.equals(ranked.table.loc[area_id])
        assert known.place.n_areas == ranked.table["rank"].notna().sum()
        assert len(known.place.drivers) == (0 if known.place.verdict == NO_VERDICT else 3)
        verdicts.add(known.place.verdict)
    assert len(verdicts) > 1


def test_what_is_later_than_the_day_is_left_out(facts):
    for area_id in ("on-norrby", "omrade", CITY_ID, "1490R017"):
        known = situation(area_id, facts, PAST)
        figures = known.noted.figures
        assert len(known.noted.findings) == len(known.noted.waiting) == 0
        assert not figures["n_findings"] > 0
        assert (known.noted.walks["date"] <= PAST).all()
        assert figures["n_walks"] <= len(known.noted.walks)
        assert not figures["oldest_open_days"] >= 0
        assert (known.deeds.held["date"] <= PAST).all()
        assert known.deeds.meetings["has_been"].tolist() == [
            day <= PAST for day in known.deeds.meetings["date"]
        ]
        assert known.since.day < PAST
        until = known.sources.set_index("what")["period"].drop("indicators")
        assert all(text <= "–2017-06-30" for text in until)
        assert PAST < known.deeds.next_meeting <= PAST + pd.DateOffset(months=12)
        assert (known.deeds.activity_days["date"].astype(str) <= "2017-06-30").all()
        ht = known.deeds.cadence.xs("HT", level="term")
        assert (ht["n_meetings"] == 0).all()
    early = situation("on-norrby", facts, pd.Timestamp("2016-03-01"))
    assert early.noted.figures["state"] == "not_walked"
    assert knowledge.UNWALKED in kinds_of(early)


def test_a_day_in_the_past_leaves_the_facts_as_they_were(facts, found):
    situation("on-norrby", facts, PAST)
    again = situation("on-norrby", facts, DAY)
    assert again.noted.figures.equals(found["on-norrby"].noted.figures)


@pytest.mark.parametrize("area_id", ["", "Norrby", "on-finns-inte", "1490R999", "total", "alla"])
def test_an_unknown_place_is_told(facts, area_id):
    with pytest.raises(GeoError, match=r"^Området .* finns inte\. Skriv ett nätverk \(bu-boda\)"):
        situation(area_id, facts, DAY)


def test_a_resting_network_has_a_situation_like_any_other(found):
    resting = found["on-trandared"]
    assert resting.who.is_resting
    assert [i for i, known in found.items() if known.who.is_resting] == ["on-trandared"]
    assert resting.functions == found["on-norrby"].functions
    assert len(resting.standouts) > 0


def test_what_is_not_known_stands_in_order(found):
    for known in found.values():
        order = [one.kind for one in known.unknown]
        assert order[-4:] == list(knowledge.ALWAYS)
        assert {"no_plan", "no_present", "no_judgement"} <= set(order)
        made_up = known.indicators["is_demo"] & (known.indicators["status"] == OK)
        names = {one.kind: one.names for one in known.unknown}
        assert names["made_up"] == tuple(known.indicators.loc[made_up, "name"])
        is_hidden = known.indicators["status"].isin(HIDDEN)
        assert names.get("hidden", ()) == tuple(known.indicators.loc[is_hidden, "name"])
    assert knowledge.COARSE not in kinds_of(found[CITY_ID])
    assert knowledge.COARSE in kinds_of(found["on-norrby"])
    assert knowledge.UNWALKED in kinds_of(found["on-bramhult"])
    assert knowledge.HIDDEN in kinds_of(found["on-sjobo"])


@pytest.mark.parametrize(
    ("bare", "told", "not_told"),
    [
        (without_statistics, {"no_value"}, {"made_up", "hidden"}),
        (all_hidden, {"hidden"}, {"made_up"}),
        (without_meetings, {"no_meetings", "no_present", "made_up"}, set()),
        (without_findings, {"unwalked", "made_up"}, {"untold"}),
        (without_anything, {"no_value", "no_meetings", "unwalked"}, {"made_up", "hidden"}),
    ],
)
def test_a_bare_place_has_a_situation_that_says_what_is_lacking(facts, bare, told, not_told):
    made = bare(facts)
    for area_id in ("on-norrby", "or-fristad", "omrade", CITY_ID, "1490R017"):
        known = situation(area_id, made, DAY)
        assert told <= kinds_of(known)
        assert not not_told & kinds_of(known)
        if bare in (without_statistics, all_hidden, without_anything):
            numbers = known.indicators[["value", "low", "high", "city", "before"]]
            assert numbers.isna().all(axis=None)
            assert json.loads(snapshot(known))["indicators"] == {}
            assert (known.place, known.standouts) == (None, ())
            assert "indicators" not in known.demo
        if bare in (without_meetings, without_anything):
            assert (known.since.how, known.deeds.held.empty) == (NEVER, True)
            assert pd.isna(known.deeds.next_meeting)
        if bare in (without_findings, without_anything):
            assert not known.noted.figures["n_findings"] > 0
            assert "findings" not in known.demo
            assert not {"walks", "findings"} & set(known.sources["what"])


def test_the_demo_mark_is_of_what_is_made_up(found):
    assert found["on-norrby"].demo == ("indicators", "findings")
    assert found["on-bramhult"].demo == ("indicators",)  # nobody has walked there
    for known in found.values():
        is_made_up = known.sources.set_index("what").loc["indicators", "is_demo"]
        assert bool(is_made_up) == ("indicators" in known.demo)


def signed_row(known, numbers, **cells_):
    row = {"picture_id": "d1", "network_id": known.area_id, "day": pd.Timestamp("2026-02-01")}
    row |= cells(Judgement(joint="Då")) | {"signed_date": pd.Timestamp("2026-02-02")}
    return row | {"snapshot": numbers, "signed_id": 1} | cells_


def with_signed(facts, *rows):
    return working(facts, signed=pd.DataFrame(rows))


def test_the_figures_that_changed_are_those_that_differ(facts, found):
    known = found["on-norrby"]
    then = json.loads(snapshot(known))
    assert {"trygghet", "inflytande", "sysselsatta", "framtidstro"} <= set(then["indicators"])
    then["indicators"]["trygghet"]["value"] -= 0.05
    then["indicators"]["inflytande"]["period"] = "2022"
    then["indicators"]["sysselsatta"]["value"] += 1e-12
    del then["indicators"]["framtidstro"]
    then["indicators"]["finns_inte"] = {"period": "2024", "value": 0.5, "low": None, "high": None}
    then["verdict"] = "inte"
    changed = with_signed(facts, signed_row(known, json.dumps(then)))
    past = situation("on-norrby", changed, DAY).since
    assert (past.how, past.day, past.rank_then) == (SIGNED, pd.Timestamp("2026-02-02"), "inte")
    assert past.figures["indicator_id"].tolist() == ["inflytande", "trygghet"]
    row = past.figures.set_index("indicator_id").loc["trygghet"]
    now = known.indicators.loc["trygghet"]
    assert row["then"] == pytest.approx(now["value"] - 0.05)
    assert (row["now"], row["now_period"]) == (now["value"], now["period"])
    assert past.figures.set_index("indicator_id").at["inflytande", "then_period"] == "2022"
    same = with_signed(facts, signed_row(known, snapshot(known)))
    assert situation("on-norrby", same, DAY).since.figures.empty


def test_what_was_shown_then_and_is_hidden_now_is_not_compared(facts, found):
    known = found["on-norrby"]
    gone = with_signed(all_hidden(facts), signed_row(known, snapshot(known)))
    assert situation("on-norrby", gone, DAY).since.figures.empty


def test_only_the_networks_own_and_the_last_one_by_the_day_is_compared_with(facts, found):
    known = found["on-norrby"]
    early = {"signed_date": pd.Timestamp("2025-01-01"), "picture_id": "d0"}
    late = {"signed_date": pd.Timestamp("2026-09-01"), "picture_id": "d2"}
    rows = [signed_row(known, "", **one) for one in (early, {}, late)]
    several = with_signed(facts, *rows)
    assert situation("on-norrby", several, DAY).since.day == pd.Timestamp("2026-02-02")
    assert situation("on-norrby", several, pd.Timestamp("2025-03-01")).since.day.year == 2025
    assert situation("on-norrby", several, pd.Timestamp("2024-03-01")).since.how == MEETING
    for area_id in ("bu-norrby", "omrade", CITY_ID, "1490R017"):
        assert situation(area_id, several, DAY).since.how == MEETING


def decided(*rows):
    columns = [column.name for column in kinds.DECISIONS.columns]
    made = [
        decision(f"b{n}", **{"network_id": "on-norrby", "status": "decided"} | row)
        for n, row in enumerate(rows)
    ]
    days = {c.name: "datetime64[ns]" for c in kinds.DECISIONS.columns if c.type == "date"}
    return pd.DataFrame(made, columns=columns).astype(days).set_index("decision_id")


def on(text):
    return pd.Timestamp(text)


def test_decisions_since_the_last_meeting_are_counted(facts):
    # The meeting before is that of 2017-12-04; the day is 2018-06-01.
    made = decided(
        {"decided_date": on("2017-11-01"), "due_date": on("2018-01-31")},  # b0: late, not new
        {  # b1: done since, decided before
            **{"decided_date": on("2017-10-03"), "due_date": on("2018-01-31")},
            **{"status": "done", "done_date": on("2018-01-15")},
        },
        {"decided_date": on("2017-12-04"), "due_date": on("2018-06-01")},  # b2: new; due today
        {"decided_date": on("2018-06-02"), "due_date": on("2018-07-01")},  # b3: not decided yet
        {  # b4: done before the meeting
            **{"decided_date": on("2017-10-03"), "due_date": on("2017-11-01")},
            **{"status": "done", "done_date": on("2017-11-15")},
        },
        {"decided_date": on("2018-01-01"), "due_date": pd.NaT, "network_id": "bu-norrby"},
        {  # b6: done after the day, as it stands now
            **{"decided_date": on("2017-10-03"), "due_date": on("2018-01-01")},
            **{"status": "done", "done_date": on("2018-08-01")},
        },
    )
    own = working(facts, decisions=made)
    known = situation("on-norrby", own, on("2018-06-01"))
    past = known.since
    assert (past.how, past.day) == (MEETING, on("2017-12-04"))
    assert past.decided.index.tolist() == ["b2"]
    assert past.done.index.tolist() == ["b1"]
    assert past.late.index.tolist() == ["b0"]
    assert known.deeds.decisions.index.tolist() == ["b0", "b1", "b2", "b4", "b6"]
    assert known.deeds.priorities.loc["3", ["n_open", "n_done", "n_late"]].tolist() == [2, 3, 3]
    assert situation("bu-norrby", own, on("2018-06-01")).since.decided.index.tolist() == ["b5"]
    # A base area has the decisions of every network that covers it, a layer those of its own.
    assert set(situation("omrade", own, on("2018-06-01")).since.decided.index) == {"b2"}
    norrby = known.who.base_areas.index[0]
    assert set(situation(norrby, own, on("2018-06-01")).deeds.decisions.index) >= {"b0", "b5"}


def test_decisions_of_the_day_it_was_closed_count_when_it_did_not_have_them(facts, found):
    closed, before = on("2026-02-02"), on("2026-01-10")
    done = {"decided_date": before, "status": "done", "done_date": closed}
    made = decided({"decided_date": closed}, {"decided_date": closed}, done, done)
    then = json.loads(snapshot(found["on-norrby"]))
    assert then["decisions"] == {}
    told = {"decisions": {"b0": "decided", "b2": "started", "b3": "done"}}

    def since(numbers):
        signed = pd.DataFrame([signed_row(found["on-norrby"], json.dumps(numbers))])
        past = situation("on-norrby", working(facts, decisions=made, signed=signed), DAY).since
        return past.decided.index.tolist(), past.done.index.tolist()

    assert since(then | told) == (["b1"], ["b2"])
    del then["decisions"]  # closed before this was kept
    assert since(then) == ([], [])


def test_a_dropped_decision_is_no_priority_with_an_action(facts):
    made = decided({"decided_date": on("2018-01-01"), "status": "dropped", "outcome": "Nej"})
    own = working(facts, decisions=made)
    known = situation("on-norrby", own, DAY)
    assert known.deeds.decisions.empty
    assert (known.deeds.priorities[["n_open", "n_done", "n_late"]] == 0).all(axis=None)
    assert decisions.DROPPED in made["status"].tolist()


def test_findings_since_are_those_noted_and_closed_since(facts, found):
    past, own = found["on-norrby"].since, found["on-norrby"].noted.findings
    assert past.day == on("2017-12-04")
    assert set(past.found.index) == {
        i for i, row in own.iterrows() if row["observed_date"] >= past.day
    }
    shut = own[(own["kind"] == "brist") & own["status"].isin(["done", "verified", "declined"])]
    days = {
        i: row["answered_date"] if row["status"] == "declined" else row["done_date"]
        for i, row in shut.iterrows()
    }
    assert set(past.closed.index) == {i for i, day in days.items() if past.day <= day <= DAY}
    assert 0 < len(past.closed) < len(own)


def closed_and_decided(facts, known, *more, drafts=None):
    """Return facts with a lägesbild closed 2026-02-02, and decisions of that day and the next."""
    made = decided(
        {"decided_date": on("2026-02-02"), "due_date": on("2026-12-31")},
        {"decided_date": on("2026-02-03"), "due_date": on("2026-12-31")},
    )
    parts = {"decisions": made} | ({} if drafts is None else {"pictures": drafts})
    return working(facts, signed=pd.DataFrame([signed_row(known, "{}"), *more]), **parts)


def test_the_day_of_a_closed_one_is_not_counted_again_and_that_of_a_meeting_is(facts, found):
    known = found["on-norrby"]
    past = situation("on-norrby", closed_and_decided(facts, known), DAY).since
    assert (past.how, past.decided.index.tolist()) == (SIGNED, ["b1"])
    finding = known.noted.findings.iloc[[0]]
    for day, n in (("2026-02-02", 0), ("2026-02-03", 1)):
        seen = finding.assign(observed_date=on(day), done_date=pd.NaT, answered_date=pd.NaT)
        own = closed_and_decided(facts, known)
        assert len(since(known.who, own, DAY, known.indicators, seen).found) == n
    bare = working(facts, decisions=decided({"decided_date": on("2017-12-04")}))
    past = situation("on-norrby", bare, DAY).since
    assert (past.how, past.decided.index.tolist()) == (MEETING, ["b0"])


def test_only_what_is_shown_is_not_compared_with_itself(facts, found):
    known, day = found["on-norrby"], on("2026-02-02")
    own = closed_and_decided(facts, known)
    shown = situation("on-norrby", own, day)
    assert (shown.is_signed_today, shown.since.how) == (True, MEETING)
    later = situation("on-norrby", own, on("2026-02-03"))
    assert (later.is_signed_today, later.since.how) == (False, SIGNED)
    drafts = pictures(("d2", "2026-02-02", "Nu"))
    own = closed_and_decided(facts, known, drafts=drafts)
    anew = situation("on-norrby", own, day)  # a new draft on the day of the closing
    assert (anew.part.joint, anew.since.how, anew.since.day) == ("Nu", SIGNED, day)
    assert anew.since.decided.empty


def test_a_meeting_more_than_a_year_ahead_is_not_the_next(facts):
    held = facts.work.meetings
    far = held[held["network_id"] == "on-norrby"].iloc[[0]].set_axis(["x"])
    for date, expected in (("2027-06-02", pd.NaT), ("2027-06-01", on("2027-06-01"))):
        own = working(facts, meetings=pd.concat([held, far.assign(date=on(date))]))
        found = situation("on-norrby", own, DAY).deeds.next_meeting
        assert pd.isna(found) if pd.isna(expected) else found == expected


def test_without_a_meeting_nothing_is_counted_since(facts):
    made = decided({"decided_date": on("2018-01-01"), "due_date": on("2018-02-01")})
    bare = without_meetings(working(facts, decisions=made))
    past = situation("on-norrby", bare, DAY).since
    assert past.how == NEVER
    assert pd.isna(past.day)
    for table in (past.decided, past.done, past.late, past.found, past.closed, past.figures):
        assert table.empty


def test_a_cancelled_meeting_is_no_meeting(facts):
    held = facts.work.meetings.copy()
    is_own = held["network_id"] == "on-norrby"
    held.loc[is_own, "status"] = kinds.CANCELLED
    known = situation("on-norrby", working(facts, meetings=held), DAY)
    assert (known.since.how, known.deeds.year) == (NEVER, DAY.year)
    assert knowledge.NO_MEETINGS in kinds_of(known)


def pictures(*rows):
    made = [
        {"picture_id": i, "network_id": "on-norrby", "day": on(day), "signed_date": pd.NaT}
        | cells(Judgement(joint=joint))
        for i, day, joint in rows
    ]
    return pd.DataFrame(made).set_index("picture_id").sort_index()


def test_the_open_draft_is_shown_before_what_is_closed(facts, found):
    closed = signed_row(found["on-norrby"], "{}", picture_id="d1")
    drafts = pictures(("d1", "2026-02-01", "Då"), ("d2", "2026-05-01", "Nu"))
    drafts.loc["d1", "signed_date"] = on("2026-02-02")
    own = working(facts, pictures=drafts, signed=pd.DataFrame([closed]))
    known = situation("on-norrby", own, DAY)
    assert (known.picture_id, known.part.joint, known.is_signed) == ("d2", "Nu", False)
    assert knowledge.NO_JUDGEMENT not in kinds_of(known)
    before = situation("on-norrby", own, on("2026-04-30"))  # the draft was not begun
    assert (before.picture_id, before.part.joint, before.is_signed) == ("d1", "Då", True)
    assert before.signed_date == on("2026-02-02")
    first = situation("on-norrby", own, on("2026-01-31"))
    assert (first.picture_id, first.part.is_empty) == ("", True)
    assert situation("bu-norrby", own, DAY).part.is_empty
    assert situation("omrade", own, DAY).part.is_empty


def test_of_two_closed_on_one_day_the_last_is_shown(facts, found):
    known, day = found["on-norrby"], pd.Timestamp("2026-02-02")
    rows = [
        signed_row(known, "{}", picture_id=i, day=day, signed_id=n, **cells(Judgement(joint=i)))
        for n, i in enumerate(("z1", "a2"))
    ]
    drafts = pictures(("a2", "2026-02-02", "a2"), ("z1", "2026-02-02", "z1")).assign(
        signed_date=day
    )
    own = working(facts, pictures=drafts, signed=pd.DataFrame(rows))
    assert situation("on-norrby", own, DAY).part.joint == "a2"


def test_a_plan_that_has_ended_is_registered(facts):
    plans = pd.DataFrame(
        {
            **{"network_id": ["on-norrby"], "valid_from": [on("2020-01-01")]},
            **{"valid_to": [on("2021-01-01")], "focus_areas": [("Ljus",)]},
        },
        index=["p1"],
    )
    known = situation("on-norrby", working(facts, plans=plans), DAY)
    assert known.deeds.plans["state"].tolist() == ["ended"]
    assert knowledge.NO_PLAN not in kinds_of(known)


def test_the_judgement_of_a_network_is_read_as_it_was_written(facts):
    part = Judgement({"Boende": "<b>#x</b>"}, "a", (Focus("Ljus", "3"),))
    drafts = pictures(("d1", "2026-05-01", "")).assign(**cells(part))
    known = situation("on-norrby", working(facts, pictures=drafts), DAY)
    assert known.part == part


def test_sources_are_those_of_the_place(facts, found):
    for known in found.values():
        table = known.sources.set_index("what")
        shown = known.indicators[known.indicators["status"] == OK]
        assert table.loc[["indicators"], "n"].sum() == len(shown)
        assert table.loc["indicators", "source"] == SYNTHETIC
        assert table.at["meetings", "n"] == len(known.deeds.held)
        if "findings" in table.index:
            assert table.at["findings", "n"] == len(known.noted.findings)
            assert table.at["walks", "n"] == len(known.noted.walks)
    assert (
        found[CITY_ID].sources.set_index("what").at["meetings", "n"] < len(facts.work.meetings) + 1
    )
