"""Freezes fetched statistics: a CSV in the long form, and beside it how it was fetched."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pandas as pd

from geo.changes import COLUMNS, NUMBERS
from geo.errors import GeoError, require_columns


def write(rows: pd.DataFrame, path: Path, account: dict[str, Any]) -> Path:
    """Write statistics in the long form to a CSV, and the account of the fetch to PATH.json.

    rows: the columns of COLUMNS; numerator, denominator and value are numbers, NaN = not known,
    written as an empty cell. account: what JSON can hold; file, sha256 and n_rows are added.
    Both files are replaced whole or not at all. Returns path.

    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> row = ["folkmangd", "1490R001", "RegSO2025", "2024", "alla", None, None, 12.0, "ok", "SCB"]
    >>> path = write(pd.DataFrame([row], columns=COLUMNS), Path(folder.name) / "a.csv", {})
    >>> path.read_text(encoding="utf-8").splitlines()[1]
    'folkmangd,1490R001,RegSO2025,2024,alla,,,12,ok,SCB'
    >>> account(path)["n_rows"]
    1
    >>> folder.cleanup()
    """
    require_columns(rows, COLUMNS, "rows")
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    shown = [
        [_text(cell) if name in NUMBERS else str(cell) for cell in rows[name]] for name in COLUMNS
    ]
    writer.writerows(zip(*shown, strict=True))
    data = buffer.getvalue().encode("utf-8")
    whole = {
        "file": path.name,
        "sha256": hashlib.sha256(data).hexdigest(),
        "n_rows": len(rows),
        **account,
    }
    told = json.dumps(whole, ensure_ascii=False, indent=1) + "\n"
    replace({path: data, _beside(path): told.encode("utf-8")})
    return path


def account(path: Path) -> dict[str, Any]:
    """Return the account of how a frozen file was fetched, after checking that it is unchanged.

    Raises GeoError when the account is missing or the file is not the one that was frozen.

    >>> account(Path("finns-inte.csv"))
    Traceback (most recent call last):
    geo.errors.GeoError: finns-inte.csv har ingen läsbar finns-inte.csv.json. Hämta på nytt.
    """
    beside = _beside(path)
    try:
        told: dict[str, Any] = json.loads(beside.read_text(encoding="utf-8"))
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        is_same = digest == told["sha256"]
    except (OSError, ValueError, KeyError, TypeError):
        raise GeoError(f"{path.name} har ingen läsbar {beside.name}. Hämta på nytt.") from None
    if not is_same:
        raise GeoError(f"{path.name} har ändrats sedan den hämtades. Hämta på nytt.")
    return told


def replace(contents: dict[Path, bytes]) -> None:
    """Write files so that each is either the old one or the whole new one.

    All are written beside their place (.part) before the first is put there.

    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> path = Path(folder.name) / "ny" / "a.txt"
    >>> replace({path: b"hej"})
    >>> path.read_bytes()
    b'hej'
    >>> folder.cleanup()
    """
    parts = {path: path.with_name(f"{path.name}.part") for path in contents}
    try:
        for path, data in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            parts[path].write_bytes(data)
        for path, part in parts.items():
            part.replace(path)
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.json")


def _text(number: Any) -> str:
    if pd.isna(number):
        return ""
    number = float(number)
    return str(int(number)) if number.is_integer() else repr(number)
