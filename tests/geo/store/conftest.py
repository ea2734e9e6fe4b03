from __future__ import annotations

from collections.abc import Iterator

import pytest

from geo import store
from tests.geo.store.making import finding, save, walk
from tests.postgres import Postgres, programs, running


@pytest.fixture
def kept(store_url) -> Iterator[store.Store]:
    """An empty store, on each kind of database in turn."""
    with store.open(store_url) as opened:
        yield opened


@pytest.fixture
def noted(kept) -> store.Store:
    """A store with the walk w1 and its finding f1, noted by Åsa."""
    kept.save_walk(walk(), "Åsa")
    save(kept, finding(walk_id="w1"))
    return kept


@pytest.fixture(scope="module")
def durable(request) -> Iterator[Postgres]:
    """A server of the module's own, that writes to the disk before it answers; to be stopped."""
    if programs() is None:
        request.getfixturevalue("postgres")  # says what is missing
    with running(options=()) as server:
        yield server
