"""The indicators: which of them may be ranked, and which one a text means."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import pandas as pd

from geo import files, kinds, schema
from geo.errors import Issues
from geo.places import fold
from geo.sources import DATA

NEVER_RANKED = re.compile(r"utlandsk|utrikes|fodelseland")


def indicators(path: Path | str = DATA / "indicators.csv") -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read what is measured and how: index indicator_id; name, definition, unit, direction, use, …

    An indicator that is ranked without a direction, or that must never be ranked (where people
    were born), is an error and stays out.

    >>> found, issues = indicators()
    >>> (len(found), issues.empty, found.at["utlandsk_bakgrund", "use"])
    (21, True, 'context')
    """
    issues = Issues(kinds.INDICATORS.dataset)
    frame = schema.check(files.read_table(Path(path)), kinds.INDICATORS, issues)
    return rankable(frame, issues).set_index("indicator_id"), issues.frame()


def rankable(frame: pd.DataFrame, issues: Issues) -> pd.DataFrame:
    """Leave out, and tell, each indicator that says it is ranked and cannot or must not be.

    frame: indicators as read, index = line in the file. Where people or their parents were born
    is never ranked; what is ranked needs a direction (high or low); a share needs a denominator.
    Returns the rows without fault.

    >>> row = {"indicator_id": "a", "name": "Utrikes födda", "definition": "", "measure": "count"}
    >>> issues = Issues("indicators")
    >>> len(rankable(pd.DataFrame([row | {"use": "ranked", "direction": "low"}]), issues))
    0
    >>> issues.rows[0]["column"]
    'use'
    """
    words = (frame["indicator_id"] + " " + frame["name"] + " " + frame["definition"]).map(fold)
    ranked = frame["use"] == "ranked"
    born = ranked & words.str.contains(NEVER_RANKED)
    bare = frame["measure"] == "share"
    bare &= frame["denominator"] == "" if "denominator" in frame else False
    faults = (
        (born, "use", "gäller bakgrund och får aldrig rangordnas. Skriv context."),
        (ranked & (frame["direction"] == "none"), "direction", "rangordnas: skriv high eller low."),
        (bare, "denominator", "är en andel: skriv vilka andelen räknas av."),
    )
    for rows, column, text in faults:
        for line, row in frame[rows].iterrows():
            issues.error(
                f"{row['indicator_id']} {text}",
                row=int(str(line)),
                column=column,
                kind="indicator",
                value=row[column],
            )
    return frame[~(faults[0][0] | faults[1][0] | faults[2][0])]


def key(text: str) -> str:
    """Return a text as it is compared: no case, no å ä ö, no signs, no unit at the end.

    >>> key("Trygghet i skolan och området (%)"), key("psykosomatisk_halsa")
    ('trygghet i skolan och omradet', 'psykosomatisk halsa')
    """
    plain = re.sub(r"[^a-z0-9]+", " ", fold(text)).strip()
    return re.sub(r" (procent|andel|antal)$", "", plain)


def lookup(indicators: pd.DataFrame) -> dict[str, str]:
    """Return which indicator each id and each name means: key -> indicator_id.

    indicators: index indicator_id, with name. What two indicators share means neither of them.

    >>> lookup(pd.DataFrame({"name": ["Hyresrätt"]}, index=["hyresratt_andel"]))
    {'hyresratt': 'hyresratt_andel'}
    """
    meant: dict[str, set[str]] = {}
    for indicator_id, name in indicators["name"].items():
        for text in (str(indicator_id), str(name)):
            meant.setdefault(key(text), set()).add(str(indicator_id))
    return {text: next(iter(ids)) for text, ids in meant.items() if text and len(ids) == 1}


def closest(text: str, indicators: pd.DataFrame) -> str:
    """Return the id of the indicator whose id or name is most like a text; "" when none is.

    >>> closest("tryghet", pd.DataFrame({"name": ["Trygghet"]}, index=["trygghet"]))
    'trygghet'
    """
    known = lookup(indicators)
    found = difflib.get_close_matches(key(text), known, n=1, cutoff=0.6)
    return known[found[0]] if found else ""
