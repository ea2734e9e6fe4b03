"""The section of priorities and decisions: what is late first, and what nobody has decided on."""

from __future__ import annotations

import pandas as pd

from geo import decisions
from geo.report.story import Section, Table
from geo.report.words import counted, listed
from geo.situation import Situation

MOST = 15
NO_OWNER, NO_DATE = "ingen ansvarig", "inget datum"
COUNTED = "Ett beslut räknas till en prioritering när den är vald i beslutet, tills det avskrivs."


def priorities(found: Situation) -> Section:
    """Show the decisions with owner and date, what is late first.

    >>> priorities.__annotations__["found"]
    'Situation'
    """
    done = found.deeds
    names = done.priorities["name"]
    made = _sorted(done.decisions, found.as_of)
    rows = tuple(_row(row, names) for _, row in made.head(MOST).iterrows())
    columns = ("Beslut", "Ansvarig", "Klart senast", "Status", "Brå-prioritering")
    is_cut = len(made) > MOST
    caption = f"De {MOST} första av {len(made)} beslut, resten i Möten" if is_cut else "Beslut"
    return Section(
        "priorities",
        "Prioriteringar och beslut",
        texts=_lacking(made),
        tables=(Table(caption, columns, rows, "Inget beslut är registrerat."),),
        notes=(COUNTED,) if len(made) else (),
        on_wall=True,
    )


def undecided(found: Situation) -> Section:
    """Tell which of Brå's priorities no decision serves.

    >>> undecided.__annotations__["found"]
    'Situation'
    """
    known = found.deeds.priorities
    without = [
        str(name) for name in known.loc[known[["n_open", "n_done"]].sum(axis=1) == 0, "name"]
    ]
    text = f"{listed(without)}." if without else "Varje prioritering har minst ett beslut."
    heading = "Prioriteringar utan beslut"
    return Section("undecided", heading, texts=(text,), level=2, on_wall=True)


def _sorted(made: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return decisions, open and late first, then by due date (without any last), then by text."""
    is_past = decisions.timeliness(made, as_of) == decisions.LATE
    is_open = made["status"].isin(decisions.OPEN)
    told = made.assign(is_past=is_past, is_waiting=~(is_past & is_open))
    return told.sort_values(["is_waiting", "due_date", "decision"], kind="stable")


def _row(row: pd.Series, names: pd.Series) -> tuple[str, ...]:
    late = "" if not row["is_past"] else ", för sent" if row["is_waiting"] else ", försenat"
    return (
        str(row["decision"]),
        str(row["owner"] or NO_OWNER),
        NO_DATE if pd.isna(row["due_date"]) else f"{row['due_date']:%Y-%m-%d}",
        decisions.NAMES[str(row["status"])] + late,
        str(names.get(row["priority_id"], "–")),
    )


def _lacking(made: pd.DataFrame) -> tuple[str, ...]:
    """Say how many decisions have no date, and no owner."""
    lacks = {
        "datum": int(made["due_date"].isna().sum()),
        "ansvarig": int((made["owner"] == "").sum()),
    }
    return tuple(
        f"{counted(n, 'beslut', 'beslut')} saknar {what}." for what, n in lacks.items() if n
    )
