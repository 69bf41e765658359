"""DHIS2's period names and the windows of months that they stand for.

Formats from DHIS2's documentation, "Period formats" (ISO calendar): 201908 (month), 201908B (two months from
that number on), 2019Q3 (quarter), 2019S1 (half-year), 2019 (year), 2019April, 2019July, 2019Oct, 2019Nov
(financial years).

A form may report several months in one period: a legacy LMIS pushes a quarter's report into one of its
months, and facilities report in staggered groups, so that one's quarter ends in March, another's in April.
"""

import re
from dataclasses import dataclass
from datetime import date

MONTHS_OF_TYPE = {
    "Monthly": 1,
    "Quarterly": 3,
    "SixMonthly": 6,
    "Yearly": 12,
}  # fmt: skip
TYPE_OF_MONTHS = {months: name for name, months in MONTHS_OF_TYPE.items()}
_MONTH = re.compile(r"(\d{4})(0[1-9]|1[0-2])")
_QUARTER = re.compile(r"(\d{4})Q([1-4])")
_HALF = re.compile(r"(\d{4})S([12])")
_YEAR = re.compile(r"(\d{4})")


@dataclass(frozen=True)
class Window:
    """A window of months: the first one as YYYYMM and how many."""

    month: int
    months: int

    @property
    def end(self) -> date:
        """The first day after the window."""
        ordinal = self.month // 100 * 12 + self.month % 100 - 1 + self.months
        return date(ordinal // 12, ordinal % 12 + 1, 1)

    @property
    def start(self) -> date:
        """Its first day."""
        return date(self.month // 100, self.month % 100, 1)


def window(period: str) -> Window | None:
    """The window of a period name; None where it is not made of whole months by the calendar year.

    Example:
        >>> window("2019Q3"), window("201908"), window("2019W12")
        (Window(month=201907, months=3), Window(month=201908, months=1), None)
    """
    if found := _MONTH.fullmatch(period):
        return Window(int(period), 1)
    if found := _QUARTER.fullmatch(period):
        return Window(int(found[1]) * 100 + int(found[2]) * 3 - 2, 3)
    if found := _HALF.fullmatch(period):
        return Window(int(found[1]) * 100 + int(found[2]) * 6 - 5, 6)
    if _YEAR.fullmatch(period):
        return Window(int(period) * 100 + 1, 12)
    return None


@dataclass(frozen=True)
class Naming:
    """How a form names the windows of months that its reports cover.

    Attributes:
        named: months of the form's period type in DHIS2.
        months: months of the window that a report covers.
        begins: a month of the year, 1 to 12, in which a window begins.
        by_last: whether a window longer than the period bears the name of its last month, not of its first.
    """

    named: int
    months: int
    begins: int = 1
    by_last: bool = False

    def window(self, period: str) -> Window | None:
        """The window that a period stands for in this form; None where it stands for none.

        Example:
            >>> group_b = Naming(named=1, months=3, begins=2, by_last=True)
            >>> group_b.window("202404"), group_b.window("202405"), group_b.window("2024Q1")
            (Window(month=202402, months=3), None, None)
        """
        found = window(period)
        if found is None or found.months != self.named or self.months == self.named:
            return found if found and found.months == self.named else None
        first = found.month // 100 * 12 + found.month % 100 - 1
        first -= self.months - self.named if self.by_last else 0
        if (first - self.begins + 1) % self.months:
            return None
        return Window(first // 12 * 100 + first % 12 + 1, self.months)


def first_month(period: str) -> int | None:
    """The month in which any period begins, as well as its name tells; to show a refused one by."""
    known = window(period)
    if known:
        return known.month
    year = re.match(r"(\d{4})(0[1-9]|1[0-2])?", period)
    return int(year[1]) * 100 + int(year[2] or 1) if year else None
