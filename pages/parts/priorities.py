"""The ranking of needs put together for the page: what is ranked, by which weights, how sure."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pandas as pd

from geo import needs, priority
from geo.priority.ranking import NO_VERDICT, NOT, POSSIBLY, SURELY
from pages.parts import data, words
from pages.parts.data import Register

BASE_AREAS = "base_areas"
AMONG = words.LAYER_TAB | {BASE_AREAS: "Basområden"}
FACTOR = {
    "values": "hur osäkra värdena är",
    "weights": "vilka vikter som väljs",
    "method": "hur värdena görs jämförbara",
    "aggregate": "hur de vägs samman",
    "left_out": "vilka indikatorer som är med",
}
LEFT_OUT = {
    needs.CONTEXT: "bakgrund, rangordnas aldrig",
    needs.NO_DIRECTION: "har ingen riktning",
    needs.COARSE: "finns bara för hela kommunen",
    needs.NO_VALUES: "inga värden som får visas",
}
VERDICTS = (SURELY, POSSIBLY, NOT, NO_VERDICT)
METHOD = (
    "Plats 1 är störst behov. **Säkert**: bland de första i minst 90 % av 10 000 dragningar; "
    "**inte**: i högst 10 %; **möjligen** däremellan. Varje dragning väljer värden inom sina "
    "intervall, vikter kring de valda, sätt att göra värdena jämförbara och väga samman dem, och "
    "lämnar ute en indikator eller ingen. Plats skrivs som 5:e–95:e percentilen. Dolda värden är "
    "inte med. Rangordningen säger var behovet syns i talen, inte varför och inte vad som hjälper."
)
Weights = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Ranking:
    """The ranking of some areas, with what it rests on. table: as geo.priority.rank gives it."""

    needs: needs.Needs
    weights: dict[str, float]
    table: pd.DataFrame
    names: dict[str, str]
    top: int

    @property
    def caution(self) -> str:
        """The mark of what is made up."""
        return words.DEMO if self.needs.demo else ""


def found(known: Register, among: str) -> needs.Needs:
    """Return what may be ranked, of the newest period of each indicator."""
    ranked = known.indicators[known.indicators["use"] == needs.RANKED]
    newest = {str(i): data.periods(str(i)) for i in ranked.index}
    views = {name: data.view(name, periods[0]) for name, periods in newest.items() if periods}
    return needs.needs(known.indicators, views, ids_of(known, among))


def ids_of(known: Register, among: str) -> list[str]:
    """Return the areas of a layer, or the base areas."""
    if among == BASE_AREAS:
        return [str(i) for i in known.base_areas.index]
    return [str(i) for i in known.networks.index[known.networks["layer"] == among]]


def by_target(known: Register, among: str) -> Weights:
    """Return weights that give each target area of välfärdsbokslutet the same."""
    names = data.once(found, among).values.columns
    themes = {str(n): str(known.indicators.at[n, "target_area"]) or "Övrigt" for n in names}
    by_theme = dict.fromkeys(themes.values(), 1 / len(set(themes.values())))
    return tuple(priority.theme_weights(themes, by_theme).items())


def ranking(known: Register, among: str, weights: Weights, top: int) -> Ranking:
    """Rank the areas by some weights, which sum to 1."""
    own = data.once(found, among)
    held = dict(weights)
    table = priority.rank(own.values, own.direction, held, top=top, low=own.low, high=own.high)
    return Ranking(own, held, table, names_of(known, among), top)


def names_of(known: Register, among: str) -> dict[str, str]:
    """Return the names of what is ranked: short ones, the layer is said once."""
    if among == BASE_AREAS:
        return {str(i): str(name) for i, name in known.base_areas["name"].items()}
    return {i: str(known.networks.at[i, "name"]) for i in ids_of(known, among)}


def _setup(made: Ranking) -> priority.draws.Setup:
    own = made.needs
    return priority.setup_of(own.values, own.direction, made.weights, low=own.low, high=own.high)


def headline(known: Register, among: str, weights: Weights, top: int) -> str:
    """Say who is surely and who possibly among the first."""
    made = data.once(ranking, among, weights, top)
    said = {
        verdict: [made.names[str(i)] for i in made.table.index[made.table["verdict"] == verdict]]
        for verdict in VERDICTS
    }
    sure = words.listed(said[SURELY]) or "ingen"
    text = f"**Säkert bland de {top} med störst behov: {sure}.**"
    if said[POSSIBLY]:
        text += f" Möjligen: {words.listed(said[POSSIBLY])}."
    if said[NO_VERDICT]:
        text += f" Går ej att bedöma: {words.listed(said[NO_VERDICT])}."
    made_up = " (syntetiskt)" if made.caution else ""
    return f"{text} Byggt på {len(made.weights)} indikatorer{made_up}."


def table(known: Register, among: str, weights: Weights, top: int) -> pd.DataFrame:
    """Return the ranking in words, the largest need first."""
    made = data.once(ranking, among, weights, top)
    same = _same_ground(known)
    rows = made.table
    return pd.DataFrame(
        {
            "Område": [made.names[str(i)] for i in rows.index],
            f"Bland de {top} första": rows["verdict"].to_numpy(),
            "Andel av dragningarna": [words.percent(p) for p in rows["p_top"]],
            "Plats": [_place(row) for row in rows.itertuples()],
            "Mittplats": [words.number(n) for n in rows["rank_median"]],
            "Behov (0–1)": [words.number(n, 2) for n in rows["score"]],
            "Samma plats som": [same.get(str(i), "–") for i in rows.index],
        }
    )


def _place(row: object) -> str:
    low, high = row.rank_low, row.rank_high  # type: ignore[attr-defined]
    if pd.isna(low):
        return "–"
    return words.span(words.number(low), words.number(high)) if low != high else words.number(low)


def _same_ground(known: Register) -> dict[str, str]:
    """Tell of each network which others are on the same ground: one need, not two."""
    groups = priority.one_need(data.totals().overlap, [str(i) for i in known.networks.index])
    told = {}
    for network_id, group in groups.items():
        others = [i for i in groups.index[groups == group] if i != network_id]
        if others:
            full = [words.network(*known.networks.loc[i, ["layer", "name"]]) for i in others]
            told[str(network_id)] = words.listed(full)
    return told


def weights_table(known: Register, among: str, weights: Weights) -> pd.DataFrame:
    """Return the weights in per cent, which sum to 100."""
    own, held = data.once(found, among), dict(weights)
    return pd.DataFrame(
        {
            "Indikator": [str(known.indicators.at[name, "name"]) for name in held],
            "Vikt": [words.percent(weight, 1) for weight in held.values()],
            "Period": [own.periods[name] for name in held],
            "Behov är": [
                "lågt värde" if own.direction[name] == "low" else "högt värde" for name in held
            ],
        }
    )


def left_out(known: Register, among: str) -> str:
    """Say which indicators are not ranked, and why."""
    own = data.once(found, among)
    said = [
        f"{known.indicators.at[row.indicator_id, 'name']} ({LEFT_OUT[str(row.why)]})"
        for row in own.left_out.itertuples()
    ]
    return f"Inte med: {'; '.join(said)}." if said else ""


def parts(known: Register, among: str, weights: Weights, top: int, area_id: str) -> pd.DataFrame:
    """Return what drives the place of one area: each indicator's part, the largest first."""
    made = data.once(ranking, among, weights, top)
    own = made.needs
    share = priority.contributions(own.values, own.direction, made.weights).loc[area_id]
    without = priority.without_each(own.values, own.direction, made.weights).loc[area_id]
    share = share.sort_values(ascending=False)
    now = made.table.at[area_id, "rank"]
    return pd.DataFrame(
        {
            "Indikator": [str(known.indicators.at[name, "name"]) for name in share.index],
            "Vikt": [words.percent(made.weights[name], 1) for name in share.index],
            "Del av behovet": [words.number(part, 3) for part in share],
            "Plats utan indikatorn": [_moved(without[name], now) for name in share.index],
        }
    )


def _moved(rank: float, now: float) -> str:
    if pd.isna(rank) or pd.isna(now):
        return "–"
    return f"{words.number(rank)} (nu {words.number(now)})" if rank != now else words.number(rank)


def why(known: Register, among: str, weights: Weights, top: int, area_id: str) -> str:
    """Say in a sentence what drives the place of one area, and what would change it."""
    made = data.once(ranking, among, weights, top)
    row = made.table.loc[area_id]
    name = words.markdown_safe(made.names[area_id])
    if pd.isna(row["rank"]):
        return f"**{name}** går ej att bedöma: för lite är känt, eller får visas."
    rows = parts(known, among, weights, top, area_id)
    most = words.listed(list(rows["Indikator"].head(3)))
    moved = rows[rows["Plats utan indikatorn"].str.contains("nu")]
    change = (
        f" Platsen ändras om {words.listed(list(moved['Indikator'].head(3)), 'eller')} lämnas ute."
        if len(moved)
        else " Ingen enskild indikator ändrar platsen."
    )
    return (
        f"**{name}**: {row['verdict']} bland de {top} första, plats "
        f"{_place(row.rename({}))}. Mest bidrar {most}.{change}"
    )


def moves(known: Register, among: str, weights: Weights, top: int) -> pd.DataFrame:
    """Return which assumption moves the ranking most."""
    shares = priority.drivers(_setup(data.once(ranking, among, weights, top)))
    rest = max(0.0, 1 - float(shares.sum()))
    rows = [(words.first_upper(FACTOR[str(name)]), share) for name, share in shares.items()]
    rows.append(("Samspel mellan dem", rest))
    return pd.DataFrame(
        {
            "Antagande": [name for name, _ in rows],
            "Andel av platsernas variation": [words.percent(share) for _, share in rows],
        }
    )


def alike(known: Register, among: str, weights: Weights, top: int) -> pd.DataFrame:
    """Return pairs that cannot be told apart."""
    made = data.once(ranking, among, weights, top)
    pairs = priority.alike(_setup(made), made.needs.values.index)
    return pd.DataFrame(
        {
            "Område": [made.names[str(i)] for i in pairs["a"]],
            "och": [made.names[str(i)] for i in pairs["b"]],
            "Det första har större behov i": [words.percent(p) for p in pairs["p_before"]],
        }
    )


def doubles(known: Register, among: str) -> pd.DataFrame:
    """Return pairs of indicators that tell much the same."""
    found_ = priority.double_counted(data.once(found, among).values)
    names = known.indicators["name"]
    return pd.DataFrame(
        {
            "Indikator": [names[i] for i in found_["a"]],
            "och": [names[i] for i in found_["b"]],
            "Samband (−1 till 1)": [words.number(r, 2) for r in found_["correlation"]],
        }
    )


def saved(weights: Weights, top: int) -> bytes:
    """Return the weights as the file that `python -m geo rank --weights` reads."""
    return json.dumps({"weights": dict(weights), "top": top}, indent=1).encode("utf-8")
