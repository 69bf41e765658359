"""Rules within the stock reports of one place: what cannot be, whatever is usual there.

Source: columns A to E of requisition forms (OpenLMIS), WHO data quality review, module 2 (internal
consistency). Quantities in dispensing units; a box of adjustments or losses left blank counts as none.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from indicators.expected import carried
from indicators.grids import Flags, Floats
from indicators.measures import ACTIVITY
from indicators.quality_book import Book, Index, before
from indicators.quality_findings import Proof, frame, joined, of_figures

NEVER_BELOW = ("opening", "received", "consumed", "lost", "closing", "stockout_days", "ordered", "count")
OUT_ALL_MONTH = 28
"""Days without stock from which a month counts as out from end to end; of a quarter three times as many."""
RECENT, SILENT_LEAST, SILENT_SHARE = 12, 3, 0.5
"""Of the last reports, how many ends at nothing, and which share of them, must be silent to be told."""


def stock_findings(book: Book) -> pd.DataFrame:
    """All rules of this module on one book, as `quality_findings.COLUMNS` says."""
    found = [negative(book)]
    if "closing" in book.values:
        found += [arithmetic(book), continuity(book), impossible_issue(book), adjustment_dominates(book)]
    if "stockout_days" in book.values:
        found += [impossible_days(book), phantom_issue(book), silent_stock_outs(book)]
    return joined(found)


def balance(book: Book) -> Floats:
    """What the stock at the end should be, `[row, report]`; NaN where a figure of it was not reported."""
    more = np.nan_to_num(book.of("adjusted")) - np.nan_to_num(book.of("lost"))
    return np.asarray(book.of("opening") + book.of("received") + more - book.of("consumed"))


def arithmetic(book: Book) -> pd.DataFrame:
    """Opening + received + adjusted - consumed - lost is not what closing says."""
    made, closing = balance(book), book.of("closing")
    flags = np.abs(closing - made) > 0
    proof = Proof(closing, made, (closing - made))
    return of_figures(book, "arithmetic", "closing", flags, proof)


def continuity(book: Book) -> pd.DataFrame:
    """The month begins with another stock than the one before ended with."""
    opening, ended = book.of("opening"), before(book.of("closing"))
    flags = np.abs(opening - ended) > 0
    return of_figures(
        book,
        "continuity",
        "opening",
        flags,
        Proof(opening, ended, (opening - ended)),
    )


def negative(book: Book) -> pd.DataFrame:
    """Less than nothing was counted; adjustments alone may be below zero."""
    found = []
    for measure in NEVER_BELOW:
        if measure in book.values:
            flags = book.of(measure) < 0
            found.append(of_figures(book, "negative", measure, flags, Proof(book.of(measure), 0.0)))
    return joined(found)


def impossible_issue(book: Book) -> pd.DataFrame:
    """More was issued than there was: opening, receipts and what adjustments added."""
    there = book.of("opening") + book.of("received") + np.maximum(np.nan_to_num(book.of("adjusted")), 0)
    issued = book.of("consumed")
    flags = issued > there
    return of_figures(book, "impossible_issue", "consumed", flags, Proof(issued, there))


def adjustment_dominates(book: Book) -> pd.DataFrame:
    """As much was adjusted as was issued, or more."""
    adjusted, issued = book.of("adjusted"), book.of("consumed")
    flags = (adjusted != 0) & (np.abs(adjusted) >= issued)
    return of_figures(book, "adjustment_dominates", "adjusted", flags, Proof(adjusted, second=issued))


def impossible_days(book: Book) -> pd.DataFrame:
    """More days without stock than the period has."""
    out, days = book.of("stockout_days"), book.days()
    flags = out > days
    return of_figures(book, "impossible_days", "stockout_days", flags, Proof(out, days))


def phantom_issue(book: Book) -> pd.DataFrame:
    """Issued in a period that is said to have been without stock from end to end."""
    out, issued = book.of("stockout_days"), book.of("consumed")
    flags = (out >= OUT_ALL_MONTH * book.step) & (issued > 0)
    return of_figures(book, "phantom_issue", "consumed", flags, Proof(issued, 0.0, out))


def silent(book: Book) -> tuple[Flags, Flags]:
    """Ends at nothing of what is carried, and those of them without a day of stock-out, `[row, report]`.

    Carried is what was stocked, received or used in the twelve months before (by month; as many reports of a
    longer length).
    """
    active = np.zeros(book.shape, dtype=bool)
    for measure in ACTIVITY:
        active |= np.nan_to_num(book.of(measure)) > 0
    out = (book.of("closing") == 0) & carried(active)
    return out, out & (book.of("stockout_days") == 0)


def silent_stock_outs(book: Book) -> pd.DataFrame:
    """Facilities that report ends at nothing without days of stock-out: once each, of their last reports.

    Proof: how many such ends (`value`) of all ends at nothing (`second`), since the first of them.
    """
    out, quiet = silent(book)
    last, width = _newest(book), book.shape[1]
    recent = np.arange(width)[None, :] > (last - RECENT // book.step)[:, None]
    units = len(book.units)
    quiet_of = np.bincount(book.unit, (quiet & recent).sum(axis=1), units)
    out_of = np.bincount(book.unit, (out & recent).sum(axis=1), units)
    told = np.flatnonzero((quiet_of >= SILENT_LEAST) & (quiet_of >= SILENT_SHARE * out_of))
    first, final = _ends(book, quiet & recent)
    months = {"month": final[told], "since": first[told], "months": book.step}
    named = {"org_unit": np.array(book.units, dtype=object)[told], "measure": "stockout_days"}
    proof = {"value": quiet_of[told], "expected": 0.0, "second": out_of[told]}
    return frame("silent_stock_out", named | months | proof)


def _newest(book: Book) -> Index:
    """The column of the newest report of each row's place."""
    there = book.any_reported()
    last = np.where(there.any(axis=1), book.shape[1] - 1 - there[:, ::-1].argmax(axis=1), 0)
    newest = np.zeros(len(book.units), dtype=np.intp)
    np.maximum.at(newest, book.unit, last)
    return newest[book.unit]


def _ends(book: Book, flags: Flags) -> tuple[Index, Index]:
    """The first and the last month of each place's flagged reports; 0 and 0 where it has none."""
    rows, columns = np.nonzero(flags)
    months, unit = book.months(rows, columns).astype(np.intp), book.unit[rows]
    first, last = np.full(len(book.units), 999_999, dtype=np.intp), np.zeros(len(book.units), dtype=np.intp)
    np.minimum.at(first, unit, months)
    np.maximum.at(last, unit, months)
    return np.where(last > 0, first, 0), last
