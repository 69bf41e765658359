"""What DHIS2 says of its forms, elements and options, as frames and ready to be walked through."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

Row = dict[str, Any]


@dataclass(frozen=True)
class Metadata:
    """What DHIS2 says of its forms, as frames.

    Attributes:
        data_sets: `id, code, name, period_type, timely_days, open_future_periods, category_combo`.
        data_set_elements: `data_set, data_element, category_combo` (the form's own combination of the
        element). data_set_units: `data_set, org_unit`. elements: `id, code, name, value_type,
        aggregation_type, zero_is_significant, category_combo`. option_combos: `id, name, category_combo`.
    """

    data_sets: pd.DataFrame
    data_set_elements: pd.DataFrame
    data_set_units: pd.DataFrame
    elements: pd.DataFrame
    option_combos: pd.DataFrame

    @cached_property
    def options_of(self) -> dict[str, dict[str, str]]:
        """Category combination -> id -> name of its option combos."""
        found: dict[str, dict[str, str]] = {}
        for combination, option, name in rows(self.option_combos, "category_combo", "id", "name"):
            found.setdefault(combination, {})[option] = name
        return found

    @cached_property
    def element_of(self) -> dict[str, Row]:
        """Id -> the element as a dictionary."""
        names = ("id", "code", "name", "category_combo")
        return {row[0]: dict(zip(names, row, strict=True)) for row in rows(self.elements, *names)}

    def elements_of(self, data_set: str) -> Iterator[Row]:
        """The elements of a form, each with the combination that holds in this form."""
        for form, element, combo in rows(
            self.data_set_elements, "data_set", "data_element", "category_combo"
        ):
            if form == data_set and element in self.element_of:
                known = self.element_of[element]
                yield known | {"category_combo": combo or known["category_combo"]}


def rows(frame: pd.DataFrame, *names: str) -> Iterator[tuple[Any, ...]]:
    """The rows of some columns of text; None where there is none."""
    columns = ([text if isinstance(text, str) else None for text in frame[name].tolist()] for name in names)
    return zip(*columns, strict=True)
