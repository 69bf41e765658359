"""What is too much in one store goes to those that have too little."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.redistribution import STORES, TRANSFERS, propose


def a_store(place="a", stock=0.0, average=10.0, **more):
    """One row of what `propose` takes; a district in common, packs of one, nothing expires."""
    row = {
        "item": "pill", "place": place, "district": "north", "stock": stock, "average": average, "pack": 1.0,
        "least": 1.0, "most": 3.0, "to_delivery": 1.0,  # both are left with two months
        "longitude": np.nan, "latitude": np.nan, "usable": np.nan,
    }  # fmt: skip
    return row | more


def transfers(*stores, across=True):
    """(donor, receiver, quantity) of each proposed transfer."""
    found = propose(pd.DataFrame(list(stores)), across)
    return list(found[["donor", "receiver", "quantity"]].itertuples(index=False, name=None))


def test_an_empty_store_is_filled_up_to_the_minimum_beyond_the_next_delivery():
    assert transfers(a_store("full", 100), a_store("empty")) == [("full", "empty", 20)]


def test_a_giver_keeps_what_lasts_to_its_next_delivery_and_the_minimum_beyond_it():
    assert transfers(a_store("full", 31), a_store("empty", average=100)) == [("full", "empty", 11)]


def test_a_store_within_its_limits_neither_gives_nor_takes():
    assert transfers(a_store("enough", 30), a_store("empty")) == []
    assert transfers(a_store("full", 100), a_store("enough", 10)) == []


def test_a_later_delivery_leaves_less_to_give_and_more_to_fill():
    later = {"to_delivery": 2.0}
    assert transfers(a_store("full", 100, **later), a_store("empty", **later)) == [("full", "empty", 30)]
    assert transfers(a_store("full", 31, **later), a_store("empty", **later)) == [("full", "empty", 1)]


def test_nobody_is_asked_about_a_store_that_did_not_report_or_consumes_nothing():
    unknown = [a_store("silent", np.nan), a_store("idle", 100, average=0), a_store("new", 0, average=np.nan)]
    assert transfers(a_store("full", 100), *unknown) == []
    assert transfers(a_store("idle", 100, average=0), a_store("empty")) == []


def test_the_own_district_comes_before_a_nearer_store_of_another():
    near = a_store("near", 100, district="south", longitude=0.1, latitude=0)
    far = a_store("far", 100, longitude=5, latitude=0)
    assert transfers(near, far, a_store("empty", longitude=0, latitude=0)) == [("far", "empty", 20)]


def test_a_district_serves_its_own_before_a_neighbour_in_greater_need():
    own = a_store("own", 5)
    other = a_store("other", 0, district="south")
    assert transfers(a_store("full", 31), own, other)[0] == ("full", "own", 11)


def test_districts_do_not_help_each_other_where_that_is_not_wanted():
    assert transfers(a_store("full", 100), a_store("empty", district="south"), across=False) == []


def test_the_nearest_gives_first_and_a_store_of_unknown_position_last():
    given = transfers(
        a_store("unknown", 100),
        a_store("far", 100, longitude=2, latitude=0),
        a_store("near", 31, longitude=1, latitude=0),
        a_store("empty", longitude=0, latitude=0),
    )
    assert given == [("near", "empty", 11), ("far", "empty", 9)]


def test_the_emptiest_is_served_first_and_of_two_empty_ones_the_larger():
    given = transfers(
        a_store("full", 41), a_store("low", 5), a_store("small", 0), a_store("large", 0, average=11)
    )
    assert given == [("full", "large", 21)]
    given = transfers(a_store("full", 31), a_store("low", 5), a_store("out", 0, average=1))
    assert given == [("full", "out", 2), ("full", "low", 9)]


def test_only_whole_packs_are_moved_and_the_last_one_of_a_need_is_whole():
    pack = {"pack": 25.0}
    assert transfers(a_store("full", 100, **pack), a_store("empty", **pack)) == [("full", "empty", 25)]
    assert transfers(a_store("full", 44, **pack), a_store("empty", **pack)) == []
    found = propose(pd.DataFrame([a_store("full", 100, **pack), a_store("empty", **pack)]))
    assert found["packs"].tolist() == [1]


def test_what_would_expire_before_it_is_used_stays():
    assert transfers(a_store("full", 100, usable=1.5), a_store("empty")) == [("full", "empty", 15)]
    assert transfers(a_store("full", 100, usable=0.5), a_store("low", 5)) == []


def test_whether_the_expiry_is_known_is_said():
    stores = pd.DataFrame([a_store("full", 100, usable=9), a_store("empty")])
    assert propose(stores)["expiry_known"].tolist() == [True]
    assert propose(stores.assign(usable=np.nan))["expiry_known"].tolist() == [False]


def test_months_before_and_after_and_the_way_are_told():
    stores = [
        a_store("full", 100, longitude=0, latitude=0),
        a_store("empty", longitude=0, latitude=1, district="south"),
    ]
    found = propose(pd.DataFrame(stores)).iloc[0]
    assert found[["donor_before", "donor_after", "receiver_before", "receiver_after"]].tolist() == [
        10,
        8,
        0,
        2,
    ]
    assert found["kilometres"] == pytest.approx(111.19, abs=0.01)  # a degree of a great circle
    assert not found["same_district"]


def test_products_are_not_mixed():
    stores = [a_store("full", 100), a_store("empty", item="injection")]
    assert transfers(*stores) == []


def test_a_table_without_transfers_has_all_columns():
    assert list(propose(pd.DataFrame([a_store()]))) == list(TRANSFERS)
    assert propose(pd.DataFrame(columns=list(STORES))).empty


def test_what_is_missing_or_cannot_be_is_named():
    with pytest.raises(ValueError, match="usable"):
        propose(pd.DataFrame([a_store()]).drop(columns="usable"))
    with pytest.raises(ValueError, match="pack_size"):
        propose(pd.DataFrame([a_store(pack=0.0)]))
    with pytest.raises(ValueError, match="next delivery"):
        propose(pd.DataFrame([a_store(to_delivery=-1.0)]))


@st.composite
def many_stores(draw):
    """Up to a dozen stores of two districts and two products."""
    size = draw(st.integers(1, 12))
    column = lambda values: draw(st.lists(values, min_size=size, max_size=size))  # noqa: E731
    amounts = st.one_of(st.just(np.nan), st.integers(0, 200).map(float))
    return pd.DataFrame({
        "item": column(st.sampled_from(["pill", "injection"])),
        "place": [f"p{index}" for index in range(size)],
        "district": column(st.sampled_from(["north", "south"])),
        "stock": column(amounts), "average": column(amounts), "pack": 5.0,
        "least": 1.0, "most": 3.0, "to_delivery": 1.0,
        "longitude": column(st.one_of(st.just(np.nan), st.floats(-8, -2))), "latitude": 6.0,
        "usable": column(st.one_of(st.just(np.nan), st.floats(0, 24))),
    })  # fmt: skip


@given(many_stores())
def test_nothing_is_made_or_lost_and_nobody_ends_worse_off_than_agreed(stores):
    found = propose(stores)
    held = stores.set_index("place")
    kept = (held["to_delivery"] + held["least"]) * held["average"]
    given_away = found.groupby("donor")["quantity"].sum()
    received = found.groupby("receiver")["quantity"].sum()
    assert given_away.sum() == received.sum()
    assert set(given_away.index).isdisjoint(received.index)
    givers, takers = given_away.index, received.index
    assert (held["stock"].loc[givers] - given_away >= kept.loc[givers] - 1e-9).all()
    assert (held["stock"].loc[takers] + received < kept.loc[takers] + 5).all()
    assert (found["quantity"] == found["packs"] * 5).all() and (found["packs"] > 0).all()
    assert (
        found["same_district"].to_numpy()
        == (
            held.loc[found["donor"], "district"].to_numpy()
            == held.loc[found["receiver"], "district"].to_numpy()
        )
    ).all()


@given(many_stores(), st.integers(2, 9))
def test_other_units_of_measure_propose_the_same_transfers(stores, factor):
    larger = stores.assign(**{name: stores[name] * factor for name in ("stock", "average", "pack")})
    found, scaled = propose(stores), propose(larger)
    pd.testing.assert_frame_equal(found.drop(columns="quantity"), scaled.drop(columns="quantity"))
    assert (scaled["quantity"] == found["quantity"] * factor).all()


@given(many_stores())
def test_a_store_that_reported_nothing_changes_nothing(stores):
    silent = a_store("silent", np.nan, np.nan, pack=5.0)
    pd.testing.assert_frame_equal(
        propose(stores), propose(pd.concat([stores, pd.DataFrame([silent])], ignore_index=True))
    )


def test_the_order_of_a_long_list_is_that_of_need():
    stores = [a_store("full", 1000)] + [a_store(f"p{n}", n / 2) for n in range(1, 20)]
    taken = [int(receiver[1:]) for _, receiver, _ in transfers(*stores)]
    assert all(earlier < later for earlier, later in pairwise(taken))
