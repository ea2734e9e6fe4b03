"""The empty PowerPoint that a Story is put in: wide, Swedish, with the look on its master."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.lang import MSO_LANGUAGE_ID
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.oxml.xmlchemy import OxmlElement
from pptx.text.text import Font
from pptx.util import Emu, Inches, Pt

from geo.report.slides import plain, short
from geo.report.story import Story, led
from geo.report.story_pdf import NAMELESS, OWNER

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
# The room between heading and footer.
LEFT, TOP, ACROSS, DOWN = Inches(0.6), Inches(1.5), Inches(12.13), Inches(5.1)
INNER, WITHIN = Inches(0.7), Inches(11.93)  # left and width of the text in it, and of figures
FOOT, TALL = Inches(6.75), Inches(0.5)
PLACES = {  # left, top, width, height of what the master holds
    PP_PLACEHOLDER.TITLE: (LEFT, Inches(0.35), ACROSS, Inches(1.1)),
    PP_PLACEHOLDER.BODY: (  # The room between heading and footer.
        LEFT,
        TOP,
        ACROSS,
        DOWN,
    ),
    PP_PLACEHOLDER.FOOTER: (LEFT, FOOT, Inches(8.6), TALL),
    PP_PLACEHOLDER.DATE: (Inches(9.4), FOOT, Inches(2.2), TALL),
    PP_PLACEHOLDER.SLIDE_NUMBER: (Inches(11.73), FOOT, Inches(1), TALL),
}
SWEDISH = "sv-SE"
SIZES = {"p:titleStyle": [30], "p:bodyStyle": [22, 20, 18, 18, 18]}  # points, by level
SMALL = Pt(18)  # captions, charts and the footer
BLUE, GREY, BLACK, WHITE = map(RGBColor.from_string, ("00508C", "8F8F8F", "111111", "FFFFFF"))


def new_deck(story: Story) -> Any:
    """Return an empty presentation, 16:9; raises ValueError when story.day is no day.

    >>> new_deck(Story("Norrby", "", "2026-11-28", "", "", "", ())).core_properties.author
    'Borås Stad'
    """
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    said, day = deck.core_properties, datetime.fromisoformat(story.day)
    said.title, said.subject = short(story.title) or NAMELESS, short(story.state)
    said.author = said.last_modified_by = OWNER
    said.created, said.modified, said.language = day, day, SWEDISH
    for layout in deck.slide_layouts:
        for box in layout.element.iter(qn("a:xfrm")):
            box.x, box.cx = box.x * 4 // 3, box.cx * 4 // 3
    for style in deck.slide_layouts[0].element.iter(qn("a:lvl1pPr")):
        style.set("algn", "l")
    _dress(deck.slide_master)
    for part in (deck, deck.slide_master, *deck.slide_layouts, deck.notes_master):
        to_swedish(part.element)
    return deck


def to_swedish(root: Any) -> None:
    """Make every text under an element Swedish that was said to be in another language.

    >>> run = OxmlElement("a:rPr")
    >>> run.set("lang", "en-US")
    >>> to_swedish(run)
    >>> run.get("lang")
    'sv-SE'
    """
    for element in root.iter():
        if element.get("lang"):
            element.set("lang", SWEDISH)


def _dress(master: Any) -> None:
    for holder in master.placeholders:
        kind = holder.placeholder_format.type
        place(holder, *PLACES[kind])
        if kind == PP_PLACEHOLDER.TITLE:
            holder.text_frame.vertical_anchor = MSO_ANCHOR.BOTTOM
        for style in holder.element.iter(qn("a:lvl1pPr")):
            style.set("algn", "l")
            dress_font(Font(style.find(qn("a:defRPr"))), SMALL, color=BLACK)
    for name, sizes in SIZES.items():
        styles = master.element.find(f".//{qn(name)}")
        for style, size in zip(styles, sizes, strict=False):
            style.set("algn", "l")
            is_title = name == "p:titleStyle"
            dress_font(
                Font(style.find(qn("a:defRPr"))), Pt(size), is_title, BLUE if is_title else BLACK
            )


def place(shape: Any, left: int, top: int, width: int, height: int) -> None:
    """Put a shape where it is to be, in EMU.

    >>> deck = new_deck(Story("", "", "2026-11-28", "", "", "", ()))
    >>> slide = deck.slides.add_slide(deck.slide_layouts[1])
    >>> place(slide.shapes.title, 0, 0, 9, 9)
    >>> slide.shapes.title.width
    9
    """
    shape.left, shape.top, shape.width, shape.height = map(Emu, (left, top, width, height))


def dress_font(font: Any, size: Any = None, bold: bool | None = None, color: Any = None) -> None:
    """Make a font Swedish, and give it what is named.

    >>> deck = new_deck(Story("", "", "2026-11-28", "", "", "", ()))
    >>> slide = deck.slides.add_slide(deck.slide_layouts[1])
    >>> run = slide.shapes.title.text_frame.paragraphs[0].add_run()
    >>> dress_font(run.font, bold=True)
    >>> run.font.bold, run.font.language_id.name
    (True, 'SWEDISH')
    """
    font.language_id = MSO_LANGUAGE_ID.SWEDISH
    if size is not None:
        font.size = size
    if bold is not None:
        font.bold = bold
    if color is not None:
        font.color.rgb = color


def write(frame: Any, texts: Iterable[str], bullets: bool = True, **look: Any) -> None:
    """Write paragraphs last in a frame. look: size, bold and color, else those of the frame.

    With bullets, what a paragraph is about is in bold.

    >>> deck = new_deck(Story("", "", "2026-11-28", "", "", "", ()))
    >>> slide = deck.slides.add_slide(deck.slide_layouts[1])
    >>> write(slide.placeholders[1].text_frame, ["a", "b\\x00"], bold=True)
    >>> slide.placeholders[1].text_frame.text
    'a\\nb'
    """
    for text in texts:
        paragraph = frame.add_paragraph() if frame.text else frame.paragraphs[0]
        lead, rest = led(plain(text)) if bullets else ("", plain(text))
        for part, own in ((lead, {"bold": True}), (rest, {})):
            if part:
                run = paragraph.add_run()
                run.text = part
                dress_font(run.font, **look | own)
        if not bullets:
            properties = paragraph._p.get_or_add_pPr()
            properties.attrib.update({"marL": "0", "indent": "0"})
            properties.append(OxmlElement("a:buNone"))


def describe(shape: Any, alt: str) -> None:
    """Give a picture, chart or table its text for who cannot see it.

    >>> deck = new_deck(Story("", "", "2026-11-28", "", "", "", ()))
    >>> slide = deck.slides.add_slide(deck.slide_layouts[1])
    >>> describe(slide.shapes.title, "Karta")
    >>> 'descr="Karta"' in slide.shapes.title.element.xml
    True
    """
    shape.element.xpath("./*/p:cNvPr")[0].set("descr", plain(alt))


def add_footer(slide: Any, text: str) -> None:
    """Write in the footer of a slide, which is that of its layout.

    >>> deck = new_deck(Story("", "", "2026-11-28", "", "", "", ()))
    >>> slide = deck.slides.add_slide(deck.slide_layouts[1])
    >>> add_footer(slide, "Demo")
    >>> slide.placeholders[11].text_frame.text
    'Demo'
    """
    for holder in slide.slide_layout.placeholders:
        if holder.placeholder_format.type == PP_PLACEHOLDER.FOOTER:
            slide.shapes.clone_placeholder(holder)
            frame = slide.placeholders[holder.placeholder_format.idx].text_frame
            write(frame, [text], size=SMALL, color=BLACK)
            frame.paragraphs[0].alignment = PP_ALIGN.LEFT
            frame.paragraphs[0].runs[0].font.name = "+mn-lt"  # of the theme, which not all inherit


def drop(shape: Any) -> None:
    """Take a shape away from its slide.

    >>> deck = new_deck(Story("", "", "2026-11-28", "", "", "", ()))
    >>> slide = deck.slides.add_slide(deck.slide_layouts[1])
    >>> drop(slide.placeholders[1])
    >>> len(slide.placeholders)
    1
    """
    shape.element.getparent().remove(shape.element)
