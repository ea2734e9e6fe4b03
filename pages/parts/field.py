"""Walks and findings for the pages: their version, and the day that ages are counted to."""

from __future__ import annotations

from datetime import date

import pandas as pd

from geo import store
from geo.errors import GeoError
from geo.facts import Field as Field


def today() -> pd.Timestamp:
    """Return the day that ages and delays are counted to."""
    return pd.Timestamp(date.today())


def version() -> str:
    """Tell which version of walks and findings is kept, or why that cannot be said."""
    try:
        with store.open() as opened:
            return opened.version(store.FIELD)
    except GeoError as fault:
        return str(fault)
