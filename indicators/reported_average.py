"""Average consumption over the last reports of each place, as OpenLMIS and eLMIS work it out.

These systems average the last n *reports* (requisitions), not the last n months: a month without a report
is passed over and an older report takes its place, if it is not too old. The average is of a period; where
periods are quarters it is divided by three to be of a month. Adding two figures of one product is sound,
adding two averages of different places is sound when both are of the same months; averages are never
averaged again.

Sources: OpenLMIS requisition service (average consumption); eLMIS, OpenLMIS 2 (average monthly
consumption), whose rule reproduces the column of the Ivorian figures (see the decisions).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indicators.grids import Floats
from indicators.rates import over
from indicators.rounding import half_up, upwards
from indicators.stockout_adjustment import Rounding


@dataclass(frozen=True)
class Window:
    """Which reports an average is of.

    Attributes:
        reports: the mean is of so many, or of as many as there are.
        reach: a report more months back than this, its own month counted as the first, is too old.
        least: with fewer reports there is no average.
        months: how many months a period has; the average is divided by it.
    """

    reports: int = 3
    reach: int = 12
    least: int = 1
    months: int = 1


ELMIS = Window()
TWO_OF_THREE = Window(reach=3, least=2)


def average(adjusted: npt.ArrayLike, window: Window = ELMIS, rounding: Rounding = "half up") -> Floats:
    """The average of the last reports as of each month that has one, `[..., month]`.

    Numerator: adjusted consumption of the last n reports. Denominator: how many they are, times the months
    of a period. Unit: dispensing units a month. NaN where the month itself was not reported or too few were.

    Args:
        adjusted: consumption made good (see `stockout_adjustment`); NaN where nothing was reported.
        window: which reports.
        rounding: eLMIS takes a half up, OpenLMIS 3 rounds up; "none" leaves the fraction.

    >>> average([[9, 10, 11]]).tolist()
    [[9.0, 10.0, 10.0]]
    >>> average([[9, np.nan, 12, np.nan]], rounding="none").tolist()
    [[9.0, nan, 10.5, nan]]
    """
    values = np.asarray(adjusted, dtype=np.float64)
    known = ~np.isnan(values)
    total, count = np.zeros(values.shape), np.zeros(values.shape)
    for back in range(min(window.reach, values.shape[-1])):
        older = slice(0, values.shape[-1] - back)
        taken = known[..., older] & (count[..., back:] < window.reports)
        total[..., back:] += np.where(taken, values[..., older], 0.0)
        count[..., back:] += taken
    mean = over(total, np.where(known & (count >= window.least), count, 0.0))
    if rounding != "none":
        mean = half_up(mean) if rounding == "half up" else upwards(mean)
    return mean / window.months


def current_period(adjusted: npt.ArrayLike) -> Floats:
    """Half the period's adjusted consumption, rounded up: an option of OpenLMIS 8.4 ("current period only").

    Numerator: adjusted consumption. Denominator: 2. Unit: dispensing units a period. Odd, but what its
    requisitions show where the option is on.

    >>> current_period([9, 10]).tolist()
    [5.0, 5.0]
    """
    return upwards(np.asarray(adjusted, dtype=np.float64) / 2)
