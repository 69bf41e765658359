"""What stores write slip by slip, added up: lots with what will become of them, averages, days without stock.

Frames are long, ids as in the source, quantities in dispensing units. A place that writes no slips is in no
figure: nothing is known of it, which is not the same as nothing being there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from indicators.consumption import adjusted
from indicators.days_out import EPOCH, KEYS, of_balances, whole_months
from indicators.expiry import at_risk, months_until
from indicators.periods import last_day, month_number, month_of

WINDOW, LEAST = 3, 2
"""Whole months of which issues are averaged, and how many of them a store must have written."""


def no_balances() -> pd.DataFrame:
    """Of a source that tells of no balance."""
    texts = {name: pd.Series(dtype=str) for name in KEYS}
    return pd.DataFrame({**texts, "day": pd.Series(dtype="datetime64[s]"), "balance": pd.Series(dtype=float)})


@dataclass(frozen=True)
class Slips:
    """What slips add up to.

    Attributes:
        lots: `org_unit, item, lot, expiry, quantity, as_of`: what stood at each month's end, and what stands
            after each store's last slip.
        losses: `org_unit, item, month, reason, expired, quantity`.
        issues: `org_unit, item, month, quantity`; 0 where a store wrote of other things in that month.
        orders: `org_unit, item, ordered_on, ordered, promised_on, received_on, received`.
        today: the day on which the figures are looked at.
        balances: `org_unit, item, day, balance`: what stood at the end of days, all lots together.
    """

    lots: pd.DataFrame
    losses: pd.DataFrame
    issues: pd.DataFrame
    orders: pd.DataFrame
    today: np.datetime64
    balances: pd.DataFrame = field(default_factory=no_balances)
    _known: dict[int, pd.DataFrame] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def this_month(self) -> int:
        """The month of today, `YYYYMM`."""
        return month_of(int(self.today.astype("datetime64[M]").astype(np.int64)) + EPOCH)

    @cached_property
    def days_out(self) -> pd.DataFrame:
        """Days without stock in the months of which every day is known; see `days_out.of_balances`."""
        return whole_months(of_balances(self.balances))

    @property
    def averages(self) -> pd.DataFrame:
        """Average monthly issues of the last whole months; see `averages_before`."""
        return self.averages_before(self.this_month)

    def averages_before(self, month: int) -> pd.DataFrame:
        """Average monthly issues of the `WINDOW` months before one, made good for days without stock.

        Formula: mean of issues x days of the month / days in stock (at most x 3), by `consumption.adjusted`,
        of the months that say something; issues as they were where not every day of a month is known.
        A store that wrote in fewer than `LEAST` of the months has none.

        Args:
            month: `YYYYMM`.

        Returns:
            `org_unit, item, average`, in dispensing units a month.
        """
        this = month_number(month)
        issues = self.issues.assign(number=self.issues["month"].map(month_number).astype(np.int64))
        issues = issues.loc[(issues["number"] >= this - WINDOW) & (issues["number"] < this)]
        issues = issues.assign(**{name: issues[name].astype(str) for name in KEYS})
        out = self.days_out[[*KEYS, "number", "days_out", "days"]]
        known = issues.merge(out, how="left", on=[*KEYS, "number"])
        known["use"] = adjusted(known["quantity"], known["days_out"], known["days"].fillna(1))
        found = known.groupby(KEYS)["use"].agg(["mean", "size"]).reset_index()
        enough = found.loc[(found["size"] >= LEAST) & found["mean"].notna()]
        return enough[KEYS].assign(average=enough["mean"].clip(lower=0))

    @property
    def expiring(self) -> pd.DataFrame:
        """Every lot that stands now with what will become of it; see `expiring_as_of`."""
        return self.expiring_as_of(self.this_month)

    def expiring_as_of(self, month: int) -> pd.DataFrame:
        """Every lot that stood at the end of a month with what would become of it, first expired first out.

        The months averaged are then those up to that one. Of the present month, or a later one: as of now,
        with what stands after each store's last slip and the whole months before.

        Args:
            month: `YYYYMM`.

        Returns:
            The columns of `lots`, and `average` (NaN not known), `left` (months to the date, NaN not known),
            `used`, `at_risk` (NaN where the average or the date is not known) and `gone` (what has expired
            already), of the same order.
        """
        asked = min(month, self.this_month)
        if asked not in self._known:
            self._known[asked] = self._expiring(asked)
        return self._known[asked]

    def standing(self, month: int) -> pd.DataFrame:
        """The rows of `lots` of the end of a month; of the present one, those of each store's last day."""
        days, units = self.lots["as_of"], self.lots["org_unit"].astype(str)
        if month < self.this_month:
            within = (days.dt.year * 100 + days.dt.month) == month
            days, units = days[within], units[within]
        newest = days.groupby(units).transform("max") == days
        return self.lots.loc[newest.index[newest]]

    def _expiring(self, month: int) -> pd.DataFrame:
        now = month >= self.this_month
        following = month_of(month_number(month) + 1)
        day = self.today if now else np.datetime64(last_day(month))
        averages = self.averages_before(month if now else following)
        lots = self.standing(month)
        lots = lots.assign(**{name: lots[name].astype(str) for name in KEYS})
        return _with_fate(lots.merge(averages, how="left", on=KEYS).reset_index(drop=True), day)


def _with_fate(lots: pd.DataFrame, today: np.datetime64) -> pd.DataFrame:
    """Lots with their average, and what becomes of them from a day on."""
    lots = lots.assign(left=months_until(lots["expiry"].to_numpy(), today))
    if lots.empty:
        return lots.assign(used=0.0, at_risk=0.0, gone=0.0)
    row = lots.groupby(KEYS, sort=False).ngroup().to_numpy()
    column = lots.groupby(KEYS, sort=False).cumcount().to_numpy()
    shape = int(row.max()) + 1, int(column.max()) + 1
    quantity, left, average = np.full(shape, np.nan), np.full(shape, np.nan), np.full(shape[0], np.nan)
    quantity[row, column] = lots["quantity"]
    left[row, column] = lots["left"]
    average[row] = lots["average"]
    found = at_risk(quantity, left, average)
    parts = {"used": found.used, "at_risk": found.at_risk, "gone": found.expired}
    return lots.assign(**{name: part[row, column] for name, part in parts.items()})
