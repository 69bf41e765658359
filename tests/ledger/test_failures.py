import pytest

from ledger.failures import LoginFailures


@pytest.fixture
def failures(database, clock):
    return LoginFailures(database, clock=clock)


def fail(failures, times, username="store", address="10.0.0.7"):
    for _ in range(times):
        failures.note(username, address)


def test_five_failures_have_to_wait_out_their_window(failures, clock):
    fail(failures, 4)
    assert failures.wait("store", "10.0.0.7") == 0
    clock.pass_by(minutes=5)
    fail(failures, 1)
    assert failures.wait("store", "10.0.0.7") == 600
    clock.pass_by(minutes=9, seconds=59)
    assert failures.wait("store", "10.0.0.7") == 1
    clock.pass_by(seconds=1)
    assert failures.wait("store", "10.0.0.7") == 0


def test_others_and_other_addresses_do_not_wait(failures):
    fail(failures, 5)
    assert failures.wait("store", "10.0.0.8") == 0
    assert failures.wait("district", "10.0.0.7") == 0


def test_capital_letters_are_no_way_round(failures):
    fail(failures, 5, username="Store")
    assert failures.wait("sTORE", "10.0.0.7") > 0


def test_an_address_that_tries_many_users_waits_for_all(failures):
    for n in range(50):
        failures.note(f"user {n}", "10.0.0.7")
    assert failures.wait("somebody new", "10.0.0.7") > 0
    assert failures.wait("somebody new", "10.0.0.8") == 0


def test_who_got_in_begins_anew(failures):
    fail(failures, 5)
    failures.forgive("store", "10.0.0.7")
    assert failures.wait("store", "10.0.0.7") == 0


def test_a_name_longer_than_the_column_is_counted_too(failures):
    fail(failures, 5, username="x" * 1000)
    assert failures.wait("x" * 1000, "10.0.0.7") > 0
