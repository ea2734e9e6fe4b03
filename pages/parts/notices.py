"""Errors and issues as Swedish sentences on the page."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.parts import grid, words

COLUMNS = {
    "row": "Rad",
    "message": "Vad som är fel och vad du gör",
    "value": "Värde",
    "column": "Kolumn",
    "severity": "Allvar",
    "dataset": "Register",
}
SEVERITY = {"error": "fel", "warning": "obs"}


def issues(frame: pd.DataFrame, used: int) -> None:
    """Show the issues of a file: a sentence first, then a row for each."""
    errors = int((frame["severity"] == "error").sum())
    usable = f"{words.counted(used, 'rad', 'rader')} kan användas"
    if frame.empty:
        st.success(f"Inga fel. {usable}.")
        return
    if errors:
        st.error(f"{errors} fel. {usable}; de andra är inte med förrän de är rättade.")
    else:
        st.warning(f"{words.counted(len(frame), 'anmärkning', 'anmärkningar')}. {usable}.")
    frame = frame.sort_values(["severity", "row"], kind="stable")
    table = frame.assign(
        severity=frame["severity"].map(SEVERITY),
        row=["hela filen" if pd.isna(row) else str(row) for row in frame["row"]],
    )
    grid.show(words.rows(table, COLUMNS), "Anmärkningar")


def in_form(frame: pd.DataFrame, fields: dict[str, str]) -> pd.DataFrame:
    """Say what is told of a row with the words of a form: fields is column -> label."""
    said = {f"^{name}:": f"{label}:" for name, label in fields.items()}
    said[r" Rätta cellen eller ta bort raden\."] = " Rätta det, eller lämna tomt."
    message = frame["message"].replace(said, regex=True)
    label = frame["column"].map(fields)
    is_bare = message.str.startswith("Texten") & label.notna()
    return frame.assign(message=message.mask(is_bare, label + ": " + message))


def problems(frame: pd.DataFrame, by_row: bool = False) -> None:
    """Show what is wrong with what somebody wrote: a sentence each, by row when there are many.

    by_row: the rows have numbers that the writer sees, so one faulty row is told by its own too.
    """
    errors = frame[frame["severity"] == "error"].sort_values("row", kind="stable")
    lines = sentences(errors, "- ", by_row or errors["row"].nunique() > 1)
    st.error("Inget är sparat ännu. Rätta och spara igen:\n\n" + "\n".join(lines))


def sentences(frame: pd.DataFrame, before: str, by_row: bool) -> list[str]:
    """Return what is told, a sentence each and once, each with its row when asked."""
    rows = [f"Rad {row}: " if by_row and pd.notna(row) else "" for row in frame["row"]]
    told = [words.markdown_safe(message) for message in frame["message"]]
    return list(dict.fromkeys(f"{before}{row}{text}" for row, text in zip(rows, told, strict=True)))


def note(text: str) -> None:
    """Show a short note on method under a figure or a table."""
    st.caption(text)
