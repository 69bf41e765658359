"""How fresh the figures are, in two short lines that every page shows, and whether that is fresh enough."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import accounts
from dashboard import i18n
from dashboard.i18n import t
from dashboard.queries import Figures
from dashboard.questions import QuestionError
from loaders.sync_report import last as last_attempt

MISSED_SYNCS = 4
AT_LEAST = timedelta(days=1)
WITHOUT_CLOCK = timedelta(days=7)


@dataclass(frozen=True)
class Status:
    """Who is signed in, and what the figures on the pages are from.

    Attributes:
        person: the name to show; empty when nobody is signed in.
        newest_month: the newest month that has data (YYYYMM), None before the first sync.
        synced_at: when the shown version was synced (UTC), None before the first sync.
        allowed: how old figures may be before they are called old.
        failed: whether the sync that was tried last did not succeed.
    """

    person: str
    newest_month: int | None = None
    synced_at: datetime | None = None
    allowed: timedelta = AT_LEAST
    failed: bool = False

    def age(self, now: datetime) -> timedelta | None:
        """How long ago the shown figures were synced; None before the first sync."""
        if self.newest_month is None or self.synced_at is None:
            return None
        return now - (self.synced_at if self.synced_at.tzinfo else self.synced_at.replace(tzinfo=UTC))


@dataclass(frozen=True)
class Freshness:
    """Tells whoever asks their name and how fresh the figures are.

    Attributes:
        figures: the figures that are shown.
        folder: where they are, and the report of the sync that was tried last.
        sync_minutes: between two syncs by themselves; 0 where there are none.
    """

    figures: Figures
    folder: Path
    sync_minutes: int

    def __call__(self) -> Status:
        """The status of this moment, for the person who is signed in."""
        person = accounts.current()
        name = person.name if person else ""
        try:
            as_of = self.figures.holding().as_of
        except QuestionError:
            return Status(name)
        tried = last_attempt(self.folder)
        failed = bool(tried and tried["problem"])
        return Status(name, self.figures.months()[1], as_of, allowed_age(self.sync_minutes), failed)


def allowed_age(sync_minutes: int) -> timedelta:
    """How old figures may be: some syncs may fail, and a week where nobody but people asks for one.

    Args:
        sync_minutes: between two syncs by themselves; 0 where there are none.

    Example:
        >>> allowed_age(360), allowed_age(1440)
        (datetime.timedelta(days=1), datetime.timedelta(days=4))
    """
    if not sync_minutes:
        return WITHOUT_CLOCK
    return max(AT_LEAST, MISSED_SYNCS * timedelta(minutes=sync_minutes))


def freshness(status: Status, now: datetime) -> tuple[str, ...]:
    """``data to Sep 2019`` and ``synced 12 minutes ago``, or that nothing was synced yet."""
    age = status.age(now)
    if age is None or status.newest_month is None:
        return (t("shell.nothing_synced"),)
    ago, kind = i18n.ago(now - age, now, short=True), freshness_class(status, now)
    if kind == "freshness failed":
        synced = t("shell.synced_failed", ago=ago)
    elif kind == "freshness old":
        synced = t("shell.synced_old", ago=ago)
    else:
        synced = t("shell.synced", ago=ago)
    return t("shell.data_to", month=i18n.month(status.newest_month)), synced


def freshness_class(status: Status, now: datetime) -> str:
    """The class of these words: ``none`` without figures, ``failed``, ``old``, or neither."""
    age = status.age(now)
    kind = "none" if age is None else "failed" if status.failed else "old" if age > status.allowed else ""
    return f"freshness {kind}".strip()
