"""Tables of walks and findings: the list, what waits on whom, the walks."""

from __future__ import annotations

from typing import Any

import pandas as pd

from geo import chain, findings, read
from geo.sources import DEMO_MARK, SYNTHETIC
from pages.parts import field_words, words
from pages.parts.field import Field, today

MOST_SHOWN = 200
SURE = {"säker": "säkert", "osäker": "osäkert"}


def listing(known: Field, ids: tuple[str, ...]) -> pd.DataFrame:
    """List findings as the page shows them."""
    rows = known.findings.loc[list(ids)]
    return pd.DataFrame(
        {
            "Fynd": [field_words.short(str(i)) for i in rows.index],
            "Noterat": [field_words.day(day) for day in rows["observed_date"]],
            "Basområde": areas_of(known, rows.index),
            "Kategori": categories(known, rows),
            "Slag": rows["kind"].map(field_words.KIND),
            "Beskrivning": rows["description"],
            "Ljus": rows["light"].replace("", "–"),
            "Status": [_status(row) for row in rows.itertuples()],
            "Ansvarig": rows["owner"].replace("", "–"),
        }
    )


def categories(known: Field, rows: pd.DataFrame) -> pd.Series:
    """Return the category of each finding in words."""
    return rows["category"].map(known.categories).fillna(rows["category"])


def caption(ids: pd.Index) -> str:
    """Name the list, and say how much of it is shown."""
    if len(ids) <= MOST_SHOWN:
        return words.counted(len(ids), "fynd i urvalet", "fynd i urvalet")
    return (
        f"De {MOST_SHOWN} senaste av {words.number(len(ids))} fynd i urvalet. Begränsa urvalet, "
        "eller ladda ned alla"
    )


def _status(row: Any) -> str:
    return "–" if row.kind == "bra" else field_words.STATUS[row.status]


def areas_of(known: Field, ids: pd.Index) -> list[str]:
    """Return the name of the base area of each finding."""
    pairs = known.in_base_areas[known.in_base_areas["finding_id"].isin(ids)]
    names = known.base_areas["name"]
    found: dict[str, list[str]] = {}
    for finding_id, area_id in zip(pairs["finding_id"], pairs["area_id"], strict=True):
        found.setdefault(finding_id, []).append(str(names[area_id]))
    return [words.listed(found.get(i, ["inget område"]), "eller") for i in ids]


def full(known: Field, ids: pd.Index) -> pd.DataFrame:
    """List findings whole, for a file: every column, coordinates in SWEREF 99 TM."""
    rows = known.findings.loc[ids]
    waits = (today() - rows["observed_date"]).dt.days.where(chain.is_open(rows)).astype("Int64")
    table = pd.DataFrame(
        {
            "nummer": [field_words.short(str(i)) for i in rows.index],
            "fynd": list(rows.index),
            "vandring": rows["walk_id"],
            "noterat": rows["observed_date"].dt.date,
            "basområde": areas_of(known, rows.index),
            "kategori": categories(known, rows),
            "slag": rows["kind"],
            "beskrivning": rows["description"],
            "ljus": rows["light"],
            "status": rows["status"].map(field_words.STATUS),
            "ansvarig": rows["owner"],
            "svar senast": rows["due_date"].dt.date,
            "väntat (dagar)": waits,
            "besvarat": rows["answered_date"].dt.date,
            "svar": rows["answer"],
            "åtgärdat": rows["done_date"].dt.date,
            "verifierat": rows["verified_date"].dt.date,
            "öst (SWEREF 99 TM)": rows["x"],
            "norr (SWEREF 99 TM)": rows["y"],
            "plats": rows["place"],
            "källa": rows["source"].replace(SYNTHETIC, DEMO_MARK),
        }
    )
    return table.reset_index(drop=True)


def board(known: Field, ids: pd.Index, owner: str | None = None) -> pd.DataFrame:
    """List what waits: owner by owner, the oldest first; of one owner when it is named."""
    rows = findings.board(known.findings.loc[ids], today())
    if owner is not None:
        rows = rows[rows["owner"] == owner]
    shown = rows.head(MOST_SHOWN)
    return pd.DataFrame(
        {
            "Ansvarig": shown["owner"].replace("", field_words.NOBODY),
            "Fynd": [field_words.short(str(i)) for i in shown.index],
            "Väntat": [field_words.days(days) for days in shown["age_days"]],
            "Försenat": [
                "–" if pd.isna(days) else field_words.days(days) for days in shown["overdue_days"]
            ],
            "Kategori": categories(known, shown),
            "Basområde": areas_of(known, shown.index),
            "Beskrivning": shown["description"],
            "Status": shown["status"].map(field_words.STATUS),
            "Nästa steg": [
                ", ".join(field_words.STATUS[s].lower() for s in steps)
                for steps in shown["next_statuses"]
            ],
        }
    )


def owners(known: Field, ids: pd.Index) -> pd.DataFrame:
    """Sum up what each owner has: open, late, closed, and how fast it goes."""
    table = findings.owners(known.findings.loc[ids], today())
    return pd.DataFrame(
        {
            "Ansvarig": [name or field_words.NOBODY for name in table.index],
            "Väntar": [words.number(n) for n in table["n_open"]],
            "Försenade": [words.number(n) for n in table["n_overdue"]],
            "Äldsta som väntar": [field_words.days(n) for n in table["oldest_days"]],
            "Avslutade": [words.number(n) for n in table["n_closed"]],
            "Svar efter (median)": [field_words.days(n) for n in table["days_to_answer"]],
            "Åtgärdat efter (median)": [field_words.days(n) for n in table["days_to_done"]],
        }
    )


def walks(known: Field, *, is_file: bool = False) -> pd.DataFrame:
    """List the walks, newest first, with what is assumed of them; in a file days are days."""
    rows = known.walks.sort_values("date", ascending=False)
    noted = known.findings["walk_id"].value_counts()
    people = ["–" if pd.isna(n) else words.number(n) for n in rows["n_participants"]]
    return pd.DataFrame(
        {
            "Datum": list(rows["date"].dt.date) if is_file else rows["date"].map(field_words.day),
            "Plats": rows["place"],
            "Nätverk": [_network(known, i) for i in rows["network_id"]],
            "Ljus": [light or "–" for light in rows["light"]],
            "Deltagare": rows["n_participants"].astype("Int64") if is_file else people,
            "Datumet är": rows["status"].replace("", "säker").map(SURE),
            "Rutt": ["känd" if shape is not None else "okänd" for shape in rows.geometry],
            "Fynd": [_noted(str(i), int(noted.get(i, 0))) for i in rows.index],
            "Anmärkning": [_note(row) for row in rows.itertuples()],
        }
    )


def _network(known: Field, network_id: str) -> str:
    if network_id not in known.areas.index:
        return "–"
    return words.network(known.areas.at[network_id, "layer"], known.areas.at[network_id, "name"])


def _noted(walk_id: str, count: int) -> str:
    """Count what a walk found; the walks that ship came without findings, which is not none."""
    is_unknown = not count and walk_id in read.walks()[0].index
    return words.MISSING if is_unknown else words.number(count)


def _note(row: Any) -> str:
    return DEMO_MARK if row.source == SYNTHETIC else row.note
