"""The oracle's figures of stocks: each place's four numbers for one indicator."""

from tests.indicators.oracle import HAIR, Figure

NOTHING = Figure(0, 0, 0, 0)
USUAL_LEVELS = (1.5, 3.0)


def plus(*figures):
    return Figure(*(sum(parts) for parts in zip(NOTHING, *figures, strict=True)))


class Stocks:
    """The figures of single places, by the oracle; a period is a list of month numbers."""

    def __init__(self, oracle, subject):
        self.oracle, self.items, self.kind = oracle, subject.codes, subject.kind

    def of(self, indicator, place, months):
        """The four numbers of an indicator at a place."""
        own = getattr(self, indicator)
        if self.kind == "tracers" and indicator in PAIRS:
            items, found = self.items, []
            for item in items:
                self.items = (item,)
                found.append(own(place, months))
            self.items = items
            return plus(*found)
        return own(place, months)

    # What several indicators need

    def carried(self, place, month):
        return any(self.oracle.due(place, item, month) for item in self.items)

    def places_due(self, place, months):
        return any(self.carried(place, m) for m in months)

    def months_due(self, place, months):
        return sum(self.carried(place, m) for m in months)

    def last(self, months, says):
        """What the last month that says something says; None where none does."""
        return next((found for m in reversed(months) if (found := says(m)) is not None), None)

    def out(self, place, month):
        """Whether all that is carried is out; None where that is not known."""
        held = [self.oracle.held(place, i, month) for i in self.items if self.oracle.due(place, i, month)]
        if any(h is not None and h > 0 for h in held):
            return False
        return True if held and None not in held else None

    # Stocks

    def months_of_stock(self, place, months):
        stock = usual = count = 0
        for item in self.items:
            both = self.last(months, lambda m, i=item: self.both(place, i, m))
            if both:
                stock, usual, count = stock + both[0], usual + both[1], 1
        return Figure(stock, usual, count, self.places_due(place, months))

    def both(self, place, item, month):
        held, average = self.oracle.held(place, item, month), self.average(place, item, month)
        return None if held is None or average is None else (held, average)

    def average(self, place, item, month):
        return self.oracle.average(place, item, month) if self.oracle.due(place, item, month) else None

    def days_of_stock(self, place, months):
        found = self.months_of_stock(place, months)
        return found._replace(numerator=30 * found.numerator)

    def average_monthly_consumption(self, place, months):
        said = [self.last(months, lambda m, i=i: self.average(place, i, m)) for i in self.items]
        said = [s for s in said if s is not None]
        return Figure(sum(said), len(said), bool(said), self.places_due(place, months))

    def status(self, place, months):
        """The class at the last reported stock: out, low, adequate, over or unknown."""
        return self.last(months, lambda m: self.status_at(place, m)) or "unknown"

    def status_at(self, place, month):
        held = [h for i in self.items if (h := self.oracle.held(place, i, month)) is not None]
        if not held:
            return None
        if self.out(place, month):
            return "out"
        both = [b for i in self.items if (b := self.both(place, i, month))]
        stock, usual = sum(b[0] for b in both), sum(b[1] for b in both)
        if not both or usual == 0 or stock == 0:
            return "unknown"
        low, high = self.levels(place)
        lasting = stock / usual
        return "low" if lasting < low * (1 - HAIR) else "over" if lasting > high * (1 + HAIR) else "adequate"

    def levels(self, place):
        for level in self.oracle.rules.levels:
            if level.group and place in self.oracle.world.group:
                return level.low, level.high
        others = [(level.low, level.high) for level in self.oracle.rules.levels if not level.group]
        return (others or [USUAL_LEVELS])[0]

    def __getattr__(self, name):
        if name.startswith("status_"):
            return lambda place, months: self.of_class(name.removeprefix("status_"), place, months)
        raise AttributeError(name)

    def of_class(self, wanted, place, months):
        if not self.places_due(place, months):
            return NOTHING
        found = self.status(place, months)
        return Figure(found == wanted, 1, found != "unknown", 1)

    def stocked_to_plan(self, place, months):
        if not self.places_due(place, months):
            return NOTHING
        found = self.status(place, months)
        return Figure(found == "adequate", found != "unknown", found != "unknown", 1)

    def stockout_rate(self, place, months):
        out = self.last(months, lambda m: self.out(place, m))
        return Figure(bool(out), out is not None, out is not None, self.places_due(place, months))

    def stockout_spell(self, place, months):
        month = self.last(months, lambda m: m if self.out(place, m) is not None else None)
        if month is None:
            return Figure(0, 0, 0, self.places_due(place, months))
        row = 0
        while month - row >= self.oracle.first and self.out(place, month - row):
            row += 1
        return Figure(row, row > 0, 1, self.places_due(place, months))

    def availability(self, place, months):
        there = self.last(months, lambda m: self.available(place, m))
        return Figure(bool(there), there is not None, there is not None, self.places_due(place, months))

    def available(self, place, month):
        if self.kind != "tracers":
            out = self.out(place, month)
            return None if out is None else not out
        held = [self.oracle.held(place, i, month) for i in self.items if self.oracle.due(place, i, month)]
        if not held:
            return None
        if any(h is not None and h <= 0 for h in held):
            return False
        return None if None in held else True

    def availability_share(self, place, months):
        found = self.stockout_rate(place, months)
        return found._replace(numerator=found.denominator - found.numerator)


PAIRS = {
    *("status_out", "status_low", "status_adequate", "status_over", "status_unknown", "stocked_to_plan"),
    *("stockout_rate", "stockout_spell", "availability_share"),
    *("stockout_rate_any_day", "stockout_time", "stockout_duration"),
}
