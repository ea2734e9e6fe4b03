"""The views of the page Kraftsamla: ranking, what drives it, need against what is done."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geo import collaboration, efforts, needs, read
from geo.priority.ranking import NO_VERDICT, NOT, POSSIBLY, SURELY
from geo.report import priority_sheet
from pages.parts import (
    charts,
    controls,
    data,
    downloads,
    frame,
    grid,
    looks,
    maps,
    pictures,
    priorities,
    state,
    words,
)
from pages.parts import work as works
from pages.parts.data import Register
from pages.parts.plans import STATE
from pages.parts.work import today

EQUAL, TARGET, OWN = "lika", "malomrade", "egna"
PRESETS = {EQUAL: "Lika vikter", TARGET: "Lika per målområde", OWN: "Egna vikter"}
HIGHEST = 10
COLOURS = {
    SURELY: ("#a33c00",),
    POSSIBLY: ("#f0c27b",),
    NOT: ("#cfe3ee",),
    NO_VERDICT: looks.UNKNOWN,
}
SEVERAL = ("#ffffff", "#8c8c8c")
NOT_HERE = "Inget nätverk i lagret"
COUNTED = {
    "n_efforts": "Insatser",
    "n_held": "Möten i år",
    "n_open_findings": "Öppna fynd",
    "n_open_decisions": "Öppna beslut",
}
CHOOSE = "Välj ett område för att se vad som driver dess plats och vad som skulle ändra den."
Asked = tuple[str, priorities.Weights, int]


def ready(found: needs.Needs) -> None:
    """Go on when something can be ranked; say at once what is made up."""
    if not len(found.values.columns):
        st.info(words.NO_STATISTICS)
        st.stop()
    frame.demo(words.DEMO if found.demo else "")


def weights(known: Register, among: str) -> priorities.Weights:
    """Let the reader choose weights, which always sum to 100 %."""
    names = list(data.once(priorities.found, among).values.columns)
    preset = controls.one_of("Vikter", PRESETS, state.PRESET_KEY)
    if preset == TARGET:
        return data.once(priorities.by_target, among)
    if preset == EQUAL:
        return tuple((name, 1 / len(names)) for name in names)
    points = _sliders(known, names)
    total = sum(points.values())
    if not total:
        st.error("Alla vikter är noll. Höj minst en.")
        st.stop()
    return tuple((name, point / total) for name, point in points.items())


def _sliders(known: Register, names: list[str]) -> dict[str, int]:
    """Show a slider per indicator: how much it weighs beside the others."""
    found: dict[str, int] = {}
    with st.expander("Hur mycket ska varje indikator väga? Summan blir alltid 100 %.", True):
        columns = st.columns(3)
        for place, name in enumerate(names):
            with columns[place % 3]:
                label = str(known.indicators.at[name, "name"])
                key = f"{state.WEIGHT_KEY}{name}"
                found[name] = st.slider(label, 0, HIGHEST, 5, key=key, bind="query-params")
    return found


def top(n_areas: int) -> int:
    """Let the reader choose how many are the first."""
    most = max(1, min(10, n_areas - 1))
    first = min(5 if n_areas > 10 else 3, most)
    return int(
        st.number_input(
            "Bland de första",
            1,
            most,
            first,
            key=f"{state.TOP_KEY}{most}",
            width=160,
            bind="query-params",
        )
    )


def painting(known: Register, among: str, held: priorities.Weights, n: int) -> maps.Painting:
    """Paint base areas by the verdict of what is ranked there."""
    made = data.once(priorities.ranking, among, held, n)
    verdict = made.table["verdict"]
    shown = {}
    for area_id, name in known.base_areas["name"].items():
        ids = [str(area_id)] if among == priorities.BASE_AREAS else _networks(known, area_id, among)
        own = [str(verdict[i]) for i in ids]
        said = words.listed(
            [text if among == priorities.BASE_AREAS else f"{made.names[i]}: {text}"
             for i, text in zip(ids, own, strict=True)]
        )  # fmt: skip
        colours = COLOURS[own[0]] if len(set(own)) == 1 else SEVERAL if own else looks.UNKNOWN
        label = f"{name}: {said or NOT_HERE.lower()}"
        shown[str(area_id)] = maps.Look(colours, label, "split" if len(own) > 1 else "plain")
    layers = () if among == priorities.BASE_AREAS else (among,)
    return maps.Painting(shown, layers)


def _networks(known: Register, area_id: object, among: str) -> list[str]:
    own = known.memberships[known.memberships["base_area_id"] == area_id]["network_id"]
    return [str(i) for i in own if known.networks.at[i, "layer"] == among]


def keys(known: Register, among: str, held: priorities.Weights, n: int) -> list[maps.Key]:
    """Return the legend of the map: only what is on it."""
    used = {look.colours for look in painting(known, among, held, n).looks.values()}
    rows = [(colours, f"{words.first_upper(name)} bland de {n} första")
            for name, colours in COLOURS.items() if name != NO_VERDICT]  # fmt: skip
    rows += [(SEVERAL, "Delas av nätverk med olika utslag")]
    rows += [(looks.UNKNOWN, f"{NOT_HERE} eller går ej att bedöma")]
    return [maps.Key(colours, text) for colours, text in rows if colours in used]


def ranking(known: Register, asked: Asked) -> None:
    """Show the ranking as intervals, in a table and on the map."""
    made = data.once(priorities.ranking, *asked)
    st.markdown(data.once(priorities.headline, *asked))
    rows = data.once(priorities.table, *asked)
    base = data.base_map("Karta över var det är säkert att kraftsamla")
    painted, legend = data.once(painting, *asked), data.once(keys, *asked)
    left, right = st.columns(2, gap="medium")
    with left:
        charts.show(data.once(charts.ranking, *asked), charts.RANKING, made.caution)
    with right:
        frame.show_map(base, painted, known.choices, 440)
        st.html(maps.legend(legend, frame.lines(painted.layers)))
        st.caption(made.caution)
    grid.show(rows, "Rangordning, störst behov först", 560, caution=made.caution)
    st.header("Vikter och underlag", anchor=False)
    own = data.once(priorities.weights_table, *asked[:2])
    grid.show(own, "Vikterna, som summerar till 100 %", 420, caution=made.caution)
    st.caption(data.once(priorities.left_out, asked[0]))
    st.caption(priorities.METHOD)
    about = downloads.about("kraftsamla", made.caution)
    downloads.tables("kraftsamla", {"Rangordning": rows, "Vikter": own}, about)
    topic = f"Kraftsamla: {priorities.AMONG[asked[0]].lower()}"
    downloads.the_map(
        "kraftsamla",
        base,
        painted,
        legend,
        lambda: pictures.map_of(topic, known, painted, legend, about),
        [*about, priorities.METHOD],
    )
    file = priorities.saved(asked[1], asked[2])
    downloads.buttons(
        [
            ("En sida (PDF)", "kraftsamla.pdf", "application/pdf", lambda: sheet(known, asked)),
            ("Vikterna (JSON)", "vikter.json", "application/json", lambda: file),
        ]
    )


def sheet(_known: Register, asked: Asked) -> bytes:
    """Return the ranking as one page for a decision paper."""
    made = data.once(priorities.ranking, *asked)
    told = data.once(priorities.table, *asked)
    rows = pd.DataFrame(
        {
            **dict(zip(priority_sheet.TEXTS, told.to_numpy().T[:4], strict=True)),
            "low": made.table["rank_low"].to_numpy(),
            "middle": made.table["rank_median"].to_numpy(),
            "high": made.table["rank_high"].to_numpy(),
        }
    )
    weights = data.once(priorities.weights_table, *asked[:2])
    moves = data.once(priorities.moves, *asked)
    about = [priorities.METHOD, data.once(priorities.left_out, asked[0]), *downloads.ABOUT]
    return priority_sheet.pdf(
        priority_sheet.Sheet(
            f"Kraftsamla: {priorities.AMONG[asked[0]].lower()}",
            f"{today():%Y-%m-%d}",
            data.once(priorities.headline, *asked).replace("**", ""),
            rows,
            len(rows),
            words.listed([f"{row.Indikator} {row.Vikt}" for row in weights.itertuples()]),
            words.listed([f"{name.lower()} {share}" for name, share in moves.to_numpy()]),
            [text.replace("**", "") for text in about],
            made.caution,
        )
    )


def drivers(known: Register, asked: Asked) -> None:
    """Show what drives one area's place, what moves the whole, and who cannot be told apart."""
    made = data.once(priorities.ranking, *asked)
    names = {str(i): made.names[str(i)] for i in made.table.index}
    chosen = st.selectbox(
        "Område",
        list(names),
        None,
        format_func=names.get,
        key=state.DRIVES_KEY,
        placeholder="Välj",
        bind="query-params",
    )
    if chosen:
        st.markdown(data.once(priorities.why, *asked, chosen))
        rows = data.once(priorities.parts, *asked, chosen)
        grid.show(rows, f"Vad som driver platsen, {made.names[chosen]}", caution=made.caution)
    else:
        st.info(CHOOSE)
    st.header("Vad som flyttar rangordningen mest", anchor=False)
    grid.show(data.once(priorities.moves, *asked), "Antaganden", caution=made.caution)
    st.header("Går inte att skilja åt", anchor=False)
    pairs = data.once(priorities.alike, *asked)
    grid.show(pairs, "Par av områden", 360, "Alla par går att skilja åt.", made.caution)
    st.header("Säger nästan samma sak", anchor=False)
    both = data.once(priorities.doubles, asked[0])
    grid.show(both, "Indikatorer som räknas två gånger", 360, "Inga.", made.caution)
    st.caption("Starkt samband gör att samma sak väger dubbelt. Sänk den enas vikt, eller båda.")


def done(known: Register, work: works.Work, asked: Asked) -> None:
    """Show need against what is done there, and needs without anything."""
    if asked[0] == priorities.BASE_AREAS:
        st.info("Välj ett slag av nätverk: insatser, möten och beslut hör till nätverken.")
        return
    made = data.once(priorities.ranking, *asked)
    rows = done_table(known, work, asked)
    waits = rows[(rows["Utslag"] != NOT) & (rows["Görs något?"] == "inget inlagt")]
    names = words.listed(list(waits["Nätverk"]))
    st.markdown(
        f"**Säkert eller möjligen bland de första utan något inlagt: {names or 'inga'}.** Inget "
        "inlagt är inte detsamma som att inget görs."
    )
    grid.show(rows, "Behov och det som görs", 560, caution=made.caution)
    st.caption(
        "Insatser: de i visionen som nämner en plats. Möten: i år, som har varit. Fynd och beslut: "
        "öppna, registrerade här (aldrig syntetiska). Streck: inget är registrerat för någon."
    )
    about = downloads.about("behov och det som görs", made.caution)
    downloads.tables("kraftsamla-gors", {"Behov och det som görs": rows}, about)


def done_table(known: Register, work: works.Work, asked: Asked) -> pd.DataFrame:
    """Return for each network its verdict, and efforts, meetings, findings, decisions, plan."""
    made = data.once(priorities.ranking, *asked)
    year = today().year
    own = collaboration.activity(works.done(work, data.field(False), year), year, today())
    own["n_efforts"] = efforts.by_network(read.register("efforts"), known.networks)["n_efforts"]
    rows = own.loc[made.table.index]
    has_plan = rows["plan"] == collaboration.WITH_FOCUS
    is_acted = (rows["n_efforts"] > 0) | (rows["n_open_decisions"] > 0) | has_plan
    return pd.DataFrame(
        {
            "Nätverk": [made.names[str(i)] for i in rows.index],
            "Utslag": made.table["verdict"].to_numpy(),
            **{label: [_count(n) for n in rows[name]] for name, label in COUNTED.items()},
            "Plan": rows["plan"].map(STATE).to_numpy(),
            "Görs något?": ["något" if acted else "inget inlagt" for acted in is_acted],
        }
    )


def _count(n: float) -> str:
    return "–" if pd.isna(n) else words.number(n)
