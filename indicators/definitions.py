"""Every figure that is shown, by a name that stays: what it is called in links, files and translations.

Here stand the ids and where each figure is worked out; what it means, in words, stands in the catalogues
of the languages (`definitions.po`).
"""

from __future__ import annotations

from dataclasses import dataclass

from indicators.measures import COMMODITY, COUNT, FACILITIES_OUT, SERVICE, SERVICE_REPORT


@dataclass(frozen=True)
class Definition:
    """One figure.

    Attributes:
        id: its name, which never changes.
        side: whose figure it is: service, commodity, service_report, or "" where it stands on several.
        measure: the measure of the rows that hold it; "" where it is worked out of several.
        module: the module of `indicators` that works it out.
    """

    id: str
    side: str = ""
    measure: str = ""
    module: str = "compare"


DEFINITIONS = (
    Definition("services", SERVICE, COUNT),
    Definition("dispensed", SERVICE_REPORT, "consumed"),
    Definition("services_received", SERVICE_REPORT, "received"),
    Definition("services_stock", SERVICE_REPORT, "closing"),
    Definition("consumed", COMMODITY, "consumed"),
    Definition("opening", COMMODITY, "opening"),
    Definition("received", COMMODITY, "received"),
    Definition("adjusted", COMMODITY, "adjusted"),
    Definition("lost", COMMODITY, "lost"),
    Definition("closing", COMMODITY, "closing"),
    Definition("ordered", COMMODITY, "ordered"),
    Definition("average", COMMODITY, "amc_reported"),
    Definition("stockout_days", COMMODITY, "stockout_days"),
    Definition("facilities_out", COMMODITY, FACILITIES_OUT),
    Definition("months_of_stock", module="stock"),
    Definition("year_before"),
    Definition("reports", module="expected"),
    Definition("imputed", module="states"),
    Definition("overlap", module="coverage"),
    Definition("ratio", module="ratio"),
    Definition("expected_band", module="relation"),
    Definition("indexed", module="relation"),
    Definition("usual", module="normal_range"),
    Definition("share_of_change", module="attribution"),
    Definition("disagreement", module="discordance"),
)
BY_ID = {each.id: each for each in DEFINITIONS}
_BY_MEASURE = {(each.side, each.measure): each for each in DEFINITIONS if each.measure}


def of_measure(side: str, measure: str) -> Definition | None:
    """The definition of a measure of the rows; None for one that has none.

    >>> of_measure("commodity", "closing").id
    'closing'
    """
    return _BY_MEASURE.get((side, measure))
