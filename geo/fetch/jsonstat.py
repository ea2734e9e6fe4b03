"""Reads json-stat2, the format that SCB answers in: codes of each dimension, and its cells."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from geo.errors import GeoError

# A cell with one of these signs has no number, whatever stands in its place.
NO_NUMBER = {".", "..", "...", "....", ".....", "......"}
Codes = dict[str, tuple[str, ...]]


def dimensions(answer: dict[str, Any]) -> Codes:
    """Return the codes of each dimension of a json-stat2 data set, in the order of its cells.

    Raises GeoError when the answer is not json-stat2 (class dataset), or does not agree with
    its own sizes.

    >>> category = {"index": {"2024": 0, "2025": 1}}
    >>> dimensions({"id": ["Tid"], "size": [2], "dimension": {"Tid": {"category": category}}})
    {'Tid': ('2024', '2025')}
    """
    names, sizes, described = answer.get("id"), answer.get("size"), answer.get("dimension")
    if not (isinstance(names, list) and isinstance(sizes, list) and isinstance(described, dict)):
        raise GeoError("Svaret är inte json-stat2: id, size och dimension väntades.")
    codes = {str(name): _codes(described.get(name)) for name in names}
    found = [len(found) for found in codes.values()]
    if found != sizes:
        raise GeoError(f"Svaret stämmer inte: size är {sizes!r}, koderna är {found!r}.")
    return codes


def _codes(dimension: Any) -> tuple[str, ...]:
    category = dimension.get("category") if isinstance(dimension, dict) else None
    category = category if isinstance(category, dict) else {}
    index = category.get("index", category.get("label"))
    if isinstance(index, dict) and "index" in category:
        if sorted(index.values(), key=str) != sorted(range(len(index)), key=str):
            raise GeoError("Svaret är inte json-stat2: kodernas platser går inte från 0 och uppåt.")
        return tuple(sorted(index, key=lambda code: int(index[code])))
    if isinstance(index, dict | list) and len(set(map(str, index))) == len(index):
        return tuple(map(str, index))
    raise GeoError("Svaret är inte json-stat2: en dimension saknar koder eller har dem två gånger.")


def cells(answer: dict[str, Any]) -> pd.DataFrame:
    """Return the cells of a json-stat2 data set: a column for each dimension, value, sign.

    value is NaN where the source gives null, nothing or a sign of dots, never 0; sign is the
    source's own sign for the cell, "" without one. Raises GeoError when the number of values
    does not agree with the sizes, or when a value is no number.

    >>> answer = {"id": ["Tid"], "size": [2], "value": [7, None], "status": {"1": ".."},
    ...           "dimension": {"Tid": {"category": {"index": ["2024", "2025"]}}}}
    >>> cells(answer)["sign"].tolist()
    ['', '..']
    """
    codes = dimensions(answer)
    n_cells = math.prod(len(found) for found in codes.values())
    values = _by_cell(answer.get("value"), n_cells, "value", None)
    signs = _by_cell(answer.get("status") or {}, n_cells, "status", "")
    signs = ["" if sign is None else str(sign) for sign in signs]
    signs = [v if isinstance(v, str) and not s else s for v, s in zip(values, signs, strict=True)]
    places = pd.MultiIndex.from_product(list(codes.values()), names=list(codes))
    frame: pd.DataFrame = places.to_frame(index=False)
    frame["value"] = [_number(v, s) for v, s in zip(values, signs, strict=True)]
    frame["sign"] = pd.Series(signs, dtype=object)
    return frame


def _by_cell(found: Any, n_cells: int, name: str, absent: object) -> list[Any]:
    """Return one entry for each cell, of a list, a dict by position or a single text."""
    if isinstance(found, str):
        return [found] * n_cells
    if isinstance(found, list) and len(found) == n_cells:
        return found
    if isinstance(found, dict):
        places = {str(place): place for place in range(n_cells)}
        if set(found) <= set(places):
            return [found.get(place, absent) for place in places]
    size = len(found) if isinstance(found, list | dict) else repr(found)
    raise GeoError(f"Svaret stämmer inte: {n_cells} celler väntades i {name}, fick {size}.")


def _number(value: Any, sign: str) -> float:
    if value is None or sign in NO_NUMBER:
        return math.nan
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise GeoError(f"Svaret stämmer inte: ett tal väntades i en cell, fick {value!r}.")
    return float(value)
