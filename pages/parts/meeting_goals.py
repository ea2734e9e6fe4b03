"""The measurable goals of the collaboration: each with definition and receiver, by network."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geo import collaboration
from pages.parts import data, downloads, grid, words, work
from pages.parts.work import Work, today

STATUS = {
    collaboration.NOTHING: "inget registrerat",
    collaboration.NOT_APPLICABLE: "gäller inte",
    collaboration.UNSURE: "osäkert, räknas inte",
}
LEAD = (
    "Årsredovisningen för 2017 lämnade frågan öppen om mätbara mål behövs, vad som ska utvärderas "
    "och vem som ska få veta det. Här är ett **förslag till svar**: fem mål med definition och "
    "mottagare. De är inte beslutade av kommunen."
)


def definitions() -> pd.DataFrame:
    """Return the goals with definition, receiver and target."""
    table = data.shown("collaboration_goals")
    return pd.DataFrame(
        {
            "Mål": table["goal"],
            "Definition": table["definition"],
            "Mottagare": table["receiver"],
            "Målvärde": [
                words.percent(float(share)) if share else "följs, inget målvärde"
                for share in table["target_share"]
            ],
            "Antaget": [_assumed(text) for text in table["assumed"]],
        }
    )


def _assumed(text: str) -> str:
    named = {"definition": "definition", "receiver": "mottagare", "target_share": "målvärde"}
    return ", ".join(named[name] for name in text.split(";") if name in named) or "–"


def measured(known: Work, year: int, field_key: str) -> pd.DataFrame:
    """Return the goals of a year as geo.collaboration measures them; only what is real counts."""
    return collaboration.goals(work.done(known, data.field(False), year), year, today())


def in_short(known: Work, year: int, field_key: str) -> pd.DataFrame:
    """Return a row per goal for all networks together."""
    table = measured(known, year, field_key)
    sums = collaboration.total(table)
    names = data.shown("collaboration_goals").set_index("goal_id")
    return pd.DataFrame(
        {
            "Mål": [names.at[goal, "goal"] for goal in sums.index],
            f"{year}": [
                words.percent(row.share) if row.n_of else STATUS[collaboration.NOTHING]
                for row in sums.itertuples()
            ],
            "Uppnått": [
                f"{words.number(row.n_met)} av {words.number(row.n_of)}" if row.n_of else "–"
                for row in sums.itertuples()
            ],
            "Nätverk med underlag": [f"{row.n_networks} av 20" for row in sums.itertuples()],
            "Mottagare": [names.at[goal, "receiver"] for goal in sums.index],
        }
    )


def by_network(known: Work, year: int, field_key: str) -> pd.DataFrame:
    """Return a row per network and a column per goal, in words."""
    table = measured(known, year, field_key)
    names = data.shown("collaboration_goals").set_index("goal_id")["goal"]
    return pd.DataFrame(
        {"Nätverk": [known.names[str(i)] for i in known.networks.index]}
        | {
            str(names[goal]): [_cell(table.loc[(goal, i)]) for i in known.networks.index]
            for goal in collaboration.GOALS
        }
    )


def _cell(row: pd.Series) -> str:
    if row["status"] != collaboration.OK:
        return STATUS[row["status"]]
    return f"{int(row['n_met'])} av {int(row['n_of'])}"


def headline(known: Work, year: int, field_key: str) -> str:
    """Say how far the goals are reached, and of how many of them something is known."""
    sums = collaboration.total(measured(known, year, field_key))
    cadence = sums.loc[collaboration.CADENCE]
    counted = int((sums["n_of"] > 0).sum())
    met = (
        f"{int(cadence['n_met'])} av {int(cadence['n_of'])} terminer höll takten"
        if cadence["n_of"]
        else "takten går inte att bedöma"
    )
    rest = collaboration.GOALS[1:]
    lacking = [goal for goal in rest if not sums.at[goal, "n_of"]]
    names = data.shown("collaboration_goals").set_index("goal_id")["goal"]
    empty = words.listed([str(names[goal]).lower() for goal in lacking])
    more = f" Inget är registrerat för {empty}." if lacking else ""
    return f"**{year}:** {met}. Det finns underlag för {counted} av fem mål.{more}"


def show(known: Work, year: int) -> None:
    """Show the goals of a year, all networks together and each, and how they are defined."""
    key = data.field(False).key
    st.markdown(data.once_for(headline, known, year, key))
    total = data.once_for(in_short, known, year, key)
    grid.show(total, f"Målen {year}, alla nätverk tillsammans")
    each = data.once_for(by_network, known, year, key)
    grid.show(each, f"Målen {year} per nätverk: uppnått av möjligt", 520)
    st.caption(
        "Inget registrerat är inte noll: ingen har lagt in det som ska räknas. En termin som pågår "
        "räknas när den är uppfylld. Ett fynd i två nätverk räknas i båda. Syntetiska fynd räknas "
        "aldrig."
    )
    st.header("Målen och vem som ska få veta", anchor=False)
    st.markdown(LEAD)
    table = definitions()
    grid.show(table, "Förslag till mätbara mål för samverkan")
    about = downloads.about(f"mål för samverkan {year}")
    sheets = {"Per nätverk": each, "Alla": total, "Definitioner": table}
    downloads.tables(f"samverkansmal-{year}", sheets, about)
