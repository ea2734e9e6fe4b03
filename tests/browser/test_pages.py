"""Every page in a real Chromium: whole, in Swedish, reachable by keyboard, and at 320 px."""

import base64
import re
import shutil
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from playwright.sync_api import expect

from geo import sources
from tests.browser.controls import AREAS, SEARCH, download, map_of, seek

pytestmark = pytest.mark.browser
TITLES = {
    "/": "Lägesbild Borås",
    "/tackning": "Täckning och överlapp",
    "/valfard": "Välfärd",
    "/vandringar": "Trygghetsvandringar",
    "/kraftsamla": "Kraftsamla",
    "/lagesbild": "Lägesbild",
    "/moten": "Möten",
    "/insatser": "Insatser och planer",
    "/data": "Data och kvalitet",
    "/metod": "Metod och ordlista",
}
STATES = [
    *TITLES,
    "/tackning?vald=Tosseryd+–+plats",
    "/tackning?farg=Vilka+slag+av+nätverk&folk=Folkmängd+per+basområde",
    "/tackning?lager=Områdesnätverk&vald=Nätverk+barn+och+unga+Centrum",
    "/valfard?indikator=Trygghet+i+skolan+och+området&slag=Områdesnätverk&vald=Områdesnätverk+Norrby",
    "/valfard?indikator=Anmälda+våldsbrott",
    "/?vald=Hulta+–+plats+(även+Hulda)",
    "/vandringar?vy=Uppföljning",
    "/vandringar?vy=Per+nätverk",
    "/vandringar?vy=Ändrat+sedan",
    "/vandringar?vald=Områdesnätverk+Norrby&status=Försenade",
    "/kraftsamla?bland=Basområden",
    "/kraftsamla?viktval=Egna+vikter",
    "/kraftsamla?kraft_vy=Vad+som+driver",
    "/kraftsamla?kraft_vy=Behov+och+det+som+görs",
    "/lagesbild?omrade=Områdesnätverk+Norrby",
    "/lagesbild?omrade=Områdesnätverk+Norrby&bild_vy=Visa+och+ladda+ner",
    "/lagesbild?bild_vy=Hela+staden,+för+Brå",
    "/moten?mote_vy=Krockar+och+lediga+dagar",
    "/moten?mote_vy=Mål+för+samverkan&mote_ar=2017",
    "/insatser?insatsvy=Utvecklingsplaner",
    "/insatser?vald=Sjöbo+centrum+–+basområde",
    "/insatser?insatsvy=Behov+och+insatser&indikator=Sysselsatta+20–64+år&slag=Områdesnätverk",
    "/insatser?insatsvy=Mötesplatser&vald=Områdesnätverk+Hulta",
    "/insatser?insatsvy=Budget",
    "/insatser?insatsvy=Aktivitetsdagar",
]


@pytest.mark.parametrize("path", ["/", "/lagesbild", "/metod"])  # the first, the heavy, the light
def test_a_fresh_server_serves_any_page_first_and_whole(start_server, open_page, path):
    with start_server() as fresh, open_page(fresh.url) as page:
        page.goto(path)
        heading = page.get_by_role("heading", level=1)
        expect(heading).to_have_text(TITLES[path], timeout=30_000)
        sidebar = page.get_by_test_id("stSidebar")
        for name in ("Översikt", *list(TITLES.values())[1:]):
            expect(sidebar.get_by_role("link", name=name, exact=True)).to_be_visible()
        assert "Traceback" not in fresh.log


def test_it_also_runs_without_our_server(start_server, open_page):
    with start_server("app.py") as plain, open_page(plain.url) as page:
        page.goto("/tackning")
        expect(map_of(page).locator(AREAS)).to_have_count(67)


WIDE = [(path, 1280) for path in TITLES]  # what is on a page does not change with its width


@pytest.mark.parametrize(("path", "width"), [*WIDE, *((path, 320) for path in STATES)])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    server, open_page, visit, axe, screenshot, path, width
):
    with open_page(server.url, width=width) as page:
        visit(page, path)
        if not any(
            part in path for part in ("metod", "data", "våldsbrott", "vy=", "moten", "lages")
        ):
            map_of(page)
        assert axe(page) == []
        faded = page.locator("[data-testid=stCaptionContainer] code")  # axe sees it now and then
        expect(faded).to_have_count(0)
        scroll = "(main) => main.scrollWidth - main.clientWidth"
        assert page.get_by_test_id("stMain").evaluate(scroll) <= 0
        screenshot(page, f"{re.sub('[^a-zåäö]+', '-', path.lower()).strip('-') or 'start'}-{width}")


def test_the_map_is_reached_by_tab_and_an_area_chosen_by_enter(page, visit):
    visit(page, "/tackning")
    areas = map_of(page).locator(AREAS)
    expect(areas).to_have_count(67)
    for area in areas.all():
        assert area.get_attribute("tabindex") == "0"
        assert area.get_attribute("aria-label")
    page.get_by_text("Vilka slag av nätverk").focus()
    page.get_by_role("radio", name="Vilka slag av nätverk").focus()
    page.keyboard.press("Tab")
    names = []
    for _ in range(12):
        focused = page.evaluate(
            "() => { let e = document.activeElement; while (e.contentDocument) "
            "e = e.contentDocument.activeElement; return e.getAttribute('aria-label') || ''; }"
        )
        names.append(focused)
        if focused.startswith("Bergdalen-Norrmalm väst: 1 nätverk"):
            break
        page.keyboard.press("Tab")
    assert names[-1].startswith("Bergdalen-Norrmalm väst: 1 nätverk"), names
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Bergdalen-Norrmalm väst – basområde")).to_be_visible()
    assert "vald=" in page.url


def test_the_map_can_be_skipped(page, visit):
    visit(page, "/tackning")
    frame = map_of(page)
    frame.get_by_role("button", name="Hoppa över kartans områden").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") != "IFRAME"


def test_a_click_chooses_an_area_and_a_network(page, visit):
    visit(page, "/tackning")
    frame = map_of(page)
    frame.locator('path[aria-label^="Rångedala"]').click()
    expect(page.get_by_role("heading", name="Rångedala – basområde")).to_be_visible()
    frame.locator('path[aria-label="Ortsråd Fristad"]').focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Ortsråd Fristad")).to_be_visible()


def test_the_same_area_can_be_chosen_again_after_another_choice(page, visit):
    visit(page, "/tackning")
    area = map_of(page).locator('path[aria-label^="Rångedala"]')
    area.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Rångedala – basområde")).to_be_visible()
    seek(page, SEARCH, "tosseryd", "Tosseryd")
    expect(page.get_by_role("heading", name="Tosseryd – plats")).to_be_visible()
    area.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Rångedala – basområde")).to_be_visible()


def test_a_misspelt_place_is_found_by_typing(page, visit):
    visit(page, "/")
    seek(page, SEARCH, "hulda", "Hulta – plats")
    expect(page.get_by_role("heading", name="Hulta – plats")).to_be_visible()


def test_a_change_keeps_the_map_its_zoom_and_the_choice(page, visit):
    visit(page, "/tackning?vald=Tosseryd+–+plats")
    frame = map_of(page)
    handle = page.locator("iframe[title^=Karta]")
    expect(frame.locator('path[aria-pressed="true"]')).to_have_count(1)
    frame.locator("#map_div").evaluate("() => map_div.setZoom(11, {animate: false})")
    look = "(box) => [map_div.getZoom(), map_div.getCenter().lat.toFixed(4)]"
    before = frame.locator("#map_div").evaluate(look)
    handle.evaluate("(frame) => { frame.contentWindow.kept = true; }")
    first = frame.locator(AREAS).first
    colour = first.get_attribute("fill")
    page.get_by_role("radio", name="Vilka slag av nätverk").click()
    expect(first).not_to_have_attribute("fill", colour)
    assert handle.evaluate("(frame) => frame.contentWindow.kept")
    assert frame.locator("#map_div").evaluate(look) == before
    expect(frame.locator('path[aria-pressed="true"]')).to_have_count(1)
    expect(page.get_by_role("heading", name="Tosseryd – plats")).to_be_visible()


def test_panning_asks_the_server_nothing(page, visit):
    sent = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda data: sent.append(data)))
    visit(page, "/tackning")
    frame = map_of(page)
    expect(frame.locator('path[aria-pressed="false"]')).not_to_have_count(0)
    with page.expect_console_message(lambda message: message.text == "flyttad"):
        before = len(sent)
        frame.locator("#map_div").evaluate(
            "() => { map_div.on('moveend', () => setTimeout(() => console.log('flyttad'), 600));"
            " map_div.panBy([80, 40], {animate: false}); }"
        )
    assert len(sent) == before


def test_layers_come_and_go_on_the_map(page, visit):
    visit(page, "/tackning")
    frame = map_of(page)
    expect(frame.locator('path[aria-label^="Ortsråd"]')).to_have_count(4)
    page.get_by_role("button", name="Ortsråd").click()
    expect(frame.locator('path[aria-label^="Ortsråd"]')).to_have_count(0)
    page.get_by_role("button", name="Ortsråd").click()
    expect(frame.locator('path[aria-label^="Ortsråd"]')).to_have_count(4)


def test_downloads_open_in_other_programs(page, visit, tmp_path):
    visit(page, "/tackning")
    book = openpyxl.load_workbook(download(page, "Excel", tmp_path))
    assert book.sheetnames[:2] == ["Basområden", "Överlapp"]
    assert book.sheetnames[-1] == "Om"
    assert book["Basområden"].max_row == 48
    table = pd.read_csv(download(page, "CSV (basområden)", tmp_path), sep=";", encoding="utf-8-sig")
    assert len(table) == 47
    package = download(page, "GeoPackage (SWEREF 99 TM)", tmp_path)
    layer = gpd.read_file(package, layer="upptagningsomraden")
    assert (len(layer), layer.crs.to_epsg()) == (20, 3006)
    geojson = gpd.read_file(download(page, "GeoJSON (WGS 84)", tmp_path))
    assert (len(geojson), geojson.crs.to_epsg()) == (20, 4326)
    picture = download(page, "Bild (PNG)", tmp_path)
    assert picture.read_bytes().startswith(b"\x89PNG")
    shutil.copy(picture, Path("test-results") / picture.name)


def test_the_downloaded_map_opens_without_a_network(page, visit, browser, tmp_path):
    visit(page, "/tackning?vald=Tosseryd+–+plats")
    map_of(page)
    path = download(page, "Karta (HTML, utan nät)", tmp_path)
    context = browser.new_context(offline=True, locale="sv-SE")
    asked, faults = [], []
    context.on("request", lambda request: asked.append(request.url))
    context.on("weberror", lambda error: faults.append(str(error.error)))
    alone = context.new_page()
    alone.goto(path.as_uri())
    expect(alone.locator(AREAS)).to_have_count(67)
    expect(alone.get_by_text("Södra Öresjö: 1 nätverk").first).to_be_attached()
    assert [address for address in asked if not address.startswith(("file:", "data:"))] == []
    assert faults == []
    alone.screenshot(path="test-results/karta-som-fil.png", full_page=True)
    context.close()


def test_hostile_names_in_data_are_shown_as_text(start_server, open_page, visit, tmp_path):
    name = "<img src=x onerror=window.top.hacked=1>"
    copy = tmp_path / "data"
    shutil.copytree(sources.DATA, copy)
    path = copy / "base_areas.geojson"
    path.write_text(path.read_text("utf-8").replace('"Östermalm"', f'"{name}"'), "utf-8")
    with start_server(env={"LAGESBILD_DATA": str(copy)}) as bad, open_page(bad.url) as page:
        visit(page, "/tackning")
        area = map_of(page).locator('path[aria-label^="<img"]')
        expect(area).to_have_count(1)
        area.focus()
        expect(page.frame_locator("iframe").locator(".leaflet-tooltip")).to_contain_text("<img")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name=f"{name} – basområde")).to_be_visible()
        assert page.evaluate("window.hacked") is None


def test_a_file_is_tried_and_its_faults_told(page, visit, tmp_path):
    path = tmp_path / "tillhörighet.csv"
    path.write_bytes(
        "network_id;base_area_id;extent;share\nbu-boda;1490R005;whole;1\n"
        "bu-boda;1490R999;whole;1\nbu-boda;1490R017;part;1,5\n".encode("cp1252")
    )
    visit(page, "/data")
    page.get_by_test_id("stFileUploaderDropzoneInput").last.set_input_files(path)
    expect(page.get_by_text("2 fel. 1 rad kan användas")).to_be_visible()
    expect(page.get_by_text("base_area_id 1490R999 finns inte i registret")).to_be_visible()
    expect(page.get_by_text("share: högst 1 väntades")).to_be_visible()


def visible_names(frame):
    count = "(spans) => spans.filter((span) => span.style.visibility !== 'hidden').length"
    return frame.locator(".place span").evaluate_all(count)


def test_place_names_thin_out_when_zooming_out(page, visit):
    visit(page, "/tackning")
    frame = map_of(page)
    whole = visible_names(frame)
    assert 0 < whole < 47
    frame.locator("#map_div").evaluate("() => map_div.setZoom(14, {animate: false})")
    assert visible_names(frame) == 47


class Tiles(BaseHTTPRequestHandler):
    """A background map of this machine's own: one grey tile for every address."""

    asked: ClassVar[list[str]] = []
    picture = base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
    )

    def do_GET(self):
        self.asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.end_headers()
        self.wfile.write(self.picture)

    def log_message(self, *_):
        return


def test_the_citys_own_tiles_are_let_in_and_nothing_else(start_server, browser, visit):
    house = ThreadingHTTPServer(("127.0.0.1", 0), Tiles)
    Thread(target=house.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{house.server_port}/{{z}}/{{x}}/{{y}}.png"
    try:
        with start_server(env={"LAGESBILD_TILES": address}) as tiled:
            context = browser.new_context(base_url=tiled.url)
            page = context.new_page()
            visit(page, "/tackning")
            loaded = map_of(page).locator("img.leaflet-tile-loaded")
            expect(loaded).not_to_have_count(0)
            policy = page.request.get("/component/streamlit_folium.st_folium/index.html").headers
            assert f"127.0.0.1:{house.server_port}" in policy["content-security-policy"]
            context.close()
    finally:
        house.shutdown()
        house.server_close()
    assert Tiles.asked
