"""A Story on the page: the same sentences, figures and tables as in the documents."""

from __future__ import annotations

from base64 import b64encode
from html import escape

import pandas as pd
import streamlit as st

from geo.report.story import Picture, Section, Story, Table, led
from pages.parts import charts, grid, words

HEIGHT = 1600  # a table stands whole: long ones are folded
FOLDED = ("others", "indicators", "noted", "meetings", "efforts", "known")  # their tables


def show(story: Story, skip: tuple[str, ...] = ()) -> None:
    """Show a story's sections, but those of some keys; every text as it stands."""
    for section in story.sections:
        if section.key not in skip:
            show_section(section, story.mark)
    st.caption(words.markdown_safe(f"{story.certainty} {story.source}"))


def show_section(section: Section, mark: str = "") -> None:
    """Show one section. mark: of made-up data, which stands in the caption of its tables."""
    st.subheader(words.markdown_safe(section.heading), anchor=False)
    for text in section.texts:
        st.markdown(words.markdown_safe(text).replace("\n", "  \n"))
    if section.points:
        st.markdown("\n".join(f"- {_point(point)}" for point in section.points))
    for picture in section.pictures:
        st.html(_picture(picture))
    for chart in section.charts:
        charts.show(charts.beside(chart, mark), chart.alt)
    for table in section.tables:
        caution = mark if section.key in ("indicators", "noted") else ""
        if section.key in FOLDED and table.rows:
            n = words.counted(len(table.rows), "rad", "rader")
            with st.expander(f"{words.markdown_safe(table.caption)} ({n})"):
                _table(table, caution)
        else:
            _table(table, caution)
    if section.key == "judgement" and section.gaps:
        st.markdown("Skriv den under **Mötets del**.")
        return
    for gap in section.gaps:
        st.markdown(f"*Att fylla i: {words.markdown_safe(gap)}*")
    for note in section.notes:
        st.caption(words.markdown_safe(note))


def _point(point: str) -> str:
    """Write a point on one line, what it is about in bold."""
    lead, rest = (words.markdown_safe(part).replace("\n", " ") for part in led(point))
    return f"**{lead}**{rest}" if lead else rest


def _picture(picture: Picture) -> str:
    data = b64encode(picture.png).decode()
    return (
        f'<figure style="margin:0"><img src="data:image/png;base64,{data}" '
        f'alt="{escape(picture.alt)}" style="max-width:100%;height:auto">'
        f"<figcaption>{escape(picture.caption)}</figcaption></figure>"
    )


def _table(table: Table, mark: str) -> None:
    rows = pd.DataFrame(list(table.rows), columns=list(table.columns))
    otherwise = f"{table.caption}: {table.otherwise}" if table.otherwise else ""
    grid.show(rows, table.caption, HEIGHT, words.markdown_safe(otherwise), mark)
