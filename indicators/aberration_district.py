"""What the other facilities of a district show in a month: epidemics and campaigns move them together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from indicators.robust import Counts, Reals


@dataclass(frozen=True)
class Areas:
    """Which series belong together.

    Attributes:
        of: the area of each series, from 0.
        number: how many areas there are.
    """

    of: Counts
    number: int

    @classmethod
    def named(cls, of: Counts) -> Areas:
        """As many as the series name."""
        return cls(of, int(of.max(initial=-1)) + 1)

    def summed(self, values: Reals) -> Reals:
        """Rows added up by area, `[area, …]`.

        >>> import numpy as np
        >>> Areas(np.array([1, 0, 1]), 3).summed(np.array([[1.0, 2], [3, 4], [5, 6]])).tolist()
        [[3.0, 4.0], [6.0, 8.0], [0.0, 0.0]]
        """
        total = np.zeros((self.number, *values.shape[1:]), dtype=values.dtype)
        order, starts = self._order
        if len(starts):
            total[self.of[order][starts]] = np.add.reduceat(values.take(order, axis=0), starts, axis=0)
        return total

    @cached_property
    def _order(self) -> tuple[Counts, Counts]:
        order = np.argsort(self.of, kind="stable")
        return order, np.flatnonzero(np.diff(self.of[order], prepend=-1))


@dataclass(frozen=True)
class Others:
    """What the other series of each one's district show beside what was expected of them, `[series, month]`.

    Attributes:
        raw: the logarithm of their sum over what was expected.
        weight: of how much that is, in figures as precise as one of a variance of 1.
    """

    raw: Reals
    weight: Reals

    @classmethod
    def of(cls, values: Reals, expected: Reals, areas: Areas, alpha: np.float32) -> Others:
        """Of the figures of some months, and what is expected of them; 0 where a figure does not count."""
        likely, seen = _weighed(values, expected, alpha)
        weight = areas.summed(likely).take(areas.of, axis=0)
        weight -= likely
        shown = areas.summed(seen).take(areas.of, axis=0)
        shown -= seen
        shown += np.float32(0.5)
        shown /= weight + np.float32(0.5)
        return cls(np.log(shown, out=shown), weight)

    def moves(self) -> float:
        """The variance of districts' movements beyond noise."""
        many = self.weight > 1
        beyond = (self.raw**2 - 1 / np.maximum(self.weight, 1)) * many
        return float(np.clip(beyond.sum() / max(1, int(many.sum())), 1e-4, 1))

    def surge(self, moves: float) -> Reals:
        """How much more they show than expected, as a logarithm, drawn to 0 by its noise."""
        drawn = np.float32(moves) * self.weight
        drawn /= drawn + 1
        drawn *= self.raw
        drawn *= self.weight > np.float32(0.5)
        return np.asarray(drawn, dtype=np.float32)


def _weighed(values: Reals, expected: Reals, alpha: np.float32) -> tuple[Reals, Reals]:
    """How much each figure says of its district, and what it says: held figures over what was expected."""
    likely = expected * alpha
    likely += 1
    np.divide(expected, likely, out=likely)
    seen = values / np.maximum(expected, np.float32(0.05))
    np.maximum(seen, np.float32(0.2), out=seen)
    np.minimum(seen, np.float32(5), out=seen)
    seen *= likely
    return likely, seen
