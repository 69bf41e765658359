"""Reported figures as arrays: the same shape for Whotopia and for the published figures of Côte d'Ivoire."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

OPTIONS = {
    "Opening balance": "opening",
    "Received": "received",
    "Consumption": "consumed",
    "Adjustment": "adjusted",
    "Losses": "lost",
    "End Balance": "closing",
    "Stockout days": "stockout_days",
    "Quantity to be ordered": "ordered",
}
"""Options of a logistics element, and what they are called here."""


@dataclass(frozen=True)
class Run:
    """Values of one element and option: four lists of one length."""

    element: str
    option: str
    places: Sequence[str]
    periods: Sequence[str]
    values: Sequence[str]


@dataclass(frozen=True)
class Panel:
    """What was reported, `[item, place, month]`; NaN where nothing was.

    Attributes:
        items, places: codes.
        months: YYYYMM, without a gap.
        measures: name -> figures.
    """

    items: tuple[str, ...]
    places: tuple[str, ...]
    months: tuple[int, ...]
    measures: Mapping[str, Numbers]

    def __getitem__(self, measure: str) -> Numbers:
        """The figures of a measure."""
        return self.measures[measure]

    def item(self, code: str) -> int:
        """The number of an item."""
        return self.items.index(code)

    def of(self, items: Sequence[int]) -> Panel:
        """The same of some items only, by their numbers."""
        kept = {name: figures[list(items)] for name, figures in self.measures.items()}
        return Panel(tuple(self.items[number] for number in items), self.places, self.months, kept)

    def at(self, places: Sequence[str]) -> Panel:
        """The same at some places only."""
        numbers = [self.places.index(place) for place in places]
        kept = {name: figures[:, numbers] for name, figures in self.measures.items()}
        return Panel(self.items, tuple(places), self.months, kept)


def panel(
    runs: Iterable[Run], items: Sequence[str], places: Sequence[str], names: Mapping[str, str]
) -> Panel:
    """Arranges values by item, place and month.

    Args:
        runs: values; those of other items, places or options are left out.
        items: the elements to keep.
        places: the units to keep.
        names: option -> measure; figures of options with the same name are added.
    """
    kept = [run for run in runs if run.option in names and run.element in set(items)]
    months = _months({period for run in kept for period in run.periods})
    shape = (len(items), len(places), len(months))
    measures = {name: np.full(shape, np.nan) for name in names.values()}
    row = {place: number for number, place in enumerate(places)}
    column = {str(month): number for number, month in enumerate(months)}
    for run in kept:
        _put(measures[names[run.option]][items.index(run.element)], run, row, column)
    return Panel(tuple(items), tuple(places), months, measures)


def _put(figures: Numbers, run: Run, row: Mapping[str, int], column: Mapping[str, int]) -> None:
    at = np.array([row.get(place, -1) for place in run.places], dtype=np.int64)
    when = np.array([column[period] for period in run.periods], dtype=np.int64)
    value = np.array(run.values, dtype=np.float64)
    here = at >= 0
    before = figures[at[here], when[here]]
    figures[at[here], when[here]] = np.where(np.isnan(before), 0, before) + value[here]


def _months(periods: set[str]) -> tuple[int, ...]:
    first, last = (int(p) // 100 * 12 + int(p) % 100 - 1 for p in (min(periods), max(periods)))
    return tuple(month // 12 * 100 + month % 12 + 1 for month in range(first, last + 1))
