"""The worker's look for alerts after a sync, and what follows: flags in DHIS2, and the month's digest."""

import logging
from collections.abc import Callable

from dashboard.alerts_flags import cell_of, is_marked
from dashboard.alerts_look import AlertLook, Looked, rules_of
from dashboard.logistics import LogisticsDesk
from dashboard.queries import Figures
from digest import Digest, Ways
from installation import Parts, everything
from ledger.alert_digests import Flags
from ledger.alert_intake import Intake
from ledger.alert_thresholds import Thresholds
from ledger.alerts import Alerts
from ledger.database import Database
from loaders.dhis2 import Client
from loaders.errors import SourceError
from loaders.responsible import mark as follow_up
from loaders.snapshot import Snapshots
from mailing import Mailer
from settings import Settings

log = logging.getLogger("tandem.alerts")


def look(parts: Parts) -> Looked | None:
    """Look at the newest figures of an installation; None where nothing changed since the last look.

    The figures are read for it and let go afterwards: a worker that waits holds none in memory.
    """
    figures = Figures(parts.snapshots, parts.country)
    found = AlertLook(parts.database, LogisticsDesk(figures), everything(figures)).look()
    if found:
        log.info("looked for alerts: figures %s, supply %s", dict(found.figures), dict(found.supply))
    return found


def mark(parts: Parts, client: Client) -> int:
    """Set and clear DHIS2's marks for follow-up as alerts come and go; how many were changed.

    A mark that DHIS2 refuses is told in the log and tried again after the next sync.
    """
    holding = Figures(parts.snapshots, parts.country).holding()
    flags, changed = Flags(parts.database), 0
    for alert in Alerts(parts.database).of():
        wanted = is_marked(alert)
        cell = cell_of(alert, holding) if wanted != flags.is_set(alert.id) else None
        if cell is None:
            continue
        try:
            follow_up(client, cell, wanted)
        except SourceError as problem:
            log.warning("a value could not be marked for follow-up: %s", problem)
            continue
        flags.note(alert.id, wanted)
        changed += 1
    return changed


def tell(parts: Parts, client: Client) -> int:
    """Tell those responsible what is new to them, once a month; how many letters went out."""
    given = parts.settings
    if given.digest == "no":
        return 0
    mails = given.digest in ("mail", "both") and bool(given.smtp_host)
    ways = Ways(
        client, Mailer(given) if mails else None, given.digest in ("dhis2", "both"), given.address or ""
    )
    holding = Figures(parts.snapshots, parts.country).holding()
    return Digest(parts.database, holding, parts.country, ways).tell()


def after_sync_of(settings: Settings) -> Callable[[], None]:
    """What the worker does after each sync; a fault in it is told in the log and spoils no sync."""

    def after() -> None:
        parts = Parts.open(settings)
        try:
            if parts.snapshots.current() is not None:
                look(parts)
                _follow(parts)
        except Exception:
            log.exception("the look for alerts met a fault of the program; the next sync looks again")
        finally:
            parts.database.close()

    return after


def first_look_of(settings: Settings) -> Callable[[], None]:
    """What the worker does as it starts: the same, unless these figures were looked at by these rules."""

    def first() -> None:
        database = Database.open(settings.database_url or settings.data / "tandem.sqlite3")
        try:
            last = Intake(database).last()
            rules = rules_of(Thresholds(database).current()) if last else ""
        finally:
            database.close()
        newest = Snapshots(settings.data / "snapshot").current()
        if newest is not None and (last is None or (last.snapshot, last.rules) != (newest.version, rules)):
            after_sync_of(settings)()

    return first


def _follow(parts: Parts) -> None:
    """Whatever of marks and digests the settings ask for."""
    given = parts.settings
    if not given.follow_up and given.digest == "no":
        return
    with parts.client() as client:
        if given.follow_up:
            mark(parts, client)
        try:
            tell(parts, client)
        except SourceError as problem:
            log.warning("nobody could be told of alerts: %s", problem)
