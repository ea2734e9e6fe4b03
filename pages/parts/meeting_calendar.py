"""The year as a calendar of networks and weeks, and the cadence in words and dots."""

from __future__ import annotations

import html
from datetime import datetime
from functools import partial

import pandas as pd
import streamlit as st

from geo import collaboration, ical, kinds, meetings
from geo.sources import LAYERS
from pages.parts import data, downloads, grid, meeting_cadence, words, work
from pages.parts.words import TERM
from pages.parts.work import JOINT, Work, today

MONTHS = "januari februari mars april maj juni juli augusti september oktober november december"
MONTH = MONTHS.split()
WEEKDAY = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
JOINTLY = "Gemensamt och centralt"
GROUPS = (*LAYERS, JOINTLY)
STYLE = """<style>
.year table { font-size: 0.8rem; table-layout: fixed; min-width: 46rem; }
.year thead tr th:first-child { width: 8.5rem; text-align: left; padding-left: 8px; }
.year td, .year thead th { padding: 3px 0; text-align: center; }
.year tbody th { position: sticky; left: 0; background: #fff; z-index: 1; }
.year .kind th { font-weight: 600; background: #f4f4f2; }
.year td { border-left: 1px solid #eee; font-variant-numeric: tabular-nums; }
.year .month { border-left: 2px solid #909090; }
.year .clash { font-weight: 700; text-decoration: underline; }
@media print { .year { break-inside: avoid; } }
@media (max-width: 480px) { .year thead tr th:first-child { width: 6.5rem; } }
</style>"""
KEY = (
    "Talet är dagen i månaden. **Understruket och fetstil**: fler nätverk möts samma dag. (Inom "
    "parentes): planerat, har inte varit än. ~~Överstruket~~: inställt."
)


def year_table(known: Work, year: int, term: str) -> str:
    """Write half a year as a table of networks and weeks, as HTML."""
    first = pd.Timestamp(year, 1 if term == "VT" else 7, 1)
    last = first + pd.DateOffset(months=6, days=-1)
    mondays = pd.date_range(first - pd.Timedelta(days=first.weekday()), last, freq="7D")
    half = known.meetings[known.meetings["date"].between(first, last)]
    busy = set(meetings.clashes(half).index)
    body = "".join(_group(known, half, name, mondays, busy) for name in GROUPS)
    caption = f"{words.first_upper(TERM[term])} {year}: möten per nätverk och vecka"
    return (
        f'{STYLE}<div class="grid year" tabindex="0" role="region" aria-label="{caption}"><table>'
        f"<caption>{caption}</caption>{_heads(mondays, first)}{body}</table></div>"
    )


def _group(
    known: Work, half: pd.DataFrame, group: str, mondays: pd.DatetimeIndex, busy: set[pd.Timestamp]
) -> str:
    """Write the rows of one kind of network under its name; of joint rows those with a meeting."""
    layers = known.networks["layer"]
    if group == JOINTLY:
        rows = {i: name for i, name in JOINT.items() if (half["network_id"] == i).any()}
    else:
        rows = {str(i): known.networks["name"][i] for i in layers.index[layers == group]}
    head = html.escape(words.LAYER.get(group, group))
    body = "".join(
        f'<tr><th scope="row">{html.escape(str(name))}</th>'
        f"{_weeks(half[half['network_id'] == i], mondays, busy)}</tr>"
        for i, name in rows.items()
    )
    span = len(mondays) + 1
    heading = f'<tr class="kind"><th scope="rowgroup" colspan="{span}">{head}</th></tr>'
    return f"<tbody>{heading}{body}</tbody>" if rows else ""


def _heads(mondays: pd.DatetimeIndex, first: pd.Timestamp) -> str:
    """Write the months over the weeks that begin in them, and the weeks' numbers."""
    months = [max(day, first).month for day in mondays]
    spans = pd.Series(months).value_counts(sort=False)
    heads = "".join(
        f'<th scope="colgroup" class="month" colspan="{n}">{MONTH[month - 1][:3]}</th>'
        for month, n in spans.items()
    )
    weeks = "".join(
        f'<th scope="col"{_new_month(months, place)}>{day.isocalendar().week}</th>'
        for place, day in enumerate(mondays)
    )
    return (
        f'<thead><tr><th scope="col">Månad</th>{heads}</tr>'
        f'<tr><th scope="col">Vecka</th>{weeks}</tr></thead>'
    )


def _new_month(months: list[int], place: int) -> str:
    return ' class="month"' if place and months[place] != months[place - 1] else ""


def _weeks(own: pd.DataFrame, mondays: pd.DatetimeIndex, busy: set[pd.Timestamp]) -> str:
    by_week: dict[pd.Timestamp, list[str]] = {}
    for day, status in zip(own["date"], own["status"], strict=True):
        monday = day - pd.Timedelta(days=day.weekday())
        by_week.setdefault(monday, []).append(_day(day, status, day in busy))
    return "".join(f"<td>{' '.join(by_week.get(monday, []))}</td>" for monday in mondays)


def _day(day: pd.Timestamp, status: str, is_clash: bool) -> str:
    text = f"({day.day})" if day >= today() and status != kinds.CANCELLED else str(day.day)
    if status == kinds.CANCELLED:
        return f"<s>{text}</s>"
    return f'<span class="clash">{text}</span>' if is_clash else text


def listing(known: Work, year: int) -> pd.DataFrame:
    """Return the year's meetings as a list, the same that the calendar shows."""
    own = work.of_year(known, year)
    busy = set(meetings.clashes(own).index)
    return pd.DataFrame(
        {
            "Datum": [f"{day:%Y-%m-%d}" for day in own["date"]],
            "Veckodag": [WEEKDAY[day.weekday()] for day in own["date"]],
            "Nätverk": own["network_id"].map(known.names).to_numpy(),
            "Slag": own["kind"].to_numpy(),
            "Tid": [clock(row) for row in own.itertuples()],
            "Läge": [state_of(row, busy) for row in own.itertuples()],
            "Anmärkning": own["note"].replace("", "–").to_numpy(),
        }
    )


def clock(row: object) -> str:
    """Write a meeting's times: 09:00–12:00, or that they are not known."""
    start, end = getattr(row, "start_time", ""), getattr(row, "end_time", "")
    return (f"{start}–{end}" if end else start) or words.MISSING


def state_of(row: object, busy: set[pd.Timestamp]) -> str:
    """Write what is to know of a meeting: planned, cancelled, a clash, joint."""
    day, status = row.date, row.status  # type: ignore[attr-defined]
    if status == kinds.CANCELLED:
        return "inställt"
    said = ["planerat"] if day >= today() else []
    return ", ".join([*said, *(["fler möts samma dag"] if day in busy else [])]) or "–"


def upcoming(known: Work) -> pd.DataFrame:
    """Return the meetings from today on, the next first."""
    later = known.meetings[known.meetings["date"] >= today()]
    happen = meetings.happened(later)
    return pd.DataFrame(
        {
            "Datum": [f"{day:%Y-%m-%d}" for day in happen["date"]],
            "Veckodag": [WEEKDAY[day.weekday()] for day in happen["date"]],
            "Nätverk": happen["network_id"].map(known.names).to_numpy(),
            "Tid": [clock(row) for row in happen.itertuples()],
            "Plats": happen["place"].replace("", words.MISSING).to_numpy(),
        }
    )


def calendar_file(known: Work, year: int, network_id: str) -> bytes:
    """Return the year's meetings as an iCalendar file; removed ones are in it as cancelled."""
    every = collaboration.with_removed(known.meetings, known.removed)
    own = every[every["date"].dt.year == year]
    made_at = datetime.now().astimezone()
    return ical.calendar(own, known.networks, made_at, network_id=network_id)


def files(known: Work, year: int, tables: dict[str, pd.DataFrame]) -> None:
    """Offer the calendar as iCalendar, for all and for one network, and the tables as Excel."""
    mime = "text/calendar"
    every_one = collaboration.with_removed(known.meetings, known.removed)
    own = every_one[every_one["date"].dt.year == year]
    held = [i for i in known.names if (own["network_id"] == i).any()]
    if not held:
        st.caption(f"Inga möten {year} att ta ut.")
        return
    network_id = st.selectbox("Nätverk", held, format_func=known.names.get, key="kalender_for")
    every = partial(calendar_file, known, year, "")
    one = partial(calendar_file, known, year, network_id)
    downloads.buttons(
        [
            ("Alla nätverk (iCalendar)", f"moten-{year}.ics", mime, every),
            (f"{known.names[network_id]} (iCalendar)", f"moten-{year}-{network_id}.ics", mime, one),
        ]
    )
    st.caption(
        "För Outlook och telefonen. Läs in filen igen när något ändrats: samma möte byts ut och "
        "läggs inte till en gång till; borttagna möten är med som inställda. Utan klockslag blir "
        "mötet en heldagshändelse."
    )
    downloads.tables(f"moten-{year}", tables, downloads.about("möten och takt"))


def show(known: Work, year: int, instead: str) -> None:
    """Show the calendar, the cadence, the next meetings and the files."""
    st.markdown(data.once_for(meeting_cadence.headline, known, year, instead))
    st.caption(data.once_for(meeting_cadence.used, known, year, instead))
    rhythm = data.once_for(meeting_cadence.cadence, known, year, instead)
    listed = data.once_for(listing, known, year)
    if not listed.empty:
        for term in meetings.TERMS:
            st.html(data.once_for(year_table, known, year, term))
        st.caption(KEY)
    else:
        st.info("Lägg in möten under Lägg in, eller låt sidan föreslå dagar under Krockar.")
    st.header("Takt mot riktlinjen", anchor=False)
    grid.show(rhythm, f"Möten per termin {year} mot riktlinjen", 760)
    st.header("Nästa möten", anchor=False)
    later = data.once_for(upcoming, known)
    grid.show(later, "Inlagda möten från i dag", 320, "Inga kommande möten är inlagda.")
    with st.expander("Årets möten som lista"):
        grid.show(listed, f"Möten {year}", 520, f"Inga möten är inlagda för {year}.")
    st.header("Till kalendern", anchor=False)
    files(known, year, {"Möten": listed, "Takt": rhythm})
