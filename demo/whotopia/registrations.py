"""Who declared which report complete, and when; some never are, and some declarations have no report."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import numpy.typing as npt

from demo.whotopia.forms import SERVICES, Form
from demo.whotopia.habits import Filled
from demo.whotopia.lateness import NEVER
from demo.whotopia.people import clerk_account
from demo.whotopia.rows import visible
from demo.whotopia.timeline import first_day, yyyymm
from demo.whotopia.world import World

Registration = tuple[str, str, str, str, str]
"""Data set, period, unit, day and by whom, as in registrations.csv."""
DECLARED = {SERVICES: 0.94}
DECLARED_ELSE = 0.90
"""Share of the reports that are declared complete: services, and the rest."""
AT_ONCE, DAYS_LATER = 0.8, 6
EMPTY = 0.05
"""Share of the missing reports that are declared complete all the same."""


def of_form(world: World, filled: Filled) -> Iterator[Registration]:
    """The declarations of a form's reports up to today, month by month."""
    today, form = world.timeline.today.toordinal(), filled.form
    shown, facilities = visible(filled, world.timeline), world.places.facilities
    from_column = max(0, world.timeline.first_shown - form.start)
    for column in range(from_column, form.due.shape[1]):
        month = form.start + column
        draw = world.chance.at("registered", form.name, month).random((3, world.places.size))
        waits = np.where(draw[1] < AT_ONCE, 0, 1 + np.floor(DAYS_LATER * draw[2])).astype(np.int64)
        day = np.where(shown[:, column], filled.arrivals.first[:, column] + waits, _empty(form, column, draw))
        declared = np.where(
            shown[:, column], draw[0] < DECLARED.get(form.name, DECLARED_ELSE), _missing(filled, column)
        )
        declared &= np.where(shown[:, column], True, draw[0] < EMPTY) & (day <= today)
        for number in np.flatnonzero(declared):
            clerk = clerk_account(facilities[number].district)
            when = date.fromordinal(int(day[number])).isoformat()
            yield form.data_sets[number], str(yyyymm(month)), facilities[number].code, when, clerk


def _missing(filled: Filled, column: int) -> npt.NDArray[np.bool_]:
    """Reports that are owed and never come."""
    never = (filled.arrivals.first[:, column] == NEVER) & (filled.lost[:, column] == NEVER)
    return np.asarray(filled.form.due[:, column] & never)


def _empty(form: Form, column: int, draw: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """The day on which a report that does not exist is declared, within two weeks of the month's end."""
    end = first_day(form.start + column + 1).toordinal() - 1
    return np.asarray(end + 3 + np.floor(12 * draw[1]), dtype=np.int64)
