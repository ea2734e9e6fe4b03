"""Headers of statistics as people write them: which column a word means, which row holds them."""

from __future__ import annotations

import re

import pandas as pd

from geo import cells
from geo.files import Rows
from geo.indicators import key, lookup
from geo.places import fold

LOOKED_AT = 50
AREA = ("area_code", "area_name")
WORDS = {
    "indicator_id": "indicator id|indicator|indikator|indikatorid|nyckeltal|matt",
    "area_code": "area code|omradeskod|kod|regionkod|region|regso|deso|regsokod|desokod|"
    "regso kod|deso kod|base area id|basomradeskod|basomrade|area",
    "area_name": "omrade|omradesnamn|namn|name|regsonamn|regso namn|basomradesnamn",
    "area_vintage": "area vintage|vintage|argang|indelning|omradesargang",
    "period": "period|ar|year|lasar|tid|matar",
    "group": "group|grupp|kon|sex|gender",
    "numerator": "numerator|taljare|antal|antal ja",
    "denominator": "denominator|namnare|antal svar|antal svarande|svarande|bas|n",
    "value": "value|varde|andel|procent|andel procent|andel i procent|resultat",
    "status": "status",
    "source": "source|kalla",
}
_COLUMN_OF = {word: column for column, words in WORDS.items() for word in words.split("|")}


def column(header: str) -> str:
    """Return the column that a header means, in English or Swedish; "" when it is another.

    >>> column("Områdeskod"), column("Andel (%)"), column("Trygghet")
    ('area_code', 'value', '')
    """
    plain = re.sub(r"[^a-z0-9]+", " ", fold(header.replace("%", " procent "))).strip()
    return _COLUMN_OF.get(plain, "")


def period(header: str) -> str:
    """Return the period that a header is; "" when it is none.

    >>> period("2023/24"), period("År 2024"), period("Andel")
    ('2023/2024', '2024', '')
    """
    try:
        return cells.period(re.sub(r"^(år|läsår)\s+", "", header.strip(), flags=re.IGNORECASE))
    except ValueError:
        return ""


def find(rows: Rows, indicators: pd.DataFrame) -> int:
    """Return which row (from 1) holds the headers, under whatever titles there are.

    The first of the 50 first rows that names an area column and something else that is known;
    else the first that is at least half as wide as the widest.

    >>> from pathlib import Path
    >>> cells = [["Trygghet i Borås"], [], ["Område", "Trygghet"], ["Norrby", "61"]]
    >>> find(Rows(Path("a.csv"), cells), pd.DataFrame({"name": ["Trygghet"]}, index=["t"]))
    3
    """
    known = lookup(indicators)
    first = rows.cells[:LOOKED_AT]
    for number, row in enumerate(first, start=1):
        meant = [column(cell) for cell in row]
        other = [
            cell
            for cell, name in zip(row, meant, strict=True)
            if name not in AREA and (name or key(cell) in known or period(cell))
        ]
        if other and any(name in AREA for name in meant):
            return number
    widths = [sum(1 for cell in row if cell.strip()) for row in first]
    wide = [n for n, width in enumerate(widths, start=1) if width and 2 * width >= max(widths)]
    return wide[0] if wide else 1
