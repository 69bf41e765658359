"""The worker's deliveries as a whole: stores taken over, months, events, fixes, and outages outlived."""

import time
from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

import pytest
import requests

from accounts.vault import Vault
from delivering import Accounts, Delivering
from installation import store_form_of
from ledger.database import Database
from ledger.jobs import Jobs
from ledger.people import People
from loaders.dhis2 import sign_in
from settings import Settings, signing_key
from tests.ledger.stores import Store


@pytest.fixture(scope="module")
def dhis2(whotopia_filled, tmp_path_factory) -> Iterator[str]:
    with whotopia_filled.serving(tmp_path_factory.mktemp("dhis2")) as address:
        yield address


@pytest.fixture(scope="module")
def mine(dhis2) -> str:
    """The unit of the account `store`, which has the form."""
    asked = {"fields": "organisationUnits[id]"}
    told = requests.get(f"{dhis2}/api/me", params=asked, auth=("store", "Store-1234"), timeout=30).json()
    return str(told["organisationUnits"][0]["id"])


@pytest.fixture
def settings(dhis2, tmp_path) -> Settings:
    account = {"TANDEM_DHIS2_USER": "admin", "TANDEM_DHIS2_PASSWORD": "district"}
    place = {"TANDEM_DATA": str(tmp_path), "TANDEM_COUNTRY": "whotopia", "TANDEM_DHIS2_URL": dhis2}
    found = Settings.from_environment({**account, **place})
    found.data.mkdir()
    return found


@pytest.fixture
def database(settings) -> Iterator[Database]:
    opened = Database.open(settings.data / "tandem.sqlite3")
    opened.migrate()
    yield opened
    opened.close()


@pytest.fixture
def store(database, dhis2, mine) -> Iterator[Store]:
    found = Store(database, dhis2, mine)
    yield found
    found.no_faults()


@pytest.fixture
def delivering(settings, database, whotopia) -> Iterator[Delivering]:
    form = store_form_of(whotopia)
    assert form
    accounts = Accounts(settings, form, People(database))
    found = Delivering(database, accounts, ZoneInfo(whotopia.time_zone), "w")
    found.start()
    yield found
    found.stop()


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.1)


def signed_in(settings: Settings, database: Database) -> None:
    """The account `store`, as signing in keeps it."""
    token = sign_in(settings.dhis2_url, "store", "Store-1234").token
    assert token
    People(database).confirm("store", {}, Vault(signing_key(settings)).seal(token))


def an_item(store: Store) -> str:
    held = {item: int(v) for (item, measure), v in store.form().items() if measure == "closing"}
    return max(held, key=lambda item: held[item])


def stored_by(store: Store, item: str) -> str:
    return store.account.month(store.unit, store.month).held[item, "closing"].stored_by


def test_what_is_recorded_reaches_dhis2_as_the_person_who_recorded_it(store, settings, database, delivering):
    signed_in(settings, database)
    item, before = an_item(store), store.form()
    store.note("dispense", item, 2)
    until(lambda: store.form()[item, "closing"] == str(int(before[item, "closing"]) - 2))
    assert stored_by(store, item) == "store"
    until(lambda: not store.deliveries.waiting())


def test_without_a_token_of_ones_own_the_installations_account_writes(store, delivering):
    item, before = an_item(store), store.form()
    store.note("dispense", item, 1)
    until(lambda: store.form()[item, "closing"] == str(int(before[item, "closing"]) - 1))
    assert stored_by(store, item) == "admin"


def test_a_token_that_ended_is_passed_over(store, settings, database, delivering):
    People(database).confirm("store", {}, Vault(signing_key(settings)).seal("d2p_ended"))
    item, before = an_item(store), store.form()
    store.note("dispense", item, 1)
    until(lambda: store.form()[item, "closing"] == str(int(before[item, "closing"]) - 1))


def test_balances_are_fetched_when_a_desk_asks(store, delivering):
    item, before = an_item(store), store.form()
    store.openings.ask(store.unit, "store")
    until(lambda: bool((store.openings.state(store.unit) or {}).get("opened_at")))
    assert store.note("receive", item, 1).balance == int(before[item, "closing"]) + 1


def test_movements_become_events_of_the_program(store, delivering):
    item = an_item(store)
    asked = {"program": program_of(store), "orgUnit": store.unit, "paging": "false", "fields": "event"}

    def count() -> int:
        told = store.web.get(f"{store.address}/api/tracker/events", params=asked).json()
        return len(told["events"])

    before = count()
    for _ in range(3):
        store.note("dispense", item, 1)
    until(lambda: count() >= before + 3)


def test_a_fix_is_shown_first_and_done_when_wanted(store, database, delivering):
    jobs, element = Jobs(database), an_item(store)
    store.note("count", element, 0, reason="lost")
    until(lambda: "zero" in store.kinds())
    assert (element, "closing") not in store.form()
    shown = jobs.enqueue("fix:keep_zeros", {"fix": "keep_zeros", "apply": False}, "admin")
    until(lambda: jobs.get(shown.id).status == "done")
    assert element in {each["path"].split("/")[1] for each in jobs.get(shown.id).result["changes"]}
    assert element not in store.account.form().zeros_kept
    done = jobs.enqueue("fix:keep_zeros", {"fix": "keep_zeros", "apply": True}, "admin")
    until(lambda: jobs.get(done.id).status == "done")
    assert element in store.account.form().zeros_kept
    until(lambda: store.form().get((element, "closing")) == "0")
    until(lambda: "zero" not in store.kinds())


def test_while_dhis2_is_away_movements_wait_and_arrive_afterwards(store, delivering):
    item, before = an_item(store), store.form()
    assert item in store.items
    store.fault(kind="status", status=503, match="/api/", rate=1.0, seed=1)
    store.note("dispense", item, 1)
    until(lambda: bool((store.openings.state(store.unit) or {}).get("problem")))
    store.no_faults()
    until(lambda: store.form()[item, "closing"] == str(int(before[item, "closing"]) - 1))


def program_of(store: Store) -> str:
    asked = {"filter": "name:eq:Stock transaction", "fields": "id"}
    told = store.web.get(f"{store.address}/api/programs", params=asked).json()
    return str(told["programs"][0]["id"])
