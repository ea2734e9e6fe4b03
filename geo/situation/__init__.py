"""The Situation: everything that one page, one document, one wall shows of a place. Frozen.

who         the place and its ground
figures     its indicators: the city beside, the period before, the trend
standouts   what stands out, the surest and largest first
since       since last time
knowledge   what it rests on, and what is not known
deeds       meetings, efforts, plans, decisions, its place in the ranking
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import pandas as pd

from geo import judgement
from geo.facts import Facts
from geo.findings import NOT_WALKED
from geo.layout import OK
from geo.situation import deeds, knowledge
from geo.situation.deeds import Deeds, Place
from geo.situation.figures import figures
from geo.situation.knowledge import Unknown
from geo.situation.noted import Noted, noted
from geo.situation.since import Since, last_signed, since
from geo.situation.standouts import Standout, standouts
from geo.situation.who import CITY_ID as CITY_ID
from geo.situation.who import NETWORK, Who, who


@dataclass(frozen=True)
class Situation:
    """A place as of a day. See the modules for what each part holds.

    names: of every network. functions: those that take part in a network, () for another place.
    part: what the meeting has written (a draft or the signed text); signed_date: NaT for a draft or
    nothing; picture_id: "" when nothing is written. demo: what of it is made up (indicators,
    findings). issues: faults in what was read.
    """

    who: Who
    names: dict[str, str] = field(repr=False)
    functions: tuple[str, ...]
    as_of: pd.Timestamp
    since: Since
    standouts: tuple[Standout, ...]
    indicators: pd.DataFrame
    noted: Noted
    deeds: Deeds
    place: Place | None
    part: judgement.Judgement
    picture_id: str
    signed_date: pd.Timestamp
    sources: pd.DataFrame
    unknown: tuple[Unknown, ...]
    issues: pd.DataFrame
    demo: tuple[str, ...]

    @property
    def is_signed(self) -> bool:
        """Tell whether the meeting's part is closed."""
        return not pd.isna(self.signed_date)

    @property
    def newest(self) -> str:
        """The year of the newest statistics that are shown; "" without any."""
        shown = self.indicators.loc[self.indicators["status"] == OK, "period"]
        years = [str(period)[-4:] for period in shown]
        return max((year for year in years if year.isdigit()), default="")

    @property
    def is_signed_today(self) -> bool:
        """Tell whether the meeting's part was closed on the day that is told of."""
        return self.signed_date == self.as_of

    @property
    def area_id(self) -> str:
        """The id of the place."""
        return self.who.area_id

    @property
    def name(self) -> str:
        """The name of the place, as people say it."""
        return self.who.name


def situation(area_id: str, facts: Facts, as_of: pd.Timestamp | None = None) -> Situation:
    """Put together the lägesbild of a network, a base area, a layer or the city ("boras").

    facts: geo.gather.facts(). as_of: the day (today when not given); what is dated later is left
    out, but statuses are as they stand now, and statistics (with the ranking) are the newest, each
    with its period. Every number is one that may be shown: hidden values never enter. A network
    that rests, or without meetings, statistics or findings, has a Situation like any other: what is
    not known stands in unknown. Raises GeoError for an unknown id.

    >>> situation.__annotations__["area_id"]
    'str'
    """
    day = pd.Timestamp.today().normalize() if as_of is None else pd.Timestamp(as_of)
    place = who(area_id, facts)
    table = figures(place, facts)
    seen = noted(place, facts, day)
    done = deeds.deeds(place, facts, day)
    written = _written(place, facts, day)
    part = judgement.Judgement() if written is None else judgement.of_row(dict(written))
    made_up = {"indicators": bool((table["is_demo"] & (table["status"] == OK)).any())}
    made_up["findings"] = facts.field.is_demo and seen.figures["state"] != NOT_WALKED
    signed_date = pd.Timestamp("NaT" if written is None else written["signed_date"])
    shown = str(written["picture_id"]) if written is not None and signed_date == day else ""
    known = done.known | ({"judgement"} if not part.is_empty else set())
    return Situation(
        who=place,
        names=facts.work.names,
        functions=facts.work.expected(area_id) if place.kind == NETWORK else (),
        as_of=day,
        since=since(place, facts, day, table, seen.findings, shown),
        standouts=standouts(table, seen.figures),
        indicators=table,
        noted=seen,
        deeds=done,
        place=deeds.place_of(place, facts),
        part=part,
        picture_id="" if written is None else str(written["picture_id"]),
        signed_date=signed_date,
        sources=knowledge.sources(table, facts, seen, done.held),
        unknown=knowledge.unknown(place, table, seen.figures, facts, frozenset(known)),
        issues=facts.register.issues,
        demo=tuple(name for name, is_so in made_up.items() if is_so),
    )


def _written(place: Who, facts: Facts, as_of: pd.Timestamp) -> pd.Series | None:
    """Return the open draft of a network, else its newest closed lägesbild, else None."""
    pictures = facts.work.pictures.reset_index()
    is_own = (pictures["network_id"] == place.area_id) & (pictures["day"] <= as_of)
    drafts = pictures[is_own & pictures["signed_date"].isna()]
    return drafts.iloc[-1] if len(drafts) else last_signed(place, facts, as_of)


def snapshot(found: Situation) -> str:
    """Return the numbers of a Situation as JSON, for the closed lägesbild that keeps them.

    Only what is shown: a value that is hidden is not in it.

    >>> snapshot.__annotations__["found"]
    'Situation'
    """
    shown = found.indicators[found.indicators["status"] == OK]
    numbers = {
        str(name): {
            "period": row["period"],
            "value": float(row["value"]),
            "low": None if pd.isna(row["low"]) else float(row["low"]),
            "high": None if pd.isna(row["high"]) else float(row["high"]),
        }
        for name, row in shown.iterrows()
    }
    verdict = "" if found.place is None else found.place.verdict
    about = {"area_id": found.area_id, "as_of": f"{found.as_of:%Y-%m-%d}"}
    about |= {"verdict": verdict, "demo": list(found.demo)}  # type: ignore[dict-item]
    made = {str(i): str(status) for i, status in found.deeds.decisions["status"].items()}
    told = about | {"indicators": numbers, "decisions": made}
    return json.dumps(told, ensure_ascii=False, sort_keys=True)
