"""Where a store's keeper begins, and that one word says of an item what the numbers beside it say."""

from datetime import timedelta

import pytest

from accounts.person import Person
from accounts.scope import Scope, Unit
from dashboard.store_advice import Known, advice_of
from dashboard.stores import ENTER_VALUES, StoreDesk
from tests.small_whotopia import TODAY
from tests.web import Browser


@pytest.fixture
def desk(whotopia_web) -> StoreDesk:
    parts = whotopia_web.extensions["tandem"]
    return StoreDesk(parts["database"], parts["figures"])


def person(view, capture=None, may=(ENTER_VALUES,)) -> Person:
    tops = tuple(Unit(path.rsplit("/", 1)[1], path, path.count("/")) for path in view)
    entered = tops if capture is None else tuple(Unit("x", path, path.count("/")) for path in capture)
    return Person("x", "X", "fr", frozenset(may), frozenset(), Scope.of(tops, None), entered)


@pytest.mark.parametrize("web", ["civ_web", "whotopia_web"])
def test_a_stores_keeper_who_asks_for_no_page_begins_at_the_desk(web, request):
    server = request.getfixturevalue(web)
    assert Browser(server).log_in("store").headers["Location"] == "/store"
    assert Browser(server).log_in("store", next="/").headers["Location"] == "/store"


def test_a_keeper_who_asks_for_a_page_is_led_there(whotopia_web):
    for asked in ("/data?lang=en", "/?unit=x", "/store?tab=count"):
        assert Browser(whotopia_web).log_in("store", next=asked).headers["Location"] == asked


def test_others_begin_where_they_did(whotopia_web):
    for who in ("admin", "district", "viewer"):
        assert Browser(whotopia_web).log_in(who).headers["Location"] == "/"


def test_whose_unit_keeps_no_store_begins_at_the_first_page(tiny_web):
    assert Browser(tiny_web).log_in("store").headers["Location"] == "/"


def test_a_keeper_who_is_signed_in_already_is_led_to_the_desk_too(whotopia_web):
    browser = Browser(whotopia_web)
    browser.log_in("store")
    assert browser.get("/login").headers["Location"] == "/store"


def test_who_keeps_two_stores_or_sees_more_or_records_nothing_is_no_keeper_of_one(desk):
    first, second, *_ = (each.path for each in desk.catalogue().stores.values())
    above = first.rsplit("/", 1)[0]
    assert desk.keeps_one_store(person([first]))
    assert not desk.keeps_one_store(person([first, second]))
    assert not desk.keeps_one_store(person([above]))
    assert not desk.keeps_one_store(person([above], capture=[first]))
    assert not desk.keeps_one_store(person([first], capture=[]))
    assert not desk.keeps_one_store(person([first], may=()))
    assert not desk.keeps_one_store(person([], capture=[]))


def test_an_item_of_which_just_the_reserve_is_there_is_low():
    def told(balance):
        return advice_of(Known({"a": balance}, {}, {"a": [30] * 6}), TODAY, TODAY + timedelta(days=9))["a"]

    reserve = told(1)["reserve"][0]
    assert [told(reserve + more)["status"] for more in (-1, 0, 1)] == ["low", "low", "enough"]
    assert [told(reserve + more)["safe_today"] for more in (-1, 0, 1)] == [0, 0, 1]
    assert told(0)["status"] == "out"
