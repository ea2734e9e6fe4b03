"""Controls: each returns a plain value, keeps its choice in the address, and is in Swedish."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from geo.places import Choice
from geo.sources import LAYERS
from pages.parts import state, words

COLOURS = {"antal": "Antal nätverk", "kombination": "Vilka slag av nätverk"}


def option_text(choice: Choice) -> str:
    """Return how a choice stands in the list: its name, what it is, its other spellings."""
    if choice.kind == "network":
        text = words.network(choice.layer, choice.name)
    else:
        text = f"{choice.name} – {words.KIND[choice.kind]}"
    return f"{text} (även {', '.join(choice.also)})" if choice.also else text


def choose(choices: Sequence[Choice], label: str, *, follow: bool = False) -> Choice | None:
    """Let the reader search among places, networks and base areas; None when nothing is chosen.

    follow: a chosen network sets the layer that the map shows (see layer).
    """
    by_text = {option_text(choice): choice for choice in choices}

    def on_change() -> None:
        found = by_text.get(state.chosen() or "")
        if follow and found and found.layer in LAYERS:
            state.follow(state.LAYER_KEY, found.layer)

    text = st.selectbox(
        label,
        list(by_text),
        index=None,
        key=state.CHOICE_KEY,
        on_change=on_change,
        bind="query-params",
        placeholder="Skriv ett namn, till exempel Tosseryd eller Norrby",
        help="Söker bland platser, nätverk och basområden, även på stavningar i källorna.",
    )
    return by_text.get(text) if text else None


def layers() -> tuple[str, ...]:
    """Let the reader switch the three layers on and off."""
    chosen = st.pills(
        "Lager",
        list(LAYERS),
        selection_mode="multi",
        default=list(LAYERS),
        format_func=words.LAYER_TAB.get,
        wrap=True,
        key=state.LAYERS_KEY,
        bind="query-params",
    )
    return tuple(layer for layer in LAYERS if layer in chosen)


def colour() -> str:
    """Let the reader choose what the colours mean."""
    return one_of("Färgen visar", COLOURS, state.COLOUR_KEY)


def indicator(names: dict[str, str]) -> str:
    """Let the reader choose what is measured: id -> name; the first to begin with."""
    chosen = st.selectbox(
        "Indikator",
        list(names),
        format_func=names.get,
        key=state.INDICATOR_KEY,
        bind="query-params",
    )
    return str(chosen)


def period(periods: Sequence[str]) -> str:
    """Let the reader choose a year, the newest to begin with."""
    return str(st.selectbox("Period", list(periods), key=state.PERIOD_KEY, bind="query-params"))


def group(groups: Sequence[str]) -> str:
    """Let the reader choose a group; without a choice there is only the first."""
    if len(groups) < 2:
        return groups[0] if groups else ""
    names = {name: words.group(name) for name in groups}
    return one_of("Grupp", names, state.GROUP_KEY)


def layer(choice: Choice | None) -> str:
    """Let the reader choose one of the three layers; a chosen network's own to begin with."""
    if choice and choice.layer in LAYERS:
        state.first(state.LAYER_KEY, choice.layer)
    return one_of("Nätverk på kartan", words.LAYER_TAB, state.LAYER_KEY)


def one_of(label: str, names: dict[str, str], key: str) -> str:
    """Let the reader choose one of a few, the first to begin with; kept in the address."""
    first = next(iter(names))
    chosen = st.segmented_control(
        label,
        list(names),
        default=first,
        required=True,
        format_func=names.get,
        wrap=True,
        key=key,
        bind="query-params",
    )
    return str(chosen or first)


def listed(
    label: str, names: dict[str, str], key: str, hint: str, *, first: str | None = None
) -> str | None:
    """Let the reader choose one of many by its name; None when none is chosen.

    The choice is kept by its id: it outlives another view and a new name. first: chosen to begin
    with; else nothing is.
    """
    state.begin_list(key, names, first)
    chosen = st.selectbox(
        label, list(names), index=None, format_func=names.get, key=key, placeholder=hint
    )
    state.end_list(key, names, chosen)
    return chosen if chosen is not None else first


def subject(choice: Choice | None) -> str:
    """Return the one place that a series is shown for: a network or a base area."""
    if choice is None:
        return ""
    if choice.kind == "place":
        return choice.base_area_ids[0] if len(choice.base_area_ids) == 1 else ""
    return choice.id
