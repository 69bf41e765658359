"""Values as DHIS2 sends them, made canonical: kept, kept aside with a reason, or taken away.

Rows are judged all at once, through the dictionaries of the columns (a few hundred ids, not 300,000 rows).
What the server accepted although the form has no such option combo, unit, period or attribute is kept aside,
not loaded.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from loaders.batch import Batch, Codes
from loaders.checked import check, rejected_rows
from loaders.frames import KEYS, canonical, empty
from loaders.mapping import Mapping
from loaders.windows import TYPE_OF_MONTHS, Naming, first_month

REASONS = (
    ("", ""),
    (
        "option combo {option} does not belong to the element {element}",
        "Delete the value in DHIS2, or enter it again under an option of the element.",
    ),
    (
        "attribute option combo {attribute} does not belong to the form {form}",
        "Delete the value in DHIS2, or enter it again under an attribute of the form.",
    ),
    (
        "the unit is not among those this account may see",
        "Let the account view the unit, or delete the value in DHIS2.",
    ),
    (
        "the form {form} is not assigned to the unit",
        "Assign the form to the unit in DHIS2, or delete the value.",
    ),
    (
        "period {period} is not {kind}, as the form {form} is",
        "Delete the value in DHIS2 and enter it for the form's own period.",
    ),
    ("{value!r} is not a number", "Correct the value in DHIS2."),
)
FOREIGN_OPTION, FOREIGN_ATTRIBUTE, UNKNOWN_UNIT, NOT_ASSIGNED, WRONG_PERIOD, NO_NUMBER = range(1, 7)
CODES = (
    "",
    "foreign_option",
    "foreign_attribute",
    "unknown_unit",
    "not_assigned",
    "wrong_period",
    "no_number",
)
IGNORED, FOREIGN = -1, -2
SOURCE = "DHIS2"


@dataclass(frozen=True)
class Intake:
    """What a batch of raw rows comes to.

    Attributes:
        values: canonical `values` of cells that have one part.
        parts: rows of `parts`, for cells that are sums.
        gone: keys of `values` that were deleted at the source, or are no numbers any more.
        gone_parts: the same of `parts`.
        rejected: what was kept aside.
        settled: `source, org_unit, item, month` of every row judged (of changes only): what was kept aside
        there
            before no longer stands.
    """

    values: pd.DataFrame
    parts: pd.DataFrame
    gone: pd.DataFrame
    gone_parts: pd.DataFrame
    rejected: pd.DataFrame
    settled: pd.DataFrame


class Judge:
    """Judges raw rows by the mapping.

    Args:
        mapping: which element and option combo is what.
        units: the ids of the units that are known.
        elements: `id, code, name` of data elements, for naming what is kept aside.
    """

    def __init__(self, mapping: Mapping, units: Iterable[str], elements: pd.DataFrame) -> None:
        self.mapping = mapping
        self._cells = mapping.cells.reset_index(drop=True)
        self._elements = _numbered(self._cells["element"])
        self._options = _numbered(mapping.options["option"])
        self._units = _numbered(units)
        self._unit_names = pd.Index(list(self._units), dtype="str")
        self._attribute_codes = _numbered(mapping.attributes["attribute"])
        self._names = dict(zip(elements["id"], elements["code"].fillna(elements["name"]), strict=True))

    @cached_property
    def _cell_of(self) -> npt.NDArray[np.int64]:
        """[element, option] -> row of cells; IGNORED where the option is the element's but not configured."""
        table = np.full((len(self._elements) + 1, len(self._options) + 1), FOREIGN, dtype=np.int64)
        known = (self.mapping.options[name].tolist() for name in ("element", "option"))
        for element, option in zip(*known, strict=True):
            table[self._elements.get(element, -1), self._options[option]] = IGNORED
        table[-1] = FOREIGN
        counted = (self._cells[name].tolist() for name in ("element", "option"))
        for row, (element, option) in enumerate(zip(*counted, strict=True)):
            table[self._elements[element], self._options[option]] = row
        return table

    @cached_property
    def _forms(self) -> dict[str, int]:
        return _numbered(self.mapping.forms["form"])

    @cached_property
    def _number(self) -> npt.NDArray[np.int64]:
        """Number of a form in `Homes` -> its row of `Mapping.forms`."""
        return np.array([*(self._forms[form] for form in self.mapping.homes.forms), -1], dtype=np.int64)

    @cached_property
    def _namings(self) -> list[Naming]:
        return [self.mapping.namings[form] for form in self.mapping.forms["form"]]

    @cached_property
    def _assigned(self) -> npt.NDArray[np.bool_]:
        return _pairs(self.mapping.assignments, ("form", self._forms), ("org_unit", self._units))

    @cached_property
    def _attributes(self) -> npt.NDArray[np.bool_]:
        return _pairs(self.mapping.attributes, ("form", self._forms), ("attribute", self._attribute_codes))

    def judge(self, raw: pd.DataFrame, changes: bool = False) -> Intake:
        """Judge a batch of raw rows (as `loaders.values.to_frame` gives them).

        Args:
            raw: the rows, one for each cell.
            changes: whether they are changes to what is held, so that `settled` is wanted.
        """
        batch = Batch(raw)
        element = batch.element.look(self._elements, -1)
        unit = batch.unit.look(self._units, -1)
        cell = self._cell_of[element, batch.option.look(self._options, -1)]
        form = self._form(batch)
        month, months = self._window(batch, form)
        verdict = np.zeros(len(cell), dtype=np.int8)
        verdict[~batch.is_number & ~batch.deleted] = NO_NUMBER
        verdict[months == 0] = WRONG_PERIOD
        verdict[~self._assigned[form, unit]] = NOT_ASSIGNED
        verdict[unit < 0] = UNKNOWN_UNIT
        verdict[~self._attributes[form, batch.attribute.look(self._attribute_codes, -1)]] = FOREIGN_ATTRIBUTE
        verdict[cell == FOREIGN] = FOREIGN_OPTION
        verdict[(element < 0) | (cell == IGNORED)] = IGNORED
        return self._sort(Judged(batch, cell, form, unit, verdict, month, months), changes)

    def _form(self, batch: Batch) -> Codes:
        """The form that each row's unit reports its element in."""
        homes = self.mapping.homes
        items, units = homes.items(batch.element.texts), homes.units(batch.unit.texts)
        found = homes.look(np.append(items, -1)[batch.element.codes], np.append(units, -1)[batch.unit.codes])
        return self._number[found]

    def _window(self, batch: Batch, form: Codes) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int16]]:
        """First month and length of each row's window, as its form reads its period; 0 where it cannot."""
        table = np.zeros((2, len(self._namings) + 1, len(batch.period.texts) + 1), dtype=np.int32)
        for row, naming in enumerate(self._namings):
            for column, period in enumerate(batch.period.texts):
                if found := naming.window(period):
                    table[:, row, column] = found.month, found.months
        month, months = table[:, form, batch.period.codes]
        return month, months.astype(np.int16)

    def _sort(self, judged: "Judged", changes: bool) -> Intake:
        fine, deleted = judged.verdict == 0, judged.batch.deleted
        many = np.append(self._cells["parts"].to_numpy() > 1, False)[judged.cell]
        checked = check("values", self._frame("values", judged, fine & ~deleted & ~many), SOURCE)
        gone = (fine & deleted) | (judged.verdict == NO_NUMBER)
        aside = self._rejected(judged, np.flatnonzero((judged.verdict > 0) & ~deleted))
        return Intake(
            values=checked.frame,
            parts=self._frame("parts", judged, fine & ~deleted & many),
            gone=self._frame("values", judged, gone & ~many)[list(KEYS["values"])],
            gone_parts=self._frame("parts", judged, gone & many)[list(KEYS["parts"])],
            rejected=pd.concat([checked.rejected, aside], ignore_index=True),
            settled=self._named(
                judged, np.flatnonzero(judged.verdict >= 0) if changes else np.array([], np.int64)
            ),
        )

    def _frame(self, table: str, judged: "Judged", where: npt.NDArray[np.bool_]) -> pd.DataFrame:
        """The canonical frame of the rows at `where`."""
        rows, batch = np.flatnonzero(where), judged.batch
        if not len(rows):
            return empty(table)
        number = batch.number[rows]
        columns: dict[str, Any] = {
            name: _coded(self._cells[name], judged.cell[rows]) for name in ("item", "measure", "source")
        }
        columns |= {name: getattr(judged, name)[rows] for name in ("month", "months")}
        columns |= {
            "org_unit": pd.Categorical.from_codes(judged.unit[rows], self._unit_names),
            "value": number,
            "updated_at": batch.updated[rows],
            "stored_by": batch.stored_by.category(rows),
        }
        columns["state"] = pd.Categorical.from_codes(
            (number == 0).astype(np.int8), pd.Index(["reported", "zero"])
        )
        if table == "parts":
            columns |= {"option": batch.option.category(rows), "attribute": batch.attribute.category(rows)}
        return canonical(table, pd.DataFrame(columns, copy=False))

    def _named(self, judged: "Judged", rows: Codes) -> pd.DataFrame:
        """Source, unit, item and month of rows, in words for people."""
        batch = judged.batch
        names = dict(zip(self.mapping.options["option"], self.mapping.options["name"], strict=True))
        elements = [self._names.get(text, text) for text in batch.element.at(rows)]
        options = [names.get(text, text) for text in batch.option.at(rows)]
        periods, foreign = batch.period.at(rows), judged.verdict[rows] == WRONG_PERIOD
        sources = self.mapping.forms["source"].tolist()
        items = [e if o == "default" else f"{e}: {o}" for e, o in zip(elements, options, strict=True)]
        return pd.DataFrame(
            {
                "source": [sources[form] for form in judged.form[rows]],
                "org_unit": batch.unit.at(rows),
                "item": [f"{i} ({p})" if f else i for i, p, f in zip(items, periods, foreign, strict=True)],
                "month": pd.array([first_month(p) for p in periods], dtype="Int32"),
            }
        )

    def _rejected(self, judged: "Judged", rows: Codes) -> pd.DataFrame:
        if not len(rows):
            return empty("rejected")
        named, batch, forms = self._named(judged, rows), judged.batch, self.mapping.forms
        texts = {
            "element": [self._names.get(text, text) for text in batch.element.at(rows)],
            "option": batch.option.at(rows),
            "attribute": batch.attribute.at(rows),
            "period": batch.period.at(rows),
            "value": batch.texts.iloc[rows].tolist(),
            "form": [forms["name"].iloc[form] for form in judged.form[rows]],
            "kind": [TYPE_OF_MONTHS[forms["months"].iloc[form]].lower() for form in judged.form[rows]],
        }
        each = [dict(zip(texts, row, strict=True)) for row in zip(*texts.values(), strict=True)]
        said = [REASONS[verdict] for verdict in judged.verdict[rows]]
        reasons = [reason.format(**words) for (reason, _), words in zip(said, each, strict=True)]
        columns: dict[str, Any] = {name: named[name] for name in ("org_unit", "item", "month")}
        columns["code"] = [CODES[verdict] for verdict in judged.verdict[rows]]
        columns["arguments"] = [json.dumps(words, ensure_ascii=False) for words in each]
        frame = rejected_rows(
            SOURCE, reasons, [remedy for _, remedy in said], value=texts["value"], **columns
        )
        return canonical("rejected", frame.assign(source=named["source"]))


@dataclass(frozen=True)
class Judged:
    """A batch and, by row: its cell (row of `Mapping.cells`), form (of `Mapping.forms`), unit, window."""

    batch: Batch
    cell: Codes
    form: Codes
    unit: Codes
    verdict: npt.NDArray[np.int8]
    month: npt.NDArray[np.int32]
    months: npt.NDArray[np.int16]


def _coded(column: pd.Series, rows: Codes) -> pd.Categorical:
    """The column's texts at these rows, as a categorical that is not spelled out."""
    codes, texts = pd.factorize(column)
    return pd.Categorical.from_codes(codes[rows], pd.Index(texts, dtype="str"))


def _numbered(names: Iterable[str]) -> dict[str, int]:
    return {name: number for number, name in enumerate(dict.fromkeys(names))}


def _pairs(
    rows: pd.DataFrame, left: tuple[str, dict[str, int]], right: tuple[str, dict[str, int]]
) -> npt.NDArray[np.bool_]:
    """A table of which pairs there are, with a last row and column for what is unknown."""
    table = np.zeros((len(left[1]) + 1, len(right[1]) + 1), dtype=bool)
    for one, other in zip(rows[left[0]].tolist(), rows[right[0]].tolist(), strict=True):
        if one in left[1] and other in right[1]:
            table[left[1][one], right[1][other]] = True
    return table
