"""Efforts in Swedish: which places they name, which networks they reach, and need beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from geo import efforts, read
from geo.layout import TOTAL
from geo.places import Choice
from geo.sources import LAYERS
from geo.welfare import NOT_ADDED
from pages.parts import data, indicator, words
from pages.parts.data import Register

ON_MAP, NEEDS, MEETING_PLACES, BUDGET, ACTIVITY_DAYS, PLANS = (
    "Insatser på kartan",
    "Behov och insatser",
    "Mötesplatser",
    "Budget",
    "Aktivitetsdagar",
    "Utvecklingsplaner",
)
LEAD = (
    "Vilka insatser nämner en plats, vilka nätverk når de, och var visar tal ett behov utan att "
    "någon insats nämner platsen?"
)
CAUTION = (
    "Källa: visionens webbsida, som saknar datum. Den nämner platser bara ibland. Fler insatser "
    "finns, också hela stadens som inte nämner någon plats: att ingen insats nämner ett nätverk är "
    "inte detsamma som att inget görs där."
)
ON_PICTURE = "Insatser: visionens webbsida, odaterad. Fler finns, som inte nämner någon plats."
MAP_NOTE = (
    "Färgen är antalet insatser som nämner en plats i basområdet. Ränder och streckad kant: "
    "platsen ligger i flera basområden, och insatsen kan finnas i vilket som helst av dem. En "
    "plats kan vara mindre än sitt basområde."
)
CHOOSE = (
    "Välj ett område på kartan, eller sök en plats, ett nätverk eller ett basområde i listan. Då "
    "står det här vilka insatser som når dit, med källa."
)
NEED_NOTE = (
    "Säkert sämre: intervallet möter inte stadens, räknat som på sidan Välfärd, och åt det håll "
    "som inte är bra. Inte säkert sämre är inget bevis för att allt är väl. Dolt och saknat räknas "
    "aldrig som inget behov. En insats räknas till ett nätverk när den nämner nätverkets ort eller "
    "ett av dess delområden; om den svarar mot just det här behovet är inte prövat."
)
EMPTY = (
    "Registret {name} är tomt. Lägg en rad per post i `data/{name}.csv` (kolumnerna står i "
    "data/README.md) och ladda om sidan."
)
SECTION = {"gör vi nu": "görs nu", "utvecklar": "utvecklas", "nyheter": "nyhet"}
SHORT_SOURCE = {"vision": "Visionens webbsida", "ar2017": "Årsredovisning 2017"}
CLASS = {  # against the city
    efforts.NEED_WITHOUT_EFFORT: "säkert sämre, ingen insats",
    efforts.NEED_WITH_EFFORT: "säkert sämre, med insats",
    efforts.NO_NEED_SHOWN: "inte säkert sämre",
    efforts.UNKNOWN: "går inte att säga",
}
MAYBE = {
    "network": "I upptagningsområdet, på en plats som källan inte räknar till nätverket:",
    "place": "Kan också finnas här, för de nämner en annan plats i samma basområde:",
    "base_area": "Kan finnas här, för de nämner en plats som ligger i flera basområden:",
}
FEW = 8  # names that a sentence can hold


@dataclass(frozen=True)
class Efforts:
    """The register of efforts, and how it falls on networks, base areas and places."""

    table: pd.DataFrame
    n_place_bound: int
    by_network: pd.DataFrame
    by_base_area: pd.DataFrame
    by_place: pd.DataFrame
    unplaced: pd.DataFrame


def build(known: Register) -> Efforts:
    """Read the efforts and count them once. Raises GeoError when a register is missing or odd."""
    table, places = read.register("efforts"), read.register("places", "place")
    return Efforts(
        table.set_index("effort_id"),
        len(efforts.place_bound(table)),
        efforts.by_network(table, known.networks),
        efforts.by_base_area(table, places, known.base_areas),
        efforts.concentration(table),
        efforts.unplaced(table, places),
    )


def made() -> Efforts:
    """Return the efforts as they now stand on disk."""
    return data.once(build)


def full_name(known: Register, network_id: str) -> str:
    """Write the full name of a network; an id that is none stands as it is."""
    if network_id not in known.networks.index:
        return network_id
    row = known.networks.loc[network_id]
    return words.network(row["layer"], row["name"])


def names_by_layer(known: Register, network_ids: Sequence[str]) -> str:
    """Write networks by kind: nätverk barn och unga Norrby och Boda; områdesnätverk Norrby."""
    rows = known.networks.loc[list(network_ids)]
    named = {layer: list(rows["name"][rows["layer"] == layer]) for layer in LAYERS}
    return "; ".join(
        f"{words.LAYER_PREFIX[layer].lower()} {words.listed(names)}"
        for layer, names in named.items()
        if names
    )


def source_text(text: str) -> str:
    """Write where a fact stands: Visionens webbsida, Det här gör vi nu."""
    found: dict[str, list[str]] = {}
    for part in text.split("; "):
        source_id, _, where = part.partition(" ")
        found.setdefault(SHORT_SOURCE.get(source_id, source_id), []).append(where)
    return "; ".join(
        f"{name}, {'; '.join(filter(None, where))}".removesuffix(", ")
        for name, where in found.items()
    )


def gathered(known: Register) -> list[str]:
    """Name the places that more than one effort names, the most named first."""
    table = data.once(build).by_place
    return [str(place) for place in table.index[table["n_efforts"] > 1]][:FEW]


def headline(known: Register) -> str:
    """Say how many efforts name a place, where they gather, and which networks none names."""
    found = data.once(build)
    counts = found.by_place["n_efforts"]
    text = (
        f"**{words.counted(found.n_place_bound, 'insats', 'insatser')}** i källan nämner en plats."
    )
    named = [f"{words.markdown_safe(place)} ({counts[place]})" for place in gathered(known)]
    text += f" De samlas på **{words.listed(named)}**." if named else ""
    none = list(found.by_network.index[found.by_network["n_efforts"] == 0])
    total = len(found.by_network)
    if not none:
        return f"{text} Alla {total} nätverk har en ort som någon insats nämner."
    names = words.markdown_safe(names_by_layer(known, none))
    return f"{text} **Ingen nämner {len(none)} av {total} nätverk**: {names}."


def off_the_map(known: Register) -> str:
    """Say which efforts are on no map: their places lie in no known base area, or none is named."""
    found = data.once(build)
    texts = []
    if len(found.unplaced):
        places = words.listed([words.markdown_safe(str(place)) for place in found.unplaced.index])
        texts.append(f"Inte på kartan, för basområdet är inte fastställt: {places}.")
    placeless = found.table[found.table["place_names"] == ""]
    if len(placeless):
        titles = words.listed([words.markdown_safe(title) for title in placeless["title"]])
        texts.append(f"Utan plats i källan: {titles}.")
    return " ".join(texts)


def answer(known: Register, choice: Choice) -> str:
    """List the efforts that reach what is chosen, with source; then those that may reach it."""
    found = data.once(build)
    near = found.by_base_area.loc[list(choice.base_area_ids)]
    name = words.markdown_safe(choice.name)
    if choice.kind == "network":
        name = f"en ort i {words.markdown_safe(full_name(known, choice.id))}"
        surely = list(found.by_network.at[choice.id, "effort_ids"])
    elif choice.kind == "place":
        surely = list(found.by_place["effort_ids"].get(choice.name, ()))
    else:
        name = f"en plats i {name}"
        surely = [i for held in near["sure_ids"] for i in held]
    maybe = [i for held in near["effort_ids"] for i in held]
    rest = [i for i in dict.fromkeys(maybe) if i not in surely]
    how = words.counted(len(surely), "insats", "insatser") if surely else "Ingen insats i källan"
    told = f"**{how} nämner {name}.**"
    if choice.kind == "base_area" and rest and not surely:
        told = f"**Ingen insats nämner säkert {name}; {len(rest)} kan finnas där.**"
    lines = [told, _listed(found, surely)]
    lines += [MAYBE[choice.kind], _listed(found, rest)] if rest else []
    lines += [] if choice.base_area_ids else ["Platsen är inte lagd i något basområde."]
    return "\n\n".join(filter(None, lines))


def _listed(found: Efforts, ids: list[str]) -> str:
    lines = []
    for row in found.table.loc[ids].to_dict("records"):
        title, content = (words.markdown_safe(row[column]) for column in ("title", "content"))
        figure = f" ({words.markdown_safe(row['figure'])})" if row["figure"] else ""
        places = words.markdown_safe(words.listed(efforts.split(row["place_names"])))
        section = words.markdown_safe(SECTION.get(row["section"], row["section"]))
        source = words.markdown_safe(source_text(row["source"]))
        lines.append(f"- **{title}**{figure}. {content}. {places}; {section}. Källa: {source}.")
    return "\n".join(lines)


def may_be_compared(known: Register) -> dict[str, str]:
    """Return the indicators that tell a need by network: id -> name.

    Those that may be ranked, are known by base area and summed to networks.
    """
    rows = known.indicators
    kept = rows[
        (rows["use"] == "ranked") & (rows["level"] == "base_area") & (rows["measure"] == "share")
    ]
    present = set(known.statistics["indicator_id"])
    return {str(i): str(name) for i, name in kept["name"].items() if i in present}


def needs(
    known: Register, indicator_id: str, period: str, group: str, layer: str
) -> pd.DataFrame | None:
    """Return the networks of a layer with need and effort, the clearest need first; or None.

    None when the values are not summed to networks.
    """
    table = data.view(indicator_id, period).tables[group]
    if table.at[TOTAL, "status"] == NOT_ADDED:
        return None
    direction = str(known.indicators.at[indicator_id, "direction"])
    rows = table.loc[known.areas.index[known.areas["layer"] == layer]]
    found = efforts.need_and_effort(rows, table.loc[TOTAL], direction, data.once(build).by_network)
    order = {name: place for place, name in enumerate(CLASS)}
    found = found.assign(
        order=found["class"].map(order), worst=found["value"] * (1 if direction == "high" else -1)
    )
    return found.sort_values(["order", "worst"], kind="stable").drop(columns=["order", "worst"])


def needs_headline(known: Register, indicator_id: str, period: str, group: str, layer: str) -> str:
    """Say which networks are surely worse off than the city without any effort that names them."""
    found = needs(known, indicator_id, period, group, layer)
    row = known.indicators.loc[indicator_id]
    view = data.view(indicator_id, period)
    topic = indicator.topic(known, indicator_id, period, group)
    topic += " (syntetiskt)" if view.is_demo else ""
    places = [words.markdown_safe(place) for place in gathered(known)]
    text = f"Insatserna samlas på {words.listed(places)}. " if places else ""
    if found is None:
        return f"{text}**{topic}** räknas inte samman till nätverk: källan ger inga antal."
    without = _named(known, found, efforts.NEED_WITHOUT_EFFORT)
    names = f": {words.listed(without)}" if without else ""
    text += (
        f"**{topic}: {len(without) or 'inget'} av de {len(found)} {indicator.THE_NETWORKS[layer]} "
        "ligger säkert sämre till än Borås utan att någon platsbunden insats nämner "
        f"{'dem' if len(without) > 1 else 'det'}{names}.**"
    )
    with_effort = _named(known, found, efforts.NEED_WITH_EFFORT)
    if with_effort:
        text += f" Säkert sämre, med insats: {words.listed(with_effort)}."
    gone = int((found["class"] == efforts.UNKNOWN).sum())
    text += f" {gone} visas inte." if gone else ""
    city = view.tables[group].loc[TOTAL]
    said = indicator.with_interval(city, row["measure"])
    return f"{text} Borås: {said} {row['wording']}."


def _named(known: Register, found: pd.DataFrame, kind: str) -> list[str]:
    ids = found.index[found["class"] == kind]
    return [words.markdown_safe(indicator.short_name(known, str(i))) for i in ids]
