"""The mistakes that people make with figures, each with the chance of what would then stand on the form.

A digit too many or too few, two digits swapped, packs for units, another facility's figure, two months at
once, nothing for something, three months copied from the one before, three months at two fifths: of each, the
chance of the reported figure is that of the figure that should have stood there. What fits none of them may
still be a mistake, of any size. The prior shares are about those found in routine data.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import log

import numpy as np
import numpy.typing as npt

from indicators.aberration_right import NEVER, Cells, Right, Suspects
from indicators.robust import Counts, Reals

Flags = npt.NDArray[np.bool_]

OTHER, TIMES_TEN, TENTH, SWAPPED, DOUBLED, OTHER_FACILITY, ZERO, PACKS, DROP, COPIED = range(10)
MISTAKES = {
    OTHER: "other",
    TIMES_TEN: "times_ten",
    TENTH: "tenth",
    SWAPPED: "swapped",
    DOUBLED: "doubled",
    OTHER_FACILITY: "other_facility",
    ZERO: "zero",
    PACKS: "packs",
    DROP: "drop",
    COPIED: "copied",
}
PRIOR = {
    OTHER: 0.0006,
    TIMES_TEN: 0.0006,
    TENTH: 0.0006,
    SWAPPED: 0.0005,
    DOUBLED: 0.0005,
    OTHER_FACILITY: 0.0006,
    ZERO: 0.0006,
    PACKS: 0.0006,
    DROP: 0.00015,
    COPIED: 0.0002,
}
PACK_SIZES = (6, 10, 24, 25, 30, 100)
RUN, REMAINS = 3, 0.4
# A swap of digits that changes a figure by less than this share is none that anybody would see.
_LEAST_SWAP = 0.2
_MOST_DIGITS = 6
# One copied month by itself, beside three.
_SINGLE = 2.5
# Figures below are counted in a table; figures from the other on are alike.
_SMALL, _LARGEST = 1 << 10, 1 << 40
# Any figure at all, from 1 to some ten thousand, as likely by its logarithm.
_ANY = 9.0


@dataclass(frozen=True)
class Beside:
    """What stands beside each suspect.

    Attributes:
        previous_missing: the month before was not reported, or as 0 where something was expected.
        lost_two: what the shelf lost in this month and the one before; NaN where that is unknown.
        others: the share of the item's facilities that report the same figure in the month.
        same: whether the month before has the same figure.
        right: the logarithm of the chance of the figure, if it is right.
        close: whether the figure is looked at for all mistakes, not for runs of months alone.
        shape: of the frame, `(series, months)`.
        trailing: whether only months before are known.
        together: how much the three months of a run say that one does not, from 0 to 1.
    """

    previous_missing: Flags
    lost_two: Cells
    others: Cells
    same: Flags
    right: Cells
    close: Flags
    shape: tuple[int, int]
    trailing: bool
    together: float


def odds(right: Right, beside: Beside) -> Reals:
    """How much likelier each mistake is than that the figure is right, `[mistake, suspect]`, logarithms."""
    of, alone, close = right.suspects, right.shelf_alone(), beside.close
    found = np.full((len(MISTAKES), len(of.row)), NEVER, dtype=np.float32)
    for kind, chance in _figures(Right(of.some(close), right.habits), beside).items():
        found[kind, close] = chance - beside.right[close] + log(PRIOR[kind])
    found[DROP] = _drop(right, beside, alone) + log(PRIOR[DROP])
    found[COPIED] = _copied(beside, alone, of) + log(PRIOR[COPIED])
    return found


def _figures(right: Right, beside: Beside) -> dict[int, Cells]:
    """Of the figures that are looked at closely, the chance by each mistake of a single month."""
    of, alone, others = right.suspects, right.shelf_alone(), beside.others[beside.close]
    above = of.value > 0
    return {
        OTHER: np.where(above, -np.log((of.value + 1) * _ANY), NEVER) + alone,
        TIMES_TEN: _where(above & (of.value % 10 == 0), right.instead, of.value / 10),
        TENTH: _where(above, lambda low: _cut_off(right, low, 10), of.value * 10),
        SWAPPED: _swapped(right),
        DOUBLED: _doubled(right, beside, alone),
        OTHER_FACILITY: np.where(above & (others > 0), np.log(np.maximum(others, 1e-9)), NEVER) + alone,
        ZERO: np.where(of.value == 0, np.log1p(-of.zero), NEVER) + alone,
        PACKS: _packs(right),
    }


def together(each: Reals) -> Reals:
    """Logarithms of what is added up, along the first axis."""
    most = each.max(axis=0)
    return np.asarray(most + np.log(np.exp(each - most).sum(axis=0)))


def _where(possible: Flags, chance: Callable[[Cells], Cells], value: Cells) -> Cells:
    return np.where(possible, chance(np.where(possible, value, 1)), NEVER)


def _cut_off(right: Right, low: Cells, width: int) -> Cells:
    """The figure lost its last part: it was from `low` on, within so much."""
    return np.asarray(right.figure(low + (width - 1) / 2) + log(width) + right.rounded_from(low, width))


def _swapped(right: Right) -> Cells:
    """Two neighbouring digits changed places."""
    value = right.suspects.value
    digits = np.floor(np.log10(np.maximum(value, 1)))
    found = np.full((_MOST_DIGITS, len(value)), NEVER)
    for place in range(min(_MOST_DIGITS, int(digits.max(initial=0)))):
        unit = 10.0**place
        low, high = np.floor(value / unit) % 10, np.floor(value / (10 * unit)) % 10
        meant = value + (high - low) * unit - (high - low) * 10 * unit
        possible = (digits > place) & (low != high) & (meant > 0)
        possible &= np.abs(meant - value) >= _LEAST_SWAP * np.abs(meant)
        found[place] = _where(possible, right.instead, meant) - np.log(np.maximum(digits, 1))
    return together(found)


def _doubled(right: Right, beside: Beside, alone: Cells) -> Cells:
    """The month before was left out and is added in."""
    of = right.suspects
    possible = beside.previous_missing[beside.close] & (of.value > 0)
    both = right.figure(of.value / 2) - log(2) - log(right.habits.missing)
    if of.lost is not None:
        lost_two = beside.lost_two[beside.close]
        confirmed = np.abs(of.value - np.nan_to_num(lost_two)) < 0.5
        rest = np.maximum(right.figure(np.maximum(of.value - of.expected, 1)), log(1e-4))
        shelf = np.where(confirmed, 2 * right.habits.used.same - rest, log(0.7))
        both = both + np.where(np.isnan(of.lost) & ~np.isnan(lost_two), shelf, 0)
    return np.where(possible, both + alone, NEVER)


def _packs(right: Right) -> Cells:
    """Units where packs were meant, if a figure is high, or packs where units were, if it is low."""
    of = right.suspects
    found = np.full((len(PACK_SIZES), len(of.row)), NEVER)
    high, low = of.value > of.expected, (of.value > 0) & (of.value <= of.expected)
    above, below = Right(of.some(high), right.habits), Right(of.some(low), right.habits)
    for number, pack in enumerate(PACK_SIZES):
        whole = above.suspects.value % pack == 0
        found[number, high] = _where(whole, above.instead, above.suspects.value / pack)
        found[number, low] = _cut_off(below, below.suspects.value * pack - (pack - 1) / 2, pack)
    return together(found) - log(2 * len(PACK_SIZES))


def _drop(right: Right, beside: Beside, alone: Cells) -> Cells:
    """Three months in a row at two fifths of what they should be."""
    of = right.suspects
    meant = right.figure(of.value / REMAINS) - log(REMAINS) + alone - beside.right
    by_month = np.where(of.value > 0, meant, -3) * beside.together
    return _runs(by_month, -0.7 * beside.together, beside, of)


def _copied(beside: Beside, alone: Cells, of: Suspects) -> Cells:
    """Three months in a row with the figure of the one before, or one."""
    by_month = np.where(beside.same, alone - beside.right, NEVER)
    return np.logaddexp(_runs(by_month, float(NEVER), beside, of), by_month - _SINGLE)


def _runs(by_month: Cells, otherwise: float, beside: Beside, of: Suspects) -> Cells:
    """The three months around each suspect that fit best together; trailing, the three that end with it."""
    laid = np.full(beside.shape, otherwise, dtype=np.float32)
    laid[of.row, of.column] = by_month
    if beside.shape[1] < RUN:
        return np.full(len(of.row), NEVER)
    number = beside.shape[1] - RUN + 1
    three = sum((laid[:, lag : lag + number] for lag in range(RUN)), np.zeros((1, 1), np.float32))
    best = np.full(beside.shape, NEVER, dtype=np.float32)
    for lag in range(RUN - 1 if beside.trailing else 0, RUN):
        best[:, lag : lag + number] = np.maximum(best[:, lag : lag + number], three)
    return np.asarray(best[of.row, of.column])


def same_elsewhere(values: Reals, row: Counts, column: Counts) -> Cells:
    """Of each figure, the share of the other facilities that report the very same in the month.

    Small figures are counted in a table of months and figures, large ones found among all that are sorted.
    """
    month = np.arange(values.shape[1])
    table = np.minimum(values, _SMALL).astype(np.intp) + month * (_SMALL + 1)
    counted = np.bincount(table.ravel(), minlength=len(month) * (_SMALL + 1)).reshape(len(month), -1)
    large = np.nonzero(values >= _SMALL)
    every = np.sort(_keys(values[large], large[1]))
    asked = values[row, column]
    sought = _keys(asked, column)
    among = np.searchsorted(every, sought, "right") - np.searchsorted(every, sought, "left")
    few = counted[column, np.minimum(asked, _SMALL).astype(np.intp)]
    alike = np.where(asked < _SMALL, few, among)
    in_month = len(values) - counted[column, 0]
    return np.asarray((alike - 1) / np.maximum(in_month - 1, 1), dtype=np.float32)


def _keys(figure: Cells, month: Counts) -> Counts:
    """One number for each month and figure."""
    return np.asarray(month * _LARGEST + np.minimum(figure, _LARGEST - 1).astype(np.int64))
