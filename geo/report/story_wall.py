"""A Story for the wall at a meeting: one HTML file, a slide at a time, that asks for nothing."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from html import escape
from itertools import groupby
from pathlib import Path
from string import Template

import pandas as pd

from geo.report import slides
from geo.report.slides import Line, plain, short
from geo.report.story import Bar, Chart, Picture, Section, Story, Table, led
from geo.report.story_pdf import NAMELESS, percent

DOT = "\u00a0·"  # begins no line
MOST_PAIR = 32  # signs that have room on a line of a wall
MOST_SIGNS = 500  # of a paragraph, and so of what cannot be parted: a longer one becomes many
KINDS = ("value", "against")
HERE = Path(__file__)
PARTING, SHOWING = (HERE.with_name(f"wall_{name}.js") for name in ("parts", "shows"))
SCRIPT = PARTING.read_text(encoding="utf-8") + SHOWING.read_text(encoding="utf-8")
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
    A section is one slide; the file's script parts it by what the screen has room for.

    >>> html(Story("Norrby", "Utkast", "2026-11-28", "", "", "", ())).count("<section")
    1
    """
    title = plain(story.title) or NAMELESS
    about = _lines(
        [Line("text", plain(text)) for text in (story.state, slides.of_day(story)) if text]
    )
    sections = slides.presented(story)
    shown = [(short(title), about), *((short(one.heading), _body(one)) for one in sections)]
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


def _body(section: Section) -> str:
    """Write what stands under the heading of a section: first pictures, which fill a slide each."""
    before, after = slides.lines(section, MOST_SIGNS)
    pictures, charts = map(_picture, section.pictures), map(_chart, section.charts)
    tables = map(_table, section.tables)
    return "".join((*pictures, _lines(before), *charts, *tables, _lines(after)))


def _lines(said: list[Line]) -> str:
    parts = []
    for kind, same in groupby(said, key=lambda line: line.kind):
        name = "li" if kind == "point" else "p"
        inner = "".join(_tag(name, _led(line), cls=kind) for line in same)
        parts.append(_tag("ul", inner) if kind == "point" else inner)
    return "".join(parts)


def _led(line: Line) -> str:
    """Write a line, with what it is about in bold; what is to be filled in stands as it is."""
    lead, rest = ("", line.text) if line.kind == "gap" else led(line.text)
    return (_said("b", lead) if lead else "") + escape(rest)


def _picture(picture: Picture) -> str:
    source = f"data:image/png;base64,{b64encode(picture.large).decode()}"
    image = f'<img alt="{escape(plain(picture.alt))}" src="{source}">'
    return _tag("figure", image + _said("figcaption", short(picture.caption)))


def _chart(chart: Chart) -> str:
    """Write a chart: the longest bar means the same on all the slides that it is parted over."""
    names = (plain(chart.value_name), plain(chart.against_name))
    if not chart.bars:
        return _said("p", short(chart.title)) + _said("p", slides.NO_BARS)
    keys = [
        _tag("span", _strip(k, 1) + escape(n), cls="key") for k, n in zip(KINDS, names, strict=True)
    ]
    head = _said("span", short(chart.title)) + _tag("span", "".join(keys), cls="keys")
    end = slides.scale(chart)
    places = "".join(_place(bar, names, end) for bar in chart.bars)
    alt = _said("p", plain(chart.alt), cls="unseen")
    return _tag("figure", _tag("figcaption", head) + alt + _tag("ul", places, cls="bars"))


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


def _table(table: Table) -> str:
    """Write a table as a list, read from afar: what a row is about in bold, the rest under it."""
    caption = _said("p", short(table.caption), cls="caption")
    if not table.rows:
        nothing = _said("p", plain(table.otherwise) or slides.NO_ROWS)
        return _tag("div", caption + nothing, cls="kept")
    cards = "".join(_card(table.columns, tuple(map(plain, row))) for row in table.rows)
    return _tag("div", caption + _tag("ul", cards), cls="rows")


def _card(columns: tuple[str, ...], row: slides.Row) -> str:
    """Write a row; what says nothing is left out, and what no slide has room for becomes many."""
    about, cells = row[0], zip(map(plain, columns[1:]), row[1:], strict=True)
    told = [f"{name}: {cell}" for name, cell in cells if cell not in ("", "–")]
    if len(about) + sum(map(len, told)) <= MOST_SIGNS:
        parts = [_said("b", about)] if about else []
        parts += [_tag("p", f"{DOT} ".join(map(_pair, told)))] if told else []
        return _tag("li", "".join(parts)) if parts else ""
    cut = (slides.pieces(text, MOST_SIGNS) for text in (about, f"{DOT} ".join(told)))
    items = (_said(name, part) for name, parts in zip("bp", cut, strict=True) for part in parts)
    return "".join(_tag("li", item) for item in items)


def _pair(text: str) -> str:
    """Keep a short name and what it is on one line: a day is not parted."""
    return _said("span", text, cls="pair") if len(text) <= MOST_PAIR else escape(text)
