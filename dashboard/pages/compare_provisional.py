"""Which figures are not final: too few reports are in, or the period or a quarter in it still runs."""

import numpy as np

from dashboard.pages.compare_reading import Reading
from indicators.completeness import PROVISIONAL_BELOW
from indicators.periods import LENGTHS, month_number

# A staggered quarter that holds the data's last month may end as many months later; until then those who
# report it are not expected, and their share of the sum is not there.
RUNNING = 2


def provisional(reading: Reading, side: str) -> list[bool]:
    """Whether too little of what each period's figure will be made of is in for it to stand.

    A period that is not over is provisional whatever came. In the last ones the reports are measured against
    those of the last period that no quarter still runs into, else a few quick ones would count as all.
    """
    return reading.comparison.once(
        ("provisional", reading.pair.id, side), lambda: _provisional(reading, side)
    )


def _provisional(reading: Reading, side: str) -> list[bool]:
    source, reports = reading.source(side), reading.reports(side)
    settled = _settled(reading)
    usual = reports[settled - 1][1] if settled else 0
    few = (
        0 < n < PROVISIONAL_BELOW * (max(expected, usual) if index >= settled else expected)
        for index, (n, expected) in enumerate(reports)
    )
    return [
        bool(not_over and n) or is_few
        for not_over, (n, _), is_few in zip(source.partial.tolist(), reports, few, strict=True)
    ]


def _settled(reading: Reading) -> int:
    """How many of the periods, from the first, no quarter runs into any more."""
    comparison, length = reading.comparison, LENGTHS[reading.comparison.view.grain]
    last = month_number(int(comparison.rollup.months[-1])) - RUNNING
    ends = month_number(np.asarray(comparison.starts)) + length - 1
    return int(np.count_nonzero(ends <= last))
