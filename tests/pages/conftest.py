"""What every test of the pages stands on: empty caches, and data that a test may change."""

import shutil
from pathlib import Path

import pytest

from geo import sources
from pages.parts import data


@pytest.fixture(autouse=True)
def fresh_cache():
    kept = (data._register, data._once, data._field, data._once_for, data._facts)
    kept = (*kept, data._still, data._picture, data._story, data._report)
    for cache in kept:
        cache.clear()
    yield
    for cache in kept:
        cache.clear()


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
