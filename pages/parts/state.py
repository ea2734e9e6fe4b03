"""The only session_state: what the reader chose. Its controls keep the choice in the address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

LAYERS_KEY = "lager"
COLOUR_KEY = "farg"
CHOICE_KEY = "vald"
PEOPLE_KEY = "folk"
AGE_KEY = "alder"
MAP_KEY = "karta"
IMPORT_KEY = "inlasning"
TOLD_KEY = "besked"
UPLOADS_KEY = "antal_inlasningar"
INDICATOR_KEY = "indikator"
PERIOD_KEY = "period"
GROUP_KEY = "grupp"
LAYER_KEY = "slag"


def told_by(component: str) -> dict[str, Any] | None:
    """Return what a component last told: for a map, the text that was clicked."""
    value = st.session_state.get(component)
    return value if isinstance(value, dict) else None


def chosen() -> str | None:
    """Return what is chosen in the list."""
    value = st.session_state.get(CHOICE_KEY)
    return str(value) if value else None


def first(key: str, value: str) -> None:
    """Begin a control with a value, unless the reader or the address has said one."""
    if key not in st.session_state and key not in st.query_params:
        st.session_state[key] = value


def follow(key: str, value: str) -> None:
    """Set a control from elsewhere: what was chosen decides it."""
    st.session_state[key] = value


def choose(option: str | None) -> None:
    """Choose something in the list from elsewhere: a click on the map."""
    st.session_state[CHOICE_KEY] = option


def upload_key() -> str:
    """Return the key of the upload, another after each import: the file is then put away."""
    return f"{IMPORT_KEY}{st.session_state.get(UPLOADS_KEY, 0)}"


def next_upload() -> None:
    """Put the uploaded file away."""
    st.session_state[UPLOADS_KEY] = st.session_state.get(UPLOADS_KEY, 0) + 1


def tell(message: str) -> None:
    """Keep a message from a button until the page is shown again."""
    st.session_state[TOLD_KEY] = message


def say_once(show: Callable[[str], Any]) -> None:
    """Show the message that a button left, once."""
    message = st.session_state.pop(TOLD_KEY, "")
    if message:
        show(message)
