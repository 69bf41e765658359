"""The indicators over the roll-up, said in sentences; `test_oracle` asks for all of them at random."""

import numpy as np
import pandas as pd
import pytest

from indicators.cells import limits_of
from indicators.compare import View
from indicators.logistics import INDICATORS, NOT_CARRIED, Logistics
from indicators.question import Question, Subject
from indicators.rules import AverageRule, GroupLevels, Rules
from indicators.stock_status import Status
from tests.indicators.asked import BOTH_NEEDED, DEPO, INJECTABLES, MONTHS, SAYANA, ask, last, reports
from tests.indicators.builders import a_rollup


def test_a_district_pools_its_facilities_and_is_no_mean_of_their_rates():
    rollup = a_rollup(
        *reports("A1", closing=(100,) * 3), *reports("A2", closing=(0,) * 3, consumed=(40,) * 3)
    )
    answer = ask(rollup, "months_of_stock", "A", "A1", "A2")
    assert answer.value[:, 0, -1].tolist() == [2.0, 10.0, 0.0]
    assert (answer.numerator[0, 0, -1], answer.denominator[0, 0, -1]) == (100, 50)
    assert (answer.reported[0, 0, -1], answer.expected[0, 0, -1]) == (2, 2)


def test_a_place_that_does_not_carry_a_product_is_in_no_rate_of_it():
    rollup = a_rollup(*reports("A1", closing=(0, 0, 0)), *reports("A2", closing=(0,) * 3, consumed=(0,) * 3))
    answer = ask(rollup, "stockout_rate", "A", "A2")
    assert (answer.numerator[0, 0, -1], answer.denominator[0, 0, -1]) == (1, 1)
    assert np.isnan(answer.value[1, 0, -1])
    assert answer.state[1, 0, -1] == "not_applicable"


def test_silence_is_missing_and_no_stockout():
    rollup = a_rollup(*reports("A1", closing=(5, 5, None)), *reports("A2", closing=(0, 0, 0)))
    answer = ask(rollup, "stockout_rate", "A", "A1")
    assert (answer.value[0, 0, -1], answer.reported[0, 0, -1], answer.expected[0, 0, -1]) == (1, 1, 2)
    assert answer.state[1, 0, -1] == "missing"


def test_the_stock_of_a_longer_period_is_its_last_one():
    rollup = a_rollup(*reports("A1", closing=(0, 9, None)))
    answer = ask(rollup, "stockout_rate", "A1", first=201901, last=201903, grain="quarter")
    assert (answer.value[0, 0, 0], answer.denominator[0, 0, 0]) == (0, 1)


def test_a_family_is_out_when_all_of_its_members_are():
    one_left = a_rollup(*reports("A1", closing=(0,) * 3), *reports("A1", "SAYANA", closing=(2,) * 3))
    none_left = a_rollup(*reports("A1", closing=(0,) * 3), *reports("A1", "SAYANA", closing=(0,) * 3))
    assert last(one_left, "stockout_rate", "A1", INJECTABLES) == 0
    assert last(none_left, "stockout_rate", "A1", INJECTABLES) == 1
    assert last(one_left, "availability", "A1", INJECTABLES) == 1
    assert last(one_left, "consumption", "A1", INJECTABLES) == 20


def test_a_set_is_available_only_whole():
    rollup = a_rollup(*reports("A1", closing=(0,) * 3), *reports("A1", "SAYANA", closing=(2,) * 3))
    assert last(rollup, "availability", "A1", BOTH_NEEDED) == 0
    assert last(rollup, "availability_share", "A1", BOTH_NEEDED) == 0.5
    assert last(rollup, "stockout_rate", "A1", BOTH_NEEDED) == 0.5


def test_the_five_shares_of_status_add_up_to_one():
    rollup = a_rollup(
        *reports("A1", closing=(0,) * 3), *reports("A2", closing=(90,) * 3),
        *reports("B1", closing=(20,) * 3), *reports("B2", closing=(5, 5, None)),
    )  # fmt: skip
    names = [name for name in INDICATORS if name.startswith("status_")]
    shares = {name: last(rollup, name, "N") for name in names}
    assert shares == {
        "status_out": 0.25,
        "status_low": 0,
        "status_adequate": 0.25,
        "status_over": 0.25,
        "status_unknown": 0.25,
    }


def test_levels_without_a_group_are_those_of_all_others_and_no_groups_are():
    rollup = a_rollup(*reports("A1"))
    levels = (GroupLevels("nobody", 4, 9), GroupLevels("", 2, 5), GroupLevels("", 1, 8))
    found = limits_of(rollup, levels, np.arange(3))
    assert (found.low.tolist(), found.high.tolist()) == ([[2]] * 3, [[5]] * 3)
    usual = limits_of(rollup, levels[:1], np.arange(3))
    assert (usual.low.tolist(), usual.high.tolist()) == ([[1.5]] * 3, [[3]] * 3)


def test_levels_of_stock_are_those_of_a_places_group():
    groups = pd.DataFrame({"group": ["g"], "name": ["Hospital"], "org_unit": ["A2"]})
    rollup = a_rollup(*reports("A1", closing=(20,) * 3), *reports("A2", closing=(20,) * 3), groups=groups)
    rules = Rules(levels=(GroupLevels("", 1, 3), GroupLevels("Hospital", 3, 6), GroupLevels("unknown", 9, 9)))
    found = ask(rollup, "status_low", "A1", "A2", rules=rules)
    assert found.value[:, 0, -1].tolist() == [0, 1]


def test_the_rule_and_the_window_of_averages_are_the_countrys():
    rollup = a_rollup(*reports("A1", consumed=(10, 20, 30), days_out=(0, 14, 0)))
    assert last(rollup, "average_monthly_consumption", "A1") == pytest.approx((10 + 40 + 30) / 3)
    plain = Rules(average=AverageRule("none", months=2, least=1))
    assert last(rollup, "average_monthly_consumption", "A1", rules=plain) == 25
    dropped = Rules(average=AverageRule("commtrack"))
    assert last(rollup, "average_monthly_consumption", "A1", rules=dropped) == 20


def test_two_countries_rules_on_one_rollup_do_not_mix():
    rollup = a_rollup(*reports("A1", consumed=(10, 20, 30)), *reports("A2", consumed=(10, 20, 30)))
    short = Rules(average=AverageRule(months=1, least=1))
    assert [last(rollup, "average_monthly_consumption", "A", rules=each) for each in (None, short)] == [
        40,
        60,
    ]


def test_losses_are_of_what_there_was_to_lose():
    rows = [("A1", "DEPO", m, 201901, v) for m, v in (("opening", 60), ("received", 40), ("lost", 5))]
    rows += [("A1", "DEPO", m, 201902, v) for m, v in (("opening", 90), ("received", 20), ("lost", 3))]
    rollup = a_rollup(*rows)
    assert ask(rollup, "loss_rate", "A1").value[0, 0, :2].tolist() == [0.05, 3 / 110]
    quarter = ask(rollup, "loss_rate", "A1", first=201901, last=201902, grain="quarter")
    assert (quarter.numerator[0, 0, 0], quarter.denominator[0, 0, 0]) == (8, 120)


def test_an_order_is_served_by_the_next_report_of_its_length():
    quarters = [("A1", "DEPO", "ordered", 201901, 90, 3), ("A1", "DEPO", "received", 201904, 60, 3)]
    months = [("A2", "DEPO", "ordered", 201901, 50), ("A2", "DEPO", "received", 201902, 80)]
    rollup = a_rollup(*quarters, *months)
    answer = ask(rollup, "order_fill_rate", "A1", "A2", "A", first=201901, last=201906, grain="half")
    assert answer.numerator[:, 0, 0].tolist() == [60, 50, 110]
    assert answer.denominator[:, 0, 0].tolist() == [90, 50, 140]


def test_days_out_of_a_quarter_are_of_the_days_of_the_quarter():
    rollup = a_rollup(
        ("A1", "DEPO", "stockout_days", 201901, 45, 3), ("A1", "DEPO", "consumed", 201901, 10, 3)
    )
    answer = ask(rollup, "stockout_time", "A1", first=201901, last=201903, grain="quarter")
    assert (answer.numerator[0, 0, 0], answer.denominator[0, 0, 0]) == (pytest.approx(45), pytest.approx(90))


def test_a_heat_map_says_how_each_unit_stands():
    rollup = a_rollup(*reports("A1", closing=(0,) * 3), *reports("A2", closing=(25,) * 3))
    question = Question(("A", "A1", "A2", "B"), (DEPO,), 201903, 201903)
    found = Logistics(rollup).classes(question)[:, 0, 0].tolist()
    assert found == [Status.LOW, Status.STOCKED_OUT, Status.ADEQUATE, NOT_CARRIED]


def test_a_district_is_out_only_when_every_place_that_reported_is():
    rollup = a_rollup(*reports("A1", closing=(0,) * 3), *reports("A2", closing=(3,) * 3, consumed=(0, 0, 0)))
    classes = Logistics(rollup).classes(Question(("A", "A2"), (DEPO,), 201903, 201903))
    assert classes[:, 0, 0].tolist() == [Status.LOW, Status.UNKNOWN]


def test_spells_name_each_place_and_its_beginning():
    rollup = a_rollup(*reports("A1", closing=(0, 0, 4)), *reports("A2", closing=(3, 0, None)))
    found = Logistics(rollup).spells(Question(("A",), (DEPO,), 201901, 201903))
    assert found.values.tolist() == [
        ["A1", "DEPO", 201901, 2, True, False],
        ["A2", "DEPO", 201902, 1, False, True],
    ]


def test_protection_is_reckoned_with_the_factors_of_each_month():
    rules = Rules(protects={"DEPO": "injectable-3-months"})
    rollup = a_rollup(*reports("A1"), *reports("A1", "SAYANA"))
    assert last(rollup, "couple_years", "A1", rules=rules) == 2.5
    assert last(rollup, "couple_years", "A1", INJECTABLES, rules=rules) == 2.5
    assert np.isnan(last(rollup, "couple_years", "A1", SAYANA, rules=rules))


def test_products_are_classed_by_what_their_consumption_costs():
    rollup = a_rollup(*reports("A1"), *reports("A1", "SAYANA", consumed=(1, 1, 1)))
    question = Question(("A1", "B1"), (DEPO, SAYANA), 201901, 201903)
    classes = Logistics(rollup).abc(question, {"DEPO": 0.1, "SAYANA": 50})
    assert classes.tolist() == [["C", "A"], ["", ""]]


def test_a_question_may_be_that_of_a_view():
    rollup = a_rollup(*reports("A1"))
    question = Question.of(rollup, View("A", 201901, 201903, only=frozenset({"A", "A2"})), (DEPO,))
    assert question.units == ("A", "A2")
    assert Question.of(rollup, View("A", 201901, 201903, children=False), (DEPO,)).units == ("A",)


def test_rates_of_products_pool_and_quantities_do_not():
    rollup = a_rollup(*reports("A1", closing=(0,) * 3), *reports("A1", "SAYANA"))
    pooled = ask(rollup, "stockout_rate", "A1", subjects=(DEPO, SAYANA)).pooled()
    assert pooled.value[0, 0, -1] == 0.5 and pooled.subjects[0].codes == ("DEPO", "SAYANA")
    for indicator in ("consumption", "loss_rate", "reporting_rate"):
        with pytest.raises(ValueError, match="cannot be pooled"):
            ask(rollup, indicator, "A1", subjects=(DEPO, SAYANA)).pooled()


def test_a_name_that_nobody_gave_is_answered_with_those_that_there_are():
    with pytest.raises(KeyError, match="No indicator is called 'rupture': there are consumption, stock"):
        ask(a_rollup(*reports("A1")), "rupture", "A1")


def test_a_product_that_the_snapshot_lacks_has_no_figures():
    for indicator in INDICATORS:
        answer = ask(a_rollup(*reports("A1")), indicator, "A1", subjects=(Subject.product("NONE"),))
        assert np.isnan(answer.value).all() and not answer.expected.any()


def test_spells_of_a_set_are_each_products_and_of_a_group_its_places():
    rollup = a_rollup(
        *reports("A1", closing=(0, 3, 3)),
        *reports("A1", "SAYANA", closing=(3, 0, 0)),
        *reports("A2", closing=(0, 0, 0)),
        groups=pd.DataFrame({"group": ["g"], "name": ["Hospital"], "org_unit": ["A1"]}),
    )
    question = Question(("A", "A1"), (BOTH_NEEDED,), 201901, 201903, group="Hospital")
    found = Logistics(rollup).spells(question)
    assert found[["unit", "subject", "start", "months"]].values.tolist() == [
        ["A1", "both", 201901, 1],
        ["A1", "both", 201902, 2],
    ]


def test_how_long_those_that_are_out_have_been_so():
    rollup = a_rollup(*reports("A1", closing=(0, 0, 0)), *reports("A2", closing=(5, 0, 0)), *reports("B1"))
    answer = ask(rollup, "stockout_spell", "N", "A1", "B1")
    assert answer.value[:2, 0].tolist() == [[1, 1.5, 2.5], [1, 2, 3]]
    assert np.isnan(answer.value[2]).all()


def test_reports_are_of_the_form_and_timely_only_where_days_are_recorded():
    rows = [
        ("A1", "lmis", month, 1, True, timely)
        for month, timely in zip(MONTHS, (True, False, None), strict=True)
    ]
    columns = ["org_unit", "form", "month", "months", "registered", "on_time"]
    frame = pd.DataFrame(rows, columns=columns).astype({"on_time": "boolean"})
    rollup = a_rollup(
        *reports("A1"), *reports("A2", closing=(5, 5, None), consumed=(1, 1, None)), reports=frame
    )
    rate = ask(rollup, "reporting_rate", "A")
    assert rate.numerator[0, 0].tolist() == [2, 2, 1] and rate.expected[0, 0].tolist() == [2, 2, 2]
    late = ask(rollup, "timeliness", "A")
    assert late.numerator[0, 0].tolist() == [1, 0, 0]
    assert late.denominator[0, 0].tolist() == [1, 1, 1], (
        "who is silent is late; a report without a day is not"
    )
    received = ask(rollup, "timeliness_of_received", "A")
    assert received.denominator[0, 0].tolist() == [1, 1, 0]
    unrecorded = ask(a_rollup(*reports("A1")), "timeliness", "A")
    assert np.isnan(unrecorded.value).all() and unrecorded.expected[0, 0].tolist() == [2, 2, 2]
