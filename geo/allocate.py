"""Brings what is counted by base area to the areas: each whole, by share, with low and high."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.errors import GeoError, require_columns
from geo.overlay import weights_from_geometry as weights_from_geometry
from geo.sources import LAYERS, layer_of

COUNT_COLUMNS = ("value", "low", "high", "estimated_share", "missing_share")
MISSING_LIMIT = 0.5  # an area with more than this part unknown gets no value


def weights(memberships: pd.DataFrame) -> pd.DataFrame:
    """Turn memberships into a table of shares: base areas in rows, areas in columns.

    memberships: network_id, base_area_id, share (0–1). Returns shares 0–1, 0 where a base area is
    not in the area; index base_area_id, columns area_id. Raises GeoError for a missing column or a
    share outside 0–1.

    >>> rows = pd.DataFrame({"network_id": ["bu-x", "bu-y"], "base_area_id": ["A", "A"],
    ...                      "share": [0.25, 0.75]})
    >>> weights(rows).loc["A"].to_dict()
    {'bu-x': 0.25, 'bu-y': 0.75}
    """
    require_columns(memberships, ("network_id", "base_area_id", "share"), "memberships")
    shares = memberships["share"].astype(float)
    if not shares.between(0, 1).all():
        raise GeoError(
            f"share: andelar 0–1 väntades, fick {shares[~shares.between(0, 1)].tolist()!r}. "
            "Skriv 0,5 för hälften."
        )
    table = memberships.assign(share=shares).pivot_table(
        index="base_area_id", columns="network_id", values="share", aggfunc="sum", fill_value=0.0
    )
    order = list(dict.fromkeys(memberships["network_id"]))
    return table[order].rename_axis(index="base_area_id", columns="area_id")


def _check(weights: pd.DataFrame) -> None:
    values = weights.to_numpy(dtype=float)
    if not ((values >= 0) & (values <= 1)).all():
        raise GeoError(
            f"weights: andelar 0–1 väntades, fick {np.nanmin(values)!r} till {np.nanmax(values)!r}."
            " Gör dem med geo.allocate.weights(memberships)."
        )


def counts(
    counts: pd.Series, weights: pd.DataFrame, *, missing_limit: float = MISSING_LIMIT
) -> pd.DataFrame:
    """Sum what is counted by base area to each area, every area its own whole count.

    Overlapping areas each get their people: areas must never be added (see union_total).

    counts: numbers by base_area_id (people, cases); NaN or no row = not known, never 0.
    weights: base_area_id × area_id of shares 0–1.
    Returns, by area_id: value (sum of share × count over what is known; NaN when nothing is, or
    when missing_share is above missing_limit), low (base areas with share 1 alone), high (all with
    share above 0, whole), estimated_share (0–1, the part of value that comes from shares below 1;
    0 when value is 0), missing_share (0–1, the part of the area's share-weighted base areas
    without a number).

    >>> people = pd.Series({"A": 100.0, "B": 40.0, "C": np.nan})
    >>> shares = pd.DataFrame({"bu-x": [1, 0.5, 0]}, index=["A", "B", "C"])
    >>> counts(people, shares).loc["bu-x", ["value", "low", "high"]].tolist()
    [120.0, 100.0, 140.0]
    """
    _check(weights)
    known = counts.reindex(weights.index).astype(float)
    share = weights.to_numpy(dtype=float)
    number = known.fillna(0.0).to_numpy()
    value, whole = number @ share, number @ (share == 1)
    missing = _missing(known.isna().to_numpy(), share)
    gone = _withheld(missing, missing_limit)
    told = {
        "value": value,
        "low": whole,
        "high": number @ (share > 0),
        "estimated_share": _divide(value - whole, value, empty=0.0),
    }
    table = {name: np.where(gone, np.nan, numbers) for name, numbers in told.items()}
    return pd.DataFrame(table | {"missing_share": missing}, index=weights.columns.rename("area_id"))


def _divide(above: np.ndarray, below: np.ndarray, empty: float) -> np.ndarray:
    out = np.full(below.shape, empty, dtype=float)
    np.divide(above, below, out=out, where=below != 0)
    return out


def _missing(is_missing: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Return the part of each area's share-weighted base areas that has no number."""
    total = np.broadcast_to(share.sum(axis=0), (*is_missing.shape[:-1], share.shape[1]))
    return _divide(is_missing.astype(float) @ share, total, empty=1.0)


def _withheld(missing: np.ndarray, limit: float) -> np.ndarray:
    return (missing > limit + 1e-9) | (missing >= 1 - 1e-9)


def shares(
    numerator: pd.Series,
    denominator: pd.Series,
    weights: pd.DataFrame,
    *,
    missing_limit: float = MISSING_LIMIT,
) -> pd.DataFrame:
    """Bring a share to each area: numerators and denominators are carried, and divided last.

    So a share is weighted by people, never by land. A base area counts only where both its
    numerator and its denominator are known; nothing is put in its place.

    numerator, denominator: numbers by base_area_id, 0 ≤ numerator ≤ denominator (else GeoError).
    weights: base_area_id × area_id of shares 0–1.
    Returns, by area_id: value (0–1; NaN when nobody is counted or missing_share is above
    missing_limit), low and high (the least and the largest it can be, whatever part of the split
    base areas belongs to the area), estimated_share (0–1, the part of the denominator that comes
    from shares below 1), missing_share as in counts.

    >>> yes, asked = pd.Series({"A": 5.0, "B": 50.0}), pd.Series({"A": 100.0, "B": 100.0})
    >>> half = pd.DataFrame({"bu-x": [1, 0.5]}, index=["A", "B"])
    >>> shares(yes, asked, half).loc["bu-x", ["value", "low", "high"]].tolist()
    [0.2, 0.05, 0.275]
    """
    found = shares_table(
        numerator.rename("x").to_frame(),
        denominator.rename("x").to_frame(),
        weights,
        missing_limit=missing_limit,
    )
    return pd.DataFrame({name: table.loc["x"] for name, table in found.items()})


def shares_table(
    numerators: pd.DataFrame,
    denominators: pd.DataFrame,
    weights: pd.DataFrame,
    *,
    missing_limit: float = MISSING_LIMIT,
) -> dict[str, pd.DataFrame]:
    """Bring many shares to every area at once: a column for each indicator and period.

    numerators, denominators: base_area_id × column, as in shares. Returns the columns of shares
    by name, each a table column × area_id.

    >>> yes, asked = pd.DataFrame({"2024": [5.0]}, ["A"]), pd.DataFrame({"2024": [10.0]}, ["A"])
    >>> shares_table(yes, asked, pd.DataFrame({"bu-x": [1.0]}, ["A"]))["value"].loc["2024", "bu-x"]
    np.float64(0.5)
    """
    _check(weights)
    above, below = (
        table.reindex(weights.index).to_numpy(dtype=float).T for table in (numerators, denominators)
    )
    _check_parts(above, below, numerators)
    unknown = np.isnan(above) | np.isnan(below)
    above, below = np.where(unknown, 0.0, above), np.where(unknown, 0.0, below)
    share = weights.to_numpy(dtype=float)
    total, whole = below @ share, below @ (share == 1)
    value = _divide(above @ share, total, empty=np.nan)
    low, high = _extremes(above, below, share)
    missing = _missing(unknown, share)
    found = {
        "value": value,
        "low": low,
        "high": high,
        "estimated_share": _divide(total - whole, total, empty=np.nan),
    }
    gone = _withheld(missing, missing_limit) | np.isnan(value)
    found = {name: np.where(gone, np.nan, table) for name, table in found.items()}
    index, columns = numerators.columns, weights.columns.rename("area_id")
    return {
        name: pd.DataFrame(table, index, columns)
        for name, table in (found | {"missing_share": missing}).items()
    }


def _check_parts(above: np.ndarray, below: np.ndarray, table: pd.DataFrame) -> None:
    with np.errstate(invalid="ignore"):
        wrong = np.less(above, 0) | np.greater(above, below)
    if wrong.any():
        named = table.columns[np.flatnonzero(wrong.any(axis=1))].tolist()
        raise GeoError(
            f"numerator: 0 till denominator väntades, fick annat i {named[:5]!r}. "
            "Rätta täljaren eller nämnaren."
        )


def _extremes(
    above: np.ndarray, below: np.ndarray, share: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the least and largest ratio over every choice of the parts, column × area.

    At an extreme each split base area is wholly in or wholly out, and those in are the first of
    the order by their own ratio: so a running sum along that order meets it.
    """
    is_part = (share > 0) & (share < 1)
    most = max(int(is_part.sum(axis=0).max(initial=0)), 1)
    which = np.argsort(~is_part, axis=0, kind="stable")[:most].T  # area × part
    there = np.take_along_axis(is_part.T, which, axis=1)
    whole = [(side @ (share == 1))[:, :, None] for side in (above, below)]
    parts = [np.where(there, side[:, which], 0.0) for side in (above, below)]
    ratio = _divide(parts[0], parts[1], empty=0.0)
    ends = []
    for way in (1, -1):
        order = np.argsort(np.where(there, way * ratio, np.inf), axis=2)
        sums = [
            np.concatenate([start, start + np.cumsum(np.take_along_axis(side, order, 2), 2)], 2)
            for start, side in zip(whole, parts, strict=True)
        ]
        ends.append(_divide(sums[0], sums[1], empty=np.nan))
    return np.fmin.reduce(ends[0], axis=2), np.fmax.reduce(ends[1], axis=2)


def union_shares(weights: pd.DataFrame, area_ids: list[str] | None = None) -> pd.DataFrame:
    """Tell how much of each base area a set of areas covers together, each spot once.

    Within a layer the parts of a split base area are different parts, so their shares add (to at
    most 1). Between layers they may be the same part, so the largest layer counts: that never
    counts a person twice. Areas whose id has no layer are taken as one layer.

    Returns, by base_area_id: share (0–1, as above), low (1 where the areas of one layer surely
    cover it all, else 0) and high (1 where any area has a part of it).

    >>> shares = pd.DataFrame({"bu-x": [0.5, 0], "bu-y": [0.5, 0], "on-z": [0.5, 1]})
    >>> union_shares(shares, ["bu-x", "bu-y", "on-z"])["share"].tolist()
    [1.0, 1.0]
    """
    _check(weights)
    chosen = list(weights.columns if area_ids is None else dict.fromkeys(area_ids))
    unknown = [area_id for area_id in chosen if area_id not in weights.columns]
    if unknown:
        raise GeoError(f"area_ids: {unknown!r} finns inte i weights. Rätta id:t.")
    part = weights[chosen].to_numpy(dtype=float)
    layers = np.array([layer_of(str(area_id)) for area_id in chosen])
    by_layer = [part[:, layers == layer].sum(axis=1) for layer in dict.fromkeys(layers)]
    share = np.minimum(np.max(by_layer, axis=0), 1.0) if by_layer else np.zeros(len(part))
    ends = {"low": share >= 1 - 1e-9, "high": share > 0}
    told = {"share": share} | {name: end.astype(float) for name, end in ends.items()}
    return pd.DataFrame(told, index=weights.index)


def union_total(counts: pd.Series, weights: pd.DataFrame, area_ids: list[str]) -> float:
    """Sum a count over several areas with every person once, also where they overlap.

    counts: numbers by base_area_id (NaN = not known). weights: base_area_id × area_id, 0–1.
    area_ids: the areas to join; an unknown id raises GeoError. Returns the number of people in
    the union (NaN when no base area of it is known); split base areas by share, see union_shares.

    >>> people = pd.Series({"A": 100.0, "B": 40.0})
    >>> shares = pd.DataFrame({"bu-x": [1, 0.5], "on-y": [1, 0]}, index=["A", "B"])
    >>> union_total(people, shares, ["bu-x", "on-y"])
    120.0
    """
    share = union_shares(weights, area_ids)["share"]
    covered = share[share > 0]
    known = counts.reindex(covered.index).astype(float)
    return float((known * covered).sum()) if known.notna().any() else float("nan")


def people_by_kommundel(population: pd.DataFrame, group: str) -> pd.DataFrame:
    """Estimate the part of the people that each layer covers from figures by kommundel.

    The link from kommundel to networks is approximate: borders differ. A layer that no kommundel
    is linked to is NaN (not known).
    population: kommundel, group, year, n_people, network_ids (text with ;). group: for example
    "0-17"; the latest year of it is used. Returns, by layer: n_people, people_share (0–1), year.

    >>> from geo import read
    >>> found = people_by_kommundel(read.register("population_kommundel"), "0-17")
    >>> found["people_share"].round(2).to_dict()
    {'barn_unga': 1.0, 'omrade': nan, 'ortsrad': 0.38}
    """
    require_columns(population, ("group", "year", "n_people", "network_ids"), "population")
    rows = population[population["group"] == group]
    rows = rows[rows["year"].astype(int) == rows["year"].astype(int).max()]
    people = rows["n_people"].astype(float)
    found = {}
    for layer in LAYERS:
        linked = (
            rows["network_ids"]
            .fillna("")
            .map(lambda ids, layer=layer: any(layer_of(i) == layer for i in ids.split(";") if i))
        )
        number = float(people[linked].sum()) if linked.any() else float("nan")
        share = number / float(people.sum()) if len(rows) else float("nan")
        found[layer] = (number, share, int(rows["year"].astype(int).max()) if len(rows) else 0)
    columns = ["n_people", "people_share", "year"]
    return pd.DataFrame.from_dict(found, orient="index", columns=columns).rename_axis("layer")
