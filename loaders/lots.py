"""What slips add up to: what stands in each store by lot, what was lost and why, what was issued.

A store's slips are walked in the order in which they happened. A lot is what its slips say: first expired,
first out is the keeper's doing, not ours. What stood there before the first slip is of no known lot until a
count or a slip tells of it: so what is given out of a lot beyond what came of it was there before, and no lot
is ever below zero. A count is of all lots together: what it finds missing is taken from the lot that expires
first, what it finds beyond the books is of no known lot.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from loaders.frames import canonical, empty

INWARDS = ("received", "returned")
UNKNOWN = ""  # what is of no known lot


@dataclass
class Shelf:
    """What stands of one item in one store: quantity by lot, and the date of each."""

    lots: dict[str, float] = field(default_factory=dict)
    expires: dict[str, date] = field(default_factory=dict)

    def write(self, kind: str, quantity: float, lot: str, expiry: date | None) -> None:
        """One slip."""
        if expiry is not None and lot:
            self.expires[lot] = expiry
        if kind == "counted":
            self._count(quantity)
        elif kind in INWARDS:
            self.lots[lot] = self.lots.get(lot, 0.0) + quantity
        else:
            self._take(lot, quantity)

    def _take(self, lot: str, quantity: float) -> None:
        """Out of a lot, and what it does not hold out of what is of no known lot."""
        for name in (lot, UNKNOWN):
            part = min(quantity, self.lots.get(name, 0.0))
            self.lots[name] = self.lots.get(name, 0.0) - part
            quantity -= part

    def _count(self, found: float) -> None:
        missing = sum(self.lots.values()) - found
        if missing < 0:
            self.lots[UNKNOWN] = self.lots.get(UNKNOWN, 0.0) - missing
            return
        for lot in sorted(self.lots, key=lambda lot: (self.expires.get(lot, date.max), lot)):
            part = min(missing, self.lots[lot])
            self.lots[lot] -= part
            missing -= part

    def standing(self) -> Iterator[tuple[str | None, date | None, float]]:
        """Lot, expiry and quantity of what is there."""
        for lot, quantity in self.lots.items():
            if quantity > 0:
                yield lot or None, self.expires.get(lot), quantity


def lots_of(events: pd.DataFrame) -> pd.DataFrame:
    """Canonical `lots` after the last slip of each store.

    Args:
        events: canonical `events`; what is no movement is passed over.
    """
    slips = _slips(events)
    if slips.empty:
        return empty("lots")
    shelves: dict[tuple[str, str], Shelf] = {}
    for unit, item, kind, quantity, lot, expiry in _rows(slips):
        shelves.setdefault((unit, item), Shelf()).write(kind, quantity, lot, expiry)
    last = slips.groupby(slips["org_unit"].astype("str"))["day"].max()
    found = [
        (unit, item, lot, expiry, quantity, last[unit])
        for (unit, item), shelf in shelves.items()
        for lot, expiry, quantity in shelf.standing()
    ]
    columns = ["org_unit", "item", "lot", "expiry", "quantity", "as_of"]
    frame = pd.DataFrame(found, columns=columns).sort_values(columns[:3], na_position="last")
    return canonical("lots", frame.assign(expiry=pd.to_datetime(frame["expiry"])))


def _slips(events: pd.DataFrame) -> pd.DataFrame:
    slips = events.loc[events["role"] == "movements"]
    return slips.sort_values(["happened", "event"], kind="stable", ignore_index=True)


def _rows(slips: pd.DataFrame) -> Iterable[tuple[str, str, str, float, str, date | None]]:
    texts = (slips[name].astype("str").tolist() for name in ("org_unit", "item", "kind"))
    lots = slips["lot"].fillna(UNKNOWN).tolist()
    dates = [None if pd.isna(day) else day.date() for day in slips["expiry"]]
    return zip(*texts, slips["quantity"].tolist(), lots, dates, strict=True)


def losses_of(events: pd.DataFrame, expired: Iterable[str]) -> pd.DataFrame:
    """Canonical `losses`: what was written off, by month and reason.

    Args:
        events: canonical `events`.
        expired: the reasons that mean that a date had passed.
    """
    lost = events.loc[(events["role"] == "movements") & (events["kind"] == "lost")]
    if lost.empty:
        return empty("losses")
    told = lost.assign(month=_month(lost["day"]), reason=lost["reason"].fillna(""))
    keys = ["org_unit", "item", "month", "reason"]
    summed = told.groupby(keys, observed=True)["quantity"].sum().reset_index()
    return canonical("losses", summed.assign(expired=summed["reason"].isin(list(expired))))


def issues_of(events: pd.DataFrame) -> pd.DataFrame:
    """Canonical `issues`: what was issued less what came back; 0 where a store wrote of other things."""
    slips = events.loc[events["role"] == "movements"]
    if slips.empty:
        return empty("issues")
    sign = slips["kind"].astype("str").map({"issued": 1.0, "returned": -1.0}).fillna(0.0)
    told = pd.DataFrame({
        "org_unit": slips["org_unit"].astype("str"), "item": slips["item"].astype("str"),
        "month": _month(slips["day"]), "quantity": slips["quantity"] * sign,
    })  # fmt: skip
    summed = told.groupby(["org_unit", "item", "month"], as_index=False)["quantity"].sum()
    wrote = told[["org_unit", "month"]].drop_duplicates()
    held = told.groupby(["org_unit", "item"]).agg(first=("month", "min")).reset_index()
    every = wrote.merge(held, on="org_unit")
    every = every.loc[every["month"] >= every["first"], ["org_unit", "item", "month"]]
    whole = every.merge(summed, how="left", on=["org_unit", "item", "month"]).fillna({"quantity": 0.0})
    return canonical("issues", whole.sort_values(["org_unit", "item", "month"]))


def _month(days: pd.Series) -> pd.Series:
    months: pd.Series = (days.dt.year * 100 + days.dt.month).astype("int32")
    return months
