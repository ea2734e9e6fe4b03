"""The only caches: what is read once and shown to everyone. All of it is read-only."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
import streamlit as st

from geo import coverage, display, places, read
from geo.errors import has_errors
from geo.sources import DATA
from pages.parts import looks, maps

GROUP = "0-17"


@dataclass(frozen=True)
class Register:
    """Everything that ships, read and checked, with the issues that were found."""

    networks: pd.DataFrame
    base_areas: gpd.GeoDataFrame
    memberships: pd.DataFrame
    areas: gpd.GeoDataFrame
    choices: tuple[places.Choice, ...]
    population: pd.DataFrame
    issues: pd.DataFrame
    n_rows: int


def _stamp() -> tuple[tuple[str, int], ...]:
    """Tell which version of each file is on disk: a changed file is read anew."""
    return tuple((p.name, p.stat().st_mtime_ns) for p in sorted(DATA.glob("*.*")))


def register() -> Register:
    """Return the registers as they now stand on disk."""
    return _register(_stamp())


@st.cache_resource(max_entries=2, show_spinner="Läser register och områden …")
def _register(_of: tuple[tuple[str, int], ...]) -> Register:
    networks, one = read.networks()
    base_areas, two = read.base_areas()
    memberships, three = read.memberships(networks=networks, base_areas=base_areas)
    areas, four = read.areas()
    rest = [read.meetings(), read.guidelines(), read.walks()]
    listed = places.choices(
        read.register("places", "place"),
        read.register("aliases"),
        networks,
        memberships,
        base_areas,
    )
    issues = pd.concat([one, two, three, four, *(found[1] for found in rest)], ignore_index=True)
    read_in = [networks, base_areas, memberships, areas, *(found[0] for found in rest)]
    population = read.register("population_kommundel")
    return Register(
        networks,
        base_areas,
        memberships,
        areas,
        tuple(listed),
        population,
        issues,
        sum(map(len, read_in)),
    )


def shown(name: str) -> pd.DataFrame:
    """Return a register that is only shown, as text."""
    return _shown(name, _stamp())


@st.cache_resource(max_entries=40, show_spinner=False)
def _shown(name: str, _of: tuple[tuple[str, int], ...]) -> pd.DataFrame:
    return read.register(name)


@dataclass(frozen=True)
class Cover:
    """What the coverage page says for one choice of layers."""

    by_base_area: pd.DataFrame
    gaps: gpd.GeoDataFrame
    partial: gpd.GeoDataFrame


def cover(layers: tuple[str, ...]) -> Cover:
    """Return who covers each base area, and the gaps, for some layers."""
    return _cover(layers, _stamp())


@st.cache_resource(max_entries=32, show_spinner=False)
def _cover(layers: tuple[str, ...], _of: tuple[tuple[str, int], ...]) -> Cover:
    known = register()
    asked = (known.base_areas, known.memberships, layers)
    return Cover(
        coverage.by_base_area(*asked), coverage.gaps(*asked), coverage.partial_gaps(*asked)
    )


@dataclass(frozen=True)
class Totals:
    """What is the same for every choice: shares by layer, people, overlaps."""

    by_layer: pd.DataFrame
    people: pd.DataFrame
    overlap: pd.DataFrame


def totals() -> Totals:
    """Return shares of land and people by layer, and every overlap."""
    return _totals(_stamp())


@st.cache_resource(max_entries=2, show_spinner="Räknar täckning och överlapp …")
def _totals(_of: tuple[tuple[str, int], ...]) -> Totals:
    known = register()
    return Totals(
        coverage.by_layer(known.areas, known.base_areas, known.memberships),
        coverage.people_by_kommundel(known.population, GROUP),
        coverage.overlap(known.areas),
    )


def base_map(title: str) -> maps.Base:
    """Return the constant part of a map of the municipality."""
    return _base_map(title, _stamp())


@st.cache_resource(max_entries=8, show_spinner="Ritar kartan …")
def _base_map(title: str, _of: tuple[tuple[str, int], ...]) -> maps.Base:
    known = register()
    town = coverage.gaps(known.base_areas, known.memberships, ["ortsrad"])
    views = (
        {"name": "Hela kommunen", "bounds": display.degree_bounds(known.base_areas)},
        {"name": "Staden", "bounds": display.degree_bounds(town)},
    )
    return maps.Base(
        title,
        display.map_geojson(known.base_areas),
        looks.network_lines(known.areas),
        looks.labels(known.base_areas, known.networks, display.label_points(known.base_areas)),
        views,
        looks.tiles(),
    )


def painting(layers: tuple[str, ...], colour: str) -> maps.Painting:
    """Return the colours of the coverage map, nothing chosen."""
    return _painting(layers, colour, _stamp())


@st.cache_resource(max_entries=64, show_spinner=False)
def _painting(
    layers: tuple[str, ...], colour: str, _of: tuple[tuple[str, int], ...]
) -> maps.Painting:
    known, covered = register(), cover(layers)
    return looks.coverage(known.base_areas, covered.by_base_area, known.networks, layers, colour)


def is_sound() -> bool:
    """Tell whether the shipped registers are free of errors."""
    return not has_errors(register().issues)


def text_of(path: Path) -> str:
    """Return a document of the project as text."""
    return _text(str(path), path.stat().st_mtime_ns)


@st.cache_resource(max_entries=8, show_spinner=False)
def _text(path: str, _changed: int) -> str:
    return Path(path).read_text(encoding="utf-8")
