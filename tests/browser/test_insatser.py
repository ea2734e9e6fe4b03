"""The page Insatser och planer in a real Chromium: maps, views, files, and at 320 px."""

import openpyxl
import pandas as pd
import pytest
from playwright.sync_api import expect

from geo.sources import DEMO_MARK
from pages.parts import efforts_views
from tests.browser.controls import AREAS, SEARCH, download, map_of, seek, view

pytestmark = pytest.mark.browser
PAGE = "/insatser"
VIEWS = list(efforts_views.NEEDED)
NEEDS = f"{PAGE}?insatsvy=Behov+och+insatser&indikator=Sysselsatta+20–64+år&slag=Områdesnätverk"


def test_an_area_on_the_map_tells_its_efforts(page, visit):
    visit(page, PAGE)
    frame = map_of(page)
    expect(frame.locator(AREAS)).to_have_count(47 + 9)
    area = frame.locator('path[aria-label^="Norrby: 8 insatser"]')
    area.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("8 insatser nämner en plats i Norrby.")).to_be_visible()
    assert "vald=" in page.url
    seek(page, SEARCH, "tosseryd", "Tosseryd")
    expect(page.get_by_text("Ingen insats i källan nämner Tosseryd.")).to_be_visible()


def test_every_view_is_reached_by_the_control_and_passes_axe(
    server, open_page, visit, axe, screenshot
):
    with open_page(server.url, width=320) as page:
        visit(page, PAGE)
        for name in VIEWS:
            view(page, name)
            sentence = {"Budget": "var budgeten 2017", "Aktivitetsdagar": "12 dagar"}
            expect(page.get_by_text(sentence.get(name, "Sjöbo")).first).to_be_visible()
            page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
            has_map = name in ("Insatser på kartan", "Mötesplatser")
            expect(page.locator("iframe[title^=Karta]")).to_have_count(int(has_map))
            if has_map:
                map_of(page)
            assert axe(page) == [], name
            scroll = "(main) => main.scrollWidth - main.clientWidth"
            assert page.get_by_test_id("stMain").evaluate(scroll) <= 0, name
            screenshot(page, f"insatser-{VIEWS.index(name)}-320")
        assert "insatsvy=Aktivitetsdagar" in page.url


def test_a_view_can_be_reached_by_its_address(page, visit):
    visit(page, f"{PAGE}?insatsvy=Mötesplatser&vald=Bredared+–+basområde")
    map_of(page)
    expect(page.get_by_text("Mötesplats Sjöbo, 7,9–9,3 km (fågelvägen).")).to_be_visible()
    visit(page, NEEDS)
    expect(page.get_by_text("de 7 områdesnätverken ligger säkert sämre till")).to_be_visible()
    expect(page.locator("[data-testid=stVegaLiteChart] :is(canvas, svg)").first).to_be_visible()


def test_the_files_hold_what_is_shown_and_where_it_is_from(page, visit, tmp_path):
    visit(page, PAGE)
    map_of(page)
    book = openpyxl.load_workbook(download(page, "Excel", tmp_path))
    assert book.sheetnames == ["Insatser", "Platser", "Nätverk", "Basområden", "Om"]
    assert book["Insatser"].max_row == 16
    assert any("saknar datum" in str(cell.value) for cell in book["Om"]["A"])
    assert download(page, "Bild (PNG)", tmp_path).read_bytes().startswith(b"\x89PNG")
    assert "8 insatser" in download(page, "Karta (HTML, utan nät)", tmp_path).read_text("utf-8")


def test_what_is_made_up_is_marked_in_the_file(page, visit, tmp_path):
    visit(page, NEEDS)
    path = download(page, "CSV (värden)", tmp_path)
    table = pd.read_csv(path, sep=";", decimal=",", encoding="utf-8-sig")
    assert len(table) == 7
    assert set(table["källa"]) == {DEMO_MARK}
