"""Where an alert begins: its odds, forms copied whole, and thresholds learnt from closed alerts."""

from math import log

import numpy as np
import pytest

from indicators.aberration import Reported, Scores, score
from indicators.aberration_forms import copied_forms
from indicators.aberration_thresholds import learned


def test_an_alert_begins_at_odds_of_seven_to_nine():
    odds = np.array([[np.log(7 / 9), -0.25, -0.2501, np.nan]])
    codes = np.zeros(odds.shape, np.int8)
    found = Scores(odds, codes, codes, codes, codes == 0, Reported(odds), "retrospective")
    assert found.alert.tolist() == [[False, True, False, False]]
    assert np.log(7 / 9) == pytest.approx(-0.25, abs=0.002)


def test_a_copied_form_by_itself_makes_no_figure_of_it_an_alert():
    values = np.random.default_rng(1).poisson(400, (9, 24)).astype(float)
    values[:, 12] = values[:, 11]
    item_of, place = np.zeros(9, dtype=int), np.zeros(9, dtype=int)
    assert (copied_forms(values, item_of, place)[:, 12] > 2).all()
    alone, found = score(Reported(values)), score(Reported(values, place=place))
    added = np.logaddexp(alone.score[:, 12], -0.5)
    assert found.score[:, 12] == pytest.approx(added, abs=1e-4)
    assert not found.alert[:, 12].any()


def test_thresholds_begin_anew_at_their_bounds():
    assert learned(-1.4, ["corrected"] * 40).value == -1.5
    assert learned(5.9, ["confirmed_real"] * 40).value == 6
    ten = learned(0.0, ["corrected"] * 2 + ["explained"] * 8)
    assert ten.share == pytest.approx(0.5)
    assert ten.value == pytest.approx(log(4))
