"""A simulator of services and of what they use, that flatters no detector.

Services are negative binomial around level, season of the district, trend and a month's own noise; districts
have epidemics; reports are missing, facilities begin late and close. Consumption follows the services at each
facility's own dose, with the noise of the Ivorian logistics data: zeros of what is not stocked, empty stores,
round figures and adjustments.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bench.suites import RIGHT, Cells, Flags, Numbers, Suite, months_from

FIRST_YEAR = 2021


@dataclass(frozen=True)
class Kind:
    """A kind of service: how much, how seasonal."""

    name: str
    median: float
    spread: float
    season: tuple[float, float]


KINDS = (
    Kind("antenatal visits", 20, 1.0, (0.0, 0.15)),
    Kind("malaria", 30, 1.3, (0.5, 1.4)),
    Kind("rare", 3, 1.0, (0.0, 0.15)),
)
EPIDEMICS, MISSING, OUT = 0.4, 0.08, 0.02


@dataclass(frozen=True)
class Truth:
    """What the simulator knows: the mean of every figure and its overdispersion `[series, 1]`."""

    mean: Cells
    alpha: Cells


@dataclass(frozen=True)
class Size:
    """How much is simulated."""

    facilities: int = 1500
    months: int = 48
    districts: int = 50


def services(kind: Kind, seed: int, size: Size | None = None) -> tuple[Suite, Truth]:
    """One service at every facility, all of it right."""
    size = size or Size()
    chance = np.random.default_rng([seed, KINDS.index(kind)])
    district = chance.integers(0, size.districts, size.facilities)
    mean, event = _means(kind, chance, district, size)
    alpha = chance.uniform(0.04, 0.10) * chance.lognormal(0, 0.5, (size.facilities, 1))
    values = _counted(chance, mean, alpha)
    values[_silent(chance, size)] = np.nan
    facility = np.arange(size.facilities)
    shape = values.shape
    suite = Suite(
        kind.name, values, np.zeros(len(values), dtype=np.intp), facility, district,
        months_from(FIRST_YEAR, size.months), np.full(shape, RIGHT, np.int8), event & ~np.isnan(values),
    )  # fmt: skip
    return suite, Truth(mean, alpha)


def consumption(of: tuple[Suite, Truth], seed: int) -> tuple[Suite, Truth]:
    """What the services use: a suite whose partner the services are."""
    suite, truth = of
    chance, shape = np.random.default_rng([seed, 77]), suite.values.shape
    dose = chance.lognormal(0, 0.25, (shape[0], 1))
    served = np.where(np.isnan(suite.values), truth.mean, suite.values)
    alpha = chance.uniform(0.2, 0.3, (shape[0], 1))
    used = _rounded(chance, _counted(chance, dose * served, alpha))
    out, idle = _spells(chance, shape, OUT, 2), _spells(chance, shape, 0.01, 12)
    idle |= (chance.random(shape[0]) < 0.15)[:, None] & _spells(chance, shape, 0.05, 18)
    days = np.where(out, chance.integers(5, 31, shape), 0)
    in_stock = np.where(idle, 0.0, np.where(out, 1 - np.minimum(days, 30) / 30, 1.0))
    used = np.floor(used * in_stock)
    moved = used + chance.integers(0, 5, shape) * (chance.random(shape) < 0.05)
    closing = _closings(moved, out | idle)
    used[chance.random(shape) < MISSING] = np.nan
    made = Suite(
        f"consumption for {suite.name}", used, suite.item, suite.facility, suite.district, suite.months,
        np.full(shape, RIGHT, np.int8), (suite.event | out) & ~np.isnan(used), suite.values,
        np.where(np.isnan(used), np.nan, closing), np.where(np.isnan(used), np.nan, days).astype(float),
    )  # fmt: skip
    return made, Truth(dose * served * in_stock, alpha)


def _means(kind: Kind, chance: np.random.Generator, district: Numbers, size: Size) -> tuple[Cells, Flags]:
    shape, month = (size.facilities, size.months), np.arange(size.months)
    base = np.log(kind.median) + kind.spread * chance.standard_normal((size.facilities, 1))
    height = chance.uniform(*kind.season, size.districts)[district, None]
    peak = (chance.normal(8, 1.0, size.districts))[district, None]
    season = height * np.cos(2 * np.pi * (month - peak) / 12)
    trend = chance.normal(0, 0.08, (size.facilities, 1)) * month / 12
    noise = np.zeros(shape)
    steps = 0.08 * np.sqrt(1 - 0.5**2) * chance.standard_normal(shape)
    for column in range(size.months):
        noise[:, column] = 0.5 * noise[:, column - 1] + steps[:, column] if column else steps[:, 0] * 1.15
    surge = _surges(chance, size)[district]
    return np.exp(base + season + trend + noise + np.log(surge)), surge > 1


def _surges(chance: np.random.Generator, size: Size) -> Cells:
    surge = np.ones((size.districts, size.months))
    for where in np.flatnonzero(chance.random(size.districts) < EPIDEMICS):
        first, lasts = chance.integers(6, size.months - 3), chance.integers(2, 4)
        surge[where, first : first + lasts] = chance.uniform(2, 4)
    return surge


def _counted(chance: np.random.Generator, mean: Cells, alpha: Cells) -> Cells:
    return chance.poisson(mean * chance.gamma(1 / alpha, alpha, mean.shape)).astype(np.float64)


def _silent(chance: np.random.Generator, size: Size) -> Flags:
    shape = (size.facilities, size.months)
    month, silent = np.arange(size.months), chance.random(shape) < MISSING
    begins = np.where(
        chance.random(size.facilities) < 0.1, chance.integers(1, size.months // 2, len(silent)), 0
    )
    late = size.months // 2
    ends = np.where(
        chance.random(size.facilities) < 0.04, chance.integers(late, size.months, len(silent)), 999
    )
    return np.asarray(silent | (month < begins[:, None]) | (month >= ends[:, None]))


def _spells(chance: np.random.Generator, shape: tuple[int, int], rate: float, longest: int) -> Flags:
    begun, spell = chance.random(shape) < rate, np.zeros(shape, dtype=bool)
    lasts = chance.integers(1, longest + 1, shape)
    for row, column in np.argwhere(begun):
        spell[row, column : column + lasts[row, column]] = True
    return spell


def _rounded(chance: np.random.Generator, used: Cells) -> Cells:
    """Some figures are rounded to tens: a quarter of those from 10, more of larger ones."""
    share = np.select([used >= 200, used >= 50, used >= 10], [0.32, 0.28, 0.17], 0.0)
    return np.asarray(np.where(chance.random(used.shape) < share, 10 * np.round(used / 10), used))


def _closings(moved: Cells, empty: Flags) -> Cells:
    """Stock after each month, topped up to some months of use when it falls below one; empty where so."""
    usual = np.maximum(np.median(moved, axis=1), 1)
    stock, closing = 3 * usual, np.zeros(moved.shape)
    for column in range(moved.shape[1]):
        received = np.where(
            stock < moved[:, column] + usual, np.ceil(3 * usual + moved[:, column] - stock), 0
        )
        stock = np.where(empty[:, column], 0.0, stock + np.maximum(received, 0) - moved[:, column])
        closing[:, column] = stock
    return closing
