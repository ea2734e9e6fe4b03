"""What can go wrong, and how it is told: errors of a call, caveats of a method, issues of a row."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

ISSUE_COLUMNS = ("dataset", "row", "column", "kind", "value", "message", "severity")


class GeoError(ValueError):
    """A wrong call: the text says what was expected, what came, and what to do."""


class UnreadableFileError(GeoError):
    """A file that cannot be read at all; nothing of it is used."""


class GeoWarning(UserWarning):
    """A caveat of the method, with a count and the ids that it concerns."""


@dataclass
class Issues:
    """Collects the faults of one data set, a row each, and gives them as a frame.

    >>> issues = Issues("areas")
    >>> issues.error("Namnet saknas.", row=2, column="name")
    >>> issues.frame()[["row", "column", "severity"]].values.tolist()
    [[2, 'name', 'error']]
    """

    dataset: str
    rows: list[dict[str, Any]] = field(default_factory=list)

    def error(self, message: str, **where: Any) -> None:
        """Note a fault that keeps the row out of the analysis: row, column, kind, value."""
        self._add("error", message, **where)

    def warning(self, message: str, **where: Any) -> None:
        """Note what a person should look at, the row being used: row, column, kind, value."""
        self._add("warning", message, **where)

    def _add(
        self,
        severity: str,
        message: str,
        row: int | None = None,
        column: str = "",
        kind: str = "value",
        value: object = "",
    ) -> None:
        shown = str(value)
        self.rows.append(
            {
                "dataset": self.dataset,
                "row": row,
                "column": column,
                "kind": kind,
                "value": shown if len(shown) <= 120 else shown[:117] + "…",
                "message": message,
                "severity": severity,
            }
        )

    def frame(self) -> pd.DataFrame:
        """Return the issues: dataset, row (line in the file, NaN = whole file), column, kind, …"""
        frame = pd.DataFrame(self.rows, columns=list(ISSUE_COLUMNS))
        return frame.astype({"row": "Int64"})


def has_errors(issues: pd.DataFrame) -> bool:
    """Tell whether any issue is an error (a warning alone does not count).

    >>> has_errors(Issues("areas").frame())
    False
    """
    return bool((issues["severity"] == "error").any())


def require_columns(frame: pd.DataFrame, columns: tuple[str, ...], name: str) -> None:
    """Raise a GeoError that names every missing column of a frame at once.

    >>> require_columns(pd.DataFrame({"share": []}), ("share",), "memberships")
    """
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise GeoError(
            f"{name}: kolumnerna {', '.join(missing)} saknas (väntade {', '.join(columns)}, "
            f"fick {list(frame.columns)!r}). Lägg till dem eller läs filen med geo.read."
        )
