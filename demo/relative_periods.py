"""Relative periods: LAST_12_MONTHS, THIS_QUARTER and their like, seen from one day.

``LAST_n_…`` leaves the running period out; ``THIS_…`` and ``…_THIS_YEAR`` take it in, as DHIS2 2.42 does.
"""

from __future__ import annotations

from datetime import date, timedelta

from demo.periods import Period, containing

KINDS = {
    "DAY": "Daily",
    "WEEK": "Weekly",
    "BIWEEK": "BiWeekly",
    "MONTH": "Monthly",
    "BIMONTH": "BiMonthly",
    "QUARTER": "Quarterly",
    "SIX_MONTH": "SixMonthly",
    "SIXMONTH": "SixMonthly",
    "YEAR": "Yearly",
    "FINANCIAL_YEAR": "FinancialOct",
}
COUNTED = {
    "DAYS": (3, 7, 14, 30, 60, 90, 180),
    "WEEKS": (4, 12, 52),
    "BIWEEKS": (4,),
    "MONTHS": (3, 6, 12),
    "BIMONTHS": (6,),
    "QUARTERS": (4,),
    "SIXMONTHS": (2,),
    "YEARS": (5, 10),
    "FINANCIAL_YEARS": (5, 10),
}
WITHIN_YEAR = {
    "DAYS": "Daily",
    "WEEKS": "Weekly",
    "BIWEEKS": "BiWeekly",
    "MONTHS": "Monthly",
    "BIMONTHS": "BiMonthly",
    "QUARTERS": "Quarterly",
}


def relative(keyword: str, today: date) -> list[Period] | None:
    """The periods that KEYWORD stands for on TODAY, oldest first; None when it is no relative period.

    >>> [p.iso for p in relative("LAST_3_MONTHS", date(2019, 2, 15))]
    ['201811', '201812', '201901']
    """
    if keyword == "TODAY":
        return [containing("Daily", today)]
    if keyword == "YESTERDAY":
        return [containing("Daily", today - timedelta(1))]
    first, _, rest = keyword.partition("_")
    if first in ("THIS", "LAST") and rest in KINDS:
        running = containing(KINDS[rest], today)
        return [running if first == "THIS" else _before(running)]
    if first == "LAST":
        return _counted(rest, today)
    return _within_year(keyword, today)


def _counted(rest: str, today: date) -> list[Period] | None:
    number, _, unit = rest.partition("_")
    if unit not in COUNTED or not number.isdigit() or int(number) not in COUNTED[unit]:
        return None
    found = [_before(containing(KINDS[unit[:-1]], today))]
    while len(found) < int(number):
        found.insert(0, _before(found[0]))
    return found


def _before(period: Period) -> Period:
    return containing(period.type, period.start - timedelta(1))


def _within_year(keyword: str, today: date) -> list[Period] | None:
    unit, _, which = keyword.partition("_")
    if unit not in WITHIN_YEAR or which not in ("THIS_YEAR", "LAST_YEAR"):
        return None
    year = today.year - (which == "LAST_YEAR")
    # The first week of a year holds 4 January and may begin in December.
    period = containing(WITHIN_YEAR[unit], date(year, 1, 4 if "WEEK" in unit else 1))
    found = []
    while period.iso.startswith(str(year)):
        found.append(period)
        period = period.next()
    return found


def label(keyword: str) -> str:
    """The English name of a relative period: LAST_12_MONTHS is ``Last 12 months``."""
    words = keyword.replace("SIX_MONTH", "SIX-MONTH").replace("SIXMONTH", "SIX-MONTH")
    return words.replace("_", " ").capitalize()
