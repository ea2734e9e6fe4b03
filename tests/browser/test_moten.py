"""The page Möten in a real Chromium: calendar, files, a meeting with its decisions, two writers."""

import pytest
from icalendar import Calendar
from playwright.sync_api import expect

from pages.parts import meeting_controls
from tests.browser.controls import IDLE, download, pick, view

pytestmark = pytest.mark.browser
PAGE = "/moten"
VIEWS = list(meeting_controls.VIEWS)
BODA = "2017-01-26 Nätverk barn och unga Boda"


@pytest.fixture
def own(start_server, open_page):
    """A page on a server of its own where one may write."""
    with start_server(env={"LAGESBILD_WRITE": "yes"}) as server, open_page(server.url) as page:
        yield page


def test_every_view_is_reached_and_passes_axe(start_server, open_page, visit, axe, screenshot):
    writable = start_server(env={"LAGESBILD_WRITE": "yes"})
    with writable as server, open_page(server.url, width=320) as page:
        visit(page, PAGE)
        for place, name in enumerate(VIEWS):
            view(page, name)
            page.locator(IDLE).wait_for()
            assert axe(page) == [], name
            scroll = "(main) => main.scrollWidth - main.clientWidth"
            assert page.get_by_test_id("stMain").evaluate(scroll) <= 0, name
            screenshot(page, f"moten-{place}-320")


def test_the_calendar_stands_in_the_address_and_can_be_tried_with_another_guideline(page, visit):
    visit(page, f"{PAGE}?mote_ar=2017")
    expect(page.get_by_text("3 av 8 barn och unga höll takten")).to_be_visible()
    spring = page.get_by_role("region", name="Vårterminen 2017: möten per nätverk och vecka")
    expect(spring.get_by_role("rowheader", name="Boda", exact=True)).to_be_visible()
    page.get_by_role("radio", name="G2:").click()
    expect(page.get_by_text("5 av 8 barn och unga höll takten")).to_be_visible()
    assert "riktlinje=G2" in page.url


def test_the_views_are_chosen_by_keyboard(page, visit):
    visit(page, PAGE)
    page.get_by_role("radio", name=VIEWS[0], exact=True).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(page.get_by_text("2017 möts flera nätverk samma dag 28 dagar.")).to_be_visible()


def test_the_calendar_files_are_read_by_others(page, visit, tmp_path):
    visit(page, PAGE)
    every = Calendar.from_ical(download(page, "Alla nätverk (iCalendar)", tmp_path).read_bytes())
    assert len(every.walk("VEVENT")) == 126
    name = "Nätverk barn och unga Boda (iCalendar)"
    one = Calendar.from_ical(download(page, name, tmp_path).read_bytes())
    assert 0 < len(one.walk("VEVENT")) < 126
    assert {str(event["UID"]) for event in one.walk("VEVENT")} < {
        str(event["UID"]) for event in every.walk("VEVENT")
    }


def test_a_meeting_gets_its_attendance_and_a_decision_that_is_followed_up(own, visit):
    page = own
    visit(page, f"{PAGE}?mote_vy=Ett+möte&natverk=Nätverk+barn+och+unga+Boda")
    pick_meeting(page)
    page.get_by_role("spinbutton", name="Skola").fill("3")
    page.get_by_role("spinbutton", name="Polis").fill("0")
    page.get_by_role("button", name="Spara", exact=True).click()
    expect(page.get_by_test_id("stAlert").get_by_text("Mötet är sparat.")).to_be_visible()
    expect(page.get_by_text("Skola (3)")).to_be_visible()
    page.get_by_role("textbox", name="Vad beslutades?").fill("Fler vuxna ute på kvällar")
    page.get_by_role("button", name="Spara beslutet").click()
    expect(page.get_by_text("Beslutet saknar ansvarig")).to_be_visible()
    pick(page, "Ansvarig (funktion eller organisation)", "Fritid")
    page.get_by_role("button", name="Spara beslutet").click()
    expect(page.get_by_test_id("stAlert").get_by_text("Beslutet är sparat.")).to_be_visible()
    view(page, "Beslut")
    pick(
        page,
        "Följ upp ett beslut",
        "Fler vuxna ute på kvällar (Nätverk barn och unga Boda, beslutat)",
    )
    pick(page, "Nästa steg", "Påbörjat")
    page.get_by_role("button", name="Spara", exact=True).click()
    expect(page.get_by_text("Vägen hit: Beslutat 2017-01-26 → Påbörjat")).to_be_visible()
    page.locator(IDLE).wait_for()
    page.get_by_role("textbox", name="Utfall").fill("Tre kvällar hittills")  # the name is new now
    page.get_by_role("button", name="Spara", exact=True).click()
    beslut = page.get_by_role("region", name="Beslut, de som väntar först")
    expect(beslut.first).to_contain_text("Tre kvällar hittills")  # two while it is made anew
    page.locator(IDLE).wait_for()
    expect(page.get_by_role("textbox", name="Utfall")).to_have_value("Tre kvällar hittills")
    pick(page, "Nästa steg", "Klart")
    page.get_by_role("button", name="Spara", exact=True).click()
    expect(page.get_by_text("→ Påbörjat")).to_contain_text("→ Klart")


def test_a_meeting_moved_twice_stays_open_and_chosen(own, visit):
    page = own
    visit(page, f"{PAGE}?mote_vy=Ett+möte&natverk=Nätverk+barn+och+unga+Boda")
    pick_meeting(page)
    for kind in ("tema", "stormöte"):
        pick(page, "Slag", kind)
        page.get_by_role("textbox", name="Dagordning").fill(f"Dagordning för {kind}")
        page.get_by_role("button", name="Spara", exact=True).click()
        expect(page.get_by_role("heading", name=f"{BODA}, {kind}")).to_be_visible()
        expect(page.get_by_text(f"Dagordning för {kind}").first).to_be_visible()
    view(page, "Beslut")
    view(page, "Ett möte")
    expect(page.get_by_role("heading", name=f"{BODA}, stormöte")).to_be_visible()


def test_a_file_of_meetings_is_looked_at_and_put_in(own, visit, tmp_path):
    page = own
    visit(page, f"{PAGE}?mote_vy=Lägg+in")
    page.get_by_text("Många möten på en gång, ur en fil").click()
    bad = tmp_path / "fel.csv"
    bad.write_text("datum;nätverk\n2027-02-01;bu-boda\n", encoding="utf-8")
    box = page.get_by_test_id("stFileUploaderDropzoneInput")
    box.set_input_files(bad)
    expect(page.get_by_text("Kolumnen date saknas")).to_be_visible()
    good = tmp_path / "moten.csv"
    good.write_text(
        "date,network_id\n2027-02-01,bu-boda\n2027-11-31,bu-boda\n2027-02-03,bu-bodda\n",
        encoding="utf-8",
    )
    box.set_input_files(good)
    expect(page.get_by_text("den dagen finns inte i kalendern")).to_be_visible()
    expect(page.get_by_text("Menades bu-boda?")).to_be_visible()
    page.get_by_role("button", name="Lägg in 1 möte").click()
    expect(page.get_by_text("1 möte är inlagt.").first).to_be_visible()


def test_the_year_stands_in_the_address(page, visit, open_page, server):
    visit(page, PAGE)
    pick(page, "År", "2027")
    expect(page.get_by_text("Inga möten är inlagda för 2027").first).to_be_visible()
    assert "mote_ar=2027" in page.url
    visit(page, page.url.removeprefix(server.url))
    expect(page.get_by_text("Inga möten är inlagda för 2027").first).to_be_visible()


def pick_meeting(page):
    pick(page, "att välja bland", BODA, exact=False)
    expect(page.get_by_role("heading", name=BODA)).to_be_visible()
    page.locator(IDLE).wait_for()


def test_suggested_days_are_put_in_and_taken_away(own, visit):
    page = own
    visit(page, f"{PAGE}?mote_vy=Krockar+och+lediga+dagar")
    page.get_by_role("button", name="föreslagna möten").click()
    expect(
        page.get_by_test_id("stAlert").get_by_text("möten är inlagda som planerade.")
    ).to_be_visible()
    view(page, VIEWS[0])
    expect(page.get_by_text("Inlagda möten från i dag")).to_be_visible()
    view(page, "Krockar och lediga dagar")
    page.get_by_role("button", name="Ångra: ta bort").click()
    expect(page.get_by_test_id("stAlert").get_by_text("möten är borttagna igen.")).to_be_visible()


def test_two_who_change_one_meeting_each_keep_their_text(start_server, open_page, visit):
    shared = start_server(env={"LAGESBILD_WRITE": "yes"})
    with shared as server, open_page(server.url) as first, open_page(server.url) as second:
        for page in (first, second):
            visit(page, f"{PAGE}?mote_vy=Ett+möte&natverk=Nätverk+barn+och+unga+Boda")
            pick_meeting(page)
        first.get_by_role("textbox", name="Dagordning").fill("Den enas text")
        second.get_by_role("textbox", name="Dagordning").fill("Den andras text")
        second.get_by_role("button", name="Spara", exact=True).click()
        expect(second.get_by_test_id("stAlert").get_by_text("Mötet är sparat.")).to_be_visible()
        first.get_by_role("button", name="Spara", exact=True).click()
        expect(first.get_by_text("Två har ändrat mötet samtidigt")).to_be_visible()
        told = first.get_by_role("region", name="Det som skiljer")
        expect(told).to_contain_text("Den enas text")
        expect(told).to_contain_text("Den andras text")
        first.get_by_role("button", name="Spara min version").click()
        expect(first.get_by_test_id("stAlert").get_by_text("Din version är sparad")).to_be_visible()
