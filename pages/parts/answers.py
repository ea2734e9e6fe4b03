"""The sentence beside the map: who covers a place, what is missing, and how sure that is."""

from __future__ import annotations

import re
from itertools import combinations
from typing import Any

import pandas as pd

from geo import coverage
from geo.places import Choice
from geo.sources import LAYERS
from pages.parts import looks, words
from pages.parts.data import Cover, Register, Totals
from pages.parts.people import People

FEW = 8  # names that a sentence can hold


def _bold(text: str) -> str:
    return f"**{words.markdown_safe(text)}**"


def who(choice: Choice, register: Register) -> str:
    """Say which networks cover what was chosen, and which layers do not."""
    if choice.kind == "network":
        return _network(choice, register)
    if not choice.base_area_ids:
        return f"{_bold(choice.name)} har inte kunnat läggas i något basområde. {choice.note}."
    names = [str(register.base_areas.at[i, "name"]) for i in choice.base_area_ids]
    rows = coverage.who_covers(choice.base_area_ids, register.memberships, register.networks)
    if choice.kind == "base_area":
        where = _bold(choice.name)
    elif len(names) == 1:
        where = f"{_bold(choice.name)} ligger i basområdet {_bold(names[0])} och"
    else:
        some = words.listed([_bold(name) for name in names], "eller")
        where = f"{_bold(choice.name)} ligger i {some} (vilket är inte fastställt) och"
    return f"{where} {_covered_by(rows, choice.base_area_ids, register)}"


def _covered_by(rows: pd.DataFrame, base_area_ids: tuple[str, ...], register: Register) -> str:
    cover = coverage.by_base_area(register.base_areas, register.memberships)
    asked = cover.loc[list(base_area_ids)]
    if rows.empty:
        return "täcks inte av något nätverk."
    how = looks.how_many(int(asked["n_low"].min()), int(asked["n_high"].max()))
    named = [
        _bold(words.network(layer, name)) + (" (en del)" if (part == "part").all() else "")
        for (_, layer, name), part in rows.groupby(["network_id", "layer", "name"], sort=False)[
            "extent"
        ]
    ]
    missing = [words.LAYER_SHORT[x] for x in LAYERS if x not in set(rows["layer"])]
    text = f"täcks av {how}: {words.listed(named)}."
    if missing:
        text += (
            f" Här finns varken {' eller '.join(missing)}."
            if len(missing) > 1
            else (f" Här finns inget {missing[0]}.")
        )
    return text


def _network(choice: Choice, register: Register) -> str:
    area = register.areas.loc[choice.id]
    split = [str(register.base_areas.at[i, "name"]) for i in area["split_base_areas"]]
    text = (
        f"{_bold(words.network(choice.layer, choice.name))} har ett upptagningsområde på "
        f"{words.number(area['area_km2'], 1)} km²: {len(area['base_areas'])} basområden"
    )
    text += f", varav {len(split)} delade ({words.listed(split)})." if split else ", inget delat."
    if register.networks.at[choice.id, "status"] == "resting":
        text += " Nätverket uppges på en senare sida inte vara aktivt för närvarande."
    return text


def reasons(choice: Choice, register: Register) -> str:
    """List who covers what is chosen: a line each, with basis and confidence in words."""
    rows = _who_rows(choice, register)
    several = rows["base_area_id"].nunique() > 1
    lines = []
    for row in rows.itertuples():
        area = str(register.base_areas.at[row.base_area_id, "name"])
        network = words.network(row.layer, row.name)
        what = area if choice.kind == "network" else network
        where = f" ({words.markdown_safe(area)})" if several and choice.kind != "network" else ""
        part = f"; andel {words.percent(row.share)} antagen" if row.extent == "part" else ""
        lines.append(
            f"- {_bold(what)}{where}: {words.BASIS[row.basis]}{part}. "
            f"{words.first_upper(words.CONFIDENCE[row.confidence])}."
        )
    return "\n".join(lines)


def _who_rows(choice: Choice, register: Register) -> pd.DataFrame:
    rows = coverage.who_covers(choice.base_area_ids, register.memberships, register.networks)
    return rows[rows["network_id"] == choice.id] if choice.kind == "network" else rows


def evidence(choice: Choice, register: Register) -> pd.DataFrame:
    """List why each base area is counted to each network, as the register says it."""
    rows = _who_rows(choice, register)
    return pd.DataFrame(
        {
            "Nätverk": [
                words.network(a, b) for a, b in zip(rows["layer"], rows["name"], strict=True)
            ],
            "Basområde": rows["base_area_id"].map(register.base_areas["name"]),
            "Omfattning": rows["extent"].map(words.EXTENT),
            "Underlag": rows["evidence"].map(words.markdown_safe),
        }
    )


def headline(cover: Cover, layers: tuple[str, ...], register: Register) -> str:
    """Say at once what the map shows: how many networks, where none, where only one."""
    if not layers:
        return (
            "Inget lager är valt. Slå på minst ett lager för att se vilka nätverk som täcker var."
        )
    table = cover.by_base_area
    none = list(cover.gaps["name"])
    one = register.base_areas.loc[(table["n_low"] <= 1) & (table["n_high"] == 1), "name"]
    kinds = words.listed([words.LAYER_SHORT[layer] for layer in layers], "eller")
    if none:
        text = f"**{len(none)} av {len(table)}** basområden har inget nätverk ({kinds})"
        text += f": {words.listed(none)}." if len(none) <= FEW else "."
    else:
        text = f"Alla {len(table)} basområden har minst ett nätverk ({kinds})."
    if len(layers) > 1:
        text += f" **{len(one)}** har bara ett"
        text += f": {words.listed(list(one))}." if 0 < len(one) <= FEW else "."
    return text


def spelled_out(note: str, register: Register) -> str:
    """Write the names of base areas where a note has their short codes (R041)."""
    names = {str(i)[-4:]: str(name) for i, name in register.base_areas["name"].items()}
    return re.sub(r"\bR\d{3}\b", lambda code: names.get(code[0], code[0]), note)


def inner_city(register: Register) -> str:
    """Say where there is neither områdesnätverk nor ortsråd."""
    bare = coverage.gaps(register.base_areas, register.memberships, ["omrade", "ortsrad"])
    return (
        f"**Innerstaden saknar områdesnätverk och ortsråd.** {len(bare)} basområden har bara "
        f"nätverk barn och unga: {words.listed(list(bare['name']))}."
    )


def layer_table(totals: Totals, people: People) -> pd.DataFrame:
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


def land_against_people(totals: Totals, people: People) -> str:
    """Say that land is not children: the ortsråd hold most land and fewer children."""
    land = totals.by_layer.at["ortsrad", "area_share"]
    share = people.shares.at["ortsrad", "people_share"]
    text = f"Ortsråden täcker **{words.percent(land)}** av ytan men "
    if people.pairs is not None:
        return text + f"**{words.percent(share)}** av dem som är räknade i den valda folkmängden."
    year = int(people.shares.at["ortsrad", "year"])
    return text + (
        f"bara omkring **{words.percent(share)}** av barnen 0–17 år ({year}). Barnen är räknade "
        "per kommundel, och kommundelar och upptagningsområden har inte samma gränser: läs det som "
        "en storleksordning. För områdesnätverken går det inte att säga förrän folkmängd per "
        "basområde är inläst."
    )


def overlap_table(totals: Totals, register: Register, layers: tuple[str, ...]) -> pd.DataFrame:
    """List the pairs that overlap, largest first, with what kind of overlap it is."""
    kind = {
        "equal": "samma område",
        "contains": "det första rymmer det andra",
        "within": "det första ligger i det andra",
        "overlaps": "delvis",
    }
    frame = totals.overlap
    layer = register.areas["layer"]
    kept = frame[frame["a"].map(layer).isin(layers) & frame["b"].map(layer).isin(layers)]
    kept = kept.sort_values("area_km2", ascending=False)
    full = {i: words.network(r["layer"], r["name"]) for i, r in register.areas.iterrows()}
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


def matrices(
    totals: Totals, people: People, register: Register, layers: tuple[str, ...]
) -> dict[str, pd.DataFrame]:
    """Lay the overlaps of each two chosen layers out as a matrix: km², and people where loaded."""
    shared = {(p.a, p.b): p for p in totals.overlap.itertuples()}
    persons = {} if people.pairs is None else {(p.a, p.b): p for p in people.pairs.itertuples()}
    found = {}
    for row_layer, column_layer in combinations(layers, 2):
        rows = register.areas.loc[register.areas["layer"] == row_layer, "name"]
        columns = register.areas.loc[register.areas["layer"] == column_layer, "name"]
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


def base_area_table(cover: Cover, register: Register) -> pd.DataFrame:
    """List every base area as the map shows it: the equal of the map in words."""
    table = cover.by_base_area
    full = {i: words.network(r["layer"], r["name"]) for i, r in register.networks.iterrows()}
    return pd.DataFrame(
        {
            "Basområde": register.base_areas["name"],
            "Kod": list(register.base_areas.index),
            "Antal nätverk": [
                looks.how_many(low, high)
                for low, high in zip(table["n_low"], table["n_high"], strict=True)
            ],
            "Nätverk": [
                words.listed([full.get(i, i) for i in ids]) for ids in table["network_ids"]
            ],
            "Delat": ["ja" if split else "nej" for split in table["is_split"]],
            "Säkerhet": table["confidence"].map(words.CONFIDENCE),
        }
    )


def overlap_sentence(totals: Totals, register: Register, layers: tuple[str, ...]) -> str:
    """Say how many pairs overlap, how many surely, and which are the same area."""
    frame = totals.overlap
    layer = register.areas["layer"]
    kept = frame[frame["a"].map(layer).isin(layers) & frame["b"].map(layer).isin(layers)]
    if kept.empty:
        return "Inga nätverk i de valda lagren överlappar varandra."
    same = kept[kept["relation"] == "equal"]
    unsure = int(kept["from_split_only"].sum())
    text = f"**{len(kept)} par** av nätverk delar yta; {unsure} av dem bara delade basområden."
    if len(same):
        names = words.listed(sorted({str(register.areas.at[i, "name"]) for i in same["a"]}))
        text += f" I {len(same)} fall är det samma område: {names}."
    return text


def gap_list(register: Register) -> str:
    """List, by layer, how many base areas lack its networks, and which in part."""
    lines = []
    for layer in LAYERS:
        bare = coverage.gaps(register.base_areas, register.memberships, [layer])
        part = coverage.partial_gaps(register.base_areas, register.memberships, [layer])
        text = f"- {words.LAYER[layer]}: {len(bare)} av {len(register.base_areas)} basområden utan"
        text += f", delvis utan: {words.listed(list(part['name']))}" if len(part) else ""
        lines.append(text + ".")
    return "\n".join(lines)


def networks_table(register: Register) -> pd.DataFrame:
    """List the 20 networks with the places that they name themselves."""
    networks = register.networks
    return pd.DataFrame(
        {
            "Nätverk": [
                words.network(a, b)
                for a, b in zip(networks["layer"], networks["name"], strict=True)
            ],
            "Delområden": [words.listed(list(names)) for names in networks["sub_areas"]],
        }
    )


def loaded_table(register: Register, sources: pd.DataFrame) -> pd.DataFrame:
    """List what data is loaded, how much of it, from when, and from where."""
    title = sources.set_index("source_id")["title"]
    date = sources.set_index("source_id")["date"]
    rows = [
        ("Basområden (RegSO 2025)", len(register.base_areas), "scb-regso"),
        ("Nätverk och delområden", len(register.networks), "ar2017"),
        ("Tillhörighet nätverk–basområde", len(register.memberships), "lagesbild"),
        ("Folkmängd per kommundel", register.population["kommundel"].nunique(), "boras-folkmangd"),
    ]
    return pd.DataFrame(
        [(a, words.number(n), date.get(s) or "odaterad", title.get(s, "")) for a, n, s in rows],
        columns=["Vad", "Antal", "Datum", "Källa"],
    )
