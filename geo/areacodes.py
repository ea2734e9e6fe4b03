"""Area codes: which base area or municipality a text means, and of which vintage."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from geo.kinds import MUNICIPALITY, VINTAGES
from geo.places import fold

BORAS, COUNTRY = "1490", "0000"
NAMED = {
    "boras": BORAS,
    "boras stad": BORAS,
    "boras kommun": BORAS,
    "riket": COUNTRY,
    "hela riket": COUNTRY,
    "sverige": COUNTRY,
    "0": COUNTRY,  # what a spreadsheet makes of 0000
    "00": COUNTRY,
}
_CODE = re.compile(r"(\d{4}(?:R\d{3}|[ABC]\d{4}))(?:_((?:RegSO|DeSO)_?\d{4}))?(?:\s.*)?", re.I)
_WRITE = ", ".join(VINTAGES)
_HOW = "Skriv till exempel 1490R001 (RegSO) eller 1490A0010 (DeSO)."


@dataclass(frozen=True)
class Area:
    """What a code and a vintage mean; fault says what is wrong, note what a person should know."""

    code: str = ""
    vintage: str = ""
    fault: str = ""
    column: str = "area_code"
    note: str = ""


class Areas:
    """The base areas that are loaded, by code and by name.

    base_areas: index base_area_id; name, and vintage ("RegSO 2025_v2"; without it 2025).
    """

    def __init__(self, base_areas: pd.DataFrame) -> None:
        said = base_areas["vintage"] if "vintage" in base_areas else [""] * len(base_areas)
        self.vintage_of = {
            str(code): vintage(str(text)) or f"{_kind(str(code))}2025"
            for code, text in zip(base_areas.index, said, strict=True)
        }
        self.codes_of: dict[str, list[str]] = {}
        for code, name in base_areas["name"].items():
            self.codes_of.setdefault(_name(str(name)), []).append(str(code))


def is_municipality(text: str) -> bool:
    """Tell whether a text is a municipality or the country: these have no vintage of base areas.

    >>> is_municipality("1490"), is_municipality("Riket"), is_municipality("1490R001")
    (True, True, False)
    """
    return bool(re.fullmatch(r"\d{4}", text.strip())) or _name(text) in NAMED


def vintage(text: str) -> str:
    """Return a vintage as it is written here; "" when the text is none.

    >>> vintage("RegSO 2025_v2"), vintage("deso2018"), vintage("2025")
    ('RegSO2025', 'DeSO2018', '')
    """
    plain = re.sub(r"[\s_-]", "", re.sub(r"_v\d+$", "", text.strip())).casefold()
    return {known.casefold(): known for known in VINTAGES}.get(plain, "")


def meaning(code: str, said: str, areas: Areas) -> Area:
    """Return the area that a code (or a name) and a vintage mean, or what is wrong with them.

    A vintage is never guessed: it stands in its own column or at the end of the code. A name is
    one of the register's own, whole, but for case and accents.

    >>> areas = Areas(pd.DataFrame({"name": ["Norrby"]}, index=["1490R025"]))
    >>> meaning("1490R025_RegSO2025", "", areas).vintage
    'RegSO2025'
    >>> meaning("Norrby", "", areas).fault
    'årgången saknas. Skriv RegSO2025 i kolumnen area_vintage, eller ange den vid inläsningen.'
    """
    code, said = code.strip(), said.strip()
    if not code:
        return Area(fault=f"områdeskoden saknas. {_HOW}")
    if is_municipality(code):
        return _municipality(NAMED.get(_name(code), code), said)
    match = _CODE.fullmatch(code)
    if match is None:
        return _by_name(code, said, areas)
    plain, end = match[1].upper(), vintage(match[2] or "")
    if match[2] and not end:
        return Area(fault=f"årgången {match[2]} är okänd. Skriv något av {_WRITE}.")
    if end and said and vintage(said) != end:
        return Area(fault=f"koden säger {end} men årgången {said}. Låt bara den rätta stå kvar.")
    return _base_area(plain, end or said, areas)


def _municipality(code: str, said: str) -> Area:
    if code not in (BORAS, COUNTRY):
        return Area(fault=f"{code} är en annan kommun. Behåll bara Borås (1490) och riket (0000).")
    if said and vintage(said) != MUNICIPALITY:
        return Area(
            fault=f"{code} är ingen {said}. Skriv {MUNICIPALITY} som årgång.", column="area_vintage"
        )
    return Area(code, MUNICIPALITY)


def _by_name(name: str, said: str, areas: Areas) -> Area:
    codes = areas.codes_of.get(_name(name), [])
    if not codes:
        return Area(fault=f"{name} är varken en områdeskod eller ett basområdes namn. {_HOW}")
    if len(codes) > 1:
        return Area(fault=f"{name} kan vara {' eller '.join(codes)}. Skriv koden i stället.")
    found = _base_area(codes[0], said, areas)
    if found.vintage and found.vintage != areas.vintage_of[codes[0]]:
        return Area(fault=f"namnet {name} kan inte tolkas för {found.vintage}. Skriv koden.")
    return found


def _base_area(code: str, said: str, areas: Areas) -> Area:
    kind = _kind(code)
    found = vintage(f"{kind}{said}" if re.fullmatch(r"\d{4}", said) else said)
    if not said:
        return Area(
            fault=f"årgången saknas. Skriv {kind}2025 i kolumnen area_vintage, eller ange den vid "
            "inläsningen.",
            column="area_vintage",
        )
    if not found.startswith(kind):
        wanted = ", ".join(known for known in VINTAGES if known.startswith(kind))
        return Area(
            fault=f"{said} är ingen årgång för {code}. Skriv något av {wanted}.",
            column="area_vintage",
        )
    if code[:4] != BORAS:
        return Area(fault=f"{code} hör till en annan kommun ({code[:4]}). Ta bort raden.")
    return _loaded(code, found, areas)


def _loaded(code: str, found: str, areas: Areas) -> Area:
    """Hold a well-formed code of Borås against the base areas that are loaded."""
    if areas.vintage_of.get(code) == found:
        return Area(code, found)
    if _kind(code) == "DeSO":
        return Area(
            fault=f"{code} ({found}) finns inte bland de ytor som är laddade. Ladda DeSO-områdenas "
            "ytor först, eller lämna statistiken per RegSO."
        )
    mine = {known for c, known in areas.vintage_of.items() if _kind(c) == "RegSO"}
    if found in mine or not mine:
        return Area(fault=f"{code} finns inte bland stadens {found}. Rätta koden.")
    now = " och ".join(sorted(mine))
    note = f"{found} är en annan indelning än {now}: raden sparas men jämförs aldrig med {now}."
    return Area(code, found, note=note)


def _kind(code: str) -> str:
    return "RegSO" if code[4:5] == "R" else "DeSO"


def _name(text: str) -> str:
    return " ".join(fold(text).split())
