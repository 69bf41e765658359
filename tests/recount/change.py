"""Whose movement a change is, counted reporter by reporter."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from tests.recount.reporters import LENGTHS, STOCKS, Cut
from tests.recount.totals import Look, Recount

YEAR = 12
FEWEST = 3


@dataclass
class Moved:
    """What moved in one unit, with all units below it."""

    change: float = 0.0
    began: float = 0.0
    silent: float = 0.0
    before: float = 0.0
    in_both: int = 0
    n_began: int = 0
    n_silent: int = 0


@dataclass(frozen=True)
class Series:
    """What moves: a measure of some items."""

    measure: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """A unit's change in parts.

    Attributes:
        reference: year_before, twelve_months or none.
        whole: of the unit.
        children: of each child.
    """

    reference: str
    whole: Moved
    children: dict[str, Moved]

    @property
    def reporting(self) -> float:
        """What beginning and ceasing to report adds and takes away."""
        return self.whole.began - self.whole.silent

    @property
    def total(self) -> float:
        """After less before."""
        return self.whole.change + self.reporting


def change(recount: Recount, unit: str, series: Series, look: Look) -> Change:
    """The change in the period that ends with (windows) or holds (others) the look's last month."""
    for reference in ("year_before", "twelve_months"):
        whole = _moved(recount, unit, series, look, reference)
        if whole.in_both:
            below = recount.seed.children[unit]
            parts = {child: _moved(recount, child, series, look, reference) for child in below}
            return Change(reference, whole, parts)
    return Change("none", Moved(), {})


def _moved(recount: Recount, unit: str, series: Series, look: Look, reference: str) -> Moved:
    total = Moved()
    for reporter in recount.members(unit, look, series.items):
        each = _of_one(recount, reporter, series, look, reference)
        for name in vars(total):
            setattr(total, name, getattr(total, name) + getattr(each, name))
    return total


def _of_one(recount: Recount, unit: str, series: Series, look: Look, reference: str) -> Moved:
    """One reporter's change: month by month for what adds up, once a period for a stock."""
    cut = recount.cut(look)
    period = cut.period(min(look.last, recount.seed.last))
    if series.measure in STOCKS:
        fine, steps, year = cut, [period], YEAR // LENGTHS[look.grain]
    else:
        there = [month for month in cut.months(period) if month <= recount.seed.last]
        fine, steps, year = Cut(1, 0), there, YEAR
    owns = recount.reporters.own(series.measure, series.items, unit, fine)
    values = {at: own.value for at, own in owns.items() if own.present}
    meant = {at for at in values if owns[at].reported or owns[at].value}
    found = Moved()
    for step in steps:
        against = [step - year] if reference == "year_before" else _year_up_to(steps[0], year)
        then = _before(values, against, reference, year)
        told = {step} if then is None else {step, *against}
        _count(found, values.get(step), then, bool(meant & told))
    found.in_both, found.n_began, found.n_silent = (
        min(each, 1) for each in (found.in_both, found.n_began, found.n_silent)
    )
    return found


def _year_up_to(first: int, year: int) -> range:
    return range(first - max(year // 2, 1) * 2, first)


def _before(values: dict[int, float], against: Iterable[int], reference: str, year: int) -> float | None:
    known = [values[at] for at in against if at in values]
    if reference == "year_before":
        return known[0] if known else None
    return median(known) if len(known) >= min(FEWEST, year) else None


def _count(found: Moved, now: float | None, then: float | None, meant: bool) -> None:
    """Take a step in; a zero both times of what is not carried is of nobody that is counted."""
    if then is not None:
        found.before += then
    if now is not None and then is not None:
        found.change += now - then
        found.in_both += meant
    elif now is not None:
        found.began += now
        found.n_began += meant
    elif then is not None:
        found.silent += then
        found.n_silent += meant
