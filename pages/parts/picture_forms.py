"""The meeting's part of a lägesbild: each field is saved as it is left; then all is closed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pandas as pd
import streamlit as st

from geo import freetext, judgement, situation, store
from geo.errors import GeoError
from geo.judgement import MOST_FOCUS, Focus, Judgement
from geo.report.situation_story import story
from geo.report.story import as_json
from geo.situation import Situation
from pages.parts import auth, data, decision_forms, keeping, state, words
from pages.parts.work import today

JOINT, FOCUS, PRIORITY = "joint", "focus", "priority"
SAVED = "Sparat. Varje fält sparas när du lämnar det."
HOW = (
    "Varje fält sparas när du lämnar det, så ett avbrott kostar högst det du just skriver. Flera "
    "kan skriva samtidigt, i var sitt fält. "
)
TRIES = 3  # another one may save a field of the same draft between reading and writing


def show(found: Situation, person: auth.Person) -> None:
    """Show the meeting's part to write in: a draft, or what is closed and how to begin anew."""
    if not person.may_write:
        st.info(keeping.READ_ONLY)
        return
    if not found.picture_id or found.is_signed:
        _begin(found, person)
        return
    st.markdown(f"{HOW}{keeping.PRIVATE}")
    for name in found.functions:
        _text(found, name, f"Vad ser {name}?", found.part.seen.get(name, ""), person)
    _text(found, JOINT, "Gemensam bedömning", found.part.joint, person)
    st.subheader("Fokuspunkter, högst tre", anchor=False)
    for number in range(MOST_FOCUS):
        _focus(found, number, person)
    _decide(found, person)
    _close(found, person)


def _begin(found: Situation, person: auth.Person) -> None:
    if found.is_signed:
        st.success(
            f"Lägesbilden är avslutad {found.signed_date:%Y-%m-%d} och ändras inte mer. Nästa "
            "jämförs med den."
        )
    else:
        st.info("Mötets del är inte påbörjad.")
    st.button("Börja på en ny lägesbild", type="primary", on_click=_new, args=(found, person))


def _new(found: Situation, person: auth.Person) -> None:
    empty = judgement.cells(Judgement())
    row = {"picture_id": f"bild-{uuid4().hex[:10]}", "network_id": found.area_id, "day": today()}
    keeping.keep(lambda o: o.save_picture(row | empty, person.role), "Utkastet är påbörjat.")


def _text(found: Situation, name: str, label: str, kept: str, person: auth.Person) -> None:
    key = state.draft_field(f"{found.picture_id}-{name}", kept)
    args = (found, name, person)
    st.text_area(label, key=key, height=100, on_change=_save, args=args)
    _unsaved(key, kept)
    _conflict(found, name, kept, person)


def _unsaved(key: str, kept: str) -> None:
    """Say under a field that what stands in it is not saved, and why."""
    mine = freetext.clean(state.drafted(key)[1])
    if mine != kept:
        why = " ".join(freetext.check(mine)) or "Någon annan har ändrat det, eller så bröts nätet."
        st.error(f"Det här fältet är inte sparat. {words.markdown_safe(why)}")


def _focus(found: Situation, number: int, person: auth.Person) -> None:
    kept = _focus_of(found.part, number)
    name = f"{FOCUS}{number}"
    left, right = st.columns([2, 1])
    with left:
        key = state.draft_field(f"{found.picture_id}-{name}", kept.text)
        label = f"Fokuspunkt {number + 1}"
        st.text_input(label, key=key, on_change=_save, args=(found, name, person))
        _unsaved(key, kept.text)
        _conflict(found, name, kept.text, person)
    with right:
        names = {"": "Välj"} | {
            str(i): str(text) for i, text in found.deeds.priorities.name.items()
        }
        name = f"{PRIORITY}{number}"
        key = state.draft_field(f"{found.picture_id}-{name}", kept.priority_id)
        label, args = f"Brå-prioritering för {number + 1}", (found, name, person)
        st.selectbox(label, list(names), format_func=names.get, key=key, on_change=_save, args=args)


def _focus_of(part: Judgement, number: int) -> Focus:
    return part.focus[number] if number < len(part.focus) else Focus("", "")


def read(part: Judgement, name: str) -> str:
    """Return what one field of the meeting's part holds."""
    if name == JOINT:
        return part.joint
    if name.startswith(FOCUS):
        return _focus_of(part, int(name.removeprefix(FOCUS))).text
    if name.startswith(PRIORITY):
        return _focus_of(part, int(name.removeprefix(PRIORITY))).priority_id
    return part.seen.get(name, "")


def written(part: Judgement, name: str, text: str) -> Judgement:
    """Return the meeting's part with one field written anew; the others as they are."""
    if name == JOINT:
        return replace(part, joint=text)
    if not name.startswith((FOCUS, PRIORITY)):
        return replace(part, seen={**part.seen, name: text})
    is_text = name.startswith(FOCUS)
    number = int(name.removeprefix(FOCUS if is_text else PRIORITY))
    points = [_focus_of(part, n) for n in range(MOST_FOCUS)]
    points[number] = replace(points[number], **{"text" if is_text else "priority_id": text})
    last = max((n for n, one in enumerate(points) if one != Focus("", "")), default=-1)
    return replace(part, focus=tuple(points[: last + 1]))


def _save(found: Situation, name: str, person: auth.Person, over: str | None = None) -> None:
    """Save one field, onto what stands in the store now. over: theirs, which has been read."""
    key = f"{found.picture_id}-{name}"
    base, mine = state.drafted(key)
    mine = freetext.clean(mine)
    faults = freetext.check(mine) if not name.startswith(PRIORITY) else []
    if faults:
        state.tell(f"Ingenting sparades av fältet: {' '.join(faults)} Texten står kvar i fältet.")
        return

    def act(opened: store.Store) -> bool:
        row = _row(opened, found.picture_id)
        part = judgement.of_row(dict(row))
        theirs = read(part, name)
        if theirs not in (base, mine, over):
            state.keep_conflict({"picture_id": found.picture_id, "field": name, "text": theirs})
            raise GeoError("Någon annan har skrivit i samma fält. Se under fältet och välj.")
        cells = judgement.cells(written(part, name, mine))
        about = {"picture_id": found.picture_id, **cells}
        return opened.save_picture(about, person.role, int(row["version"]))

    if keeping.keep(_again(act), SAVED):
        state.settle(key, mine)
        state.keep_conflict(None)


def _again(act: Callable[[store.Store], bool]) -> Callable[[store.Store], bool]:
    """Do something anew when another one saved in between: fields of their own do not collide."""

    def tried(opened: store.Store) -> bool:
        for _ in range(TRIES - 1):
            try:
                return act(opened)
            except store.ConflictError:
                continue
        return act(opened)

    return tried


def _conflict(found: Situation, name: str, kept: str, person: auth.Person) -> None:
    """Show what another one wrote in a field beside the writer's own, and let the writer choose."""
    told: Any = state.conflict()
    if not told or (told.get("picture_id"), told.get("field")) != (found.picture_id, name):
        return
    st.warning("Två har skrivit i fältet. Inget har gått förlorat: din text står i fältet.")
    st.markdown(f"Den andras text:\n\n> {words.markdown_safe(told['text'] or '(tomt)')}")
    with st.container(horizontal=True):
        args = (found, name, person, told["text"])
        st.button("Spara min text", type="primary", on_click=_save, args=args)
        st.button("Behåll den andras", on_click=_take_theirs, args=(found, name, told["text"]))


def _take_theirs(found: Situation, name: str, text: str) -> None:
    key = f"{found.picture_id}-{name}"
    state.follow(key, text)
    state.settle(key, text)
    state.keep_conflict(None)


def _decide(found: Situation, person: auth.Person) -> None:
    st.subheader("Beslut", anchor=False)
    st.markdown("Ett beslut har en ansvarig och ett datum. Det följs upp på sidan Möten.")
    with st.expander("Lägg till ett beslut"):
        decision_forms.add(data.work(), found.area_id, today(), person)


def _close(found: Situation, person: auth.Person) -> None:
    st.subheader("Avsluta lägesbilden", anchor=False)
    st.markdown(
        "En avslutad lägesbild sparas som den är, med dagens tal, och ändras inte mer. Nästa "
        "lägesbild jämförs med den."
    )
    faults = judgement.faults(found.part, found.functions, list(found.deeds.priorities.index))
    silent = [name for name in found.functions if not found.part.seen.get(name)]
    if silent:
        st.caption(f"Inget är skrivet av {words.listed(silent)}.")
    for _, sentence in faults:
        st.warning(words.markdown_safe(sentence))
    is_sure = st.checkbox("Vi är klara med texten", key=f"klar-{found.picture_id}")
    is_ready = is_sure and not faults and not found.part.is_empty
    if found.part.is_empty:
        st.caption("Skriv något först.")
    with st.container(horizontal=True):
        args = (found, person)
        st.button(
            "Avsluta lägesbilden", type="primary", disabled=not is_ready, on_click=_sign, args=args
        )
        st.button("Ångra senaste ändringen", on_click=_undo, args=args)
        st.button("Ta bort utkastet", on_click=_remove, args=args)


def _row(opened: store.Store, picture_id: str) -> pd.Series:
    every = opened.pictures()
    if picture_id not in every.index:
        raise GeoError(
            "Någon annan har tagit bort utkastet. Ladda om sidan; det kan hämtas tillbaka."
        )
    return every.loc[picture_id]


def _version(opened: store.Store, picture_id: str) -> int:
    return int(_row(opened, picture_id)["version"])


def _sign(found: Situation, person: auth.Person) -> None:
    closed = replace(found, signed_date=today())
    numbers = json.loads(situation.snapshot(closed))
    told = json.dumps(numbers | {"story": as_json(story(closed))}, ensure_ascii=False)
    picture_id = found.picture_id
    keeping.keep(
        lambda o: o.sign_picture(picture_id, _version(o, picture_id), told, person.role),
        "Lägesbilden är avslutad.",
    )


def _undo(found: Situation, person: auth.Person) -> None:
    keeping.keep(
        lambda o: o.undo_picture(found.picture_id, _version(o, found.picture_id), person.role),
        "Den senaste ändringen är ångrad.",
    )


def _remove(found: Situation, person: auth.Person) -> None:
    keeping.keep(
        lambda o: o.remove_picture(found.picture_id, _version(o, found.picture_id), person.role),
        "Utkastet är borttaget. Det kan hämtas tillbaka.",
    )


def removed(found: Situation, person: auth.Person) -> None:
    """Let the writer bring back a draft of the network that was removed."""
    gone = keeping.read(lambda o: o.pictures(removed=True)) if person.may_write else None
    if gone is None or (found.picture_id and not found.is_signed):
        return
    own = gone[gone["network_id"] == found.area_id]
    names = {str(i): f"Utkast {day:%Y-%m-%d}" for i, day in own["day"].items()}
    keeping.removed(
        "Borttagna utkast", own, names, lambda o, i, v: o.bring_back_picture(i, v, person.role)
    )
