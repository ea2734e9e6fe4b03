"""A Story as a PowerPoint file: what is shown at the meeting, and can be changed before it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from textwrap import wrap
from typing import Any, NamedTuple

import pandas as pd
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.enum.text import PP_ALIGN
from pptx.util import Emu, Inches, Pt

from geo.report import slides
from geo.report.slides import Line, plain, short
from geo.report.story import Bar, Chart, Picture, Section, Story, Table
from geo.report.story_deck import (
    ACROSS,
    BLACK,
    BLUE,
    DOWN,
    GREY,
    INNER,
    LEFT,
    SMALL,
    TOP,
    WHITE,
    WITHIN,
    add_footer,
    describe,
    dress_font,
    drop,
    new_deck,
    place,
    to_swedish,
    write,
)
from geo.report.story_pdf import NAMELESS, shares

TITLE_SLIDE, CONTENT = 0, 1  # the layouts that are used
LINE_SIGNS, TEXT_LINES, MOST_SIGNS = 70, 13, 400  # of text on a slide, and of one paragraph
SMALL_SIGNS, SMALL_LINES = 92, 17  # the same of the smaller text
LEAD_LINES = 6  # of small text over a figure
AIR = Inches(0.1)  # between a heading and a picture
SIGN_WIDTH = 0.52  # of a sign in a table, times its size
MOST_BARS = 6  # places of a chart on a slide
TABLE_SIZES = {3: 18, 5: 16, 7: 14}  # points, by the most columns; of more: 12
PERCENT = "0\\ %"
HIDDEN = "Ingen stapel: värdet visas inte."
FORMULA = re.compile(r"[={+@-]|\w+:")  # what a workbook takes for more than a text
ChartData: Any = CategoryChartData
Figure = Chart | Table
Fill = Callable[[Any], None]  # puts what belongs there on a slide that has its heading


class Grid(NamedTuple):
    """A table that fits on a slide: its head first; widths in EMU, heights and size in points."""

    rows: list[slides.Row]
    widths: list[int]
    heights: list[float]
    size: int


def pptx(story: Story) -> bytes:
    """Write what is on_wall, all charts and pictures, and what is to be filled in, as PowerPoint.

    Charts and tables are native: they can be changed, and copied. Notes are for the speaker. Raises
    ValueError when story.day is no day.

    >>> pptx(Story("Norrby", "Utkast", "2026-11-28", "", "", "", ()))[:2]
    b'PK'
    """
    deck = new_deck(story)
    _title_slide(deck, story)
    for section in slides.presented(story, figures=True):
        _section(deck, section)
    for slide in deck.slides:
        add_footer(slide, " · ".join(filter(None, (plain(story.mark), plain(story.day)))))
    file = io.BytesIO()
    deck.save(file)
    return file.getvalue()


def _title_slide(deck: Any, story: Story) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_SLIDE])
    title = short(story.title) or NAMELESS
    place(slide.shapes.title, LEFT, Inches(1.6), ACROSS, Inches(2))
    write(slide.shapes.title.text_frame, [title], size=Pt(40 if len(title) < 80 else 30))
    below = slide.placeholders[1]
    place(below, LEFT, Inches(3.75), ACROSS, Inches(2.4))
    said = [text for text in (story.state, slides.of_day(story), story.mark) if text]
    write(below.text_frame, said, bullets=False, color=BLACK)


def _section(deck: Any, section: Section) -> None:
    """Add the slides of a section, one at least: heading, what fills it, notes for the speaker."""
    heading = short(section.heading)
    fills: list[Fill] = list(_fills(section)) or [partial(_text, said=[])]
    for n, fill in enumerate(fills, 1):
        slide = deck.slides.add_slide(deck.slide_layouts[CONTENT])
        title = heading + (f" ({n} av {len(fills)})" if n > 1 else "")
        write(slide.shapes.title.text_frame, [title], size=Pt(26) if len(title) > 80 else None)
        fill(slide)
        if section.notes:
            write(slide.notes_slide.notes_text_frame, section.notes)


def _fills(section: Section) -> Iterator[Fill]:
    """Give what fills the slides: pictures alone; short texts stand on that of the first figure."""
    yield from (partial(_picture, picture=picture) for picture in section.pictures)
    before, after = slides.lines(section, MOST_SIGNS)
    figures: list[Figure] = [*section.charts, *section.tables]
    lead = [line.text for line in before] if figures and _is_short(before) else []
    if not lead:
        yield from _texts(before)
    for figure in figures:
        yield from _figure(figure, lead)
        lead = []
    yield from _texts(after)


def _is_short(said: list[Line]) -> bool:
    return sum(_height(line.text, SMALL_SIGNS) for line in said) <= LEAD_LINES


def _figure(figure: Figure, lead: list[str]) -> Iterator[Fill]:
    if isinstance(figure, Table):
        yield from _tables(figure, lead)
    else:
        for start in range(0, max(1, len(figure.bars)), MOST_BARS):
            bars = figure.bars[start : start + MOST_BARS]
            yield partial(_chart, chart=figure, bars=bars, lead=[] if start else lead)


def _texts(said: list[Line]) -> Iterator[Fill]:
    """Part texts over slides, in the smaller size when that takes fewer."""
    large = slides.filled(said, lambda line: _height(line.text, LINE_SIGNS), TEXT_LINES)
    small = slides.filled(said, lambda line: _height(line.text, SMALL_SIGNS), SMALL_LINES)
    is_fewer = len(small) < len(large)
    for some in small if is_fewer else large:
        yield partial(_text, said=[line.text for line in some], size=SMALL if is_fewer else None)


def _height(text: str, signs: int) -> float:
    return len(wrap(text, signs)) + 0.2


def _text(slide: Any, said: list[str], size: Any = None) -> None:
    if said:
        write(slide.placeholders[1].text_frame, said, size=size)
    else:
        drop(slide.placeholders[1])


def _caption(
    slide: Any, *texts: str, under: bool = False, lead: Sequence[str] = ()
) -> tuple[int, int]:
    """Write texts and the line over a figure, or it under; return the top and height it leaves."""
    said = [short(text) for text in texts if text]
    holder = slide.placeholders[1]
    if not said and not lead:
        drop(holder)
        return TOP, DOWN
    tall = Inches(0.1 + 0.34 * sum(len(wrap(text, LINE_SIGNS)) for text in said)) + _tall(lead)
    place(holder, LEFT, TOP + DOWN - tall if under else TOP, ACROSS, tall)
    write(holder.text_frame, lead, size=SMALL)
    write(holder.text_frame, said, bullets=False, size=SMALL, bold=True)
    return (TOP if under else TOP + tall), DOWN - tall


def _tall(lead: Sequence[str]) -> int:
    return Inches(0.34 * sum(_height(text, SMALL_SIGNS) for text in lead))


def _picture(slide: Any, picture: Picture) -> None:
    """Put a picture over its caption, with the texts that are read from the back of a room."""
    top, tall = _caption(slide, picture.caption, under=True)
    top, tall = top + AIR, tall - AIR
    shape = slide.shapes.add_picture(io.BytesIO(picture.large), INNER, top)
    share = min(WITHIN / shape.width, tall / shape.height)
    place(shape, INNER, top, int(shape.width * share), int(shape.height * share))
    describe(shape, picture.alt or picture.caption)


def _chart(slide: Any, chart: Chart, bars: tuple[Bar, ...], lead: list[str]) -> None:
    if not bars:
        _text(slide, [*lead, short(chart.title), slides.NO_BARS])
        return
    is_whole = all(_number(value) is not None for bar in bars for value in (bar.value, bar.against))
    top, tall = _caption(slide, chart.title, "" if is_whole else HIDDEN, lead=lead)
    data = ChartData(number_format=PERCENT)
    data.categories = [_name(bar.name) for bar in bars]
    data.add_series(_name(chart.value_name), [_number(bar.value) for bar in bars])
    data.add_series(_name(chart.against_name), [_number(bar.against) for bar in bars])
    tall = min(tall, Inches(1 + 0.75 * len(bars)))
    kind = XL_CHART_TYPE.BAR_CLUSTERED
    frame = slide.shapes.add_chart(kind, INNER, top, WITHIN, Emu(tall), data)
    describe(frame, chart.alt)
    _dress_chart(frame.chart, slides.scale(chart))
    to_swedish(frame.chart.element)


def _number(value: float | None) -> float | None:
    return None if pd.isna(value) else float(value)


def _name(text: str) -> str:
    """Return a name that the workbook of the chart takes for a text."""
    text = plain(text)
    return f" {text}" if FORMULA.match(text) else text


def _dress_chart(chart: Any, end: float) -> None:
    dress_font(chart.font, SMALL, color=BLACK)
    chart.has_title, chart.has_legend = False, True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    chart.category_axis.reverse_order = True
    chart.category_axis.format.line.color.rgb = GREY
    chart.value_axis.visible = chart.value_axis.has_major_gridlines = False
    chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = 0, end
    (plot,) = chart.plots
    plot.gap_width, plot.overlap, plot.has_data_labels = 40, 0, True
    plot.data_labels.number_format, plot.data_labels.number_format_is_linked = PERCENT, False
    plot.data_labels.show_value = True
    for series, color in zip(plot.series, (BLUE, GREY), strict=True):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = color


def _tables(table: Table, lead: list[str]) -> Iterator[Fill]:
    if not table.rows:
        yield partial(_nothing, table=table, lead=lead)
        return
    head, *rows = [tuple(map(plain, row)) for row in (table.columns, *table.rows)]
    widths = [int(WITHIN * share) for share in shares(table)]
    size = _size([head, *rows], widths)
    signs = _signs(widths, size)
    caption = 32 if len(plain(table.caption)) <= LINE_SIGNS else 57  # points
    room = (Emu(DOWN - _tall(lead)).pt - caption) / size / 1.2  # lines
    for n, some in enumerate(slides.parted(head, rows, signs, room, len(rows))):
        heights = [slides.row_lines(row, signs) * size * 1.2 for row in (head, *some)]
        grid = Grid([head, *some], widths, heights, size)
        yield partial(_table, table=table, grid=grid, lead=[] if n else lead)


def _nothing(slide: Any, table: Table, lead: list[str]) -> None:
    """Write the name of a table without rows, and why it has none."""
    frame = slide.placeholders[1].text_frame
    write(frame, lead)
    write(frame, filter(None, [short(table.caption)]), bullets=False, bold=True)
    write(frame, [table.otherwise or slides.NO_ROWS], bullets=False)


def _size(rows: list[slides.Row], widths: list[int]) -> int:
    """Return the largest size that has every row on one line, else one by the number of columns."""
    for size in (18, 16, 14):
        if all(slides.row_lines(row, _signs(widths, size)) <= 1.5 for row in rows):
            return size
    return next((size for most, size in TABLE_SIZES.items() if len(widths) <= most), 12)


def _signs(widths: list[int], size: int) -> list[int]:
    return [max(3, int((Emu(width).pt - 15) / size / SIGN_WIDTH)) for width in widths]


def _table(slide: Any, table: Table, grid: Grid, lead: list[str]) -> None:
    top, _ = _caption(slide, table.caption, lead=lead)
    shape = (len(grid.rows), len(grid.widths), INNER, top, WITHIN, Pt(sum(grid.heights)))
    frame = slide.shapes.add_table(*shape)
    describe(frame, table.caption)
    for column, width in zip(frame.table.columns, grid.widths, strict=True):
        column.width = Emu(width)
    for row, height in zip(frame.table.rows, grid.heights, strict=True):
        row.height = Pt(height)
    for y, texts in enumerate(grid.rows):
        for x, text in enumerate(texts):
            _cell(frame.table.cell(y, x), text, grid.size, is_head=y == 0)
            if x in table.numbers:
                frame.table.cell(y, x).text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT


def _cell(cell: Any, text: str, size: int, is_head: bool) -> None:
    color = WHITE if is_head else BLACK
    write(cell.text_frame, [text], bullets=False, size=Pt(size), bold=is_head, color=color)
    if is_head:
        cell.fill.solid()
        cell.fill.fore_color.rgb = BLUE
