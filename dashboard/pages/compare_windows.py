"""Reports over several months at the facility that sends them: each is drawn as a step over its months."""

from dataclasses import dataclass, replace

from indicators.compare import Comparison, positions_of
from indicators.hierarchy import Positions
from indicators.rollup import Rollup


@dataclass(frozen=True)
class Window:
    """One report over several months.

    Attributes:
        first, last: indices of the first and last of its months that are shown.
        months: how many months it is over.
        mean: its total over them.
    """

    first: int
    last: int
    months: int
    mean: float


def windows(comparison: Comparison, codes: tuple[str, ...], measure: str) -> list[Window]:
    """The reports over several months of a facility's items, all together, in the order of time.

    None at a place with others below it, whose months mix both kinds of reports, and none of longer periods.
    """
    return comparison.once(("windows", codes, measure), lambda: _windows(comparison, codes, measure))


def _windows(comparison: Comparison, codes: tuple[str, ...], measure: str) -> list[Window]:
    rollup, view = comparison.rollup, replace(comparison.view, children=False)
    (position,) = positions = positions_of(rollup, view)
    if view.grain != "month" or rollup.hierarchy.branch_of[position] >= 0:
        return []
    totals: dict[tuple[int, int], float] = {}
    for start, months, value in _reports(rollup, rollup.numbers(codes), measure, positions):
        totals[start, months] = totals.get((start, months), 0.0) + value
    span = rollup.calendar.span(view.first, view.last, view.grain)
    found = []
    for (start, months), value in sorted(totals.items()):
        first, last = max(start - span.start, 0), min(start - span.start + months, len(span)) - 1
        if first <= last:
            found.append(Window(first, last, months, value / months))
    return found


def _reports(
    rollup: Rollup, items: tuple[int, ...], measure: str, positions: Positions
) -> list[tuple[int, int, float]]:
    found = []
    for item in items:
        grid = rollup.grids.get((item, measure))
        if grid is not None and grid.windows is not None:
            _, reports = grid.windows.of(positions)
            columns = (grid.windows.start, grid.windows.months, grid.windows.value)
            found += list(zip(*(column[reports].tolist() for column in columns), strict=True))
    return found
