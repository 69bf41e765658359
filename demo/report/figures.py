"""The figures that are set side by side, each with the range that is accepted and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite

import numpy as np

from demo.report import noise, stocks
from demo.report.country import Reported
from demo.report.noise import Beside, Variation

CIV = "Côte d'Ivoire"
KIBERU = "Kiberu et al., BMC Med Inform Decis Mak 14:40 (2014)"
ZAVUGA = "Zavuga et al., Uganda National Institute of Public Health: medians of 2020"
NEAR = 1.5
"""A figure is within when it is no more than so many times as large or as small as the measured one."""


@dataclass(frozen=True)
class Figure:
    """One property of the reports.

    Attributes:
        name: what it is.
        generated: in Whotopia's reports.
        measured: in real ones; None when only a range was published.
        low, high: the range that is accepted.
        percent: whether it is a share.
        source: of `measured` or of the range.
        why: why it may lie outside; "" when it must not.
        outside: how far it may then lie.
    """

    name: str
    generated: float
    measured: float | None
    low: float
    high: float
    percent: bool
    source: str
    why: str = ""
    outside: tuple[float, float] = (float("nan"), float("nan"))

    @property
    def within(self) -> bool:
        """Whether the generated figure lies in the range."""
        return self.low <= self.generated <= self.high

    @property
    def sound(self) -> bool:
        """Whether it lies in the range, or where the explanation says that it lies."""
        return self.within or (bool(self.why) and self.outside[0] <= self.generated <= self.outside[1])


@dataclass(frozen=True)
class Claim:
    """What is expected of a figure that differs, and why: see `Figure`."""

    why: str
    outside: tuple[float, float]


def near(name: str, both: tuple[float, float], percent: bool = True, claim: Claim | None = None) -> Figure:
    """A figure that should be about as large as the same figure of Côte d'Ivoire."""
    generated, measured = both
    low, high = measured / NEAR, min(measured * NEAR, 1.0 if percent else np.inf)
    extra = (claim.why, claim.outside) if claim else ()
    return Figure(name, generated, measured, low, high, percent, CIV, *extra)


def spanned(name: str, figures: list[float], measured: list[float]) -> Figure:
    """A median of products that should lie where the Ivorian products do."""
    middle, real = float(np.median(figures)), float(np.median(measured))
    return Figure(name, middle, real, min(measured), max(measured), percent=False, source=CIV)


def of_consumption(ours: Reported, real: Reported) -> Iterator[Figure]:
    """How consumption of contraceptives varies, and how it is rounded."""
    mine, theirs = ([v for v in variations(c).values() if v.figures > MANY] for c in (ours, real))
    alphas = [v.alpha for v in mine], [v.alpha for v in theirs]
    yield spanned("Overdispersion alpha of consumption, median contraceptive", *alphas)
    spreads = [v.spread for v in mine], [v.spread for v in theirs]
    yield spanned("Robust log-SD of consumption, median contraceptive", *spreads)
    condoms = [noise.variation(_used(c, c.condoms), c.regions()).alpha for c in (ours, real)]
    yield near("Overdispersion alpha of consumption, male condom", (condoms[0], condoms[1]), percent=False)
    used = [c.logistics["consumed"][[*c.planning()]] for c in (ours, real)]
    tens = zip(("10 to 49", "50 to 199", "200 and more"), *map(noise.shares_of_tens, used), strict=True)
    for size, generated, measured in tens:
        yield near(f"Multiples of ten among consumptions of {size}", (generated, measured))
    digits = [noise.last_digits(figures) for figures in used]
    for digit in (0, 5):
        yield near(f"Last digit {digit} among consumptions from 20", (digits[0][digit], digits[1][digit]))
    repeated = [noise.repeated(figures) for figures in used]
    yield near(
        "Consumptions from 20 that equal the month before",
        (repeated[0], repeated[1]),
        claim=Claim(
            "Here only chance, rounding and planted copies repeat a figure.",
            (0.01, 0.10),
        ),
    )


MANY = 1000
"""Figures from which a product's variation is taken seriously."""


def variations(country: Reported) -> dict[str, Variation]:
    """Variation of each contraceptive's consumption; the real ones that hardly move are too few to tell."""
    return {code: noise.variation(_used(country, code), country.regions()) for code in country.contraceptives}


def _used(country: Reported, code: str) -> np.ndarray:
    return np.asarray(country.logistics["consumed"][country.logistics.item(code)])


def of_stocks(ours: Reported, real: Reported) -> Iterator[Figure]:
    """Zeros, stock-outs, adjustments, and whether figures add up."""
    mine, theirs = ours.logistics.of(ours.planning()), real.logistics.of(real.planning())
    zeros = [stocks.zero_share(p["consumed"]) for p in (mine, theirs)]
    yield Figure("Zeros among reported consumptions", zeros[0], zeros[1], 0.35, 0.49, True, CIV, *_CARRIED)
    idle = stocks.without_consumption(mine), stocks.without_consumption(theirs)
    yield near(
        "Months without consumption among all products of a site that reports, blank ones included", idle
    )
    onsets = (stocks.onsets(mine), stocks.onsets(theirs))
    source = f"{CIV}; 2 % a month are assumed elsewhere"
    name, high = "Stocked lines that are empty at the month's end", onsets[1] * NEAR
    yield Figure(name, *onsets, 0.015, high, percent=True, source=source)
    lengths = [stocks.spells(panel) for panel in (mine, theirs)]
    yield near(
        "Mean months of a spell of empty month-ends",
        (lengths[0].mean(), lengths[1].mean()),
        percent=False,
        claim=Claim(
            "Trucks come every month; the long shortages are those of depots.",
            (1.15, 4.0),
        ),
    )
    short = [float(stocks.short_spells(panel).mean()) for panel in (mine, theirs)]
    yield near("Mean months of those of up to six, so without idle lines", (short[0], short[1]), False)
    yield near(
        "Empty month-ends reported with no day without stock", (stocks.silent(mine), stocks.silent(theirs))
    )
    changed = [stocks.adjusted(panel) for panel in (mine, theirs)]
    yield near("Rows with an adjustment", (changed[0][0], changed[1][0]))
    yield near("Rows with an adjustment not below consumption", (changed[0][1], changed[1][1]))
    yield near(
        "Openings that differ from the end before",
        (stocks.breaks(mine), stocks.breaks(theirs)),
        claim=_BREAKS,
    )
    yield Figure(
        "Rows that do not add up", stocks.unbalanced(mine), stocks.unbalanced(theirs), 0, 0, True, CIV, *_SUMS
    )


_CARRIED = (
    "Whotopia's sites leave blank what they do not carry, the Ivorian ones often write 0: see the next line.",
    (0.05, 0.49),
)
_BREAKS = Claim(
    "Closing stocks carry typing errors here; the Ivorian system carries the closing stock over by itself.",
    (0.001, 0.012),
)
_SUMS = (
    "The Ivorian system computes the closing stock; here paper is typed, with its errors.",
    (0.005, 0.04),
)


def of_pairs(ours: Reported, real: Reported) -> Iterator[Figure]:
    """Consumption beside services by district and month, logistics of few sites beside services of all."""
    real_pairs = {pair.name: pair for pair in real.pairs}
    few = ours.few_sites()
    for pair in ours.pairs:
        mine, theirs = noise.beside(ours, pair, few), noise.beside(real, real_pairs[pair.name])
        if pair.name == RARE:
            yield _rare(mine, theirs)
            continue
        yield near(
            f"Log-SD of consumption given services, {pair.name}", (mine.spread, theirs.spread), percent=False
        )
        yield Figure(
            f"Log-correlation of consumption and services, {pair.name}",
            mine.correlation,
            theirs.correlation,
            0.16,
            0.47,
            False,
            CIV,
            *_CLOSER,
        )
        yield near(
            f"Months with services and no consumption, {pair.name}",
            (mine.without, theirs.without),
            claim=_WITHOUT,
        )


RARE = "IUD"
_CLOSER = (
    "Whotopia reports both sides in one district; the two Ivorian systems differ on districts.",
    (0.10, 0.8),
)
_WITHOUT = Claim(
    "A month without consumption is one without stock or without visits at one or two sites of the district.",
    (0.005, 0.20),
)


def _rare(mine: Beside, theirs: Beside) -> Figure:
    why = "At the few Ivorian sites hardly any IUD is used; 0.42 is that of the two-month injectable."
    return Figure(
        "Months with services and no consumption, IUD",
        mine.without,
        theirs.without,
        0.42,
        max(0.62, theirs.without),
        True,
        CIV,
        why,
        (0.1, 0.9),
    )


def of_reporting(ours: Reported, real: Reported, timely: float) -> Iterator[Figure]:
    """Whether reports come, and when.

    Args:
        ours: Whotopia.
        real: Côte d'Ivoire.
        timely: share of the reports received by the 15th of the month after.
    """
    mine, theirs = stocks.completeness(ours.logistics), stocks.completeness(real.logistics)
    source = f"{CIV}; 85.3 %: {KIBERU}"
    yield Figure(
        "Logistics reports received, from a site's first to its last", mine, theirs, 0.853, 1.0, True, source
    )
    rate = stocks.completeness(ours.services)
    yield Figure(
        "Services reports received, from a site's first to its last", rate, None, 0.853, 1.0, True, KIBERU
    )
    source = f"77.6 %: {KIBERU}; 82.8 % (74.6-91.8): {ZAVUGA}"
    yield Figure(
        "Reports received by the 15th among those received", timely, 0.828, 0.746, 0.918, True, source
    )


def all_sound(figures: list[Figure]) -> bool:
    """Whether every figure could be computed and is within its range or explained."""
    return all(isfinite(figure.generated) and figure.sound for figure in figures)
