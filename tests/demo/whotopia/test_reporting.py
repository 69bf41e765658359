"""What reaches the DHIS2: which months of which facilities, in which boxes, and that the past stays."""

from collections import Counter
from datetime import date

import pytest

from demo.whotopia import habits, reporting, rows
from demo.whotopia.seed import simulate
from demo.whotopia.timeline import first_day, number
from demo.whotopia.world import World

TODAY, EARLIER = date(2026, 11, 22), date(2025, 11, 9)


@pytest.fixture(scope="module")
def written(country) -> list[reporting.Row]:
    return list(country.reports.values())


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
    one, two, other = (simulate(World.of(seed, TODAY, 2)).reports for seed in (1, 1, 2))
    assert list(one.values()) == list(two.values()) != list(other.values())
    assert list(one.registrations()) == list(two.registrations()) != list(other.registrations())
    assert one.truth == two.truth != other.truth


def still_given_out(row: tuple[str, ...]) -> bool:
    """Whether what was given out a year before still is."""
    return row[1] >= ("202412" if row[0].startswith("DE_") else "202112" if len(row[1]) == 6 else "2021")


def test_a_year_later_the_past_is_the_same_but_for_what_was_stored_since(country, written):
    """The stores' month that is still open is not past."""
    reports = simulate(World.of(1, EARLIER, len(country.world.places.districts))).reports
    then = {row[:4]: row[4:] for row in reports.values() if still_given_out(row) and row[1] != "202511"}
    now = {row[:4]: row[4:] for row in written if row[5] <= EARLIER.isoformat()}
    since = {row[:4] for row in written if row[5] > EARLIER.isoformat()}
    assert now == {key: value for key, value in then.items() if key not in since}
    assert len(now) > 200_000
    assert 0 < len(since & then.keys()) < 0.005 * len(now), "provisional reports"
