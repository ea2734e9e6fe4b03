"""The page Trygghetsvandringar in a real Chromium: marks, filters, registering, following up."""

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from playwright.sync_api import expect

from geo.sources import DEMO_MARK
from tests.browser.controls import AREAS, IDLE, download, map_of, pick, view

pytestmark = pytest.mark.browser
PAGE = "/vandringar"
MARKS = "[role=button].leaflet-marker-icon"


@pytest.fixture
def own(start_server, open_page):
    """A page on a server of its own where one may write."""
    with start_server(env={"LAGESBILD_WRITE": "yes"}) as server, open_page(server.url) as page:
        yield page


def test_marks_are_grouped_come_apart_and_are_chosen_by_keyboard(page, visit):
    visit(page, f"{PAGE}?vald=Norrby+–+basområde")
    frame = map_of(page)
    expect(frame.locator(AREAS)).to_have_count(47)
    groups = frame.locator(f"{MARKS}.several")
    expect(groups.first).to_be_visible()
    singles = frame.locator(f"{MARKS}.mark")
    for _ in range(8):
        if singles.count():
            break
        groups.first.focus()
        page.keyboard.press("Enter")
        expect(frame.locator(".leaflet-zoom-anim")).to_have_count(0)
    single = singles.first
    label = single.get_attribute("aria-label")
    single.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=label)).to_be_visible()


def test_a_filter_narrows_the_list_the_marks_and_the_address(page, visit):
    visit(page, PAGE)
    map_of(page)
    expect(page.get_by_text("Välj ett fynd (342 i urvalet)")).to_be_visible()
    page.get_by_text("Filter: kategori").click()
    pick(page, "Status", "Försenade")
    expect(page.get_by_text("Välj ett fynd (98 i urvalet)")).to_be_visible()
    assert "status=" in page.url
    pick(page, "Sök plats, nätverk eller basområde", "Sjömarken – plats")
    expect(page.get_by_text("Välj ett fynd (98 i urvalet)")).to_have_count(0)


def test_the_files_hold_what_is_shown_and_the_mark(page, visit, tmp_path):
    visit(page, PAGE)
    map_of(page)
    table = pd.read_csv(download(page, "CSV (fynd)", tmp_path), sep=";", encoding="utf-8-sig")
    assert len(table) == 342
    assert set(table["källa"]) == {DEMO_MARK}
    book = openpyxl.load_workbook(download(page, "Excel", tmp_path))
    assert DEMO_MARK in [cell.value for cell in book["Om"]["A"]]
    layer = gpd.read_file(download(page, "GeoPackage (SWEREF 99 TM)", tmp_path))
    assert (len(layer), layer.crs.to_epsg()) == (342, 3006)


def test_a_sheet_is_handed_over_as_pdf_and_excel(page, visit, tmp_path):
    visit(page, PAGE)
    view(page, "Uppföljning")
    pick(page, "Ansvarig", "Polisen")
    waiting = page.get_by_role("region", name="Väntar, det äldsta först")
    expect(waiting.get_by_role("rowheader", name="Polisen").first).to_be_visible()
    expect(waiting.get_by_role("rowheader", name="Victoriahem")).to_have_count(0)
    pdf = download(page, "Lista att lämna över (PDF)", tmp_path)
    assert pdf.read_bytes().startswith(b"%PDF-")
    book = openpyxl.load_workbook(download(page, "Lista att lämna över (Excel)", tmp_path))
    head, *rows = book["Fynd"].iter_rows(values_only=True)
    assert {row[head.index("ansvarig")] for row in rows} == {"Polisen"}


def test_a_finding_is_pointed_out_on_the_map_written_and_followed_up(own, visit):
    page = own
    visit(page, f"{PAGE}?vy=Registrera")
    frame = page.frame_locator("iframe[title^=Karta]")
    area = frame.locator('path[aria-label="Norrby"]')
    text = page.get_by_role("textbox", name="Vad såg ni?")
    text.fill("Lampan vid trappan är släckt")
    area.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Öst (SWEREF 99 TM)")).not_to_have_value("")
    expect(text).to_have_value("Lampan vid trappan är släckt")
    page.get_by_role("button", name="Spara fyndet").click()
    expect(page.get_by_test_id("stAlert").get_by_text("1 fynd är sparat")).to_be_visible()
    view(page, "Karta och lista")
    page.locator(IDLE).wait_for()
    expect(page.get_by_text(DEMO_MARK)).to_have_count(0)
    expect(page.locator("iframe[title*=klicka]")).to_have_count(0)  # the map to point at is gone
    expect(page.locator("iframe[title^=Karta]")).to_have_count(1)
    mark = map_of(page).locator(f"{MARKS}.mark")
    mark.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("ansvarig saknas")).to_be_visible()
    pick(page, "Nästa steg", "Ansvarig utsedd")
    pick(page, "Ansvarig", "AB Bostäder")
    page.get_by_role("button", name="Spara", exact=True).click()
    expect(page.get_by_test_id("stAlert").get_by_text("Ändringen är sparad")).to_be_visible()
    expect(page.get_by_text("✓ ansvarig: AB Bostäder")).to_be_visible()
    page.locator(IDLE).wait_for()
    page.get_by_role("button", name="Ångra senaste ändringen").click()
    expect(page.get_by_text("ansvarig saknas")).to_be_visible()


def test_personal_data_is_refused_and_the_text_stays(own, visit):
    page = own
    visit(page, f"{PAGE}?vy=Registrera")
    text = page.get_by_role("textbox", name="Vad såg ni?")
    text.fill("Bilen ABC123 står på gångvägen")
    page.get_by_role("textbox", name="Öst (SWEREF 99 TM)").fill("376740")
    page.get_by_role("textbox", name="Norr (SWEREF 99 TM)").fill("6399899")
    page.get_by_role("button", name="Spara fyndet").click()
    expect(page.get_by_text("Inget är sparat ännu")).to_be_visible()
    expect(text).to_have_value("Bilen ABC123 står på gångvägen")


def test_two_who_edit_one_finding_each_keep_their_text(start_server, open_page, visit):
    with start_server(env={"LAGESBILD_WRITE": "yes"}) as server, open_page(server.url) as first:
        visit(first, f"{PAGE}?vy=Registrera")
        first.get_by_role("textbox", name="Vad såg ni?").fill("Mörk gångväg")
        first.get_by_role("textbox", name="Öst (SWEREF 99 TM)").fill("376740")
        first.get_by_role("textbox", name="Norr (SWEREF 99 TM)").fill("6399899")
        first.get_by_role("button", name="Spara fyndet").click()
        expect(first.get_by_test_id("stAlert").get_by_text("1 fynd är sparat")).to_be_visible()
        with open_page(server.url) as second:
            for page in (first, second):
                visit(page, PAGE)
                mark = map_of(page).locator(f"{MARKS}.mark")
                mark.focus()
                page.keyboard.press("Enter")
                expect(page.get_by_role("textbox", name="Beskrivning")).to_be_visible()
            first.get_by_role("textbox", name="Beskrivning").fill("Den enas text")
            second.get_by_role("textbox", name="Beskrivning").fill("Den andras text")
            second.get_by_role("button", name="Spara", exact=True).click()
            expect(
                second.get_by_test_id("stAlert").get_by_text("Ändringen är sparad")
            ).to_be_visible()
            first.get_by_role("button", name="Spara", exact=True).click()
            expect(first.get_by_text("Två har ändrat fyndet samtidigt")).to_be_visible()
            told = first.get_by_role("region", name="Det som skiljer")
            expect(told).to_contain_text("Den enas text")
            expect(told).to_contain_text("Den andras text")
            first.get_by_role("button", name="Spara min version").click()
            expect(
                first.get_by_test_id("stAlert").get_by_text("Din version är sparad")
            ).to_be_visible()


def test_a_file_of_the_field_is_read_in_twice_and_taken_back(own, visit, tmp_path):
    page = own
    path = tmp_path / "export.csv"
    head = "KEY,record,network,walk_date,walk_id,kind,category,description"
    head += ",location-Latitude,location-Longitude\n"
    rows = [
        f"uuid:{n},finding,on-norrby,2026-03-01,{walk_id},brist,belysning,"
        f"Lampa {n},57.724{n},12.93\n"
        for n, walk_id in enumerate(("", "", "tv-2017-10-03-norrby"))
    ]
    walk = "uuid:9,walk,on-norrby,2026-03-01,,,,,,\n"
    path.write_text(head + "".join(rows) + walk, "utf-8")
    visit(page, f"{PAGE}?vy=Läs+in+fil")
    page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(path)
    expect(page.get_by_text("Fynd: 3 nya. Vandringar: 1 nya.")).to_be_visible()
    page.get_by_role("button", name="Läs in", exact=True).click()
    expect(page.get_by_test_id("stAlert").get_by_text("export.csv är inläst")).to_be_visible()
    page.locator(IDLE).wait_for()  # else the file goes to the upload that is being put away
    page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(path)
    expect(page.get_by_text("Fynd: 3 oförändrade. Vandringar: 1 oförändrade.")).to_be_visible()
    page.get_by_role("button", name="Ångra inläsningen").click()
    expect(page.get_by_test_id("stAlert").get_by_text("Import 1 är ångrad")).to_be_visible()


def test_without_the_right_to_write_one_may_look_and_take_the_form(page, visit, tmp_path):
    visit(page, f"{PAGE}?vy=Registrera")
    expect(page.get_by_text("Sidan är skrivskyddad")).to_be_visible()
    expect(page.get_by_role("button", name="Spara fyndet")).to_have_count(0)
    book = openpyxl.load_workbook(download(page, "Formulär för fält (XLSForm)", tmp_path))
    assert book.sheetnames == ["survey", "choices", "settings"]
