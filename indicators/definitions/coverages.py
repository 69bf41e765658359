"""Figures of services of a population: how many of those who should have been served were."""

from __future__ import annotations

import numpy as np

from indicators.definitions.formulas import Formula, Term
from indicators.definitions.shape import Definition, Example
from indicators.rules import Target
from indicators.service_coverage import coverage


def _coverage(
    services: list[float | None], people: list[float | None], target_share: float, each: float, months: int
) -> float:
    given, there = (np.array(values, dtype=np.float64) for values in (services, people))
    return coverage(given, there, Target("", target_share, each), months)


DEFINITIONS = (
    Definition(
        "coverage",
        side="service",
        module="service_coverage",
        function="coverage",
        subject="coverage",
        unit="share",
        example=Example(
            _coverage,
            {
                "services": [30, 45, 12],
                "people": [4000, 5000, None],
                "target_share": 0.04,
                "each": 1,
                "months": 3,
            },
            0.833,
        ),
        sources=("who_facility_data", "who_denominators"),
        settings=("coverage",),
        formula=Formula((Term("count"),), (Term("people"),), 100, ("years",), "country"),
    ),
)
