"""The hands of the browser tests: find the map, change view, choose in a list, take a file home."""

from contextlib import suppress

import pytest
from playwright.sync_api import TimeoutError as TooLate
from playwright.sync_api import expect

AREAS = "path[role=button]"
SEARCH = "Sök plats, nätverk eller basområde"
IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"


def map_of(page):
    frame = page.frame_locator("iframe[title^=Karta]")
    expect(frame.locator(AREAS)).not_to_have_count(0, timeout=30_000)
    return frame


def view(page, name):
    page.get_by_role("radio", name=name, exact=True).click()


def pick(page, label, value, exact=True):
    """Choose in a list by its text."""
    option = page.get_by_role("option", name=value, exact=True)
    box = page.get_by_role("combobox", name=label, exact=exact)

    def take():
        option.click(timeout=4_000)
        expect(box).to_have_value(value, timeout=4_000)

    in_list(page, label, value, exact, take)


def seek(page, label, text, found):
    """Type in a list and take what it puts first, as who knows the keyboard does."""

    def take_first():
        page.get_by_role("option").first.filter(has_text=found).wait_for(timeout=4_000)
        page.keyboard.press("Enter")

    in_list(page, label, text, True, take_first)


def in_list(page, label, text, exact, choose):
    """Choose in a list; one that a run of the page, or a scroll, closes is opened again.

    So is one that a run makes anew just as the choice is made, and does not take it.
    """
    box = page.get_by_role("combobox", name=label, exact=exact)
    for _ in range(8):
        page.locator(IDLE).wait_for()
        box.evaluate("(box) => box.scrollIntoView({block: 'center'})")
        box.click()
        box.fill(text)
        with suppress(TooLate, AssertionError):
            return choose()
        page.keyboard.press("Escape")
    pytest.fail(f"{label}: {text} kunde inte väljas")


def download(page, name, folder):
    page.locator(IDLE).wait_for()  # a button that a run replaces gives nothing
    with page.expect_download() as started:
        page.get_by_role("button", name=name, exact=True).click()
    path = folder / started.value.suggested_filename
    started.value.save_as(path)
    return path
