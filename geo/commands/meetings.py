"""The commands of meetings: cadence against the guideline, collisions, a calendar file."""

from __future__ import annotations

import argparse
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from geo import collaboration, export, ical, meetings, read, store
from geo.commands.console import usable
from geo.errors import GeoError
from geo.report.words import OUTCOME

YEARS = range(1990, 2101)


def add(commands: argparse._SubParsersAction[Any], parser_class: type[Any]) -> None:
    """Add the commands of meetings to the command line.

    >>> parser = argparse.ArgumentParser()
    >>> add(parser.add_subparsers(), argparse.ArgumentParser)
    >>> parser.parse_args(["meetings", "cadence", "--year", "2017"]).year
    2017
    """
    group = commands.add_parser("meetings", help="möten: takt mot riktlinjen, krockar, kalenderfil")
    acts = group.add_subparsers(required=True, metavar="VAD", parser_class=parser_class)
    cadence = acts.add_parser("cadence", help="möten per nätverk och termin mot riktlinjen")
    cadence.add_argument("--year", type=int, required=True, metavar="ÅR", help="till exempel 2017")
    cadence.add_argument(
        "--guideline", default="", metavar="ID", help="pröva en annan riktlinje, till exempel G2"
    )
    cadence.add_argument("--json", action="store_true", help="skriv som JSON")
    cadence.set_defaults(run=_cadence)

    calendar = acts.add_parser("ical", help="ett års möten som kalenderfil (iCalendar)")
    calendar.add_argument("--year", type=int, required=True, metavar="ÅR", help="till exempel 2017")
    calendar.add_argument("--out", type=Path, required=True, metavar="FIL.ics")
    calendar.add_argument("--network", default="", metavar="ID", help="bara ett nätverks möten")
    calendar.set_defaults(run=_ical)


def _meetings() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the meetings as they now stand, and those that are marked as removed."""
    shipped = usable(read.meetings())
    with store.open() as opened:
        kept, removed = opened.meetings(), opened.meetings(removed=True)
    return collaboration.current(kept, removed, shipped), removed


def _check_year(year: int) -> None:
    if year not in YEARS:
        raise GeoError(
            f"--year: ett år från {YEARS[0]} till {YEARS[-1]} väntades, fick {year!r}. "
            "Skriv alla fyra siffrorna, till exempel 2017."
        )


def _ical(options: argparse.Namespace) -> int:
    _check_year(options.year)
    if options.out.suffix.lower() != ".ics":
        raise GeoError(f"--out: .ics väntades, fick {options.out.name!r}.")
    held = collaboration.with_removed(*_meetings())
    held = held[held["date"].dt.year == options.year]
    made_at = datetime.now().astimezone()
    content = ical.calendar(held, usable(read.networks()), made_at, network_id=options.network)
    export.write_text(options.out, content.decode("utf-8"))
    n = content.count(b"BEGIN:VEVENT")
    whose = f" för {options.network}" if options.network else ""
    if n:
        print(f"{options.out}: {n} {'möte' if n == 1 else 'möten'} {options.year}{whose}.")
    else:
        print(f"{options.out}: inga möten är inlagda för {options.year}{whose}; kalendern är tom.")
    return 0


def _cadence(options: argparse.Namespace) -> int:
    _check_year(options.year)
    held, _ = _meetings()
    table = meetings.cadence(
        held,
        usable(read.guidelines()),
        usable(read.networks()),
        options.year,
        instead=options.guideline,
    )
    clashes = meetings.clashes(held[held["date"].dt.year == options.year])
    if options.json:
        print(json.dumps(_answer(options.year, table, clashes), ensure_ascii=False, indent=1))
    else:
        _print(options.year, table, clashes)
    return 0


def _answer(year: int, table: pd.DataFrame, clashes: pd.DataFrame) -> dict[str, Any]:
    days = clashes.reset_index()
    days["date"] = days["date"].map(lambda day: f"{day:%Y-%m-%d}")
    return {
        "year": year,
        "cadence": json.loads(table.reset_index().to_json(orient="records")),
        "clashes": days.to_dict(orient="records"),
    }


def _print(year: int, table: pd.DataFrame, clashes: pd.DataFrame) -> None:
    if not table["n_meetings"].sum():
        print(f"Inga möten är inlagda för {year}: utfallen nedan säger inget om verkligheten.")
    for row in table.reset_index().to_dict(orient="records"):
        print(_line(row))
    print(f"{len(clashes)} dagar med möten i flera nätverk:")
    for day in clashes.reset_index().to_dict(orient="records"):
        print(f"  {day['date']:%Y-%m-%d}: {', '.join(day['network_ids'])}")


def _line(row: dict[Any, Any]) -> str:
    held = f"{row['n_meetings']} {'möte' if row['n_meetings'] == 1 else 'möten'}"
    guideline = row["guideline_id"]
    asked = f" av minst {row['required_min']} ({guideline})" if guideline else ""
    doubt = f" – osäkert: {row['why']}" if row["is_unsure"] else ""
    return f"{row['network_id']} {row['term']}: {held}{asked}, {OUTCOME[row['outcome']]}{doubt}"
