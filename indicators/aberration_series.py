"""Where each series of an item is at other times than the month that is judged."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from indicators.aberration_level import History, Learned, to_scale
from indicators.robust import Reals

Places = tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]


@dataclass(frozen=True)
class Series:
    """Where each series is at other times, on the scale of counts, of its months above 0.

    Attributes:
        sums: how many, their sum, and their squared distances from `middle`, `[series]`; trailing, of the
            months before each, `[series, month + 1]`.
        middle: `[series]`.
        spread: of a series.
        alpha: overdispersion.
    """

    sums: tuple[Reals, Reals, Reals]
    middle: Reals
    spread: Reals
    alpha: np.float32

    @classmethod
    def of(cls, history: History, learned: Learned) -> Series:
        """Of a history."""
        use = history.sound & (history.values > 0)
        on_scale = np.where(use, history.on_scale(learned.alpha), 0)
        number = np.maximum(use.sum(axis=1), 1).astype(np.float32)
        middle = on_scale.sum(axis=1) / number
        series = cls((middle, middle, middle), middle, learned.spread[:, 0], learned.alpha)
        away = np.where(use, series._away(on_scale, slice(None)), 0)
        parts = use.astype(np.float32), on_scale, away
        add = _before if history.trailing else _all
        return replace(series, sums=(add(parts[0]), add(parts[1]), add(parts[2])))

    def every(self, step: int) -> Series:
        """Each so-many-th series."""
        count, total, squares = (part[::step] for part in self.sums)
        return Series((count, total, squares), self.middle[::step], self.spread[::step], self.alpha)

    def at(self, history: History, at: Places) -> tuple[Reals, Reals]:
        """The middle and the spread of the other months of some series (trailing, of those before)."""
        row, month = at
        spread = self.spread[row]
        if history.trailing:
            last = np.minimum(month, self.sums[0].shape[1] - 1)
            count, total, squares = (part[row, last] for part in self.sums)
        else:
            use = history.sound[at] & (history.values[at] > 0)
            on_scale = np.where(use, to_scale(history.values[at], self.alpha), 0)
            own = use, on_scale, np.where(use, self._away(on_scale[:, None], row)[:, 0], 0)
            count, total, squares = (part[row] - each for part, each in zip(self.sums, own, strict=True))
        width = np.sqrt(np.float32(1.1) * (squares + 6 * spread**2) / (count + 6))
        return total / np.maximum(count, 1), width

    def _away(self, on_scale: Reals, rows: slice | npt.NDArray[np.intp]) -> Reals:
        """Squared distances from the middle, those of mistakes held."""
        away = (on_scale - self.middle[rows][:, None]) ** 2
        return np.asarray(np.minimum(away, (3 * self.spread[rows][:, None]) ** 2))


def _all(part: Reals) -> Reals:
    return np.asarray(part.sum(axis=1))


def _before(part: Reals) -> Reals:
    return np.pad(np.cumsum(part, axis=1), ((0, 0), (1, 0)))
