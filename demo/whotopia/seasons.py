"""The year of Whotopia: two patterns of rain, and what follows them in the clinics.

The north has one long rainy season and the south two, as on the West African coast. Malaria follows the rain
by one to two months; where there is one season, some six in ten of the year's cases come in four months
(half or more, where three quarters come in six, as Roca-Feltrer et al., Malaria Journal 8:276, 2009, define
a marked season; chemoprevention is for such places, Cairns et al., Nature Communications 3:881, 2012).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from demo.whotopia.places import Places
from demo.whotopia.timeline import EPOCH, days, first_day
from demo.whotopia.world import World

Numbers = npt.NDArray[np.float64]

ONE_RAIN, TWO_RAINS = "one rainy season", "two rainy seasons"
NORTHERN = 2
"""So many regions, the northernmost, have one rainy season."""
PEAK = {ONE_RAIN: 9.0, TWO_RAINS: 6.0}
"""Malaria's peak: October in the north, July in the south (January is 0)."""
AMPLITUDE = {ONE_RAIN: (1.05, 1.35), TWO_RAINS: (0.55, 0.85)}
SECOND_PEAK, SECOND_LATER, NARROW = 0.55, 4.7, 2.5
"""Where there are two rainy seasons: the height of the second wave beside the first one's, how many months
later it comes, and how narrow both are (concentration of a von Mises curve)."""
OTHERS = {
    "fever": (0.10, 8.0),
    "diarrhoea": (0.32, 3.0),
    "pneumonia": (0.30, 11.5),
    "malnutrition": (0.38, 7.0),
    "planning": (0.05, 2.0),
    "antenatal": (0.06, 4.0),
    "births": (0.10, 3.5),
    "immunisation": (0.07, 1.0),
}
"""What else has a season: amplitude and peak. The lean season is half as strong again in the north."""
WORKING_DAYS = 21.7
"""Usual working days of a month."""


def rains(places: Places) -> tuple[str, ...]:
    """Each region's pattern of rain: the northernmost have one season."""
    north = [max(latitude for _, latitude in region.outline) for region in places.regions]
    northern = sorted(range(len(north)), key=north.__getitem__, reverse=True)[:NORTHERN]
    return tuple(ONE_RAIN if number in northern else TWO_RAINS for number in range(len(north)))


def malaria(world: World) -> Numbers:
    """How many times its yearly mean malaria is, by district and calendar month, `[district, 12]`."""
    codes = [region.code for region in world.places.regions]
    patterns = rains(world.places)
    return np.array(
        [
            _district_year(world, district.code, patterns[codes.index(district.parent)], district.parent)
            for district in world.places.districts
        ]
    )


def other(name: str, peak_later: float = 0.0, times: float = 1.0) -> Numbers:
    """How many times its yearly mean one of `OTHERS` is in each calendar month, `[12]`."""
    amplitude, peak = OTHERS[name]
    return _year(times * amplitude, peak + peak_later, 0.0)


def calendar(months: int) -> npt.NDArray[np.int64]:
    """The calendar month (January is 0) of each of the first months."""
    return (EPOCH + np.arange(months)) % 12


def working_days(months: int) -> Numbers:
    """Mondays to Fridays of each of the first months, as a multiple of the usual number."""
    return np.array([sum(_weekdays(month)) for month in range(months)]) / WORKING_DAYS


def _weekdays(month: int) -> Iterator[bool]:
    weekday = first_day(month).weekday()
    return ((weekday + day) % 7 < 5 for day in range(days(month)))


def _district_year(world: World, code: str, pattern: str, region: str) -> Numbers:
    """A district's year: its region's height and peak, a little its own."""
    regional, own = world.chance.at("season", region), world.chance.at("season", code)
    amplitude = regional.uniform(*AMPLITUDE[pattern]) + own.normal(0, 0.06)
    peak = PEAK[pattern] + regional.uniform(-0.6, 0.6) + own.normal(0, 0.2)
    return _year(float(np.clip(amplitude, 0.5, 1.4)), peak, SECOND_PEAK if pattern == TWO_RAINS else 0.0)


def _year(amplitude: float, peak: float, second: float) -> Numbers:
    """A year with a mean of 1 whose logarithm spans 2 A: one wave, or a narrow one and a lower one later."""
    angle = 2 * np.pi * (np.arange(12) - peak) / 12
    if second:
        later = angle - 2 * np.pi * SECOND_LATER / 12
        wave = np.exp(NARROW * (np.cos(angle) - 1)) + second * np.exp(NARROW * (np.cos(later) - 1))
    else:
        wave = np.cos(angle)
    wave *= 2 * amplitude / (wave.max() - wave.min())
    return np.asarray(np.exp(wave) / np.exp(wave).mean())
