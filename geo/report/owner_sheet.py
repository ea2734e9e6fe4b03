"""What one owner is asked to answer, as a PDF to hand over: a table with room to write."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import typst

from geo.errors import require_columns

TEMPLATE = Path(__file__).with_name("owner_sheet.typ")
COLUMNS = ("number", "what", "where", "noted", "waited", "status", "coordinates")


@dataclass(frozen=True)
class Sheet:
    """What a sheet says: to whom, of what day, its rows as texts (COLUMNS), and notes below.

    mark: the mark of made-up data, "" when it is real.
    """

    owner: str
    day: str
    rows: pd.DataFrame
    notes: Sequence[str]
    mark: str = ""


def pdf(sheet: Sheet) -> bytes:
    """Write the sheet as a tagged PDF (PDF/UA-1, Swedish, A4 lying down).

    Texts stand as they are, whatever signs are in them. Raises GeoError when a column is missing.

    >>> row = dict.fromkeys(COLUMNS, "–")
    >>> pdf(Sheet("AB Bostäder", "2026-11-25", pd.DataFrame([row]), ["Källa"]))[:5]
    b'%PDF-'
    """
    require_columns(sheet.rows, COLUMNS, "rows")
    said = {
        "owner": sheet.owner,
        "day": sheet.day,
        "mark": sheet.mark,
        "notes": list(sheet.notes),
        "rows": sheet.rows[list(COLUMNS)].astype(str).to_dict(orient="records"),
    }
    inputs = {"sheet": json.dumps(said, ensure_ascii=False)}
    made = typst.compile(str(TEMPLATE), sys_inputs=inputs, pdf_standards=["ua-1"])
    return bytes(made)
