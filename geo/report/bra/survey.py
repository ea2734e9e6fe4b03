"""The first sections of the sheet for Brå: what is known of crime, and of what else matters."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from geo import coverage
from geo.facts import Facts
from geo.fieldwork import STATE_NAMES
from geo.findings import NOT_WALKED
from geo.layout import OK
from geo.needs import RANKED
from geo.report.sections.numbers import TREND, value
from geo.report.story import Section, Table
from geo.report.words import counted, first_upper, listed, number, percent
from geo.situation import Situation
from geo.situation.figures import WORSE, figures
from geo.situation.who import who
from geo.sources import DEMO_MARK, LAYER_NAMES, LAYERS, layer_of
from geo.trend import FALLING, RISING, SURE

CRIME = ("valdsbrott", "trygg_utomhus")  # what there is of the municipality alone
ALL = "Alla {} basområden har minst ett nätverk."
MOST_NAMES = 10
SHORT = {"barn_unga": "Barn och unga", "omrade": "Områdesnätverk", "ortsrad": "Ortsråd"}


def survey(found: Situation, facts: Facts) -> Section:
    """Show what there is of crime: the municipality alone, and that nothing per area is loaded.

    >>> survey.__annotations__["found"]
    'Situation'
    """
    rows = []
    for name in CRIME:
        views = facts.views.get(name, ())
        if name not in found.indicators.index:
            continue
        row = found.indicators.loc[[name]].iloc[0]
        country = views[0].reference.get("0000") if views else None
        held = value(row) if row["measure"] == "share" else _per(row)
        against = "–" if country is None else _like(row, country)
        made_up = DEMO_MARK if row["is_demo"] else str(row["source"])
        if views:
            rows.append((str(row["name"]), str(row["period"]), held, against, made_up))
    columns = ("Mått", "År", "Borås", "Riket", "Källa")
    table = Table(
        "Det som är inläst för hela kommunen",
        columns,
        tuple(rows),
        "Ingen uppgift om anmälda brott är inläst.",
        (2, 3),
    )
    lacking = (
        "Anmälda brott per område är inte inlästa: var i staden brotten sker kan inte visas här.",
        "Polisens och EST-gruppens lägesrapporter är inte med: händelser och mönster syns inte.",
        "Vilka som drabbas, och vad brotten leder till, finns det inget underlag om.",
    )
    gaps = (
        "Brottsligheten i kommunen: vilka brott, hur många, var och när (polisens underlag)",
        "Följderna: vilka som drabbas och hur",
    )
    text = "Lagen begär en bild av brotten i kommunen: hur många de är och vad de leder till."
    heading = "1. Kartläggning (lag 2023:196, 4 § 1)"
    return Section("survey", heading, (text,), lacking, tables=(table,), gaps=gaps, on_wall=True)


def _per(row: pd.Series) -> str:
    shown = value(row)
    return f"{shown} per 100\u202f000" if row["status"] == OK else shown


def _like(row: pd.Series, country: float) -> str:
    return percent(country) if row["measure"] == "share" else f"{number(country)} per 100\u202f000"


def other(found: Situation, facts: Facts) -> Section:
    """Show the city's ranked indicators, and the networks that are surely worse than the city.

    >>> other.__annotations__["facts"]
    'Facts'
    """
    worse = worse_in(facts)
    table = found.indicators
    ranked = table[(table["use"] == RANKED) & (table["measure"] == "share")]
    rows = tuple(
        (
            f"{row['name']} ({row['period']})" if row["period"] else str(row["name"]),
            value(row),
            _trend(row),
            *(_short(layer, worse.get(str(name), ()), facts) for layer in LAYERS),
        )
        for name, row in ranked.iterrows()
    )
    columns = ("Indikator", "Borås", "Över tid", *SHORT.values())
    caption = "Livsvillkor i Borås, och de nätverk som är säkert sämre än staden"
    return Section(
        "other",
        "2. Annan information av betydelse (lag 2023:196, 4 § 2)",
        tables=(Table(caption, columns, rows, "Ingen statistik är inläst.", (1,)),),
        notes=(
            "Ett streck betyder att inget nätverk säkert är sämre än staden, inte att alla är "
            "lika. Varje person räknas en gång i stadens tal.",
        ),
    )


def _short(layer: str, ids: tuple[str, ...], facts: Facts) -> str:
    names = facts.register.networks["name"]
    return ", ".join(str(names[i]) for i in ids if layer_of(i) == layer) or "–"


def worse_in(facts: Facts) -> Mapping[str, tuple[str, ...]]:
    """Return the networks that are surely worse than the city, by indicator.

    >>> worse_in.__annotations__["facts"]
    'Facts'
    """
    ids = [str(i) for i in facts.register.networks.index]
    standing = {i: figures(who(i, facts), facts)["standing"] for i in ids}
    table = pd.DataFrame(standing)
    return {str(name): tuple(i for i in ids if row[i] == WORSE) for name, row in table.iterrows()}


def _trend(row: pd.Series) -> str:
    word = TREND.get(str(row["trend"]), "för kort serie")
    if row["trend"] not in (RISING, FALLING):
        return word
    return f"{word} ({'säkert' if row['certainty'] >= SURE else 'troligen'})"


def noted(found: Situation, facts: Facts) -> Section:
    """Sum up walks and findings of the city, and say where nobody has walked.

    >>> noted.__annotations__["found"]
    'Situation'
    """
    row, by_network = found.noted.figures, facts.noted(found.as_of)
    states = by_network["state"].reindex(facts.register.networks.index)
    bare = [facts.name_of(str(i)) for i in states.index[states == NOT_WALKED]]
    mark = f" {DEMO_MARK}." if "findings" in found.demo else ""
    texts = [f"{counted(len(found.noted.walks), 'vandring', 'vandringar')} är kända.{mark}"]
    if row["n_findings"] > 0:
        texts.append(
            f"{counted(int(row['n_findings']), 'fynd', 'fynd')}, vart och ett räknat en gång: "
            f"{number(row['n_brist'])} brister, varav {number(row['n_open'])} öppna och "
            f"{number(row['n_overdue'])} av dem försenade."
        )
    else:
        texts.append("Inga fynd är inlagda: vad vandringarna såg vet vi inte.")
    said = f"{first_upper(STATE_NAMES[NOT_WALKED])}: {listed(bare)}."
    points = (said if bare else "Någon har vandrat i varje nätverk.", *_owners(found))
    return Section("noted", "Trygghetsvandringar", tuple(texts), points, level=2)


def _owners(found: Situation) -> tuple[str, ...]:
    """Say whom the open findings wait for."""
    counts = found.noted.waiting["owner"].replace("", "ingen ansvarig än").value_counts()
    said = [f"{owner} ({number(n)})" for owner, n in counts.items()]
    return (f"De öppna bristerna väntar på: {listed(said)}.",) if said else ()


def cover(facts: Facts) -> Section:
    """Say which base areas no network covers: there nobody makes a lägesbild.

    >>> cover.__annotations__["facts"]
    'Facts'
    """
    known_areas, members = facts.register.base_areas, facts.register.memberships
    points = []
    for layers in (*((layer,) for layer in LAYERS), ("omrade", "ortsrad"), LAYERS):
        names = [str(name) for name in coverage.gaps(known_areas, members, layers)["name"]]
        kinds = listed([LAYER_NAMES[layer].lower() for layer in layers], "eller")
        bare = counted(len(names), "basområde", "basområden") if names else "inget basområde"
        which = f" ({listed(names)})" if 0 < len(names) <= MOST_NAMES else ""
        points.append(f"Utan {kinds}: {bare}{which}.")
    n, n_bare = len(known_areas), len(coverage.gaps(known_areas, members, LAYERS))
    every = f"{n_bare} av {n} basområden har inget nätverk." if n_bare else ALL.format(n)
    text = f"{every} Där ett slag saknas görs ingen lokal lägesbild av det slaget."
    return Section("cover", "Platser utan nätverk", (text,), tuple(points), level=2)
