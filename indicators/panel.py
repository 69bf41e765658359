"""Indicators of a long frame with integer keys and no hierarchy: a notebook's, or a partition on a cluster.

Rows are facilities times items, columns months; the arrays are gone through in blocks that stay in the
processor's cache. Rates are given as numerators and denominators by item and month, so that the results of
partitions (some facilities each) add up to those of the whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import reduce

import numpy as np
import numpy.typing as npt
import pandas as pd

from indicators.consumption import USUAL, Used
from indicators.expected import carried
from indicators.grids import Flags, Floats
from indicators.periods import month_of
from indicators.rates import Rate
from indicators.rules import AverageRule
from indicators.stock_status import STANDARD, Classes, Limits, months, status

# Rows times months worked on at a time: some arrays of half a megabyte each.
BLOCK = 1 << 16
MEASURES = ("consumed", "closing", "stockout_days")


@dataclass(frozen=True)
class Panel:
    """Reports of facilities and items month by month, `[facility, item, month]`; NaN where not reported.

    Attributes:
        facilities: keys of the facilities, ascending.
        items: keys of the items, ascending.
        months: `YYYYMM`, without gaps.
        consumed: consumption.
        closing: stock at the end of the month.
        stockout_days: days without stock.
    """

    facilities: npt.NDArray[np.int64]
    items: npt.NDArray[np.int64]
    months: npt.NDArray[np.int64]
    consumed: Floats
    closing: Floats
    stockout_days: Floats

    @classmethod
    def of(cls, frame: pd.DataFrame) -> Panel:
        """Of the columns `facility, item, month (YYYYMM), consumed, closing, stockout_days`.

        Rows in any order; of two rows of one facility, item and month the last one holds.
        """
        facilities, facility = _coded(frame["facility"].to_numpy())
        items, item = _coded(frame["item"].to_numpy())
        month = frame["month"].to_numpy()
        number = month // 100 * 12 + month % 100 - 1
        first, last = (int(number.min()), int(number.max())) if len(number) else (0, -1)
        shape = len(facilities), len(items), last - first + 1
        at = (facility * shape[1] + item) * shape[2] + (number - first)
        columns = [_placed(frame[measure].to_numpy(dtype=np.float64), at, shape) for measure in MEASURES]
        calendar = np.array([month_of(each) for each in range(first, last + 1)], dtype=np.int64)
        return cls(facilities, items, calendar, *columns)

    def indicators(self, rule: AverageRule = USUAL, limits: Limits = STANDARD) -> PanelIndicators:
        """All that can be said of them; see `PanelIndicators`."""
        shape = self.consumed.shape
        adjusted, average, lasting = (np.empty(shape) for _ in range(3))
        classes = np.empty(shape, dtype=np.int8)
        sums = np.zeros((7, *shape[1:]))
        days = _days(self.months)
        for part in self._parts():
            block = _Block.of(self, part, days)
            usual, here = block.used.averaged(rule), adjusted[part].shape
            adjusted[part] = block.used.made_good(rule).reshape(here)
            average[part] = usual.reshape(here)
            lasting[part] = months(block.held, usual).reshape(here)
            classes[part] = status(block.held, usual, limits).reshape(here)
            sums += block.sums(usual)
        return PanelIndicators(adjusted, average, lasting, classes, PanelRates.of(sums))

    def _parts(self) -> Iterator[slice]:
        per_facility = max(self.consumed.shape[1] * self.consumed.shape[2], 1)
        step = max(BLOCK // per_facility, 1)
        return (slice(start, start + step) for start in range(0, len(self.facilities), step))


@dataclass(frozen=True)
class PanelRates:
    """What many facilities make together, `[item, month]`; rates of partitions are added with `+`.

    Attributes:
        consumption: the sum of what was reported.
        months_of_stock: stock over average, of facilities that carry the item and have both.
        stockout: facilities with stock 0 of those that carry the item and reported its stock.
        reporting: facilities that reported the item of those that carry it.
    """

    consumption: Floats
    months_of_stock: Rate
    stockout: Rate
    reporting: Rate

    @classmethod
    def of(cls, sums: Floats) -> PanelRates:
        """Of the sums of a block: consumption, stock, average, out, stock known, reported, carried."""
        used, stock, average, out, known, came, due = sums
        return cls(used, Rate(stock, average, average), Rate(out, known, due), Rate(came, due, due))

    def __add__(self, other: PanelRates) -> PanelRates:
        rates = [_sum(getattr(self, each.name), getattr(other, each.name)) for each in fields(self)[1:]]
        return PanelRates(self.consumption + other.consumption, *rates)

    @classmethod
    def all(cls, parts: list[PanelRates]) -> PanelRates:
        """The rates of all partitions together."""
        return reduce(cls.__add__, parts)


@dataclass(frozen=True)
class PanelIndicators:
    """Indicators of each facility and item, `[facility, item, month]`, and of all facilities together.

    Attributes:
        adjusted: consumption made good for stock-outs.
        average: average monthly consumption as of each month.
        months_of_stock: stock over average.
        status: the class of each stock, numbers of `stock_status.Status`.
        rates: of all facilities.
    """

    adjusted: Floats
    average: Floats
    months_of_stock: Floats
    status: Classes
    rates: PanelRates


@dataclass(frozen=True)
class _Block:
    """Some facilities, arrays `[facility and item, month]`."""

    used: Used
    held: Floats
    due: Flags
    items: int

    @classmethod
    def of(cls, panel: Panel, part: slice, days: Floats) -> _Block:
        width = len(panel.months)
        consumed, held, out = (getattr(panel, each)[part].reshape(-1, width) for each in MEASURES)
        one = np.ones((1, width), dtype=np.int64)
        used = Used(consumed, out, days, one, (held <= 0) | (out > 0))
        due = carried((consumed > 0) | (held > 0))
        return cls(used, held, due, len(panel.items))

    def sums(self, average: Floats) -> Floats:
        """What adds up over facilities, `[what, item, month]`; see `PanelRates.of`."""
        known = self.due & ~np.isnan(self.held)
        both = known & ~np.isnan(average)
        came = self.due & (known | ~np.isnan(self.used.consumed))
        parts = (
            np.nan_to_num(self.used.consumed),
            np.where(both, self.held, 0.0),
            np.where(both, average, 0.0),
            known & (self.held <= 0),
            known,
            came,
            self.due,
        )
        shape = -1, self.items, self.held.shape[1]
        return np.stack([part.reshape(shape).sum(axis=0, dtype=np.float64) for part in parts])


def _sum(one: Rate, other: Rate) -> Rate:
    return Rate(
        one.numerator + other.numerator,
        one.denominator + other.denominator,
        one.expected + other.expected,
    )


def _coded(keys: npt.NDArray[np.integer]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The different keys ascending, and the number of each row's among them."""
    low, high = (int(keys.min()), int(keys.max())) if len(keys) else (0, -1)
    if high - low > 4 * len(keys):
        known, codes = np.unique(keys, return_inverse=True)
        return known.astype(np.int64), codes.astype(np.int64)
    there = np.zeros(high - low + 1, dtype=bool)
    there[keys - low] = True
    number = np.cumsum(there) - 1
    return np.flatnonzero(there) + low, number[keys - low]


def _placed(values: Floats, at: npt.NDArray[np.int64], shape: tuple[int, int, int]) -> Floats:
    placed = np.full(shape, np.nan)
    placed.reshape(-1)[at] = values
    return placed


def _days(months: npt.NDArray[np.int64]) -> Floats:
    number = months // 100 * 12 + months % 100 - 1
    starts = np.append(number, number[-1:] + 1).astype("datetime64[M]") - (1970 * 12)
    return np.asarray(np.diff(starts.astype("datetime64[D]")).astype(np.float64))[None, :]
