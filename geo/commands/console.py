"""What the commands share: Swedish help, issues in print, nothing done on faulty input."""

from __future__ import annotations

import argparse
import getpass
import sys
from typing import Any, NoReturn

import pandas as pd

from geo.errors import GeoError, has_errors


class Parser(argparse.ArgumentParser):
    """Tells in Swedish how it is called; a wrong call leaves with exit code 2."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, add_help=False)
        self.add_argument("-h", "--help", action="help", help="visa den här hjälpen")
        self._positionals.title, self._optionals.title = "kommando", "flaggor"

    def format_usage(self) -> str:
        """Return how the command is called."""
        return super().format_usage().replace("usage:", "så här:")

    def format_help(self) -> str:
        """Return how the command is called, with each of its parts."""
        return super().format_help().replace("usage:", "så här:")

    def error(self, message: str) -> NoReturn:
        """Print how the command is called, and leave."""
        self.print_usage(sys.stderr)
        self.exit(
            2, f"Kommandot kunde inte tolkas ({message}). Skriv python -m geo -h för hjälp.\n"
        )


def print_issues(issues: pd.DataFrame, stream: Any = None) -> None:
    """Print each issue on a line: FEL or obs, where it is, what is wrong and what to do.

    >>> from geo.errors import Issues
    >>> issues = Issues("walks")
    >>> issues.warning("Platsen är okänd. Skriv en ort.", row=2, column="place")
    >>> print_issues(issues.frame())
    obs rad 2, place: Platsen är okänd. Skriv en ort.
    """
    for issue in issues.astype({"row": object}).to_dict(orient="records"):
        where = "hela filen" if pd.isna(issue["row"]) else f"rad {issue['row']}"
        word = "FEL" if issue["severity"] == "error" else "obs"
        column = issue["column"] or "-"
        print(f"{word} {where}, {column}: {issue['message']}", file=stream or sys.stdout)


def usable(read_result: tuple[Any, pd.DataFrame]) -> Any:
    """Return the frame, or stop with its issues: nothing is built on faulty input.

    >>> from geo import read
    >>> len(usable(read.networks()))
    20
    """
    frame, issues = read_result
    if has_errors(issues):
        print_issues(issues, sys.stderr)
        raise GeoError("Ingenting skrevs: rätta felen ovan och kör om.")
    if not len(frame):
        raise GeoError("Ingenting skrevs: en av filerna har rubriker men inga rader.")
    return frame


def user() -> str:
    """Return who is logged in on this machine.

    >>> isinstance(user(), str)
    True
    """
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # a service without a name
        return "okänd"
