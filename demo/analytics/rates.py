"""Reporting rates: how many of the expected reports were registered, and how many in time."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from demo import periods
from demo.analytics.items import Item
from demo.analytics.rounding import as_text, as_total

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
    table, question = figures.table, figures.question
    units, tree = question.dimension("ou"), table.tree
    allowed = np.ones(len(tree.ids), bool)
    if chosen := question.filter("ou"):
        allowed = tree.inside([i.id for i in chosen.items])
    ranges = [tree.range(i.id) for i in units.items] if units else [(0, len(tree.ids))]
    windows = _windows(figures, item)
    counts = np.zeros((len(ranges), len(windows)))
    for column, (start, end, times) in enumerate(windows):
        at = np.zeros(len(tree.ids) + 1)
        for uid, opened, closed in table.targets.get(item.parts[0], ()):
            place = tree.position.get(uid)
            if place is not None and allowed[place] and opened <= start and closed >= end:
                at[place + 1] = 1
        before = np.cumsum(at)
        counts[:, column] = [(before[last] - before[first]) * times for first, last in ranges]
    return figures.arranged(counts, [])


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
