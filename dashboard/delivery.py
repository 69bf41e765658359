"""When the next delivery comes: on the country's day of the month, this one or the next."""

from datetime import date, timedelta

MONTHS = 12
EARLY = 4
"""A delivery that comes so many days before its day is still that delivery."""


def next_delivery(today: date, day: int | None, arrived: date | None) -> date | None:
    """The day of the next delivery; None where the country has no such day.

    Args:
        today: in the country's time zone.
        day: of the month, as configured.
        arrived: when the last delivery was received; on the very day it ends the wait.

    Example:
        >>> today = date(2026, 3, 14)
        >>> next_delivery(today, 14, None).isoformat(), next_delivery(today, 14, today).isoformat()
        ('2026-03-14', '2026-04-14')
    """
    if day is None:
        return None
    due = today.replace(day=day)
    came = arrived is not None and arrived > due - timedelta(days=EARLY) and today <= due
    if today > due or came:
        due = date(due.year + due.month // MONTHS, due.month % MONTHS + 1, day)
    return due
