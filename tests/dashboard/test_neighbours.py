"""Who nearby could help: stores that keep no book here are known by their form, and all by whom to call.

The small country has one hospital a region: here another one is moved beside it, with its own figures.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import requests

from accounts.person import Person
from accounts.scope import Scope, Unit
from dashboard.neighbours import Neighbours
from dashboard.queries import Figures
from dashboard.store_reported import DAYS_OF_A_MONTH
from dashboard.store_view import StoreView
from dashboard.stores import ENTER_VALUES, Catalogue, Store, StoreDesk
from ledger.database import Database
from ledger.movement_form import Rules
from ledger.movements import Batch
from tests.ledger.desks import a_movement


@pytest.fixture
def desk(whotopia_data, whotopia, tmp_path) -> Iterator[StoreDesk]:
    database = Database.open(tmp_path / "tandem.sqlite3")
    database.migrate()
    made = StoreDesk(database, Figures(whotopia_data, whotopia))
    known = made.catalogue()
    mine, other = sorted(known.stores.values(), key=lambda store: store.id)[:2]
    moved = replace(other, path=f"{mine.path.rsplit('/', 1)[0]}/{other.id}")
    made._held = Catalogue(known.version, {**known.stores, moved.id: moved}, known.commodities)
    yield made
    database.close()


@pytest.fixture
def mine(desk) -> Store:
    return sorted(desk.catalogue().stores.values(), key=lambda store: store.id)[0]


@pytest.fixture
def other(desk) -> Store:
    return sorted(desk.catalogue().stores.values(), key=lambda store: store.id)[1]


@pytest.fixture
def keeper(mine) -> Person:
    unit = Unit(mine.id, mine.path, 4)
    return Person(
        "store", "Store", "en", frozenset({ENTER_VALUES}), frozenset(), Scope.of([unit], None), (unit,)
    )


@pytest.fixture
def values(whotopia_data):
    table = whotopia_data.current().read("store_values")
    return table.astype({"org_unit": "str", "item": "str", "measure": "str"})


def an_item(values, store: Store) -> str:
    """An item of which a store reported both what it has and what it used."""
    mine = values.loc[values["org_unit"] == store.id]
    closing = mine.loc[(mine["measure"] == "closing") & (mine["value"] > 0)]
    used = set(mine.loc[(mine["measure"] == "consumed") & (mine["month"] < mine["month"].max()), "item"])
    return str(closing.loc[closing["item"].isin(used), "item"].iloc[0])


def test_a_store_without_a_book_is_known_by_its_form_and_by_whom_to_call(
    desk, mine, other, keeper, values, whotopia_demo
):
    item = an_item(values, other)
    (found,) = Neighbours(StoreView(desk)).of(mine, item, keeper)
    theirs = values.loc[(values["org_unit"] == other.id) & (values["item"] == item)]
    closing = theirs.loc[theirs["measure"] == "closing"]
    assert found.of_form and found.store.id == other.id
    assert found.balance == int(closing.loc[closing["month"].idxmax(), "value"])
    past = theirs.loc[(theirs["measure"] == "consumed") & (theirs["month"] < theirs["month"].max()), "value"]
    assert found.months_of_stock == pytest.approx(found.balance / past.mean(), rel=0.34)
    assert 0 <= found.spare <= found.balance
    asked = {"fields": "phoneNumber,contactPerson"}
    address = f"{whotopia_demo}/api/organisationUnits/{other.id}"
    told = requests.get(address, params=asked, auth=("admin", "district"), timeout=30).json()
    assert (found.telephone, found.contact) == (told["phoneNumber"], told["contactPerson"])


def test_a_book_kept_here_counts_instead_of_the_form(desk, mine, other, keeper, values):
    item = an_item(values, other)
    rules = Rules({other.id: other.id}, {item: item}, lambda _: True, "admin")
    note = a_movement("receive", 83, item=item, unit=other.id)
    answers = desk.movements.accept(Batch("tablet", desk.movements.now(), (note,)), rules)
    assert [each.status for each in answers] == ["accepted"]
    (found,) = Neighbours(StoreView(desk)).of(mine, item, keeper)
    assert (found.of_form, found.balance) == (False, 83)
    # Nothing went out of that book yet: what is used is still what the form says.
    daily = found.balance / (found.months_of_stock * DAYS_OF_A_MONTH)
    assert daily > 0 and found.spare <= 83


def test_what_a_store_will_need_until_its_delivery_is_not_its_to_spare(desk, mine, other, keeper, values):
    item = an_item(values, other)
    view = StoreView(desk)
    (found,) = Neighbours(view).of(mine, item, keeper)
    daily = found.balance / (found.months_of_stock * DAYS_OF_A_MONTH)
    ahead = (view.next_delivery(other.id) - view.today()).days
    assert found.spare <= max(0, found.balance - daily * ahead) + 1e-9
