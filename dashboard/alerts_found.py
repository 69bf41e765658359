"""Alerts out of scores: which figures of which months are alerts, with every number of their sentences."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dashboard.alerts_ranked import importance, priced, rank
from dashboard.alerts_scored import ItemSeries, Judged
from dashboard.alerts_series import CONSUMED, COUNT, PairSeries, SeriesDesk
from indicators.aberration import EXPLANATIONS, MISTAKES
from indicators.discordant import CAUSES
from indicators.usual import OUTSIDE
from ledger.alert_intake import Candidate
from ledger.alerts import EVENT, QUALITY

HIGH, LOW, ZERO = "high", "low", "zero"
PAIR_HIGH, PAIR_LOW, PAIR_DRIFT = "pair_high", "pair_low", "pair_drift"
BOTH_UP = "both_up"
RUN = 3
"""Months that part together make a drift."""

UNLIKE = 3.0

Cell = tuple[str, str, int]
Threshold = Callable[[str, int], float]
"""From which score on there is an alert, by subject and position of the place."""


@dataclass(frozen=True)
class Wanted:
    """What is looked for.

    Attributes:
        first: the first month, YYYYMM, of which new alerts are made.
        again: (unit, subject, month) of older alerts, that are looked at whatever their month.
        changed: (unit, code of an item) of the series that changed; None for all.
        threshold: from which score on there is an alert.
    """

    first: int
    again: Collection[Cell]
    changed: Collection[tuple[str, str]] | None
    threshold: Threshold

    def concerns(self, unit: str, codes: Collection[str]) -> bool:
        """Whether any of some items changed at a place."""
        return self.changed is None or any((unit, code) in self.changed for code in codes)

    def asks(self, unit: str, subject: str, month: int) -> bool:
        """Whether a month is looked at."""
        return month >= self.first or (unit, subject, month) in self.again


def items_found(desk: SeriesDesk, wanted: Wanted) -> Iterator[Candidate]:
    """The alerts of single series, month by month or of several months at once."""
    for code in desk.codes():
        series = desk.item(code)
        for each in ([series] if series else []) + desk.windows(code):
            yield from _of_item(desk, each, wanted)


def _of_item(desk: SeriesDesk, series: ItemSeries, wanted: Wanted) -> Iterator[Candidate]:
    ids, scores = desk.rollup.hierarchy.ids, series.scores
    for row, column in np.argwhere(scores.score >= cuts(series, wanted)):
        unit, month = ids[series.positions[row]], int(series.begins[row, column])
        if not wanted.asks(unit, series.code, month) or not wanted.concerns(unit, [series.code]):
            continue
        facts = item_facts(desk, series, int(row), int(column))
        if facts["expected"] is None or facts["low"] is None:
            continue  # nobody could be told what is usual there
        code = ZERO if facts["value"] == 0 else HIGH if scores.side[row, column] > 0 else LOW
        stake = abs(facts["value"] - facts["expected"]) * priced(desk.country, series.code)
        order = rank(facts["spreads"], stake, importance(desk.country, series.code))
        yield Candidate(QUALITY, code, unit, series.code, month, order, facts)


def cuts(series: ItemSeries, wanted: Wanted) -> npt.NDArray[np.float64]:
    """From which score on there is an alert, `[place, 1]`."""
    return np.array([[wanted.threshold(series.code, int(each))] for each in series.positions])


def item_facts(desk: SeriesDesk, series: ItemSeries, row: int, column: int) -> dict[str, Any]:
    """Every number that is said of one figure of a series."""
    scores = series.scores
    of_months = {"months": series.length} if series.length > 1 else {}
    return {
        "measure": series.measure,
        **of_months,
        "value": plain(series.values[row, column]),
        **usual_of(scores, row, column),
        "score": plain(scores.score[row, column]),
        "mistake": MISTAKES[int(scores.mistake[row, column])],
        "explained": EXPLANATIONS[int(scores.explained[row, column])],
        "closing": plain(series.closing[row, column]),
        "days_out": plain(series.days_out[row, column]),
        "like": _like(desk, series, row, column),
        "other": other_side(desk, series, row, column),
    }


def usual_of(scores: Judged, row: int, column: int) -> dict[str, float | None]:
    """What is usual of a figure, and how many spreads it lies off."""
    names = ("expected", "low", "high", "spreads")
    return {name: plain(getattr(scores, name)[row, column]) for name in names}


def _like(desk: SeriesDesk, series: ItemSeries, row: int, column: int) -> dict[str, int]:
    """Of how many places of the same area something can be said, and how many lie outside on this side."""
    parent = desk.rollup.hierarchy.parent[series.positions]
    beside = (parent == parent[row]) & (np.arange(len(parent)) != row)
    spreads = series.scores.spreads[beside, column]
    side = np.sign(series.scores.spreads[row, column])
    return {"of": int((~np.isnan(spreads)).sum()), "same": int((spreads * side >= OUTSIDE).sum())}


def other_side(desk: SeriesDesk, series: ItemSeries, row: int, column: int) -> dict[str, Any] | None:
    """What the other side of the pair did where both meet, and what is usual; None where none is known."""
    if series.length > 1:
        return _other_of_window(series, row, column)
    pair = desk.pair_of(series.code)
    home = _home(desk, pair, int(series.positions[row])) if pair else None
    if pair is None or home is None:
        return None
    side = pair.services if series.measure == CONSUMED else pair.consumption
    scores = pair.scores.services if series.measure == CONSUMED else pair.scores.consumption
    position = int(pair.positions[home])
    own = position == int(series.positions[row])
    return {
        "pair": pair.pair.id,
        "measure": COUNT if series.measure == CONSUMED else CONSUMED,
        "unit": "" if own else desk.rollup.hierarchy.ids[position],
        "value": plain(side[home, column]),
        **usual_of(scores, home, column),
    }


def _other_of_window(series: ItemSeries, row: int, column: int) -> dict[str, Any] | None:
    """The same of a report over several months: the other side's months together, where all are known."""
    other = series.other
    if other is None or np.isnan(other.values[row, column]):
        return None
    about = {"pair": other.pair, "measure": other.measure, "unit": ""}
    return {**about, "value": plain(other.values[row, column]), **usual_of(other.scores, row, column)}


def _home(desk: SeriesDesk, pair: PairSeries, position: int) -> int | None:
    """The row of the pair at a place, or at the nearest above it."""
    while position >= 0:
        row = pair.row(position)
        if row is not None:
            return row
        position = int(desk.rollup.hierarchy.parent[position])
    return None


def pairs_found(desk: SeriesDesk, wanted: Wanted, told: Collection[Cell]) -> Iterator[Candidate]:
    """The alerts of pairs, where none of its items has one at that place and month (`told`) already."""
    ids = desk.rollup.hierarchy.ids
    for pair in desk.pairs():
        subject, codes = f"pair:{pair.pair.id}", (*pair.pair.services, *pair.pair.commodities)
        cuts = np.array([[wanted.threshold(subject, int(each))] for each in pair.positions])
        out = pair.scores.cause == CAUSES.index("stock_out")
        for row, column in np.argwhere(((pair.scores.score >= cuts) | pair.scores.drift) & ~out):
            unit, month = ids[pair.positions[row]], int(desk.months[column])
            known = any((unit, code, month) in told for code in codes)
            if known or not wanted.asks(unit, subject, month) or not wanted.concerns(unit, codes):
                continue
            if found := _of_pair(desk, pair, (int(row), int(column)), cuts):
                yield found


def _of_pair(
    desk: SeriesDesk, pair: PairSeries, at: tuple[int, int], cuts: npt.NDArray[np.float64]
) -> Candidate | None:
    row, column = at
    facts = pair_facts(pair, row, column)
    if not facts["services"] or None in (facts["value"], facts["expected"]) or _unlike(facts):
        return None
    single = facts["score"] is not None and facts["score"] >= cuts[row, 0]
    code = (PAIR_HIGH if facts["value"] > facts["expected"] else PAIR_LOW) if single else PAIR_DRIFT
    stake = abs(facts["value"] - facts["expected"]) * _mean_price(desk, pair)
    important = max(importance(desk.country, each) for each in pair.pair.commodities)
    order = rank(facts["spreads"], stake, important)
    unit, month = desk.rollup.hierarchy.ids[pair.positions[row]], int(desk.months[column])
    return Candidate(QUALITY, code, unit, f"pair:{pair.pair.id}", month, order, facts)


def _unlike(facts: Mapping[str, Any]) -> bool:
    """Whether the relation was learned from figures unlike the place's own, so that it would mislead."""
    high = facts["sides"]["consumption"]["high"]
    return high is not None and facts["expected"] > UNLIKE * facts["months"] * max(high, 1.0)


def pair_facts(pair: PairSeries, row: int, column: int) -> dict[str, Any]:
    """Every number that is said of one month of a pair; of a drift, of the three months that end there."""
    scores = pair.scores
    drift = bool(scores.drift[row, column])
    months = slice(max(0, column - RUN + 1), column + 1)
    services = pair.services[row, months] if drift else pair.services[row, column : column + 1]
    used = pair.consumption[row, months] if drift else pair.consumption[row, column : column + 1]
    usual = scores.usual[row, months] if drift else scores.usual[row, column : column + 1]
    run = float(scores.run[row, column])
    single = float(scores.spreads[row, column])
    spreads = run if drift and abs(run) > abs(single) else single
    return {
        "measure": CONSUMED,
        "value": plain(used.sum()),
        "services": plain(services.sum()),
        "expected": plain((services * usual).sum()),
        "months": len(used),
        "now": plain(pair.consumption[row, column]),
        "spreads": plain(spreads),
        "score": plain(scores.score[row, column]),
        "cause": CAUSES[int(scores.cause[row, column])],
        "sides": {
            "services": usual_of(scores.services, row, column),
            "consumption": usual_of(scores.consumption, row, column),
        },
    }


def _mean_price(desk: SeriesDesk, pair: PairSeries) -> float:
    prices = [priced(desk.country, code) for code in pair.pair.commodities]
    return float(np.mean(prices))


def events_found(desk: SeriesDesk, wanted: Wanted) -> Iterator[Candidate]:
    """Months in which both sides of a pair rose at several places of an area: to be verified, no error."""
    ids = desk.rollup.hierarchy.ids
    for pair, area, column, rose in risen(desk):
        unit, month, subject = ids[area], int(desk.months[column]), f"pair:{pair.pair.id}"
        inside = desk.rollup.hierarchy.parent[pair.positions] == area
        places = [ids[each] for each in pair.positions[inside]]
        if wanted.asks(unit, subject, month) and _any_changed(wanted, pair, places):
            yield _event(desk, pair, (unit, month), (inside, column, rose))


def risen(desk: SeriesDesk) -> Iterator[tuple[PairSeries, int, int, npt.NDArray[np.bool_]]]:
    """Where both sides of a pair rose: the pair, the area's position, the month's column, at which places."""
    parents = desk.rollup.hierarchy.parent
    for pair in desk.pairs():
        sides = pair.scores.services.spreads, pair.scores.consumption.spreads
        up = (sides[0] >= OUTSIDE) & (sides[1] >= OUTSIDE)
        known = ~np.isnan(sides[0]) & ~np.isnan(sides[1])
        parent = parents[pair.positions]
        for area in np.unique(parent[up.any(axis=1)]):
            inside = parent == area
            rose, told = up[inside].sum(axis=0), known[inside].sum(axis=0)
            for column in np.flatnonzero((rose >= 2) & (rose >= told / 3)):
                yield pair, int(area), int(column), inside & up[:, column]


def _any_changed(wanted: Wanted, pair: PairSeries, units: list[str]) -> bool:
    codes = (*pair.pair.services, *pair.pair.commodities)
    return any(wanted.concerns(unit, codes) for unit in units)


def _event(desk: SeriesDesk, pair: PairSeries, where: tuple[str, int], of: tuple[Any, int, Any]) -> Candidate:
    (unit, month), (inside, column, rose) = where, of
    services, consumption = pair.services[rose, column].sum(), pair.consumption[rose, column].sum()
    expected = np.nansum(pair.scores.services.expected[rose, column])
    facts: Mapping[str, Any] = {
        "measure": COUNT,
        "value": plain(services),
        "expected": plain(expected),
        "consumption": plain(consumption),
        "consumption_expected": plain(np.nansum(pair.scores.consumption.expected[rose, column])),
        "places": int(rose.sum()),
        "of": int((~np.isnan(pair.scores.services.spreads[inside, column])).sum()),
        "spreads": plain(np.median(pair.scores.services.spreads[rose, column])),
    }
    important = max(importance(desk.country, code) for code in pair.pair.commodities)
    order = rank(facts["spreads"], float(services - expected), important)
    return Candidate(EVENT, BOTH_UP, unit, f"pair:{pair.pair.id}", month, order, facts)


def plain(value: Any) -> float | None:
    """A number as JSON keeps it, so finely that a sentence rounds it but once; None for nothing.

    >>> plain(1.00004), plain(float("nan"))
    (1.0, None)
    """
    number = float(value)
    return None if np.isnan(number) else round(number, 4)
