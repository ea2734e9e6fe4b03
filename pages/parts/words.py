"""The users' own words: names of layers, degrees of certainty, numbers and dates in Swedish."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from geo.sources import DEMO_MARK, LAYER_NAMES, THRESHOLD

LAYER = LAYER_NAMES
LAYER_TAB = {
    "barn_unga": "Barn och unga 10–16 år",
    "omrade": "Områdesnätverk",
    "ortsrad": "Ortsråd",
}
LAYER_SHORT = {"barn_unga": "barn och unga", "omrade": "områdesnätverk", "ortsrad": "ortsråd"}
LAYER_PREFIX = {
    "barn_unga": "Nätverk barn och unga",
    "omrade": "Områdesnätverk",
    "ortsrad": "Ortsråd",
}
BASIS = {
    "named": "platsnamnet ingår i basområdets namn",
    "located": "platsen ligger i basområdet",
    "surroundings": "omnejd: ligger intill, nämns inte i källan",
    "split": "delat: bara en del hör hit, inre gräns saknas",
    "": "uppgift saknas",
}
CONFIDENCE = {"high": "säker", "medium": "ganska säker", "low": "osäker", "": "uppgift saknas"}
EXTENT = {"whole": "hela", "part": "del"}
KIND = {"place": "plats", "base_area": "basområde"}
MISSING = "uppgift saknas"
HIDDEN = "dolt"
GROUP = {
    "alla": "Alla",
    "flickor": "Flickor",
    "pojkar": "Pojkar",
    "kvinnor": "Kvinnor",
    "män": "Män",
}
DEMO = DEMO_MARK
DEMO_MORE = (
    "Talen är slumpade utan hänsyn till platsen och säger inget om Borås. När riktiga värden läses "
    "in för en indikator ersätter de demodata."
)
DEMO_FIELD = (
    "Rutter och fynd är slumpade utan hänsyn till platsen. När det första verkliga fyndet "
    "registreras försvinner de."
)
FOOT = (
    f"På alla sidor: antal under {THRESHOLD} personer döljs, och det som gör att de kan räknas ut. "
    "Syntetiska demodata är märkta. Se Metod och ordlista."
)
LEVEL = {"base_area": "basområden", "municipality": "hela kommunen"}
USE = {"ranked": "jämförs", "context": "bakgrund, rangordnas aldrig"}
SOURCE_COLUMNS = {
    "source_id": "Beteckning",
    "title": "Källa",
    "publisher": "Utgivare",
    "date": "Datum",
    "licence": "Licens",
    "note": "Anmärkning",
}
NO_DATA = (
    "Lägg registren i mappen data/ (se data/README.md) och bygg upptagningsområdena med "
    "`python -m geo areas build`. Ladda sedan om sidan."
)
NO_STATISTICS = (
    "Ingen statistik är inläst. Läs in en fil på sidan Data och kvalitet, hämta med `python -m geo "
    "statistics fetch scb`, eller gör demodata med `python -m geo demo`."
)
NOT_LOADED = (
    "Välfärdsbokslutets värden per område och fynd från trygghetsvandringar finns inte bland "
    "källorna. Statistik läses in på sidan Data och kvalitet och fynd registreras på sidan "
    "Trygghetsvandringar; tills dess visas demodata, märkta."
)


def number(value: float, decimals: int = 0) -> str:
    """Write a number the Swedish way: thin space for thousands, decimal comma.

    >>> number(9380), number(972.149, 2)
    ('9\\u202f380', '972,15')
    """
    if value is None or math.isnan(value):
        return MISSING
    return f"{value:,.{decimals}f}".replace(",", "\u202f").replace(".", ",")


def percent(share: float, decimals: int = 0) -> str:
    """Write a share 0–1 as per cent; what is not known is said.

    >>> percent(0.9246), percent(float("nan"))
    ('92\\xa0%', 'uppgift saknas')
    """
    text = number(share * 100, decimals)
    return text if text == MISSING else f"{text}\u00a0%"


def group(name: str) -> str:
    """Write a group as people say it: 10–16 år, 65 år och äldre, Kvinnor.

    >>> group("10-16"), group("65-"), group("alla")
    ('10–16 år', '65 år och äldre', 'Alla')
    """
    low, dash, high = name.partition("-")
    if dash and low.isdigit() and (high.isdigit() or not high):
        return f"{low}–{high} år" if high else f"{low} år och äldre"
    return GROUP.get(name, name)


def span(low: str, high: str) -> str:
    """Write two values of one unit as a range: the unit stands once.

    >>> span("74\xa0%", "87\xa0%"), span("3", "9")
    ('74–87\xa0%', '3–9')
    """
    return f"{low.split(chr(160))[0]}–{high}"


def between(low: int, high: int, one: str, many: str) -> str:
    """Write a count that may be uncertain: 1 nätverk, 1–2 nätverk.

    >>> between(1, 1, "nätverk", "nätverk"), between(1, 2, "nätverk", "nätverk")
    ('1 nätverk', '1–2 nätverk')
    """
    word = one if high == 1 else many
    return f"{low} {word}" if low == high else f"{low}–{high} {word}"


def counted(count: int, one: str, many: str) -> str:
    """Write a count with its word: 1 rad, 2 rader.

    >>> counted(1, "rad", "rader"), counted(2, "rad", "rader")
    ('1 rad', '2 rader')
    """
    return f"{number(count)} {one if count == 1 else many}"


def cell(value: float, status: str) -> str:
    """Write a value of statistics, or why there is none.

    >>> cell(12.5, "ok"), cell(float("nan"), "suppressed")
    ('12,5', 'dolt')
    """
    if status == "suppressed":
        return HIDDEN
    text = number(value, 3)
    return text.rstrip("0").rstrip(",") if "," in text else text


def moment(when: pd.Timestamp) -> str:
    """Write a time in UTC as the clock here shows it: 2026-11-22 09:05."""
    return f"{when.to_pydatetime().astimezone():%Y-%m-%d %H:%M}"


def network(layer: str, name: str) -> str:
    """Write the full name of a network: Områdesnätverk Norrby."""
    return f"{LAYER_PREFIX.get(layer, '')} {name}".strip()


def listed(names: Sequence[str], word: str = "och") -> str:
    """Join names as in a sentence: a, b och c."""
    names = list(names)
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {word} {names[-1]}"


def first_upper(text: str) -> str:
    """Begin a sentence with a capital without touching the rest."""
    return text[:1].upper() + text[1:]


def markdown_safe(text: str) -> str:
    """Show a text from data as it stands where Markdown is read."""
    return "".join("\\" + letter if letter in r"\`*_[]<>#|~$:" else letter for letter in text)


def rows(frame: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """Choose and name the columns that a table shows."""
    return frame[list(names)].rename(columns=names)
