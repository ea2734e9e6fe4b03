"""What drives a place, what would change it, and what cannot be told apart, in words."""

from __future__ import annotations

import pandas as pd

from geo import priority
from geo.layout import WHOLE
from pages.parts import data, indicator, words
from pages.parts.data import Register
from pages.parts.priorities import BASE_AREAS, Asked, Ranking, found, place, ranking


def parts(known: Register, asked: Asked, area_id: str) -> pd.DataFrame:
    """Return each indicator's value and part in the place of one area, the largest part first.

    A value that is hidden is said to be; what is known is shown also of one that is not judged.
    """
    made = data.once(ranking, asked)
    own = made.needs
    share = priority.contributions(own.values, own.direction, made.weights).loc[area_id]
    share = share.sort_values(ascending=False, kind="stable")
    without = _without(made, area_id)
    now = made.table.at[area_id, "rank"]
    weight = priority.per_cent(pd.Series(made.weights))
    rows = pd.DataFrame(
        {
            "Indikator": [str(known.indicators.at[name, "name"]) for name in share.index],
            "Värde": [_value(known, made, area_id, str(name)) for name in share.index],
            "Utan uppgift": [_unknown(made, area_id, str(name)) for name in share.index],
            "Vikt": [words.percent(weight[name] / 100, 1) for name in share.index],
            "Del av behovet": ["–" if pd.isna(part) else words.number(part, 3) for part in share],
            "Plats utan indikatorn": [_moved(without[name], now) for name in share.index],
        }
    )
    score = made.table.at[area_id, "score"]
    if pd.isna(score):
        return rows
    rows.loc[len(rows)] = ["Summa: behovet", "", "", "100,0\u00a0%", words.number(score, 3), ""]
    return rows


def _unknown(made: Ranking, area_id: str, name: str) -> str:
    """Write for how much of an area nothing is known: the value is then that of the rest."""
    table = data.view(name, made.needs.periods[name]).tables[WHOLE]
    missing = table["missing_share"].get(area_id)
    return "–" if missing is None or pd.isna(missing) else words.percent(missing)


def _without(made: Ranking, area_id: str) -> pd.Series:
    own = made.needs
    return priority.without_each(own.values, own.direction, made.weights).loc[area_id]


def _value(known: Register, made: Ranking, area_id: str, name: str) -> str:
    own = made.needs
    tables = {"value": own.values, "low": own.low, "high": own.high, "status": own.status}
    row = pd.Series({column: table.at[area_id, name] for column, table in tables.items()})
    return indicator.with_interval(row, str(known.indicators.at[name, "measure"]))


def _moved(rank: float, now: float) -> str:
    if pd.isna(rank) or pd.isna(now):
        return "–"
    return f"{words.number(rank)} (nu {words.number(now)})" if rank != now else words.number(rank)


def why(known: Register, asked: Asked, area_id: str) -> str:
    """Say in a sentence what drives the place of one area, and all that would change it."""
    made = data.once(ranking, asked)
    row = made.table.loc[area_id]
    name = words.markdown_safe(made.names[area_id])
    if pd.isna(row["rank"]):
        return (
            f"**{name}** går ej att bedöma: för lite är känt, eller får visas. Det som är känt "
            "står i tabellen."
        )
    return (
        f"**{name}**: {row['verdict']} bland de {asked.top} första, plats {place(row)} "
        f"(mitt {words.number(row['rank_median'])}). {_most(known, made, area_id)} "
        f"{_changes(known, _without(made, area_id), row['rank'])}"
    )


def _most(known: Register, made: Ranking, area_id: str) -> str:
    """Name the indicators that the place rests on most; one that adds nothing is none of them."""
    own, names = made.needs, known.indicators["name"]
    share = priority.contributions(own.values, own.direction, made.weights).loc[area_id]
    share = share[share > 0].sort_values(ascending=False, kind="stable")
    if len(made.weighed) == 1:
        return f"Allt vilar på {names[made.weighed[0]]}."
    if share.empty:
        return "Ingen indikator visar något behov jämfört med de andra områdena."
    return f"Mest bidrar {words.listed([str(names[i]) for i in share.index[:3]])}."


def _changes(known: Register, without: pd.Series, now: float) -> str:
    """Say which indicators, each left out alone, would give a higher or a lower place."""
    said = []
    for word, moved in (
        ("högre (större behov)", without < now),
        ("lägre (mindre behov)", without > now),
    ):
        names = [str(known.indicators.at[name, "name"]) for name in without.index[moved]]
        if names:
            said.append(f"{word} utan {words.listed(names, 'eller')}")
    if without.isna().any():
        return ""  # without the only one nothing is known
    if not said:
        return "Ingen enskild indikator ändrar platsen."
    return f"Utan dragningar är platsen {words.number(now)}; den blir {', och '.join(said)}."


def moves(_known: Register, asked: Asked) -> pd.DataFrame:
    """Return which assumption moves the ranking most."""
    shares = priority.drivers(data.once(ranking, asked).setup, asked.seed)
    rest = max(0.0, 1 - float(shares.sum()))
    rows = [
        (words.first_upper(priority.FACTOR[str(name)]), share) for name, share in shares.items()
    ]
    rows.append(("Samspel mellan dem", rest))
    return pd.DataFrame(
        {
            "Antagande": [name for name, _ in rows],
            "Andel av platsernas variation": [words.percent(share) for _, share in rows],
        }
    )


def alike(_known: Register, asked: Asked, area_id: str | None = None) -> pd.DataFrame:
    """Return pairs that cannot be told apart, all or those of one area."""
    made = data.once(ranking, asked)
    pairs = priority.alike(made.setup, made.needs.values.index, seed=asked.seed)
    if area_id is not None:
        pairs = pairs[(pairs["a"] == area_id) | (pairs["b"] == area_id)]
    return pd.DataFrame(
        {
            "Första området": [made.names[str(i)] for i in pairs["a"]],
            "Andra området": [made.names[str(i)] for i in pairs["b"]],
            "Dragningar där det första har störst behov": [
                words.percent(p) for p in pairs["p_before"]
            ],
        }
    )


def pairs_caption(_known: Register, asked: Asked, area_id: str | None = None) -> str:
    """Say how many pairs cannot be told apart, of how many; of one area, or of all."""
    made = data.once(ranking, asked)
    n, n_alike = int(made.table["rank"].notna().sum()), len(data.once(alike, asked, area_id))
    if area_id is not None:
        return f"{made.names[area_id]} går inte att skilja från {n_alike} av {n - 1} andra"
    return f"{words.number(n_alike)} av {words.number(n * (n - 1) / 2)} par går inte att skilja åt"


def doubles(known: Register, asked: Asked) -> pd.DataFrame:
    """Return pairs of the indicators that weigh anything which show much the same need.

    Told over the base areas whatever is ranked: among a few networks some pairs always go together.
    """
    own, weighed = data.once(found, BASE_AREAS), [name for name, w in asked.weights if w > 0]
    known_there = [name for name in weighed if name in own.values]
    pairs = priority.double_counted(own.values[known_there], own.direction)
    names = known.indicators["name"]
    return pd.DataFrame(
        {
            "Indikator": [names[i] for i in pairs["a"]],
            "och": [names[i] for i in pairs["b"]],
            "Samband (0 till 1)": [words.number(r, 2) for r in pairs["correlation"]],
            "Basområden": [words.number(n) for n in pairs["n_areas"]],
        }
    )
