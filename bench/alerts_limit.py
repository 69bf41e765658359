"""The best that our detector could do: told the true means, or what all other figures should have been."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bench.suites import Cells, Numbers, Suite
from bench.suites_simulated import Truth
from indicators.aberration import ALERT
from indicators.aberration_forms import copied_forms
from indicators.aberration_item import Item, keep
from indicators.aberration_judging import judge
from indicators.aberration_level import History, Level, to_scale
from indicators.aberration_right import Tail
from indicators.aberration_series import Series


def limit(suite: Suite, truth: Truth) -> Cells:
    """Scores by likelihood ratios around the true mean of every figure of one item."""
    known = ~np.isnan(suite.values)
    values = np.where(known, suite.values, 0).astype(np.float32)
    closing = None if suite.closing is None else suite.closing.astype(np.float32)
    out = ~suite.stocked
    item = Item(History(values, known, known & ~out, suite.district, 0, trailing=False), out, closing)
    kept, _ = keep(item)
    alpha = np.float32(np.median(truth.alpha))
    expected = truth.mean.astype(np.float32)
    own = np.sqrt((1 + truth.alpha * expected) / (1 + alpha * expected)).mean(axis=1, keepdims=True)
    spread = own.astype(np.float32)
    off = np.where(known, (to_scale(values, alpha) - to_scale(expected, alpha)) / spread, np.nan)
    habits = replace(kept.habits, middle=0.0, low=Tail(50, 1), high=Tail(50, 1), wandering=0.001)
    learned = replace(kept.learned, alpha=alpha, spread=spread)
    told = replace(kept, learned=learned, habits=habits, follows=0.0, together=1.0)
    return np.asarray(
        judge(item, told, Level(expected, off.astype(np.float32), np.zeros_like(expected))).score
    )


def without_mistakes(suite: Suite) -> Cells:
    """Scores by somebody who learnt levels, seasons and habits from what should have been reported."""
    meant = suite.values if suite.meant is None else suite.meant
    found = np.full(suite.values.shape, np.nan)
    for rows in (np.flatnonzero(suite.item == each) for each in np.unique(suite.item)):
        right, reported = (_item(suite, rows, values) for values in (meant, suite.values))
        kept, level = keep(right)
        kept = replace(kept, series=Series.of(reported.history, kept.learned))
        alpha = kept.learned.alpha
        values = np.where(reported.history.known, reported.history.values, np.nan)
        off = (to_scale(values, alpha) - to_scale(level.expected, alpha)) / kept.learned.spread
        found[rows] = judge(reported, kept, replace(level, off=off.astype(np.float32))).score
    forms = np.minimum(copied_forms(suite.values, suite.item, suite.facility, suite.closing), ALERT - 0.25)
    return np.asarray(np.where(np.isnan(found), np.nan, np.logaddexp(np.nan_to_num(found), forms)))


def _item(suite: Suite, rows: Numbers, values: Cells) -> Item:
    known = ~np.isnan(values[rows])
    sound, closing = suite.stocked[rows], None if suite.closing is None else suite.closing[rows]
    areas = np.unique(suite.district[rows], return_inverse=True)[1]
    filled = np.where(known, values[rows], 0).astype(np.float32)
    history = History(filled, known, known & sound, areas, suite.months[0] % 100 - 1, trailing=False)
    return Item(history, ~sound, None if closing is None else closing.astype(np.float32))
