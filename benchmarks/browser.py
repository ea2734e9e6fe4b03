"""When a page in Chromium shows something, to some hundredths of a second.

Playwright's own waiting looks again after longer and longer pauses, at last half a second: what
takes 0.6 s is told as 0.6 or as 1.1.
"""

from __future__ import annotations

from time import monotonic, sleep

from playwright.sync_api import Page

PATIENCE, PAUSE = 90, 0.02  # seconds
IDLE = "() => !!document.querySelector('[data-testid=stApp][data-test-script-state=notRunning]')"


def heading(text: str) -> str:
    """Return the question whether a heading of this text stands on the page.

    >>> "Karta" in heading("Karta")
    True
    """
    of = "[...document.querySelectorAll('h1, h2, h3')]"
    return f"() => {of}.some((one) => one.innerText.trim() === '{text}')"


def until(page: Page, is_so: str, asked: object = None) -> None:
    """Wait until a function of the page tells true; raises TimeoutError after 90 seconds."""
    end = monotonic() + PATIENCE
    while not page.evaluate(is_so, asked):
        if monotonic() > end:
            raise TimeoutError(f"{PATIENCE} s: {is_so}")
        sleep(PAUSE)
