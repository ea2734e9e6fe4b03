"""The one way back: a change goes to the store, and what came of it is told, conflicts too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from geo import store
from geo.errors import GeoError
from pages.parts import grid, state, words

T = TypeVar("T")
WHAT = {
    **{"finding_id": "fyndet", "meeting_id": "mötet", "decision_id": "beslutet"},
    **{"plan_id": "planen", "picture_id": "lägesbilden"},
}

READ_ONLY = (
    "Sidan är skrivskyddad. Den som förvaltar data startar med `make run` på sin egen dator eller "
    "sätter `LAGESBILD_WRITE=yes`."
)
PRIVATE = (
    "Beskriv platsen, aldrig personer. Personnummer, telefonnummer, e-post, skyltar och "
    "bostadsadresser stoppas innan texten sparas. Namn kan inte stoppas: skriv inga."
)


def keep(
    act: Callable[[store.Store], object], done: str, mine: dict[str, Any] | None = None
) -> bool:
    """Do something with the store; says what was done, or why it was not. True when it was.

    mine: what was written, to be held beside what another one wrote.
    """
    try:
        with store.open() as opened:
            is_changed = act(opened)
    except store.ConflictError as conflict:
        if mine is not None:
            state.keep_conflict(conflict.theirs | {"mine": mine})
        state.tell(f"Krock: {conflict}".replace("(keeper)", "(dataförvaltaren)"))
        return False
    except GeoError as fault:
        state.tell(f"Ingenting sparades. {fault}")
        return False
    state.tell("Inget var ändrat, så inget sparades." if is_changed is False else done)
    return True


def change(act: Callable[[store.Store], object], done: str, mine: dict[str, Any]) -> bool:
    """Change a row that was opened: see keep. Then it is opened anew, as it now stands."""
    is_kept = keep(act, done, mine)
    if is_kept:
        state.keep_conflict(None)
    if is_kept or state.conflict():
        state.reopen()
    return is_kept


def read(ask: Callable[[store.Store], T]) -> T | None:
    """Ask the store; None, with the reason on the page, when it cannot be read."""
    try:
        with store.open() as opened:
            return ask(opened)
    except GeoError as fault:
        st.error(words.markdown_safe(str(fault)))
        return None


def told() -> None:
    """Show what the last button did, here and in a corner that is always in sight."""

    def show(text: str) -> None:
        is_bad = text.startswith(("Krock", "Ingen"))
        (st.error if is_bad else st.success)(text)
        short = "Inget är sparat: se överst på sidan." if is_bad else text.partition(". ")[0]
        st.toast(short, icon=":material/arrow_upward:" if is_bad else ":material/check:")

    state.say_once(show)


def conflict(
    row_id: str,
    key: str,
    names: dict[str, str],
    written: Callable[[str, Any], str],
    save: Callable[[dict[str, Any], int], None],
) -> None:
    """Show what two wrote side by side, and let the writer choose; nothing when they did not.

    key: the column of the row's id; names: what may differ, with its label; written: how a value
    stands in words; save: keeps the writer's own version over the version that now stands.
    """
    theirs = state.conflict()
    if not theirs or theirs.get(key) != row_id:
        return
    mine = theirs["mine"]
    differ = [
        name for name in names if written(name, mine.get(name)) != written(name, theirs.get(name))
    ]
    what = WHAT[key]
    st.warning(f"Två har ändrat {what} samtidigt. Inget av det du skrev har gått förlorat.")
    table = pd.DataFrame(
        {
            "Fält": [names[name] for name in differ],
            "Du skrev": [written(name, mine.get(name)) for name in differ],
            "Sparat av den andra": [written(name, theirs.get(name)) for name in differ],
        }
    )
    grid.show(table, "Det som skiljer", otherwise="Ni skrev samma sak.")
    with st.container(horizontal=True):
        args = (mine, int(theirs["version"]))
        st.button("Spara min version", type="primary", on_click=save, args=args)
        st.button("Behåll den andras", on_click=state.keep_conflict, args=(None,))


def removed(
    heading: str,
    gone: pd.DataFrame,
    names: dict[str, str],
    bring_back: Callable[[store.Store, str, int], object],
) -> None:
    """Let the writer bring back one of what is removed: index the id, version; nothing when empty.

    names: id -> how it stands in the list. bring_back: given the store, the id and its version.
    """
    if gone.empty:
        return
    with st.expander(f"{heading} ({len(gone)})"):
        chosen = st.selectbox(heading, list(names), format_func=names.get)
        version = int(gone.at[chosen, "version"])
        st.button(
            "Hämta tillbaka",
            on_click=keep,
            args=(lambda opened: bring_back(opened, chosen, version), "Det är tillbaka."),
            key=f"tillbaka_{heading}",
        )
