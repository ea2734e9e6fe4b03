"""What is written in the cells of many findings: read as it was meant, and told of by headings."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

import pandas as pd

from geo import crs, freetext, kinds
from geo.errors import Issues
from geo.row_texts import HIDDEN
from pages.parts import field_words
from pages.parts.field import Field

GRID = ("Slag", "Kategori", "Beskrivning", "Ljus", "Öst", "Norr", "Plats")
EAST, NORTH, PLACE = "Öst", "Norr", "Plats"
HEADINGS = {"kind": "Slag", "category": "Kategori", "description": "Beskrivning"}
HEADINGS |= {"light": "Ljus", "x": EAST, "y": NORTH, "place": PLACE, "base_area_id": PLACE}
WHICH = {"kind": "slaget", "category": "kategorin", "light": "ljuset"}
NO_PLACE = "Läge saknas. Skriv Öst och Norr, skriv en plats, eller klicka på kartan."
_SUFFIX = re.compile(
    r"\s*(?:\((?:även|plats|basområde).*|[–-] (?:plats|basområde))$", re.IGNORECASE
)
_DEGREES = re.compile(r"(\d{2}[.,]\d{4,})\s*°?\s*[NEÖO]?", re.IGNORECASE)
_PAIR = re.compile(r"(\d{2}\.\d{4,}[^,;]*)[,;\s]\s*(\d{2}\.\d{4,}.*)")


def as_in_a_file(
    known: Field, rows: pd.DataFrame, walk_id: str, day: pd.Timestamp, places: Mapping[str, str]
) -> pd.DataFrame:
    """Return the grid's rows as a file has them: text cells, index = the row from 1.

    A word that means one thing is written as the registers do; another stays as it is written.
    """
    no_point = (rows[EAST].str.strip() == "") & (rows[NORTH].str.strip() == "")
    place = rows[PLACE].map(lambda text: meant(_SUFFIX.sub("", text), _as_named(places)) or text)
    table = pd.DataFrame(
        {
            "walk_id": walk_id,
            "observed_date": f"{day:%Y-%m-%d}",
            "light": rows["Ljus"].map(lambda text: meant(text, _as_named(kinds.LIGHTS)) or text),
            "kind": rows["Slag"].map(lambda text: meant(text, _kinds(), True) or text),
            "category": rows["Kategori"].map(
                lambda text: meant(text, known.category_codes, True) or text
            ),
            "description": rows["Beskrivning"],
            "x": rows[EAST],
            "y": rows[NORTH],
            "place": place,
            "base_area_id": place.map(places).fillna("").where(no_point, ""),
        }
    )
    return table.map(str.strip)


def _as_named(names: Iterable[str]) -> dict[str, str]:
    return {name: name for name in names}


def _kinds() -> dict[str, str]:
    return {name: kind for kind, name in field_words.KIND.items()}


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _parts(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold())) - {"och"}


def meant(text: str, names: Mapping[str, str], by_word: bool = False) -> str:
    """Return the value of the one name that a text means, in any case; "" when none or several.

    by_word: a word out of the name will do, when no other name has it.
    """
    exact = {value for name, value in names.items() if _plain(name) == _plain(text)}
    if not exact and by_word and _parts(text):
        exact = {value for name, value in names.items() if _parts(text) <= _parts(name)}
    return exact.pop() if len(exact) == 1 else ""


def near(text: str, names: Iterable[str]) -> str:
    """Return the name that a text is nearly, or has a long word that it is nearly; "" for none."""
    names = list(names)
    by_part = {part: name for name in names for part in _parts(name) if len(part) > 4}
    by_part |= {_plain(name): name for name in names}
    found = difflib.get_close_matches(_plain(text), by_part, 1, 0.65)
    return by_part[found[0]] if found else ""


def as_metres(raw: pd.DataFrame) -> pd.DataFrame:
    """Return rows with x and y in metres where they are unmistakably degrees in Borås."""
    pairs = [_metres(x, y) for x, y in zip(raw["x"], raw["y"], strict=True)]
    return raw.assign(x=[east for east, _ in pairs], y=[north for _, north in pairs])


def _metres(x: str, y: str) -> tuple[str, str]:
    """Return two texts as metres: latitude 57–58,2 and longitude 12–14, in either order."""
    pair = None if y.strip() else _PAIR.fullmatch(x.strip())
    found = [_DEGREES.fullmatch(text.strip()) for text in (pair.groups() if pair else (x, y))]
    low, high = sorted(float(hit[1].replace(",", ".")) if hit else 0.0 for hit in found)
    if not (12 <= low <= 14 and 57 <= high <= 58.2):
        return x, y
    east, north = crs.metres(high, low)
    return f"{east:.0f}", f"{north:.0f}"


def new_ids(count: int) -> list[str]:
    """Return ids of findings in the order of their rows; the last six signs tell them apart.

    The part by chance has letters alone: many digits in a row may look like a personnummer.
    """
    letters = str.maketrans("0123456789", "ghjkmnpqrs")
    stem = uuid4().hex[:8].translate(letters)
    width = max(2, len(str(count)))
    return [f"fynd-{stem}{number:0{width}}" for number in range(1, count + 1)]


def tell_places(raw: pd.DataFrame, places: Mapping[str, str], issues: Issues) -> None:
    """Tell of each row that has no place, or one that is in no register and no point beside it."""
    for row, place in raw.loc[(raw["x"] == "") & (raw["y"] == ""), "place"].items():
        if not place:
            issues.error(NO_PLACE, row=row, column="place", kind="place")
        elif place not in places and not freetext.check(place):
            text = f"platsen {_short(place)} finns inte. {_which_place(place, places)}"
            issues.error(text, row=row, column="place", kind="place", value=place)


def _which_place(text: str, places: Iterable[str]) -> str:
    """Ask which place is meant: those that have its words in their names, or the nearest."""
    among = [name for name in places if _parts(text) and _parts(text) <= _parts(name)]
    among = among[:4] or [name for name in [near(text, places)] if name]
    asked = f"Menar du {' eller '.join(among)}?" if among else "Se Ord som gäller under rutnätet."
    return f"{asked} Eller skriv Öst och Norr."


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"


def as_headed(found: pd.DataFrame, known: Field) -> pd.DataFrame:
    """Say what is told of rows with the grid's headings, row by row, each thing once."""
    is_again = (found["value"] == HIDDEN) & found["kind"].isin(("value", "category"))
    found = found[~is_again]
    order = found["column"].map({name: n for n, name in enumerate(HEADINGS)})
    said = [_said(issue, known) for issue in found.to_dict("records")]
    row = found["row"].mask(found["column"] == "observed_date")  # the same day for every row
    found = found.assign(order=order, message=said, row=row)
    found = found.sort_values(["row", "order"], kind="stable").drop(columns="order")
    return found.drop_duplicates(["row", "message"])


def _said(issue: Mapping[str, Any], known: Field) -> str:
    column, message = str(issue["column"]), str(issue["message"])
    heading = HEADINGS.get(column, column)
    if message.startswith("Läge saknas"):
        return NO_PLACE
    if column == "observed_date":
        return "Vandringen är inte gången än: dagen ligger i framtiden. Välj en annan vandring."
    if "värdet saknas" in message:
        return f"{heading} saknas. {_remedy(column, '', known)}"
    if column in WHICH and issue["kind"] in ("value", "category"):
        text = str(issue["value"])
        return f"{WHICH[column]} {_short(text)} finns inte. {_remedy(column, text, known)}"
    message = message.replace(" Rätta det eller lämna tomt.", " Rätta cellen, eller töm den.")
    return f"{heading}: {message}" if message.startswith("Texten") else message


def _remedy(column: str, text: str, known: Field) -> str:
    if column == "kind":
        return "Skriv Brist eller Bra."
    names = list(kinds.LIGHTS) if column == "light" else list(known.category_codes)
    close = near(text, names) if text else ""
    return f"Menar du {close}?" if close else f"Skriv något av: {'; '.join(names)}."
