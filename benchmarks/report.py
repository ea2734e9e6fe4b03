"""Lägesbilder: one network's three documents, all 20, the page, and one field saved on it.

There is no peer: what is compared with is the goal. Memory is what the process holds, not its peak.
"""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from playwright.sync_api import Page, sync_playwright

from benchmarks import Row, median
from benchmarks.assign import timed
from benchmarks.browser import IDLE, heading, until
from geo import gather, situation
from geo.facts import Facts
from geo.report import situation_story, story_docx, story_pdf, story_pptx
from tests.browser import chromium
from tests.browser.conftest import ARGUMENTS, started_server

NORRBY = "/lagesbild?omrade=Områdesnätverk Norrby"
VISITS, QUICK_VISITS = 7, 3
SAVED = "() => document.body.innerText.includes('Sparat: Gemensam bedömning. Varje')"


def measure(quick: bool = False) -> list[Row]:
    """Return the time of documents and of the page, and how memory grows over 20 networks."""
    read, facts = timed(gather.facts)
    rows = [Row("everything read and reckoned, once", read, "s")]
    taken, held = [], []
    for area_id in facts.register.networks.index:
        taken.append(timed(documents, str(area_id), facts)[0])
        gc.collect()
        held.append(held_mb())
    rows += [
        Row("one network's PDF, Word and PowerPoint, the first", taken[0], "s"),
        Row("the same, those after it", median(taken[1:]), "s", None, "<= 2"),
        Row("all 20 networks, three documents each, without reading", sum(taken), "s"),
        Row("all 20 networks, with reading, in one process", read + sum(taken), "s"),
        Row("memory after 20 networks above that after 5", held[-1] - held[4], "MB"),
    ]
    return [*rows, command(), *page(QUICK_VISITS if quick else VISITS)]


def documents(area_id: str, facts: Facts) -> list[bytes]:
    """Make the three documents of a network, as the command does."""
    story = situation_story.story(situation.situation(area_id, facts))
    return [story_pdf.pdf(story), story_docx.docx(story), story_pptx.pptx(story)]


def command() -> Row:
    """Return how long the command for all networks takes, as somebody waits for it."""
    with TemporaryDirectory() as folder:
        asked = [sys.executable, "-m", "geo", "report", "--all", "--out", folder]
        taken, _ = timed(subprocess.run, asked, check=True, capture_output=True)
        assert len(list(Path(folder).iterdir())) == 60
    return Row("the command for all 20, from start to end", taken, "s", None, "<= 30")


def held_mb() -> float:
    """Return what this process holds in memory now."""
    with open("/proc/self/status", encoding="ascii") as lines:  # noqa: PTH123 - no file on disk
        line = next(line for line in lines if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1000


def page(visits: int) -> list[Row]:
    """Return how long the page takes in Chromium when the server is warm, and a saved field."""
    executable = chromium.find()
    with (
        started_server(env={"LAGESBILD_WRITE": "yes"}) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        opened = browser.new_page(base_url=server.url, viewport={"width": 1280, "height": 900})
        visit(opened)
        visit(opened)
        warm = [visit(opened) for _ in range(visits)]
        opened.goto(f"{NORRBY}&bild_vy=Mötets del")
        opened.get_by_role("button", name="Börja på en ny lägesbild").click()
        field = opened.get_by_role("textbox", name="Gemensam bedömning")
        field.wait_for()
        saved = [save(opened, number) for number in range(visits)]
        browser.close()
    return [
        Row(
            "the page of a network, warm, from the address to the end",
            median(warm),
            "s",
            None,
            "<= 1",
        ),
        Row("a field that is left, until it says saved", median(saved), "s"),
    ]


def visit(opened: Page) -> float:
    """Open the page anew; returns the seconds until the script has run and the end stands there."""
    start = perf_counter()
    opened.goto(NORRBY)
    until(opened, heading("Källor, och vad vi inte vet"))
    until(opened, IDLE)
    return perf_counter() - start


def save(opened: Page, number: int) -> float:
    """Write in a field and leave it; returns the seconds until the page says that it is saved."""
    opened.get_by_text("Sparat: Gemensam bedömning. Varje").wait_for(state="hidden")
    field = opened.get_by_role("textbox", name="Gemensam bedömning")
    field.fill(f"Belysningen först, {number}.")
    start = perf_counter()
    opened.get_by_role("heading", name="Lägesbild", exact=True).click()
    until(opened, SAVED)
    taken = perf_counter() - start
    opened.goto(f"{NORRBY}&bild_vy=Mötets del")
    field.wait_for()
    return taken
