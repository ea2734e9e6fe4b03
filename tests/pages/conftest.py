"""What every test of the pages stands on, and data that a test may change.

No cache is emptied between tests: what is cached is found by what it rests on, here as in use.
"""

import shutil
from functools import cache
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner

from geo import sources
from pages.parts import data


@pytest.fixture(autouse=True, scope="session")
def packages_looked_through_once():
    """Streamlit looks through every installed package for each page that is tried: once will do."""
    with pytest.MonkeyPatch.context() as patch:
        scan = manifest_scanner.scan_component_manifests
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(scan))
        yield


@pytest.fixture
def other_data(tmp_path, monkeypatch):
    """A copy of the data that a test may change; every reader's default path points there."""
    copy = tmp_path / "data"
    shutil.copytree(sources.DATA, copy)
    monkeypatch.setattr(data, "DATA", copy)
    monkeypatch.setattr("geo.read.DATA", copy)
    readers = ("networks", "meetings", "guidelines", "walks", "base_areas", "areas")
    for reader in (*readers, "indicators", "demo_statistics", "demo_walks", "demo_findings"):
        function = getattr(data.read, reader)
        path = copy / Path(function.__defaults__[0]).relative_to(sources.DATA)
        monkeypatch.setattr(function, "__defaults__", (path, *function.__defaults__[1:]))
    return copy
