"""Sections of the ground and of knowledge: who we are, what the picture rests on."""

from __future__ import annotations

from functools import cache, partial

import pandas as pd

from geo.report import place_map
from geo.report.story import Picture, Section, Table
from geo.report.words import counted, listed, number, percent
from geo.situation import Situation, knowledge
from geo.situation.who import CITY, LAYER, NETWORK

EXTENT = {"whole": "", "part": "delat"}
CONFIDENCE = {"medium": "ganska säker tillhörighet", "low": "osäker tillhörighet"}
WHAT = {
    "indicators": "Indikatorer",
    "walks": "Trygghetsvandringar",
    "findings": "Fynd från vandringar",
    "meetings": "Möten",
    "catchments": "Upptagningsområden",
}
SOURCE = {
    "synthetic": "syntetiska demodata",
    "walks": "registret och det som är inlagt här",
    "findings": "det som är inlagt här",
    "meetings": "årsredovisning 2017 och det som är inlagt här",
    "catchments": "egen bedömning av orter och basområden; ingen officiell gräns finns",
}
NOT_KNOWN = {
    knowledge.MADE_UP: "{names} är syntetiska demodata: hur det är på riktigt vet vi inte.",
    knowledge.HIDDEN: "{names}: dolt, för få personer. Vi kan inte säga hur det är.",
    knowledge.NO_VALUE: "{names}: uppgift saknas.",
    knowledge.COARSE: "{names} finns bara för hela kommunen: om det är annorlunda här vet vi inte.",
    knowledge.UNWALKED: "Ingen har vandrat här: att inget är noterat betyder inte att inget finns.",
    knowledge.UNTOLD: "Vandringarnas fynd är inte inlagda: vad de såg vet vi inte.",
    knowledge.SPLIT: (
        "{names} är delade mellan nätverk utan känd inre gräns: värden här är skattade."
    ),
    knowledge.NO_MEETINGS: "Inga möten är registrerade: om nätverket möts vet vi inte.",
    knowledge.NO_PRESENT: "Vilka funktioner som var med är inte noterat.",
    knowledge.NO_PLAN: "Ingen lokal utvecklingsplan är registrerad; den kan ändå finnas.",
    knowledge.NO_JUDGEMENT: "Funktionernas egna iakttagelser är inte skrivna.",
    knowledge.CRIME: (
        "Anmälda brott per område är inte med: om brottsligheten är större här än i staden vet vi "
        "inte."
    ),
    knowledge.POLICE: (
        "Polisens och EST-gruppens lägesrapporter är inte med: aktuella händelser och mönster ser "
        "vi inte."
    ),
    knowledge.SCHOOL: (
        "Skolornas frånvaro och egna enkäter är inte med: hur enskilda skolor har det ser vi inte."
    ),
    knowledge.HOMES: (
        "Bostadsbolagens trygghetsmätningar är inte med: hur boende upplever gårdar och trapphus "
        "ser vi inte."
    ),
}
MOST_NAMES = 6


def who(found: Situation) -> Section:
    """Tell who the place is, with its map.

    >>> who.__annotations__["found"]
    'Situation'
    """
    own = found.who
    heading = "Vilka vi är" if own.kind == NETWORK else "Platsen"
    return Section("who", heading, texts=_ground(found), pictures=(_map(found),), on_wall=True)


def others(found: Situation) -> Section:
    """Tell which other networks are on the same ground, and how much of it.

    >>> others.__annotations__["found"]
    'Situation'
    """
    own = found.who
    overlaps = tuple(
        (
            str(found.names.get(str(area_id), area_id)),
            number(float(row["area_km2"]), 1),
            percent(float(row["own_share"])),
        )
        for area_id, row in own.overlaps.iterrows()
    )
    columns = ("Nätverk", "Gemensam mark, km²", "Del av marken här")
    nobody = "Inget annat nätverk finns på samma mark."
    table = Table("Andra nätverk här", columns, overlaps, nobody, (1, 2))
    return Section("others", "Delad mark", tables=(table,), level=2)


def _ground(found: Situation) -> tuple[str, ...]:
    own = found.who
    n = counted(len(own.base_areas), "basområde", "basområden")
    texts = [f"{own.name}: {n}, {number(own.area_km2, 1)} km²."]
    if own.is_resting:
        texts.append("Nätverket är vilande.")
    if own.sub_areas:
        texts.append(f"Delområden: {listed(list(own.sub_areas))}.")
    if own.kind == NETWORK:
        texts.append(
            f"Basområden: {listed([_base_area(row) for _, row in own.base_areas.iterrows()])}."
        )
    near = [str(found.names.get(i, i)) for i in own.neighbours]
    if near:
        texts.append(f"Grannar: {listed(near)}.")
    if own.kind in (LAYER, CITY):
        texts.append(f"{len(own.network_ids)} nätverk. Varje person räknas en gång.")
    return tuple(texts)


def _base_area(row: pd.Series) -> str:
    """Write a base area, with what is not sure about it."""
    doubts = [word for word in (EXTENT[str(row["extent"])], _doubt(row)) if word]
    return f"{row['name']} ({', '.join(doubts)})" if doubts else str(row["name"])


def _doubt(row: pd.Series) -> str:
    return CONFIDENCE.get(str(row["confidence"]), "")


def _map(found: Situation) -> Picture:
    own = found.who
    ids = [str(i) for i in own.base_areas.index]
    seen = (own.land, ids, own.outlines, found.noted.walks, found.noted.findings)
    large = cache(partial(place_map.png, *seen, place_map.WALL))
    n_open, names = len(found.noted.waiting), [str(name) for name in own.base_areas["name"]]
    said = listed(names[:MOST_NAMES]) + (" med flera" if len(names) > MOST_NAMES else "")
    alt = (
        f"Karta över {own.name}: {said}. "
        f"{counted(len(own.overlaps), 'annat nätverk', 'andra nätverk')} delar mark. "
        f"{counted(n_open, 'öppen brist', 'öppna brister')} från trygghetsvandringar."
    )
    caption = f"Karta: {own.name}. Underlag: RegSO 2025, SCB (CC0)."
    return Picture(place_map.png(*seen), alt, caption, large)


def known(found: Situation) -> Section:
    """Tell which sources are used, which are not, and what we therefore do not know.

    >>> known.__annotations__["found"]
    'Situation'
    """
    rows = tuple(
        (
            WHAT[str(row["what"])],
            SOURCE.get(str(row["source"]), str(row["source"])) or SOURCE[str(row["what"])],
            str(row["period"]) or "–",
            number(float(row["n"])),
        )
        for _, row in found.sources.iterrows()
    )
    points = tuple(NOT_KNOWN[one.kind].format(names=_few(one.names)) for one in found.unknown)
    n = len(found.issues)
    texts = (f"{counted(n, 'anmärkning', 'anmärkningar')} på inlästa filer: se Data och kvalitet.",)
    columns = ("Vad", "Källa", "Period", "Antal")
    return Section(
        "known",
        "Källor, och vad vi inte vet",
        texts=texts if n else (),
        points=points,
        tables=(Table("Källor som används", columns, rows, "Inga.", (3,)),),
    )


def _few(names: tuple[str, ...]) -> str:
    if len(names) <= MOST_NAMES:
        return listed(list(names))
    return f"{', '.join(names[:MOST_NAMES])} och {len(names) - MOST_NAMES} till"
