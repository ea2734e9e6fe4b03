"""What a cell of statistics says: a number, a hidden or a missing one, a period, a group."""

from __future__ import annotations

import re

from geo import schema

MISSING, SUPPRESSED, OK = "missing", "suppressed", "ok"
FIRST_YEAR, LAST_YEAR = 1990, 2100
EVERYONE = "alla"
_NUMBER = schema.Column("value", "number", may_be_empty=True)
_HIDDEN = re.compile(
    r"([<≤]\s*=?|(färre|mindre) än|under)\s*\d+|dolt|dold|sekretess\w*|skydd\w+", re.IGNORECASE
)
_NOTHING = {"", "...", "…", ".", "—", "saknas", "uppgift saknas", *map(str.casefold, schema.EMPTY)}
_STATUS = {
    OK: OK,
    "": "",
    MISSING: MISSING,
    "saknas": MISSING,
    "uppgift saknas": MISSING,
    SUPPRESSED: SUPPRESSED,
    "dolt": SUPPRESSED,
    "dold": SUPPRESSED,
    "sekretess": SUPPRESSED,
}
_GROUPS = {
    EVERYONE: ("", "totalt", "total", "båda", "båda könen", "bägge", "samtliga", "1+2"),
    "flickor": ("flicka", "tjejer", "tjej", "f"),
    "pojkar": ("pojke", "killar", "kille", "p"),
    "kvinnor": ("kvinna", "k"),
    "män": ("man", "m"),
}
_GROUP_OF = {word: name for name, words in _GROUPS.items() for word in (name, *words)}


def number(text: str) -> tuple[float, str]:
    """Return a cell's number and whether it is there: ok, missing or suppressed (then NaN).

    A hidden number ("<5", "färre än 5") and a missing one ("..", "–", "x", empty) is never 0. A
    per cent sign is taken off. Raises ValueError with a Swedish reason for any other text.

    >>> number("1 234,5"), number("45 %"), number("<5"), number("..")
    ((1234.5, 'ok'), (45.0, 'ok'), (nan, 'suppressed'), (nan, 'missing'))
    """
    plain = text.strip().removesuffix("%").strip()
    if plain.casefold() in _NOTHING:
        return float("nan"), MISSING
    if _HIDDEN.fullmatch(plain):
        return float("nan"), SUPPRESSED
    return float(schema.parse(plain, _NUMBER)), OK


def rounding(text: str) -> float:
    """Return how far a written number may lie from the exact one: half of its last place.

    >>> rounding("45"), rounding("45,3"), rounding("0.453 ")
    (0.5, 0.05, 0.0005)
    """
    found = re.search(r"[.,](\d+)\s*%?\s*$", text)
    return round(0.5 / 10 ** len(found[1]), 15) if found else 0.5


def period(text: str) -> str:
    """Return a year or a school year as it is written here.

    Raises ValueError with a Swedish reason and remedy for anything else.

    >>> period("2024"), period("2023/24")
    ('2024', '2023/2024')
    """
    found = re.fullmatch(r"(\d{4})(?:\s*/\s*(\d{4}|\d{2}))?", text.strip())
    if not found:
        raise ValueError(
            f"{text.strip() or 'perioden'} {'är ingen period' if text.strip() else 'saknas'}. "
            "Skriv ett år (2024) eller ett läsår (2023/2024)."
        )
    first = int(found[1])
    if not FIRST_YEAR <= first <= LAST_YEAR:
        raise ValueError(f"{first} är inget år mellan {FIRST_YEAR} och {LAST_YEAR}. Rätta året.")
    if found[2] is None:
        return found[1]
    if int(found[2]) != (first + 1 if len(found[2]) == 4 else (first + 1) % 100):
        raise ValueError(f"{text.strip()} är inget läsår. Skriv till exempel {first}/{first + 1}.")
    return f"{first}/{first + 1}"


def group(text: str) -> str:
    """Return a group's name: everyone is alla, girls flickor, boys pojkar; others as they stand.

    >>> group("Totalt"), group("tjejer"), group("K"), group("åk 8")
    ('alla', 'flickor', 'kvinnor', 'åk 8')
    """
    plain = " ".join(text.split())
    return _GROUP_OF.get(plain.casefold(), plain)


def status(text: str) -> str:
    """Return ok, missing, suppressed, or "" where the cell says nothing.

    Raises ValueError with a Swedish reason and remedy for another word.

    >>> status("Dolt"), status("")
    ('suppressed', '')
    """
    plain = text.strip().casefold()
    if plain not in _STATUS:
        raise ValueError(f"{text.strip()} är ingen status. Skriv ok, missing eller suppressed.")
    return _STATUS[plain]
