"""The lägesbild as it is read: its numbers are the Situation's, and what is not known is said."""

import re
from dataclasses import replace

import pandas as pd
import pymupdf
import pytest

from geo import kinds
from geo.judgement import Focus, Judgement
from geo.layout import BY_SOURCE, MISSING, OK, SECONDARY, SMALL
from geo.priority import ranking
from geo.report import story_pdf
from geo.report.sections import decided as deciding
from geo.report.sections import doings, ground, opening, since
from geo.report.situation_story import state, story
from geo.report.typeset import shown
from geo.report.words import number, percent
from geo.situation import CITY_ID, situation, snapshot
from geo.situation.knowledge import ALWAYS
from geo.situation.since import FIGURES
from geo.situation.standouts import BEFORE, CITY, FELT, FELT_BY, LIKELY, SURE, Standout
from geo.sources import DEMO_MARK, LAYERS
from tests.geo.store.making import decision
from tests.geo.test_situation import (
    all_hidden,
    signed_row,
    with_signed,
    without_anything,
    without_findings,
    without_meetings,
    without_statistics,
    working,
)

DAY = pd.Timestamp("2026-06-01")
RISE = Standout(BEFORE, "trygghet", "better", SURE, 0.14, 0.14)
FALL = replace(RISE, standing="worse")
ABOVE = Standout(CITY, "trygghet", "better", SURE, 0.1, 0.1)
BASE_AREAS = ("1490R001", "1490R003", "1490R017", "1490R018", "1490R038")
BARE = (without_statistics, all_hidden, without_meetings, without_findings, without_anything)
BARE_PLACES = ("on-trandared", "or-fristad", CITY_ID, "1490R001")
PAPER = ("bu-daltorp", "bu-boda", "on-norrby", "on-bramhult", "on-trandared", "or-viskafors")
SLIPPED = re.compile(r"\b(nan|NaN|None|NaT|inf|Timestamp|dtype)\b|<NA>|\{names\}|\{n_")
ODD = '#panic() *x* _y_ $ @z `r` \\ // <w:p>&amp; <script>alert("1")</script> å 😀 {names} %s'
WHY = {MISSING: "uppgift saknas", SMALL: "dolt", SECONDARY: "dolt", BY_SOURCE: "dolt i källan"}


@pytest.fixture(scope="module")
def found(facts):
    """The Situation of every network, layer and the city, and of some base areas."""
    ids = (*facts.register.networks.index, *LAYERS, CITY_ID, *BASE_AREAS)
    return {str(area_id): situation(str(area_id), facts, DAY) for area_id in ids}


@pytest.fixture(scope="module")
def told(found):
    """The Story of each."""
    return {area_id: story(known) for area_id, known in found.items()}


@pytest.fixture(scope="module")
def bare(facts):
    """Situation and Story of some places where something is lacking."""
    made = {}
    for lacking in BARE:
        other = lacking(facts)
        for area_id in BARE_PLACES:
            known = situation(area_id, other, DAY)
            made[lacking.__name__, area_id] = (known, story(known))
    return made


@pytest.fixture(scope="module")
def paper(told):
    """The PDF of five networks."""
    return {area_id: story_pdf.pdf(told[area_id]) for area_id in PAPER}


def every_text(made):
    """Give the words, and what is read by who cannot see the figures."""
    yield from made.words()
    for section in made.sections:
        yield from (picture.alt for picture in section.pictures)
        for chart in section.charts:
            yield from (chart.alt, chart.value_name, chart.against_name)
            yield from (bar.name for bar in chart.bars)


def table(made, key, caption):
    return next(one for one in made.section(key).tables if one.caption == caption)


def plain(text):
    return re.sub(r"[\s\-\u00ad\u2010\u200b\x00]", "", text)


def one(known, **other):
    return story(replace(known, **other))


def test_no_slip_of_the_machine_is_in_any_text(told, bare):
    for made in (*told.values(), *(made for _, made in bare.values())):
        assert [text for text in every_text(made) if SLIPPED.search(text)] == []
        assert [text for text in every_text(made) if text != text.strip()] == []


def test_every_section_of_a_network_stands_once_and_in_its_order(told):
    order = ["standouts", "since", "judgement", "priorities", "undecided", "place", "who", "others"]
    order += ["welfare", "indicators", "noted", "meetings", "efforts", "known"]
    for area_id, made in told.items():
        keys = [section.key for section in made.sections]
        is_network = area_id.startswith(("bu-", "on-", "or-"))
        has = {"judgement": is_network, "others": is_network or area_id.startswith("1490R")}
        assert keys == [key for key in order if has.get(key, True)]


def test_the_head_says_who_when_and_how_far(found, told):
    for area_id, made in told.items():
        assert made.title == f"Lägesbild: {found[area_id].name}"
        assert made.day == "2026-06-01"
    assert told["boras"].state == told["omrade"].state == told["1490R001"].state == "Underlag"
    assert told["on-norrby"].state.startswith("Underlag inför mötet")
    known, day = found["on-norrby"], pd.Timestamp("2026-05-03")
    assert state(replace(known, picture_id="d1")) == "Utkast, inte avslutad"
    assert state(replace(known, picture_id="d1", signed_date=day)) == "Avslutad 2026-05-03"


def test_each_indicator_is_told_with_its_own_value_or_why_there_is_none(found, told, bare):
    seen, all_of = set(), [(known, told[area_id]) for area_id, known in found.items()]
    for known, made in [*all_of, *bare.values()]:
        rows = known.indicators
        rows = rows[(rows["use"] == "ranked") & (rows["measure"] == "share")]
        shown = table(made, "indicators", "Indikatorer som jämförs")
        assert len(shown.rows) == len(rows) == 13
        parts = rows.loc[rows["status"] == OK, "estimated_share"]
        assert ("Skattat" in shown.columns) == any(percent(x) != percent(0.0) for x in parts)
        for texts, (_, row) in zip(shown.rows, rows.iterrows(), strict=True):
            cell = {"Skattat": "–"} | dict(zip(shown.columns, texts, strict=True))
            is_city = known.area_id == CITY_ID  # it is held against what it was
            cell |= {"Mot Borås": "–"} if is_city else {}
            assert cell["Indikator"].startswith(row["name"])
            if row["status"] == OK:
                assert cell["Här"] == percent(row["value"])
                assert row["period"] in cell["Indikator"]
                seen.add(OK)
            else:
                assert cell["Här"] == WHY[row["status"]]
                silent = [cell[name] for name in ("Intervall", "Mot Borås", "Skattat")]
                assert silent == ["–", "–", "–"]
                seen.add(cell["Här"])
            other = row["before" if is_city else "city"]
            assert cell["Mätningen före" if is_city else "Borås"] == (
                "–" if pd.isna(other) else percent(other)
            )
            if cell["Intervall"] != "–":
                low, high = (number(100 * row[name]) for name in ("low", "high"))
                assert cell["Intervall"] == f"{low}–{high}\u00a0%"
    assert seen == {OK, "dolt", "uppgift saknas"}


def test_the_background_is_told_alike_and_never_as_0_for_what_is_not_known(found, told, bare):
    all_of = [(known, told[area_id]) for area_id, known in found.items()]
    for known, made in [*all_of, *bare.values()]:
        by_name = known.indicators.set_index("name")
        beside = "before" if known.area_id == CITY_ID else "city"
        for name, value, other, _ in table(made, "indicators", "Bakgrund, rangordnas aldrig").rows:
            row = by_name.loc[name]
            write = percent if row["measure"] == "share" else number
            assert value == (write(row["value"]) if row["status"] == OK else WHY[row["status"]])
            assert other == ("–" if pd.isna(row[beside]) else write(row[beside]))
        cells = [
            cell for one in made.section("indicators").tables for row in one.rows for cell in row
        ]
        if known.indicators["status"].ne(OK).all():
            assert not [cell for cell in cells if "%" in cell]


def test_the_chart_holds_the_largest_differences_from_the_city(found, told):
    for area_id, made in told.items():
        if area_id == CITY_ID:
            continue
        rows = found[area_id].indicators
        rows = rows[(rows["use"] == "ranked") & (rows["status"] == OK) & rows["city"].notna()]
        gaps = {row["name"]: abs(row["value"] - row["city"]) for _, row in rows.iterrows()}
        (chart,) = made.section("welfare").charts
        names = [bar.name.removesuffix(" (osäkert)") for bar in chart.bars]
        assert names == sorted(gaps, key=gaps.get, reverse=True)[:5]
        by_name = rows.set_index("name")
        for name, bar in zip(names, chart.bars, strict=True):
            assert (bar.value, bar.against) == tuple(by_name.loc[name, ["value", "city"]])
            is_sure = by_name.at[name, "standing"] in ("worse", "better")
            assert bar.name.endswith(" (osäkert)") != is_sure
        first = chart.bars[0]
        assert f"{first.name}: {percent(first.value)} mot {percent(first.against)}." in chart.alt


def test_the_summary_counts_what_the_table_shows(found, told):
    for area_id, made in told.items():
        cells = table(made, "indicators", "Indikatorer som jämförs").rows
        n_shown = sum("%" in cell[1] for cell in cells)
        if area_id == CITY_ID:
            continue
        n_worse, n_better = (sum(c[4] == f"säkert {w}" for c in cells) for w in ("sämre", "bättre"))
        text = made.section("welfare").texts[0]
        assert text.startswith(f"Av {n_shown} värden som visas är {n_worse} säkert sämre")
        assert f"{n_better} säkert bättre" in text
        assert len(found[area_id].indicators) > n_shown


def test_the_city_is_not_held_against_itself_but_against_what_it_was(found, told):
    made, rows = told[CITY_ID], found[CITY_ID].indicators
    for one in made.section("indicators").tables:
        assert not {"Borås", "Mot Borås"} & set(one.columns)
    assert "staden" not in made.section("welfare").texts[0]
    rows = rows[(rows["use"] == "ranked") & (rows["status"] == OK)]
    cells = table(made, "indicators", "Indikatorer som jämförs").rows
    n_up, n_down = (sum(c[4] == f"{way} (säkert)" for c in cells) for way in ("stiger", "sjunker"))
    text = made.section("welfare").texts[0]
    assert text.startswith(f"Av {len(rows)} värden som visas stiger {n_up} säkert över tid och")
    assert f" {n_down} sjunker säkert;" in text
    (chart,) = made.section("welfare").charts
    assert (chart.value_name, chart.against_name) == ("Nu", "Mätningen före")
    by_name = rows.set_index("name")
    for bar in chart.bars:
        name = bar.name.removesuffix(" (osäkert)")
        assert (bar.value, bar.against) == tuple(by_name.loc[name, ["value", "before"]])
        assert bar.name.endswith(" (osäkert)") == (by_name.at[name, "moved"] == "")


def test_at_most_seven_points_stand_out_each_with_its_numbers(found, told):
    for area_id, made in told.items():
        known, section = found[area_id], made.section("standouts")
        assert len(section.points) == len(known.standouts) <= 7
        assert (section.texts == ()) == bool(section.points)
        for point, standout in zip(section.points, known.standouts, strict=True):
            row = known.indicators.loc[standout.indicator_id]
            assert point.startswith(f"{row['name']}: ")
            assert percent(row["value"]) in point
            kinds_ = [part.kind for part in standout.parts]
            for word, standing in (("sämre", "worse"), ("bättre", "better")):
                against = "city" in kinds_ and row["standing"] == standing
                assert (f"Säkert {word} än staden, " in point) == (word in point) == against
            if "city" in kinds_:
                here, city = (round(100 * row[name]) for name in ("value", "city"))
                assert f": {here}\u00a0% mot {city}\u00a0% i Borås ({row['period']}). " in point
                assert f"{abs(here - city)} procentenhet" in point
            elif area_id != CITY_ID:
                assert percent(row["city"]) in point
            if "before" in kinds_ and row["trend"] in ("rising", "falling"):
                n = row["n_periods"]
                (part,) = (part for part in standout.parts if part.kind == "before")
                assert (
                    f"{opening.points(part.size)} ({row['first_period']}–{row['period']}, " in point
                )
                assert f"{n} mätningar)" in point
                assert {"rising": "stigit", "falling": "sjunkit"}[row["trend"]] in point
                assert ("Borås har " in point or "Borås: " in point) == (area_id != CITY_ID)


def moving(**cells):
    """Return a row of an indicator that rises, as the city's does, with some other cells."""
    row = {"name": "Trygghet", "value": 0.6, "city": 0.7, "before": 0.5, "before_period": "2022"}
    row |= {"trend": "rising", "period": "2024", "first_period": "2015", "n_periods": 10}
    row |= {"per_period": 0.14 / 9, "standing": "unsure", "moved": "", "city_moved": ""}
    row |= {"city_trend": "rising", "city_per_period": 0.02, "city_before": 0.66}
    return pd.Series(row | cells).rename("trygghet")


def tell(known, *standouts, n_open=float("nan"), **cells):
    """Return the one statement that parts make of such a row."""
    noted = replace(known.noted, figures=known.noted.figures.copy())
    noted.figures["n_open"] = n_open
    table = pd.DataFrame([moving(**cells)]).assign(status="missing")
    first, *rest = standouts
    one = replace(first, beside=tuple(rest))
    about = replace(known, indicators=table, standouts=(one,), noted=noted)
    (point,) = opening.standouts(about).points
    return point.replace("\u00a0", " ")


DROP = {"trend": "falling", "per_period": -0.14 / 9, "value": 0.51, "city": 0.49}
ONCE = {"trend": "no clear direction", "moved": "up", "value": 0.79, "before": 0.75}
ONCE |= {"before_period": "2023", "city": 0.72, "city_before": 0.71}
NAN = float("nan")


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (
            {"city_trend": "falling", "city_per_period": -0.16 / 9},
            "har också sjunkit, mer (16 procentenheter).",
        ),
        (
            {"city_trend": "falling", "city_per_period": -0.03 / 9},
            "har också sjunkit, mindre (3 procentenheter).",
        ),
        (
            {"city_trend": "falling", "city_per_period": -0.144 / 9},
            "har också sjunkit, ungefär lika mycket (14 procentenheter).",
        ),
        (
            {"city_trend": "falling", "city_per_period": -0.001 / 9},
            "har också sjunkit, mindre (mindre än 1 procentenhet).",
        ),
        ({"city_per_period": 0.03 / 9}, "har stigit 3 procentenheter."),
        ({"city_per_period": 0.001 / 9}, "har stigit mindre än 1 procentenhet."),
    ],
)
def test_a_trend_has_risen_or_sunk_and_the_city_is_told_in_the_same_breath(found, cells, said):
    point = tell(found["on-norrby"], FALL, **DROP | cells)
    assert point == (
        "Trygghet: andelen har säkert sjunkit, ungefär 14 procentenheter "
        f"(2015–2024, 10 mätningar). Borås {said} Nu 51 %, i Borås 49 %."
    )


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"city_trend": "no clear direction"}, "Borås: ingen tydlig riktning."),
        ({"city_trend": "too short", "city_per_period": NAN}, "Borås: för kort serie."),
        ({"city_trend": NAN, "city_per_period": NAN}, "Borås: uppgift saknas."),
        ({"city_per_period": NAN}, "Borås: uppgift saknas."),
    ],
)
def test_a_city_without_a_direction_is_told_so_and_the_city_itself_has_none_beside(
    found, cells, said
):
    likely = replace(RISE, certainty=LIKELY)
    point = tell(found["on-norrby"], likely, **cells)
    assert point.startswith("Trygghet: andelen har troligen stigit, ungefär 14 procentenheter (")
    assert f"mätningar). {said} Nu 60 %, i Borås 70 %." in point
    alone = tell(replace(found["on-norrby"], who=found[CITY_ID].who), likely, **cells)
    assert "Borås" not in alone
    assert alone.endswith("mätningar). Nu 60 %.")
    assert tell(found["on-norrby"], likely, city=NAN, **cells).endswith(" Nu 60 %.")


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({}, "från 75 % till 79 %, säkert högre. I Borås från 71 % till 72 %."),
        ({"moved": "down", "before": 0.84}, "från 84 % till 79 %, säkert lägre. I Borås från 71 "),
        ({"city": NAN, "city_before": NAN}, "från 75 % till 79 %, säkert högre."),
        ({"before": 0.786}, "från 79 % till 79 %, säkert högre, mindre än 1 procentenhet. I Bor"),
    ],
)
def test_a_change_since_the_last_value_is_not_told_as_a_trend(found, cells, said):
    point = tell(found["on-norrby"], RISE, **ONCE | cells)
    assert f"Trygghet: sedan 2023 {said}" in point
    assert not re.search("trend|riktning|stigit|bättre|sämre", point)
    if "city" not in cells:
        both = tell(found["on-norrby"], ABOVE, RISE, **ONCE | cells)
        assert f"procentenheter. Sedan 2023: {said}" in both


def test_a_city_without_a_value_before_is_told_by_where_it_is(found):
    cells = ONCE | {"city_before": NAN}
    assert tell(found["on-norrby"], RISE, **cells).endswith("säkert högre. I Borås nu 72 %.")
    assert tell(found["on-norrby"], ABOVE, RISE, **cells).endswith("79 %, säkert högre.")
    alone = replace(found["on-norrby"], who=found[CITY_ID].who)
    assert "Borås" not in tell(alone, RISE, **ONCE)


@pytest.mark.parametrize(
    ("here", "city", "said"),
    [
        (0.47, 0.57, "47 % mot 57 % i Borås (2024). Säkert sämre än staden, 10 procentenheter."),
        (0.904, 0.815, "90 % mot 82 % i Borås (2024). Säkert bättre än staden, 8 procentenheter."),
        (0.704, 0.6996, "70 % mot 70 % i Borås (2024). Säkert bättre än staden, mindre än 1 pro"),
    ],
)
def test_the_city_stands_beside_with_the_year_and_the_difference_that_is_shown(
    found, here, city, said
):
    gap = here - city
    one = Standout(CITY, "trygghet", "better" if gap > 0 else "worse", SURE, abs(gap), abs(gap))
    point = tell(found["on-norrby"], one, value=here, city=city)
    assert point.startswith(f"Trygghet: {said}")
    both = tell(found["on-norrby"], one, RISE, value=here, city=city)
    assert both == f"{point} Andelen har säkert stigit, ungefär 14 procentenheter (2015–2024, " + (
        "10 mätningar). Borås har också stigit, mer (18 procentenheter)."
    )


FEWER = "färre känner sig trygga än i Borås (60 % mot 73 %), och"


@pytest.mark.parametrize(
    ("standing", "n_open", "cells", "text"),
    [
        ("unseen", NAN, {}, f"{FEWER} ingen har vandrat här."),
        ("seen", 1.0, {}, f"{FEWER} 1 brist från trygghetsvandringar är öppen."),
        ("seen", 14.0, {}, f"{FEWER} 14 brister från trygghetsvandringar är öppna."),
        ("unfelt", 14.0, {"value": 0.75}, "75 % känner sig trygga, ungefär som i Borås (73 %)."),
        (
            "unfelt",
            14.0,
            {"value": 0.8, "standing": "better"},
            "80 % känner sig trygga, fler än i Borås (73 %).",
        ),
        ("unfelt", 14.0, {}, "60 % känner sig trygga, inte säkert färre än i Borås (73 %)."),
        (
            "unfelt",
            14.0,
            {"value": 0.81},
            "81 % känner sig trygga, inte säkert fler än i Borås (73 %).",
        ),
    ],
)
def test_what_is_felt_and_what_was_seen_in_words(found, standing, n_open, cells, text):
    felt = Standout(FELT, FELT_BY, standing, SURE, 0.1, 0.1)
    lacking = "14 brister från trygghetsvandringar är öppna. " if standing == "unfelt" else ""
    cells = {"city": 0.73} | cells
    point = tell(found["on-norrby"], felt, n_open=n_open, **cells)
    assert point == f"Trygghet: {lacking}{text}"


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        ("unseen", "Färre känner sig trygga än i Borås, och ingen har vandrat här."),
        ("seen", "Färre känner sig trygga än i Borås, och 6 brister från trygghetsvandringar är "),
        ("unfelt", "6 brister från trygghetsvandringar är öppna."),
    ],
)
def test_the_shares_are_given_once_in_a_statement(found, standing, said):
    felt, known = Standout(FELT, FELT_BY, standing, SURE, 0.1, 0.1), found["on-norrby"]
    for before in (ABOVE, RISE):
        point = tell(known, before, felt, n_open=6.0)
        assert f". {said}" in point
        assert (point.count("60 %"), point.count("70 %")) == (1, 1)
    shared = replace(RISE, beyond=0.01)
    point = tell(known, felt, shared, n_open=6.0)
    assert point.endswith("mätningar). Borås har också stigit, mer (18 procentenheter).")
    assert (point.count("60 %"), point.count("70 %")) == (1, 1)
    alone = tell(replace(known, who=found[CITY_ID].who), replace(felt, standing="unfelt"))
    assert alone.endswith("öppna. 60 % känner sig trygga.")


def test_the_note_says_what_the_words_mean_in_two_sentences(told):
    (note,) = told["on-norrby"].section("standouts").notes
    assert len(re.findall(r"\.(?: |$)", note)) == 2
    for words in ("Högst sju visas", "säkert betyder", "troligen till minst 80 %"):
        assert words in note
    assert note.endswith("är minst 2 procentenheter och går utöver stadens.")


def test_nothing_that_stands_out_is_said_and_not_taken_for_well(bare):
    for lacking in ("without_statistics", "all_hidden", "without_anything"):
        section = bare[lacking, "on-trandared"][1].section("standouts")
        assert section.points == ()
        assert "Det betyder inte att allt är väl" in section.texts[0]


def test_findings_and_walks_are_told_with_their_counts(found, told):
    for area_id, made in told.items():
        noted, section = found[area_id].noted, made.section("noted")
        if noted.figures["state"] == "not_walked":
            assert section.texts == ("Ej vandrat.",)
            continue
        if pd.isna(noted.figures["n_findings"]):
            assert len(section.texts) == 1  # nobody knows what was found, so no number is told
            assert len(noted.findings) == 0
            continue
        n, n_open = len(noted.findings), len(noted.waiting)
        assert f"{n} fynd: {(noted.findings['kind'] == 'brist').sum()} brist" in section.texts[1]
        assert f"{n_open} brister är öppna" in section.texts[1]
        (shown,) = section.tables
        few = f"De 5 äldsta av {n_open} öppna brister, resten i Trygghetsvandringar"
        assert shown.caption == (few if n_open > 5 else "Öppna brister, äldst först")
        rows, place = shown.rows, shown.columns.index("Noterat")
        days = sorted(noted.waiting["observed_date"])[: len(rows)]
        assert [row[place] for row in rows] == [f"{day:%Y-%m-%d}" for day in days]
        assert "Var" not in shown.columns or {row[1] for row in rows} != {"–"}
        assert len(rows) == min(n_open, 5)
    n_closed = found["on-norrby"].noted.figures["share_closed"]
    texts = told["on-norrby"].section("noted").texts
    assert (
        texts[0] == "8 vandringar här, senast 2026-04-04; rutten är känd för 4 av dem, 5,7 km här."
    )
    assert texts[1].endswith(f"{percent(n_closed)} av bristerna är avslutade.")
    assert "44 vandringar" in told[CITY_ID].section("noted").texts[0]


def test_what_waits_is_told_by_the_name_of_its_place(found):
    known = found["on-norrby"]
    waiting = known.noted.waiting.iloc[:3].assign(
        place=["", "Torget", ""], base_area_id=["1490R001", "1490R001", ""]
    )
    rows = doings.noted(replace(known, noted=replace(known.noted, waiting=waiting))).tables[0].rows
    name = known.who.land.at["1490R001", "name"]
    expected = dict(zip(waiting.index, (name, "Torget", "–"), strict=True))
    oldest = waiting.sort_values("observed_date", kind="stable").index
    assert [row[1] for row in rows] == [expected[i] for i in oldest]


def test_the_place_in_the_ranking_is_told_with_its_certainty(found, told, bare):
    for area_id, made in told.items():
        own, text = found[area_id].place, made.section("place").texts[0]
        if own is None:
            assert text.startswith("Rangordningen är av nätverk inom ett lager")
            continue
        if own.verdict == "går ej att bedöma":
            assert text.startswith("Går ej att bedöma")
            continue
        assert text.startswith(f"{own.verdict.capitalize()} bland de {own.top} med störst behov")
        assert f"i {percent(*ranking.written(own.row['p_top']))} av beräkningarna" in text
        assert f"{own.row['rank_high']:.0f} i nio av tio beräkningar" in text
        note = made.section("place").notes[0]
        assert "i minst 95\u00a0% av beräkningarna; inte: i mindre än 5\u00a0%" in note
    for (lacking, area_id), (_, made) in bare.items():
        if area_id != CITY_ID and lacking in (
            "without_statistics",
            "all_hidden",
            "without_anything",
        ):
            assert made.section("place").texts[0].startswith("Går ej att bedöma")


def test_a_judgement_that_is_not_written_leaves_its_gaps_open(found, told):
    for area_id, made in told.items():
        if not area_id.startswith(("bu-", "on-", "or-")):
            continue
        section, functions = made.section("judgement"), found[area_id].functions
        assert section.texts == ("Mötets bedömning är inte skriven.",)
        assert section.gaps == (*(f"{name}: vad ser ni?" for name in functions), *doings.GAPS)
        assert section.on_wall  # what to ask in the room
    asked = told["bu-boda"].section("judgement").gaps[:5]
    assert asked == tuple(
        f"{n}: vad ser ni?" for n in ("Skola", "Fritid", "Kultur", "IFO/Fält", "Polis")
    )


def test_a_judgement_stands_as_it_was_written_markup_and_all(found):
    part = Judgement({"Skola": ODD}, ODD, (Focus(ODD, "3"), Focus("Ljus", "99")))
    made = one(found["bu-boda"], part=part, picture_id="d1")
    section = made.section("judgement")
    silent = "Inget skrivet av Fritid, Kultur, IFO/Fält och Polis."
    assert section.texts == (f"Skola: {ODD}", silent, f"Gemensam bedömning: {ODD}")
    assert section.points == (
        f"Fokus: {ODD} (Brå: Trygga offentliga miljöer)",
        "Fokus: Ljus (Brå: 99)",
    )
    assert (section.gaps, section.on_wall) == ((), True)
    assert made.state == "Utkast, inte avslutad"


def test_a_long_judgement_is_not_cut(found):
    long = "Ett samtal om trygghet. " * 417
    made = one(found["bu-boda"], part=Judgement({"Polis": long}), picture_id="d1")
    assert made.section("judgement").texts[0] == f"Polis: {long}"


DONE_LATE = {"status": "done", "done_date": pd.Timestamp("2018-02-01")}


def decided(*rows):
    made = [decision(f"b{n}", **{"network_id": "on-norrby"} | row) for n, row in enumerate(rows)]
    columns = [column.name for column in kinds.DECISIONS.columns]
    days = {c.name: "datetime64[ns]" for c in kinds.DECISIONS.columns if c.type == "date"}
    return pd.DataFrame(made, columns=columns).astype(days).set_index("decision_id")


def test_decisions_are_told_with_owner_date_and_priorities_without_any(facts):
    days = {"decided_date": pd.Timestamp("2018-01-10"), "due_date": pd.Timestamp("2018-03-01")}
    done = {"status": "done", "done_date": pd.Timestamp("2018-02-01"), "priority_id": ""}
    made = decided({"status": "decided", **days}, {**done, **days, "due_date": pd.NaT})
    known = situation("on-norrby", working(facts, decisions=made), DAY)
    told = story(known)
    late, ready = table(told, "priorities", "Beslut").rows
    name = "Trygga offentliga miljöer"
    assert late == ("Fler vuxna ute", "Fritid", "2018-03-01", "beslutat, försenat", name)
    assert ready == ("Fler vuxna ute", "Fritid", "inget datum", "klart", "–")
    without = set(facts.work.priorities.values()) - {name}
    assert told.section("priorities").texts == ("1 beslut saknar datum.",)
    (said,) = told.section("undecided").texts
    assert told.section("priorities").notes == (deciding.COUNTED,)
    assert all(one in said for one in without)
    assert name not in said
    points = told.section("since").points
    assert points[0] == "Beslut: 2 nya, 1 klart, 1 försenat."
    assert points[2] == "Försenat: Fler vuxna ute (Fritid, klart senast 2018-03-01)"


def test_decisions_stand_with_the_late_first_then_by_day_then_by_text(facts):
    at = {"decided_date": pd.Timestamp("2018-01-10"), "status": "decided"}
    rows = [
        ("Utan datum", pd.NaT, {"owner": ""}),
        ("Senare", pd.Timestamp("2027-01-01"), {}),
        ("Klart för sent", pd.Timestamp("2018-01-20"), DONE_LATE),
        ("Sen b", pd.Timestamp("2018-03-01"), {}),
        ("Sen a", pd.Timestamp("2018-03-01"), {}),
        ("Sen c", pd.Timestamp("2018-02-01"), {}),
    ]
    made = [{**at, "decision": text, "due_date": due, **more} for text, due, more in rows]
    section = deciding.priorities(situation("on-norrby", working_with(facts, made), DAY))
    told = section.tables[0].rows
    order = ["Sen c", "Sen a", "Sen b", "Klart för sent", "Senare", "Utan datum"]
    assert [row[0] for row in told] == order
    assert told[3][3] == "klart, för sent"
    assert told[5][1:3] == ("ingen ansvarig", "inget datum")
    assert section.texts[:2] == ("1 beslut saknar datum.", "1 beslut saknar ansvarig.")
    many = deciding.priorities(situation("on-norrby", working_with(facts, made * 3), DAY))
    assert len(many.tables[0].rows) == 15
    assert many.tables[0].caption == "De 15 första av 18 beslut, resten i Möten"


def working_with(facts, rows):
    return working(facts, decisions=decided(*rows))


def test_the_day_of_the_closing_says_so(facts, found):
    day = pd.Timestamp("2026-02-02")
    own = with_signed(facts, signed_row(found["on-norrby"], "{}"))
    for other in (own, without_meetings(own)):
        known = situation("on-norrby", other, day)
        assert since.since(known).texts[-1] == since.FIRST_CLOSED
        assert since.NONE_CLOSED not in since.since(known).texts


def test_the_wall_has_the_map_and_the_chart_but_no_long_table(told):
    for made in told.values():
        wall = {section.key for section in made.sections if section.on_wall}
        assert {"who", "welfare", "noted"} <= wall
        assert not {"indicators", "meetings", "known"} & wall
        rest = made.section("indicators")
        assert (rest.heading, rest.level) == ("Alla indikatorer", 2)


def test_a_day_long_before_the_statistics_says_that_they_are_the_newest(facts, told):
    aged = "Statistiken är den senaste, 2024, inte den som fanns 2017-06-30."
    made = story(situation("on-norrby", facts, pd.Timestamp("2017-06-30")))
    for key in ("standouts", "welfare"):
        assert aged in made.section(key).texts
        assert not [text for text in told["on-norrby"].section(key).texts if "senaste" in text]
    (days,) = [text for text in made.section("efforts").points if "ktivitetsdag" in text]
    assert days == "Ingen aktivitetsdag är känd här."
    assert opening.aged(situation("on-norrby", facts, pd.Timestamp("2023-12-31"))) == ()
    held = [row[0] for row in made.section("meetings").tables[0].rows]
    assert [day.endswith(" (kommande)") for day in held] == [day > "2017-06-31" for day in held]


def test_a_remark_is_only_that_of_meetings_that_were_put_in(facts, told):
    columns = ("Dag", "Slag")  # nobody has noted who was there
    assert table(told["on-norrby"], "meetings", "Möten 2017").columns == columns
    held = facts.work.meetings.copy()
    own = held.index[held["network_id"] == "on-norrby"]
    held.loc[own[0], ["version", "note"]] = [1, "Vi sågs ute"]
    made = doings.gatherings(situation("on-norrby", working(facts, meetings=held), DAY)).tables[0]
    assert made.columns == (*columns, "Anmärkning")
    assert sorted(row[2] for row in made.rows) == sorted(["Vi sågs ute", *["–"] * 5])


def test_one_other_network_is_told_in_the_singular(told):
    alts = {area_id: made.section("who").pictures[0].alt for area_id, made in told.items()}
    assert "1 annat nätverk delar mark." in alts["on-norrby"]
    assert "andra nätverk delar mark." in alts["bu-boda"]


def test_since_last_time_says_what_it_is_held_against(facts, found, told, bare):
    text = told["on-norrby"].section("since").texts
    assert text[0] == "Sedan det senaste mötet, 2017-12-04, för ungefär 8 år sedan."
    assert "värden jämförs inte" in text[1]
    assert told["on-norrby"].section("since").tables == ()
    never = bare["without_meetings", "or-fristad"][1].section("since")
    assert never.texts[0].startswith("Ingen tidigare lägesbild och inget möte finns registrerat.")
    assert (never.points, never.tables) == ((), ())
    known = found["on-norrby"]
    kept = snapshot(known).replace(f'"verdict": "{known.place.verdict}"', '"verdict": "inte"')
    other = situation("on-norrby", with_signed(facts, signed_row(known, kept)), DAY)
    section = since.since(other)
    assert section.texts[0] == "Sedan den senaste avslutade lägesbilden, 2026-02-02."
    assert (section.tables[0].rows, section.tables[0].otherwise) == ((), "Inga värden har ändrats.")
    assert f"då inte, nu {known.place.verdict} bland" in section.texts[-1]


def test_a_figure_that_changed_is_told_then_and_now(found):
    known = found["on-norrby"]
    rows = [
        ("trygghet", "Trygghet", "share", "2022", 0.701, "2024", 0.75),
        ("folkmangd", "Folkmängd", "count", "2022", 7400.0, "2024", 7758.0),
    ]
    figures = pd.DataFrame(rows, columns=list(FIGURES))
    past = replace(known.since, how="signed", figures=figures)
    (changed,) = since.since(replace(known, since=past)).tables
    assert changed.rows == (
        ("Trygghet", "70\u00a0% (2022)", "75\u00a0% (2024)"),
        ("Folkmängd", "7\u202f400 (2022)", "7\u202f758 (2024)"),
    )


def test_the_pace_is_told_and_nobody_is_judged_without_a_guideline(found, told, bare):
    texts = told["on-norrby"].section("meetings").texts
    assert texts[0] == "Vårterminen 2017: uppfyllt, 2 möten räknas, riktlinjen är minst 2."
    assert "Möten av annat slag (tema) räknas inte mot riktlinjen." in texts
    assert texts[-1] == "Inga möten är registrerade efter 2017."
    assert len(table(told["on-norrby"], "meetings", "Möten 2017").rows) == 6
    cadence = found["omrade"].deeds.cadence
    judged = cadence[cadence["outcome"].isin(["met", "behind"]) & ~cadence["is_unsure"]]
    n_met = (judged["outcome"] == "met").sum()
    assert (
        told["omrade"]
        .section("meetings")
        .texts[0]
        .startswith(f"{n_met} av {len(judged)} terminer 2017")
    )
    assert told["ortsrad"].section("meetings").texts[0] == (
        "Ingen termin 2017 kan jämföras med en riktlinje."
    )
    for area_id in BARE_PLACES:
        texts = bare["without_meetings", area_id][1].section("meetings").texts
        rests = " Nätverket är vilande." if area_id == "on-trandared" else ""
        assert texts == (f"Inget möte är registrerat.{rests}",)


def test_a_term_that_is_not_over_is_not_counted_as_behind(facts):
    day = pd.Timestamp("2017-09-30")
    known = situation("omrade", facts, day)
    cadence = known.deeds.cadence
    judged = cadence[~cadence["is_unsure"]].reset_index()
    is_met = judged["outcome"] == "met"
    n_of = (is_met | ((judged["outcome"] == "behind") & (judged["term"] == "VT"))).sum()
    assert ((judged["outcome"] == "behind") & (judged["term"] == "HT")).any()
    assert doings.gatherings(known).texts[0].startswith(f"{is_met.sum()} av {n_of} terminer 2017")


def test_a_resting_network_is_said_to_rest(told):
    assert "Nätverket är vilande." in told["on-trandared"].section("who").texts
    others = [made for area_id, made in told.items() if area_id != "on-trandared"]
    assert not [made for made in others if "vilande" in " ".join(made.section("who").texts)]


def test_who_it_is_is_told_with_overlaps_and_a_map(found, told):
    for area_id, made in told.items():
        section, who = made.section("who"), found[area_id].who
        (picture,) = section.pictures
        assert picture.png[:4] == b"\x89PNG"
        assert who.name in picture.alt
        assert f"{number(who.area_km2, 1)} km²" in section.texts[0]
        if who.kind in ("network", "base_area"):
            (others,) = made.section("others").tables
            assert [row[2] for row in others.rows] == [
                percent(s) for s in who.overlaps["own_share"]
            ]
    assert told["on-norrby"].section("others").tables[0].rows == (
        ("Nätverk barn och unga Norrby", "26,4", "100\u00a0%"),
    )


def test_each_thing_that_is_not_known_is_a_sentence(found, told, bare):
    all_of = [(known, told[area_id]) for area_id, known in found.items()]
    for known, made in [*all_of, *bare.values()]:
        points = made.section("known").points
        assert len(points) == len(set(points)) == len(known.unknown)
        assert list(points[-4:]) == [ground.NOT_KNOWN[kind] for kind in ALWAYS]
    text = " ".join(bare["all_hidden", "or-fristad"][1].section("known").points)
    assert "dolt, för få personer" in text
    assert "uppgift saknas" in " ".join(
        bare["without_statistics", "or-fristad"][1].section("known").points
    )
    assert "Ingen har vandrat här" in " ".join(told["on-bramhult"].section("known").points)


def test_the_mark_is_there_when_something_is_made_up_and_only_then(found, told, bare):
    for made in told.values():
        assert made.mark == DEMO_MARK
    assert one(found["on-norrby"], demo=()).mark == ""
    assert bare["without_anything", "or-fristad"][1].mark == ""
    assert bare["all_hidden", "on-trandared"][1].mark == DEMO_MARK  # its findings are made up


def test_paper_holds_every_word_on_at_most_four_pages(told, paper):
    for area_id, written in paper.items():
        with pymupdf.open(stream=written) as document:
            assert 1 <= len(document) <= 4
            rooms = [page.rect - (0, 0, 0, 2 * 28) for page in document]
            texts = [page.get_text(clip=room) for page, room in zip(document, rooms, strict=True)]
            whole = plain("".join(texts))
            feet = [page.get_text() for page in document]
        assert [t for t in told[area_id].words() if plain(shown(t)) not in whole] == []
        assert all(DEMO_MARK in foot for foot in feet)


def test_paper_without_anything_and_with_odd_text_is_made_alike(found, bare):
    known, _ = bare["without_anything", "on-trandared"]
    part = Judgement({"Boende": ODD}, ODD, (Focus(ODD, "1"),))
    made = story(replace(known, part=part, picture_id="d1"))
    with pymupdf.open(stream=story_pdf.pdf(made)) as document:
        assert 1 <= len(document) <= 4
        whole = plain("".join(page.get_text() for page in document))
        assert DEMO_MARK not in "".join(page.get_text() for page in document)
    odd = plain(ODD.replace("😀", ""))
    assert whole.replace("😀", "").count(odd) == 3
