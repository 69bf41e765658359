"""Which form a unit reports an item in, where several forms ask for it.

A commodity may stand in a monthly form and in the quarterly ones of staggered groups; a facility is assigned
one of them. Its values belong to the first of the item's forms that is assigned to it, else to the first of
all.
"""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

Codes = npt.NDArray[np.int64]


class Homes:
    """The form of each item (or element) at each unit.

    Args:
        form_items: `form, item`, the forms in the order in which they were configured.
        assignments: `form, org_unit`.

    Attributes:
        forms: the keys of the forms; every number of a form is an index into it.
    """

    def __init__(self, form_items: pd.DataFrame, assignments: pd.DataFrame) -> None:
        self.forms: list[str] = list(dict.fromkeys(form_items["form"].astype("str")))
        number = {form: at for at, form in enumerate(self.forms)}
        forms_of: dict[str, tuple[int, ...]] = {}
        for form, item in zip(form_items["form"], form_items["item"], strict=True):
            forms_of[item] = (*forms_of.get(item, ()), number[form])
        self._choices = {forms: at for at, forms in enumerate(dict.fromkeys(forms_of.values()))}
        self._choice_of = {item: self._choices[forms] for item, forms in forms_of.items()}
        units = assignments["org_unit"].tolist()
        self._units = {unit: at for at, unit in enumerate(dict.fromkeys(units))}
        self.assigned = np.zeros((len(self.forms) + 1, len(self._units) + 1), dtype=bool)
        pairs = zip(assignments["form"].tolist(), units, strict=True)
        known = [(number[form], self._units[unit]) for form, unit in pairs if form in number]
        if known:
            self.assigned[tuple(np.array(known).T)] = True
        self._table = self._chosen()

    def _chosen(self) -> Codes:
        """[choice of forms, unit] -> form; the last row and column are for what is unknown."""
        table = np.full((len(self._choices) + 1, len(self._units) + 1), -1, dtype=np.int64)
        for forms, row in self._choices.items():
            table[row] = forms[0]
            for form in reversed(forms):
                table[row, self.assigned[form]] = form
        return table

    def items(self, texts: Iterable[str]) -> Codes:
        """A number for each item, to look up with; -1 for one that no form asks for."""
        return np.array([self._choice_of.get(text, -1) for text in texts], dtype=np.int64)

    def units(self, texts: Iterable[str]) -> Codes:
        """A number for each unit, to look up with; -1 for one that has no form."""
        return np.array([self._units.get(text, -1) for text in texts], dtype=np.int64)

    def look(self, items: Codes, units: Codes) -> Codes:
        """The form of each item at each unit, both as numbered by `items` and `units`; -1 for none."""
        return self._table[items, units]
