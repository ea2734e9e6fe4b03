"""The form that a safety walk fills in on its phones, offline: an XLSForm made of the registers."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

import openpyxl
import pandas as pd
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from geo import kinds
from geo.sources import LAYER_NAMES

FORM_ID = "trygghetsvandring"
VERSION = "2026030101"  # yyyymmddrr: a phone fetches the form again when this grows
LANGUAGE = "svenska (sv)"
MAX_DESCRIPTION = 2_000
FINDING, WALK = "finding", "walk"
RECORDS = {FINDING: "Ett fynd", WALK: "Vandringen (en gång per vandring)"}
KINDS = {"brist": "Brist", "bra": "Bra, bevara"}
LIGHTS = {light: light.capitalize() for light in kinds.LIGHTS}
STEPS = {"1": "Förmöte", "2": "Vandring", "3": "Uppföljande möte", "4": "Ny vandring"}

# A plain "label" and not "label::svenska (sv)", and "true()" where a question is asked for one kind
# of record only: QField's converter knows nothing else, and takes "yes" to hold for every record.
_ALWAYS = {"required": "yes", "required_message": "Svara på frågan för att gå vidare."}
_HERE = {"required": "true()", "required_message": "Svara på frågan för att gå vidare."}
_IF_FINDING = {"relevant": f"${{record}} = '{FINDING}'"}
_IF_WALK = {"relevant": f"${{record}} = '{WALK}'"}

# The names are the columns of kinds.FINDINGS and kinds.WALKS; walk_date is the date of both.
QUESTIONS: tuple[dict[str, str], ...] = (
    {
        "type": "select_one record",
        "name": "record",
        "label": "Vad ska registreras?",
        "hint": "Ett fynd i taget. Vandringen registreras en gång, av en person.",
        "default": FINDING,
        **_ALWAYS,
    },
    {
        "type": "select_one network",
        "name": "network_id",
        "label": "Nätverk",
        "default": "${last-saved#network_id}",
        **_ALWAYS,
    },
    {
        "type": "date",
        "name": "walk_date",
        "label": "Vandringens datum",
        "default": "today()",
        "constraint": ". <= today()",
        "constraint_message": "Datumet ligger i framtiden. Välj dagen då ni gick.",
        **_ALWAYS,
    },
    {
        "type": "select_one light",
        "name": "light",
        "label": "Ljus",
        "hint": "Hur ljust är det när ni går?",
        "default": "${last-saved#light}",
    },
    {
        "type": "calculate",
        "name": "walk_id",
        "calculation": "concat('tv-', ${walk_date}, '-', ${network_id})",
    },
    {
        "type": "geopoint",
        "name": "location",
        "label": "Var är det?",
        "hint": "Ställ nålen på platsen, aldrig vid en bostad.",
        "appearance": "placement-map",
        **_HERE,
        **_IF_FINDING,
        "required_message": "Peka ut platsen på kartan.",
    },
    {
        "type": "select_one kind",
        "name": "kind",
        "label": "Brist eller bra?",
        "default": "brist",
        **_HERE,
        **_IF_FINDING,
    },
    {
        "type": "select_one category",
        "name": "category",
        "label": "Kategori",
        **_HERE,
        **_IF_FINDING,
    },
    {
        "type": "text",
        "name": "description",
        "label": "Beskrivning",
        "hint": "Beskriv bara platsen. Skriv inget om personer, inga namn, inga telefon-, person- "
        "eller husnummer och inga registreringsskyltar.",
        "appearance": "multiline",
        "constraint": f"string-length(coalesce(., '')) <= {MAX_DESCRIPTION}",
        "constraint_message": f"Texten är för lång: högst {MAX_DESCRIPTION} tecken. Korta den, "
        "eller dela upp i flera fynd.",
        **_IF_FINDING,
    },
    {
        "type": "calculate",
        "name": "observed_date",
        "calculation": "${walk_date}",
        **_IF_FINDING,
    },
    {"type": "time", "name": "start_time", "label": "Vandringen började", **_IF_WALK},
    {"type": "time", "name": "end_time", "label": "Vandringen slutade", **_IF_WALK},
    {
        "type": "select_one step",
        "name": "step",
        "label": "Steg i metoden",
        "default": "2",
        **_IF_WALK,
    },
    {
        "type": "integer",
        "name": "n_participants",
        "label": "Antal deltagare",
        "hint": "Bara antalet, inga namn. Är ni fler än omkring 20 blir det svårt att höra alla: "
        "dela gruppen.",
        "constraint": "coalesce(., 0) >= 0 and coalesce(., 0) <= 500",
        "constraint_message": "Skriv ett antal från 0 till 500.",
        **_IF_WALK,
    },
    {
        "type": "text",
        "name": "organisers",
        "label": "Arrangörer",
        "hint": "Bara organisationer, med semikolon emellan. Inga namn på personer.",
        **_IF_WALK,
    },
    {
        "type": "text",
        "name": "place",
        "label": "Del av området",
        "constraint": "string-length(coalesce(., '')) <= 100",
        "constraint_message": "Högst 100 tecken. Skriv bara platsens namn.",
        **_HERE,
        **_IF_WALK,
    },
    {
        "type": "geotrace",
        "name": "route",
        "label": "Vägen som ni gick",
        "hint": "Behövs inte. Börja och sluta vid samlingsplatsen, aldrig vid en bostad.",
        **_IF_WALK,
    },
)
OWNER = {
    "type": "select_one owner",
    "name": "owner",
    "label": "Vem kan åtgärda?",
    "hint": "Behövs inte. En organisation, aldrig en person.",
    **_IF_FINDING,
}
_COLUMNS = (
    *("type", "name", "label", "hint", "required", "required_message", "relevant", "constraint"),
    *("constraint_message", "default", "calculation", "appearance"),
)


def workbook(
    networks: pd.DataFrame,
    places: pd.DataFrame,
    categories: pd.DataFrame,
    owners: pd.DataFrame | None = None,
) -> bytes:
    """Make the form of a safety walk: an XLSForm (Excel) for ODK, KoboToolbox and QField.

    networks: index network_id; layer, name. places: index place; the first three are named as
    examples. categories: index category; name, examples. owners: index owner; when given, a
    finding may name who can mend it. One submission is one record, a finding or the walk itself,
    without repeats; all phones of a walk reckon the same walk_id from its date and network. The
    network and the light are those of the phone's last submission (where the tool remembers it).
    The date is today's and not the last one's, which the next walk would get without anybody
    seeing it. There are no questions for pictures.

    >>> from geo import read
    >>> categories = read.register("finding_categories", "category")
    >>> form = workbook(read.networks()[0], read.register("places", "place"), categories)
    >>> openpyxl.load_workbook(BytesIO(form)).sheetnames
    ['survey', 'choices', 'settings']
    """
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    _sheet(book, "survey", _COLUMNS, _questions(places, owners))
    rows = [
        {"list_name": list_name, "name": name, "label": label}
        for list_name, labels in choices(networks, categories, owners).items()
        for name, label in labels.items()
    ]
    _sheet(book, "choices", ("list_name", "name", "label"), rows)
    settings = {
        "form_title": "Trygghetsvandring",
        "form_id": FORM_ID,
        "version": VERSION,
        "default_language": LANGUAGE,
        "instance_name": "concat(${walk_id}, ' ', ${record}, ' ', ${category})",
    }
    _sheet(book, "settings", tuple(settings), [settings])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def network_label(layer: str, name: str) -> str:
    """Return what the form calls a network.

    >>> network_label("omrade", "Norrby")
    'Områdesnätverk Norrby'
    """
    return f"{LAYER_NAMES.get(layer, layer)} {name}".strip()


def category_label(name: str, examples: str) -> str:
    """Return what the form calls a category.

    >>> category_label("Belysning", "släckta lampor; mörk stig")
    'Belysning (släckta lampor; mörk stig)'
    """
    return f"{name} ({examples})" if examples else name


def choices(
    networks: pd.DataFrame, categories: pd.DataFrame, owners: pd.DataFrame | None = None
) -> dict[str, dict[str, str]]:
    """Return the choices of each list of the form: code -> label. Parameters as of workbook.

    >>> nothing = pd.DataFrame(columns=["layer", "name", "examples"])
    >>> choices(nothing, nothing)["kind"]
    {'brist': 'Brist', 'bra': 'Bra, bevara'}
    """
    layers = zip(networks["layer"], networks["name"], strict=True)
    names = zip(categories["name"], categories["examples"], strict=True)
    lists = {
        "record": RECORDS,
        "network": dict(
            zip(networks.index, (network_label(*pair) for pair in layers), strict=True)
        ),
        "light": LIGHTS,
        "kind": KINDS,
        "category": dict(
            zip(categories.index, (category_label(*pair) for pair in names), strict=True)
        ),
        "step": STEPS,
    }
    if owners is not None:
        lists["owner"] = {owner: owner for owner in owners.index}
    return lists


def _questions(places: pd.DataFrame, owners: pd.DataFrame | None) -> Iterable[dict[str, str]]:
    examples = ", ".join(map(str, places.index[:3]))
    for question in QUESTIONS:
        if question["name"] == "place" and examples:
            yield question | {"hint": f"Platsens namn, till exempel {examples}."}
        else:
            yield question
        if question["name"] == "description" and owners is not None:
            yield OWNER


def _sheet(
    book: openpyxl.Workbook, title: str, columns: tuple[str, ...], rows: Iterable[dict[str, str]]
) -> None:
    sheet = book.create_sheet(title)
    sheet.append(columns)
    for line, row in enumerate(rows, start=2):
        for number, column in enumerate(columns, start=1):
            if text := _safe(row.get(column, ""), is_ours=title != "choices" and column != "hint"):
                cell = sheet.cell(line, number, text)
                cell.data_type = "s"  # a text that begins with = is no formula


def _safe(text: str, *, is_ours: bool) -> str:
    """Return a text that a workbook can hold; in a register's text ${…} is no reference."""
    plain: str = ILLEGAL_CHARACTERS_RE.sub("", str(text))
    return plain if is_ours else plain.replace("${", "$ {")
