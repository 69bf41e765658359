"""The same movements sent again and again, by threads and processes at once: each counts once."""

import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest

from ledger.chain import broken
from tests.ledger.desks import ITEMS, UNITS, Desk, a_movement

ROOT = Path(__file__).parents[2]
SENDING = """
import sys
from concurrent.futures import ThreadPoolExecutor
from ledger.clock import utc_now
from ledger.database import Database
from tests.ledger.test_once import batches
from tests.ledger.desks import Desk
database = Database.open(sys.argv[1])
desk = Desk(database, utc_now, sys.argv[2])
with ThreadPoolExecutor(4) as pool:
    for results in pool.map(lambda batch: desk.send(*batch), batches(int(sys.argv[2]))):
        for each in results:
            print(each.id, each.status, each.balance)
"""


def movements():
    """Two hundred movements, the same in every process."""
    random = Random(7)
    return [
        a_movement(
            random.choice(["receive", "dispense", "return"]),
            random.randint(0, 9),
            id=f"00000000-0000-4000-8000-{number:012d}",
            unit=random.choice(UNITS),
            item=random.choice(ITEMS),
        )
        for number in range(200)
    ]


def batches(seed):
    """Each movement up to four times, shuffled, in batches of eight."""
    random = Random(seed)
    every = [each for each in movements() for _ in range(random.randint(1, 4))]
    random.shuffle(every)
    return [every[start : start + 8] for start in range(0, len(every), 8)]


@pytest.fixture
def address_of(database):
    return database.engine.url.render_as_string(hide_password=False)


def test_what_two_processes_of_four_threads_repeat_counts_once(database, address_of):
    command = [sys.executable, "-c", SENDING, address_of]
    started = [
        subprocess.Popen([*command, seed], cwd=ROOT, stdout=subprocess.PIPE, text=True) for seed in "12"
    ]
    told = [line.split() for process in started for line in process.communicate()[0].splitlines()]
    assert [process.returncode for process in started] == [0, 0]
    statuses, balances = Counter(), {}
    for number, status, balance in told:
        statuses[number, status] += 1
        balances.setdefault(number, set()).add(balance)
    assert len(balances) == 200
    assert all(statuses[number, "accepted"] == 1 for number in balances)
    assert {status for _, status in statuses} == {"accepted", "duplicate"}
    assert {len(said) for said in balances.values()} == {1}
    assert broken(database) == []


def test_the_balances_are_those_of_sending_once(database, clock):
    desk, signs = Desk(database, clock), {"receive": 1, "return": 1, "dispense": -1}
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda batch: desk.send(*batch), batches(3)))
    expected = Counter()
    for each in movements():
        expected[each["unit"], each["item"]] += signs[each["kind"]] * each["packs"]
    assert {key: desk.balance(*key) for key in expected} == dict(expected)


def test_two_stores_that_send_to_each_other_at_once_do_not_wait_for_ever(database, clock):
    desk = Desk(database, clock)

    def both_ways(number):
        ends = UNITS[:2] if number % 2 else UNITS[1::-1]
        return desk.send(a_movement("transfer_send", 1, unit=ends[0], partner=ends[1]))[0].status

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(both_ways, range(40))) == {"accepted"}
    assert broken(database) == []
