"""Reports of the forms that ask for a product: whether they come, come in time, and keep coming.

A report is expected where the form is assigned and the place open, whatever products it carries; two products
of one form have the same reports. Formulas and sources stand with the functions of arrays,
`reporting_habits`, and with `reporting`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from indicators.cells import Cells
from indicators.folding import summed
from indicators.grid_builder import codes, month_numbers
from indicators.grids import Flags, Mask
from indicators.hierarchy import Positions
from indicators.parts import Indicator, Parts, parts, together
from indicators.periods import Span
from indicators.reporting import received_of
from indicators.reporting_habits import regular
from indicators.rollup import Rollup


@dataclass(frozen=True)
class Reports:
    """A form's reports of some places, flags `[place, month of the calendar]`.

    Attributes:
        expected: the form is assigned and the place open, or a report came.
        received: a value or a registered completion is there.
        on_time: it came by its day.
        dated: whether it came by its day is recorded.
        records: whether any report of the form has a date, so that silence can be called late.
    """

    expected: Flags
    received: Flags
    on_time: Flags
    dated: Flags
    records: bool


def reporting_rate(reports: Reports, span: Span) -> Parts:
    """Reporting rate. Numerator: reports received. Denominator: reports expected. Unit: share of 1."""
    return _of_expected(reports.received, reports.received, reports.expected, span)


def timeliness(reports: Reports, span: Span) -> Parts:
    """Timeliness as DHIS2 counts it: who is silent is late as well.

    Numerator: reports received by their day. Denominator: reports expected, but those received of which no
    day is recorded. Reported: reports received with a day. Unit: share of 1; none where the form records no
    days at all.
    """
    judged = reports.expected & (reports.dated | ~reports.received) & reports.records
    dated = reports.dated & reports.received
    return _of_expected(reports.on_time & dated, dated, reports.expected, span, judged)


def timeliness_of_received(reports: Reports, span: Span) -> Parts:
    """Timeliness of the reports that came.

    Numerator: reports received by their day. Denominator: reports received of which the day is recorded.
    Unit: share of 1.
    """
    dated = reports.dated & reports.received
    return _of_expected(reports.on_time & dated, dated, reports.expected, span, dated)


def of_forms(own: Callable[[Reports, Span], Parts]) -> Callable[[Cells, Span], Parts]:
    """An indicator of reports, over all forms that ask for any of a subject's products."""

    def parts_of(cells: Cells, span: Span) -> Parts:
        found = [own(reports_of(cells.rollup, form, cells.positions), span) for form in forms_of(cells)]
        return together(found, cells, span)

    return parts_of


def reporting_consistency(cells: Cells, span: Span) -> Parts:
    """Places that keep reporting.

    Numerator: places that sent at least ten of twelve of the reports expected in the season that ends with
    the period. Denominator: places of which any was expected in it. Unit: share of 1.
    """
    asked = sent = np.zeros(cells.shape, dtype=bool)
    for form in forms_of(cells):
        reports = reports_of(cells.rollup, form, cells.positions)
        asked, sent = asked | reports.expected, sent | reports.received
    rate = regular(sent, asked, cells.rules.season)
    last = np.append(span.edges[1:], cells.shape[1]) - 1
    keeping, due = rate.numerator[:, last], rate.denominator[:, last]
    return parts(keeping, due, due, due)


def forms_of(cells: Cells) -> tuple[str, ...]:
    """The forms that ask for any of a subject's products, each once."""
    forms = (form for cell in cells.each for form in cells.rollup.due.forms.of_item[cell.item])
    return tuple(dict.fromkeys(forms))


def reports_of(rollup: Rollup, form: str, positions: Positions) -> Reports:
    """The reports of a form from some places."""
    span = rollup.calendar.whole("month")
    received = received_of(rollup, form).take(positions, span)
    expected = rollup.due.of_form(form).take(positions, span) | received
    on_time, dated = (mask.take(positions, span) for mask in _days_of(rollup, form))
    return Reports(expected, received, on_time, dated, len(_days_of(rollup, form)[1].rows) > 0)


def _of_expected(met: Flags, known: Flags, expected: Flags, span: Span, judged: Flags | None = None) -> Parts:
    below = expected if judged is None else judged
    return parts(*(summed(flags, span) for flags in (met, below, known, expected)))


def _days_of(rollup: Rollup, form: str) -> tuple[Mask, Mask]:
    """The unit-months whose report came by its day, and those of which that is recorded; kept."""

    def make() -> tuple[Positions, Flags, Flags]:
        rows, units, mine = _dated(rollup, form)
        on_time, dated = (np.zeros((len(rows), rollup.calendar.size), dtype=bool) for _ in range(2))
        start = month_numbers(mine["month"].to_numpy(dtype=np.int32)) - rollup.calendar.base
        length, timely = mine["months"].to_numpy(), mine["on_time"].to_numpy(dtype=bool)
        for offset in range(int(length.max(initial=0))):
            column = start + offset
            inside = (column >= 0) & (column < rollup.calendar.size) & (offset < length)
            spots = np.searchsorted(rows, units[inside]), column[inside]
            dated[spots] = True
            on_time[spots] |= timely[inside]
        return rows, on_time, dated

    rows, on_time, dated = rollup.keep(("days of reports", form), make)
    return Mask(rows, on_time), Mask(rows, dated)


def _dated(rollup: Rollup, form: str) -> tuple[Positions, Positions, pd.DataFrame]:
    """Positions with a dated report of the form, and each such report with its position."""
    reports = rollup.reports
    if reports is None or "on_time" not in reports:
        nobody = np.empty(0, dtype=np.intp)
        return nobody, nobody, pd.DataFrame({"month": [], "months": [], "on_time": []})
    mine = reports[(reports["form"] == form) & reports["on_time"].notna()]
    units = codes(mine["org_unit"], rollup.hierarchy.positions).astype(np.intp)
    known = units >= 0
    return np.unique(units[known]), units[known], mine[known]


REPORT_INDICATORS = (
    Indicator("reporting_rate", "share", of_forms(reporting_rate)),
    Indicator("timeliness", "share", of_forms(timeliness)),
    Indicator("timeliness_of_received", "share", of_forms(timeliness_of_received)),
    Indicator("reporting_consistency", "share", reporting_consistency),
)
