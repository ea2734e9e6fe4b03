"""What the columns of a field export mean, and the codes behind the labels of its answers."""

from __future__ import annotations

import re
import unicodedata

import pandas as pd

from geo import files
from geo.field import xlsform
from geo.sources import DATA

Codes = dict[str, dict[str, str]]  # column -> label as plain gives it -> code

# Words for our columns, without case and accents. lat, lon, north, east, x, y and location are
# where it is; root, instance, key and uuid are ids that the tools give, the lasting ones first.
_WORDS = {
    "finding_id": "finding id|fynd id|fyndid",
    "root": "rootuuid|meta rootuuid",
    "instance": "instanceid|meta instanceid",
    "key": "key",
    "uuid": "uuid",
    "record": "record",
    "network_id": "network id|network|natverk",
    "walk_id": "walk id|vandring|vandrings id|vandringsid",
    "walk_date": "walk date",
    "observed_date": "observed date|noterat|noterad|observerat",
    "date": "date|datum",
    "light": "light|ljus",
    "location": "location|lage",
    "lat": "lat|latitude|latitud",
    "lon": "lon|lng|long|longitude|longitud",
    "east": "east|easting|ost|oster",
    "north": "north|northing|nord|norr",
    "x": "x",
    "y": "y",
    "kind": "kind|slag|typ",
    "category": "category|kategori",
    "description": "description|beskrivning",
    "status": "status",
    "owner": "owner|ansvarig|agare",
    "due_date": "due date|senast|klart senast",
    "answered_date": "answered date|besvarat|svarsdatum",
    "answer": "answer|svar",
    "done_date": "done date|atgardat|atgardsdatum",
    "verified_date": "verified date|verifierat",
    "action": "action|atgard",
    "place": "place|plats",
    "base_area_id": "base area id|basomrade",
    "source": "source|kalla",
    "note": "note|anteckning",
    "start_time": "start time|starttid",
    "end_time": "end time|sluttid",
    "step": "step|steg",
    "n_participants": "n participants|deltagare",
    "organisers": "organisers|arrangor",
    "route": "route|rutt",
    "same_as": "same as",
    "assumed": "assumed",
}
IDS = ("root", "instance", "key", "uuid")
_SYSTEM = ("uuid", "lat", "lon")  # all that is read of the columns whose names begin with _


def plain(text: str) -> str:
    """Return a text without case, accents and signs, for comparing.

    >>> plain("_Vad är det?_")
    'vad ar det'
    """
    parts = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(sign for sign in parts if not unicodedata.combining(sign))
    return re.sub(r"[^a-z0-9]+", " ", letters).strip()


def _asked() -> dict[str, str]:
    """Return what the form calls its questions, and how the tools write where it is: -> column."""
    found = {}
    for question in (*xlsform.QUESTIONS, xlsform.OWNER):
        for word in (question["name"], question.get("label", "")):
            if word:
                found[plain(word)] = question["name"]
            if word and question["type"] == "geopoint":
                found |= {f"{plain(word)} latitude": "lat", f"{plain(word)} longitude": "lon"}
    return found


_ASKED = _asked()
_COLUMN_OF = _ASKED | {word: name for name, words in _WORDS.items() for word in words.split("|")}


def column(header: str) -> str:
    """Return the column that a header of an export means; "" for one that is not read.

    In English, in Swedish, or as the form asks; then also within a group (grupp/kind, grupp-kind).
    What the tools tell of the phone and of who holds it has no column and is not read.

    >>> column("Kategori"), column("fynd-location-Latitude"), column("DeviceID")
    ('category', 'lat', '')
    """
    parts = [part for part in re.split(r"[/-]", header.strip()) if part]
    if not parts:
        return ""
    found = _COLUMN_OF.get(plain(" ".join(parts)), "")
    in_group = (_ASKED.get(plain(" ".join(parts[n:])), "") for n in range(1, len(parts)))
    found = found or next(filter(None, in_group), "")
    return "" if parts[-1].startswith("_") and found not in _SYSTEM else found


def renamed(table: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of a table of text that are ours, under our names; the others are left.

    Where two headers mean the same column, the first that is not empty holds, row by row.

    >>> renamed(pd.DataFrame({"Slag": ["brist"], "username": ["nn"]})).columns.tolist()
    ['kind']
    """
    of_odk = "SubmissionDate" in table.columns  # whose Status is that of the upload
    found: dict[str, pd.Series] = {}
    for header in table.columns:
        name = column(str(header))
        if not name or (of_odk and header == "Status"):
            continue
        cells = table[header].str.strip()
        found[name] = found[name].where(found[name] != "", cells) if name in found else cells
    return pd.DataFrame(found, index=table.index, dtype=object)


def codes(networks: pd.DataFrame | None = None, categories: pd.DataFrame | None = None) -> Codes:
    """Return what the labels of the form's choices mean: for each column, label -> code.

    networks: layer, name, index network_id. categories: name, examples, index category. Without
    them those that ship. Labels are compared as plain does.

    >>> codes()["network_id"]["omradesnatverk norrby"], codes()["kind"]["bra bevara"]
    ('on-norrby', 'bra')
    """
    if networks is None:
        networks = files.read_table(DATA / "networks.csv").set_index("network_id")
    if categories is None:
        categories = files.read_table(DATA / "finding_categories.csv").set_index("category")
    lists = xlsform.choices(networks, categories)
    named = {plain(name): str(code) for code, name in categories["name"].items()}
    lists_of = {"network_id": "network"} | {name: name for name in lists if name != "network"}
    found = {
        column: {plain(label): code for code, label in lists[name].items()}
        for column, name in lists_of.items()
    }
    found["category"] |= named
    found["record"] |= {"fynd": xlsform.FINDING, "vandring": xlsform.WALK}
    for meanings in found.values():
        meanings |= {plain(code): code for code in set(meanings.values())}
    return found
