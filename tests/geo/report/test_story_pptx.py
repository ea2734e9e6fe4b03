"""The PowerPoint, read back: every text, native charts and tables, nothing beside a slide."""

import io
import re
import zipfile
from datetime import datetime

import pytest
from pptx import Presentation
from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.shapes import MSO_SHAPE_TYPE, PP_PLACEHOLDER
from pptx.util import Pt

from geo.report import slides
from geo.report.story import Bar, Chart, Picture, Section, Story, Table
from geo.report.story_pptx import pptx
from geo.sources import DEMO_MARK
from tests.geo.report.test_story_wall import BARS, HEADING, HIDDEN, LONG, WIDE, png, squeezed, toy

LANGUAGE = re.compile(rb'lang="([^"]*)"')


@pytest.fixture(scope="module")
def written():
    return pptx(toy())


@pytest.fixture(scope="module")
def deck(written):
    return Presentation(io.BytesIO(written))


def shapes(deck, kind):
    return [shape for slide in deck.slides for shape in slide.shapes if getattr(shape, kind, False)]


def charts_of(story):
    deck = Presentation(io.BytesIO(pptx(story)))
    return [frame.chart for frame in shapes(deck, "has_chart")]


def texts(deck):
    """Every paragraph and cell on the slides, without headings and footers."""
    aside = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.FOOTER)
    for frame in shapes(deck, "has_text_frame"):
        if frame.placeholder_format.type not in aside:
            yield from (paragraph.text for paragraph in frame.text_frame.paragraphs)
    for frame in shapes(deck, "has_table"):
        yield from (cell.text for cell in frame.table.iter_cells())


def test_every_text_of_what_is_shown_is_there(deck):
    titles = [slide.shapes.title.text for slide in deck.slides]
    said = [squeezed(text) for text in (*titles, *texts(deck))]
    everything = "".join(said)
    story = toy()
    shown = story.sections[:3]
    for word in Story("", "", "", "", story.source, story.certainty, shown).words():
        if word not in (LONG, HEADING) and len(word) < 60:  # longer cells are parted
            assert squeezed(slides.plain(word)) in everything
    assert squeezed(LONG) in everything
    assert squeezed(HEADING) in everything
    assert not {"Bara på papper", "Tabell för sig"} & set(titles)  # not on the wall
    assert [title for title in titles if title.startswith("Figurer (2 av ")]


def test_titles_and_texts_are_in_placeholders_and_no_placeholder_is_empty(deck):
    for slide in list(deck.slides)[1:]:
        assert slide.shapes.title.placeholder_format.type == PP_PLACEHOLDER.TITLE
        assert all(holder.text_frame.text for holder in slide.placeholders)
        boxes = [shape for shape in slide.shapes if shape.has_text_frame]
        assert all(shape.is_placeholder for shape in boxes)
    titles = [slide.shapes.title.text for slide in deck.slides]
    assert len(set(titles)) == len(titles)


def test_nothing_lies_outside_a_slide_and_no_figure_covers_a_text(deck):
    assert (deck.slide_width / deck.slide_height) == pytest.approx(16 / 9, rel=1e-3)
    for slide in deck.slides:
        boxes = [(s.left, s.top, s.left + s.width, s.top + s.height) for s in slide.shapes]
        for left, top, right, bottom in boxes:
            assert 0 <= left < right <= deck.slide_width
            assert 0 <= top < bottom <= deck.slide_height
        for n, (left, top, right, bottom) in enumerate(boxes):
            for other in boxes[n + 1 :]:
                apart = other[0] >= right or other[2] <= left
                assert apart or other[1] >= bottom - Pt(1) or other[3] <= top + Pt(1)


def test_tables_are_as_tall_as_their_rows(deck):
    frames = shapes(deck, "has_table")
    for frame in frames:
        assert sum(row.height for row in frame.table.rows) == pytest.approx(frame.height, abs=99)
        assert frame.table.first_row
    cells = [[cell.text for cell in row.cells] for frame in frames for row in frame.table.rows]
    assert [row for row in cells if row[0].startswith("r")] == [list(row) for row in WIDE]
    assert cells.count([f"Kolumn {n}" for n in range(8)]) > 1  # the head on every slide


def test_charts_are_native_with_the_same_numbers_and_no_bar_for_what_is_hidden(deck):
    frames = shapes(deck, "has_chart")
    found = []
    for frame in frames:
        assert frame.chart.chart_type == XL_CHART_TYPE.BAR_CLUSTERED
        (plot,) = frame.chart.plots
        assert [series.name for series in plot.series] == ["Norrby", "Borås"]
        assert plot.data_labels.number_format == "0\\ %"
        assert frame.chart.value_axis.maximum_scale == 0.9
        found += zip(plot.categories, *(series.values for series in plot.series), strict=True)
        assert frame.element.xpath("./*/p:cNvPr")[0].get("descr") == "Lägre än Borås."
    assert found == [(bar.name, bar.value, bar.against) for bar in (*BARS, HIDDEN)]
    assert any("värdet visas inte" in text for text in texts(deck))


def test_a_name_is_no_formula_in_the_workbook_of_the_chart():
    bar = Bar('=HYPERLINK("x")', 0.5, None)
    chart = Chart("t", "a", "{=1}", "mailto:a", (bar,))
    (made,) = charts_of(
        Story("T", "", "2026-11-28", "", "", "", (Section("a", "A", charts=(chart,)),))
    )
    book = zipfile.ZipFile(io.BytesIO(made.part.chart_workbook.xlsx_part.blob))
    sheet = book.read("xl/worksheets/sheet1.xml")
    assert b"<f" not in sheet
    assert b"hyperlink" not in sheet
    assert b"=HYPERLINK" in book.read("xl/sharedStrings.xml")


def test_pictures_have_their_texts_and_their_shape(deck):
    pictures = [s for s in shapes(deck, "shape_type") if s.shape_type == MSO_SHAPE_TYPE.PICTURE]
    said = [picture.element.xpath("./*/p:cNvPr")[0].get("descr") for picture in pictures]
    assert [text[:7] for text in said] == ["Karta <", "En hög "]
    ratios = [picture.width / picture.height for picture in pictures]
    assert ratios == pytest.approx([1.5, 0.1], rel=0.01)


def test_each_slide_has_the_mark_and_the_day(deck):
    for slide in deck.slides:
        footers = [h for h in slide.placeholders if h.placeholder_format.idx == 11]
        assert [footer.text_frame.text for footer in footers] == [f"{DEMO_MARK} · 2026-11-28"]
    unmarked = Presentation(io.BytesIO(pptx(Story("T", "", "2026-11-28", "", "", "", ()))))
    assert unmarked.slides[0].placeholders[11].text_frame.text == "2026-11-28"


def test_texts_are_large_enough(deck):
    sizes = [
        run.font.size
        for frame in shapes(deck, "has_text_frame")
        for paragraph in frame.text_frame.paragraphs
        for run in paragraph.runs
    ]
    assert all(size is None or size >= Pt(18) for size in sizes)
    cells = [cell for frame in shapes(deck, "has_table") for cell in frame.table.iter_cells()]
    runs = [run for cell in cells for part in cell.text_frame.paragraphs for run in part.runs]
    assert min(run.font.size for run in runs) >= Pt(12)
    master = deck.slide_master.element.xpath(".//p:txStyles/p:bodyStyle/*/a:defRPr/@sz")
    assert min(map(int, master[:5])) >= 1800


def test_the_notes_are_for_the_speaker(deck):
    noted = [slide for slide in deck.slides if slide.has_notes_slide]
    assert {slide.notes_slide.notes_text_frame.text for slide in noted} == {"Definition: andel."}
    assert deck.slides[1].has_notes_slide
    assert "Definition: andel." in list(texts(deck))  # and on the last slide


def test_it_is_swedish_everywhere_and_says_whose_it_is(written, deck):
    book = zipfile.ZipFile(io.BytesIO(written))
    for name in book.namelist():
        if name.endswith(".xml"):
            assert set(LANGUAGE.findall(book.read(name))) <= {b"sv-SE"}, name
    runs = deck.slides[1].element.xpath(".//a:r")
    assert all(run.rPr.get("lang") == "sv-SE" for run in runs)
    said = deck.core_properties
    assert (said.author, said.language) == ("Borås Stad", "sv-SE")
    assert said.title.startswith("Lägesbild <a:p>")
    assert (said.created, said.modified) == (datetime(2026, 11, 28),) * 2


def test_a_day_that_is_none_is_refused():
    with pytest.raises(ValueError, match="Invalid isoformat"):
        pptx(Story("T", "", "i går", "", "", "", ()))


def slides_of(section):
    deck = Presentation(io.BytesIO(pptx(Story("T", "", "2026-11-28", "", "", "", (section,)))))
    return list(deck.slides)[1:]


def said(slide):
    return [
        p.text for holder in list(slide.placeholders)[1:2] for p in holder.text_frame.paragraphs
    ]


def test_short_texts_share_the_slide_of_the_first_figure():
    table = Table("Tabell", ("a",), (("b",),))
    chart = Chart("Diagram", "a", "x", "y", BARS[:5])
    texts = {"texts": ("Ett.",), "points": ("Två.",), "on_wall": True}
    figures = {"tables": (table,)}, {"charts": (chart,)}
    for held, caption in zip(figures, ("Tabell", "Diagram"), strict=True):
        (slide,) = slides_of(Section("a", "A", **texts, **held))
        assert said(slide) == ["Ett.", "Två.", caption]
    empty = Table("Beslut", ("a",), (), "Inget beslut.")
    (slide,) = slides_of(Section("a", "A", **texts, tables=(empty,)))
    assert said(slide) == ["Ett.", "Två.", "Beslut", "Inget beslut."]
    first, second = slides_of(Section("a", "A", (LONG[:900],), tables=(table,), on_wall=True))
    assert said(second) == ["Tabell"]
    assert not any(shape.has_table for shape in first.shapes)


def test_a_picture_has_the_first_slide_in_the_form_that_is_read_from_afar():
    picture = Picture(png(), "alt", "Karta", lambda: png(9, 3))
    first, second = slides_of(Section("a", "A", ("Ett.",), pictures=(picture,), on_wall=True))
    assert (said(first), said(second)) == (["Karta"], ["Ett."])
    (shown,) = (shape for shape in first.shapes if shape.shape_type == MSO_SHAPE_TYPE.PICTURE)
    assert shown.image.size == (9, 3)
    assert shown.width > 2.9 * shown.height


def test_texts_are_smaller_when_that_takes_fewer_slides():
    points = tuple(f"{n} {'ord ' * 30}" for n in range(6))
    (slide,) = slides_of(Section("a", "A", points=points, on_wall=True))
    runs = [run for p in slide.placeholders[1].text_frame.paragraphs for run in p.runs]
    assert {run.font.size for run in runs} == {Pt(18)}


def test_what_is_to_be_filled_in_is_one_slide_to_write_on():
    gaps = ("Skola: vad ser ni?", "Polis: vad ser ni?")
    (slide,) = slides_of(Section("a", "Mötets bedömning", ("Ej skriven.",), gaps=gaps))
    assert said(slide) == ["Ej skriven.", *(f"Att fylla i: {gap}" for gap in gaps)]


def test_the_last_slide_of_a_table_does_not_hold_one_row_alone():
    rows = [(f"rad {number}",) for number in range(7)]
    assert slides.parted(("Namn",), rows, (20,), 11, 9) == [rows[:5], rows[5:]]


def test_two_rows_that_have_no_room_together_stand_apart():
    rows = [("kort",), ("kort",), ("kort",), (" ".join(["ord"] * 24),)]
    sizes = [len(some) for some in slides.parted(("Namn",), rows, (10,), 11, 9)]
    assert sizes[-1] == 1
