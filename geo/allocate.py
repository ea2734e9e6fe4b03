"""Brings what is counted by base area to the areas: each whole, by share, with low and high."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.errors import GeoError, require_columns
from geo.sources import LAYERS, layer_of

COUNT_COLUMNS = ("value", "low", "high", "estimated_share", "missing_share")


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


def counts(counts: pd.Series, weights: pd.DataFrame) -> pd.DataFrame:
    """Sum what is counted by base area to each area, every area its own whole count.

    Overlapping areas each get their people: areas must never be added (see union_total).

    counts: numbers by base_area_id (people, cases); NaN or no row = not known, never 0.
    weights: base_area_id × area_id of shares 0–1.
    Returns, by area_id: value (sum of share × count over what is known; NaN when nothing is),
    low (base areas with share 1 alone), high (all with share above 0, whole), estimated_share
    (0–1, the part of value that comes from shares below 1; 0 when value is 0), missing_share
    (0–1, the part of the area's share-weighted base areas without a number).

    >>> people = pd.Series({"A": 100.0, "B": 40.0, "C": np.nan})
    >>> shares = pd.DataFrame({"bu-x": [1, 0.5, 0]}, index=["A", "B", "C"])
    >>> counts(people, shares).loc["bu-x", ["value", "low", "high"]].tolist()
    [120.0, 100.0, 140.0]
    """
    _check(weights)
    known = counts.reindex(weights.index).astype(float)
    has_number = known.notna().to_numpy()
    share = weights.to_numpy(dtype=float)
    number = known.fillna(0.0).to_numpy()
    value, whole = number @ share, number @ (share == 1)
    touched, total = has_number @ share, share.sum(axis=0)
    estimated = np.divide(value - whole, value, out=np.zeros_like(value), where=value != 0)
    table = {
        "value": value,
        "low": whole,
        "high": number @ (share > 0),
        "estimated_share": estimated,
        "missing_share": np.divide(
            ~has_number @ share, total, out=np.ones(len(total)), where=total > 0
        ),
    }
    frame = pd.DataFrame(
        table, index=weights.columns.rename("area_id"), columns=list(COUNT_COLUMNS)
    )
    frame.loc[touched == 0, ["value", "low", "high", "estimated_share"]] = np.nan
    return frame


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
    part = weights[chosen].astype(float)
    by_layer = part.T.groupby(part.columns.map(layer_of)).sum().T.clip(upper=1.0)
    share = by_layer.max(axis=1) if chosen else pd.Series(0.0, index=weights.index)
    surely = (share >= 1 - 1e-9).astype(float)
    return pd.DataFrame({"share": share, "low": surely, "high": (share > 0).astype(float)})


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
