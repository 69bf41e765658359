"""Every figure that is shown, by a name that stays: what it is called in links, files and translations.

Here stand the ids, where each figure is worked out, a worked example, its sources and classes, and how other
systems can say it; what it means, in words, stands in the catalogues of the languages.
"""

from __future__ import annotations

from indicators.definitions import (
    compared,
    consumption,
    coverages,
    forecasts,
    losses,
    orders,
    out_of_stock,
    quality,
    reported,
    reports,
    stocks,
)
from indicators.definitions.shape import Definition, Example, Shade

__all__ = [
    "ALIASES",
    "BY_ID",
    "DEFINITIONS",
    "SUBJECTS",
    "Definition",
    "Example",
    "Shade",
    "find",
    "of_measure",
]

SUBJECTS = (
    "counts",
    "reports",
    "quality",
    "stock",
    "consumption",
    "stock_outs",
    "orders",
    "losses",
    "coverage",
    "sides",
    "forecast",
)
"""What figures are grouped by, in the order in which one reads them."""
_ALL = (
    *reported.DEFINITIONS,
    *compared.DEFINITIONS,
    *coverages.DEFINITIONS,
    *reports.DEFINITIONS,
    *quality.DEFINITIONS,
    *stocks.DEFINITIONS,
    *consumption.DEFINITIONS,
    *out_of_stock.DEFINITIONS,
    *orders.DEFINITIONS,
    *losses.DEFINITIONS,
    *forecasts.DEFINITIONS,
)
DEFINITIONS: tuple[Definition, ...] = tuple(sorted(_ALL, key=lambda each: SUBJECTS.index(each.subject)))
BY_ID = {each.id: each for each in DEFINITIONS}
ALIASES = {
    "consumption": "consumed",
    "stock": "closing",
    **dict.fromkeys(
        ("status_out", "status_low", "status_adequate", "status_over", "status_unknown"), "status_shares"
    ),
}
"""Other names of figures that are defined once: of the same figure, or of one of its classes."""
_BY_MEASURE = {(each.side, each.measure): each for each in DEFINITIONS if each.measure}


def find(name: str) -> Definition:
    """The definition of this id, or of the figure that has this other name.

    Raises:
        KeyError: there is none.

    >>> find("stock").id, find("months_of_stock").unit
    ('closing', 'months')
    """
    return BY_ID[ALIASES.get(name, name)]


def of_measure(side: str, measure: str) -> Definition | None:
    """The definition of a measure of the rows; None for one that has none.

    >>> of_measure("commodity", "closing").id
    'closing'
    """
    return _BY_MEASURE.get((side, measure))
