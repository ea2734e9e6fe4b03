"""The command rank: where to kraftsamla, how sure that is, and what it rests on."""

from __future__ import annotations

import argparse
import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
from tqdm import tqdm

from geo import gather, needs, priority, welfare
from geo.commands.console import usable
from geo.errors import GeoError, GeoWarning
from geo.facts import Register
from geo.priority.ranking import STRENGTH
from geo.priority.scoring import is_number, is_pair
from geo.sources import DEMO_MARK, LAYERS

BASE_AREAS = "base_areas"
AMONG = (*LAYERS, BASE_AREAS)


def _is_finite(value: object) -> bool:
    return is_number(value) and abs(value) < 1e300  # type: ignore[arg-type]


def _is_whole(value: object, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


SETTINGS: dict[str, tuple[str, Callable[[Any], bool]]] = {  # what a saved set may hold
    "weights": (
        "indikator och tal",
        lambda held: isinstance(held, dict) and bool(held) and all(map(_is_finite, held.values())),
    ),
    "bounds": (
        "indikator och [lågt, högt]",
        lambda held: isinstance(held, dict) and all(map(is_pair, held.values())),
    ),
    "top": ("ett heltal från 1", lambda held: _is_whole(held, 1)),
    "strength": ("ett tal över 0", lambda held: _is_finite(held) and held > 0),
    "seed": ("ett heltal från 0", lambda held: _is_whole(held, 0)),
    "among": (f"ett av {', '.join(AMONG)}", lambda held: held in AMONG),
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
    rank.add_argument("--among", choices=AMONG, help=f"vilka (annars {LAYERS[0]})")
    rank.add_argument("--draws", type=int, default=10_000, metavar="ANTAL")
    rank.add_argument("--seed", type=int, metavar="FRÖ")
    rank.add_argument("--top", type=int, metavar="ANTAL", help="bland hur många (annars högst 5)")
    rank.add_argument("--json", action="store_true", help="skriv som JSON")
    rank.set_defaults(run=_rank)


def _rank(options: argparse.Namespace) -> int:
    saved = read_saved(options.weights) if options.weights else {}
    among = options.among or saved.get("among", LAYERS[0])
    known = gather.register()
    found = _needs(known, among)
    if not len(found.values.columns):
        raise GeoError("Ingen indikator kan rangordnas. Läs in statistik, eller kör demo.")
    _require_ranked(saved.get("weights", {}), found.left_out)
    equal = dict.fromkeys(map(str, found.values), 1 / len(found.values.columns))
    asked = {
        "among": among,
        "draws": options.draws,
        "seed": _first(options.seed, saved.get("seed"), 0),
        "top": _first(options.top, saved.get("top"), priority.usual_top(len(found.values))),
        "strength": saved.get("strength", STRENGTH),
        "weights": saved.get("weights", equal),
    }
    answer = _ranked(found, asked, saved.get("bounds"))
    if options.json:
        print(json.dumps(_answer(answer, found, asked), ensure_ascii=False, indent=1))
    else:
        _print(answer, found, asked, known)
    return 0


def _require_ranked(weights: dict[str, float], left_out: pd.DataFrame) -> None:
    why = left_out.set_index("indicator_id")["why"]
    faults = [
        f"{str(name)!r} är inte med: {needs.LEFT_OUT[str(why[name])]}"
        for name in why.index.intersection(list(weights))
    ]
    if faults:
        raise GeoError(f"weights: {'; '.join(faults)}. Ta bort vikten ur filen.")


def _first(*given: Any) -> Any:
    """Return the first that is said."""
    return next(one for one in given if one is not None)


def _ranked(found: needs.Needs, asked: dict[str, Any], bounds: Any) -> dict[str, Any]:
    """Rank, with a progress bar; returns the ranking, what moves it, and what is to be noted."""
    about: dict[str, Any] = {"low": found.low, "high": found.high, "bounds": bounds}
    about |= {"direction": found.direction, "weights": asked["weights"]}
    about["strength"] = asked["strength"]
    drawn = {name: asked[name] for name in ("draws", "seed", "top")}
    with (
        warnings.catch_warnings(record=True) as told,
        tqdm(total=asked["draws"], desc="Drar", disable=None) as bar,
    ):
        warnings.simplefilter("always", GeoWarning)
        table = priority.rank(
            found.values, **drawn, **about, progress=lambda done, _: bar.update(done - bar.n)
        )
        setup = priority.setup_of(found.values, **about)
    notes = [str(one.message) for one in told]
    if asked["top"] >= table["rank"].count():
        notes.append(f"Bland de {asked['top']} första är alla som bedöms: ordet säger inget")
    return {
        "ranking": table,
        "drivers": priority.drivers(setup, asked["seed"]),
        "notes": list(dict.fromkeys(notes)),
    }


def read_saved(path: Path) -> dict[str, Any]:
    """Read a saved set: {"weights": {indicator: weight}, "bounds", "top", "strength", "seed", …}.

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
    saved = held if set(held) & set(SETTINGS) else {"weights": held}
    faults = [
        f"{name} ska vara {what}, fick {str(saved[name])[:60]!r}"
        for name, (what, is_right) in SETTINGS.items()
        if name in saved and not is_right(saved[name])
    ]
    if set(saved) - set(SETTINGS):
        faults.append(f"{', '.join(SETTINGS)} väntades, fick {', '.join(saved)}")
    if faults:
        raise GeoError(f"{path.name}: {'; '.join(faults)}. Rätta filen.")
    return saved


def _needs(known: Register, among: str) -> needs.Needs:
    """Return the newest shown values of every ranked indicator, for a layer or the base areas."""
    usable((known.networks, known.issues))
    if known.store_fault:
        raise GeoError(known.store_fault)
    ranked = known.indicators.index[known.indicators["use"] == needs.RANKED]
    views = {}
    for name, indicator in known.indicators.loc[ranked].iterrows():
        rows = known.rows_of(str(name))
        periods = welfare.periods(rows, known.weights)
        if periods:
            views[str(name)] = welfare.view(indicator, rows, known.weights, periods[0])
    return needs.needs(known.indicators, views, known.ids_of(among))


def _answer(answer: dict[str, Any], found: needs.Needs, asked: dict[str, Any]) -> dict[str, Any]:
    table = answer["ranking"].rename_axis("area_id").reset_index()
    return asked | {
        "is_demo": bool(found.demo),
        "periods": found.periods,
        "sources": found.sources,
        "ranking": json.loads(table.to_json(orient="records")),
        "drivers": answer["drivers"].round(4).to_dict(),
        "left_out": found.left_out.to_dict(orient="records"),
        "notes": answer["notes"],
    }


def _print(
    answer: dict[str, Any], found: needs.Needs, asked: dict[str, Any], known: Register
) -> None:
    if found.demo:
        print(DEMO_MARK)
    n_draws = f"{asked['draws']:,}".replace(",", " ")
    print(
        f"Ordnat efter mittplatsen i {n_draws} dragningar, frö {asked['seed']}, sedan efter "
        "andelen."
    )
    names = known.ranked_names(asked["among"])
    for area_id, row in answer["ranking"].iterrows():
        print(_line(f"{names[str(area_id)]} ({area_id})", row, asked["top"]))
    moves = answer["drivers"]
    said = [f"{priority.FACTOR[i]} {_percent(share)}" for i, share in moves.items() if share > 0.01]
    print(f"Det som flyttar rangordningen mest: {', '.join(said) or 'ingenting'}.")
    for note in answer["notes"]:
        print(f"Obs: {note}.")
    for row in found.left_out.itertuples():
        name = str(known.indicators.at[str(row.indicator_id), "name"])
        print(f"Inte med: {name} ({needs.LEFT_OUT[str(row.why)]}).")


def _line(area: str, row: pd.Series, top: int) -> str:
    if pd.isna(row["rank"]):
        return f"  –  {area}: {row['verdict']}, för lite är känt"
    score = f"{row['score']:.2f}".replace(".", ",")
    return (
        f"{row['rank_median']:3.0f}  {area}: {row['verdict']} bland de {top} första "
        f"({_percent(*priority.written(row['p_top']))}), plats {row['rank_low']:.0f}–"
        f"{row['rank_high']:.0f}, behov {score}"
    )


def _percent(share: float, decimals: int = 0) -> str:
    return f"{share * 100:.{decimals}f} %".replace(".", ",")
