"""The board of what waits, the sheet to hand over, concentrations, and who changed what."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from geo import export, findings, hotspots, store
from geo.errors import GeoError
from geo.report import owner_sheet
from pages.parts import (
    data,
    downloads,
    field_answers,
    field_controls,
    field_tables,
    field_words,
    grid,
    state,
    words,
)
from pages.parts.field import Field, today

EVERYBODY = "Alla ansvariga"
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
VERDICT = {
    hotspots.CONCENTRATION: "koncentration",
    hotspots.FEWER: "färre än väntat",
}
WHY = {
    "few_cells": "För få rutor är vandrade för att jämföra dem.",
    "few_findings": "För få brister är noterade för att jämföra rutor.",
}
GI = (
    "Koncentrationer räknas per **kilometer som någon har gått**, inte per yta: en gata som "
    "vandrats ofta ger fler fynd utan att vara värre. Metod: Getis-Ord Gi* på sexkanter med 150 "
    "meters sida, prövat med omkastning och rättat för att många rutor prövas samtidigt."
)


def board(known: Field, ids: pd.Index, about: Sequence[str], caution: str) -> None:
    """Show what waits, by owner and age, with a sheet to hand to each."""
    if known.findings.empty:
        st.info(field_answers.BEGIN)
        return
    grid.show(field_tables.owners(known, ids), "Vem som har vad", caution=caution)
    waiting = findings.board(known.findings.loc[ids], today())
    names = {EVERYBODY: EVERYBODY} | {
        name: name or field_words.NOBODY for name in dict.fromkeys(waiting["owner"])
    }
    chosen = st.selectbox("Ansvarig", list(names), format_func=names.get, key=state.OWNER_KEY)
    owner = None if chosen == EVERYBODY else str(chosen)
    table = field_tables.board(known, ids, owner)
    grid.show(table, "Väntar, det äldsta först", 520, "Inget väntar i urvalet.", caution)
    if table.empty:
        return
    title = names[chosen]
    name = f"fynd-{title.lower().replace(' ', '-')}-{today():%Y-%m-%d}"
    mine = waiting if owner is None else waiting[waiting["owner"] == owner]
    downloads.buttons(
        [
            (
                "Lista att lämna över (PDF)",
                f"{name}.pdf",
                "application/pdf",
                lambda: owner_sheet.pdf(_sheet(known, title, mine, about, caution)),
            ),
            (
                "Lista att lämna över (Excel)",
                f"{name}.xlsx",
                downloads.EXCEL,
                lambda: export.to_excel(
                    {"Fynd": field_tables.full(known, mine.index)}, list(about)
                ),
            ),
        ]
    )


def _sheet(
    known: Field, owner: str, waiting: pd.DataFrame, about: Sequence[str], caution: str
) -> owner_sheet.Sheet:
    several = waiting["owner"].nunique() > 1  # then each row says whose it is
    rows = pd.DataFrame(
        {
            "number": [field_words.short(str(i)) for i in waiting.index],
            "what": [
                f"{known.categories.get(row.category, row.category)}: {row.description}"
                for row in waiting.itertuples()
            ],
            "where": field_tables.areas_of(known, waiting.index),
            "noted": [field_words.day(day) for day in waiting["observed_date"]],
            "waited": [field_words.days(days) for days in waiting["age_days"]],
            "status": [
                field_words.STATUS[row.status] + (f": {row.owner}" if several and row.owner else "")
                for row in waiting.itertuples()
            ],
            "coordinates": [
                "–" if pd.isna(row.x) else f"{row.x:.0f}, {row.y:.0f}"
                for row in waiting.itertuples()
            ],
        }
    )
    return owner_sheet.Sheet(owner, f"{today():%Y-%m-%d}", rows, about, caution)


def networks(known: Field, caution: str) -> None:
    """Show every network, every base area and every walk, then where findings concentrate."""
    st.markdown(f"{field_answers.NOT_THE_SAME} {field_answers.PLACELESS}")
    table = data.once_for(field_tables.networks, known)
    grid.show(table, "Varje nätverk: vandringar och fynd", 520, caution=caution)
    divided = data.once_for(field_tables.divided, known, field_controls.by())
    otherwise = field_answers.NO_FINDINGS
    grid.show(divided, "Fynd per nätverk, uppdelade", 420, otherwise, caution)
    base_areas = data.once_for(field_tables.base_areas, known)
    grid.show(base_areas, "Varje basområde: vandringar och fynd", 420, caution=caution)
    walks = data.once_for(field_tables.walks, known)
    grid.show(walks, "Alla vandringar", 420, caution=caution)
    concentrations(known, caution)
    sheets = {"Nätverk": table, "Uppdelat": divided, "Basområden": base_areas}
    about = downloads.about("trygghetsvandringar", caution)
    downloads.tables("vandringar-natverk", sheets | {"Vandringar": walks}, about)


def concentrations(known: Field, caution: str) -> None:
    """Show where more is noted per kilometre than elsewhere, and how sure that is."""
    st.header("Koncentrationer", anchor=False)
    st.markdown(GI)
    found = data.once_for(_concentrations, known)
    if found.is_unsure:
        st.info(f"**Osäkert, för lite underlag.** {WHY.get(found.why, found.why)}")
    table = data.once_for(_cells, known)
    grid.show(
        table,
        "Rutor där fynden per km skiljer sig från omgivningen",
        360,
        "Ingen ruta skiljer sig säkert från de andra.",
        caution,
    )
    tested = words.counted(found.n_tested, "ruta är prövad", "rutor är prövade")
    st.caption(
        f"{tested}; {words.counted(found.n_findings, 'brist', 'brister')} ligger i dem. "
        f"{found.n_outside} ligger utanför och {found.n_without_point} har ingen punkt."
    )


def _concentrations(known: Field) -> hotspots.Concentrations:
    area = known.base_areas.geometry.union_all()
    return hotspots.concentrations(known.findings, known.walks, area)


def _cells(known: Field) -> pd.DataFrame:
    cells = _concentrations(known).cells
    cells = cells[cells["verdict"].isin(VERDICT)].sort_values("p_adjusted")
    held = known.base_areas.sindex.query(cells.geometry.centroid, predicate="intersects")
    names = dict(zip(held[0], known.base_areas["name"].to_numpy()[held[1]], strict=True))
    return pd.DataFrame(
        {
            "Ruta i": [names.get(place, "–") for place in range(len(cells))],
            "Vad": cells["verdict"].map(VERDICT).to_numpy(),
            "Brister": [words.number(n) for n in cells["n_findings"]],
            "Km vandrat": [words.number(km, 2) for km in cells["km_walked"]],
            "Per km": [words.number(rate, 1) for rate in cells["rate_per_km"]],
            "Justerat p-värde": [words.number(p, 3) for p in cells["p_adjusted"]],
        }
    )


def _in_words(values: object) -> str:
    """Write what a change left or found, by the fields' names; what is empty is left out."""
    if not isinstance(values, str) or not values.startswith("{"):
        return "" if pd.isna(values) else str(values)
    found = {WRITTEN[k]: v for k, v in json.loads(values).items() if k in WRITTEN}
    said = field_words.STATUS | field_words.KIND
    return "; ".join(f"{name}: {said.get(v, v)}" for name, v in found.items())


def audit(day: pd.Timestamp) -> None:
    """Show who registered and changed what since a day, from the store's own history."""
    try:
        with store.open() as opened:
            rows = opened.audit(since=day.tz_localize("Europe/Stockholm"))
    except GeoError as fault:
        st.error(words.markdown_safe(str(fault)))
        return
    rows = rows[rows["dataset"].isin(DATASETS)].sort_values("audit_id", ascending=False)
    shown = rows.head(field_tables.MOST_SHOWN)
    table = pd.DataFrame(
        {
            "När": [words.moment(when) for when in shown["made_at"]],
            "Vem": shown["made_by"].replace(WHO),
            "Vad": shown["dataset"].map(DATASETS),
            "Vilket": shown["row_id"],
            "Gjort": shown["action"].map(ACTIONS).fillna(shown["action"]),
            "Före": shown["before"].map(_in_words),
            "Efter": shown["after"].map(_in_words),
        }
    )
    otherwise = "Ingen har registrerat eller ändrat något sedan dess."
    grid.show(table, "Registrerat och ändrat här", 420, otherwise)
