"""Register what a walk found, one by one. Every text is checked first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import pandas as pd
import streamlit as st

from geo import crs, findings_file, kinds, read
from geo.errors import Issues, has_errors
from pages.parts import auth, controls, data, field_cells, field_words, notices, state, words
from pages.parts.field import Field, today
from pages.parts.keeping import PRIVATE, keep, told

EAST, NORTH = "ost", "norr"
NO_WALK, WALK_KEY = "Ingen vandring", "fran_vandring"
OTHER = "Annan organisation …"
LABELLED = {
    r"^Koordinaterna har bytt plats \(norr.*": "Öst och Norr har bytt plats. Öst har sex siffror "
    "och Norr sju. Låt de två talen byta plats.",
    r"^(Filen säger .* är i grader|Koordinaterna har bytt plats \(lat).*": "Öst och Norr är meter "
    "i SWEREF 99 TM, till exempel 376740 och 6399899. Grader räknas om när de ligger i Borås "
    "(latitud 57–58,2 och longitud 12–14) och har minst fyra decimaler.",
    r"^Filen säger .* lokal SWEREF.*": "Talen ser ut som en lokal SWEREF 99-zon. Öst och Norr är "
    "meter i SWEREF 99 TM, sex och sju siffror. Räkna om dem, eller klicka på kartan.",
    r"värdet saknas\. Rätta cellen eller ta bort raden\.": "värdet saknas. Skriv det.",
    r" Rätta cellen eller ta bort raden\.": " Rätta det eller lämna tomt.",
    r"^x: ett tal väntades, till exempel 0,5\.": "Öst: ett tal väntades, till exempel 377000.",
    r"^y: ett tal väntades, till exempel 0,5\.": "Norr: ett tal väntades, till exempel 6400000.",
    r"^x saknas fast den andra": "Öst saknas fast den andra",
    r"^y saknas fast den andra": "Norr saknas fast den andra",
    r"Skriv x och y, eller platsens namn": "Skriv öst och norr, eller välj en plats",
    r" Kontrollera koordinatsystemet\.": " Öst har sex siffror och norr sju, i SWEREF 99 TM.",
    r"^x: ": "Öst: ",
    r"^y: ": "Norr: ",
    r"^Noterad: datumet": "Noterat: datumet",
    r"^start_time:": "Började:",
    r"^end_time:": "Slutade:",
}


def as_labelled(frame: pd.DataFrame) -> pd.DataFrame:
    """Say what is wrong with the words of the form; the checks speak of a file's columns."""
    message = frame["message"].replace(LABELLED, regex=True)
    return frame.assign(message=message)


def network_names(known: Field) -> dict[str, str]:
    """Return the networks by id, with what kind each is."""
    return {str(i): words.network(r["layer"], r["name"]) for i, r in known.areas.iterrows()}


def oldest() -> date:
    """Return the first day that anything may have."""
    return date(kinds.OLDEST, 1, 1)


def walk_choice(known: Field) -> str:
    """Let the writer say which walk the findings are from: newest first; "" for none."""
    real = known.walks[~known.walks["source"].eq("synthetic")].sort_values("date", ascending=False)
    networks = network_names(known)
    names = {"": NO_WALK} | {
        str(i): f"{row['date']:%Y-%m-%d} {row['place'] or networks.get(row['network_id'], '')}"
        for i, row in real.iterrows()
    }
    return controls.listed("Vandring", names, WALK_KEY, "Välj en vandring", first="") or ""


def register_finding(known: Field, person: auth.Person, places: Mapping[str, str]) -> None:
    """Let the walk leader note one finding; its place by map, by coordinates, or by name.

    places: name of a place -> its base area.
    """
    walk_id = walk_choice(known)
    day = known.walks.at[walk_id, "date"].date() if walk_id else date.today()
    with st.form(state.fresh("fynd"), border=True):
        left, right = st.columns(2)
        with left:
            names = field_words.KIND
            kind = st.radio("Slag", list(names), format_func=names.get, horizontal=True)
            category = st.selectbox(
                "Kategori", list(known.categories), format_func=known.categories.get
            )
            observed = st.date_input(
                "Noterat", day, format="YYYY-MM-DD", min_value=oldest(), key=f"noterat{walk_id}"
            )
            light = st.selectbox("Ljus", ["", *kinds.LIGHTS])
        with right:
            st.markdown("**Läge:** klicka på kartan, skriv koordinater, eller välj en plats.")
            x = st.text_input("Öst (SWEREF 99 TM)", max_chars=20, key=state.fresh(EAST))
            y = st.text_input("Norr (SWEREF 99 TM)", max_chars=20, key=state.fresh(NORTH))
            place = st.selectbox("Eller plats", ["", *places], help="Räknas till hela platsen.")
        text = st.text_area("Vad såg ni?", help=PRIVATE, height=120)
        if not st.form_submit_button("Spara fyndet", type="primary"):
            return
    row = {"walk_id": walk_id, "observed_date": f"{observed:%Y-%m-%d}", "light": light}
    row |= {"kind": kind, "category": category, "description": text, "x": x, "y": y}
    row |= {"place": place, "base_area_id": "" if x or y else places.get(place, "")}
    if save_rows(known, pd.DataFrame([row], index=[1]), person):
        st.rerun()


def point(place: tuple[float, float]) -> None:
    """Put a place that was clicked on the map into the form; what else is written stays."""
    for name, value in zip((EAST, NORTH), crs.metres(*place), strict=True):
        state.fill(name, f"{value:.0f}")


def save_rows(
    known: Field,
    raw: pd.DataFrame,
    person: auth.Person,
    headed: Callable[[pd.DataFrame], pd.DataFrame] | None = None,
    issues: Issues | None = None,
) -> bool:
    """Check rows of text as a file is checked, and keep them, all or none; true when kept.

    headed: says what is told of many rows with the words of their grid, row by row; issues: what
    is told of them already.
    """
    issues = issues or Issues("findings")
    table = _checked(known, field_cells.as_metres(raw), issues)
    found = as_labelled(issues.frame())
    if headed:
        found = headed(found)
    if has_errors(found):
        notices.problems(found, by_row=bool(headed))
        return False
    shipped = read.walks()[0]
    warned = "".join(notices.sentences(found, " Obs: ", by_row=bool(headed)))
    saved = words.counted(len(table), "fynd är sparat", "fynd är sparade")
    if keep(lambda o: o.save_findings(table, person.role, shipped), f"{saved}.{warned}"):
        state.empty_fields()
        return True
    told()
    return False


def _checked(known: Field, raw: pd.DataFrame, issues: Issues) -> pd.DataFrame:
    return findings_file.check(
        raw.assign(finding_id=field_cells.new_ids(len(raw))),
        issues,
        today=today(),
        categories=known.category_codes,
        owners=list(known.owners),
        base_areas=data.register().base_areas,
    )
