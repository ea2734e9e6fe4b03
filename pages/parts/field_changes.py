"""What has happened to walks and findings since a day, and who registered and changed what."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pandas as pd
import streamlit as st

from geo import fieldwork, store, walked
from geo.errors import GeoError
from pages.parts import data, downloads, field_answers, field_tables, field_words, grid, words
from pages.parts.field import Field

ACTIONS = {
    "new": "registrerat",
    "change": "ändrat",
    "import": "ändrat av en inläst fil",
    "undo": "ångrat",
    "remove": "borttaget",
    "bring_back": "hämtat tillbaka",
    "take_back": "borttaget med sin fil",
}
WHO = {"keeper": "dataförvaltare"}
WRITTEN = {
    **{"status": "status", "owner": "ansvarig", "due_date": "svar senast", "answer": "svar"},
    **{"answered_date": "besvarat", "done_date": "åtgärdat", "verified_date": "verifierat"},
    **{"action": "åtgärd", "kind": "slag", "category": "kategori", "description": "beskrivning"},
    **{"light": "ljus", "observed_date": "noterat", "date": "datum", "place": "plats"},
    **{"start_time": "började", "end_time": "slutade", "n_participants": "deltagare"},
    **{"organisers": "arrangörer", "note": "anmärkning", "walk_id": "vandring", "x": "öst"},
    **{"y": "norr", "network_id": "nätverk", "file_name": "fil", "what": "vad", "route": "rutt"},
}
DATASETS = {"findings": "Fynd", "walks": "Vandring", "imports": "Import", "store": "Allt"}


def show(known: Field, day: pd.Timestamp, caution: str, may_write: bool) -> None:
    """Show what has happened since a day, and to who may write also who did it."""
    st.markdown(data.once_for(in_short, known, day))
    table = data.once_for(listing, known, day)
    if not table.empty:
        shown = table.head(field_tables.MOST_SHOWN)
        caption = "Vad som hänt, det senaste först"
        if len(table) > len(shown):
            caption += f" ({len(shown)} av {words.number(len(table))}, resten i filen)"
        grid.show(shown, caption, 520, caution=caution)
        about = [*downloads.about("trygghetsvandringar", caution), f"Sedan {day:%Y-%m-%d}."]
        downloads.tables(f"andrat-sedan-{day:%Y-%m-%d}", {"Ändrat": table}, about)
    if may_write:
        _audit(known, day)


def events(known: Field, day: pd.Timestamp) -> pd.DataFrame:
    """List what happened to findings from a day on, as geo.fieldwork.since."""
    if known.is_demo or known.fault:
        return fieldwork.since(known.findings, day)
    with store.open() as opened:
        return fieldwork.since(known.findings, day, opened.steps())


def listing(known: Field, day: pd.Timestamp) -> pd.DataFrame:
    """List what has happened to findings since a day, newest first."""
    rows = events(known, day)
    table = known.findings.loc[rows["finding_id"]]
    return pd.DataFrame(
        {
            "Datum": [field_words.day(day) for day in rows["day"]],
            "Vad": rows["status"].map(field_words.STATUS).to_numpy(),
            "Fynd": [field_words.short(str(i)) for i in rows["finding_id"]],
            "Kategori": field_tables.categories(known, table).to_numpy(),
            "Basområde": field_tables.areas_of(known, table.index),
            "Beskrivning": table["description"].to_numpy(),
            "Ansvarig": table["owner"].replace("", "–").to_numpy(),
        }
    )


def in_short(known: Field, day: pd.Timestamp) -> str:
    """Say in a sentence what has happened since a day."""
    counts = events(known, day)["status"].value_counts()
    walks = known.walks[walked.counted(known.walks)]
    n_walks = int((walks["date"] >= day).sum())
    said = [words.counted(n_walks, "ny vandring", "nya vandringar")] if n_walks else []
    said += [_so_many(name, counts[s]) for s, name in field_words.STATUS.items() if s in counts]
    if not said:
        return field_answers.NOTHING_NEW
    mark = " (syntetiska demodata)" if known.is_demo else ""
    return f"Sedan {day:%Y-%m-%d}{mark}: **{words.listed(said)}**."


def _so_many(status: str, count: int) -> str:
    """Count findings by status, in Swedish: 1 noterad, 2 noterade, 2 avslagna."""
    one = {"Ansvarig utsedd": "fick ansvarig"}.get(status, status.lower())
    many = {"Avslagen": "avslagna", "Ansvarig utsedd": "fick ansvarig"}
    return words.counted(int(count), one, many.get(status, f"{status.lower()}e"))


def _in_words(values: object, said: Mapping[str, str]) -> str:
    """Write what a change left or found, by the fields' names; what is empty is left out.

    said: ids and codes -> how they are said.
    """
    if not isinstance(values, str) or not values.startswith("{"):
        return "" if pd.isna(values) else str(values)
    found = {WRITTEN[k]: v for k, v in json.loads(values).items() if k in WRITTEN}
    return "; ".join(f"{name}: {said.get(v, v)}" for name, v in found.items())


def _audit(known: Field, day: pd.Timestamp) -> None:
    """Show who registered and changed what since a day, from the store's own history."""
    try:
        with store.open() as opened:
            rows = opened.audit(since=day.tz_localize("Europe/Stockholm"))
    except GeoError as fault:
        st.error(words.markdown_safe(str(fault)))
        return
    rows = rows[rows["dataset"].isin(DATASETS)].sort_values("audit_id", ascending=False)
    shown = rows.head(field_tables.MOST_SHOWN)
    said = field_words.STATUS | field_words.KIND | known.categories
    said |= dict(zip(known.areas.index, known.areas["name"], strict=True))
    table = pd.DataFrame(
        {
            "När": [words.moment(when) for when in shown["made_at"]],
            "Vem": shown["made_by"].replace(WHO),
            "Vad": shown["dataset"].map(DATASETS),
            "Vilket": shown["row_id"],
            "Gjort": shown["action"].map(ACTIONS).fillna(shown["action"]),
            "Före": [_in_words(values, said) for values in shown["before"]],
            "Efter": [_in_words(values, said) for values in shown["after"]],
        }
    )
    otherwise = "Ingen har registrerat eller ändrat något sedan dess."
    grid.show(table, "Registrerat och ändrat här", 420, otherwise)
