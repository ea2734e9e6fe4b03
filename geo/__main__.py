"""The command line: python -m geo check | areas | coverage | assign | statistics | walks …"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
from tqdm import tqdm

from geo import assign, catchments, coverage, export, kinds, read
from geo.commands import keeping, meetings, priority, report, statistics, walks
from geo.commands.console import Parser, print_issues, usable
from geo.errors import GeoError, UnreadableFileError, has_errors
from geo.sources import DATA, LAYER_NAMES, LAYERS

KINDS = (
    "areas",
    "base_areas",
    "memberships",
    "meetings",
    "indicators",
    "statistics",
    "findings",
    "walks",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code: 0 clean, 1 faults in the data, 2 not readable.

    130 when it was stopped by the keyboard.
    """
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except UnreadableFileError as fault:
        print(fault, file=sys.stderr)
        return 2
    except GeoError as fault:
        print(fault, file=sys.stderr)
        return 1
    except OSError as fault:
        print(f"Filen kunde inte läsas eller skrivas: {fault.strerror}.", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Avbröts.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="python -m geo", description="Lägesbild Borås på kommandoraden.")
    commands = parser.add_subparsers(required=True, metavar="KOMMANDO", parser_class=Parser)

    check = commands.add_parser("check", help="granska en fil: vad är fel, på vilken rad")
    check.add_argument("file", type=Path, metavar="FIL")
    check.add_argument("--as", dest="kind", required=True, choices=KINDS, help="vad filen är")
    check.add_argument("--json", action="store_true", help="skriv fynden som JSON")
    check.set_defaults(run=_check)

    areas = commands.add_parser("areas", help="upptagningsområden")
    build = areas.add_subparsers(required=True, metavar="build", parser_class=Parser).add_parser(
        "build", help="gör data/areas.geojson av basområden och memberships"
    )
    build.add_argument("--base-areas", type=Path, default=DATA / "base_areas.geojson")
    build.add_argument("--memberships", type=Path, default=DATA / "memberships.csv")
    build.add_argument("--out", type=Path, default=DATA / "areas.geojson")
    build.set_defaults(run=_areas_build)

    cover = commands.add_parser("coverage", help="täckning per lager, luckor och överlapp")
    cover.add_argument("--json", action="store_true", help="skriv som JSON")
    cover.set_defaults(run=_coverage)

    points = commands.add_parser("assign", help="punkter till områden")
    points.add_argument("points", type=Path, metavar="PUNKTER")
    points.add_argument("--out", type=Path, required=True, metavar="FIL", help="CSV eller Parquet")
    points.add_argument(
        "--areas", type=Path, metavar="FIL", default=DATA / "areas.geojson", help="andra områden"
    )
    points.set_defaults(run=_assign)

    statistics.add(commands, Parser)
    walks.add(commands, Parser)
    meetings.add(commands, Parser)
    priority.add(commands)
    report.add(commands)
    keeping.add(commands)

    columns = commands.add_parser("columns", help="vilka kolumner varje slags fil ska ha")
    columns.set_defaults(run=_columns)
    return parser


def _columns(_options: argparse.Namespace) -> int:
    print(kinds.as_markdown())
    return 0


def _check(options: argparse.Namespace) -> int:
    frame, issues = read_kind(options.file, options.kind)
    if options.json:
        print(issues.to_json(orient="records", force_ascii=False, indent=1))
    else:
        print_issues(issues)
        print(f"{options.file.name}: {len(frame)} rader kan användas, {len(issues)} anmärkningar.")
    return int(has_errors(issues))


def read_kind(path: Path, kind: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read a file as one of the kinds; some are held against the shipped registers."""
    if kind == "memberships":
        networks, _ = read.networks()
        base_areas, _ = read.base_areas()
        return read.memberships(path, networks=networks, base_areas=base_areas)
    if kind == "meetings":
        networks, guidelines = read.networks()[0], read.guidelines()[0]
        today = pd.Timestamp(date.today())
        return read.meetings(path, networks=networks, guidelines=guidelines, today=today)
    result: tuple[pd.DataFrame, pd.DataFrame] = getattr(read, kind)(path)
    return result


def _areas_build(options: argparse.Namespace) -> int:
    networks = usable(read.networks())
    base_areas = usable(read.base_areas(options.base_areas))
    memberships = usable(
        read.memberships(options.memberships, networks=networks, base_areas=base_areas)
    )
    areas = catchments.build(base_areas, memberships, networks)
    export.write_text(options.out, catchments.to_geojson(areas))
    print(f"{options.out}: {len(areas)} upptagningsområden av {len(base_areas)} basområden.")
    return 0


def _coverage(options: argparse.Namespace) -> int:
    areas, base_areas = usable(read.areas()), usable(read.base_areas())
    memberships = usable(read.memberships())
    layers = coverage.by_layer(areas, base_areas, memberships)
    found = {layer: coverage.gaps(base_areas, memberships, [layer]) for layer in LAYERS}
    bare = coverage.gaps(base_areas, memberships, ["omrade", "ortsrad"])
    overlaps = coverage.overlap(areas)
    if options.json:
        gaps = {layer: list(frame.index) for layer, frame in found.items()}
        answer = {
            "layers": json.loads(layers.to_json(orient="index")),
            "gaps": gaps | {"omrade+ortsrad": list(bare.index)},
            "overlaps": overlaps.to_dict(orient="records"),
        }
        print(json.dumps(answer, ensure_ascii=False, indent=1))
        return 0
    _print_coverage(layers, found, bare, overlaps)
    return 0


def _print_coverage(
    layers: pd.DataFrame,
    found: dict[str, gpd.GeoDataFrame],
    bare: gpd.GeoDataFrame,
    overlaps: pd.DataFrame,
) -> None:
    for layer, row in layers.iterrows():
        name = LAYER_NAMES[str(layer)]
        text = f"{name}: {row['area_km2']:.2f} km² ({row['area_share']:.1%} av ytan)"
        text += f", {len(found[str(layer)])} basområden utan"
        print(text.replace(".", ","))
    print(f"Varken områdesnätverk eller ortsråd: {', '.join(bare['name'])}.")
    print(f"{len(overlaps)} par av nätverk överlappar:")
    for pair in overlaps.itertuples():
        unsure = " (bara delade basområden, osäkert)" if pair.from_split_only else ""
        print(f"  {pair.a} × {pair.b}: {pair.area_km2:.2f} km²{unsure}".replace(".", ","))


def _assign(options: argparse.Namespace) -> int:
    if options.out.suffix.lower() not in (".csv", ".parquet"):
        raise GeoError(f"--out: .csv eller .parquet väntades, fick {options.out.name!r}.")
    areas = usable(read.areas(options.areas))
    points, issues = read.points(options.points)
    print_issues(issues, sys.stderr)
    if has_errors(issues) and not len(points):
        raise GeoError("Ingenting skrevs: rätta felen ovan och kör om.")
    with tqdm(total=len(points), unit=" punkter", desc="Fördelar", disable=None) as bar:
        pairs = assign.assign_points(points, areas, progress=bar.update)
    _write_pairs(pairs, options.out)
    inside = pairs["point_id"].nunique()
    print(
        f"{options.out}: {len(pairs)} par; {inside} av {len(points)} punkter ligger i minst ett "
        f"område, {len(points) - inside} i inget."
    )
    return int(has_errors(issues))


def _write_pairs(pairs: pd.DataFrame, out: Path) -> None:
    beside = out.with_name(out.name + ".part")
    if out.suffix.lower() == ".parquet":
        pairs.to_parquet(beside, index=False)
    else:
        pairs.to_csv(beside, index=False)
    beside.replace(out)


@contextmanager
def _own_stdout() -> Iterator[None]:
    """Leave stdout to our own answers: what a library writes past Python goes to stderr."""
    answers = os.dup(1)
    os.dup2(2, 1)
    sys.stdout = os.fdopen(answers, "w", encoding=sys.stdout.encoding)
    try:
        yield
    finally:
        sys.stdout.close()


if __name__ == "__main__":
    with _own_stdout():  # HiGHS writes a line of its own now and then
        for stream in (sys.stdout, sys.stderr):  # a console without å ä ö gets ? and no traceback
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")
        code = main()
    sys.exit(code)
