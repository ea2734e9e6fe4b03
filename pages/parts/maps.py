"""The only folium: the constant base map, what changes on it, its legend, and its HTML file."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import folium
import streamlit.components.v1 as components
import streamlit_folium
import xstatic.pkg.leaflet as leaflet
from branca.element import MacroElement
from folium.elements import JSCSSMixin
from folium.template import Template

from pages.parts import shelf

WEB = Path(__file__).parent / "web"
LEAFLET = Path(leaflet.BASE_DIR)
SERVED = Path(__file__).resolve().parents[2] / "var" / "map"
SERVED.mkdir(parents=True, exist_ok=True)
components.declare_component("files", path=str(SERVED))
HERE = f"../{__name__}.files/"  # beside the map's frame: /component/<this module>.files/<file>


def served(stem: str, suffix: str, text: str) -> str:
    """Return the address of a file for the browser, which is kept for good."""
    return f"{HERE}{shelf.put(SERVED, stem, suffix, text)}"


LEAFLET_JS = served("leaflet", ".js", (LEAFLET / "leaflet.js").read_text(encoding="utf-8"))
LEAFLET_CSS = served("leaflet", ".css", (LEAFLET / "leaflet.css").read_text(encoding="utf-8"))
MAP_JS = served("map", ".js", (WEB / "map.js").read_text(encoding="utf-8"))
SOURCE = "Basområden: SCB, RegSO 2025 (CC0)"
RETURNED = (
    "last_object_clicked_tooltip",
    "last_object_clicked_count",
    "last_object_clicked",
)


@dataclass(frozen=True)
class Look:
    """How one base area is shown: one colour, or two in stripes, its text, and its edge.

    edge is plain, split (dashed: belongs to several networks) or unsure (dotted).
    """

    colours: tuple[str, ...]
    label: str
    edge: str = "plain"


@dataclass(frozen=True)
class Point:
    """One mark on the map: where (latitude, longitude), its look and text; n of them together.

    look is open, ended or good. label names it alone: a click comes back as this text.
    """

    id: str
    at: tuple[float, float]
    look: str
    label: str
    n: int = 1


@dataclass(frozen=True)
class Route:
    """One line on the map: its corners (latitude, longitude) and text."""

    id: str
    path: tuple[tuple[float, float], ...]
    label: str


@dataclass(frozen=True)
class Painting:
    """All that changes on a map: a look per base area, the lines shown, what is chosen.

    points, routes: what lies on top. spot: the place (latitude, longitude) with a ring around it.
    """

    looks: dict[str, Look]
    layers: tuple[str, ...]
    selected: tuple[str, ...] = ()
    network: str = ""
    points: tuple[Point, ...] = ()
    routes: tuple[Route, ...] = ()
    spot: tuple[float, float] | None = None

    def state(self) -> dict[str, Any]:
        """Return what the browser's paint() takes."""
        areas = {
            area_id: {"colours": look.colours, "label": look.label, "edge": look.edge}
            for area_id, look in self.looks.items()
        }
        chosen = {"layers": self.layers, "selected": self.selected, "network": self.network}
        points = [{"at": p.at, "look": p.look, "label": p.label, "n": p.n} for p in self.points]
        routes = [{"path": route.path, "label": route.label} for route in self.routes]
        over = {"points": points, "routes": routes, "spot": self.spot}
        return {"areas": areas, **chosen, **over}


@dataclass(frozen=True)
class Base:
    """All that is constant on a map: geometry as text, networks, names, ready-made views."""

    title: str
    geojson: str = field(repr=False)
    networks: tuple[dict[str, Any], ...] = field(repr=False)
    places: tuple[dict[str, Any], ...] = field(repr=False)
    views: tuple[dict[str, Any], ...] = field(repr=False)
    tiles: str = ""

    def script(self) -> str:
        """Return it all as a script that the browser loads once, before it draws."""
        parts = {"networks": self.networks, "places": self.places, "views": self.views}
        options = json.dumps({"title": self.title, "source": SOURCE, **parts}, ensure_ascii=False)
        text = f"window.LAGESBILD={{areas:{self.geojson},options:{options}}};"
        return text.replace("</", "<\\/")


class _Draw(JSCSSMixin):
    """Puts the base areas and the networks' lines on the map, once."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "Lagesbild.draw({{ this._parent.get_name() }});"
        "{% endmacro %}"
    )

    def __init__(self, base: Base) -> None:
        super().__init__()
        self._name = "Draw"
        self.default_js = [("map", MAP_JS), ("areas", served("areas", ".js", base.script()))]


class _Paint(MacroElement):
    """Gives the drawn areas their colours and names; no geometry goes along."""

    _template = Template(
        "{% macro script(this, kwargs) %}Lagesbild.paint({{ this.state|tojson }});{% endmacro %}"
    )

    def __init__(self, state: dict[str, Any]) -> None:
        super().__init__()
        self._name = "Paint"
        self.state = state


class _Map(folium.Map):
    """A folium map whose Leaflet comes from this server."""

    default_js: ClassVar = [("leaflet", LEAFLET_JS)]
    default_css: ClassVar = [("leaflet_css", LEAFLET_CSS)]


def _base_map(base: Base) -> _Map:
    tiles = folium.TileLayer(base.tiles, attr="Borås Stad") if base.tiles else None
    centre = base.views[0]["bounds"]
    middle = [(a + b) / 2 for a, b in zip(*centre, strict=True)]
    made = _Map(middle, zoom_start=10, tiles=tiles, zoom_snap=0.25, attribution_control=True)
    _Draw(base).add_to(made)
    return made


def arguments(base: Base, painting: Painting, key: str, height: int) -> dict[str, Any]:
    """Return all that streamlit-folium sends to the browser, as plain data that can be kept.

    The same as st_folium(map, key=key, feature_group_to_add=…) sends, without making the map
    anew for every reader: its own functions, of the pinned version.
    """
    layer = folium.FeatureGroup(name="visning")
    _Paint(painting.state()).add_to(layer)
    made = _base_map(base)
    made.get_root().render()
    name = made.get_name()
    header = streamlit_folium._get_header(made)
    script = streamlit_folium._get_map_string(made)
    return {
        "script": script,
        "header": header,
        "html": "",
        "id": name,
        "key": streamlit_folium.generate_js_hash(script, key),
        "height": height,
        "width": None,
        "returned_objects": list(RETURNED),
        "default": dict.fromkeys(RETURNED),
        "zoom": None,
        "center": None,
        "feature_group": streamlit_folium._get_feature_group_string(layer, made),
        "return_on_hover": False,
        "layer_control": None,
        "pixelated": False,
        "css_links": [LEAFLET_CSS],
        "js_links": [LEAFLET_JS, MAP_JS, served("areas", ".js", base.script())],
        "wrap_longitude": False,
    }


def show(sent: dict[str, Any], on_click: Callable[[], None]) -> None:
    """Show the map; a change sends colours alone, and panning never reruns the page."""
    streamlit_folium._component_func(**sent, on_change=on_click)


def clicked(value: dict[str, Any] | None, painting: Painting, base: Base) -> str:
    """Return the id of what was clicked (an area, a network, a mark, a route); "" for none."""
    text = (value or {}).get(RETURNED[0]) or ""
    by_text = {look.label.strip(): area_id for area_id, look in painting.looks.items()}
    by_text |= {network["label"]: network["id"] for network in base.networks}
    by_text |= {over.label.strip(): over.id for over in (*painting.points, *painting.routes)}
    return by_text.get(text.strip(), "")


def pointed(value: dict[str, Any] | None) -> tuple[float, float] | None:
    """Return the place (latitude, longitude) that was clicked."""
    place = (value or {}).get("last_object_clicked")
    return (place["lat"], place["lng"]) if place else None


@dataclass(frozen=True)
class Key:
    """One row of a legend."""

    colours: tuple[str, ...]
    text: str


def legend(keys: Sequence[Key], layers: Sequence[tuple[str, str]]) -> str:
    """Return a legend as HTML: colours of areas, then the line of each layer."""
    rows = [f"<li>{_swatch(key.colours)}{html.escape(key.text)}</li>" for key in keys]
    rows += [f"<li>{_line(layer)}{html.escape(name)}</li>" for layer, name in layers]
    style = "list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin:0;padding:0"
    return f'<ul aria-label="Teckenförklaring" style="{style}">{"".join(rows)}</ul>'


def _swatch(colours: tuple[str, ...]) -> str:
    first, last = colours[0], colours[-1]
    fill = f"linear-gradient(135deg,{first} 50%,{last} 50%)"
    box = "display:inline-block;width:1.1em;height:1.1em;margin-right:.4em;vertical-align:-.2em"
    return f'<span style="{box};border:1px solid #333;background:{fill}"></span>'


LINE_STYLES = {
    "barn_unga": "solid #0072b2",
    "omrade": "dashed #a33c00",
    "ortsrad": "dotted #00573d",
}


def _line(layer: str) -> str:
    style = f"display:inline-block;width:1.8em;border-top:4px {LINE_STYLES[layer]}"
    return f'<span style="{style};margin-right:.4em;vertical-align:.3em"></span>'


def document(base: Base, painting: Painting, notes: Sequence[str], legend_html: str) -> str:
    """Return the map as one HTML file that opens without a network."""
    made = _base_map(base)
    _Paint(painting.state()).add_to(made)
    page = made.get_root().render()
    page = re.sub(r'<script src="([^"]*)"></script>', lambda m: _inline(m[1], "script"), page)
    page = re.sub(
        r'<link rel="stylesheet" href="([^"]*)"/>', lambda m: _inline(m[1], "style"), page
    )
    texts = "".join(f"<p>{html.escape(note)}</p>" for note in notes)
    table = "".join(f"<li>{html.escape(look.label)}</li>" for look in painting.looks.values())
    head = (
        f"<title>{html.escape(base.title)}</title><style>html,body{{height:auto!important;"
        "font:16px/1.5 sans-serif;margin:1rem}.folium-map{position:relative!important;"
        "height:75vh!important;width:100%!important}</style>"
    )
    after = f"{legend_html}{texts}<h2>Samma uppgifter som text</h2><ul>{table}</ul>"
    page = page.replace("<html>", '<html lang="sv">', 1).replace("</head>", f"{head}</head>", 1)
    heading = f"<h1>{html.escape(base.title)}</h1>"
    return page.replace("<body>", f"<body>{heading}", 1).replace("</body>", f"{after}</body>", 1)


def _inline(address: str, tag: str) -> str:
    text = (SERVED / address.removeprefix(HERE)).read_text(encoding="utf-8")
    if tag == "style":
        text = re.sub(r"url\([^)]*\)", "none", text)
    return f"<{tag}>{text}</{tag}>"
