"""Transfers where the giver's lots are known: nothing is sent that would expire before it is used."""

import numpy as np
import pandas as pd
import pytest

from dashboard.logistics import LogisticsDesk
from dashboard.programme import ProgrammeAddress, look
from dashboard.transfers import by_need, proposal, unhelped
from indicators.periods import last_day
from indicators.registered import Registry
from indicators.slips import Slips
from installation import everything
from loaders.frames import empty

DAYS = 30.4375  # of a month


@pytest.fixture(scope="module")
def programme(figures):
    return look(LogisticsDesk(figures), ProgrammeAddress(), everything(figures))


@pytest.fixture(scope="module")
def usual(programme):
    """What is proposed where nothing is known of lots."""
    found = proposal(programme).transfers
    if found.empty:
        pytest.skip("No store of this country could help another, so no lot changes anything.")
    assert not found["expiry_known"].any()
    return found


@pytest.fixture(scope="module")
def item(usual):
    """The product of most transfers."""
    return usual["item"].mode()[0]


@pytest.fixture
def with_lots(programme, item, monkeypatch):
    """Proposes again with lots of that product at every place: (months left, quantity) each."""
    holding = programme.desk.figures.holding()
    end = np.datetime64(last_day(programme.month))

    def propose_again(*lots: tuple[float | None, float]) -> pd.DataFrame:
        days = [None if left is None else end + np.timedelta64(round(left * DAYS), "D") for left, _ in lots]
        rows = [
            (place, "of slips", f"L{at}", day, lot[1], end)
            for place in holding.units.index
            for at, (lot, day) in enumerate(zip(lots, days, strict=True))
        ]
        frame = pd.DataFrame(rows, columns=["org_unit", "item", "lot", "expiry", "quantity", "as_of"])
        frame = frame.assign(**{name: pd.to_datetime(frame[name]) for name in ("expiry", "as_of")})
        rest = (empty(name) for name in ("losses", "issues", "orders"))
        registry = Registry(holding.rollup, Slips(frame, *rest, end), {"of slips": item})
        monkeypatch.setitem(holding.__dict__, "registry", registry)
        found = proposal(programme).transfers
        return found[found["item"] == item]

    return propose_again


def test_lots_that_last_for_years_change_nothing_but_that_they_are_known(usual, item, with_lots):
    found = with_lots((240, 1e6))
    same = usual[usual["item"] == item]
    columns = ["donor", "receiver", "quantity", "packs"]
    assert found[columns].to_numpy().tolist() == same[columns].to_numpy().tolist()
    assert found["expiry_known"].all()


@pytest.mark.parametrize("months", [1.5, 2.5])
def test_nobody_is_sent_more_than_is_used_by_the_first_date(usual, item, with_lots, months):
    same = usual[usual["item"] == item]
    found = with_lots((months, 5.0), (240, 1e6))
    longer = (same["receiver_after"] > months + 0.1).sum()
    if not longer:
        pytest.skip("no transfer of this product reaches beyond the date")
    assert len(found) > 0
    assert (found["receiver_after"] <= months + 0.5 / DAYS).all()  # the date is a whole day


def test_nothing_is_sent_where_all_that_stands_has_expired(with_lots):
    assert with_lots((-0.2, 40.0), (-3, 10.0)).empty


def test_what_has_expired_stands_aside_and_the_next_lot_is_given(with_lots):
    assert with_lots((-1, 10.0), (240, 10.0))["expiry_known"].all()


def test_without_a_date_nothing_is_known_and_the_transfer_says_so(usual, item, with_lots):
    found = with_lots((None, 10.0), (-1, 10.0))
    assert len(found) == (usual["item"] == item).sum()
    assert not found["expiry_known"].any()


def transfers(*rows):
    columns = ["item", "donor", "receiver", "receiver_before", "same_district", "quantity", "kilometres"]
    return pd.DataFrame(rows, columns=columns)


def test_who_has_least_is_helped_first_and_far_and_small_help_comes_last():
    found = by_need(
        transfers(
            ("ring", "a", "low", 0.8, True, 900, 1.0),
            ("ring", "a", "far", 0.0, False, 3, 274.0),
            ("pill", "a", "one", 0.0, True, 10, 5.0),
            ("pill", "b", "two", 0.0, True, 90, 50.0),
            ("pill", "c", "two", 0.0, True, 90, 7.0),
            ("ring", "b", "near", 0.0, True, 3, float("nan")),
            ("pill", "d", "three", 0.0, False, 999, 1.0),
        )
    )
    pairs = list(zip(found["donor"], found["receiver"], strict=True))
    assert pairs[:4] == [("c", "two"), ("b", "two"), ("a", "one"), ("d", "three")]  # three are out of pills
    assert pairs[4:] == [("b", "near"), ("a", "far"), ("a", "low")]


def test_a_receiver_of_several_is_told_as_such():
    found = by_need(transfers(*(("pill", who, "two", 0.0, True, 9, 1.0) for who in "abcd")))
    assert found["givers"].tolist() == [4] * 4
    assert by_need(transfers().astype({"same_district": bool, "quantity": float})).empty


def test_who_is_out_and_given_none_is_named_and_whether_its_need_is_known():
    stores = pd.DataFrame(
        [("pill", "helped", 0.0, 5.0), ("pill", "unused", 0.0, 0.0), ("pill", "never", 0.0, float("nan")),
         ("ring", "helped", 0.0, 5.0), ("pill", "full", 9.0, 5.0), ("pill", "silent", float("nan"), 5.0)],
        columns=["item", "place", "stock", "average"],
    )  # fmt: skip
    left = unhelped(stores, transfers(("pill", "full", "helped", 0.0, True, 4, 1.0)))
    assert left.to_numpy().tolist() == [
        ["pill", "unused", False], ["pill", "never", False], ["ring", "helped", True],
    ]  # fmt: skip
