"""Which reports are expected of which unit in which month, by item; and who reports an item at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from indicators.expected import Openings, carried, rows_of_any, spread
from indicators.forms import Forms, asked_by
from indicators.grids import Flags, Grid, Mask
from indicators.hierarchy import Hierarchy
from indicators.measures import ACTIVITY, COMMODITY
from indicators.periods import Calendar

Data = tuple[Calendar, dict[tuple[int, str], Grid]]


@dataclass(frozen=True)
class Rules:
    """What decides whether a report is due: forms assigned, and what is carried where by decision.

    Attributes:
        assignments: `form, org_unit`.
        carried: `org_unit, item, carried`, or None when nobody set any by hand.
        form_items: `form, item, months, begins`, or None when each item is of its own form, month by month.
    """

    assignments: pd.DataFrame
    carried: pd.DataFrame | None = None
    form_items: pd.DataFrame | None = None


class DueReports:
    """Expected reports, worked out for an item when it is first asked for and kept.

    Attributes:
        forms: which forms ask for which items, and where.
    """

    def __init__(self, hierarchy: Hierarchy, items: pd.DataFrame, data: Data, rules: Rules) -> None:
        self._hierarchy = hierarchy
        self._items = items
        self._calendar, grids = data
        self._grids: dict[int, dict[str, Grid]] = {}
        for (item, measure), grid in grids.items():
            self._grids.setdefault(item, {})[measure] = grid
        self._openings = Openings(hierarchy.units, self._calendar)
        self.forms = Forms(hierarchy, items, asked_by(items, rules.form_items), rules.assignments)
        self._by_hand = rules.carried
        self._kinds = items["kind"].tolist()
        self._masks: dict[object, Mask] = {}
        self._reporters: dict[tuple[int, ...], Flags] = {}
        self._below: dict[tuple[int, ...], list[int]] = {}
        self._levels: dict[tuple[int, ...], int | None] = {}

    def mask(self, item: int) -> Mask:
        """The unit-months in which a report of an item (by number) is expected."""
        if self._kinds[item] != COMMODITY:
            return self._of_services(self.forms.of_item[item])
        if item not in self._masks:
            self._masks[item] = _sealed(self._of_product(item))
        return self._masks[item]

    def of_form(self, form: str) -> Mask:
        """A form's months: assigned and open, or something of its services received."""
        return self._of_services((form,))

    def _of_services(self, forms: tuple[str, ...]) -> Mask:
        if forms not in self._masks:
            items = {item for form in forms for item in self.forms.items(form)}
            services = [item for item in sorted(items) if self._kinds[item] != COMMODITY]
            grids = [grid for item in services for grid in self._grids.get(item, {}).values()]
            assigned = np.logical_or.reduce([self.forms.assigned(form) for form in forms])
            self._masks[forms] = _sealed(self._assigned_or_received(forms, grids, assigned))
        return self._masks[forms]

    def reporters(self, items: tuple[int, ...]) -> Flags:
        """The units that the items' forms are assigned to, or that ever reported one of them."""
        if items not in self._reporters:
            flags = np.zeros(self._hierarchy.size, dtype=bool)
            for item in items:
                flags |= self.forms.assigned_any(item)
                for grid in self._grids.get(item, {}).values():
                    flags[grid.rows] = True
            self._reporters[items] = flags
        return self._reporters[items]

    def level(self, items: tuple[int, ...]) -> int | None:
        """The level at which most of the items' reporters stand, or None without any."""
        if items not in self._levels:
            levels = self._hierarchy.levels[self.reporters(items)]
            self._levels[items] = int(np.bincount(levels).argmax()) if len(levels) else None
        return self._levels[items]

    def nearest_reporting(self, position: int, items: tuple[int, ...]) -> int | None:
        """The position whose figures stand for these items at a unit: itself, else an ancestor, else None."""
        flags = self.reporters(items)
        if items not in self._below:
            self._below[items] = self._hierarchy.below(flags).tolist()
        if self._below[items][position]:
            return position
        above = [a for a in self._hierarchy.ancestors(position) if flags[a]]
        return above[-1] if above else None

    def _of_product(self, item: int) -> Mask:
        """A product's months: those of its form in which it is carried."""
        grids = self._grids.get(item, {})
        decided = self._decided(item)
        known = None if decided is None else np.isin(np.arange(self._hierarchy.size), list(decided))
        due = self._assigned_or_received(self.forms.of_item[item], list(grids.values()), known)
        active = spread(
            due.rows, (Mask(g.rows, g.active()) for m, g in grids.items() if m in ACTIVITY), self._width
        )
        stocked = carried(active)
        for unit, flag in (decided or {}).items():
            stocked[np.searchsorted(due.rows, unit)] = flag
        return Mask(due.rows, due.flags & stocked)

    def _assigned_or_received(self, forms: tuple[str, ...], grids: list[Grid], others: Flags | None) -> Mask:
        rows = rows_of_any(grids, others)
        due = spread(rows, (Mask(grid.rows, grid.present()) for grid in grids), self._width)
        for form in forms:
            assigned = self.forms.assigned(form)[rows, None] & self.forms.over(form, self._calendar)
            due |= self._openings.flags(rows) & assigned
        return Mask(rows, due)

    def _decided(self, item: int) -> dict[int, bool] | None:
        """What people decided about a product: carried or not, by position."""
        if self._by_hand is None:
            return None
        rows = self._by_hand[self._by_hand["item"] == self._items["id"].iloc[item]]
        pairs = zip(rows["org_unit"], rows["carried"], strict=True)
        return {self._hierarchy.position(unit): bool(flag) for unit, flag in pairs if unit in self._hierarchy}

    @property
    def _width(self) -> int:
        return self._calendar.size


def _sealed(mask: Mask) -> Mask:
    """The same mask, into which nobody can write: all who ask share it."""
    mask.flags.flags.writeable = False
    return mask
