"""Months as the ledger writes them, YYYYMM, in a country's time zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


def month_of(moment: datetime, zone: ZoneInfo) -> int:
    """The month in which a moment lies.

    Example:
        >>> month_of(datetime(2026, 1, 31, 23, 30, tzinfo=UTC), ZoneInfo("Africa/Nairobi"))
        202602
    """
    local = moment.astimezone(zone)
    return local.year * 100 + local.month


def next_month(month: int) -> int:
    """The month after another one.

    Example:
        >>> next_month(202612)
        202701
    """
    return month + 89 if month % 100 == 12 else month + 1


def months_from(first: int, last: int) -> list[int]:
    """Every month from one to another; the first alone where the last lies before it.

    Example:
        >>> months_from(202611, 202701)
        [202611, 202612, 202701]
    """
    found = [first]
    while found[-1] < last:
        found.append(next_month(found[-1]))
    return found


def end_of_month(month: int, zone: ZoneInfo) -> datetime:
    """The last second of a month, in UTC."""
    after = next_month(month)
    return (datetime(after // 100, after % 100, 1, tzinfo=zone) - timedelta(seconds=1)).astimezone(UTC)
