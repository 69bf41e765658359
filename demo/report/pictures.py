"""The pictures of the report, by the name of their file."""

from __future__ import annotations

from typing import Any

import numpy as np

from demo.report import noise, services, stocks
from demo.report.country import Reported
from demo.report.drawing import Chart, bars, lines
from demo.report.figures import variations
from demo.whotopia.places import Places

OURS, REAL = "Whotopia", "Côte d'Ivoire"
LONGEST = 10
"""Spells of so many months and more are drawn together."""
RESIDUALS = np.linspace(-2, 2, 21)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SHORT = {"AS27000": "pill", "AS27132": "mini-pill", "AS27133": "injectable", "AS27137": "LNG implant"} | {
    "AS27138": "ETN implant"
}
LIKE = {
    "PILL_COC": "AS27000",
    "PILL_POP": "AS27132",
    "DMPA_IM": "AS27133",
    "IMPLANT_LNG": "AS27137",
    "IMPLANT_ETN": "AS27138",
}
"""Products that both countries have."""


def of_both(ours: Reported, real: Reported) -> dict[str, str]:
    """Pictures of Whotopia beside Côte d'Ivoire."""
    both = {OURS: ours, REAL: real}
    used = {name: country.logistics["consumed"][[*country.planning()]] for name, country in both.items()}
    digits = {name: noise.last_digits(figures).tolist() for name, figures in used.items()}
    tens = {name: noise.shares_of_tens(figures) for name, figures in used.items()}
    mine, theirs = variations(ours), variations(real)
    alphas = {
        OURS: [mine[code].alpha for code in LIKE],
        REAL: [theirs[code].alpha for code in LIKE.values()],
    }
    return {
        "digits": bars(Chart("Last digit of consumptions from 20", [*"0123456789"], digits, percent=True)),
        "tens": bars(
            Chart("Multiples of ten by size", ["10 to 49", "50 to 199", "from 200"], tens, percent=True)
        ),
        "dispersion": bars(
            Chart("Overdispersion alpha of consumption", [SHORT[code] for code in LIKE.values()], alphas)
        ),
        "spells": _spells({name: country.logistics.of(country.planning()) for name, country in both.items()}),
        "ratios": _ratios(ours, real),
    }


def of_whotopia(ours: Reported, places: Places, happenings: list[dict[str, Any]]) -> dict[str, str]:
    """Pictures of the seasons, and of an epidemic."""
    years = services.malaria_years(ours, places)
    names = {region.code: region.name for region in places.regions}
    series = {names[code]: year.tolist() for code, year in years.items()}
    chart = Chart("Confirmed malaria, multiples of the usual month, by region", MONTHS, series)
    return {"seasons": lines(chart)} | _epidemic(ours, places, happenings)


def _spells(panels: dict[str, Any]) -> str:
    shares = {}
    for name, panel in panels.items():
        lengths = np.minimum(stocks.spells(panel), LONGEST)
        shares[name] = (np.bincount(lengths, minlength=LONGEST + 1)[1:] / len(lengths)).tolist()
    labels = [*map(str, range(1, LONGEST)), f"{LONGEST}+"]
    return bars(Chart("Months of a spell of empty month-ends, contraceptives", labels, shares, percent=True))


def _ratios(ours: Reported, real: Reported) -> str:
    """How far a month's ratio strays from the district's usual one."""
    shares = {}
    for name, country, sites in ((OURS, ours, ours.few_sites()), (REAL, real, ())):
        pair = next(pair for pair in country.pairs if pair.name == "three-month injectable")
        own = noise.residuals(country, pair, sites)
        found, _ = np.histogram(np.clip(own, RESIDUALS[0], RESIDUALS[-1]), RESIDUALS)
        shares[name] = (found / found.sum()).tolist()
    labels = [f"{middle:+.1f}" for middle in (RESIDUALS[:-1] + RESIDUALS[1:]) / 2]
    title = "Injectables used for one visit: log-distance from the district's usual ratio"
    return bars(Chart(title, labels, shares, percent=True))


def _epidemic(ours: Reported, places: Places, happenings: list[dict[str, Any]]) -> dict[str, str]:
    """Cases, tests used and the strongest upsurge of the months shown."""
    months = ours.services.months
    both = {ours.district[place] for place in ours.logistics.places}
    upsurges = [h for h in happenings if h["kind"] == "malaria upsurge" and h["where"] in both]
    shown = [h for h in upsurges if h["first"] >= months[0] and h["last"] <= months[-2]]
    if not shown:
        return {}
    worst = max(shown, key=lambda h: _above_usual(ours, h))
    rows = _of_district(ours, worst["where"])
    tests = ours.logistics["consumed"][ours.logistics.item("MAL_RDT")]
    sites = [n for n, place in enumerate(ours.logistics.places) if ours.district[place] == worst["where"]]
    series = {
        "confirmed cases": np.nansum(services.count(ours, "MAL_CONFIRMED")[rows], axis=0).tolist(),
        "rapid tests used": np.nansum(tests[sites], axis=0).tolist(),
    }
    span = (months.index(worst["first"]), months.index(worst["last"]))
    name = next(district.name for district in places.districts if district.code == worst["where"])
    labels = [f"{month // 100}-{month % 100:02}" for month in months]
    title = f"Malaria in {name}, with its upsurge"
    return {"epidemic": lines(Chart(title, labels, series, shaded=[span]))}


def _of_district(ours: Reported, district: str) -> list[int]:
    """The rows of a district's facilities in the services."""
    return [n for n, place in enumerate(ours.services.places) if ours.district[place] == district]


def _above_usual(ours: Reported, upsurge: dict[str, Any]) -> float:
    """Cases of an upsurge's months beside the same months of the other years."""
    cases = np.nansum(services.count(ours, "MAL_CONFIRMED")[_of_district(ours, upsurge["where"])], axis=0)
    months = np.array(ours.services.months)
    during = (months >= upsurge["first"]) & (months <= upsurge["last"])
    same = np.isin(months % 100, months[during] % 100) & ~during
    return float(cases[during].mean() / cases[same].mean())
