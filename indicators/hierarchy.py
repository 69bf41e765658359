"""The tree of units in depth-first order: a unit's subtree is a range, and ancestors are summed once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Positions = npt.NDArray[np.intp]
Amounts = tuple[npt.NDArray[Any], ...]

# Units whose own figures are computed together while ancestors are summed: megabytes, not the country.
BLOCK = 2048


class Hierarchy:
    """Parents, children, depths and ranges of the units, by position.

    Args:
        org_units: the canonical frame (`id, code, name, level, parent, first, last`), in any order of rows.

    Raises:
        ValueError: the positions are not those of a depth-first walk; the message names a unit.
    """

    def __init__(self, org_units: pd.DataFrame) -> None:
        self.units = org_units.sort_values("first", kind="stable").reset_index(drop=True)
        self.ids: tuple[str, ...] = tuple(self.units["id"])
        self.names: tuple[str, ...] = tuple(self.units["name"])
        self._position = {unit: i for i, unit in enumerate(self.ids)}
        self.size = len(self.ids)
        self.last = self.units["last"].to_numpy(dtype=np.intp)
        self.levels = self.units["level"].to_numpy(dtype=np.intp)
        self.parent = np.array([self._position.get(p, -1) for p in self.units["parent"]], dtype=np.intp)
        self._check()
        self.depth = self._depths()
        self._children = np.argsort(self.parent, kind="stable")
        self._child_start = np.searchsorted(self.parent[self._children], np.arange(self.size + 1))
        self.branches = np.flatnonzero(np.diff(self._child_start) > 0)
        self.branch_of = np.full(self.size, -1, dtype=np.intp)
        self.branch_of[self.branches] = np.arange(len(self.branches))

    def __contains__(self, unit: object) -> bool:
        return unit in self._position

    @property
    def positions(self) -> Mapping[str, int]:
        """Position of every unit id."""
        return self._position

    def position(self, unit: str) -> int:
        """The position of a unit by its id.

        Raises:
            KeyError: no unit has this id.
        """
        try:
            return self._position[unit]
        except KeyError:
            raise KeyError(
                f"No unit has the id {unit!r}: it may have left DHIS2 since; synchronise."
            ) from None

    def flags(self, units: Iterable[str]) -> npt.NDArray[np.bool_]:
        """True at the positions of some units; an id that is not in the hierarchy is passed over."""
        flags = np.zeros(self.size, dtype=bool)
        flags[[self._position[unit] for unit in units if unit in self._position]] = True
        return flags

    def find(self, name: str) -> str:
        """The id of the unit with this id or, if there is none, this code.

        Raises:
            KeyError: none or several units have it.
        """
        if name in self._position:
            return name
        found = self.units.loc[self.units["code"] == name, "id"]
        if len(found) != 1:
            raise KeyError(f"{len(found)} units have the id or code {name!r}: name one by its id.")
        return str(found.iloc[0])

    def children(self, position: int) -> Positions:
        """Positions of the units directly below one, in their order."""
        return self._children[self._child_start[position] : self._child_start[position + 1]]

    def ancestors(self, position: int) -> list[int]:
        """Positions from the root down to the unit's parent."""
        found: list[int] = []
        while (position := int(self.parent[position])) >= 0:
            found.append(position)
        return found[::-1]

    def gather(self, own: Callable[[Positions], Amounts], members: npt.NDArray[np.bool_] | None) -> Amounts:
        """Sum each unit's own amounts into every unit that has children.

        Args:
            own: amounts of some units by position, arrays `[unit, period]`, all summable.
            members: which units count at all; every one when None.

        Returns:
            The same arrays, `[branch, period]`, each the branch's own and all below it.
        """
        totals: list[npt.NDArray[Any]] | None = None
        for positions, branches in self._blocks(members):
            amounts = own(positions)
            if totals is None:
                totals = [np.zeros((len(self.branches), a.shape[1]), dtype=a.dtype) for a in amounts]
            edges = np.flatnonzero(np.diff(branches, prepend=-1))
            for total, amount in zip(totals, amounts, strict=True):
                total[branches[edges]] += np.add.reduceat(amount, edges, axis=0)
        if totals is None:
            return self._nothing(own)
        self._climb(totals)
        return tuple(totals)

    def place(
        self,
        totals: Amounts,
        own: Callable[[Positions], Amounts],
        positions: Positions,
        members: npt.NDArray[np.bool_] | None,
    ) -> Amounts:
        """Amounts of units by position: from the gathered totals, or their own where nothing is below."""
        branch = self.branch_of[positions]
        if len(branch) and branch.min() >= 0:
            return tuple(total[branch] for total in totals)
        high, low = branch >= 0, branch < 0 if members is None else (branch < 0) & members[positions]
        amounts = []
        for total, leaf in zip(totals, own(positions[low]), strict=True):
            amount = np.zeros((len(positions), total.shape[1]), dtype=total.dtype)
            amount[high], amount[low] = total[branch[high]], leaf
            amounts.append(amount)
        return tuple(amounts)

    def below(self, marked: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
        """How many marked units each unit's subtree holds (itself included)."""
        counted = np.concatenate([[0], np.cumsum(marked)])
        below: npt.NDArray[np.intp] = counted[self.last] - counted[:-1]
        return below

    def _blocks(self, members: npt.NDArray[np.bool_] | None) -> Iterator[tuple[Positions, Positions]]:
        """Positions with the branch each belongs to: itself when it has children, else its parent."""
        branch = np.where(self.branch_of >= 0, self.branch_of, self.branch_of[self.parent])
        branch[(self.branch_of < 0) & (self.parent < 0)] = -1
        counted = np.flatnonzero(branch >= 0 if members is None else (branch >= 0) & members)
        order = counted[np.argsort(branch[counted], kind="stable")]
        for start in range(0, len(order), BLOCK):
            block = order[start : start + BLOCK]
            yield block, branch[block]

    def _climb(self, totals: list[npt.NDArray[Any]]) -> None:
        depths = self.depth[self.branches]
        for depth in range(int(depths.max(initial=0)), 0, -1):
            rows = np.flatnonzero(depths == depth)
            parents = self.branch_of[self.parent[self.branches[rows]]]
            edges = np.flatnonzero(np.diff(parents, prepend=-1))
            for total in totals:
                total[parents[edges]] += np.add.reduceat(total[rows], edges, axis=0)

    def _nothing(self, own: Callable[[Positions], Amounts]) -> Amounts:
        shapes = own(np.empty(0, dtype=np.intp))
        return tuple(np.zeros((len(self.branches), a.shape[1]), dtype=a.dtype) for a in shapes)

    def _depths(self) -> npt.NDArray[np.intp]:
        depth = np.zeros(self.size, dtype=np.intp)
        for position, parent in enumerate(self.parent):
            if parent >= 0:
                depth[position] = depth[parent] + 1
        return depth

    def _check(self) -> None:
        first = self.units["first"].to_numpy()
        wrong = np.flatnonzero((first != np.arange(self.size)) | (self.parent >= np.arange(self.size)))
        wrong = wrong if len(wrong) else np.flatnonzero((self.last <= first) | (self.last > self.size))
        if len(wrong):
            unit = self.units.iloc[int(wrong[0])]
            raise ValueError(f"The unit {unit['name']!r} ({unit['id']}) is not at its depth-first position.")
