"""The relation of services and consumption: the band where a dose is fixed, indices, and where they part."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

from indicators.compare import PairItems, View, positions_of
from indicators.constant_set import ConstantSet
from indicators.discordance import Discordance, cause, discordance, overdispersion
from indicators.grids import Flags
from indicators.hierarchy import Amounts
from indicators.measures import COMMODITY, COUNT, FACILITIES_OUT, SERVICE_REPORT
from indicators.periods import Span
from indicators.ratio import ratio, ratio_of
from indicators.robust import Counts, Mode, Reals, medians
from indicators.rollup import Rollup, Series
from indicators.usual import Usual, from_scale, to_scale

NORMAL_95 = 1.96
# A median of a window stands on this many periods.
FEWEST_INDEXED = 3
# Where this share of the facilities that report stock are out, the area's consumption is short of stock.
OUT_SHARE = 0.2


@dataclass(frozen=True)
class FixedDose:
    """What services should have used and what was used, where both are reported, arrays `[unit, period]`.

    Attributes:
        units: ids.
        periods: labels.
        services: services of the units that report both.
        used: what these used.
        expected: the dose times the services.
        low, high: where what was used lies in 95 of 100 cases by chance and the pair's usual variation.
        value: used for each service.
        n_both: units that report both, on which all of this stands.
        n_either: units that report either.
    """

    units: tuple[str, ...]
    periods: tuple[str, ...]
    services: Reals
    used: Reals
    expected: Reals
    low: Reals
    high: Reals
    value: Reals
    n_both: npt.NDArray[np.int64]
    n_either: npt.NDArray[np.int64]

    @property
    def excess(self) -> Reals:
        """What was used beyond what was expected: losses or unreported services; below 0, too little."""
        return np.where(self.n_both > 0, self.used - self.expected, np.nan)

    @property
    def side(self) -> npt.NDArray[np.int8]:
        """1 above the band, -1 below it, else 0."""
        return (self.used > self.high).astype(np.int8) - (self.used < self.low).astype(np.int8)


def expected_band(services: Reals, dose: float, alpha: npt.ArrayLike) -> tuple[Reals, Reals, Reals]:
    """What services use at a fixed dose, and where 95 of 100 figures lie around it.

    Args:
        services: how many.
        dose: units that one service uses.
        alpha: overdispersion of the pair, 0 for counting noise alone.

    A hundred women and one injection each:

    >>> import numpy as np
    >>> [part.round().item() for part in expected_band(np.array(100.0), 1, 0.01)]
    [100.0, 75.0, 131.0]
    """
    expected, alpha = np.asarray(dose * services), np.maximum(np.asarray(alpha), 1e-6)
    middle = to_scale(expected, alpha)
    return expected, from_scale(middle - NORMAL_95, alpha), from_scale(middle + NORMAL_95, alpha)


def fixed_dose(
    rollup: Rollup, pair: PairItems, view: View, dose: float, used: str = SERVICE_REPORT
) -> FixedDose:
    """The expected relation of a pair with one dose for one service, over units that report both.

    Args:
        rollup: the figures.
        pair: the pair.
        view: what is looked at.
        dose: units that one service uses.
        used: `service_report`, what the services say they dispensed; or `commodity`, what the stores issued.

    Raises:
        KeyError: the unit or group is unknown.
    """
    if used == COMMODITY:
        pair = replace(pair, reported={"consumed": pair.commodities})
    found, alpha = ratio(rollup, pair, view), _varies(rollup, pair, view, dose)
    there = found.n_both > 0
    expected, low, high = (np.where(there, part, np.nan) for part in expected_band(found.below, dose, alpha))
    return FixedDose(
        found.units, found.periods, found.below, found.above, expected, low, high, found.value,
        found.n_both, found.n_either,
    )  # fmt: skip


def _varies(rollup: Rollup, pair: PairItems, view: View, dose: float) -> Reals:
    """The overdispersion of each unit in all that is known of it: by itself, or that of all children."""
    whole = replace(view, first=int(rollup.months[0]), last=int(rollup.months[-1]))
    span, positions = rollup.calendar.span(whole.first, whole.last, view.grain), positions_of(rollup, view)
    groups = np.minimum(np.arange(len(positions)), 1) if view.children else None

    def work(at: Counts) -> Amounts:
        history = ratio_of(rollup, pair, (at, span), view.group)
        there = history.n_both > 0
        due, spent = (np.where(there, side, np.nan) for side in (history.below * dose, history.above))
        return (overdispersion(due, spent, groups),)

    if groups is not None:
        return work(positions)[0][groups, None]
    sides = pair.services, pair.commodities, tuple(pair.reported.get("consumed", ()))
    return rollup.near.of(("dose", sides, dose, span.cut, view.group), work, positions)[0][:, None]


def indexed(values: Reals) -> Reals:
    """Series as percent of their own median over the window, so that two of them share one scale.

    NaN throughout where the median is 0 or stands on fewer than three periods.

    >>> import numpy as np
    >>> indexed(np.array([[50.0, 100, np.nan, 200], [0, 0, 0, 7]])).tolist()
    [[50.0, 100.0, nan, 200.0], [nan, nan, nan, nan]]
    """
    middle = medians(values)[..., None]
    sound = (middle > 0) & (np.count_nonzero(~np.isnan(values), axis=-1)[..., None] >= FEWEST_INDEXED)
    return np.asarray(100 * values / np.where(sound, middle, np.nan))


@dataclass(frozen=True)
class Disagreement:
    """Where services and consumption of a unit and its children part, arrays `[unit, period]`.

    Attributes:
        units: ids.
        periods: labels.
        found: the scores; sort places and colour a map by `found.strength`.
        share_out: the share of facilities, of those that report stock, that were out at the end.
        out: whether a stock-out explains too little consumption.
    """

    units: tuple[str, ...]
    periods: tuple[str, ...]
    found: Discordance
    share_out: Reals
    out: Flags

    def causes(self, services: Usual, consumption: Usual) -> npt.NDArray[np.object_]:
        """Which side moved where the two part, a code of `indicators.discordance`; None where they do not.

        Args:
            services: what is usual for the services of the same view (`normal_range`), by their scores.
            consumption: the same for the consumption.
        """
        causes = np.full(self.found.score.shape, None, dtype=np.object_)
        for at in zip(*np.nonzero(self.found.apart), strict=True):
            sides = float(services.score[at]), float(consumption.score[at])
            causes[at] = cause(float(self.found.strength[at]), *sides, bool(self.out[at]))
        return causes


def disagreement(
    rollup: Rollup, sides: tuple[Series, Series], view: View, mode: Mode = "centred"
) -> Disagreement:
    """How far services and consumption part from their usual relation, for a unit and each of its children.

    Each side stands on its own regular reporters, so the level of the relation says nothing and only its
    movement counts. Any class of pair but `do_not_compare` may be asked.

    Args:
        rollup: the figures.
        sides: the series of the services and that of the consumption.
        view: what is looked at.
        mode: `centred` tells history; `trailing` what could be said at the month's end.

    Raises:
        KeyError: the unit or group is unknown.
    """
    span, positions = rollup.calendar.span(view.first, view.last, view.grain), positions_of(rollup, view)
    key = ("disagreement", sides, positions.tobytes(), span.cut, span.stop, mode)
    found = rollup.keep(key, lambda: _of_calendar(rollup, sides, (positions, span), mode))
    first = rollup.calendar.around(span).index_of(span.start)
    *parts, share, out = (part[:, first : first + len(span)] for part in found)
    units = tuple(rollup.hierarchy.ids[i] for i in positions)
    return Disagreement(units, span.labels, Discordance(*parts), share, out)


def _of_calendar(
    rollup: Rollup, sides: tuple[Series, Series], of: tuple[Counts, Span], mode: Mode
) -> Amounts:
    """The same over the whole calendar, as far as is known at the span's end: parts, share out, and out."""
    positions, span = of
    whole = rollup.calendar.around(span)
    stop = whole.index_of(span.start) + len(span) if mode == "trailing" else None
    services, consumption = (
        ConstantSet(rollup, series, span).steady(positions).until(stop).observed for series in sides
    )
    groups = np.minimum(np.arange(len(positions)), 1)
    found = discordance(services, consumption, groups, mode)
    parts = tuple(getattr(found, field.name) for field in fields(Discordance))
    return *parts, *_out(rollup, sides[1], positions, whole)


def _out(rollup: Rollup, consumption: Series, positions: Counts, span: Span) -> tuple[Reals, Flags]:
    """The share of facilities out of stock, and whether that is enough to explain too little consumption."""
    empty = rollup.figures(replace(consumption, measure=FACILITIES_OUT), positions, span)
    days = rollup.figures(replace(consumption, measure="stockout_days"), positions, span)
    share = np.where(empty.reported > 0, empty.value / np.maximum(empty.reported, 1), np.nan)
    leaf = (rollup.hierarchy.branch_of[positions] < 0)[:, None]
    return share, np.asarray((share >= OUT_SHARE) | (leaf & (days.value > 0)))


def service_series(rollup: Rollup, pair: PairItems, group: str | None = None) -> Series:
    """The series of a pair's services, all items together."""
    return Series(COUNT, rollup.numbers(pair.services), group)


def consumption_series(rollup: Rollup, pair: PairItems, group: str | None = None) -> Series:
    """The series of what the stores issued of a pair's products, all items together."""
    return Series("consumed", rollup.numbers(pair.commodities), group)
