"""The commands that show statistics as they may be shown, and that make the demonstration set."""

from __future__ import annotations

import argparse
import io
import json
from pathlib import Path
from typing import Any

import pandas as pd
from tqdm import tqdm

from geo import allocate, demo, demo_walks, export, intervals, read, store, trend, welfare
from geo.commands.console import usable
from geo.errors import GeoError
from geo.layout import OK, SECONDARY, SMALL, TOTAL, WHOLE
from geo.sources import DATA, DEMO_MARK

DEMO_FILE = DATA / "demo" / "statistics.csv"
AGAINST = {
    intervals.LOWER: "säkert lägre än Borås",
    intervals.HIGHER: "säkert högre än Borås",
    intervals.SAME: "som Borås",
    intervals.UNSURE: "går inte att skilja från Borås",
}
WHY = {
    "missing": "uppgift saknas",
    "not_applicable": "räknas inte samman",
    "hidden_by_source": "dolt i källan",
}
TREND = {
    trend.RISING: "stiger",
    trend.FALLING: "sjunker",
    trend.LEVEL: "ingen tydlig riktning",
    trend.TOO_SHORT: "för kort serie",
}


def add(acts: argparse._SubParsersAction[Any], commands: argparse._SubParsersAction[Any]) -> None:
    """Add statistics show, and demo, to the command line.

    >>> parser = argparse.ArgumentParser()
    >>> both = parser.add_subparsers()
    >>> add(both, both)
    >>> parser.parse_args(["show", "on-norrby"]).area_id
    'on-norrby'
    """
    show = acts.add_parser("show", help="ett områdes värden bredvid stadens, det som får visas")
    show.add_argument("area_id", metavar="OMRÅDE", help="till exempel on-norrby eller 1490R025")
    show.add_argument("--indicator", metavar="ID", help="bara en indikator")
    show.add_argument("--trend", action="store_true", help="med utveckling (räknar alla perioder)")
    show.add_argument("--json", action="store_true", help="skriv som JSON")
    show.set_defaults(run=_show)

    made_up = commands.add_parser(
        "demo", help="gör den syntetiska demonstrationsmängden: statistik, vandringar, fynd"
    )
    made_up.add_argument("--out", type=Path, default=DEMO_FILE, metavar="FIL")
    made_up.add_argument("--seed", type=int, default=demo.SEED, metavar="FRÖ")
    made_up.set_defaults(run=_demo)


def _demo(options: argparse.Namespace) -> int:
    indicators, base_areas = usable(read.indicators()), usable(read.base_areas())
    named = read.register("finding_categories", "category")["name"]
    categories = {str(key): str(name) for key, name in named.items()}
    owners = list(read.register("finding_owners")["owner"])
    walks = demo_walks.walks(base_areas, usable(read.memberships()), options.seed)
    made = {
        options.out.name: demo.statistics(indicators, base_areas.index, options.seed),
        "walks.csv": walks,
        "findings.csv": demo_walks.findings(walks, categories, owners, options.seed),
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    for name, table in made.items():
        text = io.StringIO()
        table.to_csv(text, index=False, lineterminator="\n")
        export.write_text(options.out.with_name(name), text.getvalue())
        print(f"{options.out.with_name(name)}: {len(table)} rader. {DEMO_MARK}.")
    return 0


def _show(options: argparse.Namespace) -> int:
    indicators = usable(read.indicators())
    weights = allocate.weights(usable(read.memberships()))
    known = {*weights.index, *weights.columns, *welfare.shown_weights(weights).columns, TOTAL}
    if options.area_id not in known:
        raise GeoError(
            f"{options.area_id!r} finns inte. Skriv ett nätverk (on-norrby), ett basområde "
            "(1490R025), ett lager (omrade) eller total."
        )
    with store.open() as kept:
        statistics = welfare.current(kept.statistics(), read.demo_statistics()[0])
    asked = indicators[indicators.index.isin(set(statistics["indicator_id"]))]
    if options.indicator:
        asked = asked[asked.index == options.indicator]
    if asked.empty:
        raise GeoError(f"Inga tal för {options.indicator!r}. Indikatorerna: data/indicators.csv.")
    rows = []
    for name, indicator in tqdm(asked.iterrows(), total=len(asked), desc="Räknar", disable=None):
        figures = statistics[statistics["indicator_id"] == name]
        rows.append(_row(indicator, figures, weights, options.area_id, options.trend))
    if options.json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        _print(rows)
    return 0


def _row(
    indicator: pd.Series, rows: pd.DataFrame, weights: pd.DataFrame, area_id: str, with_trend: bool
) -> dict[str, Any]:
    """Return the newest value of an area, the city's, and how it has developed."""
    if with_trend:
        views = welfare.views(indicator, rows, weights)
    else:
        views = [welfare.view(indicator, rows, weights, welfare.periods(rows, weights)[0])]
    newest = views[0]
    about = {"indicator_id": newest.indicator_id, "name": indicator["name"]}
    about |= {"unit": indicator["unit"], "period": newest.period, "is_demo": newest.is_demo}
    about |= {"sources": list(newest.sources), "reference": newest.reference}
    group = WHOLE if WHOLE in newest.tables else next(iter(newest.tables), "")
    if not group:
        return about | {"status": "not_applicable"}
    table = newest.tables[group]
    place = {name: _plain(table.at[area_id, name]) for name in welfare.COLUMNS}
    if place["status"] == SECONDARY:  # which of the two it is would tell something of the number
        place["status"] = SMALL
    city = {f"city_{name}": _plain(table.at[TOTAL, name]) for name in ("value", "low", "high")}
    if not with_trend:
        return about | place | city
    found = trend.trend(welfare.history(views, group)[area_id], welfare.breaks(rows, weights))
    certainty = _plain(found.certainty)
    return about | place | city | {"trend": found.direction, "trend_certainty": certainty}


def _plain(value: Any) -> Any:
    return None if pd.isna(value) else value if isinstance(value, str) else float(value)


def _print(rows: list[dict[str, Any]]) -> None:
    if any(row["is_demo"] for row in rows):
        print(f"* {DEMO_MARK}")
    for row in rows:
        mark = "*" if row["is_demo"] else " "
        print(f"{mark} {row['name']} {row['period']}: {_said(row)}".replace(".", ","))


def _said(row: dict[str, Any]) -> str:
    if row["status"] != OK:
        official = [
            f"{name} {_written(row['reference'][code], row['unit'])}"
            for code, name in (("1490", "Borås"), ("0000", "riket"))
            if code in row["reference"]
        ]
        why = WHY.get(row["status"], "dolt")
        return f"{why}; bara för hela kommunen: {', '.join(official)}" if official else why
    text = _written(row["value"], row["unit"])
    if row["low"] is not None and row["low"] != row["high"]:
        text += f" ({_written(row['low'], row['unit'])}–{_written(row['high'], row['unit'])})"
    if row["against"] in AGAINST and row["unit"] != "antal":
        text += f"; Borås {_written(row['city_value'], row['unit'])}: {AGAINST[row['against']]}"
    return f"{text}; {TREND[row['trend']]}" if "trend" in row else text


def _written(value: float, unit: str) -> str:
    return f"{value * 100:.1f} %" if unit == "procent" else f"{value:.0f}"
