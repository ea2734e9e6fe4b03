"""The wall: one file that asks for nothing, holds every text, and lets no text be markup."""

import base64
import hashlib
import io
import re
from html import unescape
from html.parser import HTMLParser

import pytest
from PIL import Image

from geo.report import slides, story_wall
from geo.report.story import Bar, Chart, Picture, Section, Story, Table
from geo.sources import DEMO_MARK

XML, SCRIPT = "<a:p>&amp;</a:p>", "<script>alert(1)</script>"
ODD = f"{XML} {SCRIPT} å 🦉 \u200f \x00\x0b\ufffe \"'"
LONG = " ".join(f"Mening {n} om trygghet och belysning i området." for n in range(230))[:10_000]
HEADING = "En mycket lång rubrik som ingen bild har plats för, " * 4
BARS = tuple(Bar(f"Mått {n}", n / 20, 0.5) for n in range(9))
HIDDEN = Bar("Trivs i skolan", None, 0.83)
WIDE = tuple(tuple(f"r{row} k{column}" for column in range(8)) for row in range(40))


def png(width=60, height=40):
    file = io.BytesIO()
    Image.new("RGB", (width, height), "#00508c").save(file, "PNG")
    return file.getvalue()


def figures():
    """One section of each kind of figure, and one with all that is odd."""
    picture = Picture(png(), f"Karta {ODD}", "Norrby. Källa: SCB.")
    tall = Picture(png(40, 400), "En hög bild", "")
    chart = Chart(f"Välfärd {XML}", "Lägre än Borås.", "Norrby", "Borås", (*BARS, HIDDEN))
    none = Chart("Ingenting", "Inget.", "Norrby", "Borås", ())
    table = Table("Bred", tuple(f"Kolumn {n}" for n in range(8)), WIDE, numbers=(6, 7))
    cell = Table("Lång cell", ("a", "b"), ((LONG[:1500], "x" * 90), ("", "")))
    empty = Table("Ej vandrat", ("a",), (), "Inga vandringar är registrerade.")
    return {"pictures": (picture, tall), "charts": (chart, none), "tables": (table, cell, empty)}


def toy():
    points = (*(f"Punkt {n}" for n in range(7)), ODD)
    all_kinds = {"gaps": ("Mötets bedömning",), "notes": ("Definition: andel.",), "on_wall": True}
    sections = (
        Section("odd", f"Rubrik {ODD}", (ODD, LONG), points, **all_kinds),
        Section("figures", "Figurer", ("Först detta.",), **figures(), **all_kinds),
        Section("heading", HEADING, level=2, on_wall=True),
        Section("paper", "Bara på papper", ("Underlag",), notes=("Bilaga.",)),
        Section("off", "Tabell för sig", tables=(Table("T", ("a",), (("b",),)),)),
    )
    said = ("Säkerhet: 38 procent.", "Källa: SCB.")
    return Story(f"Lägesbild {ODD}", "Utkast", "2026-11-28", DEMO_MARK, *reversed(said), sections)


class Reader(HTMLParser):
    """Reads tags, attributes and texts as a browser does."""

    def __init__(self, source):
        super().__init__()
        self.tags, self.texts = [], []
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.texts.append(data)

    def all(self, name):
        return [attributes for tag, attributes in self.tags if tag == name]


@pytest.fixture(scope="module")
def written():
    return story_wall.html(toy())


@pytest.fixture(scope="module")
def read(written):
    return Reader(written)


def squeezed(text):
    return re.sub(r"\s", "", text)


def test_every_text_on_the_wall_is_there(read):
    said = squeezed("".join(read.texts))
    story = toy()
    for section in (*story.sections[:3], Section("", story.certainty, (story.source,))):
        words = Story("", "", "", "", "", "", (section,)).words()
        first = {table.columns[0] for table in section.tables}  # its cells are in bold, unnamed
        whole = [slides.plain(word) for word in words if len(word) < 60 and word not in first]
        assert [word for word in whole if squeezed(word) not in said] == []
    for part in slides.pieces(LONG, story_wall.MOST_SIGNS):
        assert squeezed(part) in said
    assert squeezed(HEADING) in said  # the heading is cut, and stands whole in the text
    assert DEMO_MARK in "".join(read.texts)
    assert "visasinte" in said


def test_what_is_not_on_the_wall_is_not(written):
    for words in ("Bara på papper", "Tabell för sig", "Bilaga."):
        assert words not in written


def test_no_text_becomes_markup_and_no_sign_is_illegal(written, read):
    assert len(read.all("script")) == 1
    assert "<a:p>" not in written
    assert not re.search("[\x00\x0b\ufffe]", written)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in written
    assert not [key for _, attrs in read.tags for key in attrs if key.startswith("on")]


def test_it_asks_for_nothing_and_its_policy_says_so(written, read):
    links = [attrs.get(key, "") for _, attrs in read.tags for key in ("src", "href", "data")]
    assert {link.partition(",")[0] for link in links if link} == {"data:image/png;base64"}
    assert not re.search(r"https?://|url\(|@import|fetch\(|localStorage", written)
    policy = next(meta["content"] for meta in read.all("meta") if "http-equiv" in meta)
    assert policy.startswith("default-src 'none'; img-src data:;")
    for inside in re.findall(r"<(?:style|script)>(.*?)</", written, re.DOTALL):
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy


def test_it_is_swedish_with_a_heading_on_each_slide_and_texts_for_pictures(written, read):
    assert read.all("html") == [{"lang": "sv"}]
    n = written.count("<section")
    assert len(read.all("h1")) == 1
    assert len(read.all("h2")) == n - 1
    assert [image["alt"] for image in read.all("img")][1] == "En hög bild"
    assert f"1 av {n}" in written


def test_what_the_script_cannot_part_is_no_larger_than_a_slide(written, read):
    lines = re.findall(r"<p class=.(?:text|gap).>([^<]*)|<li class=.point.>(.*?)</li>", written)
    assert max(len(re.sub("<[^>]*>", "", unescape("".join(line)))) for line in lines) <= 500
    cards = re.findall("<li>(<b>.*?)</li>|<li>(<p>.*?)</li>", written)
    assert len(cards) > 40
    assert max(len(unescape(re.sub("<[^>]*>", "", "".join(card)))) for card in cards) <= 500


def test_pictures_come_first_in_the_form_that_is_read_from_afar():
    pictures = (Picture(b"paper", "A", "a"), Picture(b"paper", "B", "b", lambda: b"wall"))
    one = Section("a", "A", ("Text.",), pictures=pictures, on_wall=True)
    said = story_wall.html(Story("N", "", "2026-11-28", "", "", "", (one,)))
    drawn = [base64.b64decode(png) for png in re.findall(r"base64,([^\"]*)", said)]
    assert drawn == [b"paper", b"wall"]
    assert said.index("Text.") > said.rindex("<figure")


def test_what_a_point_is_about_is_bold():
    points = ("Fynd: 3 nya.", "Allt är lugnt ja.")
    story = Story("N", "", "2026-11-28", "", "", "", (Section("a", "A", (), points, on_wall=True),))
    said = story_wall.html(story)
    assert '<li class="point"><b>Fynd:</b> 3 nya.</li>' in said
    assert '<li class="point">Allt är lugnt ja.</li>' in said


def test_a_row_of_a_table_is_a_card_with_what_says_something(read):
    cells = "".join(read.texts)
    assert all(cells.count(cell) == 1 for row in WIDE for cell in row if row[0] == "r7 k0")
    rows = (("Lampor", "Fritid", "–", ""), ("", "–", "2027-01-31", "x"))
    table = Table("Beslut", ("Vad", "Ansvarig", "Klart", "Brå"), rows)
    one = Section("a", "A", tables=(table,), on_wall=True)
    said = story_wall.html(Story("N", "", "2026-11-28", "", "", "", (one,)))
    assert '<li><b>Lampor</b><p><span class="pair">Ansvarig: Fritid</span></p></li>' in said
    said = said.replace(' class="pair"', "")
    assert "<li><p><span>Klart: 2027-01-31</span>\u00a0· <span>Brå: x</span></p></li>" in said


def test_without_a_mark_and_without_sections_there_is_the_title_alone():
    bare = story_wall.html(Story("Norrby", "", "2026-11-28", "", "", "", ()))
    assert 'class="mark"' not in bare
    assert bare.count("<section") == 1


def test_the_script_is_small_and_plain():
    assert len(story_wall.SCRIPT.splitlines()) < 190
    assert not re.search(r"innerHTML|eval|catch", story_wall.SCRIPT)


@pytest.mark.parametrize("most", [1, 7, 350])
def test_pieces_lose_nothing(most):
    for text in (LONG[:700], "x" * 800, "å 🦉 " * 50):
        parts = slides.pieces(slides.plain(text), most)
        assert squeezed("".join(parts)) == squeezed(text)
        assert max(map(len, parts)) <= most
