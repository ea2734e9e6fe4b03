"""The meeting's own part of a lägesbild: what each function sees, what all judge, focus points."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from geo import freetext

MOST_FOCUS = 3


@dataclass(frozen=True)
class Focus:
    """One thing to concentrate on, tied to a priority of Brå."""

    text: str
    priority_id: str


@dataclass(frozen=True)
class Judgement:
    """What a meeting wrote. seen: function -> what it sees; joint: what all judge together."""

    seen: Mapping[str, str] = field(default_factory=dict)
    joint: str = ""
    focus: tuple[Focus, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is written."""
        return not (any(self.seen.values()) or self.joint or self.focus)


def cleaned(judgement: Judgement) -> Judgement:
    r"""Return it as it is kept: texts without signs that nobody sees, nothing that is empty.

    >>> cleaned(Judgement({"Skola": "Lugnt\x00 ", "Polis": ""}, "", (Focus(" ", ""),)))
    Judgement(seen={'Skola': 'Lugnt'}, joint='', focus=())
    """
    seen = {name: freetext.clean(text) for name, text in judgement.seen.items()}
    focus = tuple(Focus(freetext.clean(one.text), one.priority_id) for one in judgement.focus)
    return Judgement(
        {name: text for name, text in seen.items() if text},
        freetext.clean(judgement.joint),
        tuple(one for one in focus if one.text or one.priority_id),
    )


def faults(
    judgement: Judgement, functions: Iterable[str], priority_ids: Iterable[str]
) -> list[tuple[str, str]]:
    """Return what is wrong with it: (where, Swedish sentence); nothing is changed.

    where: a function, "joint" or "focus". Told are personal data and too long texts (geo.freetext),
    an unknown function, more than three focus points, and one without text or without a priority
    of Brå.

    >>> faults(Judgement(focus=(Focus("Skolvägen", ""),)), [], ["1"])[0][1]
    'Fokuspunkt 1 saknar Brå-prioritering. Välj en.'
    """
    found = []
    known, priorities = set(functions), set(priority_ids)
    for name, text in judgement.seen.items():
        found += [(name, sentence) for sentence in freetext.check(text)]
        if name not in known:
            found.append((name, f"Funktionen {name} hör inte till nätverket. Ta bort texten."))
    found += [("joint", sentence) for sentence in freetext.check(judgement.joint)]
    if len(judgement.focus) > MOST_FOCUS:
        n = len(judgement.focus)
        found.append(("focus", f"Högst {MOST_FOCUS} fokuspunkter, här är {n}. Välj de viktigaste."))
    for number, one in enumerate(judgement.focus, 1):
        found += [("focus", sentence) for sentence in _focus_faults(one, number, priorities)]
    return found


def _focus_faults(one: Focus, number: int, priority_ids: set[str]) -> list[str]:
    found = freetext.check(one.text)
    if not freetext.clean(one.text):
        found.append(f"Fokuspunkt {number} saknar text. Skriv vad ni vill lägga kraft på.")
    if not one.priority_id:
        found.append(f"Fokuspunkt {number} saknar Brå-prioritering. Välj en.")
    elif one.priority_id not in priority_ids:
        found.append(f"Fokuspunkt {number}: prioriteringen finns inte. Välj en annan.")
    return found


def cells(judgement: Judgement) -> dict[str, str]:
    """Return it as the store keeps it: three texts, what is a list or a table as JSON.

    >>> cells(Judgement({"Skola": "Lugnt"}, "Bra"))
    {'seen': '{"Skola": "Lugnt"}', 'joint': 'Bra', 'focus': ''}
    """
    focus = [[one.text, one.priority_id] for one in judgement.focus]
    seen = dict(judgement.seen)
    return {
        "seen": json.dumps(seen, ensure_ascii=False) if seen else "",
        "joint": judgement.joint,
        "focus": json.dumps(focus, ensure_ascii=False) if focus else "",
    }


def of_row(row: Mapping[Any, Any]) -> Judgement:
    """Return what a kept row holds: seen, joint and focus as cells writes them.

    >>> of_row(cells(Judgement({"Skola": "Lugnt"}, "Bra", (Focus("Skolvägen", "1"),)))).focus
    (Focus(text='Skolvägen', priority_id='1'),)
    """
    focus = json.loads(row["focus"]) if row["focus"] else []
    seen = json.loads(row["seen"]) if row["seen"] else {}
    return Judgement(seen, str(row["joint"]), tuple(Focus(*one) for one in focus))
