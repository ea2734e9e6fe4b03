"""A Story as a Word document: the texts of the PDF in real styles, to edit and to fill in."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

from geo.report.story import Chart, Picture, Section, Story, Table, led
from geo.report.story_pdf import GAP, NAMELESS, OWNER, levelled, percent, shares

LANGUAGE, FONT = "sv-SE", "Calibri"
BLUE, QUIET = RGBColor(0x00, 0x50, 0x8C), RGBColor(0x59, 0x59, 0x59)
WIDTH, TALLEST = Cm(17), Cm(12.3)  # of an A4 page within its margins; of a picture
LONG = 600  # signs: a table row with a longer cell may go on over the next page
GAP_STYLE, NOTE_STYLE, CELL_STYLE, TABLE_STYLE = "Att fylla i", "Notis", "Tabelltext", "Underlag"
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
POINT_STYLE, USUAL_STYLE = "List Bullet", "Normal"
# style: size in points, space before and after in points, bold, colour
LOOKS: dict[str, tuple[float, float, float, bool, RGBColor | None]] = {
    USUAL_STYLE: (10.5, 0, 6, False, None),
    "Title": (22, 0, 4, True, BLUE),
    "Heading 1": (14, 14, 4, True, BLUE),
    "Heading 2": (11.5, 10, 3, True, BLUE),
    POINT_STYLE: (10.5, 0, 3, False, None),
    "Caption": (9.5, 8, 3, True, None),
    "Header": (8.5, 0, 0, False, QUIET),
    "Footer": (8.5, 0, 0, False, QUIET),
    CELL_STYLE: (9, 2, 2, False, None),
    GAP_STYLE: (10.5, 8, 8, False, None),
    NOTE_STYLE: (9, 4, 2, False, QUIET),
}
DASHED = "".join(
    f'<w:{side} w:val="dashed" w:sz="8" w:space="4" w:color="8A5A00"/>'
    for side in ("top", "left", "bottom", "right", "between")
)
OPEN_BOX = (f"<w:pBdr {{}}>{DASHED}</w:pBdr>", '<w:shd {} w:val="clear" w:fill="FFF8E1"/>')
LINES = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="A0A0A0"/>'
    for side in ("top", "bottom", "insideH")
)
TABLE_LOOK = (
    f"<w:tblPr {{}}><w:tblBorders>{LINES}</w:tblBorders><w:tblCellMar>"
    '<w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar></w:tblPr>',
    '<w:tblStylePr {} w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr>'
    '<w:shd w:val="clear" w:fill="EFEFEF"/></w:tcPr></w:tblStylePr>',
)


def docx(story: Story) -> bytes:
    """Write the story as a Word document (A4, Swedish): the same story gives the same document.

    Charts are tables with the sentence of what they say above. What XML cannot hold is left out.
    Raises docx.image.exceptions.UnrecognizedImageError when a picture is none.

    >>> docx(Story("Norrby", "Utkast", "2026-11-28", "", "", "", ()))[:2]
    b'PK'
    """
    document = Document()
    _dress(document)
    _name(document, story)
    _around(document.sections[0], story)
    document.add_paragraph(held(story.title).strip() or NAMELESS, "Title")
    _say(document, [" · ".join(filter(str.strip, (story.state, story.day)))])
    if story.mark.strip():
        document.add_paragraph().add_run(held(story.mark)).bold = True
    for section in levelled(story.sections):
        _section(document, section)
    _say(document, (story.certainty, story.source), NOTE_STYLE)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def held(text: str) -> str:
    """Return the text without the control characters that XML cannot hold.

    >>> held("a\\x00b\\x0b <w:p> å")
    'ab <w:p> å'
    """
    return NO_XML.sub("", text)


def _dress(document: Any) -> None:
    """Set language, fonts, looks and page: all of it in the styles, so that it can be changed."""
    styles = document.styles
    for name in (CELL_STYLE, GAP_STYLE, NOTE_STYLE):
        styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles[USUAL_STYLE]
    for name, look in LOOKS.items():
        _look(styles[name], *look)
    for xml in reversed(OPEN_BOX):
        styles[GAP_STYLE].element.pPr.insert(0, parse_xml(xml.format(nsdecls("w"))))
    open_box = styles[GAP_STYLE].paragraph_format
    open_box.left_indent = open_box.right_indent = Cm(0.2)
    table = styles.add_style(TABLE_STYLE, WD_STYLE_TYPE.TABLE)
    table.base_style = styles["Normal Table"]
    for xml in TABLE_LOOK:
        table.element.append(parse_xml(xml.format(nsdecls("w"))))
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    for side in ("left", "right", "top", "bottom"):
        setattr(page, f"{side}_margin", Cm(2))
    _speak_swedish(document)


def _speak_swedish(document: Any) -> None:
    """Set the language, one font instead of those of the theme, and the Word of today."""
    styles, settings = document.styles.element, document.settings.element
    for element in (*styles.iter(qn("w:lang")), *settings.iter(qn("w:themeFontLang"))):
        element.set(qn("w:val"), LANGUAGE)
    for fonts in styles.iter(qn("w:rFonts")):
        fonts.attrib.clear()
        for signs in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{signs}"), FONT)
    settings.find(qn("w:decimalSymbol")).set(qn("w:val"), ",")
    settings.find(qn("w:listSeparator")).set(qn("w:val"), ";")
    for one in settings.iter(qn("w:compatSetting")):
        if one.get(qn("w:name")) == "compatibilityMode":
            one.set(qn("w:val"), "15")  # else Word says "Kompatibilitetsläge"


def _look(
    style: Any, size: float, before: float, after: float, bold: bool, colour: RGBColor | None
) -> None:
    style.font.size, style.font.bold, style.font.italic = Pt(size), bold or None, None
    style.font.color.rgb = colour
    form = style.paragraph_format
    form.space_before, form.space_after, form.line_spacing = Pt(before), Pt(after), 1.08
    for border in style.element.findall(f".//{qn('w:pBdr')}"):
        border.getparent().remove(border)


def _name(document: Any, story: Story) -> None:
    """Say whose and what it is; the day is the story's, so that the same gives the same."""
    about = document.core_properties
    about.title = held(story.title)[:255].strip() or NAMELESS
    about.subject, about.comments = held(story.state)[:255], held(story.mark)[:255]
    about.author = about.last_modified_by = OWNER
    about.language = LANGUAGE
    about.created = about.modified = _moment(story.day)


def _moment(day: str) -> datetime:
    try:
        return datetime.strptime(day, "%Y-%m-%d")
    except ValueError:
        return datetime(2000, 1, 1)


def _around(page: Any, story: Story) -> None:
    """Write header and footer: the mark, the title, and which page it is of how many."""
    over, under = page.header.paragraphs[0], page.footer.paragraphs[0]
    for paragraph in (over, under):
        paragraph.style.paragraph_format.tab_stops.clear_all()
        paragraph.style.paragraph_format.tab_stops.add_tab_stop(WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    over.add_run(_short(story.title))
    under.add_run(_short(story.mark)).bold = True
    under.add_run("\tSida ")
    _field(under, "PAGE")
    under.add_run(" av ")
    _field(under, "NUMPAGES")


def _short(text: str) -> str:
    words = " ".join(held(text).split())
    return words if len(words) <= 80 else f"{words[:79]}…"


def _field(paragraph: Any, name: str) -> None:
    """Add a number that Word reckons itself."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    field.append(paragraph.add_run("1")._r)
    paragraph._p.append(field)


def _say(document: Any, texts: Iterable[str], style: str = USUAL_STYLE) -> None:
    for text in filter(str.strip, map(held, texts)):
        lead, rest = led(text) if style == POINT_STYLE else ("", text)
        paragraph = document.add_paragraph()
        paragraph._p.style = _id(style)
        if lead:
            paragraph.add_run(lead).bold = True
        paragraph.add_run(rest)


def _id(style: str) -> str | None:
    """Return the id of a style: to look it up for each paragraph takes most of the time."""
    return None if style == USUAL_STYLE else style.replace(" ", "")


def _section(document: Any, section: Section) -> None:
    _say(document, [section.heading], f"Heading {section.level}")
    _say(document, section.texts)
    _say(document, section.points, POINT_STYLE)
    for picture in section.pictures:
        _picture(document, picture)
    for chart in section.charts:
        _chart(document, chart)
    for table in section.tables:
        _table(document, table)
    _say(document, [GAP + gap for gap in section.gaps], GAP_STYLE)
    _say(document, section.notes, NOTE_STYLE)


def _picture(document: Any, picture: Picture) -> None:
    """Add a picture with its text for who cannot see it, as wide as the page, never taller."""
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = bool(picture.caption.strip())
    shape = paragraph.add_run().add_picture(io.BytesIO(picture.png))
    scale = min(WIDTH / shape.width, TALLEST / shape.height)
    shape.width, shape.height = round(shape.width * scale), round(shape.height * scale)
    for side in "TBLR":
        shape._inline.set(f"dist{side}", "0")  # else LibreOffice moves the picture to the right
    about = shape._inline.docPr
    about.set("descr", held(picture.alt))
    about.set("title", held(picture.caption))
    _say(document, [picture.caption], "Caption")


def _chart(document: Any, chart: Chart) -> None:
    """Add a chart as its sentence and its numbers."""
    rows = [(bar.name, percent(bar.value), percent(bar.against)) for bar in chart.bars]
    names = ("Mått", chart.value_name, chart.against_name)
    table = Table(chart.title, names, tuple(rows), numbers=(1, 2))
    _table(document, table, chart.alt)


def _table(document: Any, table: Table, said: str = "") -> None:
    """Add a table under its caption and what it says, if any; without rows the sentence instead."""
    for text, style in ((table.caption, "Caption"), (said, NOTE_STYLE)):
        if held(text).strip():
            document.add_paragraph(held(text), style).paragraph_format.keep_with_next = True
    if not table.rows:
        _say(document, [table.otherwise])
        return
    made = document.add_table(len(table.rows) + 1, len(table.columns), TABLE_STYLE)
    made.autofit = False
    _mark(made._tbl.tblPr, "w:tblCaption", held(table.caption))
    widths = [round(WIDTH * share) for share in shares(table)]
    for column, width in zip(made.columns, widths, strict=True):
        column.width = width
    _mark(made.rows[0]._tr.get_or_add_trPr(), "w:tblHeader")
    for row, texts in zip(made.rows, (table.columns, *table.rows), strict=True):
        _fill(row, texts, widths, table.numbers)


def _fill(row: Any, texts: Sequence[str], widths: Sequence[int], numbers: Sequence[int]) -> None:
    if max(map(len, texts), default=0) < LONG:
        _mark(row._tr.get_or_add_trPr(), "w:cantSplit")
    for place, (cell, text, width) in enumerate(zip(row.cells, texts, widths, strict=True)):
        cell.width = width
        paragraph = cell.paragraphs[0]
        paragraph._p.style = _id(CELL_STYLE)
        paragraph.add_run(held(text))
        if place in numbers:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _mark(parent: Any, name: str, value: str = "") -> None:
    """Add an element of Word that python-docx has no word for."""
    element = OxmlElement(name)
    if value:
        element.set(qn("w:val"), value)
    parent.append(element)
