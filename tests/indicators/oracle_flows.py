"""The oracle's figures of flows and reports: each place's four numbers for one indicator."""

from indicators.cyp import factors
from tests.indicators.oracle import Figure
from tests.indicators.oracle_stocks import Stocks, plus
from tests.indicators.random_frames import yyyymm


class Places(Stocks):
    """The figures of single places, by the oracle; a period is a list of month numbers."""

    # Flows

    def amounts(self, place, months, said, due):
        """Sums of amounts of the products by month, and in how many months any is known."""
        found = {m: [a for i in self.items if (a := said(i, m)) is not None] for m in months}
        known = sum(bool(each) for each in found.values())
        return Figure(sum(map(sum, found.values())), known, known, due)

    def consumption_adjusted(self, place, months):
        return self.amounts(
            place, months, lambda i, m: self.oracle.demand(place, i, m), self.months_due(place, months)
        )

    def carried_flow(self, place, item, measure, month):
        return self.oracle.flow(place, item, measure, month) if self.oracle.due(place, item, month) else None

    def couple_years(self, place, months):
        rules = self.oracle.rules

        def worth(item, month):
            return factors(yyyymm(month), rules.factors).get(rules.protects.get(item))

        def said(item, month):
            flow = self.carried_flow(place, item, "consumed", month)
            return flow.value * worth(item, month) if flow and worth(item, month) is not None else None

        due = sum(
            any(self.oracle.due(place, i, m) and worth(i, m) is not None for i in self.items) for m in months
        )
        return self.amounts(place, months, said, due)

    def days_out(self, place, month):
        """Days out and days of a month, the fewest of any product; None where that is not known."""
        due = [i for i in self.items if self.oracle.due(place, i, month)]
        flows = [f for i in due if (f := self.oracle.flow(place, i, "stockout_days", month))]
        if not flows:
            return None
        fewest = min(flows, key=lambda f: f.value)
        if len(flows) < len(due) and fewest.value > 0:
            return None
        days = self.oracle.days(fewest)
        return fewest.value, days

    def stockout_rate_any_day(self, place, months):
        said = [d for m in months if (d := self.days_out(place, m))]
        return Figure(any(d[0] > 0 for d in said), bool(said), bool(said), self.places_due(place, months))

    def stockout_time(self, place, months):
        said = [d for m in months if (d := self.days_out(place, m))]
        out, days = sum(min(d) for d in said), sum(d[1] for d in said)
        return Figure(out, days, len(said), self.months_due(place, months))

    def stockout_duration(self, place, months):
        said = [d for m in months if (d := self.days_out(place, m))]
        out = sum(min(d) for d in said)
        return Figure(out, out > 0, bool(said), self.places_due(place, months))

    def loss_rate(self, place, months):
        lost = there = known = 0
        for item in self.items:
            losses = [f.value for m in months if (f := self.carried_flow(place, item, "lost", m))]
            received = [f.value for m in months if (f := self.carried_flow(place, item, "received", m))]
            opening = next((o for m in months if (o := self.opening(place, item, m)) is not None), None)
            if losses and opening is not None:
                lost, there, known = lost + sum(losses), there + opening + sum(received), 1
        return Figure(lost, there, known, self.places_due(place, months))

    def opening(self, place, item, month):
        if not self.oracle.due(place, item, month):
            return None
        said = self.oracle.stock(place, item, "opening", month)
        return self.oracle.stock(place, item, "closing", month - 1) if said is None else said

    def order_fill_rate(self, place, months):
        filled = asked = known = orders = 0
        for item in self.items:
            for month in months:
                order = self.order(place, item, month)
                if order is None or order.value <= 0:
                    continue
                came = self.carried_flow(place, item, "received", month)
                orders += 1
                if came and came.months == order.months:
                    known += 1
                    filled, asked = filled + min(came.value, order.value), asked + order.value
        return Figure(filled, asked, known, orders)

    def order(self, place, item, month):
        """The order of the report before the one of a month, the shortest that there is."""
        for length in (1, 3):
            flow = self.oracle.flow(place, item, "ordered", month - length)
            if (
                self.oracle.due(place, item, month)
                and month - length >= self.oracle.first
                and flow
                and flow.months == length
            ):
                return flow
        return None

    # Reports

    def reports(self, place, months, counts):
        return plus(
            *(
                counts(form, m)
                for form in self.oracle.world.forms
                for m in months
                if self.oracle.expects(place, form, m)
            )
        )

    def reporting_rate(self, place, months):
        return self.reports(
            place,
            months,
            lambda f, m: Figure(self.oracle.sent(place, f, m), 1, self.oracle.sent(place, f, m), 1),
        )

    def timeliness(self, place, months):
        def counts(form, month):
            sent, timely = self.oracle.sent(place, form, month), self.oracle.dated(place, form, month)
            judged = self.records(form) and (timely is not None or not sent)
            return Figure(bool(timely), judged, timely is not None, 1)

        return self.reports(place, months, counts)

    def records(self, form):
        return any(f == form and timely is not None for _, f, _, _, timely in self.oracle.world.reports)

    def timeliness_of_received(self, place, months):
        def counts(form, month):
            timely = self.oracle.dated(place, form, month)
            return Figure(bool(timely), timely is not None, timely is not None, 1)

        return self.reports(place, months, counts)

    def reporting_consistency(self, place, months):
        end = months[-1]
        season = range(max(end - self.oracle.rules.season + 1, self.oracle.first), end + 1)
        asked = [m for m in season if any(self.oracle.expects(place, f, m) for f in self.oracle.world.forms)]
        sent = [m for m in asked if any(self.oracle.sent(place, f, m) for f in self.oracle.world.forms)]
        return Figure(bool(asked) and len(sent) >= 10 / 12 * len(asked) - 1e-9, *(bool(asked),) * 3)
