"""Fetches statistics of the base areas from SCB (PxWeb API v2) and freezes them to files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from geo.errors import GeoError
from geo.fetch import frozen, jsonstat, longform, plan, register
from geo.fetch.http import Client, base_address
from geo.fetch.kept import Kept
from geo.fetch.register import Measure
from geo.sources import DATA

ADDRESS = "https://statistikdatabasen.scb.se/api/v2"
VINTAGE = "RegSO2025"
MAX_CELLS = 150_000
UNFINISHED = "unfinished"
FORM = "lang=sv&outputFormat=json-stat2"
Progress = Callable[[int, int], None]
Found = TypeVar("Found")


@dataclass(frozen=True)
class _Table:
    """A table that is asked for: its measures, what it says of itself, and the selections."""

    table_id: str
    measures: list[Measure]
    label: str
    updated: str
    selections: list[jsonstat.Codes]


def fetch(
    base_area_ids: Iterable[str],
    out_folder: Path,
    *,
    indicators: Sequence[str] | None = None,
    address: str = ADDRESS,
    progress: Progress | None = None,
    today: date | None = None,
    client: Client | None = None,
    tables: Path = DATA / "scb_tables.csv",
    max_cells: int = MAX_CELLS,
) -> list[Path]:
    """Fetch each area's statistics from SCB and freeze them: a CSV in the long form per table.

    base_area_ids: RegSO 2025 codes (1490R001). indicators: indicator_ids of the register tables
    (default all). address: the API's base address. progress is called with (calls done, calls in
    all). today: the date of the file's name and source (default the computer's). client: carries
    limits and clock.

    Returns the files scb_TABLE_DATE.csv, each with its account beside it (.csv.json; see
    frozen.account). First every table's metadata is held against the register; then the cells
    are asked for; the files are written last, so that a fault leaves no new file. Answers are
    kept in out_folder/unfinished until then, and a fetch that is started again asks only for
    what is lacking, as long as the table's own stamp is the same.

    Raises GeoError for unknown ids, for a table that has changed (expected and found are named)
    and for a service that cannot answer. A null, or a sign of dots, is missing and never 0.

    >>> fetch(["Norrby"], Path("ut"))
    Traceback (most recent call last):
    geo.errors.GeoError: Områdena Norrby är inga RegSO-koder. Skriv dem som 1490R001.
    """
    regions = _regions(base_area_ids)
    measures = _measures(tables, indicators)
    base, day = base_address(address), today or date.today()
    kept = Kept(out_folder / UNFINISHED)
    with nullcontext(client) if client else Client() as asker:
        count = _Count(progress, len({measure.table_id for measure in measures}))
        found = _plan(asker, base, measures, regions, max_cells, count)
        answers = [_answers(asker, base, table, kept, count) for table in found]
    made = [_made(table, given, day) for table, given in zip(found, answers, strict=True)]
    for table, (rows, account) in zip(found, made, strict=True):
        frozen.write(rows, _path(out_folder, table, day), account)
    kept.forget([given["question"] for answer in answers for given in answer])
    return [_path(out_folder, table, day) for table in found]


def _path(out_folder: Path, table: _Table, day: date) -> Path:
    return out_folder / f"scb_{table.table_id}_{day.isoformat()}.csv"


class _Count:
    """Counts the calls: one of metadata and at least one of data for each table."""

    def __init__(self, progress: Progress | None, n_tables: int) -> None:
        self.progress = progress or (lambda done, total: None)
        self.done, self.total = 0, 2 * n_tables

    def one(self) -> None:
        self.done += 1
        self.progress(self.done, self.total)


def _regions(base_area_ids: Iterable[str]) -> list[str]:
    codes = list(dict.fromkeys(str(code).removesuffix(f"_{VINTAGE}") for code in base_area_ids))
    odd = [code for code in codes if not re.fullmatch(r"\d{4}R\d{3}", code)]
    if odd or not codes:
        told = ", ".join(odd[:8]) or "(inga)"
        raise GeoError(f"Områdena {told} är inga RegSO-koder. Skriv dem som 1490R001.")
    return [f"{code}_{VINTAGE}" for code in codes]


def _measures(tables: Path, indicators: Sequence[str] | None) -> list[Measure]:
    measures = register.scb(tables)
    known = list(dict.fromkeys(measure.indicator_id for measure in measures))
    chosen = known if indicators is None else list(indicators)
    unknown = [indicator for indicator in chosen if indicator not in known]
    if unknown or not chosen:
        raise GeoError(
            f"Indikatorerna {', '.join(unknown) or '(inga)'} hämtas inte från SCB. "
            f"Välj bland {', '.join(known)}."
        )
    return [measure for measure in measures if measure.indicator_id in chosen]


def _plan(
    client: Client,
    base: str,
    measures: list[Measure],
    regions: list[str],
    max_cells: int,
    count: _Count,
) -> list[_Table]:
    """Ask every table's metadata, hold it against the register, divide what is asked."""
    found, told = [], []
    for table_id in dict.fromkeys(measure.table_id for measure in measures):
        mine = [measure for measure in measures if measure.table_id == table_id]
        metadata = client.ask(f"{base}/tables/{table_id}/metadata?lang=sv")
        count.one()
        codes = _read(jsonstat.dimensions, metadata, table_id)
        faults = plan.faults(mine, codes, regions)
        if faults:
            told.append(
                f"SCB {table_id} har inte det som väntades: {'; '.join(faults)}. "
                f"Tabellen har nu kolumnerna {', '.join(codes)}."
            )
            continue
        parts = plan.selections(mine, codes, regions, max_cells)
        label, updated = str(metadata.get("label", "")), str(metadata.get("updated", ""))
        found.append(_Table(table_id, mine, label, updated, parts))
    if told:
        raise GeoError(
            f"{' '.join(told)} Rätta tabellernas rader i data/scb_tables.csv, eller områdenas "
            "koder. Ingen fil har skrivits."
        )
    count.total = len(found) + sum(len(table.selections) for table in found)
    return found


def _answers(
    client: Client, base: str, table: _Table, kept: Kept, count: _Count
) -> list[dict[str, Any]]:
    """Return question, cells and time of each of a table's answers, asked now or kept."""
    found = []
    url = f"{base}/tables/{table.table_id}/data?{FORM}"
    for selection in table.selections:
        question = plan.question(url, selection, table.updated)
        answer, asked_at = kept.answer(question, partial(_ask, client, question, table, selection))
        found.append({"question": question, "asked_at": asked_at, "cells": jsonstat.cells(answer)})
        count.one()
    return found


def _ask(
    client: Client, question: plan.Question, table: _Table, selection: jsonstat.Codes
) -> dict[str, Any]:
    """Ask one question; an answer that is not to the question is refused before it is kept."""
    answer = client.ask(question["url"], question["body"])
    answered = _read(jsonstat.dimensions, answer, table.table_id)
    plan.refuse_other_codes(selection, answered, table.table_id)
    _read(jsonstat.cells, answer, table.table_id)
    return answer


def _read(how: Callable[[dict[str, Any]], Found], answer: dict[str, Any], table_id: str) -> Found:
    try:
        return how(answer)
    except GeoError as fault:
        raise GeoError(
            f"SCB {table_id}: {fault} Försök igen; kvarstår felet har SCB ändrat formen på sina "
            "svar."
        ) from fault


def _made(
    table: _Table, answers: list[dict[str, Any]], day: date
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Return a table's rows in the long form, and the account of how they were fetched."""
    cells = pd.concat([answer["cells"] for answer in answers], ignore_index=True)
    source = f"SCB {table.table_id}, hämtad {day.isoformat()}"
    signs = cells.loc[cells["sign"] != "", "sign"].value_counts()
    questions = [answer["question"] for answer in answers]
    account = {
        "source": source,
        "licence": "CC0",
        "fetched_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "table": {"id": table.table_id, "label": table.label, "updated": table.updated},
        "n_cells": len(cells),
        "n_cells_missing": int(cells["value"].isna().sum()),
        "signs": {str(sign): int(n) for sign, n in signs.items()},
        "asked": [
            {"url": question["url"], "body": question["body"], "asked_at": answer["asked_at"]}
            for question, answer in zip(questions, answers, strict=True)
        ],
    }
    return longform.rows(table.measures, cells, vintage=VINTAGE, source=source), account
