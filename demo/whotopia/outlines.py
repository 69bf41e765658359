"""Outlines of an invented country: districts as a jittered wall of bricks, whose shared borders are the same.

It lies in the open sea of the Gulf of Guinea, so that nobody takes it for a country that there is.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from demo.whotopia.chance import Chance

Point = tuple[float, float]
Ring = tuple[Point, ...]
Corner = tuple[int, int]

WALL = ("111222", "111222", "333355", "443355", "444355")
"""Which region each brick belongs to, from the north-west; every second row is shifted by half a brick."""
WEST, SOUTH = -6.2, -0.9
WIDTH, HEIGHT = 0.72, 0.86
"""Where the country begins and the usual size of a district, in degrees."""
JITTER = 0.16
BENDS = 3
BEND = 0.13
"""Corners move by up to JITTER of a brick; every border bends, halved BENDS times."""


def bricks() -> tuple[tuple[int, int, str], ...]:
    """Row from the north, column and region of every district, region by region."""
    found = [(row, column, region) for row, line in enumerate(WALL) for column, region in enumerate(line)]
    return tuple(sorted(found, key=lambda brick: (brick[2], brick[0], brick[1])))


def district_rings(chance: Chance) -> tuple[Ring, ...]:
    """A closed ring for every one of `bricks`, anticlockwise; neighbours share the points between them."""
    borders: dict[tuple[Corner, Corner], list[Point]] = {}
    return tuple(_ring(chance, _corners(row, column), borders) for row, column, _ in bricks())


def union(rings: Iterable[Ring]) -> Ring:
    """The outline of rings that touch, without holes: what is a border of only one of them."""
    edges = {edge for ring in rings for edge in pairwise(ring)}
    following = {start: end for start, end in edges if (end, start) not in edges}
    first = min(following)
    ring, at = [first], following[first]
    while at != first:
        ring.append(at)
        at = following[at]
    return (*ring, first)


def contains(ring: Ring, point: Point) -> bool:
    """Whether a point lies inside a ring (even-odd rule).

    >>> contains(((0, 0), (2, 0), (2, 2), (0, 2), (0, 0)), (1, 1))
    True
    """
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def middle(ring: Ring) -> Point:
    """The mean of a ring's points."""
    x, y = np.asarray(ring[:-1]).mean(axis=0)
    return float(x), float(y)


def somewhere(ring: Ring, luck: np.random.Generator, spread: float = 0.9) -> Point:
    """A place inside a ring, drawn within `spread` of its extent around the middle."""
    centre, points = np.asarray(middle(ring)), np.asarray(ring)
    low, high = points.min(axis=0), points.max(axis=0)
    while True:
        drawn = centre + spread * (luck.uniform(low, high) - centre)
        point = (round(float(drawn[0]), 5), round(float(drawn[1]), 5))
        if contains(ring, point):
            return point


def _corners(row: int, column: int) -> list[Corner]:
    """A brick's six corners, anticlockwise, in half bricks eastward and rows northward."""
    west, south = 2 * column + row % 2, len(WALL) - 1 - row
    below = [(west + step, south) for step in range(3)]
    return [*below, *((x, y + 1) for x, y in reversed(below))]


def _ring(chance: Chance, corners: list[Corner], borders: dict[tuple[Corner, Corner], list[Point]]) -> Ring:
    ring: list[Point] = []
    for start, end in zip(corners, [*corners[1:], corners[0]], strict=True):
        key = (min(start, end), max(start, end))
        if key not in borders:
            borders[key] = _border(chance, *key)
        line = borders[key]
        ring += (line if key[0] == start else line[::-1])[:-1]
    return (*ring, ring[0])


def _border(chance: Chance, start: Corner, end: Corner) -> list[Point]:
    luck = chance.at("border", *start, *end)
    line = np.array([_place(chance, start), _place(chance, end)])
    for _ in range(BENDS):
        line = _bent(line, luck)
    return [(round(float(x), 5), round(float(y), 5)) for x, y in line]


def _bent(line: npt.NDArray[np.float64], luck: np.random.Generator) -> npt.NDArray[np.float64]:
    """The line with a point more between each two, moved sideways."""
    step = line[1:] - line[:-1]
    sideways = np.stack([-step[:, 1], step[:, 0]], axis=1) * luck.uniform(-BEND, BEND, (len(step), 1))
    longer = np.empty((2 * len(line) - 1, 2))
    longer[::2], longer[1::2] = line, line[:-1] + step / 2 + sideways
    return longer


def _place(chance: Chance, corner: Corner) -> Point:
    east, north = chance.at("corner", *corner).uniform(-JITTER, JITTER, 2)
    return WEST + WIDTH * (corner[0] / 2 + float(east)), SOUTH + HEIGHT * (corner[1] + float(north))
