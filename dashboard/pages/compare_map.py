"""The places below as a map: their outlines or points, how values fall into classes, what the legend says."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from dashboard import i18n
from dashboard.figures.outline import Plane, Points, middle
from dashboard.holdings import Holding
from dashboard.i18n import number, t
from dashboard.pages.compare_reading import STOCK, Floats, Reading, series
from dashboard.pages.compare_together import LESS, MORE, STOCK_OUT, TOGETHER, UNCLEAR, WORDS
from dashboard.queries import Answer

CLASSES = 5
# How disagreement is coloured, from consumption far below what services say to far above; the steps between
# begin at these scores. Where a month parts by itself or in a run, its score is beyond the outer ones.
STEPS = (-4.0, -2.0, 2.0, 4.0)
MARKED = (TOGETHER, MORE, LESS, STOCK_OUT, UNCLEAR)
STEP_WORDS = ("map.strong_less", "map.some_less", "map.usual", "map.some_more", "map.strong_more")
DIGITS = 2
NOWHERE: Points = np.empty((0, 2))


def drawing(reading: Reading, answer: Answer) -> dict[str, Any]:
    """The map of the places below, each of them in the order of the answer.

    Returns:
        ``width``, ``height`` of the drawing; ``ground``, the path of the place itself; ``areas`` (unit: path)
        and ``points`` (unit: x, y); ``sites``, places of the facilities below areas; ``classes`` and
        ``legend`` for either side. Where DHIS2 knows no coordinates, only ``missing``, which says so.
    """
    holding = answer.holding
    ground = holding.outlines.get(reading.place.id, [])
    areas = {each.id: rings for each in reading.children if (rings := holding.outlines.get(each.id))}
    points = _points(reading, answer, areas)
    sites = NOWHERE if answer.totals_only else _sites(reading, holding)
    drawn = [*ground, *(ring for rings in areas.values() for ring in rings), *points.values(), sites]
    plane = Plane.around(drawn)
    if plane is None or not points:
        places = reading.level_name(reading.place.level + 1, plural=True)
        return {"missing": t("map.missing", places=places), "to_table": t("map.to_table")}
    return {
        "width": plane.width,
        "height": plane.height,
        "ground": plane.path(ground),
        "areas": {unit: plane.path(rings) for unit, rings in areas.items()},
        "points": {unit: plane.at(place)[0].tolist() for unit, place in points.items()},
        "sites": plane.at(sites).ravel().tolist(),
        "label": t("map.label", place=reading.place.name, count=number(len(points))),
        "notes": _notes(reading, points, areas),
        "words": _words(),
        **_classes(reading),
    }


def _words() -> dict[str, Any]:
    """What the legend says of marks and of disagreement, and the sentence below the map."""
    return {
        "hint": t("map.hint"),
        "list": t("map.list"),
        "none": t("map.no_figure"),
        "alike": t("map.all_alike"),
        "sides": [t("map.both"), t("map.one"), t("map.none")],
        "site": t("map.site"),
        "disagreement": t("map.disagreement"),
        "steps": [_said(words) for words in STEP_WORDS],
        "kinds": [{"kind": kind, "text": _said(WORDS[kind])} for kind in MARKED],
    }


def _said(words: str) -> str:
    return t(words)


def _points(reading: Reading, answer: Answer, areas: dict[str, list[Points]]) -> dict[str, Points]:
    """Where each child's mark stands: its own place, the middle of its outline, or that of its facilities."""
    placed = answer.units[["longitude", "latitude"]].to_numpy(dtype=np.float64)
    found: dict[str, Points] = {}
    for index, child in enumerate(reading.children, start=1):
        own = placed[index : index + 1]
        if child.id in areas:
            found[child.id] = middle(areas[child.id])
        elif not np.isnan(own).any():
            found[child.id] = own
        elif not answer.totals_only and len(below := _below(answer.holding, child.id)):
            found[child.id] = below.mean(axis=0, keepdims=True)
    return found


def _below(holding: Holding, unit: str) -> Points:
    """The places of all units below one that have a point."""
    hierarchy = holding.rollup.hierarchy
    position = hierarchy.position(unit)
    points = holding.points[position + 1 : int(hierarchy.last[position])]
    return points[~np.isnan(points).any(axis=1)]


def _sites(reading: Reading, holding: Holding) -> Points:
    """The facilities below areas, which are dots on the map; none where the children are facilities."""
    lowest = len(reading.country.levels)
    return NOWHERE if reading.place.level + 1 >= lowest else _below(holding, reading.place.id)


def _notes(reading: Reading, points: Mapping[str, Points], areas: Mapping[str, list[Points]]) -> list[str]:
    """Which places have no coordinates, and that marks without outlines stand amid their facilities."""
    lacking, level = len(reading.children) - len(points), reading.place.level + 1
    notes = [i18n.tn("map.unplaced", lacking)] if lacking else []
    if level < len(reading.country.levels) and len(areas) < len(points):
        notes.append(t("map.no_outlines", places=reading.level_name(level, plural=True)))
    return notes


def _classes(reading: Reading) -> dict[str, Any]:
    units = {
        "service": reading.pair.service_unit[i18n.language()],
        "commodity": t("compare.column_stock")
        if reading.measure("commodity") == STOCK
        else reading.pair.commodity_unit[i18n.language()],
    }
    found = {side: breaks(_values(reading, side)) for side in units}
    legend = {
        side: {"title": f"{units[side]}, {reading.label}", "texts": class_texts(found[side])}
        for side in units
    }
    return {"classes": found | {"disagreement": STEPS}, "legend": legend}


def _values(reading: Reading, side: str) -> Floats:
    """Of every child the figure of the period looked at."""
    measure = reading.measure(side)
    rows = (
        series(reading.comparison, side, measure, unit=index)[reading.at]
        for index in range(1, len(reading.places))
    )
    return np.array(list(rows), dtype=np.float64)


def breaks(values: Floats) -> list[float]:
    """Where classes of values begin, after the first: about as many places in each, at round figures.

    >>> breaks(np.array([3, 12, 18, 40, 55, 81, 120, 260, 300, 1240, np.nan]))
    [17.0, 49.0, 97.0, 270.0]
    """
    known = np.sort(values[~np.isnan(values)])
    if len(np.unique(known)) < 2:
        return []
    cuts = np.quantile(known, np.arange(1, CLASSES) / CLASSES)
    rounded = dict.fromkeys(_round(float(cut)) for cut in cuts)
    return [cut for cut in rounded if known[0] < cut <= known[-1]]


def _round(value: float) -> float:
    """To two significant digits; below 10, to whole figures, for these are counts."""
    return float(f"{value:.{DIGITS}g}") if value >= 10**DIGITS else float(round(value))


def class_texts(cuts: Sequence[float]) -> list[str]:
    """What each class is called: "under 18", "18 to 46", "270 and more"."""
    if not cuts:
        return []
    between = [_between(low, high - 1) for low, high in pairwise(cuts)]
    return [t("map.under", high=number(cuts[0])), *between, t("map.from", low=number(cuts[-1]))]


def _between(low: float, high: float) -> str:
    return number(low) if low == high else t("map.between", low=number(low), high=number(high))
