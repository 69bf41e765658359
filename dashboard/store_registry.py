"""What a store's slips in DHIS2's registry say of its days before it kept its book here.

A store that begins to use the desk has often written slips for years, as events of "Stock transaction". They
tell how much goes out on which day, so that advice need not be cautious on the first morning.
"""

from collections import OrderedDict
from collections.abc import Mapping
from datetime import date

import pandas as pd
import pyarrow.dataset as ds

from dashboard.holdings import Holding
from ledger.figures import Days

ISSUED = "issued"
KEPT = 64
"""Stores whose registry is remembered."""


def registered_days(
    holding: Holding, unit: str, packs: Mapping[str, float], first: date, last: date
) -> dict[str, Days]:
    """What each item's days brought by the registry: what was issued, in packs, and what stood at the end.

    Args:
        holding: the figures as last synced.
        unit: the store.
        packs: by item, how many dispensing units are in a pack.
        first: the first day that is wanted.
        last: the last one; days after the store's last slip say nothing and are left out.

    Returns:
        By item, from its first slip on. A day without a slip of it brought 0. Nothing where the country has
        no registry. Slips do not say what was asked for: what was issued stands for it.
    """
    snapshot = holding.snapshot
    if "events" not in snapshot.manifest["tables"]:
        return {}
    here = ds.field("org_unit") == unit
    columns = ["item", "kind", "quantity", "day"]
    slips = snapshot.read("events", columns, where=here & (ds.field("role") == "movements"))
    if slips.empty or last < first:
        return {}
    stood = _balances(holding, unit)
    ended = min(last, slips["day"].max().date())
    found = {}
    for item, rows in slips.groupby(slips["item"].astype(str)):
        begins = max(first, rows["day"].min().date())
        if item in packs and begins <= ended:
            held = stood.loc[stood["item"].astype(str) == item].set_index("day")["balance"]
            found[str(item)] = _days(rows, held, packs[item], (begins, ended))
    return found


class Registry:
    """Remembers what the registry said of stores: it changes with a sync alone."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, str, date, date], dict[str, Days]] = OrderedDict()

    def days(
        self, holding: Holding, unit: str, packs: Mapping[str, float], first: date, last: date
    ) -> dict[str, Days]:
        """As `registered_days`."""
        key = (holding.version, unit, first, last)
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = registered_days(holding, unit, packs, first, last)
            while len(self._kept) > KEPT:
                self._kept.pop(next(iter(self._kept)), None)
        return found


def _balances(holding: Holding, unit: str) -> pd.DataFrame:
    """What stood at the ends of days, ``item, day, balance``; empty in a version from before."""
    if "balances" not in holding.snapshot.manifest["tables"]:
        return pd.DataFrame(
            {"item": pd.Series(dtype="str"), "day": pd.Series(dtype="datetime64[s]"), "balance": 0.0}
        )
    return holding.snapshot.read("balances", ["item", "day", "balance"], where=ds.field("org_unit") == unit)


def _days(rows: pd.DataFrame, held: "pd.Series[float]", pack: float, span: tuple[date, date]) -> Days:
    days = pd.date_range(*span)
    issued = rows.loc[rows["kind"].astype(str) == ISSUED].groupby("day")["quantity"].sum()
    asked = issued.reindex(days, fill_value=0.0) / pack
    # An item that was never counted has no balance: taken as there, so that its days count.
    closing = held.reindex(held.index.union(days)).ffill().reindex(days).fillna(pack) / pack
    return Days(span[0], tuple(round(each) for each in asked), tuple(round(each) for each in closing))
