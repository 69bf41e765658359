"""The client against a whole DHIS2: the embedded one, over HTTP, with its faults."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest
import requests

from loaders.dhis2 import Basic, Client, Limits, Token, ValueQuery, sign_in
from loaders.errors import NotPermitted, NotSignedIn
from loaders.metadata import shape_of
from tests.servers import demo_server
from tests.tiny.seed import write_seed

ADMIN = Basic("admin", "district")
STORE = Basic("store", "Store-1234")
HASTY = Limits(backoff=0.01, read=2.0, total=4.0, attempts=6, longest_wait=5.0)
KEYS = ["dataelement", "period", "orgunit", "categoryoptioncombo", "attributeoptioncombo"]


@pytest.fixture(scope="module")
def client(civ_demo):
    with Client(civ_demo, ADMIN) as client:
        yield client


@pytest.fixture(scope="module")
def own_demo(tmp_path_factory):
    """An embedded DHIS2 of the tiny country that may be written to and disturbed."""
    folder = tmp_path_factory.mktemp("own-demo")
    with demo_server(folder / "data", "--seed", str(write_seed(folder / "seed"))) as url:
        yield url


@pytest.fixture(scope="module")
def shape(client):
    return shape_of(client.org_units(), client.data_sets(), client.option_combos())


@pytest.fixture(scope="module")
def logistics(client):
    frame = client.data_sets().frame.set_index("name")
    return ValueQuery((frame.loc["Contraceptive logistics", "id"],), date(2019, 1, 1), date(2019, 9, 30))


@pytest.fixture(scope="module")
def values(client, shape, logistics):
    return sorted_values(client.all_values(logistics, shape))


def sorted_values(frame):
    plain = frame.astype(dict.fromkeys([*KEYS, "storedby", "lastupdated", "comment"], "str"))
    return plain.sort_values(KEYS).reset_index(drop=True)


def plainly(url, query):
    """The same values by one plain request."""
    params = [("dataSet", form) for form in query.data_sets]
    params += [("startDate", query.start), ("endDate", query.end), ("children", "true")]
    me = requests.get(f"{url}/api/me", auth=("admin", "district"), timeout=30).json()
    params += [("orgUnit", unit["id"]) for unit in me["dataViewOrganisationUnits"]]
    answer = requests.get(f"{url}/api/dataValueSets", params, auth=("admin", "district"), timeout=60).json()
    return pd.DataFrame(answer["dataValues"])


def test_units_levels_groups_and_forms_are_those_of_the_country(client):
    units = client.org_units().set_index("id")
    assert units["level"].value_counts().to_dict() == {1: 1, 2: 21, 3: 119, 4: 156}
    assert units.loc[units["code"] == "C4001", "name"].item() == "Abengourou C4001"
    assert client.levels()["name"].tolist() == ["Country", "Region", "District", "Facility"]
    assert set(client.groups()["org_unit"]) == set(units.index[units["level"] == 4])
    forms = client.data_sets()
    assert set(forms.frame["period_type"]) == {"Monthly"}
    assert set(forms.assignments["org_unit"]) <= set(units.index)
    assert set(forms.elements["data_element"]) <= set(client.data_elements()["id"])
    assert set(forms.elements["category_combo"]) <= set(client.option_combos()["category_combo"])


def test_values_pulled_in_chunks_are_those_of_one_plain_request(civ_demo, logistics, values):
    plain = plainly(civ_demo, logistics)
    names = {"dataElement": "dataelement", "orgUnit": "orgunit", "categoryOptionCombo": "categoryoptioncombo"}
    names |= {"attributeOptionCombo": "attributeoptioncombo", "lastUpdated": "lastupdated"}
    plain = plain.rename(columns=names).sort_values(KEYS).reset_index(drop=True)
    assert len(values) == len(plain) > 10_000
    columns = [*KEYS, "value", "lastupdated"]
    pd.testing.assert_frame_equal(values[columns], plain[columns].astype("str"))


def test_nothing_changed_means_no_rows_and_few_bytes(client, shape, logistics):
    query = replace(logistics, org_units=("yd9u66mNG23",))
    before = client.report.wire_bytes
    assert len(client.values_changed_since(client.server.time, query, shape, overlap=timedelta(0))) == 0
    assert client.report.wire_bytes - before < 1_000


def test_everything_changed_since_long_ago(client, shape, logistics, values):
    changed = client.values_changed_since(datetime(2000, 1, 1, tzinfo=UTC), logistics, shape)
    kept = changed[~changed["deleted"]]
    pd.testing.assert_frame_equal(sorted_values(kept)[[*KEYS, "value"]], values[[*KEYS, "value"]])


def test_a_store_manager_sees_the_own_store_and_is_told_that_no_more_is_permitted(civ_demo, shape, logistics):
    with Client(civ_demo, STORE) as store:
        assert set(store.all_values(logistics, shape)["orgunit"]) == {store.me().sees[0].id}
        nation = ValueQuery(logistics.data_sets, logistics.start, logistics.end, ("yd9u66mNG23",))
        with pytest.raises(NotPermitted, match="yd9u66mNG23"):
            store.all_values(nation, shape)
        with pytest.raises(NotPermitted):
            store.values_changed_since(store.server.time, nation, shape)


def test_no_registrations_are_an_empty_frame(client, shape):
    service = client.data_sets().frame.set_index("name").loc["Life-Saving Commodities", "id"]
    assert len(client.completeness(ValueQuery((service,), date(2010, 1, 1), date(2010, 12, 31)))) == 0


def test_a_person_signs_in_with_a_password_or_a_token_and_not_with_a_wrong_one(own_demo):
    signed = sign_in(own_demo, "store", "Store-1234")
    assert signed.me.username == "store"
    assert signed.me.organisation_units[0].level == 3
    assert signed.me.may("F_DATAVALUE_ADD")
    assert not signed.me.may("F_SYSTEM_SETTING")
    with Client(own_demo, Token(signed.token)) as own:
        assert own.me() == signed.me
    with pytest.raises(NotSignedIn):
        sign_in(own_demo, "store", "Store-1235")
    with Client(own_demo, Token("d2p_" + "x" * 50), HASTY) as forged, pytest.raises(NotSignedIn):
        forged.me()


@pytest.fixture(scope="module")
def quarters(own_demo):
    """The quarterly form of the tiny country: query, shape, and its values, undisturbed."""
    with Client(own_demo, ADMIN) as client:
        forms = client.data_sets().frame.set_index("period_type")
        query = ValueQuery((forms.loc["Quarterly", "id"],), date(2024, 1, 1), date(2025, 12, 31))
        shape = client.shape()
        return query, shape, sorted_values(client.all_values(query, shape))


def test_a_value_stored_and_then_deleted_is_seen_both_times_by_who_asks_for_changes(own_demo, quarters):
    query, shape, before = quarters
    names = {"dataelement": "dataElement", "period": "period", "orgunit": "orgUnit"}
    names |= {"categoryoptioncombo": "categoryOptionCombo"}
    cell = before.iloc[0].rename(names)[list(names.values())].to_dict()
    with Client(own_demo, ADMIN) as client:
        since = client.system().time

        def changes():
            changed = client.values_changed_since(since, query, shape, overlap=timedelta(seconds=1))
            return changed[["orgunit", "deleted"]].astype("str").to_numpy().tolist()

        client.store_values(query.data_sets[0], [cell | {"value": "987654"}])
        assert changes() == [[cell["orgUnit"], "False"]]
        client.store_values(query.data_sets[0], [cell | {"value": "987654", "deleted": True}])
        assert changes() == [[cell["orgUnit"], "True"]]
        client.store_values(query.data_sets[0], [cell | {"value": before.iloc[0]["value"]}])
        assert changes() == [[cell["orgUnit"], "False"]]


FAULTS = [
    {"kind": "status", "status": 502, "count": 2},
    {"kind": "status", "status": 429, "retry_after": 0, "count": 2},
    {"kind": "reset", "count": 2},
    {"kind": "truncate", "count": 2},
    {"kind": "latency", "ms": 3_000, "count": 1},
    {"kind": "drip", "ms": 3_000, "count": 1},
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault["kind"])
def test_the_same_values_come_through_each_kind_of_fault_and_each_is_told(own_demo, quarters, fault):
    query, shape, whole = quarters
    faults = f"{own_demo}/demo/faults"
    requests.post(faults, json={"match": "/api/dataValueSets"} | fault, timeout=10).raise_for_status()
    try:
        with Client(own_demo, ADMIN, HASTY) as client:
            pulled = sorted_values(client.all_values(query, shape))
            pd.testing.assert_frame_equal(pulled[[*KEYS, "value"]], whole[[*KEYS, "value"]])
            told = [one for one in client.report.faults if "dataValueSets" in one.asked]
        assert len(told) == fault["count"]
    finally:
        requests.delete(faults, timeout=10).raise_for_status()


@pytest.mark.parametrize("minor", ["40", "41", "43"])
def test_every_version_is_read_alike(tmp_path, minor, quarters):
    query, shape, whole = quarters
    options = ("--seed", str(write_seed(tmp_path / "seed")), "--dialect", minor)
    with demo_server(tmp_path / "data", *options) as url, Client(url, ADMIN) as client:
        assert client.server.dialect.minor == int(minor)
        pulled = sorted_values(client.all_values(query, shape))
        pd.testing.assert_frame_equal(pulled[[*KEYS, "value"]], whole[[*KEYS, "value"]])
        assert len(client.values_changed_since(client.server.time, query, shape, timedelta(0))) == 0
