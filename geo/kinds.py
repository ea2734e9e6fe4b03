"""The kinds of table that the product reads: the columns and rules of each, as data."""

from __future__ import annotations

from geo.schema import Column, Schema
from geo.sources import BASES, CONFIDENCES, JOINT, LAYERS

NETWORK_ID = r"(bu|on|or)-[a-z0-9-]+"
MUNICIPALITY = "kommun"  # the vintage of 1490 (Borås) and 0000 (the country)
VINTAGES = ("RegSO2018", "RegSO2020", "RegSO2025", "DeSO2018", "DeSO2025", MUNICIPALITY)
ROW_ID = r"[A-Za-z0-9ÅÄÖåäö:._-]{1,100}"  # a field form's own ids come as uuid:…
OLDEST = 1990  # the year before which no walk can have been
LIGHTS = ("dagsljus", "skymning", "mörker")
ACTIONS = ("drift", "investering", "plan")
MEETING_KINDS = ("ordinarie", "tema", "gemensam", "central", "stormöte", "medborgardialog")
CANCELLED = "inställt"
LINKS = ("finding", "indicator", "development_area")
TARGET_AREAS = (  # of the city's välfärdsbokslut 2018
    "Delaktighet, inflytande och tillit",
    "Goda uppväxtvillkor",
    "Livsvillkor och levnadsförhållanden",
    "Levnadsvanor",
    "Hälsosamt åldrande",
)

_NETWORK = Column("network_id", pattern=NETWORK_ID)
_NOTE = Column("note", required=False, may_be_empty=True)
_SOURCE = Column("source", required=False, may_be_empty=True)

NETWORKS = Schema(
    "networks",
    (
        _NETWORK,
        Column("layer", allowed=LAYERS),
        Column("name"),
        Column("association", may_be_empty=True),
        Column("status", allowed=("active", "resting")),
        Column("status_from", "date", may_be_empty=True),
        Column("status_source", may_be_empty=True),
        Column("sub_areas", "list", may_be_empty=True),
    ),
    ("network_id",),
)
MEMBERSHIPS = Schema(
    "memberships",
    (
        _NETWORK,
        Column("base_area_id"),
        Column("extent", allowed=("whole", "part")),
        Column("share", "number", minimum=0, maximum=1),
        Column("share_basis", required=False, may_be_empty=True),
        Column("basis", required=False, may_be_empty=True, allowed=(*BASES, "")),
        Column("confidence", required=False, may_be_empty=True, allowed=(*CONFIDENCES, "")),
        Column("evidence", required=False, may_be_empty=True),
    ),
    ("network_id", "base_area_id"),
)
MEETINGS = Schema(
    "meetings",
    (
        Column("meeting_id"),
        Column("date", "date"),
        Column("network_id", pattern=f"{NETWORK_ID}|{'|'.join(JOINT)}"),
        Column(
            "kind",
            allowed=MEETING_KINDS,
        ),
        Column("starred", "bool"),
        Column("counts_for_cadence", "bool"),
        _NOTE,
        _SOURCE,
        Column("status", required=False, may_be_empty=True, allowed=(CANCELLED, "")),
        Column("start_time", "clock", required=False, may_be_empty=True),
        Column("end_time", "clock", required=False, may_be_empty=True),
        Column("place", required=False, may_be_empty=True),
        Column("agenda", required=False, may_be_empty=True),
        Column("present", "list", required=False, may_be_empty=True),
    ),
    ("meeting_id",),
)
DECISIONS = Schema(
    "decisions",
    (
        Column("decision_id", pattern=ROW_ID),
        Column("meeting_id", may_be_empty=True, pattern=f"({ROW_ID})?"),
        _NETWORK,
        Column("decided_date", "date", minimum=OLDEST),
        Column("decision"),
        Column("owner"),
        Column("due_date", "date", required=False, may_be_empty=True, minimum=OLDEST),
        Column("status", required=False, may_be_empty=True),
        Column("done_date", "date", required=False, may_be_empty=True, minimum=OLDEST),
        Column("outcome", required=False, may_be_empty=True),
        Column("priority_id", required=False, may_be_empty=True),
        Column("link_kind", required=False, may_be_empty=True, allowed=(*LINKS, "")),
        Column("link_id", required=False, may_be_empty=True),
    ),
    ("decision_id",),
)
PLANS = Schema(
    "plans",
    (
        Column("plan_id", pattern=ROW_ID),
        _NETWORK,
        Column("title"),
        Column("valid_from", "date", minimum=OLDEST),
        Column("valid_to", "date", required=False, may_be_empty=True, minimum=OLDEST),
        Column("focus_areas", "list", required=False, may_be_empty=True),
        Column("priority_ids", "list", required=False, may_be_empty=True),
        _NOTE,
        _SOURCE,
    ),
    ("plan_id",),
)
PICTURES = Schema(
    "pictures",
    (
        Column("picture_id", pattern=ROW_ID),
        _NETWORK,
        Column("day", "date", minimum=OLDEST),
        Column("seen", required=False, may_be_empty=True),
        Column("joint", required=False, may_be_empty=True),
        Column("focus", required=False, may_be_empty=True),
        Column("signed_date", "date", required=False, may_be_empty=True, minimum=OLDEST),
    ),
    ("picture_id",),
)
GUIDELINES = Schema(
    "guidelines",
    (
        Column("guideline_id"),
        Column("layer", allowed=LAYERS),
        Column("meetings_per_term_min", "integer", minimum=0),
        Column("meetings_per_term_max", "integer", minimum=0),
        Column("valid_from", "date"),
        Column("valid_to", "date", may_be_empty=True),
        Column("assumed", required=False, may_be_empty=True),
        _SOURCE,
        _NOTE,
    ),
    ("guideline_id",),
)
INDICATORS = Schema(
    "indicators",
    (
        Column("indicator_id", pattern=r"[a-z0-9_]+"),
        Column("name"),
        Column("target_area", may_be_empty=True, allowed=(*TARGET_AREAS, "")),
        Column("definition"),
        Column("unit"),
        Column("wording"),
        Column("direction", allowed=("high", "low", "none")),
        Column("denominator", may_be_empty=True),
        Column("measure", allowed=("share", "count", "rate", "class")),
        Column("level", allowed=("base_area", "municipality")),
        Column("periodicity"),
        Column("use", allowed=("ranked", "context")),
        Column("basis", allowed=("sample", "full")),
        Column("named_in", required=False, may_be_empty=True),
        Column("source"),
        Column("assumed", required=False, may_be_empty=True),
    ),
    ("indicator_id",),
)
STATISTICS = Schema(
    "statistics",
    (
        Column("indicator_id"),
        Column("area_code"),
        Column("area_vintage", allowed=VINTAGES),
        Column("period"),
        Column("group", required=False, may_be_empty=True),
        Column("numerator", "number", required=False, may_be_empty=True),
        Column("denominator", "number", required=False, may_be_empty=True, minimum=0),
        Column("value", "number", required=False, may_be_empty=True),
        Column("status", allowed=("ok", "missing", "suppressed")),
        _SOURCE,
    ),
    ("indicator_id", "area_code", "area_vintage", "period", "group"),
)
FINDINGS = Schema(
    "findings",
    (
        Column("finding_id", pattern=ROW_ID),
        Column("walk_id", may_be_empty=True, pattern=f"({ROW_ID})?"),
        Column("observed_date", "date", minimum=OLDEST),
        Column("light", required=False, may_be_empty=True, allowed=(*LIGHTS, "")),
        Column("kind", allowed=("brist", "bra")),
        Column("category"),
        Column("description", required=False, may_be_empty=True),
        Column("status", required=False, may_be_empty=True),
        Column("owner", required=False, may_be_empty=True),
        Column("due_date", "date", required=False, may_be_empty=True, minimum=OLDEST),
        Column("done_date", "date", required=False, may_be_empty=True, minimum=OLDEST),
        Column("verified_date", "date", required=False, may_be_empty=True, minimum=OLDEST),
        Column("x", "number", may_be_empty=True),
        Column("y", "number", may_be_empty=True),
        Column("answered_date", "date", required=False, may_be_empty=True, minimum=OLDEST),
        Column("answer", required=False, may_be_empty=True),
        Column("action", required=False, may_be_empty=True, allowed=(*ACTIONS, "")),
        Column("place", required=False, may_be_empty=True),
        Column("base_area_id", required=False, may_be_empty=True),
        _SOURCE,
    ),
    ("finding_id",),
)
WALKS = Schema(
    "walks",
    (
        Column("walk_id", pattern=ROW_ID),
        Column("date", "date", minimum=OLDEST),
        Column("network_id", may_be_empty=True, pattern=NETWORK_ID),
        Column("place", required=False, may_be_empty=True),
        Column("status", required=False, may_be_empty=True, allowed=("säker", "osäker", "")),
        _NOTE,
        _SOURCE,
        Column("start_time", "clock", required=False, may_be_empty=True),
        Column("end_time", "clock", required=False, may_be_empty=True),
        Column("light", required=False, may_be_empty=True, allowed=(*LIGHTS, "")),
        Column("step", "integer", required=False, may_be_empty=True, minimum=1, maximum=4),
        Column("n_participants", "integer", required=False, may_be_empty=True, minimum=0),
        Column("organisers", "list", required=False, may_be_empty=True),
        Column("route", required=False, may_be_empty=True),
        Column("same_as", required=False, may_be_empty=True),
        Column("assumed", "list", required=False, may_be_empty=True),
    ),
    ("walk_id",),
)

ALL = (
    *(NETWORKS, MEMBERSHIPS, MEETINGS, DECISIONS, PLANS, PICTURES, GUIDELINES),
    *(INDICATORS, STATISTICS, FINDINGS, WALKS),
)
TYPE_NAMES = {
    "text": "text",
    "number": "tal",
    "integer": "heltal",
    "date": "datum (2017-10-20)",
    "clock": "klockslag (18:30)",
    "bool": "ja/nej (true/false)",
    "list": "lista med ;",
}


def columns(kind: Schema) -> list[tuple[str, str, str, str]]:
    """Describe the columns of a kind: name, type, whether it must be there, what is allowed.

    >>> columns(GUIDELINES)[0]
    ('guideline_id', 'text', 'ja', '')
    """
    return [
        (
            column.name,
            TYPE_NAMES[column.type],
            "ja" if column.required else "nej",
            ", ".join(filter(None, column.allowed)),
        )
        for column in kind.columns
    ]


def as_markdown() -> str:
    """Write every kind of table as Markdown: docs/data.md is this text.

    >>> as_markdown().splitlines()[0]
    '# Filernas kolumner'
    """
    parts = ["# Filernas kolumner\n\nGjord av koden: `python -m geo columns > docs/data.md`.\n"]
    for kind in ALL:
        key = " + ".join(kind.key)
        rows = [f"| `{a}` | {b} | {c} | {d} |" for a, b, c, d in columns(kind)]
        head = ["| kolumn | innehåll | måste finnas | tillåtna värden |", "|---|---|---|---|"]
        parts.append("\n".join([f"\n## {kind.dataset}\n", f"En rad per {key}.\n", *head, *rows]))
    return "\n".join(parts)
