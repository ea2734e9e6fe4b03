"""The story as a Word document: read back by Word's own terms, with every text as it stands."""

import io
import zipfile
from dataclasses import replace
from datetime import datetime

import docx
import pytest
from docx.image.exceptions import UnrecognizedImageError
from docx.oxml.ns import qn
from docx.shared import Cm
from hypothesis import given, settings
from lxml import etree

from geo.report import story_docx
from geo.report.story import Section, Story
from geo.report.story_docx import CELL_STYLE, GAP_STYLE, NOTE_STYLE, TABLE_STYLE, held
from geo.report.story_pdf import GAP, NAMELESS
from tests.geo.report.test_story_pdf import (
    ANY,
    CHART,
    EMPTY,
    MARK,
    NARROW,
    ODD,
    PICTURE,
    TOY,
    WIDE,
    alone,
    png,
    stories,
)


def opened(story):
    return docx.Document(io.BytesIO(story_docx.docx(story)))


def plain(text):
    return " ".join(held(text).split())


def cells(table):
    return [[cell.text for cell in row.cells] for row in table.rows]


def said(document):
    """Return every text of the document's body: paragraphs and cells."""
    rows = [row for table in document.tables for row in cells(table)]
    texts = [paragraph.text for paragraph in document.paragraphs]
    return {plain(text) for text in (*texts, *(cell for row in rows for cell in row))}


def expected(story):
    """Return the texts of the story as the document has them: state and day share a line."""
    gaps = {gap for section in story.sections for gap in section.gaps}
    joined = {story.title, story.state, story.day}
    texts = {GAP + text if text in gaps else text for text in set(story.words()) - joined}
    line = " · ".join(filter(str.strip, (story.state, story.day)))
    return {plain(text) for text in texts | {story.title, line}} - {""}


def styled(document, style):
    return [each.text for each in document.paragraphs if each.style.name == style]


def inside(story):
    with zipfile.ZipFile(io.BytesIO(story_docx.docx(story))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def toy():
    return opened(TOY)


def test_every_text_of_the_story_stands_in_it(toy):
    assert expected(TOY) - said(toy) == set()


def test_the_texts_stand_in_the_order_of_the_story(toy):
    found = [plain(paragraph.text) for paragraph in toy.paragraphs]
    places = [found.index(plain(section.heading)) for section in TOY.sections]
    assert places == sorted(places)
    assert found[-2:] == [TOY.certainty, TOY.source]


def test_headings_points_gaps_and_notes_have_real_styles(toy):
    assert styled(toy, "Title") == [TOY.title]
    assert styled(toy, "Heading 1") == ["Vilka vi är", "Behoven", held(ODD)]
    assert styled(toy, "Heading 2") == ["Kartan"]
    assert styled(toy, "List Bullet") == ["En punkt", "Två", held(ODD)]
    assert styled(toy, GAP_STYLE) == [GAP + TOY.sections[2].gaps[0], GAP + held(ODD)]
    assert styled(toy, "Caption") == [
        PICTURE.caption,
        CHART.title,
        EMPTY.caption,
        WIDE.caption,
        NARROW.caption,
    ]


def test_the_mark_is_bold_and_on_every_page(toy):
    assert [run.text for each in toy.paragraphs for run in each.runs if run.bold] == [MARK]
    (page,) = toy.sections
    over, under = page.header.paragraphs[0], page.footer.paragraphs[0]
    assert over.text == TOY.title
    assert under.text.startswith(f"{MARK}\tSida ")
    fields = [one.get(qn("w:instr")) for one in under._p.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]


def test_without_a_mark_there_is_none():
    assert not any(MARK.encode() in part for part in inside(replace(alone(), mark="")).values())


def test_language_font_and_compatibility_are_set(toy):
    styles = toy.styles.element
    languages = {one.get(qn("w:val")) for one in styles.iter(qn("w:lang"))}
    assert languages == {"sv-SE"}
    assert styles.find(f"{qn('w:docDefaults')}//{qn('w:lang')}") is not None
    fonts = [set(one.attrib.values()) for one in styles.iter(qn("w:rFonts"))]
    assert fonts
    assert all(names == {"Calibri"} for names in fonts)
    modes = [
        one.get(qn("w:val"))
        for one in toy.settings.element.iter(qn("w:compatSetting"))
        if one.get(qn("w:name")) == "compatibilityMode"
    ]
    assert modes == ["15"]


def test_its_properties_name_the_city_and_no_person(toy):
    about = toy.core_properties
    assert (about.title, about.subject, about.language) == (TOY.title, TOY.state, "sv-SE")
    assert (about.author, about.last_modified_by) == ("Borås Stad", "Borås Stad")
    assert about.created.date() == about.modified.date() == datetime(2026, 11, 28).date()


def test_it_is_a4_with_margins_of_2_cm(toy):
    (page,) = toy.sections
    assert (round(page.page_width.cm, 1), round(page.page_height.cm, 1)) == (21, 29.7)
    sides = (page.left_margin, page.right_margin, page.top_margin, page.bottom_margin)
    assert {round(side.cm, 2) for side in sides} == {2}


def test_a_picture_has_a_text_for_who_cannot_see_it(toy):
    (shape,) = toy.inline_shapes
    about = shape._inline.docPr
    assert (about.get("descr"), about.get("title")) == (PICTURE.alt, PICTURE.caption)


@pytest.mark.parametrize("size", [(60, 40), (10, 900), (900, 10), (1, 1)])
def test_a_picture_fits_the_page_and_keeps_its_shape(size):
    (shape,) = opened(alone(pictures=(replace(PICTURE, png=png(size)),))).inline_shapes
    assert shape.width <= Cm(17)
    assert shape.height <= Cm(12.3)
    assert shape.width / shape.height == pytest.approx(size[0] / size[1], rel=0.01)


def test_what_is_no_picture_is_told():
    with pytest.raises(UnrecognizedImageError):
        story_docx.docx(alone(pictures=(replace(PICTURE, png=b"GIF"),)))


def test_a_chart_is_its_sentence_and_its_numbers_and_never_0_for_what_is_not_shown():
    made = opened(alone(charts=(CHART,)))
    assert CHART.alt in styled(made, NOTE_STYLE)
    assert cells(made.tables[0]) == [
        ["Mått", "Norrby", "Borås"],
        ["Trygghet i området", "62\xa0%", "48\xa0%"],
        ["Behöriga till gymnasiet", "71\xa0%", "visas inte"],
        ["Dold", "visas inte", "40\xa0%"],
    ]


def test_a_table_has_a_header_row_that_comes_again_and_a_name(toy):
    assert len(toy.tables) == 3
    for table in toy.tables:
        heads = [row._tr.find(f".//{qn('w:tblHeader')}") is not None for row in table.rows]
        assert heads == [True] + [False] * (len(heads) - 1)
        assert table.style.name == TABLE_STYLE
        assert {cell.paragraphs[0].style.name for cell in table.rows[1].cells} == {CELL_STYLE}
    names = [table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) for table in toy.tables]
    assert names == [CHART.title, WIDE.caption, NARROW.caption]


def test_numbers_stand_to_the_right_and_the_columns_fill_the_page(toy):
    table = toy.tables[1]
    assert cells(table) == [list(WIDE.columns), *map(list, WIDE.rows)]
    for row in table.rows:
        right = [cell.paragraphs[0].alignment is not None for cell in row.cells]
        assert right == [place in WIDE.numbers for place in range(8)]
        assert sum(cell.width for cell in row.cells) == pytest.approx(Cm(17), rel=0.001)


def test_only_a_long_row_may_be_split_between_pages():
    long = replace(WIDE, rows=(WIDE.rows[0], ("x" * 5000, *"bcdefgh")))
    rows = opened(alone(tables=(long,))).tables[0].rows
    whole = [row._tr.find(f".//{qn('w:cantSplit')}") is not None for row in rows]
    assert whole == [True, True, False]


def test_an_empty_table_is_its_sentence():
    made = opened(alone(tables=(EMPTY,)))
    assert made.tables == []
    assert EMPTY.otherwise in said(made)


def test_what_is_to_be_filled_in_is_an_open_box(toy):
    form = toy.styles[GAP_STYLE].element.pPr
    sides = {side.get(qn("w:val")) for side in form.find(qn("w:pBdr"))}
    assert sides == {"dashed"}
    assert form.find(qn("w:shd")) is not None


def test_markup_is_text_and_every_part_is_whole_xml():
    parts = inside(TOY)
    assert b"&lt;script&gt;" in parts["word/document.xml"]
    assert b"<script>" not in parts["word/document.xml"]
    for name, part in parts.items():
        if name.endswith((".xml", ".rels")):
            etree.fromstring(part)


def test_the_same_story_is_the_same_content():
    assert inside(TOY) == inside(TOY)


@pytest.mark.parametrize("day", ["", "i dag", "2026-02-30", "2026-11-28T12"])
def test_a_day_that_is_none_stops_nothing(day):
    made = opened(replace(alone(), day=day))
    assert made.core_properties.created.date() == datetime(2000, 1, 1).date()


def test_a_story_of_nothing_has_a_name():
    made = opened(Story("", "", "", "", "", "", (Section("none", "", ("", " "), ("",)),)))
    assert [paragraph.text for paragraph in made.paragraphs] == [NAMELESS]


def test_a_long_title_is_whole_but_short_over_the_page():
    made = opened(replace(alone(), title="Norrby " * 400))
    assert styled(made, "Title") == [("Norrby " * 400).strip()]
    assert len(made.sections[0].header.paragraphs[0].text) == 80


@settings(max_examples=15, deadline=None)
@given(stories(ANY))
def test_any_text_stands_as_it_is(story):
    assert expected(story) - said(opened(story)) == set()
