"""Patterns that counting people do not make: the same figure again, the same form, the same two facilities.

Sources: WHO data quality review, module 2; last-digit tests of routine figures (heaping of the digit 0).
"""

from __future__ import annotations

from itertools import pairwise
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from indicators.grids import Flags, Floats
from indicators.quality_book import Book, Index, before
from indicators.quality_findings import Proof, frame, joined, of_figures

FLOWS = ("consumed", "count", "received")
"""What changes from month to month by itself; a stock that nobody touches stays as it is."""
HABITS = ("consumed", "count")
LARGE, RUN_OF_LARGE, RUN_OF_ANY = 20, 3, 4
"""A figure of this size, so many times in a row, or any above zero so many times, is a flat line."""
SAME_SHARE, SAME_LEAST = 0.8, 5
TWIN_LEAST, TWIN_DIGITS = 3, 6.0
"""Elements that two forms must share, and the digits they must have together, not to be alike by chance."""
DIGITS_LEAST, DIGITS_REPORTS, DIGITS_SCORE, DIGITS_SHARE = 24, 24, 4.0, 0.3
_CHANCE = 0.1  # of a last digit to be 0

Hash = npt.NDArray[np.uint64]
Amount = TypeVar("Amount", np.uint64, np.float64)


def pattern_findings(book: Book, form_of: Index) -> pd.DataFrame:
    """All rules of this module.

    Args:
        book: the reports.
        form_of: a number for the form of each item of `book.items`.
    """
    parts = [flat_lines(book, measure) for measure in HABITS if measure in book.values]
    parts += [copied_forms(book, form_of), twin_facilities(book, form_of)]
    return joined([*parts, *(heaping(book, measure) for measure in HABITS if measure in book.values)])


def runs(values: Floats) -> npt.NDArray[np.intp]:
    """How many reports in a row, up to each, said the same, `[row, report]`; 0 where nothing was said.

    >>> runs(np.array([[5.0, 5.0, 3.0, np.nan, 3.0]])).tolist()
    [[1, 2, 1, 0, 1]]
    """
    column = np.arange(values.shape[1])
    broken = np.where(values == before(values), -1, column)
    return np.where(np.isnan(values), 0, column - np.maximum.accumulate(broken, axis=1) + 1)


def flat_lines(book: Book, measure: str) -> pd.DataFrame:
    """The same figure again and again: one finding a run, at its end, since its beginning.

    Proof: the figure (`value`) and how often it stands (`second`).
    """
    values = book.of(measure)
    length = runs(values)
    goes_on = np.zeros(length.shape, dtype=bool)
    goes_on[:, :-1] = length[:, 1:] == length[:, :-1] + 1
    long = (length >= RUN_OF_ANY) & (values > 0) | (length >= RUN_OF_LARGE) & (values >= LARGE)
    flags = long & ~goes_on
    found = of_figures(book, "flat_line", measure, flags, Proof(values, second=length.astype(np.float64)))
    rows, columns = np.nonzero(flags)
    return found.assign(since=book.months(rows, columns - length[rows, columns] + 1).astype(np.int32))


class _Sheets:
    """The rows of a book gathered into forms: one sheet a place and form, `[sheet, report]`."""

    def __init__(self, book: Book, form_of: Index) -> None:
        count = int(form_of.max(initial=0)) + 1
        key = (book.unit * count + form_of[book.item]) * book.step + book.first % book.step
        self._order = np.argsort(key, kind="stable")
        keys, self._edges = np.unique(key[self._order], return_index=True)
        self.unit = keys // book.step // count
        self.form = keys // book.step % count
        self.first_row = self._order[self._edges] if len(keys) else self._order

    def total(self, amounts: npt.NDArray[Amount]) -> npt.NDArray[Amount]:
        """Sums over the rows of each sheet."""
        if not len(self._edges):
            return amounts
        summed: npt.NDArray[Amount] = np.add.reduceat(amounts[self._order], self._edges, axis=0)
        return summed


def copied_forms(book: Book, form_of: Index) -> pd.DataFrame:
    """A form whose figures are last month's: of at least five above zero, eight in ten are the same.

    Proof: how many are the same (`value`) of how many (`second`).
    """
    sheets, width = _Sheets(book, form_of), book.shape[1]
    there, same = np.zeros((2, len(sheets.unit), width))
    for values in (book.values[name] for name in FLOWS if name in book.values):
        there += sheets.total((values > 0).astype(np.float64))
        same += sheets.total(((values > 0) & (values == before(values))).astype(np.float64))
    flags = (there >= SAME_LEAST) & (same >= SAME_SHARE * there)
    return _of_sheets(book, sheets, "copied_form", flags, Proof(same, second=there))


def twin_facilities(book: Book, form_of: Index) -> pd.DataFrame:
    """Two places whose forms of a month say the same, figure by figure; each finding names the other place.

    Proof: how many figures above zero the form has (`value`).
    """
    sheets, width = _Sheets(book, form_of), book.shape[1]
    shape = (len(sheets.unit), width)
    mark, there, digits = np.zeros(shape, dtype=np.uint64), np.zeros(shape), np.zeros(shape)
    # Sums under random weights that wrap around: equal sums are equal forms but once in 2**64.
    weights = np.random.default_rng(8).integers(1, 2**63, (len(FLOWS), len(book.items)), dtype=np.uint64)
    for weight, name in zip(weights, FLOWS, strict=True):
        if name in book.values:
            values = np.maximum(np.nan_to_num(book.values[name]), 0)
            mark += sheets.total(values.astype(np.uint64) * weight[book.item][:, None])
            there += sheets.total((values > 0).astype(np.float64))
            digits += sheets.total(np.log10(np.maximum(values, 1)))
    clear = (there >= TWIN_LEAST) & (digits >= TWIN_DIGITS)
    flags, other = _alike(mark, clear, sheets)
    found = _of_sheets(book, sheets, "twin_facilities", flags, Proof(there))
    rows, columns = np.nonzero(flags)
    return found.assign(other=np.array(book.units, dtype=object)[sheets.unit[other[rows, columns]]])


def _alike(mark: Hash, clear: Flags, sheets: _Sheets) -> tuple[Flags, Index]:
    """Which clear sheets say the same as another of their form and month, and the next that does."""
    rows, columns = np.nonzero(clear)
    group = sheets.form[rows] * mark.shape[1] + columns
    order = np.lexsort((rows, mark[rows, columns], group))
    key = np.stack([group[order].astype(np.uint64), mark[rows, columns][order]])
    edges = (np.flatnonzero(np.any(np.diff(key, axis=1) != 0, axis=0)) + 1).tolist()
    flags, other = np.zeros(mark.shape, dtype=bool), np.zeros(mark.shape, dtype=np.intp)
    for start, stop in pairwise([0, *edges, len(order)]):
        if stop - start > 1:
            same = order[start:stop]
            flags[rows[same], columns[same]] = True
            other[rows[same], columns[same]] = rows[np.roll(same, -1)]
    return flags, other


def _of_sheets(book: Book, sheets: _Sheets, rule: str, flags: Flags, proof: Proof) -> pd.DataFrame:
    """Findings about whole forms; `item` names one of the form, so that its form can be told."""
    rows, columns = np.nonzero(flags)
    first = sheets.first_row[rows]
    second = proof.second[rows, columns] if isinstance(proof.second, np.ndarray) else proof.second
    told = {
        "org_unit": np.array(book.units, dtype=object)[sheets.unit[rows]],
        "item": np.array(book.items, dtype=object)[book.item[first]],
        "month": book.months(first, columns),
        "months": book.step,
        "value": proof.value[rows, columns],
        "second": second,
    }
    return frame(rule, told)


def heaping(book: Book, measure: str) -> pd.DataFrame:
    """Places that round: of their last figures from twenty on, far more end in 0 than one in ten.

    Proof: the share that ends in 0 (`value`), one in ten (`expected`), of how many figures (`second`).
    """
    values = book.of(measure).copy()
    values[:, : max(0, values.shape[1] - DIGITS_REPORTS // book.step)] = np.nan
    large = values >= LARGE
    count = np.bincount(book.unit, large.sum(axis=1), len(book.units))
    round_ = np.bincount(book.unit, (large & (values % 10 == 0)).sum(axis=1), len(book.units))
    size = np.maximum(count, 1)
    share = round_ / size
    score = (share - _CHANCE) / np.sqrt(_CHANCE * (1 - _CHANCE) / size)
    told = np.flatnonzero((count >= DIGITS_LEAST) & (score > DIGITS_SCORE) & (share > DIGITS_SHARE))
    ends = _last_months(book, large)
    named = {"org_unit": np.array(book.units, dtype=object)[told], "measure": measure, "months": book.step}
    proof = {"value": share[told], "expected": _CHANCE, "second": count[told]}
    return frame("heaping", {**named, "month": ends[told], **proof})


def _last_months(book: Book, flags: Flags) -> Index:
    """The last flagged month of each place."""
    rows, columns = np.nonzero(flags)
    last = np.zeros(len(book.units), dtype=np.intp)
    np.maximum.at(last, book.unit[rows], book.months(rows, columns).astype(np.intp))
    return last
