"""The one way back: a change goes to the store, and what came of it is told, conflicts too."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from geo import store
from geo.errors import GeoError
from pages.parts import grid, state, words

T = TypeVar("T")
UNCHANGED = "Inget var ändrat, så inget sparades."

READ_ONLY = (
    "Sidan är skrivskyddad. Den som förvaltar data startar med `make run` på sin egen dator eller "
    "sätter `LAGESBILD_WRITE=yes`."
)
PRIVATE = (
    "Beskriv platsen, aldrig personer. Personnummer, telefonnummer, e-post, skyltar och "
    "bostadsadresser stoppas innan texten sparas. Namn kan inte stoppas: skriv inga."
)


def keep(
    act: Callable[[store.Store], object], done: str, held: dict[str, Any] | None = None
) -> bool:
    """Do something with the store; says what was done, or why it was not. True when it was.

    held: what the writer has changed, to be held beside what another one wrote (see change).
    """
    try:
        with store.open() as opened:
            is_changed = act(opened)
    except store.ConflictError as conflict:
        if held is not None:
            state.keep_conflict(held)
        state.tell(f"Krock: {conflict}".replace("(keeper)", "(dataförvaltaren)"))
        return False
    except GeoError as fault:
        state.tell(f"Ingenting sparades. {fault}")
        return False
    state.tell(UNCHANGED if is_changed is False else done)
    return True


def changed(row: pd.Series, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return those fields that are other than in a row: nothing is nothing, a day a day."""
    return {name: value for name, value in fields.items() if _flat(value) != _flat(row.get(name))}


def _flat(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return ";".join(value)
    if pd.isna(value):
        return ""
    return f"{value:%Y-%m-%d}" if isinstance(value, date) else value


def change(
    act: Callable[[store.Store], object], done: str, mine: dict[str, Any], row: pd.Series
) -> bool:
    """Change a row as it was opened: see keep. Then it is opened anew, as it now stands.

    mine: what the writer has changed in it, and nothing else. What he wrote in a conflict before
    stays until it is kept too.
    """
    if not mine:
        state.tell(UNCHANGED)
        return False
    before = _held(row) or {"mine": {}, "opened": row}
    held = {"row_id": row.name, "mine": before["mine"] | mine, "opened": before["opened"]}
    is_kept = keep(act, done, held)
    if is_kept and _held(row) and held["mine"].keys() == mine.keys():
        state.keep_conflict(None)
    if is_kept or _held(row):
        state.reopen()
    return is_kept


def _held(row: pd.Series) -> dict[str, Any] | None:
    """Return the conflict of a row, if the writer has not chosen yet."""
    held: dict[str, Any] | None = state.conflict()
    return held if held and held["row_id"] == row.name else None


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

    with st.container():  # always there: what comes below it is not made anew, and keeps the focus
        state.say_once(show)


def conflict(
    now: pd.Series,
    what: str,
    names: dict[str, str],
    written: Callable[[str, Any], str],
    save: Callable[[dict[str, Any]], None],
) -> None:
    """Show what two wrote side by side, and let the writer choose; nothing when they did not.

    now: the row as it stands; what: what it is ("fyndet"); names: what may differ, with its label;
    written: how a value stands in words; save: keeps what the writer changed over the row.
    """
    held = _held(now)
    if held is None:
        return
    mine = held["mine"]
    theirs = changed(held["opened"], {name: now.get(name) for name in names})
    own = [n for n in names if n in mine and written(n, mine[n]) != written(n, now.get(n))]
    is_gone = not pd.isna(now.get("removed_at"))
    both = [name for name in own if is_gone or name in theirs]
    st.warning(f"Två har ändrat {what} samtidigt. Inget av det du skrev har gått förlorat.")
    if both or not own:
        cells = [(names[n], written(n, mine[n]), written(n, now.get(n))) for n in both]
        table = pd.DataFrame(cells, columns=["Fält", "Du skrev", "Sparat av den andra"])
        grid.show(table, "Det som skiljer", otherwise="Ni skrev samma sak.")
    alone = [names[name] for name in theirs if name not in mine]
    if said := _kept_of_both([names[name] for name in own if name not in both], alone):
        st.markdown(said)
    rest = {name: value for name, value in mine.items() if name not in both}
    with st.container(horizontal=True):
        st.button("Spara min version", type="primary", on_click=save, args=(mine,))
        if both and len(both) < len(own):
            st.button("Spara bara det som inte krockar", on_click=save, args=(rest,))
        st.button("Behåll den andras", on_click=state.keep_conflict, args=(None,))


def _kept_of_both(mine: list[str], theirs: list[str]) -> str:
    """Say what of two writers' changes can stand together: the labels that one alone changed."""
    kept = f"Det den andra har ändrat i {words.listed(theirs)} står kvar." if theirs else ""
    if not mine:
        return kept
    own = f"Det du har ändrat i {words.listed(mine)} krockar inte med det den andra har ändrat"
    return f"{own}: sparar du din version finns båda kvar. {kept}"


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
