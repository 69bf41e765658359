"""What a fixed dose lets one expect of the services of a place, beside what was used there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from dashboard.pages.compare_windows import Window
from indicators.compare import Comparison
from indicators.measures import COMMODITY, SERVICE, SERVICE_REPORT
from indicators.relation import fixed_dose

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Dosed:
    """What the services of a place should have used and what was used, where both are reported, by period.

    Attributes:
        side: whose chart it belongs on: that of the services where these say themselves what they dispensed,
            else that of the commodities.
        expected: the dose times the services.
        low, high: where 95 of 100 figures lie around it.
        used: what was used.
        ratio: used for each service.
        both: how many places report both, on which all of this stands.
        either: how many report either.
    """

    side: str
    expected: Floats
    low: Floats
    high: Floats
    used: Floats
    ratio: Floats
    both: npt.NDArray[np.int64]
    either: npt.NDArray[np.int64]

    @property
    def known(self) -> bool:
        """Whether any period has a place that reports both."""
        return bool((self.both > 0).any())

    def over(self, windows: Sequence[Window]) -> "Dosed":
        """The same with what stands at the last month of each report spread over the months it is over."""
        drawn = {name: getattr(self, name).copy() for name in ("expected", "low", "high", "used", "ratio")}
        both, either = self.both.copy(), self.either.copy()
        for window in windows:
            months = slice(window.first, window.last + 1)
            for name, values in drawn.items():
                values[months] = values[window.last] / (1 if name == "ratio" else window.months)
            both[months], either[months] = both[window.last], either[window.last]
        return replace(self, both=both, either=either, **drawn)


def dosed(comparison: Comparison, dose: float) -> Dosed | None:
    """The fixed relation for the place of a comparison; None where no place reports both."""
    return comparison.once(("dosed", dose), lambda: _dosed(comparison, dose))


def _dosed(comparison: Comparison, dose: float) -> Dosed | None:
    own = comparison.has(SERVICE_REPORT, "consumed")
    view = replace(comparison.view, children=False)
    used = SERVICE_REPORT if own else COMMODITY
    if not (comparison.has(SERVICE, "count") and comparison.has(used, "consumed")):
        return None
    found = fixed_dose(comparison.rollup, comparison.pair, view, dose, used)
    there = found.n_both[0] > 0
    answer = Dosed(
        side=SERVICE if own else COMMODITY,
        expected=found.expected[0],
        low=found.low[0],
        high=found.high[0],
        used=np.where(there, found.used[0], np.nan),
        ratio=found.value[0],
        both=found.n_both[0],
        either=found.n_either[0],
    )
    return answer if answer.known else None
