"""The months that are simulated and those that are shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

EPOCH = 2019 * 12
"""The first simulated month, January 2019, counted from year 0. It never moves: the past stays the same."""
SHOWN = 60
STORE_MONTHS = 24
SLIP_MONTHS = 12


@dataclass(frozen=True)
class Timeline:
    """From the first simulated month to the present one.

    Attributes:
        today: the day that is being shown.
    """

    today: date

    @property
    def size(self) -> int:
        """How many months are simulated, the present one included."""
        return self.today.year * 12 + self.today.month - EPOCH

    @cached_property
    def months(self) -> tuple[int, ...]:
        """The simulated months as YYYYMM."""
        return tuple(yyyymm(index) for index in range(self.size))

    @property
    def first_shown(self) -> int:
        """Number of the first month whose figures are given out."""
        return max(0, self.size - SHOWN)

    @property
    def first_stored(self) -> int:
        """Number of the first month in which the hospital stores keep their balances in DHIS2."""
        return max(0, self.size - STORE_MONTHS)

    @property
    def first_slips(self) -> int:
        """Number of the first month whose daily slips are given out."""
        return max(0, self.size - SLIP_MONTHS)


def yyyymm(index: int) -> int:
    """The month of this number as YYYYMM.

    >>> yyyymm(0), yyyymm(13)
    (201901, 202002)
    """
    ordinal = EPOCH + index
    return ordinal // 12 * 100 + ordinal % 12 + 1


def number(month: int) -> int:
    """The number of a month given as YYYYMM; the opposite of `yyyymm`."""
    return month // 100 * 12 + month % 100 - 1 - EPOCH


def first_day(index: int) -> date:
    """The first day of the month of this number."""
    ordinal = EPOCH + index
    return date(ordinal // 12, ordinal % 12 + 1, 1)


def days(index: int) -> int:
    """How many days the month of this number has."""
    return (first_day(index + 1) - first_day(index)) // timedelta(days=1)
