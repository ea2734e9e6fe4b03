"""The board of what waits, the sheet to hand over, every network, concentrations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from geo import chain, export, findings, hotspots
from geo.report import owner_sheet
from pages.parts import (
    auth,
    data,
    downloads,
    field_answers,
    field_controls,
    field_figures,
    field_follow,
    field_tables,
    field_words,
    grid,
    state,
    words,
)
from pages.parts.field import Field, today

EVERYBODY = "Alla ansvariga"
SURE, FEWER, PERHAPS = "säkert fler", "säkert färre", "möjligen fler"
WHY = {
    "few_cells": "För få rutor är vandrade för att jämföra dem.",
    "few_findings": "För få brister är noterade för att jämföra rutor.",
}
LATE = (
    "Försenat: dagen för svar senast har passerat. Utan en sådan dag kan ett fynd inte bli "
    "försenat; hur länge det har väntat står ändå. Sätt dagen när en ansvarig utses."
)
GI = (
    "Koncentrationer räknas per **kilometer som någon har gått**, inte per yta: en gata som "
    "vandrats ofta ger fler fynd utan att vara värre. Metod: Getis-Ord Gi* på sexkanter med 150 "
    "meters sida, prövat med omkastning och rättat för att många rutor prövas samtidigt."
)


def board(
    known: Field, ids: pd.Index, about: Sequence[str], caution: str, person: auth.Person
) -> None:
    """Show what waits, by owner and age, with a sheet to hand to each; follow one of them up."""
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
    order = "ansvarig för ansvarig, det äldsta först" if owner is None else "det äldsta först"
    grid.show(table, f"Väntar, {order}", 520, "Inget väntar i urvalet.", caution)
    st.caption(LATE)
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
    st.header("Följ upp ett av dem", anchor=False)
    found = field_controls.finding(known, mine.index)
    if found:
        field_follow.detail(known, found, person)


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
            "waited": [_waited(row) for row in waiting.itertuples()],
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
    day, said = f"{today():%Y-%m-%d}", _so_far(waiting)
    return owner_sheet.Sheet(owner, day, rows, about, caution, said)


def _waited(row: Any) -> str:
    due = "" if pd.isna(row.due_date) else f", svar senast {row.due_date:%Y-%m-%d}"
    late = "" if pd.isna(row.overdue_days) else " (försenat)"
    return f"{field_words.days(row.age_days)}{due}{late}"


def _so_far(waiting: pd.DataFrame) -> str:
    """Say how many wait, and for what: an answer, or that what was answered is done."""
    n_answered = int((waiting["status"] == chain.ANSWERED).sum())
    rest = len(waiting) - n_answered
    said = [words.counted(rest, "väntar på svar", "väntar på svar")] if rest else []
    done = ("är besvarat men inte åtgärdat", "är besvarade men inte åtgärdade")
    said += [words.counted(n_answered, *done)] if n_answered else []
    return f"{words.counted(len(waiting), 'fynd', 'fynd')}: {words.listed(said)}."


def networks(known: Field, caution: str) -> None:
    """Show every network, every base area and every walk, then where findings concentrate."""
    st.markdown(f"{field_answers.NOT_THE_SAME} {field_answers.PLACELESS}")
    table = data.once_for(field_figures.networks, known)
    grid.show(table, "Varje nätverk: vandringar och fynd", 520, caution=caution)
    st.caption(field_figures.RESTS)
    by = field_controls.by()
    otherwise = field_answers.NO_FINDINGS
    divided = data.once_for(field_figures.divided, known, by)
    grid.show(divided, "Fynd per nätverk, uppdelade", 420, otherwise, caution)
    base_areas = data.once_for(field_figures.base_areas, known)
    grid.show(base_areas, "Varje basområde: vandringar och fynd", 420, caution=caution)
    walks = data.once_for(field_tables.walks, known)
    grid.show(walks, "Alla vandringar", 420, caution=caution)
    concentrations(known, caution)
    sheets = {
        "Nätverk": field_figures.networks(known, is_file=True),
        "Uppdelat": field_figures.divided(known, by, is_file=True),
        "Basområden": field_figures.base_areas(known, is_file=True),
        "Vandringar": field_tables.walks(known, is_file=True),
    }
    about = [*downloads.about("trygghetsvandringar", caution), field_figures.RESTS]
    downloads.tables("vandringar-natverk", sheets, about)


def concentrations(known: Field, caution: str) -> None:
    """Show where more is noted per kilometre than elsewhere, and how sure that is."""
    st.header("Koncentrationer", anchor=False)
    st.markdown(GI)
    found = data.once_for(_concentrations, known)
    if found.is_unsure:
        st.info(f"**Osäkert, för lite underlag.** {WHY.get(found.why, found.why)}")
    table = data.once_for(_cells, known)
    otherwise = "Ingen ruta skiljer sig från de andra, säkert eller möjligen."
    if found.is_unsure:
        otherwise = "Ingen ruta är jämförd, så inget kan sägas om koncentrationer."
    grid.show(table, "Rutor där fynden per km skiljer sig", 360, otherwise, caution)
    tested = words.counted(found.n_tested, "ruta är prövad", "rutor är prövade")
    st.caption(
        f"{tested}; {words.counted(found.n_findings, 'brist', 'brister')} ligger i vandrade rutor. "
        f"Inte med: {found.n_off_route} som inte är noterade på en vandring med känd rutt, "
        f"{found.n_outside} utanför rutorna och {found.n_without_point} utan punkt. **Säkert**: "
        "justerat p-värde högst 0,05. **Möjligen**: p-värde högst 0,05 före justeringen; av 100 "
        "rutor hamnar då några där av en slump."
    )


def _concentrations(known: Field) -> hotspots.Concentrations:
    area = known.base_areas.geometry.union_all()
    return hotspots.concentrations(known.findings, known.walks, area)


def _cells(known: Field) -> pd.DataFrame:
    cells = _concentrations(known).cells
    is_sure = cells["verdict"].isin([hotspots.CONCENTRATION, hotspots.FEWER])
    cells = cells[is_sure | cells["is_possible"]].sort_values("p")
    said = {hotspots.CONCENTRATION: SURE, hotspots.FEWER: FEWER}
    held = known.base_areas.sindex.query(cells.geometry.centroid, predicate="intersects")
    names = dict(zip(held[0], known.base_areas["name"].to_numpy()[held[1]], strict=True))
    return pd.DataFrame(
        {
            "Ruta med grannar, i": [names.get(place, "–") for place in range(len(cells))],
            "Vad": cells["verdict"].map(said).fillna(PERHAPS).to_numpy(),
            "Brister": [words.number(n) for n in cells["n_findings"]],
            "Km vandrat": [words.number(km, 2) for km in cells["km_walked"]],
            "Per km": [words.number(rate, 1) for rate in cells["rate_per_km"]],
            "Justerat p-värde": [words.number(p, 3) for p in cells["p_adjusted"]],
        }
    )
