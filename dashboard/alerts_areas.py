"""Alerts of whole areas: what a district, a region or the nation told together is unusual.

An area is told of where its regular reporters together lie far outside what is usual for them, and still do
without the places that have an alert of their own, and without any one part of it: nothing is told twice, and
what all parts share is told once, of the whole. Most of its places moved that way. Such a month is an event
to be verified; the places that make most of it are named, and several items of a form make one alert.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from dashboard.alerts_area_series import FEWEST_PLACES, AreaSeries
from dashboard.alerts_found import Wanted, cuts, plain, risen
from dashboard.alerts_ranked import importance, priced, rank
from dashboard.alerts_scored import ItemSeries
from dashboard.alerts_series import ENOUGH, SeriesDesk
from indicators.grids import Flags, Floats
from indicators.hierarchy import Positions
from ledger.alert_intake import Candidate
from ledger.alerts import EVENT

AREA_HIGH, AREA_LOW = "area_high", "area_low"
OF_AREAS = (AREA_HIGH, AREA_LOW)
APART = 4.0
"""Spreads from which on what an area told is unusual: of many sums each month few are, by chance."""

MOST = 0.6
"""The share of an area's places that move as it does, for it to be the area that moved."""

SEVERAL = 3
"""Items of one form that are unusual in an area at once are one alert."""

NAMED = 3
"""Places that an alert names."""


def areas_found(desk: SeriesDesk, wanted: Wanted) -> Iterator[Candidate]:
    """The alerts of whole areas, item by item."""
    rose = _rose(desk)
    for code in desk.codes():
        series, area = desk.item(code), desk.area(code)
        if series is None or area is None:
            continue
        told = (series.scores.score >= cuts(series, wanted)) | rose.get(code, False)
        flags = unexplained(series, area, told, desk.rollup.hierarchy.parent)
        flags &= _looked_at(desk, series, area, wanted)[:, None]
        for row, column in np.argwhere(flags):
            unit, month = desk.rollup.hierarchy.ids[area.positions[row]], int(desk.months[column])
            if wanted.asks(unit, code, month):
                yield _candidate(desk, (series, area), (int(row), int(column)), (unit, month))


def unexplained(series: ItemSeries, area: AreaSeries, told: Flags, parent: Positions) -> Flags:
    """Where an area is unusual, and neither places that are told of nor a part of it alone explain it.

    The largest come first: where a region rose, none of its districts is told of, unless it fell.

    Args:
        series: the item at its places.
        area: the same in whole areas.
        told: figures of places that have an alert, `[place, month]`.
        parent: of every position the one above it.
    """
    away = np.where(area.told.counted, np.nan_to_num(series.values - series.scores.expected), 0.0)
    side = np.sign(area.scores.spreads)
    unusual = (np.abs(area.scores.spreads) >= APART) & _enough(area) & _most(area, away, side)
    of_above = [area.row(int(parent[each])) for each in area.positions]
    found = np.zeros(unusual.shape, dtype=bool)
    for row in np.argsort(area.begins - area.ends, kind="stable"):
        below = [each for each, above in enumerate(of_above) if above == row]
        for column in np.flatnonzero(unusual[row]):
            parts = [None, *(each for each in below if unusual[each, column])]
            explained = _in_told(of_above, found & (side == side[row, column]), (int(row), int(column)))
            if not explained and not any(
                _usual_without(
                    area, (int(row), int(column)), away[:, column], _left_out(area, told[:, column], each)
                )
                for each in parts
            ):
                found[row, column] = True
    return found


def _most(area: AreaSeries, away: Floats, side: Floats) -> Flags:
    """Where most of the places of an area moved to its side."""
    ways = [
        np.concatenate([np.zeros((1, away.shape[1])), np.cumsum(way, axis=0)]) for way in (away > 0, away < 0)
    ]
    up, down = (way[area.ends] - way[area.begins] for way in ways)
    return np.asarray(np.where(side > 0, up, down) >= MOST * np.maximum(area.told.reported, 1))


def _in_told(above: Sequence[int | None], found: Flags, at: tuple[int, int]) -> bool:
    """Whether an area above is told of."""
    row, column = at
    up = above[row]
    while up is not None:
        if found[up, column]:
            return True
        up = above[up]
    return False


def _left_out(area: AreaSeries, told: Flags, part: int | None) -> Flags:
    """The places that are told of, and those of a part, `[place]`."""
    left_out = told.copy()
    if part is not None:
        left_out[area.begins[part] : area.ends[part]] = True
    return left_out


def _usual_without(area: AreaSeries, at: tuple[int, int], away: Floats, left_out: Flags) -> bool:
    """Whether an area would be usual, had some of its places reported what is usual there."""
    row, _ = at
    inside = slice(area.begins[row], area.ends[row])
    rest = area.told.value[at] - (away[inside] * left_out[inside]).sum()
    return bool(area.usual("low")[at] <= rest <= area.usual("high")[at])


def _enough(area: AreaSeries) -> Flags:
    """Where so many of an area's regular reporters reported that it can be told of."""
    members = area.told.members[:, None]
    return np.asarray((area.told.reported >= ENOUGH * members) & (area.told.reported >= FEWEST_PLACES))


def _rose(desk: SeriesDesk) -> Mapping[str, Flags]:
    """By code of an item, at which places and months an event tells already that both sides rose."""
    found: dict[str, Flags] = {}
    for pair, _, column, rose in risen(desk):
        for code in (*pair.pair.services, *pair.pair.commodities):
            series = desk.item(code)
            if series:
                flags = found.setdefault(code, np.zeros(series.values.shape, dtype=bool))
                flags[np.isin(series.positions, pair.positions[rose]), column] = True
    return found


def _looked_at(desk: SeriesDesk, series: ItemSeries, area: AreaSeries, wanted: Wanted) -> Flags:
    """In which areas any place changed, `[area]`."""
    ids = desk.rollup.hierarchy.ids
    changed = [wanted.concerns(ids[each], [area.code]) for each in series.positions]
    running = np.concatenate([[0], np.cumsum(changed)])
    return np.asarray(running[area.ends] > running[area.begins])


def _candidate(
    desk: SeriesDesk, of: tuple[ItemSeries, AreaSeries], at: tuple[int, int], where: tuple[str, int]
) -> Candidate:
    (series, area), (unit, month) = of, where
    facts = area_facts(desk, series, area, at)
    code = AREA_HIGH if facts["value"] > facts["expected"] else AREA_LOW
    stake = abs(facts["value"] - facts["expected"]) * priced(desk.country, area.code)
    order = rank(facts["spreads"], stake, importance(desk.country, area.code))
    return Candidate(EVENT, code, unit, area.code, month, order, facts)


def of_forms(found: Iterable[Candidate], forms: Mapping[str, str]) -> list[Candidate]:
    """Alerts of areas, those of one area, form, month and side taken together where they are several.

    Args:
        found: alerts of areas.
        forms: the form of each code of an item.
    """
    by_form: dict[tuple[str, str, int, str], list[Candidate]] = defaultdict(list)
    for each in found:
        by_form[each.unit, forms.get(each.subject, each.subject), each.month, each.code].append(each)
    kept: list[Candidate] = []
    for (unit, form, month, code), rows in by_form.items():
        several = len(rows) >= SEVERAL
        kept += [_of_form(rows, (unit, f"form:{form}", month), code)] if several else rows
    return kept


def _of_form(rows: Sequence[Candidate], where: tuple[str, str, int], code: str) -> Candidate:
    """One alert for several items of a form, which names the strongest."""
    first = sorted(rows, key=lambda each: (-each.rank, each.id))
    names = ("value", "expected")
    named = [{"subject": each.subject, **{name: each.facts[name] for name in names}} for each in first]
    facts = {"value": len(rows), "measure": "", "named": named}
    return Candidate(EVENT, code, *where, round(first[0].rank * 1.5, 4), facts)


def area_facts(desk: SeriesDesk, series: ItemSeries, area: AreaSeries, at: tuple[int, int]) -> dict[str, Any]:
    """Every number that is said of one month of an area."""
    row, column = at
    value = area.told.value[at]
    expected, low, high = (area.usual(name)[at] for name in ("expected", "low", "high"))
    inside = np.arange(area.begins[row], area.ends[row])
    inside = inside[area.told.counted[inside, column] & ~np.isnan(series.scores.expected[inside, column])]
    away = series.values[inside, column] - series.scores.expected[inside, column]
    away = away if value > expected else -away
    first = [inside[each] for each in np.argsort(-away, kind="stable")[:NAMED] if away[each] > 0]
    return {
        "measure": series.measure,
        "value": plain(value),
        "expected": plain(expected),
        "low": plain(low),
        "high": plain(high),
        "spreads": plain(area.scores.spreads[at]),
        "reported": int(area.told.reported[at]),
        "members": int(area.told.members[row]),
        "same": int((away > 0).sum()),
        "of": len(inside),
        "places": [
            {
                "unit": desk.rollup.hierarchy.ids[series.positions[each]],
                "value": plain(series.values[each, column]),
                "expected": plain(series.scores.expected[each, column]),
            }
            for each in first
        ],
    }
