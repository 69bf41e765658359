"""Figures as sums of measures over sums of measures: what other systems' expressions can say.

A formula is linear on both sides of its division, so that it says the same of a facility and of a nation. It
is written once and read twice: here as arithmetic, elsewhere as an expression of DHIS2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

# What a system that knows only such formulas says otherwise than we do, wherever it uses them.
LIMITS = (
    "months", "unreported", "unadjusted", "registered", "quarters", "both_sides", "uncapped", "own", "years",
)  # fmt: skip
# Why a figure cannot be said as a formula at all.
UNSAID = (
    "zeros",
    "each_place",
    "history",
    "lots",
    "orders",
    "dates",
    "classes",
    "movements",
    "statistics",
    "vials",
    "dated",
    "decided",
)
Limit = Literal[
    "months", "unreported", "unadjusted", "registered", "quarters", "both_sides", "uncapped", "own", "years"
]


@dataclass(frozen=True)
class Term:
    """One measure in a sum.

    Attributes:
        measure: of a product ("consumed"), of a service ("count"), or of a form ("reports", "on_time",
            "expected").
        weight: what it is multiplied by.
        back: taken from so many months before.
        last: of a longer period its last month, rather than the sum.
        items: codes that it is summed over; those of what the formula is asked for where empty.
    """

    measure: str
    weight: float = 1
    back: int = 0
    last: bool = False
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Formula:
    """A sum of measures over another, times a factor.

    Attributes:
        above: the numerator.
        below: the denominator; 1 where empty.
        factor: 100 for a percentage, 30 for days of what is counted in months.
        limits: in what it differs from our own figure, where it does.
        of: what there is one of for each: "product", "pair" or "form"; "country" where each is configured.
    """

    above: tuple[Term, ...]
    below: tuple[Term, ...] = ()
    factor: int = 1
    limits: tuple[Limit, ...] = ()
    of: Literal["product", "pair", "form", "country"] = "product"

    def value(self, amount: Callable[[Term], float]) -> float:
        """What it comes to; NaN where the denominator is 0.

        Args:
            amount: how much there is of a term's measure, its weight left aside.

        >>> share = Formula((Term("lost"),), (Term("opening"), Term("received")), 100)
        >>> share.value(lambda term: {"lost": 5, "opening": 60, "received": 40}[term.measure])
        5.0
        """
        below = _total(self.below, amount) if self.below else 1.0
        return self.factor * _total(self.above, amount) / below if below else float("nan")


def _total(terms: Iterable[Term], amount: Callable[[Term], float]) -> float:
    return sum(term.weight * amount(term) for term in terms)


def total(
    measure: str, *limits: Limit, last: bool = False, of: Literal["product", "pair"] = "product"
) -> Formula:
    """The sum of one measure.

    >>> total("consumed").above
    (Term(measure='consumed', weight=1, back=0, last=False, items=()),)
    """
    return Formula((Term(measure, last=last),), limits=limits, of=of)
