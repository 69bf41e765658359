"""Months that DHIS2 keeps shut, expired, opened by date or approved: what is recorded waits, and arrives."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from ledger.database import Database
from tests.ledger.stores import Store
from tests.small_whotopia import TODAY, present

CLERK = ("store", "Store-1234")


@pytest.fixture(scope="module", params=[42, 43])
def dhis2(request, whotopia_filled, tmp_path_factory) -> Iterator[str]:
    """Each of the two ways in which versions of DHIS2 refuse values."""
    folder = tmp_path_factory.mktemp("dhis2")
    with whotopia_filled.serving(folder, "--dialect", str(request.param)) as address:
        yield address


@pytest.fixture
def store(dhis2, tmp_path, migrated_file) -> Iterator[Store]:
    """The store of the account `store`, which writes as itself: administrators may edit what has expired."""
    path = tmp_path / "tandem.sqlite3"
    path.write_bytes(migrated_file.read_bytes())
    database = Database.open(path)
    told = requests.get(f"{dhis2}/api/me", params={"fields": "organisationUnits"}, auth=CLERK, timeout=30)
    unit = str(told.json()["organisationUnits"][0]["id"])
    moment = present()
    found = Store(database, dhis2, unit, lambda: moment)
    found.accounts = [found.entry(*CLERK)]
    yield found
    database.close()


def given(store: Store) -> tuple[str, int]:
    """An item that was taken over, with its balance by DHIS2."""
    held = {item: int(v) for (item, measure), v in store.form().items() if measure == "closing"}
    item = max(held, key=lambda each: held[each])
    store.open()
    return item, held[item]


def set_form(store: Store, **properties: Any) -> None:
    form = store.account.form().id
    changes = [{"op": "add", "path": f"/{name}", "value": value} for name, value in properties.items()]
    store.metadata("dataSets", form, changes)


def closing(store: Store, item: str) -> int:
    return int(store.form()[item, "closing"])


class Shut:
    """A way in which DHIS2 keeps a month shut: how it is shut, and opened as our remedy says."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.place = {"ds": store.account.form().id, "pe": str(store.month), "ou": store.unit}

    def ask(self, method: str, path: str) -> None:
        address = f"{self.store.address}/api/{path}"
        answer = self.store.web.request(method, address, params=self.place, timeout=30)
        assert answer.ok, answer.text


class Approved(Shut):
    kind, remedy = "approved", "take that back"

    def shut(self) -> None:
        level = {"id": "ApprLevelA1", "name": "Facility", "level": 1, "orgUnitLevel": 4}
        levels = [{"id": level["id"]}]
        flow = {"id": "WorkflowAA1", "name": "Monthly", "periodType": "Monthly", "dataApprovalLevels": levels}
        metadata = {"dataApprovalLevels": [level], "dataApprovalWorkflows": [flow]}
        answer = self.store.web.post(f"{self.store.address}/api/metadata", json=metadata, timeout=30)
        assert answer.ok, answer.text
        set_form(self.store, workflow={"id": "WorkflowAA1"})
        self.ask("POST", "dataApprovals")

    def open(self) -> None:
        self.ask("DELETE", "dataApprovals")


class OpenedByDate(Shut):
    kind, remedy = "locked", "open the month"

    def shut(self) -> None:
        other = {"period": {"id": "202001"}, "openingDate": "2020-01-01T00:00:00.000"}
        set_form(self.store, dataInputPeriods=[other])

    def open(self) -> None:
        set_form(self.store, dataInputPeriods=[])


@pytest.mark.parametrize("way", [Approved, OpenedByDate])
def test_a_month_that_is_shut_waits_says_so_and_is_delivered_when_it_is_opened(store, way):
    item, before = given(store)
    door = way(store)
    door.shut()
    try:
        store.note("dispense", item, 1)
        store.deliver()
        assert closing(store, item) == before
        assert store.kinds().count(door.kind) == 1
        assert door.remedy in store.deliveries.waiting()[0]["remedy"]
    finally:
        door.open()
    store.deliver()
    assert closing(store, item) == before - 1
    assert door.kind not in store.kinds()


@pytest.mark.parametrize("way", [Approved, OpenedByDate])
def test_a_month_that_is_shut_between_our_look_and_our_write_is_told_the_same(store, way, monkeypatch):
    """Here DHIS2 refuses the values themselves, in the words of its version."""
    item, before = given(store)
    door, account = way(store), store.accounts[0]
    write = account.store

    def shut_meanwhile(*asked: Any) -> Any:
        monkeypatch.undo()
        door.shut()
        return write(*asked)

    monkeypatch.setattr(account, "store", shut_meanwhile)
    store.note("dispense", item, 1)
    try:
        while store.outbox.turn():
            pass
        assert closing(store, item) == before
        blocked = set(store.kinds()) & {"approved", "locked", "closed", "expired"}
        assert blocked and store.deliveries.waiting()
    finally:
        door.open()
    store.deliver()
    assert closing(store, item) == before - 1
    assert not set(store.kinds()) & {"approved", "locked", "closed", "expired"}


def test_an_expired_month_is_delivered_once_the_district_makes_an_exception(store):
    october = datetime(TODAY.year, TODAY.month - 1, 20, 12, tzinfo=UTC)
    days = [october]
    late = Store(store.database, store.address, store.unit, lambda: days[-1])
    late.accounts = store.accounts
    late.open()
    days.append(october + timedelta(days=1))
    month = late.month
    held = {i: int(v) for (i, measure), v in late.form().items() if measure == "closing" and int(v) > 1}
    item = max(held, key=lambda each: held[each])
    form = store.account.form().id
    set_form(store, expiryDays=5)
    place = {"ds": form, "pe": str(month), "ou": store.unit}
    try:
        late.note("dispense", item, 1)
        late.deliver()
        assert late.form()[item, "closing"] == str(held[item])
        assert "expired" in late.kinds()
        assert "lock exception" in late.deliveries.waiting()[0]["remedy"]
        answer = store.web.post(f"{store.address}/api/lockExceptions", params=place, timeout=30)
        assert answer.status_code == 201
        late.deliver()
        assert late.form()[item, "closing"] == str(held[item] - 1)
        assert "expired" not in late.kinds()
    finally:
        set_form(store, expiryDays=0)
