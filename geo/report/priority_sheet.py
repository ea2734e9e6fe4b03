"""The ranking of needs as one page for a decision paper: places with their certainty, method."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from geo.errors import require_columns
from geo.report.typeset import shown, typeset

TEMPLATE = Path(__file__).with_name("priority_sheet.typ")
TEXTS = ("name", "verdict", "place", "median", "share", "ground")
NUMBERS = ("low", "middle", "high")
MOST_ROWS = 25  # what one page holds; the note says that the rest is in the table


@dataclass(frozen=True)
class Sheet:
    """What the page says. rows: TEXTS as they stand, NUMBERS (places, NaN without), in order.

    top: among how many first. sources: of the indicators, with their periods. mark: the mark of
    made-up data, "" when it is real.
    """

    title: str
    day: str
    headline: str
    rows: pd.DataFrame
    top: int
    weights: str
    sources: str
    moves: str
    notes: Sequence[str]
    mark: str = ""


def pdf(sheet: Sheet) -> bytes:
    """Write the sheet as a tagged PDF (PDF/UA-1, Swedish, A4), one page.

    The scale of the places is as long as the number that is ranked. Of more than MOST_ROWS rows the
    first are shown, and that is said. Raises GeoError when a column is missing.

    >>> row = dict.fromkeys(TEXTS, "–") | dict.fromkeys(NUMBERS, 1.0)
    >>> rows = pd.DataFrame([row])
    >>> sheet = Sheet("Kraftsamla", "2026-11-25", "Ingen.", rows, 1, "–", "–", "–", [])
    >>> pdf(sheet)[:5]
    b'%PDF-'
    """
    require_columns(sheet.rows, (*TEXTS, *NUMBERS), "rows")
    return bytes(typeset(TEMPLATE, _said(sheet)))


def _said(sheet: Sheet) -> dict[str, Any]:
    rows = sheet.rows.head(MOST_ROWS)
    notes = [shown(note) for note in sheet.notes]
    if len(sheet.rows) > len(rows):
        notes.insert(0, f"De {len(rows)} första av {len(sheet.rows)}; resten står i tabellen.")
    texts = rows[list(TEXTS)].map(shown).to_dict(orient="records")
    places = rows[list(NUMBERS)].astype(object).where(rows[list(NUMBERS)].notna(), None)
    both = zip(texts, places.to_dict(orient="records"), strict=True)
    names = ("title", "day", "headline", "weights", "sources", "moves", "mark")
    return {
        **{name: shown(getattr(sheet, name)) for name in names},
        "n_areas": max(1, int(sheet.rows["middle"].notna().sum())),
        "top": sheet.top,
        "has_ground": bool((rows["ground"] != "–").any()),
        "notes": notes,
        "rows": [text | place for text, place in both],
    }
