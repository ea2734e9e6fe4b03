"""The meeting's part of a lägesbild: begun, written by several, closed for good, or taken away."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import streamlit as st

from geo import decisions, judgement, situation, store
from geo.errors import GeoError
from geo.judgement import MOST_FOCUS, Judgement
from geo.report.situation_story import story
from geo.report.story import as_json
from geo.situation import Situation
from pages.parts import (
    auth,
    data,
    decision_forms,
    decision_lists,
    keeping,
    picture_fields,
    state,
    words,
)
from pages.parts.work import today

HOW = (
    "Varje fält sparas när du lämnar det: tryck Tab eller klicka utanför innan du laddar om eller "
    "byter sida. Flera kan skriva samtidigt, i var sitt fält. Högst 2 000 tecken i varje. "
)
NEW = "Lägg till ett beslut"
DECIDING = (
    f"Formuläret **{NEW}** är öppet. Spara beslutet först, eller fäll ihop formuläret om det inte "
    "ska med."
)
CHANGED = (
    "Någon annan har skrivit sedan du läste, så inget är gjort. Läs igenom det som nu står här och "
    "försök igen."
)


def show(found: Situation, person: auth.Person) -> None:
    """Show the meeting's part to write in: a draft, or what is closed and how to begin anew."""
    if not person.may_write:
        st.info(keeping.READ_ONLY)
        return
    picture_fields.orphans()
    if not found.picture_id or found.is_signed:
        _begin(found, person)
        return
    st.markdown(f"{HOW}{keeping.PRIVATE}")
    for name in found.functions:
        picture_fields.text(found, name, f"{name}: vad ser ni?", person)
    picture_fields.text(found, picture_fields.JOINT, "Gemensam bedömning", person)
    st.subheader("Fokuspunkter, högst tre", anchor=False)
    for number in range(MOST_FOCUS):
        picture_fields.focus(found, number, person)
    is_deciding = _decide(found, person)
    _close(found, person, is_deciding)


def _begin(found: Situation, person: auth.Person) -> None:
    if found.is_signed:
        st.success(
            f"Lägesbilden är avslutad {found.signed_date:%Y-%m-%d} och ändras inte mer. Nästa "
            "jämförs med den. Den finns under **Visa och ladda ner** tills nästa är påbörjad, och "
            "alltid under **Tidigare**."
        )
    else:
        rests = " Nätverket är vilande." if found.who.is_resting else ""
        st.info(f"Mötets del är inte påbörjad.{rests}")
    kind = "secondary" if found.is_signed else "primary"
    st.button("Börja på en ny lägesbild", type=kind, on_click=_new, args=(found, person))


def _new(found: Situation, person: auth.Person) -> None:
    empty = judgement.cells(Judgement())
    row = {"picture_id": f"bild-{uuid4().hex[:10]}", "network_id": found.area_id, "day": today()}
    keeping.keep(lambda o: o.save_picture(row | empty, person.role), "Utkastet är påbörjat.")


def _decide(found: Situation, person: auth.Person) -> bool:
    """Show what waits, and the form of a new decision; tells whether that is open."""
    st.subheader("Beslut", anchor=False)
    st.markdown("Ett beslut här har en ansvarig och ett datum. Det följs upp på sidan Möten.")
    made = found.deeds.decisions
    waiting = made[made["status"].isin(decisions.OPEN)]
    if not waiting.empty:
        st.markdown(f"Beslut som väntar:\n\n{decision_lists.lines(waiting)}")
    key = state.fresh(f"beslut-{found.picture_id}-")  # open until a decision is saved
    with st.expander(NEW, key=key, on_change="rerun") as form:
        first = next((one.priority_id for one in found.part.focus if one.priority_id), "")
        decision_forms.add(
            data.work(), found.area_id, today(), person, needs_date=True, priority_id=first
        )
    return bool(form.open)


def _close(found: Situation, person: auth.Person, is_deciding: bool) -> None:
    st.subheader("Avsluta lägesbilden", anchor=False)
    st.markdown(
        "En avslutad lägesbild sparas som den är, med dagens tal, och ändras inte mer. Nästa "
        "lägesbild jämförs med den."
    )
    faults = _faults(found)
    silent = [name for name in found.functions if not found.part.seen.get(name)]
    if silent:
        st.caption(f"Inget är skrivet av {words.listed(silent)}.")
    for sentence in faults:
        st.warning(words.markdown_safe(sentence))
    is_sure = st.checkbox("Vi är klara med texten", key=f"klar-{found.picture_id}")
    unsaved = picture_fields.unsaved(found)
    if unsaved:
        st.error(f"Inte sparat: {words.listed(unsaved)}. Rätta eller välj text i fältet först.")
    if is_deciding:
        st.warning(DECIDING)
    is_ready = is_sure and not any((faults, unsaved, is_deciding, found.part.is_empty))
    if found.part.is_empty and not unsaved:
        st.caption("Skriv något först.")
    args = (found, person)
    about = {"type": "primary", "disabled": not is_ready, "on_click": _sign, "args": args}
    with st.container(horizontal=True):
        st.button("Avsluta lägesbilden", **about)
        hint = "Det tar tillbaka det som är sparat. Rätta det osparade först." if unsaved else None
        about = {"disabled": bool(unsaved), "help": hint, "on_click": _undo, "args": args}
        st.button("Ångra senaste ändringen", **about)
        with st.popover("Ta bort utkastet"):
            st.markdown("Utkastet tas bort för alla. Det kan hämtas tillbaka.")
            st.button("Ja, ta bort", on_click=_remove, args=args)


def _faults(found: Situation) -> list[str]:
    known = list(found.deeds.priorities.index)
    return [sentence for _, sentence in judgement.faults(found.part, found.functions, known)]


def _as_shown(found: Situation) -> tuple[Situation, int]:
    """Return the draft as it now stands, with its version; raises when another one wrote in it.

    The writer's own last field is saved while the button is pressed: that is no other one.
    """
    now = data.picture(found.area_id)
    is_here = now.picture_id == found.picture_id and not now.is_signed
    if not is_here or picture_fields.by_another(found, now):
        raise GeoError(CHANGED)
    return now, int(data.work().pictures.at[found.picture_id, "version"])


def _as_read(act: Callable[[store.Store], object]) -> Callable[[store.Store], object]:
    """Do something with a draft only as it was read: else say that it has changed."""

    def tried(opened: store.Store) -> object:
        try:
            return act(opened)
        except store.ConflictError as conflict:
            raise GeoError(CHANGED) from conflict

    return tried


def _sign(found: Situation, person: auth.Person) -> None:
    def act(opened: store.Store) -> None:
        now, version = _as_shown(found)
        if unsaved := picture_fields.unsaved(now):
            raise GeoError(f"Inte sparat: {words.listed(unsaved)}. Rätta fältet först.")
        if faults := _faults(now):
            raise GeoError(" ".join(faults))
        closed = replace(now, signed_date=today())
        numbers = json.loads(situation.snapshot(closed))
        told = json.dumps(numbers | {"story": as_json(story(closed))}, ensure_ascii=False)
        opened.sign_picture(now.picture_id, version, told, person.role)

    keeping.keep(_as_read(act), "Lägesbilden är avslutad.")


def _undo(found: Situation, person: auth.Person) -> None:
    changed: list[str] = []

    def act(opened: store.Store) -> None:
        now, version = _as_shown(found)
        opened.undo_picture(now.picture_id, version, person.role)
        row = picture_fields.row_of(opened, now.picture_id)
        changed.extend(_differing(now.part, judgement.of_row(dict(row))))

    if keeping.keep(_as_read(act), "Den senaste ändringen är ångrad."):
        state.tell(f"Ångrat: {words.listed(changed) or 'den senaste ändringen'}.")


def _differing(one: Judgement, two: Judgement) -> list[str]:
    """Return the labels of the fields that differ between two."""
    names = picture_fields.names_of((*one.seen, *two.seen))
    differ = [n for n in names if picture_fields.read(one, n) != picture_fields.read(two, n)]
    return list(dict.fromkeys(map(picture_fields.label_of, differ)))


def _remove(found: Situation, person: auth.Person) -> None:
    act = _as_read(lambda o: o.remove_picture(*_id_and_version(found), person.role))
    keeping.keep(act, "Utkastet är borttaget. Det kan hämtas tillbaka.")


def _id_and_version(found: Situation) -> tuple[str, int]:
    return found.picture_id, _as_shown(found)[1]


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
