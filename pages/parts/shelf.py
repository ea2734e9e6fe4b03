"""Files that the browser fetches from us: written once, named by what is in them."""

from __future__ import annotations

import hashlib
from pathlib import Path
from time import time
from uuid import uuid4

DAYS = 7


def put(folder: Path, stem: str, suffix: str, text: str, signs: int = 16) -> str:
    """Write a file, whole or not at all, unless it is there; returns its name.

    signs: how many of its fingerprint stand in the name; 64 cannot be guessed.
    """
    name = f"{stem}-{hashlib.sha256(text.encode()).hexdigest()[:signs]}{suffix}"
    if not (folder / name).exists():
        beside = folder / f"{name}.{uuid4().hex}.part"
        beside.write_text(text, encoding="utf-8")
        beside.replace(folder / name)
    return name


def clear(folder: Path) -> None:
    """Take away what was written more than a week ago: it is written anew when asked for."""
    for path in folder.glob("*-*.html"):
        if path.stat().st_mtime < time() - DAYS * 86_400:
            path.unlink(missing_ok=True)
