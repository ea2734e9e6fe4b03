"""Buttons that build a file when pressed: tables, layers, and the map itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from geo import export
from geo.report import printmap
from pages.parts import maps, words

if TYPE_CHECKING:
    import geopandas as gpd  # names what is passed on

ABOUT = [
    "Källa: SCB RegSO 2025 (CC0); Borås Stads årsredovisning 2017 och webbsidor; se data/README.md",
    "Upptagningsområdena är en konstruktion av basområden, inte fastställda gränser.",
]
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def about(what: str = "täckning och överlapp", caution: str = "") -> list[str]:
    """Return what every export says of itself, with today's date, and the demonstration mark."""
    lines = [f"Lägesbild Borås – {what}", *ABOUT, f"Uttaget {date.today().isoformat()}"]
    return [*lines, caution] if caution else lines


def buttons(files: Sequence[tuple[str, str, str, Callable[[], bytes]]]) -> None:
    """Show a row of download buttons: label, file name, type, and what builds the file."""
    with st.container(horizontal=True):
        for label, name, mime, build in files:
            st.download_button(label, build, name, mime, key=f"ladda_{name}", on_click="ignore")


def tables(name: str, sheets: dict[str, pd.DataFrame], notes: Sequence[str] | None = None) -> None:
    """Offer tables as Excel (all sheets) and CSV (the first); notes stand on the last sheet."""
    notes = about() if notes is None else notes
    first = next(iter(sheets.values()))
    buttons(
        [
            ("Excel", f"{name}.xlsx", EXCEL, partial(export.to_excel, sheets, notes)),
            (
                f"CSV ({next(iter(sheets)).lower()})",
                f"{name}.csv",
                "text/csv",
                partial(export.to_csv, first),
            ),
        ]
    )


def findings(
    name: str,
    table: Callable[[], pd.DataFrame],
    layer: Callable[[], gpd.GeoDataFrame],
    notes: Sequence[str],
) -> None:
    """Offer findings as Excel, CSV, GeoPackage and GeoJSON, each built when it is asked for."""
    package, geojson = "application/geopackage+sqlite3", "application/geo+json"
    buttons(
        [
            ("Excel", f"{name}.xlsx", EXCEL, lambda: export.to_excel({"Fynd": table()}, [*notes])),
            ("CSV (fynd)", f"{name}.csv", "text/csv", lambda: export.to_csv(table())),
            (
                "GeoPackage (SWEREF 99 TM)",
                f"{name}.gpkg",
                package,
                lambda: export.to_geopackage({"fynd": layer()}),
            ),
            ("GeoJSON (WGS 84)", f"{name}.geojson", geojson, lambda: export.to_geojson(layer())),
        ]
    )


def layers(name: str, frames: dict[str, gpd.GeoDataFrame]) -> None:
    """Offer layers as GeoPackage (EPSG:3006, all) and GeoJSON (WGS 84, the first)."""
    first = next(iter(frames.values()))
    buttons(
        [
            (
                "GeoPackage (SWEREF 99 TM)",
                f"{name}.gpkg",
                "application/geopackage+sqlite3",
                partial(export.to_geopackage, frames),
            ),
            (
                "GeoJSON (WGS 84)",
                f"{name}.geojson",
                "application/geo+json",
                partial(export.to_geojson, first),
            ),
        ]
    )


def the_map(
    name: str,
    base: maps.Base,
    painting: maps.Painting,
    legend: Sequence[maps.Key],
    picture: Callable[[], printmap.Picture],
    notes: Sequence[str] | None = None,
) -> None:
    """Offer the map as a picture and as one HTML file that opens without a network."""
    said = about() if notes is None else notes

    def html() -> bytes:
        lines = [(layer, words.LAYER[layer]) for layer in painting.layers]
        shown = maps.legend(legend, lines)
        return maps.document(base, painting, said, shown).encode("utf-8")

    buttons(
        [
            ("Bild (PNG)", f"{name}.png", "image/png", lambda: printmap.png(picture())),
            ("Karta (HTML, utan nät)", f"{name}.html", "text/html", html),
        ]
    )
