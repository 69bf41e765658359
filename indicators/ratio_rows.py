"""The ratio of a pair of one fixed dose as rows, beside those of its lines."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from indicators.compare import COLUMNS, TOTAL, Comparison, positions_of
from indicators.measures import COMMODITY, COUNT, SERVICE, SERVICE_REPORT
from indicators.ratio import Ratio, ratio
from indicators.states import MISSING, NOT_APPLICABLE, REPORTED, ZERO

RATIO = "ratio"
CONSUMED = "consumed"


def side_used(comparison: Comparison) -> str | None:
    """The side that the numerator is from; None where the pair, or what may be read of it, has no ratio."""
    if not comparison.pair.dosed or not comparison.has(SERVICE, COUNT):
        return None
    return next((side for side in (SERVICE_REPORT, COMMODITY) if comparison.has(side, CONSUMED)), None)


def ratio_rows(comparison: Comparison, as_of: str | None = None) -> pd.DataFrame:
    """One row for each unit and period, with the columns of `GET /api/v1/compare`; none without a ratio.

    `value` is `numerator` (units used) over `denominator` (services), both over the places that report both:
    `n_reported` of `n_expected`, the places that report either.
    """
    side = side_used(comparison)
    if side is None:
        return pd.DataFrame(columns=list(COLUMNS))
    rollup, view = comparison.rollup, comparison.view
    found = ratio(rollup, comparison.pair, view)
    units = rollup.units.iloc[positions_of(rollup, view)]
    unit, period = (index.ravel() for index in np.indices(found.value.shape))
    both = found.n_both > 0
    columns = {
        "unit_id": units["id"].array.take(unit),
        "unit_code": units["code"].array.take(unit),
        "unit_name": units["name"].array.take(unit),
        "level": units["level"].array.take(unit),
        "period": pd.Series(found.periods, dtype="str").array.take(period),
        "side": side,
        "measure": RATIO,
        "item": TOTAL,
        "value": found.value.ravel(),
        "state": _states(comparison, side, found).ravel(),
        "n_reported": found.n_both.ravel().astype(np.int32),
        "n_expected": found.n_either.ravel().astype(np.int32),
        "imputed_share": 0.0,
        "source": _source(comparison, side),
        "as_of": as_of,
        "numerator": np.where(both, found.above, np.nan).ravel(),
        "denominator": np.where(both, found.below, np.nan).ravel(),
    }
    return pd.DataFrame(columns, columns=list(COLUMNS))


def _source(comparison: Comparison, side: str) -> str:
    """Where both sides come from, each named once."""
    named = (comparison.line(side, CONSUMED).source, comparison.line(SERVICE, COUNT).source)
    return ", ".join(dict.fromkeys(each for name in named for each in name.split(", ") if each))


def _states(comparison: Comparison, side: str, found: Ratio) -> npt.NDArray[np.object_]:
    """Missing where one of the sides is; not applicable where one is not expected, or nobody was served."""
    lines = (comparison.line(side, CONSUMED), comparison.line(SERVICE, COUNT))
    none = np.logical_or.reduce([line.state == NOT_APPLICABLE for line in lines]) | (found.n_both > 0)
    empty = np.where(none, NOT_APPLICABLE, MISSING)
    known = np.where(found.value == 0, ZERO, REPORTED)
    return np.where(np.isnan(found.value), empty, known).astype(np.object_)
