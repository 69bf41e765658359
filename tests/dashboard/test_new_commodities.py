"""What is put on the stores' form in DHIS2 is at the desk after a sync, and what is taken off is not."""

import shutil
from collections.abc import Iterator

import pytest
import requests

from dashboard.queries import Figures
from dashboard.stores import StoreDesk
from ledger.database import Database
from loaders.dhis2 import Basic, Client
from loaders.snapshot import Snapshots
from loaders.store_form import find_form
from loaders.sync import synchronise
from tests.ledger.stores import NAMES

ADMIN = ("admin", "district")
FORM = {"filter": "code:eq:DS_1153709", "fields": "id,dataSetElements[dataElement[id,categoryCombo[id]]]"}
NEW = "NewCommodi1"


@pytest.fixture(scope="module")
def dhis2(whotopia_filled, tmp_path_factory) -> Iterator[str]:
    with whotopia_filled.serving(tmp_path_factory.mktemp("dhis2")) as address:
        yield address


def form_of(dhis2: str) -> dict:
    return requests.get(f"{dhis2}/api/dataSets", params=FORM, auth=ADMIN, timeout=30).json()["dataSets"][0]


def set_elements(dhis2: str, elements: list[dict]) -> None:
    """Change the form in DHIS2 as its Maintenance app does."""
    change = [{"op": "replace", "path": "/dataSetElements", "value": elements}]
    answer = requests.patch(
        f"{dhis2}/api/dataSets/{form_of(dhis2)['id']}", json=change, auth=ADMIN, timeout=30,
        headers={"Content-Type": "application/json-patch+json"},
    )  # fmt: skip
    assert answer.ok, answer.text


def test_a_new_commodity_appears_with_its_columns_and_one_taken_off_is_no_longer_asked_for(
    dhis2, whotopia, whotopia_data, tmp_path
):
    before = form_of(dhis2)["dataSetElements"]
    gone, combination = before[0]["dataElement"]["id"], before[0]["dataElement"]["categoryCombo"]
    element = {
        "id": NEW, "code": "DE_NEW", "name": "Commodities - Calcium gluconate", "shortName": "Calcium",
        "domainType": "AGGREGATE", "valueType": "INTEGER_ZERO_OR_POSITIVE", "aggregationType": "SUM",
        "categoryCombo": combination,
    }  # fmt: skip
    made = requests.post(f"{dhis2}/api/metadata", json={"dataElements": [element]}, auth=ADMIN, timeout=30)
    assert made.ok, made.text
    set_elements(dhis2, [*before[1:], {"dataElement": {"id": NEW}}])

    shutil.copytree(whotopia_data.folder, tmp_path / "snapshot")
    snapshots = Snapshots(tmp_path / "snapshot")
    with Client(dhis2, Basic(*ADMIN)) as client:
        synchronise(client, whotopia, snapshots)
        form = find_form(client, NAMES)
    assert {(NEW, measure) for measure in ("consumed", "closing", "ordered")} <= form.cells.keys()
    database = Database.open(tmp_path / "tandem.sqlite3")
    database.migrate()
    desk = StoreDesk(database, Figures(snapshots, whotopia))
    store = next(iter(desk.catalogue().stores.values()))
    shown = {each.id: desk.name(each) for each in desk.catalogue().form_of(store)}
    assert shown[NEW] == "Commodities - Calcium gluconate"
    assert gone not in shown and len(shown) == len(before)
    database.close()
