import numpy as np
import pytest

from indicators.aberration import (
    ALERT,
    EXPLANATIONS,
    MISTAKES,
    Reported,
    latest,
    learnt,
    score,
)

CODES = {name: code for code, name in MISTAKES.items()}
EXPLAINED = {name: code for code, name in EXPLANATIONS.items()}


def counts(series=60, months=48, seed=3, level=(30, 200)):
    """Negative binomial counts around levels that differ, with one season."""
    rng = np.random.default_rng(seed)
    season = np.exp(0.4 * np.cos(2 * np.pi * np.arange(months) / 12))
    mean = rng.uniform(*level, (series, 1)) * season
    return rng.poisson(mean * rng.gamma(25, 1 / 25, mean.shape)).astype(float)


AREA = np.repeat(np.arange(4), 15)


def test_right_figures_are_seldom_alerts():
    assert score(Reported(counts(), area=AREA)).alert.mean() < 0.002


@pytest.mark.parametrize("sight", ["retrospective", "prospective"])
@pytest.mark.parametrize(
    ("mistake", "name"),
    [
        (lambda x: x * 10, "times_ten"),
        (lambda x: x // 10, "tenth"),
        (lambda x: 0 * x, "zero"),
        (lambda x: x * 24, "packs"),
    ],
)
def test_a_slip_of_the_pen_is_an_alert_that_names_it(mistake, name, sight):
    values = counts()
    values[5, 40] = 87
    values[5, 40] = mistake(np.float64(87))
    found = score(Reported(values, area=AREA), sight)
    assert found.alert[5, 40]
    assert found.mistake[5, 40] == CODES[name]


def test_swapped_digits_are_named():
    values = counts(level=(120, 130))
    values[5, 40] = 129
    right = score(Reported(values, area=AREA))
    values[5, 40] = 921
    wrong = score(Reported(values, area=AREA))
    assert right.score[5, 40] < ALERT <= wrong.score[5, 40]
    values[5, 40] = 219
    assert score(Reported(values, area=AREA)).mistake[5, 40] in (CODES["swapped"], CODES["doubled"])


def test_two_months_in_one_report_are_named_where_the_month_before_is_missing():
    values = counts(level=(190, 200))
    values[5, 40] += values[5, 39]
    alone = score(Reported(values, area=AREA)).score[5, 40]
    values[5, 39] = np.nan
    found = score(Reported(values, area=AREA))
    assert found.mistake[5, 40] == CODES["doubled"]
    assert found.score[5, 40] > alone


def test_three_copies_are_more_suspicious_than_one():
    values = counts()
    values[5, 40] = values[5, 39]
    one = score(Reported(values, area=AREA)).score[5, 40]
    values[5, 40:43] = values[5, 39]
    found = score(Reported(values, area=AREA))
    assert found.score[5, 41] > one + 3
    assert found.mistake[5, 41] == CODES["copied"]


def test_an_epidemic_of_the_district_is_no_mistake_but_the_same_rise_at_one_place_is_suspicious():
    values = counts()
    alone = values.copy()
    alone[5, 40] *= 4
    values[AREA == 0, 40] *= 4
    together = score(Reported(values, area=AREA))
    assert together.score[5, 40] < score(Reported(alone, area=AREA)).score[5, 40] - 3
    assert not together.alert[AREA == 0, 40].any()
    assert (together.explained[AREA == 0, 40] == EXPLAINED["area"]).mean() > 0.8


def test_a_rise_that_the_other_side_shows_as_well_is_no_mistake():
    services, used = counts(seed=1), counts(seed=2)
    shared = np.random.default_rng(4).lognormal(0, 0.3, services.shape)
    services, used = np.round(services * shared), np.round(used * shared)
    used[5, 40] *= 4
    alone = score(Reported(used, partner=services)).score[5, 40]
    services[5, 40] *= 4
    both = score(Reported(used, partner=services))
    assert both.score[5, 40] < alone - 1
    assert both.explained[5, 40] == EXPLAINED["partner"]


def test_an_empty_store_explains_a_fall():
    values = counts()
    values[5, 40] = 0
    closing = np.full(values.shape, np.nan)
    closing[5, 40] = 0
    found = score(Reported(values, area=AREA, closing=closing))
    assert not found.alert[5, 40]
    assert found.explained[5, 40] == EXPLAINED["stock_out"]


def test_what_the_shelf_confirms_is_believed():
    values = counts()
    values[5, 40] *= 3
    closing = 10_000 - np.cumsum(values, axis=1)
    confirmed = score(Reported(values, area=AREA, closing=closing)).score[5, 40]
    values[5, 40] /= 3
    contradicted = values.copy()
    contradicted[5, 40] = np.floor(values[5, 40] / 10)
    kept = 10_000 - np.cumsum(values, axis=1)
    assert confirmed < ALERT < score(Reported(contradicted, area=AREA, closing=kept)).score[5, 40]


def test_a_wrong_figure_is_no_part_of_its_own_yardstick():
    values = counts()
    values[5, 40] = 3000
    more = values.copy()
    more[5, 40] = 3_000_000
    assert score(Reported(more, area=AREA)).alert[5, 40]
    np.testing.assert_allclose(
        score(Reported(values, area=AREA)).expected[5, 40],
        score(Reported(more, area=AREA)).expected[5, 40],
        rtol=0.05,
    )


def test_missing_is_not_zero():
    values = counts()
    values[5, 40] = np.nan
    found = score(Reported(values, area=AREA))
    assert np.isnan(found.score[5, 40])
    assert found.mistake[5, 40] == 0 and found.side[5, 40] == 0


def test_the_order_of_facilities_says_nothing():
    values = counts()
    values[5, 40] *= 10
    turned = np.random.default_rng(0).permutation(len(values))
    plain, mixed = score(Reported(values, area=AREA)), score(Reported(values[turned], area=AREA[turned]))
    np.testing.assert_allclose(plain.score[turned], mixed.score, rtol=1e-3, atol=0.02)


def test_other_items_say_nothing():
    values = counts()
    values[5, 40] *= 10
    alone = score(Reported(values, area=AREA)).score
    both = np.concatenate([counts(seed=9) * 50, values])
    item = np.repeat([7, 2], 60)
    np.testing.assert_array_equal(score(Reported(both, item, np.tile(AREA, 2)), threads=2).score[60:], alone)


def test_as_of_a_months_end_nothing_later_is_known():
    values = counts()
    kept = learnt(Reported(values[:, :40], area=AREA))
    later = values.copy()
    later[:, 41:] *= 3
    before, after = (latest(Reported(each[:, :41], area=AREA), kept) for each in (values, later))
    np.testing.assert_array_equal(before, after)


def test_a_new_month_scores_as_it_does_among_all():
    values = counts()
    values[5, 47] *= 10
    values[8, 47] = np.floor(values[8, 47] / 10)
    reported = Reported(values, area=AREA)
    whole = score(reported, "prospective").score[:, -1]
    new = latest(reported, learnt(reported))
    np.testing.assert_allclose(new, whole, rtol=1e-3, atol=0.02)
    known_before = latest(reported, learnt(Reported(values[:, :47], area=AREA)))
    assert known_before[5] >= ALERT and known_before[8] >= ALERT
    assert np.corrcoef(known_before, whole)[0, 1] > 0.9


def test_what_comes_later_changes_no_score_as_of_a_months_end():
    values, partner = counts(months=30), counts(seed=4, months=30)
    values[5, 17] *= 10
    closing = 10_000 - np.cumsum(values, axis=1)
    first = Reported(values, area=AREA, partner=partner, closing=closing)
    later = [each.copy() for each in (values, partner, closing)]
    for each in later:
        each[:, 20:] = np.floor(each[:, 20:] * 3 + 17)
    later[0][:30, 22:] = np.nan
    then = score(first, "prospective")
    now = score(Reported(later[0], area=AREA, partner=later[1], closing=later[2]), "prospective")
    assert then.alert[5, 17] and not np.isnan(then.score[:, 19]).any()
    for name in ("score", "side", "mistake", "explained"):
        np.testing.assert_array_equal(getattr(then, name)[:, :20], getattr(now, name)[:, :20])


def test_the_newest_months_alone_score_as_they_do_among_all():
    reported = Reported(counts(months=24), area=AREA)
    every, newest = score(reported, "prospective"), score(reported, "prospective", newest=2)
    np.testing.assert_array_equal(newest.score[:, -2:], every.score[:, -2:])
    assert np.isnan(newest.score[:, :-2]).all()


def test_nothing_can_be_said_of_a_few_months():
    assert np.isnan(score(Reported(counts(series=3, months=5))).score).all()


def test_a_frame_without_rows_has_no_scores():
    assert score(Reported(np.empty((0, 12)))).score.shape == (0, 12)


def test_a_larger_unit_moves_no_large_figure_from_usual_to_unusual():
    values = counts(level=(2000, 4000))
    values[5, 40] *= 10
    small, large = (score(Reported(values * factor, area=AREA)) for factor in (1, 7))
    assert small.alert[5, 40] and large.alert[5, 40]
    assert np.mean(small.alert != large.alert) < 0.005


def test_a_figure_that_repeats_while_the_shelf_says_another_is_copied():
    values = counts(level=(50, 60))
    closing = 100_000 - np.cumsum(values, axis=1)
    confirmed = values.copy()
    confirmed[5, 41:44] = confirmed[5, 40]
    follows = 100_000 - np.cumsum(confirmed, axis=1)
    lies = score(Reported(confirmed, area=AREA, closing=closing)).score[5, 41:44]
    agrees = score(Reported(confirmed, area=AREA, closing=follows)).score[5, 41:44]
    assert (agrees < ALERT).all() and (lies > ALERT).all()


def test_a_figure_copied_across_a_missing_month_is_noticed():
    values = counts(level=(2000, 2100))
    values[5, 40] = np.nan
    apart = score(Reported(values, area=AREA))
    values[5, 41:44] = values[5, 39]
    found = score(Reported(values, area=AREA))
    assert found.mistake[5, 41] == CODES["copied"]
    assert found.score[5, 41] > max(ALERT, apart.score[5, 41] + 3)
