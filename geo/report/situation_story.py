"""A Situation as a Story: the lägesbild that is read, written out, and shown on the wall."""

from __future__ import annotations

from geo.report.sections import decided, doings, ground, numbers, opening, since
from geo.report.story import Story
from geo.situation import Situation
from geo.situation.who import BASE_AREA, NETWORK
from geo.sources import DEMO_MARK

SOURCE = (
    "Lägesbild Borås. Områden: RegSO 2025, SCB (CC0). Nätverk, möten och prioriteringar: Borås "
    "Stads årsredovisning 2017 och webbsidor. Statistik: se Källor."
)
MEETING = (  # on the wall: who we are, how it is, what it is judged to be, what is decided
    *("who", "since", "standouts", "welfare", "noted", "place"),
    *("judgement", "priorities", "undecided"),
)
CERTAINTY = (
    "Hur säkert: säkert och troligt anges vid varje tal som jämförs. Dolda värden ingår aldrig. "
    "Upptagningsområdena är vår egen bedömning."
)


def story(found: Situation) -> Story:
    """Write a Situation out as sections of sentences, tables and figures.

    What is new first, then what the meeting says and decides, then what it stands on.

    >>> story.__annotations__["found"]
    'Situation'
    """
    is_network = found.who.kind == NETWORK
    sections = (
        opening.standouts(found),
        since.since(found),
        *((doings.judgement(found, found.functions),) if is_network else ()),
        decided.priorities(found),
        decided.undecided(found),
        numbers.place(found),
        ground.who(found),
        *((ground.others(found),) if found.who.kind in (NETWORK, BASE_AREA) else ()),
        numbers.welfare(found),
        numbers.indicators(found),
        doings.noted(found),
        doings.gatherings(found),
        doings.efforts(found),
        ground.known(found),
    )
    return Story(
        title=f"Lägesbild: {found.name}",
        state=state(found),
        day=f"{found.as_of:%Y-%m-%d}",
        mark=DEMO_MARK if found.demo else "",
        source=SOURCE,
        certainty=CERTAINTY,
        sections=sections,
        order=MEETING,
    )


def dated(found: Situation) -> str:
    """Say of which day the lägesbild is, and of which year its newest statistics are.

    >>> dated.__annotations__["found"]
    'Situation'
    """
    told = f" Den nyaste statistiken är från {found.newest}." if found.newest else ""
    return f"Läget {found.as_of:%Y-%m-%d}.{told}"


def state(found: Situation) -> str:
    """Say how far the lägesbild has come: not begun, a draft, or closed.

    >>> state.__annotations__["found"]
    'Situation'
    """
    if found.who.kind != NETWORK:
        return "Underlag"
    if not found.picture_id:
        rests = " (nätverket är vilande)" if found.who.is_resting else ""
        return f"Underlag inför mötet{rests}, mötets bedömning är inte skriven"
    return f"Avslutad {found.signed_date:%Y-%m-%d}" if found.is_signed else "Utkast, inte avslutad"
