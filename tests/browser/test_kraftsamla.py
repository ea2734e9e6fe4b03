"""The page Kraftsamla in a real Chromium: weights that move, the address, files."""

import json
import re

import openpyxl
import pytest
from playwright.sync_api import expect

from geo.sources import DEMO_MARK
from tests.browser.controls import AREAS, IDLE, download, map_of, pick, view

pytestmark = pytest.mark.browser
PAGE = "/kraftsamla"


def table(page, name):
    return page.get_by_role("region", name=name)


def test_the_ranking_is_on_the_map_in_the_chart_and_in_the_table(page, visit):
    visit(page, PAGE)
    expect(page.get_by_text("med störst behov, av")).to_be_visible()
    expect(map_of(page).locator(AREAS)).to_have_count(47 + 9)
    expect(table(page, "Rangordning").get_by_role("row")).to_have_count(10)
    expect(table(page, "Rangordning")).to_contain_text("Områdesnätverk Norrby")


def test_a_weight_is_moved_by_keyboard_and_stands_in_the_address(page, visit, server):
    visit(page, f"{PAGE}?viktval=Egna+vikter")
    before = table(page, "Vikterna").inner_text()
    slider = page.get_by_role("slider", name="Framtidstro · 7,7")
    slider.focus()
    for said in ("9,1", "10,4", "11,8"):  # each press is heard, though the label is another
        page.keyboard.press("ArrowRight")
        named = page.get_by_role("slider", name=f"Framtidstro · {said}")
        expect(named).to_be_focused()
    expect(table(page, "Vikterna")).to_contain_text("11,8")
    page.locator(IDLE).wait_for()
    assert table(page, "Vikterna").inner_text() != before
    assert "vikt_framtidstro=8" in page.url
    visit(page, page.url.removeprefix(server.url))
    expect(page.get_by_role("slider", name="Framtidstro · 11,8")).to_have_value("8")
    expect(table(page, "Vikterna")).to_contain_text("11,8")


def test_presses_in_a_row_are_all_counted(page, visit):
    visit(page, f"{PAGE}?viktval=Egna+vikter")
    page.get_by_role("slider", name="Framtidstro").focus()
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    slider = page.get_by_role("slider", name="Framtidstro · 15,5")
    expect(slider).to_be_focused()
    expect(slider).to_have_value("11")


def test_the_answer_is_in_the_first_screen_above_the_weights(page, visit):
    visit(page, f"{PAGE}?viktval=Egna+vikter")
    answer = page.get_by_text("med störst behov, av").bounding_box()
    first = page.get_by_role("slider").first.bounding_box()
    assert answer["y"] + answer["height"] < first["y"]
    assert answer["y"] + answer["height"] < 900


def test_the_tab_key_goes_through_the_sliders_as_the_table_has_them(page, visit):
    visit(page, f"{PAGE}?viktval=Egna+vikter")
    sliders = page.get_by_role("slider")
    expect(sliders).to_have_count(13)
    sliders.first.focus()
    for place in range(1, 5):
        page.keyboard.press("Tab")
        expect(sliders.nth(place)).to_be_focused()
    where = "(every) => every.map((one) => one.getBoundingClientRect().y)"
    boxes = sliders.evaluate_all(where)  # at one moment: what is above may still be growing
    assert boxes[0] == boxes[1] == boxes[2] < boxes[3]


def test_own_weights_begin_as_the_preset_and_the_address_gives_them_again(page, visit, server):
    visit(page, f"{PAGE}?viktval=Lika+per+målområde")
    view(page, "Egna vikter")
    slider = page.get_by_role("slider", name="Medlem i förening · 25,0")
    expect(slider).to_have_value("20")
    page.locator(IDLE).wait_for()
    expect(page).to_have_url(re.compile("vikt_foreningsmedlem=20"))
    before = table(page, "Vikterna").inner_text()
    visit(page, page.url.removeprefix(server.url))
    expect(slider).to_have_value("20")
    assert table(page, "Vikterna").inner_text() == before


def test_the_first_columns_are_seen_at_320_px(page, visit):
    page.set_viewport_size({"width": 320, "height": 700})
    visit(page, f"{PAGE}?bland=Basområden")
    box = table(page, "Rangordning")
    frame = box.bounding_box()
    for name in ("Område", "Bland de 5 första", "Plats"):
        head = box.get_by_role("columnheader", name=name, exact=True).bounding_box()
        assert head["x"] + head["width"] <= frame["x"] + frame["width"] + 1, name


def test_strength_and_seed_stand_in_the_address_and_in_the_file(page, visit, tmp_path):
    visit(page, f"{PAGE}?styrka=25&fro=3&bland=Ortsråd")
    expect(page.get_by_text("frö 3, vikternas styrka 25.")).to_be_visible()
    saved = json.loads(download(page, "Vikterna (JSON)", tmp_path).read_bytes())
    assert {"among": "ortsrad", "top": 2, "strength": 25.0, "seed": 3}.items() <= saved.items()


def test_what_drives_a_place_is_told_and_the_rest_kept(page, visit):
    visit(page, f"{PAGE}?kraft_vy=Vad+som+driver")
    pick(page, "Område", "Norrby")
    expect(page.get_by_text("Mest bidrar")).to_be_visible()
    view(page, "Behov och det som görs")
    expect(table(page, "Behov och det som görs")).to_contain_text("ingen registrerad")


def test_the_files_carry_the_mark_and_the_certainty(page, visit, tmp_path):
    visit(page, PAGE)
    book = openpyxl.load_workbook(download(page, "Excel", tmp_path))
    assert book.sheetnames == ["Rangordning", "Vikter", "Om"]
    about = [str(cell.value) for row in book["Om"] for cell in row]
    assert DEMO_MARK in about
    assert any("inte varför och inte vad som hjälper" in line for line in about)
    cells = dict(zip(*list(book["Rangordning"].iter_rows(values_only=True))[:2], strict=True))
    assert isinstance(cells["Andel av dragningarna (%)"], int | float)
    assert DEMO_MARK in download(page, "CSV (rangordning)", tmp_path).read_text("utf-8-sig")
    assert download(page, "En sida (PDF)", tmp_path).read_bytes()[:5] == b"%PDF-"
    assert download(page, "Bild (PNG)", tmp_path).read_bytes()[1:4] == b"PNG"
    saved = json.loads(download(page, "Vikterna (JSON)", tmp_path).read_bytes())
    assert sum(saved["weights"].values()) == pytest.approx(1)
