"""Provisional reports: registers not yet counted, put right weeks later."""

from __future__ import annotations

from datetime import date

import numpy as np

from demo.whotopia.forms import MEASURES, SERVICES, Counts, Flags
from demo.whotopia.habits import Filled
from demo.whotopia.world import World

PROVISIONAL = "provisional"
CHANGED = 0.35
"""Share of a provisional report's figures that are put right."""
COUNTED = (0.55, 0.95)
"""How much of the final figure the provisional one counts."""
LEAST = 5


def apply(world: World, filled: Filled, today: date) -> None:
    """Shows each provisional report as it stands today: the first figures, or the final ones as stored later.

    In the logistics form what is not yet counted as consumed is still in stock: the sum holds.
    """
    days = filled.arrivals
    for column, month in enumerate(filled.form.months):
        draw, share = world.chance.at("provisional", filled.form.name, month).random(
            (2, *filled.values.shape[:2])
        )
        now = filled.written[:, :, column] & days.provisional[:, column] & _open_to_change(filled)
        now &= (draw < CHANGED) & (filled.values[:, :, column] >= LEAST)
        first = np.floor(filled.values[:, :, column] * (COUNTED[0] + share * (COUNTED[1] - COUNTED[0])))
        off = np.where(now, filled.values[:, :, column] - first, 0).astype(np.int32)
        if filled.form.name != SERVICES:
            closing = list(MEASURES).index("closing") - list(MEASURES).index("consumed")
            off = off - np.roll(off, closing, axis=0)
        known = days.revised[:, column] <= today.toordinal()
        filled.put_right[:, :, column] = (off != 0) & known
        _as_first_stored(filled, column, np.where(known, 0, off))


def _open_to_change(filled: Filled) -> Flags:
    """Which boxes are counted late: services, and consumption."""
    return np.array([cell.measure in ("", "consumed") for cell in filled.form.cells])[:, None]


def _as_first_stored(filled: Filled, column: int, off: Counts) -> None:
    filled.values[:, :, column] -= off
    shown = filled.arrivals.sent[:, column]
    for cell, facility in np.argwhere((off != 0) & shown & filled.written[:, :, column]):
        filled.errors[int(cell), int(facility), column] = PROVISIONAL
