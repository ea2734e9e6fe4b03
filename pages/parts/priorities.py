"""The ranking of needs put together for the page: what is ranked, by which weights, how sure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from geo import needs, priority
from geo.facts import BASE_AREAS as BASE_AREAS
from geo.priority.ranking import NO_VERDICT, NOT, POSSIBLY, STRENGTH, SURELY
from pages.parts import data, words
from pages.parts.data import Register

AMONG = words.LAYER_TAB | {BASE_AREAS: "Basområden"}
VERDICTS = (SURELY, POSSIBLY, NOT, NO_VERDICT)
DRAWS = 10_000
MOST_NAMED = 9  # possibly among the first: the rest stand in the table
GROUND = (
    "Delar mark med: först hur stor del av områdets egen mark, sedan av det andra nätverkets; "
    "minst hälften av endera. Samma plats är ett och samma behov; ordet kan ändå skilja, för det "
    "säger hur platsen står sig bland de andra i sitt slag."
)
Weights = tuple[tuple[str, float], ...]


class Asked(NamedTuple):
    """What is ranked, and how: the layer or the base areas, weights that sum to 1, the draws."""

    among: str
    weights: Weights
    top: int
    strength: float = STRENGTH
    seed: int = 0


@dataclass(frozen=True)
class Ranking:
    """The ranking of some areas, with what it rests on. table: as geo.priority.rank gives it."""

    needs: needs.Needs
    weights: dict[str, float]
    table: pd.DataFrame
    names: dict[str, str]
    setup: priority.draws.Setup

    @property
    def caution(self) -> str:
        """The mark of what is made up."""
        return words.DEMO if self.needs.demo else ""

    @property
    def weighed(self) -> list[str]:
        """The indicators that weigh anything."""
        return [name for name, weight in self.weights.items() if weight > 0]

    def named(self, verdict: str) -> list[str]:
        """Return the names of those with a verdict, in order."""
        return [self.names[str(i)] for i in self.table.index[self.table["verdict"] == verdict]]


def found(known: Register, among: str) -> needs.Needs:
    """Return what may be ranked, of the newest period of each indicator."""
    ranked = known.indicators[known.indicators["use"] == needs.RANKED]
    newest = {str(i): data.periods(str(i)) for i in ranked.index}
    views = {name: data.view(name, periods[0]) for name, periods in newest.items() if periods}
    return needs.needs(known.indicators, views, known.ids_of(among))


def by_target(known: Register, among: str) -> Weights:
    """Return weights that give each target area of välfärdsbokslutet the same."""
    names = data.once(found, among).values.columns
    themes = {str(n): str(known.indicators.at[n, "target_area"]) or "Övrigt" for n in names}
    by_theme = dict.fromkeys(themes.values(), 1 / len(set(themes.values())))
    return tuple(priority.theme_weights(themes, by_theme).items())


def ranking(known: Register, asked: Asked) -> Ranking:
    """Rank the areas by some weights, which sum to 1."""
    own = data.once(found, asked.among)
    held = dict(asked.weights)
    drawn = {"low": own.low, "high": own.high, "strength": asked.strength}
    of = (own.values, own.direction, held)
    table = priority.rank(*of, top=asked.top, seed=asked.seed, draws=DRAWS, **drawn)
    setup = priority.setup_of(*of, **drawn)
    return Ranking(own, held, table, known.ranked_names(asked.among), setup)


def chosen(asked: Asked) -> str:
    """Say in short what is ranked and by what: it goes with every picture and paper."""
    by = "lika vikter" if len({weight for _, weight in asked.weights}) == 1 else "egna vikter"
    if by == "egna vikter" and asked.weights == data.once(by_target, asked.among):
        by = "lika vikter per målområde"
    return f"{AMONG[asked.among]}, {by}"


def headline(_known: Register, asked: Asked) -> str:
    """Say who is surely and who possibly among the first."""
    made = data.once(ranking, asked)
    sure = words.listed(made.named(SURELY)) or "ingen"
    text = f"**Säkert bland de {asked.top} med störst behov, av {len(made.table)}: {sure}.**"
    rows = made.table[made.table["verdict"] == POSSIBLY]
    possible = [f"{made.names[str(i)]} ({share(p)})" for i, p in rows["p_top"].items()]
    rest = [f"{len(possible) - MOST_NAMED} till"] if len(possible) > MOST_NAMED else []
    if possible:
        text += f" Möjligen: {words.listed([*possible[:MOST_NAMED], *rest])}."
    if made.named(NO_VERDICT):
        text += f" Går ej att bedöma: {words.listed(made.named(NO_VERDICT))}."
    n = words.counted(len(made.weighed), "indikator", "indikatorer")
    return f"{text} Byggt på {n}{' (syntetiskt)' if made.caution else ''}."


def method(_known: Register, asked: Asked) -> str:
    """Say how the ranking is made, with its limits."""
    return (
        "Plats 1 är störst behov; ordnat efter mittplatsen, sedan efter andelen. **Säkert**: bland "
        f"de {asked.top} första i minst 95 % av {words.number(DRAWS)} dragningar (frö "
        f"{asked.seed}, vikternas styrka {words.number(asked.strength)}); **inte**: i mindre än "
        "5 %; **möjligen** däremellan. Andelen är själv dragen, ±0,4 procentenheter vid 95 %: nära "
        "en gräns skrivs den med en decimal. Varje dragning väljer värden inom sina intervall, "
        "vikter kring de valda, sätt att göra värdena jämförbara och väga samman dem, och lämnar "
        "ute en indikator eller ingen. Plats skrivs som 5:e–95:e percentilen: är det säkert ryms "
        "hela spannet bland de första. Dolda värden är inte med; är mindre än två tredjedelar av "
        "vikterna kända går området ej att bedöma. Rangordningen säger var behovet syns i talen, "
        "inte varför och inte vad som hjälper."
    )


def table(known: Register, asked: Asked) -> pd.DataFrame:
    """Return the ranking in words, the largest need first; what is asked first stands first.

    Each network that ground is shared with stays on one line: a phone then scrolls to it.
    """
    made = data.once(ranking, asked)
    ground = {
        area_id: said.replace(" ", "\u00a0").replace(";\u00a0", "; ").replace(",\u00a0där", ", där")
        for area_id, said in data.once(shared_ground, asked).items()
    }
    rows = made.table
    return pd.DataFrame(
        {
            "Område": [made.names[str(i)] for i in rows.index],
            f"Bland de {asked.top} första": rows["verdict"].to_numpy(),
            "Plats": [place(row) for _, row in rows.iterrows()],
            "Mittplats": ["–" if pd.isna(n) else words.number(n) for n in rows["rank_median"]],
            "Andel av dragningarna": [share(p) for p in rows["p_top"]],
            "Delar mark med": [ground.get(str(i), "–") for i in rows.index],
        }
    )


def export(known: Register, asked: Asked) -> pd.DataFrame:
    """Return the ranking for a file: numbers as numbers, the mark of what is made up on each."""
    made, ground = data.once(ranking, asked), data.once(shared_ground, asked)
    rows = made.table
    whole = {"Plats från": "rank_low", "Mittplats": "rank_median", "Plats till": "rank_high"}
    return pd.DataFrame(
        {
            "Område": [made.names[str(i)] for i in rows.index],
            f"Bland de {asked.top} första": rows["verdict"].to_numpy(),
            "Andel av dragningarna (%)": (rows["p_top"] * 100).round(2).to_numpy(),
            **{label: rows[name].astype("Int64").to_numpy() for label, name in whole.items()},
            "Plats utan dragningar": rows["rank"].astype("Int64").to_numpy(),
            "Behov (0–1)": rows["score"].round(4).to_numpy(),
            "Delar mark med": [ground.get(str(i), "") for i in rows.index],
            "Märkning": made.caution,
        }
    )


def place(row: pd.Series) -> str:
    """Write where the places of an area lie: 1–6."""
    low, high = row["rank_low"], row["rank_high"]
    if pd.isna(low):
        return "–"
    return words.span(words.number(low), words.number(high)) if low != high else words.number(low)


def share(p_top: float) -> str:
    """Write a share of the draws: with a decimal near a limit, so that it agrees with the word."""
    return "–" if pd.isna(p_top) else words.percent(*priority.written(p_top))


def shared_ground(known: Register, asked: Asked) -> dict[str, str]:
    """Tell of each network which others it shares at least half of its own or their ground with.

    Of one that is the same place: also what is said of it among those of its own layer.
    """
    overlap, ids = data.totals().overlap, [str(i) for i in known.networks.index]
    need = priority.one_need(overlap, ids)
    told: dict[str, list[str]] = {}
    for row in priority.shared_ground(overlap, ids).itertuples():
        other = words.network(*known.networks.loc[row.other, ["layer", "name"]])
        parts = f"{words.percent(row.share)}, {words.percent(row.other_share)}"
        is_same = need[row.area_id] == need[row.other]
        same = f"samma plats{_said_there(known, asked, str(row.other))}"
        said = f"{other} ({same})" if is_same else f"{other} ({parts})"
        told.setdefault(str(row.area_id), []).append(said)
    return {area_id: "; ".join(said) for area_id, said in told.items()}


def _said_there(known: Register, asked: Asked, network_id: str) -> str:
    """Say how sure another network is among the first of its own layer, by the same weights."""
    layer = str(known.networks.at[network_id, "layer"])
    top = priority.usual_top(len(known.ids_of(layer)))
    if set(data.once(found, layer).values.columns) != {name for name, _ in asked.weights}:
        return ""
    other = data.once(ranking, asked._replace(among=layer, top=top)).table
    return f", där {other.at[network_id, 'verdict']} bland de {top}"


def dependent(known: Register, among: str) -> str:
    """Say how shared ground is written, and which that are ranked together are not independent."""
    if among == BASE_AREAS:
        return ""
    ids = known.ids_of(among)
    rows = priority.shared_ground(data.totals().overlap, ids)
    names = known.ranked_names(among)
    pairs = [
        f"{names[row.area_id]} och {names[row.other]} delar mark ({words.percent(row.share)} "
        f"respektive {words.percent(row.other_share)})"
        for row in rows.itertuples()
        if row.other in ids and ids.index(row.area_id) < ids.index(row.other)
    ]
    if not pairs:
        return GROUND
    return (
        f"{GROUND} {words.listed(pairs)}: deras värden vilar delvis på samma människor, så deras "
        "platser är inte oberoende."
    )


def weights_table(known: Register, asked: Asked) -> pd.DataFrame:
    """Return the weights in per cent, which sum to 100, with period and direction."""
    rows = weights_export(known, asked)
    rows["Vikt"] = [words.percent(weight / 100, 1) for weight in rows["Vikt (%)"]]
    return rows[["Indikator", "Vikt", "Period", "Riktning"]]


def weights_export(known: Register, asked: Asked) -> pd.DataFrame:
    """Return the weights for a file: numbers as numbers."""
    own, held = data.once(found, asked.among), pd.Series(dict(asked.weights))
    way = {"low": "Lågt värde är behov", "high": "Högt värde är behov"}
    return pd.DataFrame(
        {
            "Indikator": [str(known.indicators.at[name, "name"]) for name in held.index],
            "Vikt (%)": priority.per_cent(held).to_numpy(),
            "Period": [own.periods[name] for name in held.index],
            "Riktning": [way[own.direction[name]] for name in held.index],
            "Källa": [source(own, name) for name in held.index],
        }
    )


def source(own: needs.Needs, name: str) -> str:
    """Name the sources of an indicator; what is made up is said."""
    return words.DEMO if name in own.demo else words.listed(list(own.sources[name]))


def sources(known: Register, asked: Asked) -> str:
    """Say from where and from when each indicator is that weighs anything."""
    made = data.once(ranking, asked)
    held: dict[str, list[str]] = {}
    for name in made.weighed:
        said = f"{known.indicators.at[name, 'name']} {made.needs.periods[name]}"
        held.setdefault(source(made.needs, name), []).append(said)
    return "; ".join(f"{origin}: {words.listed(said)}" for origin, said in held.items()) + "."


def left_out(known: Register, among: str) -> str:
    """Say which indicators are not ranked, and why."""
    own = data.once(found, among)
    said = [
        f"{known.indicators.at[row.indicator_id, 'name']} ({needs.LEFT_OUT[str(row.why)]})"
        for row in own.left_out.itertuples()
    ]
    return f"Inte med: {'; '.join(said)}." if said else ""


def saved(asked: Asked) -> bytes:
    """Return all that was chosen as the file that `python -m geo rank --weights` reads."""
    return json.dumps(asked._asdict() | {"weights": dict(asked.weights)}, indent=1).encode("utf-8")
