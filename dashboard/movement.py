"""Whose movement a unit's change is, asked through the asker's scope: on the page and for outsiders alike."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pandas as pd

from accounts.scope import Scope
from countries.configuration import Pair
from dashboard.queries import Figures
from dashboard.questions import BadQuestionError, NotInScopeError, Question
from indicators.attribution import REPORTING_CHANGED, Asked, Attribution, attribution
from indicators.compare import PairItems
from indicators.measures import COMMODITY, COUNT, SERVICE
from indicators.periods import LENGTHS, month_number, month_of
from indicators.rollup import Series
from indicators.substitutes import Displaced, displaced, risen_while_out

SIDES = (SERVICE, COMMODITY)
CHILD, ITSELF, OTHERS = "child", "itself", "others"
COLUMNS = ("part", "unit_id", "unit_code", "unit_name", "change", "share", "percent", "reporters")


@dataclass(frozen=True)
class Movement:
    """The change of one side of a pair, in one unit and period, in parts.

    Attributes:
        side: service or commodity.
        measure: what is counted: count, consumed, or closing where consumption says nothing.
        month: a month of the period, `YYYYMM`; its last one.
        found: the parts.
        names: code and name of each part's unit, by id.
    """

    side: str
    measure: str
    month: int
    found: Attribution
    names: pd.DataFrame

    @cached_property
    def parts(self) -> list[tuple[str, str]]:
        """Kind and unit id of each part, in the order of `found.amounts`."""
        return [
            *((CHILD, unit) for unit in self.found.units),
            (ITSELF, ""),
            (OTHERS, ""),
            (REPORTING_CHANGED, ""),
        ]

    def rows(self) -> pd.DataFrame:
        """One row for each part, with the columns of `GET /api/v1/compare/change`; percents add up to 100."""
        found = self.found
        known = self.names.reindex([unit for _, unit in self.parts])
        percents = found.percents or (None,) * len(self.parts)
        reporters = [*found.in_both.tolist(), None, None, found.began + found.silent]
        columns = {
            "part": [kind for kind, _ in self.parts],
            "unit_id": [unit or None for _, unit in self.parts],
            "unit_code": known["code"].tolist(),
            "unit_name": known["name"].tolist(),
            "change": found.amounts,
            "share": found.shares,
            "percent": pd.array(percents, dtype="Int64"),
            "reporters": pd.array(reporters, dtype="Int64"),
        }
        return pd.DataFrame(columns, columns=COLUMNS)


@dataclass(frozen=True)
class Mover:
    """What asks for movements of one pair: the checked question, and what may be read and named."""

    figures: Figures
    question: Question
    items: PairItems
    only: frozenset[str] | None
    stock_only: bool
    scope: Scope

    @classmethod
    def of(cls, figures: Figures, question: Question, scope: Scope) -> "Mover":
        """Check a question as `Figures.compare` does.

        Raises:
            QuestionError: one of its kinds says what is wrong and what to do.
        """
        view = figures.viewed(question, scope)
        pair = figures.pair(question.pair)
        items, _ = figures.readable(pair, scope)
        asked = replace(question, unit=view.unit, first=view.first, last=view.last)
        return cls(figures, asked, items, view.only, pair.kind == "do_not_compare", scope)

    def movement(self, side: str, month: int) -> Movement | None:
        """Whose movement it is.

        Args:
            side: service or commodity.
            month: any month of the period; a window ends with it.

        Returns:
            The movement; None where the pair has nothing on this side.
        """
        codes = self.items.services if side == SERVICE else self.items.commodities
        series = self.series(side, codes)
        if not series.items:
            return None
        found = self.moved(series, month)
        return Movement(side, series.measure, month, found, self.figures.holding().units)

    def moved(self, series: Series, month: int) -> Attribution:
        """The change of one series in parts; `month` as in `movement`."""
        return attribution(self.figures.holding().rollup, series, self.asked(month))

    def whole(self, series: Series, month: int) -> Attribution:
        """The change of one series, not parted among the children."""
        asked = replace(self.asked(month), parted=False)
        return attribution(self.figures.holding().rollup, series, asked)

    def readable(self, pair: Pair) -> tuple[str, ...]:
        """The products of another pair that there are, and that the asker may read."""
        rollup = self.figures.holding().rollup
        try:
            codes = self.figures.readable(pair, self.scope)[0].commodities
        except NotInScopeError:
            return ()
        return tuple(code for code in codes if rollup.numbers([code]))

    def displaced(self, used: Iterable[str], substitute: Iterable[str], month: int) -> Displaced:
        """How much of the change in products used fell on places without a substitute (codes of both)."""
        rollup = self.figures.holding().rollup
        return displaced(rollup, self.series(COMMODITY, used), rollup.numbers(substitute), self.asked(month))

    def risen_while_out(
        self, used: Iterable[str], substitute: Iterable[str], months: Iterable[int]
    ) -> list[float]:
        """For each month's period the rise in products used while a substitute was out; 0 for hardly any."""
        rollup, asked = self.figures.holding().rollup, [self.asked(month) for month in months]
        return risen_while_out(rollup, self.series(COMMODITY, used), rollup.numbers(substitute), asked)

    def series(self, side: str, codes: Iterable[str]) -> Series:
        """The series that tells a side's movement."""
        commodity = "closing" if self.stock_only else "consumed"
        numbers = self.figures.holding().rollup.numbers(codes)
        return Series(COUNT if side == SERVICE else commodity, numbers, self.question.group)

    def asked(self, month: int) -> Asked:
        """The question of one period, as the indicators take it."""
        grain: Any = self.question.grain
        return Asked(self.question.unit, month, grain, self.only)


def last_month(start: int, grain: str, newest: int) -> int:
    """The last month of the period that begins with `start`, as far as there are figures.

    >>> last_month(201901, "year", 201909), last_month(201904, "quarter", 201909)
    (201909, 201906)
    """
    lengths: dict[Any, int] = dict(LENGTHS)
    return min(month_of(month_number(start) + lengths[grain] - 1), newest)


def side_of(name: str | None) -> str:
    """A side by its name.

    Raises:
        BadQuestionError: it is none.
    """
    if name not in SIDES:
        raise BadQuestionError("side", f"There is no side {name!r}.", "Ask for service or commodity.")
    return str(name)
