"""What stands around each chart of Compare: headline figures, legend, reports received, source."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from dashboard import i18n
from dashboard.i18n import number, percent, t
from dashboard.pages.compare_charts import items_of, provisional
from dashboard.pages.compare_pairs import dose
from dashboard.pages.compare_reading import (
    STOCK,
    Reading,
    imputed,
    received,
    series,
    signs,
    source_name,
    value_at,
)
from dashboard.pages.compare_stock import stock_months
from dashboard.pages.compare_usual import ABOVE, BELOW, Normal
from dashboard.pages.compare_usual_words import about_usual, summary
from dashboard.pages.compare_words import why_empty
from indicators.completeness import PROVISIONAL_BELOW
from indicators.ratio import ratio

View = dict[str, Any]
NEARLY_ALL = 0.9  # a change says something only when almost every expected report is in, then and now
SIGN_WORDS = (("0", "compare.sign_zero"), ("·", "compare.sign_missing"), ("–", "compare.sign_not_applicable"))


def panels(reading: Reading, as_of: datetime) -> dict[str, View]:
    """The two panels, services and commodities, as of a moment."""
    return {side: _panel(reading, side, as_of) for side in ("service", "commodity")}


def _panel(reading: Reading, side: str, as_of: datetime) -> View:
    source, measure = reading.source(side), reading.measure(side)
    reports = received(source, side, measure)
    unit = reading.pair.service_unit if side == "service" else reading.pair.commodity_unit
    name = source_name(reading, side)
    return {
        "subtitle": " · ".join(part for part in (unit[i18n.language()], name) if part),
        "message": _message(reading, side),
        "empty": bool(np.isnan(series(source, side, measure)).all()),
        "kpis": _service_kpis(reading) if side == "service" else _commodity_kpis(reading),
        "legend": _legend(reading, side),
        "key": _key(reading, side),
        "reports": t(
            "compare.reports_in",
            n=number(reports[reading.at][0]),
            expected=number(reports[reading.at][1]),
            period=reading.label,
        ),
        "strip": [_share(n, expected) for n, expected in reports],
        "strip_titles": [
            t("compare.strip_cell", period=label, n=number(n), expected=number(expected))
            for label, (n, expected) in zip(reading.labels, reports, strict=True)
        ],
        "source": source_line(reading, name, as_of),
        "usual": about_usual(reading, side),
        "summary": summary(reading, side),
    }


def _message(reading: Reading, side: str) -> str:
    """Why the panel shows nothing, or another place's figures."""
    if side == "service" and reading.borrowed:
        above = reading.borrowed
        level = reading.level_name(above.level)
        return t("compare.borrowed", level=level, above=above.name, place=reading.place.name)
    why = why_empty(reading, side)
    return why and f"{why[:1].upper()}{why[1:]}. {reading.pair.why[i18n.language()]}".strip()


def _share(n: int, expected: int) -> float | None:
    return round(n / expected, 2) if expected else None


def source_line(reading: Reading, name: str, as_of: datetime) -> str:
    """``HMIS, as of 21 Nov 2026, 23:40``, in the country's time."""
    if not name:
        return ""
    local = as_of.astimezone(ZoneInfo(reading.country.time_zone))
    return t("compare.source", source=name, as_of=i18n.moment(local))


def _kpi(value: str, words: str, note: str = "") -> View:
    return {"value": value, "words": words, "note": note}


def _service_kpis(reading: Reading) -> list[View]:
    source, at = reading.services, reading.at
    total = value_at(series(source, "service", "count"), at)
    unit = reading.pair.service_unit[i18n.language()]
    words = t("compare.in_period", unit=unit, period=reading.label)
    kpis = [_kpi(number(total), words, _against_last_year(reading, "service"))]
    kpis += [
        _kpi(number(value_at(series(source, "service", "count", code), at)), reading.item_name(code))
        for code in items_of(reading, "service")
    ]
    said = value_at(series(source, "service_report", "consumed"), at)
    if said is not None:
        kpis.append(_kpi(number(said), t("compare.dispensed_by_services"), _ratio_note(reading)))
    return kpis


def _ratio_kpis(reading: Reading) -> list[View]:
    """The ratio beside the consumption, where the services say nothing of what they dispensed."""
    found = None if reading.services.has("service_report", "consumed") else _ratio(reading)
    if found is None or reading.pair.expected is None:
        return []
    value, both, either = found
    words = t("compare.ratio_words", expected=dose(reading.pair.expected))
    return [_kpi(number(value, 2), words, t("compare.ratio_of", both=number(both), either=number(either)))]


def _ratio(reading: Reading) -> tuple[float, int, int] | None:
    """Units a service over the places that report both series, only where the dose is fixed.

    Returns:
        The ratio, how many places report both and how many either; None where there is none to show.
    """
    if reading.pair.kind != "fixed_dose" or reading.pair.expected is None:
        return None
    asked = reading.services
    found = ratio(asked.rollup, asked.pair, replace(asked.view, children=False))
    value, at = float(found.value[0, reading.at]), reading.at
    return None if np.isnan(value) else (value, int(found.n_both[0, at]), int(found.n_either[0, at]))


def _ratio_note(reading: Reading) -> str:
    """The ratio as a note below what the services say they dispensed."""
    found = _ratio(reading)
    if found is None or reading.pair.expected is None:
        return ""
    return t(
        "compare.ratio",
        ratio=number(found[0], 2),
        expected=dose(reading.pair.expected),
        both=number(found[1]),
        either=number(found[2]),
    )


def _commodity_kpis(reading: Reading) -> list[View]:
    comparison, at = reading.comparison, reading.at
    unit = reading.pair.commodity_unit[i18n.language()]
    kpis = []
    if not reading.stock_only:
        used = value_at(series(comparison, "commodity", "consumed"), at)
        words = t("compare.in_period", unit=unit, period=reading.label)
        kpis.append(_kpi(number(used), words, _against_last_year(reading, "commodity")))
        kpis += _ratio_kpis(reading)
    stock = value_at(series(comparison, "commodity", STOCK), at)
    kpis.append(_kpi(number(stock), t("compare.in_stock"), months_of_stock(reading, 0)))
    kpis += _stockout_kpis(reading)
    kpis += _family_kpis(reading)
    return kpis


def _against_last_year(reading: Reading, side: str) -> str:
    """The change on the same period a year before, only where almost every report is in, then and now."""
    values = reading.total(side)
    now = int(reading.comparison.starts[reading.at])
    before = [index for index, start in enumerate(reading.comparison.starts) if int(start) == now - 100]
    if not before or np.isnan(values[reading.at]) or not values[before[0]] > 0:
        return ""
    reports = reading.reports(side)
    if any(n < NEARLY_ALL * expected for n, expected in (reports[reading.at], reports[before[0]])):
        return ""
    change = float(values[reading.at] / values[before[0]] - 1)
    sign = "▲" if change > 0 else "▼" if change < 0 else "="
    return t("compare.on_last_year", sign=sign, change=percent(abs(change)), period=reading.labels[before[0]])


def months_of_stock(reading: Reading, unit: int) -> str:
    """Stock over the average monthly consumption, in words."""
    months = stock_months(reading, unit)
    return "" if months is None else t("compare.months_of_stock", months=number(months, 1))


def _stockout_kpis(reading: Reading) -> list[View]:
    comparison, at = reading.comparison, reading.at
    out = value_at(series(comparison, "commodity", "facilities_out"), at)
    if out is not None:
        n = received(comparison, "commodity", "facilities_out")[at][0]
        words = t("compare.out_at_end", sites=reading.level_name(len(reading.country.levels), plural=True))
        return [_kpi(t("compare.n_of", n=number(out), expected=number(n)), words)]
    days = value_at(series(comparison, "commodity", "stockout_days"), at)
    return [] if days is None else [_kpi(number(days), t("compare.stockout_days"))]


def _family_kpis(reading: Reading) -> list[View]:
    family = reading.country.families.get(reading.pair.family or "")
    if not family:
        return []
    value = value_at(series(reading.comparison, "commodity", "consumed", f"family:{family.id}"), reading.at)
    if value is None:
        return []
    return [_kpi(number(value), t("compare.family", family=family.name[i18n.language()]))]


def _legend(reading: Reading, side: str) -> list[View]:
    legend = [
        {"mark": f"{side}-{index}", "text": reading.item_name(code)}
        for index, code in enumerate(items_of(reading, side))
    ]
    if side == "service" and reading.services.has("service_report", "consumed"):
        legend.append({"mark": "dashes", "text": t("compare.dispensed_by_services")})
    return legend + _usual_legend(reading.usual(side))


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
        words.append(t("compare.sign_imputed", share=percent(shares[reading.at]), period=reading.label))
    if any(provisional(reading, side)):
        words.append(t("compare.sign_provisional", share=percent(PROVISIONAL_BELOW)))
    return " · ".join(words)


def _sign(key: str) -> str:
    return t(key)
