"""Outlines of areas are kept in few points, and those of damaged shapes not at all."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from countries import Country
from loaders.dhis2 import Basic, Client
from loaders.outlines import TOLERANCE, outlines_of, simplified
from loaders.snapshot import Snapshots


def circle(points: int, radius: float = 1, at: tuple[float, float] = (0, 0)) -> list[list[float]]:
    angles = np.linspace(0, 2 * np.pi, points)
    ring = np.column_stack([at[0] + radius * np.cos(angles), at[1] + radius * np.sin(angles)])
    ring[-1] = ring[0]
    return ring.tolist()


def area(ring: np.ndarray) -> float:
    x, y = ring.T
    return float(abs(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])) / 2)


def test_a_coast_of_ten_thousand_points_becomes_a_few_dozen_with_the_same_area() -> None:
    [ring] = json.loads(simplified({"type": "Polygon", "coordinates": [circle(10_000)]}) or "")
    assert 20 < len(ring) < 80
    assert area(np.array(ring)) == pytest.approx(np.pi, rel=0.01)
    assert ring[0] == ring[-1]


@given(st.integers(5, 60), st.integers(0, 2**32 - 1))
def test_no_point_of_the_shape_lies_further_than_the_tolerance_from_the_outline(
    points: int, seed: int
) -> None:
    angles = np.sort(np.random.default_rng(seed).uniform(0, 2 * np.pi, points))
    radius = np.random.default_rng(seed).uniform(0.4, 1, points)
    shape = np.column_stack([radius * np.cos(angles), radius * np.sin(angles)])
    shape = np.concatenate([shape, shape[:1]])
    [ring] = json.loads(simplified({"type": "Polygon", "coordinates": [shape.tolist()]}) or "")
    size = np.hypot(*np.ptp(shape, axis=0))
    assert max(distance(point, np.array(ring)) for point in shape) <= size * TOLERANCE + 1e-4


def distance(point: np.ndarray, ring: np.ndarray) -> float:
    """How far a point lies from the nearest side of a ring."""
    starts, ends = ring[:-1], ring[1:]
    along = ends - starts
    share = np.clip(((point - starts) * along).sum(1) / np.maximum((along**2).sum(1), 1e-12), 0, 1)
    return float(np.hypot(*(point - starts - share[:, None] * along).T).min())


def test_islands_that_cannot_be_seen_are_left_out_but_not_the_only_one() -> None:
    main, speck = circle(40), circle(40, radius=0.005, at=(1.5, 0))
    both = {"type": "MultiPolygon", "coordinates": [[main], [speck]]}
    assert len(json.loads(simplified(both) or "")) == 1
    assert len(json.loads(simplified({"type": "Polygon", "coordinates": [speck]}) or "")) == 1


def test_a_hole_stays_a_ring() -> None:
    assert (
        len(json.loads(simplified({"type": "Polygon", "coordinates": [circle(40), circle(40, 0.3)]}) or ""))
        == 2
    )


@pytest.mark.parametrize(
    "geometry",
    [
        None,
        {"type": "Point", "coordinates": [1, 2]},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]},
        {"type": "Polygon", "coordinates": [[["a", "b"], [1, 1], [2, 2], [3, 3]]]},
        {"type": "Polygon", "coordinates": [[[0, float("nan")], [1, 1], [0, 2], [0, 0]]]},
        {"type": "Polygon", "coordinates": [[0, 1], [1, 1]]},
        {"type": "MultiPolygon", "coordinates": [[[[0, 0], [0], [0, 2], [0, 0]]]]},
        {"type": "Polygon", "coordinates": None},
        "Polygon",
    ],
)
def test_what_is_no_outline_is_none(geometry: object) -> None:
    assert simplified(geometry) is None


def test_units_without_an_outline_are_not_in_the_table() -> None:
    units = pd.DataFrame({"id": ["a", "b"], "outline": pd.Series(["[]", None], dtype="str")})
    assert outlines_of(units).to_dict("records") == [{"org_unit": "a", "rings": "[]"}]


def test_a_sync_keeps_the_outline_of_every_area_and_the_place_of_every_facility(
    whotopia: Country, whotopia_demo: str, whotopia_data: Snapshots
) -> None:
    snapshot = whotopia_data.current()
    assert snapshot
    outlined = set(snapshot.read("outlines")["org_unit"])
    units = snapshot.read("org_units")
    lowest = len(whotopia.levels)
    assert outlined == set(units.loc[units["level"] < lowest, "id"])
    assert units.loc[units["level"] == lowest, ["longitude", "latitude"]].notna().all(axis=None)
    with Client(whotopia_demo, Basic("admin", "district")) as client:
        sent = client.org_units().set_index("id")["outline"]
    assert snapshot.read("outlines").set_index("org_unit")["rings"].to_dict() == sent.dropna().to_dict()


def test_where_dhis2_knows_no_outline_the_table_is_empty(civ_data: Snapshots) -> None:
    snapshot = civ_data.current()
    assert snapshot
    assert snapshot.read("outlines").empty
