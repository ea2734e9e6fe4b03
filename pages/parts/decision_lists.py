"""What the networks decided, as lists and sentences: what waits, what is late, what is lacking."""

from __future__ import annotations

from typing import Any

import pandas as pd

from geo import decisions
from pages.parts import data, field_words, keeping, words
from pages.parts.work import Work, today

STATUS = {name: words.first_upper(text) for name, text in decisions.NAMES.items()}
TIMELY = {
    decisions.ON_TIME: "i tid",
    decisions.LATE: "försenat",
    decisions.WAITING: "väntar",
    decisions.NO_DATE: "–",
}
BEGIN = (
    "Inga beslut är inlagda än. Öppna ett möte under **Ett möte** och lägg in det som beslutades, "
    "med ansvarig och datum."
)


def headline(known: Work) -> str:
    """Say how many decisions wait, how many are late, and which priorities have none."""
    if known.decisions.empty:
        return BEGIN
    told = decisions.timeliness(known.decisions, today())
    n_open = int(known.decisions["status"].isin(decisions.OPEN).sum())
    late = int(((told == decisions.LATE) & known.decisions["status"].isin(decisions.OPEN)).sum())
    counts = decisions.by_priority(known.decisions, list(known.priorities), today())["n_open"]
    without = [text for i, text in known.priorities.items() if not counts[i]]
    lacking = f" Utan öppet beslut: {words.listed(without)}." if without else ""
    return (
        f"**{words.counted(len(known.decisions), 'beslut', 'beslut')}**: "
        f"{words.counted(n_open, 'öppet', 'öppna')}, **varav {late} "
        f"{'försenat' if late == 1 else 'försenade'}**.{lacking}"
    )


def priorities(known: Work) -> pd.DataFrame:
    """Return Brå's priorities with their decisions: open, done, late; none is said too."""
    counts = decisions.by_priority(known.decisions, list(known.priorities), today())
    return pd.DataFrame(
        {
            "Prioritering": [known.priorities[str(i)] for i in counts.index],
            "Öppna": counts["n_open"].astype(str).to_numpy(),
            "Klara": counts["n_done"].astype(str).to_numpy(),
            "Sena": counts["n_late"].astype(str).to_numpy(),
            "Läge": ["har beslut" if n else "inget öppet beslut" for n in counts["n_open"]],
        }
    )


def listing(known: Work, network_id: str) -> pd.DataFrame:
    """Return the decisions of a network, or all: what waits first, by its day."""
    own = ordered(known, network_id)
    told = decisions.timeliness(own, today())
    return pd.DataFrame(
        {
            "Beslut": own["decision"].to_numpy(),
            "Nätverk": own["network_id"].map(known.names).to_numpy(),
            "Ansvarig": own["owner"].to_numpy(),
            "Klart senast": [field_words.day(day) for day in own["due_date"]],
            "Status": own["status"].map(STATUS).to_numpy(),
            "Läge": told.map(TIMELY).to_numpy(),
            "Brå-prioritering": own["priority_id"].map(known.priorities).fillna("–").to_numpy(),
            "Gäller": [_linked(row) for row in own.itertuples()],
            "Beslutat": [field_words.day(day) for day in own["decided_date"]],
            "Utfall": own["outcome"].replace("", "–").to_numpy(),
        }
    )


def ordered(known: Work, network_id: str) -> pd.DataFrame:
    """Return the decisions of a network, or all, what waits first, by its day."""
    own = known.decisions
    if network_id:
        own = own[own["network_id"] == network_id]
    is_closed = ~own["status"].isin(decisions.OPEN)
    return own.assign(is_closed=is_closed).sort_values(["is_closed", "due_date"], kind="stable")


def _linked(row: Any) -> str:
    if not row.link_kind:
        return "–"
    if row.link_kind == "finding":
        return f"fynd {field_words.short(row.link_id)}"
    names = areas() if row.link_kind == "development_area" else indicators()
    return names.get(row.link_id, row.link_id)


def areas() -> dict[str, str]:
    """Return the development areas: id -> name."""
    table = data.shown("development_areas")
    return dict(zip(table["area_id"], table["area"], strict=True))


def indicators() -> dict[str, str]:
    """Return the indicators: id -> name."""
    return {str(i): str(name) for i, name in data.register().indicators["name"].items()}


def title(known: Work, decision_id: str) -> str:
    """Return how a decision stands in a list to choose from."""
    row = known.decisions.loc[decision_id]
    text = row["decision"] if len(row["decision"]) < 70 else f"{row['decision'][:67]}…"
    return f"{text} ({known.names[row['network_id']]}, {STATUS[row['status']].lower()})"


def way(known: Work, decision_id: str) -> str:
    """Say each step that a decision has come, with its day."""
    steps = keeping.read(lambda o: o.decision_steps(decision_id))
    said = [
        f"{STATUS[row.status]} {row.day:%Y-%m-%d}"
        + (f" ({words.markdown_safe(row.note)})" if row.note else "")
        for row in (() if steps is None else steps.itertuples())
    ]
    row = known.decisions.loc[decision_id]
    return f"{words.markdown_safe(row['decision'])}\n\n**Vägen hit:** {' → '.join(said)}"


def lines(made: pd.DataFrame) -> str:
    """Write decisions as lines of a list: what, who, when, and how far it has come."""
    told = []
    for row in made.itertuples():
        text, owner = words.markdown_safe(row.decision), words.markdown_safe(row.owner)
        due = f", senast {row.due_date:%Y-%m-%d}" if pd.notna(row.due_date) else ""
        told.append(f"- {text} – **{owner}**{due} ({STATUS[row.status].lower()})")
    return "\n".join(told)
