"""A grid to write or paste many findings in: nothing in it is lost, also by a click on the map."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from geo import crs, kinds
from pages.parts import field_words, state, words
from pages.parts.field import Field
from pages.parts.field_cells import EAST, GRID, NORTH, PLACE

MOST_ROWS = 300
BASE, SEEN, NAME = "rutnat_grund", "rutnat_sett", "rutnat"


def editor(known: Field) -> pd.DataFrame:
    """Show the grid; returns its rows that hold anything, as text, index = the row's number.

    The number of rows stays, so that a click on the map does not begin the grid anew: what is being
    written in a cell then stays too.
    """
    turn, cells = _begun()
    edited = st.data_editor(
        _frame(cells),
        column_config=_columns(known),
        key=_key(turn),
        hide_index=False,
        alt="Rutnät för många fynd",
        placeholder="",
        width="stretch",
        height=390,
    )
    shown = edited.fillna("").astype(str)
    rows = shown[shown.apply(lambda column: column.str.strip() != "").any(axis=1)]
    _hold(SEEN, turn, {str(i): dict(row[row != ""]) for i, row in rows.iterrows()})
    if MOST_ROWS in rows.index:
        st.warning(
            f"Alla {MOST_ROWS} rader är fyllda: fler ryms inte. Se efter att allt kom med, och "
            "spara resten för sig."
        )
    return rows


def _columns(known: Field) -> dict[str, Any]:
    text = st.column_config.TextColumn
    lights = words.listed(list(kinds.LIGHTS))
    return {
        "_index": st.column_config.NumberColumn("Rad", width=45, pinned=True),
        "Slag": text(width=65, help="Brist eller Bra."),
        "Kategori": text(width=140, help="; ".join(known.categories.values())),
        "Beskrivning": text(width=210, help="Platsen, aldrig personer. Högst 2 000 tecken."),
        "Ljus": text(width=75, help=f"{words.first_upper(lights)}, eller tomt."),
        EAST: text(width=75, help="Meter i SWEREF 99 TM, eller grader ur telefonen."),
        NORTH: text(width=80, help="Meter i SWEREF 99 TM, eller grader ur telefonen."),
        PLACE: text(width=120, help="I stället för Öst och Norr: till exempel Norrby."),
    }


def _key(turn: int) -> str:
    return f"{state.fresh(NAME)}-{turn}"


def _frame(cells: Mapping[str, Mapping[str, str]]) -> pd.DataFrame:
    """Return the whole grid with what is in its cells; row -> heading -> text."""
    empty = pd.DataFrame("", index=pd.RangeIndex(1, MOST_ROWS + 1), columns=GRID, dtype=object)
    for row, texts in cells.items():
        for heading, text in texts.items():
            empty.at[int(row), heading] = text
    return empty


def _begun() -> tuple[int, dict[str, dict[str, str]]]:
    """Return the turn of the grid, and the cells that it begins with.

    A grid without a state of its own is new, or was out of sight: it begins with what it last held.
    """
    turn, cells = _held(BASE)
    if state.told_by(_key(turn)) is None:
        cells = _held(SEEN)[1]
        _hold(BASE, turn, cells)
    return turn, cells


def put_away() -> None:
    """Let the grid, when it is out of sight, begin with what it last held when it is shown again.

    The server keeps the grid's own state (the page stops early), the browser does not.
    """
    turn, cells = _held(SEEN)
    if state.told_by(_key(turn)) is not None:
        _hold(BASE, turn + 1, cells)


def _held(name: str) -> tuple[int, dict[str, dict[str, str]]]:
    turn, cells = json.loads(state.held(state.fresh(name)) or "[0, {}]")
    return int(turn), cells


def _hold(name: str, turn: int, cells: Mapping[str, Mapping[str, str]]) -> None:
    state.hold(state.fresh(name), json.dumps([turn, cells]))


def point(place: tuple[float, float]) -> None:
    """Put a place that was clicked on the map into a row; what else is written stays.

    The first row that says something but not where gets it, or the first empty one. A cell that
    the writer has changed stands over what the grid begins with: the grid then takes a new turn.
    """
    turn, base = _held(BASE)
    edits = (state.told_by(_key(turn)) or {}).get("edited_rows", {})
    shown = _edited(base, edits)
    row = row_to_place(shown)
    if row is None:
        state.tell("Alla rader har redan ett läge. Töm Öst och Norr på en rad, och klicka igen.")
        return
    east, north = (f"{value:.0f}" for value in crs.metres(*place))
    shown[str(row)] = shown.get(str(row), {}) | {EAST: east, NORTH: north}
    is_changed = bool({EAST, NORTH} & set(edits.get(row - 1, {})))
    _hold(BASE, turn + is_changed, shown)
    _hold(SEEN, turn + is_changed, shown)
    where = f"{words.number(int(east))}, {words.number(int(north))}"
    state.tell(f"Rad {row} fick läget {where}.")


def _edited(
    base: Mapping[str, Mapping[str, str]], edits: Mapping[Any, Mapping[str, Any]]
) -> dict[str, dict[str, str]]:
    """Return the cells with what the writer has changed in them (by position from 0)."""
    shown = {row: dict(texts) for row, texts in base.items()}
    for position, texts in edits.items():
        row = shown.setdefault(str(int(position) + 1), {})
        row |= {heading: str(text or "") for heading, text in texts.items() if heading in GRID}
    return shown


def row_to_place(cells: Mapping[str, Mapping[str, str]]) -> int | None:
    """Return the row that a place is for: it says what but not where, or else it is empty."""
    full = {int(r): {h for h, text in t.items() if text.strip()} for r, t in cells.items()}
    placeless = [row for row, has in full.items() if has and not has & {EAST, NORTH, PLACE}]
    empty = (row for row in range(1, MOST_ROWS + 1) if not full.get(row))
    return min(placeless) if placeless else next(empty, None)


def allowed_words(known: Field, places: Mapping[str, str]) -> None:
    """List the words that are understood, for who uses a keyboard or a screen reader too."""
    with st.expander("Ord som gäller"):
        said = {
            "Slag": field_words.KIND.values(),
            "Kategori": known.categories.values(),
            "Ljus": (*kinds.LIGHTS, "eller tomt"),
            "Plats": places,
        }
        st.markdown("\n".join(f"- **{name}:** {'; '.join(said[name])}." for name in said))
        st.caption("Stora och små bokstäver spelar ingen roll. Ett ord ur en kategori räcker.")
