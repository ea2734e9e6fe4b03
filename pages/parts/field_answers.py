"""Sentences on walks and findings: the whole, a chosen place, one finding and its way."""

from __future__ import annotations

import pandas as pd

from geo import chain, findings, walked
from geo.places import Choice
from pages.parts import field_words, words
from pages.parts.field import Field, today

LEAD = "Vad fann trygghetsvandringarna, vem svarade, och blev det åtgärdat?"
NOT_THE_SAME = (
    "**Ej vandrat** är inte detsamma som **inget noterat**: där ingen har gått vet vi inget. Antal "
    "fynd beror på hur mycket man har gått, så jämför per vandring eller per kilometer."
)
EMPTY = "Inga fynd i urvalet. Ta bort ett filter, eller välj en annan plats."
HOW_TO_BEGIN = "Registrera fynd under **Registrera**, eller läs in dem under **Läs in fil**."
NO_FINDINGS = "Inga fynd är registrerade ännu."
BEGIN = (
    "Inga fynd är registrerade ännu. Registrera dem under **Registrera**, eller läs in en fil "
    "under **Läs in fil**."
)
NOTHING_NEW = "Inget har hänt sedan dess. Välj ett tidigare datum."
CHOOSE = (
    "Välj ett märke på kartan eller ett fynd i listan, så står här vad som är känt om det. Sök en "
    "plats eller ett nätverk, så svarar sidan för det."
)
PLACELESS = (
    "Vandringarna 2016, 2017 och 2022 är kända till ort och datum; källorna ger ingen rutt och "
    "inga enskilda fynd."
)


def nothing(known: Field) -> str:
    """Say why the list is empty, and what to do."""
    return EMPTY if len(known.findings) else f"{NO_FINDINGS} {HOW_TO_BEGIN}"


def headline(known: Field) -> str:
    """Say at once how much has been walked, what was found and how far it has come."""
    walks = known.walks[walked.counted(known.walks)]
    not_walked = int((known.states == findings.NOT_WALKED).sum())
    years = walks["date"].dt.year
    text = f"**{words.counted(len(walks), 'vandring', 'vandringar')}** {_span(years)}"
    real = int((walks["source"] != "synthetic").sum())
    if known.is_demo:
        text += f", varav {real} verkliga och resten påhittade"
    text += f". I **{not_walked} av {len(known.states)}** basområden är ingen vandring känd. "
    return text + _found(known)


def _found(known: Field) -> str:
    if known.findings.empty:
        return NO_FINDINGS
    sums = findings.total(known.findings, today())
    made_up = " (syntetiska)" if known.is_demo else ""
    text = f"**{words.counted(int(sums['n_findings']), 'fynd', 'fynd')}**{made_up}: "
    text += f"{words.counted(int(sums['n_open']), 'brist väntar', 'brister väntar')} på någon"
    if sums["n_overdue"]:
        text += f" (**{words.number(sums['n_overdue'])} försenade**)"
    text += f", {words.number(sums['n_closed'])} är avslutade och {words.number(sums['n_bra'])} "
    text += "visar något bra."
    outside = known.flags[known.flags["flag"] == "outside"]["finding_id"].nunique()
    if outside:
        text += f" {words.counted(outside, 'fynd ligger', 'fynd ligger')} utanför kommunen och "
        text += "räknas inte till något område."
    return text


def _span(years: pd.Series) -> str:
    if years.empty:
        return ""
    first, last = int(years.min()), int(years.max())
    return str(first) if first == last else f"{first}–{last}"


def place(known: Field, choice: Choice) -> str:
    """Say what is known of walks and findings in a network, a place or a base area."""
    if choice.kind == "network":
        table = summary(known, networks=True)
        return _area(words.network(choice.layer, choice.name), table.loc[choice.id], known)
    if not choice.base_area_ids:
        return f"**{words.markdown_safe(choice.name)}** har inte kunnat läggas i något basområde."
    table = summary(known, networks=False)
    names = known.base_areas["name"]
    return "\n\n".join(_area(str(names[i]), table.loc[i], known) for i in choice.base_area_ids)


def _area(name: str, row: pd.Series, known: Field) -> str:
    text = f"**{words.markdown_safe(name)}**: {field_words.STATE[row['state']]}."
    if row["n_walks"]:
        text += f" {words.counted(int(row['n_walks']), 'vandring', 'vandringar')}"
        if pd.notna(row["km_walked"]):
            text += f", {words.number(row['km_walked'], 1)} km med känd rutt, som nådde "
            text += f"{words.percent(row['area_walked_share'], 1)} av ytan"
        text += "."
    if pd.notna(row["n_findings"]):
        mark = " (syntetiskt)" if known.is_demo else ""
        text += f" {words.number(row['n_findings'])} fynd{mark}: {words.number(row['n_open'])} "
        text += f"väntar, {words.number(row['n_closed'])} avslutade, "
        text += f"{words.number(row['n_bra'])} bra att bevara"
        if row["n_answered"]:
            text += f"; svar kom efter {field_words.days(row['days_to_answer'])} (median)"
        text += "."
    return text


def summary(known: Field, *, networks: bool) -> pd.DataFrame:
    """Return the sums of every network, or of every base area."""
    if networks:
        areas, pairs, walks = known.areas, known.in_networks, known.walks_in_networks
    else:
        areas, pairs, walks = known.base_areas, known.in_base_areas, known.walks_in_base_areas
    return findings.summary(known.findings, pairs, known.walks, walks, areas, today())


def finding(known: Field, finding_id: str) -> str:
    """Say all that is known of one finding, as Markdown; the description stands by itself."""
    row = known.findings.loc[finding_id]
    facts = {
        "Slag": field_words.KIND[row["kind"]],
        "Noterat": field_words.day(row["observed_date"])
        + (f", {row['light']}" if row["light"] else ""),
        "Område": where(known, finding_id),
        "Nätverk": _networks(known, finding_id),
        "Ansvarig": row["owner"] or field_words.NOBODY,
        "Svar senast": field_words.day(row["due_date"]),
        "Svar": row["answer"],
        "Åtgärd": row["action"],
    }
    if row["kind"] == chain.BRA:
        facts = {k: v for k, v in facts.items() if k not in ("Ansvarig", "Svar senast")}
    lines = [f"- {k}: {words.markdown_safe(str(v))}" for k, v in facts.items() if v]
    flag = known.flags[known.flags["finding_id"] == finding_id]
    lines += [f"- **Obs:** {_flag(one)}" for one in flag.itertuples()]
    return "\n".join(lines)


def _flag(flag: object) -> str:
    name, metres = getattr(flag, "flag", ""), getattr(flag, "distance_m", float("nan"))
    text = field_words.FLAG[name]
    return f"{text} ({words.number(metres)} meter)" if name == "far_from_route" else text


def where(known: Field, finding_id: str) -> str:
    """Say in which base area a finding lies."""
    pairs = known.in_base_areas
    held = pairs.loc[pairs["finding_id"] == finding_id, "area_id"]
    row = known.findings.loc[finding_id]
    names = words.listed([str(known.base_areas.at[i, "name"]) for i in held], "eller")
    return ", ".join(filter(None, (row["place"], names))) or "inget område"


def _networks(known: Field, finding_id: str) -> str:
    pairs = known.in_networks
    held = pairs.loc[pairs["finding_id"] == finding_id, "area_id"]
    areas = known.areas.loc[list(held)]
    return words.listed(
        [words.network(a, b) for a, b in zip(areas["layer"], areas["name"], strict=True)]
    )


def way(known: Field, finding_id: str) -> str:
    """Say how far a finding has come: the steps done with their days, and what it waits for."""
    row = known.findings.loc[finding_id]
    if row["kind"] == chain.BRA:
        return "Det som är bra följs inte upp; det är noterat för att bevaras."
    reached = {
        chain.NOTED: row["observed_date"],
        chain.ANSWERED: row["answered_date"],
        chain.DONE: row["done_date"],
        chain.VERIFIED: row["verified_date"],
    }
    lines = [f"1. ✓ noterad {field_words.day(row['observed_date'])}"]
    owner = words.markdown_safe(row["owner"])
    lines.append(f"1. ✓ ansvarig: {owner}" if owner else "1. – ansvarig saknas")
    said_no = row["status"] == chain.DECLINED
    word = "svar: nej" if said_no else chain.NAMES[chain.ANSWERED]
    for status, name in ((chain.ANSWERED, word), (chain.DONE, ""), (chain.VERIFIED, "")):
        if said_no and status != chain.ANSWERED:
            break
        day = reached[status]
        text = name or chain.NAMES[status]
        lines.append(f"1. {'–' if pd.isna(day) else '✓'} {text} {field_words.day(day)}")
    return "\n".join(lines)
