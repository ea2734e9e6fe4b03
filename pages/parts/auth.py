"""Who is here and what may they see. Open mode: everyone sees everything, no one writes."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager


@dataclass(frozen=True)
class Person:
    """The reader of a page and what the reader may do."""

    role: str
    may_write: bool


def who() -> Person:
    """Return who is here. Every page calls this first: a page can run without app.py."""
    if PagesManager.uses_pages_directory:
        # The first request to a fresh server went past app.py: begin again, through it.
        PagesManager.uses_pages_directory = False
        st.rerun()
    return Person(role="public", may_write=False)
