"""The words and places that the facts come with: layers, ids, the data folder, the demo mark."""

from __future__ import annotations

import os
from pathlib import Path

LAYERS = ("barn_unga", "omrade", "ortsrad")
# As the sources name them; the one place for these words.
LAYER_NAMES = {
    "barn_unga": "Nätverk barn och unga 10–16 år",
    "omrade": "Områdesnätverk",
    "ortsrad": "Ortsråd",
}
PREFIXES = {"bu": "barn_unga", "on": "omrade", "or": "ortsrad"}
JOINT = ("bu-gemensamt", "on-gemensamt", "or-gemensamt", "ce-bra", "ce-saker-och-trygg")
CONFIDENCES = ("low", "medium", "high")
BASES = ("named", "located", "surroundings", "split")
DATA = Path(os.environ.get("LAGESBILD_DATA") or Path(__file__).resolve().parents[1] / "data")
DEMO_MARK = "Syntetiska demodata – inte uppmätta värden"


def layer_of(area_id: str) -> str:
    """Return the layer of a network by its id: bu- barn_unga, on- omrade, or- ortsrad.

    An id with another beginning is its own layer-less case and gives "".

    >>> layer_of("on-norrby"), layer_of("a")
    ('omrade', '')
    """
    return PREFIXES.get(area_id.split("-", 1)[0], "")
