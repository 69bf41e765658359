"""The days that periods of a type cover, so that a pull can be cut between them.

After the `PeriodType` classes of dhis2-core 2.42.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

# Period type -> its length in months, and the month in which its first one begins.
MONTHS = {
    "Monthly": (1, 1),
    "BiMonthly": (2, 1),
    "Quarterly": (3, 1),
    "QuarterlyNov": (3, 11),
    "SixMonthly": (6, 1),
    "SixMonthlyApril": (6, 4),
    "SixMonthlyNov": (6, 11),
    "Yearly": (12, 1),
    "FinancialFeb": (12, 2),
    "FinancialApril": (12, 4),
    "FinancialJuly": (12, 7),
    "FinancialSep": (12, 9),
    "FinancialOct": (12, 10),
    "FinancialNov": (12, 11),
}
# Period type -> its length in days, and the weekday on which it begins (Monday is 0).
WEEKS = {
    "Weekly": (7, 0),
    "WeeklyWednesday": (7, 2),
    "WeeklyThursday": (7, 3),
    "WeeklySaturday": (7, 5),
    "WeeklySunday": (7, 6),
    "BiWeekly": (14, 0),
}


@dataclass(frozen=True, order=True)
class Span:
    """From one day to another, both included."""

    start: date
    end: date


def spans_between(period_type: str, start: date, end: date) -> list[Span]:
    """The periods of a type that lie wholly between START and END, in order.

    >>> [f"{span.start:%m-%d} {span.end:%m-%d}" for span in
    ...  spans_between("Quarterly", date(2019, 1, 15), date(2019, 12, 31))]
    ['04-01 06-30', '07-01 09-30', '10-01 12-31']

    Raises:
        ValueError: There is no such period type in DHIS2.
    """
    if period_type in MONTHS:
        found = _by_months(*MONTHS[period_type], start, end)
    elif period_type in WEEKS:
        found = _by_weeks(*WEEKS[period_type], start, end)
    elif period_type == "Daily":
        found = (Span(day, day) for day in _days(start, end))
    else:
        raise ValueError(f"'{period_type}' is not a period type of DHIS2")
    return [span for span in found if span.start >= start and span.end <= end]


def _days(start: date, end: date) -> Iterator[date]:
    return (start + timedelta(n) for n in range((end - start).days + 1))


def _by_months(length: int, first: int, start: date, end: date) -> Iterator[Span]:
    months = (start.year - 1) * 12 + first - 1
    while _first_of(months) <= end:
        yield Span(_first_of(months), _first_of(months + length) - timedelta(1))
        months += length


def _first_of(months: int) -> date:
    return date(months // 12, months % 12 + 1, 1)


def _by_weeks(length: int, weekday: int, start: date, end: date) -> Iterator[Span]:
    """Weeks begin on the type's own day; pairs begin anew in week 1, which has the 4th of January."""
    for year in range(start.year - 1, end.year + 2):
        begin, after = _week_one(year, weekday), _week_one(year + 1, weekday)
        while begin < after:
            yield Span(begin, begin + timedelta(length - 1))
            begin += timedelta(length)


def _week_one(year: int, weekday: int) -> date:
    fourth = date(year, 1, 4)
    return fourth - timedelta((fourth.weekday() - weekday) % 7)
