"""Meetings, decisions and development plans as somebody wrote them: checked row by row."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

import pandas as pd

from geo import attendance, decisions, kinds, row_texts
from geo.errors import Issues
from geo.sources import JOINT, layer_of

FAR_MONTHS = 24  # a meeting further ahead is probably a slip of the year
MOST_FOCUS_AREAS = 12
SEEN = ("date", "network_id", "kind", "status", "start_time", "end_time", "place")


def check_meetings(
    raw: pd.DataFrame,
    issues: Issues,
    *,
    networks: pd.DataFrame | None = None,
    guidelines: pd.DataFrame | None = None,
    today: pd.Timestamp | None = None,
    there: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Check meetings: the rows that hold, typed, and everything told of the others.

    raw: text cells under the names of kinds.MEETINGS, index = line. networks: index network_id;
    layer, status, status_from. guidelines: layer, valid_from, valid_to. there: meetings that stand
    already, index meeting_id; date, network_id. What is not given is not checked. Returns the
    columns of kinds.MEETINGS, index = line.

    Errors (the row stays out): the schema's (two meetings with one id, a day that is not in the
    calendar); personal data; an unknown network; an end before the start; an end without a start;
    attendance that is no function and count. Warnings (the row is kept): a resting network; a day
    outside every guideline of its layer; a day more than two years after today; another meeting of
    the same network that day, when the row has no note on it. A network that rests since an unknown
    day rests from today.

    >>> raw = pd.DataFrame({"meeting_id": ["m1"], "date": ["2017-11-31"], "network_id": ["bu-boda"],
    ...     "kind": ["ordinarie"], "starred": ["nej"], "counts_for_cadence": ["ja"]}, index=[2])
    >>> issues = Issues("meetings")
    >>> len(check_meetings(raw, issues)), issues.rows[0]["message"][:38]
    (0, 'date: den dagen finns inte i kalendern')
    """
    frame = row_texts.typed(row_texts.kept(raw, kinds.MEETINGS, issues), kinds.MEETINGS, issues)
    if frame.empty:
        return frame
    row_texts.tell_early_ends(frame, issues)
    start, end = frame["start_time"], frame["end_time"]
    lone = "Sluttid utan starttid. Fyll i när mötet börjar."
    row_texts.tell(issues.error, end[(start == "") & (end != "")], lone, "time")
    faults = frame["present"].map(
        lambda items: next(filter(None, map(attendance.fault, items)), "")
    )
    row_texts.tell(issues.error, frame.loc[faults != "", "present"], faults, "attendance", "")
    if networks is not None:
        _tell_networks(frame, networks, today, issues)
    if guidelines is not None:
        _tell_guidelines(frame, guidelines, issues)
    if today is not None:
        far = frame["date"] > today + pd.DateOffset(months=FAR_MONTHS)
        text = "Mer än två år fram: kontrollera årtalet. Riktlinjen kan ha ändrats till dess."
        row_texts.tell(issues.warning, frame.loc[far, "date"], text, "far")
    frame = row_texts.without_errors(frame, issues)
    _tell_same_day(frame, there, issues)
    return frame


def filled(raw: pd.DataFrame) -> pd.DataFrame:
    """Fill in what a schedule of meetings need not say: the id, the kind, whether it counts.

    raw: text cells, index = line. A meeting without an id gets its day and network, with a number
    when a row before has them too. Rows without anything but a network are left out: of a template
    that is filled in partly. Without the columns date and network_id it is returned as it is.

    >>> raw = pd.DataFrame({"date": ["2027-02-01"] * 2, "network_id": "bu-a"})
    >>> filled(raw)["meeting_id"].tolist()
    ['2027-02-01-bu-a', '2027-02-01-bu-a-2']
    """
    if not {"date", "network_id"} <= set(raw):
        return raw
    said = raw.drop(columns=[name for name in ("network_id", "kind") if name in raw])
    rows = raw[(said.apply(lambda cells: cells.str.strip()) != "").any(axis=1)]
    own = rows["date"].str.strip() + "-" + rows["network_id"].str.strip()
    same = own.groupby(own).cumcount()
    defaults: dict[str, Any] = {"kind": "ordinarie", "starred": "nej", "counts_for_cadence": "ja"}
    defaults["meeting_id"] = own + same.map(lambda n: f"-{n + 1}" if n else "")
    lacking = {name: cells for name, cells in defaults.items() if name not in raw}
    return pd.DataFrame(rows).assign(**lacking)


def differing(there: pd.DataFrame, again: pd.DataFrame) -> list[str]:
    """Return the ids of meetings that stand already and are told otherwise in a file.

    there: index meeting_id; again: the file's rows of the same meetings, meeting_id a column; both
    with the columns of kinds.MEETINGS. What is compared is what one sees: day, network, kind, …

    >>> one = pd.DataFrame({name: ["x"] for name in SEEN}, index=["m1"])
    >>> differing(one, one.assign(meeting_id="m1", place="y"))
    ['m1']
    """
    same = there.loc[again["meeting_id"], list(SEEN)].to_numpy() == again[list(SEEN)].to_numpy()
    return [str(i) for i in again.loc[~same.all(axis=1), "meeting_id"]]


def _tell_same_day(frame: pd.DataFrame, there: pd.DataFrame | None, issues: Issues) -> None:
    """Tell of each meeting whose network meets that day already, in the file or in what stands."""
    keys = frame[["network_id", "date"]]
    again = keys.duplicated(keep="first")
    if there is not None:
        other = there[~there.index.isin(frame["meeting_id"])]
        known = set(zip(other["network_id"], other["date"], strict=True))
        pairs = zip(keys["network_id"], keys["date"], strict=True)
        again |= pd.Series([pair in known for pair in pairs], keys.index, dtype=bool)
    text = "Nätverket har redan ett möte den dagen. Är det samma möte, ta bort det ena."
    is_said = frame["note"] != ""  # somebody has looked at it, and says what it is
    row_texts.tell(issues.warning, frame.loc[again & ~is_said, "date"], text, "same_day")


def _tell_unknown(ids: pd.Series, known: list[str], issues: Issues) -> None:
    """Tell of each network that is not in the register, with the one whose id is nearest."""
    strange = ids[~ids.isin(known)]
    near = {i: get_close_matches(str(i), known, 1, 0.6) for i in strange.unique()}
    said = {
        i: f"Nätverket finns inte i registret. Menades {found[0]}?"
        if found
        else "Nätverket finns inte i registret. Id:n är som bu-boda, on-norrby och or-fristad."
        for i, found in near.items()
    }
    row_texts.tell(issues.error, strange, strange.map(said), "unknown")


def _tell_networks(
    frame: pd.DataFrame, networks: pd.DataFrame, today: pd.Timestamp | None, issues: Issues
) -> None:
    ids = frame["network_id"]
    _tell_unknown(ids, [*networks.index, *JOINT], issues)
    rests = networks[networks["status"] == "resting"]
    since = ids.map(rests["status_from"])
    if today is not None:
        since = since.fillna(today)
    is_resting = ids.isin(rests.index) & ~(frame["date"] < since)
    text = "Nätverket är vilande. Mötet är med; ändra nätverkets status om det har vaknat."
    row_texts.tell(issues.warning, ids[is_resting], text, "resting")


def _tell_guidelines(frame: pd.DataFrame, guidelines: pd.DataFrame, issues: Issues) -> None:
    layers = frame["network_id"].map(layer_of)
    outside = pd.Series(False, index=frame.index)
    for layer, valid in guidelines.groupby("layer"):
        days = frame.loc[(layers == layer) & ~frame["network_id"].isin(JOINT), "date"]
        held = pd.Series(False, index=days.index)
        ends = valid["valid_to"].fillna(pd.Timestamp("2200-01-01"))
        for first, last in zip(valid["valid_from"], ends, strict=True):
            held |= days.between(first, last)
        outside[days.index] = ~held
    text = "Ingen riktlinje gällde den dagen: mötet räknas inte mot någon takt. Kontrollera året."
    row_texts.tell(issues.warning, frame.loc[outside, "date"], text, "guideline")


def check_decisions(
    raw: pd.DataFrame,
    issues: Issues,
    *,
    today: pd.Timestamp,
    networks: pd.DataFrame | None = None,
    priorities: tuple[str, ...] = (),
) -> pd.DataFrame:
    """Check decisions: the rows that hold, typed, and everything told of the others.

    raw: text cells under the names of kinds.DECISIONS, index = line; status empty is decided.
    priorities: the known ids of Brå's priorities. Errors: the schema's, personal data, an unknown
    network or priority, and those of geo.decisions.faults (no owner, a date in the future, …).

    >>> raw = pd.DataFrame({"decision_id": ["b1"], "meeting_id": [""], "network_id": ["bu-boda"],
    ...     "decided_date": ["2026-02-03"], "decision": ["Fler lampor"], "owner": [""]}, index=[2])
    >>> issues = Issues("decisions")
    >>> len(check_decisions(raw, issues, today=pd.Timestamp("2026-03-01")))
    0
    >>> issues.rows[0]["message"][:26]
    'Beslutet saknar ansvarig. '
    """
    table = row_texts.kept(raw, kinds.DECISIONS, issues)
    missing = table["owner"].str.strip() == "" if "owner" in table else pd.Series(dtype=bool)
    text = "Beslutet saknar ansvarig. Ange en funktion eller organisation, aldrig en person."
    row_texts.tell(issues.error, table.loc[missing[missing].index, "owner"], text, "owner")
    frame = row_texts.typed(table.drop(index=missing[missing].index), kinds.DECISIONS, issues)
    if frame.empty:
        return frame
    frame["status"] = frame["status"].replace("", decisions.DECIDED)
    for line, row in zip(frame.index, frame.to_dict(orient="records"), strict=True):
        for column, sentence in decisions.faults({str(k): v for k, v in row.items()}, today):
            issues.error(sentence, row=int(line), column=column, kind="decision")
    if networks is not None:
        _tell_unknown(frame["network_id"], list(networks.index), issues)
    if priorities:
        strange = ~frame["priority_id"].isin([*priorities, ""])
        text = f"Okänd prioritering. Skriv något av: {', '.join(priorities)}."
        row_texts.tell(issues.error, frame.loc[strange, "priority_id"], text, "unknown")
    return row_texts.without_errors(frame, issues)


def check_plans(
    raw: pd.DataFrame, issues: Issues, *, networks: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Check lokala utvecklingsplaner: the rows that hold, typed, and all told of the others.

    raw: text cells under the names of kinds.PLANS, index = line. Errors: the schema's, personal
    data, an unknown network, an end before the start, more than MOST_FOCUS_AREAS focus areas.

    >>> raw = pd.DataFrame({"plan_id": ["p1"], "network_id": ["on-norrby"], "title": ["Plan"],
    ...     "valid_from": ["2026-01-01"], "valid_to": ["2025-01-01"]}, index=[2])
    >>> issues = Issues("plans")
    >>> len(check_plans(raw, issues)), issues.rows[0]["column"]
    (0, 'valid_to')
    """
    frame = row_texts.typed(row_texts.kept(raw, kinds.PLANS, issues), kinds.PLANS, issues)
    if frame.empty:
        return frame
    ends = frame["valid_to"]
    text = "Planen slutar innan den börjar. Rätta datumen."
    row_texts.tell(issues.error, ends[ends < frame["valid_from"]], text, "time")
    many = frame.loc[frame["focus_areas"].map(len) > MOST_FOCUS_AREAS, "focus_areas"]
    text = f"Fler än {MOST_FOCUS_AREAS} fokusområden är inget fokus. Välj de viktigaste."
    row_texts.tell(issues.error, many, text, "focus", "")
    if networks is not None:
        _tell_unknown(frame["network_id"], list(networks.index), issues)
    return row_texts.without_errors(frame, issues)
