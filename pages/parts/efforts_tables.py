"""The tables of efforts: each effort, places, base areas, networks, need beside effort."""

from __future__ import annotations

import pandas as pd

from geo.efforts import split
from geo.layout import TOTAL
from pages.parts import data, efforts, efforts_map, indicator, indicator_source, words
from pages.parts.data import Register


def every(known: Register) -> pd.DataFrame:
    """List every effort of the register, also those that name no place."""
    table = data.once(efforts.build).table
    return pd.DataFrame(
        {
            "Insats": list(table["title"]),
            "Platser": [
                words.listed(split(text)) or "ingen plats nämns" for text in table["place_names"]
            ],
            "Nätverk": [
                words.first_upper(efforts.names_by_layer(known, split(text))) or "–"
                for text in table["network_ids"]
            ],
            "Innehåll": list(table["content"]),
            "Uppgift": list(table["figure"]),
            "Skede": [efforts.SECTION.get(text, text) for text in table["section"]],
            "Källa": [efforts.source_text(text) for text in table["source"]],
        }
    )


def places(_known: Register) -> pd.DataFrame:
    """List the places that efforts name, the most named first."""
    found = data.once(efforts.build)
    titles = found.table["title"]
    lost = set(found.unplaced.index)
    return pd.DataFrame(
        {
            "Plats": list(found.by_place.index),
            "Insatser": [words.number(n) for n in found.by_place["n_efforts"]],
            "På kartan": ["nej" if place in lost else "ja" for place in found.by_place.index],
            "Vilka": ["; ".join(titles[list(ids)]) for ids in found.by_place["effort_ids"]],
        }
    )


def base_areas(known: Register) -> pd.DataFrame:
    """List every base area as the map shows it."""
    found = data.once(efforts.build)
    counts, titles = found.by_base_area, found.table["title"]
    return pd.DataFrame(
        {
            "Basområde": known.base_areas["name"],
            "Kod": list(counts.index),
            "Insatser": [
                efforts_map.how_many(low, high)
                for low, high in zip(counts["n_sure"], counts["n_efforts"], strict=True)
            ],
            "Säkert i basområdet": [
                "–" if not n else "nej, platsen har flera" if is_unsure else "ja"
                for n, is_unsure in zip(counts["n_efforts"], counts["is_unsure"], strict=True)
            ],
            "Vilka": ["; ".join(titles[list(ids)]) for ids in counts["effort_ids"]],
        }
    )


def networks(known: Register) -> pd.DataFrame:
    """List every network with the number of efforts that name it."""
    counts = data.once(efforts.build).by_network
    titles = data.once(efforts.build).table["title"]
    return pd.DataFrame(
        {
            "Nätverk": [efforts.full_name(known, str(i)) for i in counts.index],
            "Insatser som nämner det": [words.number(n) for n in counts["n_efforts"]],
            "Vilka": ["; ".join(titles[list(ids)]) or "–" for ids in counts["effort_ids"]],
        }
    )


def needs(known: Register, indicator_id: str, period: str, group: str, layer: str) -> pd.DataFrame:
    """List the city and the networks of a layer with need and effort; none if nothing is summed."""
    found = efforts.needs(known, indicator_id, period, group, layer)
    if found is None:
        return pd.DataFrame()
    measure = str(known.indicators.at[indicator_id, "measure"])
    city = data.view(indicator_id, period).tables[group].loc[[TOTAL]]
    rows = pd.concat([city, found])
    return pd.DataFrame(
        {
            "Nätverk": [indicator.short_name(known, str(i)) for i in rows.index],
            "Värde": [indicator.cell(row, measure) for _, row in rows.iterrows()],
            "Intervall": [indicator.interval(row, measure) for _, row in rows.iterrows()],
            "Mot Borås": ["", *(indicator.STANDING[key] for key in found["against"])],
            "Insatser": ["", *(words.number(n) for n in found["n_efforts"])],
            "Behov mot insats": ["", *(efforts.CLASS[name] for name in found["class"])],
        }
    )


def need_numbers(
    known: Register, indicator_id: str, period: str, group: str, layer: str
) -> pd.DataFrame:
    """List need and effort as plain numbers, for other programs; what is hidden stays hidden."""
    found = efforts.needs(known, indicator_id, period, group, layer)
    if found is None:
        return pd.DataFrame()
    return pd.DataFrame(
        {
            "network_id": list(found.index),
            "nätverk": [efforts.full_name(known, str(i)) for i in found.index],
            "indikator": indicator_id,
            "period": period,
            "grupp": group,
            "värde": list(found["value"]),
            "lägst": list(found["low"]),
            "högst": list(found["high"]),
            "status": [indicator.STATUS[status] for status in found["status"]],
            "mot_staden": [indicator.AGAINST[key].strip("–") for key in found["against"]],
            "antal_insatser": list(found["n_efforts"]),
            "behov_mot_insats": [efforts.CLASS[name] for name in found["class"]],
            "källa": indicator_source.source_of(data.view(indicator_id, period)),
        }
    )
