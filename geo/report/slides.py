"""A Story as slides: what is shown, and what each slide has room for by the length of its texts.

PowerPoint and the wall part long texts in the same way, each with its own measures; tables are
parted for PowerPoint alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import zip_longest
from math import ceil
from textwrap import wrap
from typing import NamedTuple, TypeVar

import pandas as pd

from geo.report.story import Chart, Section, Story
from geo.report.story_pdf import GAP
from geo.report.typeset import shown

Item = TypeVar("Item")
Row = tuple[str, ...]
CLOSING = "Så säkert är det"
NO_BARS = "Det finns inga värden att visa."
NO_ROWS = "Det finns inga rader att visa."
MOST_HEADING = 100  # signs of a heading or caption; the whole of a longer one stands in the text
NO_XML = dict.fromkeys([*range(9), 11, 12, *range(14, 32), *range(127, 160), 0xFFFE, 0xFFFF])
NO_XML |= dict.fromkeys(map(ord, "\t\n\r"), " ")


class Line(NamedTuple):
    """One paragraph of a slide. kind: text, point or gap."""

    kind: str
    text: str


def presented(story: Story, figures: bool = False) -> list[Section]:
    """Return the sections that are shown, and last one of certainty, source and their notes.

    In story.order; those that it does not name come after, as they stand.

    figures: also those that are not on_wall but hold a chart, a picture, or what is to be filled
    in; their tables are for paper.

    >>> one = Section("a", "A", notes=("n",), on_wall=True)
    >>> [each.texts for each in presented(Story("", "", "", "", "k", "c", (one,)))]
    [(), ('c', 'k', 'n')]
    """
    held = [
        section for section in story.sections if section.on_wall or (figures and _holds(section))
    ]
    place = {key: number for number, key in enumerate(story.order)}
    held.sort(key=lambda one: place.get(one.key, len(place)))
    notes = [note for section in held for note in section.notes]
    ends = tuple(text for text in dict.fromkeys((story.certainty, story.source, *notes)) if text)
    return [*held, Section("closing", CLOSING, ends)] if ends else held


def _holds(section: Section) -> bool:
    return any((section.charts, section.pictures, section.gaps))


def of_day(story: Story) -> str:
    """Return of which day a story is, as it is said; "" when it has none.

    >>> of_day(Story("", "", "2026-11-28", "", "", "", ()))
    'Läget 2026-11-28'
    """
    return f"Läget {story.day}" if story.day else ""


def plain(text: str) -> str:
    """Return a text on one line, without the signs that neither XML nor HTML can hold.

    >>> plain(" a\\x00b\\nc\\u2009d ")
    'ab c\\u2009d'
    """
    return " ".join(filter(None, shown(text).translate(NO_XML).split(" ")))


def short(text: str, most: int = MOST_HEADING) -> str:
    """Return a text, of at most so many signs: a longer one ends with three dots.

    >>> short("Norrby", 4), short("Boda", 4)
    ('Nor…', 'Boda')
    """
    text = plain(text)
    return text if len(text) <= most else f"{text[: most - 1]}…"


def pieces(text: str, most: int) -> list[str]:
    """Part a text after a sentence, else between words, else anywhere: none is longer than most.

    >>> pieces("Ett. Två tre fyra", 10)
    ['Ett.', 'Två tre', 'fyra']
    """
    parts = []
    while len(text) > most:
        window = text[: most + 1]
        sentence = max(window.rfind(f"{end} ") + 1 for end in ".!?")
        cut = next((at for at in (sentence, window.rfind(" ")) if at > most // 3), most)
        parts.append(text[:cut].rstrip(" "))
        text = text[cut:].lstrip(" ")
    return [*parts, text] if text else parts


def filled(items: Iterable[Item], size: Callable[[Item], float], room: float) -> list[list[Item]]:
    """Put items in order on as many slides as it takes; one that is too large stands alone.

    >>> filled([2, 2, 9, 1], lambda item: item, 4)
    [[2, 2], [9], [1]]
    """
    groups: list[list[Item]] = []
    left = 0.0
    for item in items:
        if not groups or size(item) > left + 1e-9:
            groups.append([])
            left = room
        groups[-1].append(item)
        left -= size(item)
    return groups


def lines(section: Section, most: int) -> tuple[list[Line], list[Line]]:
    """Return the paragraphs before the figures of a section, and those after, in pieces.

    Without figures all stand before. Headings and captions that are cut stand whole among them.

    >>> lines(Section("a", "A", ("t",), ("p",), gaps=("g",)), 20)[0][-1]
    Line(kind='gap', text='Att fylla i: g')
    """
    heads = [picture.caption for picture in section.pictures]
    heads += [chart.title for chart in section.charts]
    heads += [table.caption for table in section.tables]
    cut = [head for head in (section.heading, *heads) if len(plain(head)) > MOST_HEADING]
    kinds = (("text", cut), ("text", section.texts), ("point", section.points))
    before = [Line(kind, part) for kind, texts in kinds for part in _parts(texts, most)]
    after = [Line("gap", part) for part in _parts([GAP + gap for gap in section.gaps], most)]
    return (before, after) if heads else (before + after, [])


def scale(chart: Chart) -> float:
    """Return where the bars of a chart end: the next whole ten per cent, at least ten.

    >>> from geo.report.story import Bar
    >>> scale(Chart("", "", "", "", (Bar("a", 0.62, None),)))
    0.7
    """
    values = [value for bar in chart.bars for value in (bar.value, bar.against)]
    return max([1, *(ceil(round(10 * value, 6)) for value in values if not pd.isna(value))]) / 10


def row_lines(row: Row, signs: Sequence[int]) -> float:
    """Return the height of a row in lines, with the half line between it and the next.

    >>> row_lines(("a", "d e f"), (3, 3))
    2.5
    """
    cells = zip(row, signs, strict=True)
    return 0.5 + max([1, *(len(wrap(cell, width)) for cell, width in cells)])


def parted(
    head: Row, rows: Iterable[Row], signs: Sequence[int], room: float, most: int
) -> list[list[Row]]:
    """Part the rows of a table over slides with room for so many lines, its head on each of them.

    signs: how many stand on a line of each column; between rows is half a line. most: rows on a
    slide. A row that no slide has room for becomes many. The last slide has two rows or more, if
    they have room there.

    >>> parted(("", ""), [("a", "b"), ("c", "d e f")], (3, 3), 5, 6)
    [[('a', 'b')], [('c', 'd e f')]]
    """
    left = max(room - row_lines(head, signs), 2.0)
    limits = [max(1, int(width * (left - 0.5) * 0.7)) for width in signs]
    whole = [part for row in rows for part in cut(row, limits)]

    def tall(row: Row) -> float:
        return max(row_lines(row, signs), left / most)

    groups = filled(whole, tall, left)
    if len(groups) > 1 and len(groups[-1]) == 1 and len(groups[-2]) > 2:
        both = [groups[-2][-1], groups[-1][0]]
        if sum(map(tall, both)) <= left:
            groups[-2:] = [groups[-2][:-1], both]
    return groups


def cut(row: Row, limits: Sequence[int]) -> Iterable[Row]:
    """Part a row whose cells have more signs than their limit: what is over stands in the next.

    >>> list(cut(("a b", "c"), (1, 1)))
    [('a', 'c'), ('b', '')]
    """
    cells = [pieces(cell, most) or [""] for cell, most in zip(row, limits, strict=True)]
    return zip_longest(*cells, fillvalue="")


def _parts(texts: Iterable[str], most: int) -> list[str]:
    """Part texts into paragraphs, of which each line that was written is one."""
    written = (line for text in texts for line in text.splitlines())
    return [part for line in written for part in pieces(plain(line), most)]
