"""Fetches key figures of the municipality and the country from Kolada (v3), frozen to a file."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pandas as pd

from geo.changes import COLUMNS
from geo.errors import GeoError
from geo.fetch import frozen, register
from geo.fetch.http import Client, base_address
from geo.sources import DATA

ADDRESS = "https://api.kolada.se/v3"
VINTAGE = "kommun"
PER_PAGE = 5000
BATCH = 25
MAX_PAGES = 200
GROUPS = {"T": "alla", "K": "kvinnor", "M": "män"}
AGAIN = "Försök igen; kvarstår felet har Kolada ändrat formen på sina svar."
Progress = Callable[[int, int], None]
Key = tuple[str, str, str, str]


def fetch(
    out_folder: Path,
    *,
    address: str = ADDRESS,
    municipalities: Sequence[str] = ("1490", "0000"),
    progress: Progress | None = None,
    today: date | None = None,
    client: Client | None = None,
    kpis: Path = DATA / "kolada_kpis.csv",
) -> Path:
    """Fetch the key figures of whole municipalities from Kolada and freeze them to one CSV.

    municipalities: four digits, 0000 = the country. kpis: the register of key figures. progress,
    today, client: as in geo.fetch.scb.fetch. Kolada knows no smaller areas than municipalities:
    the rows have area_vintage kommun and are never a network's own.

    Returns kolada_DATE.csv with its account beside it (Kolada's own titles among it, so that a
    person can confirm the key figure). value stands alone (per cent 0–100 or per 100 000), since
    Kolada gives no numerator. A value that Kolada lacks is missing; a 0 stays 0, although some
    key figures count what is lacking as 0 (note in the register). Raises GeoError for an unknown
    key figure, for an answer that does not agree with the question, for a next page on another
    host and for a service that cannot answer; then no file is written.

    >>> fetch(Path("ut"), municipalities=["Borås"])
    Traceback (most recent call last):
    geo.errors.GeoError: Kommunerna Borås är inga kommunkoder. Skriv dem som 1490 (0000 = riket).
    """
    places = _places(municipalities)
    base, day = base_address(address), today or date.today()
    known = register.kolada(kpis)
    batches = [places[start : start + BATCH] for start in range(0, len(places), BATCH)]
    with nullcontext(client) if client else Client() as asker:
        calls = _Calls(asker, progress, len(known) * (1 + len(batches)))
        said = {kpi: _described(calls.ask(f"{base}/kpi/{kpi}"), kpi) for kpi in known.index}
        values: dict[Key, float] = {}
        for kpi, batch in product(known.index, batches):
            url = f"{base}/data/kpi/{kpi}/municipality/{','.join(batch)}?per_page={PER_PAGE}"
            for page in _pages(calls, url):
                _add(values, page, kpi, batch)
    _refuse_empty(values, known, places)
    account = {
        "source": f"Kolada, hämtad {day.isoformat()}",
        "licence": "Källa: Kolada",
        "fetched_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "kpis": said,
        "n_cells": len(values),
        "n_cells_missing": sum(map(math.isnan, values.values())),
        "asked": [{"url": url} for url in calls.asked],
    }
    rows = _rows(values, known, day)
    return frozen.write(rows, out_folder / f"kolada_{day.isoformat()}.csv", account)


def _places(municipalities: Sequence[str]) -> list[str]:
    odd = [code for code in municipalities if not re.fullmatch(r"\d{4}", code)]
    if odd or not municipalities:
        raise GeoError(
            f"Kommunerna {', '.join(odd) or '(inga)'} är inga kommunkoder. "
            "Skriv dem som 1490 (0000 = riket)."
        )
    return list(dict.fromkeys(municipalities))


class _Calls:
    """Asks, counts the calls and remembers the addresses; pages are added as they turn up."""

    def __init__(self, client: Client, progress: Progress | None, total: int) -> None:
        self.client, self.total = client, total
        self.progress = progress or (lambda done, total: None)
        self.asked: list[str] = []

    def ask(self, url: str) -> dict[str, Any]:
        answer = self.client.ask(url)
        self.asked.append(url)
        self.total = max(self.total, len(self.asked))
        self.progress(len(self.asked), self.total)
        return answer


def _described(answer: dict[str, Any], kpi: str) -> dict[str, str]:
    values = answer.get("values")
    first = values[0] if isinstance(values, list) and values else {}
    if not isinstance(first, dict) or first.get("id") != kpi:
        raise GeoError(
            f"Kolada har inget nyckeltal {kpi}. Rätta raden i data/kolada_kpis.csv. "
            "Ingen fil har skrivits."
        )
    return {name: str(first.get(name) or "") for name in ("title", "publication_date")}


def _pages(calls: _Calls, url: str) -> Iterator[list[Any]]:
    """Yield the values of each page; the next one is asked for on the same host alone."""
    seen = {url}
    while True:
        answer = calls.ask(url)
        if not isinstance(answer.get("values"), list):
            raise GeoError(f"Kolada svarade utan values. {AGAIN}")
        yield answer["values"]
        said = answer.get("next_url")
        if not said:
            return
        following = urlsplit(urljoin(url, str(said)))
        if following.netloc != urlsplit(url).netloc:
            raise GeoError(
                f"Kolada hänvisar nästa sida till {following.netloc}, en annan värd, och den följs "
                "inte. Ingen fil har skrivits."
            )
        url = following._replace(scheme=urlsplit(url).scheme).geturl()
        if url in seen or len(seen) >= MAX_PAGES:
            raise GeoError("Kolada ger samma sida om och om igen. Försök igen senare.")
        seen.add(url)


def _add(values: dict[Key, float], page: list[Any], kpi: str, batch: Sequence[str]) -> None:
    """Add a page's values; a value for something that was not asked for is refused."""
    for entry in page:
        try:
            place, period = str(entry["municipality"]), str(entry["period"])
            figures = [(GROUPS[figure["gender"]], _number(figure)) for figure in entry["values"]]
            is_ours = entry["kpi"] == kpi and place in batch and period.isdigit()
        except (KeyError, TypeError):
            text = f"Kolada svarade i en annan form än väntat: {entry!r:.200}. {AGAIN}"
            raise GeoError(text) from None
        if not is_ours:
            raise GeoError(f"Kolada svarade på något annat än {kpi}: {entry!r:.200}. {AGAIN}")
        for group, number in figures:
            key = (kpi, place, period, group)
            before = values.setdefault(key, number)
            if before != number and not (math.isnan(before) and math.isnan(number)):
                raise GeoError(f"Kolada gav två olika värden för {', '.join(key)}. Försök igen.")


def _number(figure: dict[str, Any]) -> float:
    value = figure.get("value")
    if value is None or figure.get("isdeleted"):
        return math.nan
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(value)
    return float(value)


def _refuse_empty(values: dict[Key, float], known: pd.DataFrame, places: list[str]) -> None:
    found = {key for key, number in values.items() if not math.isnan(number)}
    empty = [kpi for kpi in known.index if kpi not in {key[0] for key in found}]
    empty += [place for place in places if place not in {key[1] for key in found}]
    if empty:
        raise GeoError(
            f"Kolada gav inga värden för {', '.join(empty)}. Kontrollera nyckeltalen i "
            "data/kolada_kpis.csv och kommunkoderna. Ingen fil har skrivits."
        )


def _rows(values: dict[Key, float], known: pd.DataFrame, day: date) -> pd.DataFrame:
    rows = pd.DataFrame(
        [(*key, number) for key, number in sorted(values.items())],
        columns=["kpi", "area_code", "period", "group", "value"],
    )
    share = rows["kpi"].map(known["unit"]) == "procent"
    outside = rows[share & ((rows["value"] < 0) | (rows["value"] > 100))]
    if len(outside):
        raise GeoError(
            f"Kolada gav {outside['value'].iloc[0]:g} för {outside['kpi'].iloc[0]}; procent mellan "
            "0 och 100 väntades. Kontrollera raden i data/kolada_kpis.csv. Ingen fil har skrivits."
        )
    rows["indicator_id"] = rows["kpi"].map(known["indicator_id"])
    rows["area_vintage"] = VINTAGE
    rows["source"] = "Kolada " + rows["kpi"] + f", hämtad {day.isoformat()}"
    rows["numerator"] = rows["denominator"] = math.nan
    rows["status"] = rows["value"].isna().map({True: "missing", False: "ok"})
    return rows[list(COLUMNS)]
