"""Outlines of areas as DHIS2 keeps them, with as few points as a map on a page needs.

Source: the algorithm of Ramer (1972) and of Douglas and Peucker (1973): a line keeps the points that lie
further than a tolerance from the straight line between those kept on either side.
"""

import json
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Ring = npt.NDArray[np.float64]

# Of the area's own diagonal: what is finer cannot be seen where the area fills a page.
TOLERANCE = 1 / 500
# Parts (islands) smaller than this share of the diagonal are left out, but for the largest.
SMALLEST_PART = 1 / 100
LEAST_POINTS = 4
DIGITS = 5
DEPTHS = {"Polygon": 0, "MultiPolygon": 1}


def simplified(geometry: Any) -> str | None:
    """The rings of a GeoJSON outline as JSON, simplified; None for a point, or what is no outline.

    Args:
        geometry: a GeoJSON geometry as DHIS2 sends it, or None.

    Returns:
        A list of closed rings of `[longitude, latitude]`; holes are rings among the others.

    A square with a point halfway along each side:

    >>> sides = [[0, 0], [1, 0], [2, 0], [2, 1], [2, 2], [1, 2], [0, 2], [0, 1], [0, 0]]
    >>> simplified({"type": "Polygon", "coordinates": [sides]})
    '[[[0.0,0.0],[2.0,0.0],[2.0,2.0],[0.0,2.0],[0.0,0.0]]]'
    """
    if not isinstance(geometry, dict) or geometry.get("type") not in DEPTHS:
        return None
    try:
        rings = _rings(geometry)
    except (TypeError, ValueError):
        return None  # a shape that was damaged in DHIS2 is no reason not to sync
    if not rings:
        return None
    size = _diagonal(np.concatenate(rings))
    largest = max(_diagonal(ring) for ring in rings)
    shown = [ring for ring in rings if _diagonal(ring) >= min(size * SMALLEST_PART, largest)]
    fine = [np.round(_simpler(ring, size * TOLERANCE), DIGITS).tolist() for ring in shown]
    return json.dumps(fine, separators=(",", ":"))


def outlines_of(units: pd.DataFrame) -> pd.DataFrame:
    """The units that have an outline: ``org_unit, rings``.

    Args:
        units: ``id, outline`` of every unit.
    """
    known = units.loc[units["outline"].notna(), ["id", "outline"]]
    return known.rename(columns={"id": "org_unit", "outline": "rings"}).reset_index(drop=True)


def _rings(geometry: dict[str, Any]) -> list[Ring]:
    """Every ring that has an area.

    Raises:
        TypeError, ValueError: the coordinates are no rings of finite numbers.
    """
    parts = geometry["coordinates"] if DEPTHS[geometry["type"]] else [geometry["coordinates"]]
    rings = [np.array([point[:2] for point in ring], dtype=np.float64) for part in parts for ring in part]
    if any(ring.ndim != 2 or not np.isfinite(ring).all() for ring in rings):
        raise ValueError("a ring of something else than longitudes and latitudes")
    return [ring for ring in rings if len(ring) >= LEAST_POINTS and _diagonal(ring) > 0]


def _diagonal(points: Ring) -> float:
    return float(np.hypot(*np.ptp(points, axis=0)))


def _simpler(ring: Ring, tolerance: float) -> Ring:
    """A closed ring with fewer points: halved where it lies furthest from its beginning."""
    closed = ring if (ring[0] == ring[-1]).all() else np.concatenate([ring, ring[:1]])
    far = int(np.hypot(*(closed - closed[0]).T).argmax())
    keep = np.zeros(len(closed), dtype=bool)
    keep[[0, far, -1]] = True
    waiting = [(0, far), (far, len(closed) - 1)]
    while waiting:
        first, last = waiting.pop()
        off = _off(closed[first : last + 1])
        furthest = int(off.argmax())
        if off[furthest] > tolerance:
            keep[first + furthest] = True
            waiting += [(first, first + furthest), (first + furthest, last)]
    return closed[keep]


def _off(points: Ring) -> npt.NDArray[np.float64]:
    """How far each point lies from the straight line between the first and the last."""
    along, off = points[-1] - points[0], points - points[0]
    length = float(np.hypot(*along))
    if not length:
        return np.asarray(np.hypot(off[:, 0], off[:, 1]))
    return np.asarray(np.abs(along[0] * off[:, 1] - along[1] * off[:, 0]) / length)
