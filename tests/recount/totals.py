"""Totals, n of N, states and ratios of any unit, added up from the reporters below it."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from tests.recount.reporters import Cut, Own, Reporters
from tests.recount.seed import Seed

SMALL = 1e-9


@dataclass(frozen=True)
class Look:
    """What is looked at: months as running numbers."""

    first: int
    last: int
    grain: str
    group: str | None = None


@dataclass(frozen=True)
class Pooled:
    """A ratio with the reporters that it stands on."""

    value: float | None
    above: float
    below: float
    both: int
    either: int


class Recount:
    """The figures of a seed."""

    def __init__(self, seed: Seed) -> None:
        self.seed = seed
        self.reporters = Reporters(seed)
        self._within = cache(lambda unit: frozenset(seed.within(unit)))

    def cut(self, look: Look) -> Cut:
        """How a look cuts months into periods; windows are laid back from its last month with data."""
        return Cut.of(look.grain, min(look.last, self.seed.last))

    def periods(self, look: Look) -> list[int]:
        """The periods that a look touches, as far as there are data."""
        cut, first, last = self.cut(look), self.reporters.first, self.reporters.last
        touched = range(cut.period(look.first), cut.period(min(look.last, last)) + 1)
        return [each for each in touched if cut.months(each)[-1] >= first and cut.months(each)[0] <= last]

    def label(self, look: Look, period: int) -> str:
        """What a period is called."""
        months = self.cut(look).months(period)
        year, month = divmod(months[0], 12)
        if look.grain.startswith("last"):
            return f"{year}-{month + 1:02}/{months[-1] // 12}-{months[-1] % 12 + 1:02}"
        number = {"quarter": f"-Q{month // 3 + 1}", "half": f"-S{month // 6 + 1}", "year": ""}
        return f"{year}{number.get(look.grain, f'-{month + 1:02}')}"

    def members(self, unit: str, look: Look, items: tuple[str, ...]) -> list[str]:
        """The reporters of some items in a unit, of a group where one is asked for."""
        below = self._within(unit) & self.reporters.units(items)
        return sorted(below if look.group is None else below & self.seed.groups[look.group])

    def figures(self, unit: str, measure: str, items: tuple[str, ...], look: Look) -> dict[int, Own]:
        """A unit's figures of some items, by period."""
        cut, total = self.cut(look), {period: Own() for period in self.periods(look)}
        for reporter in self.members(unit, look, items):
            owns = self.reporters.own(measure, items, reporter, cut)
            for period in total.keys() & owns.keys():
                total[period].add(owns[period])
        return total

    def ratio(
        self, unit: str, used: tuple[str, ...], served: tuple[str, ...], look: Look
    ) -> dict[int, Pooled]:
        """What was used for each service, over the reporters that report both, each on its own windows."""
        cut = self.cut(look)
        sums: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0, 0, 0])
        for reporter in self.members(unit, look, (*used, *served)):
            pairs, either = self._paired(reporter, used, served)
            for period in {cut.period(month) for month in either}:
                both = [pair for month, pair in pairs.items() if cut.period(month) == period]
                found = sums[period]
                found[0] += sum(pair[0] for pair in both)
                found[1] += sum(pair[1] for pair in both)
                found[2] += bool(both)
                found[3] += 1
        return {
            period: Pooled(above / below if below > 0 else None, above, below, int(both), int(either))
            for period, (above, below, both, either) in sums.items()
        }

    def _paired(
        self, unit: str, used: tuple[str, ...], served: tuple[str, ...]
    ) -> tuple[dict[int, tuple[float, float]], set[int]]:
        """By month the two sides' figures where both are there; and the months in which either is."""
        one, other = self._sums(unit, used, "consumed"), self._sums(unit, served, "count")
        found, either = {}, set()
        for start, months in sorted(one.keys() | other.keys(), key=lambda each: each[1]):
            end = start + months - 1
            either.add(end)
            sides = [_over(each, start, months) for each in (one, other)]
            if sides[0] is not None and sides[1] is not None:
                found.setdefault(end, (sides[0], sides[1]))
        return found, either

    def _sums(self, unit: str, items: tuple[str, ...], measure: str) -> dict[tuple[int, int], float]:
        found: dict[tuple[int, int], float] = defaultdict(float)
        for item in items:
            due = self.reporters.due(item, unit)
            for (start, months), value in self.reporters.windows(item, measure, unit).items():
                if due & set(range(start, start + months)):
                    found[start, months] += value
        return dict(found)


def _over(reports: dict[tuple[int, int], float], start: int, months: int) -> float | None:
    """A side over a window: its own report of it, or all of its months."""
    if (start, months) in reports:
        return reports[start, months]
    single = [reports.get((month, 1)) for month in range(start, start + months)]
    return None if months == 1 or None in single else sum(each for each in single if each is not None)


def value(own: Own) -> float | None:
    """The figure; None where nothing was reported."""
    return own.value if own.present else None


def share(own: Own) -> float:
    """How much of the figure is imputed: by amounts, or by reports where the amounts are all zero."""
    if not own.doubtful:
        return 0.0
    return own.imputed / own.gross if own.gross > 0 else own.doubtful / max(own.present, 1)


def state(own: Own) -> str:
    """Reported, zero, missing, not applicable or imputed."""
    if not own.expected or (own.present and not own.reported and own.value == 0):
        return "not_applicable"
    if not own.present:
        return "missing"
    if share(own) > 0:
        return "imputed"
    return "zero" if own.value == 0 else "reported"
