"""Writes meetings as an iCalendar file (RFC 5545) that Outlook, phones and others read."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard

from geo.errors import GeoError, require_columns
from geo.sources import JOINT

ZONE = ZoneInfo("Europe/Stockholm")
DOMAIN = "lagesbild-boras"
PRODUCT = "-//Lägesbild Borås//Möten//SV"
CANCELLED = "inställt"
NO_CLOCK = "Klockslag är inte angivet."
COLUMNS = ("date", "network_id", "kind", "note")
LAYER_WORDS = {
    "barn_unga": "Nätverk barn och unga",
    "omrade": "Områdesnätverk",
    "ortsrad": "Ortsråd",
}
JOINT_NAMES = {
    "bu-gemensamt": "Gemensamt, nätverk barn och unga",
    "on-gemensamt": "Gemensamt, områdesnätverk",
    "or-gemensamt": "Gemensamt, ortsråd",
    "ce-bra": "Brå",
    "ce-saker-och-trygg": "Säker och trygg kommun",
}
# Of the kinds, those that a name alone does not say.
UNSAID = ("ordinarie", "gemensam", "central")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def calendar(
    meetings: pd.DataFrame, networks: pd.DataFrame, made_at: datetime, *, network_id: str = ""
) -> bytes:
    r"""Write meetings as one iCalendar file; the same meeting in a later file replaces the earlier.

    meetings: index meeting_id; date (datetime64), network_id, kind, note, and where known:
    start_time and end_time ("18:30" in Borås, or ""), place, agenda, status, version (1, 2, …;
    missing for what ships) and removed. networks: index network_id; layer, name. made_at: when
    the file is made, with a time zone. network_id: only the meetings of this one, or of a joint
    row (ce-bra).

    Returns the file as UTF-8, meetings by date. UID is the meeting's id; SEQUENCE is version − 1.
    Without start_time it is an event of the whole day that leaves the day free, and says so; with
    a start alone it has no end: none is made up. What is cancelled (status inställt) or removed is
    sent as cancelled. An hour that comes twice when summer time ends is the first of the two.

    Raises GeoError for a missing column, an unknown network_id, made_at without a time zone, an
    id that comes twice, and a meeting without a date, with a time that is none or does not exist
    (the hour that is left out in March), or that ends before it begins. Source: RFC 5545.

    >>> meetings = pd.DataFrame({"date": [pd.Timestamp("2027-05-18")], "network_id": ["bu-boda"],
    ...     "kind": "ordinarie", "note": "", "start_time": "09:00"}, index=["m1"])
    >>> networks = pd.DataFrame({"layer": ["barn_unga"], "name": ["Boda"]}, index=["bu-boda"])
    >>> text = calendar(meetings, networks, datetime(2027, 1, 1, tzinfo=UTC)).decode()
    >>> [line for line in text.split("\r\n") if line.startswith(("SUMMARY", "UID"))]
    ['SUMMARY:Nätverk barn och unga Boda', 'UID:m1@lagesbild-boras']
    """
    _check(meetings, networks, made_at, network_id)
    names = _names(networks)
    chosen = meetings[meetings["network_id"] == network_id] if network_id else meetings
    rows = chosen.to_dict(orient="index")
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    whose = f": {names[network_id]}" if network_id else " i Borås lokala nätverk"
    made.add("x-wr-calname", f"Möten{whose}")
    made.add("x-wr-timezone", ZONE.key)
    made.add_component(_zone())
    for meeting_id in sorted(
        rows, key=lambda i: (rows[i]["date"], _text(rows[i], "start_time"), i)
    ):
        made.add_component(_event(meeting_id, rows[meeting_id], names, made_at))
    content: bytes = made.to_ical()
    return content


def _check(
    meetings: pd.DataFrame, networks: pd.DataFrame, made_at: datetime, network_id: str
) -> None:
    require_columns(meetings, COLUMNS, "meetings")
    require_columns(networks, ("layer", "name"), "networks")
    if made_at.utcoffset() is None:
        raise GeoError(
            f"made_at: tidszon saknas, fick {made_at!r}. Skriv datetime.now().astimezone()."
        )
    if network_id and network_id not in (*networks.index, *JOINT):
        known = ", ".join(map(str, [*networks.index[:3], JOINT[3]]))
        raise GeoError(f"network_id: {network_id!r} finns inte. Skriv till exempel {known}.")
    twice = meetings.index[meetings.index.duplicated()].unique()
    if len(twice):
        raise GeoError(f"meetings: id finns två gånger: {', '.join(twice[:5])}. Behåll en rad.")
    undated = meetings.index[meetings["date"].isna()]
    if len(undated):
        raise GeoError(f"meetings: datum saknas för {', '.join(undated[:5])}. Fyll i det.")


def _names(networks: pd.DataFrame) -> dict[str, str]:
    own = zip(networks.index, networks["layer"], networks["name"], strict=True)
    return {i: f"{LAYER_WORDS.get(layer, '')} {name}".strip() for i, layer, name in own} | (
        JOINT_NAMES
    )


def _zone() -> Timezone:
    """Return the rule of Borås' clock since 1996, as RFC 5545 has it: local time before the change.

    The library's own zone writes the change in March an hour late, and ends in 2038.
    """
    zone = Timezone()
    zone.add("tzid", ZONE.key)
    winter, summer = timedelta(hours=1), timedelta(hours=2)
    changes: tuple[tuple[Any, str, datetime, timedelta, timedelta], ...] = (
        (TimezoneDaylight(), "CEST", datetime(1996, 3, 31, 2), winter, summer),
        (TimezoneStandard(), "CET", datetime(1996, 10, 27, 3), summer, winter),
    )
    for part, name, start, before, after in changes:
        part.add("dtstart", start)
        part.add("rrule", {"freq": "yearly", "bymonth": start.month, "byday": "-1su"})
        part.add("tzname", name)
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        zone.add_component(part)
    return zone


def _event(
    meeting_id: Hashable, row: Mapping[Hashable, Any], names: dict[str, str], made_at: datetime
) -> Event:
    removed, version = row.get("removed"), row.get("version")
    is_cancelled = _text(row, "status") == CANCELLED or (pd.notna(removed) and bool(removed))
    event = Event()
    event.add("uid", f"{meeting_id}@{DOMAIN}")
    event.add("sequence", 0 if pd.isna(version) else max(int(version) - 1, 0))
    event.add("dtstamp", made_at.astimezone(UTC))
    event.add("summary", ("Inställt: " if is_cancelled else "") + _summary(row, names))
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    for name, value in _when(str(meeting_id), row).items():
        event.add(name, value)
    said = [] if _text(row, "start_time") else [NO_CLOCK]
    said += [text for name in ("agenda", "note") if (text := _text(row, name))]
    if said:
        event.add("description", "\n".join(said))
    if _text(row, "place"):
        event.add("location", _text(row, "place"))
    return event


def _text(row: Mapping[Hashable, Any], name: str) -> str:
    """Return a cell as text; missing is "". Control characters, which no file may hold, go."""
    value = row.get(name)
    return "" if value is None or pd.isna(value) else _CONTROL.sub("", str(value)).strip()


def _summary(row: Mapping[Hashable, Any], names: dict[str, str]) -> str:
    name = names.get(row["network_id"], str(row["network_id"]))
    kind = _text(row, "kind")
    return name if kind in UNSAID or not kind else f"{name}: {kind}"


def _when(meeting_id: str, row: Mapping[Hashable, Any]) -> dict[str, Any]:
    """Return the properties that say when: a whole day, or from a time, and to one where known."""
    day = row["date"].date()
    if not _text(row, "start_time"):
        return {"dtstart": day, "transp": "TRANSPARENT"}
    start = _moment(meeting_id, row, "start_time")
    if not _text(row, "end_time"):
        return {"dtstart": start, "transp": "OPAQUE"}
    end = _moment(meeting_id, row, "end_time")
    if end.astimezone(UTC) < start.astimezone(UTC):
        raise GeoError(
            f"{meeting_id}: mötet slutar {end:%H:%M} men börjar {start:%H:%M}. Rätta klockslagen."
        )
    ends = {"dtend": end} if end != start else {}  # an end as early as the start is none
    return {"dtstart": start, **ends, "transp": "OPAQUE"}


def _moment(meeting_id: str, row: Mapping[Hashable, Any], name: str) -> datetime:
    said, day = _text(row, name), row["date"].date()
    try:
        clock = datetime.strptime(said, "%H:%M").time()
    except ValueError as fault:
        raise GeoError(
            f"{meeting_id}: ett klockslag som 18:30 väntades i {name}, fick {said!r}."
        ) from fault
    moment = datetime.combine(day, clock, ZONE)
    if moment.astimezone(UTC).astimezone(ZONE).replace(tzinfo=None) != moment.replace(tzinfo=None):
        raise GeoError(
            f"{meeting_id}: klockan {said} finns inte {day}, då sommartiden börjar. Ändra tiden."
        )
    return moment
