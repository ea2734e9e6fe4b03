"""The way of a decision: decided, started, done; or dropped, because. Owner and date always."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from geo.errors import require_columns

DECIDED, STARTED, DONE, DROPPED = STATUSES = ("decided", "started", "done", "dropped")
NEXT = {
    DECIDED: (STARTED, DONE, DROPPED),
    STARTED: (DONE, DROPPED, DECIDED),
    DONE: (STARTED,),
    DROPPED: (DECIDED,),
}
OPEN = (DECIDED, STARTED)
NAMES = {DECIDED: "beslutat", STARTED: "påbörjat", DONE: "klart", DROPPED: "avskrivet"}
ON_TIME, LATE, WAITING, NO_DATE = "on_time", "late", "waiting", "no_date"


def allowed(status: str) -> tuple[str, ...]:
    """Return the statuses that may come after one.

    >>> allowed("decided")
    ('started', 'done', 'dropped')
    """
    return NEXT[status]


def faults(decision: Mapping[str, Any], today: pd.Timestamp) -> list[tuple[str, str]]:
    """Return what is wrong with one decision: (column, Swedish sentence).

    decision: decision, owner, status, outcome, decided_date, due_date, done_date (NaT when not
    there), link_kind, link_id. today: nothing was decided or done later.

    >>> day = pd.Timestamp("2026-03-01")
    >>> row = {"decision": "Fler lampor", "owner": "", "status": "decided", "decided_date": day}
    >>> faults(row, day)[0][0]
    'owner'
    """
    found = []
    if not decision["decision"]:
        found.append(("decision", "Beslutet saknar text. Skriv vad som ska göras."))
    if not decision["owner"]:
        text = "Beslutet saknar ansvarig. Ange en funktion eller organisation, aldrig en person."
        found.append(("owner", text))
    if bool(decision.get("link_kind")) != bool(decision.get("link_id")):
        found.append(("link_id", "Kopplingen är halv. Välj vad beslutet gäller, eller ingenting."))
    return [*found, *_status_faults(decision), *_date_faults(decision, today)]


def _status_faults(decision: Mapping[str, Any]) -> list[tuple[str, str]]:
    status, done = decision["status"], decision.get("done_date")
    if status not in STATUSES:
        return [("status", f"Okänd status. Skriv något av: {', '.join(NAMES.values())}.")]
    if status == DONE and pd.isna(done):
        return [("done_date", "Datum då det blev klart saknas. Fyll i det.")]
    if status != DONE and not pd.isna(done):
        return [("done_date", "Datum för klart finns men status är en annan. Ändra status.")]
    if status == DROPPED and not decision.get("outcome"):
        return [("outcome", "Ett avskrivet beslut ska ha ett skäl. Skriv varför.")]
    return []


def _date_faults(decision: Mapping[str, Any], today: pd.Timestamp) -> list[tuple[str, str]]:
    decided, found = decision["decided_date"], []
    for name, word in (("decided_date", "Beslutat"), ("done_date", "Klart")):
        day = decision.get(name)
        if not pd.isna(day) and day > today:
            found.append((name, f"{word}: {day:%Y-%m-%d} ligger i framtiden. Rätta datumet."))
    for name, word in (("due_date", "Klart senast"), ("done_date", "Klart")):
        day = decision.get(name)
        if not pd.isna(day) and not pd.isna(decided) and day < decided:
            text = f"{word} ({day:%Y-%m-%d}) ligger före beslutet ({decided:%Y-%m-%d}). Rätta det."
            found.append((name, text))
    return found


def timeliness(decisions: pd.DataFrame, today: pd.Timestamp) -> pd.Series:
    """Tell of each decision: on_time, late, waiting (not due yet) or no_date; index as given.

    decisions: status, due_date, done_date. On the last day is on time. Late: done after due_date,
    or still open past it on today's date. A dropped decision is waiting for nothing: no_date.

    >>> frame = pd.DataFrame({"status": ["done", "decided"], "due_date": pd.to_datetime(
    ...     ["2026-02-01"] * 2), "done_date": pd.to_datetime(["2026-02-01", None])})
    >>> timeliness(frame, pd.Timestamp("2026-02-02")).tolist()
    ['on_time', 'late']
    """
    require_columns(decisions, ("status", "due_date", "done_date"), "decisions")
    due, done = decisions["due_date"], decisions["done_date"]
    is_done = decisions["status"] == DONE
    told = pd.Series(WAITING, index=decisions.index, dtype=object)
    told[is_done & (done <= due)] = ON_TIME
    told[is_done & (done > due)] = LATE
    told[decisions["status"].isin(OPEN) & (due < today)] = LATE
    told[due.isna() | (decisions["status"] == DROPPED)] = NO_DATE
    return told


def by_priority(
    decisions: pd.DataFrame, priority_ids: Sequence[str], today: pd.Timestamp
) -> pd.DataFrame:
    """Count the decisions of each priority: n_open, n_done, n_late; index priority_id, all of them.

    decisions: priority_id, status, due_date, done_date. A priority without any has a row of 0: that
    is known, for the decisions are ours. n_late: as timeliness tells it, open or done too late.

    >>> empty = pd.DataFrame(columns=["priority_id", "status", "due_date", "done_date"])
    >>> by_priority(empty, ["1"], pd.Timestamp("2026-03-01")).loc["1"].tolist()
    [0, 0, 0]
    """
    require_columns(decisions, ("priority_id",), "decisions")
    told = timeliness(decisions, today)
    masks = {
        "n_open": decisions["status"].isin(OPEN),
        "n_done": decisions["status"] == DONE,
        "n_late": told == LATE,
    }
    counts = {
        name: decisions.loc[mask, "priority_id"].value_counts() for name, mask in masks.items()
    }
    table = pd.DataFrame(counts, index=pd.Index(list(priority_ids), name="priority_id"))
    return table.fillna(0).astype(int)
