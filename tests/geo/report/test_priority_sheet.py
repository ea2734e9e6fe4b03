"""One page for a decision paper: what it says, whatever signs are in it, and never two pages."""

import re
from html import unescape

import numpy as np
import pandas as pd
import pytest

from geo.errors import GeoError
from geo.report import priority_sheet
from geo.report.priority_sheet import MOST_ROWS, NUMBERS, TEXTS, Sheet
from geo.report.typeset import typeset
from geo.sources import DEMO_MARK

ROW = {"name": "Norrby", "verdict": "möjligen", "share": "62 %", "place": "1–8"}
ROW |= {"median": "3", "ground": "–"}
PLACES = {"low": 1.0, "middle": 3.0, "high": 8.0}


def sheet(*rows, mark="", notes=("Källa: prov",)):
    table = pd.DataFrame([ROW | PLACES | row for row in rows], columns=[*TEXTS, *NUMBERS])
    head = ("Kraftsamla: barn och unga", "2026-11-25", "Säkert bland de 3 med störst behov: ingen.")
    weights, moves = "Trygghet 50 % och Skolk 50 %", "hur osäkra värdena är 34 %"
    return Sheet(*head, table, 3, weights, "Enkät: Trygghet 2025.", moves, list(notes), mark)


def said(made):
    page = typeset(priority_sheet.TEMPLATE, priority_sheet._said(made), format="html").decode()
    return unescape(re.sub(r"<[^>]+>", " ", page))


def n_pages(made):
    return len(re.findall(rb"/Type/Page\b", priority_sheet.pdf(made)))


def test_it_is_a_tagged_pdf_in_swedish_that_says_what_it_is_given():
    made = sheet({}, {"name": "Sjöbo", "verdict": "inte"}, mark=DEMO_MARK)
    written = priority_sheet.pdf(made)
    for mark in (rb"/Lang\(sv\)", rb"/MarkInfo<</Marked true", rb"/S/TH\b"):
        assert re.search(mark, written)
    text = said(made)
    for words in (
        made.title,
        made.headline,
        made.weights,
        made.sources,
        made.moves,
        "Sjöbo",
        "1–8",
        DEMO_MARK,
    ):
        assert words in text


@pytest.mark.parametrize("n", [1, 9, 20, MOST_ROWS, 47])
def test_it_is_one_page_however_many_are_ranked(n):
    made = sheet(*({"name": f"Område {place} med ett långt namn"} for place in range(n)))
    assert n_pages(made) == 1
    assert (f"De {MOST_ROWS} första av {n}" in said(made)) == (n > MOST_ROWS)


def test_an_area_that_cannot_be_judged_has_no_line():
    nothing = dict.fromkeys(NUMBERS, np.nan) | {"verdict": "går ej att bedöma", "place": "–"}
    made = sheet({}, nothing)
    assert "går ej att bedöma" in said(made)
    assert "Plats 1–1, störst behov" in said(made)  # the scale is of those that are ranked


def test_the_heading_says_among_how_many_and_whom_ground_is_shared_with():
    shared = {"ground": "Områdesnätverk Trandared (76 %, 67 %)"}
    found = said(sheet({}, shared))
    assert "Bland de 3 första" in found
    assert "Delar mark med" in found
    assert shared["ground"] in found
    assert "Delar mark med" not in said(sheet({}))
    assert n_pages(sheet(*[shared] * 20)) == 1


@pytest.mark.parametrize("odd", ["<b>", "#let x = 1", "$x$", "🦉", "\x00", "a" * 80, "\\", '"'])
def test_odd_signs_stay_text(odd):
    made = sheet({"name": odd}, notes=[odd])
    assert n_pages(made) == 1
    assert odd.replace("\x00", "")[:20] in said(made).replace("\u200b", "")


def test_a_missing_column_is_told():
    made = sheet({})
    with pytest.raises(GeoError, match="place"):
        priority_sheet.pdf(Sheet(**(vars(made) | {"rows": made.rows.drop(columns="place")})))
