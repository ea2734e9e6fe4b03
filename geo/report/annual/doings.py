"""Chapters of what was done in the places: activity days, safety walks, mötesplatser."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from geo import chain, efforts, findings, walked
from geo.report.annual.year import Year, day, notes
from geo.report.story import Section, Table
from geo.report.words import counted, number

SURE, UNSURE = "säkert", "osäker"


def activities(about: Year) -> Section:
    """Show the activity days, and the open meetings, of the year; two dates are both told.

    >>> activities.__annotations__["about"]
    'Year'
    """
    days = about.of(about.facts.shipped["activity_days"])
    rows = tuple(
        (
            day(row["date"]),
            str(row["place"]),
            str(row["title"]),
            about.facts.work.names.get(str(row["network_id"]), "–"),
            _told(row),
        )
        for _, row in days.iterrows()
    )
    columns = ("Dag", "Var", "Vad", "Genom", "Datumet i källorna")
    table = Table(
        f"Aktivitetsdagar och medborgardialoger {about.year}",
        columns,
        rows,
        f"Inga aktivitetsdagar är registrerade för {about.year}.",
    )
    big = about.meetings[about.meetings["kind"].isin(["stormöte", "medborgardialog"])]
    points = tuple(
        f"{str(row['kind']).capitalize()} {day(row['date'])}: "
        f"{about.facts.work.names[str(row['network_id'])]}. {row['note']}.".removesuffix(" .")
        for _, row in big.iterrows()
    )
    return Section(
        "activities",
        "7. Lokala aktiviteter",
        texts=_days(days, about),
        points=points,
        tables=(table,),
        gaps=(f"Erfarenheter av {about.year}, och vilka orter som planeras härnäst",),
        notes=notes(about.cited([*days["source"], *big["source"]])),
    )


def _days(days: pd.DataFrame, about: Year) -> tuple[str, ...]:
    """Count the days, and say why there are more rows than days."""
    n = int(efforts.activity_days(days, about.facts.register.networks)["n_days"].sum())
    if not n:
        return ()
    double = " En dag som källorna ger två datum står på två rader och räknas en gång."
    said = f"{counted(n, 'aktivitetsdag', 'aktivitetsdagar')}."
    return (said + (double if n < len(days) else ""),)


def _told(row: pd.Series) -> str:
    return f"{UNSURE}t: {row['note']}" if row["status"] == UNSURE else SURE


def walks(about: Year) -> Section:
    """Show the walks of the year, what they found when it is known, and dates that differ.

    >>> walks.__annotations__["about"]
    'Year'
    """
    field = about.facts.real_field
    every = about.of(field.walks)
    step = every["step"] if "step" in every else pd.Series(pd.NA, every.index)
    every = every[~step.isin(walked.MEETINGS)]
    noted = about.of(field.findings, "observed_date")
    n = int(walked.counted(every).sum())
    twice = int((every["same_as"] != "").sum())
    double = " En vandring som källorna ger två datum står på två rader och räknas en gång."
    said = f"{counted(n, 'trygghetsvandring', 'trygghetsvandringar')}.{double if twice else ''}"
    texts = (said,) if len(every) else ()
    return Section(
        "walks",
        "Trygghetsvandringar",
        (*texts, *(_found(noted, about) if len(every) or len(noted) else ())),
        tables=(_walks(every, about), *_categories(noted, about)),
        gaps=()
        if len(noted)
        else (f"Vad vandringarna {about.year} fann, och vad som är åtgärdat",),
        notes=notes(about.cited(every["source"])),
        level=2,
    )


def _walks(every: gpd.GeoDataFrame, about: Year) -> Table:
    names, days = about.facts.work.names, about.facts.real_field.walks["date"]
    rows = []
    for _, row in every.iterrows():
        same = str(row["same_as"])
        told = f"{_told(row)}{f' (samma vandring som {day(days[same])})' if same in days else ''}"
        network = names.get(str(row["network_id"]), "inget nätverk")
        is_told = "ja" if row["findings_known"] else "nej"
        rows.append((day(row["date"]), str(row["place"]), network, told, is_told))
    columns = ("Dag", "Var", "Nätverk", "Datumet i källorna", "Fynd inlagda")
    otherwise = f"Inga trygghetsvandringar är registrerade för {about.year}."
    return Table(f"Trygghetsvandringar {about.year}", columns, tuple(rows), otherwise)


def _found(noted: gpd.GeoDataFrame, about: Year) -> tuple[str, ...]:
    if noted.empty:
        return ("Inga fynd är inlagda: vad vandringarna såg är inte känt här.",)
    row = findings.total(noted, about.as_of)
    return (
        f"{counted(len(noted), 'fynd', 'fynd')} noterades: {number(row['n_brist'])} brister och "
        f"{number(row['n_bra'])} sådant som är bra. {number(row['n_open'])} brister är öppna och "
        f"{number(row['n_closed'])} avslutade {day(about.as_of)}.",
    )


def _categories(noted: gpd.GeoDataFrame, about: Year) -> tuple[Table, ...]:
    if noted.empty:
        return ()
    names, lacking = about.facts.real_field.categories, noted[noted["kind"] == chain.BRIST]
    is_open = chain.is_open(lacking)
    counts = (
        lacking["category"].value_counts(sort=False).sort_values(ascending=False, kind="stable")
    )
    waiting = lacking.loc[is_open, "category"].value_counts()
    rows = tuple(
        (names.get(str(name), str(name)), number(n), number(float(waiting.get(name, 0))))
        for name, n in counts.items()
    )
    columns = ("Kategori", "Brister", "Öppna")
    return (Table(f"Brister {about.year} efter kategori", columns, rows, "Inga brister.", (1, 2)),)


def meeting_places(about: Year) -> Section:
    """Show the mötesplatser of the register; which year they are known from is said.

    >>> meeting_places.__annotations__["about"]
    'Year'
    """
    table, names = about.facts.shipped["meeting_places"], about.facts.work.names
    rows = tuple(
        (
            str(row["name"]),
            str(row["place"]),
            names.get(str(row["network_id"]), "–"),
            str(row["other_names"]).replace(";", ", ") or "–",
        )
        for _, row in table.iterrows()
    )
    columns = ("Mötesplats", "Ort", "Områdesnätverk", "Kallas även")
    aged = (
        "Mötesplatserna är kända från årsredovisningen för 2017. Kopplingen till områdesnätverk "
        f"är antagen efter orten. Kontrollera att uppgifterna gällde {about.year}."
    )
    return Section(
        "meeting_places",
        "8. Mötesplatser",
        tables=(Table("Mötesplatser i registret", columns, rows, "Inga är registrerade."),),
        gaps=(f"Verksamheten {about.year}: uppdrag, öppettider, besök och samverkan",),
        notes=notes(aged, about.cited(table["source"])),
    )
