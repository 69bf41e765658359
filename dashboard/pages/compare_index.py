"""Both sides of a place on one scale: each as percent of its own median over the months shown."""

from typing import Any

import numpy as np

from dashboard.figures.chart import whole
from dashboard.i18n import number, percent, t
from dashboard.pages.compare_charts import ticks
from dashboard.pages.compare_reading import Reading, value_at
from indicators.relation import indexed

View = dict[str, Any]
# Pairs without a fixed dose, whose sides are compared by their movements alone.
BY_MOVEMENT = ("banded", "co_movement")
APART = ("do_not_compare", "alone")


def index(reading: Reading) -> View | None:
    """The two series, their words and whether they are shown at once; None where they say nothing.

    They are shown at once where no dose is fixed, or as the address says.
    """
    values = {side: indexed(reading.total(side)) for side in ("service", "commodity")}
    if reading.pair.kind in APART or any(np.isnan(each).all() for each in values.values()):
        return None
    asked = reading.address.show
    return {
        "open": asked == "index" or (not asked and reading.pair.kind in BY_MOVEMENT),
        "title": t("index.title"),
        "text": _sentence(reading, values),
        "labels": reading.labels,
        "ticks": ticks([int(each) for each in reading.comparison.starts], reading.address.grain),
        "at": reading.at,
        "series": [
            {"side": side, "name": reading.unit(side), "values": whole(each.round().tolist())}
            for side, each in values.items()
        ],
        "median": t("index.median"),
    }


def _sentence(reading: Reading, values: dict[str, np.ndarray]) -> str:
    """Where the period looked at stands on both sides, and what their medians are."""
    middles = {side: float(np.nanmedian(reading.total(side))) for side in values}
    words = {
        f"{side}_{name}": text
        for side, each in values.items()
        for name, text in (
            ("unit", reading.unit(side)),
            ("median", number(middles[side])),
            ("now", _share(value_at(each, reading.at))),
        )
    }
    return t("index.text", period=reading.label, **words)


def _share(value: float | None) -> str:
    return t("compare.no_figure").rstrip(" :\u00a0\u202f") if value is None else percent(value / 100)
