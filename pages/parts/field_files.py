"""Many findings at once: a grid to paste into, and files of the field with their dry run."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from geo import read, store
from geo.errors import GeoError, Issues, has_errors
from geo.field import checked, xlsform
from pages.parts import (
    auth,
    data,
    downloads,
    field_cells,
    field_grid,
    field_words,
    grid,
    notices,
    state,
    words,
)
from pages.parts.field import Field, today
from pages.parts.field_forms import save_rows, walk_choice
from pages.parts.keeping import keep

FATES = {
    "new": "nya",
    "changed": "ändrade",
    "same": "oförändrade",
    "edited": "ändrade även här, lämnas orörda",
    "removed": "borttagna här, lämnas orörda",
}
FORM = "trygghetsvandring-formular.xlsx"


def many(known: Field, person: auth.Person, places: Mapping[str, str]) -> None:
    """Let the walk leader enter many findings after the walk: typed, or pasted from a sheet."""
    walk_id = walk_choice(known)
    day = known.walks.at[walk_id, "date"] if walk_id else today()
    st.caption(
        "En rad per fynd. Klistra in från Excel med Ctrl+V. Läge: klicka på kartan, skriv Öst och "
        f"Norr, eller skriv en plats. Tomma rader räknas inte. Fynden får dagen {day:%Y-%m-%d}."
    )
    rows = field_grid.editor(known)
    label = f"Spara {words.counted(len(rows), 'fynd', 'fynd')}"
    if st.button(label, type="primary", disabled=rows.empty):
        raw = field_cells.as_in_a_file(known, rows, walk_id, day, places)
        issues = Issues("findings")
        field_cells.tell_places(raw, places, issues)
        if save_rows(known, raw, person, partial(field_cells.as_headed, known=known), issues):
            st.rerun()
    field_grid.allowed_words(known, places)


def form(known: Field) -> None:
    """Offer the form of the field, made of the registers as they now are."""
    st.markdown(
        "**I fält, även utan nät:** ladda ned formuläret, lägg det i ODK Collect, KoboToolbox "
        "eller QField, gå vandringen, och läs in exporten här. Samma fil kan läsas in flera gånger."
    )
    networks, places = read.networks()[0], read.register("places", "place")
    categories = read.register("finding_categories", "category")
    downloads.buttons(
        [
            (
                "Formulär för fält (XLSForm)",
                FORM,
                downloads.EXCEL,
                lambda: xlsform.workbook(networks, places, categories),
            )
        ]
    )


def intake(known: Field, person: auth.Person) -> None:
    """Let the walk leader read in an export of the field: a dry run first, then all or nothing."""
    uploaded = st.file_uploader(
        "Export från fält (CSV, Excel, GeoJSON, GeoPackage)",
        type=["csv", "xlsx", "geojson", "json", "gpkg"],
        key=state.upload_key(),
    )
    if uploaded is None:
        st.caption("Ingen fil vald. Filen granskas rad för rad; inget skrivs förrän du läser in.")
    else:
        _dry_run(known, uploaded, person)
    _imports(person)


def _dry_run(known: Field, uploaded: Any, person: auth.Person) -> None:
    content = bytes(uploaded.getbuffer())
    about = {"file_name": uploaded.name, "sha256": hashlib.sha256(content).hexdigest()}
    try:
        with st.spinner("Granskar filen …"):
            findings, walks, issues = _checked(known, content, uploaded.name)
        notices.issues(issues, used=len(findings) + len(walks))
        if has_errors(issues) or (findings.empty and walks.empty):
            st.error("Ingenting läses in förrän felen är rättade: allt eller inget.")
            return
        with store.open() as opened:
            fates = opened.preview_field(findings, walks, read.walks()[0])
    except GeoError as fault:
        st.error(words.markdown_safe(str(fault)))
        return
    both = f"Fynd: {_said(fates.findings)}. Vandringar: {_said(fates.walks)}."
    st.markdown(f"**Detta skulle ändras.** {both}")
    args = (findings, walks, about, person)
    st.button("Läs in", type="primary", on_click=_save, args=args)


def _checked(
    known: Field, content: bytes, name: str
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(name).name
        path.write_bytes(content)
        return checked.checked(
            path,
            today=today(),
            categories=known.categories,
            owners=list(known.owners),
            base_areas=data.register().base_areas,
            networks=data.register().networks,
        )


def _said(fates: store.Fates) -> str:
    counts = {name: len(getattr(fates, name)) for name in FATES}
    said = [f"{n} {FATES[name]}" for name, n in counts.items() if n]
    return words.listed(said) or "inga"


def _save(
    findings: pd.DataFrame, walks: pd.DataFrame, about: dict[str, str], person: auth.Person
) -> None:
    shipped = read.walks()[0]

    def act(opened: store.Store) -> None:
        opened.save_field(findings, walks, made_by=person.role, shipped=shipped, **about)

    if keep(act, f"{about['file_name']} är inläst. Den kan ångras i listan här under."):
        state.next_upload()


def _imports(person: auth.Person) -> None:
    try:
        with store.open() as opened:
            imports = opened.imports("findings").reset_index()
            removed = opened.findings(removed=True)
    except GeoError as fault:
        st.error(words.markdown_safe(str(fault)))
        return
    if len(imports):
        rows = imports.sort_values("import_id", ascending=False)
        table = pd.DataFrame(
            {
                "Import": rows["import_id"],
                "När": [words.moment(when) for when in rows["made_at"]],
                "Fil": rows["file_name"],
                "Vad": rows["what"],
                "Läge": ["ångrad" if pd.notna(w) else "gäller" for w in rows["taken_back_at"]],
            }
        )
        grid.show(table, "Filer som är inlästa från fält")
        _undo(rows, person)
    _bring_back(removed, person)


def _undo(rows: pd.DataFrame, person: auth.Person) -> None:
    names = {
        int(row["import_id"]): f"{row['import_id']}: {row['file_name']}"
        for _, row in rows.iterrows()
        if pd.isna(row["taken_back_at"])
    }
    if names:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            number = st.selectbox("Import att ångra", list(names), format_func=names.get)
            st.button("Ångra inläsningen", on_click=_take_back, args=(int(number), person))


def _take_back(number: int, person: auth.Person) -> None:
    done = f"Import {number} är ångrad: det som kom nytt med den, och ingen har ändrat, är borta."
    keep(lambda opened: opened.take_back_field(number, person.role), done)


def _bring_back(removed: pd.DataFrame, person: auth.Person) -> None:
    if removed.empty:
        return
    names = {
        str(i): f"{row['observed_date']:%Y-%m-%d} {row['category']} {field_words.short(str(i))}"
        for i, row in removed.iterrows()
    }
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox("Borttaget fynd", list(names), format_func=names.get)
        version = int(removed.at[chosen, "version"])
        st.button("Hämta tillbaka", on_click=_again, args=(str(chosen), version, person))


def _again(finding_id: str, version: int, person: auth.Person) -> None:
    done = "Fyndet är tillbaka."
    keep(lambda o: o.bring_back_finding(finding_id, version, person.role), done)
