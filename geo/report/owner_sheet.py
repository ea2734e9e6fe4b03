"""What one owner is asked to answer, as a PDF to hand over: a table with room to write."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib
import pandas as pd
import typst

from geo.errors import require_columns

TEMPLATE = Path(__file__).with_name("owner_sheet.typ")
NO_TEXT = dict.fromkeys((0, 0xFEFF, 0xFFFE))  # signs that a tagged PDF must not hold
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

    Texts stand as they are, whatever signs are in them: what no font here can draw (an emoji) is
    drawn as a box and is still read aloud. Raises GeoError when a column is missing.

    >>> row = dict.fromkeys(COLUMNS, "–")
    >>> pdf(Sheet("AB Bostäder", "2026-11-25", pd.DataFrame([row]), ["Källa"]))[:5]
    b'%PDF-'
    """
    return bytes(_typeset(sheet, pdf_standards=["ua-1"]))


def _typeset(sheet: Sheet, **form: Any) -> Any:
    """Typeset a sheet with the same fonts on every machine; form: how, as typst.compile."""
    require_columns(sheet.rows, COLUMNS, "rows")
    said = {
        "owner": _shown(sheet.owner),
        "day": sheet.day,
        "mark": sheet.mark,
        "notes": [_shown(note) for note in sheet.notes],
        "rows": sheet.rows[list(COLUMNS)].map(_shown).to_dict(orient="records"),
    }
    inputs = {"sheet": json.dumps(said, ensure_ascii=False)}
    return typst.compile(
        str(TEMPLATE),
        sys_inputs=inputs,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        **form,
    )


def _shown(cell: Any) -> str:
    text = "–" if pd.isna(cell) else str(cell)
    return text.translate(NO_TEXT).encode(errors="replace").decode()


@cache
def _fonts() -> typst.Fonts:
    """Return the fonts that come with typst and matplotlib; the last has a box for every sign."""
    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    return typst.Fonts(include_system_fonts=False, font_paths=[str(folder)])
