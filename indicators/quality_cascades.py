"""Rules on counts that are part of other counts: tested and positive, confirmed and treated.

Source: WHO data quality review, module 2 (consistency between related data elements); that treatment goes on
where tests are out, from reviews of malaria figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from indicators.grids import Flags, Floats
from indicators.quality_book import Book, Index
from indicators.quality_findings import frame, joined
from indicators.quality_known import Cascade
from indicators.quality_pairs import added, months_of


def cascade_findings(
    services: Book, cascades: Iterable[Cascade], products: Sequence[Book] = ()
) -> pd.DataFrame:
    """Counts of a later step beyond those of the earlier step that they are part of."""
    parts = []
    for cascade in cascades:
        steps = steps_of(services, cascade, products)
        if steps is None:
            continue
        unit, first, most, count = steps
        rows, columns = np.nonzero(count > most)
        told = {
            "org_unit": np.array(services.units, dtype=object)[unit[rows]],
            "item": cascade.part[0],
            "measure": "count",
            "month": months_of(first[rows] + columns),
            "months": services.step,
            "value": count[rows, columns],
            "expected": most[rows, columns],
            "other": cascade.whole[0],
        }
        parts.append(frame("cascade", told))
    return joined(parts)


def steps_of(
    services: Book, cascade: Cascade, products: Sequence[Book] = ()
) -> tuple[Index, Index, Floats, Floats] | None:
    """The two steps of a cascade at the places that report both; None where nobody does.

    Args:
        services: by month.
        cascade: the steps.
        products: stock reports of the same places, for what the earlier step needs.

    Returns:
        The places by number, the month in which each one's first report begins, and the earlier and the
        later step, `[place, report]`, NaN where any of its items was not reported or what it needs was out.
    """
    alone = np.arange(len(services.units))
    whole = added(services, cascade.whole, "count", alone, all_of=True)
    part = added(services, cascade.part, "count", alone, all_of=True)
    if whole is None or part is None:
        return None
    _, left, right = np.intersect1d(whole.unit, part.unit, return_indices=True)
    unit, first, earlier = whole.unit[left], whole.first[left], whole.total[left].copy()
    for book in products if cascade.needs else ():
        earlier[_lacking(book, cascade.needs, (unit, first, earlier.shape[1]))] = np.nan
    return unit, first, earlier, part.total[right]


def _lacking(book: Book, needs: tuple[str, ...], where: tuple[Index, Index, int]) -> Flags:
    """Where any of some products was out for some of a month or at an end of it, `[place, month]`.

    Args:
        book: stock reports; of a quarter each month counts as out.
        needs: ids of the products.
        where: the places wanted, the month in which each one's columns begin, and how many these are.
    """
    unit, first, count = where
    flags = np.zeros((len(unit), count), dtype=bool)
    number = {item: at for at, item in enumerate(book.items)}
    rows = book.rows_of({number[item] for item in needs if item in number})
    ended = (book.of("closing")[rows] == 0) | (book.of("opening")[rows] == 0)
    row, column = np.nonzero(ended | (book.of("stockout_days")[rows] > 0))
    place = {int(each): at for at, each in enumerate(unit)}
    at = np.array([place.get(int(each), -1) for each in book.unit[rows[row]]], dtype=np.intp)
    begins = book.first[rows[row]] + column * book.step
    for month in range(book.step):
        spot = begins + month - first[np.maximum(at, 0)]
        inside = (at >= 0) & (spot >= 0) & (spot < count)
        flags[at[inside], spot[inside]] = True
    return flags
