"""Rules of data quality: each on reports that break it, and on reports that only seem to."""

import numpy as np
import pandas as pd
import pytest

from indicators.quality import RULES, Cascade, Known, Partners, explain, findings

ITEMS = pd.DataFrame(
    {
        "id": ["x", "y", "z", "w", "v", "s", "p"],
        "kind": ["commodity"] * 5 + ["service"] * 2,
        "form": ["lmis"] * 5 + ["hmis"] * 2,
        "pack_size": [30, 1, 1, 1, 1, 1, 1],
    }
)
KNOWN = Known(
    ITEMS,
    pairs=(Partners("pair", ("s",), ("x",)),),
    cascades=(Cascade(("s",), ("p",)),),
    substitutes=(("x", "y"),),
)
STEADY = [101, 97, 104, 99, 103, 96, 102, 98, 105, 95, 100, 99]


def month(number):
    return (2024 + number // 12) * 100 + number % 12 + 1


def series(item, measure, values, unit="a", months=1, first=0):
    """Rows of one measure, report after report; None is not reported."""
    told = [(month(first + at * months), value) for at, value in enumerate(values) if value is not None]
    return pd.DataFrame(
        {
            "org_unit": unit,
            "item": item,
            "measure": measure,
            "month": [each for each, _ in told],
            "months": months,
            "value": [float(value) for _, value in told],
        }
    )


def found(*parts, known=KNOWN):
    return findings(pd.concat(parts, ignore_index=True), known)


def of(rule, *parts, known=KNOWN):
    told = found(*parts, known=known)
    return told[told["rule"] == rule]


def line(item="x", unit="a", months=1, first=0, **measures):
    return [series(item, name, values, unit, months, first) for name, values in measures.items()]


def test_a_line_that_does_not_add_up_is_told_with_what_it_should_be():
    rows = of("arithmetic", *line(opening=[10], received=[5], consumed=[4], adjusted=[-1], closing=[12]))
    assert rows[["value", "expected", "second"]].to_numpy().tolist() == [[12, 10, 2]]


def test_a_line_that_adds_up_and_one_that_lacks_a_figure_are_not_told():
    assert of("arithmetic", *line(opening=[10], received=[5], consumed=[4], closing=[11])).empty
    assert of("arithmetic", *line(opening=[10], received=[None], consumed=[4], closing=[11])).empty


def test_losses_count_against_the_balance():
    assert of("arithmetic", *line(opening=[10], received=[0], consumed=[4], lost=[2], closing=[4])).empty


def test_an_opening_other_than_the_last_closing_is_told_but_not_after_a_gap():
    rows = of("continuity", *line(opening=[5, 8], closing=[6, 8]))
    assert rows[["month", "value", "expected"]].to_numpy().tolist() == [[202402, 8, 6]]
    assert of("continuity", *line(opening=[5, None, 8], closing=[6, None, 8])).empty


def test_quarters_are_compared_with_the_quarter_before():
    rows = of("continuity", *line(months=3, first=1, opening=[5, 8], closing=[6, 8]))
    assert rows[["month", "months", "value"]].to_numpy().tolist() == [[202405, 3, 8]]


def test_less_than_nothing_is_told_of_everything_but_adjustments():
    rows = of("negative", *line(opening=[-1], adjusted=[-5], consumed=[2], closing=[3]))
    assert rows["measure"].tolist() == ["opening"]
    assert rows[["value", "expected"]].to_numpy().tolist() == [[-1, 0]]


def test_more_issued_than_there_was_is_impossible():
    rows = of("impossible_issue", *line(opening=[10], received=[5], consumed=[16], closing=[0]))
    assert rows[["value", "expected"]].to_numpy().tolist() == [[16, 15]]
    assert of("impossible_issue", *line(opening=[10], received=[5], adjusted=[1], consumed=[16])).empty


def test_days_out_are_held_against_the_days_of_the_period():
    ended = {"closing": [0, 0]}
    assert of("impossible_days", *line(stockout_days=[31, 30], **ended))["month"].tolist() == [202402]
    assert of("impossible_days", *line(months=3, stockout_days=[90, 91], **ended)).empty


def test_issues_in_a_month_without_stock_are_told():
    rows = of("phantom_issue", *line(stockout_days=[28, 27], consumed=[5, 5], closing=[0, 0]))
    assert rows[["month", "value", "second"]].to_numpy().tolist() == [[202401, 5, 28]]


def test_silent_stock_outs_are_told_once_a_facility_however_many_there_are():
    reports = line(opening=[4] * 6, closing=[0] * 6, stockout_days=[0, 0, 0, 0, 3, 0], consumed=[4] * 6)
    rows = of("silent_stock_out", *reports, *line("y", closing=[0] * 6, stockout_days=[0] * 6))
    assert rows[["value", "second"]].to_numpy().tolist() == [[5, 6]]  # nobody carries y


def test_the_same_figure_again_and_again_is_one_finding_at_its_end():
    rows = of("flat_line", *line(consumed=[7, 25, 25, 25, 9, 3, 3, 3, 3, 8]))
    assert rows[["month", "since", "value", "second"]].to_numpy().tolist() == [
        [202404, 202402, 25, 3],
        [202409, 202406, 3, 4],
    ]


def forms(unit, now, before):
    return [
        series(item, "consumed", [was, is_], unit)
        for item, was, is_ in zip("xyzwv", before, now, strict=True)
    ]


def test_a_form_with_four_of_five_figures_of_the_month_before_is_copied():
    assert len(of("copied_form", *forms("a", [31, 42, 53, 64, 75], [31, 42, 53, 64, 7]))) == 1
    assert of("copied_form", *forms("a", [31, 42, 53, 64, 75], [31, 42, 53, 6, 7])).empty
    assert of("copied_form", *forms("a", [31, 42, 53, 64, 0], [31, 42, 53, 64, 0])).empty  # too few
    nothing_came = series("x", "received", [0, 0])
    assert of("copied_form", *forms("a", [31, 42, 53, 6, 7], [31, 42, 53, 64, 75]), nothing_came).empty


def test_two_facilities_that_say_the_same_name_each_other():
    one, other = forms("a", [310, 42, 53, 64, 75], [1] * 5), forms("b", [310, 42, 53, 64, 75], [2] * 5)
    rows = of("twin_facilities", *one, *other)
    assert rows[["org_unit", "other", "month"]].to_numpy().tolist() == [
        ["a", "b", 202402],
        ["b", "a", 202402],
    ]
    assert of("twin_facilities", *one, *forms("b", [310, 42, 53, 64, 76], [2] * 5)).empty


def test_few_small_figures_are_alike_by_chance():
    assert of(
        "twin_facilities", *forms("a", [3, 2, 4, 0, 0], [1] * 5), *forms("b", [3, 2, 4, 0, 0], [2] * 5)
    ).empty


def test_a_facility_that_rounds_is_told_once():
    rows = of(
        "heaping",
        *line(consumed=[30, 50, 40, 20, 60, 70] * 5),
        *line(unit="b", consumed=[31, 57, 44, 26, 63, 78] * 5),
    )
    assert rows[["org_unit", "value", "second"]].to_numpy().tolist() == [["a", 1.0, 24]]


@pytest.mark.parametrize(("last", "rule"), [(1001, "times_ten"), (3010, "pack_unit"), (10, "times_ten")])
def test_a_figure_far_off_is_asked_what_it_might_have_been(last, rule):
    rows = found(*line(consumed=[*STEADY, last]))
    assert rows.loc[rows["month"] == 202501, "rule"].tolist() == [rule]


def test_swapped_digits_are_told_with_what_they_should_be():
    steady = [192, 187, 195, 189, 191, 194, 188, 190, 193, 186, 192, 189]
    rows = of("digit_swap", *line(consumed=[*steady, 912]))
    assert rows[["value", "second"]].to_numpy().tolist() == [[912, 192]]


def test_twice_as_much_after_a_month_without_report_is_a_catch_up():
    assert len(of("catch_up", *line(consumed=[*STEADY, None, 203]))) == 1
    assert of("catch_up", *line(consumed=[*STEADY, 203])).empty


def sides(services, consumed, opening, closing, **more):
    stock = line(consumed=consumed, opening=opening, closing=closing, **more)
    return [series("s", "count", services), series("p", "count", [0] * len(services)), *stock]


def test_services_without_consumption_are_told_where_there_was_stock():
    rows = of("services_without_consumption", *sides([50, 50, 4], [0, 20, 0], [90, 90, 90], [90, 70, 90]))
    assert rows[["month", "second", "other"]].to_numpy().tolist() == [[202401, 50, "pair"]]


def test_a_stock_out_explains_that_nothing_was_consumed():
    assert of("services_without_consumption", *sides([50], [0], [0], [90])).empty
    assert of("services_without_consumption", *sides([50], [0], [9], [9], stockout_days=[5])).empty


def test_consumption_without_services_is_told_where_the_form_came():
    rows = of("consumption_without_services", *sides([0, 50], [30, 30], [90, 90], [60, 60]))
    assert rows[["month", "second"]].to_numpy().tolist() == [[202401, 30]]
    silent = [*line(consumed=[30], closing=[4], opening=[34]), series("s", "count", [5], unit="b")]
    assert of("consumption_without_services", *silent).empty


def test_a_quarter_of_consumption_is_set_beside_three_months_of_services():
    stock = line(months=3, consumed=[0], opening=[90], closing=[90])
    rows = of("services_without_consumption", series("s", "count", [3, 1, 2]), *stock)
    assert rows[["month", "months", "second"]].to_numpy().tolist() == [[202401, 3, 6]]


def test_sites_are_added_up_where_somebody_above_reports_their_services():
    known = Known(ITEMS, pairs=KNOWN.pairs, homes={"a": "d", "b": "d"})
    stock = [
        *line(consumed=[0], opening=[9], closing=[9]),
        *line(unit="b", consumed=[0], opening=[9], closing=[9]),
    ]
    rows = of("services_without_consumption", series("s", "count", [50], unit="d"), *stock, known=known)
    assert rows["org_unit"].tolist() == ["d"]
    one_uses = [*stock[:3], *line(unit="b", consumed=[2], opening=[9], closing=[7])]
    assert of(
        "services_without_consumption", series("s", "count", [50], unit="d"), *one_uses, known=known
    ).empty


def test_a_line_left_blank_is_told_where_both_sides_usually_are_there():
    y = line("y", consumed=[5] * 9)
    rows = of("missing_partner", *sides([50] * 9, [40] * 7 + [None, 40], [90] * 9, [50] * 9), *y)
    assert rows[["month", "measure"]].to_numpy().tolist() == [[202408, "consumed"]]


@pytest.mark.parametrize(
    ("used", "rules"), [(9, ["missing_partner"]), (10, ["consumption_without_services"])]
)
def test_services_left_blank_are_told_once_however_much_was_consumed(used, rules):
    parts = sides([50] * 7 + [None, 50], [40] * 7 + [used, 40], [90] * 9, [50] * 9)
    told = found(*parts, known=Known(ITEMS, KNOWN.pairs))
    assert told.loc[told["other"] == "pair", "rule"].tolist() == rules


def test_more_positive_than_tested_is_a_cascade_upside_down():
    rows = of("cascade", series("s", "count", [50, 50]), series("p", "count", [50, 51]))
    assert rows[["month", "value", "expected", "other"]].to_numpy().tolist() == [[202402, 51, 50, "s"]]


def test_the_form_is_held_against_the_stores_own_ledger():
    ledger = pd.DataFrame({"org_unit": ["a"], "item": ["x"], "month": [202402], "opening": [28.0]})
    known = Known(ITEMS, ledger=ledger)
    rows = of("opening_ledger", *line(opening=[20, 30], closing=[30, 5]), known=known)
    assert rows[["value", "expected", "second"]].to_numpy().tolist() == [[30, 28, 2]]
    assert of("opening_ledger", *line(closing=[28, 5]), known=known).empty


def test_where_a_form_has_no_opening_the_end_of_december_is_held_against_the_ledger_s_january():
    ledger = pd.DataFrame({"org_unit": ["a"], "item": ["x"], "month": [202501], "opening": [28.0]})
    rows = of("opening_ledger", *line(closing=[30, 5], first=11), known=Known(ITEMS, ledger=ledger))
    assert rows[["month", "value", "expected"]].to_numpy().tolist() == [[202501, 30, 28]]


def test_nothing_is_found_in_nothing():
    empty = series("x", "consumed", [])
    assert found(empty).empty
    assert explain(pd.DataFrame({"measure": []}), empty, KNOWN).empty


def test_every_finding_names_a_known_rule_its_severity_and_form():
    rows = found(*line(opening=[10, 5], received=[5, 0], consumed=[4, 9], closing=[12, -2]))
    assert set(rows["rule"]) <= set(RULES)
    assert set(rows["form"]) == {"lmis"}
    assert rows.index.tolist() == list(range(len(rows)))
    assert (rows["severity"] == rows["rule"].map(lambda name: RULES[name].severity)).all()


def test_missing_is_never_taken_for_zero():
    """A place that says nothing at all gives no finding, whatever the others say."""
    reports = line(opening=[5, 8], closing=[6, 8], consumed=[1, 2], received=[2, 0])
    alone = found(*reports)
    beside = found(*reports, series("x", "consumed", [None, None], unit="b"))
    pd.testing.assert_frame_equal(alone, beside)


def test_findings_do_not_change_what_they_are_given():
    values = pd.concat(line(opening=[10], consumed=[40], closing=[12]), ignore_index=True)
    kept = values.copy()
    findings(values, KNOWN)
    pd.testing.assert_frame_equal(values, kept)


def test_the_order_of_rows_and_categories_make_no_difference():
    values = pd.concat(
        [*line(consumed=[*STEADY, 1001]), *forms("b", [31, 42, 53, 64, 75], [31, 42, 53, 64, 7])]
    )
    mixed = values.sample(frac=1, random_state=np.random.RandomState(4))
    mixed = mixed.astype({"org_unit": "category", "item": "category", "measure": "category"})
    pd.testing.assert_frame_equal(findings(values, KNOWN), findings(mixed, KNOWN))


def test_where_tests_were_out_patients_treated_without_one_are_no_contradiction():
    counts = [series("s", "count", [5, 50]), series("p", "count", [50, 51])]
    known = Known(ITEMS, cascades=(Cascade(("s",), ("p",), ("x",)),))
    out = line(opening=[9, 9], closing=[0, 9], stockout_days=[4, 0])
    assert of("cascade", *counts, *out, known=known)["month"].tolist() == [202402]
    assert of("cascade", *counts, *line(opening=[9, 9], closing=[9, 9]), known=known)["month"].tolist() == [
        202401,
        202402,
    ]
