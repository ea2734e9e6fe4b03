"""The budget of the collaboration in 2017: by kind of network, by network, per person."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from geo.efforts import split
from geo.errors import require_columns
from geo.sources import layer_of

YEAR = 2017
CHILDREN, EVERYONE = "0-17", "alla"
NUMBERS = ("n_networks", "amount_each_sek", "amount_sek")
PER_PERSON = ("years", "n_people_low", "n_people_high", "per_person_low", "per_person_high")


def _numbers(budget: pd.DataFrame) -> pd.DataFrame:
    require_columns(budget, ("layer", *NUMBERS), "budget")
    return budget.assign(
        **{name: pd.to_numeric(budget[name].replace("", None)) for name in NUMBERS}
    )


def total(budget: pd.DataFrame) -> float:
    """Sum the budget in kronor; NaN when some amount is not known (never 0 for unknown).

    >>> from geo import read
    >>> total(read.register("budget_2017", "post"))
    400000.0
    """
    return float(_numbers(budget)["amount_sek"].sum(skipna=False)) if len(budget) else float("nan")


def by_kind(
    budget: pd.DataFrame, population: pd.DataFrame, group: str = CHILDREN, year: int = YEAR
) -> pd.DataFrame:
    """Tell for each kind of network its money, and what that is per person, as a range.

    The people are those of the kommundelar that are linked to a network of the kind; the link is
    approximate, for the borders differ. They are counted in the years nearest before and after the
    budget's year, which are both given: low and high are the ends of the two, nothing between them
    is reckoned. A kind of which some network has no kommundel has no figure (NaN, not known).
    budget: index post; layer, n_networks, amount_each_sek, amount_sek (kronor). population:
    kommundel, group, year, n_people, network_ids (text with ;). group: 0-17 or alla.
    Returns, with the index of budget: layer, n_networks, amount_each_sek, amount_sek, years
    (tuple), n_people_low, n_people_high, per_person_low, per_person_high (kronor).

    >>> from geo import read
    >>> registers = read.register("budget_2017", "post"), read.register("population_kommundel")
    >>> found = by_kind(*registers).loc["Nätverk barn och unga"]
    >>> found["years"], int(found["n_people_high"])
    ((2012, 2022), 24439)
    """
    table = _numbers(budget)
    _require(population)
    linked = {i for text in population["network_ids"] for i in split(text)}
    rows = []
    for layer, n_networks in zip(table["layer"], table["n_networks"], strict=True):
        ids = {network_id for network_id in linked if layer and layer_of(network_id) == layer}
        people = _people(population, ids, group, year) if len(ids) == n_networks else {}
        rows.append(_range(people))
    return _per_person(table[["layer", *NUMBERS]], table["amount_sek"], rows)


def by_network(
    budget: pd.DataFrame,
    population: pd.DataFrame,
    networks: pd.DataFrame,
    group: str = CHILDREN,
    year: int = YEAR,
) -> pd.DataFrame:
    """Tell for each network its own sum, and what that is per person, as a range.

    Networks of one kind have the same sum however many people they have. networks: index
    network_id. The rest, and what the range means, as in by_kind. Returns, with the index of
    networks: amount_sek (NaN when the kind has no sum each), years, n_people_low, n_people_high,
    per_person_low, per_person_high; NaN for a network that no kommundel is linked to.

    >>> from geo import read
    >>> registers = read.register("budget_2017", "post"), read.register("population_kommundel")
    >>> found = by_network(*registers, read.networks()[0])
    >>> found.loc["bu-sjobo", ["per_person_low", "per_person_high"]].astype(float).round(1).tolist()
    [6.8, 7.5]
    """
    _require(population)
    money = _each(budget, networks.index)
    rows = [_range(_people(population, {str(i)}, group, year)) for i in networks.index]
    return _per_person(money.to_frame(), money, rows)


def by_counts(budget: pd.DataFrame, counts: pd.DataFrame) -> pd.DataFrame:
    """Tell for each network its own sum per person, by people counted in its catchment.

    counts: index network_id; value, low, high (people, see geo.allocate.counts), status (ok, else
    hidden or missing). Returns, with that index: amount_sek, n_people, per_person (kronor),
    per_person_low (by the most people) and per_person_high (by the fewest); NaN where the people
    are not shown or none, and where the kind has no sum each.

    >>> from geo import read
    >>> counts = pd.DataFrame({"value": [2000.0], "low": [1000.0], "high": [2500.0],
    ...     "status": "ok"}, index=["on-norrby"])
    >>> by_counts(read.register("budget_2017", "post"), counts).iloc[0].tolist()
    [10000.0, 2000.0, 5.0, 4.0, 10.0]
    """
    require_columns(counts, ("value", "low", "high", "status"), "counts")
    money = _each(budget, counts.index)
    is_shown = counts["status"] == "ok"
    value, low, high = (
        counts[name].astype(float).where(is_shown & (counts[name] > 0))
        for name in ("value", "low", "high")
    )
    found = {"amount_sek": money, "n_people": value, "per_person": money / value}
    return pd.DataFrame(
        found | {"per_person_low": money / high, "per_person_high": money / low},
        index=counts.index,
    )


def _each(budget: pd.DataFrame, ids: pd.Index) -> pd.Series:
    """Return the sum of each network in kronor, NaN when its kind has no sum each."""
    table = _numbers(budget)
    each = table[table["layer"] != ""].set_index("layer")["amount_each_sek"]
    own = [each.get(layer_of(str(network_id)), float("nan")) for network_id in ids]
    return pd.Series(own, ids, dtype=float, name="amount_sek")


def _require(population: pd.DataFrame) -> None:
    columns = ("kommundel", "group", "year", "n_people", "network_ids")
    require_columns(population, columns, "population")


def _people(population: pd.DataFrame, ids: set[str], group: str, year: int) -> dict[int, float]:
    """Return the people of the kommundelar linked to some networks, in the years around one.

    A year that not every one of them has is not known (NaN): a sum of some is no sum.
    """
    held = population["network_ids"].map(lambda text: bool(ids & set(split(text))))
    rows = population[held & (population["group"] == group)]
    numbers = pd.to_numeric(rows["n_people"].replace("", None)).astype(float)
    table = pd.DataFrame({"year": rows["year"].astype(int), "n": numbers})
    table["kommundel"] = rows["kommundel"]
    wide = table.pivot(index="kommundel", columns="year", values="n")
    return {y: float(wide[y].sum(skipna=False)) for y in around(map(int, wide.columns), year)}


def around(years: Iterable[int], year: int = YEAR) -> tuple[int, ...]:
    """Return the year nearest before (or at) and the year nearest after (or at) a year.

    >>> around([2012, 2022, 2030]), around([2020, 2021]), around([2016, 2017, 2018])
    ((2012, 2022), (2020,), (2017,))
    """
    known = list(years)
    before, after = [y for y in known if y <= year], [y for y in known if y >= year]
    ends = ([max(before)] if before else []) + ([min(after)] if after else [])
    return tuple(dict.fromkeys(ends))


def _range(people: dict[int, float]) -> tuple[tuple[int, ...], float, float]:
    """Return the years, and the fewest and the most people; NaN when any year is not known."""
    found = pd.Series(people, dtype=float)
    return tuple(people), float(found.min(skipna=False)), float(found.max(skipna=False))


def _per_person(
    table: pd.DataFrame, money: pd.Series, rows: list[tuple[tuple[int, ...], float, float]]
) -> pd.DataFrame:
    people = pd.DataFrame(rows, columns=list(PER_PERSON[:3]), index=table.index)
    known = people[["n_people_low", "n_people_high"]].astype(float)
    known = known.where(known > 0)
    people["per_person_low"] = money / known["n_people_high"]
    people["per_person_high"] = money / known["n_people_low"]
    return pd.concat([table, people], axis=1)
