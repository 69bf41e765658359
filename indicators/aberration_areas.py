"""Series of districts, regions and the nation: what the facilities that report regularly told together.

Reports that come and go make no trend: of each area only its regular reporters count, and a month in which
some of them are silent, or had nothing to give out, is brought to the whole set by the weights of the others,
as behind the normal range (`indicators.constant_set`). The series are then scored like any other; those of a
level share season and spread, and areas below the same unit move together, so that a district is no surprise
where its whole region moved.

Source: "consistently reporting" facilities of the DHIS2 data quality guide, ten of twelve months.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from indicators.constant_set import regular, weights
from indicators.grids import Flags, Floats

Numbers = npt.NDArray[np.intp]

# A month says something of an area when this share of its set, by weight, reported.
_ENOUGH = 0.5


@dataclass(frozen=True)
class Together:
    """What areas told, arrays `[area, month]`.

    Attributes:
        value: what the regular reporters that reported said in all.
        share: how much of the whole set they are, by their usual amounts; 0 where nobody reported.
        reported: how many they are.
        members: how many regular reporters there are, `[area]`.
        counted: which figures are in the sums, `[place, month]`.
    """

    value: Floats
    share: Floats
    reported: Numbers
    members: Numbers
    counted: Flags

    @property
    def history(self) -> Floats:
        """The whole set's figures; NaN where too little of it reported."""
        enough = self.share >= _ENOUGH
        return np.asarray(np.where(enough, self.value / np.where(enough, self.share, 1), np.nan))


def together(values: Floats, stocked: Flags, begins: Numbers, ends: Numbers) -> Together:
    """Adds up the regular reporters of each area.

    Args:
        values: `[place, month]`, NaN where nothing was reported; places in the order of the tree.
        stocked: where a place had any to give out; always, of services.
        begins: the first place of each area, `[area]`;
        ends: one past its last.

    The third place came in two months of twelve only, and the second is silent in the last:

    >>> values = np.full((3, 12), 10.0); values[2, :10] = np.nan; values[1, -1] = np.nan
    >>> told = together(values, np.ones((3, 12), dtype=bool), np.array([0]), np.array([3]))
    >>> told.members.tolist(), told.value[0, -2:].tolist(), told.history[0, -2:].tolist()
    ([2], [20.0, 10.0], [20.0, 20.0])
    """
    present = ~np.isnan(values)
    reported = np.flatnonzero(present.any(axis=0))
    began = int(reported[0]) if len(reported) else values.shape[1]
    member = regular(present, values.shape[1] - 1, began)
    counted = member[:, None] & present & stocked
    weight = weights(values, present & stocked)
    whole = _between(np.where(member, weight, 0.0)[:, None], begins, ends)
    share = _between(weight[:, None] * counted, begins, ends) / np.where(whole > 0, whole, np.inf)
    return Together(
        _between(np.where(counted, values, 0.0), begins, ends),
        share,
        _between(counted.astype(np.intp), begins, ends),
        _between(member[:, None].astype(np.intp), begins, ends)[:, 0],
        counted,
    )


def _between(rows: npt.NDArray[Any], begins: Numbers, ends: Numbers) -> npt.NDArray[Any]:
    """The sum of the rows of each range."""
    running = np.concatenate([np.zeros((1, rows.shape[1]), rows.dtype), np.cumsum(rows, axis=0)])
    return np.asarray(running[ends] - running[begins])
