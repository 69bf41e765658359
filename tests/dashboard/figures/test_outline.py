"""Places keep their proportions on the drawing, and paths say where they are."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.figures.outline import EDGE, HEIGHT, WIDTH, Plane, middle

SQUARE = np.array([[0.0, 0], [1, 0], [1, 1], [0, 1], [0, 0]])
DEGREES = st.tuples(st.floats(-170, 170), st.floats(-60, 60))


def corners(path: str) -> np.ndarray:
    """The points of a path of one ring."""
    numbers = [int(each) for each in re.findall(r"-?\d+", path)]
    return np.array(numbers).reshape(-1, 2).cumsum(axis=0)


@given(st.lists(DEGREES, min_size=1, max_size=20))
def test_every_place_lies_on_the_drawing(places: list[tuple[float, float]]) -> None:
    points = np.array(places)
    plane = Plane.around([points])
    assert plane
    drawn = plane.at(points)
    assert (drawn >= EDGE - 1).all()
    assert (drawn <= np.array([plane.width, plane.height]) - EDGE + 1).all()
    assert plane.width <= WIDTH + 1
    assert plane.height <= HEIGHT + 1


def test_north_is_up_and_east_is_right() -> None:
    plane = Plane.around([SQUARE])
    assert plane
    (west, south), (east, north) = plane.at(np.array([[0.0, 0], [1, 1]]))
    assert west < east
    assert south > north


@pytest.mark.parametrize("latitude", [0, 30, 60])
def test_a_square_on_the_ground_is_a_square_on_the_drawing(latitude: float) -> None:
    wide = 1 / np.cos(np.radians(latitude))
    square = SQUARE * [wide, 1] + [0, latitude - 0.5]
    plane = Plane.around([square])
    assert plane
    wide_drawn, tall_drawn = np.ptp(plane.at(square), axis=0)
    assert wide_drawn == pytest.approx(tall_drawn, abs=2)


def test_a_path_goes_through_every_point_of_the_ring() -> None:
    ring = np.array([[0.0, 0], [3, 1], [4, 4], [1, 3], [0, 0]])
    plane = Plane.around([ring])
    assert plane
    assert corners(plane.path([ring])).tolist() == plane.at(ring)[:-1].tolist()


def test_one_place_alone_is_drawn_in_the_middle() -> None:
    plane = Plane.around([np.array([[5.0, 7.0]])])
    assert plane
    assert plane.at(np.array([[5.0, 7.0]]))[0] == pytest.approx([plane.width / 2, plane.height / 2], abs=1)


def test_without_any_place_there_is_no_plane() -> None:
    assert Plane.around([np.empty((0, 2))]) is None


def test_the_middle_of_the_largest_ring_is_taken() -> None:
    assert middle([SQUARE * 0.1 + 50, SQUARE]).tolist() == [[0.5, 0.5]]
    assert middle([np.zeros((5, 2))]).tolist() == [[0.0, 0.0]]
