"""Rules across reports: services beside the products that they use.

Both sides of a pair are compared where both are known: at the place itself, or at the place that
`Known.homes` names for it (a district that reports the services of all its sites). A quarter of consumption
is set beside the services of the same three months.

Sources: WHO data quality review, module 2 (consistency between related data elements).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from indicators.grids import Flags, Floats
from indicators.periods import month_of
from indicators.quality_book import Book, Index
from indicators.quality_findings import frame, joined
from indicators.quality_known import Known, Partners

SERVICES_LEAST, CONSUMPTION_LEAST = 5, 10
"""Units that services need, from which no consumption says something; and consumption without services."""
USUALLY, LOOKED_BACK = 6, 12
"""A side is missing where both were there in so many of the months before."""


@dataclass(frozen=True)
class Sums:
    """Items added up by place, `[place, report]`, NaN where none of them was reported.

    Attributes:
        first: number of the month in which each place's first report begins.
        unit: the place of each row, by number.
        total: the sums.
    """

    unit: Index
    first: Index
    total: Floats


@dataclass(frozen=True)
class Sides:
    """A pair where both sides can be known, `[place, report of the product]`.

    Attributes:
        units: ids of the places.
        first: number of the month in which each place's first report begins.
        step: months that a report covers.
        services: of the months that each report covers, in units of the product.
        consumed, opening, closing, out: of the products, all of them together.
        form: whether anything of the services' form was reported in these months.
        products_form: whether anything of the products' form was reported.
    """

    units: list[str]
    first: Index
    step: int
    services: Floats
    consumed: Floats
    opening: Floats
    closing: Floats
    out: Floats
    form: Flags
    products_form: Flags


def pair_findings(services: Book, products: Book, known: Known) -> pd.DataFrame:
    """All rules on pairs of one book of services (by month) and one of products, their places alike."""
    parts = []
    for pair in known.pairs:
        sides = sides_of(services, products, pair, known)
        if sides is not None:
            parts += [
                services_without_consumption(sides, pair),
                consumption_without_services(sides, pair),
                missing_partner(sides, pair),
            ]
    return joined(parts)


def sides_of(services: Book, products: Book, pair: Partners, known: Known) -> Sides | None:
    """Both sides of a pair at the places that know both; None where no place does."""
    homes = _homes(products, known)
    consumed = added(products, pair.commodities, "consumed", homes)
    served = added(services, pair.services, "count", _homes(services, known))
    if consumed is None or served is None:
        return None
    there = np.isin(consumed.unit, served.unit)
    if not there.any():
        return None
    others = [
        added(products, pair.commodities, name, homes) for name in ("opening", "closing", "stockout_days")
    ]
    sums = [np.full(consumed.total.shape, np.nan) if each is None else each.total for each in others]
    unit, first = consumed.unit[there], consumed.first[there]
    all_of_form = added(services, _same_form(pair.services, known), "count", _homes(services, known))
    all_products = added(products, _same_form(pair.commodities, known), "consumed", homes)
    where = (unit, first, products.step, products.shape[1])
    return Sides(
        units=[products.units[each] for each in unit],
        first=first,
        step=products.step,
        services=_covered(served, where) * pair.per_service,
        consumed=consumed.total[there],
        opening=sums[0][there],
        closing=sums[1][there],
        out=sums[2][there],
        form=~np.isnan(_covered(all_of_form or served, where)),
        products_form=~np.isnan(
            (all_products or consumed).total[_rows_like(all_products or consumed, unit, first)]
        ),
    )


def services_without_consumption(sides: Sides, pair: Partners) -> pd.DataFrame:
    """Services that need five units or more, none consumed, though there was stock all the time."""
    stocked = (sides.opening > 0) & (sides.closing > 0) & ~(sides.out > 0)
    flags = (sides.services >= SERVICES_LEAST) & (sides.consumed == 0) & stocked
    told = {"item": pair.commodities[0], "measure": "consumed", "other": pair.id}
    proof = (sides.consumed, sides.services, sides.services / pair.per_service)
    return _told(sides, "services_without_consumption", flags, told, proof)


def consumption_without_services(sides: Sides, pair: Partners) -> pd.DataFrame:
    """Ten units or more consumed, no services, though others of the same form were reported."""
    silent = np.nan_to_num(sides.services) == 0
    flags = (sides.consumed >= CONSUMPTION_LEAST) & silent & sides.form
    told = {"item": pair.services[0], "measure": "count", "other": pair.id}
    unknown = np.full(flags.shape, np.nan)
    return _told(
        sides, "consumption_without_services", flags, told, (sides.services, unknown, sides.consumed)
    )


def missing_partner(sides: Sides, pair: Partners) -> pd.DataFrame:
    """One side was reported, the other left blank on a form that came, though usually both are filled in.

    A form that did not come is told by completeness; what was consumed in quantity, by the rule above.
    """
    few = np.where(sides.consumed < CONSUMPTION_LEAST, sides.consumed, 0)
    served, used = ~np.isnan(sides.services), ~np.isnan(sides.consumed)
    both = (served & used).astype(np.int64)
    running = np.cumsum(both, axis=1)
    window = LOOKED_BACK // sides.step
    earlier = running - both
    earlier[:, window:] -= (running - both)[:, :-window]
    usually = earlier >= USUALLY // sides.step
    unknown = np.full(served.shape, np.nan)
    parts = []
    for item, measure, gone, there in (
        (pair.commodities[0], "consumed", ~used & sides.products_form, sides.services),
        (pair.services[0], "count", ~served & sides.form, few),
    ):
        flags = gone & usually & (there > 0)
        told = {"item": item, "measure": measure, "other": pair.id}
        parts.append(_told(sides, "missing_partner", flags, told, (unknown, unknown, there)))
    return joined(parts)


def added(
    book: Book, items: tuple[str, ...], measure: str, homes: Index, *, all_of: bool = False
) -> Sums | None:
    """Some items of a book added up by place; None where nobody reports them.

    Args:
        book: the reports.
        items: ids.
        measure: which.
        homes: for each place of the book, the number of the place that it counts in.
        all_of: whether a sum stands only where each row of the place was reported.
    """
    number = {item: at for at, item in enumerate(book.items)}
    rows = book.rows_of({number[item] for item in items if item in number})
    if measure not in book.values or not len(rows):
        return None
    key = homes[book.unit[rows]] * 12 + book.first[rows] % 12
    order = np.argsort(key, kind="stable")
    keys, edges = np.unique(key[order], return_index=True)
    values = book.values[measure][rows[order]]
    there = ~np.isnan(values)
    total = np.add.reduceat(np.where(there, values, 0), edges, axis=0)
    known = np.add.reduceat(there, edges, axis=0, dtype=np.int64)
    members = np.diff(edges, append=len(order))[:, None]
    none = known < members if all_of else known == 0
    return Sums(keys // 12, book.first[rows[order[edges]]], np.where(none, np.nan, total))


def _covered(monthly: Sums, where: tuple[Index, Index, int, int]) -> Floats:
    """Monthly sums of places over the months of each of some reports; NaN where a month is missing.

    Args:
        monthly: by month.
        where: the places wanted, the month in which each one's first report begins, months a report, reports.
    """
    unit, first, step, count = where
    row = np.clip(np.searchsorted(monthly.unit, unit), 0, len(monthly.unit) - 1)
    width = monthly.total.shape[1]
    found = np.zeros((len(unit), count))
    for offset in range(step):
        column = first[:, None] + np.arange(count) * step + offset - monthly.first[row][:, None]
        inside = (column >= 0) & (column < width) & (monthly.unit[row] == unit)[:, None]
        values = monthly.total[row[:, None], np.clip(column, 0, width - 1)]
        found += np.where(inside, values, np.nan)
    return found


def _rows_like(sums: Sums, unit: Index, first: Index) -> Index:
    """The rows of places and beginnings in sums that hold them all."""
    key = sums.unit * 12 + sums.first % 12
    return np.searchsorted(key, unit * 12 + first % 12)


def _same_form(items: tuple[str, ...], known: Known) -> tuple[str, ...]:
    """The items of the forms that some items are on."""
    forms = set(known.items.loc[known.items["id"].isin(items), "form"])
    return tuple(known.items.loc[known.items["form"].isin(forms), "id"].astype(str))


def _homes(book: Book, known: Known) -> Index:
    """For each place of a book, the number (in all places of the values) of where it is compared."""
    number = {unit: at for at, unit in enumerate(book.units)}
    return np.array(
        [number.get(known.homes.get(unit, unit), at) for at, unit in enumerate(book.units)], dtype=np.intp
    )


def _told(
    sides: Sides, rule: str, flags: Flags, told: Mapping[str, object], proof: tuple[Floats, Floats, Floats]
) -> pd.DataFrame:
    rows, columns = np.nonzero(flags)
    value, expected, second = (each[rows, columns] for each in proof)
    found = {
        "org_unit": np.array(sides.units, dtype=object)[rows],
        "month": months_of(sides.first[rows] + columns * sides.step),
        "months": sides.step,
        "value": value,
        "expected": expected,
        "second": second,
    }
    return frame(rule, {**found, **told})


def months_of(numbers: Index) -> Index:
    """Months `YYYYMM` of running numbers."""
    return np.array([month_of(int(each)) for each in numbers], dtype=np.intp)
