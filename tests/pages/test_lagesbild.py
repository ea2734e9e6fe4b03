"""The page Lägesbild: the same numbers as the documents, drafts that two may write, signing."""

import base64
import html
import io
import json
import re

import docx
import pandas as pd
import pymupdf
import pytest

from geo import store
from geo.judgement import of_row
from geo.report import story_docx, story_pdf, story_wall
from geo.report.story import Bar, Chart
from geo.situation import situation
from geo.sources import DEMO_MARK
from pages.parts import charts, data, picture_fields, shelf, situations, state, walls, work
from tests.geo.store.making import meeting, meetings
from tests.pages.reader import run, tables, text

PAGE = "lagesbild.py"
NORRBY = "on-norrby"
WRITE = {"omrade": NORRBY, "bild_vy": situations.WRITE}


def plain(app):
    """Return the sentences of a page as they are read."""
    return re.sub(r"\\(.)", r"\1", re.sub(r"(?<!\\)\*\*", "", text(app)))


def press(app, label):
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception, [fault.message for fault in app.exception]


def field(app, label):
    return next(one for one in [*app.text_area, *app.text_input] if one.label == label)


def write(app, label, words):
    field(app, label).input(words).run()
    assert not app.exception, [fault.message for fault in app.exception]


def choose_priority(app):
    """Choose the second priority of Brå for the first focus point; return its id."""
    served = list(data.work().priorities)[1]
    next(s for s in app.selectbox if s.label == "Brå-prioritering för 1").select(served).run()
    return served


def kept():
    with store.open() as opened:
        return opened.pictures()


def part():
    return of_row(dict(kept().iloc[0]))


@pytest.fixture(autouse=True)
def fresh_cache():
    """Keep what is reckoned of statistics, which no test here changes: seconds each."""
    kept = (data._field, data._once_for, data._facts, data._picture, data._story, data._report)
    for cache in kept:
        cache.clear()
    yield
    for cache in kept:
        cache.clear()


@pytest.fixture
def writer(monkeypatch):
    monkeypatch.setenv("LAGESBILD_WRITE", "yes")


@pytest.fixture
def begun(writer):
    app = run(PAGE, **WRITE)
    press(app, "Börja på en ny lägesbild")
    return app


def test_without_a_choice_the_page_says_what_to_do():
    app = run(PAGE)
    assert situations.CHOOSE in text(app)
    assert "Vad sticker ut" not in text(app)


def test_an_unknown_place_in_the_address_is_no_choice():
    app = run(PAGE, omrade=None)
    assert situations.CHOOSE in text(app)


@pytest.mark.parametrize(
    "area_id", [NORRBY, "bu-sjobo", "or-fristad", "1490R025", "omrade", "boras"]
)
def test_the_page_shows_every_text_of_the_story_and_its_tables(area_id):
    app = run(PAGE, omrade=area_id)
    found, story = data.picture(area_id), data.story(area_id)
    said = plain(app)
    shown = tables(app)
    assert DEMO_MARK in said
    for section in story.sections:
        for words in (section.heading, *section.texts, *section.points, *section.notes):
            assert words in said
        for table in section.tables:
            if table.rows:
                caption = next(name for name in shown if name.startswith(table.caption))
                assert [tuple(row) for row in shown[caption].to_numpy()] == list(table.rows)
            else:
                assert table.otherwise in said
    assert found.area_id == area_id


def test_page_pdf_word_and_wall_hold_the_same_numbers():
    story = data.story(NORRBY)
    rows = story.section("indicators").tables[0].rows
    pdf = " ".join(page.get_text() for page in pymupdf.open(stream=story_pdf.pdf(story)))
    pdf = re.sub(r"\s+", " ", pdf)
    word = docx.Document(io.BytesIO(story_docx.docx(story)))
    cells = [tuple(c.text for c in row.cells) for table in word.tables for row in table.rows]
    app = run(PAGE, omrade=NORRBY)
    page = next(t for name, t in tables(app).items() if name.startswith("Indikatorer som jämförs"))
    for row in rows:
        assert row in cells
        assert row in [tuple(one) for one in page.to_numpy()]
        assert re.sub(r"\s+", " ", " ".join(row[:2])) in pdf
    wall = story_wall.html(story).replace("<b>", "").replace("</b>", "")
    for point in story.section("standouts").points:
        assert html.escape(point) in wall


def test_the_chart_writes_each_number_and_what_is_not_shown():
    bars = (Bar("Inflytande", 0.784, 0.81), Bar("Socialt stöd (osäkert)", None, 0.74))
    drawn = charts.beside(Chart("Störst skillnad", "Så.", "Ortsråd Fristad", "Borås", bars), "")
    said = [(row["name"], row["who"], row["said"]) for row in drawn["layer"][0]["data"]["values"]]
    assert said == [
        ("Inflytande", "Här", "78\xa0%"),
        ("Inflytande", "Borås", "81\xa0%"),
        ("Socialt stöd (osäkert)", "Här", "visas inte"),
        ("Socialt stöd (osäkert)", "Borås", "74\xa0%"),
    ]
    assert "Ortsråd Fristad" in str(drawn["title"])
    drawn = charts.beside(Chart("Störst ändring", "Så.", "Nu", "Mätningen före", bars), "")
    assert drawn["layer"][0]["data"]["values"][0]["who"] == "Nu"


def test_a_base_area_has_no_meeting_that_writes():
    app = run(PAGE, omrade="1490R025", bild_vy=situations.WRITE)
    assert "Mötets del skrivs för ett nätverk" in text(app)


def test_a_reader_may_not_write():
    app = run(PAGE, **WRITE)
    assert "skrivskyddad" in text(app)
    assert not app.text_area


def test_every_field_is_saved_as_it_is_left(begun):
    write(begun, "Bostadsbolag: vad ser ni?", "Många lampor är släckta.")
    assert part().seen == {"Bostadsbolag": "Många lampor är släckta."}
    write(begun, "Gemensam bedömning", "Belysningen först.")
    write(begun, "Fokuspunkt 2", "Skolvägen")
    next(s for s in begun.selectbox if s.label == "Brå-prioritering för 2").select("3").run()
    assert part().joint == "Belysningen först."
    assert [(one.text, one.priority_id) for one in part().focus] == [("", ""), ("Skolvägen", "3")]
    again = run(PAGE, **WRITE)  # as after a lost connection: a new session
    assert field(again, "Bostadsbolag: vad ser ni?").value == "Många lampor är släckta."
    assert field(again, "Fokuspunkt 2").value == "Skolvägen"


def test_two_who_write_in_fields_of_their_own_lose_nothing(begun):
    other = run(PAGE, **WRITE)
    write(begun, "Bostadsbolag: vad ser ni?", "Släckta lampor.")
    write(other, "Boende: vad ser ni?", "Lugnare.")
    write(begun, "Gemensam bedömning", "Belysningen först.")
    assert part().seen == {"Bostadsbolag": "Släckta lampor.", "Boende": "Lugnare."}
    assert field(begun, "Boende: vad ser ni?").value == "Lugnare."


def test_two_who_write_in_one_field_see_both_texts_and_choose(begun):
    other = run(PAGE, **WRITE)
    write(begun, "Boende: vad ser ni?", "Åsas text")
    write(other, "Boende: vad ser ni?", "Bos text")
    assert part().seen["Boende"] == "Åsas text"
    assert "Två har skrivit i fältet" in text(other)
    assert "Åsas text" in text(other)
    assert field(other, "Boende: vad ser ni?").value == "Bos text"
    press(other, "Spara min text")
    assert part().seen["Boende"] == "Bos text"
    write(begun, "Boende: vad ser ni?", "Åsas andra")
    assert "Bos text" in text(begun)
    press(begun, "Behåll den andras")
    assert field(begun, "Boende: vad ser ni?").value == "Bos text"
    assert part().seen["Boende"] == "Bos text"


@pytest.mark.parametrize(
    ("words", "told"),
    [("Ring 070-174 06 05", "telefonnummer"), ("a" * 10_000, "gränsen är 2 000")],
)
def test_a_text_that_may_not_be_kept_stays_in_its_field(begun, words, told):
    write(begun, "Gemensam bedömning", words)
    assert told in text(begun)
    assert "Det här fältet är inte sparat" in text(begun)
    assert field(begun, "Gemensam bedömning").value == words
    assert part().joint == ""


def test_markup_is_shown_as_it_is_written(begun):
    markup = "*fet* <b>x</b> $a$ #rubrik [länk](http://x) `kod`"
    write(begun, "Gemensam bedömning", markup)
    assert f"Gemensam bedömning: {markup}" in plain(run(PAGE, omrade=NORRBY))


def test_it_is_not_closed_before_it_is_whole(begun):
    write(begun, "Fokuspunkt 1", "Skolvägen")
    begun.checkbox[0].check().run()
    assert "Fokuspunkt 1 saknar Brå-prioritering. Välj en." in text(begun)
    assert may_close(begun) is False


def may_close(app):
    return not next(b for b in app.button if b.label == "Avsluta lägesbilden").disabled


def test_it_is_not_closed_while_a_field_holds_what_is_not_saved(begun):
    write(begun, "Gemensam bedömning", "Belysningen först.")
    write(begun, "Boende: vad ser ni?", "Ring 070-174 06 05")
    begun.checkbox[0].check().run()
    assert "Inte sparat: Boende. Rätta eller välj text i fältet först." in text(begun)
    assert may_close(begun) is False
    undo = next(b for b in begun.button if b.label == "Ångra senaste ändringen")
    assert undo.disabled  # it would take back what is saved, not what is seen
    write(begun, "Boende: vad ser ni?", "Lugnare.")
    assert may_close(begun) is True
    other = run(PAGE, **WRITE)
    write(begun, "Fokuspunkt 1", "Skolvägen")
    write(other, "Fokuspunkt 1", "Torget")
    other.checkbox[0].check().run()
    assert "Inte sparat: Fokuspunkt 1." in text(other)
    assert may_close(other) is False


def leave_and_press(app, label, words, button):
    """Leave a field by pressing a button: the browser sends both at once."""
    field(app, label).input(words)
    press(app, button)


def test_what_was_left_by_pressing_the_button_is_closed_with_the_rest(begun):
    write(begun, "Gemensam bedömning", "Belysningen först.")
    begun.checkbox[0].check().run()
    leave_and_press(begun, "Boende: vad ser ni?", "Lugnare kvällar.", "Avsluta lägesbilden")
    assert "Lägesbilden är avslutad" in text(begun)
    assert part().seen == {"Boende": "Lugnare kvällar."}
    assert "Lugnare kvällar." in kept_signed()["snapshot"].iloc[0]  # the story of that moment


def kept_signed():
    with store.open() as opened:
        return opened.signed_pictures()


@pytest.mark.parametrize(
    ("label", "words", "told"),
    [
        ("Boende: vad ser ni?", "Ring 070-174 06 05", "Inte sparat: Boende."),
        ("Fokuspunkt 1", "Skolvägen", "Fokuspunkt 1"),  # it serves no priority
    ],
)
def test_it_is_not_closed_over_what_the_last_field_may_not_hold(begun, label, words, told):
    write(begun, "Gemensam bedömning", "Belysningen först.")
    begun.checkbox[0].check().run()
    leave_and_press(begun, label, words, "Avsluta lägesbilden")
    assert told in text(begun)
    assert "Lägesbilden är avslutad" not in text(begun)
    assert kept_signed().empty


def test_what_was_left_by_pressing_undo_is_undone(begun):
    write(begun, "Gemensam bedömning", "Belysningen först.")
    leave_and_press(begun, "Boende: vad ser ni?", "Lugnare.", "Ångra senaste ändringen")
    assert "Ångrat: Boende." in text(begun)
    assert (part().joint, part().seen) == ("Belysningen först.", {})


def test_it_is_not_closed_over_a_decision_that_is_half_written(begun):
    write(begun, "Gemensam bedömning", "Belysningen först.")
    begun.checkbox[0].check().run()
    assert may_close(begun) is True
    begun.session_state[state.fresh(f"beslut-{kept().index[0]}-")] = True  # opens the form
    begun.run()
    assert "är öppet. Spara beslutet först, eller fäll ihop" in text(begun)
    assert may_close(begun) is False


def test_the_next_tells_what_was_said_last_time(begun):
    write(begun, "Fokuspunkt 1", "Skolvägen")
    served = choose_priority(begun)
    close(begun)
    assert "Fokus då" not in text(run(PAGE, omrade=NORRBY))
    press(run(PAGE, **WRITE), "Börja på en ny lägesbild")
    said = plain(run(PAGE, omrade=NORRBY))
    assert f"Fokus då: Skolvägen (Brå: {data.work().priorities[served]})" in said
    assert "Gemensam bedömning då: Belysningen först." in said


def close(app):
    write(app, "Gemensam bedömning", "Belysningen först.")
    app.checkbox[0].check().run()
    press(app, "Avsluta lägesbilden")


def test_a_closed_one_stays_as_it_was_and_the_next_is_compared_with_it(begun):
    before = situation(NORRBY, data.facts(), work.today())
    close(begun)
    assert "ändras inte mer" in text(begun)
    assert not begun.text_area
    with store.open() as opened:
        signed = opened.signed_pictures()
    assert len(signed) == 1
    numbers = json.loads(signed.iloc[0]["snapshot"])
    shown = before.indicators[before.indicators["status"] == "ok"]
    assert {k: v["value"] for k, v in numbers["indicators"].items()} == shown["value"].to_dict()
    app = run(PAGE, omrade=NORRBY, bild_vy=situations.SIGNED)
    assert "Så såg den ut när den avslutades" in text(app)
    assert "Gemensam bedömning: Belysningen först." in plain(app)
    name = app.get("link_button")[0].proto.url.rpartition("/")[2]
    wall = (walls.SERVED / name).read_text("utf-8")
    (picture,) = situations.signed_story(data.work(), kept().index[0]).section("who").pictures
    assert base64.b64encode(picture.large).decode() in wall
    assert picture.large == data.story(NORRBY).section("who").pictures[0].large != picture.png
    press(run(PAGE, **WRITE), "Börja på en ny lägesbild")
    assert kept()["signed_date"].isna().tolist().count(True) == 1
    assert "Sedan den senaste avslutade lägesbilden" in text(run(PAGE, omrade=NORRBY))


def test_it_is_not_closed_over_what_another_one_has_just_written(begun):
    other = run(PAGE, **WRITE)
    write(begun, "Gemensam bedömning", "Belysningen först.")
    begun.checkbox[0].check().run()
    write(other, "Boende: vad ser ni?", "Lugnare.")
    for label in ("Avsluta lägesbilden", "Ångra senaste ändringen", "Ja, ta bort"):
        next(b for b in begun.button if b.label == label).click()
        with store.open() as opened:  # what the reader of the page has not seen yet
            row = opened.pictures().iloc[0]
            told = {"picture_id": kept().index[0], "joint": f"Före {label}"}
            opened.save_picture(told, "Bo", int(row["version"]))
        begun.run()
        assert "Någon annan har skrivit sedan du läste" in text(begun)
    assert kept()["signed_date"].isna().all()
    assert part().seen == {"Boende": "Lugnare."}


def test_what_is_written_in_a_draft_that_is_gone_can_be_copied(begun):
    other = run(PAGE, **WRITE)
    press(other, "Ja, ta bort")
    write(begun, "Boende: vad ser ni?", "Min långa text.")
    assert "Det här hann inte sparas" in text(begun)
    assert [block.value for block in begun.code] == ["Min långa text."]
    press(begun, "Klart, visa det inte mer")
    assert not begun.code


def test_conflicts_in_two_fields_are_shown_each_by_itself(begun):
    other = run(PAGE, **WRITE)
    for label in ("Boende: vad ser ni?", "Gemensam bedömning"):
        write(begun, label, "Åsas")
        write(other, label, "Bos")
    assert text(other).count("Två har skrivit i fältet") == 2
    write(other, "Fokuspunkt 1", "Skolvägen")
    assert text(other).count("Två har skrivit i fältet") == 2
    assert (part().joint, part().focus[0].text) == ("Åsas", "Skolvägen")


def test_who_is_written_over_is_told_what_stood_there(begun):
    write(begun, "Gemensam bedömning", "Belysningen först.")
    other = run(PAGE, **WRITE)
    write(begun, "Gemensam bedömning", "Belysningen sist.")
    assert [toast.value for toast in begun.toast] == ["Sparat: Gemensam bedömning"]
    write(other, "Gemensam bedömning", "Torget först.")
    press(other, "Spara min text")
    begun.run()
    (told,) = [toast.value for toast in begun.toast]
    assert "av någon annan, eller ångrat. Förut stod" in told
    assert "Belysningen sist." in told
    begun.run()
    assert not begun.toast


def test_a_draft_is_undone_removed_and_brought_back(begun):
    write(begun, "Gemensam bedömning", "Ett.")
    write(begun, "Gemensam bedömning", "Två.")
    press(begun, "Ångra senaste ändringen")
    assert "Ångrat: Gemensam bedömning." in text(begun)
    assert part().joint == "Ett."
    press(begun, "Ja, ta bort")
    assert kept().empty
    press(begun, "Hämta tillbaka")
    assert part().joint == "Ett."


def test_who_has_handed_in_is_told(begun):
    app = run(PAGE, bild_vy=situations.CITY)
    assert "0 av 20 nätverk har lämnat in en avslutad lägesbild, 1 har påbörjat en" in text(app)
    table = next(t for name, t in tables(app).items() if name.startswith("Lägesbilder "))
    states = table.set_index("Nätverk")["Läge"]
    assert states["Områdesnätverk Norrby"] == "påbörjad"
    assert states["Områdesnätverk Trandared"] == "vilande"
    assert (states == "inte påbörjad").sum() == 18
    close(begun)
    app = run(PAGE, bild_vy=situations.CITY)
    assert "1 av 20 nätverk har lämnat in en avslutad lägesbild" in text(app)


def test_a_decision_written_here_stands_among_the_decisions(begun):
    served = choose_priority(begun)
    offered = next(s for s in begun.selectbox if s.label == "Brå-prioritering")
    assert offered.value == served  # of the first focus point
    press(begun, "Spara beslutet")
    (told,) = (error.value for error in begun.error)  # all that is missing, in one place
    assert "Beslutet saknar datum" in told
    assert "Beslutet saknar ansvarig" in told
    begun.text_area[-1].input("Fler lampor på torget")
    next(s for s in begun.selectbox if s.label.startswith("Ansvarig")).select("Bostadsbolag")
    press(begun, "Spara beslutet")
    assert "Beslutet saknar datum" in text(begun)
    next(d for d in begun.date_input if d.label == "Klart senast").set_value(work.today().date())
    press(begun, "Spara beslutet")
    with store.open() as opened:
        made = opened.decisions()
    assert "Fler lampor på torget – **Bostadsbolag**" in text(begun)
    assert made["network_id"].tolist() == [NORRBY]
    assert made["meeting_id"].tolist() == [""]
    assert made["decided_date"].tolist() == [work.today()]
    table = tables(run(PAGE, omrade=NORRBY))["Beslut"]
    assert table.iloc[0].tolist()[:2] == ["Fler lampor på torget", "Bostadsbolag"]


def test_a_new_meeting_makes_another_lagesbild(writer):
    run(PAGE, omrade=NORRBY)
    with store.open() as opened:
        opened.save_meetings(
            meetings(meeting("m9", network_id=NORRBY, date=pd.Timestamp("2026-02-02"))), "prov"
        )
    assert "2026-02-02" in text(run(PAGE, omrade=NORRBY))


def test_the_annual_report_is_read_and_its_gaps_are_counted():
    app = run(PAGE, bild_vy=situations.ANNUAL, redovisat_ar="2017")
    story = data.report(2017)
    n = sum(len(section.gaps) for section in story.sections)
    assert f"{n} ställen står öppna att fylla i" in text(app)
    assert "3 av 8 nätverk barn och unga" in text(app)
    assert DEMO_MARK not in text(app)


def test_the_wall_is_written_once_and_named_by_its_content(tmp_path):
    name = shelf.put(tmp_path, "bild", ".html", "å", 64)
    assert shelf.put(tmp_path, "bild", ".html", "å", 64) == name
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert re.fullmatch(r"bild-[0-9a-f]{64}\.html", name)
    shelf.clear(tmp_path)
    assert (tmp_path / name).exists()


@pytest.mark.parametrize(
    ("name", "words"),
    [("joint", "A"), ("focus1", "B"), ("priority2", "3"), ("Skola", "C")],
)
def test_one_field_is_written_and_the_others_stay(name, words):
    first = picture_fields.written(of_row({"seen": "", "joint": "", "focus": ""}), "Polis", "P")
    both = picture_fields.written(first, name, words)
    assert picture_fields.read(both, name) == words
    assert picture_fields.read(both, "Polis") == "P"
    assert picture_fields.written(both, name, words) == both
