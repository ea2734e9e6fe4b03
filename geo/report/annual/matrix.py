"""The appendix of the year's report: every meeting, a row per network and a column per month."""

from __future__ import annotations

import pandas as pd

from geo.report.annual.year import Year, day, notes
from geo.report.story import Section, Table
from geo.report.words import counted

MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
STAR = (
    "Siffran är dagen i månaden. Stjärnan är källans: ett möte av annat slag än de ordinarie, som "
    "inte räknas mot riktlinjen. Inställda möten är inte med."
)


def appendix(about: Year) -> Section:
    """Show the days of all meetings of the year.

    >>> appendix.__annotations__["about"]
    'Year'
    """
    held, n_planned = about.meetings, about.n_planned
    rows = tuple((name, *cells(held[held["network_id"] == i])) for i, name in _names(about).items())
    planned = (
        f"{counted(n_planned, 'möte', 'möten')} efter {day(about.as_of)} är inlagt men inte med."
        if n_planned
        else ""
    )
    n_own, n_joint, n_days = about.n_meetings
    joint = f" och {n_joint} gemensamma, på {counted(n_days, 'dag', 'dagar')}" if n_joint else ""
    said = f"{counted(len(held), 'möte', 'möten')} {about.year}: {n_own} i nätverken{joint}. {STAR}"
    table = Table(
        f"Möten {about.year}",
        ("Nätverk", *MONTHS),
        rows if len(held) else (),
        f"Inga möten är registrerade för {about.year}.",
    )
    return Section(
        "matrix",
        "Bilaga. Mötesschema",
        (said,) if len(held) else (),
        tables=(table,),
        notes=notes(planned, about.cited(held["source"])),
    )


def _names(about: Year) -> dict[str, str]:
    """Return the rows: the networks, then the joint rows."""
    return about.facts.work.names


def cells(held: pd.DataFrame) -> tuple[str, ...]:
    """Return the days of one row, a text per month; "" for a month without a meeting.

    >>> held = pd.DataFrame({"date": pd.to_datetime(["2017-01-03", "2017-01-17"]),
    ...     "starred": [False, True]})
    >>> cells(held)[:2]
    ('3, 17*', '')
    """
    by_month: dict[int, list[str]] = {}
    for when, is_starred in zip(held["date"], held["starred"], strict=True):
        by_month.setdefault(when.month, []).append(f"{when.day}{'*' if is_starred else ''}")
    return tuple(", ".join(by_month.get(month, ())) for month in range(1, 13))
