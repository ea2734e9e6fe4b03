"""Mötesplatser in Swedish: where they may be, how far they are, and which networks they lie in."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from geo import meeting_places, read
from geo.efforts import split
from geo.places import Choice
from pages.parts import data, efforts, words
from pages.parts.data import Register

CAUTION = (
    "Husens lägen är okända: bara orten och dess basområden är kända, så varje avstånd har ett "
    "lägsta och ett högsta värde. Räknat fågelvägen från basområdets mitt (tyngdpunkten, eller en "
    "punkt inne i området när tyngdpunkten faller utanför), inte från någons hem och inte längs "
    "vägar. Färgen går efter mitten mellan lägst och högst. Källa: Årsredovisning 2017, §8; vad "
    "som har öppnat eller stängt sedan dess är inte känt."
)
ON_PICTURE = "Husens lägen är okända. Fågelvägen; färgen går efter mitten mellan lägst och högst."
CHOOSE = (
    "Välj ett område på kartan, eller sök i listan. Då står det här vilken mötesplats som är "
    "närmast och hur långt det är dit."
)


@dataclass(frozen=True)
class Places:
    """The meeting places, their networks, and the nearest one of each base area."""

    table: pd.DataFrame
    networks: pd.DataFrame
    nearest: pd.DataFrame
    held_by: dict[str, list[str]]

    def is_alone(self, names: list[str]) -> bool:
        """Tell whether these meeting places have one base area each: the house is surely there."""
        own = self.table["base_area_ids"][self.table["name"].isin(names)]
        return all(len(split(text)) == 1 for text in own)


def build(known: Register) -> Places:
    """Read the meeting places and measure once. Raises GeoError when the register is missing."""
    table = read.register("meeting_places", "meeting_place_id")
    held: dict[str, list[str]] = {}
    for name, text in zip(table["name"], table["base_area_ids"], strict=True):
        for area_id in split(text):
            held.setdefault(area_id, []).append(str(name))
    return Places(
        table,
        meeting_places.in_networks(table, known.memberships),
        meeting_places.nearest(meeting_places.distances(table, known.base_areas)),
        held,
    )


def kilometres(low_m: float, high_m: float) -> str:
    """Write a distance with its two ends: 1,2–2,0 km."""
    low, high = ("0" if not end else words.number(end / 1000, 1) for end in (low_m, high_m))
    if low == words.MISSING:
        return low
    return f"{low if low == high else words.span(low, high)}\u00a0km"


def name_of(found: Places, meeting_place_id: str) -> str:
    """Return the name of a meeting place; that none is known is said."""
    return str(found.table["name"].get(meeting_place_id, words.MISSING))


def near_text(found: Places, row: pd.Series) -> str:
    """Say which meeting place is nearest and how far it is."""
    if not row["meeting_place_id"]:
        return words.MISSING
    name = name_of(found, row["meeting_place_id"])
    return f"{name}, {kilometres(row['low_m'], row['high_m'])} (fågelvägen)"


def headline(known: Register) -> str:
    """Say how many there are, which base areas have one in their place, and who has farthest."""
    found = data.once(build)
    n, areas = len(found.table), len(found.nearest)
    text = f"**{words.counted(n, 'mötesplats', 'mötesplatser')}**: "
    text += f"{words.listed([words.markdown_safe(name) for name in found.table['name']])}. "
    text += f"**{len(found.held_by)} av {areas}** basområden hör till en mötesplats ort."
    far = found.nearest.dropna(subset="low_m").sort_values("low_m")
    if len(far):
        area, last = str(known.base_areas.at[far.index[-1], "name"]), far.iloc[-1]
        text += f" Längst är det från {words.markdown_safe(area)}: "
        text += f"{kilometres(last['low_m'], last['high_m'])} fågelvägen till "
        text += f"{words.markdown_safe(name_of(found, last['meeting_place_id']))}."
    return f"{text} {_without(known, found)}".strip()


def _without(known: Register, found: Places) -> str:
    """Say how many networks have no meeting place, and for which that is not sure."""
    held = found.networks
    without = known.networks.index.difference(held["network_id"])
    maybe = set(held["network_id"]) - set(held.loc[~held["is_unsure"], "network_id"])
    text = f"{len(without)} av {len(known.networks)} nätverk har ingen mötesplats i sitt område"
    if maybe:
        ids = [str(i) for i in known.networks.index if i in maybe]
        names = words.markdown_safe(efforts.names_by_layer(known, ids))
        text += f"; för {names} är det osäkert"
    return f"{text}."


def answer(known: Register, choice: Choice) -> str:
    """Say for each base area of what is chosen which meeting place is nearest."""
    found = data.once(build)
    lines = []
    for area_id in choice.base_area_ids:
        row = found.nearest.loc[area_id]
        area = words.markdown_safe(str(known.base_areas.at[area_id, "name"]))
        line = f"- **{area}**: {words.markdown_safe(near_text(found, row))}"
        others = [words.markdown_safe(name_of(found, i)) for i in row["other_ids"]]
        lines.append(
            line + (f". Kan också vara närmast: {words.listed(others)}." if others else ".")
        )
    if not lines:
        return f"{words.markdown_safe(choice.name)} har inte kunnat läggas i något basområde."
    return "\n".join(lines)


def places(known: Register) -> pd.DataFrame:
    """List the meeting places with the networks that they lie in, or may lie in."""
    found = data.once(build)
    rows = []
    for place_id, row in found.table.iterrows():
        held = found.networks[found.networks["meeting_place_id"] == place_id]
        sure, maybe = (
            words.listed([efforts.full_name(known, i) for i in part["network_id"]])
            for part in (held[~held["is_unsure"]], held[held["is_unsure"]])
        )
        areas = [str(known.base_areas["name"].get(i, i)) for i in split(row["base_area_ids"])]
        rows.append(
            {
                "Mötesplats": row["name"],
                "Kallas också": words.listed(split(row["other_names"])),
                "Ort": row["place"],
                "Ortens basområden": words.listed(areas),
                "Ligger i nätverk": sure,
                "Kan ligga i": maybe,
                "Källa": efforts.source_text(row["source"]),
            }
        )
    return pd.DataFrame(rows)


def base_areas(known: Register) -> pd.DataFrame:
    """List every base area with its nearest meeting place, as the map shows it."""
    found = data.once(build)
    near = found.nearest
    return pd.DataFrame(
        {
            "Basområde": known.base_areas["name"].reindex(near.index),
            "Kod": near.index,
            "Närmaste mötesplats": [name_of(found, i) for i in near["meeting_place_id"]],
            "Avstånd, fågelvägen": [
                kilometres(low, high)
                for low, high in zip(near["low_m"], near["high_m"], strict=True)
            ],
            "Kan också vara närmast": [
                words.listed([name_of(found, i) for i in ids]) for ids in near["other_ids"]
            ],
        }
    )


def numbers(known: Register) -> pd.DataFrame:
    """List the same as plain numbers, for other programs."""
    near = data.once(build).nearest
    return pd.DataFrame(
        {
            "base_area_id": near.index,
            "basområde": list(known.base_areas["name"].reindex(near.index)),
            "mötesplats": list(near["meeting_place_id"]),
            "lägst_m": list(near["low_m"].round()),
            "högst_m": list(near["high_m"].round()),
            "kan_också_vara_närmast": [";".join(ids) for ids in near["other_ids"]],
        }
    )
