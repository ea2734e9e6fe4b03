"""Sections of what is done: walks and findings, meetings, efforts, the meeting's judgement."""

from __future__ import annotations

import pandas as pd

from geo import chain, collaboration, meetings, walked
from geo.fieldwork import STATE_NAMES
from geo.findings import NOT_KNOWN, NOTHING_NOTED
from geo.report.sections.since import served
from geo.report.story import Section, Table
from geo.report.words import (
    OUTCOME,
    PLAN,
    TERM,
    counted,
    first_upper,
    listed,
    named,
    number,
    percent,
)
from geo.situation import Situation
from geo.situation.who import NETWORK

MOST_WAITING = 5
MOST_MEETINGS = 12
UNTOLD = {NOT_KNOWN: "vad de såg är inte inlagt", NOTHING_NOTED: "inget är noterat"}
GAPS = ("Gemensam bedömning", "Högst tre fokuspunkter, var och en med en Brå-prioritering")
NOT_WRITTEN = "Mötets bedömning är inte skriven."
NOT_NOTED = "inte noterat"


def noted(found: Situation) -> Section:
    """Tell what the walks saw, and what waits for whom.

    >>> noted.__annotations__["found"]
    'Situation'
    """
    own = found.noted
    row, waiting = own.figures, own.waiting
    texts = [f"{_walked(found)}."]
    if not pd.isna(row["n_findings"]):
        share = row["share_closed"]
        closed = "" if pd.isna(share) else f" {percent(share)} av bristerna är avslutade."
        lacking = counted(int(row["n_brist"]), "brist", "brister")
        open_ = counted(int(row["n_open"]), "brist är öppen", "brister är öppna")
        texts.append(
            f"{counted(int(row['n_findings']), 'fynd', 'fynd')}: {lacking}, {number(row['n_bra'])} "
            f"sådant som är bra. {open_}, {number(row['n_overdue'])} av dem försenade.{closed}"
        )
    oldest = waiting.sort_values("observed_date", kind="stable")
    names = found.who.land["name"]
    rows = tuple(_waiting(item, own.categories, names) for _, item in oldest.iterrows())
    caption = "Öppna brister, äldst först"
    if len(rows) > MOST_WAITING:
        caption = (
            f"De {MOST_WAITING} äldsta av {len(rows)} öppna brister, resten i Trygghetsvandringar"
        )
    columns = ("Fynd", "Var", "Noterat", "Ansvarig", "Status")
    table = Table(
        caption,
        columns,
        rows[:MOST_WAITING],
        "Inga öppna brister är noterade.",
    ).without_silent("Var", "–")
    heading = "Trygghetsvandringar och fynd"
    return Section("noted", heading, tuple(texts), tables=(table,), on_wall=True)


def _walked(found: Situation) -> str:
    row, walks = found.noted.figures, found.noted.walks
    state, n = str(row["state"]), int(row["n_walks"])
    if not n:
        return first_upper(STATE_NAMES[state])
    said = [f"{counted(n, 'vandring', 'vandringar')} här, senast {walks['date'].max():%Y-%m-%d}"]
    km = row.get("km_walked", float("nan"))
    n_known = int(walked.has_route(walks).sum())
    of = {0: "är inte känd för någon av dem", n: "är känd för alla"}
    route = "rutten " + of.get(n_known, f"är känd för {n_known} av dem")
    said.append(route if pd.isna(km) or not km else f"{route}, {number(float(km), 1)} km här")
    return "; ".join([*said, *([UNTOLD[state]] if state in UNTOLD else [])])


def _waiting(item: pd.Series, categories: dict[str, str], names: pd.Series) -> tuple[str, ...]:
    category = categories.get(str(item["category"]), str(item["category"]))
    text = str(item["description"] or "")
    return (
        f"{category}: {text}" if text else category,
        str(item["place"] or names.get(item["base_area_id"], "–")),
        f"{item['observed_date']:%Y-%m-%d}",
        str(item["owner"] or "ingen än"),
        chain.NAMES[str(item["status"])],
    )


def gatherings(found: Situation) -> Section:
    """Tell of the meetings of the year, and whether they keep the pace of the guideline.

    >>> gatherings.__annotations__["found"]
    'Situation'
    """
    done, heading = found.deeds, "Möten och takt"
    if "meetings" not in done.known:
        rests = " Nätverket är vilande." if found.who.is_resting else ""
        text = f"Inget möte är registrerat.{rests}"
        return Section("meetings", heading, texts=(text,))
    texts = _terms(found) if found.who.kind == NETWORK else [_paces(found)]
    if not pd.isna(done.next_meeting):
        texts.append(f"Nästa möte: {done.next_meeting:%Y-%m-%d}.")
    if done.year != found.as_of.year:
        texts.append(f"Inga möten är registrerade efter {done.year}.")
    tables = (_meetings(done.meetings.head(MOST_MEETINGS), done.year),)
    return Section(
        "meetings", heading, tuple(texts), tables=tables if found.who.kind == NETWORK else ()
    )


def _meetings(rows: pd.DataFrame, year: int) -> Table:
    """Show meetings; a remark only of those that people have put in: others cite sources."""
    columns: tuple[str, ...] = ("Dag", "Slag", "Funktioner på plats")
    cells = [
        (
            f"{row['date']:%Y-%m-%d}{'' if row['has_been'] else ' (kommande)'}",
            str(row["kind"]),
            _present(row["present"]),
        )
        for _, row in rows.iterrows()
    ]
    is_put_in = rows["version"].notna()
    told: list[tuple[str, ...]] = [*cells]
    if (is_put_in & (rows["note"] != "")).any():
        columns = (*columns, "Anmärkning")
        remarks = rows["note"].where(is_put_in, "")
        told = [(*cell, str(note or "–")) for cell, note in zip(cells, remarks, strict=True)]
    table = Table(f"Möten {year}", columns, tuple(told), "Inga möten.")
    return table.without_silent("Funktioner på plats", NOT_NOTED)


def _terms(found: Situation) -> list[str]:
    done, texts = found.deeds, []
    for _, row in done.cadence.reset_index().iterrows():
        term = str(row["term"])
        pace = _pace(row, done.terms.get(term, ""))
        texts.append(f"{TERM[term].capitalize()} {done.year}: {named(pace, found.names)}.")
    other = done.meetings.loc[~done.meetings["counts_for_cadence"].astype(bool), "kind"]
    if len(other):
        what = listed(sorted({str(kind) for kind in other}))
        texts.append(f"Möten av annat slag ({what}) räknas inte mot riktlinjen.")
    return texts


def _pace(row: pd.Series, state: str) -> str:
    n = counted(int(row["n_meetings"]), "möte", "möten")
    least = row["required_min"]
    if row["is_unsure"]:
        return f"osäkert, {n} ({row['why']})"
    if pd.isna(least):
        return f"{n}, {OUTCOME[str(row['outcome'])]}"
    if state == meetings.EMPTY:
        return "inga möten inlagda"
    is_met = row["outcome"] == meetings.MET
    said = OUTCOME[str(row["outcome"])] if is_met or state == meetings.OVER else "pågår"
    return f"{said}, {n} räknas, riktlinjen är minst {int(least)}"


def _paces(found: Situation) -> str:
    done = found.deeds
    judged = done.cadence[~done.cadence["is_unsure"]]
    is_met = judged["outcome"] == meetings.MET
    terms = [term for term, state in done.terms.items() if state == meetings.OVER]
    is_over = judged.index.get_level_values("term").isin(terms)
    judged = judged[is_met | ((judged["outcome"] == meetings.BEHIND) & is_over)]
    if judged.empty:
        return f"Ingen termin {done.year} kan jämföras med en riktlinje."
    n_met, n_networks = int(is_met.sum()), judged.index.get_level_values("network_id").nunique()
    whose = f" i {n_networks} nätverk" if n_networks > 1 else ""
    told = f"{n_met} av {len(judged)} terminer {done.year}{whose}"
    return f"{told} har så många möten som riktlinjen säger."


def _present(items: tuple[str, ...]) -> str:
    return ", ".join(item.replace(":", " ") for item in items) or NOT_NOTED


def efforts(found: Situation) -> Section:
    """Tell which efforts, meeting places, activity days and plans there are.

    >>> efforts.__annotations__["found"]
    'Situation'
    """
    done = found.deeds
    rows = tuple(
        (str(row["title"]), str(row["section"]), str(row["place_names"]).replace(";", ", "))
        for _, row in done.efforts.iterrows()
    )
    places = [
        f"{row['name']}{' (osäkert)' if row['is_unsure'] else ''}"
        for _, row in done.meeting_places.iterrows()
    ]
    held = done.activity_days.sort_values("date")
    days = list(dict.fromkeys(map(_day, held["date"], held["status"] == "osäker")))
    points = [
        f"Mötesplatser: {listed(places)}." if places else "Ingen mötesplats är känd här.",
        f"Aktivitetsdagar: {listed(days)}." if days else "Ingen aktivitetsdag är känd här.",
        _plans(done.plans),
    ]
    columns = ("Insats", "Läge", "Ort")
    table = Table("Insatser som nämner platsen", columns, rows, "Ingen insats nämner platsen.")
    note = (
        "Att ingen insats nämner platsen betyder inte att inget görs där. Se Insatser och planer."
    )
    return Section(
        "efforts", "Insatser och planer", points=tuple(points), tables=(table,), notes=(note,)
    )


def _day(day: object, is_unsure: bool) -> str:
    """Write a day; of one that the sources give two dates, that it may be the other."""
    return f"{day}{' (osäkert datum)' if is_unsure else ''}"


def _plans(plans: pd.DataFrame) -> str:
    if len(plans) == 1:
        return f"Lokal utvecklingsplan: {PLAN[str(plans['state'].iloc[0])]}."
    n = int((plans["state"] == collaboration.WITH_FOCUS).sum())
    return f"{n} av {len(plans)} nätverk har en lokal utvecklingsplan med fokusområden."


def judgement(found: Situation, functions: tuple[str, ...]) -> Section:
    """Show what the meeting wrote: by function, together, at most three focus points.

    >>> judgement.__annotations__["functions"]
    'tuple[str, ...]'
    """
    part, heading = found.part, "Mötets bedömning"
    if part.is_empty:
        gaps = (*(f"{name}: vad ser ni?" for name in functions), *GAPS)
        return Section("judgement", heading, texts=(NOT_WRITTEN,), gaps=gaps, on_wall=True)
    order = [*functions, *(name for name in part.seen if name not in functions)]
    texts = [f"{name}: {part.seen[name]}" for name in order if name in part.seen]
    silent = tuple(name for name in functions if name not in part.seen)
    if silent:
        texts.append(f"Inget skrivet av {listed(silent)}.")
    if part.joint:
        texts.append(f"Gemensam bedömning: {part.joint}")
    names = found.deeds.priorities["name"]
    focus = tuple(f"Fokus: {one.text}{served(one.priority_id, names)}" for one in part.focus)
    return Section("judgement", heading, tuple(texts), focus, on_wall=True)
