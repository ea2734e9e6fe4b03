"""Walks and findings in the users' words: statuses, states of an area, one finding in a line."""

from __future__ import annotations

from typing import Any

import pandas as pd

from geo import chain, fieldwork
from pages.parts import words
from pages.parts.field import Field

STATUS = {status: words.first_upper(name) for status, name in chain.NAMES.items()}
KIND = {"brist": "Brist", "bra": "Bra, bevara"}
STATE = fieldwork.STATE_NAMES
FLAG = {
    "outside": "utanför kommunen: räknas inte till något område",
    "far_from_route": "långt från vandringens rutt",
    "in_water": "i vatten",
}
STATUS_CHOICES = {
    "": "Alla",
    fieldwork.WAITING: "Väntar på någon",
    fieldwork.OVERDUE: "Försenade",
    fieldwork.ENDED: "Avslutade",
} | STATUS
NOBODY = "Ingen ansvarig ännu"


def short(finding_id: str) -> str:
    """Return the end of an id: enough to tell two findings apart when people speak of them."""
    return f"#{finding_id.rsplit('-', 1)[-1][-6:]}"


def day(value: Any) -> str:
    """Write a day, or a dash."""
    return "–" if pd.isna(value) else f"{value:%Y-%m-%d}"


def days(count: float) -> str:
    """Write a number of days, or why there is none."""
    return words.MISSING if pd.isna(count) else words.counted(round(count), "dag", "dagar")


def line(known: Field, finding_id: str) -> str:
    """Write one finding in a line: what, when, how far it has come."""
    return lines(known, pd.Index([finding_id]))[finding_id]


def lines(known: Field, ids: pd.Index) -> dict[str, str]:
    """Write findings in a line each: what, when, how far it has come; by id."""
    rows = known.findings.loc[ids]
    status = rows["status"].map(chain.NAMES).where(rows["kind"] != chain.BRA, "bra, bevara")
    named = names(known, ids)
    return {i: f"{named[i]}, {said}" for i, said in zip(named, status, strict=True)}


def names(known: Field, ids: pd.Index) -> dict[str, str]:
    """Name findings by what and when: a name that stays while they are followed up; by id."""
    rows = known.findings.loc[ids]
    what = rows["category"].map(known.categories).fillna(rows["category"])
    days = rows["observed_date"].dt.strftime("%Y-%m-%d")
    parts = zip(rows.index, what, days, strict=True)
    return {str(i): f"{said}, {when} ({short(str(i))})" for i, said, when in parts}


def look(known: Field) -> pd.Series:
    """Return how each finding is marked on the map: open, ended or good."""
    table = known.findings
    looks = pd.Series("good", index=table.index)
    looks[chain.is_open(table)] = "open"
    looks[chain.is_closed(table)] = "ended"
    return looks
