import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.compare import View, compare
from tests.indicators.builders import FACILITIES, PAIR, a_rollup, assigned, units, values

MONTHS = [201811, 201812, 201901, 201902, 201903, 201904, 201905, 201906]
UNITS = ("N", "A", "B", *FACILITIES)
SERIES = [
    ("NEW", "count"),
    ("OLD", "count"),
    ("DEPO", "consumed"),
    ("SAYANA", "consumed"),
    ("DEPO", "closing"),
]

cells = st.dictionaries(
    st.tuples(st.sampled_from(UNITS), st.sampled_from(SERIES), st.sampled_from(MONTHS)),
    st.integers(0, 50),
    min_size=1,
    max_size=60,
)


def rows_of(cells):
    return [(unit, item, measure, month, value) for (unit, (item, measure), month), value in cells.items()]


def look(rollup, unit="N", grain="month", **choices):
    return compare(rollup, PAIR, View(unit, MONTHS[0], MONTHS[-1], grain, **choices))


def same(one, other):
    """Whether two answers show the same figures."""
    arrays = ("value", "n_reported", "n_expected", "imputed_share")
    return len(one.lines) == len(other.lines) and all(
        np.array_equal(getattr(a, name), getattr(b, name), equal_nan=True) and (a.state == b.state).all()
        for a, b in zip(one.lines, other.lines, strict=True)
        for name in arrays
    )


@settings(deadline=None, max_examples=25)
@given(cells)
def test_a_unit_is_its_own_figures_and_those_of_its_children(cells):
    answer = look(a_rollup(*rows_of(cells)), "A")
    months = [f"{month // 100}-{month % 100:02d}" for month in MONTHS]
    for side, measure, codes in (
        ("service", "count", ("NEW", "OLD")),
        ("commodity", "consumed", ("DEPO", "SAYANA")),
    ):
        value = np.nan_to_num(answer.line(side, measure).value)
        for at, period in enumerate(answer.periods):
            month = MONTHS[months.index(period)] if period in months else None
            own = sum(cells.get(("A", (code, measure), month), 0) for code in codes)
            assert value[0, at] == own + value[1:, at].sum()


@settings(deadline=None, max_examples=25)
@given(cells, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(cells, random):
    rows = rows_of(cells)
    shuffled = random.sample(rows, len(rows))
    assert same(look(a_rollup(*rows)), look(a_rollup(*shuffled)))


@settings(deadline=None, max_examples=25)
@given(cells, st.sampled_from(["quarter", "half", "year"]))
def test_the_months_of_a_flow_add_up_to_its_longer_periods(cells, grain):
    rollup = a_rollup(*rows_of(cells))
    months, longer = look(rollup), look(rollup, grain=grain)
    which = rollup.calendar.whole(grain).period_of(np.arange(len(rollup.months)))
    for side in (("service", "count"), ("commodity", "consumed")):
        line, total = months.line(*side), longer.line(*side)
        for period in range(len(longer.periods)):
            inside = which == period
            assert np.array_equal(
                np.nansum(line.value[:, inside], axis=1), np.nan_to_num(total.value[:, period])
            )
            assert np.array_equal(line.n_reported[:, inside].sum(axis=1), total.n_reported[:, period])
            assert np.array_equal(line.n_expected[:, inside].sum(axis=1), total.n_expected[:, period])


@settings(deadline=None, max_examples=25)
@given(cells)
def test_a_facility_split_in_two_changes_no_sum_above(cells):
    rows = [row for row in rows_of(cells) if row[0] in FACILITIES]
    tree = {"N": ["A", "B"], "A": ["A1", "A2"], "B": ["B1", "B2", "B3"]}
    split = [
        (("B3" if unit == "B2" and month % 2 else unit), i, m, month, v) for unit, i, m, month, v in rows
    ]
    places = {"org_units": units(tree), "assignments": assigned((*FACILITIES, "B3"), (*FACILITIES, "B3"))}
    before, after = a_rollup(*rows, org_units=units(tree)), a_rollup(*split, **places)
    for side in (("service", "count"), ("commodity", "consumed")):
        assert np.array_equal(look(before).line(*side).value, look(after).line(*side).value, equal_nan=True)


@settings(deadline=None, max_examples=25)
@given(cells)
def test_a_facility_that_reports_zero_adds_a_report_and_no_amount(cells):
    rows = [row for row in rows_of(cells) if row[0] != "B2" and row[1] in ("NEW", "OLD")]
    more = [*rows, *(("B2", "NEW", "count", month, 0) for month in MONTHS)]
    base = a_rollup(*rows, ("A1", "NEW", "count", 201811, 1), ("A1", "NEW", "count", 201906, 1))
    with_zero = a_rollup(*more, ("A1", "NEW", "count", 201811, 1), ("A1", "NEW", "count", 201906, 1))
    one, other = (look(rollup).line("service", "count") for rollup in (base, with_zero))
    assert np.array_equal(np.nan_to_num(one.value), np.nan_to_num(other.value))
    assert (other.n_reported[0] - one.n_reported[0] == 1).all()
    assert np.array_equal(one.n_expected, other.n_expected)


@settings(deadline=None, max_examples=25)
@given(cells, st.sampled_from(["month", "quarter", "half", "year"]))
def test_n_never_exceeds_n_and_missing_is_never_a_number(cells, grain):
    answer = look(a_rollup(*rows_of(cells)), grain=grain)
    for line in answer.lines:
        assert (line.n_reported <= line.n_expected).all()
        assert np.isnan(line.value[line.state == "missing"]).all()
        assert (line.value[line.state == "zero"] == 0).all()
        assert not np.isnan(line.value[line.state == "reported"]).any()


def test_figures_reported_at_any_level_count_once():
    rollup = a_rollup(
        ("A", "NEW", "count", 201901, 5), ("A1", "NEW", "count", 201901, 2), ("N", "NEW", "count", 201901, 1)
    )
    line = look(rollup).line("service", "count")
    assert line.value[:, 0].tolist()[:2] == [8, 7]
    assert look(rollup, "A").line("service", "count").value[:, 0].tolist()[:2] == [7, 2]


def test_sums_over_a_group_count_its_members_alone():
    groups = pd.DataFrame(
        [("g1", "Hospitals", "A1"), ("g1", "Hospitals", "B2")], columns=["group", "name", "org_unit"]
    )
    rows = [(unit, "NEW", "count", 201901, 10**at) for at, unit in enumerate(FACILITIES)]
    rollup = a_rollup(*rows, groups=groups)
    for name in ("g1", "Hospitals"):
        line = look(rollup, group=name).line("service", "count")
        assert line.value[:, 0].tolist() == [1001, 1, 1000]
        assert (line.n_reported[0, 0], line.n_expected[0, 0]) == (2, 2)
    district = look(rollup, "A", group="g1").line("service", "count")
    assert district.state[:, 0].tolist() == ["reported", "reported", "not_applicable"]
    with pytest.raises(KeyError, match="'Clinics'"):
        look(rollup, group="Clinics")


def test_the_nearest_reporting_unit_is_the_district_where_services_come_by_district():
    rollup = a_rollup(("A", "NEW", "count", 201901, 5), assignments=assigned(hmis=("A", "B")))
    assert rollup.nearest_reporting("A1", ["NEW", "OLD"]) == "A"
    assert rollup.nearest_reporting("B1", ["NEW"]) == "B"
    assert rollup.nearest_reporting("A", ["NEW"]) == "A"
    assert rollup.nearest_reporting("N", ["NEW"]) == "N"
    assert rollup.nearest_reporting("A1", ["NOBODY"]) is None


def test_the_breadcrumb_of_a_facility_goes_from_the_root_to_its_district():
    rollup = a_rollup()
    assert rollup.ancestors("B1") == ("N", "B")
    assert rollup.children("B") == ("B1", "B2")
    assert rollup.children("B1") == ()


def test_kept_sums_are_dropped_when_memory_is_short_and_come_again(monkeypatch):
    rollup = a_rollup(*((unit, "NEW", "count", 201901, 3) for unit in FACILITIES))
    before = look(rollup).rows()
    monkeypatch.setattr("indicators.rollup.KEPT_BYTES", 1)
    rollup = a_rollup(*((unit, "NEW", "count", 201901, 3) for unit in FACILITIES))
    for grain in ("quarter", "half", "year", "month"):
        look(rollup, grain=grain)
    assert look(rollup).rows().equals(before)


def test_values_of_zero_and_missing_differ():
    rollup = a_rollup(("A1", "NEW", "count", 201901, 0), ("B1", "NEW", "count", 201902, 4))
    line = look(rollup, "A").line("service", "count")
    assert line.state[0].tolist() == ["zero", "missing"]
    assert line.value[0, 0] == 0
    assert np.isnan(line.value[0, 1])
    assert values(("A1", "NEW", "count", 201901, 0))["value"].tolist() == [0.0]


@settings(deadline=None, max_examples=25)
@given(cells, st.sampled_from(["month", "quarter", "last3"]))
def test_figures_that_are_kept_for_the_next_question_are_those_worked_out_anew(cells, grain):
    kept, anew = a_rollup(*rows_of(cells)), a_rollup(*rows_of(cells))
    anew.own = lambda series, positions, span: anew._recipe(series).own(positions, span)
    for unit in ("A", "A1", "N"):
        for first in MONTHS[:5:2]:
            view = View(unit, first, MONTHS[-2], grain)
            for _ in range(2):
                assert same(compare(kept, PAIR, view), compare(anew, PAIR, view))
