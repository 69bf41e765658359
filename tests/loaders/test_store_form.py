"""The stores' form in a real embedded DHIS2: found by name, closed or without zeros, and put right."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from loaders.dhis2 import Basic, Client
from loaders.errors import SourceError
from loaders.store_fixes import KEEP_ZEROS, OPEN_MONTH, carry_out, changes_of
from loaders.store_form import find_form
from tests.ledger.stores import NAMES


@pytest.fixture(scope="module")
def client(civ_filled, tmp_path_factory) -> Iterator[Client]:
    folder, account = tmp_path_factory.mktemp("civ"), Basic("admin", "district")
    with civ_filled.serving(folder) as address, Client(address, account) as opened:
        yield opened


def test_columns_are_found_by_name_and_not_by_their_ids(client):
    form = find_form(client, NAMES)
    combos = client.get("/api/categoryOptionCombos", [("fields", "id,name"), ("paging", "false")])
    names = {each["id"]: each["name"] for each in combos["categoryOptionCombos"]}
    found = {names[option] for (_, measure), (_, option) in form.cells.items() if measure == "consumed"}
    assert found == {"Consumption"}
    assert {names[o] for (_, m), (_, o) in form.cells.items() if m == "closing"} == {"End Balance"}
    assert len(form.cells) == 39


def test_a_form_that_is_not_there_is_named_with_its_remedy(client):
    with pytest.raises(SourceError, match=r"No data set has the code or name 'Pharmacy'.*country.toml"):
        find_form(client, replace(NAMES, data_set="Pharmacy"))


def test_a_column_that_is_not_there_is_named_with_those_that_are(client):
    with pytest.raises(SourceError, match=r"no option combo named 'Used'.*'End Balance'"):
        find_form(client, replace(NAMES, measures={"Used": "consumed"}))


def test_two_columns_of_one_name_are_not_guessed_between(client):
    form = client.get("/api/dataSets", [("filter", "code:eq:DS_1153709"), ("fields", "id")])["dataSets"][0]
    told = client.get(
        f"/api/dataSets/{form['id']}", [("fields", "dataSetElements[dataElement[categoryCombo]]")]
    )
    combo = told["dataSetElements"][0]["dataElement"]["categoryCombo"]["id"]
    options = client.get(f"/api/categoryCombos/{combo}", [("fields", "categoryOptionCombos[id,name]")])
    other = next(each for each in options["categoryOptionCombos"] if each["name"] == "End Balance")
    path = f"/api/categoryOptionCombos/{other['id']}"
    client.send("PATCH", path, [{"op": "replace", "path": "/name", "value": "consumption "}])
    try:
        with pytest.raises(SourceError, match="2 option combos named 'Consumption'"):
            find_form(client, NAMES)
    finally:
        client.send("PATCH", path, [{"op": "replace", "path": "/name", "value": "End Balance"}])


def test_a_closed_month_is_opened_by_what_was_shown(client):
    assert find_form(client, NAMES).open_future == 0
    changes = changes_of(client, NAMES, OPEN_MONTH)
    assert [(each.property, each.before, each.after) for each in changes] == [("openFuturePeriods", 0, 1)]
    carry_out(client, changes)
    assert find_form(client, NAMES).open_future == 1
    assert changes_of(client, NAMES, OPEN_MONTH) == []


def test_zeros_are_kept_after_what_was_shown(client):
    assert find_form(client, NAMES).zeros_kept == frozenset()
    changes = changes_of(client, NAMES, KEEP_ZEROS)
    assert len(changes) == 13
    carry_out(client, changes)
    assert len(find_form(client, NAMES).zeros_kept) == 13
    assert changes_of(client, NAMES, KEEP_ZEROS) == []
