"""Couple-years of protection: for how long contraceptives given out protect, added up over methods.

One unit of a method protects a couple for `years`: 120 condoms make a year, an implant of five years 3.8,
since not every woman keeps it all that time. The factors were revised; each stands with the month from which
it is used, so that a figure of 2019 is reckoned with the factors of 2019. Numerator: units x years. Unit:
couple-years. A sum over methods; no denominator.

Sources: USAID, couple-years of protection conversion factors as revised in 2011 and in August 2021; Data for
Impact, family planning and reproductive health indicators (2022); Global Health: Science and Practice
(2024), on the revision.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indicators.grids import Floats

REVISED, BEFORE = 202108, 0


@dataclass(frozen=True)
class Factor:
    """What one unit of a method is worth.

    Attributes:
        method: its name here.
        years: couple-years of protection of one unit.
        unit: what is counted.
        since: the first month (`YYYYMM`) it is used for; 0 from the beginning.
    """

    method: str
    years: float
    unit: str
    since: int = BEFORE


FACTORS = (
    Factor("iud-copper", 4.6, "insertion"),
    Factor("ius-levonorgestrel", 3.3, "insertion"),
    Factor("ius-levonorgestrel", 4.8, "insertion", REVISED),
    Factor("implant-3-years", 2.5, "implant"),
    Factor("implant-4-years", 3.2, "implant"),
    Factor("implant-4-years", 2.5, "implant", REVISED),
    Factor("implant-5-years", 3.8, "implant"),
    Factor("pill-combined", 1 / 15, "cycle"),
    Factor("pill-progestin", 1 / 15, "cycle"),
    Factor("pill-progestin", 1 / 12, "cycle", REVISED),
    Factor("condom-male", 1 / 120, "condom"),
    Factor("condom-female", 1 / 120, "condom"),
    Factor("injectable-3-months", 1 / 4, "dose"),
    Factor("injectable-2-months", 1 / 6, "dose"),
    Factor("injectable-1-month", 1 / 13, "dose"),
    Factor("emergency", 1 / 20, "dose"),
    Factor("ring", 1 / 15, "ring"),
    Factor("patch", 1 / 15, "patch"),
    Factor("diaphragm-caya", 1.0, "diaphragm", REVISED),
    Factor("standard-days", 1.5, "trained client"),
    Factor("lactational-amenorrhoea", 0.25, "user"),
    Factor("sterilisation", 10.0, "procedure"),
)


def factors(month: int, own: Mapping[str, float] | None = None) -> dict[str, float]:
    """The couple-years of one unit of each method, as they are reckoned for a month.

    Args:
        month: `YYYYMM`.
        own: a country's factors by method; they overrule these (sterilisation is 13 in Bangladesh, India,
            Nepal).

    >>> factors(201906)["implant-4-years"], factors(202201)["implant-4-years"]
    (3.2, 2.5)
    >>> factors(202201, {"sterilisation": 13})["sterilisation"]
    13
    """
    standing = sorted(FACTORS, key=lambda factor: factor.since)
    found = {factor.method: factor.years for factor in standing if factor.since <= month}
    return found | dict(own or {})


def couple_years(
    given: Mapping[str, npt.ArrayLike], months: npt.ArrayLike, own: Mapping[str, float] | None = None
) -> Floats:
    """Couple-years of protection of what was given out, over all methods.

    Formula: sum over methods of units x couple-years of a unit. Unit: couple-years. What was not reported
    adds nothing; NaN where no method was reported.

    Args:
        given: units by method, arrays `[..., month]`.
        months: the month (`YYYYMM`) of each column.
        own: a country's own factors.

    Raises:
        KeyError: a method has no factor in a month.

    >>> given = {"condom-male": [120], "injectable-3-months": [4], "implant-5-years": [1]}
    >>> couple_years(given, [202201]).round(2).tolist()
    [5.8]
    """
    columns = np.asarray(months, dtype=np.int64).tolist()
    tables = [factors(month, own) for month in columns]
    total, said = np.zeros(len(columns)), np.zeros(len(columns), dtype=bool)
    for method, units in given.items():
        if any(method not in table for table in tables):
            raise KeyError(f"No factor is known for {method!r}: add it to the country's own factors.")
        amount = np.asarray(units, dtype=np.float64)
        total = total + np.nan_to_num(amount) * np.array([table[method] for table in tables])
        said = said | ~np.isnan(amount)
    return np.where(said, total, np.nan)
