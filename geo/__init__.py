"""Lägesbild Borås as a library: frames in, frames out, everything reckoned in EPSG:3006.

    errors, sources, crs      what goes wrong · layers, ids and the data folder · coordinates
    schema, kinds             what a table must hold, checked row by row
    files, spatial, shapes, polygons, points, read   file -> checked frame + issues
    headers, mapping, statistics, statistics_file    statistics as somebody made them -> long form
    freetext, row_texts       personal data in free text · texts of rows cleaned, faults told
    chain, findings_file, field   walks and findings as somebody made them -> rows
    decisions, attendance, meetings_file    meetings, decisions, plans as somebody made them -> rows
    store                     what people import, register and change; each can be undone
    fetch                     SCB and Kolada -> frozen files
    catchments, overlay       base areas + memberships -> catchments · shares of drawn areas
    assign                    points -> areas, many to many
    allocate                  counts and shares by base area -> areas; every person once
    disclosure, audit         small numbers stay hidden · the proof
    intervals, trend, classes how sure a share is · does it rise or fall · classes of a map
    welfare                   one indicator as it may be shown
    coverage                  who covers what, gaps, overlaps
    fieldwork, walked, findings, hotspots   where people walked, what was found, what waits
    meetings                  cadence against dated guidelines, days that collide
    efforts, meeting_places, budget   efforts by place and network, need beside them, money
    off_days, day_choice, free_days   holidays and breaks · days of a term on which few collide
    ical                      meetings -> a calendar file
    facts, gather             all that is known, put together · read from files and the store
    judgement, situation      the meeting's own part · everything that one lägesbild shows
    needs, priority           what may be ranked · the ranking with its certainty
    collaboration             meetings and plans as they stand, the goals of the collaboration
    places                    names and aliases -> places, networks, base areas
    export                    frames -> CSV, Excel, GeoJSON, GeoPackage
    report                    frames -> pictures and documents

The command line is `python -m geo`.
"""

from geo import (
    allocate,
    assign,
    attendance,
    audit,
    budget,
    catchments,
    chain,
    classes,
    collaboration,
    coverage,
    crs,
    day_choice,
    decisions,
    disclosure,
    efforts,
    errors,
    export,
    facts,
    field,
    fieldwork,
    files,
    findings,
    findings_file,
    free_days,
    freetext,
    gather,
    hotspots,
    ical,
    intervals,
    judgement,
    kinds,
    mapping,
    meeting_places,
    meetings,
    meetings_file,
    needs,
    off_days,
    places,
    priority,
    read,
    row_texts,
    schema,
    shapes,
    situation,
    sources,
    statistics,
    statistics_file,
    store,
    trend,
    walked,
    welfare,
)

__all__ = [
    "allocate",
    "assign",
    "attendance",
    "audit",
    "budget",
    "catchments",
    "chain",
    "classes",
    "collaboration",
    "coverage",
    "crs",
    "day_choice",
    "decisions",
    "disclosure",
    "efforts",
    "errors",
    "export",
    "facts",
    "field",
    "fieldwork",
    "files",
    "findings",
    "findings_file",
    "free_days",
    "freetext",
    "gather",
    "hotspots",
    "ical",
    "intervals",
    "judgement",
    "kinds",
    "mapping",
    "meeting_places",
    "meetings",
    "meetings_file",
    "needs",
    "off_days",
    "places",
    "priority",
    "read",
    "row_texts",
    "schema",
    "shapes",
    "situation",
    "sources",
    "statistics",
    "statistics_file",
    "store",
    "trend",
    "walked",
    "welfare",
]
