"""The year's report: 2017 by hand, years without data, read back from PDF and Word."""

import io
from collections import Counter
from dataclasses import replace

import docx
import pandas as pd
import pymupdf
import pytest

from geo.errors import GeoError
from geo.report import annual, story_docx, story_pdf
from geo.report.annual.matrix import MONTHS, cells
from geo.report.story_pdf import GAP
from geo.sources import DEMO_MARK

DAY = pd.Timestamp("2026-11-28")
BROKEN = str.maketrans("", "", "\u200b\u00ad")  # where the typesetter may break a word


@pytest.fixture(scope="module")
def told(facts):
    return annual.story(facts, 2017, DAY)


@pytest.fixture(scope="module", params=[2016, 2027])
def bare(request, facts):
    """A report of a year in which no meeting is registered."""
    return request.param, annual.story(facts, request.param, DAY)


@pytest.fixture(scope="module")
def printed(told):
    with pymupdf.open(stream=story_pdf.pdf(told)) as document:
        return plain(" ".join(page.get_text() for page in document))


@pytest.fixture(scope="module")
def opened(told):
    return docx.Document(io.BytesIO(story_docx.docx(told)))


def plain(text):
    """Return a text without line breaks, spaces and what a word may break at."""
    return "".join(text.translate(BROKEN).replace("-\n", "-").split())


def table(story, key, number=0):
    found = story.section(key).tables[number]
    return pd.DataFrame(list(found.rows), columns=list(found.columns)).set_index(found.columns[0])


def with_work(facts, **changed):
    return replace(facts, work=replace(facts.work, **changed))


def meeting(network_id, day, **other):
    row = {"date": pd.Timestamp(day), "network_id": network_id, "kind": "ordinarie"}
    row |= {"starred": False, "counts_for_cadence": True, "note": "", "source": "", "status": ""}
    return pd.DataFrame([row | {"present": ()} | other], index=[f"{day}-{network_id}"])


def test_the_chapters_stand_in_the_order_that_the_committee_knows(told):
    assert [section.heading for section in told.sections] == [
        "1. Inledning",
        "2. Organisation, information och uppföljning",
        "3. Budget",
        "4. Nätverk barn och unga 10–16 år",
        "5. Områdesnätverk",
        "6. Ortsråd",
        "7. Lokala aktiviteter",
        "Trygghetsvandringar",
        "8. Mötesplatser",
        "9. Utvecklingsområden",
        "10. Måluppfyllelse",
        "Bilaga. Mötesschema",
    ]
    assert told.title == "Årsredovisning av samverkansuppdraget 2017"


def test_the_year_2017_in_numbers(told):
    assert told.section("intro").points == (
        "104 möten i nätverken och 20 dagar med gemensamma möten.",
        "3 av 8 nätverk barn och unga höll riktlinjens takt båda terminerna (Boda, Dalsjöfors och "
        "Norrby). Osäkert och inte räknat: Sjöbo.",
        "7 av 7 områdesnätverk höll riktlinjens takt båda terminerna.",
        "12 aktivitetsdagar och 5 trygghetsvandringar.",
    )


def test_what_is_not_registered_is_not_said_to_be_none(facts):
    points = annual.story(facts, 2016, DAY).section("intro").points
    assert points[-1] == "5 trygghetsvandringar; inga aktivitetsdagar är registrerade för 2016."
    shipped = facts.shipped | {"activity_days": facts.shipped["activity_days"].iloc[:0]}
    nothing = annual.story(replace(facts, shipped=shipped), 2017, DAY)
    assert nothing.section("intro").points[-1].endswith("aktivitetsdagar är registrerade för 2017.")
    assert nothing.section("activities").texts == ()


def test_a_year_to_come_has_not_begun(facts):
    assert annual.story(facts, 2027, DAY).state.startswith("Året har inte börjat, ")
    assert annual.story(facts, 2026, DAY).state.startswith("Underlag, ")


def test_the_budget_of_2017_by_kind_with_its_sum(told):
    money = table(told, "budget")
    sums = [text.replace("\u202f", " ").replace("\u00a0", " ") for text in money["Summa"]]
    assert sums == ["90 000 kr", "70 000 kr", "100 000 kr", "140 000 kr", "400 000 kr"]
    assert money["Nätverk"].tolist() == ["9", "7", "4", "–", "20"]
    per_child = money["Per barn 0–17 år"].str.replace("\u00a0", " ").tolist()
    assert per_child == ["3,7–4,3 kr", "inte känt", "10,7–11,6 kr", "–", "–"]
    assert table(told, "budget", 1).at["Leader Sjuhärad", "Gäller"] == "2018–2019"


def test_each_kind_of_network_has_its_table_of_2017(told):
    youth = table(told, "barn_unga", 1)
    assert youth.loc["Boda"].tolist() == [
        *("5", "4", "uppfyllt", "uppfyllt", "inte noterat", "ingen registrerad")
    ]
    met = (youth[["Mot riktlinjen VT", "Mot riktlinjen HT"]] == "uppfyllt").all(axis=1)
    assert list(youth.index[met]) == ["Boda", "Dalsjöfors", "Norrby"]
    assert youth.at["Daltorp", "Mot riktlinjen HT"] == "uppfyllt"
    assert (
        youth.loc["Sjöbo", ["Mot riktlinjen VT", "Mot riktlinjen HT"]].tolist() == ["osäkert"] * 2
    )
    area = table(told, "omrade", 1)
    assert (area[["Mot riktlinjen VT", "Mot riktlinjen HT"]] == "uppfyllt").all(axis=None)
    assert len(area) == 7
    rural = table(told, "ortsrad", 1)
    assert set(rural["Mot riktlinjen VT"]) == {"ingen riktlinje"}


def test_an_unsure_network_is_explained_with_names_not_ids(told):
    note = told.section("barn_unga").notes[0]
    assert note.startswith("Osäkert, Nätverk barn och unga Sjöbo: En termin saknar möten")
    assert "Områdesnätverk Sjöbo" in note
    assert "on-sjobo" not in note


def test_the_guideline_is_that_of_the_time(told, facts):
    assert "Riktlinje: 3–4 möten per termin (G1, slutdatum antaget)." in (
        told.section("barn_unga").texts
    )
    later = annual.story(facts, 2025, DAY).section("barn_unga").texts
    assert "Riktlinje: 2–3 möten per termin (G2, startdatum antaget)." in later


def test_dates_that_differ_are_both_kept_and_said(told):
    days = told.section("activities").tables[0].rows
    assert len(days) == 13
    twice = [row for row in days if row[4].startswith("osäkert")]
    assert [(row[0], row[1]) for row in twice] == [
        ("2017-05-10", "Trandared"),
        ("2017-05-13", "Trandared"),
    ]
    assert told.section("activities").texts == (
        "12 aktivitetsdagar. En dag som källorna ger två datum står på två rader och räknas en "
        "gång.",
    )
    walks = told.section("walks")
    assert walks.texts[0].startswith(
        "5 trygghetsvandringar. En vandring som källorna ger två datum"
    )
    assert [row[0] for row in walks.tables[0].rows] == [
        *("2017-10-03", "2017-10-10", "2017-10-17", "2017-10-24", "2017-10-30", "2017-11-15")
    ]
    assert walks.tables[0].rows[3][3].endswith("(samma vandring som 2017-10-17)")
    assert "Inga fynd är inlagda" in walks.texts[1]


def test_the_goals_are_a_proposal_and_nothing_registered_is_no_nought(told):
    goals = told.section("goals")
    assert goals.texts[0].startswith("Målen är ett förslag")
    together = table(told, "goals")
    assert together.loc["Möten i takt", ["Utfall", "Uppnått"]].tolist() == ["70\u00a0%", "21 av 30"]
    assert set(together["Utfall"][1:]) == {"inget registrerat"}
    only = "Bara möten i takt kan räknas. Per nätverk: se kapitel 4–6."
    assert (goals.tables[1].rows, goals.tables[1].otherwise) == ((), only)


def test_the_matrix_holds_every_meeting_once_with_its_star(told, facts):
    found = told.section("matrix").tables[0]
    assert found.columns == ("Nätverk", *MONTHS)
    assert [row[0] for row in found.rows] == list(facts.work.names.values())
    days = [day for row in found.rows for cell in row[1:] for day in filter(None, cell.split(", "))]
    said = "126 möten 2017: 104 i nätverken och 22 gemensamma, på 20 dagar. Siffran är"
    assert told.section("matrix").texts[0].startswith(said)
    held = facts.work.meetings
    assert len(days) == len(held) == 126
    assert sum(day.endswith("*") for day in days) == held["starred"].sum() == 12
    rows = {row[0]: dict(zip(MONTHS, row[1:], strict=True)) for row in found.rows}
    assert rows["Områdesnätverk Hässleholmen"]["maj"] == "8, 22*, 22"
    naive = Counter(
        f"{day.day}{'*' if star else ''}" for day, star in held[["date", "starred"]].values
    )
    assert Counter(days) == naive


def test_every_text_and_table_is_in_the_pdf(told, printed):
    assert [text for text in told.words() if plain(text) not in printed] == []


def test_the_tables_of_the_word_document_are_those_of_the_story(told, opened):
    tables = [one for section in told.sections for one in section.tables if one.rows]
    read = [[[cell.text for cell in row.cells] for row in one.rows] for one in opened.tables]
    assert read == [[list(one.columns), *map(list, one.rows)] for one in tables]


def test_gaps_are_left_open_for_the_author(told, opened):
    gaps = [gap for section in told.sections for gap in section.gaps]
    assert told.state == f"Underlag, {len(gaps)} ställen att fylla i"
    found = [p.text for p in opened.paragraphs if p.text.startswith(GAP)]
    assert found == [GAP + gap for gap in gaps]
    assert all(told.section(key).gaps for key in ("intro", "organisation", "barn_unga", "areas"))


def test_rules_that_speak_of_another_year_or_of_money_stand_elsewhere(told, facts):
    assert "Alla nio nätverk träffas gemensamt (1 gång per år)." in told.section("barn_unga").points
    assert any("gjort i några grupper 2017" in text for text in told.section("omrade").points)
    later = annual.story(facts, 2027, DAY)
    assert not [text for text in later.section("omrade").points if "2017" in text]
    assert not [text for text in later.section("ortsrad").points if "kr" in text.split()]


def test_a_year_without_meetings_says_so_in_every_table(bare):
    year, story = bare
    said = f"Inga möten är registrerade för {year}."
    assert said in story.section("intro").points
    for key, number in (("barn_unga", 1), ("omrade", 1), ("ortsrad", 1), ("matrix", 0)):
        found = story.section(key).tables[number]
        assert (found.rows, found.otherwise) == ((), said)
    assert story.section("goals").tables[1].rows == ()
    assert story.section("activities").tables[0].rows == ()
    assert story_pdf.pdf(story)[:4] == b"%PDF"


def test_the_budget_of_2017_is_no_other_years(bare):
    year, story = bare
    (posts,) = story.section("budget").tables
    assert (posts.rows, posts.otherwise) == ((), f"Ingen budget är registrerad för {year}.")
    assert story.section("budget").gaps[0].startswith(f"Budget för {year}")
    words = plain(" ".join(story.words()))
    assert not {"90000", "70000", "100000", "25000", "400000"} & {
        words[i : i + n] for n in (5, 6) for i in range(len(words))
    }


def test_the_walks_of_2016_are_there_though_the_networks_are_later(facts):
    story = annual.story(facts, 2016, DAY)
    assert len(story.section("walks").tables[0].rows) == 5
    assert "Nätverken är kända från 2017: hur det var tidigare vet vi inte." in (
        story.section("intro").texts
    )


def test_nothing_made_up_is_in_it(told, facts):
    assert facts.field.is_demo
    assert told.mark == ""
    assert DEMO_MARK not in " ".join(told.words())
    story = annual.story(facts, 2024, DAY)  # a year of made-up walks
    assert story.section("walks").tables[0].rows == ()


def test_a_meeting_to_come_is_no_meeting_yet_and_a_running_term_is_not_behind(facts):
    rows = [meeting("bu-boda", "2026-09-01"), meeting("bu-boda", "2026-12-15")]
    rows.append(meeting("bu-boda", "2026-09-08", status="inställt"))
    story = annual.story(with_work(facts, meetings=pd.concat(rows)), 2026, DAY)
    boda = table(story, "barn_unga", 1).loc["Boda"]
    assert boda.tolist()[:4] == ["inget inlagt", "1", "–", "pågår"]
    assert "1 möte efter 2026-11-28 är inlagt men inte med." in story.section("matrix").notes
    assert "Året är inte slut" in story.section("intro").texts[2]
    assert table(story, "matrix").at["Nätverk barn och unga Boda", "sep"] == "1"


def test_functions_and_plans_are_told_when_they_are_noted(facts):
    present = ("Skola:2", "Polis:0")
    rows = pd.concat([facts.work.meetings, meeting("bu-boda", "2017-12-20", present=present)])
    plan = {"network_id": "on-norrby", "valid_from": pd.Timestamp("2017-03-01")}
    plan |= {"valid_to": pd.NaT, "focus_areas": ("Skolvägen", "Parken")}
    plans = pd.DataFrame([plan], index=pd.Index(["p1"], name="plan_id"))
    changed = with_work(facts, meetings=rows, plans=plans)
    story = annual.story(changed, 2017, DAY)
    boda = table(story, "barn_unga", 1).loc["Boda"]
    assert boda["Funktioner på plats"] == "Skola 1 av 1, Polis 0 av 1"
    assert table(story, "omrade", 1).at["Norrby", "Utvecklingsplan"] == "2 fokusområden"
    assert "Fokusområden i Norrby: Skolvägen och Parken." in story.section("omrade").points
    each = table(story, "goals", 1)
    assert list(each) == [
        *("Möten i takt", "Funktioner på plats", "Utvecklingsplan med fokusområden")
    ]
    assert each.loc["Nätverk barn och unga Boda"].tolist() == ["2 av 2", "1 av 2", "0 av 1"]
    assert each.at["Nätverk barn och unga Sjöbo", "Möten i takt"] == "osäkert, räknas inte"
    assert each.at["Ortsråd Fristad", "Möten i takt"] == "gäller inte"
    later = with_work(facts, plans=plans.assign(valid_from=pd.Timestamp("2026-01-01")))
    story = annual.story(later, 2017, DAY)  # a plan of 2026 says nothing of 2017
    assert set(table(story, "omrade", 1)["Utvecklingsplan"]) == {"ingen registrerad"}
    assert table(story, "goals").at["Utvecklingsplan med fokusområden", "Utfall"] == (
        "inget registrerat"
    )


def test_real_findings_are_counted_by_category(facts):
    made = facts.field.findings.iloc[:8].assign(observed_date=pd.Timestamp("2017-10-05"))
    field = replace(facts.real_field, findings=made, in_networks=facts.field.in_networks)
    walks = annual.story(replace(facts, real_field=field), 2017, DAY).section("walks")
    n_lacking = int((made["kind"] == "brist").sum())
    assert f"8 fynd noterades: {n_lacking} brister" in walks.texts[1]
    assert sum(int(row[1]) for row in walks.tables[1].rows) == n_lacking
    assert walks.gaps == ()


def test_a_store_that_cannot_be_read_is_told(facts):
    story = annual.story(with_work(facts, fault="Databasen kan inte nås."), 2017, DAY)
    assert "Databasen kan inte nås." in story.section("intro").texts[-1]


@pytest.mark.parametrize("year", [17, 3000])
def test_what_is_no_year_is_refused(facts, year):
    with pytest.raises(GeoError, match="ett år från 1990 till 2100"):
        annual.story(facts, year, DAY)


def test_two_meetings_a_day_are_both_in_the_cell():
    held = pd.DataFrame({"date": pd.to_datetime(["2017-05-22"] * 2), "starred": [True, False]})
    assert cells(held)[4] == "22*, 22"
