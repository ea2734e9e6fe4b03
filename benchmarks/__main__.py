"""``python -m benchmarks [assign|welfare|priority|report|…] [--quick] [--regso FILE]``."""

from __future__ import annotations

import argparse
import os
import platform
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from benchmarks import table
from benchmarks.assign import VARIABLE

PARTS = ("assign", "welfare", "priority", "report", "store", "field", "page", "load")
OF_REGSO = ("assign", "welfare")
PACKAGES = ("streamlit", "folium", "streamlit-folium", "geopandas", "shapely", "numpy", "pandas")


def main() -> None:
    """Measure what was asked for, everything when nothing was named."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="|".join(PARTS))
    parser.add_argument("--quick", action="store_true", help="fewer points, changes and seconds")
    parser.add_argument("--regso", default="", help=f"all RegSO areas, or {VARIABLE}")
    asked = parser.parse_args()
    unknown = set(asked.parts) - set(PARTS)
    if unknown:
        parser.error(f"no part is called {sorted(unknown)!r}; there are {PARTS!r}")
    print(machine())
    for part in asked.parts or PARTS:
        print(f"\n## {part}\n", flush=True)
        module = import_module(f"benchmarks.{part}")  # a part needs no other's packages
        rows = module.measure(asked.quick, *[asked.regso] * (part in OF_REGSO))
        print(table(rows), flush=True)


def machine() -> str:
    """Say on what it is measured, and how busy that was before."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    busy = " ".join(f"{load:.1f}" for load in os.getloadavg()) if hasattr(os, "getloadavg") else "?"
    meminfo = Path("/proc/meminfo")
    memory = int(meminfo.read_text().split()[1]) // 1_000_000 if meminfo.exists() else "?"
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {memory} GB memory, "
        f"Python {platform.python_version()}, {packages}. Load before: {busy}."
    )


if __name__ == "__main__":
    main()
