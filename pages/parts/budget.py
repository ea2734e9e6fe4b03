"""The budget of 2017 and the activity days, in Swedish: sums, what they are per child, dates."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from geo import budget, efforts, read
from pages.parts import data, words
from pages.parts import efforts as effort_words
from pages.parts.data import Register
from pages.parts.people import OWN_AGES, POPULATION

CAUTION = (
    "Per person: kommundelar och upptagningsområden har inte samma gränser, så talen är "
    "ungefärliga. Folkmängden 2017 finns inte per kommundel: 0–17 år finns 2012 och 2022, och "
    "talet står som ett spann mellan de två; inget är uträknat däremellan. Alla invånare finns "
    "2020. Områdesnätverken är inte kopplade till kommundelar, så där saknas uppgift: se tabellen "
    "med folkmängd per basområde. Summan är "
    "budgeten, inte vad som har använts. Källa: Årsredovisning 2017, §3 och §6."
)
EQUAL = (
    "Varje nätverk av samma slag får samma summa, oavsett hur många barn som bor där. Nätverk av "
    "olika slag delar plats: lägg inte ihop raderna."
)
DATE = {"säker": "säkert", efforts.UNSURE_DATE: "osäkert"}
DAYS_AIM = (
    "Mål för 2018 enligt samma källa: dagar i samma form, och också i Brämhult, Kristineberg, "
    "Hestra och Viskafors. Om det blev så är inte känt här."
)
DAYS_CAUTION = (
    "Osäker: källorna ger samma dag två datum, och båda står kvar; dagen räknas en gång. "
    "Ortsrådens dagar fick kommunens stöd i viss mån. Källa: Årsredovisning 2017, §7 och bilaga 2 "
    "och 4."
)


def _kronor(value: float) -> str:
    text = words.number(value)
    return text if text == words.MISSING else f"{text}\u00a0kr"


def headline(_known: Register) -> str:
    """Say the whole sum, how it is divided, and what it is per child."""
    table = budget.by_kind(*_registers())
    parts = [
        f"{_kronor(row.amount_sek)} till {words.markdown_safe(str(row.Index).lower())}"
        for row in table.itertuples()
    ]
    text = f"**{_kronor(budget.total(_registers()[0]))}** var budgeten 2017: {words.listed(parts)}."
    known = table[table["per_person_low"].notna()]
    said = [
        f"{_range(row.per_person_low, row.per_person_high)} kr i "
        f"{words.markdown_safe(str(row.Index).lower())}"
        for row in known.itertuples()
    ]
    return text + (f" Per barn 0–17 år är det ungefär {words.listed(said)}." if said else "")


def _registers() -> tuple[pd.DataFrame, pd.DataFrame]:
    return read.register("budget_2017", "post"), read.register("population_kommundel")


def _range(low: float, high: float) -> str:
    low_text, high_text = words.number(low, 1), words.number(high, 1)
    return low_text if low_text == high_text else words.span(low_text, high_text)


def _ranges(table: pd.DataFrame) -> list[str]:
    ends = zip(table["per_person_low"], table["per_person_high"], strict=True)
    return [_range(low, high) for low, high in ends]


def _years(table: pd.DataFrame) -> str:
    """Write the years that people are counted in: 2012 och 2022."""
    return words.listed([str(year) for year in sorted({y for ys in table["years"] for y in ys})])


def kinds(_known: Register) -> pd.DataFrame:
    """List the sums by kind of network, with what each is per child and per inhabitant."""
    registers = _registers()
    children = budget.by_kind(*registers, budget.CHILDREN)
    everyone = budget.by_kind(*registers, budget.EVERYONE)
    table = registers[0]
    frame = pd.DataFrame(
        {
            "Post": list(table.index),
            "Nätverk": [words.number(n) for n in children["n_networks"]],
            "Kr per nätverk": [words.number(n) for n in children["amount_each_sek"]],
            "Summa, kr": [words.number(n) for n in children["amount_sek"]],
            f"Kr per barn ({_years(children)})": _ranges(children),
            f"Kr per invånare ({_years(everyone)})": _ranges(everyone),
            "Hantering": list(table["handling"]),
            "Källa": [effort_words.source_text(text) for text in table["source"]],
        }
    )
    is_one_kind = (table["layer"] != "").tolist()  # else it is for all: nothing is missing
    return frame.where(pd.Series(is_one_kind), frame.replace(words.MISSING, "–"))


def networks(known: Register) -> pd.DataFrame:
    """List the networks that kommundelar are linked to, the most kronor per child first."""
    table = budget.by_network(*_registers(), known.networks)
    table = table[table["per_person_low"].notna()]
    table = table.sort_values("per_person_high", ascending=False)
    years = _years(table)
    return pd.DataFrame(
        {
            "Nätverk": [effort_words.full_name(known, str(i)) for i in table.index],
            "Summa, kr": [words.number(n) for n in table["amount_sek"]],
            f"Barn 0–17 år ({years})": [
                words.span(words.number(low), words.number(high))
                for low, high in zip(table["n_people_low"], table["n_people_high"], strict=True)
            ],
            "Kr per barn": _ranges(table),
        }
    )


@dataclass(frozen=True)
class Loaded:
    """The sums per person by the population that is loaded per base area, when it is."""

    title: str
    table: pd.DataFrame
    caution: str


def loaded(known: Register) -> Loaded | None:
    """Return the sum of every network per person, also of områdesnätverk; None without people.

    Nätverk barn och unga are counted by the ages that they are for, the others by all inhabitants.
    """
    periods = data.periods(POPULATION)
    if not periods:
        return None
    view = data.view(POPULATION, periods[0])
    rows = []
    for network_id, layer in known.networks["layer"].items():
        group = OWN_AGES if layer == "barn_unga" and OWN_AGES in view.groups else "alla"
        if group in view.groups:
            rows.append((str(network_id), group, view.tables[group].loc[network_id]))
    counts = pd.DataFrame([row for *_, row in rows], index=[i for i, *_ in rows])
    found = budget.by_counts(_registers()[0], counts)
    ends = zip(found["per_person_low"], found["per_person_high"], strict=True)
    table = pd.DataFrame(
        {
            "Nätverk": [effort_words.full_name(known, i) for i in found.index],
            "Summa, kr": [words.number(n) for n in found["amount_sek"]],
            "Räknat på": [words.group(group) for _, group, _ in rows],
            "Personer": [
                words.HIDDEN if status.startswith("suppressed") else words.number(n)
                for n, status in zip(found["n_people"], counts["status"], strict=True)
            ],
            "Kr per person": [words.number(n, 1) for n in found["per_person"]],
            "Lägst–högst": [_range(low, high) for low, high in ends],
        }
    )
    title = f"Budget 2017 per person, folkmängd per basområde {periods[0]}"
    return Loaded(title, table, words.DEMO if view.is_demo else "")


def others(_known: Register) -> pd.DataFrame:
    """List the money beside the budget, which is not in its sum."""
    table = read.register("budget_other", "post")
    amounts = pd.to_numeric(table["amount_approx_sek"].replace("", None))
    return pd.DataFrame(
        {
            "Post": list(table.index),
            "År": list(table["years"]),
            "Nätverk": list(table["n_networks"]),
            "Ungefär, kr": [words.number(n) for n in amounts],
            "Slag": [words.LAYER.get(layer, layer) for layer in table["layer"]],
            "Hantering": list(table["handling"]),
            "Källa": [effort_words.source_text(text) for text in table["source"]],
        }
    )


def days_headline(known: Register) -> str:
    """Say how many activity days there were, in how many networks, and where none is named."""
    table = efforts.activity_days(read.register("activity_days"), known.networks)
    held = table[table["n_days"] > 0]
    unsure = [effort_words.full_name(known, str(i)) for i in held.index[held["is_unsure"]]]
    text = f"**{words.counted(int(table['n_days'].sum()), 'dag', 'dagar')}** i {len(held)} nätverk "
    text += "2017: aktivitetsdagar och medborgardialoger."
    text += f" Datumet är osäkert för {words.listed(unsure)}." if unsure else ""
    open_to_all = known.networks.index[known.networks["layer"].isin(["omrade", "ortsrad"])]
    none = [effort_words.full_name(known, str(i)) for i in open_to_all.difference(held.index)]
    if none:
        text += f" Ingen dag i källan för {words.listed([words.markdown_safe(n) for n in none])}."
    return text


def days(known: Register) -> pd.DataFrame:
    """List the activity days; what has two dates stands twice, and is said to be unsure."""
    table = read.register("activity_days")
    return pd.DataFrame(
        {
            "Datum": list(table["date"]),
            "Datumet är": list(table["status"].map(lambda word: DATE.get(word, word))),
            "Nätverk": [effort_words.full_name(known, i) for i in table["network_id"]],
            "Ort": list(table["place"]),
            "Vad": list(table["title"]),
            "Anmärkning": [_with_names(known, text) for text in table["note"]],
            "Källa": [effort_words.source_text(text) for text in table["source"]],
        }
    )


def _with_names(known: Register, note: str) -> str:
    """Write the names of networks where a note has their ids."""
    return re.sub(
        r"\b(?:bu|on|or)-[a-z-]+\b", lambda found: effort_words.full_name(known, found[0]), note
    )
