"""The page Välfärd and the import of its figures in a real Chromium."""

import openpyxl
import pandas as pd
import pytest
from playwright.sync_api import expect

from geo.sources import DEMO_MARK
from tests.browser.controls import AREAS, SEARCH, download, map_of, seek

pytestmark = pytest.mark.browser
TRUST = "/valfard?indikator=Trygghet+i+skolan+och+området"


def test_a_network_is_chosen_on_the_map_and_said_beside_the_city(page, visit):
    visit(page, f"{TRUST}&slag=Områdesnätverk")
    frame = map_of(page)
    expect(frame.locator(AREAS)).to_have_count(47 + 7)
    line = frame.locator('path[aria-label="Områdesnätverk Norrby"]')
    line.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Områdesnätverk Norrby, 2024 (syntetiskt):")).to_be_visible()
    assert "vald=" in page.url
    seek(page, SEARCH, "tosseryd", "Tosseryd")
    expect(page.get_by_text("Södra Öresjö, 2024 (syntetiskt):")).to_be_visible()


def test_another_indicator_recolours_the_same_map(page, visit):
    visit(page, TRUST)
    frame = map_of(page)
    handle = page.locator("iframe[title^=Karta]")
    handle.evaluate("(frame) => { frame.contentWindow.kept = true; }")
    area = frame.locator('path[aria-label^="Brämhult"]')
    label = area.get_attribute("aria-label")
    seek(page, "Indikator", "hyres", "Hyresr")
    expect(area).not_to_have_attribute("aria-label", label)
    assert handle.evaluate("(frame) => frame.contentWindow.kept")
    assert "indikator=Hyresr" in page.url


def test_the_charts_are_drawn_and_say_what_they_show(page, visit):
    visit(page, TRUST)
    map_of(page)
    drawn = page.locator("[data-testid=stVegaLiteChart]")
    expect(drawn).to_have_count(2, timeout=20_000)
    for chart in drawn.all():
        expect(chart.locator("canvas, svg").first).to_be_visible()


def test_the_files_hold_what_is_shown_and_the_mark(page, visit, tmp_path):
    visit(page, TRUST)
    map_of(page)
    path = download(page, "CSV (värden)", tmp_path)
    table = pd.read_csv(path, sep=";", decimal=",", encoding="utf-8-sig")
    assert len(table) == 47 + 20 + 3 + 1
    assert set(table["källa"]) == {DEMO_MARK}
    hidden = table["status"].str.startswith("dolt")
    assert table.loc[hidden, "värde"].isna().all()
    book = openpyxl.load_workbook(download(page, "Excel", tmp_path))
    assert book.sheetnames == ["Värden", "Basområden", "Nätverk", "Över tid", "Om"]
    assert DEMO_MARK in [cell.value for cell in book["Om"]["A"]]
    assert download(page, "Bild (PNG)", tmp_path).read_bytes().startswith(b"\x89PNG")
    assert DEMO_MARK in download(page, "Karta (HTML, utan nät)", tmp_path).read_text("utf-8")


def test_a_file_is_read_in_shown_and_taken_back(start_server, open_page, visit, tmp_path):
    path = tmp_path / "välfärd.csv"
    rows = [f"trygghet;1490R{n:03};RegSO2025;2025;{50 + n};{100 + n}" for n in range(1, 48)]
    head = "indikator;kod;årgång;år;täljare;nämnare"
    path.write_bytes("\r\n".join([head, *rows]).encode("cp1252"))
    with start_server(env={"LAGESBILD_WRITE": "yes"}) as own, open_page(own.url) as page:
        visit(page, "/data")
        page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(path)
        expect(page.get_by_text("47 nya värden")).to_be_visible(timeout=20_000)
        page.get_by_role("button", name="Läs in", exact=True).click()
        expect(page.get_by_text("47 värden inlästa som import 1")).to_be_visible()
        visit(page, TRUST)
        expect(page.get_by_text("Borås 2025: ")).to_be_visible(timeout=20_000)
        assert page.get_by_text(DEMO_MARK).count() == 0
        visit(page, "/data")
        page.get_by_role("button", name="Ångra inläsningen").click()
        expect(page.get_by_test_id("stAlert").get_by_text("Import 1 är ångrad")).to_be_visible()
        visit(page, TRUST)
        expect(page.get_by_text("Borås 2024 (syntetiskt): ")).to_be_visible(timeout=20_000)


def test_without_the_right_to_write_the_page_only_tries(page, visit, tmp_path):
    path = tmp_path / "prov.csv"
    path.write_text(
        "indikator;kod;årgång;år;antal\nfolkmangd;1490R001;RegSO2025;2024;77\n", "utf-8"
    )
    visit(page, "/data")
    page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(path)
    expect(page.get_by_text("sidan är skrivskyddad")).to_be_visible(timeout=20_000)
    expect(page.get_by_role("button", name="Läs in", exact=True)).to_have_count(0)
