"""From a reading of Compare to its two charts: what is stacked, which children are drawn, what they say."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import isnan

import numpy as np

from dashboard import i18n
from dashboard.figures.chart import Chart, ChildLine, Figure, Part, Words, draw
from dashboard.figures.chart_bands import Band
from dashboard.i18n import number, t
from dashboard.pages.compare_held import held
from dashboard.pages.compare_provisional import provisional
from dashboard.pages.compare_reading import (
    Floats,
    Place,
    Reading,
    imputed,
    series,
    signs,
)
from dashboard.pages.compare_usual_words import hovers, sign
from indicators.periods import LENGTHS, WINDOWS, month_number, month_of

MOST_LINES = 12
QUARTER = 3
# Figures that differ by no more than this share are drawn as one.
SAME = 0.02
TICKS = 6


@dataclass(frozen=True)
class Below:
    """What is one level deeper: the children's series, where each bar leads, and the words that say so."""

    lines: list[tuple[Place, Floats]]
    targets: list[Place | None]
    click: str


def both_charts(reading: Reading) -> tuple[Figure, Figure]:
    """The figures of services (left) and commodities (right), on the same periods."""
    own = {side: _largest_children(reading, side) for side in ("service", "commodity")}
    return _side(reading, "service", own), _side(reading, "commodity", own)


def _side(reading: Reading, side: str, own: dict[str, list[tuple[Place, Floats]]]) -> Figure:
    other = "commodity" if side == "service" else "service"
    targets = _targets(own[side] or own[other], len(reading.comparison.periods))
    source, measure = reading.source(side), reading.measure(side)
    below = Below(own[side], targets, t("compare.hover_bar") if own[side] else t("compare.hover_bar_other"))
    outside = [sign(reading.usual(side), index) for index in range(len(reading.labels))]
    marks = [
        f"{way}<br>{mark}" if mark and way else mark
        for way, mark in zip(outside, signs(source, side, measure), strict=True)
    ]
    return draw(
        Chart(
            side=side,
            periods=[str(name) for name in reading.comparison.periods],
            labels=reading.labels,
            parts=_parts(reading, side),
            dashes=_said_by_services(reading) if side == "service" else None,
            marks=marks,
            children=_lines(own[side][:MOST_LINES]),
            targets=[place.id if place else "" for place in targets],
            at=reading.at,
            words=_words(reading, side, below),
            usual=_band(reading, side),
            due=_due(reading, side),
            used=used_there(reading, side),
            steps=[(each.first, each.last, each.mean) for each in reading.windows(side)],
            outside=["" if mark else sign for sign, mark in zip(outside, marks, strict=True)],
            faded=provisional(reading, side),
        )
    )


def _band(reading: Reading, side: str) -> Band | None:
    found = reading.usual(side)
    return Band(found.low.tolist(), found.high.tolist()) if found and found.known else None


def _due(reading: Reading, side: str) -> Band | None:
    found = reading.dosed
    return Band(found.low.tolist(), found.high.tolist()) if found and found.side == side else None


def used_there(reading: Reading, side: str) -> list[float]:
    """What the places that report both used, where that is not all that the chart shows; else nothing."""
    found = reading.dosed
    if found is None or found.side != side:
        return []
    shown = reading.total(side) if side == "commodity" else _dispensed(reading)
    apart = np.abs(found.used - shown) > SAME * np.abs(shown)
    return np.where(apart, found.used, np.nan).tolist() if apart.any() else []


def _largest_children(reading: Reading, side: str) -> list[tuple[Place, Floats]]:
    """The children with any figure on this side, largest sum first."""
    measure = reading.measure(side)
    found = [
        (place, series(reading.comparison, side, measure, unit=index))
        for index, place in enumerate(reading.children, start=1)
    ]
    known = [(place, values) for place, values in found if not np.isnan(values).all()]
    return sorted(known, key=lambda each: -float(np.nansum(each[1])))


def _targets(children: list[tuple[Place, Floats]], periods: int) -> list[Place | None]:
    """Where a click on a period's bar leads: to the child with the largest part of it."""
    if not children:
        return [None] * periods
    values = np.nan_to_num(np.array([values for _, values in children]), nan=-1.0)
    return [children[index][0] for index in values.argmax(axis=0)]


def _parts(reading: Reading, side: str) -> list[Part]:
    source, measure = reading.source(side), reading.measure(side)
    return [
        Part(
            reading.item_name(code),
            series(source, side, measure, code).tolist(),
            imputed(source, side, measure, code),
        )
        for code in reading.items(side)
    ]


def _said_by_services(reading: Reading) -> Part | None:
    """The third series: what the services say they dispensed."""
    values = _dispensed(reading)
    return None if np.isnan(values).all() else Part(t("compare.dispensed_by_services"), values.tolist())


def _dispensed(reading: Reading) -> Floats:
    return series(reading.services, "service_report", "consumed")


def _lines(children: list[tuple[Place, Floats]]) -> list[ChildLine]:
    return [
        ChildLine(
            place.id,
            values.tolist(),
            t(
                "compare.hover_child",
                name=f"<b>{escape(place.name)}</b>",
                value="%{y:,d}",
                total="%{customdata}",
                period="%{x}",
            ),
        )
        for place, values in children
    ]


def _words(reading: Reading, side: str, below: Below) -> Words:
    group, decimal = i18n.separators()
    total = series(reading.source(side), side, reading.measure(side))
    return Words(
        ticks=_ticks(reading),
        bars=_bar_sentences(reading, side, below),
        strip=_strip_title(reading, len(below.lines)),
        separators=decimal + group,
        totals=[number(None if isnan(value) else value) for value in total.tolist()],
    )


def _ticks(reading: Reading) -> dict[int, str]:
    """The labels of the time axis; of a period that is not over the months that are in stand below."""
    comparison = reading.comparison
    named = ticks([int(start) for start in comparison.starts], reading.address.grain)
    months = {at: held(comparison, at) for at in named}
    return {at: f"{name}<br>({months[at]})" if months[at] else name for at, name in named.items()}


def _strip_title(reading: Reading, drawn: int) -> str:
    children = reading.level_name(reading.place.level + 1, plural=True)
    key = "compare.strip" if drawn <= MOST_LINES else "compare.strip_largest"
    return t(key, children=children[:1].upper() + children[1:], count=MOST_LINES)


def _bar_sentences(reading: Reading, side: str, below: Below) -> list[str]:
    """What a bar says under the pointer: period, total, parts, reports, where a click leads."""
    source, measure = reading.source(side), reading.measure(side)
    unit = reading.pair.service_unit if side == "service" else reading.pair.commodity_unit
    total, reports = series(source, side, measure).tolist(), reading.reports(side)
    parts = [
        (escape(reading.item_name(code)), series(source, side, measure, code).tolist())
        for code in reading.items(side)
    ]
    named = escape(unit[i18n.language()])
    sentences, faded = [], provisional(reading, side)
    usual, due, windows = hovers(reading.usual(side)), _due_hovers(reading, side), reading.windows(side)
    clicks = {
        place: below.click.format(name=f"<b>{escape(place.name)}</b>") for place in {*below.targets} if place
    }
    for index, label in enumerate(reading.labels):
        known = [f"{name} {number(values[index])}" for name, values in parts if not isnan(values[index])]
        lines = [f"<b>{label}</b>", f"{_figure(total[index])} {named}"]
        lines += [" · ".join(known)] if len(known) > 1 else []
        lines.append(t("compare.reports_of", n=reports[index][0], expected=reports[index][1]))
        lines += [t("compare.provisional_hover")] if faded[index] else []
        target = below.targets[index]
        more = [each[index] for each in (usual, due) if each]
        more.append(window_hover(reading, side, index) if windows else "")
        more.append(clicks[target] if target else "")
        sentences.append("<br>".join([*lines, *filter(None, more)]))
    return sentences


def _due_hovers(reading: Reading, side: str) -> list[str]:
    """What a fixed dose lets one expect of each period; nothing where it belongs on the other chart."""
    found = reading.dosed
    if found is None or found.side != side:
        return []
    names = ("used", "expected", "low", "high", "both", "either")
    told = zip(*(getattr(found, name).tolist() for name in names), strict=True)
    return [
        t("relation.hover", **dict(zip(names, map(number, each), strict=True))) if some else ""
        for each, some in zip(told, found.both.tolist(), strict=True)
    ]


def window_hover(reading: Reading, side: str, index: int) -> str:
    """The months of the report that a period's figure is a part of; empty where it has one of its own."""
    found = next((each for each in reading.windows(side) if each.first <= index <= each.last), None)
    if found is None:
        return ""
    between = {"first": reading.labels[found.first], "last": reading.labels[found.last]}
    if found.months == QUARTER:
        return t("window.hover_quarter", **between)
    return t("window.hover_months", months=found.months, **between)


def _figure(value: float) -> str:
    return t("compare.no_figure") if isnan(value) else number(value)


def ticks(starts: Sequence[int], grain: str) -> dict[int, str]:
    """At most half a dozen labels of the time axis, by index; the year stands under the first and January."""
    if grain != "month":
        step = max(1, -(-len(starts) // TICKS))
        return {i: _grain_label(starts[i], grain) for i in range(0, len(starts), step)}
    step = next(s for s in (1, 2, 3, 6, 12, 24, 60, 120, 1200) if len(starts) / s <= TICKS)
    chosen = [i for i, start in enumerate(starts) if (start % 100 - 1 + start // 100 * 12) % step == 0]
    labels = {}
    for i in chosen or [0]:
        with_year = i == (chosen or [0])[0] or starts[i] % 100 == 1
        name = i18n.month_alone(starts[i])
        labels[i] = f"{name}<br>{starts[i] // 100}" if with_year else name
    return labels


def _grain_label(start: int, grain: str) -> str:
    year, month = divmod(start, 100)
    if grain == "year":
        return str(year)
    if grain in WINDOWS:
        last = month_of(month_number(start) + LENGTHS[grain] - 1)
        return f"{i18n.month_alone(start)}–{i18n.month_alone(last)}<br>{last // 100}"
    part = (month - 1) // (3 if grain == "quarter" else 6) + 1
    return i18n.period(f"{year}-{'Q' if grain == 'quarter' else 'S'}{part}")
