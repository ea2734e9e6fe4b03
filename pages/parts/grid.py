"""Tables as real HTML: a caption, headers for rows and columns, wide ones scroll in their box."""

from __future__ import annotations

import html
import re

import pandas as pd
import streamlit as st

DIGIT = re.compile(r"\d")
NUMBER = re.compile(r"[\d\s,.%°–()−-]*")
LOWEST_ROW = 30  # pixels
STYLE = """<style>
.grid { overflow: auto; border: 1px solid #d0d0d0; border-radius: 6px;
  container-type: inline-size; }
.grid table { border-collapse: collapse; width: 100%; font-size: 0.875rem; line-height: 1.45; }
.grid caption { text-align: left; padding: 8px; color: #404040; }
.grid caption span { position: sticky; left: 8px; display: inline-block;
  max-width: calc(100cqw - 16px); }
.grid th, .grid td { padding: 5px 8px; border-top: 1px solid #e2e2e2; text-align: left;
  vertical-align: top; font-weight: 400; }
.grid thead th { border-top: 0; color: #404040; font-weight: 600; position: sticky; top: 0;
  background: #ffffff; box-shadow: inset 0 -1px #e2e2e2; }
@container (max-width: 600px) {
  .grid tbody th, .grid thead th:first-child { position: sticky; left: 0; background: #ffffff; }
  .grid thead th:first-child { z-index: 1; } }
.grid .number { text-align: right; white-space: nowrap; }
@media print { .grid { max-height: none !important; content-visibility: visible !important;
  overflow: visible; container-type: normal; }
  .grid thead th, .grid tbody th { position: static !important; } }
</style>"""


def show(
    rows: pd.DataFrame, caption: str, height: int = 0, otherwise: str = "", caution: str = ""
) -> None:
    """Show a table with its caption; with nothing in it, the other sentence instead.

    caution goes into the caption: the mark of what is not real.
    """
    caption = f"{caption}. {caution}" if caution else caption
    if rows.empty and otherwise:
        st.markdown(otherwise)
    else:
        st.html(as_html(rows, caption, height))


def as_html(rows: pd.DataFrame, caption: str, height: int = 0) -> str:
    """Write a table: every text as it stands, the first column as the rows' headers."""
    texts = {name: [str(value) for value in column] for name, column in rows.items()}
    kinds = {name: _kind(values) for name, values in texts.items()}
    head = "".join(
        f'<th scope="col"{kind}>{html.escape(str(name))}</th>' for name, kind in kinds.items()
    )
    body = "".join(
        f"<tr>{_row(cells, list(kinds.values()))}</tr>"
        for cells in zip(*texts.values(), strict=True)
    )
    box = f' style="{_box(height, len(rows))}"' if height else ""
    name = html.escape(caption)
    return (
        f'<div class="grid" tabindex="0" role="region" aria-label="{name}"{box}><table>'
        f"<caption><span>{name}</span></caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _box(height: int, n_rows: int) -> str:
    """The box of a table that scrolls; a long one is laid out first when it comes into sight."""
    style = f"max-height:{height}px"
    if n_rows * LOWEST_ROW < height:
        return style
    return f"{style};content-visibility:auto;contain-intrinsic-height:auto {height}px"


def _kind(values: list[str]) -> str:
    is_number = any(map(DIGIT.search, values)) and all(map(NUMBER.fullmatch, values))
    return ' class="number"' if is_number else ""


def _row(cells: tuple[str, ...], kinds: list[str]) -> str:
    first, *rest = (html.escape(cell) for cell in cells)
    data = "".join(f"<td{kind}>{cell}</td>" for cell, kind in zip(rest, kinds[1:], strict=True))
    return f'<th scope="row"{kinds[0]}>{first}</th>{data}'
