"""What is kept of figures: the least used goes, and a unit's row is the same whatever is beside it."""

import numpy as np
import pytest

from indicators import kept
from indicators.hierarchy import Hierarchy
from indicators.kept import Kept, Near
from tests.indicators.builders import units


def arrays(number):
    return (np.full(10, float(number)),)


@pytest.fixture
def hierarchy():
    return Hierarchy(units())


class Worker:
    """Works out ten times the position, and remembers of whom it was asked."""

    def __init__(self):
        self.asked = []

    def __call__(self, positions):
        self.asked.append(positions.tolist())
        return (positions[:, None] * 10.0,)


def test_the_least_used_goes_first_and_is_made_again():
    found = Kept(most=2 * arrays(0)[0].nbytes)
    for key in (1, 2, 1, 3):
        found.of(key, lambda key=key: arrays(key))
    assert found.of(1, lambda: pytest.fail("the one used last was dropped"))[0][0] == 1
    assert found.of(2, lambda: arrays(22))[0][0] == 22


def test_the_last_one_stays_however_large_it_is():
    found = Kept(most=1)
    found.of(1, lambda: arrays(1))
    assert found.of(1, lambda: pytest.fail("worked out twice"))[0][0] == 1


def test_what_two_make_at_once_is_counted_once():
    found = Kept(most=2 * arrays(0)[0].nbytes)
    found.of(1, lambda: found.of(1, lambda: arrays(1)))
    found.of(2, lambda: arrays(2))
    for key in (1, 2):
        found.of(key, lambda: pytest.fail("dropped though there is room for both"))
    assert len(found) == 2


def test_neighbours_are_worked_out_together_once(hierarchy):
    near, worker = Near(hierarchy, 1 << 20), Worker()
    for positions in ([1, 2, 3], [5], [0, 1, 4]):
        (found,) = near.of("tens", worker, np.array(positions))
        assert found[:, 0].tolist() == [10 * position for position in positions]
    assert worker.asked == [list(range(hierarchy.size))]


def test_blocks_are_parts_of_the_tree_that_are_small_enough(hierarchy, monkeypatch):
    monkeypatch.setattr(kept, "NEIGHBOURS", 3)
    near, worker = Near(hierarchy, 1 << 20), Worker()
    for positions in ([1, 2, 3], [2], [6], [0, 1, 4]):
        (found,) = near.of("tens", worker, np.array(positions))
        assert found[:, 0].tolist() == [10 * position for position in positions]
    assert worker.asked == [[1, 2, 3], [4, 5, 6], [0, 1, 4]]  # the nation is of no block


@pytest.mark.parametrize("positions", [[0], [3, 4], [2, 3, 4]])
def test_units_of_no_block_or_of_two_are_worked_out_by_themselves(hierarchy, monkeypatch, positions):
    monkeypatch.setattr(kept, "NEIGHBOURS", 3)
    worker = Worker()
    (found,) = Near(hierarchy, 1 << 20).of("tens", worker, np.array(positions))
    assert found[:, 0].tolist() == [10 * position for position in positions]
    assert worker.asked == [positions]


@pytest.mark.parametrize("positions", [[3, 1, 2], [2, 2], []])
def test_units_in_another_order_are_worked_out_as_they_were_asked_for(hierarchy, positions):
    worker = Worker()
    asked = np.array(positions, dtype=np.intp)
    (found,) = Near(hierarchy, 1 << 20).of("tens", worker, asked)
    assert found[:, 0].tolist() == [10 * position for position in positions]
    assert worker.asked == [positions]


def test_very_many_units_at_once_are_not_kept(hierarchy, monkeypatch):
    monkeypatch.setattr(kept, "FEW_UNITS", 2)
    near, worker = Near(hierarchy, 1 << 20), Worker()
    for _ in range(2):
        near.of("tens", worker, np.array([1, 2, 3]))
    assert worker.asked == [[1, 2, 3]] * 2
    near.of("tens", worker, np.array([1, 2]))
    assert worker.asked[2] == list(range(hierarchy.size))  # two are few still
