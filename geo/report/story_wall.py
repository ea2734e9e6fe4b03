"""A Story for the wall at a meeting: one HTML file, a slide at a time, that asks for nothing."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from html import escape
from itertools import groupby
from math import ceil
from pathlib import Path
from string import Template

import pandas as pd

from geo.report import slides
from geo.report.slides import Line, plain, short
from geo.report.story import Bar, Chart, Picture, Section, Story, Table
from geo.report.story_pdf import NAMELESS, percent, shares

MOST_SIGNS, MOST_LINES = 350, 5  # of the text on a slide
HEADING_SIGNS = 42  # a longer heading takes two lines, from what is under it
MOST_ROWS, MOST_COLUMNS, TABLE_LINES, TABLE_SIGNS = 6, 5, 11.5, 62
LONG_WORD = 16
NAME_SIGNS, BAR_LINES = 20, 10  # a place of a chart takes two lines, or those of its name
KINDS = ("value", "against")
HERE = Path(__file__)
SCRIPT = HERE.with_suffix(".js").read_text(encoding="utf-8")
STYLE = HERE.with_suffix(".css").read_text(encoding="utf-8")
PAGE = Template("""<!doctype html>
<html lang="sv">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; \
style-src '$style_hash'; script-src '$script_hash'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>$style</style>
</head>
<body>
<main>$slides</main>
<footer>$mark
<nav aria-label="Bilder" hidden>
<button type="button" id="back">Föregående</button>
<span id="count">1 av $n</span>
<button type="button" id="next">Nästa</button>
<button type="button" id="full" hidden>Helskärm (F)</button>
</nav></footer>
<div id="said" class="unseen" aria-live="polite"></div>
<script>$script</script>
</body>
</html>
""")


def html(story: Story) -> str:
    """Write the sections that are on_wall as one HTML document, after a title, before the sources.

    All is in the file: it works from a disk, in an iframe, without a network, without JavaScript.

    >>> html(Story("Norrby", "Utkast", "2026-11-28", "", "", "", ())).count("<section")
    1
    """
    title = plain(story.title) or NAMELESS
    about = _lines([Line("text", plain(text)) for text in (story.state, story.day) if text])
    shown = [(short(title), about)]
    shown += [slide for section in slides.presented(story) for slide in _slides(section)]
    return PAGE.substitute(
        title=escape(title),
        slides="\n".join(_shell(n, *slide) for n, slide in enumerate(shown, 1)),
        mark=_said("p", plain(story.mark), cls="mark") if story.mark else "",
        n=len(shown),
        style=STYLE,
        script=SCRIPT,
        style_hash=_hash(STYLE),
        script_hash=_hash(SCRIPT),
    )


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _tag(name: str, inner: str, **attributes: str) -> str:
    said = "".join(
        f' {key.replace("cls", "class").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
    )
    return f"<{name}{said}>{inner}</{name}>"


def _said(name: str, text: str, **attributes: str) -> str:
    return _tag(name, escape(text), **attributes)


def _shell(number: int, heading: str, body: str) -> str:
    named = {"id": f"rubrik-{number}", "tabindex": "-1"}
    head = _said("h1" if number == 1 else "h2", heading, **named)
    place = {"id": f"bild-{number}", "aria_labelledby": named["id"]}
    return _tag("section", head + _tag("div", body, cls="body"), cls="slide", **place)


def _slides(section: Section) -> Iterator[tuple[str, str]]:
    """Give the heading and the body of each slide of a section; one at least."""
    heading = short(section.heading)
    before, after = slides.lines(section, MOST_SIGNS)
    less = int(len(heading) > HEADING_SIGNS)
    bodies = [
        *_text_slides(before, less),
        *map(_picture, section.pictures),
        *(body for chart in section.charts for body in _chart(chart, less)),
        *(body for table in section.tables for body in _table(table, less)),
        *_text_slides(after, less),
    ]
    for n, body in enumerate(bodies or [""], 1):
        yield heading + (f" (forts. {n})" if n > 1 else ""), body


def _text_slides(said: list[Line], less: int) -> list[str]:
    least = MOST_SIGNS / MOST_LINES
    groups = slides.filled(said, lambda line: max(len(line.text), least), MOST_SIGNS - less * least)
    return list(map(_lines, groups))


def _lines(said: list[Line]) -> str:
    parts = []
    for kind, same in groupby(said, key=lambda line: line.kind):
        name = "li" if kind == "point" else "p"
        inner = "".join(_said(name, line.text, cls=kind) for line in same)
        parts.append(_tag("ul", inner) if kind == "point" else inner)
    return "".join(parts)


def _picture(picture: Picture) -> str:
    source = f"data:image/png;base64,{b64encode(picture.png).decode()}"
    image = f'<img alt="{escape(plain(picture.alt))}" src="{source}">'
    return _tag("figure", image + _said("figcaption", short(picture.caption)))


def _chart(chart: Chart, less: int) -> list[str]:
    """Return the bodies of the slides of a chart: the longest bar means the same on all of them."""
    names = (plain(chart.value_name), plain(chart.against_name))
    keys = [
        _tag("span", _strip(k, 1) + escape(n), cls="key") for k, n in zip(KINDS, names, strict=True)
    ]
    head = _said("figcaption", short(chart.title)) + _said("p", plain(chart.alt), cls="unseen")
    head += _tag("p", "".join(keys), cls="keys")
    end = slides.scale(chart)
    bodies = []
    for bars in slides.filled(chart.bars, _bar_lines, BAR_LINES - 2 * less):
        places = "".join(_place(bar, names, end) for bar in bars)
        bodies.append(_tag("figure", head + _tag("ul", places, cls="bars")))
    return bodies or [_said("p", short(chart.title)) + _said("p", slides.NO_BARS)]


def _bar_lines(bar: Bar) -> int:
    return max(2, ceil(len(plain(bar.name)) / NAME_SIGNS))


def _place(bar: Bar, names: tuple[str, str], end: float) -> str:
    inner = _said("span", plain(bar.name), cls="name")
    for kind, name, value in zip(KINDS, names, (bar.value, bar.against), strict=True):
        drawn = "" if pd.isna(value) else _strip(kind, value / end)
        said = _said("span", f"{name}: ", cls="unseen") + escape(percent(value))
        inner += _tag("span", drawn + _tag("span", said), cls="bar")
    return _tag("li", inner)


def _strip(kind: str, share: float) -> str:
    """Draw a bar; beside the longest there is room for its value."""
    drawn = '<rect width="100%" height="100%"/>'
    return _tag("svg", drawn, cls=kind, width=f"{70 * share:.2f}%", aria_hidden="true")


def _table(table: Table, less: int) -> list[str]:
    """Return the bodies of the slides of a table: of a wide one the first column stands on all."""
    caption = _said("p", short(table.caption), cls="caption")
    if not table.rows:
        return [caption + _said("p", plain(table.otherwise) or slides.NO_ROWS)]
    room = TABLE_LINES - less - int(len(plain(table.caption)) > NAME_SIGNS * 3)
    return [
        caption + _rows(part, rows)
        for part in _narrow(table)
        for rows in slides.parted(part.columns, part.rows, _signs(part), room, MOST_ROWS)
    ]


def _narrow(table: Table) -> Iterator[Table]:
    n = len(table.columns)
    step = n if n <= MOST_COLUMNS else MOST_COLUMNS - 1
    for start in range(1, max(n, 2), step):
        places = [0, *range(start, min(start + step, n))]
        yield replace(
            table,
            columns=tuple(plain(table.columns[at]) for at in places),
            rows=tuple(tuple(plain(row[at]) for at in places) for row in table.rows),
            numbers=tuple(n for n, at in enumerate(places) if at in table.numbers),
        )


def _signs(table: Table) -> list[int]:
    """Return how many signs a line of each column holds."""
    return [max(3, int(share * TABLE_SIGNS) - 1) for share in shares(table)]


def _rows(table: Table, rows: list[slides.Row]) -> str:
    head = _row("th", table, table.columns, scope="col")
    body = "".join(_row("td", table, row) for row in rows)
    inner = _tag("table", _tag("thead", head) + _tag("tbody", body))
    named = {"role": "region", "tabindex": "0", "aria_label": short(table.caption) or "Tabell"}
    return _tag("div", inner, cls="wide", **named)


def _row(name: str, table: Table, row: slides.Row, **attributes: str) -> str:
    """Write a row: a short word such as a day stays whole, a very long one may break anywhere."""
    cells = ""
    for place, text in enumerate(row):
        longest = max(map(len, text.split(" ")))
        kind = "long" if longest > LONG_WORD else "whole" if len(text) == longest else "words"
        side = " number" if place in table.numbers else ""
        cells += _said(name, text, cls=kind + side, **attributes)
    return _tag("tr", cells)
