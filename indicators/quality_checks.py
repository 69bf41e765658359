"""The checks of the review, dimension by dimension; `quality_review` says what each is."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from indicators.discordance import discordance
from indicators.grids import Flags
from indicators.quality_book import Book, Index
from indicators.quality_cascades import steps_of
from indicators.quality_explained import place
from indicators.quality_findings import RULES
from indicators.quality_known import Known
from indicators.quality_pairs import sides_of
from indicators.quality_shares import YEAR, consistent
from indicators.quality_slips import FAR, judged
from indicators.quality_tally import Places, Tallies
from indicators.report_indicators import reports_of
from indicators.reporting import received_of

BOXES = ("opening", "received", "consumed", "closing", "stockout_days", "count")
MAIN = ("consumed", "count")


def reports_of_form(tally: Tallies, form: str) -> None:
    """Whether reports came, and came in time."""
    everybody = np.arange(tally.rollup.hierarchy.size)
    told = reports_of(tally.rollup, form, everybody)
    home = tally.asked.home(form)[:, None] | tally.asked.assigned(form)[:, None]
    expected = told.expected & home
    tally.add("completeness", form, told.received & expected, expected)
    judged = expected & (told.dated | ~told.received) & told.records
    tally.add("timeliness", form, told.on_time & judged, judged)


def filled_in(tally: Tallies, book: Book, places: Places) -> None:
    """Whether the boxes of what a place is due to report are filled in, in reports that came."""
    span, made = tally.rollup.calendar.whole("month"), np.zeros(book.shape, dtype=bool)
    came = {form: received_of(tally.rollup, form) for form in tally.forms}
    for number in np.unique(book.item):
        rows = np.flatnonzero((book.item == number) & (places.unit >= 0))
        due = tally.rollup.due.mask(tally.number[book.items[number]]).take(places.unit[rows], span)
        for form in set(places.form[rows]) - {""}:
            due = due & ((places.form[rows] != form)[:, None] | came[form].take(places.unit[rows], span))
        last = book.first[rows, None] + np.arange(book.shape[1]) * book.step + book.step - 1 - places.base
        inside = (last >= 0) & (last < due.shape[1])
        made[rows] = inside & np.take_along_axis(due, np.clip(last, 0, due.shape[1] - 1), axis=1)
    for measure in (name for name in BOXES if name in book.values):
        asked = made & (~np.isnan(book.values[measure])).any(axis=1, keepdims=True)
        places.tally(tally, "filled", ~np.isnan(book.values[measure]), asked)


def figures(tally: Tallies, book: Book, places: Places, found: pd.DataFrame) -> None:
    """Whether figures are no outliers and no slips, and years like the year before."""
    for measure in (name for name in MAIN if name in book.values):
        told = judged(book, measure, np.zeros(len(book.items)))
        made = ~np.isnan(told.score)
        slips = [rule.id for rule in RULES.values() if rule.part == "time" and rule.about == "figure"]
        wrong = marked(book, found[found["rule"].isin(slips) & (found["measure"] == measure)])
        places.tally(tally, "outliers", (np.abs(told.score) < FAR) & ~wrong, made)
        years = consistent(book.values[measure], YEAR // book.step)
        places.tally(tally, "consistency", years.numerator > 0, years.denominator > 0)


def marked(book: Book, found: pd.DataFrame) -> Flags:
    """Where a book has figures that findings are about, `[row, report]`."""
    flags = np.zeros(book.shape, dtype=bool)
    mine = found[found["months"] == book.step]
    number = {name: at for at, name in enumerate(book.units)}
    items = {name: at for at, name in enumerate(book.items)}
    unit = np.array([number.get(name, -1) for name in mine["org_unit"]], dtype=np.intp)
    item = np.array([items.get(name, -1) for name in mine["item"]], dtype=np.intp)
    month = mine["month"].to_numpy(dtype=np.int64)
    rows, columns = place(book, unit, item, (month // 100 * 12 + month % 100 - 1).astype(np.intp))
    flags[rows[rows >= 0], columns[rows >= 0]] = True
    return flags


def lines(tally: Tallies, book: Book, places: Places, found: pd.DataFrame) -> None:
    """Whether lines of stock add up, go on from the month before and are possible."""
    if "closing" not in book.values:
        return
    needed = ("opening", "received", "consumed", "closing")
    made = np.logical_and.reduce([~np.isnan(book.of(name)) for name in needed])
    sure = [
        rule.id
        for rule in RULES.values()
        if rule.part == "arithmetic" and rule.about == "figure" and rule.severity != "low"
    ]
    wrong = marked(book, found[found["rule"].isin(sure)])
    places.tally(tally, "arithmetic", ~wrong, made)


def related(tally: Tallies, served: Book, products: list[Book], known: Known) -> None:
    """Whether later steps of cascades are no more than the steps before."""
    for cascade in known.cascades:
        steps = steps_of(served, cascade, products)
        if steps is None:
            continue
        unit, first, whole, part = steps
        rows, columns = np.nonzero(~np.isnan(whole) & ~np.isnan(part))
        names = np.array(served.units, dtype=object)[unit[rows]]
        held = part[rows, columns] <= whole[rows, columns]
        _count_named(tally, "related", cascade.part, (names, first[rows] + columns), held)


def agreement(tally: Tallies, served: Book, book: Book, found: pd.DataFrame, known: Known) -> None:
    """Whether services and consumption, where both are known, do not contradict each other."""
    for pair in known.pairs:
        sides = sides_of(served, book, pair, known)
        if sides is None:
            continue
        rows, columns = np.nonzero(~np.isnan(sides.services) & ~np.isnan(sides.consumed))
        parted = discordance(sides.services, sides.consumed).apart[rows, columns]
        out = (sides.out > 0) | (sides.closing == 0)
        names = np.array(sides.units, dtype=object)[rows]
        last = sides.first[rows] + columns * sides.step + sides.step - 1
        told = found[(found["other"] == pair.id) & (found["months"] == sides.step)]
        unexplained = parted & ~out[rows, columns]
        wrong = _cells(told[told["rule"] != "missing_partner"])
        wrong |= set(zip(names[unexplained], last[unexplained].tolist(), strict=True))
        held = [each not in wrong for each in zip(names, last.tolist(), strict=True)]
        _count_named(tally, "agreement", pair.commodities, (names, last), np.array(held, dtype=bool))


def _cells(found: pd.DataFrame) -> set[tuple[str, int]]:
    """The unit and the number of the last month of findings."""
    month = found["month"].to_numpy(dtype=np.int64)
    last = month // 100 * 12 + month % 100 - 1 + found["months"].to_numpy(dtype=np.int64) - 1
    return set(zip(found["org_unit"], last.tolist(), strict=True))


def _count_named(
    tally: Tallies,
    dimension: str,
    items: tuple[str, ...],
    where: tuple[npt.NDArray[np.object_], Index],
    held: Flags,
) -> None:
    """Count checks of units by id and months by number."""
    names, months = where
    positions = tally.rollup.hierarchy.positions
    unit = np.array([positions.get(name, -1) for name in names], dtype=np.intp)
    column = (months - tally.rollup.calendar.base).astype(np.intp)
    tally.count(dimension, tally.form_at(items, unit), (unit, column), held)
