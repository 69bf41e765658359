"""Reporting rates: how many of the expected reports were registered, and how many in time."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from demo import periods
from demo.analytics.items import Item
from demo.analytics.rounding import as_text, as_total
from demo.analytics.table import Table

if TYPE_CHECKING:
    from demo.analytics.figures import Figures

PER_CENT = 100


def grid(figures: Figures, item: Item) -> tuple[np.ndarray, np.ndarray]:
    """A metric in every cell, and where any report is expected."""
    actual, expected = counted(figures, item)
    return _metric(item.parts[1], actual, expected), expected > 0


def counted(figures: Figures, item: Item) -> tuple[np.ndarray, np.ndarray]:
    """Reports registered (in time, if the metric asks for that) and reports expected, in every cell."""
    data_set, metric = item.parts
    rows = figures.within_filters(figures.table.rows(data_set))
    if metric.endswith("ON_TIME"):
        rows = rows.take(rows.value > 0)
    found = figures.aggregated(rows, "COUNT")
    return np.where(found.present, found.values, 0), _expected(figures, item)


def rows(figures: Figures, item: Item) -> list[list[str]]:
    """The rows of a metric: one for every cell in which reports are expected."""
    from demo.analytics.figures import meets

    actual, expected = counted(figures, item)
    value = _metric(item.parts[1], actual, expected)
    options = figures.question.options
    keys = list(product(*(figures.keys(d) for d in figures.question.others())))
    found = []
    for place in np.flatnonzero((expected.ravel() > 0) & meets(value.ravel(), options.measure)):
        row = [item.id, *keys[place], as_total(float(value.flat[place]), options.skip_rounding)]
        if options.numbers:
            row += [as_text(float(x.flat[place])) for x in (actual, expected)] + [str(PER_CENT), "", ""]
        found.append(row)
    return found


def _metric(metric: str, actual: np.ndarray, expected: np.ndarray) -> np.ndarray:
    if metric == "EXPECTED_REPORTS":
        return expected
    if metric.startswith("ACTUAL"):
        return actual
    share = np.divide(actual * PER_CENT, expected, out=np.zeros(expected.shape), where=expected > 0)
    return np.minimum(share, PER_CENT)


def _expected(figures: Figures, item: Item) -> np.ndarray:
    """Units that have the form and are open in the period, times the reports that the period holds."""
    question, tree = figures.question, figures.table.tree
    units, chosen = question.dimension("ou"), question.filter("ou")
    allowed = tree.inside([i.id for i in chosen.items]) if chosen else np.ones(len(tree.ids), bool)
    ranges = [tree.range(i.id) for i in units.items] if units else [(0, len(tree.ids))]
    groups = [d for d in question.others() if d.name not in ("pe", "ou")]
    windows = _windows(figures, item)
    counts = np.zeros((len(ranges), len(windows), *(len(d.items) for d in groups)))
    for places in np.ndindex(counts.shape[2:]):
        inside = allowed.copy()
        for dimension, place in zip(groups, places, strict=True):
            inside &= figures.group_of_unit(dimension) == place
        for column, window in enumerate(windows):
            before = np.cumsum(_assigned(figures.table, item.parts[0], window, inside))
            counted = [(before[last] - before[first]) * window[2] for first, last in ranges]
            counts[(slice(None), column, *places)] = counted
    return figures.arranged(counts, groups)


def _assigned(table: Table, data_set: str, window: tuple[str, str, int], inside: np.ndarray) -> np.ndarray:
    """One for every unit that has the form, is open and INSIDE; shifted by one place, to be summed up."""
    at = np.zeros(len(table.tree.ids) + 1)
    for uid, opened, closed in table.targets.get(data_set, ()):
        place = table.tree.position.get(uid)
        if place is not None and inside[place] and opened <= window[0] and closed >= window[1]:
            at[place + 1] = 1
    return at


def _windows(figures: Figures, item: Item) -> list[tuple[str, str, int]]:
    """For every column: first day, last day, and how many reports of this form it holds."""
    span, kind = figures.question.span, item.thing["periodType"]
    held = [_held(kind, p.start, p.end) for p in span.periods]
    times = [sum(held)] if span.as_filter else held
    return [
        (start.isoformat(), end.isoformat(), n) for (start, end), n in zip(span.windows(), times, strict=True)
    ]


def _held(kind: str, start: date, end: date) -> int:
    inside = [p for p in periods.between(kind, start, end) if p.start >= start and p.end <= end]
    return max(len(inside), 1)
