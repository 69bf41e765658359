"""Services and commodities of one pair side by side, for a unit and its children."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from indicators.coverage import Absence, Coverage, OneSided, Overlap, Side
from indicators.hierarchy import Positions
from indicators.measures import (
    COMMODITY,
    COMMODITY_MEASURES,
    COUNT,
    FACILITIES_OUT,
    SERVICE,
    SERVICE_REPORT,
    reported_as,
)
from indicators.periods import Grain
from indicators.rollup import Extract, Rollup, Series
from indicators.states import states

Found = TypeVar("Found")

TOTAL = "total"
COLUMNS = (
    "unit_id", "unit_code", "unit_name", "level", "period", "side", "measure", "item", "value", "state",
    "n_reported", "n_expected", "imputed_share", "source", "as_of", "numerator", "denominator",
)  # fmt: skip
# A side has these lines even where nothing was ever reported, so that the page can say so.
_ALWAYS = (COUNT, "consumed", "closing")


@dataclass(frozen=True)
class PairItems:
    """The items of a pair, by code.

    Attributes:
        services: data elements whose counts add up to the service side.
        commodities: products whose quantities add up to the commodity side.
        reported: what the services say of their own stock: measure to data elements.
        families: substitutes whose total stands beside the pair: name to products.
        dosed: whether one service uses a fixed dose, so that units used for each service say something.
    """

    services: tuple[str, ...] = ()
    commodities: tuple[str, ...] = ()
    reported: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    families: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dosed: bool = False


@dataclass(frozen=True)
class View:
    """What is looked at: a unit (id), months `YYYYMM`, and how.

    Attributes:
        unit: the unit's id.
        first: first month; coarser grains show the whole periods that the months touch.
        last: last month.
        grain: month, quarter, half or year.
        children: whether the units directly below follow.
        group: only the units of this group count (id or name).
        measures: only these measures, None for all.
        only: ids of the units that may be named; other children, and other one-sided places, are left out.
    """

    unit: str
    first: int
    last: int
    grain: Grain = "month"
    children: bool = True
    group: str | None = None
    measures: tuple[str, ...] | None = None
    only: frozenset[str] | None = None


@dataclass(frozen=True)
class Line:
    """One series of the comparison, arrays `[unit, period]`.

    `value` is NaN where nothing was reported. Draw by `state`: where a product is not carried the state says
    `not_applicable` even if a zero was reported.
    """

    side: str
    measure: str
    item: str
    value: npt.NDArray[np.float64]
    n_reported: npt.NDArray[np.int32]
    n_expected: npt.NDArray[np.int32]
    imputed_share: npt.NDArray[np.float64]
    source: str

    @cached_property
    def shown(self) -> npt.NDArray[np.float64]:
        """The values that may be drawn: NaN wherever the state is missing or not applicable."""
        none = (self.n_expected == 0) | ((self.n_reported == 0) & (self.value == 0))
        return np.where(none, np.nan, self.value)

    @cached_property
    def state(self) -> npt.NDArray[np.object_]:
        """The state of every figure, in words; worked out when first asked for."""
        return states(self.value, self.n_reported, self.n_expected, self.imputed_share)


class Comparison:
    """The answer to one look at a pair: every line, the overlap, and why a side is absent.

    Attributes:
        rollup, pair, view: what was asked of what.
        units: the asked unit's id, then its children's.
        periods: labels, `2019-01`, `2019-Q1`, `2019-S1` or `2019`.
        starts: first month `YYYYMM` of each period.
        partial: whether a period reaches beyond the data, by period.
    """

    def __init__(self, rollup: Rollup, pair: PairItems, view: View) -> None:
        self.rollup, self.pair, self.view = rollup, pair, view
        rollup.members(view.group)  # an unknown group is told at once, and not when a line is asked for
        span = rollup.calendar.span(view.first, view.last, view.grain)
        self._extract = Extract(rollup, positions_of(rollup, view), span)
        self.units = tuple(rollup.hierarchy.ids[i] for i in self._extract.positions)
        self.periods, self.starts = span.labels, span.starts
        self.partial = rollup.calendar.partial(span)
        self._series = {
            (side, series.measure, item): series
            for side, item, series in all_series(rollup, pair, view.group)
            if view.measures is None or series.measure in view.measures
        }
        self._once: dict[Hashable, Any] = {}
        self._known: dict[Series, Line] = {}
        self._named: dict[tuple[str, str, str], Line] = {}
        self._service = Side.of(SERVICE, rollup.numbers(pair.services), view.group)
        self._commodity = Side.of(COMMODITY, rollup.numbers(pair.commodities), view.group)

    def has(self, side: str, measure: str, item: str = TOTAL) -> bool:
        """Whether there is such a line."""
        return (side, measure, item) in self._series

    def once(self, what: Hashable, make: Callable[[], Found]) -> Found:
        """What follows from this comparison alone, worked out when first asked for; `what` tells it apart."""
        if what not in self._once:
            self._once[what] = make()
        found: Found = self._once[what]
        return found

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Every series."""
        return tuple(self.line(*key) for key in self._series)

    def line(self, side: str, measure: str, item: str = TOTAL) -> Line:
        """One line, worked out when first asked for.

        Raises:
            KeyError: the pair has no such line.
        """
        key = side, measure, item
        if key not in self._named:
            self._named[key] = self._worked_out(key)
        return self._named[key]

    def _worked_out(self, key: tuple[str, str, str]) -> Line:
        side, measure, item = key
        try:
            series = self._series[key]
        except KeyError:
            raise KeyError(f"The pair has no line {side}/{measure}/{item}.") from None
        if series not in self._known:
            self._known[series] = _line(self._extract, (side, item), series)
        known = self._known[series]
        # A total over one item is that item's line.
        return known if known.item == item else replace(known, item=item)

    @cached_property
    def coverage(self) -> Coverage:
        """Where the two sides meet."""
        return Coverage(self.rollup, self._service, self._commodity)

    @cached_property
    def overlap(self) -> Overlap:
        """Places with data on the service side, the commodity side and both."""
        return self.coverage.overlap(self._extract)

    @cached_property
    def absences(self) -> dict[str, tuple[Absence | None, ...]]:
        """For each side, why each unit has no figure at all over the view; None where it has."""
        sides = (self._service, self._commodity)
        return {side.name: self.coverage.absences(side, self._extract) for side in sides}

    @cached_property
    def _one_sided(self) -> tuple[list[OneSided], int]:
        return self.coverage.one_sided(int(self._extract.positions[0]), self._extract.span)

    @property
    def one_sided(self) -> list[OneSided]:
        """The places of the asked unit with one side only: which side is there and why the other is not."""
        found, named = self._one_sided[0], self.view.only
        return found if named is None else [place for place in found if place.unit_id in named]

    @property
    def places(self) -> int:
        """How many places of the asked unit have data on either side over the view."""
        return self._one_sided[1]

    def rows(self, as_of: str | None = None) -> pd.DataFrame:
        """One row for each line, unit and period, with the columns of `GET /api/v1/compare`."""
        units = self.rollup.units.iloc[self._extract.positions]
        shape = (len(self.lines), len(units), len(self.periods))
        line, unit, period = (index.ravel() for index in np.indices(shape))
        labels = pd.Series(self.periods, dtype="str")
        columns = {
            "unit_id": units["id"].array.take(unit),
            "unit_code": units["code"].array.take(unit),
            "unit_name": units["name"].array.take(unit),
            "level": units["level"].array.take(unit),
            "period": labels.array.take(period),
            **_columns(self.lines, line),
            "as_of": as_of,
            "numerator": np.nan,
            "denominator": np.nan,
        }
        return pd.DataFrame(columns, columns=COLUMNS)


def compare(rollup: Rollup, pair: PairItems, view: View) -> Comparison:
    """Set the services and the commodities of a pair side by side.

    Raises:
        KeyError: the unit or group is unknown; the message names it.
        ValueError: the grain is unknown.
    """
    return Comparison(rollup, pair, view)


def all_series(
    rollup: Rollup, pair: PairItems, group: str | None = None
) -> Iterator[tuple[str, str, Series]]:
    """Every series of a pair as (side, item, series)."""
    for item, numbers in _sums(rollup, pair.services):
        yield SERVICE, item, Series(COUNT, numbers, group)
    commodities = [*_sums(rollup, pair.commodities), *_families(rollup, pair)]
    for measure in (*COMMODITY_MEASURES, FACILITIES_OUT):
        if measure in _ALWAYS or any(
            (number, reported_as(measure)) in rollup.grids for _, ns in commodities for number in ns
        ):
            yield from ((COMMODITY, item, Series(measure, numbers, group)) for item, numbers in commodities)
    for measure, codes in pair.reported.items():
        yield from ((SERVICE_REPORT, item, Series(measure, ns, group)) for item, ns in _sums(rollup, codes))


def _sums(rollup: Rollup, codes: tuple[str, ...]) -> list[tuple[str, tuple[int, ...]]]:
    """The side's total and each of its items."""
    each = [(code, numbers) for code in codes if (numbers := rollup.numbers([code]))]
    return [(TOTAL, rollup.numbers(codes)), *each] if each else []


def _families(rollup: Rollup, pair: PairItems) -> list[tuple[str, tuple[int, ...]]]:
    families = ((f"family:{name}", rollup.numbers(codes)) for name, codes in pair.families.items())
    return [(item, numbers) for item, numbers in families if numbers]


def _line(extract: Extract, name: tuple[str, str], series: Series) -> Line:
    figures = extract.figures(series)
    value, share = figures.shown(), figures.imputed_share()
    source = extract.rollup.source(series.items)
    return Line(name[0], series.measure, name[1], value, figures.reported, figures.expected, share, source)


def positions_of(rollup: Rollup, view: View) -> Positions:
    """Positions of the unit looked at and, if asked for, of its children that may be named."""
    position = rollup.position(view.unit)
    below = rollup.hierarchy.children(position) if view.children else np.empty(0, dtype=np.intp)
    if view.only is not None:
        named = [rollup.hierarchy.ids[i] in view.only for i in below]
        below = below[np.array(named, dtype=bool)]
    return np.concatenate([[position], below])


def _columns(lines: Sequence[Line], number: npt.NDArray[np.intp]) -> dict[str, object]:
    """The columns that lines differ in, one line after the other; `number` is the line of each row."""
    names = {
        name: pd.Series([getattr(line, name) for line in lines], dtype="str").array.take(number)
        for name in ("side", "measure", "item", "source")
    }
    arrays = ("value", "state", "n_reported", "n_expected", "imputed_share")
    joined = {name: [getattr(line, name).ravel() for line in lines] for name in arrays}
    return names | {name: np.concatenate(parts) if parts else [] for name, parts in joined.items()}
