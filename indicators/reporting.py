"""Reports received of reports expected: how complete a form is, place by place.

A report is expected where the form is assigned and the unit open that month. It is received when its
completion was registered, else when it brought at least one value; a report that nobody expected counts as
expected too. Over longer periods unit-months are counted. Source: the reporting rate of routine systems,
reports submitted over reports that should have been.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indicators.compare import View, positions_of
from indicators.expected import rows_of_any, spread
from indicators.grid_builder import codes, month_numbers
from indicators.grids import Flags, Mask
from indicators.hierarchy import Amounts, Positions
from indicators.rollup import Rollup

Counts = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Reporting:
    """Reports of one form, arrays `[unit, period]`.

    Attributes:
        units: ids.
        periods: labels.
        n_received: reports received.
        n_expected: reports expected.
    """

    units: tuple[str, ...]
    periods: tuple[str, ...]
    n_received: Counts
    n_expected: Counts

    @property
    def rate(self) -> npt.NDArray[np.float64]:
        """Received over expected, pooled over units; NaN where nothing is expected."""
        expected = np.where(self.n_expected > 0, self.n_expected, np.nan)
        rate: npt.NDArray[np.float64] = self.n_received / expected
        return rate


def reporting(rollup: Rollup, form: str, view: View) -> Reporting:
    """Reports of a form received and expected, of a unit and its children.

    Raises:
        KeyError: the unit or group is unknown.
    """
    span = rollup.calendar.span(view.first, view.last, view.grain)
    whole, positions = rollup.calendar.around(span), positions_of(rollup, view)
    received, members = received_of(rollup, form), rollup.members(view.group)
    expected = rollup.due.of_form(form)

    def own(positions: Positions) -> Amounts:
        came = received.take(positions, whole)
        due = expected.take(positions, whole) | came
        return tuple(np.add.reduceat(flags, whole.edges, axis=1, dtype=np.int32) for flags in (came, due))

    first = whole.index_of(span.start)
    shown = rollup.placed(("reporting", form, span.cut, view.group), own, positions, members)
    counts = [amount[:, first : first + len(span)] for amount in shown]
    return Reporting(tuple(rollup.hierarchy.ids[i] for i in positions), span.labels, counts[0], counts[1])


def received_of(rollup: Rollup, form: str) -> Mask:
    """The unit-months with a value or a registered completion of a form, worked out once a version."""

    def make() -> tuple[Positions, Flags]:
        found = _received(rollup, form)
        return found.rows, found.flags

    return Mask(*rollup.keep(("received", form), make))


def _received(rollup: Rollup, form: str) -> Mask:
    """The unit-months with a value or a registered completion of a form."""
    items, home = set(rollup.due.forms.items(form)), rollup.due.forms.home(form)
    grids = [grid for (item, _), grid in rollup.grids.items() if item in items]
    registered = _registered(rollup, form)
    flags = np.zeros(rollup.hierarchy.size, dtype=bool)
    flags[registered.rows] = True
    rows = rows_of_any(grids, flags)
    masks = [registered, *(Mask(grid.rows, grid.present() & home[grid.rows, None]) for grid in grids)]
    return Mask(rows, spread(rows, masks, rollup.calendar.size))


def _registered(rollup: Rollup, form: str) -> Mask:
    """The unit-months that a registered completion covers."""
    reports = rollup.reports
    if reports is None:
        return Mask(np.empty(0, dtype=np.intp), np.zeros((0, rollup.calendar.size), dtype=bool))
    mine = reports[(reports["form"] == form) & reports["registered"].astype(bool)]
    units = codes(mine["org_unit"], rollup.hierarchy.positions)
    rows = np.unique(units[units >= 0]).astype(np.intp)
    flags = np.zeros((len(rows), rollup.calendar.size), dtype=bool)
    start = month_numbers(mine["month"].to_numpy(dtype=np.int32)) - rollup.calendar.base
    for offset in range(int(mine["months"].max()) if len(mine) else 0):
        column = start + offset
        inside = (
            (units >= 0) & (column >= 0) & (column < flags.shape[1]) & (offset < mine["months"].to_numpy())
        )
        flags[np.searchsorted(rows, units[inside]), column[inside]] = True
    return Mask(rows, flags)
