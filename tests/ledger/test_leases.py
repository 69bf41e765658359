from concurrent.futures import ThreadPoolExecutor

import pytest

from ledger.leases import Leases


@pytest.fixture
def leases(database, clock):
    return Leases(database, clock)


def test_one_holds_a_lease_and_the_other_waits_until_it_ends(leases, clock):
    assert leases.acquire("worker", "a", 60)
    assert not leases.acquire("worker", "b", 60)
    clock.pass_by(seconds=59)
    assert leases.holder("worker") == "a"
    clock.pass_by(seconds=1)
    assert leases.holder("worker") is None
    assert leases.acquire("worker", "b", 60)


def test_who_renews_in_time_keeps_it(leases, clock):
    leases.acquire("worker", "a", 60)
    clock.pass_by(seconds=50)
    assert leases.renew("worker", "a", 60)
    clock.pass_by(seconds=50)
    assert leases.holder("worker") == "a"


def test_who_comes_too_late_has_lost_it(leases, clock):
    leases.acquire("worker", "a", 60)
    clock.pass_by(seconds=61)
    assert not leases.renew("worker", "a", 60)


def test_nobody_renews_or_releases_what_another_holds(leases):
    leases.acquire("worker", "a", 60)
    assert not leases.renew("worker", "b", 60)
    leases.release("worker", "b")
    assert leases.holder("worker") == "a"
    leases.release("worker", "a")
    assert leases.acquire("worker", "b", 60)


def test_acquiring_ones_own_lease_again_keeps_it(leases):
    assert leases.acquire("worker", "a", 60)
    assert leases.acquire("worker", "a", 60)


def test_of_many_at_once_one_gets_it(leases):
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda n: leases.acquire("worker", f"w{n}", 60), range(16)))
    assert sum(got) == 1
