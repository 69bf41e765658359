"""What stores write slip by slip: lots at risk of expiry, losses by reason, how orders are served.

Frames are long, ids as in the source, quantities in dispensing units. A place that writes no slips is in no
figure: nothing is known of it, which is not the same as nothing being there. Formulas and sources stand with
`expiry` and `supply_performance`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from indicators.expiry import at_risk, months_until
from indicators.grids import Floats
from indicators.periods import LENGTHS, Span, month_number
from indicators.question import Answer, Question, Subject
from indicators.rates import over
from indicators.rollup import Rollup
from indicators.supply_performance import Orders, lead_times, on_time_in_full

WINDOW, LEAST = 3, 2
"""Whole months of which issues are averaged, and how many of them a store must have written."""
REGISTERED: Mapping[str, str] = {
    "expiry_at_risk": "share",
    "expired": "quantity",
    "on_time_in_full": "share",
    "lead_time": "days",
}
"""The indicators, by id, with what they are counted in."""
KEYS = ["org_unit", "item"]
EPOCH = 1970 * 12  # the number of the month from which numpy counts


@dataclass(frozen=True)
class Slips:
    """What slips add up to.

    Attributes:
        lots: `org_unit, item, lot, expiry, quantity, as_of`: what stands now.
        losses: `org_unit, item, month, reason, expired, quantity`.
        issues: `org_unit, item, month, quantity`; 0 where a store wrote of other things in that month.
        orders: `org_unit, item, ordered_on, ordered, promised_on, received_on, received`.
        today: the day on which the figures are looked at.
    """

    lots: pd.DataFrame
    losses: pd.DataFrame
    issues: pd.DataFrame
    orders: pd.DataFrame
    today: np.datetime64

    @cached_property
    def averages(self) -> pd.DataFrame:
        """Average monthly issues of the last whole months, `org_unit, item, average`.

        A store that wrote in fewer than `LEAST` of the last `WINDOW` months has none.
        """
        this = _month_number(self.today)
        number = self.issues["month"].map(month_number)
        recent = self.issues.loc[(number >= this - WINDOW) & (number < this)]
        found = recent.groupby(KEYS, observed=True)["quantity"].agg(["sum", "count"]).reset_index()
        enough = found.loc[found["count"] >= LEAST]
        average = (enough["sum"] / enough["count"]).clip(lower=0)
        return pd.DataFrame({name: enough[name].astype(str) for name in KEYS} | {"average": average})

    @cached_property
    def expiring(self) -> pd.DataFrame:
        """Every lot with what will become of it, first expired first out.

        Returns:
            The columns of `lots`, and `average` (NaN not known), `used`, `at_risk` (NaN where the average or
            the date is not known) and `gone` (what has expired already), of the same order.
        """
        lots = self.lots.assign(**{name: self.lots[name].astype(str) for name in KEYS})
        lots = lots.merge(self.averages, how="left", on=KEYS).reset_index(drop=True)
        if lots.empty:
            return lots.assign(used=0.0, at_risk=0.0, gone=0.0)
        row = lots.groupby(KEYS, sort=False).ngroup().to_numpy()
        column = lots.groupby(KEYS, sort=False).cumcount().to_numpy()
        shape = int(row.max()) + 1, int(column.max()) + 1
        quantity, left, average = np.full(shape, np.nan), np.full(shape, np.nan), np.full(shape[0], np.nan)
        quantity[row, column] = lots["quantity"]
        left[row, column] = months_until(lots["expiry"].to_numpy(), self.today)
        average[row] = lots["average"]
        found = at_risk(quantity, left, average)
        parts = {"used": found.used, "at_risk": found.at_risk, "gone": found.expired}
        return lots.assign(**{name: part[row, column] for name, part in parts.items()})


class Registry:
    """The indicators of slips, of any unit, product and period.

    Args:
        rollup: whose hierarchy and calendar hold.
        slips: the frames.
        codes: id of an item -> its code, of all items that slips name.
    """

    def __init__(self, rollup: Rollup, slips: Slips, codes: Mapping[str, str]) -> None:
        self.rollup, self.slips, self.codes = rollup, slips, dict(codes)

    def ask(self, indicator: str, question: Question) -> Answer:
        """An indicator's figures, `[unit, subject, period]`.

        Expiry at risk is as of today: it stands in the last month of the data alone. An order counts in the
        month in which it was placed.

        Raises:
            KeyError: the indicator or a unit is unknown.
        """
        own: Callable[[pd.DataFrame], Floats] = {
            "expiry_at_risk": _at_risk, "expired": _expired, "on_time_in_full": self._in_full,
            "lead_time": _lead_time,
        }[indicator]  # fmt: skip
        table = self._table(indicator)
        span = self.rollup.calendar.span(question.first, question.last, question.grain)
        at = self._period(table["number"], span)
        members = self.rollup.members(question.group)
        shape = len(question.units), len(question.subjects), len(span)
        parts = np.zeros((5, *shape))
        parts[0] = np.nan
        for row, unit in enumerate(question.units):
            here = self._inside(table, unit, members)
            for column, subject in enumerate(question.subjects):
                of = here & table["code"].isin(subject.codes).to_numpy()
                for period in np.unique(at[of & (at >= 0) & (at < len(span))]):
                    parts[:, row, column, period] = own(table.loc[of & (at == period)])
        value, numerator, denominator, reported, expected = parts
        return Answer(
            id=indicator,
            unit=REGISTERED[indicator],
            question=question,
            periods=span.labels,
            starts=span.starts,
            value=value,
            numerator=numerator,
            denominator=denominator,
            reported=reported.astype(np.int32),
            expected=expected.astype(np.int32),
            imputed_share=np.zeros(shape),
        )

    def subjects(self) -> tuple[Subject, ...]:
        """Every product that slips name."""
        return tuple(Subject.product(code) for code in sorted(set(self.codes.values())))

    def _table(self, indicator: str) -> pd.DataFrame:
        slips = self.slips
        if indicator == "expiry_at_risk":
            calendar = self.rollup.calendar
            now = min(_month_number(slips.today), calendar.base + calendar.size - 1)
            table = slips.expiring.assign(number=now)
        elif indicator == "expired":
            lost = slips.losses.loc[slips.losses["expired"]].groupby([*KEYS, "month"], observed=True)
            gone = lost["quantity"].sum().reset_index(name="lost").astype({"org_unit": str, "item": str})
            wrote = slips.issues.astype({"org_unit": str, "item": str}).drop(columns="quantity")
            table = wrote.merge(gone, how="outer", on=[*KEYS, "month"]).fillna({"lost": 0.0})
            table["number"] = table["month"].map(month_number)
        else:
            months = slips.orders["ordered_on"].to_numpy().astype("datetime64[M]").astype(np.int64)
            table = slips.orders.assign(number=months + EPOCH)
        position = table["org_unit"].astype(str).map(self.rollup.hierarchy.positions).fillna(-1).astype(int)
        return table.assign(position=position, code=table["item"].astype(str).map(self.codes))

    def _period(self, numbers: pd.Series, span: Span) -> npt.NDArray[np.intp]:
        """The period of each month; -1 outside."""
        columns = numbers.to_numpy(dtype=np.int64) - span.base
        at = np.asarray(span.period_of(columns.astype(np.int32)), dtype=np.intp)
        length = LENGTHS[span.grain]
        return np.where((columns >= span.start - length + 1) & (at < len(span)), at, -1)

    def _inside(
        self, table: pd.DataFrame, unit: str, members: npt.NDArray[np.bool_] | None
    ) -> npt.NDArray[np.bool_]:
        position, at = self.rollup.position(unit), table["position"].to_numpy()
        inside = (at >= position) & (at < self.rollup.hierarchy.last[position])
        return np.asarray(inside if members is None else inside & members[at], dtype=np.bool_)

    def _in_full(self, rows: pd.DataFrame) -> Floats:
        days = (rows[name].to_numpy().astype("datetime64[D]") for name in ("promised_on", "received_on"))
        asked, came = (rows[name].to_numpy(dtype=np.float64) for name in ("ordered", "received"))
        rate = on_time_in_full(Orders(asked, came, *days), self.slips.today)
        above, below = float(np.nansum(rate.numerator)), float(np.nansum(rate.denominator))
        return np.array([over(above, below), above, below, below, len(rows)])


def _month_number(day: np.datetime64) -> int:
    return int(day.astype("datetime64[M]").astype(np.int64)) + EPOCH


def _at_risk(rows: pd.DataFrame) -> Floats:
    """At risk over what is there and has not expired, of lots of which that is known; n of N in places."""
    usable = rows["quantity"] - rows["gone"]
    known = rows["at_risk"].notna()
    above, below = float(rows.loc[known, "at_risk"].sum()), float(usable[known].sum())
    places = [rows.loc[known, "org_unit"].nunique(), rows["org_unit"].nunique()]
    return np.array([over(above, below), above, below, *places])


def _expired(rows: pd.DataFrame) -> Floats:
    """What was written off as expired; n of N in the months in which places wrote."""
    wrote = len(rows[["org_unit", "number"]].drop_duplicates())
    lost = float(rows["lost"].sum())
    return np.array([lost, lost, wrote, wrote, wrote])


def _lead_time(rows: pd.DataFrame) -> Floats:
    """The median of the days that orders took which have come; n of N in order lines."""
    took = lead_times(rows["ordered_on"].to_numpy(), rows["received_on"].to_numpy())
    came = took[took >= 0]
    median = float(np.median(came)) if came.size else np.nan
    return np.array([median, float(came.sum()), came.size, came.size, len(rows)])
