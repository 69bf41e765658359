"""Whether reports come, come in time and keep coming: three things that "reporting" means.

Arrays `[place, month]`. A report is expected where the form is assigned and the place open (`expected`);
what comes without being expected is in no number. Timeliness is given in its two usual senses, since
dashboards mix them up.

Sources: Data for Impact, reporting rate and timeliness; WHO, Data quality assurance (2022), consistency of
reporting over time.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from indicators.grids import Flags
from indicators.rates import Rate, counted


def completeness(received: npt.ArrayLike, expected: npt.ArrayLike) -> Rate:
    """Reporting rate.

    Numerator: reports received of those expected. Denominator: reports expected. Unit: share of 1.

    >>> float(completeness([True, False, True], [True, True, False]).pooled().value)
    0.5
    """
    return counted(received, np.ones(np.shape(received), dtype=bool), expected)


def timely_of_expected(on_time: npt.ArrayLike, expected: npt.ArrayLike) -> Rate:
    """Timeliness as DHIS2 counts it: who is silent is late as well.

    Numerator: reports received by their day. Denominator: reports expected. Unit: share of 1.

    >>> float(timely_of_expected([True, False, False, True], [True] * 4).pooled().value)
    0.5
    """
    return completeness(on_time, expected)


def timely_of_received(on_time: npt.ArrayLike, received: npt.ArrayLike, expected: npt.ArrayLike) -> Rate:
    """Timeliness of the reports that came.

    Numerator: reports received by their day. Denominator: reports received of those expected. Unit: share of
    1.

    >>> came = [True, True, False, True]
    >>> float(timely_of_received([True, False, False, True], came, [True] * 4).pooled().value.round(3))
    0.667
    """
    return counted(on_time, received, expected)


def regular(
    received: npt.ArrayLike, expected: npt.ArrayLike, window: int = 12, least: float = 10 / 12
) -> Rate:
    """Consistency of reporting: places that keep reporting, as of each month, `[place, month]`.

    Numerator: places that sent at least `least` of the reports expected of them in the window. Denominator:
    places of which any was expected in it. Unit: share of 1, once pooled along the places.

    >>> rate = regular([[1, 1, 1], [1, 0, 0]], np.ones((2, 3)), window=3)
    >>> rate.pooled().value.tolist()
    [1.0, 0.5, 0.5]
    """
    due = np.asarray(expected, dtype=bool)
    came = np.asarray(received, dtype=bool) & due
    asked, sent = _within(due, window), _within(came, window)
    return counted((sent >= least * asked - 1e-9) & (asked > 0), asked > 0)


def _within(flags: Flags, window: int) -> npt.NDArray[np.int64]:
    """How many of each month and those before it in the window are set."""
    running = np.cumsum(flags, axis=-1, dtype=np.int64)
    found = running.copy()
    found[..., window:] -= running[..., :-window]
    return found
