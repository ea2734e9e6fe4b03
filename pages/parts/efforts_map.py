"""What the maps of efforts and of meeting places show, in colours and words."""

from __future__ import annotations

import pandas as pd

from geo import classes
from pages.parts import data, efforts, looks, maps, meeting_places, words
from pages.parts.data import Register

# Few are light, many are dark (YlGnBu, readable without colour vision); none is its own class.
NOT_NAMED = "#ececec"
SHADES = ("#c7e9b4", "#7fcdbb", "#41b6c4", "#2c7fb8", "#253494")
# The nearer, the darker; where the meeting place's own place is, darkest.
OWN = ("#253494",)
NEAR = {2_000.0: ("#2c7fb8",), 5_000.0: ("#41b6c4",), 10_000.0: ("#a1dab4",), 1e9: ("#ffffd9",)}
NEAR_WORDS = ("under 2 km", "2–5 km", "5–10 km", "10 km eller mer")


def _shades(counts: pd.DataFrame) -> dict[int, str]:
    """Return the colour of each number of efforts that the map shows."""
    both = pd.concat([counts["n_sure"], counts["n_efforts"]])
    values = pd.Series(sorted(set(both[both > 0])), dtype=float)
    few = len(values) <= classes.MOST
    found, ends = classes.each(values) if few else classes.quantiles(values)
    shades = SHADES[-len(ends) :] if ends else ()
    return {0: NOT_NAMED} | {int(n): shades[place] for n, place in zip(values, found, strict=True)}


def painting(known: Register, layer: str) -> maps.Painting:
    """Paint base areas by how many efforts name a place in them, unsure ones striped."""
    counts = data.once(efforts.build).by_base_area
    shades, shown = _shades(counts), {}
    for area_id, row in counts.iterrows():
        text = how_many(row["n_sure"], row["n_efforts"])
        text += ", platsen har flera basområden" if row["is_unsure"] else ""
        label = f"{known.base_areas.at[area_id, 'name']}: {text}"
        edge = "split" if row["is_unsure"] else "plain"
        shown[str(area_id)] = maps.Look(_colours(row, shades), label, edge)
    return maps.Painting(shown, (layer,))


def _colours(row: pd.Series, shades: dict[int, str]) -> tuple[str, ...]:
    high = shades[row["n_efforts"]]
    return (shades[row["n_sure"]], high) if row["is_unsure"] else (high,)


def how_many(sure: int, most: int) -> str:
    """Say how many efforts name a base area: ingen insats nämner platsen, 8 insatser, 0–3 …"""
    if most == 0:
        return "ingen insats nämner platsen"
    return words.between(sure, most, "insats", "insatser")


def keys(_known: Register) -> list[maps.Key]:
    """Return the legend of the map of efforts: only what is on it, fewest first."""
    counts = data.once(efforts.build).by_base_area
    shades = _shades(counts)
    held: dict[tuple[str, ...], list[pd.Series]] = {}
    for _, row in counts.sort_values(["n_efforts", "n_sure"]).iterrows():
        held.setdefault(_colours(row, shades), []).append(row)
    found = []
    for colours, rows in held.items():
        text = how_many(min(r["n_sure"] for r in rows), max(r["n_efforts"] for r in rows))
        text += ", osäkert i vilket basområde" if rows[0]["is_unsure"] else ""
        found.append(maps.Key(colours, words.first_upper(text)))
    return found


def near_painting(known: Register, layer: str) -> maps.Painting:
    """Paint base areas by how far the nearest meeting place is, its own place apart."""
    found = data.once(meeting_places.build)
    shown = {}
    for area_id, row in found.nearest.iterrows():
        name = str(known.base_areas.at[area_id, "name"])
        label = f"{name}: {meeting_places.near_text(found, row)}"
        held = found.held_by.get(str(area_id), ())
        if held:
            label = f"{name}: {words.listed(held)} ligger här"
            label += "" if found.is_alone(held) else " eller i ett annat basområde på orten"
        edge = "plain" if not held or found.is_alone(held) else "split"
        shown[str(area_id)] = maps.Look(_near_colours(row, bool(held)), label, edge)
    return maps.Painting(shown, (layer,))


def _near_colours(row: pd.Series, is_own: bool) -> tuple[str, ...]:
    if is_own:
        return OWN
    middle = (row["low_m"] + row["high_m"]) / 2
    return next((look for end, look in NEAR.items() if middle < end), looks.UNKNOWN)


def near_keys(known: Register) -> list[maps.Key]:
    """Return the legend of the map of meeting places: only what is on it, the nearest first."""
    used = {look.colours for look in near_painting(known, "omrade").looks.values()}
    named = zip(NEAR.values(), NEAR_WORDS, strict=True)
    rows = [(OWN, "Mötesplatsens ort")]
    rows += [(colours, f"{words.first_upper(text)} till närmaste") for colours, text in named]
    rows += [(looks.UNKNOWN, words.first_upper(words.MISSING))]
    return [maps.Key(colours, text) for colours, text in rows if colours in used]
