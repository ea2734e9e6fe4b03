"""What is measured, against whom; the peer is always measured in the same run."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

SIGNS = {"<=": operator.le, ">=": operator.ge}


@dataclass(frozen=True)
class Row:
    """One measured figure: ours, the peer's, and what was aimed at.

    target: "<= 350" speaks of our figure, ">= 20 x" of the ratio; "" when there is none.
    """

    figure: str
    ours: float
    unit: str
    peer: float | None = None
    target: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times as much the peer takes."""
        return self.peer / self.ours if self.peer is not None and self.ours else None

    @property
    def is_met(self) -> bool | None:
        """Whether the target is met; None without a target."""
        if not self.target:
            return None
        sign, bound, *of_ratio = self.target.split()
        value = self.ratio if of_ratio else self.ours
        return value is not None and SIGNS[sign](value, float(bound))

    def cells(self) -> tuple[str, ...]:
        """Return the row as texts."""
        peer = "" if self.peer is None else f"{number(self.peer)} {self.unit}"
        ratio = "" if self.ratio is None else f"{number(self.ratio)}"
        verdict = {None: "", True: ": met", False: ": MISSED"}[self.is_met]
        return self.figure, f"{number(self.ours)} {self.unit}", peer, ratio, self.target + verdict


def number(value: float) -> str:
    """Return a figure with three digits, or whole when it is larger."""
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


def table(rows: Iterable[Row]) -> str:
    """Return rows as a table that is also Markdown."""
    head = ("figure", "ours", "peer", "peer / ours", "target")
    lines: list[Sequence[str]] = [head, *(row.cells() for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(head))]
    texts = [
        "| "
        + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        + " |"
        for line in lines
    ]
    texts.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(texts)


def quantile(values: Iterable[float], share: float) -> float:
    """Return the smallest value that this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


__all__ = ["Row", "median", "number", "quantile", "table"]
