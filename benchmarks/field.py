"""The page of walks with 100,000 findings: read, filtered, seen in Chromium."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks import Row, median
from benchmarks.browser import IDLE, heading, until
from geo import fieldwork, findings, gather, read, store
from geo.facts import Register
from geo.sources import DATA
from pages.parts import field_controls, field_map
from tests.browser import chromium
from tests.browser.conftest import ARGUMENTS, Server, started_server

SEED = 20171020
FILTERS = ("Försenade", "Avslutade", "Väntar på någon", "Noterad", "Verifierad", "Alla")
CLUSTER = """() => document.querySelector('iframe[title^=Karta]')?.contentDocument
  ?.querySelector('.leaflet-marker-icon.several')"""
SHOWN = """(old) => [...document.querySelectorAll('label')]
  .some((label) => label.innerText.includes('i urvalet') && label.innerText !== old)"""


def measure(quick: bool) -> list[Row]:
    """Measure the parts without a browser, then the page in one."""
    n = 10_000 if quick else 100_000
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "fynd.sqlite")
        with store.open(path) as kept:
            kept.save_findings(many(n), "benchmark")
        os.environ["LAGESBILD_STORE"] = path
        return [*_parts(n), *_page(n, path, 3 if quick else 7)]


def many(n: int) -> pd.DataFrame:
    """Make findings all over the municipality, of the demonstration set's kinds; no walk."""
    rng = np.random.default_rng(SEED)
    made_up = read.demo_findings(DATA / "demo" / "findings.csv")[0].drop(columns="geometry")
    rows = made_up.iloc[rng.integers(len(made_up), size=n)].reset_index(drop=True)
    moved = {axis: (rows[axis] + rng.normal(0, 800, n)).round(1) for axis in ("x", "y")}
    ids = [f"stor-{number:06}" for number in range(n)]
    return rows.assign(finding_id=ids, walk_id="", source="benchmark", **moved)


def _timed(act: Callable[[], object], times: int = 5) -> float:
    found = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        found.append(time.perf_counter() - start)
    return median(found) * 1000


def _parts(n: int) -> list[Row]:
    registers = gather.register()
    areas, known = registers.areas, gather.field(registers, True)
    shown, late = known.findings, fieldwork.Filter(status=fieldwork.OVERDUE)
    points = gpd.GeoDataFrame(geometry=shown.geometry)

    def peer() -> object:
        return gpd.sjoin(points, areas[["geometry"]], predicate="intersects")

    name = f"{n:,} findings"
    ours = _timed(lambda: findings.pairs(shown, areas))
    found = [
        Row(f"{name}: read, assigned, flagged", _timed(lambda: _build(registers), 3), "ms"),
        Row(f"{name}: to the 20 networks (peer: sjoin)", ours, "ms", _timed(peer, 3)),
    ]
    ids = _timed(lambda: field_controls.matching(known, late, None))
    marks = _timed(lambda: field_map.gathered(shown))
    return [*found, Row(f"{name}: filtered", ids, "ms"), Row(f"{name}: gathered", marks, "ms")]


def _build(registers: Register) -> object:
    return gather.field(registers, True)


def _page(n: int, path: str, times: int) -> list[Row]:
    views, again, changes, plain = [], [], [], []
    program = chromium.find()
    with (
        started_server(env={"LAGESBILD_STORE": path}) as server,
        _plain_server() as peer,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        for number in range(times + 1):  # the first session of a server is not counted
            with _new_browser(browser, peer.url) as page:
                plain += [_first_word(page)][: min(number, 1)]
            with _new_browser(browser, server.url) as page:
                view = _first_view(page)
                views += [view] if number else []
                changes += [_change(page, name) for name in FILTERS] if number == 1 else []
                again += [_first_view(page)] if number else []
        browser.close()
    name = f"{n:,} findings, page in Chromium"
    seen = f"{len(views)} new browsers, nothing kept"
    return [
        Row(
            f"{name}: first view, {seen} (peer: a page of one word)",
            median(views),
            "ms",
            median(plain),
            target="<= 2000",
        ),
        Row(f"{name}: opened again, files kept", median(again), "ms"),
        Row(f"{name}: a filter, {len(changes)} changes", median(changes), "ms", target="<= 500"),
        Row(f"{name}: the slowest filter", max(changes), "ms"),
    ]


@contextmanager
def _new_browser(browser: Browser, url: str) -> Iterator[Page]:
    """A browser as a reader has it: no file kept, and nobody who looks at each request.

    The tests' watch sends every request through this process; that alone costs about 0.6 s.
    """
    size = {"width": 1280, "height": 900}
    context = browser.new_context(base_url=url, locale="sv-SE", viewport=size)
    try:
        context.set_default_timeout(60_000)
        yield context.new_page()
    finally:
        context.close()


@contextmanager
def _plain_server() -> Iterator[Server]:
    """Streamlit alone: a page of one word, without a map, our library or our settings."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "app.py")
        script.write_text('import streamlit as st\n\nst.title("Hej")\n', encoding="utf-8")
        with started_server(script.name, cwd=Path(folder)) as server:
            yield server


def _first_word(page: Page) -> float:
    start = time.perf_counter()
    page.goto("/")
    until(page, heading("Hej"))
    return (time.perf_counter() - start) * 1000


def _first_view(page: Page) -> float:
    start = time.perf_counter()
    page.goto("/vandringar")
    until(page, f"() => !!({CLUSTER})()")
    shown = (time.perf_counter() - start) * 1000
    until(page, IDLE)
    return shown


def _change(page: Page, name: str) -> float:
    """Choose a status; from the click until the list says another number."""
    box = page.get_by_role("combobox", name="Status", exact=True)
    if not box.is_visible():
        page.get_by_text("Filter: kategori").click()
    box.scroll_into_view_if_needed()
    page.wait_for_timeout(500)  # a list closes when the page moves under it
    box.click()
    box.fill(name)
    option = page.get_by_role("option", name=name, exact=True)
    option.wait_for()
    old = page.get_by_text("i urvalet)").first.inner_text()
    start = time.perf_counter()
    option.click()
    until(page, SHOWN, old)
    changed = (time.perf_counter() - start) * 1000
    until(page, IDLE)
    return changed
