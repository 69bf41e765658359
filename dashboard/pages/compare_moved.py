"""What moved to the period looked at, worked out once: headline figures and the story tell the same of it."""

from dashboard.i18n import tn
from dashboard.movement import last_month
from dashboard.pages.compare_reading import Reading
from indicators.attribution import Asked, Attribution, attribution
from indicators.measures import timing
from indicators.rollup import Series

YEAR = 100  # from a month to that of the year before, YYYYMM


def last_of(reading: Reading) -> int:
    """The last month of the period looked at, `YYYYMM`, as far as there are figures."""
    comparison = reading.comparison
    start, newest = int(comparison.starts[reading.at]), int(comparison.rollup.months[-1])
    return last_month(start, comparison.view.grain, newest)


def moved(reading: Reading, side: str) -> Attribution | None:
    """The change of what a side's chart shows to the period looked at, in parts.

    Returns:
        The change of the place that the chart is of; None where the pair has nothing on this side.
    """
    source, month = reading.source(side), last_of(reading)
    codes = source.pair.services if side == "service" else source.pair.commodities
    view, numbers = source.view, source.rollup.numbers(codes)
    if not numbers:
        return None
    series = Series(reading.measure(side), numbers, view.group)
    asked = Asked(view.unit, month, view.grain, view.only)
    return source.once(("moved", series, month), lambda: attribution(source.rollup, series, asked))


def year_before(reading: Reading) -> int | None:
    """The index of the same period a year before; None where the view does not reach back so far."""
    starts = [int(start) for start in reading.comparison.starts]
    before = starts[reading.at] - YEAR
    return starts.index(before) if before in starts else None


def at_both(reading: Reading, found: Attribution, measure: str, change: str) -> str:
    """A change in words, and that it is of what was reported both times: by how many, and in which months."""
    key = "compare.at_both" if one_report_each(reading, measure) else "compare.at_both_months"
    return tn(key, found.both, change=change)


def one_report_each(reading: Reading, measure: str) -> bool:
    """Whether what each place has of a period is one report; of several months it may have reported some."""
    return reading.comparison.view.grain == "month" or timing(measure) != "flow"
