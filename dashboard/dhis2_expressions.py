"""Formulas as expressions of DHIS2's indicators, over the elements and option combos that figures are in.

`.periodOffset` and `.aggregationType` are known to DHIS2 from 2.36 on. Nothing here knows an id: where each
figure stands is what the last sync found by code and name.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from indicators.definitions.formulas import Formula, Term

REPORTS = {"reports": "ACTUAL_REPORTS", "on_time": "ACTUAL_REPORTS_ON_TIME", "expected": "EXPECTED_REPORTS"}
NOTHING = "1"
Written = Callable[[Term], list[str]]


class NotReported(Exception):
    """What an expression needs is in no form."""


@dataclass(frozen=True)
class Cells:
    """Where each figure stands in DHIS2.

    Attributes:
        frame: `code, item, measure, option`: an item's code and element, and the option combo of a measure.
        data_sets: the data set of each form, by the form's key.
    """

    frame: pd.DataFrame
    data_sets: Mapping[str, str]

    @cached_property
    def operands(self) -> dict[tuple[str, str], tuple[str, ...]]:
        """`ELEMENT.COMBO` of every cell that is a measure of an item, by the item's code and the measure."""
        found: dict[tuple[str, str], list[str]] = {}
        columns = (self.frame[name].tolist() for name in ("code", "item", "measure", "option"))
        for code, item, measure, option in zip(*columns, strict=True):
            found.setdefault((code, measure), []).append(f"{item}.{option}")
        return {key: tuple(sorted(each)) for key, each in found.items()}

    def measures(self, code: str) -> set[str]:
        """What is reported of an item."""
        return {measure for known, measure in self.operands if known == code}

    def of(self, codes: Iterable[str], measure: str) -> list[str]:
        """The operands that a measure of some items is summed over.

        Raises:
            NotReported: one of them has none.
        """
        lacking = [code for code in codes if (code, measure) not in self.operands]
        if lacking:
            raise NotReported(f"{measure} of {lacking[0]} is in no form")
        return [operand for code in codes for operand in self.operands[code, measure]]


@dataclass(frozen=True)
class Expressions:
    """A formula as DHIS2 writes it.

    Attributes:
        numerator: an expression.
        denominator: an expression; "1" for a plain sum.
    """

    numerator: str
    denominator: str


def of_items(formula: Formula, cells: Cells, codes: Iterable[str]) -> Expressions:
    """A formula of some items; a term that names items of its own keeps them.

    Raises:
        NotReported: a form lacks what it needs.
    """
    own = tuple(codes)

    def written(term: Term) -> list[str]:
        return [f"#{{{operand}}}{_after(term)}" for operand in cells.of(term.items or own, term.measure)]

    above, below = (_sum(written, terms) for terms in (formula.above, formula.below))
    return Expressions(above, below or NOTHING)


def of_form(formula: Formula, data_set: str) -> Expressions:
    """A formula of the reports of a form."""

    def written(term: Term) -> list[str]:
        return [f"R{{{data_set}.{REPORTS[term.measure]}}}"]

    above, below = (_sum(written, terms) for terms in (formula.above, formula.below))
    return Expressions(above, below or NOTHING)


def _after(term: Term) -> str:
    last = ".aggregationType(LAST_IN_PERIOD)" if term.last else ""
    return last + (f".periodOffset({-term.back})" if term.back else "")


def _sum(written: Written, terms: Iterable[Term]) -> str:
    """The terms added up, those of one weight in one bracket, so that the weight is written once."""
    by_weight: dict[float, list[str]] = {}
    for term in terms:
        by_weight.setdefault(term.weight, []).extend(written(term))
    text = ""
    for weight, operands in by_weight.items():
        sign = "-" if weight < 0 else "+"
        text += f" {sign} {_times(abs(weight), operands)}" if text else sign + _times(abs(weight), operands)
    return text.removeprefix("+")


def _times(size: float, operands: list[str]) -> str:
    bracket = f"({' + '.join(operands)})" if len(operands) > 1 else operands[0]
    if size == 1:
        return bracket
    parts = round(1 / size)
    return f"{bracket} / {parts}" if abs(1 / size - parts) < 1e-9 else f"{bracket} * {size:.10g}"
