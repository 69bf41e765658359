"""The words around a place's raw values; assets/compare asks for the values themselves."""

from typing import Any
from urllib.parse import urlencode

import numpy as np

from dashboard import i18n
from dashboard.address import month_name
from dashboard.i18n import t
from dashboard.movement import SIDES, Mover
from dashboard.pages.compare_reading import Reading
from indicators.measures import SERVICE

PATH = "/api/v1/compare/reported"
VALUE_COLUMNS = ("item", "value", "state", "month", "stored_by", "stored_at", "source")
REPORT_COLUMNS = ("form", "month", "completed_by", "completed_at", "on_time", "source")
ASIDE_COLUMNS = ("item", "value", "month", "reason", "source")
COLUMNS = {
    "item": "raw.item",
    "value": "raw.value",
    "state": "raw.state",
    "month": "raw.month",
    "stored_by": "raw.stored_by",
    "stored_at": "raw.stored_at",
    "source": "raw.source",
    "form": "raw.form",
    "completed_by": "raw.completed_by",
    "completed_at": "raw.completed_at",
    "on_time": "raw.on_time",
    "reason": "raw.reason",
}
STATES = {
    "reported": "raw.reported",
    "zero": "raw.zero",
    "missing": "state.missing",
    "not_applicable": "state.not_applicable",
    "imputed": "state.imputed",
}


def raw(reading: Reading, mover: Mover, months: tuple[int, int]) -> dict[str, Any] | None:
    """Where a place's raw values are asked for, and the words around them; None where it has none itself."""
    if not _reports(mover):
        return None
    asked = {"unit": reading.place.id, "pair": reading.pair.id, "from": month_name(months[0])}
    query = urlencode(asked | {"to": month_name(months[1]), "lang": i18n.language()})
    return {
        "href": f"{PATH}?{query}",
        "csv": f"{PATH}?{query}&format=csv",
        "title": t("raw.title", place=reading.place.name, period=reading.label),
        "loading": t("raw.loading"),
        "failed": t("raw.failed"),
        "nothing": t("raw.nothing"),
        "take": t("raw.take"),
        "values": t("raw.values"),
        "reports": t("raw.reports"),
        "aside": t("raw.aside"),
        "unregistered": t("raw.unregistered"),
        "in_time": t("raw.in_time"),
        "late": t("raw.late"),
        "value_columns": _columns(VALUE_COLUMNS),
        "report_columns": _columns(REPORT_COLUMNS),
        "aside_columns": _columns(ASIDE_COLUMNS),
        "states": {state: _said(key) for state, key in STATES.items()},
        "time_zone": reading.country.time_zone,
    }


def _reports(mover: Mover) -> bool:
    """Whether the unit itself, and not only those below it, ever reported anything of the pair."""
    rollup = mover.figures.holding().rollup
    position = np.array([rollup.position(mover.question.unit)])
    for side in SIDES:
        codes = mover.items.services if side == SERVICE else mover.items.commodities
        series = mover.series(side, codes)
        if series.items and rollup.own(series, position, rollup.calendar.whole("month")).present.any():
            return True
    return False


def _columns(names: tuple[str, ...]) -> list[str]:
    return [_said(COLUMNS[name]) for name in names]


def _said(key: str) -> str:
    return t(key)
