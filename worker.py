"""The one worker process of an installation: it syncs, makes briefs, and delivers what stores record.

Whoever holds the lease in the database works; a second worker waits until the first one is gone. Run it with
`python app.py worker` (`./run` starts one beside the web processes).
"""

import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import FrameType

from sqlalchemy.exc import SQLAlchemyError

from alerting import after_sync_of, first_look_of
from briefing import Briefing, maker_of
from countries import Country, load_country
from delivering import delivering_of
from ledger.database import Database
from ledger.disk import write_down
from ledger.heartbeat import Heartbeat
from ledger.jobs import Job, Jobs
from ledger.leases import Leases
from loaders.dhis2 import Basic, Client, Limits, Token
from loaders.errors import SourceError
from loaders.snapshot import SnapshotError, Snapshots
from loaders.sync import Busy, Progress, SyncOptions, SyncReport, synchronise
from settings import Settings

LEASE, LEASE_SECONDS = "worker", 60.0
LOOK_EVERY = 1.0
BEAT_EVERY = 15.0
BUSY_AGAIN = 5.0

log = logging.getLogger("tandem.worker")
Sync = Callable[[SyncOptions, Callable[[Progress], None]], SyncReport]


@dataclass(frozen=True)
class Besides:
    """What a worker does that is no job.

    Attributes:
        after: follows each sync that went well.
        first: is done once, when no job waits: what an earlier worker left undone.
    """

    after: Callable[[], None] = lambda: None
    first: Callable[[], None] = lambda: None


NOTHING = Besides()


class Worker:
    """Runs jobs, one after the other, while it holds the lease.

    Args:
        database: where jobs and leases are.
        sync: brings the snapshot up to date.
        every: time between two syncs by the clock; None for none.
        name: who this worker is.
        besides: what is done that is no job.
    """

    def __init__(
        self,
        database: Database,
        sync: Sync,
        every: timedelta | None,
        name: str = "",
        besides: Besides = NOTHING,
    ) -> None:
        self.name = name or f"{socket.gethostname()}:{os.getpid()}"
        self._jobs, self._leases = Jobs(database), Leases(database)
        self._sync, self._every, self._after = sync, every, besides.after
        self._stop, self._first = threading.Event(), [besides.first]

    def stop(self) -> None:
        """End after the job at hand."""
        self._stop.set()

    def run(self) -> None:
        """Work until `stop`."""
        while not self._stop.is_set():
            try:
                worked = self._turn()
            except SQLAlchemyError as problem:
                write_down(problem, log)
                worked = False
            if not worked:
                self._stop.wait(LOOK_EVERY)
        self._leases.release(LEASE, self.name)

    def _turn(self) -> bool:
        """Do one job, if there is one and this worker is the one that works."""
        if not self._leases.acquire(LEASE, self.name, LEASE_SECONDS):
            return False
        self._ask_by_the_clock()
        job = self._jobs.claim(self.name)
        if job:
            self.do(job)
        elif self._first:
            self._follow(self._first.pop())
        return job is not None

    def do(self, job: Job) -> None:
        """Run one job and close it, well or not."""
        log.info("job %s (%s) begins", job.id, job.kind)
        went_well = False
        with Heartbeat(lambda: self._beat(job), BEAT_EVERY):
            try:
                self._jobs.finish(job.id, self._synced(job).as_dict())
                went_well = True
            except SourceError as problem:
                self._give_up(job, problem.what, problem.remedy)
            except SnapshotError as problem:
                self._give_up(job, str(problem), "")
            except Exception:
                log.exception("job %s", job.id)
                self._give_up(
                    job, "The sync met a fault of the program.", "Send the worker's log to whoever runs it."
                )
        log.info("job %s is closed", job.id)
        if went_well:
            self._follow(self._after)

    def _follow(self, work: Callable[[], None]) -> None:
        """Do what is no job, and hold the lease meanwhile."""
        self._first.clear()
        with Heartbeat(lambda: self._leases.renew(LEASE, self.name, LEASE_SECONDS), BEAT_EVERY):
            work()

    def _give_up(self, job: Job, problem: str, remedy: str) -> None:
        log.warning("job %s failed: %s %s", job.id, problem, remedy)
        self._jobs.fail(job.id, problem, remedy)

    def _synced(self, job: Job) -> SyncReport:
        """Sync; while a sync from the command line is at work, wait for it."""

        def tell(progress: Progress) -> None:
            if self._stop.is_set():
                raise SnapshotError(
                    "The worker was stopped in the middle of the sync; the next one goes on there."
                )
            self._jobs.progress(job.id, progress.done, progress.total, progress.note)

        while True:
            try:
                return self._sync(SyncOptions(full=bool(job.arguments.get("full"))), tell)
            except Busy:
                tell(Progress(0, 1, "waiting"))
                if self._stop.wait(BUSY_AGAIN):
                    raise

    def _beat(self, job: Job) -> None:
        self._jobs.beat(job.id)
        self._leases.renew(LEASE, self.name, LEASE_SECONDS)

    def _ask_by_the_clock(self) -> None:
        """Ask for a sync when the last one began too long ago; one that failed is tried again as late."""
        if self._every is None:
            return
        latest = self._jobs.latest("sync")
        if latest is None or datetime.now(UTC) - _aware(latest.asked_at) >= self._every:
            self._jobs.enqueue("sync")


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def client_of(settings: Settings) -> Client:
    """The DHIS2 of the settings, as the account that syncs."""
    if settings.dhis2_token:
        account: Token | Basic = Token(settings.dhis2_token)
    else:
        account = Basic(settings.dhis2_user or "", settings.dhis2_password or "")
    limits = Limits(parallel=settings.dhis2_connections)
    return Client(settings.dhis2_url, account, limits, memory=settings.data / "answers")


def sync_of(settings: Settings, country: Country) -> Sync:
    """How to bring this installation's snapshot up to date; each sync has a client of its own."""
    snapshots = Snapshots(settings.data / "snapshot")

    def sync(options: SyncOptions, progress: Callable[[Progress], None]) -> SyncReport:
        with client_of(settings) as client:
            return synchronise(client, country, snapshots, options, progress)

    return sync


def main(settings: Settings) -> int:
    """Work until TERM or INT."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s", stream=sys.stderr)
    settings.data.mkdir(parents=True, exist_ok=True)
    database = Database.open(settings.database_url or settings.data / "tandem.sqlite3")
    database.migrate()
    every = timedelta(minutes=settings.sync_minutes) if settings.sync_minutes else None
    country = load_country(settings.country)
    besides = Besides(after_sync_of(settings), first_look_of(settings))
    worker = Worker(database, sync_of(settings, country), every, besides=besides)
    briefing = Briefing(database, maker_of(settings), worker.name)
    delivering = delivering_of(settings, country, database, worker.name)

    def end(_: int, __: FrameType | None) -> None:
        worker.stop()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, end)
    briefing.start()
    if delivering:
        delivering.start()
    worker.run()
    briefing.stop()
    if delivering:
        delivering.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(Settings.from_environment(os.environ)))
