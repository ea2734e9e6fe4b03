"""Finds a place, a network or a base area by any name that the sources use for it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import pandas as pd

KINDS = ("place", "network", "base_area")


@dataclass(frozen=True)
class Choice:
    """Something to choose on the map: its kind, id, name, base areas, and other names."""

    kind: str
    id: str
    name: str
    layer: str
    base_area_ids: tuple[str, ...]
    also: tuple[str, ...] = ()
    note: str = ""
    basis: str = "named"


def choices(
    places: pd.DataFrame,
    aliases: pd.DataFrame,
    networks: pd.DataFrame,
    memberships: pd.DataFrame,
    base_areas: pd.DataFrame,
) -> list[Choice]:
    """List all that can be chosen: places first, then networks by layer, then base areas.

    places: index place, with base_area_ids (text with ;) and note. aliases: alias, canonical.
    networks: index network_id. memberships: network_id, base_area_id. base_areas: index
    base_area_id, with name. A place that lies in no known base area has an empty tuple; basis
    says how it was tied to them (named, located, inferred, unknown), and one that is inferred may
    lie in any one of them.

    >>> from geo import read
    >>> places, aliases = read.register("places", "place"), read.register("aliases")
    >>> registers = (read.networks()[0], read.memberships()[0], read.base_areas()[0])
    >>> find("vistafors", choices(places, aliases, *registers))[0].name
    'Viskafors'
    """
    also = {
        name: tuple(dict.fromkeys(rows["alias"])) for name, rows in aliases.groupby("canonical")
    }
    found = [
        Choice(
            "place",
            str(place),
            str(place),
            "",
            _split(row["base_area_ids"]),
            also.get(str(place), ()),
            str(row["note"]),
            str(row["basis"]),
        )
        for place, row in places.iterrows()
    ]
    held = {
        network_id: tuple(rows["base_area_id"])
        for network_id, rows in memberships.groupby("network_id")
    }
    found += [
        Choice(
            "network",
            str(network_id),
            str(row["name"]),
            str(row["layer"]),
            held.get(str(network_id), ()),
            tuple(filter(None, [row["association"]])),
        )
        for network_id, row in networks.iterrows()
    ]
    found += [
        Choice("base_area", str(base_area_id), str(name), "", (str(base_area_id),))
        for base_area_id, name in base_areas["name"].items()
    ]
    return found


def _split(text: object) -> tuple[str, ...]:
    return tuple(part for part in str(text).split(";") if part)


def fold(text: str) -> str:
    """Return a text without case and accents, for comparing: å and ä as a, ö as o.

    >>> fold("Äspered")
    'aspered'
    """
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def find(text: str, among: list[Choice]) -> list[Choice]:
    """Find choices by name or by another spelling of it; exact names before beginnings.

    >>> hulta = Choice("place", "Hulta", "Hulta", "", ("R017",), ("Hulda",))
    >>> [choice.name for choice in find("hulda", [hulta])]
    ['Hulta']
    """
    wanted = fold(text.strip())
    if not wanted:
        return []
    names = [
        (choice, [fold(name) for name in (choice.name, choice.id, *choice.also)])
        for choice in among
    ]
    exact = [choice for choice, known in names if wanted in known]
    begins = [choice for choice, known in names if any(n.startswith(wanted) for n in known)]
    return list(dict.fromkeys([*exact, *begins]))
