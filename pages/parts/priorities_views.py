"""The views of the page Kraftsamla: the ranking with its map and files, and what drives it."""

from __future__ import annotations

import textwrap
from functools import partial

import pandas as pd
import streamlit as st

from geo import needs
from geo.priority.ranking import NO_VERDICT, NOT, POSSIBLY, SURELY
from geo.report import priority_sheet
from pages.parts import (
    charts,
    data,
    downloads,
    frame,
    grid,
    looks,
    maps,
    pictures,
    priorities,
    priorities_why,
    state,
    words,
)
from pages.parts.data import Register
from pages.parts.priorities import BASE_AREAS, Asked
from pages.parts.work import today

HALF, FEWER = ", i minst hälften av dragningarna", ", i färre än hälften"
COLOURS = {  # by verdict, and how often when it is possible; darker than any line of a layer first
    (SURELY, ""): ("#6d1031",),
    (POSSIBLY, HALF): ("#d9822b",),
    (POSSIBLY, FEWER): ("#f6dfb8",),
    (NOT, ""): ("#cfe3ee",),
    (NO_VERDICT, ""): looks.UNKNOWN,
}
SEVERAL, NOBODY = ("#ffffff", "#8c8c8c"), ("#f4f4f2",)
NOT_HERE = "Inget nätverk i lagret"
CHOOSE = "Välj ett område för att se vad som driver dess plats och vad som skulle ändra den."
DOUBLES = "Indikatorer som räknas två gånger"
DOUBLED = (
    "Räknat över basområdena, av de indikatorer som väger något. Starkt samband gör att samma sak "
    "väger dubbelt. Sänk den enas vikt, eller båda."
)
LINE = 185  # signs of a line under a printed map


def ready(found: needs.Needs) -> None:
    """Go on when something can be ranked; say at once what is made up."""
    if not len(found.values.columns):
        st.info(words.NO_STATISTICS)
        st.stop()
    frame.demo(words.DEMO if found.demo else "")


def headline(asked: Asked) -> None:
    """Say the answer, and in short what it rests on."""
    made = data.once(priorities.ranking, asked)
    st.markdown(data.once(priorities.headline, asked))
    n, n_judged = len(made.table), int(made.table["rank"].notna().sum())
    st.caption(
        f"{priorities.chosen(asked)}. {n_judged} av {n} kan bedömas. "
        f"{words.number(priorities.DRAWS)} dragningar, frö {asked.seed}, vikternas styrka "
        f"{words.number(asked.strength)}."
    )


def painting(known: Register, asked: Asked) -> maps.Painting:
    """Paint base areas by the verdict of what is ranked there."""
    made = data.once(priorities.ranking, asked)
    rows, is_base = made.table, asked.among == BASE_AREAS
    answer = {str(i): f"{row['verdict']}{_often(row)}" for i, row in rows.iterrows()}
    shown = {}
    for area_id, name in known.base_areas["name"].items():
        ids = [str(area_id)] if is_base else _networks(known, area_id, asked.among)
        said = [answer[i] if is_base else f"{made.names[i]}: {answer[i]}" for i in ids]
        own = list(dict.fromkeys(_class(rows.loc[i]) for i in ids))
        colours = COLOURS[own[0]] if len(own) == 1 else SEVERAL if own else NOBODY
        label = f"{name}: {words.listed(said) or NOT_HERE.lower()}"
        shown[str(area_id)] = maps.Look(colours, label, "split" if len(ids) > 1 else "plain")
    return maps.Painting(shown, () if is_base else (asked.among,))


def _often(row: pd.Series) -> str:
    return "" if pd.isna(row["p_top"]) else f" ({priorities.share(row['p_top'])})"


def _class(row: pd.Series) -> tuple[str, str]:
    """Return what a place is painted by: its verdict, and how often when that is possible."""
    if row["verdict"] != POSSIBLY:
        return str(row["verdict"]), ""
    return POSSIBLY, HALF if row["p_top"] >= 0.5 else FEWER


def _networks(known: Register, area_id: object, among: str) -> list[str]:
    own = known.memberships[known.memberships["base_area_id"] == area_id]["network_id"]
    return [str(i) for i in own if known.networks.at[i, "layer"] == among]


def keys(known: Register, asked: Asked) -> list[maps.Key]:
    """Return the legend of the map: only what is on it."""
    used = {look.colours for look in painting(known, asked).looks.values()}
    rows = [
        (colours, f"{words.first_upper(name)} bland de {asked.top} första{often}")
        for (name, often), colours in COLOURS.items()
        if name != NO_VERDICT
    ]
    rows += [
        (SEVERAL, "Delas av nätverk med olika svar"),
        (looks.UNKNOWN, words.first_upper(NO_VERDICT)),
        (NOBODY, NOT_HERE),
    ]
    return [maps.Key(colours, text) for colours, text in rows if colours in used]


def ranking(known: Register, asked: Asked) -> None:
    """Show the ranking as intervals, in a table and on the map."""
    made = data.once(priorities.ranking, asked)
    base = data.base_map("Karta över var det är säkert att kraftsamla")
    painted, legend = data.once(painting, asked), data.once(keys, asked)
    left, right = st.columns(2, gap="medium")
    with left:
        charts.show(data.once(charts.ranking, asked), charts.RANKING, made.caution)
    with right:
        frame.show_map(base, painted, known.choices, 440, partial(_open, known, asked))
        st.html(maps.legend(legend, frame.lines(painted.layers)))
        st.caption(made.caution)
    _about_chosen(asked)
    rows = data.once(priorities.table, asked)
    grid.show(rows, "Rangordning, störst behov först", 560, caution=made.caution)
    depends = data.once(priorities.dependent, asked.among)
    if depends:
        st.caption(depends)
    st.header("Vikter och underlag", anchor=False)
    own = data.once(priorities.weights_table, asked)
    grid.show(own, "Vikterna, som summerar till 100 %", 420, caution=made.caution)
    st.caption(data.once(priorities.left_out, asked.among))
    st.caption(data.once(priorities.method, asked))
    _files(known, asked, base)


def _open(known: Register, asked: Asked, clicked: str) -> bool:
    """Take a click on the map: the base area, or the network of the layer that has it."""
    ids = [clicked] if asked.among == BASE_AREAS else _networks(known, clicked, asked.among)
    state.hold(state.DRIVES_KEY, ids[0] if ids else None)
    return True


def _about_chosen(asked: Asked) -> None:
    """Say what drives the place that was chosen on the map, or that one can be."""
    chosen = state.held(state.DRIVES_KEY)
    if chosen in data.once(priorities.ranking, asked).names:
        st.markdown(data.once(priorities_why.why, asked, chosen))
        st.caption("Mer om området, och vad som skulle ändra platsen, under Vad som driver.")
    else:
        st.caption("Välj ett område på kartan för att få veta vad som driver dess plats.")


def _files(known: Register, asked: Asked, base: maps.Base) -> None:
    """Offer the ranking as tables, map, one page, and the settings; each says how it is made."""
    made = data.once(priorities.ranking, asked)
    painted, legend = data.once(painting, asked), data.once(keys, asked)
    method = data.once(priorities.method, asked).replace("**", "")
    topic = f"Kraftsamla: {priorities.AMONG[asked.among].lower()}"
    about = [*downloads.about("kraftsamla", made.caution), data.once(priorities.sources, asked)]
    about += [data.once(priorities.left_out, asked.among), method]
    sheets = {
        "Rangordning": data.once(priorities.export, asked),
        "Vikter": data.once(priorities.weights_export, asked),
    }
    depends = data.once(priorities.dependent, asked.among)
    downloads.tables("kraftsamla", sheets, [*about, depends] if depends else about)
    first, *origin, day = downloads.about("kraftsamla")
    head = ". ".join(filter(None, (first, day, priorities.chosen(asked), made.caution)))
    short = [head, *origin, *textwrap.wrap(method, LINE)]  # as many lines as there is room for
    downloads.the_map(
        "kraftsamla",
        base,
        painted,
        legend,
        lambda: pictures.map_of(topic, known, painted, legend, short),
        about,
    )
    file = priorities.saved(asked)
    downloads.buttons(
        [
            ("En sida (PDF)", "kraftsamla.pdf", "application/pdf", lambda: sheet(known, asked)),
            ("Vikterna (JSON)", "vikter.json", "application/json", lambda: file),
        ]
    )


def sheet(_known: Register, asked: Asked) -> bytes:
    """Return the ranking as one page for a decision paper."""
    made = data.once(priorities.ranking, asked)
    told, ground = data.once(priorities.table, asked), data.once(priorities.shared_ground, asked)
    rows = pd.DataFrame(
        {
            **dict(zip(priority_sheet.TEXTS, told.to_numpy().T, strict=True)),
            "ground": [ground.get(str(i), "–") for i in made.table.index],
            "low": made.table["rank_low"].to_numpy(),
            "middle": made.table["rank_median"].to_numpy(),
            "high": made.table["rank_high"].to_numpy(),
        }
    )
    weights = data.once(priorities.weights_table, asked)
    weights = weights[[weight > 0 for weight in made.weights.values()]]
    moves = data.once(priorities_why.moves, asked)
    about = [data.once(priorities.dependent, asked.among), data.once(priorities.method, asked)]
    about += [data.once(priorities.left_out, asked.among), downloads.ABOUT[1]]
    return priority_sheet.pdf(
        priority_sheet.Sheet(
            title=f"Kraftsamla: {priorities.AMONG[asked.among].lower()}",
            day=f"{today():%Y-%m-%d}",
            headline=data.once(priorities.headline, asked).replace("**", ""),
            rows=rows,
            top=asked.top,
            weights=words.listed([f"{row.Indikator} {row.Vikt}" for row in weights.itertuples()]),
            sources=data.once(priorities.sources, asked),
            moves=words.first_upper(
                words.listed([f"{name.lower()} {share}" for name, share in moves.to_numpy()])
            )
            + " av platsernas variation.",
            notes=[text.replace("**", "") for text in about if text],
            mark=made.caution,
        )
    )


def drivers(_known: Register, asked: Asked) -> None:
    """Show what drives one area's place, what moves the whole, and who cannot be told apart."""
    made = data.once(priorities.ranking, asked)
    chosen = _chosen(made.names)
    sheets = {}
    if chosen:
        st.markdown(data.once(priorities_why.why, asked, chosen))
        sheets["Vad som driver platsen"] = data.once(priorities_why.parts, asked, chosen)
        caption = f"Vad som driver platsen, {made.names[chosen]}"
        grid.show(sheets["Vad som driver platsen"], caption, caution=made.caution)
    else:
        st.info(CHOOSE)
    sheets |= {
        "Antaganden": data.once(priorities_why.moves, asked),
        "Par": data.once(priorities_why.alike, asked, chosen),
        "Dubbelt": data.once(priorities_why.doubles, asked),
    }
    st.header("Vad som flyttar rangordningen mest", anchor=False)
    grid.show(sheets["Antaganden"], "Antaganden", caution=made.caution)
    st.header("Går inte att skilja åt", anchor=False)
    said = data.once(priorities_why.pairs_caption, asked, chosen)
    grid.show(sheets["Par"], said, 360, "Alla par går att skilja åt.", made.caution)
    st.header("Säger nästan samma sak", anchor=False)
    grid.show(sheets["Dubbelt"], DOUBLES, 360, "Inga.", made.caution)
    st.caption(DOUBLED)
    about = [*downloads.about("kraftsamla", made.caution), priorities.chosen(asked)]
    about.append(data.once(priorities.method, asked).replace("**", ""))
    downloads.tables("kraftsamla-vad-som-driver", sheets, about)


def _chosen(names: dict[str, str]) -> str | None:
    """Let the reader choose an area; the one chosen on the map is chosen to begin with."""
    if state.held(state.DRIVES_KEY) is not None:
        state.begin_list(state.DRIVES_KEY, names)
    chosen = st.selectbox(
        "Område",
        list(names),
        None,
        format_func=names.get,
        key=state.DRIVES_KEY,
        placeholder="Välj",
        bind="query-params",
    )
    state.end_list(state.DRIVES_KEY, names, chosen)
    return chosen
