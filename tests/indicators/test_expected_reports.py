import pandas as pd
import pytest

from indicators.compare import View, compare
from tests.indicators.builders import PAIR, a_rollup, assigned, units


def look(rollup, unit="N", months=(201801, 202012), grain="month"):
    return compare(rollup, PAIR, View(unit, *months, grain))


def services(rollup, *where, **how):
    return look(rollup, *where, **how).line("service", "count")


def test_a_service_is_expected_where_its_form_is_assigned():
    rollup = a_rollup(("A1", "NEW", "count", 201901, 5), assignments=assigned(hmis=("A1", "A2", "B1")))
    line = services(rollup)
    assert line.n_expected[:, 0].tolist() == [3, 2, 1]
    assert line.n_reported[:, 0].tolist() == [1, 1, 0]
    assert line.state[:, 0].tolist() == ["reported", "reported", "missing"]


def test_nothing_is_expected_before_a_unit_opens_nor_after_it_closes():
    dates = {"A1": ("2019-02-15", None), "A2": (None, "2019-02-01"), "B1": ("2010-01-01", "2030-01-01")}
    rollup = a_rollup(
        ("B1", "NEW", "count", 201901, 1), ("B1", "NEW", "count", 201903, 1), org_units=units(**dates)
    )
    assert services(rollup, "A").n_expected.tolist() == [[1, 2, 1], [0, 1, 1], [1, 1, 0]]
    assert services(rollup, "A").state[1].tolist() == ["not_applicable", "missing", "missing"]
    assert services(rollup, "B").n_expected[0].tolist() == [2, 2, 2]


def test_a_report_that_nobody_expected_counts_as_expected():
    rollup = a_rollup(("B2", "NEW", "count", 201901, 4), assignments=assigned(hmis=("B1",)))
    line = services(rollup, "B")
    assert (line.n_reported[0, 0], line.n_expected[0, 0]) == (1, 2)


def test_a_product_is_expected_for_twelve_months_after_it_was_last_stocked_received_or_used():
    rollup = a_rollup(("A1", "DEPO", "received", 201901, 10), ("A2", "DEPO", "consumed", 202003, 1))
    line = look(rollup, "A").line("commodity", "closing")
    facility = line.state[1].tolist()
    assert facility[:12] == ["missing"] * 12
    assert facility[12:] == ["not_applicable"] * 3


@pytest.mark.parametrize(
    ("measure", "carried"),
    [
        ("opening", 1),
        ("closing", 1),
        ("received", 1),
        ("consumed", 1),
        ("ordered", 0),
        ("stockout_days", 0),
        ("adjusted", 0),
    ],
)
def test_only_stock_receipts_and_use_say_that_a_product_is_carried(measure, carried):
    rollup = a_rollup(("A1", "DEPO", measure, 201901, 31))
    assert look(rollup, "A1").line("commodity", "closing").n_expected[0, 0] == carried


def test_what_is_not_carried_is_never_stocked_out():
    zeros = [("A1", "DEPO", measure, 201901, 0) for measure in ("opening", "received", "consumed", "closing")]
    stocked = [("A2", "DEPO", "closing", 201901, 0), ("A2", "DEPO", "consumed", 201901, 5)]
    line = look(a_rollup(*zeros, *stocked), "A").line("commodity", "closing")
    assert line.state[:, 0].tolist() == ["zero", "not_applicable", "zero"]
    assert (line.n_reported[0, 0], line.n_expected[0, 0]) == (1, 1)


def test_a_zero_of_those_who_do_not_carry_a_product_is_no_report_of_those_who_do():
    rollup = a_rollup(
        ("A1", "DEPO", "closing", 201901, 5),
        ("A1", "DEPO", "closing", 201903, 5),
        ("A2", "DEPO", "closing", 201902, 0),
    )
    line = look(rollup, "A").line("commodity", "closing")
    assert line.state[0].tolist() == ["reported", "not_applicable", "reported"]
    assert (line.value[0, 1], line.n_reported[0, 1], line.n_expected[0, 1]) == (0, 0, 1)


def test_carried_by_hand_overrules_the_values():
    decided = pd.DataFrame(
        [("A1", "i-DEPO", True), ("A2", "i-DEPO", False), ("gone", "i-DEPO", True)],
        columns=["org_unit", "item", "carried"],
    )
    rollup = a_rollup(("A2", "DEPO", "closing", 201901, 7), carried=decided)
    line = look(rollup, "A").line("commodity", "closing", "DEPO")
    assert line.n_expected[:, 0].tolist() == [1, 1, 0]
    assert line.state[1:, 0].tolist() == ["missing", "not_applicable"]


def test_a_total_expects_a_unit_that_is_expected_for_any_of_its_products():
    rollup = a_rollup(
        ("A1", "DEPO", "consumed", 201901, 5),
        ("A1", "SAYANA", "consumed", 201901, 2),
        ("A2", "SAYANA", "consumed", 201902, 3),
        ("A1", "DEPO", "consumed", 201902, 1),
    )
    answer = look(rollup, "A")
    total = answer.line("commodity", "consumed")
    assert total.value.tolist()[0] == [7, 4]
    assert total.n_reported[0].tolist() == [1, 2]
    assert total.n_expected[0].tolist() == [1, 2]
    sayana = answer.line("commodity", "consumed", "SAYANA")
    assert sayana.n_reported[0].tolist() == [1, 1]
    assert sayana.n_expected[0].tolist() == [1, 2]


def test_a_received_form_without_the_value_leaves_it_missing():
    line = services(a_rollup(("A1", "OLD", "count", 201901, 3)), "A1")
    answer = look(a_rollup(("A1", "OLD", "count", 201901, 3)), "A1")
    assert line.state[0].tolist() == ["reported"]
    assert answer.line("service", "count", "NEW").state[0].tolist() == ["missing"]


def test_flows_count_unit_months_and_stocks_count_units_in_longer_periods():
    rows = [
        (unit, "DEPO", measure, month, 10)
        for unit, months in (("A1", (201901, 201902, 201903)), ("A2", (201901,)))
        for month in months
        for measure in ("consumed", "closing")
    ]
    answer = look(a_rollup(*rows), "A", grain="quarter")
    consumed, closing = answer.line("commodity", "consumed"), answer.line("commodity", "closing")
    assert (consumed.n_reported[0, 0], consumed.n_expected[0, 0]) == (4, 6)
    assert (closing.n_reported[0, 0], closing.n_expected[0, 0]) == (2, 2)


def test_a_facility_is_out_when_it_reports_that_nothing_of_any_of_the_products_is_left():
    rollup = a_rollup(
        ("A1", "DEPO", "closing", 201812, 4),
        ("A1", "SAYANA", "closing", 201812, 4),
        ("A1", "DEPO", "closing", 201901, 0),
        ("A1", "SAYANA", "closing", 201901, 3),
        ("A2", "DEPO", "closing", 201812, 7),
        ("A2", "DEPO", "closing", 201901, 0),
    )
    answer = look(rollup, "A")
    total, depo = (
        answer.line("commodity", "facilities_out"),
        answer.line("commodity", "facilities_out", "DEPO"),
    )
    january = answer.periods.index("2019-01")
    assert (total.value[0, january], total.n_reported[0, january], total.n_expected[0, january]) == (1, 2, 2)
    assert depo.value[0, january] == 2


def test_a_facility_that_never_carried_a_product_is_not_out_of_it():
    rollup = a_rollup(("A1", "DEPO", "closing", 201901, 5), ("A2", "DEPO", "closing", 201901, 0))
    line = look(rollup, "A").line("commodity", "facilities_out")
    assert (line.value[0, 0], line.n_expected[0, 0]) == (0, 1)
    assert line.state[:, 0].tolist() == ["zero", "zero", "not_applicable"]


def test_nobody_can_change_what_all_share():
    rollup = a_rollup(("A1", "NEW", "count", 201901, 5), ("A1", "DEPO", "closing", 201901, 5))
    shared = [rollup.due.mask(item).flags for item in range(len(rollup.items))]
    for each in [*shared, *(grid.values for grid in rollup.grids.values())]:
        with pytest.raises(ValueError, match="read-only"):
            each[...] = 0
