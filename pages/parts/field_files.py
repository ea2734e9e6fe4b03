"""Many findings at once: a grid to paste into, and files of the field with their dry run."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from geo import kinds, read, store
from geo.errors import GeoError, has_errors
from geo.field import checked, xlsform
from pages.parts import auth, data, downloads, field_words, grid, notices, state, words
from pages.parts.field import Field, today
from pages.parts.field_forms import save_rows, walk_choice
from pages.parts.keeping import keep

GRID = ("Slag", "Kategori", "Beskrivning", "Ljus", "Öst", "Norr", "Plats")
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
        "En rad per fynd. Klistra in från Excel med Ctrl+V. Läge: öst och norr i SWEREF 99 TM, "
        "eller en plats. Tomma rader räknas inte."
    )
    empty = pd.DataFrame("", index=range(6), columns=list(GRID), dtype=object)
    columns = {
        "Slag": st.column_config.SelectboxColumn(options=list(field_words.KIND.values())),
        "Kategori": st.column_config.SelectboxColumn(options=list(known.categories.values())),
        "Beskrivning": st.column_config.TextColumn(width="large", max_chars=2000),
        "Ljus": st.column_config.SelectboxColumn(options=list(kinds.LIGHTS)),
        "Plats": st.column_config.SelectboxColumn(options=list(places)),
    }
    edited = st.data_editor(
        empty,
        num_rows="dynamic",
        column_config=columns,
        key=state.fresh("rutnat"),
        hide_index=True,
        placeholder="",
        width="stretch",
    )
    rows = edited.fillna("").astype(str)
    rows = rows[(rows[["Beskrivning", "Kategori", "Öst", "Plats"]] != "").any(axis=1)]
    label = f"Spara {words.counted(len(rows), 'fynd', 'fynd')}"
    if st.button(label, type="primary", disabled=rows.empty):
        raw = _raw(known, rows, walk_id, day, places)
        if save_rows(known, raw, person):
            st.rerun()


def _raw(
    known: Field, rows: pd.DataFrame, walk_id: str, day: pd.Timestamp, places: Mapping[str, str]
) -> pd.DataFrame:
    """Return the grid's rows as a file has them: text cells, index = the row from 1."""
    kind = {name: key for key, name in field_words.KIND.items()}
    category = {name: key for key, name in known.categories.items()}
    no_point = (rows["Öst"] == "") & (rows["Norr"] == "")
    table = pd.DataFrame(
        {
            "walk_id": walk_id,
            "observed_date": f"{day:%Y-%m-%d}",
            "light": rows["Ljus"],
            "kind": rows["Slag"].map(kind).fillna(rows["Slag"]),
            "category": rows["Kategori"].map(category).fillna(rows["Kategori"]),
            "description": rows["Beskrivning"],
            "x": rows["Öst"],
            "y": rows["Norr"],
            "place": rows["Plats"],
            "base_area_id": rows["Plats"].map(places).fillna("").where(no_point, ""),
        }
    )
    table.index = pd.Index([int(i) + 1 for i in rows.index])
    return table


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
