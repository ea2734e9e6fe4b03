"""The only session_state and query_params: what the reader chose, kept in the address."""

from __future__ import annotations

from typing import Any

import streamlit as st

LAYERS_KEY = "lager"
COLOUR_KEY = "farg"
CHOICE_KEY = "vald"
PEOPLE_KEY = "folk"
MAP_KEY = "karta"
COUNT_KEY = "karta_klick"


def map_value(key: str = MAP_KEY) -> dict[str, Any] | None:
    """Return what the map last told: the text that was clicked."""
    value = st.session_state.get(key)
    return value if isinstance(value, dict) else None


def choose(option: str | None) -> None:
    """Choose something in the list from elsewhere: a click on the map, a button."""
    st.session_state[CHOICE_KEY] = option


def get(key: str, otherwise: Any = None) -> Any:
    """Return a value of this session."""
    return st.session_state.get(key, otherwise)
