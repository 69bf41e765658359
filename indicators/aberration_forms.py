"""How likely a whole form was copied from the month before: many of its figures are the same at once.

One figure that repeats the month before says little; five of one place that do so together are hardly right.
How often each figure repeats by chance is learnt: small figures do, zeros nearly always, and so do those of
some places. Where stock is counted, a shelf that ends as it did although something was used speaks as well.
A place may fill in several forms of which one is copied, so a figure that changed speaks against it but a
little.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np
import numpy.typing as npt

from indicators.aberration_district import Areas
from indicators.robust import Counts, Reals

Flags = npt.NDArray[np.bool_]

# Of forms, so many are copied; of a copied one, so many figures stay; so much of what a place reports is it.
PRIOR, STAYS, OF_FORM = 0.001, 0.95, 0.6
# One figure that repeats is no form that does.
_FEWEST = 2
_NEVER = -40.0
# Figures up to these repeat alike often.
_SIZES = (0, 2, 9, 29, 99, 299)
_OWN, _SHARED = 6.0, 30.0
_LEAST, _MOST = 0.002, 0.98


@dataclass(frozen=True)
class Repeats:
    """Which figures are those that were last known before, arrays `[series, month]`.

    Attributes:
        told: whether anything is known before, this month or the one before it.
        same: whether it is the same.
        chance: how often that would be so by chance.
    """

    told: Flags
    same: Flags
    chance: Reals

    @classmethod
    def of(cls, values: Reals, kind: Counts) -> Repeats:
        """Of figures whose chance is learnt by kind `[series, month]`, from 0, and by series."""
        before = _before(values)
        told = ~np.isnan(values) & ~np.isnan(before)
        same = told & (values == before)
        number = int(kind.max(initial=0)) + 1
        seen, alike = (np.bincount(kind[flags], minlength=number) for flags in (told, same))
        overall = alike.sum() / max(1, seen.sum())
        shared = ((alike + _SHARED * overall) / (seen + _SHARED))[kind]
        mine = np.maximum(told.sum(axis=1, keepdims=True) - told, 0)
        more = (same * (1 - shared)).sum(axis=1, keepdims=True) - same * (1 - shared)
        expected = (told * shared).sum(axis=1, keepdims=True) - told * shared
        habit = (more + expected + _OWN) / (expected + _OWN)
        chance = np.where(mine > 0, shared * np.maximum(habit, 1), shared)
        return cls(told, same, np.clip(chance, _LEAST, _MOST))

    @property
    def odds(self) -> Reals:
        """How much likelier each is where the form is copied than where it is not; logarithms."""
        copied = OF_FORM * STAYS + (1 - OF_FORM) * self.chance
        found = np.where(self.same, np.log(copied / self.chance), np.log((1 - copied) / (1 - self.chance)))
        return np.asarray(np.where(self.told, found, 0))


def copied_forms(values: Reals, item: Counts, place: Counts, closing: Reals | None = None) -> Reals:
    """The odds that each figure is wrong as part of a copied form, `[series, month]`, logarithms.

    Args:
        values: figures, NaN where nothing was reported.
        item: `[series]`, what is counted,
        place: and who reports it.
        closing: stock at the month's end; None where there is none.

    >>> import numpy as np
    >>> values = np.random.default_rng(1).poisson(40, (6, 24)).astype(float)
    >>> values[:, 12] = values[:, 11]
    >>> odds = copied_forms(values, np.arange(6), np.zeros(6, dtype=int))
    >>> bool((odds[:, 12] > 0).all()), bool((odds[:, :12] < -5).all())
    (True, True)
    """
    repeats = Repeats.of(values, _kinds(values, item))
    found = repeats.odds
    if closing is not None:
        of_shelf = np.where(np.nan_to_num(values) > 0, closing, np.nan)
        shelf = Repeats.of(of_shelf, np.zeros(values.shape, dtype=np.intp))
        found = found + shelf.odds
    areas = Areas.named(np.unique(place, return_inverse=True)[1])
    several = areas.summed(repeats.same.astype(np.intp))[areas.of] >= _FEWEST
    form = np.clip(log(PRIOR) + areas.summed(found)[areas.of], _NEVER, -_NEVER)
    wrong = (1 - repeats.chance) / (1 + np.exp(-form))
    return np.asarray(np.where(repeats.same & several, np.log(wrong / (1 - wrong)), _NEVER))


def _before(values: Reals) -> Reals:
    """What was reported in the month before, or where that is missing in the one before it."""
    before = np.full(values.shape, np.nan)
    before[:, 1:] = values[:, :-1]
    before[:, 2:] = np.where(np.isnan(before[:, 2:]), values[:, :-2], before[:, 2:])
    return before


def _kinds(values: Reals, item: Counts) -> Counts:
    """What repeats alike often: figures of one item and size."""
    of_item = np.unique(item, return_inverse=True)[1]
    size = np.searchsorted(_SIZES, np.nan_to_num(values), "left")
    return np.asarray(of_item[:, None] * (len(_SIZES) + 1) + size, dtype=np.intp)
