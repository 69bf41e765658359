"""DHIS2's period names and the windows of months that they stand for.

Formats from DHIS2's documentation, "Period formats" (ISO calendar): 201908 (month), 201908B (two months from
that number on), 2019Q3 (quarter), 2019S1 (half-year), 2019 (year), 2019April, 2019July, 2019Oct, 2019Nov
(financial years).
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


def first_month(period: str) -> int | None:
    """The month in which any period begins, as well as its name tells; to show a refused one by."""
    known = window(period)
    if known:
        return known.month
    year = re.match(r"(\d{4})(0[1-9]|1[0-2])?", period)
    return int(year[1]) * 100 + int(year[2] or 1) if year else None
