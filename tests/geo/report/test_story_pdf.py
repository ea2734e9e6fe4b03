"""The story as a PDF: every text as it stands, readable for who sees and who listens."""

import io
import re
import tempfile
import warnings
from collections import Counter
from dataclasses import replace

import outloud
import pdfua
import pikepdf
import pymupdf
import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from geo.report import story_pdf
from geo.report.story import Bar, Chart, Picture, Section, Story, Table
from geo.report.story_pdf import GAP, NAMELESS, levelled, percent, shares
from geo.report.typeset import shown

MARK = "Påhittade uppgifter, endast demonstration"
ODD = '#panic() *x* _y_ $ @z `r` \\ // <w:p>&amp; <script>alert("1")</script> å 😀 a\u200fb n\x00l'
LONG = "Ett samtal om trygghet. " * 417
WORD = "Kvalitetssäkringsarbetsgruppsordförandeskapsöverlämningsmöte"
NARROW = Table("Smal", tuple("abcdefgh"), ((WORD, "b" * 60, *"cdefgh"),))
WIDE = Table(
    "Fynd från vandringarna",
    tuple(f"Kolumn {place}" for place in range(8)),
    tuple(
        (*(f"{row}:{place}" for place in range(7)), "Belysningen fungerar inte vid gångtunneln")
        for row in range(40)
    ),
    numbers=(0, 1),
)
BARS = (
    Bar("Trygghet i området", 0.62, 0.48),
    Bar("Behöriga till gymnasiet", 0.71, None),
    Bar("Dold", None, 0.4),
)


def png(size=(60, 40)):
    drawn = io.BytesIO()
    Image.new("RGB", size, "#225ea8").save(drawn, "PNG")
    return drawn.getvalue()


PICTURE = Picture(png(), "Karta över Norrby och dess två basområden", "Nätverkets område")
CHART_ALT = "Trygghet i området är 62 % i Norrby mot 48 % i Borås."
CHART = Chart("Norrby och staden", CHART_ALT, "Norrby", "Borås", BARS)
EMPTY = Table("Möten", ("Dag", "Vad"), (), otherwise="Inga möten är inskrivna.")
TOY = Story(
    "Norrby: det vi vet och det vi gör",
    "Utkast, inte avslutad",
    "2026-11-28",
    MARK,
    "Källa: prov 2025",
    "Siffrorna är osäkra: grupperna är små.",
    (
        Section("who", "Vilka vi är", ("Nätverket är tre områden.",), ("En punkt", "Två")),
        Section("map", "Kartan", pictures=(PICTURE,), level=2),
        Section(
            "needs",
            "Behoven",
            charts=(CHART,),
            tables=(EMPTY, WIDE),
            gaps=("Vem gör vad till nästa möte?",),
            notes=("Små tal är dolda.",),
        ),
        Section("odd", ODD, (ODD, LONG, WORD), (ODD,), gaps=(ODD,), notes=(ODD,), tables=(NARROW,)),
    ),
)


def plain(text):
    """Return the signs of a text without what a line break may add or take."""
    return re.sub(r"[\s\-\u00ad\u2010\u200b\u200e\u200f\x00]", "", text)


def pages(written):
    with pymupdf.open(stream=written) as document:
        return [page.get_text() for page in document]


def said(written):
    """Return the text of all pages without the footers and what they would split."""
    with pymupdf.open(stream=written) as document:
        rooms = [page.rect - (0, 0, 0, 2 * 28) for page in document]
        return plain("".join(p.get_text(clip=r) for p, r in zip(document, rooms, strict=True)))


def words(story):
    return [plain(shown(text)) for text in story.words()]


def parts(written):
    """Count the elements of the structure: H1, Table, TH and so on."""
    with pikepdf.open(io.BytesIO(written)) as document:
        tags = (one.get("/S") for one in document.objects if isinstance(one, pikepdf.Dictionary))
        return Counter(str(tag) for tag in tags if isinstance(tag, pikepdf.Name))


def alone(**parts_of_section):
    return replace(TOY, sections=(Section("one", "Ett", **parts_of_section),))


@pytest.fixture(scope="module")
def toy():
    return story_pdf.pdf(TOY)


def test_every_text_of_the_story_stands_in_it(toy):
    whole = said(toy)
    assert [text for text in words(TOY) if text not in whole] == []


def test_the_texts_stand_in_the_order_of_the_story(toy):
    whole = said(toy)
    ends = [whole.index(plain(section.heading)) for section in TOY.sections]
    assert ends == sorted(ends)
    assert whole.endswith(plain(TOY.certainty + TOY.source))


def test_it_is_tagged_in_swedish_with_a_title_on_a4(toy):
    with pikepdf.open(io.BytesIO(toy)) as document:
        root = document.Root
        assert (str(root.Lang), bool(root.MarkInfo.Marked)) == ("sv", True)
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        assert document.docinfo["/Title"] == TOY.title
        assert document.docinfo["/Author"] == "Borås Stad"
        assert b"<pdfuaid:part>1</pdfuaid:part>" in root.Metadata.read_bytes()
        assert {tuple(map(round, page.mediabox[2:])) for page in document.pages} == {(595, 842)}


def test_every_font_is_in_the_file(toy):
    with pymupdf.open(stream=toy) as document:
        fonts = {font[0] for page in document for font in page.get_fonts()}
        assert fonts
        assert all(document.extract_font(font)[3] for font in fonts)


def test_headings_lists_tables_and_figures_are_what_they_are(toy):
    found = parts(toy)
    assert (found["/H1"], found["/H2"], found["/H3"]) == (1, 3, 1)
    assert found["/LI"] == 3
    assert found["/Table"] == 2
    assert found["/TH"] == 2 * 8
    assert found["/TD"] == 41 * 8
    assert found["/Figure"] >= 2


def test_picture_and_chart_have_a_text_for_who_cannot_see_them(toy):
    with pikepdf.open(io.BytesIO(toy)) as document:
        objects = [one for one in document.objects if isinstance(one, pikepdf.Dictionary)]
        alts = {str(one.Alt) for one in objects if "/Alt" in one}
    assert {PICTURE.alt, CHART.alt} <= alts


def test_a_chart_says_its_numbers_and_never_0_for_what_is_not_shown():
    whole = pages(story_pdf.pdf(alone(charts=(CHART,))))[0]
    for text in ("Norrby", "Borås", *(bar.name for bar in BARS), "62\xa0%", "48\xa0%"):
        assert text in whole
    assert whole.count("visas inte") == 2
    assert "0\xa0%" not in re.findall(r"\d+\xa0%", whole)


def test_the_length_of_a_bar_is_its_value():
    written = story_pdf.pdf(alone(charts=(CHART,)))
    with pymupdf.open(stream=written) as document:
        boxes = [(d["fill"], d["rect"]) for d in document[0].get_drawings() if d["fill"]]
    lengths = sorted(round(rect.width) for _, rect in boxes if rect.width > 20)
    whole = lengths[-1]
    assert lengths == sorted([*[whole] * 3, round(whole * 0.62), round(whole * 0.71)])


@pytest.mark.parametrize("values", [(None, None), (0.0, 1.4), (float("nan"), -0.2)])
def test_no_value_of_a_chart_stops_it(values):
    made = replace(CHART, bars=(Bar("x", *values),))
    assert len(pages(story_pdf.pdf(alone(charts=(made,))))) == 1


def test_each_page_has_the_mark_the_title_and_its_number(toy):
    found = pages(toy)
    assert len(found) > 2
    for number, text in enumerate(found, start=1):
        foot = text.strip().splitlines()[-2:]
        assert f"{MARK} · {TOY.title}" in foot[0]
        assert foot[1] == f"Sida {number} av {len(found)}"


def test_without_a_mark_there_is_none():
    made = replace(alone(), mark="")
    assert MARK not in "".join(pages(story_pdf.pdf(made)))


def test_a_header_row_comes_again_on_the_next_page():
    many = replace(WIDE, rows=WIDE.rows * 3)
    found = pages(story_pdf.pdf(alone(tables=(many,))))
    assert len(found) > 1
    assert all(f"Kolumn {place}" in text for text in found for place in range(8))
    assert parts(story_pdf.pdf(alone(tables=(many,))))["/TH"] == 8


def test_a_caption_stands_on_the_page_of_its_table():
    for n_lines in range(30, 50):
        made = alone(texts=("rad",) * n_lines, tables=(replace(WIDE, caption="Bildtext"),))
        found = pages(story_pdf.pdf(made))
        assert [text for text in found if "Bildtext" in text and "0:1" not in text] == []


@pytest.mark.parametrize(
    "table",
    [
        NARROW,
        WIDE,
        replace(WIDE, columns=(WORD,) * 8),
        Table("Utan avstavning", ("b" * 25,) * 8, (("9" * 19,) * 8,)),
        Table("Adresser", ("namn@boras.se",) * 8, (("anna.bo@boras.se",) * 8,)),
        Table("Svenska", ("Trygghetsvandringar",) * 8, (("Grundskolebehörighet",) * 8,)),
        Table("Många", ("Område",) * 14, (("Hässleholmen",) * 14,)),
    ],
)
def test_no_word_runs_out_of_its_column_or_over_the_next(table):
    with pymupdf.open(stream=story_pdf.pdf(alone(tables=(table,)))) as document:
        for page in document:
            words = [word[:4] for word in page.get_text("words")]
            assert max(x1 for _, _, x1, _ in words) <= page.rect.width - 55
            # The boxes of two lines may touch; those of two columns may not.
            boxes = [pymupdf.Rect(x0 + 0.5, y0 + 4, x1 - 0.5, y1 - 4) for x0, y0, x1, y1 in words]
            pairs = ((a, b) for i, a in enumerate(boxes) for b in boxes[i + 1 :])
            assert not [1 for a, b in pairs if a.intersects(b)]


@pytest.mark.parametrize("word", ["b" * 200, WORD, "1234567890" * 20])
def test_no_word_runs_out_of_the_page(word):
    bars = (Bar(word, 0.1, 0.2),)
    parts_of_it = dict.fromkeys(("texts", "points", "gaps", "notes"), (word,))
    chart = Chart(word, CHART_ALT, word, word, bars)
    made = alone(**parts_of_it, charts=(chart,), pictures=(replace(PICTURE, caption=word),))
    with pymupdf.open(stream=story_pdf.pdf(replace(made, title=word, source=word))) as document:
        ends = [one[2] for page in document for one in page.get_text("words")]
        assert max(ends) <= document[0].rect.width - 55


def test_what_is_to_be_filled_in_is_an_open_box():
    written = story_pdf.pdf(alone(gaps=("Vem?",)))
    assert GAP + "Vem?" in pages(written)[0]
    with pymupdf.open(stream=written) as document:
        dashes = {drawn["dashes"] for drawn in document[0].get_drawings()}
    assert dashes - {None, "[] 0"}


@pytest.mark.parametrize("size", [(60, 40), (10, 900), (900, 10), (1, 1)])
def test_a_picture_fits_the_page(size):
    written = story_pdf.pdf(alone(pictures=(replace(PICTURE, png=png(size)),)))
    with pymupdf.open(stream=written) as document:
        assert len(document) == 1
        (found,) = document[0].get_image_info()
        assert document[0].rect.contains(pymupdf.Rect(found["bbox"]))


def test_what_is_no_picture_is_told():
    with pytest.raises(typst.TypstError):
        story_pdf.pdf(alone(pictures=(replace(PICTURE, png=b"GIF"),)))


def test_nothing_is_left_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    story_pdf.pdf(TOY)
    with pytest.raises(typst.TypstError):
        story_pdf.pdf(alone(pictures=(PICTURE, replace(PICTURE, png=b""))))
    assert list(tmp_path.iterdir()) == []


def test_two_checkers_find_no_error(toy, tmp_path):
    path = tmp_path / "story.pdf"
    path.write_bytes(toy)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # theirs, not ours
        heard = outloud.check(str(path))
        checked = pdfua.validate(str(path))
    assert (heard.error, heard.errors, heard.warnings) == (None, 0, 0)
    assert [finding.message for finding in checked.findings] == []


def test_a_story_of_nothing_is_a_page_with_a_name():
    nothing = Story("", "", "", "", "", "", (Section("none", "", ("", " "), ("",)),))
    assert NAMELESS in pages(story_pdf.pdf(nothing))[0]


def test_the_same_story_is_the_same_file(toy):
    assert story_pdf.pdf(TOY) == toy


def test_levels_never_skip_one():
    sections = [Section(str(n), "A", level=level) for n, level in enumerate((2, 1, 2, 2, 1, 3))]
    assert [one.level for one in levelled(tuple(sections))] == [1, 1, 2, 2, 1, 2]
    assert levelled(()) == []


def test_column_shares_sum_to_one_and_leave_room_for_a_short_one():
    for table in (WIDE, NARROW, Table("", ("", "b" * 999), (("", "x"),))):
        assert sum(shares(table)) == pytest.approx(1)
        assert min(shares(table)) > 0.05


def test_a_share_is_whole_percent_or_not_shown():
    assert (percent(0), percent(0.004), percent(float("nan"))) == ("0\xa0%", "0\xa0%", "visas inte")


def stories(texts):
    tables = st.builds(
        lambda caption, cells, otherwise, n: Table(caption, cells, (cells,) * n, otherwise),
        *(texts, st.lists(texts, min_size=1, max_size=4).map(tuple), texts, st.integers(0, 2)),
    )
    many = st.lists(texts, max_size=2).map(tuple)
    values = st.none() | st.floats(0, 1)
    bars = st.lists(st.builds(Bar, texts, values, values), max_size=2).map(tuple)
    charts = st.builds(Chart, texts, texts, texts, texts, bars)
    pictures = st.builds(Picture, st.just(PICTURE.png), texts, texts)
    sections = st.builds(
        Section,
        *(texts, texts, many, many),
        *(st.lists(kind, max_size=1).map(tuple) for kind in (pictures, charts, tables)),
        *(many, many, st.integers(1, 2)),
    )
    return st.builds(Story, *[texts] * 6, st.lists(sections, max_size=3).map(tuple))


ANY = st.text(max_size=30)
# Signs that no script joins or turns: their order in the file is that of the text.
READABLE = st.text("aåÄöZé09 #*_$<>&[]{}()@`'\"\\/~=+.,;:!?%|^\n\t\x00–…”", max_size=40)


@settings(max_examples=20, deadline=None)
@given(stories(ANY))
def test_no_text_stops_it(story):
    assert story_pdf.pdf(story).startswith(b"%PDF-")


@settings(max_examples=20, deadline=None)
@given(stories(READABLE))
def test_any_text_stands_as_it_is(story):
    whole = said(story_pdf.pdf(story))
    assert [text for text in words(story) if text not in whole] == []
