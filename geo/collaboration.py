"""The networks' own work as it now stands: meetings, plans, and whether its goals are reached."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo import attendance, chain, decisions
from geo.errors import GeoError, require_columns
from geo.meetings import BEHIND, MET, OVER, happened, term_states

NO_PLAN, ENDED, NO_FOCUS, WITH_FOCUS = "no_plan", "ended", "no_focus", "with_focus"
CADENCE, PRESENT, PLANNED, ON_TIME, CLOSED = GOALS = (
    "cadence_met",
    "functions_present",
    "plan_with_focus",
    "decisions_on_time",
    "findings_closed",
)
OK, NOTHING, NOT_APPLICABLE, UNSURE = "ok", "nothing", "not_applicable", "unsure"
COLUMNS = ("n_met", "n_of", "share", "status")


@dataclass(frozen=True)
class Work:
    """What the networks did, as frames: what the goals of the collaboration are measured on.

    networks: index network_id; layer, status, status_from. meetings: as current gives them.
    cadence: geo.meetings.cadence of the year. plans, decisions: as the store gives them. findings:
    index finding_id; kind, status, observed_date; pairs: finding_id, area_id (geo.findings.pairs).
    functions: function, layer.
    """

    networks: pd.DataFrame
    meetings: pd.DataFrame
    cadence: pd.DataFrame
    plans: pd.DataFrame
    decisions: pd.DataFrame
    findings: pd.DataFrame
    pairs: pd.DataFrame
    functions: pd.DataFrame


def current(kept: pd.DataFrame, removed: pd.DataFrame, shipped: pd.DataFrame) -> pd.DataFrame:
    """Put meetings together: what people keep goes before what ships, what is removed is gone.

    All: index meeting_id, columns of kinds.MEETINGS; kept and removed also version. Returns them
    by date; version is missing for a meeting that only ships.

    >>> shipped = pd.DataFrame({"date": pd.to_datetime(["2017-01-02", "2017-01-03"])},
    ...     index=pd.Index(["a", "b"], name="meeting_id"))
    >>> kept = shipped.iloc[:1].assign(version=2)
    >>> current(kept, kept.iloc[:0], shipped)["version"].isna().tolist()
    [False, True]
    """
    names = [*shipped.columns, "version"]
    own = shipped[~shipped.index.isin([*kept.index, *removed.index])]
    parts = [part for part in (kept, own) if len(part)] or [own]
    together = (
        pd.concat(parts)
        .reindex(columns=names)
        .rename_axis("meeting_id")
        .astype({"version": "Int64"})
    )
    return together.sort_values("date", kind="stable")


def with_removed(meetings: pd.DataFrame, removed: pd.DataFrame) -> pd.DataFrame:
    """Put meetings and those that are marked as removed together, with a column removed.

    For a calendar file, which must say that a meeting is gone.

    >>> one = pd.DataFrame({"kind": ["tema"]}, index=["a"])
    >>> with_removed(one, one.rename({"a": "b"}))["removed"].tolist()
    [False, True]
    """
    parts = [meetings.assign(removed=False), removed.assign(removed=True)]
    return pd.concat([part for part in parts if len(part)] or parts[:1])


def plan_states(plans: pd.DataFrame, networks: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Tell of each network whether it has a lokal utvecklingsplan on a day, and its focus areas.

    plans: index plan_id; network_id, valid_from, valid_to (missing: still valid), focus_areas
    (tuple). Returns, index network_id: state (no_plan: none has begun; ended: none is valid on
    the day; no_focus; with_focus), plan_id ("" for none), n_focus. Of several valid plans the one
    that began last counts. No plan registered is not the same as no plan made.

    >>> networks = pd.DataFrame(index=pd.Index(["on-norrby"], name="network_id"))
    >>> plans = pd.DataFrame({"network_id": "on-norrby", "valid_to": pd.NaT, "focus_areas":
    ...     [("Skolvägen",)], "valid_from": pd.Timestamp("2026-01-01")}, index=["p1"])
    >>> plan_states(plans, networks, pd.Timestamp("2026-05-01"))["state"].tolist()
    ['with_focus']
    """
    require_columns(plans, ("network_id", "valid_from", "valid_to", "focus_areas"), "plans")
    is_valid = (plans["valid_from"] <= day) & ~(plans["valid_to"] < day)
    chosen = plans[is_valid].sort_values("valid_from", kind="stable")
    chosen = chosen.drop_duplicates("network_id", keep="last")
    by_network = pd.Series(chosen.index, index=chosen["network_id"]).reindex(networks.index)
    n_focus = by_network.map(plans["focus_areas"].map(len)).fillna(0).astype(int)
    state = pd.Series(NO_PLAN, index=networks.index, dtype=object)
    begun = plans.loc[plans["valid_from"] <= day, "network_id"]
    state[networks.index.isin(begun)] = ENDED
    state[by_network.notna()] = NO_FOCUS
    state[n_focus > 0] = WITH_FOCUS
    return pd.DataFrame({"state": state, "plan_id": by_network.fillna(""), "n_focus": n_focus})


def goals(work: Work, year: int, today: pd.Timestamp) -> pd.DataFrame:
    """Measure the goals of the collaboration in a year: a row per goal and network.

    Index goal_id (GOALS), network_id; n_met, n_of, share (0–1, NaN when there is nothing to
    count), status (ok; nothing: nothing is registered to count; not_applicable: no guideline, or
    resting; unsure: what is registered may be another's, see geo.meetings.cadence, and is not
    scored). Definitions: cadence_met, terms that met their guideline of those that have one (a
    term that is not over counts once it is met, and one in which no network has a meeting does not
    count); functions_present, expected functions that were there, of those that were noted, at
    meetings that have been; plan_with_focus, a plan valid on the year's last day, or today, with a
    focus area (nothing for all while no plan has begun); decisions_on_time, of decisions to be done
    in the year and by today; findings_closed, of what was found lacking in the year. A finding
    in two networks counts for both. Give the cadence of meetings that have been: what is planned is
    not reached. Raises GeoError for a year that is no year of work (1990–2100).

    >>> goals.__annotations__["year"]
    'int'
    """
    if not 1990 <= year <= 2100:
        raise GeoError(f"year: ett år från 1990 till 2100 väntades, fick {year!r}.")
    counted = {
        CADENCE: _cadence(work, year, today),
        PRESENT: _present(work, year, today),
        PLANNED: _planned(work, year, today),
        ON_TIME: _on_time(work, year, today),
        CLOSED: _closed(work, year),
    }
    table = pd.concat(counted, names=["goal_id", "network_id"])
    table["share"] = (table["n_met"] / table["n_of"]).where(table["n_of"] > 0)
    table["status"] = table["status"].where(table["status"] != "", OK)
    empty = (table["n_of"] == 0) & (table["status"] == OK)
    table.loc[empty, "status"] = NOTHING
    return table[list(COLUMNS)]


def total(table: pd.DataFrame) -> pd.DataFrame:
    """Return the goals of all networks together: index goal_id; n_met, n_of, share, n_networks.

    Sums over the networks, so a finding in two of them counts twice: it is the networks' work that
    is measured, not the city's findings. n_networks: those with something to count.

    >>> index = pd.MultiIndex.from_tuples([("a", "x"), ("a", "y")], names=["goal_id", "network_id"])
    >>> total(pd.DataFrame({"n_met": [1, 0], "n_of": [2, 0]}, index=index)).loc["a"].tolist()
    [1.0, 2.0, 1.0, 0.5]
    """
    sums = table.assign(n_networks=(table["n_of"] > 0).astype(int))
    found = sums.groupby(level="goal_id", sort=False)[["n_met", "n_of", "n_networks"]].sum()
    return found.assign(share=(found["n_met"] / found["n_of"]).where(found["n_of"] > 0))


def activity(work: Work, year: int, today: pd.Timestamp) -> pd.DataFrame:
    """Count what each network does: index network_id; n_held, n_open_findings, n_open_decisions.

    n_held: its meetings of the year that have been. The others: open on the day. plan: see
    plan_states. A column in which nothing is registered for any network is NaN: a 0 there would
    say more than is known.

    >>> activity.__annotations__["year"]
    'int'
    """
    held = happened(work.meetings)
    held = held[(held["date"].dt.year == year) & (held["date"] <= today)]
    waiting = work.findings.index[chain.is_open(work.findings)]
    open_pairs = work.pairs[work.pairs["finding_id"].isin(waiting)]
    open_decisions = work.decisions[work.decisions["status"].isin(decisions.OPEN)]
    found = {
        "n_held": (held["network_id"], held),
        "n_open_findings": (open_pairs["area_id"], work.findings),
        "n_open_decisions": (open_decisions["network_id"], work.decisions),
    }
    counts = {
        name: ids.value_counts().reindex(work.networks.index).fillna(0) if len(rows) else np.nan
        for name, (ids, rows) in found.items()
    }
    plan = plan_states(work.plans, work.networks, today)["state"]
    return pd.DataFrame(counts, index=work.networks.index).assign(plan=plan)


def is_acted(activity: pd.DataFrame) -> pd.Series:
    """Tell of each network whether anything is done: an effort, a meeting, a decision, a plan.

    activity: as activity gives it, with n_efforts; what is registered for nobody (NaN) is nothing.
    A plan counts when it has focus areas. Findings do not: they are needs.

    >>> rows = pd.DataFrame({"n_efforts": [0, 1], "n_held": 0.0, "n_open_decisions": np.nan,
    ...     "plan": NO_PLAN})
    >>> is_acted(rows).tolist()
    [False, True]
    """
    require_columns(activity, ("n_efforts", "n_held", "n_open_decisions", "plan"), "activity")
    counted = activity[["n_efforts", "n_held", "n_open_decisions"]] > 0
    return counted.any(axis=1) | (activity["plan"] == WITH_FOCUS)


def _empty(work: Work) -> pd.DataFrame:
    about = {"n_met": 0, "n_of": 0, "status": ""}
    return pd.DataFrame(about, index=work.networks.index)


def _filled(work: Work, ids: pd.Series, is_met: pd.Series) -> pd.DataFrame:
    """Count what belongs to each network, and what of it is met."""
    table = _empty(work)
    table["n_of"] = ids.value_counts().reindex(table.index).fillna(0).astype(int)
    table["n_met"] = ids[is_met].value_counts().reindex(table.index).fillna(0).astype(int)
    return table


def _cadence(work: Work, year: int, today: pd.Timestamp) -> pd.DataFrame:
    terms = work.cadence.reset_index()
    state = terms["term"].map(term_states(work.cadence, year, today))
    is_met = terms["outcome"] == MET
    is_judged = is_met | ((terms["outcome"] == BEHIND) & (state == OVER))
    judged = terms[is_judged & ~terms["is_unsure"]]
    table = _filled(work, judged["network_id"], is_met)
    waits = terms.loc[terms["outcome"].isin([MET, BEHIND]), "network_id"]
    table.loc[~table.index.isin(waits), "status"] = NOT_APPLICABLE
    is_unsure = table.index.isin(terms.loc[terms["is_unsure"], "network_id"])
    table.loc[is_unsure & (table["n_of"] == 0) & (table["status"] == ""), "status"] = UNSURE
    return table


def _present(work: Work, year: int, today: pd.Timestamp) -> pd.DataFrame:
    held = happened(work.meetings)
    held = held[(held["date"].dt.year == year) & (held["date"] <= today)]
    asked = {
        network_id: attendance.expected(work.functions, str(layer))
        for network_id, layer in work.networks["layer"].items()
    }
    rows = [
        (network_id, is_there)
        for network_id, items in zip(held["network_id"], held["present"], strict=True)
        for is_there in attendance.noted(items, asked.get(network_id, ())).values()
    ]
    found = pd.DataFrame(rows, columns=["network_id", "is_met"]).astype({"is_met": bool})
    return _filled(work, found["network_id"], found["is_met"])


def _planned(work: Work, year: int, today: pd.Timestamp) -> pd.DataFrame:
    table, first = _empty(work), pd.Timestamp(year, 1, 1)
    day = min(today, pd.Timestamp(year, 12, 31))
    if first > today or not (work.plans["valid_from"] <= day).any():
        return table
    states = plan_states(work.plans, work.networks, day)["state"]
    return table.assign(n_of=1, n_met=(states == WITH_FOCUS).astype(int))


def _on_time(work: Work, year: int, today: pd.Timestamp) -> pd.DataFrame:
    told = decisions.timeliness(work.decisions, today)
    is_judged = told.isin([decisions.ON_TIME, decisions.LATE])
    due = work.decisions[is_judged & (work.decisions["due_date"].dt.year == year)]
    return _filled(work, due["network_id"], told[due.index] == decisions.ON_TIME)


def _closed(work: Work, year: int) -> pd.DataFrame:
    found = work.findings[work.findings["kind"] == chain.BRIST]
    found = found[found["observed_date"].dt.year == year]
    pairs = work.pairs[work.pairs["finding_id"].isin(found.index)].reset_index(drop=True)
    is_closed = pairs["finding_id"].map(chain.is_closed(found)).astype(bool)
    return _filled(work, pairs["area_id"], is_closed)
