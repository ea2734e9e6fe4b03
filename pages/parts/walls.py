"""The lägesbild on the wall: a page of its own that needs no network once it is open."""

from __future__ import annotations

from pathlib import Path

import streamlit.components.v1 as components

from geo.report import story_wall
from geo.report.story import Story
from pages.parts import shelf
from pages.parts.work import Work

SERVED = Path(__file__).resolve().parents[2] / "var" / "wall"
SERVED.mkdir(parents=True, exist_ok=True)
components.declare_component("wall", path=str(SERVED))
HERE = f"component/{__name__}.wall/"  # under the address of the app


def address(_known: Work, story: Story) -> str:
    """Write the story for the wall; returns its address, which says its content and nobody guesses.

    A changed lägesbild has another address: the one that is open stays as it was.
    """
    shelf.clear(SERVED)
    return f"{HERE}{shelf.put(SERVED, 'bild', '.html', story_wall.html(story), 64)}"
