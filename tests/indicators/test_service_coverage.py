"""Coverage of services: the worked rules, a slow recount on random countries, and what must not change it."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.logistics import Logistics
from indicators.populations import years_of
from indicators.question import Question, Subject
from indicators.rollup import Frames, Rollup
from indicators.rules import Rules, Target
from indicators.service_coverage import coverage

UNITS = pd.DataFrame({
    "id": ["n", "a", "a1", "a2", "b", "b1"], "code": ["N", "A", "A1", "A2", "B", "B1"],
    "name": list("nxyzuv"),
    "level": [1, 2, 3, 3, 2, 3], "parent": [None, "n", "a", "a", "n", "b"],
    "opened": pd.NaT, "closed": pd.NaT, "first": range(6), "last": [6, 4, 3, 4, 6, 6],
})  # fmt: skip
ITEMS = pd.DataFrame({
    "id": ["anc", "pop"], "code": ["ANC", "POP"], "name": ["visits", "people"],
    "kind": ["service", "population"], "form": ["care", "people"], "source": ["HMIS", "census"],
})  # fmt: skip
ASSIGNED = pd.DataFrame({"form": "care", "org_unit": ["a1", "a2", "b1"]})
VISITS = Subject.services("anc1", ("ANC",))


def values(services: dict, people: dict) -> pd.DataFrame:
    """Rows of visits by (unit, month) and of people by (unit, year)."""
    rows = [(unit, "anc", "count", month, 1, value, "reported") for (unit, month), value in services.items()]
    rows += [
        (unit, "pop", "count", year * 100 + 1, 12, value, "reported")
        for (unit, year), value in people.items()
    ]
    names = ["org_unit", "item", "measure", "month", "months", "value", "state"]
    return pd.DataFrame(rows, columns=names).astype({"month": "int32", "value": "float64"})


def built(services: dict, people: dict, units: pd.DataFrame = UNITS, **target: float) -> Logistics:
    frames = Frames(units, ITEMS, values(services, people), ASSIGNED)
    return Logistics(
        Rollup.build(frames), Rules(targets={"anc1": Target("POP", **({"share": 0.04} | target))})
    )


def asked(
    logistics: Logistics, unit: str = "n", first: int = 202501, last: int = 202503, grain: str = "quarter"
):
    return logistics.ask("coverage", Question((unit,), (VISITS,), first, last, grain))


QUARTER = {(unit, month): 10.0 for unit in ("a1", "a2", "b1") for month in (202501, 202502, 202503)}


def test_services_are_set_over_the_share_of_the_people_that_the_months_are_of_the_year():
    answer = asked(built(QUARTER, {("a1", 2025): 1000, ("a2", 2025): 1000, ("b1", 2025): 2000}))
    assert answer.numerator[0, 0, 0] == 90
    assert answer.denominator[0, 0, 0] == pytest.approx(4000 * 0.04 / 4)
    assert answer.value[0, 0, 0] == pytest.approx(2.25)
    assert (answer.reported[0, 0, 0], answer.expected[0, 0, 0]) == (9, 9)


def test_what_is_over_all_is_not_cut_off():
    answer = asked(built(QUARTER, {("a1", 2025): 100}), unit="a1")
    assert answer.value[0, 0, 0] == pytest.approx(30.0)


def test_a_place_s_own_estimate_stands_before_the_sum_of_those_below_it():
    found = asked(
        built(QUARTER, {("a", 2025): 5000, ("a1", 2025): 1000, ("a2", 2025): 1000, ("b1", 2025): 1000})
    )
    assert found.denominator[0, 0, 0] == pytest.approx(6000 * 0.01)


def test_services_of_places_whose_people_nobody_knows_are_in_neither_number_and_said():
    logistics = built(QUARTER, {("a1", 2025): 1000})
    question = Question(("n", "b"), (VISITS,), 202501, 202503, "quarter")
    found = logistics.coverage(VISITS, question)
    assert found.services[:, 0].tolist() == [30, 0]
    assert found.outside[:, 0].tolist() == [60, 30]
    assert found.why[:, 0].tolist() == ["", "population"]
    answer = logistics.ask("coverage", question)
    assert answer.state[:, 0, 0].tolist() == ["reported", "missing"]
    assert (answer.reported[0, 0, 0], answer.expected[0, 0, 0]) == (3, 9)


def test_months_without_a_report_are_no_services_and_stay_expected():
    silent = {key: value for key, value in QUARTER.items() if key != ("a1", 202502)}
    answer = asked(built(silent, {("a1", 2025): 1200}), unit="a1")
    assert answer.value[0, 0, 0] == pytest.approx(20 / 12)
    assert (answer.reported[0, 0, 0], answer.expected[0, 0, 0]) == (2, 3)


def test_where_nobody_reported_nothing_is_known():
    only_b = {key: value for key, value in QUARTER.items() if key[0] == "b1"}
    logistics = built(only_b, {("a1", 2025): 1200, ("b1", 2025): 1200})
    assert np.isnan(asked(logistics, "a1").value).all()
    assert logistics.coverage(
        VISITS, Question(("a1",), (VISITS,), 202501, 202503, "quarter")
    ).why.tolist() == [["services"]]


def test_an_estimate_is_carried_for_so_many_years_and_no_longer():
    months = {("b1", year * 100 + 1): 10.0 for year in (2023, 2024, 2025, 2026)}
    logistics = built(months, {("b1", 2023): 1200}, carried=2)
    answer = asked(logistics, "b1", 202301, 202601, "month")
    known = dict(zip(answer.periods, answer.denominator[0, 0], strict=True))
    assert [known[f"{year}-01"] > 0 for year in (2023, 2024, 2025, 2026)] == [True, True, True, False]
    found = logistics.coverage(VISITS, Question(("n",), (VISITS,), 202501, 202512, "year"))
    assert found.year.tolist() == [[2023]]


def test_an_estimate_is_never_taken_back_to_the_years_before_it():
    months = {("b1", 202401): 10.0, ("b1", 202501): 10.0}
    answer = asked(built(months, {("b1", 2025): 1200}), "b1", 202401, 202412, "year")
    assert np.isnan(answer.value).all()


def test_the_people_of_a_closed_place_are_no_longer_counted():
    units = UNITS.assign(closed=[pd.NaT] * 5 + [pd.Timestamp("2025-02-15")])
    answer = asked(built(QUARTER, {("b1", 2025): 1200}, units), "b1", grain="month")
    assert (answer.denominator[0, 0] > 0).tolist() == [True, True, False]


def test_estimates_stretch_no_calendar_are_no_item_and_are_expected_of_nobody():
    rollup = built(QUARTER, {("a1", 2019): 1000, ("a1", 2030): 1000}).rollup
    assert rollup.months.tolist() == [202501, 202502, 202503]
    assert rollup.items["code"].tolist() == ["ANC"]
    assert rollup.left_out == 0
    assert rollup.populations.items["POP"]["form"] == "people"


def test_the_group_s_people_stand_against_the_group_s_services():
    frames = Frames(
        UNITS, ITEMS, values(QUARTER, {("a1", 2025): 1200, ("b1", 2025): 1200}), ASSIGNED,
        groups=pd.DataFrame({"group": ["g"], "name": ["posts"], "org_unit": ["b1"]}),
    )  # fmt: skip
    logistics = Logistics(Rollup.build(frames), Rules(targets={"anc1": Target("POP", share=0.04)}))
    answer = logistics.ask("coverage", Question(("n",), (VISITS,), 202501, 202503, "quarter", "posts"))
    assert (answer.numerator[0, 0, 0], answer.denominator[0, 0, 0]) == (30, pytest.approx(12))


def test_what_no_target_is_configured_of_is_not_applicable_and_refused_by_name():
    logistics, measles = built(QUARTER, {}), Subject.services("measles", ("ANC",))
    question = Question(("n",), (measles,), 202501, 202503)
    assert set(logistics.ask("coverage", question).state.ravel()) == {"not_applicable"}
    with pytest.raises(KeyError, match="'measles': there are anc1"):
        logistics.coverage(measles, question)


def test_one_function_says_the_same_of_places_in_a_row():
    target = Target("POP", share=0.04)
    assert coverage([30, 30], [1200, np.nan], target, 3) == pytest.approx(2.5)
    assert np.isnan(coverage([np.nan, 5], [1200, np.nan], target, 3))


LEAVES = ("a1", "a2", "b1")
MONTHS = [year * 100 + month for year in (2024, 2025) for month in range(1, 13)]
COUNTS = st.dictionaries(
    st.tuples(st.sampled_from(LEAVES), st.sampled_from(MONTHS)), st.integers(0, 500), min_size=1, max_size=40
)
PEOPLE = st.dictionaries(
    st.tuples(st.sampled_from([*LEAVES, "a", "b", "n"]), st.integers(2020, 2026)),
    st.integers(1, 9999),
    max_size=9,
)
PARENTS = dict(zip(UNITS["id"], UNITS["parent"], strict=True))
BELOW = {unit: [each for each in UNITS["id"] if PARENTS[each] == unit] for unit in UNITS["id"]}


def recounted(
    services: dict, people: dict, unit: str, months: list[int], carried: int
) -> tuple[float, float]:
    """Services and expected ones of a unit, month by month and place by place."""

    def under(place: str) -> list[str]:
        return [place, *(each for child in BELOW[place] for each in under(child))]

    def of(place: str, month: int) -> tuple[float, float]:
        years = range(month // 100, month // 100 - carried - 1, -1)
        own = next((people[place, year] for year in years if (place, year) in people), None)
        if own is None:
            parts = [of(child, month) for child in BELOW[place]]
            return sum(part[0] for part in parts), sum(part[1] for part in parts)
        return sum(services.get((each, month), 0) for each in under(place)), own * 0.04 / 12

    found = [of(unit, month) for month in months]
    return sum(each[0] for each in found), sum(each[1] for each in found)


@settings(max_examples=60, deadline=None)
@given(COUNTS, PEOPLE, st.sampled_from(list(UNITS["id"])), st.integers(0, 3))
def test_a_slow_recount_agrees_on_random_countries(services, people, unit, carried):
    logistics = built(services, people, carried=carried)
    months = logistics.rollup.months.tolist()
    answer = asked(logistics, unit, months[0], months[-1], "year")
    for at, start in enumerate(answer.starts):
        of_year = [month for month in months if month // 100 == start // 100]
        above, below = recounted(services, people, unit, of_year, carried)
        assert np.nan_to_num(answer.numerator[0, 0, at]) == pytest.approx(above)
        assert answer.denominator[0, 0, at] == pytest.approx(below)


def known_of(people: dict, unit: str, month: int, carried: int) -> dict[str, int]:
    """{place whose own estimate stands in what a unit's people are: the year of it}."""
    own = [year for place, year in people if place == unit and 0 <= month // 100 - year <= carried]
    if own:
        return {unit: max(own)}
    return {
        place: year
        for child in BELOW[unit]
        for place, year in known_of(people, child, month, carried).items()
    }


@settings(max_examples=60, deadline=None)
@given(COUNTS, PEOPLE, st.sampled_from(list(UNITS["id"])), st.integers(0, 3))
def test_the_oldest_estimate_is_named_and_what_lies_outside_is_said(services, people, unit, carried):
    logistics = built(services, people, carried=carried)
    months = logistics.rollup.months.tolist()
    found = logistics.coverage(VISITS, Question((unit,), (VISITS,), months[0], months[-1], "year"))
    inside = [leaf for leaf in LEAVES if unit in (leaf, leaf[0], "n")]
    for at, year in enumerate(sorted({month // 100 for month in months})):
        of_year = [month for month in months if month // 100 == year]
        known = {month: known_of(people, unit, month, carried) for month in of_year}
        years = [each for of_month in known.values() for each in of_month.values()]
        assert found.year[0, at] == min(years, default=0)
        sent = [(leaf, month) for leaf in inside for month in of_year if (leaf, month) in services]
        of_known = [each for each in sent if {each[0], each[0][0], "n"} & set(known[each[1]])]
        assert found.reported[0, at] == len(of_known)
        assert found.expected[0, at] == len(inside) * len(of_year)
        total, counted = (sum(services[each] for each in some) for some in (sent, of_known))
        assert (found.services[0, at], found.outside[0, at]) == (counted, total - counted)


@settings(max_examples=30, deadline=None)
@given(COUNTS, PEOPLE, st.integers(2, 9))
def test_as_many_times_more_services_are_as_many_times_the_coverage(services, people, times):
    once = asked(built(services, people), "n", 202401, 202512, "year").value
    more = asked(
        built({key: value * times for key, value in services.items()}, people), "n", 202401, 202512, "year"
    )
    np.testing.assert_allclose(more.value, once * times)


@settings(max_examples=30, deadline=None)
@given(COUNTS, PEOPLE)
def test_an_added_place_without_people_or_services_changes_nothing(services, people):
    units = pd.concat([UNITS, UNITS.tail(1).assign(id="b2", code="B2", first=6, last=7)], ignore_index=True)
    units.loc[units["id"].isin(["n", "b"]), "last"] = 7
    before, after = (
        asked(built(services, people, each), "n", 202401, 202512, "year") for each in (UNITS, units)
    )
    np.testing.assert_array_equal(before.value, after.value)


@pytest.mark.parametrize("months", [1, 3, 6, 12])
@pytest.mark.parametrize("start", [202401, 202402, 202407, 202410, 202411, 202412])
def test_a_window_lies_in_the_years_of_its_months(start, months):
    year, month = divmod(start, 100)
    years = {year + (month - 1 + after) // 12 for after in range(months)}
    assert years_of(start, months) == (min(years), max(years))
