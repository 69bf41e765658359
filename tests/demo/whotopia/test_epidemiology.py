"""Who comes to Whotopia's facilities: what an epidemiologist would look for in the numbers."""

from collections.abc import Iterator
from datetime import date

import numpy as np
import pytest

from demo.whotopia import epidemiology, happenings, seasons
from demo.whotopia.timeline import number
from demo.whotopia.world import World

TODAY = date(2026, 11, 22)
SHOWN = 60
EPIDEMICS = {"malaria upsurge", "diarrhoea outbreak"}


@pytest.fixture(scope="module")
def world(whole_country) -> World:
    return whole_country.world


@pytest.fixture(scope="module")
def demand(whole_country) -> epidemiology.Demand:
    return whole_country.demand


@pytest.fixture(scope="module")
def count(world, demand):
    """The counts of a service, `[facility, month]`."""
    return lambda code: demand.wanted[world.catalogue.service(code)]


def by_calendar_month(world: World, values: np.ndarray) -> np.ndarray:
    """Median over the years of each calendar month as a multiple of the year's mean, `[12]`."""
    month = seasons.calendar(world.timeline.size)
    whole = values[: len(values) // 12 * 12].reshape(-1, 12)
    assert month[0] == 0
    return np.median(whole / whole.mean(axis=1, keepdims=True), axis=0)


def region_year(world: World, values: np.ndarray, region: int) -> np.ndarray:
    return by_calendar_month(world, values[world.places.region_of() == region].sum(axis=0))


def peaks(year: np.ndarray) -> list[int]:
    return [m for m in range(12) if year[m] > year[m - 1] and year[m] > year[(m + 1) % 12]]


def swing(year: np.ndarray) -> float:
    return float(np.log(year.max() / year.min()) / 2)


def regions(world: World, pattern: str) -> Iterator[int]:
    return (n for n, rain in enumerate(seasons.rains(world.places)) if rain == pattern)


def test_malaria_has_one_high_season_in_the_north_after_the_rains(world, count):
    for region in regions(world, seasons.ONE_RAIN):
        year = region_year(world, count("MAL_CONFIRMED"), region)
        assert year.argmax() in {8, 9, 10}
        assert 0.8 <= swing(year) <= 1.5
        assert np.sort(year)[-4:].sum() / year.sum() > 0.5  # Cairns et al. 2012


def test_malaria_has_two_waves_in_the_south_of_which_the_first_is_the_higher(world, count):
    southern = [*regions(world, seasons.TWO_RAINS)]
    assert len(southern) == 3
    for region in southern:
        year = region_year(world, count("MAL_CONFIRMED"), region)
        assert year.argmax() in {5, 6, 7}
        assert 0.4 <= swing(year) <= 1.0
        assert any(peak in {10, 11} for peak in peaks(year))


def test_regions_have_seasons_of_their_own(world):
    heights = [swing(year) for year in seasons.malaria(world)]
    assert min(heights) >= 0.5
    assert max(heights) <= 1.4
    peak = seasons.malaria(world).argmax(axis=1)
    assert len({*peak.tolist()}) >= 3


@pytest.mark.parametrize("code", ["ANC1", "DELIVERIES", "PENTA1", "FP_INJ3"])
def test_what_does_not_depend_on_the_rain_has_hardly_a_season(world, count, code):
    year = by_calendar_month(world, count(code).sum(axis=0))
    assert swing(year) <= 0.2


def test_a_year_of_seasons_leaves_the_yearly_mean_as_it_is(world):
    assert seasons.malaria(world).mean(axis=1) == pytest.approx(1)
    assert seasons.other("diarrhoea").mean() == pytest.approx(1)


def dispersion(values: np.ndarray) -> float:
    """Median over facilities of the variance of the logarithm beyond chance, against a local level."""
    large = values[values.min(axis=1) > 20].astype(float)
    level = np.exp(np.stack([np.log(large)[:, t - 6 : t + 7].mean(axis=1) for t in range(6, 88)], axis=1))
    residual = np.log(large[:, 6:88] / level)
    return float(np.median((1.4826 * np.median(np.abs(residual), axis=1)) ** 2 - 1 / level.mean(axis=1)))


@pytest.mark.parametrize("code", ["ANC1", "FP_INJ3", "PENTA1", "DELIVERIES"])
def test_counts_vary_more_than_chance_alone_and_as_routine_counts_do(count, code):
    """Alpha of 0.04 to 0.10, times a lognormal, besides the AR(1)'s 0.009."""
    assert 0.03 <= dispersion(count(code)) <= 0.16


def test_overdispersion_differs_between_services_and_facilities(world):
    alpha = epidemiology.overdispersion(world)
    usual = np.median(alpha, axis=1)
    assert usual.min() >= 0.035
    assert usual.max() <= 0.115
    assert np.std(np.log(alpha / usual[:, None])) == pytest.approx(0.5, abs=0.05)


def test_facilities_differ_as_widely_as_real_ones(world, count):
    """Log-spread of the facilities' means: 1.0 to 1.3 for malaria, about 1.0 for antenatal care."""
    always = world.places.open(world.timeline.size).all(axis=1)
    usual = count("MAL_CONFIRMED")[always][:, -SHOWN:].mean(axis=1)
    assert 0.95 <= np.log(usual[usual > 0]).std() <= 1.3
    assert 15 <= np.median(usual) <= 70
    usual = count("ANC1")[always][:, -SHOWN:].mean(axis=1)
    assert 0.8 <= np.log(usual[usual > 0]).std() <= 1.2


def test_no_cascade_is_ever_broken(count):
    treated = sum(count(f"MAL_TREATED_{age}") for age in ("U5", "5_14", "15P"))
    for less, more in [
        (count("MAL_TESTED"), count("MAL_FEVER")),
        (count("MAL_CONFIRMED"), count("MAL_TESTED")),
        (treated, count("MAL_CONFIRMED")),
        (count("MAL_SEVERE"), count("MAL_CONFIRMED")),
        (count("HIV_POSITIVE"), count("HIV_TESTED")),
        (count("PPH"), count("DELIVERIES")),
        (count("ECLAMPSIA"), count("DELIVERIES")),
        (count("NEO_SEPSIS"), count("DELIVERIES")),
    ]:
        assert (less <= more).all()
        assert less.sum() > 0
    assert 0.96 <= treated.sum() / count("MAL_CONFIRMED").sum() <= 1


def test_women_and_children_come_back_less_often_than_they_came_first(count):
    assert 0.5 <= count("ANC4").sum() / count("ANC1").sum() <= 0.7
    assert 0.8 <= count("PENTA3").sum() / count("PENTA1").sum() <= 0.95
    yearly = [count(code)[:, -36:].sum(axis=1) for code in ("ANC1", "ANC4")]
    assert (yearly[1] <= yearly[0] * 1.05).mean() > 0.99


def test_complications_are_as_frequent_as_in_the_literature(world, count):
    """PPH 3-6 % of facility deliveries, pre-eclampsia and eclampsia 2-4 %, newborn sepsis 2-5 %."""
    cares = np.array([f.kind != "post" for f in world.places.facilities])
    births = count("DELIVERIES")[cares].sum()
    assert 0.03 <= count("PPH").sum() / births <= 0.06
    assert 0.02 <= count("ECLAMPSIA").sum() / births <= 0.04
    assert 0.02 <= count("NEO_SEPSIS").sum() / births <= 0.05
    assert 0.02 <= count("HIV_POSITIVE").sum() / count("HIV_TESTED").sum() <= 0.05


def test_people_on_treatment_grow_slowly_and_without_leaps(world, count):
    people = count("HIV_ON_ART")
    total = people.sum(axis=0)
    assert 1.3 <= total[-1] / total[-SHOWN] <= 3
    there = people[world.places.open(world.timeline.size).all(axis=1)]
    large = there[there.min(axis=1) > 50].astype(float)
    assert len(large) > 20
    assert np.abs(np.diff(np.log(large), axis=1)).max() < 0.35


def test_nobody_comes_where_a_service_is_not_offered_or_the_facility_is_closed(world, demand):
    assert not demand.wanted[~demand.offered].any()
    assert not demand.wanted[:, ~world.places.open(world.timeline.size)].any()
    posts = [f.kind == "post" for f in world.places.facilities]
    assert not demand.offered[world.catalogue.service("HIV_ON_ART"), posts].any()
    assert (demand.wanted >= 0).all()
    assert demand.wanted.dtype == np.int32


def test_rates_per_head_are_about_those_of_the_catalogue(world, demand):
    people = np.stack([world.places.population(month) for month in range(world.timeline.size)], axis=1)
    for service, counts, offered in zip(world.catalogue.services, demand.wanted, demand.offered, strict=True):
        rate = 1000 * counts[offered].sum() / people[offered].sum()
        assert 0.6 <= rate / service.base <= 1.7, service.code


def test_four_districts_in_ten_or_so_have_an_epidemic_in_five_years(world, demand):
    first = world.timeline.months[-SHOWN]
    struck = {h["where"] for h in demand.happenings if h["kind"] in EPIDEMICS and h["last"] >= first}
    assert 0.25 <= len(struck) / len(world.places.districts) <= 0.6
    for happening in demand.happenings:
        if happening["kind"] in EPIDEMICS:
            assert 2 <= happening["factor"] <= 4
            assert number(happening["last"]) - number(happening["first"]) + 1 <= 3


@pytest.mark.parametrize("kind", sorted(EPIDEMICS))
def test_epidemics_are_seen_in_the_counts_of_their_district(world, demand, count, kind):
    ratios = []
    for happening in (h for h in demand.happenings if h["kind"] == kind and h["first"] < h["last"]):
        district = [d.code for d in world.places.districts].index(happening["where"])
        series = count(happening["service"])[world.places.district_of() == district].sum(axis=0)
        span = slice(number(happening["first"]), number(happening["last"]) + 1)
        usual = by_calendar_month(world, series)[seasons.calendar(len(series))[span]]
        level = np.median(series / by_calendar_month(world, series)[seasons.calendar(len(series))])
        ratios.append(series[span].mean() / (usual.mean() * level) / happening["factor"])
    assert len(ratios) >= 3
    assert 0.7 <= np.median(ratios) <= 1.3


def test_a_strike_empties_the_public_facilities_of_its_region_alone(world, demand, count):
    strike = next(h for h in demand.happenings if h["kind"] == happenings.STRIKE and h["first"] > 202000)
    month = number(strike["first"])
    region = [r.code for r in world.places.regions].index(strike["where"])
    public = np.array([f.owner == "public" for f in world.places.facilities])
    here = world.places.region_of() == region

    def change(who: np.ndarray) -> float:
        series = count("ANC1")[who].sum(axis=0)
        return float(series[month] / series[month - 4 : month].mean())

    assert change(here & public) < 0.75
    assert change(~here) > 0.85


def test_campaigns_bring_more_people_in_their_months(world, demand, count):
    for kind, code in (("measles campaign", "MEASLES1"), ("family planning campaign", "FP_IMPLANT")):
        happening = next(h for h in demand.happenings if h["kind"] == kind and h["service"] == code)
        region = [r.code for r in world.places.regions].index(happening["where"])
        series = count(code)[world.places.region_of() == region].sum(axis=0)
        month = number(happening["first"])
        assert series[month] / series[month - 6 : month].mean() > 0.7 * happening["factor"]


def test_more_fevers_are_tested_once_the_policy_has_come(world, demand, count):
    policy = [h for h in demand.happenings if h["kind"] == "test before treating"]
    assert {h["where"] for h in policy} == {region.code for region in world.places.regions}
    for happening in policy:
        region = [r.code for r in world.places.regions].index(happening["where"])
        there, month = world.places.region_of() == region, number(happening["first"])
        share = [count(c)[there].sum(axis=0) for c in ("MAL_TESTED", "MAL_FEVER")]
        before, after = (share[0][s].sum() / share[1][s].sum() for s in (slice(month), slice(month, None)))
        assert before < 0.85
        assert after > 0.9


def test_the_same_seed_and_day_give_the_same_country_and_another_seed_another(world, demand):
    again = epidemiology.simulate(World.of(1, TODAY))
    assert (again.wanted == demand.wanted).all()
    assert again.happenings == demand.happenings
    assert (epidemiology.simulate(World.of(2, TODAY)).wanted != demand.wanted).mean() > 0.3


@pytest.mark.parametrize("earlier", [date(2025, 11, 22), date(2026, 10, 1), date(2023, 7, 31)])
def test_what_was_stays_as_it_was_when_time_goes_on(demand, earlier):
    before = epidemiology.simulate(World.of(1, earlier))
    months = before.wanted.shape[2]
    assert (before.wanted == demand.wanted[:, :, :months]).all()
    present = earlier.year * 100 + earlier.month
    over = [h for h in before.happenings if h["last"] < present]
    assert over
    assert over == [h for h in demand.happenings if h["last"] < present]


def test_neighbours_share_a_border(world):
    beside = happenings.neighbours(world.places)
    assert all(1 <= len(others) <= 8 for others in beside)
    assert all(own in beside[other] for own, others in enumerate(beside) for other in others)
