"""The only session_state: what the reader chose. Its controls keep the choice in the address."""

from __future__ import annotations

from typing import Any

import streamlit as st

LAYERS_KEY = "lager"
COLOUR_KEY = "farg"
CHOICE_KEY = "vald"
PEOPLE_KEY = "folk"
MAP_KEY = "karta"


def told_by(component: str) -> dict[str, Any] | None:
    """Return what a component last told: for a map, the text that was clicked."""
    value = st.session_state.get(component)
    return value if isinstance(value, dict) else None


def choose(option: str | None) -> None:
    """Choose something in the list from elsewhere: a click on the map."""
    st.session_state[CHOICE_KEY] = option
