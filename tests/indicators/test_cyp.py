import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.cyp import FACTORS, REVISED, couple_years, factors

METHODS = sorted(factors(REVISED))


@given(units=st.lists(st.integers(0, 5000), min_size=len(METHODS), max_size=len(METHODS)))
def test_couple_years_are_the_sum_of_units_times_what_each_is_worth(units):
    given_ = {method: [count] for method, count in zip(METHODS, units, strict=True)}
    expected = sum(count * factors(202201)[method] for method, count in zip(METHODS, units, strict=True))
    assert couple_years(given_, [202201])[0] == pytest.approx(expected)
    turned = dict(reversed(list(given_.items())))
    assert couple_years(turned, [202201])[0] == pytest.approx(expected)
    doubled = {method: [2 * count[0]] for method, count in given_.items()}
    assert couple_years(doubled, [202201])[0] == pytest.approx(2 * expected)


def test_each_month_is_reckoned_with_the_factors_of_its_time():
    found = couple_years({"pill-progestin": [60, 60], "implant-4-years": [1, 1]}, [202107, 202108])
    assert found.tolist() == pytest.approx([60 / 15 + 3.2, 60 / 12 + 2.5])


def test_a_method_not_reported_adds_nothing_and_none_at_all_is_no_figure():
    found = couple_years({"iud-copper": [1, np.nan], "ring": [np.nan, np.nan]}, [201901, 201902])
    assert found[0] == 4.6 and np.isnan(found[1])


def test_a_country_may_have_factors_of_its_own():
    assert couple_years({"sterilisation": [2]}, [202201], {"sterilisation": 13}) == 26


def test_a_method_without_a_factor_is_named():
    with pytest.raises(KeyError, match="diaphragm-caya"):
        couple_years({"diaphragm-caya": [1]}, [201901])
    assert couple_years({"diaphragm-caya": [1]}, [202201]) == 1


def test_places_and_months_keep_their_shape():
    assert couple_years({"condom-male": [[120, 240], [0, 60]]}, [202201, 202202]).tolist() == [
        [1, 2],
        [0, 0.5],
    ]


def test_no_method_has_two_factors_from_one_month():
    assert len({(each.method, each.since) for each in FACTORS}) == len(FACTORS)


@pytest.mark.parametrize(
    ("method", "units"),
    [
        ("pill-combined", 15),
        ("pill-progestin", 12),
        ("condom-male", 120),
        ("condom-female", 120),
        ("injectable-3-months", 4),
        ("injectable-2-months", 6),
        ("injectable-1-month", 13),
        ("emergency", 20),
        ("ring", 15),
        ("patch", 15),
        ("lactational-amenorrhoea", 4),
        ("diaphragm-caya", 1),
    ],
)
def test_so_many_units_protect_one_couple_for_a_year(method, units):
    assert couple_years({method: [units]}, [202201])[0] == pytest.approx(1)


def test_a_procedure_protects_for_the_years_it_is_reckoned_at():
    lasting = ("iud-copper", "ius-levonorgestrel", "implant-3-years", "implant-5-years", "sterilisation")
    found = [couple_years({method: [1]}, [202201])[0] for method in (*lasting, "standard-days")]
    assert found == [4.6, 4.8, 2.5, 3.8, 10, 1.5]
    assert couple_years({"ius-levonorgestrel": [1]}, [202001]) == 3.3
