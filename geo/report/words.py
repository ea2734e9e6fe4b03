"""Numbers, shares and lists as they are written in Swedish: one way for screen and paper."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from geo import collaboration, meetings

MISSING = "uppgift saknas"
OUTCOME = {
    meetings.MET: "uppfyllt",
    meetings.BEHIND: "under riktlinjen",
    meetings.RESTING: "vilande",
    meetings.NO_GUIDELINE: "ingen riktlinje",
}
TERM = {"VT": "vårterminen", "HT": "höstterminen"}
PLAN = {
    collaboration.WITH_FOCUS: "plan med fokusområden",
    collaboration.NO_FOCUS: "plan utan fokusområden",
    collaboration.ENDED: "planen har gått ut",
    collaboration.NO_PLAN: "ingen registrerad",
}
GROUP = {
    "alla": "Alla",
    "flickor": "Flickor",
    "pojkar": "Pojkar",
    "kvinnor": "Kvinnor",
    "män": "Män",
}


def number(value: float, decimals: int = 0) -> str:
    """Write a number the Swedish way: thin space for thousands, decimal comma.

    >>> number(9380), number(972.149, 2)
    ('9\\u202f380', '972,15')
    """
    if value is None or math.isnan(value):
        return MISSING
    return f"{value:,.{decimals}f}".replace(",", "\u202f").replace(".", ",")


def percent(share: float, decimals: int = 0) -> str:
    """Write a share 0–1 as per cent; what is not known is said.

    >>> percent(0.9246), percent(float("nan"))
    ('92\\xa0%', 'uppgift saknas')
    """
    text = number(share * 100, decimals)
    return text if text == MISSING else f"{text}\u00a0%"


def group(name: str) -> str:
    """Write a group as people say it: 10–16 år, 65 år och äldre, Kvinnor.

    >>> group("10-16"), group("65-"), group("alla")
    ('10–16 år', '65 år och äldre', 'Alla')
    """
    low, dash, high = name.partition("-")
    if dash and low.isdigit() and (high.isdigit() or not high):
        return f"{low}–{high} år" if high else f"{low} år och äldre"
    return GROUP.get(name, name)


def span(low: str, high: str) -> str:
    r"""Write two values of one unit as a range: the unit stands once.

    >>> span("74\xa0%", "87\xa0%"), span("3", "9")
    ('74–87\xa0%', '3–9')
    """
    return f"{low.split(chr(160))[0]}–{high}"


def between(low: int, high: int, one: str, many: str) -> str:
    """Write a count that may be uncertain: 1 nätverk, 1–2 nätverk.

    >>> between(1, 1, "nätverk", "nätverk"), between(1, 2, "nätverk", "nätverk")
    ('1 nätverk', '1–2 nätverk')
    """
    word = one if high == 1 else many
    return f"{low} {word}" if low == high else f"{low}–{high} {word}"


def counted(count: int, one: str, many: str) -> str:
    """Write a count with its word: 1 rad, 2 rader.

    >>> counted(1, "rad", "rader"), counted(2, "rad", "rader")
    ('1 rad', '2 rader')
    """
    return f"{number(count)} {one if count == 1 else many}"


def listed(names: Sequence[str], word: str = "och") -> str:
    """Join names as in a sentence.

    >>> listed(["a", "b", "c"]), listed(["a"])
    ('a, b och c', 'a')
    """
    names = list(names)
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {word} {names[-1]}"


def first_upper(text: str) -> str:
    """Begin a sentence with a capital without touching the rest.

    >>> first_upper("ingen SFI")
    'Ingen SFI'
    """
    return text[:1].upper() + text[1:]


def named(text: str, names: Mapping[str, str]) -> str:
    """Write a text with the names of networks where it has their ids.

    >>> named("samma dagar som on-norrby", {"on-norrby": "Områdesnätverk Norrby"})
    'samma dagar som Områdesnätverk Norrby'
    """
    for network_id, name in names.items():
        text = re.sub(rf"\b{re.escape(network_id)}\b", name, text)
    return text
