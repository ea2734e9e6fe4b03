"""The users' own words: names of layers, degrees of certainty, numbers and dates in Swedish."""

from __future__ import annotations

import re

import pandas as pd

from geo.report.words import GROUP as GROUP
from geo.report.words import MISSING as MISSING
from geo.report.words import OUTCOME as OUTCOME
from geo.report.words import PLAN as PLAN
from geo.report.words import TERM as TERM
from geo.report.words import between as between
from geo.report.words import counted as counted
from geo.report.words import first_upper as first_upper
from geo.report.words import group as group
from geo.report.words import listed as listed
from geo.report.words import number as number
from geo.report.words import percent as percent
from geo.report.words import span as span
from geo.sources import DEMO_MARK, LAYER_NAMES, THRESHOLD, full_name
from geo.sources import LAYER_PREFIX as LAYER_PREFIX

LAYER = LAYER_NAMES
network = full_name
LAYER_TAB = {
    "barn_unga": "Barn och unga 10–16 år",
    "omrade": "Områdesnätverk",
    "ortsrad": "Ortsråd",
}
LAYER_SHORT = {"barn_unga": "barn och unga", "omrade": "områdesnätverk", "ortsrad": "ortsråd"}
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
HIDDEN = "dolt"
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


LIST = re.compile(r"^(\s*\d*)([-+.)])(?=\s|$)", re.MULTILINE)


def markdown_safe(text: str) -> str:
    """Show a text from data as it stands where Markdown is read: also a line like a list's.

    >>> markdown_safe("1. a")
    '1\\\\. a'
    """
    plain = "".join("\\" + letter if letter in r"\`*_[]<>#|~$:" else letter for letter in text)
    return LIST.sub(r"\1\\\2", plain)


def rows(frame: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """Choose and name the columns that a table shows."""
    return frame[list(names)].rename(columns=names)
