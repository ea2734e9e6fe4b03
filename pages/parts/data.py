"""The only cache: what is read and reckoned once and shown to everyone. All of it is read-only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd
import streamlit as st

from geo import allocate, coverage, display, gather, read, situation, store, welfare
from geo.errors import GeoError
from geo.facts import Facts
from geo.facts import Register as Register
from geo.report import annual as annual_report
from geo.report import bra as bra_sheet
from geo.report import situation_story
from geo.report.story import Story
from geo.situation import Situation
from geo.sources import DATA
from pages.parts import field as fields
from pages.parts import looks, maps
from pages.parts import work as works

if TYPE_CHECKING:
    import geopandas as gpd  # names what is passed on

GROUP = "0-17"
T = TypeVar("T")


def _files() -> int:
    """Tell which version of the files is on disk: what changed is read anew."""
    files = [*DATA.iterdir(), *(DATA / "demo").glob("*")]
    return hash(tuple((path.name, path.stat().st_mtime_ns) for path in files))


def _version() -> int:
    """Tell which version of the files and of the statistics in the store is on disk."""
    try:
        with store.open() as opened:
            return hash((_files(), opened.version()))
    except GeoError as fault:
        return hash((_files(), str(fault)))


def field(with_demo: bool) -> fields.Field:
    """Return walks and findings as they now stand, with the made-up ones or without."""
    return _field(_files(), fields.version(), with_demo)


@st.cache_resource(max_entries=4, show_spinner="Läser vandringar och fynd …")
def _field(files: int, version: str, with_demo: bool) -> fields.Field:
    return gather.field(register(), with_demo, f"{files} {version} {with_demo}")


def work() -> works.Work:
    """Return meetings, decisions and plans as they now stand."""
    return once(gather.work, works.version())


def once_for(build: Callable[..., T], known: fields.Field | works.Work, *asked: Any) -> T:
    """Return build(known, *asked), reckoned once for each question, day and state of the known."""
    question = f"{build.__module__}.{build.__qualname__}{asked!r}{fields.today()}"
    made: T = _once_for(question, known.key, known, build, asked)
    return made


@st.cache_resource(max_entries=500, show_spinner="Räknar …")
def _once_for(
    question: str,
    key: str,
    _known: fields.Field | works.Work,
    _build: Callable[..., Any],
    _asked: tuple[Any, ...],
) -> Any:
    return _build(_known, *_asked)


def facts() -> Facts:
    """Return all that is known as it now stands: what a lägesbild rests on."""
    return _facts(f"{_version()} {fields.version()} {works.version()}")


@st.cache_resource(max_entries=4, show_spinner=False)
def _facts(version: str) -> Facts:
    return _still(f"{_version()} {fields.version()}").with_work(work())


@st.cache_resource(max_entries=2, show_spinner="Räknar indikatorer …")
def _still(version: str) -> Facts:
    """Return what does not change when somebody writes in a lägesbild."""
    known = register()
    names = [str(name) for name in known.indicators.index]
    return Facts(
        register=known,
        field=field(True),
        real_field=field(False),
        work=work(),
        views={name: views(name) for name in names},
        breaks={name: breaks(name) for name in names},
        shipped={name: shown(name) for name in gather.SHIPPED},
    )


def picture(area_id: str) -> Situation:
    """Return the lägesbild of a place as of today."""
    return _picture(area_id, _now())


def story(area_id: str) -> Story:
    """Return the lägesbild of a place as of today, written out."""
    return _story(area_id, _now())


def report(year: int | None = None) -> Story:
    """Return the year's report of the assignment; without a year the sheet over the city."""
    return _report(year, _now())


@st.cache_resource(max_entries=10, show_spinner="Sätter ihop underlaget …")
def _report(year: int | None, key: str) -> Story:
    if year is None:
        return bra_sheet.story(facts(), fields.today())
    return annual_report.story(facts(), year, fields.today())


def _now() -> str:
    return f"{_version()} {fields.version()} {works.version()} {fields.today()}"


@st.cache_resource(max_entries=100, show_spinner="Sätter ihop lägesbilden …")
def _picture(area_id: str, key: str) -> Situation:
    return situation.situation(area_id, facts(), fields.today())


@st.cache_resource(max_entries=100, show_spinner="Sätter ihop lägesbilden …")
def _story(area_id: str, key: str) -> Story:
    return situation_story.story(picture(area_id))


def register() -> Register:
    """Return the registers as they now stand on disk."""
    return _register(_version())


@st.cache_resource(max_entries=2, show_spinner="Läser register och områden …")
def _register(version: int) -> Register:
    return gather.register()


def view(indicator_id: str, period: str) -> welfare.View:
    """Return one indicator and period as it may be shown, reckoned once."""
    return once(_view, indicator_id, period)


def _view(known: Register, indicator_id: str, period: str) -> welfare.View:
    indicator, rows = known.indicators.loc[indicator_id], known.rows_of(indicator_id)
    return welfare.view(indicator, rows, known.weights, period)


def periods(indicator_id: str) -> tuple[str, ...]:
    """Return the periods of an indicator, newest first."""
    return once(_periods, indicator_id)


def _periods(known: Register, indicator_id: str) -> tuple[str, ...]:
    return tuple(welfare.periods(known.rows_of(indicator_id), known.weights))


def views(indicator_id: str) -> list[welfare.View]:
    """Return every period of an indicator as it may be shown, newest first."""
    return [view(indicator_id, period) for period in periods(indicator_id)]


def history(indicator_id: str, group: str) -> pd.DataFrame:
    """Return the values of every period side by side: period × id."""
    return once(_history, indicator_id, group)


def _history(_known: Register, indicator_id: str, group: str) -> pd.DataFrame:
    return welfare.history(views(indicator_id), group)


def breaks(indicator_id: str) -> dict[str, str]:
    """Return the periods that begin something new in an indicator's series, and why."""
    return once(_breaks, indicator_id)


def _breaks(known: Register, indicator_id: str) -> dict[str, str]:
    return welfare.breaks(known.rows_of(indicator_id), known.weights)


def once(build: Callable[..., T], *asked: Any) -> T:
    """Return build(register, *asked), reckoned once for each question and version of the files."""
    question = f"{build.__module__}.{build.__qualname__}{asked!r}"
    made: T = _once(question, _version(), build, asked)
    return made


@st.cache_resource(max_entries=1000, show_spinner="Räknar …")
def _once(question: str, version: int, _build: Callable[..., Any], _asked: tuple[Any, ...]) -> Any:
    return _build(register(), *_asked)


@dataclass(frozen=True)
class Cover:
    """What the coverage page says for one choice of layers."""

    by_base_area: pd.DataFrame
    gaps: gpd.GeoDataFrame


def cover(layers: tuple[str, ...]) -> Cover:
    """Return who covers each base area, and the gaps, for some layers."""
    return once(_cover, layers)


def _cover(known: Register, layers: tuple[str, ...]) -> Cover:
    table = coverage.by_base_area(known.base_areas, known.memberships, layers)
    return Cover(table, known.base_areas[(table["n_high"] == 0).to_numpy()])


@dataclass(frozen=True)
class Totals:
    """What is the same for every choice: shares by layer, people, overlaps."""

    by_layer: pd.DataFrame
    people: pd.DataFrame
    overlap: pd.DataFrame


def totals() -> Totals:
    """Return shares of land and people by layer, and every overlap."""
    return once(_totals)


def _totals(known: Register) -> Totals:
    return Totals(
        coverage.by_layer(known.areas, known.base_areas, known.memberships),
        allocate.people_by_kommundel(known.population, GROUP),
        coverage.overlap(known.areas),
    )


def base_map(title: str) -> maps.Base:
    """Return the constant part of a map of the municipality."""
    return once(_base_map, title)


def _base_map(known: Register, title: str) -> maps.Base:
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
    return once(_painting, layers, colour)


def _painting(known: Register, layers: tuple[str, ...], colour: str) -> maps.Painting:
    table = cover(layers).by_base_area
    return looks.coverage(known.base_areas, table, known.networks, layers, colour)


def keys(layers: tuple[str, ...], colour: str) -> list[maps.Key]:
    """Return the legend of the coverage map."""
    return once(_keys, layers, colour)


def _keys(_known: Register, layers: tuple[str, ...], colour: str) -> list[maps.Key]:
    return looks.keys(cover(layers).by_base_area, colour)


def shown(name: str) -> pd.DataFrame:
    """Return a register that is only shown, as text."""
    return once(_shown, name)


def _shown(_known: Register, name: str) -> pd.DataFrame:
    return read.register(name)


def text_of(path: Path) -> str:
    """Return a document of the project as text, as it now stands."""
    return path.read_text(encoding="utf-8")
