from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from ledger.people import People


@pytest.fixture
def people(database, clock):
    return People(database, clock)


def test_what_dhis2_said_last_counts(people, clock):
    people.confirm("store", {"name": "Store"}, "sealed")
    clock.pass_by(hours=1)
    people.confirm("store", {"name": "Store manager"})
    record = people.get("store")
    assert (record.facts, record.credential, record.checked_at) == (
        {"name": "Store manager"},
        "sealed",
        clock.now,
    )


def test_somebody_refused_has_no_credential_until_they_sign_in_again(people):
    people.confirm("store", {}, "sealed")
    people.refuse("store", "The account is disabled.")
    record = people.get("store")
    assert (record.refused, record.credential) == ("The account is disabled.", "")
    people.confirm("store", {}, "new")
    assert people.get("store").refused == ""


def test_of_many_requests_one_asks_dhis2_again(people, clock):
    people.confirm("store", {})
    clock.pass_by(hours=1)
    due = clock.now - timedelta(minutes=5)
    with ThreadPoolExecutor(8) as pool:
        turns = list(pool.map(lambda _: people.take_turn("store", due), range(16)))
    assert sum(turns) == 1


def test_a_stranger_is_unknown(people):
    assert people.get("nobody") is None


def test_somebody_who_signs_in_twice_at_once_for_the_first_time_is_known_once(people):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: people.confirm("store", {"n": n}, "sealed"), range(16)))
    assert people.get("store").credential == "sealed"
