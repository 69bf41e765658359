"""The indicators of what stores write slip by slip: expiry, losses, days without stock, orders.

A place that writes no slips is in no figure. Formulas and sources stand with `expiry`, `days_out` and
`supply_performance`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from indicators.days_out import EPOCH, KEYS
from indicators.grids import Floats
from indicators.periods import LENGTHS, Span, month_number, month_of
from indicators.question import Answer, Question, Subject
from indicators.rates import over
from indicators.rollup import Rollup
from indicators.slips import Slips
from indicators.supply_performance import Orders, lead_times, on_time_in_full

REGISTERED: Mapping[str, str] = {
    "expiry_at_risk": "share",
    "expired": "quantity",
    "on_time_in_full": "share",
    "lead_time": "days",
    "stockout_days_from_movements": "days",
}
"""The indicators, by id, with what they are counted in."""


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

        Expiry at risk is as of the last day of each period; in the last month of the data it is as of today.
        An order counts in the month in which it was placed.

        Raises:
            KeyError: the indicator or a unit is unknown.
        """
        own: Callable[[pd.DataFrame], Floats] = {
            "expiry_at_risk": _at_risk, "expired": _expired, "on_time_in_full": self._in_full,
            "lead_time": _lead_time, "stockout_days_from_movements": _days_out,
        }[indicator]  # fmt: skip
        span = self.rollup.calendar.span(question.first, question.last, question.grain)
        table = self._table(indicator, span)
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

    def expiring(self, month: int) -> pd.DataFrame:
        """The lots of a month's end, see `Slips.expiring_as_of`; of the data's last month, those of now."""
        return self.slips.expiring_as_of(self.slips.this_month if self.is_now(month) else month)

    def is_now(self, month: int) -> bool:
        """Whether a month stands for the present: no later one has figures, or it is not over."""
        calendar = self.rollup.calendar
        return month >= min(self.slips.this_month, month_of(calendar.base + calendar.size - 1))

    def _table(self, indicator: str, span: Span) -> pd.DataFrame:
        slips = self.slips
        if indicator == "expiry_at_risk":
            found = [self.expiring(month_of(number)).assign(number=number) for number in self._ends(span)]
            table = pd.concat(found) if found else slips.expiring.iloc[:0].assign(number=0)
        elif indicator == "stockout_days_from_movements":
            table = slips.days_out
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

    def _ends(self, span: Span) -> list[int]:
        """The number of the last month of each period, as far as the calendar goes."""
        last = self.rollup.calendar.base + self.rollup.calendar.size - 1
        return [min(month_number(start) + LENGTHS[span.grain] - 1, last) for start in span.starts]

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


def _days_out(rows: pd.DataFrame) -> Floats:
    """Days out over the months of places and products of which every day is known; n of N in places."""
    lost, months = float(rows["days_out"].sum()), len(rows)
    places = rows["org_unit"].nunique()
    return np.array([over(lost, months), lost, months, places, places])
