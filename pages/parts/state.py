"""The only session_state: what the reader chose. Its controls keep the choice in the address."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import streamlit as st

LAYERS_KEY = "lager"
COLOUR_KEY = "farg"
CHOICE_KEY = "vald"
PEOPLE_KEY = "folk"
AGE_KEY = "alder"
MAP_KEY = "karta"
IMPORT_KEY = "inlasning"
TOLD_KEY = "besked"
UPLOADS_KEY = "antal_inlasningar"
INDICATOR_KEY = "indikator"
PERIOD_KEY = "period"
GROUP_KEY = "grupp"
LAYER_KEY = "slag"
VIEW_KEY = "vy"
BASIS_KEY = "underlag"
CATEGORY_KEY, STATUS_KEY, LIGHT_KEY, KIND_KEY = "kategori", "status", "ljus", "fyndslag"
YEAR_KEY, FINDING_KEY, SINCE_KEY = "ar", "fynd", "sedan"
WHAT_KEY, BY_KEY = "vad", "uppdelat"
OWNER_KEY, SPOT_KEY = "agare", "plats_pa_kartan"
ROUNDS_KEY = "antal_sparade"
CONFLICT_KEY, OPENED_KEY = "krock", "oppnat"
EFFORTS_VIEW_KEY = "insatsvy"
MEETINGS_VIEW_KEY, MEETINGS_YEAR_KEY = "mote_vy", "mote_ar"
GUIDELINE_KEY = "riktlinje"
TERM_KEY = "termin"
MEETING_KEY, DECISION_KEY, NETWORK_KEY = "mote", "beslut", "natverk"
PLACE_KEY, PICTURE_VIEW_KEY, REPORT_YEAR_KEY = "omrade", "bild_vy", "redovisat_ar"
DRAFT_KEY, FIRST_KEY, THEIRS_KEY, ORPHANS_KEY = "_utkast", "_forst", "_deras", "_blev_over"
REFUSED_KEY = "_nekat"
ADDED_KEY, HELD = "nyss_inlagda", "_hallet"
AMONG_KEY, TOP_KEY, DRIVES_KEY = "bland", "forsta", "driver"
PRESET_KEY, WEIGHT_KEY = "viktval", "vikt_"
PRIORITY_VIEW_KEY = "kraft_vy"
STRENGTH_KEY, SEED_KEY, BEFORE_KEY = "styrka", "fro", "viktval_forut"


def told_by(component: str) -> dict[str, Any] | None:
    """Return what a component last told: for a map, the text that was clicked."""
    value = st.session_state.get(component)
    return value if isinstance(value, dict) else None


def chosen() -> str | None:
    """Return what is chosen in the list."""
    value = st.session_state.get(CHOICE_KEY)
    return str(value) if value else None


def first(key: str, value: str) -> None:
    """Begin a control with a value, unless the reader or the address has said one."""
    if key not in st.session_state and key not in st.query_params:
        st.session_state[key] = value


def is_unknown(key: str, known: Collection[str]) -> bool:
    """Tell whether neither the reader nor the address has said something that is known."""
    return st.session_state.get(key, st.query_params.get(key)) not in known


def remember_preset(preset: str) -> None:
    """Keep which preset of weights is shown, for the own ones to begin with."""
    st.session_state[BEFORE_KEY] = preset


def preset_before() -> str | None:
    """Return the preset that was shown before the own weights, once."""
    preset: str | None = st.session_state.pop(BEFORE_KEY, None)
    return preset


def put(key: str, number: int, first: int) -> None:
    """Set a control that is not shown yet, also in the address when it is not as at first."""
    if number != first:
        st.session_state[key] = number
        st.query_params[key] = str(number)


def points(key: str, first: int, most: int) -> int:
    """Return the number that a control will have, before it is made: set, in the address, first."""
    said = str(st.session_state.get(key, st.query_params.get(key, first)))
    return int(said) if said.isdecimal() and int(said) <= most else first


def follow(key: str, value: str) -> None:
    """Set a control from elsewhere: what was chosen decides it."""
    st.session_state[key] = value


def choose(option: str | None) -> None:
    """Choose something in the list from elsewhere: a click on the map."""
    st.session_state[CHOICE_KEY] = option


def upload_key() -> str:
    """Return the key of the upload, another after each import: the file is then put away."""
    return f"{IMPORT_KEY}{st.session_state.get(UPLOADS_KEY, 0)}"


def next_upload() -> None:
    """Put the uploaded file away."""
    st.session_state[UPLOADS_KEY] = st.session_state.get(UPLOADS_KEY, 0) + 1


def tell(message: str) -> None:
    """Keep a message from a button until the page is shown again."""
    st.session_state[TOLD_KEY] = message


def say_once(show: Callable[[str], Any]) -> None:
    """Show the message that a button left, once."""
    message = st.session_state.pop(TOLD_KEY, "")
    if message:
        show(message)


def is_any_set(keys: tuple[str, ...]) -> bool:
    """Tell whether the reader or the address has chosen something in any of some controls."""
    return any(st.session_state.get(key) or st.query_params.get(key) for key in keys)


def chosen_finding() -> str | None:
    """Return the finding that is chosen in the list."""
    value = st.session_state.get(FINDING_KEY)
    return str(value) if value else None


def choose_finding(option: str | None) -> None:
    """Choose a finding from elsewhere: a click on the map."""
    st.session_state[FINDING_KEY] = option


def spot() -> tuple[float, float] | None:
    """Return the place (latitude, longitude) that was last pointed at for a new finding."""
    value: tuple[float, float] | None = st.session_state.get(SPOT_KEY)
    return value


def point_at(place: tuple[float, float] | None) -> None:
    """Keep the place that was pointed at."""
    st.session_state[SPOT_KEY] = place


def fresh(name: str) -> str:
    """Return a key that is another after each saving: the fields are then empty again."""
    return f"{name}{st.session_state.get(ROUNDS_KEY, 0)}"


def fill(name: str, value: str) -> None:
    """Put a value into a field of a form (see fresh) from elsewhere: a click on the map."""
    st.session_state[fresh(name)] = value


def empty_fields() -> None:
    """Let the fields of forms begin anew."""
    st.session_state[ROUNDS_KEY] = st.session_state.get(ROUNDS_KEY, 0) + 1
    st.session_state.pop(SPOT_KEY, None)


def opened(row_id: str, row: Any) -> Any:
    """Return a row as it was when the reader opened it: what a form is held against when sent."""
    kept = st.session_state.get(OPENED_KEY)
    if kept is None or kept[0] != row_id:
        kept = (row_id, row)
        st.session_state[OPENED_KEY] = kept
    return kept[1]


def reopen() -> None:
    """Let what is shown be opened anew, as it now stands."""
    st.session_state.pop(OPENED_KEY, None)


def keep_conflict(conflict: Any) -> None:
    """Keep what another one wrote until the writer has chosen; None forgets it."""
    st.session_state[CONFLICT_KEY] = conflict


def conflict() -> Any:
    """Return what another one wrote, if the writer has not chosen yet."""
    return st.session_state.get(CONFLICT_KEY)


def added() -> list[str]:
    """Return the ids of the meetings that were just put in together: they can be taken away."""
    value: list[str] = st.session_state.get(ADDED_KEY, [])
    return value


def keep_added(ids: list[str]) -> None:
    """Keep the ids of the meetings that were just put in together."""
    st.session_state[ADDED_KEY] = ids


def draft_field(key: str, kept: str) -> str:
    """Begin a field that is saved as it is left; returns what it is made with.

    What another one has saved comes into the field, unless the writer has changed it meanwhile.
    After a new start of the server the browser's text stays in it, and differs from what is kept.
    A field that was out of sight begins anew: with what is kept, or what could not be saved.
    """
    base = st.session_state.get(f"{DRAFT_KEY}{key}")
    if base is None or key not in st.session_state:
        st.session_state[f"{FIRST_KEY}{key}"] = st.session_state.get(f"{REFUSED_KEY}{key}", kept)
        st.session_state[f"{DRAFT_KEY}{key}"] = kept
    elif base != kept and st.session_state.get(key, base) == base:
        st.session_state[key] = kept
        settle(key, kept)
    first: str = st.session_state[f"{FIRST_KEY}{key}"]
    return first


def drafted(key: str) -> tuple[str, str]:
    """Return what a field held when it was begun, and what the writer has made of it."""
    return st.session_state.get(f"{DRAFT_KEY}{key}", ""), st.session_state.get(key, "")


def settle(key: str, kept: str) -> None:
    """Take what is now kept as what the field began with: the writer's own text stays in it."""
    st.session_state[f"{DRAFT_KEY}{key}"] = kept
    st.session_state.pop(f"{REFUSED_KEY}{key}", None)


def keep_refused(key: str, text: str) -> None:
    """Keep what could not be saved of a field until it is mended, also when it is out of sight."""
    st.session_state[f"{REFUSED_KEY}{key}"] = text


def keep_theirs(key: str, text: str | None) -> None:
    """Keep what another one wrote in a field until the writer has chosen; None forgets it."""
    st.session_state[f"{THEIRS_KEY}{key}"] = text


def theirs(key: str) -> str | None:
    """Return what another one wrote in a field, if the writer has not chosen yet."""
    text: str | None = st.session_state.get(f"{THEIRS_KEY}{key}")
    return text


def keep_orphan(label: str, text: str) -> None:
    """Keep what was written in a draft that is no longer there."""
    st.session_state[ORPHANS_KEY] = orphans() | {label: text}


def orphans() -> dict[str, str]:
    """Return what was written in drafts that are no longer there, by field."""
    held: dict[str, str] = st.session_state.get(ORPHANS_KEY, {})
    return held


def forget_orphans() -> None:
    """Forget what was written in drafts that are no longer there."""
    st.session_state.pop(ORPHANS_KEY, None)


def hold(key: str, option: str | None) -> None:
    """Choose in a list from elsewhere, or nothing: from the next run on."""
    st.session_state[f"{key}{HELD}"] = (option, None, True)


def held(key: str) -> str | None:
    """Return what is chosen in a list, also while the list is not shown."""
    option: str | None = st.session_state.get(f"{key}{HELD}", (None,))[0]
    return option


def begin_list(key: str, names: dict[str, str], first: str | None = None) -> None:
    """Let a list begin with what is held; call it before the list is made, end_list after.

    A choice then outlives another view, and a new name, which the browser would take for another
    option. names: id -> how it stands in the list. first: chosen when nothing else is.
    """
    option, name, is_from_elsewhere = st.session_state.get(f"{key}{HELD}", (None, None, False))
    current = st.session_state.get(key)
    is_renamed = option is not None and names.get(option) != name
    is_own = current != option if current is not None else not is_renamed
    if key in st.session_state and not is_from_elsewhere and (is_own or not is_renamed):
        option = current
        if option in names:
            return
    st.session_state[key] = option if option in names else first


def end_list(key: str, names: dict[str, str], chosen: str | None) -> None:
    """Keep what is chosen in a list, and how it stood there."""
    st.session_state[f"{key}{HELD}"] = (
        chosen,
        names.get(chosen) if chosen is not None else None,
        False,
    )
