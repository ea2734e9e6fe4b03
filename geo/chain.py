"""The way of a finding: noted, owner named, answered, done, verified; or answered no, because."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pandas as pd

NOTED, OWNED, ANSWERED, DONE, VERIFIED, DECLINED = STATUSES = (
    "noted",
    "owned",
    "answered",
    "done",
    "verified",
    "declined",
)
# What may come next. Going back to the owner is how a re-walk says that it was not mended.
NEXT = {
    NOTED: (OWNED,),
    OWNED: (ANSWERED, DONE, DECLINED),
    ANSWERED: (DONE, DECLINED, OWNED),
    DONE: (VERIFIED, OWNED),
    VERIFIED: (OWNED,),
    DECLINED: (OWNED,),
}
OPEN = (NOTED, OWNED, ANSWERED)
CLOSED = (DONE, VERIFIED, DECLINED)
BRIST, BRA = "brist", "bra"
NAMES = {
    NOTED: "noterad",
    OWNED: "ansvarig utsedd",
    ANSWERED: "besvarad",
    DONE: "åtgärdad",
    VERIFIED: "verifierad",
    DECLINED: "avslagen",
}
# How others write it: protocols, other cities, the form of the field.
MEANS = {
    "": NOTED,
    "ny": NOTED,
    "noterad": NOTED,
    "ansvarig utsedd": OWNED,
    "bedömd": OWNED,
    "besvarad": ANSWERED,
    "planerad": ANSWERED,
    "åtgärdad": DONE,
    "utförd": DONE,
    "klar": DONE,
    "verifierad": VERIFIED,
    "avslagen": DECLINED,
    "avslås": DECLINED,
    "nej": DECLINED,
} | {status: status for status in STATUSES}
DATES = ("observed_date", "answered_date", "done_date", "verified_date")
DATE_NAMES = {
    "observed_date": "noterat",
    "answered_date": "besvarat",
    "done_date": "åtgärdat",
    "verified_date": "verifierat",
}


def allowed(status: str) -> tuple[str, ...]:
    """Return the statuses that may come after one.

    >>> allowed("done")
    ('verified', 'owned')
    """
    return NEXT[status]


def is_open(findings: pd.DataFrame) -> pd.Series:
    """Tell which findings wait for somebody: a brist that is not done, verified or declined.

    findings: kind (brist, bra) and status. What is good (bra) is recorded and never open.

    >>> is_open(pd.DataFrame({"kind": ["brist", "brist", "bra"],
    ...                       "status": ["noted", "done", "noted"]})).tolist()
    [True, False, False]
    """
    return (findings["kind"] == BRIST) & findings["status"].isin(OPEN)


def is_closed(findings: pd.DataFrame) -> pd.Series:
    """Tell which findings have come to an end: a brist that is done, verified or declined.

    >>> is_closed(pd.DataFrame({"kind": ["brist", "bra"], "status": ["done", "done"]})).tolist()
    [True, False]
    """
    return (findings["kind"] == BRIST) & findings["status"].isin(CLOSED)


def faults(finding: Mapping[str, Any], today: pd.Timestamp) -> list[tuple[str, str]]:
    """Return what is wrong with one finding's status and dates: (column, Swedish sentence).

    finding: status, owner, answer, kind, and the dates of DATES (NaT when not there). today: no
    date but due_date may lie after it. A status needs what came before it: an owner from owned
    on, an answer in words when declined, a date when done and verified.

    >>> day = pd.Timestamp("2026-03-01")
    >>> row = dict.fromkeys(DATES, pd.NaT) | {"status": "done", "owner": "", "kind": "brist"}
    >>> faults(row | {"observed_date": day, "done_date": day, "answer": ""}, day)[0][0]
    'owner'
    """
    return [*_status_faults(finding), *_date_faults(finding, today)]


def _status_faults(finding: Mapping[str, Any]) -> list[tuple[str, str]]:
    status, found = finding["status"], []
    if finding["kind"] == BRA and status != NOTED:
        found.append(("status", "Det som är bra följs inte upp. Lämna status tom, eller byt slag."))
        return found
    if status != NOTED and not finding["owner"]:
        found.append(("owner", "Status hoppar över ansvarig. Ange vem som äger frågan först."))
    if status == DECLINED and not finding["answer"]:
        found.append(("answer", "Ett nej ska ha ett skäl. Skriv varför i svaret."))
    for name, needed in (("done_date", (DONE, VERIFIED)), ("verified_date", (VERIFIED,))):
        if status in needed and pd.isna(finding[name]):
            found.append((name, f"Datum då det blev {DATE_NAMES[name]} saknas. Fyll i det."))
        if status not in needed and not pd.isna(finding[name]):
            word = DATE_NAMES[name]
            found.append((name, f"Datum för {word} finns men status är en annan. Ändra status."))
    return found


def _date_faults(finding: Mapping[str, Any], today: pd.Timestamp) -> list[tuple[str, str]]:
    found = []
    known = [(name, finding[name]) for name in DATES if not pd.isna(finding[name])]
    for name, day in known:
        if day > today:
            text = f"{DATE_NAMES[name]}: datumet {day:%Y-%m-%d} ligger i framtiden. Rätta det."
            found.append((name, text[0].upper() + text[1:]))
    for (before, first), (after, second) in pairwise(known):
        if second < first:
            text = f"{DATE_NAMES[after]} ({second:%Y-%m-%d}) före {DATE_NAMES[before]}"
            found.append((after, f"{text[0].upper()}{text[1:]} ({first:%Y-%m-%d}). Rätta datumen."))
    return found
