"""Chromium, a fresh server, and a page that notices every request that leaves the house."""

import os
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Request,
    Route,
    expect,
    sync_playwright,
)

from tests.browser import chromium

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "test-results"
START_SECONDS = 60
expect.set_options(timeout=20_000)  # a slow machine is no fault of the page
ARGUMENTS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
# A broken policy is passed on to the console, from every frame. The exception: the long numbers
# of Streamlit's protobuf try WebAssembly first, and do without it when the policy says no.
REPORT_VIOLATIONS = """addEventListener("securitypolicyviolation", (event) => {
  if (event.blockedURI === "wasm-eval") return;
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} in ${event.documentURI}`);
})"""
RUN_AXE = """async (tags) => (await axe.run(document, {runOnly: tags, resultTypes: ["violations"]}))
  .violations.flatMap((rule) => rule.nodes.map((node) =>
    `${rule.id} (${rule.impact}): ${node.target.flat().join(" >> ")}: ${rule.help}`))"""


@dataclass(frozen=True)
class Server:
    """A started server: where it answers and what it has written."""

    url: str
    process: subprocess.Popen[bytes]
    log_file: Path

    @property
    def log(self) -> str:
        return self.log_file.read_text(encoding="utf-8", errors="replace")

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def wait(self) -> None:
        """Return when the server answers; fail with its log when it stops or never does."""
        deadline = monotonic() + START_SECONDS
        while not self.answers():
            try:
                self.process.wait(timeout=0.1)
            except subprocess.TimeoutExpired:
                if monotonic() < deadline:
                    continue
            pytest.fail(f"The server did not start. Its log:\n{self.log}")


@dataclass
class Watch:
    """What a page did that it must not do."""

    foreign: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def attach(self, context: BrowserContext, url: str) -> None:
        house = urlsplit(url).netloc

        def is_foreign(address: str) -> bool:
            parts = urlsplit(address)
            return parts.scheme not in ("data", "blob", "about") and parts.netloc != house

        def route(route: Route, request: Request) -> None:
            if is_foreign(request.url):
                self.foreign.append(request.url)
                route.abort()
            else:
                route.continue_()

        context.route("**/*", route)
        context.route_web_socket(is_foreign, lambda socket: self.foreign.append(socket.url))
        context.on("weberror", lambda error: self.errors.append(str(error.error)))
        context.on("console", lambda message: self.note(message.text))
        context.add_init_script(REPORT_VIOLATIONS)

    def note(self, text: str) -> None:
        if text.startswith("CSP: ") or "Content Security Policy" in text:
            self.violations.append(text)


@contextmanager
def started_server(
    script: str = "server.py",
    env: dict[str, str] | None = None,
    cwd: Path = ROOT,
    options: tuple[str, ...] = (),
    port: int = 0,
) -> Iterator[Server]:
    """Run a script in a fresh process, as a user would, on a port of this machine (0: any)."""
    if not port:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)]
    command += ["--server.address", "127.0.0.1", "--server.headless", "true", *options]
    with tempfile.TemporaryDirectory() as folder:
        log_file = Path(folder, "server.log")
        own = {"LAGESBILD_STORE": str(Path(folder, "lagesbild.sqlite"))}
        with log_file.open("wb") as log:
            process = subprocess.Popen(
                command, cwd=cwd, env=os.environ | own | (env or {}), stdout=log, stderr=log
            )
        server = Server(f"http://127.0.0.1:{port}", process, log_file)
        try:
            server.wait()
            yield server
        finally:
            stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process, the hard way when it does not listen."""
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def watched_page(
    browser: Browser, url: str, width: int = 1280, height: int = 900
) -> Iterator[Page]:
    """A new page at a server; at the end it must have kept to the house, its policy and reason."""
    watch = Watch()
    size = {"width": width, "height": height}
    context = browser.new_context(base_url=url, locale="sv-SE", viewport=size)
    try:
        context.set_default_timeout(60_000)
        watch.attach(context, url)
        yield context.new_page()
    finally:
        context.close()
    assert not watch.foreign, f"requests that left the house: {watch.foreign}"
    assert not watch.violations, f"breaches of the content policy: {watch.violations}"
    assert not watch.errors, f"errors in the page: {watch.errors}"


def find_violations(page: Page) -> list[str]:
    """Breaches of WCAG 2.1 A and AA that axe finds in the page and its frames, one per element."""
    for frame in page.frames:
        frame.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(RUN_AXE, TAGS)
    return found


def visit_page(page: Page, path: str = "/") -> None:
    """Open a page and wait until its script has run to the end."""
    page.goto(path)
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


def save_screenshot(page: Page, name: str) -> Path:
    """Keep what the whole page looks like in test-results/."""
    path = RESULTS / f"{name}.png"
    size = page.viewport_size
    height = page.get_by_test_id("stMain").evaluate("(main) => main.scrollHeight")
    if size and height > size["height"]:  # Streamlit scrolls inside the page
        page.set_viewport_size({"width": size["width"], "height": height})
    page.screenshot(path=path)
    if size:
        page.set_viewport_size(size)
    return path


@pytest.fixture(scope="session")
def start_server() -> Callable[..., AbstractContextManager[Server]]:
    return started_server


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with started_server() as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = chromium.find()
    if program is None:
        pytest.fail("Chromium saknas. Kör: python -m tests.browser.chromium")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    with watched_page(browser, server.url) as opened:
        yield opened


@pytest.fixture
def open_page(browser: Browser) -> Callable[..., AbstractContextManager[Page]]:
    return lambda url, **size: watched_page(browser, url, **size)


@pytest.fixture
def visit() -> Callable[..., None]:
    return visit_page


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    return find_violations


@pytest.fixture
def screenshot() -> Callable[[Page, str], Path]:
    return save_screenshot
