"""Whether the two sides of each place move together, part, or cannot be told: one word and one shape each."""

from dataclasses import dataclass

import numpy as np

from dashboard.i18n import t
from dashboard.pages.compare_reading import Floats
from indicators.compare import Comparison
from indicators.grids import Flags
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
# Where consumption for each service usually lies further than this factor from its own middle, the two have
# no relation that a month could part from.
WANDERS = np.log(2)
FEWEST = 6
# Kinds of pairs whose sides say nothing of each other.
APART_BY_NATURE = ("do_not_compare", "alone")


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


def together(comparison: Comparison, at: int) -> Together:
    """How the sides of every unit of a comparison stand to each other in the period of index `at`."""
    rollup, pair, view = comparison.rollup, comparison.pair, comparison.view
    sides = service_series(rollup, pair, view.group), consumption_series(rollup, pair, view.group)
    if not all(side.items for side in sides):
        units = len(comparison.units)
        return Together((ONE_SIDE,) * units, np.full(units, np.nan))
    found = disagreement(rollup, sides, view)
    served, used = _shown(comparison, "service", "count"), _shown(comparison, "commodity", "consumed")
    strength, apart = found.found.strength[:, at], found.found.apart[:, at]
    one_side = np.isnan(served).all(axis=1) | np.isnan(used).all(axis=1)
    missing = np.isnan(served[:, at]) | np.isnan(used[:, at])
    short = apart & (strength < 0) & found.out[:, at]
    chosen = np.select(
        [one_side, missing, np.isnan(strength), short, apart & (strength > 0), apart, _wanders(served, used)],
        [ONE_SIDE, MISSING, UNCLEAR, STOCK_OUT, MORE, LESS, UNCLEAR],
        TOGETHER,
    )
    told = np.where(one_side | missing, np.nan, strength)
    return Together(tuple(str(kind) for kind in chosen), np.asarray(told, dtype=np.float64))


def _shown(comparison: Comparison, side: str, measure: str) -> Floats:
    return comparison.line(side, measure).shown


def _wanders(served: Floats, used: Floats) -> Flags:
    """Whether consumption for each service has no usual level in the window, or too few periods for one."""
    relation = np.log(used + 0.5) - np.log(served + 0.5)
    spread = MAD_TO_SD * medians(np.abs(relation - medians(relation)[:, None]))
    few = np.count_nonzero(~np.isnan(relation), axis=1) < FEWEST
    return np.asarray(few | (spread > WANDERS))
