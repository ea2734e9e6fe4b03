"""Lägesbild Borås as a library: frames in, frames out, everything reckoned in EPSG:3006.

    errors, sources, crs      what goes wrong · layers, ids and the data folder · coordinates
    schema, kinds             what a table must hold, checked row by row
    files, shapes, points, read   file -> checked frame + issues
    catchments                base areas + memberships -> the catchment of each network
    assign                    points -> areas, many to many
    allocate                  counts by base area -> areas (value, low, high); every person once
    coverage                  who covers what, gaps, overlaps
    places                    names and aliases -> places, networks, base areas
    export                    frames -> CSV, Excel, GeoJSON, GeoPackage
    report                    frames -> pictures and documents

The command line is `python -m geo`.
"""

from geo import (
    allocate,
    assign,
    catchments,
    coverage,
    crs,
    errors,
    export,
    files,
    kinds,
    places,
    read,
    schema,
    shapes,
    sources,
)

__all__ = [
    "allocate",
    "assign",
    "catchments",
    "coverage",
    "crs",
    "errors",
    "export",
    "files",
    "kinds",
    "places",
    "read",
    "schema",
    "shapes",
    "sources",
]
