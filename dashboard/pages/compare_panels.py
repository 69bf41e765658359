"""What stands around each chart of Compare: headline figures, legend, reports received, source."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from countries.items import units_a_dose
from dashboard import i18n
from dashboard.figures.chart import SHADES
from dashboard.i18n import number, percent, t
from dashboard.pages.compare_beneath import beneath
from dashboard.pages.compare_charts import QUARTER, used_there
from dashboard.pages.compare_kpis import kpis
from dashboard.pages.compare_pairs import dose
from dashboard.pages.compare_provisional import provisional
from dashboard.pages.compare_reading import (
    Reading,
    imputed,
    received,
    series,
    signs,
    source_name,
)
from dashboard.pages.compare_usual import ABOVE, BELOW, Normal
from dashboard.pages.compare_usual_words import about_usual, summary
from dashboard.pages.compare_words import why_empty
from indicators.completeness import PROVISIONAL_BELOW

View = dict[str, Any]
FEWEST = 2  # units that differ
SIGN_WORDS = (("0", "compare.sign_zero"), ("·", "compare.sign_missing"), ("–", "compare.sign_not_applicable"))


def panels(reading: Reading, as_of: datetime) -> dict[str, View]:
    """The two panels, services and commodities, as of a moment."""
    return {side: _panel(reading, side, as_of) for side in ("service", "commodity")}


def _panel(reading: Reading, side: str, as_of: datetime) -> View:
    source, measure = reading.source(side), reading.measure(side)
    reports = reading.reports(side)
    unit = reading.pair.service_unit if side == "service" else reading.pair.commodity_unit
    name = source_name(reading, side)
    empty = bool(np.isnan(series(source, side, measure)).all())
    return {
        "subtitle": " · ".join(part for part in (unit[i18n.language()], name) if part),
        "message": _message(reading, side),
        "empty": empty,
        "kpis": kpis(reading, side),
        "legend": _legend(reading, side),
        "key": _key(reading, side),
        "reports": _reports(reading, side),
        "strip": [_share(n, expected) for n, expected in reports],
        "strip_titles": [
            t("compare.strip_cell", period=label, n=number(n), expected=number(expected))
            for label, (n, expected) in zip(reading.labels, reports, strict=True)
        ],
        "source": source_line(reading, name, as_of),
        "beneath": beneath(reading) if side == "commodity" else None,
        "usual": "" if empty else about_usual(reading, side),
        "summary": summary(reading, side),
    }


def _reports(reading: Reading, side: str) -> str:
    """The reports of the period looked at and, of a form that holds more, how many have these figures."""
    if side == "service" and not reading.pair.services:
        return ""
    came, due = reading.reports(side)[reading.at]
    if not due:
        return t("compare.none_due", period=reading.label)
    text = t("compare.reports_in", n=number(came), expected=number(due), period=reading.label)
    with_figures = received(reading.source(side), side, reading.measure(side))[reading.at][0]
    return text if with_figures == came else text + t("compare.reports_with", n=number(with_figures))


def _message(reading: Reading, side: str) -> str:
    """Why the panel shows nothing, or another place's figures."""
    if side == "service" and reading.borrowed:
        above = reading.borrowed
        level = reading.level_name(above.level)
        return t("compare.borrowed", level=level, above=above.name, place=reading.place.name)
    why = why_empty(reading, side)
    if not why:
        return ""
    return f"{why[:1].upper()}{why[1:]}. {_instead(reading, side)}".strip()


def _instead(reading: Reading, side: str) -> str:
    """What can be read where a side has nothing; empty where the other has nothing either."""
    if side == "commodity":
        return "" if why_empty(reading, "service") else t("compare.instead_services")
    return "" if why_empty(reading, "commodity") else t("compare.instead_supplies")


def _share(n: int, expected: int) -> float | None:
    return round(n / expected, 2) if expected else None


def source_line(reading: Reading, name: str, as_of: datetime) -> str:
    """``HMIS, as of 21 Nov 2026, 23:40``, in the country's time."""
    if not name:
        return ""
    local = as_of.astimezone(ZoneInfo(reading.country.time_zone))
    return t("compare.source", source=name, as_of=i18n.moment(local))


def _legend(reading: Reading, side: str) -> list[View]:
    legend = [
        {"mark": f"{side}-{index % len(SHADES[side])}", "text": reading.item_name(code)}
        for index, code in enumerate(reading.items(side))
    ]
    if side == "service" and reading.services.has("service_report", "consumed"):
        legend.append({"mark": "dashes", "text": t("compare.dispensed_by_services")})
    return legend + _usual_legend(reading.usual(side)) + _due_legend(reading, side)


def _due_legend(reading: Reading, side: str) -> list[View]:
    """The outline of what a fixed dose lets one expect, and the line of what was used there."""
    found = reading.dosed
    if found is None or found.side != side or reading.pair.expected is None:
        return []
    text = t("relation.legend", dose=dose(reading.pair.expected))
    legend = [{"mark": f"due {side}-due", "text": text}]
    if used_there(reading, side):
        legend.append({"mark": f"tick {side}-due", "text": t("relation.used")})
    return legend


def _usual_legend(found: Normal | None) -> list[View]:
    """The grey band, and the signs of what lies outside it as far as they occur."""
    if found is None or not found.known:
        return []
    signs_of = [(ABOVE, "up", t("usual.legend_above")), (BELOW, "down", t("usual.legend_below"))]
    told = [{"mark": mark, "text": text} for way, mark, text in signs_of if found.outside(way)]
    return [{"mark": "band", "text": t("usual.legend")}, *told]


def _key(reading: Reading, side: str) -> str:
    """The signs on the baseline and the hollow bars, where they occur, in words."""
    source, measure = reading.source(side), reading.measure(side)
    found = set(signs(source, side, measure))
    keys = [key for sign, key in SIGN_WORDS if sign in found]
    words, shares = [_sign(key) for key in keys], imputed(source, side, measure)
    if any(shares):
        words.append(_imputed(shares[reading.at], reading.label))
    words += [_window_words(months) for months in sorted({each.months for each in reading.windows(side)})]
    if side == "commodity":
        words += _counted_together(reading)
    if any(provisional(reading, side)):
        words.append(t("compare.sign_provisional", share=percent(PROVISIONAL_BELOW)))
    return " · ".join(words)


def _imputed(share: float, period: str) -> str:
    if not share:
        return t("compare.sign_imputed_elsewhere")
    return t("compare.sign_imputed", share=percent(share), period=period)


def _counted_together(reading: Reading) -> list[str]:
    """What of each product is one dose, where products of different units are added up."""
    items = [
        reading.country.items[code] for code in reading.items("commodity") if code in reading.country.items
    ]
    doses = units_a_dose(items) or {}
    if len({item.unit[i18n.language()] for item in items}) < FEWEST:
        return []
    told = [
        t(
            "compare.dose_of",
            n=dose(doses.get(item.code, 1.0)),
            unit=item.unit[i18n.language()],
            product=item.short[i18n.language()],
        )
        for item in items
    ]
    return [t("compare.counted_together", products=" = ".join(told))]


def _window_words(months: int) -> str:
    return t("window.quarter") if months == QUARTER else t("window.months", months=months)


def _sign(key: str) -> str:
    return t(key)
