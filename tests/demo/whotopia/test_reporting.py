"""What reaches the DHIS2: how completely, how late, how wrong, and that the past stays as it was."""

import json
from collections import Counter
from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest

from demo.whotopia import (
    copied_forms,
    epidemiology,
    forms,
    habits,
    lateness,
    logistics,
    reporting,
    rows,
    seasons,
    stores,
    truth,
    typing_errors,
)
from demo.whotopia.timeline import EPOCH, first_day, number
from demo.whotopia.world import World

TODAY, EARLIER = date(2026, 11, 22), date(2025, 11, 9)
DISTRICTS = 8
OF_NAMESAKES = {"typed under another facility", "typed twice"}


def simulated(today: date, seed: int = 1, districts: int = DISTRICTS) -> SimpleNamespace:
    world = World.of(seed, today, districts)
    demand = epidemiology.simulate(world)
    kept = stores.simulate(world, demand)
    moved = logistics.simulate(world, demand, kept)
    reports = reporting.report(world, moved, kept, demand)
    return SimpleNamespace(world=world, demand=demand, stores=kept, logistics=moved, reports=reports)


@pytest.fixture(scope="module")
def country() -> SimpleNamespace:
    return simulated(TODAY)


@pytest.fixture(scope="module")
def written(country) -> list[reporting.Row]:
    return list(country.reports.values())


@pytest.fixture(scope="module")
def whole() -> SimpleNamespace:
    """When the services form of the whole country comes, without its stocks, which do not matter for that."""
    world = World.of(1, TODAY)
    demand = epidemiology.simulate(world)
    form = forms.services(world, demand, SimpleNamespace(served=demand.wanted))
    return SimpleNamespace(world=world, demand=demand, form=form, **came(world, demand, form))


def came(world: World, demand: epidemiology.Demand, form: forms.Form) -> dict[str, np.ndarray]:
    """Of the months given out but the last two: due, come, come in time, `[F, months]`."""
    first = lateness.arrivals(world, demand, form).first
    months = np.arange(world.timeline.first_shown, world.timeline.size - 3)
    at = months - form.start
    ends = np.array([first_day(int(month) + 1).toordinal() - 1 for month in months])
    came = first[:, at] <= TODAY.toordinal()
    return {
        "months": months,
        "due": form.due[:, at],
        "came": came,
        "timely": came & (first[:, at] - ends <= 15),
        "late": (first[:, at] - ends)[came],
    }


def share(whole: SimpleNamespace, what: str, places: np.ndarray | slice = slice(None)) -> float:
    return float(getattr(whole, what)[places].sum() / whole.due[places].sum())


def test_nine_reports_of_ten_come_and_three_of_four_in_time(whole):
    assert 0.88 <= share(whole, "came") <= 0.95
    assert 0.70 <= share(whole, "timely") <= 0.80


def test_districts_types_and_owners_differ(whole):
    places = whole.world.places
    districts = [share(whole, "came", places.district_of() == d) for d in range(len(places.districts))]
    assert min(districts) < 0.87 and max(districts) > 0.94
    post, centre, hospital = (share(whole, "came", places.kinds() == kind) for kind in range(3))
    assert post < centre < hospital
    faith = np.array([facility.owner == "faith-based" for facility in places.facilities])
    assert share(whole, "came", faith) > share(whole, "came", ~faith)


def test_late_reports_come_weeks_late_and_a_few_months_late(whole):
    late = whole.late[whole.late > 15]
    assert 25 < np.median(late) < 60
    assert 0.02 < (late > 90).mean() < 0.2
    assert whole.late.min() > 0


def test_some_facilities_fall_silent_for_half_a_year_and_some_for_good(whole):
    kept = [x for x in range(whole.world.places.size) if whole.due[x].all()]
    longest = [max(map(len, "".join("01"[int(c)] for c in whole.came[x]).split("1"))) for x in kept]
    assert 10 <= sum(6 <= silence <= 15 for silence in longest) <= 80
    assert 2 <= sum(whole.came[x].mean() < 0.3 for x in kept) <= 15


def test_several_months_sometimes_come_on_one_day(whole):
    first = lateness.arrivals(whole.world, whole.demand, whole.form).first
    same = (first[:, 1:] == first[:, :-1]) & (first[:, 1:] < lateness.NEVER)
    assert 0.004 < same.mean() < 0.04


def test_rain_and_strikes_cost_reports(whole):
    patterns, regions = seasons.rains(whole.world.places), whole.world.places.region_of()
    calendar = (EPOCH + whole.months) % 12
    wet = np.array([[m in lateness.RAINY[patterns[region]] for m in calendar] for region in regions])
    rate = [whole.came[wet == rain].sum() / whole.due[wet == rain].sum() for rain in (False, True)]
    assert rate[0] > rate[1] + 0.01
    strikes = [h for h in whole.demand.happenings if h["kind"] == "strike"]
    struck = [number(s["first"]) - whole.months[0] for s in strikes]
    shown = [(s, m) for s, m in zip(strikes, struck, strict=True) if 0 <= m < len(whole.months)]
    codes = [region.code for region in whole.world.places.regions]
    public = np.array([facility.owner == "public" for facility in whole.world.places.facilities])
    for strike, month in shown:
        there = (regions == codes.index(strike["where"])) & public
        assert whole.came[there, month].sum() / whole.due[there, month].sum() < share(whole, "came", there)
    assert shown


def test_nothing_is_known_before_it_is_stored_and_no_month_before_it_ends(country, written):
    assert max(stored for *_, stored in written) <= TODAY.isoformat()
    for element, period, _, _, _, stored in written:
        if len(period) == 6 and not element.startswith("DE_"):
            following = first_day(number(int(period)) + 1)
            assert stored >= following.isoformat()


def test_closed_and_unopened_facilities_report_nothing(country, written):
    span = {f.code: (f.opened, f.closed) for f in country.world.places.facilities}
    months = {(unit, number(int(period))) for _, period, unit, _, _, _ in written if len(period) == 6}
    assert all(span[unit][0] <= month <= span[unit][1] for unit, month in months)
    assert any(month > country.world.timeline.first_shown for month, _ in span.values())


def test_sixty_months_are_given_out_and_twenty_four_of_the_stores(country, written):
    of_stores = {p for e, p, *_ in written if e.startswith("DE_")}
    others = {p for e, p, *_ in written if not e.startswith(("DE_", "POP_"))}
    assert (min(of_stores), max(of_stores), len(of_stores)) == ("202412", "202611", 24)
    assert (min(others), max(others), len(others)) == ("202112", "202610", 59)


def test_a_value_is_there_once_and_is_a_whole_number(written):
    keys = Counter(row[:4] for row in written)
    assert max(keys.values()) == 1
    assert all(value.lstrip("-").isdigit() for *_, value, _ in written)


def test_negative_figures_are_adjustments(written):
    assert {row[3] for row in written if row[4].startswith("-")} == {"Adjustment"}


def test_blocks_hold_what_the_forms_hold(country):
    """The same figures, taken from the arrays one by one."""
    filled, world = country.reports.logistics, country.world
    block = next(b for b in country.reports.blocks() if (b.element, b.option) == ("ACT_6X4", "Consumption"))
    cell = [(c.element, c.option) for c in filled.form.cells].index(("ACT_6X4", "Consumption"))
    units = {facility.code: n for n, facility in enumerate(world.places.facilities)}
    for unit, period, value, stored in list(
        zip(block.units, block.periods, block.values, block.stored, strict=True)
    )[::7]:
        place = units[unit], number(int(period)) - filled.form.start
        revised = filled.put_right[cell][place]
        day = (filled.arrivals.revised if revised else filled.arrivals.first)[place]
        assert (value, stored) == (str(filled.values[cell][place]), date.fromordinal(int(day)).isoformat())
    assert len(block.units) == (filled.written[cell] & rows.visible(filled, world.timeline)).sum() > 1000


def test_facilities_of_a_quarterly_group_report_in_the_last_month_of_their_quarters(country, written):
    groups = {f.code: f.group for f in country.world.places.facilities}
    products = {product.code for product in country.world.catalogue.commodities}
    months: dict[str, set[int]] = {}
    for element, period, unit, *_ in written:
        if element in products:
            months.setdefault(groups[unit], set()).add(int(period) % 100)
    assert (months["A"], months["B"], months["C"]) == ({3, 6, 9, 12}, {1, 4, 7, 10}, {2, 5, 8, 11})
    assert months[""] == set(range(1, 13))
    sets = {(s, groups[u]) for s, _, u, _, _ in country.reports.registrations() if s.startswith("LMIS")}
    assert sets == {("LMIS_MONTHLY", ""), *((f"LMIS_QUARTERLY_{g}", g) for g in "ABC")}


def test_errors_are_in_less_than_one_figure_of_a_hundred(country):
    for filled, measures in ((country.reports.services, False), (country.reports.logistics, True)):
        options = set(forms.MEASURES.values())
        planted = [r for r in country.reports.truth if (r["option"] in options) == measures]
        cells = (filled.written & rows.visible(filled, country.world.timeline)).sum()
        assert 0.003 <= sum(r["kind"] != "provisional" for r in planted) / cells <= 0.0115


def test_each_of_the_nine_kinds_is_planted(country):
    kinds = Counter(record["kind"] for record in country.reports.truth)
    assert min(kinds[kind] for kind in typing_errors.NINE) >= 30
    assert kinds["form copied"] and kinds["opening recounted"]


def test_forms_of_namesakes_are_mixed_up(whole):
    """In the whole country, for there are few of one name."""
    filled = habits.filled(whole.world, whole.form, lateness.arrivals(whole.world, whole.demand, whole.form))
    copied_forms.plant(whole.world, filled)
    facilities = whole.world.places.facilities
    times = Counter(facility.name for facility in facilities)
    for kind in OF_NAMESAKES:
        under = {facility for (_, facility, _), planted in filled.errors.items() if planted == kind}
        assert under and min(times[facilities[facility].name] for facility in under) > 1
    lost = np.argwhere(filled.lost < lateness.NEVER)
    assert len(lost) >= 3
    for facility, column in lost:
        name, month = facilities[facility].name, filled.form.true[:, facility, column]
        assert filled.arrivals.first[facility, column] == lateness.NEVER
        namesakes = [n for n, other in enumerate(facilities) if other.name == name and n != facility]
        offered = whole.form.kept[:, facility, column] & (month > 30)
        found = [
            np.abs(filled.values[offered, n, column] - month[offered]).max(initial=0) <= 5 for n in namesakes
        ]
        assert any(found)


def simple(kind: str, record: dict[str, object]) -> bool:
    """Whether a figure is wrong in the way of its kind, seen from what is true."""
    true, reported = record["true"], record["reported"]
    if kind == typing_errors.TRANSPOSED:
        return sorted(str(true)) == sorted(str(reported).zfill(len(str(true)))) and abs(reported - true) >= (
            0.25 * abs(true)
        )
    if kind == typing_errors.TIMES_TEN:
        return reported == 10 * true
    return reported == {typing_errors.ZERO: 0, typing_errors.DIVIDED: abs(true) // 10}.get(kind)


@pytest.mark.parametrize(
    "kind",
    [typing_errors.TIMES_TEN, typing_errors.DIVIDED, typing_errors.TRANSPOSED, typing_errors.ZERO],
)
def test_a_simple_error_is_what_it_is_called(country, kind):
    """In the logistics form, where no figure was rounded before."""
    options = set(forms.MEASURES.values()) - {"Stockout days"}
    found = [r for r in country.reports.truth if r["kind"] == kind and r["option"] in options]
    positive = [r for r in found if r["true"] > 0]
    assert len(positive) > 30
    assert [r for r in positive if not simple(kind, r)] == []


def test_a_drop_of_consumption_lasts_three_reports_while_services_go_on(country):
    drops = [r for r in country.reports.truth if r["kind"] == typing_errors.DROP]
    assert {r["option"] for r in drops} == {"Consumption"}
    assert all(abs(r["reported"] - 0.4 * r["true"]) <= 0.5 for r in drops)
    runs = Counter((r["unit"], r["element"]) for r in drops)
    assert Counter(runs.values()).most_common(1)[0][0] == 3


def test_what_is_missed_is_added_to_the_next_report(country):
    missed = [r for r in country.reports.truth if r["kind"] == typing_errors.MISSED]
    at = {(r["unit"], r["element"], r["option"], r["period"]): r for r in missed}
    doubled = 0
    for (unit, element, option, period), record in at.items():
        later = (unit, element, option, next_month(period))
        if not record["reported"] and later in at and option == "Consumption" and at[later]["reported"]:
            assert at[later]["reported"] == at[later]["true"] + record["true"]
            doubled += 1
    assert doubled > 20


def next_month(period: int) -> int:
    return period + 1 if period % 100 < 12 else period + 89


def test_every_difference_is_on_record_or_a_habit(country):
    who = habits.habits(country.world)
    recorded = {(r["unit"], r["element"], r["option"], r["period"]) for r in country.reports.truth}
    for filled in country.reports.forms:
        shown = rows.visible(filled, country.world.timeline)
        differs = filled.written & shown & (filled.values != filled.form.true)
        unexplained = 0
        for cell, facility, column in np.argwhere(differs):
            place = cell, facility, column
            what, month = filled.form.cells[cell], filled.form.start + int(column)
            key = country.world.places.facilities[facility].code, what.element, what.option
            period = country.world.timeline.months[month]
            reported, true = int(filled.values[place]), int(filled.form.true[place])
            rounded = not what.measure and reported % 5 == 0 and abs(reported - true) <= 5 and true >= 20
            uncounted = what.measure == "stockout_days" and not reported and not who.counts_days[facility]
            unexplained += (*key, period) not in recorded and not rounded and not uncounted
        assert unexplained == 0
        assert differs.sum() > 500


def test_blanks_are_zeros_by_habit_or_forgotten_or_on_record(country):
    recorded = {(r["unit"], r["element"], r["option"], r["period"]) for r in country.reports.truth}
    for filled in country.reports.forms:
        shown = rows.visible(filled, country.world.timeline)
        blank = ~filled.written & shown & filled.form.kept & (filled.form.true != 0)
        keys = {
            (
                country.world.places.facilities[facility].code,
                filled.form.cells[cell].element,
                filled.form.cells[cell].option,
                country.world.timeline.months[filled.form.start + int(column)],
            )
            for cell, facility, column in np.argwhere(blank)
        }
        there = (filled.form.kept & shown & (filled.form.true != 0)).sum()
        assert 0.002 < len(keys - recorded) / there < 0.006


def test_most_empty_shelves_are_reported_without_a_day_of_stock_out(country):
    """Of 12,817 Ivorian month ends without stock 98 % are; much of it is not stocked there at all."""
    reported: dict[tuple[str, ...], dict[str, str]] = {}
    for element, period, unit, option, value, _ in country.reports.values():
        if option in ("End Balance", "Stockout days"):
            reported.setdefault((element, period, unit), {})[option] = value
    empty = [r for r in reported.values() if r.get("End Balance") == "0" and "Stockout days" in r]
    assert 0.90 < sum(r["Stockout days"] == "0" for r in empty) / len(empty) < 0.995


def test_some_leave_blank_what_others_write_as_zero(country):
    filled = country.reports.logistics
    shown = rows.visible(filled, country.world.timeline)
    adjusted = [cell.measure == "adjusted" for cell in filled.form.cells]
    none = (filled.form.true == 0) & filled.form.kept & shown
    habit = habits.habits(country.world).blank_nothing_moved
    zeros, boxes = (filled.written & none)[adjusted].sum((0, 2)), none[adjusted].sum((0, 2))
    assert (zeros < 0.1 * boxes)[habit & (boxes > 0)].all()
    assert (zeros > 0.9 * boxes)[~habit & (boxes > 0)].all()


def test_the_stores_form_is_the_stores_books(country, written):
    """Consumption and balance of each month follow from the lines written in it."""
    world, kept = country.world, country.stores
    codes = [world.places.facilities[n].code for n in world.places.stores()]
    items = [item.code for item in world.catalogue.life_saving]
    form = {(e, u, int(p), o): int(v) for e, p, u, o, v, _ in written if e in items}
    first = world.timeline.first_stored
    given: Counter[tuple[str, str, int]] = Counter()
    last: dict[tuple[str, str, int], int] = {}
    for movement in kept.slips(first, world.timeline.size - 1):
        month = movement.day.year * 100 + movement.day.month
        key = items[movement.line.item], codes[movement.store], month
        given[key] += movement.consumption
        last[key] = movement.balance
    assert {(*key, "Consumption"): n for key, n in given.items() if n} == {
        key: value for key, value in form.items() if key[3] == "Consumption"
    }
    assert [key for key, balance in last.items() if form.get((*key, "End Balance"), 0) != balance] == []
    assert min(form.values()) > 0 and len(last) > 1000


def test_populations_are_yearly_and_stand_in_order(written):
    people = {(e, p, u): int(v) for e, p, u, _, v, _ in written if e.startswith("POP_")}
    assert {p for _, p, _ in people} == {"2021", "2022", "2023", "2024", "2025", "2026"}
    for (element, year, unit), count in people.items():
        if element == "POP_UNDER1":
            under5, total = (people[e, year, unit] for e in ("POP_UNDER5", "POP_TOTAL"))
            assert 0 < count < under5 < total


def test_most_reports_are_declared_complete_after_they_came_and_some_without_coming(country, written):
    came: dict[tuple[str, str, str], str] = {}
    services = {service.code for service in country.world.catalogue.services}
    for element, period, unit, _, _, stored in written:
        if element in services:
            key = "HMIS_MONTHLY", period, unit
            came[key] = min(stored, came.get(key, stored))
    declared = {row[:3]: row[3] for row in country.reports.registrations() if row[0] == "HMIS_MONTHLY"}
    assert max(declared.values()) <= TODAY.isoformat()
    assert all(declared[key] >= came[key] for key in declared.keys() & came.keys())
    assert 0.90 < len(declared.keys() & came.keys()) / len(came) < 0.97
    assert 0 < len(declared.keys() - came.keys()) < 0.02 * len(came)
    assert len({row[:3] for row in country.reports.registrations()}) == sum(
        1 for _ in country.reports.registrations()
    )


def test_the_same_seed_and_day_give_the_same_rows_and_another_seed_others():
    one, two, other = (simulated(TODAY, seed, districts=2).reports for seed in (1, 1, 2))
    assert list(one.values()) == list(two.values()) != list(other.values())
    assert list(one.registrations()) == list(two.registrations()) != list(other.registrations())
    assert one.truth == two.truth != other.truth


def still_given_out(row: tuple[str, ...]) -> bool:
    """Whether what was given out a year before still is."""
    return row[1] >= ("202412" if row[0].startswith("DE_") else "202112" if len(row[1]) == 6 else "2021")


def test_a_year_later_the_past_is_the_same_but_for_what_was_stored_since(written):
    """The stores' month that is still open is not past."""
    reports = simulated(EARLIER).reports
    then = {row[:4]: row[4:] for row in reports.values() if still_given_out(row) and row[1] != "202511"}
    now = {row[:4]: row[4:] for row in written if row[5] <= EARLIER.isoformat()}
    since = {row[:4] for row in written if row[5] > EARLIER.isoformat()}
    assert now == {key: value for key, value in then.items() if key not in since}
    assert len(now) > 200_000
    assert 0 < len(since & then.keys()) < 0.005 * len(now), "provisional reports"


def test_the_truth_is_written_the_same_each_time_and_can_be_read(country, tmp_path):
    happenings = [*country.demand.happenings, *country.logistics.happenings, *country.stores.truth]
    for name in ("one.json", "two.json"):
        truth.write(tmp_path / name, country.reports, happenings)
    content = json.loads((tmp_path / "one.json").read_text(encoding="utf-8"))
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()
    assert content["errors"] == country.reports.truth
    assert len(content["happenings"]) == len(happenings)
    assert content["today"] == TODAY.isoformat()
