"""What detectors of mistakes are tried on: series with mistakes that somebody knows of, and true events."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

Cells = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int8]
Numbers = npt.NDArray[np.intp]

RIGHT = 0


@dataclass(frozen=True)
class Suite:
    """Series of facilities, arrays `[series, month]`, with what is known of them.

    Attributes:
        name: as the tables call it.
        values: as reported, NaN where nothing was.
        item, facility, district: `[series]`.
        months: YYYYMM of each column.
        wrong: which mistake a cell holds, a code of `bench.suites_mistakes.NAMES`; 0 where it is right.
        event: cells of true events (an epidemic, a campaign, a stock-out, a new facility).
        partner, closing, stockout_days: where the suite has them.
        meant: what should have been reported, where the suite knows it beside its mistakes.
    """

    name: str
    values: Cells
    item: Numbers
    facility: Numbers
    district: Numbers
    months: tuple[int, ...]
    wrong: Codes
    event: Flags
    partner: Cells | None = None
    closing: Cells | None = None
    stockout_days: Cells | None = None
    meant: Cells | None = None

    @property
    def stocked(self) -> Flags:
        """Months that are not explained by an empty store; all where stock is not known."""
        if self.closing is None:
            return np.ones(self.values.shape, dtype=bool)
        return np.asarray(~(self.closing <= 0))

    def without(self, *columns: str) -> Suite:
        """The same without some of what is known besides the values."""
        return replace(self, **dict.fromkeys(columns, None))

    def frame(self) -> pd.DataFrame:
        """One row a reported cell, as `bench.alerts score` takes it; its index numbers the cells."""
        shape, width = self.values.shape, self.values.shape[1]
        row, column = np.divmod(np.flatnonzero(~np.isnan(self.values)), width)
        parts = {"facility": self.facility[row], "district": self.district[row], "item": self.item[row]}
        parts |= {"month": np.array(self.months)[column], "value": self.values[row, column]}
        for name in ("partner", "closing", "stockout_days"):
            if (known := getattr(self, name)) is not None:
                parts[name] = known[row, column]
        return pd.DataFrame(parts, index=np.ravel_multi_index((row, column), shape))


def months_from(year: int, count: int) -> tuple[int, ...]:
    """So many months from a January on.

    >>> months_from(2020, 14)[-2:]
    (202101, 202102)
    """
    return tuple(100 * (year + i // 12) + i % 12 + 1 for i in range(count))
