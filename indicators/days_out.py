"""Days without stock of every month, counted from daily balances: with real calendar days, none reported.

Source: `stockouts.from_movements` counts the same of one month and says how OpenLMIS counts.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from indicators.periods import month_number

KEYS = ["org_unit", "item"]
EPOCH = 1970 * 12  # the number of the month from which numpy counts


def of_balances(balances: pd.DataFrame) -> pd.DataFrame:
    """Days without stock by place, product and month.

    A balance holds from the end of its day up to the day before the next one. A day counts when nothing
    stands at its end. The last balance of a place and product says where its slips end: that day is the last
    of which anything is known.

    Args:
        balances: `org_unit, item, day, balance`: what stood at the end of a day; days of each in any order.

    Returns:
        `org_unit, item, month` (`YYYYMM`), `days_out`, `known` (days of which the balance is known) and
        `days` (of the month), a row for every month of which a day is known.

    >>> days = pd.to_datetime(["2019-01-01", "2019-01-13", "2019-01-19", "2019-01-31"])
    >>> told = pd.DataFrame({"org_unit": "A", "item": "i", "day": days, "balance": [0.0, 10, 0, 0]})
    >>> of_balances(told)[["month", "days_out", "known", "days"]].values.tolist()
    [[201901, 25, 31, 31]]
    """
    told = balances.assign(**{name: balances[name].astype(str) for name in KEYS})
    told = told.sort_values([*KEYS, "day"], ignore_index=True)
    begin = told["day"].to_numpy().astype("datetime64[D]")
    following = told.groupby(KEYS)["day"].shift(-1).to_numpy().astype("datetime64[D]")
    end = np.where(np.isnat(following), begin + 1, following)
    first, last = begin.astype("datetime64[M]"), (end - 1).astype("datetime64[M]")
    count = (last - first).astype(np.int64) + 1
    row = np.repeat(np.arange(len(told)), count)
    within = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    month = first[row] + within
    start, stop = month.astype("datetime64[D]"), (month + 1).astype("datetime64[D]")
    held = (np.minimum(end[row], stop) - np.maximum(begin[row], start)).astype(np.int64)
    empty = told["balance"].to_numpy(dtype=np.float64)[row] <= 0
    spans = told.loc[row, KEYS].reset_index(drop=True).assign(
        number=month.astype(np.int64) + EPOCH, days_out=held * empty, known=held,
        days=(stop - start).astype(np.int64),
    )  # fmt: skip
    summed = spans.groupby([*KEYS, "number", "days"], as_index=False)[["days_out", "known"]].sum()
    number = summed.pop("number")
    summed.insert(2, "month", number // 12 * 100 + number % 12 + 1)
    return summed[[*KEYS, "month", "days_out", "known", "days"]]


def whole_months(found: pd.DataFrame) -> pd.DataFrame:
    """Of what `of_balances` gives, the months of which every day is known, with their `number`."""
    whole = found.loc[found["known"] == found["days"]]
    return whole.assign(number=whole["month"].map(month_number).astype(np.int64))
