"""The places one level deeper, as rows: figures of the period, sparklines, reports, what overlaps."""

from collections.abc import Iterable
from math import isnan
from typing import Any

import numpy as np

from dashboard import i18n
from dashboard.figures.chart import whole
from dashboard.i18n import number, t, tn
from dashboard.lasting import lasting
from dashboard.pages.compare_parted import Parted, parted, sort_value
from dashboard.pages.compare_parted_words import listed, sentence
from dashboard.pages.compare_reading import (
    STOCK,
    Reading,
    absence,
    received,
    series,
    value_at,
)
from dashboard.pages.compare_stock import stock_months, whose_average
from dashboard.pages.compare_together import APART_BY_NATURE, Together, judged_by_month, together
from dashboard.pages.compare_usual_words import noted
from dashboard.pages.compare_words import ABSENCES, overlap_lines
from indicators.compare import Comparison

Row = dict[str, Any]
STEPS = "0123456789ABCDEFGHIJKLMNOPQRSTUV"
# Places times periods up to which every figure is sent; beyond, a click would cost too much on a slow link.
MOST_EXACT = 300
NOT_OUT = {
    "not_carried": "status.not_carried",
    "no_form_here": "status.no_form",
    "outside_group": "status.outside_group",
    "no_commodity_paired": "status.outside_group",
}


def table(reading: Reading) -> dict[str, Any]:
    """Title, columns and rows of the table of children; no rows at the lowest level."""
    whole = parted(reading, judged_by_month(reading.comparison))
    rows = rows_of(reading, whole)
    names = reading.level_name(reading.place.level + 1, plural=True)
    return {
        "title": names[:1].upper() + names[1:] if rows else reading.place.name,
        "subtitle": t("compare.table_subtitle", period=reading.label) if rows else t("compare.table_lowest"),
        "note": whose_average(reading) if rows else "",
        "columns": _columns(reading),
        "rows": sorted(rows, key=lambda row: -(row["service_value"] or row["commodity_value"] or -1)),
        "caption": t("compare.table_caption", place=reading.place.name),
        "apart": sentence(reading, whole),
        "parted": listed(reading, whole),
    }


def rows_of(reading: Reading, whole: Parted | None = None) -> list[Row]:
    """A row for each place below, in the comparison's order; every view shows these."""
    if not reading.children:
        return []
    whole = whole or parted(reading, judged_by_month(reading.comparison))
    two = together(reading.comparison, reading.at, whole.judged)
    exact = len(reading.children) * len(reading.labels) <= MOST_EXACT
    units = range(1, len(reading.places))
    return [row(reading, unit, two, exact) | _over_all(reading, whole, two, unit) for unit in units]


def _over_all(reading: Reading, whole: Parted, two: Together, unit: int) -> Row:
    """What the last column says of the whole view, and what it is sorted by."""
    if reading.pair.kind in APART_BY_NATURE:  # neither side says anything of the other
        return {"two": {"kind": "", "shape": "", "text": "", "more": "", "marks": ""}, "two_sort": None}
    said = whole.words(reading, unit)
    count = said.pop("count")
    return {"two": two.words(unit) | said, "two_sort": sort_value(count, two.strength(unit))}


def _columns(reading: Reading) -> list[dict[str, str]]:
    language = i18n.language()
    level = reading.level_name(reading.place.level + 1)
    columns = [
        {"key": "name", "text": level[:1].upper() + level[1:], "kind": "name"},
        {"key": "service", "text": reading.pair.service_unit[language], "kind": "service"},
        {"key": "commodity", "text": reading.pair.commodity_unit[language], "kind": "commodity"},
        {"key": "stock", "text": t("compare.column_stock"), "kind": "num"},
        {"key": "months", "text": t("compare.column_months"), "kind": "num"},
        {"key": "status", "text": t("compare.column_out"), "kind": "status"},
        {"key": "overlap", "text": t("compare.column_overlap"), "kind": "text"},
        {"key": "disagreement", "text": t("together.column"), "kind": "two"},
    ]
    if reading.stock_only:  # the stock stands with its line in the place of the consumption
        columns[2]["text"] = t("compare.column_stock")
    left_out = {"stock"} if reading.stock_only else set()
    left_out |= set() if reading.pair.services else {"service"}
    left_out |= {"disagreement"} if reading.pair.kind in APART_BY_NATURE else set()
    return [each for each in columns if each["key"] not in left_out]


def row(reading: Reading, unit: int, two: Together, exact: bool = True) -> Row:
    """One place as a row: what is said and what is drawn of it, whichever view shows it.

    Args:
        reading: the view of Compare.
        unit: which of the reading's places.
        two: how the two sides of each of them stand to each other.
        exact: whether the series are sent figure by figure, or in steps as fine as a small chart shows.
    """
    place, at, spark = reading.places[unit], reading.at, _spark if exact else _coarse
    served = series(reading.comparison, "service", "count", unit=unit)
    used = series(reading.comparison, "commodity", reading.measure("commodity"), unit=unit)
    stock = value_at(series(reading.comparison, "commodity", STOCK, unit=unit), at)
    months = stock_months(reading, unit)
    return {
        "id": place.id,
        "name": place.name,
        "href": reading.address.href(unit=place.id),
        "service_value": value_at(served, at),
        "service": number(value_at(served, at)),
        "service_spark": spark(served),
        "commodity_value": value_at(used, at),
        "commodity": number(value_at(used, at)),
        "commodity_spark": spark(used),
        "stock_value": stock,
        "stock": number(stock),
        "months_value": None if months is None else round(months, 1),
        "months": number(None) if months is None else lasting(months),
        "status": status(reading, unit),
        "overlap": overlap_lines(reading, unit),
        "two": two.words(unit),
        "two_value": two.strength(unit),
    }


def _spark(values: Iterable[float]) -> list[float | int | None]:
    """A series for a sparkline; empty when there is nothing to draw."""
    drawn = whole(list(values))
    return drawn if any(value is not None for value in drawn) else []


def _coarse(values: Iterable[float]) -> dict[str, float | str] | list[float | int | None]:
    """A series in 32 steps from 0 to its highest, a letter each: enough for a small chart."""
    known = np.array(list(values), dtype=np.float64)
    if np.isnan(known).all():
        return []
    top = max(float(np.nanmax(known)), 1.0)
    steps = np.rint(np.clip(np.nan_to_num(known), 0, None) / top * (len(STEPS) - 1)).astype(int)
    letters = ("." if gap else STEPS[step] for step, gap in zip(steps.tolist(), np.isnan(known), strict=True))
    return {"top": top, "steps": "".join(letters)}


def status(reading: Reading, unit: int) -> dict[str, str]:
    """Whether a place is out of stock, in words; above the facilities how many are."""
    comparison, at = reading.comparison, reading.at
    found = absence(comparison, "commodity", unit)
    if found is not None and found.code in NOT_OUT:
        return {"kind": "none", "text": t(NOT_OUT[found.code])}
    if reading.places[unit].level == len(reading.country.levels):
        stock = value_at(series(comparison, "commodity", STOCK, unit=unit), at)
        if stock is None:
            return {"kind": "unknown", "text": t("status.unknown")}
        return (
            {"kind": "out", "text": t("status.out")}
            if stock == 0
            else {"kind": "", "text": t("status.in_stock")}
        )
    out = value_at(series(comparison, "commodity", "facilities_out", unit=unit), at)
    if out is None:
        days = value_at(series(comparison, "commodity", "stockout_days", unit=unit), at)
        return {"kind": "", "text": "–" if days is None else tn("status.days", days)}
    n = received(comparison, "commodity", "facilities_out", unit)[at][0]
    text = t("status.sites_out", n=number(out), expected=number(n))
    return {"kind": "out" if out else "", "text": text if out else t("status.none_out", expected=number(n))}


def one_sided(reading: Reading) -> dict[str, Any]:
    """The places below that have one side only, grouped by which side and why."""
    found = reading.comparison.one_sided
    if not found or not reading.children or reading.pair.kind == "alone":
        return {"title": "", "groups": []}
    by_reason: dict[tuple[str, str], list[dict[str, str]]] = {}
    for each in found:
        place = {"name": reading.names[each.unit_id], "href": reading.address.href(unit=each.unit_id)}
        by_reason.setdefault((each.present, each.code), []).append(place)
    groups = [{"why": _only(*reason, reading), "places": by_reason[reason]} for reason in sorted(by_reason)]
    return {"title": _one_sided_title(reading, found[0].level), "groups": groups}


def _one_sided_title(reading: Reading, level: int) -> str:
    """How many places have a form on one side only, and how many more lack a side of this pair."""
    found = reading.comparison.one_sided
    words = {"units": reading.level_name(level, plural=True)}
    without_form = sum(each.code == "no_form_here" for each in found)
    if not without_form:
        places = number(reading.comparison.places)
        return t("compare.one_sided", n=number(len(found)), places=places, **words)
    places = number(float(reading.comparison.overlap.places[0, reading.at]))
    title = t("compare.one_form", n=number(without_form), places=places, **words)
    more = len(found) - without_form
    return title + (t("compare.one_sided_more", n=number(more)) if more else "")


def _only(present: str, code: str, reading: Reading) -> str:
    only = t("compare.only_services") if present == "service" else t("compare.only_supplies")
    return f"{only} {t(ABSENCES[code], above=reading.place.name)}"


def by_period(reading: Reading) -> dict[str, Any]:
    """Every figure of the two charts as a table, period by period, for those who read or hear them."""
    columns = [
        (reading.pair.service_unit[i18n.language()], reading.services, "service", "count"),
        (t("compare.dispensed_by_services"), reading.services, "service_report", "consumed"),
        (reading.pair.commodity_unit[i18n.language()], reading.comparison, "commodity", "consumed"),
        (t("compare.column_stock"), reading.comparison, "commodity", STOCK),
        (t("compare.stockout_days"), reading.comparison, "commodity", "stockout_days"),
        (t("beneath.lost"), reading.comparison, "commodity", "lost"),
    ]
    shown = [each for each in columns if not (reading.stock_only and each[2:] == ("commodity", "consumed"))]
    kept = [column for column in shown if column[1].has(column[2], column[3])]
    texts = [_cells(reading, *column) for column in kept]
    return {
        "columns": [t("compare.period"), *(name for name, *_ in kept)],
        "rows": [list(row) for row in zip(reading.labels, *texts, strict=True)],
    }


def _cells(reading: Reading, _: str, source: Comparison, side: str, measure: str) -> list[str]:
    """A measure of the place, period by period, in words."""
    figures, states = series(source, side, measure).tolist(), source.line(side, measure).state[0].tolist()
    notes = noted(reading, side, measure)
    return [_cell(*each) + note for *each, note in zip(figures, states, notes, strict=True)]


def _cell(value: float, state: str) -> str:
    if state == "not_applicable":
        return t("state.not_applicable")
    if isnan(value):
        return t("state.missing")
    return number(value) + (f" ({t('state.imputed')})" if state == "imputed" else "")
