"""Periods that the figures do not fill, a year of which nine months are in: said wherever they are named."""

from dashboard import i18n
from dashboard.i18n import t
from indicators.compare import Comparison
from indicators.periods import LENGTHS, month_number, month_of


def labels(comparison: Comparison) -> list[str]:
    """The periods as people read them, with the months that are in of those not over: 2019 (Jan–Sep)."""
    named = [i18n.period(str(name)) for name in comparison.periods]
    months = [held(comparison, index) for index in range(len(named))]
    return [
        t("period.held", period=name, months=held) if held else name
        for name, held in zip(named, months, strict=True)
    ]


def held(comparison: Comparison, index: int) -> str:
    """The months of a period that there are figures for, "Jan–Sep"; empty where that is all of it."""
    if not comparison.partial[index]:
        return ""
    start, length = month_number(int(comparison.starts[index])), LENGTHS[comparison.view.grain]
    known = comparison.rollup.months
    first = max(start, month_number(int(known[0])))
    last = min(start + length - 1, month_number(int(known[-1])))
    names = [i18n.month_alone(month_of(each)) for each in (first, last)]
    return names[0] if first == last else "–".join(names)
