"""What a form says a month began with, beside what the store's own ledger says."""

from __future__ import annotations

import numpy as np
import pandas as pd

from indicators.quality_findings import frame

KEYS = ["org_unit", "item", "month"]


def opening_findings(values: pd.DataFrame, ledger: pd.DataFrame | None) -> pd.DataFrame:
    """Openings that are not what the ledger had when the month began.

    Where a form has no opening, the stock at the end of the month before is held against it.

    Args:
        values: `org_unit, item, measure, month, value`.
        ledger: `org_unit, item, month, opening`; None where no store keeps one.

    >>> form = pd.DataFrame({"org_unit": ["s"], "item": ["x"], "measure": ["opening"], "month": [202602],
    ...     "value": [30.0]})
    >>> book = pd.DataFrame({"org_unit": ["s"], "item": ["x"], "month": [202602], "opening": [28.0]})
    >>> opening_findings(form, book)[["rule", "value", "expected", "second"]].values.tolist()
    [['opening_ledger', 30.0, 28.0, 2.0]]
    """
    if ledger is None or ledger.empty:
        return frame("opening_ledger", {"month": np.empty(0, dtype=np.int32), "months": 1})
    told = values[values["org_unit"].isin(set(ledger["org_unit"]))]
    said = told[told["measure"] == "opening"].astype({"org_unit": str, "item": str})
    ended = told[told["measure"] == "closing"].astype({"org_unit": str, "item": str})
    ended = ended.assign(month=_next(ended["month"]))
    begins = pd.concat([said, ended]).drop_duplicates(KEYS, keep="first")
    both = begins.merge(ledger, on=KEYS)
    wrong = both[both["value"] != both["opening"]]
    return frame(
        "opening_ledger",
        {
            "org_unit": wrong["org_unit"].to_numpy(),
            "item": wrong["item"].to_numpy(),
            "measure": wrong["measure"].astype(str).to_numpy(),
            "month": wrong["month"].to_numpy(),
            "months": 1,
            "value": wrong["value"].to_numpy(),
            "expected": wrong["opening"].to_numpy(),
            "second": (wrong["value"] - wrong["opening"]).to_numpy(),
        },
    )


def _next(months: pd.Series) -> pd.Series:
    """The month after each, `YYYYMM`."""
    return months.where(months % 100 < 12, months + 88) + 1
