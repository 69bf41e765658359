"""Syncs from a real embedded DHIS2 that the tests write to; the tiny country keeps them quick."""

import datetime
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pandas as pd
import pytest
import requests

from bench.truth import held
from countries import load_country
from loaders.errors import NotReachable, SourceError
from loaders.snapshot import SnapshotError
from loaders.sync import Busy, NothingToRead, Progress
from loaders.sync_report import last
from tests.conftest import TINY
from tests.loaders.metadata_of_forms import a_country, a_stock_form
from tests.loaders.synced_site import Site
from tests.servers import ROOT, demo_server
from tests.tiny.seed import write_seed


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("sync-demo")
    with demo_server(folder / "data", "--seed", str(write_seed(folder / "seed"))) as url:
        yield url


@pytest.fixture
def site(server, tmp_path) -> Iterator[Site]:
    yield Site(server, tmp_path, load_country(TINY))
    requests.delete(f"{server}/demo/faults", timeout=10)


def spoil(site: Site, **fault) -> None:
    requests.post(f"{site.url}/demo/faults", json=fault, timeout=10).raise_for_status()


def one_value(site: Site, value: dict, table: str = "values") -> pd.DataFrame:
    frame = site.snapshots.current().read(table)
    month = 202501 if value["period"] == "2025Q1" else int(value["period"])
    of_cell = (frame["org_unit"] == value["orgUnit"]) & (frame["item"] == value["dataElement"])
    return frame.loc[of_cell & (frame["month"] == month)]


def test_a_first_sync_brings_every_value_once_and_right(site):
    report = site.sync()
    assert report.kind == "full"
    assert site.wrong() == ""
    assert report.counts["values"] == len(site.plain.cells())


def test_quarters_keep_their_window_and_months_theirs(site):
    site.sync()
    values = site.snapshots.current().read("values")
    kinds = site.snapshots.current().read("items").set_index("id")["kind"]
    windows = values.groupby(values["item"].astype("str").map(kinds))["months"].unique()
    assert windows["commodity"].tolist() == [3]
    assert windows["service"].tolist() == [1]
    assert set(values.loc[values["months"] == 3, "month"] % 100) == {1, 4, 7, 10}


def test_the_units_come_depth_first_and_names_may_repeat(site):
    site.sync()
    units = site.snapshots.current().read("org_units")
    assert units["first"].tolist() == list(range(len(units)))
    assert units["last"].iloc[0] == len(units)
    assert (units["name"] == "Kafiné").sum() == 2
    for unit in units.itertuples():
        below = units.loc[units["path"].str.startswith(unit.path)]
        assert below["first"].tolist() == list(range(unit.first, unit.last))


def test_a_second_sync_brings_nothing_and_makes_no_new_version(site):
    first = site.sync()
    second = site.sync()
    assert second.kind == "changes"
    assert second.version == first.version == site.snapshots.current().version
    assert site.snapshots.current().manifest["synced_at"] == second.finished_at.isoformat()


def test_a_sync_without_changes_costs_a_fiftieth_of_the_bytes(civ_demo, civ, tmp_path):
    site = Site(civ_demo, tmp_path, civ)
    full, none = site.sync(), site.sync()
    assert none.wire_bytes < 0.02 * full.wire_bytes
    assert site.wrong() == ""


def test_new_changed_and_deleted_values_arrive_by_the_next_sync(site):
    new = site.value(period="2025Q1", option="Reçu", unit="SUD_ANONO", element="AMOX")
    changed = site.value(value="1234")
    deleted = site.value(element="ACT6")
    site.store(deleted | {"value": "5"})
    site.sync()
    site.store(new, changed, deleted | {"deleted": True})
    report = site.sync()
    assert (report.kind, report.changed, report.deleted) == ("changes", 2, 1)
    assert site.wrong() == ""
    assert 1234 in one_value(site, changed)["value"].tolist()


def test_a_zero_is_held_as_a_zero_and_a_value_that_is_not_there_has_no_row(site):
    zero = site.value(value="0", option="Stock final")
    site.store(zero)
    site.sync()
    row = one_value(site, zero).query("measure == 'closing'").iloc[0]
    assert (row["value"], row["state"]) == (0, "zero")
    assert not site.snapshots.current().read("values")["value"].isna().any()


def test_what_is_foreign_to_the_form_is_kept_aside_until_it_is_deleted(site):
    foreign = site.value(period="202502")
    site.store(foreign)
    site.sync()
    kept = one_rejected(site)
    assert "202502 is not quarterly" in kept["reason"]
    assert kept["org_unit"] == foreign["orgUnit"]
    assert kept["month"] == 202502
    site.store(foreign | {"deleted": True})
    site.sync()
    assert site.snapshots.current().read("rejected").empty


def one_rejected(site: Site) -> pd.Series:
    rejected = site.snapshots.current().read("rejected")
    assert len(rejected) == 1
    return rejected.iloc[0]


def test_reports_are_those_with_a_value_and_those_declared_complete(site):
    form, unit = site.ids("dataSets")["STOCK_Q"], site.ids("organisationUnits")["SUD_KAFINE"]
    complete = {"dataSet": form, "period": "2025Q4", "organisationUnit": unit, "date": "2026-01-05"}
    site.sync()
    before = report_of(site, unit, 202510)
    assert before.empty
    site.plain.post(
        "completeDataSetRegistrations", {"completeDataSetRegistrations": [complete | {"completed": True}]}
    )
    site.sync()
    after = report_of(site, unit, 202510).iloc[0]
    assert after["registered"]
    assert after["on_time"]
    told = report_of(site, unit, 202507).iloc[0]
    assert not told["registered"]
    assert pd.isna(told["on_time"])
    assert pd.isna(told["received_at"])


def report_of(site: Site, unit: str, month: int) -> pd.DataFrame:
    reports = site.snapshots.current().read("reports")
    of_form = reports.loc[(reports["org_unit"] == unit) & (reports["form"] == "stock")]
    return of_form.loc[of_form["month"] == month]


def test_a_sync_that_fails_leaves_the_last_version_and_says_why(site):
    site.sync()
    before = held(site.snapshots.current())
    site.store(site.value(value="4321"))
    spoil(site, kind="status", status=503, match="dataValueSets")
    with pytest.raises(SourceError):
        site.sync()
    assert held(site.snapshots.current()) == before
    told = last(site.snapshots.folder)
    assert told["problem"]
    assert {fault["kind"] for fault in told["faults"]} == {"status 503"}
    requests.delete(f"{site.url}/demo/faults", timeout=10)
    site.sync()
    assert site.wrong() == ""


def test_faults_that_were_overcome_are_in_the_report_of_a_good_sync(site):
    for kind in ("reset", "truncate", "status"):
        spoil(site, kind=kind, count=1, match="/api/org")
    report = site.sync()
    struck = requests.get(f"{site.url}/demo/faults", timeout=10).json()["faults"]
    assert sum(fault["struck"] for fault in struck) == len(report.faults) == 3
    assert site.wrong() == ""


def test_a_pull_that_was_cut_short_goes_on_where_it_stood(site):
    """One chunk is whole when the sync ends; values change before the next one."""
    seen: list[Progress] = []
    with pytest.raises(SourceError):
        site.sync(progress=lambda p: (seen.append(p), spoil_after_first_chunk(site, p)))
    requests.delete(f"{site.url}/demo/faults", timeout=10)
    assert site.snapshots.current() is None
    site.store(site.value(value="2468"), site.value(element="ACT24", deleted=True))
    report = site.sync()
    assert report.kind == "resumed"
    assert site.wrong() == ""
    assert not (site.snapshots.folder / "staging").exists()


def spoil_after_first_chunk(site: Site, progress: Progress) -> None:
    if progress.note == "tables" or (progress.note == "values" and progress.done >= 2):
        raise NotReachable("The line was cut.", "Mend it.")


def test_only_one_sync_writes_at_a_time(site):
    def meanwhile(progress: Progress) -> None:
        with pytest.raises(Busy, match="another sync"):
            site.sync()

    site.sync(progress=meanwhile)
    assert site.wrong() == ""


def test_a_country_whose_forms_are_not_there_is_refused_with_what_was_looked_for(site):
    elsewhere = Site(site.url, site.folder, a_country(a_stock_form(data_set="Nowhere")))
    with pytest.raises(NothingToRead, match="'Nowhere'"):
        elsewhere.sync()


def test_a_reader_keeps_its_version_while_newer_ones_are_written(site):
    site.sync()
    reader = site.snapshots.current()
    before = held(reader)
    site.store(site.value(value="999", period="2024Q1"))
    site.sync()
    site.sync(full=True)
    assert held(reader) == before
    assert held(site.snapshots.at(reader.version)) == before
    assert site.wrong() == ""


def test_the_server_s_clock_and_version_and_the_newest_months_are_in_the_manifest(site):
    report = site.sync()
    manifest = site.snapshots.current().manifest
    assert manifest["source"]["version"].startswith("2.4")
    assert manifest["source"]["url"] == site.url
    assert manifest["newest_month"] == {"care": 202512, "stock": 202512}
    assert manifest["counts"]["values"] == report.counts["values"]
    clock = datetime.datetime.fromisoformat(manifest["server_time"])
    assert abs(clock - report.started_at) < datetime.timedelta(minutes=5)


def test_a_sync_killed_in_its_middle_is_completed_by_the_next_one(site):
    site.sync()
    site.store(site.value(value="31"))
    before = held(site.snapshots.current())
    spoil(site, kind="latency", ms=30_000, match="dataValueSets.csv")
    place = [site.url, str(site.folder), str(TINY)]
    command = [sys.executable, "-m", "bench.faults", "--child", *place, "--full"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as child:
        child.stdout.readline()
        while not (site.snapshots.folder / "staging" / "plan.json").exists():
            assert child.poll() is None
            time.sleep(0.02)
        child.send_signal(signal.SIGKILL)
    requests.delete(f"{site.url}/demo/faults", timeout=10)
    assert held(site.snapshots.current()) == before
    site.sync()
    assert site.wrong() == ""


def test_a_folder_that_cannot_be_written_is_named_and_the_next_sync_goes_on(site):
    blocked = site.folder / "snapshot" / "staging"
    blocked.parent.mkdir()
    blocked.write_text("")
    with pytest.raises(SnapshotError, match=r"could not be read or written .*disk has room"):
        site.sync()
    blocked.unlink()
    site.sync()
    assert site.wrong() == ""


def test_a_damaged_table_is_told_with_the_remedy_that_mends_it(site):
    site.sync()
    for file in (site.folder / "snapshot" / "tables" / "values").rglob("*.parquet"):
        file.write_bytes(b"not what was written")
    site.store(site.value(value="78"))
    with pytest.raises(SnapshotError, match="sync --full"):
        site.sync()
    site.sync(full=True)
    assert site.wrong() == ""
