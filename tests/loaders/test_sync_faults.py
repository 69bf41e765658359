"""A small sample of `bench/faults.py`: spoilt syncs and killed ones, on the tiny country, by a fixed seed."""

import random
from collections.abc import Iterator

import pytest

from bench.faults import Bench, Tally, faulty_sync, killed_sync
from tests.conftest import TINY
from tests.servers import demo_server
from tests.tiny.seed import write_seed


@pytest.fixture(scope="module")
def bench(tmp_path_factory) -> Iterator[Bench]:
    folder = tmp_path_factory.mktemp("faults")
    with demo_server(folder / "data", "--seed", str(write_seed(folder / "seed"))) as url:
        yield Bench(TINY, url, folder, random.Random(20190901), longest=1.0)


def test_whatever_fault_strikes_no_value_is_lost_or_wrong_and_each_fault_is_told(bench):
    tally = Tally()
    for trial in range(6):
        faulty_sync(bench, trial, tally)
    assert tally.problems == []
    assert sum(tally.struck.values()) > 0


@pytest.mark.slow
def test_a_sync_killed_at_any_moment_loses_nothing_and_the_next_one_completes_it(bench):
    tally = Tally()
    for trial in range(4):
        killed_sync(bench, trial, tally)
    assert tally.problems == []
    assert sum(tally.kinds.values()) == 4
