"""The org units in depth-first order: a subtree is a range of positions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Object = dict[str, Any]


@dataclass(frozen=True)
class UnitTree:
    """Org units as they stood when the analytics tables were built.

    Attributes:
        ids: the units, depth first.
        first, last: each unit's own position and the position after its last descendant.
    """

    ids: list[str]
    first: np.ndarray
    last: np.ndarray
    position: dict[str, int]

    @staticmethod
    def build(units: dict[str, Object]) -> UnitTree:
        """Orders UNITS (by id, each with a `path`) depth first."""
        # "/" sorts before every letter and digit, so ordering by path is depth first.
        ids = sorted(units, key=lambda uid: units[uid]["path"])
        paths = [units[uid]["path"] for uid in ids]
        last = np.empty(len(ids), np.int32)
        open_units: list[int] = []
        for place, path in enumerate(paths):
            while open_units and not path.startswith(paths[open_units[-1]] + "/"):
                last[open_units.pop()] = place
            open_units.append(place)
        last[open_units] = len(ids)
        return UnitTree(ids, np.arange(len(ids), dtype=np.int32), last, {u: i for i, u in enumerate(ids)})

    def range(self, uid: str) -> tuple[int, int]:
        """The positions of a unit and all below it; an empty range for a unit that is not here."""
        place = self.position.get(uid)
        return (0, 0) if place is None else (place, int(self.last[place]))

    def inside(self, uids: list[str]) -> np.ndarray:
        """For every position, whether it is one of UIDS or below one of them."""
        mask = np.zeros(len(self.ids), bool)
        for uid in uids:
            start, end = self.range(uid)
            mask[start:end] = True
        return mask
