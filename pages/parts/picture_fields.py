"""Fields of a meeting's part: each is saved as it is left, onto what stands in the store now."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import pandas as pd
import streamlit as st

from geo import freetext, judgement, store
from geo.errors import GeoError
from geo.judgement import MOST_FOCUS, Focus, Judgement
from geo.situation import Situation
from pages.parts import auth, keeping, state, words

JOINT, FOCUS, PRIORITY = "joint", "focus", "priority"
SAVED = "Sparat: {}. Varje fält sparas när du lämnar det."
GONE = "Utkastet är borttaget eller avslutat av någon annan. Din text står här nedanför."
MOST_TOLD = 200  # signs of a text that was written over
TRIES = 3  # another one may save a field of the same draft between reading and writing


def key_of(found: Situation, name: str) -> str:
    """Return the key of a field."""
    return f"{found.picture_id}-{name}"


def text(found: Situation, name: str, label: str, person: auth.Person) -> None:
    """Show a field of several lines."""
    key, kept, first = _begun(found, name)
    about = {"on_change": save, "args": (found, name, person)}
    st.text_area(label, first, key=key, height="content", **about)
    _unsaved(found, name, kept, person)


def focus(found: Situation, number: int, person: auth.Person) -> None:
    """Show a focus point: its text, and the priority of Brå that it serves."""
    left, right = st.columns([2, 1])
    with left:
        name = f"{FOCUS}{number}"
        key, kept, first = _begun(found, name)
        about = {"on_change": save, "args": (found, name, person)}
        st.text_input(f"Fokuspunkt {number + 1}", first, key=key, **about)
        _unsaved(found, name, kept, person)
    with right:
        names = {"": "Välj"}
        names |= {str(i): str(told) for i, told in found.deeds.priorities["name"].items()}
        name = f"{PRIORITY}{number}"
        key, _, first = _begun(found, name)
        place = list(names).index(first) if first in names else 0
        about = {"on_change": save, "args": (found, name, person), "format_func": names.get}
        st.selectbox(f"Brå-prioritering för {number + 1}", list(names), place, key=key, **about)


def _begun(found: Situation, name: str) -> tuple[str, str, str]:
    """Begin a field: its key, what is kept of it, what it is made with.

    A text that stood here and was written over elsewhere is said once.
    """
    key, kept = key_of(found, name), read(found.part, name)
    base, mine = state.drafted(key)
    first = state.draft_field(key, kept)
    if base and mine == base != kept and not name.startswith(PRIORITY):
        short = base if len(base) <= MOST_TOLD else f"{base[: MOST_TOLD - 1]}…"
        told = f"{label_of(name)} är ändrat av någon annan, eller ångrat. Förut stod: {short}"
        st.toast(words.markdown_safe(told), icon=":material/sync:")
    return key, kept, first


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


def written(part: Judgement, name: str, told: str) -> Judgement:
    """Return the meeting's part with one field written anew; the others as they are."""
    if name == JOINT:
        return replace(part, joint=told)
    if not name.startswith((FOCUS, PRIORITY)):
        return replace(part, seen={**part.seen, name: told})
    is_text = name.startswith(FOCUS)
    number = int(name.removeprefix(FOCUS if is_text else PRIORITY))
    points = [_focus_of(part, n) for n in range(MOST_FOCUS)]
    points[number] = replace(points[number], **{"text" if is_text else "priority_id": told})
    last = max((n for n, one in enumerate(points) if one != Focus("", "")), default=-1)
    return replace(part, focus=tuple(points[: last + 1]))


def label_of(name: str) -> str:
    """Return what a field is called on the page."""
    if name.startswith((FOCUS, PRIORITY)):
        return f"Fokuspunkt {int(name[-1]) + 1}"
    return "Gemensam bedömning" if name == JOINT else name


def save(found: Situation, name: str, person: auth.Person, over: str | None = None) -> None:
    """Save one field, onto what stands in the store now. over: theirs, which has been read."""
    key = key_of(found, name)
    base, mine = state.drafted(key)
    mine = freetext.clean(mine)
    faults = freetext.check(mine) if not name.startswith(PRIORITY) else []
    state.keep_refused(key, mine)  # until it is saved
    if faults:
        told = f"Ingenting sparades av {label_of(name)}: {' '.join(faults)}"
        state.tell(f"{told} Texten står kvar i fältet.")
        return

    def act(opened: store.Store) -> bool:
        row = row_of(opened, found.picture_id)
        part = judgement.of_row(dict(row))
        theirs = read(part, name)
        if theirs not in (base, mine, over):
            state.keep_theirs(key, theirs)
            raise GeoError("Någon annan har skrivit i samma fält. Se under fältet och välj.")
        cells = judgement.cells(written(part, name, mine))
        about = {"picture_id": found.picture_id, **cells}
        return opened.save_picture(about, person.role, int(row["version"]))

    if keeping.keep(_again(act), SAVED.format(label_of(name))):
        state.settle(key, mine)
        state.keep_theirs(key, None)
    elif mine and not _is_open(found.picture_id):
        state.keep_orphan(label_of(name), mine)
        state.tell(f"Ingenting sparades. {GONE}")


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


def row_of(opened: store.Store, picture_id: str) -> pd.Series:
    """Return a draft as it is kept now; raises GeoError when another one has removed it."""
    every = opened.pictures()
    if picture_id not in every.index:
        raise GeoError("Någon annan har tagit bort utkastet. Det kan hämtas tillbaka.")
    return every.loc[picture_id]


def _is_open(picture_id: str) -> bool:
    """Tell whether a draft is there to write in; when the store cannot say, it may be."""
    try:
        with store.open() as opened:
            every = opened.pictures()
    except GeoError:
        return True
    return picture_id in every.index and pd.isna(every.at[picture_id, "signed_date"])


def _unsaved(found: Situation, name: str, kept: str, person: auth.Person) -> None:
    """Say under a field that what stands in it is not saved, why, and let the writer choose."""
    key = key_of(found, name)
    theirs = state.theirs(key)
    mine = freetext.clean(state.drafted(key)[1])
    if theirs is not None:
        st.warning("Två har skrivit i fältet. Inget har gått förlorat: din text står i fältet.")
        st.markdown(f"Den andras text:\n\n> {words.markdown_safe(theirs or '(tomt)')}")
        with st.container(horizontal=True):
            args = (found, name, person, theirs)
            about = {"key": f"spara-{key}", "type": "primary", "on_click": save, "args": args}
            st.button("Spara min text", **about)
            about = {"key": f"deras-{key}", "on_click": _take_theirs, "args": (key, theirs)}
            st.button("Behåll den andras", **about)
    elif mine != kept:
        why = " ".join(freetext.check(mine))
        st.error(f"Det här fältet är inte sparat. {words.markdown_safe(why)}")
        if not why:
            about = {"key": f"spara-{key}", "on_click": save, "args": (found, name, person, kept)}
            st.button("Spara fältet", **about)


def _take_theirs(key: str, theirs: str) -> None:
    state.follow(key, theirs)
    state.settle(key, theirs)
    state.keep_theirs(key, None)


def unsaved(found: Situation) -> list[str]:
    """Return the labels of the fields that hold something else than what is saved."""
    left = [name for name in names_of(found.functions) if _differs(found, name)]
    return list(dict.fromkeys(map(label_of, left)))


def names_of(functions: Iterable[str]) -> list[str]:
    """Return the names of all fields of a meeting's part, in the order of the page."""
    pairs = [f"{kind}{number}" for number in range(MOST_FOCUS) for kind in (FOCUS, PRIORITY)]
    return [*dict.fromkeys(functions), JOINT, *pairs]


def by_another(found: Situation, now: Situation) -> bool:
    """Tell whether a field now holds what is neither shown here nor written here."""
    for name in names_of((*found.functions, *found.part.seen, *now.part.seen)):
        own = (read(found.part, name), freetext.clean(state.drafted(key_of(found, name))[1]))
        if read(now.part, name) not in own:
            return True
    return False


def _differs(found: Situation, name: str) -> bool:
    key = key_of(found, name)
    mine = freetext.clean(state.drafted(key)[1])
    return state.theirs(key) is not None or mine != read(found.part, name)


def orphans() -> None:
    """Show what was written in a draft that another one took away, so that it can be copied."""
    held = state.orphans()
    if not held:
        return
    st.warning("Det här hann inte sparas. Kopiera det om det ska med.")
    for label, told in held.items():
        st.markdown(f"**{words.markdown_safe(label)}**")
        st.code(told, language=None, wrap_lines=True)
    st.button("Klart, visa det inte mer", on_click=state.forget_orphans)
