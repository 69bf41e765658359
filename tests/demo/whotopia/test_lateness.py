"""When the reports of a whole country come: how completely, how late, and what keeps them back."""

from types import SimpleNamespace

import numpy as np
import pytest

from demo.whotopia import lateness, seasons
from demo.whotopia.timeline import EPOCH, first_day, number


@pytest.fixture(scope="module")
def reports(whole) -> SimpleNamespace:
    """Of the months given out but the last two: due, come, in time, `[F, months]`, and days of delay."""
    timeline, first = whole.world.timeline, whole.arrivals.first
    months = np.arange(timeline.first_shown, timeline.size - 3)
    at = months - whole.form.start
    ends = np.array([first_day(int(month) + 1).toordinal() - 1 for month in months])
    came = first[:, at] <= timeline.today.toordinal()
    return SimpleNamespace(
        world=whole.world,
        happenings=whole.demand.happenings,
        first=first,
        months=months,
        due=whole.form.due[:, at],
        came=came,
        timely=came & (first[:, at] - ends <= 15),
        days=(first[:, at] - ends)[came],
    )


def share(reports: SimpleNamespace, what: str, places: np.ndarray | slice = slice(None)) -> float:
    return float(getattr(reports, what)[places].sum() / reports.due[places].sum())


def test_nine_reports_of_ten_come_and_three_of_four_in_time(reports):
    assert 0.88 <= share(reports, "came") <= 0.95
    assert 0.70 <= share(reports, "timely") <= 0.80


def test_districts_types_and_owners_differ(reports):
    places = reports.world.places
    districts = [share(reports, "came", places.district_of() == d) for d in range(len(places.districts))]
    assert min(districts) < 0.87 and max(districts) > 0.94
    post, centre, hospital = (share(reports, "came", places.kinds() == kind) for kind in range(3))
    assert post < centre < hospital
    faith = np.array([facility.owner == "faith-based" for facility in places.facilities])
    assert share(reports, "came", faith) > share(reports, "came", ~faith)


def test_late_reports_come_a_week_or_two_late_and_a_few_months_late(reports):
    late = reports.days[reports.days > lateness.TIMELY_DAYS]
    assert lateness.TIMELY_DAYS + 7 <= np.median(late) <= lateness.TIMELY_DAYS + 14
    assert 0.02 < (late > 90).mean() < 0.2
    assert reports.days.min() > 0


def test_some_facilities_fall_silent_for_half_a_year_and_some_for_good(reports):
    kept = [x for x in range(reports.world.places.size) if reports.due[x].all()]
    longest = [max(map(len, "".join("01"[int(c)] for c in reports.came[x]).split("1"))) for x in kept]
    assert 10 <= sum(6 <= silence <= 15 for silence in longest) <= 80
    assert 2 <= sum(reports.came[x].mean() < 0.3 for x in kept) <= 15


def test_several_months_sometimes_come_on_one_day(reports):
    first = reports.first
    same = (first[:, 1:] == first[:, :-1]) & (first[:, 1:] < lateness.NEVER)
    assert 0.004 < same.mean() < 0.04


def test_rain_and_strikes_cost_reports(reports):
    patterns, regions = seasons.rains(reports.world.places), reports.world.places.region_of()
    calendar = (EPOCH + reports.months) % 12
    wet = np.array([[m in lateness.RAINY[patterns[region]] for m in calendar] for region in regions])
    rate = [reports.came[wet == rain].sum() / reports.due[wet == rain].sum() for rain in (False, True)]
    assert rate[0] > rate[1] + 0.01
    strikes = [h for h in reports.happenings if h["kind"] == "strike"]
    struck = [number(s["first"]) - reports.months[0] for s in strikes]
    shown = [(s, m) for s, m in zip(strikes, struck, strict=True) if 0 <= m < len(reports.months)]
    codes = [region.code for region in reports.world.places.regions]
    public = np.array([facility.owner == "public" for facility in reports.world.places.facilities])
    for strike, month in shown:
        there = (regions == codes.index(strike["where"])) & public
        assert reports.came[there, month].sum() / reports.due[there, month].sum() < share(
            reports, "came", there
        )
    assert shown
