"""The sheet to hand over: a tagged PDF that says what the rows say, whatever signs are in them."""

import io
import re
import unicodedata
from collections import Counter
from html import unescape
from html.parser import HTMLParser

import matplotlib.image
import numpy as np
import pandas as pd
import pytest
import typst

from geo.errors import GeoError
from geo.report import owner_sheet, typeset
from geo.report.owner_sheet import COLUMNS, Sheet
from geo.sources import DEMO_MARK

ROW = {
    "number": "#0001",
    "what": "Belysning: Släckt lampa vid bron",
    "where": "Norrby",
    "noted": "2026-03-01",
    "waited": "269 dagar",
    "status": "Ansvarig utsedd",
    "coordinates": "377000, 6400000",
}
HEADERS = ["Fynd", "Vad", "Var", "Noterat", "Väntat", "Status"]
HEADERS += ["Öst, norr (SWEREF 99 TM)", "Svar", "Klart"]
NEVER = {0, 0xFEFF, 0xFFFE, *range(0xD800, 0xE000)}


def sheet(*rows, owner="AB Bostäder", notes=("Källa: prov",), mark=""):
    table = pd.DataFrame([ROW | row for row in rows], columns=list(COLUMNS))
    return Sheet(owner, "2026-11-25", table, list(notes), mark)


def elements(made):
    """Return how many elements of each kind a screen reader follows: TR, TH, TD, H1 …"""
    return Counter(kind.decode() for kind in re.findall(rb"/S/(\w+)", owner_sheet.pdf(made)))


def n_pages(made):
    return len(re.findall(rb"/Type/Page\b", owner_sheet.pdf(made)))


def title(made):
    """Return the title as the description of the document has it (XMP, in UTF-8)."""
    held = re.search(rb"<dc:title>.*?<rdf:li[^>]*>(.*?)</rdf:li>", owner_sheet.pdf(made), re.DOTALL)
    return unescape(held[1].decode())


class Cells(HTMLParser):
    """The texts of a page that typst makes of the same template: a list per row of the table."""

    def __init__(self, page):
        super().__init__()
        self.rows, self.tags, self.rest = [], set(), ""
        self._inside = None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self._inside = tag
            self.rows[-1].append("")
        if tag == "br" and self._inside:
            self.rows[-1][-1] += "\n"

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self._inside = None

    def handle_data(self, data):
        if self._inside:
            self.rows[-1][-1] += data
        else:
            self.rest += data


def said(made):
    """Return what the template makes of a sheet as text."""
    page = owner_sheet._typeset(made, format="html")
    return Cells(page.decode())


def test_it_is_a_tagged_pdf_in_swedish_with_a_title():
    """Typst itself refuses what breaks PDF/UA-1; this is what that promises."""
    made = sheet(*[{}] * 40, mark=DEMO_MARK)
    written = owner_sheet.pdf(made)
    assert written.startswith(b"%PDF-1.7")
    assert title(made) == "Fynd från trygghetsvandringar: AB Bostäder"
    for said in (
        rb"/Lang\(sv\)",
        rb"/StructTreeRoot\b",
        rb"/MarkInfo<</Marked true",
        rb"/DisplayDocTitle true",
        rb"<pdfuaid:part>1</pdfuaid:part>",
        rb"/MediaBox\[0 0 841\.8898 595\.2756\]",
    ):
        assert re.search(said, written), said


def test_the_table_is_a_table_for_a_screen_reader():
    found = elements(sheet({}, {}))
    assert (found["Table"], found["H1"], found["THead"], found["TR"]) == (1, 1, 1, 3)
    assert (found["TH"], found["TD"]) == (len(HEADERS), 2 * len(HEADERS))


def test_it_says_what_the_rows_say_and_leaves_room_to_answer():
    made = sheet({}, {"number": "#0002", "where": "Hulta"}, notes=["Källa: a", "Urval: b"])
    page = said(made)
    assert page.rows == [
        HEADERS,
        [*ROW.values(), "", ""],
        [*(ROW | {"number": "#0002", "where": "Hulta"}).values(), "", ""],
    ]
    assert "2026-11-25. 2 fynd." in page.rest
    assert "Källa: a" in page.rest
    assert "Urval: b" in page.rest
    assert DEMO_MARK not in page.rest


def test_what_is_made_up_is_marked():
    assert f"{DEMO_MARK}." in said(sheet({}, mark=DEMO_MARK)).rest


MARKUP = {
    "a rule": "#set text(red)",
    "code": '#sys.inputs.sheet #import "x.typ" #eval("1+1")',
    "mathematics": "$x^2$ kostar 5 $",
    "strong": "*fett* _lutat_",
    "raw": "`kod` ```py kod```",
    "html": "<script>alert(1)</script> &lt; &amp;",
    "backslash": "\\ \\n \\u{1F989} C:\\mapp\\fil",
    "heading and lists": "= rubrik - punkt + ett / a: b",
    "references": "@källa <etikett> https://example.org",
    "comments": "a // b /* c */ d",
    "brackets": "[a] {b} (c) #[",
    "quotes": "\"a\" 'b' -- --- ... ~",
    "json": '"}, {"owner": "X"',
    "swedish": "Åäö é – ”citat” 10 °C",
    "right to left": "שלום ‏مرحبا",
}


@pytest.mark.parametrize("text", MARKUP.values(), ids=MARKUP)
def test_markup_comes_out_as_text(text):
    made = sheet(dict.fromkeys(COLUMNS, text), owner=text, notes=[text], mark=text)
    page = said(made)
    assert page.rows[1] == [text] * len(COLUMNS) + ["", ""]
    assert f"Fynd från trygghetsvandringar: {text}" in page.rest
    assert page.rest.count(text) >= 4
    assert page.tags <= {
        *("html", "head", "meta", "title", "body", "h1", "h2", "p", "strong", "br"),
        *("table", "thead", "tbody", "tr", "th", "td", "span"),
    }
    assert title(made) == f"Fynd från trygghetsvandringar: {text}"


def test_a_line_break_stays_one():
    page = said(sheet({"what": "Mörkt.\nRad två"}))
    assert page.rows[1][1] == "Mörkt.\nRad två"


def test_an_emoji_is_text_and_never_breaks_the_sheet():
    text = "🦉 👩‍👧 🇸🇪 中文 हिन्दी"
    made = sheet({"what": text}, owner=text)
    assert said(made).rows[1][1] == text
    assert n_pages(made) == 1


def test_no_sign_at_all_breaks_the_sheet():
    every = map(chr, set(range(0x110000)) - NEVER)
    signs = [sign for sign in every if unicodedata.category(sign) not in ("Cn", "Co")]
    assert len(signs) > 140_000
    rows = [{"what": "".join(signs[n : n + 400])} for n in range(0, len(signs), 400)]
    assert owner_sheet.pdf(sheet(*rows)).startswith(b"%PDF-")


@pytest.mark.parametrize("sign", ["\x00", "\ufeff", "\ufffe", "\ud800", "\u202e", "\x07"])
def test_what_is_no_text_is_left_out(sign):
    made = sheet({}, owner=f"AB{sign} Bo", notes=[f"Källa{sign}"])
    assert owner_sheet.pdf(made).startswith(b"%PDF-")
    if sign in ("\x00", "\ufeff", "\ufffe"):
        assert "trygghetsvandringar: AB Bo" in said(made).rest


def test_what_is_missing_is_a_dash():
    page = said(sheet({"where": None, "waited": float("nan"), "noted": pd.NaT}))
    assert [page.rows[1][n] for n in (2, 3, 4)] == ["–"] * 3


def test_500_rows_go_over_pages_and_each_says_what_its_columns_are():
    made = sheet(*({"number": f"#{n:04}"} for n in range(500)))
    assert 20 < n_pages(made) < 60
    assert elements(made)["TR"] == 501
    pages = drawn(sheet(*({"number": f"#{n:04}", "where": "M" * (n % 9)} for n in range(60))))
    assert len(pages) > 3
    _, second, third, *_ = map(ink, pages)
    head, below = slice(80, 150), slice(180, 240)  # pixels, from the top
    assert second[head].max() > 0.9
    assert np.array_equal(second[head], third[head])
    assert not np.array_equal(second[below], third[below])


def test_no_rows_are_a_table_of_headers():
    page = said(sheet())
    assert page.rows == [HEADERS]
    assert "0 fynd." in page.rest
    assert n_pages(sheet()) == 1


@pytest.mark.parametrize("name", COLUMNS)
def test_a_missing_column_is_a_wrong_call(name):
    made = sheet({})
    rows = made.rows.drop(columns=name)
    with pytest.raises(GeoError, match=f"rows: kolumnerna {name} saknas"):
        owner_sheet.pdf(Sheet("A", "2026-11-25", rows, []))


def test_rows_may_have_other_columns_and_any_order():
    made = sheet({})
    rows = made.rows[list(reversed(COLUMNS))].assign(age_days=3.0)
    page = said(Sheet("A", "2026-11-25", rows, []))
    assert page.rows[1] == [*ROW.values(), "", ""]


def drawn(made):
    """Return each page as a picture, half a point to a pixel."""
    pages = owner_sheet._typeset(made, format="png", ppi=144)
    pages = pages if isinstance(pages, list) else [pages]
    return [matplotlib.image.imread(io.BytesIO(page))[..., :3] for page in pages]


def ink(page):
    """Return how dark each pixel is, 0 (paper) to 1."""
    return 1 - page.mean(axis=2)


@pytest.mark.parametrize("text", ["a" * 2_000, "Nedskräpning/klotter/skadegörelse" * 20])
def test_a_word_longer_than_its_column_does_not_run_over_the_next(text):
    dark = ink(drawn(sheet({"what": text}))[0])[360:480] > 0.15  # where no other cell has text
    is_border = dark.all(axis=0)
    borders = np.flatnonzero(is_border & ~np.roll(is_border, 1))
    assert len(borders) == len(HEADERS) + 1
    text_at = np.flatnonzero(dark.any(axis=0) & ~is_border)
    assert len(text_at) > 100
    assert borders[1] < text_at.min() < text_at.max() < borders[2]


def test_the_same_sheet_looks_the_same_on_every_machine():
    fonts = set(typeset._fonts().families())
    assert {"Libertinus Serif", "DejaVu Sans", "Last Resort High-Efficiency"} <= fonts
    assert "Liberation Sans" not in fonts
    assert isinstance(typeset._fonts(), typst.Fonts)
    made = sheet({}, {"what": "🦉"})
    assert all(np.array_equal(a, b) for a, b in zip(drawn(made), drawn(made), strict=True))
