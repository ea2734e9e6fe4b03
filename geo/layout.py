"""Everything that is shown together, laid out as sums of numbers that nobody sees apart.

The numbers are people by base area and part of a group; the sums are base areas, areas and the
city, for each group. geo.disclosure decides with it what to hide, geo.audit what that gives away.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

TOTAL = "total"
WHOLE = "alla"  # the group that the other groups are parts of
OK, MISSING, SMALL, SECONDARY = "ok", "missing", "suppressed", "suppressed_secondary"
BY_SOURCE = "hidden_by_source"  # nobody here knows it: as missing, but said otherwise
AREA_COST, TOTAL_COST, WHOLE_COST = 10.0, 1000.0, 3.0


@dataclass(frozen=True)
class Layout:
    """How every publishable sum is made of numbers that nobody sees apart: rows × numbers."""

    ids: pd.Index
    groups: tuple[str, ...]
    sums: pd.DataFrame  # base area × id: shares 0–1
    parts: np.ndarray  # group × part
    rows: np.ndarray  # (group, id) × (part, base area)
    is_known: pd.DataFrame  # base area × group

    @classmethod
    def of(
        cls, counts: pd.DataFrame, numerators: pd.DataFrame | None, weights: pd.DataFrame
    ) -> Layout:
        """Lay out base areas, areas and the total for each group and its parts."""
        base = weights.index.append(counts.index.difference(weights.index, sort=False))
        is_known = counts.reindex(base).notna()
        if numerators is not None:
            is_known &= numerators.reindex(base)[counts.columns].notna()
        made, is_whole = cls.known(is_known, weights), is_known.all(axis=1).to_numpy()
        left = made.truth(counts)[made.rest]
        return made if left[is_whole[: len(left)]].any() else made.without_rest()

    @classmethod
    def known(cls, is_known: pd.DataFrame, weights: pd.DataFrame) -> Layout:
        """Lay out what is known: base_area_id × group of true and false."""
        base = is_known.index
        own = pd.DataFrame(np.eye(len(base)), base, base)
        areas = weights.reindex(base).fillna(0.0)
        sums = pd.concat([own, areas, pd.DataFrame({TOTAL: 1.0}, base)], axis=1)
        groups = tuple(str(name) for name in is_known.columns)
        parts = _parts(groups)
        known = is_known.to_numpy(dtype=float)
        rows = np.einsum("gp,bi,bg->gipb", parts, sums.to_numpy(dtype=float), known)
        flat = rows.reshape(len(groups) * sums.shape[1], -1)
        return cls(pd.Index(sums.columns, name="id"), groups, sums, parts, flat, is_known)

    @property
    def rest(self) -> np.ndarray:
        """Tell which numbers are people of "alla" who are in none of the other groups."""
        has_rest = WHOLE in self.groups and len(self.groups) > 1
        return np.repeat([False] * (self.parts.shape[1] - 1) + [has_rest], len(self.is_known))

    def rest_sums(self) -> np.ndarray:
        """Return the sums of those people, by id: nobody shows them, but a difference would."""
        if not self.rest.any():
            return np.zeros((0, self.rows.shape[1]))
        at, size = self.groups.index(WHOLE), len(self.ids)
        sums = np.where(self.rest, self.rows[at * size : (at + 1) * size], 0.0)
        return sums[sums.any(axis=1)]

    def is_gap(self, sums: np.ndarray) -> np.ndarray:
        """Tell which of those sums hold a group that the source does not give."""
        gaps = np.tile(~self.is_known.all(axis=1).to_numpy(), self.parts.shape[1])
        found: np.ndarray = (sums[:, gaps] != 0).any(axis=1)
        return found

    def without_rest(self) -> Layout:
        """Return the same where the other groups together are all of "alla".

        Where one of them is not known, what is left of "alla" is that one, and stays.
        """
        is_whole = np.tile(self.is_known.all(axis=1).to_numpy(), self.parts.shape[1])
        return replace(self, rows=np.where(self.rest & is_whole, 0.0, self.rows))

    def truth(self, table: pd.DataFrame) -> np.ndarray:
        """Return the numbers themselves: each part, and of the whole what no part holds."""
        numbers = table.reindex(self.is_known.index)[list(self.groups)].where(self.is_known, 0.0)
        columns = [numbers[name] for name in self.groups if name != WHOLE]
        if WHOLE in self.groups:
            columns.append(numbers[WHOLE] - sum(columns, start=0.0))
        return np.concatenate([column.to_numpy(dtype=float) for column in columns]).clip(min=0.0)

    def tables(self, made: dict[str, np.ndarray]) -> dict[str, pd.DataFrame]:
        """Return one table for each group out of values for every (group, id)."""
        size = len(self.ids)
        return {
            name: pd.DataFrame(
                {key: values[at * size : (at + 1) * size] for key, values in made.items()}, self.ids
            )
            for at, name in enumerate(self.groups)
        }

    def cost(self, value: np.ndarray) -> np.ndarray:
        """Return what hiding costs: networks more than base areas, the city and "alla" most."""
        n_base = len(self.is_known)
        by_id = np.full(len(self.ids), AREA_COST)
        by_id[:n_base], by_id[-1] = 1.0, TOTAL_COST
        by_group = [
            WHOLE_COST if name == WHOLE and len(self.groups) > 1 else 1.0 for name in self.groups
        ]
        size = 1 + np.log1p(np.nan_to_num(value)) / 10
        cost: np.ndarray = np.kron(by_group, by_id) * size
        return cost


def _parts(groups: tuple[str, ...]) -> np.ndarray:
    """Return which parts make up each group: group × part; the last part is the rest."""
    others = [name for name in groups if name != WHOLE]
    n = len(others) + (WHOLE in groups)
    return np.array([np.ones(n) if g == WHOLE else np.eye(n)[others.index(g)] for g in groups])
