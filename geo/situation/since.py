"""Since last time: what was decided, done and not, findings closed, figures that changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from geo import chain, decisions, judgement, meetings
from geo.facts import Facts
from geo.layout import OK
from geo.situation.who import NETWORK, Who

SIGNED, MEETING, NEVER = "signed", "meeting", "never"
FIGURES = ("indicator_id", "name", "measure", "then_period", "then", "now_period", "now")


@dataclass(frozen=True)
class Since:
    """What happened since a day. how: signed (the last closed lägesbild), meeting, or never.

    day: NaT when never; then nothing is counted. decided, done: decisions made and done since;
    late: open past their day, whenever they were made. found, closed: findings noted and closed
    since. figures: FIGURES, those that differ from the closed lägesbild. rank_then: its verdict, ""
    without. part: what the meeting wrote in it, empty without.
    """

    how: str
    day: pd.Timestamp
    decided: pd.DataFrame
    done: pd.DataFrame
    late: pd.DataFrame
    found: pd.DataFrame
    closed: pd.DataFrame
    figures: pd.DataFrame
    rank_then: str
    part: judgement.Judgement = field(default_factory=judgement.Judgement)


def last_signed(place: Who, facts: Facts, as_of: pd.Timestamp, but: str = "") -> pd.Series | None:
    """Return the last lägesbild of a network that was closed by a day; None without.

    but: the picture_id of one that is passed over.

    >>> last_signed.__annotations__["as_of"]
    'pd.Timestamp'
    """
    signed = facts.work.signed
    own = signed[(signed["network_id"] == place.area_id) & (signed["signed_date"] <= as_of)]
    own = own[own["picture_id"] != but]
    return None if own.empty or place.kind != NETWORK else own.iloc[-1]


def closed_between(
    facts: Facts, network_id: str, first: pd.Timestamp, last: pd.Timestamp
) -> tuple[pd.Timestamp, judgement.Judgement] | None:
    """Return the day and the meeting's part of the newest lägesbild closed from first to last.

    >>> closed_between.__annotations__["network_id"]
    'str'
    """
    signed = facts.work.signed
    own = signed[signed["network_id"] == network_id]
    own = own[own["signed_date"].between(first, last)].sort_values("signed_date", kind="stable")
    if own.empty:
        return None
    return pd.Timestamp(own["signed_date"].iloc[-1]), judgement.of_row(dict(own.iloc[-1]))


def since(
    place: Who,
    facts: Facts,
    as_of: pd.Timestamp,
    figures: pd.DataFrame,
    findings: pd.DataFrame,
    closed_today: str = "",
) -> Since:
    """Return what happened since the last closed lägesbild, else since the meeting before.

    figures: of geo.situation.figures; findings: those in the place. closed_today: the picture_id of
    the lägesbild that is shown, when it was closed on as_of: it is not held against itself. A
    decision counts by its decided_date and done_date; a finding is closed on the day it was done,
    or answered no. Border rule: the day of a closed lägesbild is not counted, for it was told
    there, but decisions that it did not have are; the day of a meeting is. What is dated after
    as_of is left out. Missing rule: without a closed lägesbild no figure is compared.

    >>> since.__annotations__["place"]
    'Who'
    """
    signed = last_signed(place, facts, as_of, closed_today)
    how, day = _when(place, facts, as_of, signed)
    own = _own(facts.work.decisions, place.network_ids)
    is_late = (decisions.timeliness(own, as_of) == decisions.LATE) & (how != NEVER)
    shut = findings[chain.is_closed(findings).to_numpy()]
    last = shut[["done_date", "answered_date"]].max(axis=1)
    snapshot = json.loads(signed["snapshot"] or "{}") if signed is not None else {}
    is_new, is_new_done = _not_told(own, snapshot.get("decisions"))
    ends: Literal["right", "both"] = "right" if how == SIGNED else "both"
    return Since(
        how,
        day,
        own[own["decided_date"].between(day, as_of, ends) | (own["decided_date"].eq(day) & is_new)],
        own[own["done_date"].between(day, as_of, ends) | (own["done_date"].eq(day) & is_new_done)],
        own[is_late & own["status"].isin(decisions.OPEN)],
        findings[findings["observed_date"].between(day, as_of, ends)],
        shut[last.between(day, as_of, ends)],
        _changed(snapshot.get("indicators", {}), figures),
        str(snapshot.get("verdict", "")),
        judgement.Judgement() if signed is None else judgement.of_row(dict(signed)),
    )


def _not_told(
    own: pd.DataFrame, told: Mapping[str, str] | None
) -> tuple[pd.Series | bool, pd.Series | bool]:
    """Tell which decisions the closed lägesbild did not have, and which it did not have as done.

    told: their status then, by id; None in one that was closed before this was kept.
    """
    if told is None:
        return False, False
    done = {name for name, status in told.items() if status == decisions.DONE}
    ids = own.index.to_series()
    return ~ids.isin(told), ~ids.isin(done)


def _own(table: pd.DataFrame, ids: Iterable[str]) -> pd.DataFrame:
    return table[table["network_id"].isin(list(ids))]


def _when(
    place: Who, facts: Facts, as_of: pd.Timestamp, signed: pd.Series | None
) -> tuple[str, pd.Timestamp]:
    if signed is not None:
        return SIGNED, pd.Timestamp(signed["signed_date"])
    held = _own(meetings.happened(facts.work.meetings), place.network_ids)
    before = held.loc[held["date"] < as_of, "date"]
    if before.empty:
        return NEVER, pd.Timestamp("NaT")
    return MEETING, pd.Timestamp(before.max())


def _changed(then: dict[str, Any], now: pd.DataFrame) -> pd.DataFrame:
    """Return the figures that were shown then, are shown now, and differ in period or value."""
    rows = []
    for indicator_id, row in now.iterrows():
        held = then.get(str(indicator_id))
        if held is None or row["status"] != OK:
            continue
        is_same = held["period"] == row["period"] and abs(held["value"] - row["value"]) < 1e-9
        if not is_same:
            about = (str(indicator_id), row["name"], row["measure"])
            rows.append((*about, held["period"], held["value"], row["period"], row["value"]))
    return pd.DataFrame(rows, columns=list(FIGURES))
