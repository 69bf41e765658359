import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from indicators.robust import Around, grouped_medians, medians, normal_score

FIGURES = st.floats(-20, 20, width=32) | st.just(float("nan"))
MATRICES = arrays(np.float64, st.tuples(st.integers(1, 5), st.integers(1, 30)), elements=FIGURES)


def plain_median(values):
    known = values[~np.isnan(values)]
    return np.median(known) if len(known) else np.nan


@given(MATRICES)
def test_a_median_leaves_gaps_out(values):
    expected = [plain_median(row) for row in values]
    np.testing.assert_allclose(medians(values), expected)


@given(MATRICES, st.sampled_from(["centred", "trailing"]), st.integers(1, 12))
def test_the_level_of_a_month_never_looks_at_the_month_itself(values, mode, reach):
    around = Around(mode, reach)
    found, count = around.median(values), around.count(~np.isnan(values))
    for row in range(len(values)):
        for t in range(values.shape[1]):
            after = values[row, t + 1 : t + 1 + around.after]
            others = np.concatenate([values[row, max(0, t - around.before) : t], after])
            np.testing.assert_allclose(found[row, t], plain_median(others))
            assert count[row, t] == np.count_nonzero(~np.isnan(others))


@given(arrays(np.float64, 40, elements=FIGURES), arrays(np.intp, 40, elements=st.integers(0, 3)))
def test_each_group_has_its_own_median(values, groups):
    found, count = grouped_medians(values, groups, 5)
    np.testing.assert_allclose(found, [plain_median(values[groups == g]) for g in range(5)], atol=1e-8)
    assert count.tolist() == [np.count_nonzero(~np.isnan(values[groups == g])) for g in range(5)]


def test_medians_of_a_whole_country_do_not_depend_on_how_it_is_cut():
    rng = np.random.default_rng(7)
    values = rng.normal(size=(700, 45)).astype(np.float32)
    values[rng.random(values.shape) < 0.3] = np.nan
    whole = Around().median(values)
    assert whole.dtype == np.float32
    for row in (0, 231, 699):
        np.testing.assert_array_equal(whole[row], Around().median(values[[row]])[0])


@pytest.mark.parametrize(("probability", "score"), [(0.9, 0.0), (0.02275, 2.0), (3.167e-5, 4.0)])
def test_a_rare_figure_lies_as_many_deviations_down_as_a_normal_one(probability, score):
    assert normal_score(np.array(probability)) == pytest.approx(score, abs=1e-3)
