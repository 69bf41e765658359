"""Events of the embedded DHIS2: into lots, losses, issues and orders, by changes, in all its versions."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

import pandas as pd
import pytest

from countries import load_country
from loaders import event_pages
from loaders.dhis2 import Basic, Client
from loaders.event_pages import pages
from loaders.event_programs import find_programs
from loaders.findings import WORDS
from loaders.staging import Staging
from tests.loaders.synced_site import ADMIN, Site

TRANSACTION = "Stock transaction"
PARTS = ("lots", "balances", "losses", "issues", "orders")


@pytest.fixture(scope="module")
def site(whotopia_filled, tmp_path_factory) -> Iterator[Site]:
    """Synced once; every test changes events of its own."""
    folder = tmp_path_factory.mktemp("events")
    with whotopia_filled.serving(folder / "data") as url:
        site = Site(url, folder, load_country("whotopia"))
        assert site.sync().kind == "full"
        yield site


def table(site: Site, name: str) -> pd.DataFrame:
    return site.snapshots.current().read(name)


def raw(site: Site, program: str = TRANSACTION) -> list[dict]:
    """All events of a program with their values by the names of the elements, oldest first."""
    uid = next(
        p["id"] for p in site.plain.get("programs", fields="id,name")["programs"] if p["name"] == program
    )
    names = {e["id"]: e["name"] for e in site.plain.get("dataElements", fields="id,name")["dataElements"]}
    found = site.plain.get("tracker/events", program=uid, paging="false", fields="*")["events"]
    for event in found:
        event["said"] = {
            names[v["dataElement"]].removeprefix(f"{program} - "): v["value"] for v in event["dataValues"]
        }
    return sorted(found, key=lambda event: (event["occurredAt"], event["event"]))


def send(site: Site, event: dict, strategy: str = "CREATE_AND_UPDATE") -> None:
    body = {
        "events": [
            {
                name: event[name]
                for name in (
                    "event",
                    "program",
                    "programStage",
                    "orgUnit",
                    "occurredAt",
                    "status",
                    "dataValues",
                )
                if name in event
            }
        ]
    }
    answer = site.plain.post(f"tracker?async=false&importStrategy={strategy}", body)
    assert answer["status"] in ("OK", "WARNING"), answer


def with_value(site: Site, event: dict, name: str, value: str) -> dict:
    elements = {e["name"]: e["id"] for e in site.plain.get("dataElements", fields="id,name")["dataElements"]}
    uid = elements[f"{TRANSACTION} - {name}"]
    others = [v for v in event["dataValues"] if v["dataElement"] != uid]
    kept = [{"dataElement": v["dataElement"], "value": v["value"]} for v in others]
    return event | {"dataValues": [*kept, {"dataElement": uid, "value": value}]}


def packs(site: Site) -> dict[str, float]:
    return dict(table(site, "store_items")[["code", "pack_size"]].to_numpy().tolist())


def codes(site: Site) -> dict[str, str]:
    items = pd.concat([table(site, "store_items"), table(site, "items")])
    return dict(items[["id", "code"]].to_numpy().tolist())


def test_every_event_is_held_once_and_none_is_kept_aside(site):
    events = table(site, "events")
    assert events["event"].is_unique
    for program, role in ((TRANSACTION, "movements"), ("Order confirmation", "orders")):
        assert set(events.loc[events["role"] == role, "event"]) == {e["event"] for e in raw(site, program)}
    assert not table(site, "rejected")["code"].str.startswith("event_").any()


def test_losses_and_issues_are_the_sums_of_the_slips(site):
    pack, lost, issued = packs(site), defaultdict(float), defaultdict(float)
    for event in raw(site):
        said, month = event["said"], int(event["occurredAt"][:7].replace("-", ""))
        units = float(said["Quantity"]) * pack[said["Commodity"]]
        if said["Kind"] == "write_off":
            lost[event["orgUnit"], said["Commodity"], month, said["Reason"]] += units
        sign = {"dispense": 1, "return": -1, "reverse": -1}.get(said["Kind"], 0)
        issued[event["orgUnit"], said["Commodity"], month] += sign * units
    code = codes(site)
    losses, issues = table(site, "losses"), table(site, "issues")
    assert {(r.org_unit, code[r.item], r.month, r.reason): r.quantity for r in losses.itertuples()} == lost
    told = {(r.org_unit, code[r.item], r.month): r.quantity for r in issues.itertuples()}
    assert {key: told[key] for key in issued} == issued
    assert all(value == 0 for key, value in told.items() if key not in issued)


def test_lots_add_up_to_what_the_last_count_found_and_what_moved_since(site):
    """After a count nothing rests on what was there before the first slip."""
    pack, balance = packs(site), {}
    effect = {"dispense": -1, "write_off": -1, "transfer_send": -1}
    for event in raw(site):
        said = event["said"]
        key, quantity = (
            (event["orgUnit"], said["Commodity"]),
            float(said["Quantity"]) * pack[said["Commodity"]],
        )
        if said["Kind"] == "count":
            balance[key] = quantity
        elif key in balance:
            balance[key] = max(0.0, balance[key] + effect.get(said["Kind"], 1) * quantity)
    code, lots = codes(site), table(site, "lots")
    held = defaultdict(float)
    newest = lots.groupby(lots["org_unit"].astype(str))["as_of"].transform("max")
    for row in lots.loc[lots["as_of"] == newest].itertuples():
        held[row.org_unit, code[row.item]] += row.quantity
    last = {(row.org_unit, code[row.item]): row.balance for row in table(site, "balances").itertuples()}
    assert balance
    assert {key: held[key] for key in balance} == balance == {key: last[key] for key in balance}


def test_a_second_sync_brings_no_event_again(site):
    version = site.snapshots.current().version
    assert site.sync().version == version


def test_a_changed_and_a_deleted_event_change_what_they_add_up_to(site):
    lost = [event for event in raw(site) if event["said"]["Kind"] == "write_off"]
    changed, deleted = lost[0], lost[1]
    before = table(site, "losses")["quantity"].sum()
    pack = packs(site)
    send(site, with_value(site, changed, "Quantity", str(int(changed["said"]["Quantity"]) + 7)))
    send(site, {"event": deleted["event"]}, "DELETE")
    assert site.sync().kind == "changes"
    less = float(deleted["said"]["Quantity"]) * pack[deleted["said"]["Commodity"]]
    more = 7 * pack[changed["said"]["Commodity"]]
    assert table(site, "losses")["quantity"].sum() == before + more - less
    assert deleted["event"] not in set(table(site, "events")["event"])


def test_a_broken_event_is_kept_aside_until_it_is_mended(site):
    event = next(e for e in raw(site) if e["said"]["Kind"] == "receive")
    send(site, with_value(site, event, "Commodity", "DE_NOWHERE"))
    site.sync()
    aside = table(site, "rejected")
    aside = aside[aside["code"] == "event_item"]
    assert (aside["source"].tolist(), aside["item"].tolist()) == ([TRANSACTION], ["DE_NOWHERE"])
    assert json.loads(aside["arguments"].iloc[0])["event"] == event["event"]
    assert aside["remedy"].str.len().min() > 0
    assert event["event"] not in set(table(site, "events")["event"])
    site.sync()
    assert (table(site, "rejected")["code"] == "event_item").sum() == 1
    send(site, with_value(site, event, "Commodity", event["said"]["Commodity"]))
    site.sync()
    assert not table(site, "rejected")["code"].str.startswith("event_").any()
    assert event["event"] in set(table(site, "events")["event"])


def test_a_full_pull_and_the_changes_come_to_the_same(site, monkeypatch):
    held = {name: table(site, name) for name in ("events", *PARTS)}
    monkeypatch.setattr(event_pages, "SIZE", 700)
    site.sync(full=True)
    for name, before in held.items():
        keys = list(before.columns)[:3]
        both = [
            each.astype(dict.fromkeys(keys, "str")).sort_values(keys, ignore_index=True)
            for each in (before, table(site, name))
        ]
        pd.testing.assert_frame_equal(*both, check_categorical=False)


def test_pages_that_are_whole_are_not_asked_for_again(site, tmp_path, monkeypatch):
    monkeypatch.setattr(event_pages, "SIZE", 500)
    with Client(site.url, Basic(*ADMIN)) as client:
        program = find_programs(client, site.country.events).found[0]
        staging = Staging(tmp_path)
        staging.begin("one", client.system().time)
        first = [page["event"].to_pylist() for page in pages(client, program, staging=staging)]
        asked = client.report.requests
        again = [page["event"].to_pylist() for page in pages(client, program, staging=staging)]
        assert again == first
        assert len(first) > 2
        assert client.report.requests == asked


def test_a_program_that_is_not_there_is_said_and_the_rest_goes_on(site, tmp_path):
    events = site.country.events
    programs = tuple(
        replace(p, program=f"{p.program}?") if p.role == "orders" else p for p in events.programs
    )
    country = replace(site.country, events=replace(events, programs=programs))
    other = Site(site.url, tmp_path, country)
    found = [each for each in other.sync().findings if each.code == "program_absent"]
    assert [each.named for each in found] == ["Order confirmation?"]
    assert found[0].what and found[0].remedy
    assert found[0].code in WORDS
    assert len(table(other, "lots"))
    assert table(other, "orders").empty


def test_a_country_without_events_asks_for_none_and_has_no_such_table(site, tmp_path):
    other = Site(site.url, tmp_path, replace(site.country, events=None))
    other.sync()
    assert "events" not in other.snapshots.current().manifest["tables"]


@pytest.mark.parametrize("dialect", ["40", "41", "43"])
def test_every_version_tells_the_same_events(site, whotopia_filled, dialect, monkeypatch, tmp_path):
    monkeypatch.setattr(event_pages, "SIZE", 700)
    with (
        whotopia_filled.serving(tmp_path / "data", "--dialect", dialect) as url,
        Client(url, Basic(*ADMIN)) as client,
    ):
        told = [
            event
            for program in find_programs(client, site.country.events).found
            for page in pages(client, program)
            for event in page["event"].to_pylist()
        ]
    held = set(table(site, "events")["event"])
    assert len(told) == len(set(told))
    assert held <= set(told)
    assert len(set(told) - held) <= 1  # the one that was deleted above
