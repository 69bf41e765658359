"""The raw values that a place reported for a period: each as stored, by whom and when, and its registrations.

They are what the figures are made of, unchanged: nobody needs to open DHIS2 to see whether a jump is a slip
of the pen. Who stored a value is told only to those whose own unit it is; of a unit above, which reports
services for those below it, the values are told and the names are not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow.dataset as ds

from accounts.scope import Scope
from countries import Country
from dashboard import i18n
from dashboard.definitions import meaning
from dashboard.holdings import Holding
from dashboard.plurals import counted_in
from dashboard.queries import Figures
from dashboard.questions import NotInScopeError, Question
from dashboard.sources import source_said
from indicators.compare import PairItems
from indicators.definitions import of_measure
from indicators.measures import COMMODITY
from indicators.periods import month_number, month_of

LONGEST = 12
VALUES = (
    "unit_id", "unit_name", "side", "item", "name", "name_language", "called", "measure", "option",
    "measure_called", "month", "months", "value", "state", "unit", "cells", "stored_by", "stored_at",
    "source",
)  # fmt: skip
REPORTS = (
    "unit_id", "unit_name", "form", "name", "month", "months", "registered", "completed_by",
    "completed_at", "on_time", "source",
)  # fmt: skip
ASIDE = ("source", "item", "month", "value", "code", "arguments", "reason", "remedy")


@dataclass(frozen=True)
class Reported:
    """What a place reported for a period.

    Attributes:
        values: one row for each value that counts, with the columns of `VALUES`; `name` is the source's, in
            `name_language`, `called` and `measure_called` are what the country and we call the item and its
            measure in the reader's language.
        reports: one row for each report that is in, with the columns of `REPORTS`.
        aside: rows that were sent but do not count, and why, with the columns of `ASIDE`.
        holding: the version of the data.
    """

    values: pd.DataFrame
    reports: pd.DataFrame
    aside: pd.DataFrame
    holding: Holding


def reported(figures: Figures, question: Question, scope: Scope) -> Reported:
    """The raw values of a unit, and of those above it that report for it, over the months of a question.

    Raises:
        QuestionError: one of its kinds; NotInScopeError also where only the unit's total is the asker's.
    """
    view = figures.viewed(question, scope)
    if view.only is not None:
        what = f"The unit {question.unit!r} lies above yours: what it reported itself is not shown."
        raise NotInScopeError("unit", what, "Ask for a unit of your own.")
    items, left_out = figures.readable(figures.pair(question.pair), scope)
    reader = _Reader(figures.holding(), figures.country, scope, (view.first, view.last))
    rows = reader.values(view.unit, items)
    aside = reader.aside(view.unit) if not left_out else pd.DataFrame(columns=list(ASIDE))
    return Reported(rows, reader.reports(rows, view.unit), aside, reader.holding)


@dataclass(frozen=True)
class _Reader:
    """Reads one place's rows of a snapshot."""

    holding: Holding
    country: Country
    scope: Scope
    months: tuple[int, int]

    def values(self, unit: str, items: PairItems) -> pd.DataFrame:
        """The values of a unit and of the nearest ones above that report an item for it."""
        rollup, codes = self.holding.rollup, _codes(items)
        homes = {rollup.nearest_reporting(unit, [code]) for code in codes} | {unit}
        wanted = rollup.items.loc[list(rollup.numbers(codes))]
        where = ds.field("org_unit").isin([home for home in homes if home])
        rows = self._read("values", where & ds.field("item").isin(wanted["id"].tolist()))
        rows = rows.merge(wanted.rename(columns={"id": "item", "source": "of"}), on="item", how="left")
        cells = self._read("parts", where)
        counted = cells.groupby(["org_unit", "item", "measure", "month"]).size()
        keys = pd.MultiIndex.from_frame(rows[["org_unit", "item", "measure", "month"]])
        named = self._named(rows)
        return pd.DataFrame(
            {
                **named,
                "side": rows["kind"],
                "item": rows["code"],
                "name": rows["name"],
                "name_language": [
                    self._spoken(*each) for each in zip(rows["code"], rows["name"], strict=True)
                ],
                "called": [self._called(code) for code in rows["code"]],
                "measure": rows["measure"],
                "option": [self._option(*each) for each in zip(rows["form"], rows["measure"], strict=True)],
                "measure_called": [
                    _measure(*each) for each in zip(rows["kind"], rows["measure"], strict=True)
                ],
                "month": rows["month"],
                "months": rows["months"],
                "value": rows["value"],
                "state": rows["state"],
                "unit": self._units(rows),
                "cells": counted.reindex(keys).fillna(1).astype("int64").to_numpy(),
                "stored_by": self._hidden(rows, "stored_by"),
                "stored_at": rows["updated_at"],
                "source": [source_said(str(each)) for each in rows["source"]],
            },
            columns=list(VALUES),
        ).sort_values(["month", "side", "name", "measure"], ignore_index=True)

    def reports(self, values: pd.DataFrame, unit: str) -> pd.DataFrame:
        """The reports that the values came in, and those of the unit that hold none of them."""
        forms = self.holding.forms
        units = [unit, *values["unit_id"].unique().tolist()]
        rows = self._read("reports", ds.field("org_unit").isin(units))
        asked = {form for code in values["item"].unique() for form in self.holding.forms_of.get(code, ())}
        read = {form for form in asked if self.scope.reads(str(forms.loc[form, "data_set"]))}
        rows = rows.loc[rows["form"].isin(read)]
        return pd.DataFrame(
            {
                **self._named(rows),
                "form": rows["form"],
                "name": forms["name"].reindex(rows["form"]).to_numpy(),
                "month": rows["month"],
                "months": rows["months"],
                "registered": rows["registered"],
                "completed_by": self._hidden(rows, "completed_by"),
                "completed_at": rows["received_at"],
                "on_time": rows["on_time"].astype(object),
                "source": [source_said(str(each)) for each in forms["source"].reindex(rows["form"])],
            },
            columns=list(REPORTS),
        ).sort_values(["month", "form"], ignore_index=True)

    def aside(self, unit: str) -> pd.DataFrame:
        """The rows of a unit that were kept aside."""
        first, last = self.months
        where = (ds.field("org_unit") == unit) & (ds.field("month") >= first) & (ds.field("month") <= last)
        return self.holding.snapshot.read("rejected", where=where)[list(ASIDE)]

    def _read(self, table: str, where: ds.Expression) -> pd.DataFrame:
        """The rows whose window touches the months, ids as plain text."""
        first, last = (month_number(month) for month in self.months)
        near = (ds.field("month") > month_of(first - LONGEST)) & (ds.field("month") <= month_of(last))
        if table == "values":  # stored year by year
            near &= ds.field("year").isin(range(month_of(first - LONGEST) // 100, month_of(last) // 100 + 1))
        rows = self.holding.snapshot.read(table, where=where & near)
        ends = rows["month"] // 100 * 12 + rows["month"] % 100 - 1 + rows["months"]
        rows = rows.loc[ends > first]
        texts = {name: object for name in ("org_unit", "item", "measure", "form") if name in rows}
        return rows.astype(texts).reset_index(drop=True)

    def _named(self, rows: pd.DataFrame) -> dict[str, Any]:
        names = self.holding.names
        return {"unit_id": rows["org_unit"], "unit_name": [names[unit] for unit in rows["org_unit"]]}

    def _hidden(self, rows: pd.DataFrame, column: str) -> list[str | None]:
        """Names of people, of the units that are the asker's own."""
        paths = self.holding.units["path"].reindex(rows["org_unit"]).tolist()
        names = zip(rows[column].astype(object), paths, strict=True)
        return [None if pd.isna(name) or not self.scope.sees(str(path)) else name for name, path in names]

    def _units(self, rows: pd.DataFrame) -> list[str | None]:
        """What each value is counted in, in the reader's language where the country names it."""
        items, language = self.country.items, i18n.language()
        each = zip(rows["code"], rows["unit"].astype(object), rows["value"], strict=True)
        return [
            counted_in(items[code].unit[language], value) if code in items else unit
            for code, unit, value in each
        ]

    def _spoken(self, code: str, name: str) -> str:
        """The language of an item's name in the source: the one the country says it in, else its first."""
        item = self.country.items.get(code)
        said = (each for each in self.country.languages if item and item.name[each] == name)
        return next(said, self.country.languages[0])

    def _called(self, code: str) -> str | None:
        """What the country calls an item in the reader's language; None where it says nothing of it."""
        item = self.country.items.get(code)
        return item.name[i18n.language()] if item else None

    def _option(self, form: str, measure: str) -> str | None:
        """What the form calls a measure; None where an element is one by itself."""
        known = next((each.measures for each in self.country.forms if each.key == form), {})
        return next((option for option, kept in known.items() if kept == measure), None)


def _measure(kind: str, measure: str) -> str | None:
    """What a measure is called in the reader's language; None where the item's name says it all."""
    found = of_measure(COMMODITY, measure) if kind == COMMODITY else None
    return meaning(found).name if found else None


def _codes(items: PairItems) -> Sequence[str]:
    said = (code for each in items.reported.values() for code in each)
    return list(dict.fromkeys([*items.services, *items.commodities, *said]))
