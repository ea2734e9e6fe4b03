"""Rows that somebody wrote: every text cleaned, personal data refused, faults told by row."""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd

from geo import freetext, schema
from geo.errors import Issues

HIDDEN = "(dold text)"  # stands for what may not be kept, nor told
_HARMLESS = re.compile(  # ids that a tool made, numbers, dates, times: nothing that somebody wrote
    r"(?:uuid:)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|rad-[0-9a-f]{16}"
    r"|-?[0-9]{1,7}(?:[.,][0-9]*)?|[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}[:.][0-9]{2}"
)


def kept(raw: pd.DataFrame, kind: schema.Schema, issues: Issues) -> pd.DataFrame:
    """Clean every text of a table of strings; what may not be kept is told, and hidden.

    Personal data and too long a text are errors of the row, told without the value.

    >>> kind = schema.Schema("prov", (schema.Column("note"),), ("note",))
    >>> issues = Issues("prov")
    >>> kept(pd.DataFrame({"note": ["Ring 070-174 06 05", "Bra "]}), kind, issues)["note"].tolist()
    ['(dold text)', 'Bra']
    """
    table = raw.copy()
    for name in [column.name for column in kind.columns if column.name in raw]:
        if name == "route":
            continue
        texts = [str(cell) for cell in raw[name]]
        seen = {text: _kept(text) for text in dict.fromkeys(texts)}
        table[name] = pd.Series([seen[text][0] for text in texts], raw.index, dtype=object)
        for line, text in zip(raw.index, texts, strict=True):
            for fault, sentence in seen[text][1]:
                issues.error(sentence, row=line, column=name, kind=fault, value=HIDDEN)
    return table


def tell(
    say: Callable[..., None],
    cells: pd.Series,
    text: str | pd.Series,
    kind: str,
    value: str | None = None,
) -> None:
    """Tell a sentence of each cell, or its row's; value stands for what is not to be told.

    >>> issues = Issues("prov")
    >>> tell(issues.warning, pd.Series({2: "x"}, name="place"), "Kontrollera platsen.", "place")
    >>> issues.rows[0]["row"], issues.rows[0]["column"]
    (2, 'place')
    """
    said = text if isinstance(text, str) else text.to_dict()
    for line, cell in cells.items():
        sentence = said if isinstance(said, str) else said[line]
        shown = str(cell).removesuffix(" 00:00:00") if value is None else value
        say(sentence, row=line, column=str(cells.name), kind=kind, value=shown)


def typed(table: pd.DataFrame, kind: schema.Schema, issues: Issues) -> pd.DataFrame:
    """Hold a table against its schema; rows with other faults stay, for all of them to be told.

    >>> kind = schema.Schema("prov", (schema.Column("n", "integer"),), ("n",))
    >>> typed(pd.DataFrame({"n": ["1", "x"]}), kind, Issues("prov"))["n"].tolist()
    [1]
    """
    own = Issues(issues.dataset)
    frame = schema.check(table, kind, own)
    issues.rows.extend(own.rows)
    return frame


def tell_early_ends(frame: pd.DataFrame, issues: Issues) -> None:
    """Tell of each row whose end_time lies before its start_time ("18:30", "" unknown).

    >>> issues = Issues("prov")
    >>> tell_early_ends(pd.DataFrame({"start_time": ["20:00"], "end_time": ["18:30"]}), issues)
    >>> issues.rows[0]["message"]
    'Slutet (18:30) ligger före början (20:00). Rätta klockslagen.'
    """
    start, end = frame["start_time"], frame["end_time"]
    early = "Slutet (" + end + ") ligger före början (" + start + "). Rätta klockslagen."
    tell(issues.error, end[(start != "") & (end != "") & (end < start)], early, "time")


def without_errors(frame: pd.DataFrame, issues: Issues) -> pd.DataFrame:
    """Return the rows that no error is told of.

    >>> issues = Issues("prov")
    >>> issues.error("Fel.", row=2)
    >>> without_errors(pd.DataFrame({"n": [1, 2]}, index=[2, 3]), issues).index.tolist()
    [3]
    """
    bad = {issue["row"] for issue in issues.rows if issue["severity"] == "error"}
    return frame[~frame.index.isin(bad)]


def _kept(text: str) -> tuple[str, list[tuple[str, str]]]:
    """Return a text as it is kept, and each reason why it may not be: kind and sentence."""
    text = freetext.clean(text).strip()
    if _HARMLESS.fullmatch(text):
        return text, []
    hits = freetext.personal_data(text[: freetext.MAX_LENGTH])
    faults = list({hit.text: (hit.kind, hit.why) for hit in hits}.values())
    if long := freetext.too_long(text):
        faults.append(("too_long", long))
    return (HIDDEN if faults else text), faults
