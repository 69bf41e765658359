"""What stores that keep no book here reported to DHIS2: their last End balance and what they use a day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import pandas as pd

from dashboard.holdings import Holding
from ledger.months import end_of_month, month_of

DAYS_OF_A_MONTH = 30.4375
TABLE = "store_values"


@dataclass(frozen=True)
class Shelf:
    """What a store said of an item.

    Attributes:
        balance: packs, its last End balance.
        daily: packs a day, the average of its full months; None where it said nothing of them.
        as_of: when that balance stood: the end of its month, or when it was entered, whichever was first;
            of a store that keeps its book here, when it was last heard of.
        of_form: whether DHIS2's form says so, not a book kept here.
    """

    balance: int
    daily: float | None
    as_of: datetime
    of_form: bool = False


def reported(
    holding: Holding, units: Collection[str], item: str, now: datetime, zone: ZoneInfo
) -> dict[str, Shelf]:
    """What stores said of an item in the last months, by unit; who said nothing of its balance is absent.

    Args:
        holding: the figures as last synced.
        units: the stores.
        item: id of a commodity.
        now: tells which month is not over.
        zone: the country's time zone.
    """
    snapshot = holding.snapshot
    if TABLE not in snapshot.manifest["tables"]:
        return {}  # a version from before stores' values were kept
    rows = snapshot.read(TABLE)
    here = rows.loc[(rows["item"].astype(str) == item) & rows["org_unit"].astype(str).isin(units)]
    present = month_of(now, zone)
    return {
        str(unit): shelf
        for unit, told in here.groupby("org_unit", observed=True)
        if (shelf := _shelf(told, present, zone)) is not None
    }


def _shelf(told: pd.DataFrame, present: int, zone: ZoneInfo) -> Shelf | None:
    closing = told.loc[told["measure"] == "closing"]
    if closing.empty:
        return None
    last = closing.loc[closing["month"].idxmax()]
    used = told.loc[(told["measure"] == "consumed") & (told["month"] < present), "value"]
    as_of = min(last["updated_at"].to_pydatetime(), end_of_month(int(last["month"]), zone))
    daily = float(used.mean()) / DAYS_OF_A_MONTH if len(used) else None
    return Shelf(max(0, int(last["value"])), daily, as_of, of_form=True)
