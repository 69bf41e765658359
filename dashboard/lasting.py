"""How long a stock lasts, as every page and paper says it: never on the wrong side of its class's limit."""

from collections.abc import Mapping
from types import MappingProxyType

from dashboard.i18n import number
from dashboard.worked import said
from indicators.rounding import HAIR
from indicators.stock_status import Limits

MANY = 99  # months of stock: beyond them more digits say nothing more
LEAST = 0.05  # below it a stock would be said to last 0.0 months, as where there is none
DIGITS = (1, 2)
SIGNS: Mapping[int, str] = MappingProxyType({-1: "<", 0: "", 1: ">"})


def lasting(months: float, limits: Limits | None = None) -> str:
    """Months of stock in words, with as many digits as put them on their own side of the limits.

    Args:
        months: from 0 on.
        limits: of the place, single numbers; None where no class is shown beside them.

    >>> from dashboard.i18n import use
    >>> with use("en"):
    ...     [lasting(each, Limits(1.5, 3)) for each in (1.44, 1.48, 1.499, 1.5, 3.02, 3.001, 0.02, 0, 1890)]
    ['1.4', '1.48', '<1.5', '1.5', '3.02', '>3', '<0.1', '0.0', '>99']
    """
    if months >= MANY + 0.95:
        return f">{number(MANY)}"
    if 0 < months < LEAST:
        return f"<{number(0.1, 1)}"
    side = _side(months, limits)
    for digits in DIGITS:
        if _side(float(f"{months:.{digits}f}"), limits) == side:
            return number(months, digits)
    return SIGNS[side] + said(_nearest(months, limits or Limits()))


def _side(months: float, limits: Limits | None) -> int:
    """-1 below the limits, 1 above them, 0 between: as `indicators.stock_status.status` judges it."""
    if limits is None:
        return 0
    if months < float(limits.low) * (1 - HAIR):
        return -1
    return int(months > float(limits.high) * (1 + HAIR))


def _nearest(months: float, limits: Limits) -> float:
    low, high = float(limits.low), float(limits.high)
    return low if abs(months - low) <= abs(months - high) else high
