"""Why a figure that looks unusual may be right, or which slip it looks like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from indicators.grid_builder import codes, month_numbers
from indicators.grids import Flags, Floats
from indicators.measures import COMMODITY, SERVICE
from indicators.quality_book import Book, Index, before, books, names_in
from indicators.quality_known import Known
from indicators.quality_slips import SWAPPED_NEAR, TWO_MONTHS, near, packs_of, swapped
from indicators.robust import Around, medians

Stance = Literal["excuses", "event", "mistake"]
COLUMNS = ("at", "because", "stance", "value", "other")
STANCES: dict[str, Stance] = {
    "stock_out": "excuses",
    "substitute_out": "excuses",
    "both_rise": "event",
    "both_fall": "event",
    "times_ten": "mistake",
    "tenth": "mistake",
    "packs": "mistake",
    "units": "mistake",
    "digit_swap": "mistake",
    "catch_up": "mistake",
    "copied": "mistake",
}
"""What each reason speaks for: the figure is right, something happened, or the pen slipped."""
MOVED = 1.3
"""Both sides move together where each is this many times what is usual for it, or as little."""


def explain(alerts: pd.DataFrame, values: pd.DataFrame, known: Known) -> pd.DataFrame:
    """What speaks for or against each unusual figure.

    A figure may have several reasons or none. Stock-outs explain falls, a substitute's stock-out a rise;
    services and consumption that move together are an event to verify; the rest are slips that the figure's
    size fits.

    Args:
        alerts: `org_unit, item, measure, month, value, expected`, measure "count" or "consumed".
        values: as `findings` takes them, of all reports around.
        known: items, pairs and substitutes.

    Returns:
        `at` (row number in alerts), `because` (a key of `STANCES`), `stance`, `value` (the figure that says
        so), `other` (the item that says so), by `at`.
    """
    if alerts.empty:
        return _frame([])
    desk = _Desk.of(values, known)
    parts = []
    for measure in ("count", "consumed"):
        told = alerts.reset_index(drop=True)
        told = told[told["measure"] == measure]
        for book in desk.services if measure == "count" else desk.products:
            asked = _Asked.of(told, book, measure)
            if len(asked.at):
                parts += [*_slips(asked, known), *_stock(asked, desk, known), *_partner(asked, desk, known)]
    found = _frame(parts)
    order = found["because"].map({name: at for at, name in enumerate(STANCES)})
    return found.assign(order=order).sort_values(["at", "order"])[list(COLUMNS)].reset_index(drop=True)


@dataclass(frozen=True)
class _Desk:
    """The reports around, laid out."""

    services: list[Book]
    products: list[Book]

    @classmethod
    def of(cls, values: pd.DataFrame, known: Known) -> _Desk:
        units = names_in(values["org_unit"])

        def made(kind: str) -> list[Book]:
            return books(values[values["item"].isin(known.of_kind(kind)).to_numpy()], units)

        return cls(made(SERVICE), made(COMMODITY))


@dataclass(frozen=True)
class _Asked:
    """Unusual figures of one measure that are in a book.

    Attributes:
        at: their numbers among all.
        row, column: where they stand in the book.
    """

    book: Book
    measure: str
    at: Index
    row: Index
    column: Index
    value: Floats
    expected: Floats

    @classmethod
    def of(cls, told: pd.DataFrame, book: Book, measure: str) -> _Asked:
        unit = codes(told["org_unit"], {name: at for at, name in enumerate(book.units)}).astype(np.intp)
        item = codes(told["item"], {name: at for at, name in enumerate(book.items)}).astype(np.intp)
        month = month_numbers(told["month"].to_numpy(dtype=np.int32)).astype(np.intp)
        row, column = place(book, unit, item, month)
        there = row >= 0
        value, expected = (told[name].to_numpy(dtype=np.float64)[there] for name in ("value", "expected"))
        at = told.index.to_numpy(dtype=np.intp)[there]
        return cls(book, measure, at, row[there], column[there], value, expected)

    @property
    def ratio(self) -> Floats:
        """How many times what is usual."""
        return np.asarray(self.value / np.where(self.expected > 0, self.expected, np.nan))

    def of_book(self, values: Floats) -> Floats:
        """The figures of an array of the book at the places asked for."""
        return np.asarray(values[self.row, self.column])


def place(book: Book, unit: Index, item: Index, month: Index) -> tuple[Index, Index]:
    """The row and column of a report in a book; -1 where it has none that begins in the month."""
    step = book.step
    key = (book.unit * len(book.items) + book.item) * step + book.first % step
    order = np.argsort(key)
    wanted = (unit * len(book.items) + item) * step + month % step
    at = np.clip(np.searchsorted(key[order], wanted), 0, max(0, len(key) - 1))
    row = order[at] if len(order) else np.zeros(len(wanted), dtype=np.intp)
    column = (month - book.first[row]) // step if len(order) else row
    known = (unit >= 0) & (item >= 0) & (len(order) > 0)
    known &= (column >= 0) & (column < book.shape[1])
    known &= key[row] == wanted if len(order) else known
    return np.where(known, row, -1), np.where(known, column, -1)


Part = tuple[str, Index, Floats | None, str]


def _slips(asked: _Asked, known: Known) -> list[Part]:
    """What the pen may have done, by the figure's size."""
    pack = packs_of(asked.book.items, known.items)[asked.book.item[asked.row]]
    ratio, more = asked.ratio, asked.ratio > 1
    last = asked.of_book(before(asked.book.of(asked.measure)))
    twice = (ratio >= TWO_MONTHS[0]) & (ratio <= TWO_MONTHS[1]) & (np.isnan(last) | (last == 0))
    turned = _turned(asked)
    flags: dict[str, tuple[Flags, Floats | None]] = {
        "times_ten": (near(ratio, 10) & more, None),
        "tenth": (near(ratio, 10) & ~more, None),
        "packs": (near(ratio, pack) & ~more, pack),
        "units": (near(ratio, pack) & more, pack),
        "digit_swap": (~np.isnan(turned), turned),
        "catch_up": (twice & (asked.column > 0), last),
        "copied": ((asked.value == last) & (asked.value > 0), last),
    }
    return [
        (name, asked.at[found], None if of is None else of[found], "") for name, (found, of) in flags.items()
    ]


def _turned(asked: _Asked) -> Floats:
    """The figure with two digits changed back, where that makes it usual; else NaN."""
    found = np.full(len(asked.value), np.nan)
    far = np.abs(asked.ratio - 1) >= 2 * SWAPPED_NEAR
    for digit in range(7):
        back = swapped(asked.value, digit)
        fits = far & (np.abs(back / asked.expected - 1) <= SWAPPED_NEAR) & np.isnan(found)
        found[fits] = back[fits]
    return found


def _stock(asked: _Asked, desk: _Desk, known: Known) -> list[Part]:
    """Stock-outs: of the product for a fall, of a substitute for a rise; of what a service needs."""
    if asked.measure == "consumed":
        out = _out(asked.book)
        own = asked.of_book(out.astype(np.float64)) > 0
        fell = (asked.value < asked.expected) & own
        own_stock = asked.of_book(asked.book.of("closing"))[fell]
        return [("stock_out", asked.at[fell], own_stock, ""), *_substitutes(asked, out, known)]
    parts: list[Part] = []
    for pair in known.pairs:
        mine = np.isin(np.array(asked.book.items, dtype=object)[asked.book.item[asked.row]], pair.services)
        fell = mine & (asked.value < asked.expected)
        for product in pair.commodities if fell.any() else ():
            out_there = _at_other(asked, desk, product, "out")
            found = fell & (out_there > 0)
            parts.append(("stock_out", asked.at[found], out_there[found], product))
    return parts


def _substitutes(asked: _Asked, out: Flags, known: Known) -> list[Part]:
    """What stands in for an item was out, so that the item rose."""
    items = np.array(asked.book.items, dtype=object)[asked.book.item[asked.row]]
    parts: list[Part] = []
    number = {item: at for at, item in enumerate(asked.book.items)}
    month = asked.book.first[asked.row] + asked.column * asked.book.step
    for family in known.substitutes:
        rose = np.isin(items, family) & (asked.value > asked.expected)
        for other in (item for item in family if item in number and rose.any()):
            unit = asked.book.unit[asked.row]
            row, column = place(asked.book, unit, np.full(len(unit), number[other]), month)
            found = rose & (items != other) & (row >= 0)
            found &= out[np.maximum(row, 0), np.maximum(column, 0)]
            parts.append(("substitute_out", asked.at[found], None, other))
    return parts


def _out(book: Book) -> Flags:
    """Where a product was out for some of the period, or at either end of it, `[row, report]`."""
    ended = (book.of("closing") == 0) | (book.of("opening") == 0)
    return np.asarray(ended | (book.of("stockout_days") > 0))


def _partner(asked: _Asked, desk: _Desk, known: Known) -> list[Part]:
    """Whether the other side moved the same way: then something happened, and both sides say so."""
    items = np.array(asked.book.items, dtype=object)[asked.book.item[asked.row]]
    parts: list[Part] = []
    for pair in known.pairs:
        own, others = (pair.services, pair.commodities)
        if asked.measure == "consumed":
            own, others = others, own
        mine = np.isin(items, own)
        for other in others if mine.any() else ():
            moved = _at_other(asked, desk, other, "ratio")
            rose = mine & (asked.ratio >= MOVED) & (moved >= MOVED)
            fell = mine & (asked.ratio <= 1 / MOVED) & (moved <= 1 / MOVED)
            parts.append(("both_rise", asked.at[rose], moved[rose], other))
            parts.append(("both_fall", asked.at[fell], moved[fell], other))
    return parts


def _at_other(asked: _Asked, desk: _Desk, item: str, what: Literal["out", "ratio"]) -> Floats:
    """Of another item there and then: whether it was out, or how many times what is usual for it."""
    found = np.full(len(asked.at), np.nan)
    month = asked.book.first[asked.row] + asked.column * asked.book.step
    for book in (*desk.products, *desk.services):
        if item not in book.items:
            continue
        number = np.full(len(asked.at), book.items.index(item))
        row, column = place(book, asked.book.unit[asked.row], number, month)
        there = np.isnan(found) & (row >= 0)
        if there.any():
            figures = _figures(book, np.unique(row[there]), what)
            found[there] = figures[row[there], column[there]]
    return found


def _figures(book: Book, rows: Index, what: Literal["out", "ratio"]) -> Floats:
    """The figures of some rows of a book, in an array of all of them."""
    if what == "out":
        return _out(book).astype(np.float64)
    values = book.of("consumed" if "consumed" in book.values else "count")[rows]
    usual = Around(reach=12 // book.step).median(values)
    usual = np.where(np.isnan(usual), medians(values)[:, None], usual)
    found = np.full(book.shape, np.nan)
    found[rows] = values / np.where(usual > 0, usual, np.nan)
    return found


def _frame(parts: list[Part]) -> pd.DataFrame:
    """The reasons as a frame, in the order in which they were found."""
    columns: dict[str, list[npt.NDArray[np.generic]]] = {name: [] for name in COLUMNS}
    for because, at, value, other in parts:
        columns["at"].append(at)
        columns["because"].append(np.full(len(at), because, dtype=object))
        columns["stance"].append(np.full(len(at), STANCES[because], dtype=object))
        columns["value"].append(np.full(len(at), np.nan) if value is None else value)
        columns["other"].append(np.full(len(at), other, dtype=object))
    empty = {"at": np.intp, "value": np.float64}
    return pd.DataFrame(
        {
            name: np.concatenate(each) if each else np.empty(0, dtype=empty.get(name, object))
            for name, each in columns.items()
        }
    )
