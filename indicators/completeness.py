"""How complete the reports of both sides of a pair are, period by period: the strip under each chart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indicators.compare import PairItems, View
from indicators.measures import COMMODITY, SERVICE, SERVICE_REPORT
from indicators.reporting import Reporting, reporting
from indicators.rollup import Rollup

Flags = npt.NDArray[np.bool_]

# Below this share of expected reports a period is provisional. Source: Countdown to 2030 imputes districts
# below 75 % of reports before it reads them.
PROVISIONAL_BELOW = 0.75


@dataclass(frozen=True)
class Strip:
    """Reports of one side, arrays `[unit, period]`.

    Attributes:
        forms: the forms that the side is reported in.
        reports: received of expected, over all of them.
    """

    forms: tuple[str, ...]
    reports: Reporting

    @property
    def provisional(self) -> Flags:
        """Where fewer than 75 % of the expected reports came."""
        with np.errstate(invalid="ignore"):
            return np.asarray(self.reports.rate < PROVISIONAL_BELOW)


def completeness(rollup: Rollup, pair: PairItems, view: View) -> dict[str, Strip]:
    """The reports behind each side of a pair: of the forms its items are on, whatever items they hold.

    A side without any item known has no strip. A unit in which nothing is expected has a rate of NaN and is
    not provisional.

    Raises:
        KeyError: the unit or group is unknown.
    """
    told = [code for codes in pair.reported.values() for code in codes]
    sides = {SERVICE: pair.services, COMMODITY: pair.commodities, SERVICE_REPORT: told}
    forms = {side: _forms(rollup, codes) for side, codes in sides.items()}
    asked = {form: reporting(rollup, form, view) for form in dict.fromkeys(sum(forms.values(), ()))}
    return {
        side: Strip(each, _joined([asked[form] for form in each])) for side, each in forms.items() if each
    }


def _forms(rollup: Rollup, codes: Iterable[str]) -> tuple[str, ...]:
    """Every form that asks for any of the items: the monthly one, and the quarterly ones of some groups."""
    of_item = rollup.due.forms.of_item
    return tuple(dict.fromkeys(form for number in rollup.numbers(codes) for form in of_item[number]))


def _joined(parts: list[Reporting]) -> Reporting:
    received, expected = (
        np.asarray(sum(getattr(part, name) for part in parts), dtype=np.int32)
        for name in ("n_received", "n_expected")
    )
    return Reporting(parts[0].units, parts[0].periods, received, expected)
