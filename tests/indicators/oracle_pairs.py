"""Rules across reports, services beside products, once more in plain Python (`oracle_quality`)."""

import math

from tests.indicators.oracle_quality import Shelf, form_of
from tests.indicators.quality_reports import CASCADES, FORM, PAIRS, yyyymm


class Sums:
    """Items of a shelf added up by the place in which they are compared.

    Args:
        shelf: the reports.
        items: ids.
        measure: which.
        homes: {place: where it is compared}; itself where absent.
    """

    def __init__(self, shelf: Shelf, items, measure, homes):
        self.shelf, self.measure, self.members = shelf, measure, {}
        for row in shelf.rows:
            if row[1] in items and measure in shelf.measures:
                self.members.setdefault((homes.get(row[0], row[0]), row[2]), []).append(row)

    def at(self, place, month, *, every=False):
        """What was reported of a report that begins in a month; None where nothing (or not all) was."""
        phase = (month - self.shelf.base) % self.shelf.step
        column = (month - self.shelf.base) // self.shelf.step
        rows = self.members.get((place, phase), [])
        found = [self.shelf.of(row, self.measure, column) for row in rows]
        known = [value for value in found if value is not None]
        return None if not known or (every and len(known) < len(found)) else sum(known)


class Sides:
    """A pair at the places that know both sides."""

    def __init__(self, pair, served: Shelf, used: Shelf, homes):
        def of_services(items):
            return Sums(served, items, "count", homes)

        def of_products(items, measure="consumed"):
            return Sums(used, items, measure, homes)

        self.pair, self.step, self.shelf = pair, used.step, used
        self.services, self.consumed = of_services(pair.services), of_products(pair.commodities)
        self.opening, self.closing = (of_products(pair.commodities, each) for each in ("opening", "closing"))
        self.out = of_products(pair.commodities, "stockout_days")
        self.form, self.products_form = (
            of_services(of_forms(pair.services)),
            of_products(of_forms(pair.commodities)),
        )
        known = {place for place, _ in self.services.members}
        self.places = [each for each in sorted(self.consumed.members) if each[0] in known]

    def three_months(self, sums, place, month):
        """Monthly sums over the months of a report; None where one is missing."""
        parts = [sums.at(place, each) for each in range(month, month + self.step)]
        return None if None in parts else sum(parts)

    def served(self, place, month):
        found = self.three_months(self.services, place, month)
        return None if found is None else found * self.pair.per_service

    def cells(self):
        for place, phase in self.places:
            for column in range(self.shelf.width):
                yield place, self.shelf.month(phase, column)

    def found(self, rule, where, item, measure, proof):
        value, expected, second = (math.nan if each is None else each for each in proof)
        return {
            "rule": rule, "org_unit": where[0], "month": yyyymm(where[1]), "months": self.step, "item": item,
            "measure": measure, "value": value, "expected": expected, "second": second,
            "other": self.pair.id,
        }  # fmt: skip


def of_forms(items):
    forms = {form_of(item) for item in items if item in FORM}
    return {item for item, form in FORM.items() if form in forms}


def pairs(served, used, homes):
    for pair in PAIRS:
        sides = Sides(pair, served, used, homes)
        for where in sides.cells():
            yield from unused(sides, *where)
            yield from unserved(sides, *where)
            yield from left_blank(sides, *where)


def unused(sides, place, month):
    needed, consumed = sides.served(place, month), sides.consumed.at(place, month)
    opening, closing, out = (s.at(place, month) for s in (sides.opening, sides.closing, sides.out))
    stocked = (opening or 0) > 0 and (closing or 0) > 0 and not (out or 0) > 0
    if needed is not None and needed >= 5 and consumed == 0 and stocked:
        proof = (0, needed, needed / sides.pair.per_service)
        item = sides.pair.commodities[0]
        yield sides.found("services_without_consumption", (place, month), item, "consumed", proof)


def unserved(sides, place, month):
    needed, consumed = sides.served(place, month), sides.consumed.at(place, month)
    came = sides.three_months(sides.form, place, month) is not None
    if (consumed or 0) >= 10 and not needed and came:
        proof = (needed, None, consumed)
        item = sides.pair.services[0]
        yield sides.found("consumption_without_services", (place, month), item, "count", proof)


def left_blank(sides, place, month):
    needed, consumed = sides.served(place, month), sides.consumed.at(place, month)
    looked = range(month - 12, month, sides.step)
    both = sum(
        sides.served(place, each) is not None and sides.consumed.at(place, each) is not None
        for each in looked
        if each >= sides.shelf.base
    )
    if both < 6 // sides.step:
        return
    rule, where, pair = "missing_partner", (place, month), sides.pair
    if consumed is None and sides.products_form.at(place, month) is not None and (needed or 0) > 0:
        yield sides.found(rule, where, pair.commodities[0], "consumed", (None, None, needed))
    came = sides.three_months(sides.form, place, month) is not None
    if needed is None and came and 0 < (consumed or 0) < 10:
        yield sides.found(rule, where, pair.services[0], "count", (None, None, consumed))


def cascades(served, products):
    for cascade in CASCADES:
        whole, part = (Sums(served, each, "count", {}) for each in (cascade.whole, cascade.part))
        for place in sorted({row[0] for row in served.rows}):
            for column in range(served.width):
                month = served.month(0, column)
                earlier, later = (each.at(place, month, every=True) for each in (whole, part))
                if earlier is None or later is None or later <= earlier:
                    continue
                if not any(out_of_stock(shelf, place, cascade.needs, month) for shelf in products):
                    yield {
                        "rule": "cascade", "org_unit": place, "item": cascade.part[0], "measure": "count",
                        "month": yyyymm(month), "months": 1, "value": later, "expected": earlier,
                        "other": cascade.whole[0],
                    }  # fmt: skip


def out_of_stock(shelf, place, items, month):
    """Whether any of some products was out in the report that a month lies in."""
    rows = [row for row in shelf.rows if row[0] == place and row[1] in items]
    return any(_out(shelf, row, (month - shelf.base - row[2]) // shelf.step) for row in rows)


def _out(shelf, row, column):
    ends = shelf.of(row, "closing", column) == 0 or shelf.of(row, "opening", column) == 0
    return ends or (shelf.of(row, "stockout_days", column) or 0) > 0
