"""Slips that leave a trace: a figure that would be usual if one thing were different.

A figure is held against what is usual for it (`indicators.usual`). Far from it, its size tells of a tenth
digit, of packs instead of units, of two digits that changed places, or of a month that was made up for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from indicators.grids import Flags, Floats
from indicators.quality_book import Book, before
from indicators.quality_findings import Proof, joined, of_figures
from indicators.robust import Around
from indicators.usual import Method, usual

MEASURES = ("consumed", "count")
NEAR = 0.15
"""How far a ratio may lie from ten, or from the size of a pack."""
FAR = 4.0
"""Spreads from what is usual, from which a figure is asked what it might have been."""
FAR_OF_SWAP, FAR_OF_TWO = 3.0, 1.5
TEN, LEAST_TENTH = 10.0, 20.0
SWAPPED_NEAR, SWAPPED_FAR, LEAST_SWAP = 0.2, 0.4, 10.0
TWO_MONTHS = (1.7, 2.4)
SELDOM_ZERO = 0.1
_MOST_DIGITS = 8


@dataclass(frozen=True)
class Judged:
    """Figures beside what is usual, `[row, report]`.

    Attributes:
        value: as reported.
        expected: as usual; NaN where nothing can be said.
        score: spreads between the two.
        pack: units in a pack, `[row, 1]`; 0 where it is not known.
    """

    value: Floats
    expected: Floats
    score: Floats
    pack: Floats

    @property
    def ratio(self) -> Floats:
        """How many times what is usual."""
        return np.asarray(self.value / np.where(self.expected > 0, self.expected, np.nan))


def judged(book: Book, measure: str, packs: Floats) -> Judged:
    """The figures of a measure beside what is usual for each.

    Args:
        book: the reports.
        measure: which.
        packs: units in a pack of each item of `book.items`, 0 where it is not known.
    """
    values, cycle = book.of(measure), 12 // book.step
    found = usual(values, book.item, Method(Around(reach=cycle), cycle=cycle))
    expected = np.where(found.enough, found.expected, np.nan)
    return Judged(values, expected, np.asarray(found.score, dtype=np.float64), packs[book.item][:, None])


def slip_findings(book: Book, packs: Floats) -> pd.DataFrame:
    """All rules of this module; a figure gets the first that fits."""
    parts = []
    for measure in (name for name in MEASURES if name in book.values):
        told = judged(book, measure, packs)
        taken = np.zeros(book.shape, dtype=bool)
        swapped, back = swap(told)
        for rule, flags, second in (
            ("pack_unit", pack_unit(told), np.broadcast_to(told.pack, book.shape)),
            ("times_ten", times_ten(told), np.full(book.shape, TEN)),
            ("digit_swap", swapped, back),
            ("catch_up", catch_up(told), np.full(book.shape, np.nan)),
        ):
            proof = Proof(told.value, told.expected, second)
            parts.append(of_figures(book, rule, measure, flags & ~taken, proof))
            taken |= flags
    return joined(parts)


def near(ratio: Floats, factor: Floats | float) -> Flags:
    """Whether a ratio is a factor or one over it, give or take; never for a factor below two.

    >>> near(np.array([9.2, 0.1, 5.0]), 10).tolist()
    [True, True, False]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        off = np.abs(np.abs(np.log(ratio)) - np.log(factor))
    return np.asarray((off <= np.log1p(NEAR)) & (np.asarray(factor) >= 2))


def times_ten(told: Judged) -> Flags:
    """Ten times what is usual, or a tenth of what is at least twenty."""
    small = (told.ratio < 1) & (told.expected < LEAST_TENTH)
    return np.asarray(near(told.ratio, TEN) & (np.abs(told.score) >= FAR) & ~small)


def pack_unit(told: Judged) -> Flags:
    """A pack's size too many or too few: packs where units are asked for, or the reverse."""
    small = (told.ratio < 1) & (told.value < 1)
    return np.asarray(near(told.ratio, told.pack) & (np.abs(told.score) >= FAR) & ~small)


def swap(told: Judged) -> tuple[Flags, Floats]:
    """Two neighbouring digits changed back make the figure usual; and what it would be then."""
    off = np.abs(told.ratio - 1)
    best, nearest = np.full(off.shape, np.nan), np.full(off.shape, np.inf)
    for place in range(_MOST_DIGITS - 1):
        back = swapped(told.value, place)
        distance = np.nan_to_num(np.abs(back / told.expected - 1), nan=np.inf)
        closer = distance < nearest
        best, nearest = np.where(closer, back, best), np.minimum(nearest, distance)
    flags = (off >= SWAPPED_FAR) & (nearest <= SWAPPED_NEAR) & (np.abs(told.score) >= FAR_OF_SWAP)
    return np.asarray(flags & (told.expected >= LEAST_SWAP)), best


def swapped(values: Floats, place: int) -> Floats:
    """The figures with the digit of a place (0 the last) and the one before it exchanged; NaN where neither.

    >>> swapped(np.array([512.0, 7.0, 44.0]), 0).tolist()
    [521.0, nan, nan]
    """
    low, high = 10.0**place, 10.0 ** (place + 1)
    last, first = values // low % 10, values // high % 10
    turned = values + (last - first) * (high - low)
    return np.where((values >= high) & (last != first) & (values % 1 == 0), turned, np.nan)


def catch_up(told: Judged) -> Flags:
    """Twice what is usual after a report that was left out or said nothing, where nothing is seldom said."""
    zeros = (told.value == 0).sum(axis=1, keepdims=True)
    known = (~np.isnan(told.value)).sum(axis=1, keepdims=True)
    gone = before(np.where(told.value == 0, np.nan, told.value))
    began = np.cumsum(~np.isnan(told.value), axis=1) > 1
    low, high = TWO_MONTHS
    twice = (told.ratio >= low) & (told.ratio <= high) & (told.score >= FAR_OF_TWO)
    return np.asarray(twice & np.isnan(gone) & began & (zeros <= SELDOM_ZERO * known))


def packs_of(items: tuple[str, ...], frame: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Units in a pack of some items, 0 where the frame of items does not say."""
    if "pack_size" not in frame:
        return np.zeros(len(items))
    known = frame.set_index("id")["pack_size"].reindex(list(items))
    return np.asarray(pd.to_numeric(known, errors="coerce").fillna(0), dtype=np.float64)
