"""The wall in a real Chromium, from a file: keys, focus, sizes, nothing cut, nothing asked for."""

import re
from contextlib import contextmanager
from html import escape

import pytest
from playwright.sync_api import expect

from geo.report import map_insets, place_map
from geo.report.story import Bar, Chart, Picture, Section, Story, Table
from geo.report.story_wall import html
from geo.sources import DEMO_MARK
from tests.browser.conftest import REPORT_VIOLATIONS
from tests.geo.report.test_story_wall import BARS, HIDDEN, figures, png, toy

pytestmark = pytest.mark.browser
WALL, DESK, OLD, PHONE = (1920, 1080), (1280, 720), (1024, 768), (320, 640)
OVERFLOW = """() => {
  const slide = document.querySelector(".slide.now");
  const parts = [slide, ...slide.querySelectorAll("*:not(.unseen)")];
  const isOver = (one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0;
  return slide.scrollHeight - slide.clientHeight > 0
    || parts.some((one) => isOver(one) && getComputedStyle(one).display !== "inline");
}"""
SIZES = """(names) => [...document.querySelectorAll(names)].map((one) =>
  parseFloat(getComputedStyle(one).fontSize) / innerHeight)"""
CONTRASTS = """() => {
  const light = (colour) => colour.match(/\\d+/g).slice(0, 3).map((part) => part / 255)
    .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
  const behind = (one) => {
    const colour = getComputedStyle(one).backgroundColor;
    return colour === "rgba(0, 0, 0, 0)" && one.parentElement ? behind(one.parentElement) : colour;
  };
  return [...document.querySelectorAll("h1, h2, p, li, b, span, button, figcaption")]
    .map((one) => [light(getComputedStyle(one).color), light(behind(one))].sort((a, b) => b - a))
    .map(([more, less]) => (more + 0.05) / (less + 0.05));
}"""
CAPITAL = 0.72  # of the size of the letters, in the font of the maps
PLAIN = (
    "Norrby har under året haft 14 trygghetsvandringar och 62 fynd, varav 41 är mottagna av en "
    "ägare och 23 är klara. Tryggheten på kvällen har ökat något sedan förra välfärdsbokslutet, "
    "men är fortfarande lägre än i Borås som helhet. Skillnaden är säker för åldrarna 10–16 år."
)


def ordinary():
    """A lägesbild as they are, in its worst lengths: headings of two lines, full slides."""
    points = tuple(
        f"Punkt {n}: gångtunneln mot centrum har fått ny och bättre belysning." for n in range(6)
    )
    heading = "Så mår barn och unga i Norrby jämfört med Borås och med året före det här"
    names = ("Belysning vid gångtunneln", "Tekniska förvaltningen", "2026-12-01", "väntar på svar")
    table = Table("Prioriteringar utan åtgärd", ("Vad", "Ägare", "Klart", "Status"), (names,) * 9)
    chart = Chart(
        "Välfärd",
        "Lägre.",
        "Norrby",
        "Borås",
        (*BARS, HIDDEN, Bar("Trygg i sitt område", 1.0, 1.0)),
    )
    notes = {"notes": ("Definition: andel av eleverna.",), "on_wall": True}
    first = Section("a", heading, (PLAIN,), points, charts=(chart,), tables=(table,), **notes)
    second = Section("b", "Figurer", gaps=("Mötets bedömning",), **figures(), on_wall=True)
    story = toy()
    return Story(
        "Lägesbild Norrby", "Utkast", story.day, story.mark, "Källa: SCB.", PLAIN, (first, second)
    )


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("wall") / "vägg.html"
    path.write_text(html(ordinary()), encoding="utf-8")
    return path


@contextmanager
def opened(browser, path, size=WALL, **options):
    """A page on a file; at the end it must have asked for nothing and broken nothing."""
    asked, said = [], []
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="sv-SE", offline=True, **options
    )
    try:
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("request", lambda request: asked.append(request.url))
        context.on("console", lambda message: said.append(message.text))
        context.on("weberror", lambda error: said.append(str(error.error)))
        page = context.new_page()
        page.goto(path.as_uri())
        yield page
    finally:
        context.close()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert said == []


def count(page):
    return page.locator("#count").inner_text()


def on_each(page, check):
    """What a check says of every slide, by its number; from the first, by the button."""
    return page.evaluate(f"""() => [...document.querySelectorAll(".slide")].map(() => {{
      const found = [document.getElementById("count").textContent, ({check})()];
      document.getElementById("next").click();
      return found;
    }})""")


def test_every_key_goes_its_way(browser, file):
    with opened(browser, file) as page:
        for place, key in enumerate(("ArrowRight", "PageDown", "Space", "Enter"), 2):
            page.keyboard.press(key)
            assert count(page).startswith(f"{place} av ")
        for place, key in zip((4, 3, 2), ("ArrowLeft", "PageUp", "Backspace"), strict=True):
            page.keyboard.press(key)
            assert count(page).startswith(f"{place} av ")


def test_home_and_end_stop_at_the_ends(browser, file):
    with opened(browser, file) as page:
        n = page.locator(".slide").count()
        for key in ("End", "ArrowRight"):
            page.keyboard.press(key)
            assert count(page) == f"{n} av {n}"
        for key in ("Home", "ArrowLeft"):
            page.keyboard.press(key)
            assert count(page) == f"1 av {n}"


def test_a_change_moves_the_focus_is_announced_and_stands_in_the_address(browser, file):
    with opened(browser, file) as page:
        assert page.evaluate("document.activeElement.tagName") == "BODY"
        page.keyboard.press("ArrowRight")
        expect(page.locator("#bild-2 h2")).to_be_focused()
        assert re.match(r"Bild 2 av \d+: Så mår barn", page.locator("#said").inner_text())
        assert page.url.endswith("#bild-2")
        page.reload()
        expect(page.locator("#bild-2")).to_be_visible()
        expect(page.locator("#bild-1")).to_be_hidden()


def test_the_buttons_are_reached_by_tab_and_pressed_once(browser, file):
    with opened(browser, file) as page:
        names = []
        for _ in range(3):
            page.keyboard.press("Tab")
            names.append(page.evaluate("document.activeElement.textContent"))
        assert names == ["Föregående", "Nästa", "Helskärm (F)"]
        page.get_by_role("button", name="Nästa").focus()
        page.keyboard.press("Enter")
        assert count(page).startswith("2 av ")
        page.get_by_role("button", name="Föregående").click()
        assert count(page).startswith("1 av ")


def test_f_fills_the_screen(browser, file):
    with opened(browser, file) as page:
        page.keyboard.press("f")
        page.wait_for_function("document.fullscreenElement !== null")
        page.keyboard.press("F")
        page.wait_for_function("document.fullscreenElement === null")


def test_a_swipe_changes_the_slide(browser, file):
    swipe = """([from, to]) => {
      const target = document.body;
      const touch = (x) => new Touch({identifier: 1, target, clientX: x, clientY: 9});
      const fire = (name, touches, changed) => target.dispatchEvent(
        new TouchEvent(name, {bubbles: true, touches, changedTouches: changed}));
      fire("touchstart", [touch(from)], [touch(from)]);
      fire("touchend", [], [touch(to)]);
    }"""
    with opened(browser, file, PHONE, has_touch=True) as page:
        page.evaluate(swipe, [300, 20])
        assert count(page).startswith("2 av ")
        page.evaluate(swipe, [20, 40])
        assert count(page).startswith("2 av ")
        page.evaluate(swipe, [20, 300])
        assert count(page).startswith("1 av ")


@pytest.mark.parametrize("size", [WALL, DESK, OLD])
def test_nothing_runs_over_and_all_is_large(browser, file, size):
    with opened(browser, file, size) as page:
        found = on_each(page, OVERFLOW)
        assert [number for number, is_over in found if is_over] == []
        assert [number for number, _ in found] == [
            f"{n + 1} av {len(found)}" for n in range(len(found))
        ]
        body = page.evaluate(SIZES, "main p, main li, main b, main span, footer p")
        assert min(body) >= 0.0419
        assert min(page.evaluate(SIZES, "h1, h2")) >= 0.06
        assert min(page.evaluate(CONTRASTS)) >= 7
        expect(page.get_by_text("Syntetiska demodata")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("size", [WALL, DESK, OLD])
def test_two_metres_wide_a_map_has_capitals_of_thirty_millimetres(browser, tmp_path, size):
    caption = "Karta: Nätverk barn och unga Dalsjöfors. Underlag: RegSO 2025, SCB (CC0)."
    sheet = png(*(int(100 * side) for side in place_map.WALL.size))
    picture = Picture(png(), "Karta", caption, lambda: sheet)
    who = Section("who", "Vilka vi är", ("5 basområden.",), pictures=(picture,), on_wall=True)
    path = tmp_path / "karta.html"
    told = Story("Lägesbild", "Utkast", "2026-11-29", DEMO_MARK, "Källa.", "Säkert.", (who,))
    path.write_text(html(told), encoding="utf-8")
    shown = """() => [...document.querySelectorAll(".now img")].map((one) =>
      [one.clientWidth, one.clientHeight, one.closest(".body").children.length])"""
    with opened(browser, path, size) as page:
        ((wide, tall, n_on_slide),) = next(found for _, found in on_each(page, shown) if found)
    assert n_on_slide == 1
    point = min(wide / place_map.WALL.size[0], tall / place_map.WALL.size[1]) / 72
    capital = CAPITAL * min(place_map.KEY, map_insets.NAME - 1) * point
    assert capital / size[0] * 2000 >= 30


def test_on_a_screen_of_another_size_the_same_section_is_shown_and_nothing_is_lost(browser, file):
    texts = """() => [...document.querySelectorAll(".body li, .body p:not(.unseen):not(.caption)")]
      .map((one) => one.textContent)"""
    with opened(browser, file, WALL) as page:
        said = page.evaluate(texts)
        assert len(said) > 80
        page.keyboard.press("End")
        heading = page.locator(".now h2").inner_text().rpartition(" (")[0]
        for width, height in (OLD, WALL):
            page.set_viewport_size({"width": width, "height": height})
            expect(page.locator(".now h2")).to_contain_text(heading)
            page.wait_for_function(f"innerWidth === {width} && slides.length > 9")
            assert page.evaluate(texts) == said


def test_axe_finds_nothing_on_any_kind_of_slide(browser, file, axe):
    kind = "() => document.querySelector('.now .body').innerHTML.slice(0, 12)"
    with opened(browser, file) as page:
        first = {found: number for number, found in reversed(on_each(page, kind))}
        assert len(first) >= 4  # text, points, pictures and charts, lists
        for number in first.values():
            page.evaluate("(place) => go(place)", int(number.split()[0]) - 1)
            assert axe(page) == []


def test_a_narrow_screen_scrolls_inside_the_slide(browser, file, axe):
    widths = """() => [document.documentElement, document.querySelector(".now")]
      .map((one) => one.scrollWidth)
      .concat(document.getElementById("next").getBoundingClientRect().bottom)"""
    with opened(browser, file, PHONE) as page:
        for number, (whole, slide, button) in on_each(page, widths):
            assert (number, whole) == (number, PHONE[0])
            assert (number, slide <= PHONE[0]) == (number, True)
            assert button <= PHONE[1]
        page.keyboard.press("Home")
        page.keyboard.press("ArrowRight")
        assert axe(page) == []
        assert page.locator(".now").get_attribute("tabindex") == "0"
        last = page.locator(".now .body > :last-child")
        last.scroll_into_view_if_needed()
        expect(last).to_be_in_viewport()


def test_odd_and_endless_texts_are_cut_nowhere(browser, tmp_path):
    path = tmp_path / "odd.html"
    path.write_text(html(toy()), encoding="utf-8")
    size = """() => [document.documentElement.scrollWidth,
      document.querySelector(".now").scrollHeight]"""
    with opened(browser, path, DESK) as page:
        for number, (width, height) in on_each(page, size):
            assert (number, width) == (number, DESK[0])
            assert height < 1.5 * DESK[1]
        assert page.locator("script").count() == 1


def test_without_javascript_all_sections_are_shown(browser, file):
    with opened(browser, file, java_script_enabled=False) as page:
        slides = page.locator(".slide").all()
        assert len(slides) == 4  # the title, two sections, how sure it is
        for slide in slides:
            expect(slide).to_be_visible()
        expect(page.get_by_role("button", name="Nästa", include_hidden=True)).to_be_hidden()
        expect(page.get_by_text("Syntetiska demodata")).to_be_in_viewport(ratio=1)


def test_on_paper_there_is_a_slide_a_page(browser, file):
    with opened(browser, file, DESK) as page:
        paper = page.pdf(prefer_css_page_size=True, print_background=True)
        assert len(re.findall(rb"/Type\s*/Page\b", paper)) == page.locator(".slide").count()


def test_in_a_frame_with_a_policy_of_its_own_it_works_without_an_address(browser, file, tmp_path):
    source = escape(file.read_text(encoding="utf-8"))
    policy = "default-src 'self' data:; script-src 'unsafe-inline'; style-src 'unsafe-inline'"
    around = tmp_path / "frame.html"
    around.write_text(
        f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{policy}">'
        f'<iframe width="900" height="500" srcdoc="{source}"></iframe>',
        encoding="utf-8",
    )
    with opened(browser, around) as page:
        inside = page.frame_locator("iframe")
        inside.get_by_role("button", name="Nästa").click()
        expect(inside.locator("#count")).to_contain_text("2 av")
        inside.locator("body").press("ArrowRight")
        expect(inside.locator("#bild-3")).to_be_visible()
        assert "#" not in page.url
