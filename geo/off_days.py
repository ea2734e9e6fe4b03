"""Days on which no network should meet: holidays, and the breaks of the schools."""

from __future__ import annotations

from datetime import date

import holidays
import pandas as pd

from geo.errors import GeoError, require_columns

BREAK_COLUMNS = ("break", "first_date", "last_date", "assumed")


def holidays_of(year: int) -> dict[date, str]:
    """Return Sweden's holidays in a year by their Swedish names; not Sundays as such.

    With midsommarafton, julafton and nyårsafton, which are free in practice. Source: lagen
    (1989:253) om allmänna helgdagar, by the library holidays.

    >>> holidays_of(2027)[date(2027, 5, 6)]
    'Kristi himmelsfärdsdag'
    """
    found = holidays.country_holidays(
        "SE", years=year, language="sv", categories=("public", "de_facto"), include_sundays=False
    )
    return dict(sorted(found.items()))


def off_days(first: pd.Timestamp, last: pd.Timestamp, breaks: pd.DataFrame) -> pd.DataFrame:
    """Return the days on which no network should meet: holidays and school breaks.

    first, last: both are included. breaks: break, first_date, last_date, assumed, as text or
    typed. Returns, index date: why (Swedish; a day that is both is the holiday) and is_assumed
    (the break's dates are not the city's). A weekend as such is not off. Raises GeoError for a
    break without dates in order.

    >>> breaks = pd.DataFrame({"break": ["sportlov"], "first_date": ["2027-02-15"],
    ...     "last_date": ["2027-02-19"], "assumed": ["true"]})
    >>> off_days(pd.Timestamp("2027-02-19"), pd.Timestamp("2027-03-26"), breaks)["why"].tolist()
    ['sportlov', 'Långfredagen']
    """
    years = range(first.year, last.year + 1)
    rows = [(day, why, False) for year in years for day, why in holidays_of(year).items()]
    rested = dated(breaks).sort_values("is_assumed", kind="stable")
    for why, start, end, is_assumed in rested.itertuples(index=False, name=None):
        rows += [(day.date(), why, is_assumed) for day in pd.date_range(start, end)]
    table = pd.DataFrame(rows, columns=["date", "why", "is_assumed"]).drop_duplicates("date")
    table = table.assign(date=pd.to_datetime(table["date"]))
    return table[table["date"].between(first, last)].set_index("date").sort_index()


def dated(breaks: pd.DataFrame) -> pd.DataFrame:
    """Return school breaks typed: why, first_date, last_date, is_assumed; see off_days.

    >>> dated(pd.DataFrame(columns=list(BREAK_COLUMNS))).columns.tolist()
    ['why', 'first_date', 'last_date', 'is_assumed']
    """
    require_columns(breaks, BREAK_COLUMNS, "breaks")
    ends = {name: pd.to_datetime(breaks[name], errors="coerce") for name in BREAK_COLUMNS[1:3]}
    is_assumed = breaks["assumed"].astype(str).str.lower() == "true"
    table = pd.DataFrame({"why": breaks["break"], **ends, "is_assumed": is_assumed})
    faulty = table[~(table["first_date"] <= table["last_date"])]
    if len(faulty):
        raise GeoError(
            "breaks: first_date och last_date i ordning, som ÅÅÅÅ-MM-DD, väntades för "
            f"{', '.join(map(str, faulty['why']))}. Rätta raden i data/school_breaks.csv."
        )
    return table
