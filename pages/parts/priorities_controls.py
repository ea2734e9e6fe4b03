"""What the reader chooses on Kraftsamla: weights that sum to 100 %, how many first, the draws."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geo import priority
from geo.priority.ranking import STRENGTH
from pages.parts import controls, data, priorities, state, words
from pages.parts.data import Register

EQUAL, TARGET, OWN = "lika", "malomrade", "egna"
PRESETS = {EQUAL: "Lika vikter", TARGET: "Lika per målområde", OWN: "Egna vikter"}
HIGHEST, MIDDLE = 20, 5
ABREAST = 3


def asked(known: Register, among: str) -> priorities.Asked:
    """Let the reader choose how the areas are ranked."""
    preset = controls.one_of("Vikter", PRESETS, state.PRESET_KEY)
    if preset == OWN:
        held = _own(known, among)
    else:
        state.remember_preset(preset)
        held = _preset(among, preset)
    top = _top(len(known.ids_of(among)))
    return priorities.Asked(among, held, top, *_advanced())


def _preset(among: str, preset: str) -> priorities.Weights:
    if preset == TARGET:
        return data.once(priorities.by_target, among)
    names = list(data.once(priorities.found, among).values.columns)
    return tuple((str(name), 1 / len(names)) for name in names)


def _own(known: Register, among: str) -> priorities.Weights:
    """Show a slider per indicator, which begin as the preset that was chosen before."""
    before = state.preset_before()
    if before:
        for name, point in _points(_preset(among, before)).items():
            state.put(f"{state.WEIGHT_KEY}{name}", point, MIDDLE)
    points = _sliders(known, among, [name for name, _ in _preset(among, EQUAL)])
    if not any(points.values()):
        st.error("Alla vikter är noll. Höj minst en.")
        st.stop()
    return _weights(among, points)


def _weights(among: str, points: dict[str, int]) -> priorities.Weights:
    """Return the weights that points stand for: a preset's own when they are its points."""
    for preset in (EQUAL, TARGET):
        held = _preset(among, preset)
        if points == _points(held):
            return held
    total = sum(points.values())
    return tuple((name, point / total) for name, point in points.items())


def _points(held: priorities.Weights) -> dict[str, int]:
    """Return the points nearest to some weights; the middle when they are equal."""
    weights = pd.Series(dict(held))
    scale = MIDDLE if weights.nunique() == 1 else HIGHEST
    return {str(i): int(n) for i, n in (weights / weights.max() * scale).round().items()}


def _sliders(known: Register, among: str, names: list[str]) -> dict[str, int]:
    """Show the sliders row by row, as the table has them; each says its own per cent."""
    keys = {name: f"{state.WEIGHT_KEY}{name}" for name in names}
    begun = {name: state.points(key, MIDDLE, HIGHEST) for name, key in keys.items()}
    begun = dict(_weights(among, begun)) if any(begun.values()) else begun
    shares = priority.per_cent(pd.Series(begun))
    found: dict[str, int] = {}
    with st.expander("Hur mycket ska varje indikator väga? Summan blir alltid 100 %.", True):
        for start in range(0, len(names), ABREAST):
            row = names[start : start + ABREAST]
            for name, column in zip(row, st.columns(ABREAST), strict=False):
                share = words.percent(shares[name] / 100, 1)
                label = f"{known.indicators.at[name, 'name']} · {share}"
                found[name] = column.slider(
                    label, 0, HIGHEST, MIDDLE, key=keys[name], bind="query-params"
                )
    return found


def _top(n_areas: int) -> int:
    """Let the reader choose how many are the first."""
    most = max(1, min(10, n_areas - 1))
    first, key = priority.usual_top(n_areas), f"{state.TOP_KEY}{most}"
    label = f"Bland de första, av {n_areas}"
    return int(st.number_input(label, 1, most, first, key=key, width=160, bind="query-params"))


def _advanced() -> tuple[float, int]:
    """Let the reader choose how the weights are drawn, and the seed of the draws."""
    with st.expander("Avancerat: hur dragningarna görs"):
        strength = st.number_input(
            "Vikternas styrka",
            1,
            10_000,
            int(STRENGTH),
            key=state.STRENGTH_KEY,
            bind="query-params",
            help="Ju högre, desto närmare de valda vikterna hålls dragningarna. Med 100 varierar "
            "en vikt på 10 % med ungefär ±3 procentenheter, med 25 med ±6.",
        )
        seed = st.number_input(
            "Frö",
            0,
            999_999,
            0,
            key=state.SEED_KEY,
            bind="query-params",
            help="Samma frö ger samma dragningar på alla datorer. Ett annat frö visar hur mycket "
            "slumpen betyder.",
        )
    return float(strength), int(seed)
