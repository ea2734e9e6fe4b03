"""The tables beside the maps: the same as the map shows, in words and numbers."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pandas as pd

from geo import coverage, statistics
from geo.places import Choice
from geo.sources import LAYERS, SYNTHETIC
from pages.parts import answers, data, looks, words
from pages.parts.data import Register, Totals
from pages.parts.people import People


def layers(totals: Totals, people: People) -> pd.DataFrame:
    """Put the share of land and the share of people side by side, a row a layer."""
    land = totals.by_layer
    return pd.DataFrame(
        {
            "Lager": words.LAYER[layer],
            "Yta, km²": words.number(land.at[layer, "area_km2"], 2),
            "Andel av ytan": _share(land.loc[layer], "area_share", 1),
            people.heading: _share(people.shares.loc[layer], "people_share", 0),
        }
        for layer in LAYERS
    )


def _share(row: pd.Series, name: str, decimals: int) -> str:
    text = words.percent(row[name], decimals)
    low, high = row.get(f"{name}_low", row[name]), row.get(f"{name}_high", row[name])
    if pd.isna(row[name]) or high - low < 0.0005:
        return text
    return f"{text} ({words.percent(low, decimals)}–{words.percent(high, decimals)})"


def overlaps(known: Register, layers: tuple[str, ...]) -> pd.DataFrame:
    """List the pairs that overlap, largest first, with what kind of overlap it is."""
    kind = {
        "equal": "samma område",
        "contains": "det första rymmer det andra",
        "within": "det första ligger i det andra",
        "overlaps": "delvis",
    }
    frame = data.totals().overlap
    layer = known.areas["layer"]
    kept = frame[frame["a"].map(layer).isin(layers) & frame["b"].map(layer).isin(layers)]
    kept = kept.sort_values("area_km2", ascending=False)
    full = {i: words.network(r["layer"], r["name"]) for i, r in known.areas.iterrows()}
    return pd.DataFrame(
        {
            "Nätverk": kept["a"].map(full),
            "överlappar": kept["b"].map(full),
            "Gemensam yta, km²": [words.number(v, 2) for v in kept["area_km2"]],
            "Andel av det första": [words.percent(v) for v in kept["share_of_a"]],
            "Andel av det andra": [words.percent(v) for v in kept["share_of_b"]],
            "Slag": kept["relation"].map(kind),
            "Säkerhet": [
                "osäkert: bara delade basområden" if split else "säkert"
                for split in kept["from_split_only"]
            ],
        }
    )


def matrices(known: Register, people: People, layers: tuple[str, ...]) -> dict[str, pd.DataFrame]:
    """Lay the overlaps of each two chosen layers out as a matrix: km², and people where loaded."""
    shared = {(p.a, p.b): p for p in data.totals().overlap.itertuples()}
    persons = {} if people.pairs is None else {(p.a, p.b): p for p in people.pairs.itertuples()}
    found = {}
    for row_layer, column_layer in combinations(layers, 2):
        rows = known.areas.loc[known.areas["layer"] == row_layer, "name"]
        columns = known.areas.loc[known.areas["layer"] == column_layer, "name"]
        cells = {
            name: {c: _cell(shared.get((a, b)), persons.get((a, b))) for b, c in columns.items()}
            for a, name in rows.items()
        }
        title = f"{words.LAYER_TAB[row_layer]} mot {words.LAYER_SHORT[column_layer]}"
        table = pd.DataFrame.from_dict(cells, orient="index").rename_axis("Nätverk")
        found[title] = table[(table != "").any(axis=1)].reset_index()
    return found


def _cell(shared: Any, persons: Any) -> str:
    if shared is None:
        return ""
    text = words.number(shared.area_km2, 2) + ("°" if shared.from_split_only else "")
    return text if persons is None else f"{text} ({_persons(persons)})"


def _persons(pair: Any) -> str:
    low, high = words.number(pair.n_people_low), words.number(pair.n_people_high)
    return low if low == high else f"{low}–{high}"


def base_areas(known: Register, layers: tuple[str, ...]) -> pd.DataFrame:
    """List every base area as the map shows it: the equal of the map in words."""
    table = data.cover(layers).by_base_area
    full = {i: words.network(r["layer"], r["name"]) for i, r in known.networks.iterrows()}
    return pd.DataFrame(
        {
            "Basområde": known.base_areas["name"],
            "Kod": list(known.base_areas.index),
            "Antal nätverk": [
                looks.how_many(low, high)
                for low, high in zip(table["n_low"], table["n_high"], strict=True)
            ],
            "Nätverk": [
                words.listed([full.get(i, i) for i in ids]) for ids in table["network_ids"]
            ],
            "Delat": ["ja" if split else "nej" for split in table["is_split"]],
            "Säkerhet": [words.CONFIDENCE[c] if c else "–" for c in table["confidence"]],
        }
    )


def unsure(known: Register, layers: tuple[str, ...]) -> pd.DataFrame:
    """List the base areas that are split or not surely placed, a row each."""
    rows = _unsure_rows(known, layers)
    table = data.cover(layers).by_base_area
    listed: dict[str, list[str]] = {}
    for row in rows.itertuples():
        listed.setdefault(row.base_area_id, []).append(_with_share(row))
    return pd.DataFrame(
        {
            "Basområde": known.base_areas.loc[list(listed), "name"],
            "Delat": ["ja" if split else "nej" for split in table.loc[list(listed), "is_split"]],
            "Gäller nätverk": [words.listed(names) for names in listed.values()],
            "Tillhörighetens säkerhet": table.loc[list(listed), "confidence"].map(words.CONFIDENCE),
        }
    )


def unsure_reasons(known: Register, layers: tuple[str, ...]) -> pd.DataFrame:
    """List why each split or unsure base area is counted to each network."""
    rows = _unsure_rows(known, layers)
    return pd.DataFrame(
        {
            "Basområde": rows["base_area_id"].map(known.base_areas["name"]),
            "Nätverk": [_with_share(row) for row in rows.itertuples()],
            "Säkerhet": rows["confidence"].map(words.CONFIDENCE),
            "Varför": rows["evidence"],
        }
    )


def _unsure_rows(known: Register, layers: tuple[str, ...]) -> pd.DataFrame:
    rows = coverage.who_covers(list(known.base_areas.index), known.memberships, known.networks)
    odd = (rows["extent"] == "part") | (rows["confidence"] != "high")
    return rows[rows["layer"].isin(layers) & odd].sort_values("base_area_id", kind="stable")


def _with_share(row: Any) -> str:
    part = f" (andel {words.percent(row.share)}, antagen)" if row.extent == "part" else ""
    return words.network(row.layer, row.name) + part


def networks(known: Register) -> pd.DataFrame:
    """List the 20 networks with the places that they name themselves."""
    rows = known.networks
    return pd.DataFrame(
        {
            "Nätverk": [
                words.network(a, b) for a, b in zip(rows["layer"], rows["name"], strict=True)
            ],
            "Delområden": [words.listed(list(names)) for names in rows["sub_areas"]],
        }
    )


def indicators(known: Register) -> pd.DataFrame:
    """List the indicators, what is assumed of them, and what figures there are."""
    rows, figures = known.indicators, known.statistics
    made_up = set(figures.loc[figures["source"] == SYNTHETIC, "indicator_id"])
    periods = statistics.periods(figures)
    span = {
        i: first + (f"–{last}" if last != first else "") for i, (first, last) in periods.items()
    }
    return pd.DataFrame(
        {
            "Indikator": list(rows["name"]),
            "Målområde": [name or "–" for name in rows["target_area"]],
            "Mäter": list(rows["definition"]),
            "Finns för": rows["level"].map(words.LEVEL).tolist(),
            "Används": rows["use"].map(words.USE).tolist(),
            "Tal": [
                words.MISSING if i not in span else "demodata" if i in made_up else "inlästa"
                for i in rows.index
            ],
            "Perioder": [span.get(i, "") for i in rows.index],
            "Källa": list(rows["source"]),
        }
    )


def loaded(known: Register) -> pd.DataFrame:
    """List what data is loaded, how much of it, from when, and from where."""
    sources = data.shown("sources")
    title = sources.set_index("source_id")["title"]
    date = sources.set_index("source_id")["date"]
    rows = [
        ("Basområden (RegSO 2025)", len(known.base_areas), "scb-regso"),
        ("Nätverk och delområden", len(known.networks), "ar2017"),
        ("Tillhörighet nätverk–basområde", len(known.memberships), "lagesbild"),
        ("Folkmängd per kommundel", known.population["kommundel"].nunique(), "boras-folkmangd"),
        ("Trygghetsvandringar 2016, 2017, 2022", len(data.shown("walks")), "boras-vandringar"),
    ]
    listed = [(a, words.number(n), date.get(s) or "odaterad", title.get(s, "")) for a, n, s in rows]
    figures = known.statistics
    made_up = figures["source"] == SYNTHETIC
    for name, part, source in (
        ("Statistik, inlästa värden", figures[~made_up], "Se Data och kvalitet"),
        ("Statistik, syntetiska demodata", figures[made_up], words.DEMO),
    ):
        span = f"{part['period'].min()}–{part['period'].max()}" if len(part) else "–"
        listed.append((name, words.number(len(part)), span, source))
    return pd.DataFrame(listed, columns=["Vad", "Antal", "Datum", "Källa"])


def evidence(known: Register, choice: Choice) -> pd.DataFrame:
    """List why each base area is counted to each network, as the register says it."""
    rows = answers.who_rows(known, choice)
    return pd.DataFrame(
        {
            "Nätverk": [
                words.network(a, b) for a, b in zip(rows["layer"], rows["name"], strict=True)
            ],
            "Basområde": rows["base_area_id"].map(known.base_areas["name"]),
            "Omfattning": rows["extent"].map(words.EXTENT),
            "Underlag": rows["evidence"],
        }
    )
