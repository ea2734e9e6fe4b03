"""What the map shows, in colours and words: coverage by count or by combination."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from geo import classes
from geo.layout import MISSING, OK
from geo.sources import LAYERS
from pages.parts import maps, words

# Few networks are dark, many are light (YlGnBu, readable without colour vision); none is striped.
COUNT = {0: "#b3b3b3", 1: "#225ea8", 2: "#7fcdbb", 3: "#edf8b1", 4: "#ffffd9"}
NONE = ("#ffffff", "#b3b3b3")
COMBINATION = {
    ("barn_unga", "omrade", "ortsrad"): "#cc79a7",
    ("barn_unga", "omrade"): "#56b4e9",
    ("barn_unga", "ortsrad"): "#009e73",
    ("omrade", "ortsrad"): "#f0e442",
    ("barn_unga",): "#e69f00",
    ("omrade",): "#d55e00",
    ("ortsrad",): "#999999",
}

# One indicator: low is light, high is dark (YlGnBu); what is not shown is grey, with a word.
SHADES = {
    1: ("#41b6c4",),
    2: ("#a1dab4", "#2c7fb8"),
    3: ("#a1dab4", "#41b6c4", "#2c7fb8"),
    4: ("#ffffcc", "#a1dab4", "#41b6c4", "#2c7fb8"),
    5: ("#ffffcc", "#a1dab4", "#41b6c4", "#2c7fb8", "#253494"),
}
HIDDEN = ("#ffffff", "#8c8c8c")
UNKNOWN = ("#dcdcdc",)


def tiles() -> str:
    """Return the address of the city's own background map, if one is set."""
    return os.environ.get("LAGESBILD_TILES", "").strip()


def network_lines(areas: pd.DataFrame) -> tuple[dict[str, Any], ...]:
    """Return the networks whose outlines the map draws out of its base areas."""
    return tuple(
        {
            "id": str(area_id),
            "layer": row["layer"],
            "label": words.network(row["layer"], row["name"]),
            "members": list(row["base_areas"]),
        }
        for area_id, row in areas.iterrows()
    )


def labels(
    base_areas: pd.DataFrame, networks: pd.DataFrame, points: dict[str, tuple[float, float]]
) -> tuple[dict[str, Any], ...]:
    """Return the names on the map, the ones with a network's own name first."""
    seats = set(networks["name"])
    names = {str(area_id): str(name) for area_id, name in base_areas["name"].items()}
    order = sorted(names, key=lambda area_id: (not seats & _words(names[area_id]), names[area_id]))
    return tuple({"name": names[area_id], "at": points[area_id]} for area_id in order)


def _words(name: str) -> set[str]:
    return set(name.replace("-", " ").split())


def coverage(
    base_areas: pd.DataFrame,
    cover: pd.DataFrame,
    networks: pd.DataFrame,
    layers: tuple[str, ...],
    colour: str,
) -> maps.Painting:
    """Paint base areas by how many networks cover them, or by which combination of layers."""
    full = {
        network_id: words.network(row["layer"], row["name"])
        for network_id, row in networks.iterrows()
    }
    looks = {}
    for area_id, row in cover.iterrows():
        colours = _by_count(row) if colour == "antal" else _by_combination(row)
        text = how_many(row["n_low"], row["n_high"])
        named = ", ".join(full.get(network_id, network_id) for network_id in row["network_ids"])
        label = f"{base_areas.at[area_id, 'name']}: {text}{f' ({named})' if named else ''}"
        edge = _edge(row)
        label += {"plain": "", "split": ", delat", "unsure": ", inte säkert"}[edge]
        looks[str(area_id)] = maps.Look(colours, label, edge)
    return maps.Painting(looks, layers)


def _edge(row: pd.Series) -> str:
    if row["is_split"]:
        return "split"
    return "unsure" if row["confidence"] in ("low", "medium") else "plain"


def how_many(low: int, high: int) -> str:
    """Say how many networks cover one spot: inget, 1, 1–2, 2 …"""
    if high == 0:
        return "inget nätverk"
    return words.between(low, high, "nätverk", "nätverk")


def _by_count(row: pd.Series) -> tuple[str, ...]:
    if row["n_high"] == 0:
        return NONE
    low, high = (COUNT[min(row[end], 4)] for end in ("n_low", "n_high"))
    return (low,) if row["n_low"] == row["n_high"] else (low, high)


def _by_combination(row: pd.Series) -> tuple[str, ...]:
    if not row["layers"]:
        return NONE
    high = COMBINATION[row["layers"]]
    low = COMBINATION.get(row["sure_layers"], NONE[1])
    return (high,) if row["sure_layers"] == row["layers"] else (low, high)


def keys(cover: pd.DataFrame, colour: str) -> list[maps.Key]:
    """Return the legend's rows: only what is on the map."""
    found: dict[tuple[str, ...], str] = {}
    for _, row in cover.sort_values(["n_low", "n_high"]).iterrows():
        if colour == "antal":
            found[_by_count(row)] = how_many(row["n_low"], row["n_high"])
        else:
            found[_by_combination(row)] = combination(row["layers"], row["sure_layers"])
    return [maps.Key(colours, words.first_upper(text)) for colours, text in found.items()]


def combination(layers: tuple[str, ...], sure: tuple[str, ...]) -> str:
    """Say which layers cover a base area, and which of them only a part of it."""
    if not layers:
        return "inget nätverk"
    names = [
        words.LAYER_SHORT[layer] + ("" if layer in sure else " (en del)")
        for layer in LAYERS
        if layer in layers
    ]
    return " + ".join(names) if len(names) > 1 else f"bara {names[0]}"


@dataclass(frozen=True)
class Scale:
    """The values of base areas, and how they are put in classes.

    step: what values are rounded to first, so that the legend's numbers are those that decide.
    is_class: they are classes already, one colour each.
    """

    table: pd.DataFrame
    step: float
    is_class: bool = False

    def classes(self) -> tuple[pd.Series, list[tuple[float, float]]]:
        """Return each area's class and the ends of every class; what is not shown is in none."""
        values = (self.table["value"].where(self.table["status"] == OK) / self.step).round()
        values = values * self.step
        few = self.is_class and values.nunique() <= classes.MOST
        return classes.each(values) if few else classes.quantiles(values)


def indicator(
    names: pd.Series, scale: Scale, texts: pd.Series, layers: tuple[str, ...]
) -> maps.Painting:
    """Paint base areas by the class of their value; texts says each value in words."""
    found, ends = scale.classes()
    shades = SHADES.get(len(ends), ())
    looks = {}
    for area_id, place in found.items():
        status = scale.table.at[area_id, "status"]
        colours = (shades[place],) if place >= 0 else UNKNOWN if status == MISSING else HIDDEN
        looks[str(area_id)] = maps.Look(colours, f"{names[area_id]}: {texts[area_id]}")
    return maps.Painting(looks, layers)


def indicator_keys(scale: Scale, written: Callable[[float], str]) -> list[maps.Key]:
    """Return the legend's rows of one indicator: its classes, then what is not shown."""
    _, ends = scale.classes()
    status, keys = scale.table["status"], []
    for shade, (low, high) in zip(SHADES.get(len(ends), ()), ends, strict=True):
        text = written(high) if low == high else words.span(written(low), written(high))
        keys.append(maps.Key((shade,), text))
    if (~status.isin([OK, MISSING])).any():
        keys.append(maps.Key(HIDDEN, words.first_upper(words.HIDDEN)))
    if (status == MISSING).any():
        keys.append(maps.Key(UNKNOWN, words.first_upper(words.MISSING)))
    return keys
