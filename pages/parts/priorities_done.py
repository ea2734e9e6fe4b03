"""Need against what is done: efforts, meetings, findings, decisions and plans of each network."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geo import collaboration, efforts, read
from geo.priority.ranking import POSSIBLY, SURELY
from pages.parts import data, downloads, grid, priorities, words
from pages.parts import work as works
from pages.parts.data import Register
from pages.parts.priorities import BASE_AREAS, Asked
from pages.parts.words import PLAN
from pages.parts.work import today

COUNTED = {
    "n_efforts": "Insatser",
    "n_held": "Möten i år",
    "n_open_findings": "Öppna fynd",
    "n_open_decisions": "Öppna beslut",
}
SOMETHING, NOTHING = "något", "inget inlagt"
RULE = (
    "**Något** sägs när minst en insats i visionen nämner platsen, ett möte har hållits i år, ett "
    "beslut är öppet eller en plan med fokusområden gäller; annars **inget inlagt**, vilket inte "
    "är detsamma som att inget görs. Fynd räknas inte dit: de är behov. Insatser: de i visionen "
    "som nämner en plats. Möten: i år, som har varit. Fynd och beslut: öppna, registrerade här. "
    "Streck: inget är registrerat för någon."
)
ONLY_NETWORKS = (
    "Den här vyn är för nätverken: insatser, möten, beslut och planer hör till dem och inte till "
    "basområdena. Välj ett slag av nätverk under Rangordna."
)


def show(known: Register, work: works.Work, asked: Asked) -> None:
    """Show need against what is done there, and needs without anything."""
    if asked.among == BASE_AREAS:
        st.info(ONLY_NETWORKS)
        return
    caution = data.once(priorities.ranking, asked).caution
    caution = f"{caution}: gäller kolumnen Utslag; de andra är verkliga register" if caution else ""
    rows = table(known, work, asked)
    st.markdown(headline(rows, asked.top))
    grid.show(rows, "Behov och det som görs", 560, caution=caution)
    st.caption(RULE)
    about = downloads.about("behov och det som görs", caution)
    about += [RULE.replace("**", ""), data.once(priorities.method, asked).replace("**", "")]
    downloads.tables("kraftsamla-gors", {"Behov och det som görs": export(rows, caution)}, about)


def headline(rows: pd.DataFrame, top: int) -> str:
    """Say which needs have nothing, among how many."""
    first = rows[rows["Utslag"].isin([SURELY, POSSIBLY])]
    waits = first[first["Görs något?"] == NOTHING]
    names = words.listed(list(waits["Nätverk"]))
    said = f"har {len(waits)} inget inlagt: {names}" if len(waits) else "har alla något inlagt"
    return f"**Av {len(first)} nätverk som säkert eller möjligen är bland de {top} första {said}.**"


def table(known: Register, work: works.Work, asked: Asked) -> pd.DataFrame:
    """Return for each network its verdict, and efforts, meetings, findings, decisions, plan."""
    made = data.once(priorities.ranking, asked)
    year = today().year
    own = collaboration.activity(works.done(work, data.field(False), year), year, today())
    own["n_efforts"] = efforts.by_network(read.register("efforts"), known.networks)["n_efforts"]
    rows = own.loc[made.table.index]
    is_acted = collaboration.is_acted(rows)
    return pd.DataFrame(
        {
            "Nätverk": [made.names[str(i)] for i in rows.index],
            "Utslag": made.table["verdict"].to_numpy(),
            "Görs något?": [SOMETHING if acted else NOTHING for acted in is_acted],
            **{label: [_count(n) for n in rows[name]] for name, label in COUNTED.items()},
            "Plan": rows["plan"].map(PLAN).to_numpy(),
        }
    )


def export(rows: pd.DataFrame, caution: str) -> pd.DataFrame:
    """Return the table for a file: numbers as numbers, nothing where nothing is registered."""
    numbers = {
        label: pd.to_numeric(rows[label], errors="coerce").astype("Int64").to_numpy()
        for label in COUNTED.values()
    }
    return rows.assign(**numbers, Märkning=caution)


def _count(n: float) -> str:
    return "–" if pd.isna(n) else words.number(n)
