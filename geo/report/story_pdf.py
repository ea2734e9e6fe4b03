"""A Story as a tagged PDF: what is read on paper, sent, and kept."""

from __future__ import annotations

import shutil
from dataclasses import replace
from hashlib import sha256
from itertools import accumulate
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from geo.report.story import Bar, Chart, Picture, Section, Story, Table, led
from geo.report.typeset import shown, typeset

HALF = 5  # tenths: a chart that goes above it ends at 100 per cent
TEMPLATE = Path(__file__).with_name("story.typ")
OWNER = "Borås Stad"
NAMELESS = "Underlag utan rubrik"
GAP = "Att fylla i: "
WIDE, WORD, ROOM = 40, 20, 4  # signs: the most a column asks for; for one word; around it


def pdf(story: Story) -> bytes:
    """Write the story as a tagged PDF (PDF/UA-1, Swedish, A4 portrait); the same for the same.

    Every text stands as it is, without what a PDF cannot hold (see typeset.shown). Raises
    typst.TypstError when a picture is no PNG.

    >>> pdf(Story("Norrby", "Utkast", "2026-11-28", "", "", "", ()))[:5]
    b'%PDF-'
    """
    with TemporaryDirectory() as folder:  # typst reads pictures beside the template alone
        template = Path(shutil.copy(TEMPLATE, folder))
        for picture in (picture for section in story.sections for picture in section.pictures):
            template.with_name(_file(picture)).write_bytes(picture.png)
        return bytes(typeset(template, _said(story)))


def percent(value: float | None) -> str:
    """Return a share as it is read beside its bar; None and NaN are not shown, and not 0.

    >>> percent(0.625), percent(None)
    ('62\\xa0%', 'visas inte')
    """
    return "visas inte" if pd.isna(value) else f"{value:.0%}".replace("%", "\u00a0%")


def shares(table: Table) -> tuple[float, ...]:
    """Return each column's share of the table's width, from the longest text in it; sum 1.

    A column with long texts gets room for them up to a limit, and always for an ordinary word.

    >>> shares(Table("", ("Område", "Antal"), (("Norrby och Hässleholmen", "7"),)))
    (0.75, 0.25)
    """
    columns = zip(table.columns, *table.rows, strict=True)
    asked = [ROOM + max(map(_width, column)) for column in columns]
    return tuple(width / sum(asked) for width in asked)


def levelled(sections: tuple[Section, ...]) -> list[Section]:
    """Return the sections with levels that hold: 1 or 2, and none at 2 before a heading at 1.

    >>> [one.level for one in levelled((Section("a", "A", level=2), Section("b", "B", level=2)))]
    [1, 1]
    """
    tops = (section.level == 1 and shown(section.heading).strip() != "" for section in sections)
    return [
        replace(section, level=2 if seen and section.level > 1 else 1)
        for section, seen in zip(sections, accumulate(tops, max), strict=True)
    ]


def _width(text: str) -> int:
    word = max(map(len, text.split()), default=0)
    return max(min(word, WORD), min(len(text), WIDE), 3)


def _said(story: Story) -> dict[str, Any]:
    names = ("title", "state", "day", "mark", "source", "certainty")
    said = {name: shown(getattr(story, name)).strip() for name in names}
    sections = [_section(section) for section in levelled(story.sections)]
    return said | {"title": said["title"] or NAMELESS, "owner": OWNER, "sections": sections}


def _section(section: Section) -> dict[str, Any]:
    return {
        "texts": list(map(shown, section.texts)),
        "points": [led(point) for point in map(shown, section.points) if point.strip()],
        "heading": shown(section.heading).strip(),
        "level": section.level,
        "pictures": list(map(_picture, section.pictures)),
        "charts": list(map(_chart, section.charts)),
        "tables": list(map(_table, section.tables)),
        "gaps": [GAP + shown(gap) for gap in section.gaps],
        "notes": list(map(shown, section.notes)),
    }


def _file(picture: Picture) -> str:
    return f"{sha256(picture.png).hexdigest()}.png"


def _picture(picture: Picture) -> dict[str, Any]:
    return {
        "file": _file(picture),
        "alt": _alt(picture.alt, picture.caption),
        "caption": shown(picture.caption),
    }


def _chart(chart: Chart) -> dict[str, Any]:
    """Return the chart; its bars end at 100 per cent, or for small shares the next whole ten."""
    values = [value for bar in chart.bars for value in (bar.value, bar.against)]
    top = max(1, *(ceil(10 * value) for value in values if not pd.isna(value)), 1)
    end = 1.0 if top > HALF else top / 10
    texts = ("title", "value_name", "against_name")
    return {
        **{name: shown(getattr(chart, name)) for name in texts},
        "alt": _alt(chart.alt, chart.title),
        "end": percent(end),
        "bars": [_bar(bar, end) for bar in chart.bars],
    }


def _alt(*texts: str) -> str:
    """Return the first text that says something: a figure without one is no PDF/UA."""
    return next((said for text in texts if (said := shown(text).strip())), "Utan beskrivning")


def _bar(bar: Bar, end: float) -> dict[str, Any]:
    texts = {"name": bar.name, "value": percent(bar.value), "against": percent(bar.against)}
    lengths = {"length": bar.value, "mark": bar.against}
    return {name: shown(text) for name, text in texts.items()} | {
        name: None if pd.isna(value) else max(0.0, value / end) for name, value in lengths.items()
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "caption": shown(table.caption),
        "columns": list(map(shown, table.columns)),
        "rows": [list(map(shown, row)) for row in table.rows],
        "otherwise": shown(table.otherwise),
        "numbers": list(table.numbers),
        "shares": shares(table),
    }
