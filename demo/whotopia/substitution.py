"""Families: what stands in for a commodity that is out of stock or not carried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from demo.whotopia.catalogue import Catalogue

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

STRENGTHS: Mapping[str, float] = {
    "ACT_6X2": 2.0,
    "ACT_6X3": 3.0,
    "ACT_6X4": 4.0,
    "OXYTOCIN": 3.0,
}
"""Units that stand in for one another within a family: two blisters 6x2 for one 6x4, three tablets of
misoprostol (600 µg) for one ampoule of oxytocin (10 IU). All others one for one."""
ACCEPTED = 0.85
"""Share of those who came for one commodity and take the other when it is out."""


@dataclass(frozen=True)
class Cover:
    """How shortages were met inside families, all in dispensing units, `[commodity, facility]`.

    Attributes:
        given: units given in place of another commodity.
        unmet: units that remained missing of each commodity.
    """

    given: Ints
    unmet: Ints


def strengths(catalogue: Catalogue) -> Floats:
    """What one unit of each commodity is worth inside its family, `[commodity]`."""
    return np.array([STRENGTHS.get(c.code, 1.0) for c in catalogue.commodities])


def kin(catalogue: Catalogue) -> Flags:
    """Whether two commodities are of one family, `[commodity, commodity]`; each is of its own."""
    together: Flags = np.eye(len(catalogue.commodities), dtype=bool)
    for members in catalogue.families().values():
        together[np.ix_(members, members)] = True
    return together


class Families:
    """The families of a catalogue.

    Args:
        catalogue: what there is.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._families = tuple(catalogue.families().values())
        self._strengths = strengths(catalogue)

    def cover(self, missing: Ints, left: Ints) -> Cover:
        """Gives what is left of a family's members to those whose own is out.

        Args:
            missing: units asked for and not there, `[commodity, facility]`.
            left: units that the month's own need left over, `[commodity, facility]`.

        Returns:
            What was given instead and what remained missing.
        """
        given, unmet, left = np.zeros_like(missing), missing.copy(), left.copy()
        for members in self._families:
            for source in members:
                asked = np.floor(missing[source] * ACCEPTED)
                for target in members:
                    if target != source and asked.any():
                        worth = self._strengths[target] / self._strengths[source]
                        units = np.minimum(left[target], np.ceil(asked / worth)).astype(np.int64)
                        replaced = np.minimum(asked, np.floor(units * worth))
                        left[target] -= units
                        given[target] += units
                        unmet[source] -= replaced.astype(np.int64)
                        asked = asked - replaced
        return Cover(given, unmet)
