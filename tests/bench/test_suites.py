from dataclasses import replace

import numpy as np
import pytest

from bench.alerts_limit import limit, without_mistakes
from bench.alerts_measures import average_precision
from bench.suites_mistakes import NAMES, with_mistakes
from bench.suites_real import real
from bench.suites_simulated import KINDS, Size, consumption, services
from indicators.aberration import ALERT, Reported, score

SMALL = Size(facilities=200, months=36, districts=8)


def test_what_is_called_wrong_differs_from_what_was_there_and_nothing_else_does():
    right, _ = services(KINDS[0], 5, SMALL)
    wrong = with_mistakes(right, 5, rate=0.05)
    changed = (right.values != wrong.values) & ~np.isnan(wrong.values)
    np.testing.assert_array_equal(changed, (wrong.wrong > 0) & ~np.isnan(wrong.values))
    assert set(np.unique(wrong.wrong)) == set(range(len(NAMES)))


def test_the_same_seed_gives_the_same_suite():
    one, two = (consumption(services(KINDS[1], 6, SMALL), 6)[0] for _ in range(2))
    np.testing.assert_array_equal(one.values, two.values)


def test_the_real_series_are_those_of_contraceptives():
    suite = real()
    assert suite.values.shape[1] == 45 and len(suite.values) > 600
    assert 0.3 < (suite.values == 0).sum() / (~np.isnan(suite.values)).sum() < 0.5


def test_our_scores_come_near_those_of_who_knows_the_truth_and_flag_no_epidemic():
    right, truth = services(KINDS[1], 905, SMALL)
    suite = with_mistakes(right, 905, rate=0.02)
    there = ~np.isnan(suite.values)
    ours = score(Reported(suite.values, suite.item, suite.district)).score
    precision = [
        average_precision(np.nan_to_num(each[there], nan=-99), suite.wrong[there] > 0)
        for each in (ours, limit(suite, truth))
    ]
    assert precision[0] > 0.85 * precision[1] > 0.5
    event = suite.event & (suite.wrong == 0) & there
    assert event.any() and (ours[event] >= ALERT).mean() <= 0.01


def test_who_learnt_from_what_was_meant_judges_no_worse_than_who_learnt_from_the_mistakes():
    right, _ = services(KINDS[1], 906, SMALL)
    suite = replace(with_mistakes(right, 906, rate=0.1), meant=right.values)
    there = ~np.isnan(suite.values)
    ours = score(Reported(suite.values, suite.item, suite.district)).score
    learnt, told = (
        average_precision(np.nan_to_num(each[there], nan=-99), suite.wrong[there] > 0)
        for each in (ours, without_mistakes(suite))
    )
    assert 0.5 < learnt < told


def test_what_is_used_lies_around_the_mean_that_is_known_of_it():
    used, truth = consumption(services(KINDS[1], 6, SMALL), 6)
    large = ~np.isnan(used.values) & (truth.mean > 20)
    assert (used.values[large] / truth.mean[large]).mean() == pytest.approx(1, abs=0.05)
    assert (used.values[~np.isnan(used.values) & (truth.mean == 0)] == 0).all()
