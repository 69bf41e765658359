"""The one clock of the embedded server, so that a demonstration can be set on any day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta


class Clock:
    """Tells the time in UTC, moved so that the server started on the day it was asked to show.

    Args:
        today: the day to show at the start; None for the real one.
    """

    def __init__(self, today: date | None = None) -> None:
        real = _real()
        self.shift = timedelta(0) if today is None else timedelta(days=(today - real.date()).days)

    def now(self) -> datetime:
        """Returns the moment, without a time zone, in UTC."""
        return _real() + self.shift

    def today(self) -> date:
        """Returns the day."""
        return self.now().date()

    def seconds(self) -> str:
        """Returns the moment as data values keep it: whole seconds, three zeros behind them."""
        return self.now().strftime("%Y-%m-%dT%H:%M:%S.000")

    def milliseconds(self) -> str:
        """Returns the moment as metadata, audits and events keep it."""
        return as_milliseconds(self.now())


def as_milliseconds(moment: datetime) -> str:
    """Writes MOMENT as DHIS2 does for objects: milliseconds and no time zone."""
    return moment.isoformat(timespec="milliseconds")


def _real() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
