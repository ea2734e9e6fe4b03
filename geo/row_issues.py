"""Tells faults of many rows at once: each by its line, column, value and remedy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np
import pandas as pd

from geo.errors import Issues

MANY = 50  # the same fault on every row of a longer file is told once
MAX_TOLD = 10_000


class RowIssues:
    """Collects the faults of a table's rows, and which rows are to be left out.

    rows: text cells, index = position 0, 1, …; columns line (in the file) and header (of the
    column where the value stood; "" when it is the column's own name).
    """

    def __init__(self, rows: pd.DataFrame, issues: Issues) -> None:
        self.rows = rows
        self.issues = issues
        self.bad = np.zeros(len(rows), dtype=bool)
        self._told: Counter[tuple[str, str]] = Counter()

    def good(self) -> pd.Series:
        """Return which rows have no error so far."""
        return pd.Series(~self.bad, index=self.rows.index)

    def error(self, where: pd.Series, column: str, text: str | pd.Series, kind: str) -> pd.Series:
        """Tell a fault of the rows where a mask is true, and leave them out; returns the mask."""
        self.bad |= where.to_numpy(dtype=bool)
        self._tell(self.issues.error, where, column, text, kind)
        return where

    def warning(self, where: pd.Series, column: str, text: str | pd.Series, kind: str) -> None:
        """Tell what a person should look at in the rows where a mask is true."""
        self._tell(self.issues.warning, where, column, text, kind)

    def translate(self, column: str, meaning: Callable[[str], str]) -> pd.Series:
        """Return what each text of a column means; a ValueError is a fault of its rows."""
        texts = self.rows[column]
        known: dict[str, str] = {}
        faults: dict[str, str] = {}
        for text in dict.fromkeys(texts):
            try:
                known[text] = meaning(text)
            except ValueError as reason:
                known[text], faults[text] = "", str(reason)
        if faults:
            self.error(texts.isin(list(faults)), column, texts.map(faults), column)
        return pd.Series([known[text] for text in texts], index=texts.index, dtype=object)

    def _tell(
        self,
        tell: Callable[..., None],
        where: pd.Series,
        column: str,
        text: str | pd.Series,
        kind: str,
    ) -> None:
        if not where.any():
            return
        rows = self.rows[where.to_numpy(dtype=bool)]
        texts = pd.Series(text, index=rows.index) if isinstance(text, str) else text[rows.index]
        if len(rows) == len(self.rows) > MANY and texts.nunique() == 1:
            tell(f"Alla {len(rows)} rader: {texts.iloc[0]}", column=column, kind=kind)
            return
        room = max(0, MAX_TOLD - self._told[column, kind])
        self._told[column, kind] += len(rows)
        shown = rows.iloc[:room]
        cells = zip(shown["line"], shown["header"], shown[column], texts[:room], strict=True)
        for line, header, value, said in cells:
            name = header if header and column == "value" else column
            tell(said, row=int(line), column=name, kind=kind, value=value)
        if room and len(rows) > room:
            tell(f"… och {len(rows) - room} rader till med samma fel.", column=column, kind=kind)
