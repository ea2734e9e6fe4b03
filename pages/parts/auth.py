"""Who is here and what may they do. Open mode: everyone sees everything.

Writing is for the one who keeps the data: LAGESBILD_WRITE=yes, which `make run` sets, since it
serves the own computer alone.
"""

from __future__ import annotations

import os
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
    may_write = os.environ.get("LAGESBILD_WRITE", "").lower() in ("yes", "ja", "1", "true")
    return Person(role="keeper" if may_write else "public", may_write=may_write)
