"""Findings and walks made in code, and everything that a store keeps, read past the store."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd
import sqlalchemy as sa

from geo import kinds
from geo.store import Store
from geo.store.tables import ALL

DAY = pd.Timestamp("2026-03-02")
TEXTS = [column.name for column in kinds.FINDINGS.columns if column.type == "text"]
DAYS = [column.name for column in kinds.FINDINGS.columns if column.type == "date"]
PLACE = {"x": 377_000.5, "y": 6_400_000.25}
ROUTE = "LINESTRING (377000 6400000, 377100 6400050.5)"


def finding(finding_id: str = "f1", **other: Any) -> dict[str, Any]:
    known: dict[str, Any] = dict.fromkeys(TEXTS, "") | dict.fromkeys(DAYS, pd.NaT) | PLACE
    known |= {"finding_id": finding_id, "observed_date": DAY, "kind": "brist", "status": "noted"}
    return known | {"category": "Belysning", "description": f"Lampan vid {finding_id}"} | other


def findings(*rows: Mapping[str, Any]) -> pd.DataFrame:
    names = [column.name for column in kinds.FINDINGS.columns]
    table = pd.DataFrame(list(rows), columns=names)
    table = table.astype(dict.fromkeys(DAYS, "datetime64[ns]") | {"x": "float64", "y": "float64"})
    return table.set_index("finding_id")


def walk(walk_id: str = "w1", **other: Any) -> dict[str, Any]:
    known: dict[str, Any] = {"walk_id": walk_id, "date": DAY, "network_id": "on-norrby"}
    known |= dict.fromkeys(("status", "note", "source", "start_time", "end_time", "same_as"), "")
    known |= {"place": "Norrby", "light": "mörker", "step": 2, "n_participants": None}
    return known | {"organisers": ("Polisen", "AB Bostäder"), "route": "", "assumed": ()} | other


def walks(*rows: Mapping[str, Any]) -> pd.DataFrame:
    names = [column.name for column in kinds.WALKS.columns]
    return pd.DataFrame(list(rows), columns=names, dtype=object)


def save(kept: Store, *rows: Mapping[str, Any], made_by: str = "Åsa") -> None:
    kept.save_findings(findings(*rows), made_by)


def change(kept: Store, version: int, made_by: str = "Bo", finding_id: str = "f1", **cells: Any):
    kept.change_finding(finding_id, cells, version, made_by)


def take(kept: Store, *rows: Mapping[str, Any], of_walks: Any = (), sha256: str = "1"):
    """Take in a file of the field; the id is a column there."""
    about = {"file_name": "runda.csv", "sha256": sha256, "made_by": "Åsa"}
    return kept.save_field(findings(*rows).reset_index(), walks(*of_walks), **about)


def meeting(meeting_id: str = "m1", **other: Any) -> dict[str, Any]:
    known: dict[str, Any] = {"meeting_id": meeting_id, "date": DAY, "network_id": "bu-boda"}
    known |= {"kind": "ordinarie", "starred": False, "counts_for_cadence": True}
    return known | {"agenda": "Lägesbild", "present": ("Skola:2", "Polis:1")} | other


def meetings(*rows: Mapping[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(list(rows)).astype({"date": "datetime64[ns]"})


def decision(decision_id: str = "b1", **other: Any) -> dict[str, Any]:
    known: dict[str, Any] = {"decision_id": decision_id, "meeting_id": "m1", "decided_date": DAY}
    known |= {"network_id": "bu-boda", "decision": "Fler vuxna ute", "owner": "Fritid"}
    return known | {"due_date": DAY + pd.Timedelta(days=30), "priority_id": "3"} | other


def plan(plan_id: str = "p1", **other: Any) -> dict[str, Any]:
    known: dict[str, Any] = {"plan_id": plan_id, "network_id": "bu-boda", "title": "Plan 2026"}
    known |= {"valid_from": DAY, "valid_to": pd.NaT, "focus_areas": ("Skolvägen", "Belysning")}
    return known | {"priority_ids": ("1", "3"), "note": "", "source": ""} | other


def one(kept: Store, finding_id: str = "f1") -> pd.Series:
    return kept.findings().loc[finding_id]


def plain(table: pd.DataFrame, names: Any) -> list[list[Any]]:
    """Return columns of a frame as Python's own values, what is missing as None."""
    cells = pd.DataFrame(table).reset_index()[list(names)].astype(object)
    return [[None if pd.isna(cell) else cell for cell in row] for row in cells.to_numpy().tolist()]


def everything(kept: Store, *but: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table (but some), sorted by their text, as the database has it."""
    with kept.file.engine.connect() as connection:
        found = {
            table.name: [tuple(row) for row in connection.execute(sa.select(table))]
            for table in ALL
            if table.name not in but
        }
    return {name: sorted(rows, key=repr) for name, rows in found.items()}


def sql(kept: Store, statement: str, **values: Any) -> list[tuple[Any, ...]]:
    """Run a statement as somebody would who goes past the store."""
    with kept.file.engine.begin() as connection:
        found = connection.execute(sa.text(statement), values)
        return [tuple(row) for row in found] if found.returns_rows else []


def is_postgres(kept: Store) -> bool:
    return kept.file.path is None


def today() -> pd.Timestamp:
    return pd.Timestamp(date.today())
