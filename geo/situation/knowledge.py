"""What a picture rests on, and what it does not: sources used, and what is not known."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from geo.facts import Facts
from geo.findings import NOT_KNOWN, NOT_WALKED
from geo.layout import BY_SOURCE, MISSING, OK, SECONDARY, SMALL
from geo.situation.noted import Noted
from geo.situation.who import CITY, Who
from geo.sources import SYNTHETIC

# What is not known here whatever the place, for no such source is part of the product.
CRIME, POLICE, SCHOOL, HOMES = ALWAYS = ("crime", "police", "school", "homes")
MADE_UP, HIDDEN, NO_VALUE, COARSE = "made_up", "hidden", "no_value", "coarse"
UNWALKED, UNTOLD, NO_MEETINGS, NO_PRESENT, NO_PLAN, NO_JUDGEMENT = (
    *("unwalked", "untold", "no_meetings", "no_present", "no_plan"),
    "no_judgement",
)
SPLIT = "split"


@dataclass(frozen=True)
class Unknown:
    """Something that is not known: kind (as the names above), and what it concerns, by name."""

    kind: str
    names: tuple[str, ...] = ()


def sources(figures: pd.DataFrame, facts: Facts, noted: Noted, held: pd.DataFrame) -> pd.DataFrame:
    """List the sources that were used: what (indicators, walks, findings, …), source, period, n.

    figures: of geo.situation.figures; held: the meetings that have been. A row per source of
    statistics, with the periods and how many indicators it gives; then walks, findings and meetings
    of the place (n, and until when), and the rows of the catchments. is_demo: made up.

    >>> sources.__annotations__["noted"]
    'Noted'
    """
    shown = figures[figures["status"] == OK]
    rows = []
    for source, group in shown.groupby("source", sort=False):
        periods = sorted({str(p) for p in group["period"]})
        span = periods[0] if len(periods) == 1 else f"{periods[0]}–{periods[-1]}"
        is_demo = str(source) == SYNTHETIC
        rows.append(("indicators", str(source), span, len(group), is_demo))
    walks, findings = noted.walks["date"], noted.findings["observed_date"]
    if len(walks) or len(findings):
        is_demo = facts.field.is_demo
        rows.append(("walks", "", _until(walks), len(walks), is_demo))
        rows.append(("findings", "", _until(findings), len(findings), is_demo))
    rows.append(("meetings", "", _until(held["date"]), len(held), False))
    rows.append(("catchments", "", "", len(facts.register.memberships), False))
    return pd.DataFrame(rows, columns=["what", "source", "period", "n", "is_demo"])


def _until(days: pd.Series) -> str:
    return f"–{days.max():%Y-%m-%d}" if len(days) else ""


def unknown(
    place: Who,
    figures: pd.DataFrame,
    noted: pd.Series | None,
    facts: Facts,
    known: frozenset[str],
) -> tuple[Unknown, ...]:
    """Return what is not known of a place, what is nearest first.

    noted: its row of geo.findings.summary. known: of meetings, present, plan, judgement, what there
    is. Hidden values and missing ones are told apart; coarse: known for the municipality alone.

    >>> unknown.__annotations__["known"]
    'frozenset[str]'
    """
    names, status = figures["name"].astype(str), figures["status"]
    is_coarse = (figures["level"] == "municipality") & (place.kind != CITY)
    groups = {
        MADE_UP: figures["is_demo"] & (status == OK),
        HIDDEN: status.isin([SMALL, SECONDARY, BY_SOURCE]),
        NO_VALUE: (status == MISSING) & ~is_coarse,
        COARSE: is_coarse,
    }
    found = [Unknown(kind, tuple(names[mask])) for kind, mask in groups.items() if mask.any()]
    if noted is not None and noted["state"] == NOT_WALKED:
        found.append(Unknown(UNWALKED))
    if noted is not None and noted["state"] == NOT_KNOWN:
        found.append(Unknown(UNTOLD))
    parts = place.base_areas[place.base_areas["extent"] == "part"]
    if len(parts):
        found.append(Unknown(SPLIT, tuple(parts["name"].astype(str))))
    lacking = {"meetings": NO_MEETINGS, "present": NO_PRESENT, "plan": NO_PLAN}
    lacking |= {"judgement": NO_JUDGEMENT}
    found += [Unknown(kind) for name, kind in lacking.items() if name not in known]
    return (*found, *map(Unknown, ALWAYS))
