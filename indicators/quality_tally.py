"""Checks counted by dimension, form, place and month, and added up over places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from indicators.grids import Flags
from indicators.hierarchy import Positions
from indicators.quality_book import Book, Index
from indicators.rollup import Rollup

Tally = npt.NDArray[np.int32]
Names = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Review:
    """Checks of every place without those below it, by dimension and form.

    Attributes:
        forms: their keys.
        held: checks that held, `[unit by position, month of the calendar]`, by dimension and form.
        made: checks that could be made, in the same shape.
    """

    forms: tuple[str, ...]
    held: Mapping[tuple[str, str], Tally]
    made: Mapping[tuple[str, str], Tally]

    def below(self, dimension: str, forms: Iterable[str], last: Positions) -> tuple[Tally, Tally]:
        """Checks that held and were made in some forms, of every unit with all below it, `[unit, month]`.

        Args:
            dimension: one of `DIMENSIONS`.
            forms: their keys.
            last: of each unit, one past the last position of its subtree.
        """
        keys = [(dimension, form) for form in forms if (dimension, form) in self.made]
        if not keys:
            none = np.zeros((len(last), 1), dtype=np.int32)
            return none, none
        held, made = (_subtrees(sum_of([each[key] for key in keys]), last) for each in (self.held, self.made))
        return held, made

    def rows(self) -> pd.DataFrame:
        """The checks as a frame, to be kept: `dimension, form, unit, column, held, made`."""
        parts = []
        for (dimension, form), made in self.made.items():
            unit, column = np.nonzero(made)
            told = {
                "dimension": dimension,
                "form": form,
                "unit": unit.astype(np.int32),
                "column": column.astype(np.int32),
                "held": self.held[dimension, form][unit, column],
                "made": made[unit, column],
            }
            parts.append(pd.DataFrame(told))
        return pd.concat(parts, ignore_index=True)

    @classmethod
    def of_rows(cls, rows: pd.DataFrame, forms: tuple[str, ...], shape: tuple[int, int]) -> Review:
        """The review that gave some rows.

        Args:
            rows: as `rows` gives them.
            forms: all forms, in their order.
            shape: how many units and months there are.
        """
        held: dict[tuple[str, str], Tally] = {}
        made: dict[tuple[str, str], Tally] = {}
        for key, told in rows.groupby(["dimension", "form"], observed=True):
            name = (str(key[0]), str(key[1]))
            at = told["unit"].to_numpy(), told["column"].to_numpy()
            for kept, column in ((held, "held"), (made, "made")):
                kept[name] = np.zeros(shape, dtype=np.int32)
                kept[name][at] = told[column].to_numpy()
        return cls(forms, held, made)


def sum_of(tallies: list[Tally]) -> Tally:
    """Tallies added up, place by place and month by month."""
    return np.asarray(np.sum(tallies, axis=0, dtype=np.int32))


def _subtrees(own: Tally, last: Positions) -> Tally:
    running = np.zeros((len(own) + 1, own.shape[1]), dtype=np.int64)
    np.cumsum(own, axis=0, out=running[1:])
    return np.asarray(running[last] - running[:-1], dtype=np.int32)


class Tallies:
    """Where checks are counted: by dimension and form, `[unit, month]`."""

    def __init__(self, rollup: Rollup) -> None:
        self.rollup = rollup
        self.asked = rollup.due.forms
        self.number = {str(code): at for at, code in enumerate(rollup.items["id"])}
        self.forms = tuple(dict.fromkeys(form for forms in self.asked.of_item for form in forms))
        self.held: dict[tuple[str, str], Tally] = {}
        self.made: dict[tuple[str, str], Tally] = {}
        self._homes = {form: self.asked.home(form) for form in self.forms}

    def add(self, dimension: str, form: str, held: Tally | Flags, made: Tally | Flags) -> None:
        """Count checks of all units and months."""
        shape = (self.rollup.hierarchy.size, self.rollup.calendar.size)
        for kept, more in ((self.held, held), (self.made, made)):
            kept.setdefault((dimension, form), np.zeros(shape, dtype=np.int32))
            kept[dimension, form] += more.astype(np.int32)

    def count(
        self, dimension: str, form: npt.NDArray[np.object_], at: tuple[Index, Index], held: Flags
    ) -> None:
        """Count single checks: each with its form, its unit's position and its calendar column."""
        unit, column = at
        inside = (unit >= 0) & (column >= 0) & (column < self.rollup.calendar.size)
        size = self.rollup.calendar.size
        for each in self.forms:
            mine = inside & (form == each)
            if mine.any():
                spot, cells = unit[mine] * size + column[mine], self.rollup.hierarchy.size * size
                good = np.bincount(spot[held[mine]], minlength=cells).astype(np.int32)
                every = np.bincount(spot, minlength=cells).astype(np.int32)
                self.add(dimension, each, good.reshape(-1, size), every.reshape(-1, size))

    def form_at(self, items: Iterable[str], units: Index) -> npt.NDArray[np.object_]:
        """The form in which an item, or the first known of several, is reported by units by position."""
        known = next((self.number[item] for item in items if item in self.number), None)
        found = np.full(len(units), "", dtype=object)
        for form in self.asked.of_item[known] if known is not None else ():
            mine = self._homes[form][units] & (found == "")
            found[mine] = form
        return found

    def places(self, book: Book) -> Places:
        """Where the rows of a book are counted."""
        position = self.rollup.hierarchy.positions
        of_unit = np.array([position.get(unit, -1) for unit in book.units], dtype=np.intp)
        unit = of_unit[book.unit]
        forms = np.full(len(unit), "", dtype=object)
        for number in np.unique(book.item):
            rows = book.item == number
            forms[rows] = self.form_at((book.items[number],), unit[rows])
        return Places(book, unit, forms, self.rollup.calendar.base)


@dataclass(frozen=True)
class Places:
    """Where the rows of a book are counted.

    Attributes:
        unit: position of each row's unit, -1 where the roll-up does not know it.
        form: the form that its unit reports the item in.
        base: number of the calendar's first month.
    """

    book: Book
    unit: Index
    form: npt.NDArray[np.object_]
    base: int

    def of(self, flags: Flags) -> tuple[npt.NDArray[np.object_], tuple[Index, Index], tuple[Index, Index]]:
        """Form, unit and calendar column (of the last month) of flagged reports; and where they are."""
        rows, columns = np.nonzero(flags)
        last = self.book.first[rows] + columns * self.book.step + self.book.step - 1 - self.base
        return self.form[rows], (self.unit[rows], last.astype(np.intp)), (rows, columns)

    def tally(self, tally: Tallies, dimension: str, held: Flags, made: Flags) -> None:
        """Count the checks of a book's reports."""
        form, at, where = self.of(made)
        tally.count(dimension, form, at, held[where])
