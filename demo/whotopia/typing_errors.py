"""Errors of single boxes: nine kinds that routine data are known for, in 0.3 to 1 % of what is reported.

The kinds are those by which detectors of aberrant data are usually tried: a digit too many or too few,
digits swapped, a month left out and added to the next, another facility's figure, zero for something, packs
for units, consumption that falls by 60 % for three months while services go on, and a figure copied forward
three times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from demo.whotopia.forms import Whole
from demo.whotopia.habits import Filled, comes
from demo.whotopia.world import World

TIMES_TEN, DIVIDED = "times ten", "divided by ten"
TRANSPOSED = "digits swapped"
MISSED = "missed, then doubled"
OTHERS = "another facility's figure"
ZERO = "zero instead"
PACKS = "packs and units mistaken"
DROP = "consumption down by 60 %"
FORWARD = "copied forward"
NINE = (TIMES_TEN, DIVIDED, TRANSPOSED, MISSED, OTHERS, ZERO, PACKS, DROP, FORWARD)

SIMPLE = (TIMES_TEN, DIVIDED, TRANSPOSED, PACKS)
KINDS = {
    "": (TIMES_TEN, DIVIDED, TRANSPOSED, MISSED, OTHERS, ZERO, FORWARD),
    "opening": SIMPLE,
    "received": (*SIMPLE, OTHERS, ZERO),
    "consumed": NINE,
    "adjusted": (TIMES_TEN, TRANSPOSED),
    "lost": (TIMES_TEN, TRANSPOSED, ZERO),
    "closing": SIMPLE,
    "stockout_days": (TIMES_TEN, TRANSPOSED, ZERO),
    "ordered": (*SIMPLE, OTHERS, ZERO),
}
"""Measure ("" for a service) -> the kinds of error that happen to it."""
RATES = {
    "": 0.007,
    "opening": 0.0006,
    "received": 0.012,
    "consumed": 0.010,
    "adjusted": 0.006,
    "lost": 0.006,
    "closing": 0.0006,
    "stockout_days": 0.006,
    "ordered": 0.009,
}
"""How often an error is tried; where the figure is too small for its kind nothing happens."""
LEAST_DROP, LEAST_SWAP, LEAST_FORWARD, MOST = 10, 0.25, 3, 10**8
RUN = 3
"""Reports that a drop or a copy lasts."""
REMAINS = 0.4


@dataclass(frozen=True)
class Slip:
    """One error about to be made: where, and the luck that it has left, from 0 to 1."""

    filled: Filled
    cell: int
    facility: int
    column: int
    colleagues: Whole
    luck: float

    @property
    def value(self) -> int:
        """What should be written."""
        return int(self.filled.values[self.cell, self.facility, self.column])

    def later(self, reports: int) -> int:
        """The column of a later report."""
        return self.column + reports * int(self.filled.form.step[self.facility])


def plant(world: World, filled: Filled) -> None:
    """Makes the errors of single boxes, month after month; each is noted in `filled.errors`."""
    rates = np.array([RATES[cell.measure] for cell in filled.form.cells])[:, None]
    colleagues = _colleagues(world)
    for column, month in enumerate(filled.form.months):
        luck = world.chance.at("typing", filled.form.name, month)
        draw, spare = luck.random((2, *filled.values.shape[:2]))
        for cell, facility in _hit(filled, column, draw < rates):
            kinds = KINDS[filled.form.cells[cell].measure]
            kind = kinds[int(draw[cell, facility] / rates[cell, 0] * len(kinds))]
            place = (cell, facility, column)
            HANDS[kind](Slip(filled, *place, colleagues[facility], spare[cell, facility]))


def put(slip: Slip, kind: str, column: int, value: int | None) -> bool:
    """Writes a wrong figure (None: nothing) into the box of a month; False where it would change nothing."""
    filled, place = slip.filled, (slip.cell, slip.facility, column)
    if column >= filled.values.shape[2] or place in filled.errors or not comes(filled, *place[1:]):
        return False
    if not filled.written[place] or value == filled.values[place] or abs(value or 0) > MOST:
        return False
    if value is None:
        filled.written[place] = False
    else:
        filled.values[place] = value
    filled.errors[place] = kind
    return True


def _hit(filled: Filled, column: int, drawn: npt.NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    possible = drawn & filled.written[:, :, column] & (filled.values[:, :, column] != 0)
    return ((int(cell), int(facility)) for cell, facility in np.argwhere(possible))


def _colleagues(world: World) -> list[Whole]:
    """Of each facility the others of its district and type, whose figures are of its size."""
    district, kind = world.places.district_of(), world.places.kinds()
    alike = (district[:, None] == district) & (kind[:, None] == kind)
    np.fill_diagonal(alike, val=False)
    return [np.flatnonzero(row) for row in alike]


def _times_ten(slip: Slip) -> None:
    put(slip, TIMES_TEN, slip.column, slip.value * 10)


def _divided(slip: Slip) -> None:
    if abs(slip.value) >= LEAST_DROP:
        put(slip, DIVIDED, slip.column, slip.value // 10)


def _swapped(slip: Slip) -> None:
    """Two neighbouring digits change places, where that changes the figure by a quarter or more."""
    digits, sign = str(abs(slip.value)), -1 if slip.value < 0 else 1
    pairs = range(len(digits) - 1)
    found = [int(digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :]) for i in pairs]
    far = [v for v in found if abs(v - abs(slip.value)) >= LEAST_SWAP * abs(slip.value)]
    if far:
        put(slip, TRANSPOSED, slip.column, sign * far[int(slip.luck * len(far))])


def _missed(slip: Slip) -> None:
    """Nothing, or zero, in one report, and two at once in the next."""
    missed = slip.value
    if put(slip, MISSED, slip.column, None if slip.luck < 0.6 else 0) and _follows(slip, slip.later(1)):
        following = int(slip.filled.values[slip.cell, slip.facility, slip.later(1)])
        put(slip, MISSED, slip.later(1), following + missed)


def _others(slip: Slip) -> None:
    """The figure of a colleague who has one."""
    if not len(slip.colleagues):
        return
    other = int(slip.colleagues[int(slip.luck * len(slip.colleagues))])
    if (
        slip.filled.written[slip.cell, other, slip.column]
        and slip.filled.form.step[other] == (slip.filled.form.step[slip.facility])
    ):
        put(slip, OTHERS, slip.column, int(slip.filled.form.true[slip.cell, other, slip.column]))


def _zero(slip: Slip) -> None:
    put(slip, ZERO, slip.column, 0)


def _packs(slip: Slip) -> None:
    """Packs for units, or now and then units for packs."""
    pack = slip.filled.form.cells[slip.cell].pack
    if pack > 1 and slip.value >= pack:
        put(slip, PACKS, slip.column, round(slip.value / pack) if slip.luck < 0.7 else slip.value * pack)


def _drop(slip: Slip) -> None:
    if slip.value < LEAST_DROP:
        return
    for report in range(RUN):
        if _follows(slip, slip.later(report)):
            value = int(slip.filled.values[slip.cell, slip.facility, slip.later(report)])
            put(slip, DROP, slip.later(report), round(REMAINS * value))


def _forward(slip: Slip) -> None:
    if slip.value < LEAST_FORWARD or (slip.cell, slip.facility, slip.column) in slip.filled.errors:
        return
    for report in range(1, RUN + 1):
        put(slip, FORWARD, slip.later(report), slip.value)


def _follows(slip: Slip, column: int) -> bool:
    return column < slip.filled.values.shape[2] and bool(
        slip.filled.written[slip.cell, slip.facility, column]
    )


HANDS: dict[str, Callable[[Slip], None]] = {
    TIMES_TEN: _times_ten,
    DIVIDED: _divided,
    TRANSPOSED: _swapped,
    MISSED: _missed,
    OTHERS: _others,
    ZERO: _zero,
    PACKS: _packs,
    DROP: _drop,
    FORWARD: _forward,
}
"""Kind of error -> how it is made."""
