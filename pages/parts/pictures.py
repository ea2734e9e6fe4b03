"""What goes on a printed map: the same colours and words as on the screen."""

from __future__ import annotations

from collections.abc import Sequence

from geo import coverage
from geo.report import printmap
from pages.parts import maps
from pages.parts.data import Register


def map_of(
    title: str,
    register: Register,
    painting: maps.Painting,
    keys: Sequence[maps.Key],
    notes: Sequence[str],
) -> printmap.Picture:
    """Lay out a map for print, with the city enlarged beside the municipality."""
    shown = register.areas[register.areas["layer"].isin(painting.layers)]
    return printmap.Picture(
        title=title,
        base_areas=register.base_areas,
        areas=shown,
        colours={area_id: look.colours for area_id, look in painting.looks.items()},
        keys=[(key.colours, key.text) for key in keys],
        notes=notes,
        detail=coverage.gaps(register.base_areas, register.memberships, ["ortsrad"]),
    )
