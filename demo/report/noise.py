"""How much reported figures vary: overdispersion, round figures, zeros, spread beside the services."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from demo.report.country import ONE, Pair, Reported

Numbers = npt.NDArray[np.float64]

AROUND = 12
"""Months on either side of a month to which it is compared."""
LEAST = 6
"""Figures that a level needs."""
SHRINK = 12
"""So many figures a calendar month's step must outweigh."""
MAD = 1.4826
"""Makes a median absolute deviation a standard deviation."""
SIZES = ((10, 50), (50, 200), (200, np.inf))
"""Sizes of figures by which round ones are counted."""


@dataclass(frozen=True)
class Variation:
    """How a product's figures vary around their local level.

    Attributes:
        alpha: variance of the logarithm beyond chance, the alpha of a negative binomial.
        spread: robust standard deviation of the logarithm.
        figures: how many were looked at.
    """

    alpha: float
    spread: float
    figures: int


def variation(figures: Numbers, regions: Sequence[str]) -> Variation:
    """Variation of one item around a level: the median of the 24 figures around, and the time of the year.

    alpha is (1.4826 median |ln x - ln level|)^2 - median(1 / level), the variance beyond a Poisson count's.

    Args:
        figures: `[place, month]`; zeros are left out.
        regions: of each place; those of one region share their season.
    """
    logs = _logs(figures)
    residual = logs - local_level(logs)
    season = _seasons(residual, regions)
    level = local_level(logs - season) + season
    residual = logs - level
    known = np.isfinite(residual)
    if not known.any():
        return Variation(np.nan, np.nan, 0)
    spread = MAD * float(np.median(np.abs(residual[known])))
    beyond = spread**2 - float(np.median(np.exp(-level[known])))
    return Variation(beyond, spread, int(known.sum()))


def local_level(logs: Numbers) -> Numbers:
    """The median of the months around each month without itself, `[place, month]`; NaN where too few."""
    result = np.full(logs.shape, np.nan)
    for month in range(logs.shape[1]):
        near = [
            m for m in range(max(0, month - AROUND), min(logs.shape[1], month + AROUND + 1)) if m != month
        ]
        window = np.sort(logs[:, near], axis=1)
        known = np.isfinite(window).sum(axis=1)
        lower, upper = (np.maximum(known - 1, 0) // 2, known // 2)
        rows = np.arange(len(window))
        middle = (window[rows, lower] + window[rows, np.minimum(upper, len(near) - 1)]) / 2
        result[:, month] = np.where(known >= LEAST, middle, np.nan)
    return result


def _logs(figures: Numbers) -> Numbers:
    return np.log(np.where(figures > 0, figures, np.nan))


def _seasons(residual: Numbers, regions: Sequence[str]) -> Numbers:
    """The step of each calendar month in each place's region, `[place, month]`."""
    region = np.array(regions)
    steps = {name: _season(residual[region == name]) for name in sorted(set(regions))}
    return np.stack([steps[name] for name in regions])


def _season(residual: Numbers) -> Numbers:
    """The step of each calendar month over all places, `[month]`."""
    steps = np.zeros(residual.shape[1])
    for calendar in range(12):
        found = residual[:, calendar::12]
        known = found[np.isfinite(found)]
        if known.size:
            steps[calendar::12] = np.median(known) * known.size / (known.size + SHRINK)
    return steps


def shares_of_tens(figures: Numbers) -> list[float]:
    """Of the figures of each of `SIZES` the share that is a multiple of ten."""
    sized = [figures[(figures >= low) & (figures < high)] for low, high in SIZES]
    return [float((some % 10 == 0).mean()) if some.size else float("nan") for some in sized]


def last_digits(figures: Numbers, least: int = 20) -> Numbers:
    """Share of each last digit among the figures of at least `least`, `[10]`."""
    known = figures[figures >= least].astype(np.int64)
    return np.asarray(np.bincount(known % 10, minlength=10) / len(known))


def repeated(figures: Numbers, least: int = 20) -> float:
    """Share of the months of at least `least` that equal the month before, `[..., month]`."""
    now, before = figures[..., 1:], figures[..., :-1]
    large = (now >= least) & np.isfinite(before)
    return float((now == before)[large].mean())


@dataclass(frozen=True)
class Beside:
    """Consumption beside the services of the same district and month.

    Attributes:
        ratio: median of units for one service.
        correlation: of the logarithms.
        spread: robust log-spread of the ratio within a district.
        without: share of the months with services in which nothing was consumed.
        months: how many district-months were compared.
    """

    ratio: float
    correlation: float
    spread: float
    without: float
    months: int


def residuals(country: Reported, pair: Pair, sites: Sequence[str] = ()) -> Numbers:
    """ln(consumption / services) of each district and month less the district's median, those known."""
    ratio = _ratio(*_by_district(country, pair, sites))
    ratio = ratio[np.isfinite(ratio).sum(axis=1) >= LEAST]
    own = ratio - np.nanmedian(ratio, axis=1, keepdims=True)
    return np.asarray(own[np.isfinite(own)])


def beside(country: Reported, pair: Pair, sites: Sequence[str] = ()) -> Beside:
    """Consumption beside services by district and month.

    Args:
        country: whose reports.
        pair: what is compared.
        sites: whose consumption is counted, as when a logistics system reaches some sites only; all without.
    """
    services, consumed = _by_district(country, pair, sites)
    ratio = _ratio(services, consumed)
    both = np.isfinite(services) & np.isfinite(consumed) & (services > 0)
    there = np.isfinite(ratio)
    enough = there.sum(axis=1) >= LEAST
    own = ratio[enough] - np.nanmedian(ratio[enough], axis=1, keepdims=True)
    return Beside(
        ratio=float(np.exp(np.nanmedian(ratio))),
        correlation=float(np.corrcoef(np.log(services[there]), np.log(consumed[there]))[0, 1]),
        spread=MAD * float(np.nanmedian(np.abs(own))),
        without=float((consumed[both] == 0).mean()),
        months=int(both.sum()),
    )


def _ratio(services: Numbers, consumed: Numbers) -> Numbers:
    there = (services > 0) & (consumed > 0)
    return np.where(there, np.log(np.where(there, consumed, 1) / np.where(there, services, 1)), np.nan)


def _by_district(country: Reported, pair: Pair, sites: Sequence[str]) -> tuple[Numbers, Numbers]:
    """Services and consumption, each `[district, month]`; NaN where nobody reported."""
    used = country.logistics.at(sites) if sites else country.logistics
    given = country.services
    months = [m for m in used.months if m in given.months]
    served = given[ONE][[given.item(code) for code in pair.services]]
    consumed = used["consumed"][[used.item(code) for code in pair.products]]
    here = sorted({country.district[p] for p in used.places} & {country.district[p] for p in given.places})
    return (
        _summed(served, [country.district[p] for p in given.places], here)[:, _at(given.months, months)],
        _summed(consumed, [country.district[p] for p in used.places], here)[:, _at(used.months, months)],
    )


def _at(months: Sequence[int], wanted: Sequence[int]) -> list[int]:
    return [months.index(month) for month in wanted]


def _summed(figures: Numbers, districts: Sequence[str], wanted: Sequence[str]) -> Numbers:
    """Sums over items and a district's places, `[district, month]`."""
    known = np.isfinite(figures)
    total, there = np.where(known, figures, 0).sum(axis=0), known.any(axis=0)
    member = np.array([[district == own for own in districts] for district in wanted], dtype=np.float64)
    return np.where(member @ there > 0, member @ total, np.nan)
