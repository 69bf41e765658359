"""Thirty worked cases that every logistics system should give alike, by number."""

import numpy as np
import pandas as pd
import pytest

from indicators.compare import View, compare
from indicators.cyp import couple_years
from indicators.expiry import at_risk
from indicators.periods import label, window_reported_in
from indicators.rates import both
from indicators.ratio import ratio
from indicators.replenishment import Packing, level, order_quantity, packs
from indicators.reported_average import Window, average
from indicators.stock_balance import Report, gap
from indicators.stock_status import Status, months, pooled_months, status
from indicators.stockout_adjustment import ALWAYS_OUT, TOO_MANY_DAYS, elmis, openlmis
from indicators.stockouts import at_end, from_movements
from indicators.wastage import cumulative, factor, open_vial
from loaders.dhis2 import Basic, Client
from loaders.gtin import stored_gtin
from loaders.place_names import suggestions
from tests.indicators.builders import PAIR, a_rollup
from tests.loaders.scripted_server import ScriptedServer, as_json


def test_1_consumption_is_blown_up_by_five_days_out():
    assert openlmis([7, 10, 15, 30], 5).value.tolist() == [9, 12, 18, 36]


def test_2_a_quarter_half_out_counts_double():
    assert openlmis(90, 45, months=3).value == 180


def test_3_a_month_out_throughout_keeps_its_consumption_there_and_has_none_here():
    ours = openlmis(5, 30)
    assert np.isnan(ours.value) and ours.notes == ALWAYS_OUT
    assert openlmis(5, 30, kept=True).value == 5


def test_4_more_days_out_than_the_month_has_are_rejected():
    ours = openlmis(5, 31)
    assert np.isnan(ours.value) and ours.notes == TOO_MANY_DAYS


def test_5_a_quarter_always_out_is_never_taken_times_ninety():
    assert np.isnan(openlmis(10, 90, months=3).value)
    assert elmis(10, 90, months=3) == 10


def test_6_the_average_is_of_a_period_and_a_third_of_it_of_a_month():
    assert average([[9, 10, 11]])[0, 2] == 10
    assert average([[9, 10, 11]], Window(months=3), "none")[0, 2] == pytest.approx(10 / 3)


def test_7_the_maximum_rounds_a_half_up():
    assert level(25, 1.5) == 38


def test_8_more_than_the_maximum_orders_nothing():
    assert order_quantity(38, 40) == 0


def test_9_what_is_on_order_is_not_ordered_again():
    assert order_quantity(100, 20, on_order=50) == 30
    assert order_quantity(100, 20) == 80


def test_10_packs_round_above_the_threshold_in_3_and_at_it_in_2():
    assert packs([7, 8, 12], Packing.openlmis(5, 2)).tolist() == [1, 2, 2]
    assert packs([7, 8, 12], Packing.elmis(5, 2)).tolist() == [2, 2, 3]


def test_11_less_than_a_pack_is_one_unless_it_may_be_none():
    assert packs(1, Packing.openlmis(5, 2)) == 1
    assert packs(1, Packing.openlmis(5, 2, to_zero=True)) == 0


def test_12_a_report_that_does_not_add_up_says_by_how_much():
    assert gap(Report(opening=50, received=250, adjusted=-2, consumed=300, closing=233)) == -235


def test_13_stock_without_consumption_is_unknown_and_not_overstocked():
    assert status(40, 0) == Status.UNKNOWN
    assert np.isnan(months(40, 0))


def test_14_no_stock_and_no_consumption_is_stocked_out():
    assert status(0, 0) == Status.STOCKED_OUT
    assert months(0, 0) == 0


def test_15_a_stock_nobody_reported_is_unknown_and_in_no_stock_out_rate():
    assert status(np.nan, 20) == Status.UNKNOWN
    assert at_end([np.nan, 0, 5]).pooled().denominator == 2


def test_16_the_limits_are_adequate():
    assert status([30, 60], 20).tolist() == [Status.ADEQUATE] * 2


def test_17_days_out_differ_between_the_real_calendar_and_a_year_of_360():
    got = pd.DataFrame({"day": [13, 19], "change": [25, -25]})
    found = from_movements("2018-01", 0, got)
    assert (found.of_360, found.real) == (24, 25)


def test_18_a_quarter_is_three_imputed_thirds_and_its_stock_is_of_the_last_month():
    rollup = a_rollup(
        ("A1", "DEPO", "consumed", 201901, 300, 3),
        ("A1", "DEPO", "closing", 201903, 80),
    )
    answer = compare(rollup, PAIR, View("A1", 201901, 201903))
    used, stock = answer.line("commodity", "consumed"), answer.line("commodity", "closing")
    assert used.value[0].tolist() == [100, 100, 100]
    assert used.state[0].tolist() == ["imputed"] * 3
    assert stock.state[0].tolist() == ["missing", "missing", "reported"]
    assert stock.value[0, 2] == 80


def test_19_who_reports_in_february_covers_november_to_january():
    assert window_reported_in(201902) == (201811, 201901)


def test_20_quarters_follow_from_the_date():
    assert [label(month, "quarter")[-1] for month in (201903, 201906, 201910)] == ["1", "2", "4"]


def test_21_vials_carried_over_make_a_month_negative_and_the_sum_right():
    rate = open_vial([240, 180], [200, 195])
    assert (rate.value * 100).round().tolist() == [17, -8]
    assert round(float(cumulative(rate).value[1] * 100)) == 6


def test_22_a_wastage_of_30_percent_needs_143_doses_for_a_hundred():
    assert factor(0.3) == pytest.approx(1.43, abs=0.005)


def test_23_months_of_stock_of_a_district_are_stock_over_consumption():
    assert pooled_months([100, 0], [10, 40]).pooled().value == 2


def test_24_a_ratio_is_of_the_facilities_that_report_both():
    rollup = a_rollup(
        ("A1", "NEW", "count", 201901, 100),
        ("A2", "NEW", "count", 201901, 50),
        ("A1", "USED", "consumed", 201901, 110),
    )
    found = ratio(rollup, PAIR, View("A", 201901, 201901))
    assert found.value[0, 0] == pytest.approx(1.1)
    assert (found.n_both[0, 0], found.n_either[0, 0]) == (1, 2)


def test_25_rates_of_unlike_facilities_are_pooled():
    rate = both([1, 900], [10, 1000])
    assert rate.value.tolist() == [0.1, 0.9]
    assert rate.pooled().value == pytest.approx(901 / 1010)
    assert rate.pooled().denominator == 1010


def test_26_what_the_first_lot_leaves_no_time_for_expires():
    assert at_risk([50, 100], [1, 3], 20).at_risk.tolist() == [30, 60]


def test_27_a_trade_item_number_is_checked_and_kept_in_14_digits():
    assert stored_gtin("4006381333931") == "04006381333931"


def test_28_the_same_name_spelt_otherwise_is_suggested_and_taken_only_by_policy():
    left = pd.DataFrame([["a", "C.S. Kadiolo", "d"]], columns=["id", "name", "parent"])
    right = pd.DataFrame([["x", "CS Kadiolo", "d"]], columns=["id", "name", "parent"])
    found = suggestions(left, right)
    assert found[["left", "right"]].values.tolist() == [["a", "x"]]
    assert not found["automatic"].any() and suggestions(left, right, automatic=True)["automatic"].all()


def test_29_couple_years_add_up_over_methods():
    given = {
        "condom-male": [120],
        "injectable-3-months": [4],
        "pill-combined": [15],
        "pill-progestin": [12],
        "implant-5-years": [1],
    }
    assert couple_years(given, [202201])[0] == pytest.approx(7.8)


def test_30_a_list_of_no_pages_is_an_empty_frame_with_its_types():
    server = ScriptedServer()
    try:
        server.on("/api/organisationUnits", as_json({"pager": {"total": 0}, "organisationUnits": []}))
        with Client(server.url, Basic("awa", "s3cret")) as client:
            found = client.org_units()
    finally:
        server.close()
    assert found.empty
    assert found["level"].dtype == np.int16 and found["longitude"].dtype == np.float64
