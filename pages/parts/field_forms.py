"""Register a walk and what it found, and follow a finding up. Every text is checked first."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pandas as pd
import streamlit as st

from geo import crs, findings_file, kinds, read, store
from geo.errors import GeoError, Issues, has_errors
from geo.field import gpx
from pages.parts import auth, data, field_words, notices, state, words
from pages.parts.field import Field, today
from pages.parts.keeping import PRIVATE, keep, told

EAST, NORTH = "ost", "norr"
NO_WALK = "Ingen vandring"
OTHER = "Annan organisation …"
STEPS = {2: "Vandring", 1: "Förmöte", 3: "Uppföljande möte", 4: "Ny vandring (återvandring)"}
LABELLED = {
    r" Byt ordning och läs in filen igen\.": " Låt de två talen byta plats.",
    r" Rätta cellen eller ta bort raden\.": " Rätta det eller lämna tomt.",
    r"^x: ett tal väntades, till exempel 0,5\.": "Öst: ett tal väntades, till exempel 377000.",
    r"^y: ett tal väntades, till exempel 0,5\.": "Norr: ett tal väntades, till exempel 6400000.",
    r"^x saknas fast den andra": "Öst saknas fast den andra",
    r"^y saknas fast den andra": "Norr saknas fast den andra",
    r"Skriv x och y, eller platsens namn": "Skriv öst och norr, eller välj en plats",
    r" Kontrollera koordinatsystemet\.": " Öst har sex siffror och norr sju, i SWEREF 99 TM.",
    r"^start_time:": "Började:",
    r"^end_time:": "Slutade:",
}


def register_walk(known: Field, person: auth.Person) -> None:
    """Let the walk leader register a walk, with its route as a file when there is one."""
    with st.form(state.fresh("vandring"), border=True):
        networks = {"": "Inget nätverk"} | _network_names(known)
        left, right = st.columns(2)
        with left:
            network_id = st.selectbox("Nätverk", list(networks), 0, format_func=networks.get)
            place = st.text_input("Plats eller område", max_chars=200)
            day = st.date_input("Datum", "today", format="YYYY-MM-DD", min_value=_oldest())
            start = st.text_input("Började (18:30)", max_chars=5)
            end = st.text_input("Slutade (20:00)", max_chars=5)
        with right:
            light = st.selectbox("Ljus", ["", *kinds.LIGHTS])
            step = st.selectbox("Steg i metoden", list(STEPS), format_func=STEPS.get)
            people = st.number_input("Antal deltagare (metoden säger högst 20)", 0, 500, None)
            organisers = st.text_input("Arrangörer, skilda med ; (organisationer)", max_chars=300)
            route = st.file_uploader(
                "Rutt (GPX, GeoJSON, GeoPackage; valfri)", type=["gpx", "geojson", "gpkg"]
            )
        note = st.text_area("Anmärkning", max_chars=2000, help=PRIVATE)
        if not st.form_submit_button("Spara vandringen", type="primary"):
            return
    row = {
        "walk_id": _walk_id(known, day, network_id),
        "date": f"{day:%Y-%m-%d}",
        "network_id": network_id,
        "place": place,
        "status": "säker",
        "start_time": start,
        "end_time": end,
        "light": light,
        "step": str(step),
        "n_participants": "" if people is None else str(int(people)),
        "organisers": organisers,
        "note": note,
    }
    _save_walk(row, route, person)


def register_route(known: Field, person: auth.Person) -> None:
    """Let the walk leader put a recorded route on a walk, or take a walk away."""
    walk_id = walk_choice(known)
    if not walk_id:
        st.caption("Välj en vandring. Saknas den, registrera den först.")
        return
    st.caption(
        "Spåret ur telefonens app som GPX. Började spåret hemma hos någon, ange hur många meter "
        "som ska klippas i ändarna."
    )
    trim = st.number_input("Klipp i var ände, meter", 0, 2000, 0, 50)
    route = st.file_uploader("Rutt (GPX, GeoJSON, GeoPackage)", type=["gpx", "geojson", "gpkg"])
    if route is not None:
        _keep_route(walk_id, route, float(trim), person)
    if "version" in known.walks and pd.notna(known.walks.at[walk_id, "version"]):
        args = (walk_id, int(known.walks.at[walk_id, "version"]), person)
        st.button("Ta bort vandringen", on_click=_remove_walk, args=args)


def _keep_route(walk_id: str, route: Any, trim: float, person: auth.Person) -> None:
    """Tell how long a route is, and keep it when asked."""
    try:
        line = _route(route, trim)
    except GeoError as fault:
        st.error(words.markdown_safe(str(fault)))
        return
    length = words.number(line.length / 1000, 2)
    st.markdown(f"Rutten är **{length} km**. Inget är sparat ännu.")

    def act(opened: store.Store) -> None:
        opened.adopt_walks(read.walks()[0].loc[lambda walks: walks.index == walk_id])
        version = int(opened.walks().at[walk_id, "version"])
        opened.save_walk({"walk_id": walk_id, "route": line.wkt}, person.role, version)

    if st.button("Spara rutten", type="primary") and keep(act, f"Rutten, {length} km, är sparad."):
        st.rerun()


def _remove_walk(walk_id: str, version: int, person: auth.Person) -> None:
    keep(lambda o: o.remove_walk(walk_id, version, person.role), "Vandringen är borttagen.")


def _save_walk(row: dict[str, str], route: Any, person: auth.Person) -> None:
    issues = Issues("walks")
    try:
        row["route"] = _route(route).wkt if route is not None else ""
    except GeoError as fault:
        st.error(words.markdown_safe(str(fault)))
        return
    table = findings_file.check_walks(pd.DataFrame([row], index=[1]), issues)
    _check_whole(row, issues)
    if has_errors(issues.frame()):
        notices.problems(_as_labelled(issues.frame()))
        return
    walk = table.iloc[0].to_dict()
    where = f" i {walk['place']}" if walk["place"] else ""
    done = f"Vandringen {walk['date']:%Y-%m-%d}{where} är sparad."
    if keep(lambda opened: opened.save_walk(walk, person.role), done):
        state.empty_fields()
        st.rerun()


def _check_whole(row: dict[str, str], issues: Issues) -> None:
    """Tell what a walk needs before it counts as walked: a place and a day that has been."""
    if not (row["network_id"] or row["place"].strip()):
        text = "Nätverk och plats saknas. Välj ett nätverk, eller skriv platsen."
        issues.error(text, row=1, column="place")
    if row["date"] > f"{today():%Y-%m-%d}":
        text = "Datumet ligger i framtiden. Registrera vandringen när den är gången."
        issues.error(text, row=1, column="date", value=row["date"])


def _as_labelled(frame: pd.DataFrame) -> pd.DataFrame:
    """Say what is wrong with the words of the form; the checks speak of a file's columns."""
    message = frame["message"].replace(LABELLED, regex=True)
    return frame.assign(message=message)


def _route(uploaded: Any, trim_m: float = 0.0) -> Any:
    town = data.register().base_areas.geometry.union_all()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(uploaded.name).name
        path.write_bytes(uploaded.getbuffer())
        return gpx.route(path, inside=town, trim_m=trim_m)


def _walk_id(known: Field, day: date, network_id: str) -> str:
    """Return the id that the form of the field gives the same walk, or a free one."""
    first = f"tv-{day:%Y-%m-%d}-{network_id or 'utan-natverk'}"
    taken = set(known.walks.index)
    return next(i for i in (first, *(f"{first}-{n}" for n in range(2, 99))) if i not in taken)


def _network_names(known: Field) -> dict[str, str]:
    return {str(i): words.network(r["layer"], r["name"]) for i, r in known.areas.iterrows()}


def _oldest() -> date:
    return date(kinds.OLDEST, 1, 1)


def walk_choice(known: Field) -> str:
    """Let the writer say which walk the findings are from: newest first; "" for none."""
    real = known.walks[~known.walks["source"].eq("synthetic")].sort_values("date", ascending=False)
    networks = _network_names(known)
    names = {"": NO_WALK} | {
        str(i): f"{row['date']:%Y-%m-%d} {row['place'] or networks.get(row['network_id'], '')}"
        for i, row in real.iterrows()
    }
    return str(st.selectbox("Vandring", list(names), format_func=names.get, key="fran_vandring"))


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
                "Noterat", day, format="YYYY-MM-DD", min_value=_oldest(), key=f"noterat{walk_id}"
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


def save_rows(known: Field, raw: pd.DataFrame, person: auth.Person) -> bool:
    """Check rows of text as a file is checked, and keep them, all or none; true when kept."""
    raw = raw.assign(finding_id=[f"fynd-{uuid4().hex[:10]}" for _ in range(len(raw))])
    issues = Issues("findings")
    base_areas = data.register().base_areas
    table = findings_file.check(
        raw,
        issues,
        today=today(),
        categories=known.category_codes,
        owners=list(known.owners),
        base_areas=base_areas,
    )
    found = issues.frame()
    if has_errors(found):
        notices.problems(_as_labelled(found))
        return False
    shipped = read.walks()[0]
    warned = "".join(f" Obs: {text}" for text in found["message"])
    saved = words.counted(len(table), "fynd är sparat", "fynd är sparade")
    if keep(lambda o: o.save_findings(table, person.role, shipped), f"{saved}.{warned}"):
        state.empty_fields()
        return True
    told()
    return False
