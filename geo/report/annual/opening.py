"""The first chapters of the year's report: what it is, who does what, and the money."""

from __future__ import annotations

import pandas as pd

from geo import budget, efforts, meetings, walked
from geo.report.annual.year import Year, day, notes
from geo.report.story import Section, Table
from geo.report.words import counted, listed, number, span
from geo.sources import LAYERS

MANY = {"barn_unga": "nätverk barn och unga", "omrade": "områdesnätverk", "ortsrad": "ortsråd"}
CHAPTERS = ("§4", "§5", "§6")  # of the source: what belongs to one kind of network
PEOPLE = {budget.CHILDREN: "Per barn 0–17 år", budget.EVERYONE: "Per invånare"}


def intro(about: Year) -> Section:
    """Say what the report is of, and the year in numbers.

    >>> intro.__annotations__["about"]
    'Year'
    """
    n_of = [f"{len(about.ids_of(layer))} {MANY[layer]}" for layer in LAYERS]
    texts = [
        f"Redovisningen gäller {about.year} och bygger på det som var registrerat "
        f"{day(about.as_of)}. Påhittade demodata, som kan synas på andra ställen i tjänsten, ingår "
        "inte. Det som saknar underlag står öppet och är märkt.",
        f"Uppdraget omfattar {len(about.facts.register.networks)} nätverk: {listed(n_of)}.",
    ]
    first = about.facts.register.networks["status_from"].min()
    if about.year < first.year:
        texts.append(f"Nätverken är kända från {first.year}: hur det var tidigare vet vi inte.")
    if not about.is_over:
        so_far = "inte slut" if about.as_of.year == about.year else "inte påbörjat"
        texts.append(f"Året är {so_far}: det som är daterat efter {day(about.as_of)} är inte med.")
    gaps = (
        f"Bakgrund: nämndens uppdrag och beslut för {about.year}",
        "Sammanfattning: hur arbetet har fungerat under året, med nämndens egna ord",
    )
    faults = {
        about.facts.register.store_fault,
        about.facts.work.fault,
        about.facts.real_field.fault,
    }
    missing = f"Det som är inlagt i verktyget kunde inte läsas: {' '.join(sorted(faults))}".strip()
    told = notes(missing if any(faults) else "")
    return Section("intro", "1. Inledning", (*texts, *told), _numbers(about), gaps=gaps)


def _numbers(about: Year) -> tuple[str, ...]:
    """Sum up the year; what nobody has registered is said, not counted as none."""
    n_own, _, n_days = about.n_meetings
    met = f"{n_own} möten i nätverken och {counted(n_days, 'dag', 'dagar')} med gemensamma möten."
    points = [met if len(about.meetings) else f"Inga möten är registrerade för {about.year}."]
    points += [text for layer in LAYERS if (text := pace(about, layer))]
    days, walks = (
        about.of(about.facts.shipped["activity_days"]),
        about.of(about.facts.real_field.walks),
    )
    n_days = int(efforts.activity_days(days, about.facts.register.networks)["n_days"].sum())
    n_walks = int(walked.counted(walks).sum())
    return (*points, _done(n_days, n_walks, about.year))


def _done(n_days: int, n_walks: int, year: int) -> str:
    """Count activity days and walks; of which nothing is registered is not said to be none."""
    if not n_days and not n_walks:
        return f"Inga aktivitetsdagar eller trygghetsvandringar är registrerade för {year}."
    days = counted(n_days, "aktivitetsdag", "aktivitetsdagar")
    walks = counted(n_walks, "trygghetsvandring", "trygghetsvandringar")
    if not n_days:
        return f"{walks}; inga aktivitetsdagar är registrerade för {year}."
    if not n_walks:
        return f"{days}; inga trygghetsvandringar är registrerade för {year}."
    return f"{days} och {walks}."


def pace(about: Year, layer: str) -> str:
    """Say how many networks of a kind kept the pace in the terms that are over; "" when none is.

    >>> pace.__annotations__["layer"]
    'str'
    """
    over = [term for term, state in about.terms.items() if state == meetings.OVER]
    kept = meetings.kept_pace(about.cadence, over)
    kept = kept[kept.index.isin(about.ids_of(layer))]
    judged = kept[kept != meetings.UNSURE]
    if not len(judged):
        return ""
    names = about.facts.register.networks["name"]
    met = [str(names[i]) for i in judged.index[judged == meetings.MET]]
    unsure = [str(names[i]) for i in kept.index[kept == meetings.UNSURE]]
    when = (
        "båda terminerna" if len(over) > 1 else {"VT": "vårterminen", "HT": "höstterminen"}[over[0]]
    )
    some = f" ({listed(met)})" if 0 < len(met) < len(judged) else ""
    apart = f" Osäkert och inte räknat: {listed(unsure)}." if unsure else ""
    said = f"{len(met)} av {len(judged)} {MANY[layer]} höll riktlinjens takt {when}{some}."
    return said + apart


def organisation(about: Year) -> Section:
    """Show who is responsible for what, and the joint meetings and tellings of the year.

    >>> organisation.__annotations__["about"]
    'Year'
    """
    who = about.facts.shipped["organisation"]
    until = who["collaboration_area"].str.extract(r"till och med (\d{4})")[0].astype(float)
    who = who[~(until < about.year)]
    rows = tuple(zip(who["collaboration_area"], who["responsible"], who["examples"], strict=True))
    areas = Table("Samverkansområden", ("Område", "Ansvarig", "Exempel"), rows, "Ingen uppgift.")
    events = about.of(about.facts.shipped["events"])
    central = events[~events["source"].str.startswith(tuple(f"ar2017 {one}" for one in CHAPTERS))]
    gaps = (
        "Kontaktpersoner (funktioner, inte namn) och sammanhållande funktion under året",
        f"Hur arbetet har informerats om och följts upp {about.year}",
    )
    aged = (
        f"Samverkansområdena kommer från odaterade källor. Kontrollera att de gällde {about.year}."
    )
    return Section(
        "organisation",
        "2. Organisation, information och uppföljning",
        tables=(areas, gatherings(central, about.year)),
        gaps=gaps,
        notes=notes(aged, about.cited([*who["source"], *central["source"]])),
    )


def gatherings(events: pd.DataFrame, year: int) -> Table:
    """Return joint meetings and tellings as a table.

    >>> gatherings(pd.DataFrame({"date": []}), 2016).otherwise
    'Inga är registrerade för 2016.'
    """
    rows = tuple(
        (
            day(row["date"]),
            str(row["title"]),
            str(row["place"] or "–"),
            str(row["time"] or "–").replace("–", " – ").strip(),
            f"ca {row['n_participants_approx']}" if row["n_participants_approx"] else "–",
        )
        for _, row in events.iterrows()
    )
    columns = ("Dag", "Vad", "Var", "Tid", "Deltagare")
    caption = f"Gemensamma träffar och information {year}"
    return Table(caption, columns, rows, f"Inga är registrerade för {year}.")


def money(about: Year) -> Section:
    """Show the budget by kind with its sum, and per person; one year's is never another's.

    >>> money.__annotations__["about"]
    'Year'
    """
    known = about.facts.shipped["budget_2017"].set_index("post")
    own = known if about.year == budget.YEAR else known.iloc[:0]
    other = _other(about)
    gaps = [] if len(own) else [f"Budget för {about.year}: belopp per slag av nätverk, och summa"]
    gaps.append(f"Utfall för {about.year}: vad pengarna användes till")
    handled = tuple(f"{post}: {text}." for post, text in own["handling"].items())
    per = (
        "Per person: folkmängden i de kommundelar som hör till nätverken, närmast före och efter "
        "året (barn 2012 och 2022, alla 2020). Kommundelarnas gränser är ungefärliga. Inte känt: "
        "något av nätverken hör inte till någon kommundel."
    )
    return Section(
        "budget",
        "3. Budget",
        points=handled,
        tables=(_posts(own, about), *((_beside(other),) if len(other) else ())),
        gaps=tuple(gaps),
        notes=notes(per if len(own) else "", about.cited([*own["source"], *other["source"]])),
    )


def _posts(own: pd.DataFrame, about: Year) -> Table:
    columns = ("Post", "Nätverk", "Vardera", "Summa", *PEOPLE.values())
    otherwise = f"Ingen budget är registrerad för {about.year}."
    if own.empty:
        return Table(f"Budget {about.year}", columns, (), otherwise)
    population = about.facts.register.population
    per = {group: budget.by_kind(own, population, group) for group in PEOPLE}
    table = per[budget.CHILDREN]
    rows = [
        (
            str(post),
            "–" if pd.isna(row["n_networks"]) else number(row["n_networks"]),
            _kronor(row["amount_each_sek"]),
            _kronor(row["amount_sek"]),
            *(_per_person(found.loc[[post]].iloc[0]) for found in per.values()),
        )
        for post, row in table.iterrows()
    ]
    n = number(float(table["n_networks"].sum()))
    rows.append(("Summa", n, "–", _kronor(budget.total(own)), *("–",) * len(PEOPLE)))
    return Table(f"Budget {about.year}", columns, tuple(rows), otherwise, (1, 2, 3, 4, 5))


def _kronor(amount: float) -> str:
    return "–" if pd.isna(amount) else f"{number(amount)}\u00a0kr"


def _per_person(row: pd.Series) -> str:
    if not row["layer"]:
        return "–"
    if pd.isna(row["per_person_low"]):
        return "inte känt"
    low, high = (f"{number(row[f'per_person_{end}'], 1)}\u00a0kr" for end in ("low", "high"))
    return low if low == high else span(low, high)


def _other(about: Year) -> pd.DataFrame:
    """Return the money beside the budget whose years hold this one, or that was granted in it."""
    table = about.facts.shipped["budget_other"]
    years = table["years"].str.split("–")
    holds = years.map(lambda ends: int(ends[0]) <= about.year <= int(ends[-1])).astype(bool)
    return table[holds | table["handling"].str.contains(f"{about.year}-")]


def _beside(other: pd.DataFrame) -> Table:
    rows = tuple(
        (
            str(row["post"]),
            str(row["years"]),
            f"ca {_kronor(float(row['amount_approx_sek']))}",
            str(row["handling"]),
        )
        for _, row in other.iterrows()
    )
    columns = ("Post", "Gäller", "Summa", "Vad")
    return Table("Vid sidan av budgeten", columns, rows, "Inget.", (2,))
