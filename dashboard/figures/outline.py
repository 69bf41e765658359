"""Places on a plane: longitudes and latitudes as whole steps of a drawing, outlines as its paths.

The projection is equirectangular with the cosine of the middle latitude: true to shape for a country, and
plain enough that a point's place can be checked by hand.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]
WIDTH, HEIGHT = 600, 520
EDGE = 14
# Degrees that are shown at least, so that a single place is not blown up to a whole sheet.
LEAST = 0.02


@dataclass(frozen=True)
class Plane:
    """A drawing that holds some places.

    Attributes:
        west, north: its upper left corner in degrees, without the edge.
        across: steps of the drawing for one degree of longitude.
        down: steps for one degree of latitude.
        width, height: in steps, with the edge.
    """

    west: float
    north: float
    across: float
    down: float
    width: int
    height: int

    @classmethod
    def around(cls, places: Iterable[Points]) -> "Plane | None":
        """The largest drawing of some places within the greatest width and height; None without any place.

        Args:
            places: arrays `[point, (longitude, latitude)]`.
        """
        known = [each for each in places if len(each)]
        if not known:
            return None
        points = np.concatenate(known)
        (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
        shrink = float(np.cos(np.radians((south + north) / 2)))
        wide, tall = max((east - west) * shrink, LEAST), max(north - south, LEAST)
        west -= (wide / shrink - (east - west)) / 2
        north += (tall - (north - south)) / 2
        scale = min((WIDTH - 2 * EDGE) / wide, (HEIGHT - 2 * EDGE) / tall)
        size = round(wide * scale) + 2 * EDGE, round(tall * scale) + 2 * EDGE
        return cls(float(west), float(north), scale * shrink, scale, *size)

    def at(self, places: Points) -> npt.NDArray[np.int64]:
        """Longitudes and latitudes as steps from the upper left corner, `[point, (x, y)]`."""
        x = (places[:, 0] - self.west) * self.across + EDGE
        y = (self.north - places[:, 1]) * self.down + EDGE
        return np.rint(np.column_stack([x, y])).astype(np.int64)

    def path(self, rings: Iterable[Points]) -> str:
        """Rings as one SVG path of relative whole steps, which is short: ``M14 9l20 3-4 18z``."""
        return "".join(_ring(self.at(ring)) for ring in rings)


def _ring(points: npt.NDArray[np.int64]) -> str:
    steps = np.diff(points, axis=0)
    moves = [f"{x} {y}" for x, y in steps[:-1].tolist() if x or y]
    return f"M{points[0, 0]} {points[0, 1]}l{' '.join(moves)}z".replace(" -", "-") if moves else ""


def middle(rings: Iterable[Points]) -> Points:
    """A place well inside an outline, `[(longitude, latitude)]`: the centre of gravity of its largest ring.

    >>> middle([np.array([[0.0, 0], [4, 0], [4, 2], [0, 2], [0, 0]])]).tolist()
    [[2.0, 1.0]]
    """
    ring = max(rings, key=lambda each: float(abs(_cross(each).sum())))
    cross = _cross(ring)
    if not cross.sum():
        return np.asarray(ring.mean(axis=0, keepdims=True))
    pairs = ring[:-1] + ring[1:]
    return np.asarray((pairs * cross[:, None]).sum(axis=0, keepdims=True) / (3 * cross.sum()))


def _cross(ring: Points) -> Points:
    x, y = ring[:, 0], ring[:, 1]
    return np.asarray(x[:-1] * y[1:] - x[1:] * y[:-1])
