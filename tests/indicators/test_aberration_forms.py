import numpy as np
import pytest

from indicators.aberration import ALERT, MISTAKES, Reported, score
from indicators.aberration_forms import copied_forms

ITEMS, MONTHS = 6, 30


def form(mean=40, copied=20, items=ITEMS, seed=1):
    """What one place reports of some items; one month is that before it once more."""
    values = np.random.default_rng(seed).poisson(mean, (items, MONTHS)).astype(float)
    if copied:
        values[:, copied] = values[:, copied - 1]
    return values


def odds(values, closing=None):
    return copied_forms(values, np.arange(len(values)), np.zeros(len(values), dtype=np.intp), closing)


def test_a_form_that_is_the_one_before_once_more_is_copied():
    found = odds(form())
    assert (found[:, 20] > 1).all()
    assert (np.delete(found, 20, axis=1) < -5).all()


def test_a_month_without_a_report_before_it_may_be_copied_from_the_one_before_that():
    values = form(copied=None)
    values[:, 19] = np.nan
    values[:, 20] = values[:, 18]
    assert (odds(values)[:, 20] > 1).all()


def test_one_figure_that_repeats_is_no_form():
    values = form(copied=None)
    values[2, 20] = values[2, 19]
    assert (odds(values) < -5).all()


def test_small_figures_and_zeros_repeat_by_chance():
    assert odds(form(mean=0.3, copied=None)).max() < -3
    assert (odds(form(mean=0.0)) < -3).all()


def test_a_place_that_always_repeats_itself_is_believed():
    lazy = np.repeat(form(copied=None)[:, :10], 3, axis=1)
    assert odds(lazy).max() < 0


def test_a_shelf_that_ends_as_it_did_speaks_of_a_copy_as_well():
    values = form(mean=6)
    falling = 9000 - np.cumsum(values, axis=1)
    stays = falling.copy()
    stays[:, 20] = stays[:, 19]
    assert (odds(values, stays)[:, 20] > odds(values, falling)[:, 20] + 2).all()


@pytest.mark.parametrize("sight", ["retrospective", "prospective"])
def test_a_copied_form_is_worth_a_look_and_left_to_its_rule(sight):
    values, places = np.concatenate([form(seed=each, copied=None) for each in range(8)]), np.arange(8)
    values[:ITEMS, 20] = values[:ITEMS, 19]
    item, place = np.tile(np.arange(ITEMS), 8), np.repeat(places, ITEMS)
    found = score(Reported(values, item, place=place), sight)
    alone = score(Reported(values, item), sight)
    assert (found.score[:ITEMS, 20] > alone.score[:ITEMS, 20] + 3).all()
    assert (found.score[:ITEMS, 20] < ALERT).all()
    assert {MISTAKES[code] for code in found.mistake[:ITEMS, 20]} == {"copied"}
