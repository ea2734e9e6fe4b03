"""Register a walk, mend it, put its route on it or take it away. Every text is checked first."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from geo import findings_file, kinds, read, store
from geo.errors import GeoError, Issues, has_errors
from geo.field import gpx
from pages.parts import auth, data, keeping, notices, state, words
from pages.parts.field import Field, today
from pages.parts.field_forms import WALK_KEY, as_labelled, network_names, oldest, walk_choice
from pages.parts.keeping import PRIVATE, keep

WALK_STEPS = {"2": "Vandring", "1": "Förmöte", "3": "Uppföljande möte"}
WALK_STEPS |= {"4": "Ny vandring (återvandring)"}
PLACE_HELP = (
    "Ett namn i platsregistret, till exempel Norrby: då räknas vandringen dit. Annars räknas den "
    "där dess rutt går eller dess fynd ligger."
)
WALK = {
    "date": "Datum",
    "network_id": "Nätverk",
    "place": "Plats eller område",
    "start_time": "Började",
    "end_time": "Slutade",
    "light": "Ljus",
    "step": "Steg i metoden",
    "n_participants": "Antal deltagare",
    "organisers": "Arrangörer",
    "note": "Anmärkning",
}


def register_walk(known: Field, person: auth.Person) -> None:
    """Let the walk leader register a walk, with its route as a file when there is one."""
    with st.form(state.fresh("vandring"), border=True):
        row = walk_fields(known, {"date": f"{today():%Y-%m-%d}", "step": "2"})
        label = "Rutt (GPX, GeoJSON, GeoPackage; valfri)"
        route = st.file_uploader(label, type=["gpx", "geojson", "gpkg"])
        if not st.form_submit_button("Spara vandringen", type="primary"):
            return
    walk_id = _walk_id(known, row["date"], row["network_id"])
    _save_walk(row | {"walk_id": walk_id, "status": "säker"}, route, person)


def walk_fields(known: Field, row: Mapping[str, str]) -> dict[str, str]:
    """Show the fields of a walk as a file's row has it; returns what stands in them."""
    had, found = defaultdict(str, row), {}
    networks = {"": "Inget nätverk"} | network_names(known)
    steps = ({} if had["step"] else {"": "Inte angivet"}) | WALK_STEPS
    left, right = st.columns(2)
    with left:
        found["network_id"] = _one_of("Nätverk", networks, had["network_id"])
        found["place"] = st.text_input(
            "Plats eller område", had["place"], max_chars=200, help=PLACE_HELP
        )
        day = st.date_input("Datum", had["date"], format="YYYY-MM-DD", min_value=oldest())
        found["start_time"] = st.text_input("Började (18:30)", had["start_time"], max_chars=5)
        found["end_time"] = st.text_input("Slutade (20:00)", had["end_time"], max_chars=5)
    with right:
        lights = ["", *kinds.LIGHTS]
        found["light"] = st.selectbox("Ljus", lights, lights.index(had["light"]))
        found["step"] = _one_of("Steg i metoden", steps, had["step"])
        n = int(had["n_participants"]) if had["n_participants"] else None
        n = st.number_input("Antal deltagare (metoden säger högst 20)", 0, 500, n)
        label = "Arrangörer, skilda med ; (organisationer)"
        found["organisers"] = st.text_input(label, had["organisers"], max_chars=300)
    found["note"] = st.text_area("Anmärkning", had["note"], max_chars=2000, help=PRIVATE)
    return found | {"date": f"{day:%Y-%m-%d}", "n_participants": "" if n is None else str(int(n))}


def _one_of(label: str, names: Mapping[str, str], chosen: str) -> str:
    options = list(dict.fromkeys([*names, chosen]))
    place = options.index(chosen)
    return str(st.selectbox(label, options, place, format_func=lambda one: names.get(one, one)))


def register_route(known: Field, person: auth.Person) -> str:
    """Let the walk leader put a route on a walk, or take it away; returns the walk, "" for none."""
    walk_id = walk_choice(known)
    if not walk_id:
        st.caption("Välj en vandring. Saknas den, registrera den först.")
        return ""
    st.caption(
        "Spåret ur telefonens app som GPX. Började spåret hemma hos någon, ange hur många meter "
        "som ska klippas i ändarna."
    )
    trim = st.number_input("Klipp i var ände, meter", 0, 2000, 0, 50)
    route = st.file_uploader("Rutt (GPX, GeoJSON, GeoPackage)", type=["gpx", "geojson", "gpkg"])
    if route is not None:
        _keep_route(walk_id, route, float(trim), person)
    if "version" in known.walks and pd.notna(known.walks.at[walk_id, "version"]):
        version = int(known.walks.at[walk_id, "version"])
        args = (lambda o: o.remove_walk(walk_id, version, person.role), "Vandringen är borttagen.")
        st.button("Ta bort vandringen", on_click=keep, args=args)
    return walk_id


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


def _save_walk(row: dict[str, str], route: Any, person: auth.Person) -> None:
    try:
        row["route"] = _route(route).wkt if route is not None else ""
    except GeoError as fault:
        st.error(words.markdown_safe(str(fault)))
        return
    walk = checked_walk(row)
    if walk is None:
        return
    where = f" i {walk['place']}" if walk["place"] else ""
    done = (
        f"Vandringen {walk['date']:%Y-%m-%d}{where} är sparad. Registrera fynden under Ett fynd "
        f"eller Många fynd.{too_many(walk)}"
    )
    if keep(lambda opened: opened.save_walk(walk, person.role), done):
        state.hold(WALK_KEY, str(walk["walk_id"]))
        state.empty_fields()
        st.rerun()


def checked_walk(row: dict[str, str]) -> dict[str, Any] | None:
    """Check a walk as a file's row is checked; what is wrong is shown."""
    issues = Issues("walks")
    table = findings_file.check_walks(pd.DataFrame([row], index=[1]), issues)
    _check_whole(row, issues)
    if has_errors(issues.frame()):
        notices.problems(as_labelled(issues.frame()))
        return None
    return {str(name): value for name, value in table.iloc[0].items()}


def too_many(walk: Mapping[str, Any]) -> str:
    """Say that more walked than the method says; nothing when they did not."""
    n, most = walk["n_participants"], findings_file.MANY_PARTICIPANTS
    is_many = not pd.isna(n) and n > most
    return f" Metoden säger högst {most} deltagare; ni var {n}." if is_many else ""


def _check_whole(row: dict[str, str], issues: Issues) -> None:
    """Tell what a walk needs before it counts as walked: a place and a day that has been."""
    if not (row["network_id"] or row["place"].strip()):
        text = "Nätverk och plats saknas. Välj ett nätverk, eller skriv platsen."
        issues.error(text, row=1, column="place")
    if row["date"] > f"{today():%Y-%m-%d}":
        text = "Datumet ligger i framtiden. Registrera vandringen när den är gången."
        issues.error(text, row=1, column="date", value=row["date"])


def _route(uploaded: Any, trim_m: float = 0.0) -> Any:
    town = data.register().base_areas.geometry.union_all()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(uploaded.name).name
        path.write_bytes(uploaded.getbuffer())
        return gpx.route(path, inside=town, trim_m=trim_m)


def _walk_id(known: Field, day: str, network_id: str) -> str:
    """Return the id that the form of the field gives the same walk, or a free one."""
    first = f"tv-{day}-{network_id or 'utan-natverk'}"
    taken = set(known.walks.index)
    return next(i for i in (first, *(f"{first}-{n}" for n in range(2, 99))) if i not in taken)


def mend_walk(known: Field, walk_id: str, person: auth.Person) -> None:
    """Let the writer mend a walk that is registered; its id stays as it is."""
    now = known.walks.loc[walk_id]
    save = partial(_my_walk, now, person)
    keeping.conflict(now, "vandringen", WALK, partial(_walk_cell, known), save)
    row = state.opened(walk_id, now)
    with st.expander("Rätta vandringen"):
        with st.form(f"vandring-{walk_id}-{row.get('version')}", border=False):
            had = {name: _text(row[name]) for name in WALK}
            found = walk_fields(known, had)
            is_sent = st.form_submit_button("Spara rättelsen", type="primary")
        mine = {name: found[name] for name in WALK if found[name] != had[name]}
        if is_sent and _keep_walk(row, person, mine, "Vandringen är rättad."):
            st.rerun()
    if not is_sent and _version(row) != _version(now):
        st.info("Någon annan har ändrat vandringen sedan du öppnade den.")
        st.button("Visa som det är nu", on_click=state.reopen)


def _keep_walk(row: pd.Series, person: auth.Person, mine: dict[str, Any], done: str) -> bool:
    """Keep what was changed of a walk; False when it may not be, and why is shown."""
    walk_id = str(row.name)
    texts = {name: _text(row[name]) for name in WALK} | mine
    walk = checked_walk(texts | {"walk_id": walk_id, "route": ""})
    if walk is None:
        return False
    cells = {name: walk[name] for name in mine} | {"walk_id": walk_id}
    cells["assumed"] = tuple(name for name in row["assumed"] if name not in mine)

    def act(opened: store.Store) -> bool:
        opened.adopt_walks(read.walks()[0].loc[lambda walks: walks.index == walk_id])
        return opened.save_walk(cells, person.role, _version(row))

    keeping.change(act, done + (too_many(walk) if "n_participants" in mine else ""), mine, row)
    return True


def _my_walk(now: pd.Series, person: auth.Person, mine: dict[str, Any]) -> None:
    _keep_walk(now, person, mine, "Din version är sparad. Den andras finns kvar i historiken.")


def _version(walk: pd.Series) -> int:
    """Return the version of a walk; one that ships has the first when it comes into the store."""
    version = walk.get("version")
    return 1 if pd.isna(version) else int(version)


def _text(value: Any) -> str:
    """Write a fact of a walk as a file's row has it."""
    if isinstance(value, tuple):
        return ";".join(value)
    if pd.isna(value):
        return ""
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    return value if isinstance(value, str) else str(int(value))


def _walk_cell(known: Field, name: str, value: Any) -> str:
    text = _text(value)
    named = {"step": WALK_STEPS, "network_id": known.areas["name"].to_dict()}
    return str(named.get(name, {}).get(text, text)) or "–"
