"""Whether the two sides of each place move together, part, or cannot be told: one word and one shape each."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from dashboard.i18n import t
from dashboard.pages.compare_reading import Floats
from indicators.compare import Comparison, compare
from indicators.grids import Flags
from indicators.periods import LENGTHS, Grain, month_number
from indicators.relation import consumption_series, disagreement, service_series
from indicators.robust import MAD_TO_SD, medians

TOGETHER, MORE, LESS, STOCK_OUT = "together", "more", "less", "stock_out"
UNCLEAR, MISSING, ONE_SIDE = "unclear", "missing", "one_side"
WORDS = {
    TOGETHER: "together.together",
    MORE: "together.more",
    LESS: "together.less",
    STOCK_OUT: "together.stock_out",
    UNCLEAR: "together.unclear",
    MISSING: "together.missing",
    ONE_SIDE: "together.one_side",
}
# Of another shape each, so that nobody needs the colours to tell them apart.
SHAPES = {TOGETHER: "●", MORE: "▲", LESS: "▼", STOCK_OUT: "■", UNCLEAR: "?", MISSING: "·", ONE_SIDE: "–"}
PARTED = (MORE, LESS, STOCK_OUT)
# Where consumption for each service usually lies further than this factor from its own middle, the two have
# no relation that a month could part from.
WANDERS = np.log(2)
FEWEST = 6
# Kinds of pairs whose sides say nothing of each other.
APART_BY_NATURE = ("do_not_compare", "alone")
# Codes, strengths, and consumption for each service as it was and as it usually is, `[unit, period]`.
_Found = tuple[npt.NDArray[np.str_], Floats, Floats, Floats]


@dataclass(frozen=True)
class Together:
    """How the two sides of some units stand to each other in one period.

    Attributes:
        kinds: a code of this module for each unit.
        strengths: how many spreads consumption lies above (below) what the services say; NaN where unknown.
    """

    kinds: tuple[str, ...]
    strengths: Floats

    def words(self, unit: int) -> dict[str, str]:
        """The kind of a unit, its shape and what it is called."""
        kind = self.kinds[unit]
        return {"kind": kind, "shape": SHAPES[kind], "text": t(WORDS[kind])}

    def strength(self, unit: int) -> float | None:
        """What a unit is sorted and coloured by; None where the two do not compare."""
        value = float(self.strengths[unit])
        return None if np.isnan(value) else round(value, 1)


@dataclass(frozen=True)
class Judged:
    """How the two sides of some units stand to each other in every period, arrays `[unit, period]`.

    Worked out when first asked for: of a place without any below it, what its like tell of it is enough.

    Attributes:
        comparison: whose units and periods these are.
    """

    comparison: Comparison

    @property
    def kinds(self) -> npt.NDArray[np.str_]:
        """Codes of this module."""
        return self._found[0]

    @property
    def strength(self) -> Floats:
        """Spreads above (below) what the services say; NaN where nothing can be said."""
        return self._found[1]

    @property
    def seen(self) -> Floats:
        """Consumption for each service as it was, at the places that report regularly."""
        return self._found[2]

    @property
    def usual(self) -> Floats:
        """Consumption for each service as it usually is there."""
        return self._found[3]

    @cached_property
    def _found(self) -> _Found:
        return _judged(self.comparison)

    @property
    def apart(self) -> Flags:
        """Where the two part, whatever explains it."""
        return np.asarray(np.isin(self.kinds, PARTED))


def together(comparison: Comparison, at: int, months: Judged | None = None) -> Together:
    """How the sides of every unit of a comparison stand to each other in the period of index `at`.

    A quarter or a year is told by the months in it, where these can be: by the month that parts furthest.

    Args:
        comparison: the units and periods.
        at: which period.
        months: what `judged_by_month` says of them, where it is known.
    """
    months = months or judged_by_month(comparison)
    if months.comparison is comparison:
        kinds, strength = months.kinds[:, at], months.strength[:, at]
    else:
        of_period = judged(comparison)
        inside = _inside(months, int(comparison.starts[at]), comparison.view.grain)
        told = ~np.isnan(inside[1])
        kinds = np.where(told, inside[0], of_period.kinds[:, at])
        strength = np.where(told, inside[1], of_period.strength[:, at])
    return Together(tuple(str(kind) for kind in kinds), strength)


def judged_by_month(comparison: Comparison) -> Judged:
    """The same units judged month by month, or by longer periods where no month can be."""
    return comparison.once("judged by month", lambda: _by_month(comparison))


def _by_month(comparison: Comparison) -> Judged:
    if comparison.view.grain == "month":
        return judged(comparison)
    by_month = compare(comparison.rollup, comparison.pair, replace(comparison.view, grain="month"))
    found = judged(by_month)
    return judged(comparison) if np.isnan(found.strength).all() else found


def judged(comparison: Comparison) -> Judged:
    """How the sides of every unit of a comparison stand to each other in each of its periods."""
    return comparison.once("judged", lambda: Judged(comparison))


def _judged(comparison: Comparison) -> _Found:
    rollup, pair, view = comparison.rollup, comparison.pair, comparison.view
    sides = service_series(rollup, pair, view.group), consumption_series(rollup, pair, view.group)
    if not all(side.items for side in sides):
        shape = len(comparison.units), len(comparison.periods)
        return np.full(shape, ONE_SIDE), *(np.full(shape, np.nan) for _ in range(3))
    found = disagreement(rollup, sides, view)
    served, used = _shown(comparison, "service", "count"), _shown(comparison, "commodity", "consumed")
    strength, apart = found.found.strength, found.found.apart
    one_side = (np.isnan(served).all(axis=1) | np.isnan(used).all(axis=1))[:, None]
    missing = np.isnan(served) | np.isnan(used)
    unclear, wanders = np.isnan(strength), _wanders(served, used)[:, None]
    cases = [
        (one_side, ONE_SIDE),
        (missing, MISSING),
        (unclear, UNCLEAR),
        (apart & (strength < 0) & found.out, STOCK_OUT),
        (apart & (strength > 0), MORE),
        (apart, LESS),
        (wanders, UNCLEAR),
    ]
    masks = [np.broadcast_to(mask, strength.shape) for mask, _ in cases]
    kinds = np.select(masks, [kind for _, kind in cases], TOGETHER)
    told = np.where(one_side | missing, np.nan, strength)
    relation = found.found.seen, found.found.usual
    return np.asarray(kinds, dtype=np.str_), np.asarray(told, dtype=np.float64), *relation


def _inside(months: Judged, start: int, grain: Grain) -> tuple[npt.NDArray[np.str_], Floats]:
    """What the months of a period say of it, by unit: the one that parts furthest, NaN where none can."""
    first, numbers = month_number(start), [month_number(int(month)) for month in months.comparison.starts]
    columns = [i for i, number in enumerate(numbers) if first <= number < first + LENGTHS[grain]]
    if not columns:
        return months.kinds[:, 0], np.full(len(months.kinds), np.nan)
    kinds, strength = months.kinds[:, columns], months.strength[:, columns]
    size = np.where(np.isnan(strength), -1, np.abs(strength)) + 1e6 * months.apart[:, columns]
    rows, furthest = np.arange(len(kinds)), np.argmax(size, axis=1)
    return kinds[rows, furthest], strength[rows, furthest]


def _shown(comparison: Comparison, side: str, measure: str) -> Floats:
    return comparison.line(side, measure).shown


def _wanders(served: Floats, used: Floats) -> Flags:
    """Whether consumption for each service has no usual level in the window, or too few periods for one."""
    relation = np.log(used + 0.5) - np.log(served + 0.5)
    spread = MAD_TO_SD * medians(np.abs(relation - medians(relation)[:, None]))
    few = np.count_nonzero(~np.isnan(relation), axis=1) < FEWEST
    return np.asarray(few | (spread > WANDERS))
