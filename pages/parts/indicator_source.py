"""Where an indicator is from, how it was reckoned, what is hidden, where its series is broken."""

from __future__ import annotations

import pandas as pd

from geo import trend
from geo.layout import BY_SOURCE, MISSING, SECONDARY, SMALL, TOTAL
from geo.sources import THRESHOLD
from geo.welfare import NOT_ADDED, View
from pages.parts import data, words
from pages.parts.data import Register

BREAKS = {
    "vintage": "ny områdesindelning: tidigare värden går inte att jämföra",
    "noise": "SCB lägger från referensår 2025 brus på varje tal; delar behöver inte stämma med "
    "summor och rättas inte",
}
EVERY = {
    "1 år": "varje år",
    "2 år": "vartannat år",
    "2–3 år": "vartannat eller vart tredje år",
    "1–3 år": "varje till vart tredje år",
}
DIRECTION = (
    f"En riktning sägs bara med minst {trend.FEWEST} jämförbara perioder (Kendalls rangtest: "
    "troligen från 80 %, säkert från 95 % säkerhet)."
)
NO_COUNTS = (
    "Källan ger inga antal bakom andelarna: därför kan små tal inte prövas här, och inget räknas "
    "samman till nätverk eller till staden."
)


def hidden(known: Register, indicator_id: str, period: str, group: str) -> str:
    """Say how many values are not shown, and why."""
    view = data.view(indicator_id, period)
    table = view.tables[group]
    parts = []
    for ids, one, many in (
        (known.base_areas.index, "basområde", "basområden"),
        (known.areas.index, "nätverk", "nätverk"),
    ):
        status = table.loc[ids, "status"]
        small, second = (int((status == key).sum()) for key in (SMALL, SECONDARY))
        gone, source = (int((status == key).sum()) for key in (MISSING, BY_SOURCE))
        if small + second:
            why = [f"{small} för att någon grupp är under {THRESHOLD} personer"] if small else []
            why += [f"{second} för att ett dolt tal annars kunde räknas ut"] if second else []
            shown = words.counted(small + second, one, many)
            parts.append(f"{shown} av {len(status)} visas inte: {words.listed(why)}")
        if gone:
            parts.append(f"{words.counted(gone, one, many)} utan uppgift")
        if source:
            parts.append(f"{words.counted(source, one, many)} dolda redan i källan")
    if (
        table.at[TOTAL, "status"] == NOT_ADDED
        and known.indicators.at[indicator_id, "unit"] != "klass"
    ):
        parts = [NO_COUNTS.removesuffix(".")]
    text = "; ".join(parts) if parts else "Inget värde behöver döljas"
    left = [words.group(name) for name in view.left_out]
    more = f" Överlappar andra grupper och visas inte: {words.listed(left)}." if left else ""
    return (
        f"{text}. Gräns: antal under {THRESHOLD} personer visas inte, inte heller det "
        f"som gör att de kan räknas ut.{more}"
    )


def provenance(known: Register, indicator_id: str, period: str) -> str:
    """Say in one line what it is, from where, from when, and how it was reckoned."""
    row, view = known.indicators.loc[indicator_id], data.view(indicator_id, period)
    parts = [
        f"**Definition:** {row['definition']}",
        f"enhet {row['unit']}",
        f"**källa:** {words.markdown_safe(source_of(view))} (avsedd källa: {row['source']})",
        f"**period:** {period}, mäts {EVERY.get(row['periodicity'], row['periodicity'])}",
        f"**metod:** {_method(row, view)}",
    ]
    text = "; ".join(parts) + "."
    if row["use"] == "context":
        text += " Bakgrund, rangordnas aldrig."
    if row["assumed"]:
        text += " Definitionen är vårt antagande och ska bekräftas." if row["named_in"] else ""
    return text


def _method(row: pd.Series, view: View) -> str:
    summed = any(t.at[TOTAL, "status"] != NOT_ADDED for t in view.tables.values())
    if row["measure"] in ("class", "rate") or not summed:
        return "visas som källan ger den"
    sums = "täljare och nämnare summeras per basområde och divideras sist"
    sums = "summeras per basområde" if row["measure"] == "count" else sums
    if row["basis"] == "sample" and row["measure"] == "share":
        return f"{sums}; 95 % intervall enligt Wilson"
    return f"{sums}; totalräknat, så intervall finns bara där delade basområden ger dem"


def source_of(view: View) -> str:
    """Name the sources of a view; what is made up is said."""
    return words.DEMO if view.is_demo else words.listed(list(view.sources))


def broken(_known: Register, indicator_id: str) -> str:
    """Say where the series is broken, and what a direction rests on."""
    marks = [f"{period}: {BREAKS[why]}." for period, why in data.breaks(indicator_id).items()]
    return " ".join([*marks, DIRECTION])
