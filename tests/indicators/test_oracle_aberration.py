"""Scores of figures beside an account of them in plain Python, stage by stage, on small items at random."""

from functools import cache
from itertools import product

import numpy as np
import pytest

from indicators import aberration_item, aberration_learning
from indicators.aberration import EXPLANATIONS, MISTAKES, Reported, latest, learnt, score
from indicators.aberration_forms import copied_forms
from indicators.aberration_item import Item, Partner, keep
from indicators.aberration_learning import learn, sampling
from indicators.aberration_level import History, expect
from indicators.aberration_series import Series
from tests.indicators import oracle_aberration_level as plain
from tests.indicators.aberrant_frames import Frame, a_frame, as_array
from tests.indicators.civ_logistics import Logistics
from tests.indicators.oracle_aberration import KINDS, Judged, explained
from tests.indicators.oracle_aberration_right import Goods, OtherSide, kept
from tests.indicators.oracle_forms import copied
from tests.indicators.oracle_usual import UsualOracle, Year

RARE, MANY = (0.4, 2, 6), (4, 30, 300, 3000)
# seed: its sizes, with a shelf, with a partner, months
FRAMES = {
    0: (MANY, False, False, 30),
    1: (MANY, True, True, 30),
    4: (MANY, True, False, 20),
    5: (MANY, True, True, 30),
    7: (MANY, False, True, 30),
    8: (RARE, True, False, 30),
    9: (MANY, True, True, 25),
}


@cache
def frame(seed):
    sizes, shelf, partner, months = FRAMES[seed]
    return a_frame(seed, months=months, sizes=sizes, shelf=shelf, partner=partner)


@cache
def judged(seed):
    return Judged(frame(seed).goods())


def history_of(figures):
    """The same figures as the vectorised functions take them."""
    values = np.nan_to_num(np.maximum(as_array(figures.rows), 0)).astype(np.float32)
    known = ~np.isnan(as_array(figures.rows))
    sound, area = known & ~np.array(figures.out), np.array(figures.area)
    return History(values, known, sound, area, figures.first, figures.trailing)


def item_of(figures, of):
    other = of.partner and Partner.of(history_of(plain.Figures(
        of.partner, [[False] * len(row) for row in of.partner], of.area, of.first, figures.trailing
    )))  # fmt: skip
    closing = None if of.closing is None else as_array(of.closing).astype(np.float32)
    return Item(history_of(figures), np.array(figures.out), closing, other or None)


def laid(by_cell, shape, first=0):
    """{(series, month): number or None} as an array."""
    found = [[by_cell[s, first + t] for t in range(shape[1])] for s in range(shape[0])]
    return as_array(found)


def agree(ours, theirs, **within):
    within = {"rtol": 1e-4, "atol": 1e-4, **within}
    np.testing.assert_allclose(np.asarray(ours, float), np.asarray(theirs, float), **within)


def agree_in_score(found, scores, oracle, first=0):
    """Scores agree; a density is looked up by hundredths, so now and then one is that of the next."""
    theirs = laid(oracle, found.shape, first)
    np.testing.assert_array_equal(np.isnan(found), np.isnan(theirs))
    apart = np.abs(found - theirs)
    suspects = np.array([apart[s, t - first] for s, t in scores.suspects if t >= first])
    assert (suspects > 2e-3).sum() <= max(1, 0.05 * len(suspects))
    assert np.nanmax(apart) < 0.1
    assert np.nanmedian(apart) < 1e-4


@pytest.mark.parametrize("trailing", [False, True])
@pytest.mark.parametrize("seed", FRAMES)
def test_levels_season_districts_and_spreads_are_what_the_oracle_learns(seed, trailing):
    figures = frame(seed).figures(trailing)
    shape, history = (len(figures.rows), figures.months), history_of(figures)
    ours, known = learn(history), plain.learnt(figures)
    level, theirs = expect(history, ours), plain.expect(figures, known)
    season = [[known.season.get((a, p), 0) for p in range(12)] for a in range(len(ours.season))]
    agree(ours.season[sorted(set(figures.area))], [season[a] for a in sorted(set(figures.area))])
    agree([ours.alpha, ours.moves], [known.alpha, known.moves], rtol=1e-3)
    agree(ours.spread[:, 0], known.spread)
    agree(ours.below, known.below)
    agree(ours.above, known.above, rtol=1e-3)
    for part in ("expected", "off", "surge"):
        agree(getattr(level, part), laid(getattr(theirs, part), shape), rtol=1e-3)


@pytest.mark.parametrize("trailing", [False, True])
def test_where_a_series_is_at_other_times_is_what_the_oracle_says(trailing):
    figures = frame(0).figures(trailing)
    history = history_of(figures)
    learned, known = learn(history), plain.learnt(figures)
    some = figures.cells[::3]
    at = np.array(some).T
    ours = Series.of(history, learned).at(history, (at[0], at[1]))
    agree(np.array(ours).T, [plain.elsewhere(figures, known, *cell) for cell in some], rtol=1e-3)


def test_a_new_month_is_held_against_what_was_learnt_before_it_came():
    figures = frame(0).figures(trailing=True)
    shape, last = (len(figures.rows), 2), slice(figures.months - 2, None)
    before = figures.until(figures.months - 2)
    ours = expect(history_of(figures), learn(history_of(before)), last)
    theirs = plain.expect(figures, plain.learnt(before), range(figures.months - 2, figures.months))
    for part in ("expected", "off", "surge"):
        agree(getattr(ours, part), laid(getattr(theirs, part), shape, last.start), rtol=1e-3)


@pytest.mark.parametrize("seed", FRAMES)
def test_the_other_side_lies_off_as_the_oracle_says(seed):
    of = frame(seed)
    if of.partner is None:
        return
    other = Partner.of(item_of(of.figures(), Frame(of.partner, of.area, of.first)).history)
    theirs = OtherSide(of.figures())
    agree(other.off, laid(theirs.off, other.off.shape), rtol=1e-3)
    agree(other.ratio, laid(theirs.ratio, other.off.shape), rtol=1e-3)


def agree_in_habits(ours, habit):
    """What is kept of an item is what the oracle learns."""
    found = ours.habits
    assert (found.low.freedom, found.low.width) == habit.low
    assert (found.high.freedom, found.high.width) == habit.high
    agree([found.tens, found.fives, found.others], habit.ends)
    agree([found.used.same, found.used.more, found.used.less], habit.used)
    agree([found.unused.same, found.unused.more, found.unused.less], habit.unused)
    for name in ("middle", "wandering", "copying", "missing"):
        agree(getattr(found, name), getattr(habit, name))
    agree(ours.zeros, habit.zeros)
    agree([ours.follows, ours.together], [habit.follows, habit.together])


@pytest.mark.parametrize(("seed", "trailing"), [*((seed, False) for seed in FRAMES), (5, True), (8, True)])
def test_habits_are_what_the_oracle_learns(seed, trailing):
    of = frame(seed)
    habit = kept(of.goods(trailing))[0] if trailing else judged(seed).habit
    agree_in_habits(keep(item_of(of.figures(trailing), of))[0], habit)


@pytest.mark.parametrize("seed", FRAMES)
def test_scores_mistakes_and_explanations_are_what_the_oracle_says(seed):
    found, oracle = score(frame(seed).reported), judged(seed)
    agree_in_score(found.score, oracle, oracle.score)
    for s, t in oracle.told:
        assert MISTAKES[found.mistake[s, t]] == oracle.mistake[s, t]
        assert found.side[s, t] == np.sign(oracle.off[s, t])
    cells = list(product(*map(range, found.score.shape)))
    said = [EXPLANATIONS[found.explained[c]] for c in cells]
    assert said == [explained(oracle, *c) for c in cells]


def as_of(end, of):
    """What should be said of the last of so many months, as of its end."""
    return Judged(of.until(end).goods(trailing=True), range(max(0, end - 3), end))


@pytest.mark.parametrize("seed", [1, 7, 9])
def test_scores_as_of_a_months_end_are_what_the_oracle_says_of_the_months_until_then(seed):
    of, newest = frame(seed), 3
    months = len(of.rows[0])
    found = score(of.reported, "prospective", newest=newest)
    assert np.isnan(found.score[:, :-newest]).all()
    for end in range(months - newest + 1, months + 1):
        oracle = as_of(end, of)
        agree_in_score(found.score[:, end - 1 : end], oracle, oracle.score, end - 1)
        for s in range(len(of.rows)):
            if oracle.score[s, end - 1] is not None:
                assert MISTAKES[found.mistake[s, end - 1]] == oracle.mistake[s, end - 1]
            assert EXPLANATIONS[found.explained[s, end - 1]] == explained(oracle, s, end - 1)
            assert found.side[s, end - 1] == np.sign(oracle.off[s, end - 1] or 0)


def test_the_first_months_as_of_their_ends_are_those_of_which_enough_is_known():
    found = score(frame(0).reported, "prospective")
    for end in (1, 2, 3, 7, 8, 12):
        oracle = as_of(end, frame(0))
        theirs = laid(oracle.score, (len(found.score), 1), end - 1)
        agree(found.score[:, end - 1 : end], theirs, atol=0.05)
        assert (end >= 7) == (not np.isnan(theirs).all())


def test_a_new_month_is_scored_by_what_was_learnt_before_it():
    of = frame(5)
    end = len(of.rows[0])
    known = learnt(of.until(end - 1).reported)
    habit = kept(of.until(end - 1).goods(trailing=True))[0]
    goods = of.goods(trailing=True)
    habit.goods, habit.f = goods, goods.figures
    level = plain.expect(goods.figures, habit.learned, range(end - 3, end))
    oracle = Judged(goods, range(end - 3, end), learned=(habit, level))
    found = latest(of.reported, known)[:, None]
    agree_in_score(found, oracle, oracle.score, end - 1)


@pytest.mark.parametrize("seed", [5, 9])
def test_of_very_many_series_every_so_many_th_says_what_the_habits_are(monkeypatch, seed):
    assert [sampling(n) for n in (0, 1499, 1500, 2999, 3000, 4500)] == [1, 1, 1, 1, 2, 3]
    monkeypatch.setattr(aberration_learning, "_SAMPLE", 6)
    of = frame(seed)
    oracle = Judged(of.goods(step=2), step=2)
    agree_in_habits(keep(item_of(of.figures(), of))[0], oracle.habit)
    agree_in_score(score(of.reported).score, oracle, oracle.score)


def test_of_many_figures_every_so_many_th_says_how_often_a_series_wanders(monkeypatch):
    looked_at = []
    wandering = aberration_item.wandering
    monkeypatch.setattr(aberration_item, "_SAMPLE", 100)
    monkeypatch.setattr(
        aberration_item, "wandering", lambda *both: looked_at.append(both) or wandering(*both)
    )
    item = item_of(frame(0).figures(), frame(0))
    many = (item.history.sound & (item.history.values > 0)).sum()
    keep(item)
    assert len(looked_at[0][0]) == -(-many // (many // 100))


@pytest.mark.parametrize("shelf", [False, True])
def test_copied_forms_are_what_the_oracle_says(shelf):
    of = a_frame(11, series=16, months=18, sizes=(1, 5, 30, 400), shelf=shelf)
    item, place = [s % 4 for s in range(16)], [s // 4 for s in range(16)]
    for s in range(4, 8):
        of.rows[s][9] = of.rows[s][8]
    for s in range(8, 12):
        of.rows[s][5], of.rows[s][6] = None, of.rows[s][4]
    if shelf:
        for s in range(4, 8):
            of.closing[s][9] = of.closing[s][8]
    closing = as_array(of.closing)
    found = copied_forms(as_array(of.rows), np.array(item), np.array(place), closing)
    theirs = copied(of.rows, item, place, of.closing)
    agree(found, laid(theirs, found.shape), rtol=1e-6)
    assert (found > -5).sum() >= 6
    reported = of.reported
    with_forms = score(Reported(reported.values, np.array(item), place=np.array(place), closing=closing))
    alone = score(Reported(reported.values, np.array(item), closing=closing))
    held = np.minimum(found, -0.5)
    both = np.logaddexp(np.nan_to_num(alone.score), held)
    agree(with_forms.score, np.where(np.isnan(alone.score), np.nan, both))
    likelier = held > np.nan_to_num(alone.score, nan=0)
    np.testing.assert_array_equal(with_forms.mistake, np.where(likelier, 9, alone.mistake))


def test_the_band_that_is_shown_is_that_of_the_places_own_history_without_months_of_an_empty_store():
    of = frame(5)
    for sight, mode in (("retrospective", "centred"), ("prospective", "trailing")):
        found = score(of.reported, sight, newest=1)
        rows = [
            [None if v is None or of.out(s, t) else v for t, v in enumerate(row)]
            for s, row in enumerate(of.rows)
        ]
        oracle = UsualOracle(rows, [0] * len(rows), Year(mode, first=of.first))
        for s, row in enumerate(of.rows):
            said = oracle.judge(rows[s], row, 0)
            bounds = [[month[part] for month in said] for part in (0, 1, 2, 4)]
            ours = [found.expected[s], found.low[s], found.high[s], found.spreads[s]]
            agree(ours, as_array(bounds), rtol=2e-3, atol=2e-3)


def ivorian(sites=14, months=26):
    """Contraceptives used at some Ivorian sites in their last months, with what was left on the shelf."""
    data = Logistics()
    used, closing = data.consumed[:, -months:], data.closing[:, -months:]
    rows = np.flatnonzero((~np.isnan(used)).sum(axis=1) > months - 4)[::37][:sites]
    lists = [
        [[None if np.isnan(v) else float(v) for v in row] for row in grid[rows]] for grid in (used, closing)
    ]
    return Frame(lists[0], [s % 3 for s in range(len(rows))], 0, lists[1])


def test_scores_of_ivorian_figures_are_what_the_oracle_says():
    of = ivorian()
    assert len(of.rows) == 14
    oracle, found = Judged(of.goods()), score(of.reported)
    agree_in_score(found.score, oracle, oracle.score)
    assert [MISTAKES[found.mistake[c]] for c in oracle.told] == [oracle.mistake[c] for c in oracle.told]


def test_every_mistake_is_found_somewhere_in_these_frames():
    found = {oracle.mistake[c] for oracle in map(judged, FRAMES) for c in oracle.told if oracle.score[c] > -3}
    assert found == set(KINDS)


def test_nothing_is_said_where_less_than_six_months_stand_around_or_four_above_nothing():
    rows = [[20.0] * 7, [20.0] * 6 + [None], [None, 0.0, 3, 4, 5, 0, 0], [None, 2.0, 3, 4, 5, 0, 0]]
    rows += [[5.0, 6, 7, 5, 6, 5, 7]]
    of = Frame(rows, [0] * 5, 0)
    found = score(of.reported).score
    oracle = Judged(Goods(of.figures()))
    agree(found, laid(oracle.score, found.shape))
    assert (~np.isnan(found)).sum(axis=1).tolist() == [7, 0, 0, 0, 7]
