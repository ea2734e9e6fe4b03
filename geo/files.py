"""Opens tables as they come from other people: encodings, separators, merged headers, sizes."""

from __future__ import annotations

import codecs
import csv
import re
import warnings
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NoReturn

import openpyxl
import pandas as pd

from geo.errors import UnreadableFileError

MAX_BYTES = 200_000_000
MAX_COLUMNS = 500
MAX_ROWS = 1_000_000
MAX_EXCEL_ROWS = 100_000  # a cell of a workbook takes fifty times the memory of one in a CSV
BLOCK = 1 << 20
SPATIAL = {".geojson", ".json", ".gpkg", ".parquet", ".shp", ".fgb"}
TABLES = {".csv", ".txt", ".tsv", ".xlsx"}
# What the libraries raise on a workbook that is cut off, damaged or something else than it says.
BROKEN_WORKBOOK = (
    RuntimeError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    OSError,
    EOFError,
    SyntaxError,  # of XML: the parser's own, whichever it is
    zipfile.BadZipFile,
    zlib.error,
)


def refuse_unreadable(path: Path, kinds: set[str]) -> None:
    """Raise UnreadableFileError for a file that is missing, empty, too large or of another kind.

    >>> refuse_unreadable(Path("finns-inte.csv"), TABLES)
    Traceback (most recent call last):
    geo.errors.UnreadableFileError: Filen finns-inte.csv finns inte. Kontrollera sökvägen.
    """
    if path.is_dir():
        raise UnreadableFileError(f"{path.name} är en mapp. Ange en fil i mappen.")
    if not path.is_file():
        raise UnreadableFileError(f"Filen {path.name} finns inte. Kontrollera sökvägen.")
    if path.suffix.lower() not in kinds:
        raise UnreadableFileError(
            f"{path.name}: filer av typen {path.suffix or 'utan ändelse'} kan inte läsas här. "
            f"Spara om som {', '.join(sorted(kinds))}."
        )
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise UnreadableFileError(
            f"{path.name} är {size // 1_000_000} MB; gränsen är {MAX_BYTES // 1_000_000} MB. "
            "Dela upp filen eller ta bort det som inte behövs."
        )
    if size == 0:
        raise UnreadableFileError(f"{path.name} är tom. Exportera den på nytt.")


@dataclass(frozen=True)
class Rows:
    """A file's rows as text cells, and the numbers (from 1) of rows with merged cells."""

    path: Path
    cells: list[list[str]]
    merged: frozenset[int] = frozenset()


def read_table(path: Path) -> pd.DataFrame:
    """Read a CSV or Excel file as text cells; the index is the line in the file.

    CSV: UTF-8 (with or without BOM) or cp1252, separated by ; , or tab. Excel: the first sheet,
    with one header row. Raises UnreadableFileError with a Swedish reason and remedy.

    >>> from geo.sources import DATA
    >>> read_table(DATA / "networks.csv").loc[2, "network_id"]
    'bu-boda'
    """
    return as_table(read_rows(path))


def read_rows(path: Path, *, sniff: int = 1) -> Rows:
    """Read a CSV or Excel file as rows of text cells, wherever its header stands.

    sniff: how many lines of a CSV are looked at to find what separates its cells. Raises
    UnreadableFileError with a Swedish reason and remedy: also for more than 1 000 000 rows (100 000
    in Excel), before they have been read.

    >>> from geo.sources import DATA
    >>> read_rows(DATA / "networks.csv").cells[1][0]
    'bu-boda'
    """
    refuse_unreadable(path, TABLES)
    return _excel_rows(path) if path.suffix.lower() == ".xlsx" else _csv_rows(path, sniff)


def as_table(rows: Rows, header: int = 1) -> pd.DataFrame:
    """Make a table of rows: columns named by the header row, index = the line in the file.

    header: which row (from 1) holds the names; rows above it are left out. Raises
    UnreadableFileError when it cannot be a header, or when a row has more cells than it.

    >>> as_table(Rows(Path("a.csv"), [["Trygghet 2024"], ["kod", "andel"], ["a", "1"]]), 2)
      kod andel
    3   a     1
    """
    name = rows.path.name
    if not rows.cells:
        raise UnreadableFileError(f"{name} har inga rader. Första raden ska vara rubriker.")
    if not 1 <= header <= len(rows.cells):
        last = len(rows.cells)
        raise UnreadableFileError(f"{name} har ingen rad {header}. Ange en rad från 1 till {last}.")
    if header in rows.merged:
        raise UnreadableFileError(
            f"{name}: sammanfogade celler i rubrikraden. Dela dem (Startfliken, Koppla och "
            f"centrera) så att varje kolumn har en rubrik i rad {header}."
        )
    names = [cell.strip() for cell in rows.cells[header - 1]]
    _refuse_header(rows.path, names)
    width = len(names)
    cells = {}
    for line, row in enumerate(rows.cells[header:], start=header + 1):
        if any(cell.strip() for cell in row[width:]):
            raise UnreadableFileError(
                f"{name} rad {line}: fler celler än rubriker ({width}). "
                "Sätt citattecken om text som innehåller skiljetecknet."
            )
        if any(cell.strip() for cell in row):
            cells[line] = (row + [""] * width)[:width]
    return pd.DataFrame.from_dict(cells, orient="index", columns=names, dtype=object)


def _refuse_header(path: Path, header: list[str]) -> None:
    if len(header) > MAX_COLUMNS:
        raise UnreadableFileError(
            f"{path.name} har {len(header)} kolumner; gränsen är {MAX_COLUMNS}. "
            "Ta bort kolumner som inte behövs."
        )
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise UnreadableFileError(
            f"{path.name}: rubriken {', '.join(twice)} finns flera gånger. "
            "Ge varje kolumn ett eget namn."
        )


def _csv_rows(path: Path, sniff: int) -> Rows:
    encoding = _encoding(path)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        first = [file.readline(BLOCK) for _ in range(sniff)]
        if sum(map(first[0].count, ";,\t")) >= MAX_COLUMNS:
            raise UnreadableFileError(
                f"{path.name} har fler än {MAX_COLUMNS} kolumner. Ta bort kolumner som inte behövs."
            )
        file.seek(0)
        same: dict[str, str] = {}  # a text that comes a million times is kept once
        try:
            reader = islice(csv.reader(file, delimiter=_separator(first)), MAX_ROWS + 2)
            cells = [[same.setdefault(cell, cell) for cell in row] for row in reader]
        except csv.Error as fault:
            raise UnreadableFileError(
                f"{path.name} kan inte läsas som CSV ({fault}). Spara om från Excel som CSV UTF-8."
            ) from fault
    if len(cells) > MAX_ROWS + 1:
        _refuse_long(path)
    return Rows(path, cells)


def _encoding(path: Path) -> str:
    """Say how a text file is encoded; refuse one that is no text, or has too many lines."""
    decoder, encoding, n_lines = codecs.getincrementaldecoder("utf-8")(), "utf-8-sig", 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            if b"\x00" in block:
                raise UnreadableFileError(
                    f"{path.name} innehåller NUL-tecken och är inte en textfil. "
                    "Exportera den på nytt."
                )
            n_lines += block.count(b"\n")
            if n_lines > MAX_ROWS + 1:
                _refuse_long(path)
            try:
                decoder.decode(block, final=len(block) < BLOCK)
            except UnicodeDecodeError:
                encoding = "cp1252"
                decoder.reset()
    return encoding


def _refuse_long(path: Path, limit: int | None = None) -> NoReturn:
    most = f"{limit or MAX_ROWS:,}".replace(",", " ")
    how = "Spara bladet som CSV, eller dela upp det" if limit else "Dela upp filen"
    raise UnreadableFileError(f"{path.name} har fler än {most} rader. {how}, till exempel per år.")


def _separator(lines: list[str]) -> str:
    """Return the sign that most lines have, and equally many of."""

    def score(sign: str) -> tuple[int, int]:
        counts = Counter(n for n in (line.count(sign) for line in lines) if n)
        return max(((n_lines, n) for n, n_lines in counts.items()), default=(0, 0))

    return max(";,\t", key=score)


def _excel_rows(path: Path) -> Rows:
    try:
        _refuse_inflated(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sheet = openpyxl.load_workbook(path, data_only=True).worksheets[0]
    except UnreadableFileError:
        raise
    except BROKEN_WORKBOOK as fault:
        raise UnreadableFileError(
            f"{path.name} är ingen läsbar Excelfil. Öppna den i Excel och spara om som .xlsx."
        ) from fault
    if sheet.max_column > MAX_COLUMNS:
        raise UnreadableFileError(
            f"{path.name} har {sheet.max_column} kolumner; gränsen är {MAX_COLUMNS}."
        )
    if sheet.max_row > MAX_EXCEL_ROWS:
        _refuse_long(path, MAX_EXCEL_ROWS)
    spans = [range(cells.min_row, cells.max_row + 1) for cells in sheet.merged_cells.ranges]
    cells = [[_cell_text(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    return Rows(path, cells, frozenset(row for span in spans for row in span))


def _refuse_inflated(path: Path) -> None:
    with zipfile.ZipFile(path) as packed:
        size = sum(part.file_size for part in packed.infolist())
        if size > MAX_BYTES:
            raise UnreadableFileError(
                f"{path.name} är {size // 1_000_000} MB uppackad; gränsen är "
                f"{MAX_BYTES // 1_000_000} MB. Ta bort tomma formaterade rader."
            )
        sheets = [name for name in packed.namelist() if name.startswith("xl/worksheets/")]
        if sum(_n_rows(packed, name) for name in sheets) > MAX_EXCEL_ROWS:
            _refuse_long(path, MAX_EXCEL_ROWS)


def _n_rows(packed: zipfile.ZipFile, name: str) -> int:
    """Count the rows of a sheet without making cells of them."""
    found, rest = 0, b""
    with packed.open(name) as part:
        while block := part.read(BLOCK):
            ends = [tag.end() for tag in re.finditer(rb"<(\w+:)?row[\s/>]", rest + block)]
            found += len(ends)
            rest = (rest + block)[max(ends[-1] if ends else 0, len(rest + block) - 20) :]
    return found


def _cell_text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if hasattr(cell, "isoformat"):
        return str(cell)[:10]
    return str(cell)
