"""One indicator as it may be shown: base areas, networks, layers, the city; small numbers safe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from geo import allocate, disclosure, intervals, wide
from geo.errors import GeoError
from geo.layout import BY_SOURCE, MISSING, OK, SMALL, TOTAL, WHOLE
from geo.sources import LAYERS, NOISE_FROM, SYNTHETIC, THRESHOLD, has_noise, layer_of

NOT_ADDED = "not_applicable"  # a share without its numbers, or a class: never summed over areas
COLUMNS = ("value", "low", "high", "n", "estimated_share", "missing_share", "status", "against")


@dataclass(frozen=True)
class View:
    """One indicator and period, a table for each group; index: base areas, areas, layers, total.

    Columns of a table: value (shares 0–1, counts and classes as they are; NaN where hidden or
    missing), low and high (what allocation and sample leave open), n (denominator, or the count),
    estimated_share and missing_share as in geo.allocate, status, against (the city; see
    geo.intervals.against). left_out: groups that overlap others and are not shown beside them.
    reference: official values by code, 1490 Borås and 0000 the country, where there are any.
    """

    indicator_id: str
    period: str
    groups: tuple[str, ...]
    left_out: tuple[str, ...]
    sources: tuple[str, ...]
    is_demo: bool
    tables: dict[str, pd.DataFrame] = field(repr=False)
    reference: dict[str, float] = field(repr=False)


def current(real: pd.DataFrame, made_up: pd.DataFrame) -> pd.DataFrame:
    """Join imported statistics with the demonstration set: real data for an indicator replace it.

    >>> demo = pd.DataFrame({"indicator_id": ["a", "b"], "source": "synthetic"})
    >>> current(pd.DataFrame({"indicator_id": ["a"], "source": ["SCB"]}), demo)["source"].tolist()
    ['SCB', 'synthetic']
    """
    rest = made_up[~made_up["indicator_id"].isin(set(real["indicator_id"]))]
    return pd.concat([real, rest], ignore_index=True) if len(real) else rest.reset_index(drop=True)


def shown_weights(weights: pd.DataFrame) -> pd.DataFrame:
    """Add a column for each layer to the weights of its networks: every person once.

    >>> half = pd.DataFrame({"bu-x": [1, 0.5], "bu-y": [0, 0.5]}, index=["A", "B"])
    >>> shown_weights(half)["barn_unga"].tolist()
    [1.0, 1.0]
    """
    layers = {}
    for layer in LAYERS:
        ids = [str(area_id) for area_id in weights.columns if layer_of(str(area_id)) == layer]
        if ids:
            layers[layer] = allocate.union_shares(weights, ids)["share"]
    return pd.concat([weights, pd.DataFrame(layers, index=weights.index)], axis=1)


def view(
    indicator: pd.Series,
    rows: pd.DataFrame,
    weights: pd.DataFrame,
    period: str,
    threshold: int = THRESHOLD,
) -> View:
    """Reckon one indicator and period for everything that is shown at once.

    indicator: a row of geo.read.indicators (its name is the id). rows: checked statistics of the
    indicator in long form; only base areas of weights and of a cut in geo.wide.VINTAGES count, so
    that older cuts are never joined. weights: base_area_id × area_id. Raises GeoError when the
    period has no rows.

    >>> kind = pd.Series({"measure": "share", "basis": "full"}, name="trygghet")
    >>> rows = pd.DataFrame({"area_code": ["A", "B"], "area_vintage": "RegSO2025", "period": "2024",
    ...   "group": "alla", "numerator": [80.0, 60], "denominator": [100.0, 100], "value": np.nan,
    ...   "status": "ok", "source": "prov"})
    >>> made = view(kind, rows, pd.DataFrame({"bu-x": [1, 0.5]}, index=["A", "B"]), "2024")
    >>> made.tables["alla"].loc[["bu-x", "total"], "value"].round(3).tolist()
    [0.733, 0.7]
    """
    return _view(indicator, rows, shown_weights(weights), period, threshold)


def views(indicator: pd.Series, rows: pd.DataFrame, weights: pd.DataFrame) -> list[View]:
    """Return every period of an indicator as it may be shown, newest first; arguments as in view.

    >>> views(pd.Series(name="a"), pd.DataFrame({"area_code": [], "area_vintage": [],
    ...       "period": []}), pd.DataFrame({"bu-x": [1]}, index=["A"]))
    []
    """
    sums = shown_weights(weights)
    return [_view(indicator, rows, sums, period) for period in periods(rows, weights)]


def _view(
    indicator: pd.Series,
    rows: pd.DataFrame,
    sums: pd.DataFrame,
    period: str,
    threshold: int = THRESHOLD,
) -> View:
    chosen = rows[rows["period"] == period]
    if chosen.empty:
        known = sorted(set(rows["period"]))
        raise GeoError(f"period: {known!r} väntades, fick {period!r}. Välj en av dem.")
    local = wide.local(chosen, sums.index)
    tables = wide.tables(local, sums.index)
    below = tables["denominator" if indicator["measure"] == "share" else "value"]
    adds_up = not has_noise(local).any() or wide.is_divided(below)
    shown, left_out = _tables(indicator, tables, sums, threshold, adds_up)
    sources = tuple(sorted(set(chosen["source"])))
    official = chosen[(chosen["area_vintage"] == "kommun") & (chosen["group"] == WHOLE)]
    scale = 100 if indicator["measure"] == "share" else 1
    gaps = len(local[local["status"] == OK]) < len(sums) * local["group"].nunique()
    if indicator["measure"] == "count" and gaps:
        official = official.iloc[:0]  # less ours, it would tell what the source hides
    return View(
        str(indicator.name),
        period,
        tuple(shown),
        left_out,
        sources,
        SYNTHETIC in sources,
        shown,
        {
            str(code): value / scale
            for code, value in official.set_index("area_code")["value"].items()
        },
    )


def _tables(
    indicator: pd.Series,
    given: dict[str, pd.DataFrame],
    sums: pd.DataFrame,
    threshold: int,
    adds_up: bool,
) -> tuple[dict[str, pd.DataFrame], tuple[str, ...]]:
    """Return a table for each group that can be shown, the whole first, and the groups left out."""
    is_share = indicator["measure"] == "share"
    below = given["denominator"] if is_share else given["value"]
    if indicator["measure"] in ("class", "rate") or below.isna().all(axis=None):
        scale = 100 if is_share else 1
        return {name: _apart(given, name, sums, scale) for name in _whole_first(given["value"])}, ()
    order = _whole_first(below)
    below = below[order]
    kept = _fitting(below, given["numerator"][order] if is_share else None) if adds_up else order
    bundles = [kept] if adds_up else [[name] for name in kept]
    tables = {}
    for names in bundles:
        above = given["numerator"][names] if is_share else None
        safe = disclosure.protect_groups(below[names], above, sums, threshold)
        for name in names:
            one = None if above is None else above[name]
            found = _allocated(one, below[name], sums)
            is_sample = indicator["basis"] == "sample"
            table = _table(found, safe[name], sums, is_sample and is_share)
            told = given["status"][name].reindex(table.index).eq(SMALL)
            table.loc[told & table["status"].eq(MISSING), "status"] = BY_SOURCE
            if not is_share or indicator.get("use") == "context":
                table["against"] = intervals.UNKNOWN  # counts and background are not compared
            tables[name] = table
    return tables, tuple(name for name in order if name not in kept)


def _whole_first(table: pd.DataFrame) -> list[str]:
    names = [str(name) for name in table.columns]
    return sorted(names, key=lambda name: (name != WHOLE, names.index(name)))


def _fitting(below: pd.DataFrame, above: pd.DataFrame | None) -> list[str]:
    """Return the groups whose denominators, numerators and rests all fit into the whole."""
    kept = disclosure.fitting(below)
    for part in () if above is None else (above, below - above):
        kept = [name for name in kept if name in disclosure.fitting(part[kept])]
    return kept


def _apart(
    given: dict[str, pd.DataFrame], group: str, sums: pd.DataFrame, scale: int
) -> pd.DataFrame:
    """Show base areas alone: a class, or a share without its numbers, cannot be summed."""
    value = given["value"][group] / scale
    base = pd.DataFrame({"value": value, "low": value, "high": value}, columns=list(COLUMNS))
    base["status"] = given["status"][group].fillna(MISSING)
    base["against"] = intervals.UNKNOWN
    rest = pd.DataFrame(index=[*sums.columns, TOTAL], columns=list(COLUMNS)).astype(base.dtypes)
    rest["status"], rest["against"] = NOT_ADDED, intervals.UNKNOWN
    return pd.concat([base, rest]).rename_axis("id")


def _allocated(above: pd.Series | None, below: pd.Series, sums: pd.DataFrame) -> pd.DataFrame:
    """Bring a count or a share to base areas, areas, layers and the city, with n."""
    base = pd.DataFrame(np.eye(len(sums)), sums.index, sums.index)
    every = pd.concat([base, sums, pd.DataFrame({TOTAL: 1.0}, sums.index)], axis=1)
    if above is None:
        found = allocate.counts(below, every)
        return found.assign(n=found["value"])
    known = below.where(above.notna())
    return allocate.shares(above, known, every).assign(n=allocate.counts(known, every)["value"])


def _table(
    found: pd.DataFrame, safe: pd.DataFrame, sums: pd.DataFrame, is_sample: bool
) -> pd.DataFrame:
    """Keep of what was reckoned only what may be shown."""
    is_shown = (safe["status"] == OK).to_numpy()
    open_ends = _gives_a_part_away(safe["status"], sums).reindex(found.index, fill_value=False)
    closed = {
        "low": found["low"].where(~open_ends, found["value"] if is_sample else np.nan),
        "high": found["high"].where(~open_ends, found["value"] if is_sample else np.nan),
    }
    ends = intervals.around(found.assign(**closed), found["n"], is_sample)
    told = {
        "value": found["value"],
        "low": ends["low"],
        "high": ends["high"],
        "estimated_share": found["estimated_share"].where(~open_ends),
    }
    table = pd.DataFrame({name: column.where(is_shown) for name, column in told.items()})
    lower = safe.get("denominator_status", safe["status"])
    table["n"] = found["n"].where(lower == OK)
    table["status"] = safe["status"]
    table["missing_share"] = found["missing_share"]
    city = pd.Series({name: table.at[TOTAL, name] for name in ("value", "low", "high")})
    table["against"] = intervals.against(table, city)
    return table[list(COLUMNS)].rename_axis("id")


def _gives_a_part_away(status: pd.Series, sums: pd.DataFrame) -> pd.Series:
    """Tell for which areas low and high would give a split base area away that is hidden."""
    is_hidden = ~status.reindex(sums.index).isin([OK, MISSING]).to_numpy()
    share = sums.to_numpy()[is_hidden]
    return pd.Series(((share > 0) & (share < 1)).any(axis=0), index=sums.columns)


def periods(rows: pd.DataFrame, weights: pd.DataFrame) -> list[str]:
    """Return the periods that the base areas have figures for, newest first.

    An indicator that is known for the municipality alone gives the periods of that.

    >>> rows = pd.DataFrame({"area_code": ["A", "A"], "period": ["2020", "2022"],
    ...                      "area_vintage": "RegSO2025"})
    >>> periods(rows, pd.DataFrame({"bu-x": [1]}, index=["A"]))
    ['2022', '2020']
    """
    local = wide.local(rows, weights.index)
    return sorted(set((local if len(local) else rows)["period"]), reverse=True)


def breaks(rows: pd.DataFrame, weights: pd.DataFrame) -> dict[str, str]:
    """Return the periods from which values cannot be compared with earlier ones, and why.

    vintage: earlier figures are for another cut of the areas; noise: SCB adds noise to each cell
    from reference year 2025.

    >>> rows = pd.DataFrame({"area_code": ["A", "A"], "period": ["2023", "2024"],
    ...                      "area_vintage": ["RegSO2020", "RegSO2025"], "source": "SCB"})
    >>> breaks(rows, pd.DataFrame({"bu-x": [1]}, index=["A"]))
    {'2024': 'vintage'}
    """
    local = rows[rows["area_code"].isin(weights.index)].sort_values("period")
    first = local.drop_duplicates("area_vintage")["period"].tolist()[1:]
    found = dict.fromkeys(first, "vintage")
    return ({NOISE_FROM: "noise"} if has_noise(local).any() else {}) | found


def history(views: Sequence[View], group: str) -> pd.DataFrame:
    """Lay the values of several periods side by side: period × id, NaN where hidden or missing.

    >>> table = pd.DataFrame({"value": [0.5]}, index=["total"])
    >>> one = View("a", "2024", ("alla",), (), (), False, {"alla": table}, {})
    >>> float(history([one], "alla").at["2024", "total"])
    0.5
    """
    columns = {v.period: v.tables[group]["value"] for v in views if group in v.tables}
    return pd.DataFrame(columns).T.sort_index().rename_axis("period")
