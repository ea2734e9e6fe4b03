"""The cadence of the networks in words and dots, against the guideline of its time or another."""

from __future__ import annotations

import pandas as pd

from geo import meetings
from pages.parts import words, work
from pages.parts.work import Work, today

ASSUMED = {"valid_from": "startdatum antaget", "valid_to": "slutdatum antaget"}


def headline(known: Work, year: int, instead: str) -> str:
    """Say in a sentence or two how the year's cadence came out, and by which guideline."""
    if work.of_year(known, year).empty:
        return f"**Inga möten är inlagda för {year}.** Takten kan inte bedömas."
    table = work.cadence(known, year, instead)
    states = meetings.term_states(table, year, today())
    over = [term for term, state in states.items() if state == meetings.OVER]
    layers = ("barn_unga", "omrade") if over else ()
    said = [_layer_in_words(known, table, layer, over) for layer in layers]
    said = said or ["takten kan inte bedömas än"]
    return f"**{year}:** {'; '.join(said)}.{_unsure(known, table)}{_rest(states)}"


def _layer_in_words(known: Work, table: pd.DataFrame, layer: str, over: list[str]) -> str:
    pace = meetings.kept_pace(table, over)
    own = pace[pace.index.map(known.networks["layer"]) == layer]
    sure = own[own != meetings.UNSURE]
    names = words.LAYER_SHORT[layer]
    if sure.empty:
        return f"{names} har ingen riktlinje som gällde då"
    met = sure.index[sure == meetings.MET]
    among = f" ({_listed(known, met)})" if 0 < len(met) < len(sure) else ""
    when = "i båda terminerna" if len(over) > 1 else f"under {words.TERM[over[0]]}"
    return f"{len(met)} av {len(sure)} {names} höll takten {when}{among}"


def _listed(known: Work, ids: pd.Index) -> str:
    return words.listed([str(known.networks["name"][i]) for i in ids])


def _unsure(known: Work, table: pd.DataFrame) -> str:
    ids = table.index[table["is_unsure"]].get_level_values(0).unique()
    if ids.empty:
        return ""
    names = words.listed([known.names[str(i)] for i in ids])
    return (
        f" **Osäkert och inte räknat:** {names}. Se varför i tabellen; fråga nätverket och rätta "
        "under Ett möte."
    )


def _rest(states: dict[str, str]) -> str:
    said = []
    for term, state in states.items():
        name = words.first_upper(words.TERM[term])
        if state == meetings.RUNNING:
            said.append(f" {name} är inte slut: planerade möten räknas med.")
        if state == meetings.EMPTY:
            said.append(f" {name} har inga inlagda möten, och det säger inget om takten.")
    return "".join(said)


def guideline_names(known: Work) -> dict[str, str]:
    """Return the guidelines that may be tried instead: those of layers that have had several."""
    several = known.guidelines["layer"].value_counts()
    table = known.guidelines[known.guidelines["layer"].map(several) > 1]
    return {"": "Den som gällde då"} | {str(i): _short(row) for i, row in table.iterrows()}


def _short(row: pd.Series) -> str:
    least, most = row["meetings_per_term_min"], row["meetings_per_term_max"]
    until = "" if pd.isna(row["valid_to"]) else f"{row['valid_to']:%Y}"
    return f"{row.name}: {least}–{most} per termin ({row['valid_from']:%Y}–{until})"


def guideline(known: Work, guideline_id: str) -> str:
    """Write a guideline: G1: 3–4 möten per termin (barn och unga, 2017–2020, slutdatum antaget)."""
    row = known.guidelines.loc[guideline_id]
    least, most = row["meetings_per_term_min"], row["meetings_per_term_max"]
    until = "" if pd.isna(row["valid_to"]) else f"{row['valid_to']:%Y}"
    years = f"{row['valid_from']:%Y}–{until}"
    assumed = ", ".join(ASSUMED[name] for name in str(row["assumed"]).split(";") if name in ASSUMED)
    about = ", ".join(filter(None, [words.LAYER_SHORT[row["layer"]], years, assumed]))
    return f"{guideline_id}: {least}–{most} möten per termin ({about})"


def used(known: Work, year: int, instead: str) -> str:
    """Say which guidelines the table is judged by."""
    ids = [i for i in work.cadence(known, year, instead)["guideline_id"].unique() if i]
    if not ids:
        return f"Ingen riktlinje i registret gällde {year}."
    lead = "Prövas mot" if instead else "Bedömt mot riktlinjen som gällde den terminen:"
    return f"{lead} {words.listed([guideline(known, str(i)) for i in ids])}. Ortsråd har ingen."


def cadence(known: Work, year: int, instead: str) -> pd.DataFrame:
    """Return the cadence as a table of words and dots, a row per network."""
    table = work.cadence(known, year, instead)
    states = meetings.term_states(table, year, today())
    held = work.held(known, year, instead)["n_meetings"]
    rows = []
    for network_id in known.networks.index:
        own = table.loc[network_id]
        whys = [why for why in dict.fromkeys(own["why"]) if why]
        whys += _notes(known, str(network_id), year) if whys else []
        rows.append(
            {
                "Nätverk": known.names[str(network_id)],
                **{
                    f"{term} {year}": outcome(own.loc[term], state, int(held[network_id, term]))
                    for term, state in states.items()
                },
                "Riktlinje": " ".join(dict.fromkeys(own["guideline_id"])).strip() or "–",
                "Osäkert": words.first_upper("; ".join(_named(known, why) for why in whys)) or "–",
            }
        )
    return pd.DataFrame(rows)


def _named(known: Work, why: str) -> str:
    for network_id, name in known.names.items():
        why = why.replace(network_id, name)
    return why


def _notes(known: Work, network_id: str, year: int) -> list[str]:
    """Return what the register says of a network's meetings that are unsure."""
    own = work.of_year(known, year)
    notes = own.loc[own["network_id"] == network_id, "note"]
    return [f"registret: {note}" for note in dict.fromkeys(notes) if note]


def outcome(row: pd.Series, state: str, n_held: int) -> str:
    """Write one outcome: ●●○ efter (2 av minst 3); what cannot be judged is said to be so.

    state: of the term, see geo.meetings.term_states. n_held: meetings that have been; the others
    are planned (◐).
    """
    n, least = int(row["n_meetings"]), row["required_min"]
    if row["outcome"] == meetings.RESTING:
        return words.OUTCOME[meetings.RESTING]
    if state == meetings.EMPTY:
        return "inga möten inlagda"
    dots = "●" * n_held + "◐" * (n - n_held)
    dots += "" if pd.isna(least) else "○" * max(int(least) - n, 0)
    if pd.isna(least):
        held = words.counted(n, "möte", "möten")
        return f"{dots} {held}, {words.OUTCOME[meetings.NO_GUIDELINE]}".strip()
    planned = f" + {n - n_held} planerade" if n > n_held else ""
    count = f"({n_held}{planned} av minst {least})"
    if row["is_unsure"]:
        return f"{dots} osäkert {count}"
    is_met = n_held >= least
    said = words.OUTCOME[row["outcome"]] if state == meetings.OVER or is_met else "pågår"
    return f"{dots} {said} {count}"
