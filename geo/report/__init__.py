"""What is put on paper and on the wall: pictures of maps, documents, presentations.

story            the form of a document: sections of sentences, tables and figures
situation_story  a Situation written out as a Story; sections/ has its parts
story_pdf, story_docx, story_pptx, story_wall    the same Story in four forms
annual/, bra/    the year's report, the sheet over the city for Brå: Stories too
place_map, map_insets, printmap    maps for paper and wall
owner_sheet, priority_sheet    the sheets of the walks and of the ranking
"""

from __future__ import annotations

from geo.report import story_docx, story_pdf, story_pptx, story_wall
from geo.report.situation_story import story
from geo.situation import Situation


def pdf(situation: Situation) -> bytes:
    """Return the lägesbild as a tagged PDF (PDF/UA-1, Swedish, A4).

    >>> pdf.__annotations__["return"]
    'bytes'
    """
    return story_pdf.pdf(story(situation))


def docx(situation: Situation) -> bytes:
    """Return the lägesbild as a Word document with real styles and tables, to go on editing.

    >>> docx.__annotations__["return"]
    'bytes'
    """
    return story_docx.docx(story(situation))


def pptx(situation: Situation) -> bytes:
    """Return the lägesbild as a PowerPoint with native charts and tables.

    >>> pptx.__annotations__["return"]
    'bytes'
    """
    return story_pptx.pptx(story(situation))


def wall(situation: Situation) -> str:
    """Return the lägesbild as one HTML page for the wall, which asks for nothing.

    >>> wall.__annotations__["return"]
    'str'
    """
    return story_wall.html(story(situation))
