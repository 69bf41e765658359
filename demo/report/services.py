"""What an epidemiologist looks for in the reported services."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from demo.report import noise
from demo.report.country import ONE, Reported
from demo.report.figures import Figure
from demo.whotopia import seasons
from demo.whotopia.places import Places

Numbers = npt.NDArray[np.float64]

MODEL = "assumed: negative binomial counts as in Fulcher et al., Int J Epidemiol dyab094 (2021)"
SEASONAL = (
    "Roca-Feltrer et al., Malar J 8:276 (2009): marked is 75 % in six months, so 50 % in four; 80 % assumed"
)
PPH_SOURCE = (
    "Carroli et al., Best Pract Res Clin Obstet Gynaecol 22:999 (2008): 6 %, 1.9 % severe;"
    " 8.6 %: Moyo et al., Clin Exp Obstet Gynecol 51(10) (2024)"
)
ECLAMPSIA_SOURCE = "Abalos et al., Eur J Obstet Gynecol 170:1 (2013): 4.6 % (2.7-8.2) and 1.4 % (1.0-2.0)"
EPIDEMICS = ("malaria upsurge", "diarrhoea outbreak")
ROUTINE = ("ANC1", "FP_INJ3", "PENTA1", "DELIVERIES", "PNEUMONIA_U5")


def of_services(ours: Reported, places: Places, happenings: list[dict[str, Any]]) -> Iterator[Figure]:
    """Noise, spread, seasons, cascades and epidemics of the services.

    Args:
        ours: what was reported.
        places: where.
        happenings: the epidemics that there were.
    """
    district_region = {district.code: district.parent for district in places.districts}
    regions = [district_region[ours.district[place]] for place in ours.services.places]
    alphas = [noise.variation(count(ours, code), regions).alpha for code in ROUTINE]
    yield Figure(
        "Overdispersion alpha of services, median of five",
        float(np.median(alphas)),
        None,
        0.04,
        0.15,
        False,
        MODEL,
    )
    confirmed = count(ours, "MAL_CONFIRMED")
    usual = np.nanmean(confirmed[np.isfinite(confirmed).any(axis=1)], axis=1)
    spread = float(np.nanstd(np.log(usual[usual > 0])))
    yield Figure("Log-SD of the facilities' mean confirmed malaria", spread, None, 1.0, 1.3, False, "assumed")
    yield from _seasons(ours, places)
    yield from _cascades(ours)
    struck = {
        h["where"] for h in happenings if h["kind"] in EPIDEMICS and h["last"] >= ours.services.months[0]
    }
    among = len(struck) / len(places.districts)
    yield Figure(
        "Districts with an epidemic in the months shown", among, None, 0.15, 0.65, True, "assumed: 40 %"
    )


def _seasons(ours: Reported, places: Places) -> Iterator[Figure]:
    years = malaria_years(ours, places)
    patterns = dict(zip((r.code for r in places.regions), seasons.rains(places), strict=True))
    north = [year for code, year in years.items() if patterns[code] == seasons.ONE_RAIN]
    share = (
        float(np.mean([np.sort(year)[-4:].sum() / year.sum() for year in north])) if north else float("nan")
    )
    yield Figure("Malaria of the north in its four highest months", share, None, 0.5, 0.8, True, SEASONAL)
    heights = [float(np.log(year.max() / year.min()) / 2) for year in years.values()]
    yield Figure(
        "Amplitude of malaria's year, mean of the regions",
        float(np.mean(heights)),
        None,
        0.5,
        1.4,
        False,
        "assumed",
    )


def _cascades(ours: Reported) -> Iterator[Figure]:
    treated = sum(_total(ours, f"MAL_TREATED_{age}") for age in ("U5", "5_14", "15P"))
    ratio = treated / _total(ours, "MAL_CONFIRMED")
    source = "after WHO's data quality review, module 2 (2017), on related indicators; the tenth is assumed"
    yield Figure("Malaria treated / confirmed", ratio, None, 0.9, 1.1, False, source)
    again = _total(ours, "PENTA3") / _total(ours, "PENTA1")
    yield Figure(
        "Pentavalent, third / first doses", again, None, 0.75, 0.97, False, "no more third doses than first"
    )
    there = [row for row in range(len(ours.services.places)) if np.nansum(count(ours, "PPH")[row]) > 0]
    births = np.nansum(count(ours, "DELIVERIES")[there])
    for code, name, low, high, source in (
        ("PPH", "Postpartum haemorrhages / deliveries where both are counted", 0.019, 0.086, PPH_SOURCE),
        ("ECLAMPSIA", "Pre-eclampsia and eclampsia / deliveries", 0.01, 0.082, ECLAMPSIA_SOURCE),
    ):
        share = float(np.nansum(count(ours, code)[there]) / births)
        yield Figure(name, share, None, low, high, True, source)


def malaria_years(ours: Reported, places: Places) -> dict[str, Numbers]:
    """Region -> confirmed malaria of each calendar month as a multiple of its usual level, `[12]`."""
    region = {district.code: district.parent for district in places.districts}
    confirmed = count(ours, "MAL_CONFIRMED")
    calendar = np.array([month % 100 - 1 for month in ours.services.months])
    years = {}
    for code in sorted({region[ours.district[place]] for place in ours.services.places}):
        rows = [n for n, place in enumerate(ours.services.places) if region[ours.district[place]] == code]
        mean = np.nanmean(confirmed[rows], axis=0)
        year = np.array([np.nanmedian(mean[calendar == month]) for month in range(12)])
        years[code] = year / year.mean()
    return years


def count(ours: Reported, code: str) -> Numbers:
    """The reported counts of a service, `[facility, month]`."""
    return np.asarray(ours.services[ONE][ours.services.item(code)])


def _total(ours: Reported, code: str) -> float:
    return float(np.nansum(count(ours, code)))
