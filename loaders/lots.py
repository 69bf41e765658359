"""What slips add up to: what stood in each store by lot and day, what was lost and why, what was issued."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import pandas as pd

from loaders.frames import canonical, empty
from loaders.shelves import Book, books

LOTS = ("org_unit", "item", "lot", "expiry", "quantity", "as_of")


def lots_of(events: pd.DataFrame) -> pd.DataFrame:
    """Canonical `lots`: what stood at the end of every month, and after the last slip of each store.

    Args:
        events: canonical `events`; what is no movement is passed over.
    """
    found = [row for book in books(events) for row in _standing(book)]
    if not found:
        return empty("lots")
    order = ["org_unit", "item", "as_of", "lot"]
    frame = pd.DataFrame(found, columns=list(LOTS)).sort_values(order, na_position="last")
    days = {name: pd.to_datetime(frame[name]) for name in ("expiry", "as_of")}
    return canonical("lots", frame.assign(**days))


def _standing(book: Book) -> Iterator[tuple[str, str, str | None, date | None, float, date]]:
    """The lots of one item at each month's end that its store wrote beyond, and at its last day."""
    ends = iter([*_month_ends(book.begun, book.ended), book.ended])
    end = next(ends)
    before: list[tuple[str | None, date | None, float]] = []
    for day, shelf in book.days():
        while day > end:
            yield from ((book.org_unit, book.item, *lot, end) for lot in before)
            end = next(ends)
        before = list(shelf.standing())
    for last in (end, *ends):
        yield from ((book.org_unit, book.item, *lot, last) for lot in before)


def _month_ends(begun: date, ended: date) -> Iterator[date]:
    """The last days of months from a day on and before another."""
    following = (begun.replace(day=1) + timedelta(days=32)).replace(day=1)
    while following - timedelta(days=1) < ended:
        yield following - timedelta(days=1)
        following = (following + timedelta(days=32)).replace(day=1)


def balances_of(events: pd.DataFrame) -> pd.DataFrame:
    """Canonical `balances`: what stood at the end of each day on which an item's stock was written of.

    A row stands too for the first and the last day on which the store wrote of anything. Items that were
    never counted are left out: nobody knows what stood there before the first slip.

    Args:
        events: canonical `events`; what is no movement is passed over.
    """
    found = [row for book in books(events) if book.counted for row in _balances(book)]
    if not found:
        return empty("balances")
    frame = pd.DataFrame(found, columns=["org_unit", "item", "day", "balance"])
    return canonical("balances", frame.assign(day=pd.to_datetime(frame["day"])))


def _balances(book: Book) -> Iterator[tuple[str, str, date, float]]:
    told = [(day, shelf.total) for day, shelf in book.days()]
    if told[-1][0] < book.ended:
        told.append((book.ended, told[-1][1]))
    return ((book.org_unit, book.item, *row) for row in told)


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
