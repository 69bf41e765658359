"""What was worked out once for a version of the data and is kept, least used first out, within so many bytes.

Sums of branches are few and serve every place above the facilities. What single units have of their own is
kept beside them in blocks of neighbours: who looks at a district looks at the next one after it, and working
it out for a few hundred units takes hardly longer than for the ten of one district.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Protocol, TypeVar

import numpy as np

from indicators.hierarchy import Amounts, Hierarchy, Positions

# Units next to each other in the tree whose amounts are worked out together.
NEIGHBOURS = 512
# More units than this at once are worked out by themselves: nothing of it would be found again in time.
FEW_UNITS = 256


class Sized(Protocol):
    """Anything that is made of arrays."""

    def amounts(self) -> Amounts:
        """Its arrays."""


Found = TypeVar("Found", bound="Amounts | Sized")


class Kept:
    """Arrays by key; beyond `most` bytes the least used go, but never the last that was made."""

    def __init__(self, most: int) -> None:
        self._most, self._bytes, self._lock = most, 0, threading.Lock()
        self._found: OrderedDict[object, Amounts | Sized] = OrderedDict()

    def __len__(self) -> int:
        return len(self._found)

    def of(self, key: object, make: Callable[[], Found]) -> Found:
        """What was made for a key before, or now."""
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]  # type: ignore[return-value]
        made = make()
        self._store(key, made)
        return made

    def _store(self, key: object, made: Amounts | Sized) -> None:
        with self._lock:
            self._bytes += 0 if key in self._found else _size(made)
            self._found[key] = made
            while self._bytes > self._most and len(self._found) > 1:
                self._bytes -= _size(self._found.popitem(last=False)[1])


class Near:
    """Amounts of units, arrays `[unit, ...]` of which each row is of its unit alone, kept in blocks.

    A block is the largest part of the tree around a unit that has no more than `NEIGHBOURS` units.
    """

    def __init__(self, hierarchy: Hierarchy, most: int) -> None:
        """Of the units of a hierarchy, within so many bytes."""
        self._kept = Kept(most)
        self._first = _roots(hierarchy)
        self._end = hierarchy.last

    def of(self, key: object, work: Callable[[Positions], Amounts], positions: Positions) -> Amounts:
        """Amounts of units by position; shared, so write nothing into them.

        Args:
            key: tells what `work` gives from all else.
            work: works out the amounts of units by position, each whatever units are beside it.
            positions: of whom.
        """
        if not 0 < len(positions) <= FEW_UNITS or not (positions[1:] > positions[:-1]).all():
            return work(positions)
        first, last = int(positions[0]), int(positions[-1])
        begin = int(self._first[first])
        if begin < 0 or last >= self._end[begin]:
            return work(positions)
        block = np.arange(begin, self._end[begin])
        found = self._kept.of((key, begin), lambda: work(block))
        run = last - first == len(positions) - 1
        rows = slice(first - begin, last - begin + 1) if run else positions - begin
        return tuple(part[rows] for part in found)


def _roots(hierarchy: Hierarchy) -> Positions:
    """The position where each unit's block begins; -1 where more units than a block holds lie below."""
    found = np.full(hierarchy.size, -1, dtype=np.intp)
    small = hierarchy.last - np.arange(hierarchy.size) <= NEIGHBOURS
    for position in np.flatnonzero(small).tolist():
        above = hierarchy.parent[position]
        found[position] = found[above] if above >= 0 and found[above] >= 0 else position
    return found


def _size(made: Amounts | Sized) -> int:
    return sum(array.nbytes for array in (made if isinstance(made, tuple) else made.amounts()))
