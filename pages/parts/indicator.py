"""One indicator in Swedish: what the numbers say, how sure they are, and what is not shown."""

from __future__ import annotations

import pandas as pd

from geo import intervals, trend
from geo.layout import BY_SOURCE, MISSING, OK, SECONDARY, SMALL, TOTAL
from geo.places import Choice
from geo.sources import THRESHOLD
from geo.welfare import NOT_ADDED, View
from pages.parts import data, words
from pages.parts.data import Register

CITY = "Borås"
AGAINST = {
    intervals.LOWER: "säkert lägre än Borås",
    intervals.HIGHER: "säkert högre än Borås",
    intervals.SAME: "som Borås",
    intervals.UNSURE: "går inte att skilja från Borås",
    intervals.UNKNOWN: "–",
}
STATUS = {
    OK: "visas",
    MISSING: words.MISSING,
    NOT_ADDED: "räknas inte samman",
    BY_SOURCE: "dolt i källan",
    SMALL: words.HIDDEN,  # which of the two it is would tell something of the number
    SECONDARY: words.HIDDEN,
}
THE_NETWORKS = {
    "barn_unga": "nätverken barn och unga",
    "omrade": "områdesnätverken",
    "ortsrad": "ortsråden",
}
STANDING = {key: text.split(" än ")[0].split(" från ")[0] for key, text in AGAINST.items()}
HIDDEN_WORDS = {
    MISSING: words.MISSING,
    NOT_ADDED: "räknas inte samman",
    BY_SOURCE: "dolt i källan",
}
TREND = {
    trend.RISING: "stiger",
    trend.FALLING: "sjunker",
    trend.LEVEL: "ingen tydlig riktning",
    trend.TOO_SHORT: "för kort serie",
}
CLASSES = (
    "Högst fem klasser med ungefär lika många basområden i varje (kvantiler av de visade värdena). "
    "Randigt = dolt, grått = uppgift saknas."
)
CHOOSE = (
    "Välj ett område på kartan, eller sök en plats, ett nätverk eller ett basområde i listan. Då "
    "står värdet här bredvid stadens, med hur säkert det är."
)
BACKGROUND = "Bakgrund: beskriver vilka som bor i området. Nätverken jämförs inte."
NOT_SUMMED = "Inga tal per nätverk: värdet räknas inte samman, se ovan."
READING = (
    "Intervall: för stickprov 95 % (Wilson); för totalräknade tal bara det som delade basområden "
    "lämnar öppet. Säkert lägre eller högre: intervallen möts inte. Varav uppskattat: den del som "
    "kommer från basområden som två nätverk delar. Nätverk överlappar: lägg aldrig ihop dem."
)
EXPORTS = (
    "Filerna innehåller just det som visas här. Det som är dolt är dolt också där och går inte att "
    "räkna fram ur dem."
)


def written(value: float, measure: str, decimals: int = 0) -> str:
    """Write a value in the indicator's unit."""
    if pd.isna(value):
        return "–"
    if measure == "share":
        return words.percent(value, decimals)
    return words.number(value, 0)


def cell(row: pd.Series, measure: str) -> str:
    """Write a value, or why it is not shown."""
    if row["status"] == OK and pd.notna(row["value"]):
        return written(row["value"], measure)
    return HIDDEN_WORDS.get(row["status"], words.HIDDEN if row["status"] != OK else words.MISSING)


def interval(row: pd.Series, measure: str) -> str:
    """Write the ends of a value; nothing where there is no doubt or no value."""
    low, high = row["low"], row["high"]
    if pd.isna(low) or pd.isna(high) or written(low, measure) == written(high, measure):
        return ""
    return words.span(written(low, measure), written(high, measure))


def with_interval(row: pd.Series, measure: str) -> str:
    """Write a value and its interval as in a sentence: 81 % (74–87 %)."""
    ends = interval(row, measure)
    return cell(row, measure) + (f" ({ends})" if ends else "")


def name_of(known: Register, place: str) -> str:
    """Return the full name of a network, base area, layer or the city."""
    if place == TOTAL:
        return CITY
    if place in words.LAYER:
        return f"Alla: {words.LAYER_TAB[place].lower()}"
    if place in known.networks.index:
        row = known.networks.loc[place]
        return words.network(row["layer"], row["name"])
    return str(known.base_areas.at[place, "name"])


def short_name(known: Register, place: str) -> str:
    """Return the name of a network without its layer, where the heading says that."""
    return str(known.networks.at[place, "name"]) if place in known.networks.index else CITY


def headline(known: Register, indicator_id: str, period: str, group: str, layer: str) -> str:
    """Say the city's value, and how the networks of a layer stand against it."""
    indicator, view = known.indicators.loc[indicator_id], data.view(indicator_id, period)
    table, measure = view.tables[group], indicator["measure"]
    if measure == "class":
        return (
            f"**{indicator['name']}** ({period}) finns per basområde och räknas inte samman till "
            "nätverk eller till staden: en klass har inget medelvärde."
        )
    if table.at[TOTAL, "status"] == NOT_ADDED:
        return f"**{indicator['name']} {_when(view)}** räknas inte samman: källan ger inga antal."
    city = with_interval(table.loc[TOTAL], measure)
    text = f"**{CITY} {_when(view)}{_who(group)}: {city} {indicator['wording']}.**"
    rows = table.loc[known.areas.index[known.areas["layer"] == layer]]
    return f"{text} {_standing(known, rows, layer, indicator)}"


def _who(group: str) -> str:
    return "" if group == "alla" else f", {words.group(group).lower()}"


def topic(known: Register, indicator_id: str, period: str, group: str) -> str:
    """Name what is shown, for headings and files: Folkmängd, 10–16 år, 2024."""
    return f"{known.indicators.at[indicator_id, 'name']}{_who(group)} {period}"


def _when(view: View) -> str:
    """Write the period, and that the figures are made up when they are."""
    return f"{view.period} (syntetiskt)" if view.is_demo else view.period


def _standing(known: Register, rows: pd.DataFrame, layer: str, indicator: pd.Series) -> str:
    """Name the networks that surely differ from the city; background is never compared."""
    if indicator["measure"] == "count":
        return f"Antal per nätverk för {words.LAYER_SHORT[layer]} står i tabellen."
    if indicator["use"] == "context":
        return BACKGROUND
    named: dict[str, list[str]] = {}
    for place, key in rows["against"].items():
        named.setdefault(key, []).append(short_name(known, str(place)))
    text = [
        f"**{words.first_upper(AGAINST[key])}: {words.listed(named[key])}.**"
        for key in (intervals.LOWER, intervals.HIGHER)
        if key in named
    ]
    rest = len(named.get(intervals.UNSURE, []))
    if rest == len(rows):
        return f"Inget av de {rest} {THE_NETWORKS[layer]} går att skilja från Borås."
    text += [f"{rest} {AGAINST[intervals.UNSURE]}." if rest else ""]
    same, gone = (len(named.get(key, [])) for key in (intervals.SAME, intervals.UNKNOWN))
    text += [f"{same} är som Borås." if same else "", f"{gone} visas inte." if gone else ""]
    return " ".join(filter(None, text))


def official_headline(known: Register, indicator_id: str, period: str) -> str:
    """Say the values of an indicator that is known for the municipality alone."""
    return official(known.indicators.loc[indicator_id], data.view(indicator_id, period))


def official(indicator: pd.Series, view: View) -> str:
    """Say the values that are known for the municipality and the country alone."""
    values = [
        f"{name} {written(view.reference[code], indicator['measure'], 1)}"
        for code, name in (("1490", CITY), ("0000", "riket"))
        if code in view.reference
    ]
    return (
        f"**{indicator['name']} {_when(view)}: {words.listed(values)}.** Finns bara för hela "
        "kommunen och visas därför aldrig per nätverk eller basområde."
    )


def answer(known: Register, indicator_id: str, period: str, group: str, choice: Choice) -> str:
    """Say the values of what is chosen beside the city's, and how sure they are."""
    indicator, view = known.indicators.loc[indicator_id], data.view(indicator_id, period)
    table = view.tables[group]
    places = [choice.id] if choice.kind == "network" else list(choice.base_area_ids)
    if not places:
        return f"{words.markdown_safe(choice.name)} har inte kunnat läggas i något basområde."
    return "\n\n".join(
        _one(table.loc[place], name_of(known, place), indicator, _when(view) + _who(group))
        for place in places
    )


def _one(row: pd.Series, name: str, indicator: pd.Series, period: str) -> str:
    measure = indicator["measure"]
    title = f"**{words.markdown_safe(name)}, {period}:** "
    if row["status"] != OK:
        return title + _why_not(row)
    text = f"{title}{with_interval(row, measure)} {indicator['wording']}"
    if row["against"] != intervals.UNKNOWN and measure != "count":
        text += f"; {AGAINST[row['against']]}"
    return text + "." + (_estimated(row, measure) if pd.notna(row["n"]) else "")


def _why_not(row: pd.Series) -> str:
    if row["status"] == MISSING:
        return (
            "uppgift saknas"
            + (
                f" (för {words.percent(row['missing_share'])} av området finns inget värde)"
                if 0 < row["missing_share"] < 1
                else ""
            )
            + "."
        )
    if row["status"] == BY_SOURCE:
        return "dolt redan i källan."
    if row["status"] == NOT_ADDED:
        return "räknas inte samman, för källan ger inga antal bakom värdet."
    return f"dolt, för att antal under {THRESHOLD} personer inte ska kunna utläsas."


def _estimated(row: pd.Series, measure: str) -> str:
    of = "antalet" if measure == "count" else "underlaget"
    text = ""
    if pd.isna(row["estimated_share"]):
        text += " En del är uppskattad ur delade basområden (hur stor del visas inte)."
    elif row["estimated_share"] > 0:
        share = words.percent(row["estimated_share"])
        text += f" {share} av {of} är uppskattat ur delade basområden."
    if row["missing_share"] > 0:
        text += f" För {words.percent(row['missing_share'])} av området saknas uppgift."
    return text
