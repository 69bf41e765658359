"""The data store of the embedded server."""

import uuid
from collections.abc import Callable

import pytest

from tests.demo.conftest import Asking


@pytest.fixture
def space() -> str:
    return f"/api/dataStore/{uuid.uuid4().hex}"


def test_what_is_put_in_comes_out_as_it_was(admin: Asking, space: str) -> None:
    assert admin("POST", f"{space}/key", json={"b": [1, None, "é"]}).status_code == 201
    assert admin.get(f"{space}/key") == {"b": [1, None, "é"]}
    assert admin("POST", f"{space}/key", json=1).status_code == 409
    assert admin.get(space) == ["key"]
    assert admin.get(f"{space}/key/metaData")["key"] == "key"


def test_put_makes_what_is_not_there(admin: Asking, space: str) -> None:
    assert admin("PUT", f"{space}/key", json=1).status_code == 201
    assert admin("PUT", f"{space}/key", json=2).status_code == 200
    assert admin.get(f"{space}/key") == 2


def test_a_log_rolls_over(admin: Asking, space: str) -> None:
    admin("POST", f"{space}/key", json={"log": []})
    for n in range(4):
        assert admin("PUT", f"{space}/key", params={"path": "log", "roll": 3}, json=n).status_code == 200
    assert admin.get(f"{space}/key") == {"log": [1, 2, 3]}


def test_a_part_is_changed_by_its_path(admin: Asking, space: str) -> None:
    admin("POST", f"{space}/key", json={"a": {"b": [1, 2]}})
    admin("PUT", f"{space}/key", params={"path": "a.b.[1]"}, json=9)
    assert admin.get(f"{space}/key") == {"a": {"b": [1, 9]}}


def test_2_40_knows_no_paths_and_replaces_everything(speaking: Callable[[int], str], space: str) -> None:
    admin = Asking(speaking(40))
    admin("POST", f"{space}/key", json={"log": []})
    admin("PUT", f"{space}/key", params={"path": "log", "roll": 3}, json=1)
    assert admin.get(f"{space}/key") == 1


def test_a_query_chooses_fields_filters_orders_and_pages(admin: Asking, space: str) -> None:
    for n, name in enumerate(("amy", "bob", "eve")):
        admin("POST", f"{space}/k{n}", json={"name": name, "at": {"n": n}})
    answer = admin.get(space, fields="name,at[n~hoist(number)]", filter="at.n:ge:1", order="name:desc")
    assert answer["entries"] == [
        {"key": "k2", "name": "eve", "number": 2},
        {"key": "k1", "name": "bob", "number": 1},
    ]
    assert admin.get(space, fields=".", filter="_:eq:k0", headless="true") == [
        {"key": "k0", "value": {"name": "amy", "at": {"n": 0}}}
    ]
    assert len(admin.get(space, fields="name", pageSize="2", page="2")["entries"]) == 1


def test_what_is_not_there_is_not_found(admin: Asking, space: str) -> None:
    assert admin("GET", space).status_code == 404
    assert admin("DELETE", f"{space}/key").status_code == 404
    assert (
        admin("POST", f"{space}/key", data=b"{", headers={"Content-Type": "application/json"}).status_code
        == 400
    )


def test_everybody_has_a_store_of_their_own(admin: Asking, clerk: Asking, space: str) -> None:
    mine = space.replace("dataStore", "userDataStore")
    assert clerk("POST", f"{mine}/key", json=1).status_code == 201
    assert admin("GET", f"{mine}/key").status_code == 404
    assert admin.get(f"{mine}/key", username="clerk") == 1
    assert clerk("GET", f"{mine}/key", params={"username": "admin"}).status_code == 403


def test_a_list_asked_for_as_a_field_comes_whole(admin: Asking) -> None:
    admin("PUT", "/api/dataStore/lists/one", json={"a": 1, "b": [1, 2]})
    told = admin.get("/api/dataStore/lists", fields="a,b", paging="false")
    assert told == [{"key": "one", "a": 1, "b": [1, 2]}]


def test_asking_a_namespace_that_is_not_there_for_fields_finds_nothing(admin: Asking) -> None:
    assert admin.get("/api/dataStore/nowhere", fields="a")["entries"] == []


@pytest.mark.parametrize("text", ["bad", "a:almost:1"])
def test_a_filter_that_cannot_be_read_is_a_conflict(admin: Asking, text: str) -> None:
    admin("PUT", "/api/dataStore/lists/one", json={"a": 1})
    answer = admin("GET", "/api/dataStore/lists", params={"fields": "a", "filter": text})
    assert answer.status_code == 409
