"""What somebody who waits for a brief or a report is told when it cannot be made."""

import errno
from datetime import UTC, datetime, timedelta

import pytest

from briefing import ABANDONED_AFTER, Briefing
from ledger.database import Database
from ledger.jobs import Jobs


@pytest.fixture
def database(tmp_path):
    opened = Database.open(tmp_path / "jobs.sqlite3")
    opened.migrate()
    yield opened
    opened.close()


def told_of(database, fault):
    """How a job ends whose making meets a fault."""

    def make(job, tell):
        raise fault

    number = Jobs(database).enqueue("report:1").id
    assert Briefing(database, make, "test").turn()
    return Jobs(database).get(number)


def test_a_full_disk_is_named_with_its_remedy(database):
    job = told_of(database, OSError(errno.ENOSPC, "No space left on device", "/data/reports/1.part"))
    assert job.status == "failed"
    assert job.problem == "It could not be kept on the server's disk: No space left on device."
    assert "room" in job.remedy


def test_a_fault_of_ours_points_to_the_log(database):
    job = told_of(database, RuntimeError("secret"))
    assert job.status == "failed"
    assert "log" in job.remedy
    assert "secret" not in job.problem + job.remedy


def test_what_a_dead_worker_was_making_is_taken_up_soon_and_not_while_it_lives(database):
    number = Jobs(database).enqueue("report:1").id
    assert Jobs(database).claim("the dead one", ("report",)).id == number
    made = []
    assert not Briefing(database, lambda job, tell: made.append(job.id) or {}, "next").turn()
    later = datetime.now(UTC) + ABANDONED_AFTER + timedelta(seconds=1)
    assert Jobs(database, clock=lambda: later).claim("next", ("report",)) is None  # as patient as with a sync
    assert Jobs(database, clock=lambda: later).claim("next", ("report",), ABANDONED_AFTER).id == number
