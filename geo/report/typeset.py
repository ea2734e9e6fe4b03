"""Data to a tagged PDF: every document here is typeset in the same way, with the same fonts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib
import pandas as pd
import typst

NO_TEXT = dict.fromkeys((0, 0xFEFF, 0xFFFE))  # signs that a tagged PDF must not hold


def typeset(template: Path, said: Mapping[str, Any], **form: Any) -> Any:
    """Typeset data by a template of geo/report, as PDF/UA-1; form: another, as typst.compile.

    said: JSON data, which the template reads as sys.inputs.sheet. System fonts are not used.

    >>> typeset.__annotations__["template"]
    'Path'
    """
    return typst.compile(
        str(template),
        sys_inputs={"sheet": json.dumps(said, ensure_ascii=False)},
        font_paths=_fonts(),
        ignore_system_fonts=True,
        **(form or {"pdf_standards": ["ua-1"]}),
    )


def shown(cell: Any) -> str:
    """Return one cell as it is typeset: what is missing is a dash.

    >>> shown(None), shown("a\\x00b")
    ('–', 'ab')
    """
    text = "–" if pd.isna(cell) else str(cell)
    return text.translate(NO_TEXT).encode(errors="replace").decode()


@cache
def _fonts() -> typst.Fonts:
    """Return the fonts that come with typst and matplotlib; the last has a box for every sign."""
    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    return typst.Fonts(include_system_fonts=False, font_paths=[str(folder)])
