"""The page Kraftsamla in a real Chromium: weights that move, the address, files."""

import json

import openpyxl
import pytest
from playwright.sync_api import expect

from geo.sources import DEMO_MARK
from tests.browser.test_pages import AREAS, download, map_of
from tests.browser.test_vandringar import IDLE, pick, view

pytestmark = pytest.mark.browser
PAGE = "/kraftsamla"


def table(page, name):
    return page.get_by_role("region", name=name)


def test_the_ranking_is_on_the_map_in_the_chart_and_in_the_table(page, visit):
    visit(page, PAGE)
    expect(page.get_by_text("med störst behov:")).to_be_visible()
    expect(map_of(page).locator(AREAS)).to_have_count(47 + 9)
    expect(table(page, "Rangordning").get_by_role("row")).to_have_count(10)
    expect(table(page, "Rangordning")).to_contain_text("Områdesnätverk Norrby")


def test_a_weight_is_moved_by_keyboard_and_stands_in_the_address(page, visit, server):
    visit(page, f"{PAGE}?viktval=Egna+vikter")
    before = table(page, "Vikterna").inner_text()
    slider = page.get_by_role("slider", name="Framtidstro")
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(table(page, "Vikterna")).to_contain_text("11,8")
    page.locator(IDLE).wait_for()
    assert table(page, "Vikterna").inner_text() != before
    assert "vikt_framtidstro=8" in page.url
    visit(page, page.url.removeprefix(server.url))
    expect(table(page, "Vikterna")).to_contain_text("11,8")


def test_what_drives_a_place_is_told_and_the_rest_kept(page, visit):
    visit(page, f"{PAGE}?kraft_vy=Vad+som+driver")
    pick(page, "Område", "Norrby")
    expect(page.get_by_text("Mest bidrar")).to_be_visible()
    view(page, "Behov och det som görs")
    expect(table(page, "Behov och det som görs")).to_contain_text("plan saknas")


def test_the_files_carry_the_mark_and_the_certainty(page, visit, tmp_path):
    visit(page, PAGE)
    book = openpyxl.load_workbook(download(page, "Excel", tmp_path))
    assert book.sheetnames == ["Rangordning", "Vikter", "Om"]
    assert any(DEMO_MARK in str(cell.value) for row in book["Om"] for cell in row)
    assert download(page, "En sida (PDF)", tmp_path).read_bytes()[:5] == b"%PDF-"
    assert download(page, "Bild (PNG)", tmp_path).read_bytes()[1:4] == b"PNG"
    saved = json.loads(download(page, "Vikterna (JSON)", tmp_path).read_bytes())
    assert sum(saved["weights"].values()) == pytest.approx(1)
