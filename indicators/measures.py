"""What each measure is in time: a flow adds up over months, a stock or an average never does.

Source of the rule: stock on hand is never summed over time, the last value of the period stands (the
aggregation type "last value" that national DHIS2 logistics instances use); consumption, receipts, losses,
cases add up.
"""

from __future__ import annotations

from typing import Literal

Timing = Literal["flow", "first", "last"]

SERVICE = "service"
COMMODITY = "commodity"
SERVICE_REPORT = "service_report"
SIDES = (SERVICE, COMMODITY, SERVICE_REPORT)

COUNT = "count"
COMMODITY_MEASURES = (
    "consumed",
    "closing",
    "opening",
    "received",
    "adjusted",
    "lost",
    "ordered",
    "stockout_days",
    "amc_reported",
)
# From `closing`: how many facilities that carry any of the products hold none of any at the end.
FACILITIES_OUT = "facilities_out"
MEASURES = (COUNT, *COMMODITY_MEASURES)
# Any of these above zero says that a product was stocked, received or used.
ACTIVITY = ("opening", "closing", "received", "consumed")

_NOT_FLOWS: dict[str, Timing] = {
    "opening": "first",
    "closing": "last",
    "amc_reported": "last",
    FACILITIES_OUT: "last",
}


def timing(measure: str) -> Timing:
    """How months of a measure become one period: summed, the first one, or the last one.

    >>> timing("consumed"), timing("opening"), timing("closing")
    ('flow', 'first', 'last')
    """
    return _NOT_FLOWS.get(measure, "flow")


def reported_as(measure: str) -> str:
    """The measure that sources report and this one is worked out from.

    >>> reported_as("facilities_out"), reported_as("consumed")
    ('closing', 'consumed')
    """
    return "closing" if measure == FACILITIES_OUT else measure
