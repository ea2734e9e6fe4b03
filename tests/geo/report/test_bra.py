"""The sheet for Brå: what is known in the law's order, what is missing, what is handed in."""

import io
from dataclasses import replace

import docx
import pandas as pd
import pymupdf
import pytest

from geo.judgement import Focus, Judgement, cells
from geo.report import bra, story_docx, story_pdf
from geo.report.bra import answer, survey
from geo.situation import situation
from geo.situation.figures import WORSE
from geo.sources import DEMO_MARK

DAY = pd.Timestamp("2026-11-28")
NO_DAY = pd.Timestamp("NaT")
BROKEN = str.maketrans("", "", "\u200b\u00ad")


@pytest.fixture(scope="module")
def told(facts):
    return bra.story(facts, DAY)


def plain(text):
    return "".join(text.translate(BROKEN).split())


def rows(story, key):
    return {row[0]: row[1:] for row in story.section(key).tables[0].rows}


def with_work(facts, **changed):
    return replace(facts, work=replace(facts.work, **changed))


def picture(network_id, day, signed=NO_DAY):
    row = {"network_id": network_id, "day": pd.Timestamp(day), "seen": "", "joint": "", "focus": ""}
    return row | {"signed_date": pd.Timestamp(signed), "picture_id": f"{network_id}-{day}"}


def test_the_order_is_that_of_the_law(told):
    assert [section.heading for section in told.sections if section.level == 1] == [
        "1. Kartläggning (lag 2023:196, 4 § 1)",
        "2. Annan information av betydelse (lag 2023:196, 4 § 2)",
        "3. Analys (lag 2023:196, 4 § 3)",
        "4. Ställningstagande (lag 2023:196)",
        "5. Åtgärder",
        "6. Inlämnade lägesbilder",
        "Källor, och vad vi inte vet",
    ]
    assert told.mark == DEMO_MARK


def test_crime_is_told_for_the_municipality_with_year_and_mark(told, facts):
    crime = rows(told, "survey")["Anmälda våldsbrott"]
    view = facts.views["valdsbrott"][0]
    shown = [text.replace("\u202f", "") for text in crime]
    assert shown[0] == view.period
    assert shown[1] == f"{view.reference['1490']:.0f} per 100000"
    assert shown[2] == f"{view.reference['0000']:.0f} per 100000"
    assert shown[3] == DEMO_MARK
    assert "Anmälda brott per område är inte inlästa" in told.section("survey").points[0]


def test_without_any_crime_figures_that_is_said(facts):
    found = situation("boras", facts, DAY)
    bare = replace(facts, views=dict(facts.views) | {"valdsbrott": (), "trygg_utomhus": ()})
    table = survey.survey(found, bare).tables[0]
    assert (table.rows, table.otherwise) == ((), "Ingen uppgift om anmälda brott är inläst.")


def test_the_networks_that_are_surely_worse_are_those_of_their_own_lagesbild(told, facts):
    shown = rows(told, "other")
    names, layers = facts.register.networks["name"], ("barn_unga", "omrade", "ortsrad")
    for network_id in ("bu-norrby", "on-sjobo", "or-fristad"):
        table = situation(network_id, facts, DAY).indicators
        place = layers.index(facts.register.networks["layer"][network_id]) + 2
        ranked = table[(table["use"] == "ranked") & (table["measure"] == "share")]
        for _, row in ranked.iterrows():
            named = shown[f"{row['name']} ({row['period']})"][place].split(", ")
            assert (names[network_id] in named) == (row["standing"] == WORSE), row["name"]


def test_the_citys_numbers_are_those_of_its_situation(told, facts):
    found = situation("boras", facts, DAY)
    noted = told.section("noted")
    assert noted.texts[0] == f"{len(found.noted.walks)} vandringar är kända. {DEMO_MARK}."
    assert noted.texts[1].startswith(f"{len(found.noted.findings)} fynd")
    assert "Ej vandrat: Områdesnätverk Brämhult." in noted.points


def test_places_without_a_network_are_named_when_they_are_few(told):
    points = told.section("cover").points
    assert points[0] == "Utan nätverk barn och unga 10–16 år: inget basområde."
    assert points[1] == "Utan områdesnätverk: 26 basområden."
    assert points[3].startswith("Utan områdesnätverk eller ortsråd: 6 basområden (Bergdalen-Norrm")


def test_the_ranking_says_how_sure_it_is_among_how_many(told, facts):
    section = told.section("analysis")
    youth, _, rural = section.tables[0].rows
    table = facts.ranked["barn_unga"].table
    names = facts.register.networks["name"]
    for place, verdict in ((1, "säkert"), (2, "möjligen")):
        shares = table.loc[table["verdict"] == verdict, "p_top"]
        own = sorted(shares.index, key=lambda i: -shares[i])  # the surest first
        said = [one.split(" (")[0] for one in youth[place].split("), ")]
        assert said == ([names[i] for i in own] or ["inget"])
    assert (youth[0].split(", ")[-1], rural[0]) == ("de 4 första", "Ortsråd, de 2 första")
    assert len(section.gaps) == 3


def test_without_statistics_nothing_is_ranked_and_nothing_is_made_up(facts):
    bare = replace(facts, views={}, breaks={}, field=facts.real_field)
    story = bra.story(bare, DAY)
    assert story.mark == ""
    assert DEMO_MARK not in " ".join(story.words())
    assert {row[1] for row in story.section("analysis").tables[0].rows} == {"inget kan rangordnas"}
    assert "Inga fynd är inlagda" in story.section("noted").texts[1]


def test_priorities_without_action_are_told(told, facts):
    assert told.section("position").texts[1] == "7 av 7 prioriteringar är utan beslut."
    assert {row[-1] for row in rows(told, "position").values()} == {"ja"}
    assert told.section("measures").tables[0].otherwise == "Inga öppna beslut är registrerade."


def test_decisions_are_counted_by_priority_and_the_late_is_told(facts):
    made = {"network_id": "on-norrby", "decided_date": pd.Timestamp("2026-03-01")}
    made |= {"decision": "Fler lampor", "owner": "Tekniska nämnden", "status": "decided"}
    made |= {"due_date": pd.Timestamp("2026-06-01"), "done_date": NO_DAY, "priority_id": "3"}
    done = made | {"status": "done", "done_date": pd.Timestamp("2026-05-01"), "priority_id": "1"}
    lone = made | {"priority_id": "", "due_date": NO_DAY, "decision": "Utan datum"}
    decisions = pd.DataFrame(
        [made, done, lone], index=pd.Index(["a", "b", "c"], name="decision_id")
    )
    changed = with_work(facts, decisions=decisions)
    found = situation("boras", changed, DAY)
    position = answer.position(found)
    told = {row[0]: row[1:] for row in position.tables[0].rows}
    assert told["Trygga offentliga miljöer"] == ("1", "1", "0", "nej")
    assert told["Förbättra samverkan kring barn och unga"][2:] == ("1", "nej")
    assert position.texts[1] == "5 av 7 prioriteringar är utan beslut."
    first, second = answer.measures(found, changed).tables[0].rows
    assert first == (
        *("Områdesnätverk Norrby", "Fler lampor", "Tekniska nämnden", "2026-06-01, försenat"),
        "Trygga offentliga miljöer",
    )
    assert second[3:] == ("inget datum", "ingen")


def test_who_has_handed_in_this_term(facts):
    signed = pd.DataFrame(
        [
            picture("bu-boda", "2026-09-01", "2026-09-08"),
            picture("bu-norrby", "2026-03-01", "2026-03-02"),
        ]
    )
    signed.loc[len(signed)] = picture("on-hulta", "2026-12-01", "2026-12-02")  # after the day
    drafts = [picture("on-sjobo", "2026-12-09"), picture("or-fristad", "2026-02-01")]
    pictures = pd.DataFrame(drafts).set_index("picture_id")
    section = answer.handed_in(with_work(facts, signed=signed, pictures=pictures), DAY)
    told = {row[0]: row[1:] for row in section.tables[0].rows}
    assert len(told) == 20
    assert told["Nätverk barn och unga Boda"] == ("inlämnad", "2026-09-08")
    assert told["Nätverk barn och unga Norrby"] == ("inte påbörjad", "–")  # the term before
    assert told["Områdesnätverk Hulta"] == ("inte påbörjad", "–")
    assert told["Områdesnätverk Sjöbo"] == ("påbörjad", "2026-12-09")
    assert told["Ortsråd Fristad"] == ("inte påbörjad", "utkast från 2026-02-01")
    assert told["Områdesnätverk Trandared"] == ("vilande", "–")
    order = [row[1] for row in section.tables[0].rows]
    assert order == ["inlämnad", "påbörjad", *["inte påbörjad"] * 17, "vilande"]
    assert section.texts[0].endswith(" 1 är vilande.")
    told = "Höstterminen 2026: 1 av 20 nätverk har lämnat in en avslutad lägesbild, 1 har påbörjat"
    assert section.texts[0].startswith(told)


def test_what_the_networks_concluded_stands_beside_them(facts):
    part = cells(Judgement(focus=(Focus("Skolvägen", "3"), Focus("Torget", "1"))))
    signed = pd.DataFrame([picture("bu-boda", "2026-09-01", "2026-09-08") | part])
    (table,) = answer.handed_in(with_work(facts, signed=signed), DAY).tables
    told = {row[0]: row[-1] for row in table.rows}
    assert table.columns[-1] == "Fokuspunkter"
    assert told["Nätverk barn och unga Boda"] == "Skolvägen; Torget"
    assert told["Områdesnätverk Norrby"] == "–"


def test_it_is_read_back_from_pdf_and_word(told):
    with pymupdf.open(stream=story_pdf.pdf(told)) as document:
        assert document.page_count <= 4
        printed = plain(" ".join(page.get_text() for page in document))
    assert [text for text in told.words() if plain(text) not in printed] == []
    opened = docx.Document(io.BytesIO(story_docx.docx(told)))
    read = [[[cell.text for cell in row.cells] for row in one.rows] for one in opened.tables]
    tables = [one for section in told.sections for one in section.tables if one.rows]
    assert read == [[list(one.columns), *map(list, one.rows)] for one in tables]
