"""Who is out of stock, for how long and how often: at the month's end, on any day, and in spells.

Arrays `[facility (and product), month]` or any shape; NaN is what nobody reported. There are three
"stock-out rates" in use and they differ: at the end of the month, on any day of it, and of days. Each is
here under its own name. Only places that carry the product and said something are in a rate;
`Rate.expected` says how many should have. Routine reports see part of it: in Guinea they showed 73 % of the
stock-outs that visitors found, so that a rate of zero is the least there can be.

Sources: OpenHIE supply chain indicators; WHO malaria package for DHIS2 (days out "at any point during the
day"); OpenLMIS stock management (days of a year of 360); Malaria Journal 2018, doi 10.1186/s12936-018-2603-z
(Guinea).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from indicators.grids import Flags
from indicators.rates import Rate, counted


def at_end(closing: npt.ArrayLike, carried: npt.ArrayLike | None = None) -> Rate:
    """Stocked out at the end of the period.

    Numerator: places whose stock on hand is 0. Denominator: places that carry the product and reported its
    stock. Unit: share of 1, after `pooled`.

    >>> rate = at_end([0, 5, np.nan, 0], [True, True, True, False]).pooled()
    >>> float(rate.value), int(rate.denominator), int(rate.expected)
    (0.5, 2, 3)
    """
    held = np.asarray(closing, dtype=np.float64)
    return counted(held <= 0, ~np.isnan(held), carried)


def on_any_day(days_out: npt.ArrayLike, carried: npt.ArrayLike | None = None) -> Rate:
    """Stocked out on any day of the period.

    Numerator: places with a day or more out of stock. Denominator: places that carry the product and
    reported their days. Unit: share of 1, after `pooled`.

    >>> float(on_any_day([0, 3, np.nan, 12]).pooled().value.round(3))
    0.667
    """
    out = np.asarray(days_out, dtype=np.float64)
    return counted(out > 0, ~np.isnan(out), carried)


def of_days(days_out: npt.ArrayLike, days: npt.ArrayLike, carried: npt.ArrayLike | None = None) -> Rate:
    """How much of the time there was no stock.

    Numerator: days out, at most all of the period. Denominator: days of the periods that were reported.
    Unit: share of 1, after `pooled`; with the numerator over `on_any_day`'s it is the mean duration among
    those affected.

    >>> float(of_days([0, 15, np.nan], 30).pooled().value)
    0.25
    """
    out, length = np.broadcast_arrays(
        np.asarray(days_out, dtype=np.float64), np.asarray(days, dtype=np.float64)
    )
    said = counted(np.ones(out.shape, dtype=bool), ~np.isnan(out), carried)
    lost = np.clip(np.nan_to_num(out), 0, length)
    return Rate(said.denominator * lost, said.denominator * length, said.expected * length)


def mean_duration(days_out: npt.ArrayLike, carried: npt.ArrayLike | None = None) -> Rate:
    """How many days a place was out, among those that were.

    Numerator: days out. Denominator: places with a day or more out. Unit: days, after `pooled`.

    >>> float(mean_duration([0, 3, np.nan, 12]).pooled().value)
    7.5
    """
    rate = on_any_day(days_out, carried)
    days = np.nan_to_num(np.asarray(days_out, dtype=np.float64))
    affected = rate.numerator > 0
    return Rate(np.where(affected, days, 0.0), rate.numerator, rate.numerator)


def family_out(members: npt.ArrayLike, carried: npt.ArrayLike) -> tuple[Flags, Flags]:
    """Whether a family of substitutes is out: every member that the place carries is, `[member, ...]`.

    Args:
        members: stock of each member, the first axis; NaN where not reported.
        carried: whether the place carries it.

    Returns:
        Where the family is out, and where that can be said: a member in stock settles it, a member that is
        carried and silent leaves it open otherwise.

    >>> out, known = family_out([[0, 0, 0], [0, 7, np.nan]], True)
    >>> out.tolist(), known.tolist()
    ([True, False, False], [True, True, False])
    """
    held = np.asarray(members, dtype=np.float64)
    held, due = np.broadcast_arrays(held, np.asarray(carried, dtype=bool))
    some = ((held > 0) & due).any(axis=0)
    silent = (np.isnan(held) & due).any(axis=0)
    known = due.any(axis=0) & (some | ~silent)
    return np.asarray(known & ~some), np.asarray(known)


def spells(out: npt.ArrayLike, known: npt.ArrayLike) -> pd.DataFrame:
    """Months out of stock one after the other, one row a spell.

    A month of which nothing is known ends a spell: nobody can say that it went on.

    Args:
        out: whether each place was out, `[place, month]`.
        known: whether that was reported.

    Returns:
        `place, start, months, left_open, right_open`: row and column of the beginning; whether the month
        before, or after, is not known or lies outside, so that the spell may be longer.

    >>> spells([[1, 1, 0, 1, 1]], [[1, 1, 1, 1, 0]]).values.tolist()
    [[0, 0, 2, True, False], [0, 3, 1, False, True]]
    """
    said = np.asarray(known, dtype=bool)
    empty = np.asarray(out, dtype=bool) & said
    edges = np.diff(np.pad(empty, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    place, start = np.nonzero(edges == 1)
    stop = np.nonzero(edges == -1)[1]
    told = np.pad(said, ((0, 0), (1, 1)))
    return pd.DataFrame(
        {
            "place": place,
            "start": start,
            "months": stop - start,
            "left_open": ~told[place, start],
            "right_open": ~told[place, stop + 1],
        }
    )


@dataclass(frozen=True)
class DaysOut:
    """Days without stock in a month, counted from its movements.

    Attributes:
        real: of the real calendar.
        of_360: as OpenLMIS counts them, in a year of twelve months of 30 days.
    """

    real: int
    of_360: int


def from_movements(month: str, opening: float, movements: pd.DataFrame) -> DaysOut:
    """Days without stock, from the stock at the month's beginning and its movements.

    A day counts when the stock at its end is 0 or less. Numerator of every rate of days; unit: days.

    Args:
        month: "YYYY-MM".
        opening: stock of the whole product, all lots together, when the month begins.
        movements: `day` (1 to 31) and `change` (received above 0, issued below).

    Raises:
        ValueError: a movement lies outside the month.

    >>> got = pd.DataFrame({"day": [13, 19], "change": [10, -10]})
    >>> from_movements("2019-01", 0, got)
    DaysOut(real=25, of_360=24)
    """
    first = np.datetime64(month, "M")
    length = int(((first + 1).astype("datetime64[D]") - first.astype("datetime64[D]")).astype(int))
    day = movements["day"].to_numpy(dtype=np.int64)
    if ((day < 1) | (day > length)).any():
        raise ValueError(f"A movement of day {day.max()} lies outside {month}: give it to its own month.")
    change = np.bincount(day - 1, weights=movements["change"].to_numpy(dtype=np.float64), minlength=length)
    empty = opening + np.cumsum(change) <= 0
    return DaysOut(int(empty.sum()), _of_360(empty))


def _of_360(empty: Flags) -> int:
    """Runs of empty days, each to the next day with stock or the next month's first, in months of 30 days."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], empty, [False]]).astype(np.int8)))
    starts, stops = edges[::2] + 1, edges[1::2] + 1
    until = np.where(stops > len(empty), 31, np.minimum(stops, 30))
    return int((until - np.minimum(starts, 30)).sum())
