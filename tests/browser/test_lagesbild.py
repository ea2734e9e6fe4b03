"""The page Lägesbild in a real Chromium: written by two, closed, shown on the wall, taken home."""

from urllib.parse import urlsplit

import docx
import pptx
import pymupdf
import pytest
from playwright.sync_api import expect

from tests.browser.controls import IDLE, download, pick, seek, view

pytestmark = pytest.mark.browser
NORRBY = "/lagesbild?omrade=Områdesnätverk Norrby"
WRITE = f"{NORRBY}&bild_vy=Mötets del"
SHOW = f"{NORRBY}&bild_vy=Visa och ladda ner"

TOGETHER, PHONE = "Belysningen först. <b>*ej fet*</b>", "Ring 070-174 06 05"


@pytest.fixture(scope="module")
def desk(start_server):
    """A server of its own where one may write."""
    with start_server(env={"LAGESBILD_WRITE": "yes"}) as running:
        yield running


def field(page, label):
    return page.get_by_role("textbox", name=label, exact=True)


def write(page, label, words):
    field(page, label).fill(words)
    page.keyboard.press("Tab")
    name = label.removesuffix(": vad ser ni?")
    expect(page.get_by_text(f"Sparat: {name}. Varje fält sparas")).to_be_visible()
    page.locator(IDLE).wait_for()


def look_away_and_come_back(page):
    for name, shown in (("Läs", "Vad sticker ut"), ("Mötets del", "Fokuspunkter, högst tre")):
        view(page, name)
        expect(page.get_by_role("heading", name=shown)).to_be_visible()
        page.locator(IDLE).wait_for()


def decide_without_a_date(page):
    page.get_by_text("Lägg till ett beslut").click()
    served = page.get_by_role("combobox", name="Brå-prioritering", exact=True)
    expect(served).to_have_value("Trygga offentliga miljöer")  # that of the first focus point
    page.locator(IDLE).wait_for()
    field(page, "Vad beslutades?").fill("Fler lampor")
    page.get_by_role("button", name="Spara beslutet").click()
    expect(page.get_by_text("Beslutet saknar datum")).to_be_visible()  # and not folded away
    page.locator(IDLE).wait_for()


def fold_the_decision_away_and_close(page):
    page.get_by_text("Vi är klara med texten").click()
    close = page.get_by_role("button", name="Avsluta lägesbilden").first  # two while it is new
    expect(page.get_by_text("Spara beslutet först, eller fäll ihop")).to_be_visible()
    expect(close).to_be_disabled()
    page.get_by_text("Lägg till ett beslut").first.click()
    expect(close).to_be_enabled()
    close.click()
    expect(page.get_by_text("Lägesbilden är avslutad 20")).to_be_visible()


def test_two_write_one_loses_the_line_and_the_lagesbild_is_closed(desk, open_page, visit, axe):
    with open_page(desk.url) as one, open_page(desk.url) as two:
        visit(one, WRITE)
        one.get_by_role("button", name="Börja på en ny lägesbild").click()
        expect(field(one, "Boende: vad ser ni?")).to_be_visible()
        visit(two, WRITE)
        write(one, "Boende: vad ser ni?", "Lugnare kvällar än i höstas.")
        write(two, "Gemensam bedömning", TOGETHER)
        expect(field(two, "Boende: vad ser ni?")).to_have_value("Lugnare kvällar än i höstas.")
        one.close()  # the line is lost: what was left is kept
        visit(two, WRITE)
        field(two, "Fokuspunkt 1").fill(PHONE)
        two.keyboard.press("Tab")
        expect(two.get_by_text("Det här fältet är inte sparat").first).to_be_visible()
        assert axe(two) == []
        look_away_and_come_back(two)
        expect(field(two, "Gemensam bedömning")).to_have_value(TOGETHER)
        expect(field(two, "Fokuspunkt 1")).to_have_value(PHONE)  # not saved, not lost
        write(two, "Fokuspunkt 1", "Skolvägen")
        pick(two, "Brå-prioritering för 1", "Trygga offentliga miljöer")
        two.locator(IDLE).wait_for()
        decide_without_a_date(two)
        fold_the_decision_away_and_close(two)
        visit(two, f"{NORRBY}&bild_vy=Tidigare")
        expect(two.get_by_text("Så såg den ut när den avslutades")).to_be_visible()
        expect(two.get_by_text(TOGETHER).first).to_be_visible()


def test_who_writes_on_after_tab_loses_no_letter(desk, open_page, visit):
    with open_page(desk.url) as page:
        visit(page, WRITE.replace("Norrby", "Sjöbo"))
        page.get_by_role("button", name="Börja på en ny lägesbild").click()
        field(page, "Gemensam bedömning").wait_for()
        visit(page, WRITE.replace("Norrby", "Sjöbo"))  # nothing is told above the fields yet
        field(page, "Gemensam bedömning").click()
        page.keyboard.type("Belysningen först.")
        page.keyboard.press("Tab")
        page.keyboard.type("Skolvägen och torget intill", delay=90)  # while the other is saved
        expect(field(page, "Fokuspunkt 1")).to_have_value("Skolvägen och torget intill")
        page.keyboard.press("Tab")
        expect(page.get_by_text("Sparat: Fokuspunkt 1.")).to_be_visible()
        visit(page, WRITE.replace("Norrby", "Sjöbo"))
        expect(field(page, "Gemensam bedömning")).to_have_value("Belysningen först.")
        expect(field(page, "Fokuspunkt 1")).to_have_value("Skolvägen och torget intill")


def test_a_server_that_dies_and_starts_again_loses_no_text(
    start_server, open_page, visit, tmp_path
):
    env = {"LAGESBILD_WRITE": "yes", "LAGESBILD_STORE": str(tmp_path / "lagesbild.sqlite")}
    with start_server(env=env) as first, open_page(first.url) as page:
        visit(page, WRITE)
        page.get_by_role("button", name="Börja på en ny lägesbild").click()
        write(page, "Boende: vad ser ni?", "Lugnare kvällar.")
        seen = field(page, "Gemensam bedömning")
        seen.fill("Belysningen först.")
        first.process.kill()
        first.process.wait()
        page.keyboard.press("Tab")
        with start_server(env=env, port=urlsplit(first.url).port):
            page.locator("[data-test-connection-state=CONNECTED]").wait_for()
            field(page, "Fokuspunkt 1").fill("Torget")  # what is done next asks the new server
            page.keyboard.press("Tab")
            unsaved = page.get_by_text("Det här fältet är inte sparat").first
            unsaved.wait_for(timeout=180_000)  # which reads everything anew
            expect(seen).to_have_value("Belysningen först.")
            expect(field(page, "Boende: vad ser ni?")).to_have_value("Lugnare kvällar.")
            page.get_by_role("button", name="Spara fältet").first.click()
            expect(page.get_by_text("Sparat: Gemensam bedömning.")).to_be_visible()
            visit(page, WRITE)
            expect(seen).to_have_value("Belysningen först.")


def test_the_documents_are_whole_and_say_what_the_page_says(desk, open_page, visit, tmp_path):
    with open_page(desk.url) as page:
        visit(page, NORRBY)
        first = page.get_by_role("listitem").filter(has_text="procentenheter").first.inner_text()
        visit(page, SHOW)
        pdf, word, slides = (download(page, n, tmp_path) for n in ("PDF", "Word", "PowerPoint"))
    assert pdf.name.startswith("lagesbild-on-norrby-20")
    said = " ".join(one.get_text() for one in pymupdf.open(pdf))
    assert " ".join(first.split(". ")[0].split()) in " ".join(said.split())
    assert first in [p.text for p in docx.Document(str(word)).paragraphs]
    shapes = [s for slide in pptx.Presentation(str(slides)).slides for s in slide.shapes]
    assert any(first in s.text_frame.text for s in shapes if s.has_text_frame)


def test_the_wall_needs_no_network_once_it_is_open(desk, open_page, visit, axe):
    with open_page(desk.url) as page:
        visit(page, SHOW)
        with page.context.expect_page() as opened:
            page.get_by_role("link", name="Visa på mötet").click()
        wall = opened.value
        expect(wall.locator("section:visible h1, section:visible h2").first).to_be_visible()
        page.context.set_offline(True)
        wall.keyboard.press("ArrowRight")
        expect(wall.get_by_role("heading", name="Vilka vi är").first).to_be_visible()
        expect(wall.locator("#count")).to_contain_text("2 av")
        assert axe(wall) == []
        wall.keyboard.press("ArrowLeft")
        expect(wall.locator("#count")).to_contain_text("1 av")


def test_the_network_is_chosen_by_keyboard_and_stands_in_the_address(desk, open_page, visit):
    with open_page(desk.url) as page:
        visit(page, "/lagesbild")
        seek(page, "Nätverk eller plats", "Ortsråd Fri", "Ortsråd Fristad")
        expect(page.get_by_role("heading", name="Ortsråd Fristad")).to_be_visible()
        assert "omrade=" in page.url
        address = page.url
        visit(page, address)
        expect(page.get_by_role("heading", name="Ortsråd Fristad")).to_be_visible()
        view(page, "Årsredovisning")
        expect(page.get_by_role("combobox", name="År", exact=True)).to_be_visible()
        expect(page.get_by_role("combobox", name="Nätverk eller plats")).to_have_count(0)
        view(page, "Läs")
        expect(page.get_by_role("heading", name="Ortsråd Fristad")).to_be_visible()
        seek(page, "Nätverk eller plats", "norrby", "Nätverk barn och unga Norrby")
        expect(page.get_by_role("heading", name="Nätverk barn och unga Norrby")).to_be_visible()
