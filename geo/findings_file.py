"""Checks findings and walks from somebody's file: what is kept, and what is told of the rest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from geo import chain, crs, kinds, row_texts
from geo.errors import Issues

SAME_PLACE_M = 5.0
MANY_PARTICIPANTS = 20  # the method: at most about so many
MAX_ROUTE = 1_000_000
OTHER = "ovrigt"
_GOOD = "positivt"  # a category in other cities: what is good, whatever it is about
_KINDS = {
    **dict.fromkeys(("brist", "fel", "problem", "negativt"), chain.BRIST),
    **dict.fromkeys(("bra", "bra, bevara", "bevara", "styrka", _GOOD), chain.BRA),
}
_LINE = re.compile(r"(?:MULTI)?LINESTRING(?: ?Z)? ?\([-+0-9.,eE() \n]+\)")
_SAID = ("walk_id", "observed_date", "kind", "category", "description")
_AROUND = [(east, north) for east in (-1, 0, 1) for north in (-1, 0, 1)]


def check(
    raw: pd.DataFrame,
    issues: Issues,
    *,
    today: pd.Timestamp,
    categories: Mapping[str, str] | Iterable[str] | None = None,
    owners: Iterable[str] | None = None,
    base_areas: gpd.GeoDataFrame | None = None,
) -> pd.DataFrame:
    """Check the findings of a file: the rows that hold, typed, and everything told of the others.

    raw: text cells under the names of kinds.FINDINGS, index = line. today: no finding is later.
    categories: names and their codes, or codes; owners: organisations; base_areas: polygons in
    EPSG:3006, index base_area_id. What is not given is not checked. Returns the columns of
    kinds.FINDINGS, index = line, texts cleaned, status as in chain.STATUSES.

    Errors (the row stays out): what the schema tells; personal data or too long a text, whose value
    is not told; an unknown status or category; a status without what comes before it; a date in
    the future or in the wrong order; coordinates that are not in Sweden in SWEREF 99 TM, or half
    of them; no place at all; an unknown base area. Warnings (the row is kept): outside every base
    area (a point on a border is inside), an owner that is not in the register, and what looks like
    the finding of an earlier row: all the same, within 5 metres of it.

    >>> row = dict(finding_id="f1", walk_id="", observed_date="2026-02-01", kind="Brist",
    ...            category="belysning", status="Noterad", x="377000", y="6400000")
    >>> rows = pd.DataFrame([row, row | {"finding_id": "f2", "x": "12.9"}], index=[2, 3])
    >>> issues = Issues("findings")
    >>> check(rows, issues, today=pd.Timestamp("2026-03-01"))["status"].to_dict()
    {2: 'noted'}
    >>> [(issue["row"], issue["column"]) for issue in issues.rows]
    [(3, 'x')]
    """
    table = row_texts.kept(raw, kinds.FINDINGS, issues)
    table["status"] = _statuses(table, issues)
    _translate_kinds(table, categories, issues)
    frame = row_texts.typed(table, kinds.FINDINGS, issues)
    if frame.empty:
        return frame
    _tell_chain(frame, today, issues)
    if owners is not None:
        frame["owner"] = _owners(frame["owner"], owners, issues)
    _tell_places(frame, base_areas, issues)
    frame = row_texts.without_errors(frame, issues)
    _tell_similar(frame, issues)
    return frame


def check_walks(
    raw: pd.DataFrame, issues: Issues, *, networks: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Check the walks of a file: the rows that hold, typed, and everything told of the others.

    raw: text cells under the names of kinds.WALKS, index = line. networks: index network_id; when
    given, another network is an error. Errors besides the schema's: personal data or too long a
    text, an end before the start, and a route that is no LINESTRING or MULTILINESTRING of SWEREF 99
    TM in Sweden. More than 20 participants is a warning. Returns the columns of kinds.WALKS.

    >>> rows = pd.DataFrame({"walk_id": ["v1"], "date": ["2026-03-01"], "place": ["Norrby"],
    ...     "network_id": ["on-norrby"], "start_time": ["20:00"], "end_time": ["18:30"]}, index=[2])
    >>> issues = Issues("walks")
    >>> len(check_walks(rows, issues)), issues.rows[0]["message"]
    (0, 'Slutet (18:30) ligger före början (20:00). Rätta klockslagen.')
    """
    frame = row_texts.typed(row_texts.kept(raw, kinds.WALKS, issues), kinds.WALKS, issues)
    if frame.empty:
        return frame
    row_texts.tell_early_ends(frame, issues)
    faults = frame["route"].map(_route_fault)
    row_texts.tell(issues.error, frame.loc[faults != "", "route"], faults, "geometry", value="")
    n = pd.to_numeric(frame["n_participants"], errors="coerce")
    many = f"Fler än {MANY_PARTICIPANTS} deltagare: svårt att höra alla. Dela gruppen nästa gång."
    row_texts.tell(
        issues.warning, frame.loc[n > MANY_PARTICIPANTS, "n_participants"], many, "method"
    )
    if networks is not None:
        strange = (frame["network_id"] != "") & ~frame["network_id"].isin(networks.index)
        unknown = "Nätverket finns inte i registret. Rätta network_id, eller lämna cellen tom."
        row_texts.tell(issues.error, frame.loc[strange, "network_id"], unknown, "unknown")
    return row_texts.without_errors(frame, issues)


def _route_fault(text: str) -> str:
    """Say why a route is none. It is looked at before it is parsed: nested WKT crashes GEOS."""
    if not text:
        return ""
    no_line = "Vägen är ingen linje. Läs in en GPX-fil, eller skriv LINESTRING i SWEREF 99 TM."
    if len(text) > MAX_ROUTE or not _LINE.fullmatch(text):
        return no_line
    try:
        wrong = crs.mismatch(shapely.from_wkt(text).bounds, CRS(crs.METRIC))
    except shapely.errors.GEOSException:
        return no_line
    return f"Vägen: {wrong}" if wrong else ""


def _statuses(table: pd.DataFrame, issues: Issues) -> pd.Series:
    if "status" not in table:
        return pd.Series(chain.NOTED, index=table.index, dtype=object)
    cells = table["status"]
    meant = cells.str.casefold().map(chain.MEANS).astype(object)
    text = f"Okänd status. Skriv något av: {', '.join(chain.NAMES.values())}."
    row_texts.tell(issues.error, cells[meant.isna() & (cells != row_texts.HIDDEN)], text, "status")
    return meant.fillna(chain.NOTED)


def _translate_kinds(
    table: pd.DataFrame, categories: Mapping[str, str] | Iterable[str] | None, issues: Issues
) -> None:
    """Write kind and category as their codes; what others call positive is good, of any kind."""
    if not {"kind", "category"} <= set(table):
        return
    kind, category = table["kind"].str.casefold(), table["category"].str.casefold()
    good = category == _GOOD
    table["kind"] = kind.map(_KINDS).astype(object).fillna(kind).mask(good, chain.BRA)
    if categories is not None:
        named = categories if isinstance(categories, Mapping) else {c: c for c in categories}
        codes = {code.casefold(): code for code in named.values()}
        codes |= {name.casefold(): code for name, code in named.items()}
        strange = ~category.isin([*codes, _GOOD, "", row_texts.HIDDEN])
        text = f"Okänd kategori. Skriv något av: {', '.join(dict.fromkeys(codes.values()))}."
        row_texts.tell(issues.error, table.loc[strange, "category"], text, "category")
        category = category.map(codes).astype(object).fillna(category)
    table["category"] = category.mask(good, OTHER)


def _tell_chain(frame: pd.DataFrame, today: pd.Timestamp, issues: Issues) -> None:
    """Tell the faults of status and dates; rows that are alike in them are looked at once."""
    names = ("status", "kind", "owner", "answer", *chain.DATES)
    facts = frame[list(names)].assign(owner=frame["owner"] != "", answer=frame["answer"] != "")
    seen: dict[tuple[Any, ...], list[tuple[str, str]]] = {}
    for line, *row in facts.itertuples(name=None):
        key = tuple(row)
        if key not in seen:
            seen[key] = chain.faults(dict(zip(names, key, strict=True)), today)
        for column, sentence in seen[key]:
            cell = str(frame.at[line, column]).replace("NaT", "").removesuffix(" 00:00:00")
            issues.error(sentence, row=line, column=column, kind="chain", value=cell)


def _owners(cells: pd.Series, owners: Iterable[str], issues: Issues) -> pd.Series:
    """Write owners as the register does; another may be somebody's name and is not told again."""
    known = {owner.casefold(): owner for owner in owners}
    meant = cells.str.casefold().map(known).astype(object)
    text = (
        "Ansvarig finns inte i registret. Skriv en organisation, aldrig en person, eller lägg till "
        "organisationen i registret."
    )
    strange = cells[meant.isna() & ~cells.isin(["", row_texts.HIDDEN])]
    row_texts.tell(issues.warning, strange, text, "unknown", "")
    return meant.fillna(cells)


def _tell_places(frame: pd.DataFrame, base_areas: gpd.GeoDataFrame | None, issues: Issues) -> None:
    has_x, has_y = frame["x"].notna(), frame["y"].notna()
    named = (frame["place"] != "") | (frame["base_area_id"] != "")
    text = "Läge saknas: varken koordinater eller plats. Skriv x och y, eller platsens namn."
    row_texts.tell(issues.error, frame.loc[~has_x & ~has_y & ~named, "x"], text, "place", "")
    for name, lacks in (("x", ~has_x & has_y), ("y", has_x & ~has_y)):
        text = f"{name} saknas fast den andra koordinaten finns. Skriv båda, eller ingen."
        row_texts.tell(issues.error, frame.loc[lacks, name], text, "place", "")
    where = frame.loc[has_x & has_y, ["x", "y"]].to_numpy(dtype=float)
    told = frame.loc[has_x & has_y, "x"].astype(object)
    told[:] = [f"{x:.12g}, {y:.12g}" for x, y in where]
    wrong = pd.Series(_misplaced(where), told.index, dtype=object)
    row_texts.tell(issues.error, told[wrong != ""], wrong, "crs")
    if base_areas is None:
        return
    crs.require_metric(base_areas, "base_areas")
    inside, _ = base_areas.sindex.query(shapely.points(where), predicate="intersects")
    outside = (wrong == "") & ~np.isin(np.arange(len(where)), inside)
    text = "Punkten är utanför alla basområden och räknas inte till något. Kontrollera läget."
    row_texts.tell(issues.warning, told[outside], text, "outside")
    strange = (frame["base_area_id"] != "") & ~frame["base_area_id"].isin(base_areas.index)
    text = "Basområdet finns inte i registret. Rätta id:t, eller lämna cellen tom."
    row_texts.tell(issues.error, frame.loc[strange, "base_area_id"], text, "unknown")


def _misplaced(where: np.ndarray[Any, Any]) -> list[str]:
    """Say why each point is not in Sweden in EPSG:3006; the sentence depends on crs.guess alone."""
    seen: dict[str, str] = {}
    looks = [crs.guess((x, y, x, y)) for x, y in where]
    for look, (x, y) in zip(looks, where, strict=True):
        if look not in seen:
            seen[look] = crs.mismatch((x, y, x, y), CRS(crs.METRIC)) or ""
    return [seen[look] for look in looks]


def _tell_similar(frame: pd.DataFrame, issues: Issues) -> None:
    """Warn of each finding that says what an earlier one says, at the same place."""
    again = frame[frame.duplicated(list(_SAID), keep=False)]
    named = again[["place", "base_area_id"]].where(again["x"].isna(), "")
    keys = again[list(_SAID)].join(named).itertuples(index=False, name=None)
    points = again[["x", "y"]].fillna(0).itertuples(name=None)
    first: dict[Any, list[tuple[int, float, float]]] = {}
    said: dict[int, str] = {}
    for key, (line, x, y) in zip(keys, points, strict=True):
        east, north = int(x // SAME_PLACE_M), int(y // SAME_PLACE_M)
        around = [first.get((key, east + a, north + b), []) for a, b in _AROUND]
        near = [n for rows in around for n, p, q in rows if np.hypot(p - x, q - y) <= SAME_PLACE_M]
        if near:
            said[line] = (
                f"Liknar rad {min(near)}: samma vandring, dag, slag, kategori, text och plats. Ta "
                "bort den ena om det är samma fynd."
            )
        else:
            first.setdefault((key, east, north), []).append((line, x, y))
    cells = frame.loc[list(said), "description"]
    row_texts.tell(issues.warning, cells, pd.Series(said, dtype=object), "similar", "")
