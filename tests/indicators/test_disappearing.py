"""When a store's counts say that an item keeps disappearing, and when chance explains them."""

from fractions import Fraction
from itertools import product

import numpy as np
import pandas as pd
import pytest

from indicators.disappearing import CHANCE, FEW, KEEPS, WATCH, disappearing, holm, sign_chance


def counted(**items: list[int]) -> pd.DataFrame:
    """Counts of items by their differences, none of them explained."""
    rows = [(item, packs, False) for item, all_of_it in items.items() for packs in all_of_it]
    return pd.DataFrame(rows, columns=["item", "difference", "explained"])


@pytest.mark.parametrize(("short", "over"), [(0, 0), (1, 0), (3, 2), (7, 1), (2, 6)])
def test_the_chance_is_the_share_of_all_ways_to_fall_that_are_at_least_as_short(
    short: int, over: int
) -> None:
    ways = list(product((0, 1), repeat=short + over))
    assert sign_chance(short, over) == float(Fraction(sum(sum(way) >= short for way in ways), len(ways)))


def test_a_number_of_counts_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="0 or more"):
        sign_chance(-1, 2)


def test_many_items_make_the_verdict_stricter() -> None:
    alone = disappearing(counted(a=[-1] * 5))
    among = disappearing(counted(a=[-1] * 5, b=[1, -1, 1], c=[1, -2]))
    assert alone.loc["a", "verdict"] == KEEPS
    assert among.loc["a", "verdict"] == WATCH
    assert alone.loc["a", "chance"] == among.loc["a", "chance"] == 0.5**5


def test_holm_never_turns_the_order_round_and_never_passes_one() -> None:
    chances = pd.Series([0.5, 0.001, 0.02, 0.9], index=list("abcd"))
    adjusted = holm(chances)
    assert adjusted.tolist() == pytest.approx([1.0, 0.004, 0.06, 1.0])
    assert list(adjusted.index) == list("abcd")


def test_what_was_removed_as_expired_is_no_disappearance() -> None:
    counts = counted(a=[-3, -2, -1, -4, -2, -2])
    counts.loc[0:2, "explained"] = True
    found = disappearing(counts).loc["a"]
    assert (found["counts"], found["short"], found["missing"], found["verdict"]) == (6, 3, 8, FEW)


def test_counts_that_agree_are_counted_but_say_nothing() -> None:
    found = disappearing(counted(a=[0, 0, -1, 1, 0], b=[0, 0]))
    assert list(found.index) == ["a"]
    assert found.loc["a", ["counts", "short", "over", "missing"]].tolist() == [5, 1, 1, 0]


def test_as_many_over_as_short_is_chance_however_many_packs_are_missing() -> None:
    found = disappearing(counted(a=[-50, 1, -60, 1, -70, 1])).loc["a"]
    assert (found["verdict"], found["missing"]) == (CHANCE, 177)


def test_no_counts_give_no_items() -> None:
    assert disappearing(counted()).empty


def test_fair_counting_is_suspected_in_at_most_one_store_of_twenty() -> None:
    random = np.random.default_rng(20261122)
    suspected = 0
    for _ in range(400):
        fair = {str(item): random.choice([-1, 1], size=12).tolist() for item in range(8)}
        suspected += int((disappearing(counted(**fair))["verdict"] == KEEPS).any())
    assert suspected / 400 <= 0.05
