from concurrent.futures import ThreadPoolExecutor

import pytest

from ledger.jobs import Jobs


@pytest.fixture
def jobs(database, clock):
    return Jobs(database, clock)


def test_a_job_is_asked_for_done_and_remembered(jobs, clock):
    asked = jobs.enqueue("sync", {"full": True}, asked_by="admin")
    assert (asked.status, asked.arguments, asked.asked_by) == ("queued", {"full": True}, "admin")
    claimed = jobs.claim("worker 1")
    assert (claimed.id, claimed.status, claimed.worker) == (asked.id, "running", "worker 1")
    jobs.progress(asked.id, 3, 10, "values of 2018")
    shown = jobs.active("sync")
    assert (shown.done, shown.total, shown.note) == (3, 10, "values of 2018")
    clock.pass_by(seconds=5)
    jobs.finish(asked.id, {"values": 12})
    last = jobs.latest("sync")
    assert (last.status, last.result, last.finished_at) == ("done", {"values": 12}, clock.now)
    assert jobs.active("sync") is None


def test_asking_twice_gives_the_same_job_until_it_ends(jobs):
    first = jobs.enqueue("sync")
    assert jobs.enqueue("sync").id == first.id
    jobs.claim("w")
    assert jobs.enqueue("sync").id == first.id
    jobs.fail(first.id, "DHIS2 is down", "Try later")
    assert jobs.enqueue("sync").id != first.id
    failed = jobs.history("sync")[1]
    assert (failed.status, failed.problem, failed.remedy) == ("failed", "DHIS2 is down", "Try later")


def test_many_who_ask_at_once_get_one_job(jobs):
    with ThreadPoolExecutor(8) as pool:
        asked = {job.id for job in pool.map(lambda _: jobs.enqueue("sync"), range(24))}
    assert len(asked) == 1


def test_of_many_workers_one_gets_the_job(jobs):
    jobs.enqueue("sync")
    with ThreadPoolExecutor(8) as pool:
        claimed = list(pool.map(lambda n: jobs.claim(f"worker {n}"), range(8)))
    assert sum(job is not None for job in claimed) == 1


def test_kinds_do_not_wait_for_each_other(jobs):
    sync, digest = jobs.enqueue("sync"), jobs.enqueue("digest")
    assert jobs.claim("w").id == sync.id
    assert jobs.claim("w") is None
    assert jobs.claim("w", kinds=["digest"]).id == digest.id


def test_a_job_whose_worker_died_is_taken_over(jobs, clock):
    job = jobs.enqueue("sync")
    jobs.claim("dead")
    clock.pass_by(seconds=100)
    jobs.beat(job.id)
    clock.pass_by(seconds=100)
    assert jobs.claim("new") is None
    clock.pass_by(seconds=30)
    assert jobs.claim("new").worker == "new"


def test_progress_of_a_job_that_is_over_is_refused(jobs):
    job = jobs.enqueue("sync")
    jobs.claim("w")
    jobs.finish(job.id, {})
    with pytest.raises(LookupError, match="not running"):
        jobs.progress(job.id, 1, 2)


def test_an_unknown_job_is_named(jobs):
    with pytest.raises(KeyError, match="77"):
        jobs.get(77)


def test_history_is_newest_first_and_limited(jobs):
    for _ in range(3):
        jobs.finish(jobs.claim("w").id if jobs.enqueue("sync") else 0, {})
    numbers = [job.id for job in jobs.history("sync", limit=2)]
    assert numbers == sorted(numbers, reverse=True)
    assert len(numbers) == 2


def test_a_kind_for_each_asking_is_served_with_its_kind_and_not_with_another(jobs):
    mine, yours = jobs.enqueue("brief:1", asked_by="ama"), jobs.enqueue("brief:2", asked_by="kofi")
    jobs.enqueue("briefing")
    assert jobs.claim("w") is None
    assert [jobs.claim("w", kinds=["brief"]).id for _ in range(2)] == [mine.id, yours.id]
    assert jobs.claim("w", kinds=["brief"]) is None


def test_the_open_jobs_of_one_person_are_counted(jobs):
    for number in range(3):
        jobs.enqueue(f"brief:{number}", asked_by="ama")
    jobs.enqueue("brief:9", asked_by="kofi")
    jobs.enqueue("sync", asked_by="ama")
    assert (jobs.open_of("brief", "ama"), jobs.open_of("brief", "kofi")) == (3, 1)
    jobs.finish(jobs.claim("w", kinds=["brief"]).id, {})
    assert jobs.open_of("brief", "ama") == 2
