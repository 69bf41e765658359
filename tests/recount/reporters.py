"""What each unit itself reported of some items, period by period, and what was expected of it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from tests.recount.seed import Seed

LENGTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12, "last3": 3, "last6": 6, "last12": 12}
STOCKS = {"opening": "first", "closing": "last", "amc_reported": "last", "facilities_out": "last"}
ACTIVITY = ("opening", "closing", "received", "consumed")


@dataclass(frozen=True)
class Cut:
    """How months are cut into periods: their length, and by how many months windows begin late."""

    length: int
    phase: int

    @classmethod
    def of(cls, grain: str, last: int) -> "Cut":
        """Of a grain; windows end with the last month."""
        length = LENGTHS[grain]
        return cls(length, (last + 1) % length if grain.startswith("last") else 0)

    def period(self, month: int) -> int:
        """The number of the period that a month lies in."""
        return (month - self.phase) // self.length

    def months(self, period: int) -> range:
        """The months of a period."""
        start = period * self.length + self.phase
        return range(start, start + self.length)


@dataclass
class Own:
    """What one unit's reports of one period come to; all of it adds up over units."""

    value: float = 0.0
    present: int = 0
    reported: int = 0
    expected: int = 0
    imputed: float = 0.0
    gross: float = 0.0
    doubtful: int = 0

    def add(self, other: "Own") -> None:
        """Take another unit's in."""
        self.value += other.value
        self.present += other.present
        self.reported += other.reported
        self.expected += other.expected
        self.imputed += other.imputed
        self.gross += other.gross
        self.doubtful += other.doubtful


@dataclass
class Months:
    """One item's values of one unit month by month.

    Attributes:
        value: by month.
        imputed: the months whose value is a share of a longer report.
        whole: by period, the longer reports that lie within it.
        seen: the months that some report covers.
    """

    value: dict[int, float] = field(default_factory=dict)
    imputed: set[int] = field(default_factory=set)
    whole: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    seen: set[int] = field(default_factory=set)


class Reporters:
    """Every reporter of a seed, each looked at by itself."""

    def __init__(self, seed: Seed) -> None:
        self.seed = seed
        self.first, self.last = seed.first, seed.last
        self._measures: dict[str, list[str]] = defaultdict(list)
        for item, measure in seed.values:
            self._measures[item].append(measure)
        self._active = cache(self._find_active)
        self.due = cache(self._due)
        self.own = cache(self._own)

    def units(self, items: Iterable[str]) -> set[str]:
        """The units of which anything of some items may be expected: forms assigned, or values received."""
        found: set[str] = set()
        for item in items:
            for form in self.seed.forms_of[item]:
                found |= form.units
        return found

    def windows(self, item: str, measure: str, unit: str) -> dict[tuple[int, int], float]:
        """A unit's reports of one item and measure."""
        return self.seed.values.get((item, measure), {}).get(unit, {})

    def months(self, item: str, measure: str, unit: str, cut: Cut) -> Months:
        """One item's flow, settled: a month's own report stands before its share of a longer one."""
        reports, found = self.windows(item, measure, unit), Months()
        found.value = {start: value for (start, months), value in reports.items() if months == 1}
        found.seen = set(found.value)
        for (start, months), value in sorted(reports.items(), key=lambda each: (each[0][1], each[0][0])):
            if months == 1:
                continue
            free = [month for month in range(start, start + months) if month not in found.seen]
            within = cut.period(start) == cut.period(start + months - 1)
            if within and len(free) == months:
                found.whole[cut.period(start)] += value
            else:
                found.value |= dict.fromkeys(free, value / months)
                found.imputed |= set(free)
            found.seen |= set(free)
        return found

    def _due(self, item: str, unit: str) -> frozenset[int]:
        """The months in which a report of an item is expected of a unit."""
        seed, commodity = self.seed, self.seed.kinds[item] == "commodity"
        forms = seed.forms_of[item]
        alike = [item] if commodity else [
            other for other in seed.kinds
            if seed.kinds[other] != "commodity" and any(other in form.items for form in forms)
        ]  # fmt: skip
        found = {
            month
            for code in alike
            for measure in self._measures[code]
            for month in self._covered(code, measure, unit)
        }
        here = seed.units[unit]
        for form in forms:
            if unit in form.units:
                for month in range(max(self.first, here.opened), min(self.last, here.closed) + 1):
                    into = (month - (form.begins - 1)) % form.months
                    if month - into + form.months - 1 <= self.last:
                        found.add(month)
        return frozenset(month for month in found if not commodity or self._carried(item, unit, month))

    def _covered(self, item: str, measure: str, unit: str, above: float | None = None) -> set[int]:
        """The months that reports of a measure stand for (more than `above`); a stock stands at one month."""
        found = set()
        for (start, months), value in self.windows(item, measure, unit).items():
            if above is None or value > above:
                found |= _spread(measure, start, months)
        return found

    def _carried(self, item: str, unit: str, month: int) -> bool:
        return bool(self._active(item, unit) & set(range(month - 11, month + 1)))

    def _find_active(self, item: str, unit: str) -> frozenset[int]:
        """The months in which a product was stocked, received or used."""
        months = (self._covered(item, measure, unit, above=0) for measure in ACTIVITY)
        return frozenset().union(*months)

    def _own(self, measure: str, items: tuple[str, ...], unit: str, cut: Cut) -> dict[int, Own]:
        """What a unit itself reported, by period, for every period of the data."""
        if measure in STOCKS:
            return self._stock(measure, items, unit, cut)
        flows = [(self.months(item, measure, unit, cut), self.due(item, unit)) for item in items]
        found: dict[int, Own] = defaultdict(Own)
        for month in range(self.first, self.last + 1):
            here = [(months, due) for months, due in flows if month in months.seen]
            expected = any(month in due for _, due in flows)
            if not here and not expected:
                continue
            own, values = found[cut.period(month)], [months.value.get(month, 0.0) for months, _ in here]
            own.value += sum(values)
            own.gross += abs(sum(values))
            own.imputed += sum(abs(months.value[month]) for months, _ in here if month in months.imputed)
            own.doubtful += any(month in months.imputed for months, _ in here)
            own.present += bool(here)
            own.reported += any(month in due for _, due in here)
            own.expected += expected
        for months, _ in flows:
            for period in months.whole:
                found[period].value += months.whole[period]
        for period in {period for months, _ in flows for period in months.whole}:
            found[period].gross += abs(sum(months.whole.get(period, 0.0) for months, _ in flows))
        return found

    def _stock(self, measure: str, items: tuple[str, ...], unit: str, cut: Cut) -> dict[int, Own]:
        source = "closing" if measure == "facilities_out" else measure
        found: dict[int, Own] = {}
        values = {item: self._standing(item, source, unit) for item in items}
        for period in range(cut.period(self.first), cut.period(self.last) + 1):
            own = Own()
            for item in items:
                months = [month for month in cut.months(period) if month in values[item]]
                due = [month for month in cut.months(period) if month in self.due(item, unit)]
                own.expected |= bool(due)
                own.reported |= bool(set(months) & set(due))
                if months:
                    own.present = 1
                    own.value += values[item][months[0] if STOCKS[measure] == "first" else months[-1]]
            if measure == "facilities_out":
                own.value, own.present = float(own.reported and own.value <= 0), own.reported
            own.gross = abs(own.value)
            found[period] = own
        return found

    def _standing(self, item: str, measure: str, unit: str) -> dict[int, float]:
        """A stock by the month at which it stands: the last of its window, an opening the first."""
        found: dict[int, float] = {}
        for (start, months), value in self.windows(item, measure, unit).items():
            found.setdefault(start if STOCKS[measure] == "first" else start + months - 1, value)
        return found


def _spread(measure: str, start: int, months: int) -> set[int]:
    if measure not in STOCKS:
        return set(range(start, start + months))
    return {start if STOCKS[measure] == "first" else start + months - 1}
