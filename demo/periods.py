"""Periods as DHIS2 writes them (`202401`, `2024Q1`, `2024W5` ...), with their first and last day."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
FINANCIAL = {"April": 4, "July": 7, "Sep": 9, "Oct": 10, "Nov": 11}
WEEK_STARTS = {"": 0, "Wed": 2, "Thu": 3, "Sat": 5, "Sun": 6}
WEEKLY = {
    "": "Weekly",
    "Wed": "WeeklyWednesday",
    "Thu": "WeeklyThursday",
    "Sat": "WeeklySaturday",
    "Sun": "WeeklySunday",
}
MONTHLY_SPANS = {"Monthly": 1, "BiMonthly": 2, "Quarterly": 3, "SixMonthly": 6, "Yearly": 12}


@dataclass(frozen=True)
class Period:
    """One period.

    Attributes:
        iso: its identifier, in the form that DHIS2 writes.
        type: `Monthly`, `Quarterly` ...
        start, end: first and last day.
    """

    iso: str
    type: str
    start: date
    end: date

    @property
    def name(self) -> str:
        """The English name: `August 2019`, `January - March 2019`, `2019`."""
        first, last = MONTHS[self.start.month - 1], MONTHS[self.end.month - 1]
        if self.type == "Monthly":
            return f"{first} {self.start.year}"
        if self.type == "Yearly":
            return str(self.start.year)
        if self.type == "Daily":
            return self.start.isoformat()
        if self.type.startswith(("Weekly", "BiWeekly")):
            return f"Week {self.iso.split('W')[-1]} {self.start} - {self.end}"
        if self.start.year == self.end.year:
            return f"{first} - {last} {self.end.year}"
        return f"{first} {self.start.year} - {last} {self.end.year}"

    def next(self) -> Period:
        """Returns the period of the same type that follows."""
        return containing(self.type, self.end + timedelta(days=1))

    def later(self, count: int) -> Period:
        """Returns the period of the same type that many later; before it where the count is below 0."""
        found = self
        for _ in range(abs(count)):
            edge = found.end + timedelta(days=1) if count > 0 else found.start - timedelta(days=1)
            found = containing(self.type, edge)
        return found

    def within(self, start: date, end: date) -> bool:
        """Says whether the whole period lies between two days."""
        return start <= self.start and self.end <= end


def parse(text: str) -> Period | None:
    """Reads a period; None when TEXT is none.

    >>> parse("2019Q2").end
    datetime.date(2019, 6, 30)
    >>> parse("201913") is None
    True
    """
    try:
        return next((found for read in READERS if (found := read(text))), None)
    except ValueError:
        return None


def containing(kind: str, day: date) -> Period:
    """Returns the period of type KIND that DAY falls in.

    Raises:
        KeyError: no such type.
    """
    if kind == "Daily":
        return Period(f"{day:%Y%m%d}", kind, day, day)
    if kind.startswith("Weekly"):
        return _week(next(k for k, v in WEEKLY.items() if v == kind), day)
    if kind == "BiWeekly":
        week = _week("", day)
        year, number = (int(part) for part in week.iso.split("W"))
        return _fortnight(year, (number + 1) // 2)
    if kind in MONTHLY_SPANS:
        span = MONTHLY_SPANS[kind]
        return _months(kind, day.year, (day.month - 1) // span)
    if kind in ("SixMonthlyApril", "SixMonthlyNov", "QuarterlyNov"):
        return _shifted(kind, day)
    month = FINANCIAL[kind.removeprefix("Financial")]
    return _financial(kind.removeprefix("Financial"), day.year - (day.month < month))


def between(kind: str, start: date, end: date) -> list[Period]:
    """Returns the periods of a type that touch the days from START to END, oldest first."""
    periods, period = [], containing(kind, start)
    while period.start <= end:
        periods.append(period)
        period = period.next()
    return periods


def _span(first_year: int, first_month: int, months: int) -> tuple[date, date]:
    last = first_year * 12 + first_month - 1 + months - 1
    year, month = last // 12, last % 12 + 1
    return date(first_year, first_month, 1), date(year, month, monthrange(year, month)[1])


def _months(kind: str, year: int, index: int) -> Period:
    span = MONTHLY_SPANS[kind]
    iso = {
        1: f"{year}{index + 1:02d}",
        2: f"{year}{index + 1:02d}B",
        3: f"{year}Q{index + 1}",
        6: f"{year}S{index + 1}",
        12: str(year),
    }[span]
    return Period(iso, kind, *_span(year, index * span + 1, span))


def _week(letters: str, day: date) -> Period:
    start = day - timedelta(days=(day.weekday() - WEEK_STARTS[letters]) % 7)
    middle = start + timedelta(days=3)
    first = date(middle.year, 1, 4)
    week_one = first - timedelta(days=(first.weekday() - WEEK_STARTS[letters]) % 7)
    return Period(
        f"{middle.year}{letters}W{(start - week_one).days // 7 + 1}",
        WEEKLY[letters],
        start,
        start + timedelta(days=6),
    )


def _fortnight(year: int, number: int) -> Period:
    week_one = _week("", date(year, 1, 4)).start
    start = week_one + timedelta(weeks=2 * (number - 1))
    return Period(f"{year}BiW{number}", "BiWeekly", start, start + timedelta(days=13))


def _financial(name: str, year: int) -> Period:
    return Period(f"{year}{name}", f"Financial{name}", *_span(year, FINANCIAL[name], 12))


def _shifted(kind: str, day: date) -> Period:
    base, letters, span, mark = {
        "SixMonthlyApril": (4, "April", 6, "S"),
        "SixMonthlyNov": (11, "Nov", 6, "S"),
        "QuarterlyNov": (11, "Nov", 3, "Q"),
    }[kind]
    year = day.year - (day.month < base)
    index = ((day.year - year) * 12 + day.month - base) // span
    name_year = year + 1 if letters == "Nov" else year
    first = year * 12 + base - 1 + index * span
    return Period(f"{name_year}{letters}{mark}{index + 1}", kind, *_span(first // 12, first % 12 + 1, span))


def _read_day(text: str) -> Period | None:
    found = re.fullmatch(r"(\d{4})-?(\d{2})-?(\d{2})", text)
    return containing("Daily", date(*(int(g) for g in found.groups()))) if found else None


def _read_week(text: str) -> Period | None:
    found = re.fullmatch(r"(\d{4})(Wed|Thu|Sat|Sun)?W(\d{1,2})", text)
    if not found or not 1 <= int(found[3]) <= 53:
        return None
    letters = found[2] or ""
    week_one = _week(letters, date(int(found[1]), 1, 4))
    return _week(letters, week_one.start + timedelta(weeks=int(found[3]) - 1))


def _read_fortnight(text: str) -> Period | None:
    found = re.fullmatch(r"(\d{4})BiW(\d{1,2})", text)
    return _fortnight(int(found[1]), int(found[2])) if found and 1 <= int(found[2]) <= 27 else None


def _read_month(text: str) -> Period | None:
    found = re.fullmatch(r"(\d{4})-?(\d{2})", text)
    return containing("Monthly", date(int(found[1]), int(found[2]), 1)) if found else None


def _read_part(text: str) -> Period | None:
    found = re.fullmatch(r"(\d{4})(?:(0[1-6])B|Q([1-4])|S([12]))", text)
    if not found:
        return None
    kind, number = next(
        (k, int(n))
        for k, n in zip(("BiMonthly", "Quarterly", "SixMonthly"), found.groups()[1:], strict=True)
        if n
    )
    return _months(kind, int(found[1]), number - 1)


def _read_shifted(text: str) -> Period | None:
    found = re.fullmatch(r"(\d{4})(April|Nov)(S[12]|Q[1-4])", text)
    if not found or (found[2] == "April" and found[3][0] == "Q"):
        return None
    base, span = (4, 6) if found[2] == "April" else (11, 6 if found[3][0] == "S" else 3)
    year = int(found[1]) - (found[2] == "Nov")
    first = year * 12 + base - 1 + (int(found[3][1]) - 1) * span
    kind = ("SixMonthly" if found[3][0] == "S" else "Quarterly") + found[2]
    return _shifted(kind, date(first // 12, first % 12 + 1, 1))


def _read_year(text: str) -> Period | None:
    found = re.fullmatch(r"(\d{4})(April|July|Sep|Oct|Nov)?", text)
    if not found:
        return None
    return _financial(found[2], int(found[1])) if found[2] else containing("Yearly", date(int(text), 1, 1))


READERS = (_read_month, _read_part, _read_year, _read_day, _read_week, _read_fortnight, _read_shifted)
