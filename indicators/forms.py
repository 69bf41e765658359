"""Which forms ask for which items, where each is assigned, and which of its windows are over.

An item may stand in several forms, a monthly one and the quarterly ones of staggered groups, of which a unit
is assigned one. A report of several months is expected once its window has ended: until then nobody is late.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from indicators.expected import assigned_units
from indicators.grids import Flags
from indicators.hierarchy import Hierarchy
from indicators.periods import Calendar

Asked = pd.DataFrame


def asked_by(items: pd.DataFrame, form_items: pd.DataFrame | None) -> Asked:
    """`form, item, months, begins`: as given, else each item by its own form and month by month."""
    if form_items is not None:
        return form_items
    return pd.DataFrame({"form": items["form"], "item": items["id"], "months": 1, "begins": 1})


class Forms:
    """The forms of a country at its units.

    Args:
        hierarchy: the units.
        items: numbered by row.
        asked: as `asked_by` gives it; the forms in their order of precedence.
        assignments: `form, org_unit`.
    """

    def __init__(
        self, hierarchy: Hierarchy, items: pd.DataFrame, asked: Asked, assignments: pd.DataFrame
    ) -> None:
        self._size = hierarchy.size
        self._assigned = assigned_units(hierarchy, assignments)
        number = {item: at for at, item in enumerate(items["id"])}
        self._windows = {
            str(form): (int(months), int(begins))
            for form, months, begins in zip(asked["form"], asked["months"], asked["begins"], strict=True)
        }
        self.of_item: list[tuple[str, ...]] = [() for _ in number]
        for form, item in zip(asked["form"], asked["item"], strict=True):
            if item in number:
                self.of_item[number[item]] += (str(form),)

    def items(self, form: str) -> list[int]:
        """Numbers of the items that a form asks for."""
        return [item for item, forms in enumerate(self.of_item) if form in forms]

    def assigned(self, form: str) -> Flags:
        """The units that a form is assigned to."""
        flags = self._assigned.get(form)
        return np.zeros(self._size, dtype=bool) if flags is None else flags

    def assigned_any(self, item: int) -> Flags:
        """The units that any of an item's forms is assigned to."""
        return self._any(self.of_item[item])

    def over(self, form: str, calendar: Calendar) -> Flags:
        """The months that lie in windows of the form which the data reach to the end of, `[month]`."""
        months, begins = self._windows.get(form, (1, 1))
        column = np.arange(calendar.size)
        into = (column + calendar.base - begins + 1) % months
        return np.asarray(column - into + months <= calendar.size)

    def home(self, form: str) -> Flags:
        """The units whose reports of the form's items are this form's.

        Of several forms that share an item it is the first that is assigned to a unit; the first of all where
        none is.
        """
        order = list(self._windows)
        sharing = {other for item in self.items(form) for other in self.of_item[item]} - {form}
        before = tuple(other for other in sharing if order.index(other) < order.index(form))
        if before:
            return self.assigned(form) & ~self._any(before)
        return self.assigned(form) | ~self._any(tuple(sharing))

    def _any(self, forms: tuple[str, ...]) -> Flags:
        flags = np.zeros(self._size, dtype=bool)
        for form in forms:
            flags |= self.assigned(form)
        return flags
