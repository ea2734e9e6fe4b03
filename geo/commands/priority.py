"""The command rank: where to kraftsamla, how sure that is, and what it rests on."""

from __future__ import annotations

import argparse
import json
import warnings
from pathlib import Path
from typing import Any

import pandas as pd
from tqdm import tqdm

from geo import allocate, needs, priority, read, store, welfare
from geo.commands.console import usable
from geo.errors import GeoError, GeoWarning
from geo.sources import DEMO_MARK, LAYERS, layer_of

BASE_AREAS = "base_areas"
SETTINGS = ("weights", "bounds", "top", "strength")  # what a saved set may hold
LEFT_OUT = {
    needs.CONTEXT: "bakgrund, rangordnas aldrig",
    needs.NO_DIRECTION: "har ingen riktning",
    needs.COARSE: "finns bara för hela kommunen",
    needs.NO_VALUES: "inga värden som får visas",
}
FACTOR = {
    "values": "värdenas osäkerhet",
    "weights": "vikterna",
    "method": "hur värdena görs jämförbara",
    "aggregate": "hur de vägs samman",
    "left_out": "vilken indikator som lämnas ute",
}


def add(commands: argparse._SubParsersAction[Any]) -> None:
    """Add rank to the command line.

    >>> parser = argparse.ArgumentParser()
    >>> add(parser.add_subparsers())
    >>> parser.parse_args(["rank", "--draws", "100"]).draws
    100
    """
    rank = commands.add_parser("rank", help="kraftsamla: rangordning av behov med osäkerhet")
    rank.add_argument("--weights", type=Path, metavar="FIL.json", help="sparade vikter")
    rank.add_argument("--among", choices=(*LAYERS, BASE_AREAS), default=LAYERS[0])
    rank.add_argument("--draws", type=int, default=10_000, metavar="ANTAL")
    rank.add_argument("--seed", type=int, default=0, metavar="FRÖ")
    rank.add_argument("--top", type=int, metavar="ANTAL", help="bland hur många (vanligen 5)")
    rank.add_argument("--json", action="store_true", help="skriv som JSON")
    rank.set_defaults(run=_rank)


def _rank(options: argparse.Namespace) -> int:
    saved = read_saved(options.weights) if options.weights else {}
    found = _needs(options.among)
    if found.values.empty or not len(found.values.columns):
        raise GeoError("Ingen indikator kan rangordnas. Läs in statistik, eller kör demo.")
    weights = saved.get("weights") or dict.fromkeys(found.values, 1 / len(found.values.columns))
    about: dict[str, Any] = {"low": found.low, "high": found.high}
    about |= {name: saved[name] for name in ("bounds", "strength") if name in saved}
    top = options.top or saved.get("top", 5)
    with (
        warnings.catch_warnings(record=True) as told,
        tqdm(total=options.draws, desc="Drar", disable=None) as bar,
    ):
        warnings.simplefilter("always", GeoWarning)
        table = priority.rank(
            found.values,
            found.direction,
            weights,
            draws=options.draws,
            seed=options.seed,
            top=top,
            progress=lambda done, _: bar.update(done - bar.n),
            **about,
        )
        setup = priority.setup_of(found.values, found.direction, weights, **about)
    answer = {
        "ranking": table,
        "weights": dict(weights),
        "drivers": priority.drivers(setup, options.seed),
        "notes": list(dict.fromkeys(str(one.message) for one in told)),
    }
    if options.json:
        print(json.dumps(_answer(answer, found, options, top), ensure_ascii=False, indent=1))
    else:
        _print(answer, found, top)
    return 0


def read_saved(path: Path) -> dict[str, Any]:
    """Read a saved set of weights: {"weights": {indicator: weight}, "bounds", "top", "strength"}.

    A plain {indicator: weight} is one too. Raises GeoError for what is no such file.

    >>> read_saved(Path("finns-inte.json"))
    Traceback (most recent call last):
    geo.errors.GeoError: finns-inte.json kan inte läsas. Kontrollera sökvägen.
    """
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as fault:
        raise GeoError(f"{path.name} kan inte läsas. Kontrollera sökvägen.") from fault
    except json.JSONDecodeError as fault:
        raise GeoError(f"{path.name}, rad {fault.lineno}: ingen JSON. Rätta filen.") from fault
    if not isinstance(held, dict):
        raise GeoError(f'{path.name}: {{"indikator": vikt}} väntades.')
    saved = held if "weights" in held else {"weights": held}
    strange = sorted(set(saved) - set(SETTINGS))
    weights = saved["weights"]
    is_right = isinstance(weights, dict) and all(
        isinstance(weight, int | float) and not isinstance(weight, bool)
        for weight in weights.values()
    )
    if strange or not is_right:
        raise GeoError(
            f"{path.name}: weights ska vara indikator och tal; {', '.join(SETTINGS)} väntades, "
            f"fick {', '.join(map(str, saved))}."
        )
    return saved


def _needs(among: str) -> needs.Needs:
    """Read the newest shown values of every ranked indicator, for a layer or the base areas."""
    indicators, networks = usable(read.indicators()), usable(read.networks())
    weights = allocate.weights(usable(read.memberships()))
    with store.open() as kept:
        statistics = welfare.current(kept.statistics(), read.demo_statistics()[0])
    views = {}
    for name, indicator in indicators[indicators["use"] == needs.RANKED].iterrows():
        rows = statistics[statistics["indicator_id"] == name]
        periods = welfare.periods(rows, weights)
        if periods:
            views[str(name)] = welfare.view(indicator, rows, weights, periods[0])
    own = [str(i) for i in networks.index if layer_of(str(i)) == among]
    return needs.needs(indicators, views, own or [str(i) for i in weights.index])


def _answer(
    answer: dict[str, Any], found: needs.Needs, options: argparse.Namespace, top: int
) -> dict[str, Any]:
    table = answer["ranking"].rename_axis("area_id").reset_index()
    return {
        "among": options.among,
        "draws": options.draws,
        "seed": options.seed,
        "top": top,
        "is_demo": bool(found.demo),
        "weights": answer["weights"],
        "periods": found.periods,
        "ranking": json.loads(table.to_json(orient="records")),
        "drivers": answer["drivers"].round(4).to_dict(),
        "left_out": found.left_out.to_dict(orient="records"),
        "notes": answer["notes"],
    }


def _print(answer: dict[str, Any], found: needs.Needs, top: int) -> None:
    if found.demo:
        print(DEMO_MARK)
    for area_id, row in answer["ranking"].iterrows():
        print(_line(str(area_id), row, top))
    moves = answer["drivers"]
    said = ", ".join(f"{FACTOR[name]} {share:.0%}" for name, share in moves.items() if share > 0.01)
    print(f"Det som flyttar rangordningen mest: {said or 'ingenting'}.")
    for note in answer["notes"]:
        print(f"Obs: {note}.")
    for row in found.left_out.itertuples():
        print(f"Inte med: {row.indicator_id} ({LEFT_OUT[str(row.why)]}).")


def _line(area_id: str, row: pd.Series, top: int) -> str:
    if pd.isna(row["rank"]):
        return f"  –  {area_id}: {row['verdict']}, för lite är känt"
    return (
        f"{row['rank']:3.0f}  {area_id}: {row['verdict']} bland de {top} första "
        f"({row['p_top']:.0%}), plats {row['rank_low']:.0f}–{row['rank_high']:.0f}, "
        f"värde {row['score']:.2f}"
    )
