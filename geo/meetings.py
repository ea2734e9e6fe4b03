"""Do the networks meet as the guideline of that time says, and when do they collide?"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from geo.errors import GeoError, require_columns

TERMS = ("VT", "HT")  # VT January–June, HT July–December
MET, BEHIND, RESTING, NO_GUIDELINE = "met", "behind", "resting", "no_guideline"
UNSURE = "unsure"
OVER, RUNNING, EMPTY = "over", "running", "empty"
CANCELLED = "inställt"
JOINT = "-gemensamt"
YOUTH = "bu-"
MEETING_COLUMNS = ("date", "network_id", "counts_for_cadence")
GUIDELINE_COLUMNS = ("layer", "meetings_per_term_min", "valid_from", "valid_to")
NETWORK_COLUMNS = ("layer", "status", "status_from")
COLUMNS = ("n_meetings", "required_min", "outcome", "guideline_id", "is_unsure", "why")


def cadence(
    meetings: pd.DataFrame,
    guidelines: pd.DataFrame,
    networks: pd.DataFrame,
    year: int,
    *,
    instead: str = "",
) -> pd.DataFrame:
    """Hold each network's meetings in each term against the guideline valid then.

    meetings: date, network_id, counts_for_cadence. guidelines: index guideline_id; layer,
    meetings_per_term_min, valid_from, valid_to (missing: still valid). networks: index
    network_id; layer, status, status_from. instead: a guideline_id to try for its layer, whenever
    it was valid. A cancelled meeting (status inställt) is no meeting.

    Returns a row per network and term (index network_id, term): n_meetings (days with a meeting
    that counts), required_min (missing without a guideline), outcome (met, behind, resting,
    no_guideline), guideline_id ("" for none), is_unsure and why (Swedish, "" when sure).

    A term is judged by the guideline valid on its first day. A network rests in a term that ends
    on or after status_from; when that date is unknown, in terms without a meeting (unsure). A
    network whose every day is also the same other network's, and that has a term without a
    meeting, is unsure in both terms: its dates may be another's, copied. More meetings than asked
    is met. Raises GeoError for a missing column, an unknown guideline in instead, and two
    guidelines valid for a layer on one day.

    >>> meetings = pd.DataFrame({"date": pd.to_datetime(["2017-02-01", "2017-05-03"]),
    ...     "network_id": "bu-a", "counts_for_cadence": True})
    >>> guidelines = pd.DataFrame({"layer": "barn_unga", "meetings_per_term_min": 2,
    ...     "valid_from": pd.Timestamp("2017-01-01"), "valid_to": pd.NaT}, index=["G1"])
    >>> networks = pd.DataFrame({"layer": "barn_unga", "status": "active",
    ...     "status_from": pd.NaT}, index=pd.Index(["bu-a"], name="network_id"))
    >>> cadence(meetings, guidelines, networks, 2017)["outcome"].tolist()
    ['met', 'behind']
    """
    require_columns(meetings, MEETING_COLUMNS, "meetings")
    require_columns(guidelines, GUIDELINE_COLUMNS, "guidelines")
    require_columns(networks, NETWORK_COLUMNS, "networks")
    if instead and instead not in guidelines.index:
        known = ", ".join(map(str, guidelines.index))
        raise GeoError(f"instead: en av {known} väntades, fick {instead!r}.")
    days = counted_days(meetings)
    days = days[days["date"].dt.year == year]
    rows = [
        _judged(str(network_id), network, term, year, days, guidelines, instead)
        for network_id, network in networks.iterrows()
        for term in TERMS
    ]
    index = pd.MultiIndex.from_product([networks.index, TERMS], names=["network_id", "term"])
    table = pd.DataFrame(rows, index=index, columns=list(COLUMNS))
    return table.astype({"n_meetings": int, "required_min": "Int64", "is_unsure": bool})


def term_states(table: pd.DataFrame, year: int, today: pd.Timestamp) -> dict[str, str]:
    """Tell of each term of a cadence whether it can be judged: over, running or empty.

    table: as cadence gives it. empty: no network has a meeting in the term, which says that none
    is registered, not that all were behind. running: it is not over on today's date.

    >>> index = pd.MultiIndex.from_product([["bu-a"], TERMS], names=["network_id", "term"])
    >>> table = pd.DataFrame({"n_meetings": [2, 1]}, index=index)
    >>> term_states(table, 2026, pd.Timestamp(2026, 9, 1))
    {'VT': 'over', 'HT': 'running'}
    """
    held = table.groupby(level="term")["n_meetings"].sum()
    return {
        term: EMPTY if not held[term] else OVER if last_day(year, term) < today else RUNNING
        for term in TERMS
    }


def kept_pace(table: pd.DataFrame, terms: Sequence[str]) -> pd.Series:
    """Sum up some terms of each network: met (in all of them), behind or unsure; index network_id.

    table: as cadence gives it. A network without a guideline, or resting, in all the terms has no
    row. unsure goes before the others: such dates are not scored.

    >>> index = pd.MultiIndex.from_product([["bu-a", "bu-b"], TERMS], names=["network_id", "term"])
    >>> outcome = ["met", "met", "met", "behind"]
    >>> table = pd.DataFrame({"outcome": outcome, "is_unsure": False}, index)
    >>> kept_pace(table, TERMS).to_dict()
    {'bu-a': 'met', 'bu-b': 'behind'}
    """
    own = table[table.index.get_level_values("term").isin(terms)]
    judged = own["outcome"].isin([MET, BEHIND]).groupby(level="network_id").any()
    has_missed = (own["outcome"] != MET).groupby(level="network_id").any()
    found = has_missed.map({True: BEHIND, False: MET}).astype(object)
    found[own["is_unsure"].groupby(level="network_id").any()] = UNSURE
    return found[judged]


def clashes(meetings: pd.DataFrame) -> pd.DataFrame:
    """Find the days on which different networks meet.

    meetings: date, network_id. Returns a row per day (index date): n_networks, network_ids
    (sorted tuple), n_barn_unga: how many of them are nätverk barn och unga. Polis and IFO sit in
    each of these nine (guideline G4), so from two on the same functions are asked for twice.
    A day with nothing but joint rows (…-gemensamt) is one meeting on several rows, no clash.

    >>> rows = pd.DataFrame({"date": pd.to_datetime(["2017-05-18"] * 2),
    ...     "network_id": ["bu-boda", "on-sjobo"]})
    >>> clashes(rows)["network_ids"].tolist()
    [('bu-boda', 'on-sjobo')]
    """
    require_columns(meetings, ("date", "network_id"), "meetings")
    meetings = happened(meetings)
    met = meetings.dropna(subset=["date"]).groupby(meetings["date"].dt.normalize())["network_id"]
    found = {day: tuple(sorted(set(ids))) for day, ids in met}
    real = {
        day: ids
        for day, ids in found.items()
        if len(ids) > 1 and not all(network_id.endswith(JOINT) for network_id in ids)
    }
    table = pd.DataFrame({"network_ids": pd.Series(real, dtype=object)}).rename_axis("date")
    table["n_networks"] = table["network_ids"].map(len).astype(int)
    youth = [sum(network_id.startswith(YOUTH) for network_id in ids) for ids in real.values()]
    table["n_barn_unga"] = pd.Series(youth, index=table.index, dtype=int)
    return table.reindex(columns=["n_networks", "network_ids", "n_barn_unga"])


def happened(meetings: pd.DataFrame) -> pd.DataFrame:
    """Leave out the meetings that were cancelled (status inställt); without the column, none.

    >>> happened(pd.DataFrame({"status": ["", "inställt"]})).index.tolist()
    [0]
    """
    return meetings[meetings["status"] != CANCELLED] if "status" in meetings else meetings


def counted_days(meetings: pd.DataFrame) -> pd.DataFrame:
    """Return one row per network and day with a meeting that counts: network_id, date, term.

    meetings: date, network_id, counts_for_cadence. Two meetings of a network on one day are one
    day; a cancelled meeting, and one without a date, is none. term: VT until June, then HT.

    >>> rows = pd.DataFrame({"date": pd.to_datetime(["2017-06-30", "2017-07-01"]),
    ...     "network_id": "bu-a", "counts_for_cadence": True})
    >>> counted_days(rows)["term"].tolist()
    ['VT', 'HT']
    """
    require_columns(meetings, MEETING_COLUMNS, "meetings")
    meetings = happened(meetings)
    counted = meetings[meetings["counts_for_cadence"].astype(bool)].dropna(subset=["date"])
    days = pd.DataFrame(
        {"network_id": counted["network_id"], "date": counted["date"].dt.normalize()}
    ).drop_duplicates()
    days["term"] = days["date"].dt.month.map(lambda month: TERMS[int(month > 6)])
    return days


def _judged(
    network_id: str,
    network: pd.Series,
    term: str,
    year: int,
    days: pd.DataFrame,
    guidelines: pd.DataFrame,
    instead: str,
) -> tuple[object, ...]:
    own = days[days["network_id"] == network_id]
    n = int((own["term"] == term).sum())
    guideline_id = guideline_on(guidelines, str(network["layer"]), first_day(year, term), instead)
    if not guideline_id:
        return n, pd.NA, NO_GUIDELINE, "", False, ""
    least = int(guidelines["meetings_per_term_min"][guideline_id])
    is_resting, why = rests(network, last_day(year, term), n)
    if is_resting:
        return n, least, RESTING, guideline_id, bool(why), why
    why = _doubt(own, days)
    return n, least, MET if n >= least else BEHIND, guideline_id, bool(why), why


def first_day(year: int, term: str) -> pd.Timestamp:
    """Return the first day of a term: 1 January for VT, 1 July for HT.

    >>> first_day(2027, "HT").date().isoformat()
    '2027-07-01'
    """
    return pd.Timestamp(year, 1 if term == TERMS[0] else 7, 1)


def last_day(year: int, term: str) -> pd.Timestamp:
    """Return the last day of a term: 30 June for VT, 31 December for HT.

    >>> last_day(2027, "VT").date().isoformat()
    '2027-06-30'
    """
    return first_day(year, term) + pd.DateOffset(months=6, days=-1)


def guideline_on(guidelines: pd.DataFrame, layer: str, day: pd.Timestamp, instead: str = "") -> str:
    """Return the id of the guideline that is valid for a layer on a day, "" when none is.

    guidelines: index guideline_id; layer, valid_from, valid_to (missing: still valid). instead: a
    guideline_id to use for its layer whatever the day. Raises GeoError when two are valid.

    >>> guidelines = pd.DataFrame({"layer": "barn_unga", "valid_from": pd.Timestamp("2017-01-01"),
    ...     "valid_to": pd.NaT}, index=["G1"])
    >>> guideline_on(guidelines, "barn_unga", pd.Timestamp("2027-01-01"))
    'G1'
    """
    of_layer = guidelines[guidelines["layer"] == layer]
    if instead in of_layer.index:
        return instead
    begun = of_layer["valid_from"] <= day
    valid = of_layer[begun & (of_layer["valid_to"].isna() | (of_layer["valid_to"] >= day))]
    if len(valid) > 1:
        raise GeoError(
            f"guidelines: en riktlinje per lager och dag väntades, fick {list(valid.index)!r} för "
            f"{layer!r} den {day:%Y-%m-%d}. Rätta valid_from och valid_to."
        )
    return str(valid.index[0]) if len(valid) else ""


def rests(network: pd.Series, until: pd.Timestamp, n: int) -> tuple[bool, str]:
    """Tell whether a network rests in the term that ends on a day, and why that is unsure.

    network: status, status_from. n: its meetings in the term. When it is not known since when it
    rests, it rests in a term without a meeting, unsurely.

    >>> network = pd.Series({"status": "resting", "status_from": pd.NaT})
    >>> rests(network, pd.Timestamp("2027-06-30"), 0)
    (True, 'vilande sedan okänt datum')
    """
    if network["status"] != RESTING:
        return False, ""
    if pd.isna(network["status_from"]):
        return n == 0, "vilande sedan okänt datum" if n == 0 else ""
    return bool(network["status_from"] <= until), ""


def _doubt(own: pd.DataFrame, days: pd.DataFrame) -> str:
    """Say why the dates may be another network's: a term is empty, every day is also its day."""
    if own.empty or own["term"].nunique() == len(TERMS):
        return ""
    others = days[~days.index.isin(own.index) & days["date"].isin(own["date"])]
    shared = others.groupby("network_id")["date"].nunique()
    same = sorted(shared[shared == len(own)].index)
    if not same:
        return ""
    return f"en termin saknar möten, och alla dagar är också mötesdagar för {' och '.join(same)}"
