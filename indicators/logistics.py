"""Every stock and consumption indicator of any unit, product, family or set, over any period.

A unit's figure is worked out of the sums of its places' parts (`parts.Parts`), which are gathered once for
each indicator, subject and grain and kept by the roll-up; a facility's is the same division of its own. What
a place does not carry is in no number of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from indicators.cells import Cells, limits_of
from indicators.flow_indicators import FLOW_INDICATORS
from indicators.grids import Floats
from indicators.hierarchy import Amounts, Positions
from indicators.parts import Indicator, Parts
from indicators.periods import Span
from indicators.question import Answer, Counts, Question, Subject
from indicators.rates import over
from indicators.report_indicators import REPORT_INDICATORS
from indicators.rollup import Rollup, Series
from indicators.rules import Rules
from indicators.service_coverage import COVERAGE, Covered, covered
from indicators.stock_indicators import STOCK_INDICATORS
from indicators.stock_status import Classes, Limits, Status, status
from indicators.stockouts import family_out, spells
from indicators.total_indicators import (
    TOTAL_INDICATORS,
    TotalIndicator,
    coming_months,
    tested_months,
)
from indicators.variation import abc

NOT_CARRIED = -1


@dataclass(frozen=True)
class Measured:
    """A measure as it was reported, summed by the roll-up as Compare shows it."""

    id: str
    measure: str
    unit: str = "quantity"
    amount: bool = True


@dataclass(frozen=True)
class Coverage:
    """Services of a population: asked of subjects that are services, by the targets of the rules."""

    id: str = COVERAGE
    unit: str = "share"
    amount: bool = False


MEASURED = (
    Measured("consumption", "consumed"),
    Measured("stock", "closing"),
    Measured("opening", "opening"),
    Measured("received", "received"),
    Measured("adjusted", "adjusted"),
    Measured("lost", "lost"),
    Measured("ordered", "ordered"),
)
AnyIndicator = Indicator | TotalIndicator | Measured | Coverage
_ALL: tuple[tuple[AnyIndicator, ...], ...] = (
    MEASURED,
    STOCK_INDICATORS,
    FLOW_INDICATORS,
    REPORT_INDICATORS,
    TOTAL_INDICATORS,
    (Coverage(),),
)
INDICATORS: Mapping[str, AnyIndicator] = {each.id: each for part in _ALL for each in part}


@dataclass(frozen=True)
class Forecasts:
    """What is to come after the data, and how the method did on the past.

    Attributes:
        starts: months ahead, `YYYYMM`.
        value: `[unit, subject, month ahead]`, dispensing units; NaN where no place has a forecast.
        reported: places with a forecast, same shape.
        expected: places that carry any of the products.
        wape: error over consumption of the unit's sums over the months tested, `[unit, subject]`.
        bias: too high above 0, too low below.
        scaled: error over that of the same month of last year, of what both forecast; below 1 it is nearer.
    """

    starts: tuple[int, ...]
    value: Floats
    reported: Counts
    expected: Counts
    wape: Floats
    bias: Floats
    scaled: Floats


class Logistics:
    """The indicators of one version of the snapshot, by one country's rules.

    Attributes:
        rollup: the figures.
        rules: what the country decides.
    """

    def __init__(self, rollup: Rollup, rules: Rules | None = None) -> None:
        self.rollup, self.rules = rollup, rules or Rules()
        self._name = repr(self.rules)

    def ask(self, indicator: str, question: Question) -> Answer:
        """An indicator's figures, `[unit, subject, period]`.

        Raises:
            KeyError: the indicator, a unit or the group is unknown.
        """
        try:
            asked = INDICATORS[indicator]
        except KeyError:
            known = ", ".join(INDICATORS)
            raise KeyError(f"No indicator is called {indicator!r}: there are {known}.") from None
        span = self.rollup.calendar.span(question.first, question.last, question.grain)
        found = [self._one(asked, subject, question, span) for subject in question.subjects]
        shape = len(question.units), 0, len(span)
        parts = Parts(*(_stacked([one[0][at] for one in found], shape) for at in range(4)))
        value = parts.numerator if asked.amount else over(parts.numerator, parts.denominator)
        return Answer(
            id=indicator,
            unit=asked.unit,
            question=question,
            periods=span.labels,
            starts=span.starts,
            value=np.where(parts.denominator > 0, value, np.nan) if asked.amount else value,
            numerator=parts.numerator,
            denominator=parts.denominator,
            reported=parts.reported.astype(np.int32),
            expected=parts.expected.astype(np.int32),
            imputed_share=_stacked([one[1] for one in found], shape),
        )

    def classes(self, question: Question) -> Classes:
        """How the stock of each unit stands, `[unit, subject, period]`: a `Status`, -1 where not carried.

        A unit is out when every place in it that reported is out; else its class is that of its pooled months
        of stock by the levels of its own group of units, or the usual ones.
        """
        lasting, out = self.ask("months_of_stock", question), self.ask("stockout_rate", question)
        limits = limits_of(self.rollup, self.rules.levels, self._positions(question.units))
        by_unit = Limits(np.asarray(limits.low)[:, :, None], np.asarray(limits.high)[:, :, None])
        found = status(
            np.where(lasting.reported > 0, lasting.numerator, np.nan), lasting.denominator, by_unit
        )
        found[found == Status.STOCKED_OUT] = Status.UNKNOWN
        found[(out.denominator > 0) & (out.numerator == out.denominator)] = Status.STOCKED_OUT
        found[out.expected == 0] = NOT_CARRIED
        return found

    def spells(self, question: Question) -> pd.DataFrame:
        """Months out of stock one after the other, of every place in the units asked for.

        Returns:
            `unit` (id of the place), `subject`, `start` (`YYYYMM`), `months`, `left_open`, `right_open` (the
            month before, or after, is not known or lies outside the question).
        """
        span = self.rollup.calendar.span(question.first, question.last, "month")
        places = self._below(question)
        tables = []
        for subject in question.subjects:
            cells = self._cells(subject, places)
            singles = cells.singles() if subject.kind == "tracers" else [cells]
            for single in singles:
                out, known = (flags[:, span.columns] for flags in family_out(*single.stacked()))
                found = spells(out, known)
                ids = [self.rollup.hierarchy.ids[places[row]] for row in found.pop("place")]
                found.insert(0, "unit", ids)
                found.insert(1, "subject", subject.id)
                found["start"] = self.rollup.months[span.columns][found["start"].to_numpy(dtype=np.intp)]
                tables.append(found)
        return pd.concat(tables, ignore_index=True)

    def forecast(self, question: Question) -> Forecasts:
        """What is to come in the months after the data, and how far the method was off before."""
        coming = [self._gathered(("coming", s), coming_months, s, question) for s in question.subjects]
        tested = [self._gathered(("tested", s), tested_months, s, question) for s in question.subjects]
        total, known, due = (np.stack(parts, axis=1) for parts in zip(*coming, strict=True))
        guess, came, guess3, came3, bar3 = (np.stack(parts, axis=1) for parts in zip(*tested, strict=True))
        last = self.rollup.calendar.base + self.rollup.calendar.size
        return Forecasts(
            starts=tuple((last + i) // 12 * 100 + (last + i) % 12 + 1 for i in range(total.shape[-1])),
            value=np.where(known > 0, total, np.nan),
            reported=known.astype(np.int32),
            expected=due.astype(np.int32),
            wape=over(np.abs(guess - came).sum(-1), came.sum(-1)),
            bias=over((guess - came).sum(-1), came.sum(-1)),
            scaled=over(np.abs(guess3 - came3).sum(-1), np.abs(bar3 - came3).sum(-1)),
        )

    def abc(self, question: Question, prices: Mapping[str, float]) -> npt.NDArray[np.str_]:
        """A, B or C of each product of each unit, `[unit, subject]`, by what its consumption costs.

        Consumption of all the periods asked for x the price of the first of a subject's products; "" where
        the price or any consumption is lacking.
        """
        answer = self.ask("consumption", question)
        used = np.where(np.isnan(answer.value).all(axis=2), np.nan, np.nansum(answer.value, axis=2))
        price = np.array([prices.get((subject.codes or ("",))[0], np.nan) for subject in question.subjects])
        rows = [abc(worth) for worth in used * price]
        return np.stack(rows) if rows else np.empty((0, len(price)), dtype=np.str_)

    def coverage(self, subject: Subject, question: Question) -> Covered:
        """Services of the people of each unit, `[unit, period]`, with what stands outside and why.

        Raises:
            KeyError: no target bears the subject's name, or a unit or group is unknown.
        """
        if subject.id not in self.rules.targets:
            known = ", ".join(self.rules.targets)
            raise KeyError(f"No coverage is called {subject.id!r}: there are {known}.")
        span = self.rollup.calendar.span(question.first, question.last, question.grain)
        where = self._positions(question.units), span, question.group
        return covered(self.rollup, self.rules.targets[subject.id], subject, where)

    def _one(
        self, asked: AnyIndicator, subject: Subject, question: Question, span: Span
    ) -> tuple[Amounts, Floats]:
        """An indicator of one subject: its four parts and how much of it is imputed, `[unit, period]`."""
        if isinstance(asked, Measured):
            return self._measured(asked, subject, question, span)
        if isinstance(asked, Coverage):
            nothing = np.zeros((len(question.units), len(span)))
            known = subject.id in self.rules.targets  # a product is no service of a population
            return (self.coverage(subject, question).parts() if known else (nothing,) * 4), nothing
        if isinstance(asked, TotalIndicator):
            months = self._gathered((asked.id, subject), asked.months, subject, question)
            whole = self.rollup.calendar.around(span)
            parts: Amounts = asked.finish(months, whole, self.rules)
        else:
            whole = self.rollup.calendar.around(span)
            parts = self._gathered(
                (asked.id, subject, span.cut), lambda cells: asked.parts(cells, whole), subject, question
            )
        before = whole.index_of(span.start)
        shown = tuple(part[:, before : before + len(span)] for part in parts)
        return shown, np.zeros(shown[0].shape)

    def _measured(
        self, asked: Measured, subject: Subject, question: Question, span: Span
    ) -> tuple[Amounts, Floats]:
        series = Series(asked.measure, self.rollup.numbers(subject.codes), question.group)
        positions = self._positions(question.units)
        if not series.items:
            nothing = np.zeros((len(positions), len(span)))
            return (nothing,) * 4, nothing
        figures = self.rollup.figures(series, positions, span)
        parts = figures.value, figures.present, figures.reported, figures.expected
        return tuple(part.astype(np.float64) for part in parts), figures.imputed_share()

    def _gathered(
        self,
        key: tuple[object, ...],
        own: Callable[[Cells], Amounts],
        subject: Subject,
        question: Question,
    ) -> Amounts:
        """Each unit's amounts, those of all places below it added up."""
        hierarchy, members = self.rollup.hierarchy, self.rollup.members(question.group)

        def of(positions: Positions) -> Amounts:
            return tuple(own(self._cells(subject, positions)))

        name = ("logistics", self._name, question.group, *key)
        totals = self.rollup.keep(name, lambda: hierarchy.gather(of, members))
        return hierarchy.place(totals, of, self._positions(question.units), members)

    def _cells(self, subject: Subject, positions: Positions) -> Cells:
        cells = Cells.of(self.rollup, self.rules, self.rollup.numbers(subject.codes), positions)
        return Cells(cells.rollup, cells.rules, cells.positions, cells.each, subject.kind)

    def _positions(self, units: Sequence[str]) -> Positions:
        return np.array([self.rollup.position(unit) for unit in units], dtype=np.intp)

    def _below(self, question: Question) -> Positions:
        """Every place in the units asked for, that counts, each once."""
        hierarchy, members = self.rollup.hierarchy, self.rollup.members(question.group)
        chosen = np.zeros(hierarchy.size, dtype=bool)
        for position in self._positions(question.units):
            chosen[position : hierarchy.last[position]] = True
        return np.flatnonzero(chosen if members is None else chosen & members)


def _stacked(arrays: Sequence[Floats], shape: tuple[int, int, int]) -> Floats:
    """Arrays `[unit, period]` as `[unit, subject, period]`."""
    return np.stack(arrays, axis=1) if arrays else np.zeros(shape)
