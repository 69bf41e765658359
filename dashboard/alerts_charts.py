"""The charts beside an alert: its series with the band of what is usual, and the other side of its pair."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from dashboard import i18n
from dashboard.address import month_name
from dashboard.alerts_figures import spoken_window
from dashboard.alerts_scored import ItemSeries
from dashboard.alerts_series import CONSUMED, COUNT, PairSeries, SeriesDesk
from dashboard.alerts_supply import as_months
from dashboard.alerts_words import AlertWords
from dashboard.i18n import t
from indicators.grids import Floats
from ledger.alerts import Alert

SHOWN = 25  # months of a chart: the month, and two years before it


def months_shown(desk: SeriesDesk, month: int) -> slice:
    """The columns of a chart that ends with a month and two more, where there are any."""
    column = int((desk.months == month).argmax()) if month in desk.months else len(desk.months) - 1
    stop = min(column + 3, len(desk.months))
    return slice(max(0, stop - SHOWN), stop)


def _reported(values: Floats, months: slice) -> slice:
    """The months of a chart from the first on that was reported: of those before nothing is usual."""
    known = np.flatnonzero(~np.isnan(values[months]))
    return slice(months.start + int(known[0]), months.stop) if len(known) else months


def chart_of(desk: SeriesDesk, name: str, measure: str, months: slice) -> dict[str, Any]:
    """What a chart is called, which side it is of, and its months."""
    return {
        "name": name,
        "side": "services" if measure == COUNT else "commodities",
        "months": [month_name(int(each)) for each in desk.months[months]],
    }


def band_of(scores: Any, row: int, months: slice) -> dict[str, Any]:
    """What is usual of a series in some periods."""
    return {name: as_months(getattr(scores, name)[row, months]) for name in ("expected", "low", "high")}


def item_charts(desk: SeriesDesk, found: ItemSeries, alert: Alert, words: AlertWords) -> list[dict[str, Any]]:
    """The series that an alert is of."""
    row = (
        found.row(desk.rollup.hierarchy.position(alert.unit)) if alert.unit in desk.rollup.hierarchy else None
    )
    if row is None:
        return []
    if found.length > 1:
        return [window_chart(found, row, alert, words)]
    months = _reported(found.values[row], months_shown(desk, alert.month))
    chart = chart_of(desk, words.item(found.code), found.measure, months)
    more = {"values": as_months(found.values[row, months]), "at": month_name(alert.month)}
    return [chart | band_of(found.scores, row, months) | more]


def other_chart(desk: SeriesDesk, pair: PairSeries, found: ItemSeries, alert: Alert) -> list[dict[str, Any]]:
    """The other side of the pair at the place, or at the nearest above it where both sides meet."""
    position: int = desk.rollup.hierarchy.position(alert.unit)
    while position >= 0 and pair.row(position) is None:
        position = int(desk.rollup.hierarchy.parent[position])
    row = pair.row(position) if position >= 0 else None
    if row is None:
        return []
    other = CONSUMED if found.measure == COUNT else COUNT
    return [_side(desk, pair, (row, other), alert)]


def pair_charts(desk: SeriesDesk, pair: PairSeries, alert: Alert) -> list[dict[str, Any]]:
    """Both sides of the pair that an alert is of."""
    row = (
        pair.row(desk.rollup.hierarchy.position(alert.unit)) if alert.unit in desk.rollup.hierarchy else None
    )
    return [] if row is None else [_side(desk, pair, (row, each), alert) for each in (COUNT, CONSUMED)]


def _side(desk: SeriesDesk, pair: PairSeries, of: tuple[int, str], alert: Alert) -> dict[str, Any]:
    row, measure = of
    values: Floats = pair.services if measure == COUNT else pair.consumption
    months = _reported(values[row], months_shown(desk, alert.month))
    scores = pair.scores.services if measure == COUNT else pair.scores.consumption
    unit = pair.pair.service_unit if measure == COUNT else pair.pair.commodity_unit
    language = i18n.language()
    name = f"{pair.pair.name[language]}, {unit[language]}"
    place = int(pair.positions[row])
    if desk.rollup.hierarchy.ids[place] != alert.unit:
        name = t("alerts.other_at", other=name, place=desk.holding.names[desk.rollup.hierarchy.ids[place]])
    more = {"values": as_months(values[row, months]), "at": month_name(alert.month)}
    return chart_of(desk, name, measure, months) | band_of(scores, row, months) | more


def window_chart(found: ItemSeries, row: int, alert: Alert, words: AlertWords) -> dict[str, Any]:
    """A series of which several months are reported at once, each period by its first month."""
    known = np.flatnonzero(~np.isnan(found.values[row]))
    shown = slice(int(known[0]), int(known[-1]) + 1)
    begins = [int(each) for each in found.begins[row, shown]]
    return {
        "name": words.item(found.code),
        "side": "services" if found.measure == COUNT else "commodities",
        "months": [month_name(each) for each in begins],
        "periods": [spoken_window(each, found.length) for each in begins],
        "values": as_months(found.values[row, shown]),
        "at": month_name(alert.month),
        **band_of(found.scores, row, shown),
    }


def area_charts(desk: SeriesDesk, alert: Alert, words: AlertWords) -> list[dict[str, Any]]:
    """What the regular reporters of an area told, and what is usual of those that reported in each month."""
    area, item = desk.area(alert.subject), desk.item(alert.subject)
    hierarchy = desk.rollup.hierarchy
    row = area.row(hierarchy.position(alert.unit)) if area and alert.unit in hierarchy else None
    if area is None or item is None or row is None:
        return []
    values = np.where(area.told.reported[row] > 0, area.told.value[row], np.nan)
    months = _reported(values, months_shown(desk, alert.month))
    name = t("alerts.other_at", other=words.item(area.code), place=words.place(alert.unit))
    band = {name: as_months(area.usual(name)[row, months]) for name in ("expected", "low", "high")}
    more = {"values": as_months(values[months]), "at": month_name(alert.month)}
    return [chart_of(desk, name, item.measure, months) | band | more]


def in_order(found: ItemSeries, rows: Sequence[int], alert: Alert) -> list[int]:
    """Places of an area, those first that make most of what an alert tells of it."""
    at = int((found.begins[0] == alert.month).argmax())
    away = np.nan_to_num(found.values[:, at] - found.scores.expected[:, at])
    side = 1 if alert.facts["value"] > alert.facts["expected"] else -1
    return sorted(rows, key=lambda row: (-side * away[row], row))
