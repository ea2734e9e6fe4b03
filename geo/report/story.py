"""A document before it has a form: sections of sentences, tables and figures, in Swedish.

The page, the PDF, Word, PowerPoint and the wall all show the same Story, so they cannot disagree.
Every text stands as it is to be read, without any markup: who shows it escapes it.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import Any

MOST_LEAD = 40  # signs of what a point is about


@dataclass(frozen=True)
class Table:
    """A table of texts. rows: as long as columns; otherwise: the sentence when there are none.

    numbers: the positions of the columns that are set to the right. Raises ValueError for a row of
    another length than the columns.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    otherwise: str = ""
    numbers: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if odd := [row for row in self.rows if len(row) != len(self.columns)]:
            raise ValueError(f"rows: {len(self.columns)} celler väntades, fick {odd[0]!r}.")

    def without_silent(self, name: str, *silent: str) -> Table:
        """Leave out a column when no row says anything in it. silent: texts that say nothing.

        >>> table = Table("Fynd", ("Vad", "Var", "Antal"), (("Glas", "–", "2"),), numbers=(2,))
        >>> lean = table.without_silent("Var", "–")
        >>> lean.columns, lean.rows, lean.numbers
        (('Vad', 'Antal'), (('Glas', '2'),), (1,))
        """
        place = self.columns.index(name)
        if not self.rows or any(row[place] not in silent for row in self.rows):
            return self
        return self.without(name)

    def without(self, *names: str) -> Table:
        """Leave out columns.

        >>> Table("Fynd", ("Vad", "Antal"), (("Glas", "2"),), numbers=(1,)).without("Vad").numbers
        (0,)
        """
        kept = [i for i, column in enumerate(self.columns) if column not in names]
        rows = tuple(tuple(row[i] for i in kept) for row in self.rows)
        numbers = tuple(kept.index(i) for i in self.numbers if i in kept)
        return replace(
            self, columns=tuple(self.columns[i] for i in kept), rows=rows, numbers=numbers
        )


@dataclass(frozen=True)
class Bar:
    """One place of a chart: value and what it is held against, both 0–1 (None: not shown)."""

    name: str
    value: float | None
    against: float | None


@dataclass(frozen=True)
class Chart:
    """Values beside those of the city. alt: what it says, for who cannot see it.

    value_name and against_name: what the two are, such as Norrby and Borås.
    """

    title: str
    alt: str
    value_name: str
    against_name: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Picture:
    """A picture (PNG) with its text for who cannot see it, and the line under it.

    drawn: the same with larger texts, to be read from six metres, drawn when it is asked for.
    """

    png: bytes = field(repr=False)
    alt: str
    caption: str
    drawn: Callable[[], bytes] | None = field(default=None, repr=False, compare=False)

    @property
    def large(self) -> bytes:
        """The PNG for a wall: that which is drawn with larger texts, if there is one.

        >>> Picture(b"paper", "", "").large, Picture(b"paper", "", "", lambda: b"wall").large
        (b'paper', b'wall')
        """
        return self.drawn() if self.drawn else self.png


@dataclass(frozen=True)
class Section:
    """One heading and what stands under it, in this order: texts, points, figures, tables, notes.

    key: names the section, as in a test. gaps: what the author is to fill in, left visibly open.
    level: 1, or 2 under the section before. on_wall: shown when the story is presented.
    """

    key: str
    heading: str
    texts: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()
    gaps: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    level: int = 1
    on_wall: bool = False


@dataclass(frozen=True)
class Story:
    """A whole document. day: 2026-11-28. mark: of made-up data, "" when all is real.

    state: what it is, such as "Utkast, inte avslutad". source: one line; certainty: one sentence on
    how sure the numbers are. order: keys of sections, as they come when the story is presented.
    """

    title: str
    state: str
    day: str
    mark: str
    source: str
    certainty: str
    sections: tuple[Section, ...]
    order: tuple[str, ...] = ()

    def section(self, key: str) -> Section:
        """Return the section of a key; raises KeyError when there is none.

        >>> Story("", "", "", "", "", "", (Section("who", "Vilka vi är"),)).section("who").heading
        'Vilka vi är'
        """
        return {section.key: section for section in self.sections}[key]

    def words(self) -> Iterator[str]:
        """Give every text of the story, in reading order: what each form of it must hold.

        >>> one = Section("a", "A", points=("b",), tables=(Table("t", ("k",), (("1",),)),))
        >>> list(Story("T", "", "", "", "", "", (one,)).words())
        ['T', 'A', 'b', 't', 'k', '1']
        """
        yield from filter(None, (self.title, self.state, self.day, self.mark))
        for section in self.sections:
            yield from (section.heading, *section.texts, *section.points)
            yield from (picture.caption for picture in section.pictures)
            yield from (chart.title for chart in section.charts)
            for table in section.tables:
                yield table.caption
                yield from table.columns if table.rows else (table.otherwise,)
                yield from (cell for row in table.rows for cell in row)
            yield from (*section.gaps, *section.notes)
        yield from filter(None, (self.certainty, self.source))


def led(point: str) -> tuple[str, str]:
    """Part a point after what it is about, which is set in bold; "" when it names nothing first.

    >>> led("Fynd: 3 nya."), led("Inget: är 2024. Sedan: x"), led("Allt är lugnt.")
    (('Fynd:', ' 3 nya.'), ('Inget:', ' är 2024. Sedan: x'), ('', 'Allt är lugnt.'))
    """
    lead, colon, rest = point.partition(": ")
    is_name = bool(colon) and len(lead) <= MOST_LEAD and not {".", "!", "?"} & set(lead)
    return (f"{lead}:", f" {rest}") if is_name else ("", point)


def as_json(story: Story) -> str:
    """Write a story as JSON, pictures and all: how a closed lägesbild is kept.

    >>> of_json(as_json(Story("T", "", "", "", "", "", (Section("a", "A"),)))).sections[0].heading
    'A'
    """
    return json.dumps(asdict(story), ensure_ascii=False, default=_held)


def _held(picture: bytes | Callable[[], bytes]) -> str:
    return b64encode(picture() if callable(picture) else picture).decode()


def of_json(text: str) -> Story:
    """Return the story that as_json wrote.

    >>> one = Section("a", "A", pictures=(Picture(b"png", "alt", "c"),), charts=(
    ...     Chart("t", "alt", "x", "y", (Bar("n", 0.5, None),)),), tables=(Table("t", (), ()),))
    >>> kept = as_json(Story("T", "", "", "", "", "", (one,)))
    >>> of_json(kept).sections == of_json(kept.replace(', "drawn": null', "")).sections == (one,)
    True
    """
    held = json.loads(text)
    own = {"sections": tuple(map(_section, held["sections"]))}
    return Story(**held | own | {"order": tuple(held.get("order", ()))})


def _section(held: dict[str, Any]) -> Section:
    made: dict[str, Any] = {
        "pictures": tuple(map(_picture, held["pictures"])),
        "charts": tuple(
            Chart(**chart | {"bars": tuple(Bar(**bar) for bar in chart["bars"])})
            for chart in held["charts"]
        ),
        "tables": tuple(
            Table(
                table["caption"],
                tuple(table["columns"]),
                tuple(map(tuple, table["rows"])),
                table["otherwise"],
                tuple(table["numbers"]),
            )
            for table in held["tables"]
        ),
    }
    for name in ("texts", "points", "gaps", "notes"):
        made[name] = tuple(held[name])
    return Section(**held | made)


def _picture(held: dict[str, Any]) -> Picture:
    """Return a picture as it was kept; those of before 2026-11-29 have none for the wall."""
    large = b64decode(held.get("drawn") or "")
    png = b64decode(held["png"])
    return Picture(png, held["alt"], held["caption"], (lambda: large) if large else None)
