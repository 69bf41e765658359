"""The numbers of alerts' sentences as people write them."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.address import month_name
from dashboard.i18n import number, period, tn
from dashboard.programme import months_before
from ledger.alerts import Alert

USUAL = ("expected", "low", "high", "consumption_expected")
"""What is usual: nobody counts a part of a person or of a pack."""

SMALL = 10  # below it a figure that is worked out is told to one decimal


def ten(facts: Mapping[str, Any]) -> str:
    """The sentence of a figure that is ten times what is usual, or a tenth of it."""
    return "alerts.rule_ten_times" if facts["value"] > facts["expected"] else "alerts.rule_a_tenth"


def figures(facts: Mapping[str, Any], names: Sequence[str], whole: bool = True) -> dict[str, str]:
    """Facts in words: what was reported as it was, what is usual in whole people or packs.

    Args:
        facts: numbers by name; None for what is not known.
        names: of which.
        whole: whether what is expected is what is usual, not what follows from other figures.

    >>> from dashboard.i18n import use
    >>> with use("en"):
    ...     figures({"value": 2.5, "expected": 6.98}, ("value", "expected", "low"))
    {'value': '2.5', 'expected': '7', 'low': '–'}
    """
    found = {name: facts.get(name) for name in names}
    return {
        name: told(round(value) if whole and value is not None and name in USUAL else value)
        for name, value in found.items()
    }


def told(value: float | None) -> str:
    """A figure of a sentence: whole ones whole, small ones that are worked out to one decimal.

    >>> from dashboard.i18n import use
    >>> with use("en"):
    ...     told(40.0), told(310.4), told(7.86), told(-6706), told(None)
    ('40', '310', '7.9', '−6,706', '–')
    """
    if value is None:
        return "–"
    even = float(value).is_integer() or abs(value) >= SMALL
    return number(value, 0 if even else 1).replace("-", "−")


def spoken_months(months: float) -> str:
    """A number of months, to one decimal where it is not whole.

    >>> from dashboard.i18n import use
    >>> with use("en"):
    ...     spoken_months(1.0), spoken_months(0.54)
    ('1 month', '0.5 months')
    """
    text = number(months, 0 if float(months).is_integer() else 1)
    return tn("alerts.months", months, months=text)


def spoken_period(alert: Alert) -> str:
    """The month of an alert, or the months that its report is of, as people write them."""
    return spoken_window(alert.month, int(alert.facts.get("months") or 1))


def spoken_window(first: int, months: int) -> str:
    """So many months from one on, as people write them.

    >>> from dashboard.i18n import use
    >>> with use("en"):
    ...     spoken_window(202607, 1), spoken_window(202611, 3)
    ('Jul 2026', 'Nov 2026–Jan 2027')
    """
    if months == 1:
        return period(month_name(first))
    return period(f"{month_name(first)}/{month_name(months_before(first, 1 - months))}")
