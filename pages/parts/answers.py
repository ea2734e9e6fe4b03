"""The sentence beside the map: who covers a place, what is missing, and how sure that is."""

from __future__ import annotations

import re

import pandas as pd

from geo import coverage
from geo.places import Choice
from geo.sources import LAYERS
from pages.parts import data, looks, words
from pages.parts.data import Register, Totals
from pages.parts.people import People

FEW = 8  # names that a sentence can hold


def _bold(text: str) -> str:
    return f"**{words.markdown_safe(text)}**"


def who(known: Register, choice: Choice) -> str:
    """Say which networks cover what was chosen, and which layers do not."""
    if choice.kind == "network":
        return _network(known, choice)
    if not choice.base_area_ids:
        return f"{_bold(choice.name)} har inte kunnat läggas i något basområde. {choice.note}."
    rows = who_rows(known, choice)
    if choice.kind == "base_area":
        where = _bold(choice.name)
    else:
        names = [_bold(str(known.base_areas.at[i, "name"])) for i in choice.base_area_ids]
        joined = "" if choice.basis == "inferred" and len(names) > 1 else " och"
        where = f"{_bold(choice.name)} {_lies_in(names, choice.basis)}{joined}"
    covered = _covered_by(known, rows, choice.base_area_ids)
    return f"{where} {covered}{_alone(known, choice.base_area_ids)}"


def _lies_in(names: list[str], basis: str) -> str:
    if len(names) == 1:
        return f"ligger i basområdet {names[0]}"
    if basis == "inferred":
        return f"är inte avgränsat i källorna. Möjliga basområden är {words.listed(names)}. Det"
    return f"ligger i {words.listed(names)}"


def _alone(known: Register, base_area_ids: tuple[str, ...]) -> str:
    """Say in how many of several base areas there is one network only."""
    cover = data.cover(LAYERS).by_base_area.loc[list(base_area_ids)]
    alone = list(known.base_areas.loc[cover.index[cover["n_high"] == 1], "name"])
    if len(base_area_ids) < 2 or not alone:
        return ""
    return (
        f" I {len(alone)} av {len(base_area_ids)} basområden finns bara ett nätverk, för källornas "
        f"listor för områdesnätverk och ortsråd nämner dem inte: {words.listed(alone)}."
    )


def _covered_by(known: Register, rows: pd.DataFrame, base_area_ids: tuple[str, ...]) -> str:
    asked = data.cover(LAYERS).by_base_area.loc[list(base_area_ids)]
    if rows.empty:
        return "täcks inte av något nätverk."
    how = looks.how_many(int(asked["n_low"].min()), int(asked["n_high"].max()))
    extents: dict[str, set[str]] = {}
    for row in rows.itertuples():
        extents.setdefault(words.network(row.layer, row.name), set()).add(row.extent)
    named = [_bold(n) + (" (en del)" if found == {"part"} else "") for n, found in extents.items()]
    missing = [words.LAYER_SHORT[x] for x in LAYERS if x not in set(rows["layer"])]
    text = f"täcks av {how}: {words.listed(named)}."
    return text + _missing(missing)


def _missing(layers: list[str]) -> str:
    if len(layers) < 2:
        return f" Här finns inget {layers[0]}." if layers else ""
    return (
        f" Här finns varken {' eller '.join(layers)}: källornas listor för dem nämner inte området."
    )


def _network(known: Register, choice: Choice) -> str:
    area = known.areas.loc[choice.id]
    split = [str(known.base_areas.at[i, "name"]) for i in area["split_base_areas"]]
    text = (
        f"{_bold(words.network(choice.layer, choice.name))} har ett upptagningsområde på "
        f"{words.number(area['area_km2'], 1)} km²: {len(area['base_areas'])} basområden"
    )
    text += f", varav {len(split)} delade ({words.listed(split)})." if split else ", inget delat."
    if known.networks.at[choice.id, "status"] == "resting":
        text += " Nätverket uppges på en senare sida inte vara aktivt för närvarande."
    return text + _alone(known, choice.base_area_ids)


def reasons(known: Register, choice: Choice) -> str:
    """List who covers what is chosen: a line each, with basis and confidence in words."""
    rows = who_rows(known, choice)
    several = rows["base_area_id"].nunique() > 1
    lines = []
    for row in rows.itertuples():
        area = str(known.base_areas.at[row.base_area_id, "name"])
        network = words.network(row.layer, row.name)
        what = area if choice.kind == "network" else network
        where = f" ({words.markdown_safe(area)})" if several and choice.kind != "network" else ""
        part = f"; andel {words.percent(row.share)} antagen" if row.extent == "part" else ""
        sure = f"Tillhörigheten är {words.CONFIDENCE[row.confidence]}."
        lines.append(f"- {_bold(what)}{where}: {words.BASIS[row.basis]}{part}. {sure}")
    return "\n".join(lines)


def who_rows(known: Register, choice: Choice) -> pd.DataFrame:
    """Return the memberships that an answer rests on, of one network when that is chosen."""
    rows = coverage.who_covers(choice.base_area_ids, known.memberships, known.networks)
    return rows[rows["network_id"] == choice.id] if choice.kind == "network" else rows


def headline(known: Register, layers: tuple[str, ...]) -> str:
    """Say at once what the map shows: how many networks, where none, where only one."""
    if not layers:
        return (
            "Inget lager är valt. Slå på minst ett lager för att se vilka nätverk som täcker var."
        )
    cover = data.cover(layers)
    table = cover.by_base_area
    none = list(cover.gaps["name"])
    one = known.base_areas.loc[(table["n_low"] == 1) & (table["n_high"] == 1), "name"]
    kinds = words.listed([words.LAYER_SHORT[layer] for layer in layers], "eller")
    if none:
        text = f"**{len(none)} av {len(table)}** basområden har inget nätverk ({kinds})"
        text += f": {words.listed(none)}." if len(none) <= FEW else "."
    else:
        text = f"Alla {len(table)} basområden har minst ett nätverk ({kinds})."
    partly = int(((table["n_low"] == 0) & (table["n_high"] > 0)).sum())
    text += f" **{partly}** har det bara i en del." if partly else ""
    if len(layers) > 1:
        text += f" **{len(one)}** har bara ett"
        text += f": {words.listed(list(one))}." if 0 < len(one) <= FEW else "."
    return text


def only_shown(layers: tuple[str, ...]) -> str:
    """Say that an answer holds for all layers when the map shows fewer."""
    if len(layers) == len(LAYERS):
        return ""
    shown = words.listed([words.LAYER_SHORT[layer] for layer in layers]) or "inget lager"
    return f"Svaret gäller alla tre lagren; kartan visar bara {shown}."


def spelled_out(known: Register, note: str) -> str:
    """Write the names of base areas where a note has their short codes (R041)."""
    names = {str(i)[-4:]: str(name) for i, name in known.base_areas["name"].items()}
    return re.sub(r"\bR\d{3}\b", lambda code: names.get(code[0], code[0]), note)


def inner_city(known: Register) -> str:
    """Say where there is neither områdesnätverk nor ortsråd."""
    asked = (known.base_areas, known.memberships, ["omrade", "ortsrad"])
    bare, part = coverage.gaps(*asked), coverage.partial_gaps(*asked)
    return (
        f"**Större delen av innerstaden saknar områdesnätverk och ortsråd.** {len(bare)} "
        f"basområden har bara nätverk barn och unga: {words.listed(list(bare['name']))}. I "
        f"{words.listed(list(part['name']))} finns områdesnätverk bara i en del."
    )


def land_against_people(totals: Totals, people: People) -> str:
    """Say that land is not children: the ortsråd hold most land and fewer children."""
    land = totals.by_layer.at["ortsrad", "area_share"]
    share = people.shares.at["ortsrad", "people_share"]
    text = f"Ortsråden täcker **{words.percent(land)}** av ytan men "
    if people.pairs is not None:
        of = "av dem som är räknade i den valda folkmängden."
        return f"{text}**{words.percent(share)}** {of} {people.caution}"
    year = int(people.shares.at["ortsrad", "year"])
    return text + (
        f"bara omkring **{words.percent(share)}** av barnen 0–17 år ({year}). Barnen är räknade "
        "per kommundel, och kommundelar och upptagningsområden har inte samma gränser: läs det som "
        "en storleksordning. För områdesnätverken går det inte att säga förrän folkmängd per "
        "basområde är inläst."
    )


def overlaps(known: Register, layers: tuple[str, ...]) -> str:
    """Say how many pairs overlap, how many surely, and which are the same area."""
    frame = data.totals().overlap
    layer = known.areas["layer"]
    kept = frame[frame["a"].map(layer).isin(layers) & frame["b"].map(layer).isin(layers)]
    if kept.empty:
        return "Inga nätverk i de valda lagren överlappar varandra."
    full = {i: words.network(r["layer"], r["name"]) for i, r in known.areas.iterrows()}
    inside = kept[kept["a"].map(layer) == kept["b"].map(layer)]
    unsure, total = int(kept["from_split_only"].sum()), len(kept)
    text = f"**{total} par** av nätverk delar yta: {total - len(inside)} mellan lager"
    if len(inside):
        named = [f"{full[p.a]} och {full[p.b]}" for p in inside.itertuples()]
        text += f" och {len(inside)} inom samma lager ({'; '.join(named)})"
    text += f". För {unsure} av paren består överlappet bara av delade basområden."
    same = kept[kept["relation"] == "equal"]
    if len(same):
        names = words.listed(sorted({str(known.areas.at[i, "name"]) for i in same["a"]}))
        text += f" I {len(same)} fall är det samma område: {names}."
    return text


def gap_list(known: Register) -> str:
    """List, by layer, how many base areas lack its networks, and which in part."""
    lines = []
    for layer in LAYERS:
        bare = coverage.gaps(known.base_areas, known.memberships, [layer])
        part = coverage.partial_gaps(known.base_areas, known.memberships, [layer])
        text = f"- {words.LAYER[layer]}: {len(bare)} av {len(known.base_areas)} basområden utan"
        text += f", delvis utan: {words.listed(list(part['name']))}" if len(part) else ""
        lines.append(text + ".")
    return "\n".join(lines)
