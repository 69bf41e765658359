"""Rules within one place's stock reports at their limits, and pairs of which one side falls silent."""

import pytest

from tests.indicators.test_quality import found, line, of, series


def ends(reports, nothing, quiet, **more):
    """A year and more of reports: ends at nothing, and those of them without a day of stock-out."""
    closing = [0 if at in nothing else 9 for at in range(reports)]
    days = [0 if at in quiet or at not in nothing else 4 for at in range(reports)]
    return line(opening=[9] * reports, closing=closing, stockout_days=days, **more)


@pytest.mark.parametrize(
    ("nothing", "quiet", "told"),
    [
        ({1, 2, 3}, {1, 2, 3}, [3, 3]), ({1, 2}, {1, 2}, None), ({1, 2, 3, 4, 5, 6}, {1, 3, 5}, [3, 6]),
        ({1, 2, 3, 4, 5, 6, 7}, {1, 3, 5}, None), ({0, 11, 12}, {0, 11, 12}, None),
        ({1, 11, 12}, {1, 11, 12}, [3, 3]), (set(), set(), None),
    ],
)  # fmt: skip
def test_three_silent_ends_of_the_last_twelve_reports_and_half_of_all_are_told(nothing, quiet, told):
    rows = of("silent_stock_out", *ends(13, nothing, quiet))
    assert rows[["value", "second"]].to_numpy().tolist() == ([told] if told else [])


def test_silence_is_told_from_its_first_month_to_its_last():
    rows = of("silent_stock_out", *ends(13, {2, 5, 9}, {2, 5, 9}))
    assert rows[["since", "month", "measure", "expected"]].to_numpy().tolist() == [
        [202403, 202410, "stockout_days", 0]
    ]


def test_of_quarters_the_last_four_are_looked_at():
    quarters = {"months": 3, "first": 1}
    assert of("silent_stock_out", *ends(5, {0, 3, 4}, {0, 3, 4}, **quarters)).empty
    rows = of("silent_stock_out", *ends(5, {1, 3, 4}, {1, 3, 4}, **quarters))
    assert rows[["since", "month", "months"]].to_numpy().tolist() == [[202405, 202502, 3]]


def test_the_newest_report_of_a_place_is_that_of_any_of_its_items():
    silent = ends(4, {1, 2, 3}, {1, 2, 3})
    assert len(of("silent_stock_out", *silent, series("y", "closing", [5] * 13)))
    assert of("silent_stock_out", *silent, series("y", "closing", [5] * 14)).empty
    assert len(of("silent_stock_out", *silent, series("y", "closing", [5] * 14, unit="b")))


@pytest.mark.parametrize(("days", "months"), [(28, 1), (84, 3)])
def test_issues_are_told_from_four_weeks_out_of_each_month_on(days, months):
    told = of(
        "phantom_issue",
        *line(months=months, stockout_days=[days, days - 1, days], consumed=[1, 1, 0], closing=[0] * 3),
    )
    assert told["second"].tolist() == [days]


def both(used):
    """Services of fifty every month; what was used of x, and of y, that is on the same form."""
    reports = len(used)
    stock = line(consumed=used, opening=[90] * reports, closing=[90] * reports)
    other = line("y", consumed=[5] * reports)
    return [series("s", "count", [50] * reports), *stock, *other]


def test_a_side_is_missing_as_long_as_six_of_the_twelve_months_before_had_both():
    rows = of("missing_partner", *both([40] * 9 + [None] * 12))
    assert rows["month"].tolist() == [202410, 202411, 202412, 202501, 202502, 202503, 202504]
    assert of("missing_partner", *both([40] * 5 + [None] * 3)).empty
    assert of("missing_partner", *both([40] * 6 + [None]))["month"].tolist() == [202407]


def test_of_quarters_two_of_the_four_before_had_both():
    def told(used):
        stock = line(months=3, consumed=used, opening=[90] * len(used), closing=[90] * len(used))
        other = line("y", months=3, consumed=[5] * len(used))
        return of("missing_partner", series("s", "count", [9] * 3 * len(used)), *stock, *other)

    assert told([40, 40, 40, None, None, None])["month"].tolist() == [202410, 202501, 202504]
    assert told([40, 40, 40] + [None] * 4)["month"].tolist() == [202410, 202501, 202504]
    assert told([40, None]).empty


@pytest.mark.parametrize(
    ("served", "used", "opening", "closing", "days", "told"),
    [
        (5, 0, 1, 1, 0, True), (4, 0, 9, 9, 0, False), (5, 1, 9, 9, 0, False), (5, 0, 0, 9, 0, False),
        (5, 0, 9, 0, 0, False), (5, 0, 9, 9, 1, False), (5, None, 9, 9, 0, False), (5, 0, None, 9, 0, False),
    ],
)  # fmt: skip
def test_five_services_use_something_where_there_was_stock(served, used, opening, closing, days, told):
    stock = line(consumed=[used], opening=[opening], closing=[closing], stockout_days=[days])
    rows = of("services_without_consumption", series("s", "count", [served]), *stock)
    assert len(rows) == told


@pytest.mark.parametrize(
    ("served", "used", "told"), [(0, 10, True), (0, 9, False), (1, 10, False), (None, 10, True)]
)
def test_ten_units_used_without_services_are_told_where_their_form_came(served, used, told):
    parts = [series("s", "count", [served]), series("p", "count", [3]), *line(consumed=[used])]
    parts += [series("s", "count", [4], first=1)]
    assert len(found(*parts).query("rule == 'consumption_without_services'")) == told


@pytest.mark.parametrize(("opening", "told"), [(1, [[4, 4]]), (0, [])])
def test_what_was_never_there_is_not_carried_and_one_unit_is_something(opening, told):
    rows = of("silent_stock_out", *line(opening=[opening] * 4, closing=[0] * 4, stockout_days=[0] * 4))
    assert rows[["value", "second"]].to_numpy().tolist() == told


@pytest.mark.parametrize(("served", "used"), [(1, 40), (40, 1)])
def test_a_single_unit_of_the_other_side_is_enough_to_miss_one(served, used):
    parts = [
        series("s", "count", [40] * 7 + [served if served == 1 else None]),
        series("p", "count", [3] * 8),
    ]
    parts += line(consumed=[40] * 7 + [None if served == 1 else used], opening=[90] * 8, closing=[90] * 8)
    rows = of("missing_partner", *parts, *line("y", received=[5] * 8), *line("z", consumed=[5] * 8))
    assert rows[["month", "second"]].to_numpy().tolist() == [[202408, 1]]
