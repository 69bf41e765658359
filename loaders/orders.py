"""Orders with what came of them, from the events of two programs that have only a number in common."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from countries.events import Events
from loaders.frames import canonical, empty

KEYS = ["org_unit", "item", "number"]


def orders_of(events: pd.DataFrame, configured: Events, delivery_day: int | None) -> pd.DataFrame:
    """Canonical `orders`: one row for each number, store and item that was ordered.

    What came without an order is in no row: nobody waited for it. Of several receipts of one order the
    quantities add up, and it has come when the last one has.

    Args:
        events: canonical `events`; what is neither order nor receipt is passed over.
        configured: the country's events, for what their numbers have in common.
        delivery_day: the day of the month by which what was ordered is to come; None where there is none.
    """
    asked = _numbered(events.loc[events["role"] == "orders"], configured.matched_by)
    came = _numbered(events.loc[events["role"] == "receipts"], configured.matched_by)
    if asked.empty:
        return empty("orders")
    ordered = asked.groupby(KEYS, as_index=False).agg(ordered_on=("day", "min"), ordered=("quantity", "sum"))
    received = came.groupby(KEYS, as_index=False).agg(
        received_on=("day", "max"), received=("quantity", "sum")
    )
    both = ordered.merge(received, how="left", on=KEYS)
    both["promised_on"] = _promised(both["ordered_on"], delivery_day)
    return canonical("orders", both.sort_values(KEYS))


def _numbered(rows: pd.DataFrame, matched_by: str) -> pd.DataFrame:
    """Rows with what an order's and its receipt's number have in common; those without are left out."""
    pattern = re.compile(matched_by)
    found = [pattern.search(text) if isinstance(text, str) else None for text in rows["number"].tolist()]
    plain = rows.assign(
        number=pd.Series([match[0] if match else None for match in found], index=rows.index, dtype="str"),
        org_unit=rows["org_unit"].astype("str"),
        item=rows["item"].astype("str"),
    )
    return plain.dropna(subset=["number"])


def _promised(ordered_on: pd.Series, delivery_day: int | None) -> pd.Series:
    """The first day of delivery on or after the order."""
    if delivery_day is None:
        return pd.Series(np.datetime64("NaT"), index=ordered_on.index, dtype="datetime64[s]")
    day = ordered_on.to_numpy().astype("datetime64[D]")
    month = day.astype("datetime64[M]")
    this = month.astype("datetime64[D]") + (delivery_day - 1)
    following = (month + 1).astype("datetime64[D]") + (delivery_day - 1)
    return pd.Series(np.where(day <= this, this, following).astype("datetime64[s]"), index=ordered_on.index)
