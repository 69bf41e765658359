from hypothesis import given
from hypothesis import strategies as st

from indicators.aberration import ALERT
from indicators.aberration_thresholds import CORRECTED, EXPLAINED, LEAST, MOST, REAL, UNKNOWN, learned

OUTCOMES = st.lists(st.sampled_from([CORRECTED, REAL, EXPLAINED, UNKNOWN]), max_size=60)


def test_without_outcomes_the_threshold_is_the_one_that_all_begin_with():
    assert learned().value == ALERT


def test_what_cannot_be_verified_says_nothing():
    assert learned(outcomes=[UNKNOWN] * 9) == learned()


@given(OUTCOMES)
def test_a_mistake_more_never_raises_it_and_an_event_more_never_lowers_it(outcomes):
    value = learned(outcomes=outcomes).value
    assert (
        learned(outcomes=[*outcomes, CORRECTED]).value <= value <= learned(outcomes=[*outcomes, REAL]).value
    )


@given(OUTCOMES, st.randoms())
def test_the_order_of_outcomes_says_nothing(outcomes, luck):
    turned = list(outcomes)
    luck.shuffle(turned)
    assert learned(outcomes=turned) == learned(outcomes=outcomes)


@given(st.floats(LEAST, MOST), OUTCOMES)
def test_it_stays_within_what_is_sensible(prior, outcomes):
    assert LEAST <= learned(prior, outcomes).value <= MOST


def test_one_outcome_moves_it_less_than_ten():
    one, ten = (learned(outcomes=[REAL] * number).value - ALERT for number in (1, 10))
    assert 0 < one < ten / 4
