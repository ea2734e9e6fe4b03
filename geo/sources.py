"""The words and places that the facts come with: layers, ids, the data folder, the demo mark."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd

LAYERS = ("barn_unga", "omrade", "ortsrad")
# As the sources name them; the one place for these words.
LAYER_NAMES = {
    "barn_unga": "Nätverk barn och unga 10–16 år",
    "omrade": "Områdesnätverk",
    "ortsrad": "Ortsråd",
}
LAYER_PREFIX = {
    "barn_unga": "Nätverk barn och unga",
    "omrade": "Områdesnätverk",
    "ortsrad": "Ortsråd",
}
PREFIXES = {"bu": "barn_unga", "on": "omrade", "or": "ortsrad"}
JOINT = ("bu-gemensamt", "on-gemensamt", "or-gemensamt", "ce-bra", "ce-saker-och-trygg")
CONFIDENCES = ("low", "medium", "high")
BASES = ("named", "located", "surroundings", "split")
DATA = Path(os.environ.get("LAGESBILD_DATA") or Path(__file__).resolve().parents[1] / "data")
_THRESHOLD = os.environ.get("LAGESBILD_THRESHOLD") or "5"
if not _THRESHOLD.isdecimal() or int(_THRESHOLD) < 1:
    raise ValueError(f"LAGESBILD_THRESHOLD: ett heltal från 1 väntades, fick {_THRESHOLD!r}.")
THRESHOLD = int(_THRESHOLD)  # counts of people below this are hidden
NOISE_FROM = "2025"  # the first reference year with SCB's noise
SYNTHETIC = "synthetic"  # the source of every row that is made up
DEMO_MARK = "Syntetiska demodata – inte uppmätta värden"


def layer_of(area_id: str) -> str:
    """Return the layer of a network by its id: bu- barn_unga, on- omrade, or- ortsrad.

    An id with another beginning is its own layer-less case and gives "".

    >>> layer_of("on-norrby"), layer_of("a")
    ('omrade', '')
    """
    return PREFIXES.get(area_id.split("-", 1)[0], "")


def full_name(layer: str, name: str) -> str:
    """Write the full name of a network: there are three that are called Norrby.

    >>> full_name("omrade", "Norrby")
    'Områdesnätverk Norrby'
    """
    return f"{LAYER_PREFIX.get(layer, '')} {name}".strip()


def has_noise(rows: pd.DataFrame) -> pd.Series:
    """Tell which rows carry SCB's noise: population figures from reference year 2025 on.

    Every number gets a small change of its own, so parts need not sum and a part may exceed its
    whole; nothing of that is repaired. rows: source (which begins with SCB), period. Source: SCB
    on its cell-key method.

    >>> rows = pd.DataFrame({"source": ["SCB TAB6574"] * 2, "period": ["2024", "2025"]})
    >>> has_noise(rows).tolist()
    [False, True]
    """
    return rows["source"].str.startswith("SCB") & (rows["period"] >= NOISE_FROM)
