"""The coverage map in Chromium: first view, change of colours, bytes; beside a plain page."""

from __future__ import annotations

import base64
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, Response, sync_playwright
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks import Row, median
from geo.sources import LAYERS
from pages.parts import controls, words
from tests.browser import chromium
from tests.browser.conftest import ARGUMENTS, ROOT, Server, started_server

N_AREAS = 47
CONTEXTS = 7
IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"
BUTTONS = "[data-testid=stButtonGroup]"

# The page as it is mostly written: the style inside the map, every layer made anew in each run.
# It gets what makes the comparison fair: the same simplification, the same Leaflet from this
# server, its files read once (cache_data), and no run when the map is panned.
PEER = """
import folium
import streamlit as st
import streamlit.components.v1 as components
import xstatic.pkg.leaflet as leaflet
from streamlit_folium import st_folium

from geo import coverage, display, read

components.declare_component("leaflet", path=leaflet.BASE_DIR)
LAYERS = {layers!r}
COLOURS = {colours!r}
COUNT = ["#b3b3b3", "#225ea8", "#7fcdbb", "#edf8b1", "#ffffd9"]
KINDS = ["#cc79a7", "#56b4e9", "#009e73", "#f0e442", "#e69f00", "#d55e00", "#999999"]
LINES = dict(zip(LAYERS, ["#0072b2", "#a33c00", "#00573d"]))


class Map(folium.Map):
    default_js = [("leaflet", "../peer.leaflet/leaflet.js")]
    default_css = [("leaflet_css", "../peer.leaflet/leaflet.css")]


@st.cache_data
def load():
    base_areas, memberships, areas = read.base_areas()[0], read.memberships()[0], read.areas()[0]
    light = display.simplified(base_areas)[["name", "geometry"]].to_crs(4326)
    lines = areas[["name", "layer", "geometry"]].copy()
    lines["geometry"] = lines.simplify(10)
    return base_areas, memberships, areas, light, lines.to_crs(4326)


def colour_of(properties, combinations, by_count):
    if not properties["n"]:
        return COUNT[0]
    if by_count:
        return COUNT[min(properties["n"], 4)]
    return KINDS[combinations.index(properties["kinds"]) % len(KINDS)]


def the_map(light, lines, cover, layers, by_count):
    shown = light.assign(n=cover["n_high"], kinds=cover["layers"].map(", ".join))
    kinds = sorted(set(shown["kinds"]))
    made = Map([57.72, 12.94], zoom_start=10, tiles=None)
    folium.GeoJson(
        shown,
        style_function=lambda feature: {{
            "fillColor": colour_of(feature["properties"], kinds, by_count),
            "fillOpacity": 0.85, "color": "#555", "weight": 1,
        }},
        tooltip=folium.GeoJsonTooltip(["name", "n", "kinds"]),
    ).add_to(made)
    for layer in layers:
        folium.GeoJson(
            lines[lines["layer"] == layer],
            style_function=lambda _, layer=layer: {{
                "color": LINES[layer], "weight": 3, "fill": False,
            }},
            tooltip=folium.GeoJsonTooltip(["name"]),
        ).add_to(made)
    return made


st.set_page_config(layout="wide")
base_areas, memberships, areas, light, lines = load()
st.title("Täckning och överlapp")
st.selectbox("Sök nätverk", list(areas["name"]), index=None)
chosen = st.pills("Lager", list(LAYERS), selection_mode="multi", default=list(LAYERS),
                  format_func=LAYERS.get)
layers = [layer for layer in LAYERS if layer in chosen]
colour = st.segmented_control("Färgen visar", list(COLOURS), default="antal", required=True,
                              format_func=COLOURS.get)
cover = coverage.by_base_area(base_areas, memberships, layers)
left, right = st.columns([3, 2])
with left:
    made = the_map(light, lines, cover, layers, colour == "antal")
    st_folium(made, height=540, use_container_width=True, returned_objects=[])
with right:
    st.dataframe(cover["n_high"].value_counts())
st.dataframe(coverage.by_layer(areas, base_areas, memberships))
overlaps = coverage.overlap(areas[areas["layer"].isin(layers)])
st.dataframe(overlaps)
st.dataframe(cover.astype(str))
st.download_button("Ladda ned", cover.to_csv())
"""

# Runs in the page before anything else: notes the websocket's messages, and looks at the map in
# each animation frame. An area is a path with a fill; the lines of the networks have none.
WATCH = """(() => {
  if (window !== top) return;
  const bench = (window.bench = { messages: [], first: 0, click: 0, seen: 0 });
  const soon = (resolve, reject) => setTimeout(() => reject(new Error("not seen in 60 s")), 60000);
  bench.opened = new Promise((resolve, reject) => soon((bench.resolve = resolve), reject));
  bench.opened.catch(() => 0);
  const Native = WebSocket;
  window.WebSocket = class extends Native {
    constructor(...given) {
      super(...given);
      bench.socket = performance.now();
      this.addEventListener("message", (event) => bench.messages.push(new Uint8Array(event.data)));
    }
  };
  const look = () => {
    const iframe = document.querySelector("iframe");
    const held = iframe && iframe.contentDocument && iframe.getBoundingClientRect().height > 0;
    const paths = held ? [...iframe.contentDocument.querySelectorAll("path")] : [];
    const fills = paths.map((path) => path.getAttribute("fill")).filter((fill) => fill !== "none");
    const mark = paths.length + fills.join();
    return { iframe, areas: fills.length, mark, colours: new Set(fills).size };
  };
  bench.arm = () => {
    const { iframe, areas, mark } = look();
    Object.assign(bench, { iframe, mark, least: areas, kept: true, click: 0, seen: 0 });
    bench.messages.length = 0;
    bench.changed = new Promise((resolve, reject) => soon((bench.resolve = resolve), reject));
    bench.changed.catch(() => 0);
  };
  addEventListener("click", (event) => (bench.click = bench.click || event.timeStamp), true);
  const turn = () => {
    const now = look();
    const whole = now.areas >= AREAS;
    if (!bench.first && whole && now.colours > 1) bench.resolve((bench.first = performance.now()));
    bench.least = Math.min(bench.least, now.areas);
    bench.kept = bench.kept && now.iframe === bench.iframe;
    const isNew = whole && now.mark !== bench.mark;
    if (bench.click && !bench.seen && isNew) bench.resolve((bench.seen = performance.now()));
    requestAnimationFrame(turn);
  };
  requestAnimationFrame(turn);
})()""".replace("AREAS", str(N_AREAS))
TAKE = """() => bench.messages.splice(0).map((bytes) => {
  let text = "";
  for (let at = 0; at < bytes.length; at += 30000)
    text += String.fromCharCode(...bytes.subarray(at, at + 30000));
  return btoa(text);
})"""


@dataclass(frozen=True)
class Site:
    """A running page: ours or the peer's."""

    server: Server
    path: str


@dataclass(frozen=True)
class View:
    """A first view: milliseconds, websocket bytes, the map's part of them, and the files.

    socket_ms: until Streamlit's own scripts open the websocket; before that no page has a say.
    """

    ms: float
    socket_ms: float
    websocket: int
    message: int
    files: dict[str, tuple[int, int]]


@dataclass(frozen=True)
class Change:
    """One change of what the map shows."""

    kind: str
    is_cold: bool
    ms: float
    websocket: int
    least: int
    is_kept: bool


@contextmanager
def ours() -> Iterator[Site]:
    """Start our server as `make run` does."""
    with started_server() as server:
        yield Site(server, "/tackning")


@contextmanager
def peer(*options: str) -> Iterator[Site]:
    """Start the plain page in a folder of its own, with Streamlit's settings as they come."""
    colours, layers = controls.COLOURS, {layer: words.LAYER_TAB[layer] for layer in LAYERS}
    given = ("--browser.gatherUsageStats", "false", "--server.fileWatcherType", "none", *options)
    with tempfile.TemporaryDirectory() as folder:
        text = PEER.format(layers=layers, colours=colours)
        Path(folder, "peer.py").write_text(text, encoding="utf-8")
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        with started_server("peer.py", {"PYTHONPATH": path}, Path(folder), given) as server:
            yield Site(server, "/")


def measure(quick: bool = False) -> list[Row]:
    """Return every figure, ours and the plain page's in turn."""
    program = chromium.ensure()
    with ours() as mine, peer() as theirs, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        views: list[list[View]] = [[], []]
        for turn in range(1 + (3 if quick else CONTEXTS)):
            for site, seen in zip((mine, theirs), views, strict=True):
                view = first_view(browser, site)
                if turn:  # the first session only warms the server
                    seen.append(view)
        changes = [walk(browser, site, quick) for site in (mine, theirs)]
        browser.close()
    return [*view_rows(*views), *change_rows(*changes)]


@contextmanager
def opened(browser: Browser, site: Site) -> Iterator[tuple[Page, list[Response]]]:
    """A page with its map visible, in a session and a browser cache of its own."""
    size = {"width": 1280, "height": 900}
    context = browser.new_context(base_url=site.server.url, locale="sv-SE", viewport=size)
    try:
        context.add_init_script(WATCH)
        page = context.new_page()
        answers: list[Response] = []
        page.on("response", lambda answer: answers.append(answer))
        page.goto(site.path)
        page.evaluate("bench.opened")
        page.locator(IDLE).wait_for()
        yield page, answers
    finally:
        context.close()


def first_view(browser: Browser, site: Site) -> View:
    """Open a page in a new session; return how long it took and what came over the wire."""
    with opened(browser, site) as (page, answers):
        messages = [base64.b64decode(text) for text in page.evaluate(TAKE)]
        files = {}
        for answer in answers:
            if "/component/" in answer.url and answer.request.resource_type != "fetch":
                on_wire = answer.request.sizes()["responseBodySize"]
                files[answer.url.split("/component/")[1]] = (len(answer.body()), on_wire)
        of_map = sum(len(message) for message in messages if is_map(message))
        times = page.evaluate("[bench.first, bench.socket]")
        return View(*times, sum(map(len, messages)), of_map, files)


def is_map(message: bytes) -> bool:
    """Tell whether a message of the server is the map's."""
    parsed = ForwardMsg.FromString(message)
    return parsed.delta.new_element.WhichOneof("type") == "component_instance"


def steps() -> list[tuple[str, str]]:
    """Return clicks that show each set of layers in each colour once: (kind, text on the button).

    From all three layers, one layer goes off or on at a time (no layers at all is left out), and
    the colour changes in between.
    """
    colours = list(controls.COLOURS.values())
    layers = [words.LAYER_TAB[layer] for layer in LAYERS]
    clicks = [("colour", colours[1])]
    for turn, which in enumerate((2, 1, 2, 0, 1, 2)):
        clicks += [("layer", layers[which]), ("colour", colours[turn % 2])]
    return clicks


def walk(browser: Browser, site: Site, quick: bool) -> list[Change]:
    """Make every change, each asked for the first time (cold), then all of them again (warm)."""
    clicks = steps()[: 4 if quick else None]
    back = [(kind, other_colour(text) if kind == "colour" else text) for kind, text in clicks[::-1]]
    with opened(browser, site) as (page, _):
        cold = [change(page, kind, text, True) for kind, text in clicks]
        warm = [change(page, kind, text, False) for kind, text in [*back, *clicks]]
    return cold + warm


def other_colour(text: str) -> str:
    """Return the colour that is not this one."""
    return next(other for other in controls.COLOURS.values() if other != text)


def change(page: Page, kind: str, text: str, is_cold: bool) -> Change:
    """Click once; return how long the new colours took and what came over the websocket."""
    page.evaluate("bench.arm()")
    page.locator(BUTTONS).get_by_text(text, exact=True).first.click()
    page.evaluate("bench.changed")
    page.locator(IDLE).wait_for()
    took, least, kept = page.evaluate("[bench.seen - bench.click, bench.least, bench.kept]")
    n_bytes = sum(len(base64.b64decode(message)) for message in page.evaluate(TAKE))
    return Change(kind, is_cold, took, n_bytes, least, kept)


def view_rows(mine: list[View], theirs: list[View]) -> list[Row]:
    """Return the rows of the first view."""

    def row(figure: str, values: list[list[float]], unit: str, target: str = "") -> Row:
        return Row(figure, median(values[0]), unit, median(values[1]), target)

    def each(function: object) -> list[list[float]]:
        return [[function(view) for view in views] for views in (mine, theirs)]  # type: ignore[operator]

    n = f"first view, {len(mine)} new sessions"
    return [
        row(f"{n}: the map is visible", each(lambda view: view.ms), "ms", "<= 2500"),
        row(f"{n}: of that before Streamlit asks", each(lambda view: view.socket_ms), "ms"),
        row(f"{n}: map data", each(lambda view: map_data(view, 0)), "kB", "<= 250"),
        row(f"{n}: map data on the wire", each(lambda view: map_data(view, 1)), "kB"),
        row(f"{n}: its file of areas, on the wire", each(lambda view: areas(view, 1)), "kB"),
        row(f"{n}: its message", each(lambda view: view.message / 1e3), "kB"),
        row(f"{n}: Leaflet and scripts", each(lambda view: scripts(view, 0)), "kB"),
        row(f"{n}: the same on the wire", each(lambda view: scripts(view, 1)), "kB"),
        row(f"{n}: the whole websocket", each(lambda view: view.websocket / 1e3), "kB"),
    ]


def areas(view: View, which: int) -> float:
    """Return the kB of the files of areas; which: 0 as read, 1 on the wire."""
    return sum(size[which] for name, size in view.files.items() if "/areas-" in name) / 1e3


def scripts(view: View, which: int) -> float:
    """Return the kB of the component's other files."""
    return sum(size[which] for size in view.files.values()) / 1e3 - areas(view, which)


def map_data(view: View, which: int) -> float:
    """Return the kB of all that says what is on the map: the file and the message."""
    return areas(view, which) + view.message / 1e3


def change_rows(mine: list[Change], theirs: list[Change]) -> list[Row]:
    """Return the rows of the changes."""
    rows = []
    for kind in ("colour", "layer"):
        for is_cold in (True, False):
            ms = [
                [c.ms for c in made if c.kind == kind and c.is_cold == is_cold]
                for made in (mine, theirs)
            ]
            name = f"change of {kind}, {'cold' if is_cold else 'warm'}, {len(ms[0])} changes"
            rows.append(Row(name, median(ms[0]), "ms", median(ms[1]), "<= 350"))
    n = f"all {len(mine)} changes"
    sent = [[c.websocket / 1e3 for c in made] for made in (mine, theirs)]
    kept = [100 * sum(c.is_kept for c in made) / len(made) for made in (mine, theirs)]
    least = [min(c.least for c in made) for made in (mine, theirs)]
    return [
        *rows,
        Row(f"{n}: the slowest", max(c.ms for c in mine), "ms", max(c.ms for c in theirs)),
        Row(f"{n}: websocket per change", median(sent[0]), "kB", median(sent[1]), "<= 60"),
        Row(f"{n}: fewest areas on the map at any time", least[0], "", least[1], f">= {N_AREAS}"),
        Row(f"{n}: the iframe is the same", kept[0], "%", kept[1], ">= 100"),
    ]
