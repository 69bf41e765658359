"""The headline figures of each side: of the period looked at, its change on the year before, the stock."""

from typing import Any

import numpy as np

from dashboard import i18n
from dashboard.i18n import number, percent, t
from dashboard.lasting import lasting
from dashboard.pages.compare_held import held
from dashboard.pages.compare_moved import YEAR, at_both, moved, year_before
from dashboard.pages.compare_pairs import dose
from dashboard.pages.compare_provisional import provisional
from dashboard.pages.compare_reading import STOCK, Reading, received, series, value_at
from dashboard.pages.compare_stock import stock_months
from indicators.attribution import Attribution
from indicators.periods import label
from indicators.states import NOT_APPLICABLE

View = dict[str, Any]
NEARLY_ALL = 0.9  # of the reports expected, then and now: from here on the figures themselves are compared


def kpis(reading: Reading, side: str) -> list[View]:
    """The figures of a side, the most telling first; each names its definition."""
    return _service_kpis(reading) if side == "service" else _commodity_kpis(reading)


def _kpi(define: str, value: str, words: str, note: str = "") -> View:
    return {"define": define, "value": value, "words": words, "note": note}


def _service_kpis(reading: Reading) -> list[View]:
    if not reading.pair.services:
        return []
    source, at = reading.services, reading.at
    total = value_at(series(source, "service", "count"), at)
    unit = reading.pair.service_unit[i18n.language()]
    words = t("compare.in_period", unit=unit, period=reading.label)
    found = [_kpi("services", number(total), words, _against_last_year(reading, "service"))]
    items = reading.items("service")
    if len(items) > 1:  # the only item is the total
        values = [value_at(series(source, "service", "count", code), at) for code in items]
        found += [
            _kpi("services", number(value), reading.item_name(code))
            for code, value in zip(items, values, strict=True)
        ]
    said = value_at(series(source, "service_report", "consumed"), at)
    if said is not None:
        words = t("compare.dispensed_by_services")
        found.append(_kpi("dispensed", number(said), words, _ratio_note(reading)))
    return found


def _ratio_kpis(reading: Reading) -> list[View]:
    """The ratio beside the consumption, where the services say nothing of what they dispensed."""
    found = _ratio(reading)
    if found is None or reading.dosed is None or reading.dosed.side != "commodity":
        return []
    words = t("compare.ratio_words", expected=found["expected"])
    note = t("compare.ratio_of", both=found["both"], either=found["either"])
    return [_kpi("ratio", found["ratio"], words, note)]


def _ratio_note(reading: Reading) -> str:
    """The ratio as a note below what the services say they dispensed."""
    found = _ratio(reading)
    return t("compare.ratio", **found) if found else ""


def _ratio(reading: Reading) -> dict[str, str] | None:
    """Units a service over the places that report both; None where there is no ratio to show."""
    found, at = reading.dosed, reading.at
    if found is None or reading.pair.expected is None or np.isnan(found.ratio[at]):
        return None
    if _not_applicable(reading, found.side):
        return None
    return {
        "ratio": number(float(found.ratio[at]), 2),
        "expected": dose(reading.pair.expected),
        "both": number(float(found.both[at])),
        "either": number(float(found.either[at])),
    }


def _not_applicable(reading: Reading, side: str) -> bool:
    """Whether the place is said not to have what the ratio counts in the period looked at."""
    used = ("commodity", reading.comparison) if side == "commodity" else ("service_report", reading.services)
    name, source = used
    if not source.has(name, "consumed"):
        return True
    return str(source.line(name, "consumed").state[0, reading.at]) == NOT_APPLICABLE


def _commodity_kpis(reading: Reading) -> list[View]:
    comparison, at = reading.comparison, reading.at
    unit = reading.pair.commodity_unit[i18n.language()]
    found = []
    if not reading.stock_only:
        used = value_at(series(comparison, "commodity", "consumed"), at)
        words = t("compare.in_period", unit=unit, period=reading.label)
        found.append(_kpi("consumed", number(used), words, _against_last_year(reading, "commodity")))
        found += _ratio_kpis(reading)
    stock = value_at(series(comparison, "commodity", STOCK), at)
    change = _against_last_year(reading, "commodity") if reading.stock_only else ""
    notes = (change, months_of_stock(reading, 0), packs(reading, stock))
    words = t("compare.in_stock")
    found.append(_kpi("closing", number(stock), words, " · ".join(note for note in notes if note)))
    return found + _stockout_kpis(reading) + _family_kpis(reading)


def packs(reading: Reading, units: float | None) -> str:
    """Dispensing units as packs, as stores count them; empty where packs are not all of one size."""
    items = [reading.country.items.get(code) for code in reading.items("commodity")]
    sizes = {item.pack_size if item else 1.0 for item in items}
    if not units or len(sizes) != 1 or sizes == {1.0}:
        return ""
    (size,) = sizes
    return t("compare.packs", packs=number(units / size), size=number(size))


def _against_last_year(reading: Reading, side: str) -> str:
    """The change on the same period a year before; empty where nobody reported both.

    Of the whole figure only where nearly everything that both are made of is in; else a change of who
    reported would be told as a rise or a fall, and it is that of the places which reported both times.
    """
    found = moved(reading, side)
    if found is None or found.reference != "year_before" or np.isnan(reading.total(side)[reading.at]):
        return ""
    if _nearly_all(reading, side, found):
        return _change_on(reading, found.after, found.before)
    change = _change_on(reading, found.before_both + found.change_both, found.before_both)
    return at_both(reading, found, reading.measure(side), change)


def _nearly_all(reading: Reading, side: str, found: Attribution) -> bool:
    """Whether both figures are final and whole, or of one reporter's reports that are both there."""
    before = year_before(reading)
    if found.both == 1 and not found.began + found.silent:
        return not (reading.comparison.partial[reading.at] or reading.children)
    if before is None:
        return False
    reports, running = reading.reports(side), provisional(reading, side)
    return not any(
        running[index] or reports[index][0] < NEARLY_ALL * reports[index][1] for index in (reading.at, before)
    )


def _change_on(reading: Reading, now: float, before: float) -> str:
    """A change in percent, with its sign; from nothing there is none in percent, none below half a one."""
    sign = "▲" if now > before else "▼"
    period = _name_of_year_before(reading)
    if now and not before:
        return t("compare.on_nothing", sign=sign, period=period)
    change = percent(abs(now - before) / abs(before) if before else 0.0)
    if change == percent(0.0):
        return t("compare.as_last_year", period=period)
    return t("compare.on_last_year", sign=sign, change=change, period=period)


def _name_of_year_before(reading: Reading) -> str:
    index, comparison = year_before(reading), reading.comparison
    months = held(comparison, reading.at)  # of a year that is not over, the same months a year before count
    if index is not None and not months:
        return reading.labels[index]
    name = i18n.period(label(int(comparison.starts[reading.at]) - YEAR, comparison.view.grain))
    return t("period.held", period=name, months=months) if months else name


def months_of_stock(reading: Reading, unit: int) -> str:
    """Stock over the average monthly consumption, in words."""
    months = stock_months(reading, unit)
    return "" if months is None else t("compare.months_of_stock", months=lasting(months))


def _stockout_kpis(reading: Reading) -> list[View]:
    comparison, at = reading.comparison, reading.at
    out = value_at(series(comparison, "commodity", "facilities_out"), at)
    if out is not None and reading.place.level < len(reading.country.levels):
        n = received(comparison, "commodity", "facilities_out")[at][0]
        words = t("compare.out_at_end", sites=reading.level_name(len(reading.country.levels), plural=True))
        return [_kpi("facilities_out", t("compare.n_of", n=number(out), expected=number(n)), words)]
    days = value_at(series(comparison, "commodity", "stockout_days"), at)
    return [] if days is None else [_kpi("stockout_days", number(days), t("compare.stockout_days"))]


def _family_kpis(reading: Reading) -> list[View]:
    family = reading.country.families.get(reading.pair.family or "")
    if not family or set(family.commodities) <= set(reading.pair.commodities):  # the pair itself says it
        return []
    value = value_at(series(reading.comparison, "commodity", "consumed", f"family:{family.id}"), reading.at)
    if value is None:
        return []
    return [_kpi("consumed", number(value), t("compare.family", family=family.name[i18n.language()]))]
