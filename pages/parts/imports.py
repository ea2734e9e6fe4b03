"""Read statistics in: what the columns mean, what would change, all or nothing, and the undo."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from geo import changes, kinds, mapping, statistics_file, store
from geo.errors import GeoError, has_errors
from pages.parts import auth, data, grid, notices, state, words

NONE = "– finns inte i filen –"
SHAPES = {
    "long": "En rad per värde",
    "wide_by_indicator": "En kolumn per indikator",
    "wide_by_period": "En kolumn per period",
}
COLUMNS = {
    "area_code": "Områdeskod",
    "area_name": "Områdets namn",
    "area_vintage": "Områdenas årgång",
    "indicator_id": "Indikator",
    "period": "Period",
    "group": "Grupp",
    "numerator": "Täljare (antal som …)",
    "denominator": "Nämnare (antal svar eller personer)",
    "value": "Värde",
    "status": "Status",
    "source": "Källa",
}
UNITS = {"": "Inte angivet", "percent": "Procent, 0–100", "share": "Andel, 0–1"}
SUMMARY = {
    "indicator": "Indikator",
    "period": "Period",
    "n_new": "Nya",
    "n_changed": "Ändrade",
    "n_same": "Lika",
    "n_kept": "Berörs inte",
}
FLAG, HERE = r" \(--[a-z]+\)", " under Vad kolumnerna betyder"
READ_ONLY = (
    "Filen är granskad. Vad den skulle ändra visas bara för den som förvaltar data, och sidan är "
    "skrivskyddad. Den som förvaltar data startar med "
    "`make run` på sin egen dator, sätter `LAGESBILD_WRITE=yes`, eller kör `python -m geo "
    "statistics import FIL`."
)


def section(person: auth.Person) -> None:
    """Show the import: a file, its dry run, the button, and every import so far."""
    known = data.register()
    if known.store_fault:
        st.error(words.markdown_safe(known.store_fault))
        return
    state.say_once(st.success)
    uploaded = st.file_uploader(
        "Statistik att läsa in (CSV eller Excel; lång eller bred; högst 200 MB)",
        type=["csv", "txt", "tsv", "xlsx"],
        key=state.upload_key(),
    )
    if uploaded is None:
        st.caption(
            "Ingen fil vald. Filen granskas först och du ser vad som skulle ändras; inget skrivs "
            "förrän du trycker på Läs in. Kolumnerna i den långa formen: "
            f"{', '.join(column.name for column in kinds.STATISTICS.columns)}."
        )
    else:
        _dry_run(known, uploaded, person)
    _imports(person)


def _dry_run(known: data.Register, uploaded: Any, person: auth.Person) -> None:
    content = bytes(uploaded.getbuffer())
    about = {"file_name": uploaded.name, "sha256": hashlib.sha256(content).hexdigest()}
    try:
        with store.open() as opened:
            opened.refuse_imported(**about)
        with st.spinner("Läser filen …"):
            table, told = _raw(content, uploaded.name, known)
        chosen = _mapping(known, table, about["sha256"][:8])
        with st.spinner("Granskar raderna …"):
            frame, issues = statistics_file.interpret(
                table, chosen, known.indicators, known.base_areas
            )
        issues = pd.concat([told, issues], ignore_index=True)
        issues["message"] = issues["message"].str.replace(FLAG, HERE, regex=True)
        frame = changes.with_source(frame, uploaded.name)
        notices.issues(issues, used=len(frame))
        if has_errors(issues) or frame.empty:
            st.error("Ingenting läses in förrän felen är rättade: allt eller inget.")
            return
        if not person.may_write:  # what would change shows figures that small numbers hide
            st.info(READ_ONLY)
            return
        with st.spinner("Jämför med det som är inläst …"), store.open() as opened:
            found = opened.preview(frame)
    except store.AlreadyImportedError as fault:
        st.info(words.markdown_safe(str(fault)))
        return
    except GeoError as fault:
        st.error(words.markdown_safe(str(fault)))
        return
    _changes(known, found)
    st.button("Läs in", type="primary", on_click=_save, args=(frame, about, person))


def _raw(content: bytes, name: str, known: data.Register) -> tuple[pd.DataFrame, pd.DataFrame]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(name).name
        path.write_bytes(content)
        return statistics_file.raw(path, known.indicators)


def _mapping(known: data.Register, table: pd.DataFrame, key: str) -> mapping.Mapping:
    """Let the reader correct what the columns are taken to mean."""
    guessed = mapping.guess(table, known.indicators)
    headers = [str(header) for header in table.columns if str(header)]
    with st.expander("Vad kolumnerna betyder (gissat ur rubrikerna, ändra vid behov)"):
        shape = _choice("Filens form", SHAPES, guessed.shape, f"{key}form")
        left, right = st.columns(2)
        with left:
            columns = _columns(headers, guessed, shape, key)
        with right:
            fixed = _fixed(known, guessed, key)
        values = _values(known, headers, guessed, shape, key)
    return replace(guessed, shape=shape, columns=columns, values=values, **fixed)


def _choice(label: str, names: dict[str, str], first: str, key: str) -> str:
    order = list(names)
    at = order.index(first) if first in order else 0
    return str(st.selectbox(label, order, index=at, format_func=names.get, key=key))


def _columns(headers: list[str], guessed: mapping.Mapping, shape: str, key: str) -> dict[str, str]:
    st.markdown("**Kolumner**")
    inside = {"indicator_id": "wide_by_indicator", "period": "wide_by_period"}
    asked = [name for name in COLUMNS if inside.get(name) != shape]
    if shape != "long":
        asked = [name for name in asked if name not in ("numerator", "value", "status")]
    names = {"": NONE} | {header: header for header in headers}
    found = {
        name: _choice(COLUMNS[name], names, guessed.columns.get(name, ""), f"{key}{shape}{name}")
        for name in asked
    }
    return {name: header for name, header in found.items() if header}


def _fixed(known: data.Register, guessed: mapping.Mapping, key: str) -> dict[str, str]:
    st.markdown("**Gäller hela filen, där kolumnen saknas**")
    names = {"": NONE} | known.indicators["name"].to_dict()
    vintages = {"": NONE} | {vintage: vintage for vintage in kinds.VINTAGES}
    return {
        "indicator_id": _choice("Indikator för alla rader", names, guessed.indicator_id, f"{key}i"),
        "period": st.text_input("Period för alla rader", guessed.period, key=f"{key}p").strip(),
        "area_vintage": _choice("Årgång för alla rader", vintages, guessed.area_vintage, f"{key}v"),
        "group": st.text_input("Grupp för alla rader", guessed.group, key=f"{key}g").strip(),
        "unit": _choice("Andelar är skrivna som", UNITS, guessed.unit, f"{key}u"),
    }


def _values(
    known: data.Register, headers: list[str], guessed: mapping.Mapping, shape: str, key: str
) -> dict[str, str]:
    """Ask what each column of numbers in a wide file is: an indicator, or a period."""
    if shape == "long":
        return {}
    st.markdown("**Kolumner med värden**")
    first = list(guessed.values) if guessed.shape == shape else []
    chosen = st.multiselect(
        "Kolumner med värden",
        headers,
        first,
        key=f"{key}{shape}",
        placeholder="Välj kolumner",
        label_visibility="collapsed",
    )
    if shape == "wide_by_period":
        return {
            header: st.text_input(f"Period i kolumnen {header}", guessed.values.get(header, header))
            for header in chosen
        }
    names = {"": NONE} | known.indicators["name"].to_dict()
    return {
        header: _choice(
            f"Indikator i kolumnen {header}",
            names,
            guessed.values.get(header, ""),
            f"{key}{header}",
        )
        for header in chosen
    }


def _changes(known: data.Register, found: store.Preview) -> None:
    counts = {name: int(found.summary[name].sum()) for name in ("n_new", "n_changed", "n_same")}
    st.markdown(
        f"**Detta skulle ändras:** {words.counted(counts['n_new'], 'nytt värde', 'nya värden')}, "
        f"{words.counted(counts['n_changed'], 'ändrat', 'ändrade')} och "
        f"{words.counted(counts['n_same'], 'oförändrat', 'oförändrade')}. Inget är skrivet ännu."
    )
    names = known.indicators["name"]
    rows = found.summary.reset_index()
    rows["indicator"] = rows["indicator_id"].map(names).fillna(rows["indicator_id"])
    grid.show(words.rows(rows, SUMMARY), "Per indikator och period", height=260)
    if len(found.changed):
        changed = found.changed.head(200)
        before, after = (
            [words.cell(row[f"value{end}"], row[f"status{end}"]) for _, row in changed.iterrows()]
            for end in ("_before", "")
        )
        where = {"Indikator": changed["indicator_id"].map(names), "Område": changed["area_code"]}
        where |= {"Period": changed["period"], "Grupp": changed["group"]}
        table = pd.DataFrame(where | {"Nu": before, "Blir": after})
        grid.show(table, "Värden som ändras (de första 200)", height=260)


def _save(frame: pd.DataFrame, about: dict[str, str], person: auth.Person) -> None:
    try:
        with store.open() as opened:
            number = opened.save_statistics(
                frame, made_by=person.role, what=changes.what(frame), **about
            )
    except GeoError as fault:
        state.tell(f"Ingenting lästes in. {fault}")
        return
    state.next_upload()
    state.tell(
        f"{about['file_name']}: {words.counted(len(frame), 'värde inläst', 'värden inlästa')} som "
        f"import {number}. Den kan ångras i listan här under."
    )


def _imports(person: auth.Person) -> None:
    with store.open() as opened:
        imports = opened.imports()
    if imports.empty:
        st.caption("Inget är inläst ännu: sidorna visar demodata, märkta.")
        return
    rows = imports.reset_index().sort_values("import_id", ascending=False)
    table = pd.DataFrame(
        {
            "Import": rows["import_id"],
            "När": [words.moment(when) for when in rows["made_at"]],
            "Fil": rows["file_name"],
            "Vad": rows["what"],
            "Rader": rows["n_rows"],
            "Kontrollsumma": rows["sha256"].str[:12],
            "Läge": [
                "gäller" if pd.isna(when) else f"ångrad {words.moment(when)}"
                for when in rows["taken_back_at"]
            ],
        }
    )
    grid.show(table, "Alla inläsningar, den senaste först", height=300)
    if person.may_write:
        _undo(rows)


def _undo(rows: pd.DataFrame) -> None:
    names = {
        int(row["import_id"]): f"{row['import_id']}: {row['file_name']}"
        + ("" if pd.isna(row["taken_back_at"]) else " (ångrad)")
        for _, row in rows.iterrows()
    }
    gone = {int(i) for i in rows.loc[rows["taken_back_at"].notna(), "import_id"]}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        number = st.selectbox("Import", list(names), format_func=names.get)
        is_gone = number in gone
        label = "Låt gälla igen" if is_gone else "Ångra inläsningen"
        st.button(label, on_click=_turn, args=(int(number), is_gone))


def _turn(number: int, is_gone: bool) -> None:
    try:
        with store.open() as opened:
            opened.restore_import(number) if is_gone else opened.take_back(number)
    except GeoError as fault:
        state.tell(str(fault))
        return
    done = "gäller igen" if is_gone else "är ångrad; det som gällde före den gäller igen"
    state.tell(f"Import {number} {done}.")
