"""The commands of walks: the form of the field, its exports and routes, what each area has."""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from geo import fieldwork, findings, read, store, walked
from geo.commands.console import print_issues, usable, user
from geo.errors import GeoError, has_errors
from geo.field import checked, gpx, xlsform
from geo.sources import DEMO_MARK

DRY = "Provläsning: ingenting skrevs."


def add(commands: argparse._SubParsersAction[Any], parser_class: type[Any]) -> None:
    """Add the commands of walks to the command line.

    >>> parser = argparse.ArgumentParser()
    >>> add(parser.add_subparsers(), argparse.ArgumentParser)
    >>> parser.parse_args(["walks", "form", "--out", "f.xlsx"]).out.name
    'f.xlsx'
    """
    group = commands.add_parser("walks", help="trygghetsvandringar: formulär, inläsning, läget")
    acts = group.add_subparsers(required=True, metavar="VAD", parser_class=parser_class)

    form = acts.add_parser(
        "form", help="formulär för ODK Collect, KoboToolbox och QField (XLSForm)"
    )
    form.add_argument("--out", type=Path, required=True, metavar="FIL.xlsx")
    form.set_defaults(run=_form)

    load = acts.add_parser("import", help="läs in en export från fält: allt eller inget")
    load.add_argument("file", type=Path, metavar="FIL")
    load.add_argument("--dry-run", action="store_true", help="visa vad som skulle ändras")
    load.add_argument("--by", metavar="NAMN", help="vem som läser in (den inloggade)")
    load.set_defaults(run=_import)

    route = acts.add_parser("route", help="lägg en rutt (GPX) till en vandring")
    route.add_argument("walk_id", metavar="VANDRING")
    route.add_argument("file", type=Path, metavar="FIL.gpx")
    route.add_argument("--trim", type=float, default=0.0, metavar="METER", help="klipp i ändarna")
    route.add_argument("--dry-run", action="store_true", help="mät rutten, skriv inget")
    route.add_argument("--by", metavar="NAMN", help="vem som gör det (den inloggade)")
    route.set_defaults(run=_route)

    undo = acts.add_parser("undo", help="ångra en inläsning från fält")
    undo.add_argument("import_id", type=int, metavar="NUMMER")
    undo.set_defaults(run=_undo)

    show = acts.add_parser("show", help="vandringar och fynd per nätverk, eller ett område")
    show.add_argument("area_id", nargs="?", metavar="OMRÅDE", help="on-norrby eller 1490R025")
    show.add_argument("--json", action="store_true", help="skriv som JSON")
    show.set_defaults(run=_show)


def _form(options: argparse.Namespace) -> int:
    if options.out.suffix.lower() != ".xlsx":
        raise GeoError(f"--out: .xlsx väntades, fick {options.out.name!r}.")
    categories = read.register("finding_categories", "category")
    places = read.register("places", "place")
    content = xlsform.workbook(usable(read.networks()), places, categories)
    beside = options.out.with_name(options.out.name + ".part")
    beside.write_bytes(content)
    beside.replace(options.out)
    print(f"{options.out}: formulär för ODK Collect, KoboToolbox och QField.")
    return 0


def _import(options: argparse.Namespace) -> int:
    table, walks, issues = checked.checked(
        options.file,
        today=pd.Timestamp.today().normalize(),
        categories=_categories(),
        owners=list(read.register("finding_owners")["owner"]),
        base_areas=usable(read.base_areas()),
        networks=usable(read.networks()),
    )
    print_issues(issues)
    if has_errors(issues):
        print(f"{options.file.name}: ingenting lästes in. Rätta felen och kör om.")
        return 1
    shipped = read.walks()[0]
    sha256 = hashlib.sha256(options.file.read_bytes()).hexdigest()
    with store.open() as kept:
        _say(kept.preview_field(table, walks, shipped))
        if options.dry_run:
            print(DRY)
            return 0
        taken = kept.save_field(
            table,
            walks,
            file_name=options.file.name,
            sha256=sha256,
            made_by=options.by or user(),
            shipped=shipped,
        )
    if taken.import_id is None:
        print(f"{options.file.name}: inget nytt, inget ändrades.")
    else:
        number = taken.import_id
        print(f"Inläst som import {number}. Ångra med: python -m geo walks undo {number}")
    return 0


def _say(taken: store.Taken) -> None:
    for what, fates in (("Fynd", taken.findings), ("Vandringar", taken.walks)):
        print(
            f"{what}: {len(fates.new)} nya, {len(fates.changed)} ändrade, {len(fates.same)} lika, "
            f"{len(fates.edited)} ändrade även här (orörda), {len(fates.removed)} borttagna här."
        )


def _route(options: argparse.Namespace) -> int:
    town = usable(read.base_areas()).geometry.union_all()
    line = gpx.route(options.file, inside=town, trim_m=options.trim)
    shipped = read.walks()[0]
    with store.open() as kept:
        known = shipped.index.union(kept.walks().index)
        known = known.difference(kept.walks(removed=True).index)
        if options.walk_id not in known:
            some = ", ".join(known[-3:])
            raise GeoError(f"Vandringen {options.walk_id!r} finns inte. Skriv till exempel {some}.")
        length = f"{line.length / 1000:.2f} km".replace(".", ",")
        print(f"{options.file.name}: {length}.")
        if options.dry_run:
            print(DRY)
            return 0
        kept.adopt_walks(shipped[shipped.index == options.walk_id])
        version = int(kept.walks().at[options.walk_id, "version"])
        row = {"walk_id": options.walk_id, "route": line.wkt}
        kept.save_walk(row, options.by or user(), version)
    print(f"Rutten är sparad på {options.walk_id}.")
    return 0


def _undo(options: argparse.Namespace) -> int:
    with store.open() as kept:
        n_rows = kept.take_back_field(options.import_id, user())
    print(f"Import {options.import_id} är ångrad. Borttagna rader: {n_rows}.")
    return 0


def _categories() -> dict[str, str]:
    named = read.register("finding_categories", "category")["name"]
    return {str(key): str(name) for key, name in named.items()}


def _show(options: argparse.Namespace) -> int:
    areas, base_areas = usable(read.areas()), usable(read.base_areas())
    with store.open() as kept:
        here = (kept.walks(), kept.findings())
    made_up = (read.demo_walks()[0], read.demo_findings()[0])
    now = fieldwork.current(here, read.walks()[0], made_up)
    walks = fieldwork.located(now.walks, read.register("places", "place"), base_areas)
    asked = areas
    if options.area_id is not None:
        asked = next((f for f in (areas, base_areas) if options.area_id in f.index), None)
        if asked is None:
            raise GeoError(f"{options.area_id!r} finns inte. Skriv till exempel on-norrby.")
    table = findings.summary(
        now.findings,
        findings.pairs(now.findings, asked),
        walks,
        walked.pairs(walks, asked, base_areas),
        asked,
        pd.Timestamp.today().normalize(),
    )
    table = table if options.area_id is None else table.loc[[options.area_id]]
    _print(table, asked, now.is_demo, as_json=options.json)
    return 0


def _print(table: pd.DataFrame, areas: gpd.GeoDataFrame, is_demo: bool, *, as_json: bool) -> None:
    if as_json:
        rows = json.loads(table.to_json(orient="index"))
        print(json.dumps({"is_demo": is_demo, "areas": rows}, ensure_ascii=False, indent=1))
        return
    if is_demo:
        print(f"* {DEMO_MARK}")
    for area_id, row in table.iterrows():
        said = f"{areas.at[area_id, 'name']} ({area_id}): {fieldwork.STATE_NAMES[row['state']]}"
        said += f", {row['n_walks']:.0f} vandring{'' if row['n_walks'] == 1 else 'ar'}"
        if pd.notna(row["n_findings"]):
            said += f", {row['n_findings']:.0f} fynd{'*' if is_demo else ''}"
            said += f", {row['n_open']:.0f} väntar, {row['n_closed']:.0f} avslutade"
        print(said + ".")
