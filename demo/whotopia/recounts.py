"""Opening balances that a count has changed: they break continuity with the last closing, and not the sum."""

from __future__ import annotations

import numpy as np

from demo.whotopia.forms import MEASURES
from demo.whotopia.habits import Filled, comes
from demo.whotopia.world import World

RECOUNTED = "opening recounted"
RECOUNTS = 0.0009
"""Share of the opening balances that are a recount's; of 38,842 Ivorian reports 0.38 % break continuity."""
LEAST = 4
OFF = 0.25
"""By how much a count is off at most."""


def plant(world: World, filled: Filled) -> None:
    """Changes some opening balances; the adjustment takes up the difference. Both are noted as errors."""
    measures = list(MEASURES)
    openings = np.arange(measures.index("opening"), len(filled.form.cells), len(measures))
    beside = measures.index("adjusted") - measures.index("opening")
    for column, month in enumerate(filled.form.months):
        draw, size = world.chance.at("recount", month).random((2, len(openings), filled.values.shape[1]))
        there = filled.written[openings, :, column] & (filled.values[openings, :, column] >= LEAST)
        for product, facility in np.argwhere((draw < RECOUNTS) & there):
            opening = (int(openings[product]), int(facility), column)
            _change(filled, opening, (opening[0] + beside, *opening[1:]), float(size[product, facility]))


def _change(
    filled: Filled, opening: tuple[int, int, int], adjusted: tuple[int, int, int], luck: float
) -> None:
    if not comes(filled, *opening[1:]) or {opening, adjusted} & filled.errors.keys():
        return
    size = max(1, round(OFF * abs(2 * luck - 1) * int(filled.values[opening])))
    off = size if luck < 0.5 else -size
    filled.values[opening] += off
    filled.values[adjusted] -= off
    filled.written[adjusted] = True
    filled.errors[opening] = filled.errors[adjusted] = RECOUNTED
