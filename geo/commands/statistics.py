"""The commands of statistics: import a file or fetch it, list the imports, undo one."""

from __future__ import annotations

import argparse
import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
from tqdm import tqdm

from geo import changes, mapping, read, statistics_file, store
from geo.commands import welfare
from geo.commands.console import print_issues, usable, user
from geo.errors import has_errors
from geo.fetch import kolada, scb

FETCHED = Path(__file__).resolve().parents[2] / "var" / "fetched"
ADDRESSES = {"scb": scb.ADDRESS, "kolada": kolada.ADDRESS}
N_SHOWN = 20
DRY = "Provläsning: ingenting skrevs."


def add(commands: argparse._SubParsersAction[Any], parser_class: type[Any]) -> None:
    """Add the commands of statistics, and demo, to the command line.

    >>> parser = argparse.ArgumentParser()
    >>> add(parser.add_subparsers(), argparse.ArgumentParser)
    >>> parser.parse_args(["statistics", "undo", "3"]).import_id
    3
    """
    group = commands.add_parser("statistics", help="läs in statistik, hämta den, ångra")
    acts = group.add_subparsers(required=True, metavar="VAD", parser_class=parser_class)

    load = acts.add_parser("import", help="läs in en fil: allt eller inget")
    load.add_argument("file", type=Path, metavar="FIL")
    load.add_argument(
        "--dry-run", action="store_true", help="visa vad som skulle ändras, skriv inget"
    )
    load.add_argument("--mapping", type=Path, metavar="FIL", help="vad kolumnerna betyder (JSON)")
    load.add_argument("--indicator", metavar="ID", help="indikator, om filen inte säger den")
    load.add_argument("--period", metavar="ÅR", help="period, om filen inte säger den")
    load.add_argument(
        "--vintage", metavar="ÅRGÅNG", help="områdenas årgång, till exempel RegSO2025"
    )
    load.add_argument("--group", metavar="GRUPP", help="grupp, om filen inte säger den")
    load.add_argument("--unit", choices=("percent", "share"), help="andelar är 0–100 eller 0–1")
    load.add_argument("--header", type=int, metavar="RAD", help="raden med rubriker")
    load.add_argument("--by", metavar="NAMN", help="vem som läser in (den inloggade)")
    load.add_argument("--json", action="store_true", help="skriv svaret som JSON")
    load.set_defaults(run=_import)

    fetch = acts.add_parser("fetch", help="hämta från SCB eller Kolada, frys till fil, läs in")
    fetch.add_argument("service", choices=tuple(ADDRESSES))
    fetch.add_argument("--out", type=Path, default=FETCHED, metavar="MAPP", help="filernas mapp")
    fetch.add_argument("--address", metavar="ADRESS", help="tjänstens adress, om en annan")
    fetch.add_argument("--only-file", action="store_true", help="läs inte in, spara bara filerna")
    fetch.add_argument("--by", metavar="NAMN", help="vem som läser in (den inloggade)")
    fetch.set_defaults(run=_fetch)

    listing = acts.add_parser("list", help="alla inläsningar")
    listing.add_argument("--json", action="store_true", help="skriv som JSON")
    listing.set_defaults(run=_list)

    undo = acts.add_parser("undo", help="ångra en inläsning: det som gällde förut gäller igen")
    undo.add_argument("import_id", type=int, metavar="NUMMER")
    undo.set_defaults(run=_undo)
    welfare.add(acts, commands)


def _import(options: argparse.Namespace) -> int:
    indicators, base_areas = usable(read.indicators()), usable(read.base_areas())
    table, told = statistics_file.raw(options.file, indicators, header=options.header)
    chosen = _mapping(options, table, indicators)
    frame, issues = statistics_file.interpret(table, chosen, indicators, base_areas)
    issues = pd.concat([told, issues], ignore_index=True)
    answer: dict[str, Any] = {"import_id": None, "n_rows": len(frame), "issues": _records(issues)}
    if has_errors(issues):
        answer["message"] = f"{options.file.name}: ingenting lästes in. Rätta felen och kör om."
    else:
        answer |= _kept(frame, options.file, options.by, dry_run=options.dry_run)
    if options.json:
        print(json.dumps(answer, ensure_ascii=False, indent=1))
    else:
        print_issues(issues)
        _print_changes(answer)
        print(answer["message"])
    return int(has_errors(issues))


def _mapping(
    options: argparse.Namespace, table: pd.DataFrame, indicators: pd.DataFrame
) -> mapping.Mapping:
    """Return the mapping of --mapping, or the guessed one, with what the options say."""
    if options.mapping:
        chosen = mapping.from_json(options.mapping.read_bytes().decode("utf-8-sig", "replace"))
    else:
        chosen = mapping.guess(table, indicators)
    said = {
        "indicator_id": options.indicator,
        "period": options.period,
        "area_vintage": options.vintage,
        "group": options.group,
        "unit": options.unit,
    }
    return replace(chosen, **{name: text for name, text in said.items() if text})


def _kept(frame: pd.DataFrame, path: Path, by: str | None, *, dry_run: bool) -> dict[str, Any]:
    """Keep the rows, or only see what would change; says what was done, as JSON can hold it."""
    about = {"file_name": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    frame = changes.with_source(frame, path.name)
    with store.open() as kept:
        try:
            kept.refuse_imported(**about)
            found = kept.preview(frame)
            answer: dict[str, Any] = {
                "summary": _records(found.summary.reset_index()),
                "changed": _records(found.changed),
            }
            if dry_run:
                return answer | {"message": f"{path.name}: {len(frame)} rader. {DRY}"}
            made_by = by or user()
            import_id = kept.save_statistics(
                frame, made_by=made_by, what=changes.what(frame), **about
            )
        except store.AlreadyImportedError as fault:
            return {"message": str(fault)}
    message = f"{path.name}: {len(frame)} rader inlästa som import {import_id}. "
    message += f"Ångra med: python -m geo statistics undo {import_id}"
    return answer | {"import_id": import_id, "message": message}


def _print_changes(answer: dict[str, Any]) -> None:
    for row in answer.get("summary", []):
        print(
            f"{row['indicator_id']} {row['period']}: {row['n_new']} nya, {row['n_changed']} "
            f"ändrade, {row['n_same']} lika, {row['n_kept']} i databasen berörs inte."
        )
    changed = answer.get("changed", [])
    for row in changed[:N_SHOWN]:
        where = f"{row['indicator_id']} {row['area_code']} {row['period']} {row['group']}"
        print(f"  {where}: {_shown(row, '_before')} → {_shown(row, '')}")
    if len(changed) > N_SHOWN:
        print(f"  … och {len(changed) - N_SHOWN} ändrade till.")


def _shown(row: dict[str, Any], end: str) -> str:
    known = {"missing": "uppgift saknas", "suppressed": "dolt"}
    status, value = row[f"status{end}"], row[f"value{end}"]
    return known.get(status) or f"{value:.6g}".replace(".", ",")


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = json.loads(frame.to_json(orient="records", date_format="iso"))
    return records


def _fetch(options: argparse.Namespace) -> int:
    indicators, base_areas = usable(read.indicators()), usable(read.base_areas())
    address = options.address or ADDRESSES[options.service]
    with tqdm(unit=" anrop", desc="Hämtar", disable=None) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        if options.service == "scb":
            paths = scb.fetch(base_areas.index, options.out, address=address, progress=progress)
        else:
            paths = [kolada.fetch(options.out, address=address, progress=progress)]
    for path in paths:
        print(f"{path} är sparad.")
    return 0 if options.only_file else _import_fetched(paths, indicators, base_areas, options.by)


def _import_fetched(
    paths: list[Path], indicators: pd.DataFrame, base_areas: pd.DataFrame, by: str | None
) -> int:
    """Check every frozen file before the first is kept; their shares are in per cent."""
    frames = {}
    for path in paths:
        table, _ = statistics_file.raw(path, indicators, header=1)
        chosen = replace(mapping.guess(table, indicators), unit="percent")
        read_result = statistics_file.interpret(table, chosen, indicators, base_areas)
        frames[path] = usable(read_result)
        print_issues(read_result[1])
    for path, frame in frames.items():
        print(_kept(frame, path, by, dry_run=False)["message"])
    return 0


def _list(options: argparse.Namespace) -> int:
    with store.open() as kept:
        imports = kept.imports()
    if options.json:
        print(json.dumps(_records(imports.reset_index()), ensure_ascii=False, indent=1))
        return 0
    if imports.empty:
        print("Ingen statistik är inläst. Läs in en fil med: python -m geo statistics import FIL")
    for row in imports.reset_index().to_dict(orient="records"):
        undone = row["taken_back_at"]
        print(
            f"{row['import_id']}  {_local(row['made_at'])}  {row['file_name']}: {row['what']}; "
            f"{row['n_rows']} rader ({row['n_new']} nya, {row['n_changed']} ändrade, "
            f"{row['n_same']} lika), av {row['made_by']}"
            f"{'' if pd.isna(undone) else f' – ångrad {_local(undone)}'}"
        )
    return 0


def _local(when: Any) -> str:
    return f"{when.to_pydatetime().astimezone():%Y-%m-%d %H:%M}"


def _undo(options: argparse.Namespace) -> int:
    with store.open() as kept:
        kept.take_back(options.import_id)
    print(f"Import {options.import_id} är ångrad. Det som gällde före den gäller igen.")
    return 0
