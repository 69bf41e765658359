"""The worker, on a real database and a real embedded DHIS2."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from ledger.database import Database
from ledger.jobs import Job, Jobs
from ledger.leases import Leases
from loaders.errors import NotReachable
from loaders.snapshot import Snapshots
from loaders.sync import Busy, Progress, SyncReport
from tests.conftest import TINY
from tests.servers import ROOT
from worker import LEASE, Besides, Worker


@pytest.fixture
def database(tmp_path) -> Database:
    opened = Database.open(tmp_path / "tandem.sqlite3")
    opened.migrate()
    return opened


def a_report() -> SyncReport:
    now = datetime.now(UTC)
    return SyncReport("changes", now, now, version=3)


def once(database: Database, sync, every: timedelta | None = None) -> Job:
    """Run a worker until the newest sync job is closed."""
    worker = Worker(database, sync, every, name="w")
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        return closed(Jobs(database))
    finally:
        worker.stop()
        thread.join(30)


def closed(jobs: Jobs, seconds: float = 60) -> Job:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        job = jobs.latest("sync")
        if job and job.status in ("done", "failed"):
            return job
        time.sleep(0.02)
    raise AssertionError(f"the job was not closed: {jobs.latest('sync')}")


def test_a_job_that_was_asked_for_is_done_and_its_report_kept(database):
    asked = Jobs(database).enqueue("sync", {"full": True}, "ama")
    wanted = []

    def sync(options, progress):
        wanted.append(options.full)
        progress(Progress(1, 2, "values"))
        return a_report()

    job = once(database, sync)
    assert (job.id, job.status, job.result["version"]) == (asked.id, "done", 3)
    assert (job.done, job.total, job.note) == (1, 2, "values")
    assert wanted == [True]


def test_a_sync_that_fails_closes_its_job_with_the_problem_and_the_remedy(database):
    Jobs(database).enqueue("sync")

    def sync(options, progress):
        raise NotReachable("DHIS2 does not answer.", "Start it.")

    job = once(database, sync)
    assert (job.status, job.problem, job.remedy) == ("failed", "DHIS2 does not answer.", "Start it.")


def test_a_fault_of_the_program_closes_the_job_too(database):
    Jobs(database).enqueue("sync")
    job = once(database, lambda options, progress: 1 / 0)
    assert job.status == "failed"
    assert job.remedy


def test_the_clock_asks_for_a_sync_when_none_was_asked_for_lately(database):
    assert once(database, lambda options, progress: a_report(), every=timedelta(hours=6)).asked_by == ""
    assert len(Jobs(database).history("sync")) == 1


def test_without_a_clock_nothing_is_synced_unasked(database):
    worker = Worker(database, lambda options, progress: a_report(), None, name="w")
    assert not worker._turn()
    assert Jobs(database).latest("sync") is None


def test_what_an_earlier_worker_left_is_done_once_when_no_job_waits(database):
    Jobs(database).enqueue("sync", {}, "ama")
    done: list[str] = []
    worker = Worker(
        database,
        lambda *_: done.append("sync") or a_report(),
        None,
        besides=Besides(lambda: done.append("after"), lambda: done.append("first")),
    )
    at_start = Besides(first=lambda: done.append("first, idle"))
    idle = Worker(database, lambda *_: a_report(), None, besides=at_start)
    for each in (worker, idle):
        thread = threading.Thread(target=each.run)
        thread.start()
        time.sleep(1.5)
        each.stop()
        thread.join(30)
    assert done == ["sync", "after", "first, idle"]


def test_only_the_holder_of_the_lease_works(database):
    Leases(database).acquire(LEASE, "somebody else", 60)
    Jobs(database).enqueue("sync")
    assert not Worker(database, lambda options, progress: a_report(), None, name="w")._turn()
    assert Jobs(database).latest("sync").status == "queued"


def test_while_the_command_line_syncs_the_worker_waits_and_then_does_its_job(database, monkeypatch):
    monkeypatch.setattr("worker.BUSY_AGAIN", 0.01)
    Jobs(database).enqueue("sync")
    answers = [Busy("another sync"), Busy("another sync"), None]

    def sync(options, progress):
        answer = answers.pop(0)
        if answer:
            raise answer
        return a_report()

    assert once(database, sync).status == "done"
    assert answers == []


def test_the_process_syncs_what_a_page_asked_for_and_ends_when_told(tiny_demo, tmp_path):
    country = TINY
    environment = {"TANDEM_DATA": str(tmp_path), "TANDEM_COUNTRY": str(country), "TANDEM_SYNC_MINUTES": "0"}
    environment |= {
        "TANDEM_DHIS2_URL": tiny_demo,
        "TANDEM_DHIS2_USER": "admin",
        "TANDEM_DHIS2_PASSWORD": "district",
    }
    from settings import Settings

    data = Settings.from_environment(environment).data
    data.mkdir(parents=True, exist_ok=True)
    database = Database.open(data / "tandem.sqlite3")
    database.migrate()
    Jobs(database).enqueue("sync")
    with subprocess.Popen([sys.executable, "worker.py"], cwd=ROOT, env=os.environ | environment) as process:
        job = closed(Jobs(database))
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert job.status == "done", job.problem
    assert Snapshots(data / "snapshot").current().rows("values") == job.result["counts"]["values"] > 0
