"""What every page has: title and sentence, the map with its click, the answer, the news."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import streamlit as st

from geo.errors import GeoError
from geo.places import Choice
from pages.parts import answers, controls, data, grid, maps, notices, state, tables, words

STYLE = """<style>
[data-testid="stMainBlockContainer"] { padding-top: 3rem; }
[data-testid="stMarkdownContainer"] :is(td, th, code) { overflow-wrap: anywhere; hyphens: auto; }
@media (max-width: 480px) { [data-testid="stMarkdownContainer"] :is(td, th) { padding: 4px; } }
:is(a, button, input, [role=combobox], [role=radio]):focus-visible {
  outline: 3px solid #00508c !important; outline-offset: 2px; }
h1 { overflow-wrap: anywhere; hyphens: auto; }
@media (max-width: 480px) { h1 { font-size: 1.6rem !important; } }
@media print { :is([data-testid="stSidebar"], [data-testid="stDownloadButton"],
  [data-testid="stButtonGroup"], [data-testid="stSelectbox"], [data-testid="stExpander"],
  [data-testid="stForm"], [data-testid="stButton"]) { display: none; } }
</style>"""
ROOT = Path(__file__).resolve().parents[2]


def register() -> data.Register:
    """Return the registers; without them the page says what is missing and what to do."""
    try:
        known = data.register()
    except GeoError as fault:
        st.error(f"Registren kunde inte läsas. {words.markdown_safe(str(fault))}")
        st.info(words.NO_DATA)
        st.stop()
    if known.base_areas.empty or known.areas.empty:
        st.error("Inga områden kunde läsas.")
        notices.issues(known.issues, used=known.n_rows)
        st.info(words.NO_DATA)
        st.stop()
    return known


def title(heading: str, sentence: str) -> None:
    """Show the page's heading and, in one sentence, the question that it answers."""
    st.html(STYLE + grid.STYLE)
    st.title(heading, anchor=False)
    st.markdown(sentence)


def statistics_fault(known: data.Register) -> None:
    """Say that what is imported could not be read, when so: the demonstration set stands in."""
    if known.store_fault:
        st.error(f"Det inlästa kunde inte läsas. {words.markdown_safe(known.store_fault)}")


def demo(caution: str, more: str = words.DEMO_MORE) -> None:
    """Say at once that what is shown is made up, when it is."""
    if caution:
        st.warning(f"{caution}. {more}")


def lines(layers: Sequence[str]) -> list[tuple[str, str]]:
    """Return layers with their names, for a legend."""
    return [(layer, words.LAYER[layer]) for layer in layers]


def chosen_on(painting: maps.Painting, choice: Choice | None) -> maps.Painting:
    """Mark what is chosen on a painted map."""
    if choice is None:
        return painting
    network = choice.id if choice.kind == "network" else ""
    return replace(painting, selected=choice.base_area_ids, network=network)


def show_map(
    base: maps.Base,
    painting: maps.Painting,
    choices: Sequence[Choice],
    height: int,
    also: Callable[[str], bool] | None = None,
) -> None:
    """Show the map; a click, or Enter on an area, chooses it in the list.

    also: takes the id of what was clicked first, and tells whether it was its own.
    """
    by_id = {choice.id: choice for choice in choices if choice.kind != "place"}
    sent = data.once(_sent, base, painting, height)

    def on_click() -> None:
        told = state.told_by(sent["key"])
        clicked = maps.clicked(told, painting, base)
        if also is not None and also(clicked):
            return
        found = by_id.get(clicked)
        if found is not None:
            state.choose(controls.option_text(found))
            if found.layer:
                state.follow(state.LAYER_KEY, found.layer)

    maps.show(sent, on_click)


def point_map(
    base: maps.Base, painting: maps.Painting, on_point: Callable[[tuple[float, float]], None]
) -> None:
    """Show a map to point at: a click hands over its place (latitude, longitude)."""
    sent = data.once(_sent, base, replace(painting, spot=state.spot()), 420)

    def on_click() -> None:
        place = maps.pointed(state.told_by(sent["key"]))
        if place is not None:
            state.point_at(place)
            on_point(place)

    maps.show(sent, on_click)


def _sent(
    _known: data.Register, base: maps.Base, painting: maps.Painting, height: int
) -> dict[str, Any]:
    return maps.arguments(base, painting, state.MAP_KEY, height)


def answer(choice: Choice, register: data.Register) -> None:
    """Say who covers what is chosen, then list it with basis and confidence."""
    st.subheader(controls.option_text(choice).split(" (även")[0], anchor=False)
    st.markdown(data.once(answers.who, choice))
    if choice.note and choice.base_area_ids:
        st.caption(words.markdown_safe(answers.spelled_out(register, choice.note)))
    reasons = data.once(answers.reasons, choice)
    if reasons:
        st.markdown(reasons)
        with st.expander("Underlag: varför räknas det hit?"):
            grid.show(data.once(tables.evidence, choice), "Underlag ur registret")


def news() -> str:
    """Return the newest entry of the change log, without its heading."""
    entries = data.text_of(ROOT / "CHANGELOG.md").split("\n## ")
    return entries[1].split("\n", 1)[1].strip() if len(entries) > 1 else "Inget nytt ännu."
