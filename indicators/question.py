"""What is asked of the indicators, of which places, products and months, and what is answered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from indicators.compare import View
from indicators.grids import Floats
from indicators.periods import Grain
from indicators.rates import over
from indicators.rollup import Rollup
from indicators.states import states

Counts = npt.NDArray[np.int32]
Kind = Literal["product", "family", "tracers", "services"]


@dataclass(frozen=True)
class Subject:
    """What an indicator is of: one product, substitutes together, or a set that is needed whole.

    Attributes:
        id: what it is called; a product's is its code.
        codes: item codes; one that the snapshot lacks is passed over.
        kind: "product"; "family", whose members stand in for each other, so that it is out when all are;
            "tracers", whose members are each needed, so that places and products are counted in pairs;
            "services", of which a population should be given so many: its id is that of the target.
    """

    id: str
    codes: tuple[str, ...]
    kind: Kind = "product"

    @classmethod
    def product(cls, code: str) -> Subject:
        """One product by its code."""
        return cls(code, (code,))

    @classmethod
    def family(cls, name: str, codes: tuple[str, ...]) -> Subject:
        """Substitutes: any one of them will do."""
        return cls(name, tuple(codes), "family")

    @classmethod
    def tracers(cls, name: str, codes: tuple[str, ...]) -> Subject:
        """A set of which every one is needed."""
        return cls(name, tuple(codes), "tracers")

    @classmethod
    def services(cls, name: str, codes: tuple[str, ...]) -> Subject:
        """Services of which people should be given so many, as the target of this name says."""
        return cls(name, tuple(codes), "services")


@dataclass(frozen=True)
class Question:
    """Which figures are wanted.

    Attributes:
        units: ids of units, in any order; each stands for itself and all below it.
        subjects: products, families and tracer sets.
        first: first month `YYYYMM`; coarser grains show the whole periods that the months touch.
        last: last month.
        grain: one of `periods.GRAINS`.
        group: only the units of this group count (id or name).
    """

    units: tuple[str, ...]
    subjects: tuple[Subject, ...]
    first: int
    last: int
    grain: Grain = "month"
    group: str | None = None

    @classmethod
    def of(cls, rollup: Rollup, view: View, subjects: tuple[Subject, ...]) -> Question:
        """Of the unit of a view and, where the view says so, those of its children that may be named."""
        below = rollup.children(view.unit) if view.children else ()
        named = (unit for unit in below if view.only is None or unit in view.only)
        return cls((view.unit, *named), tuple(subjects), view.first, view.last, view.grain, view.group)


@dataclass(frozen=True)
class Answer:
    """An indicator's figures, arrays `[unit, subject, period]`.

    Attributes:
        id: the indicator's.
        unit: what the value is counted in: "share" (of 1), "months", "days", "quantity" (dispensing units),
            "couple_years", or "none".
        question: what was asked.
        periods: labels.
        starts: first month `YYYYMM` of each period.
        value: NaN where there is none.
        numerator: what was counted or added up.
        denominator: of how much; of an amount, how many reports or places it was added up from.
        reported: on how many reports (unit-months of a flow) or places (of a stock) it stands.
        expected: of how many; 0 where the subject is not carried.
        imputed_share: how much of it is imputed, 0 to 1.
    """

    id: str
    unit: str
    question: Question
    periods: tuple[str, ...]
    starts: tuple[int, ...]
    value: Floats
    numerator: Floats
    denominator: Floats
    reported: Counts
    expected: Counts
    imputed_share: Floats

    @property
    def units(self) -> tuple[str, ...]:
        """Ids of the units, as asked."""
        return self.question.units

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """The subjects, as asked."""
        return self.question.subjects

    @cached_property
    def state(self) -> npt.NDArray[np.object_]:
        """The state of every figure: reported, zero, missing, not_applicable or imputed."""
        flat = (-1, self.value.shape[-1])
        value, imputed = self.value.reshape(flat), self.imputed_share.reshape(flat)
        reported, expected = self.reported.reshape(flat), self.expected.reshape(flat)
        return states(value, reported, expected, imputed).reshape(self.value.shape)

    def pooled(self) -> Answer:
        """One rate of all subjects, sums over sums; for rates whose parts add up over products.

        Raises:
            ValueError: the figure is no rate of sums, or its quantities are of different products.
        """
        if self.unit != "share" or self.id in NOT_POOLED:
            raise ValueError(f"{self.id} of different products cannot be pooled: ask for a family or a set.")
        parts = self.numerator, self.denominator, self.reported, self.expected
        numerator, denominator, reported, expected = (part.sum(axis=1, keepdims=True) for part in parts)
        codes = tuple(dict.fromkeys(code for subject in self.subjects for code in subject.codes))
        return replace(
            self,
            question=replace(self.question, subjects=(Subject.tracers("all", codes),)),
            value=over(numerator, denominator),
            numerator=numerator,
            denominator=denominator,
            reported=reported.astype(np.int32),
            expected=expected.astype(np.int32),
            imputed_share=np.zeros(numerator.shape),
        )


# Quantities of different products do not add up, and reports of one form would count once for each product.
NOT_POOLED = frozenset(
    {
        "loss_rate",
        "order_fill_rate",
        "forecast_error",
        "reporting_rate",
        "timeliness",
        "timeliness_of_received",
        "reporting_consistency",
    }
)
