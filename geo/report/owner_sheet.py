"""What one owner is asked to answer, as a PDF to hand over: a table with room to write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from geo.errors import require_columns
from geo.report.typeset import shown, typeset

TEMPLATE = Path(__file__).with_name("owner_sheet.typ")
COLUMNS = ("number", "what", "where", "noted", "waited", "status", "coordinates")


@dataclass(frozen=True)
class Sheet:
    """What a sheet says: to whom, of what day, its rows as texts (COLUMNS), and notes below.

    mark: the mark of made-up data, "" when it is real. said: how many wait, and for what.
    """

    owner: str
    day: str
    rows: pd.DataFrame
    notes: Sequence[str]
    mark: str = ""
    said: str = ""


def pdf(sheet: Sheet) -> bytes:
    """Write the sheet as a tagged PDF (PDF/UA-1, Swedish, A4 lying down).

    Texts stand as they are, whatever signs are in them: what no font here can draw (an emoji) is
    drawn as a box and is still read aloud. Raises GeoError when a column is missing.

    >>> row = dict.fromkeys(COLUMNS, "–")
    >>> pdf(Sheet("AB Bostäder", "2026-11-25", pd.DataFrame([row]), ["Källa"]))[:5]
    b'%PDF-'
    """
    return bytes(_typeset(sheet))


def _typeset(sheet: Sheet, **form: Any) -> Any:
    """Typeset a sheet with the same fonts on every machine; form: how, as typst.compile."""
    require_columns(sheet.rows, COLUMNS, "rows")
    said = {
        "owner": shown(sheet.owner),
        "day": sheet.day,
        "said": sheet.said or f"{len(sheet.rows)} fynd.",
        "mark": sheet.mark,
        "notes": [shown(note) for note in sheet.notes],
        "rows": sheet.rows[list(COLUMNS)].map(shown).to_dict(orient="records"),
    }
    return typeset(TEMPLATE, said, **form)
