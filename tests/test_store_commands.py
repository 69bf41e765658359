"""`check --fix`, `install`, `backup` and `restore` as whoever runs an installation types them."""

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from ledger.chain import broken
from ledger.database import Database
from ledger.dump import checksum
from tests.command_line import called
from tests.ledger.desks import Desk, a_movement
from tests.ledger.stores import now

ROOT = Path(__file__).parent.parent
ADMIN = ("admin", "district")
FORM = {"filter": "code:eq:DS_1153709"}


@pytest.fixture(scope="module")
def dhis2(civ_filled, tmp_path_factory) -> Iterator[str]:
    """Côte d'Ivoire: its form is closed for the present month, drops zeros, and there is no registry."""
    with civ_filled.serving(tmp_path_factory.mktemp("dhis2")) as address:
        yield address


def environment_of(folder: Path, dhis2: str) -> dict[str, str]:
    return {
        "PATH": "/usr/bin:/bin",
        "TANDEM_DATA": str(folder),
        "TANDEM_COUNTRY": "civ",
        "TANDEM_DHIS2_URL": dhis2,
        "TANDEM_DHIS2_USER": ADMIN[0],
        "TANDEM_DHIS2_PASSWORD": ADMIN[1],
    }


def run(folder: Path, dhis2: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command with nobody at a terminal to answer."""
    done = called(environment_of(folder, dhis2), *arguments)
    return subprocess.CompletedProcess(arguments, done.returncode, done.stdout.decode(), done.stderr.decode())


def run_apart(folder: Path, dhis2: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The same in a process of its own."""
    command = [sys.executable, "app.py", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment_of(folder, dhis2), capture_output=True, text=True, timeout=300,
        check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def told(dhis2: str, kind: str, **asked: str) -> list[dict[str, Any]]:
    """What DHIS2 itself answers."""
    answer = requests.get(f"{dhis2}/api/{kind}", params={"paging": "false", **asked}, auth=ADMIN, timeout=30)
    return list(answer.json()[kind])


def form_of(dhis2: str) -> dict[str, Any]:
    fields = "id,openFuturePeriods,dataSetElements[dataElement[id,zeroIsSignificant]],organisationUnits[id]"
    form = told(dhis2, "dataSets", **FORM, fields=fields)[0]
    for name in ("dataSetElements", "organisationUnits"):  # a live DHIS2 lists them in any order
        form[name] = sorted(form[name], key=str)
    return form


def zeros_kept(form: dict[str, Any]) -> set[bool]:
    return {bool(each["dataElement"].get("zeroIsSignificant")) for each in form["dataSetElements"]}


def test_check_fix_changes_nothing_unless_it_is_told_yes_and_then_opens_the_month_and_keeps_zeros(
    dhis2, tmp_path
):
    before = form_of(dhis2)
    assert before["openFuturePeriods"] == 0 and zeros_kept(before) == {False}
    unanswered = run(tmp_path, dhis2, "check", "--fix")
    assert "openFuturePeriods 0 -> 1" in unanswered.stdout
    assert "say it with --yes" in unanswered.stdout
    assert form_of(dhis2) == before

    done = run(tmp_path, dhis2, "check", "--fix", "--yes")
    assert f"{len(before['dataSetElements']) + 1} objects of DHIS2 were changed" in done.stdout
    after = form_of(dhis2)
    assert after["openFuturePeriods"] == 1 and zeros_kept(after) == {True}
    again = run(tmp_path, dhis2, "check")
    assert "check --fix" not in again.stdout


def names_of_elements(dhis2: str) -> set[str]:
    asked = {"filter": "name:$like:Stock transaction", "fields": "name"}
    return {each["name"] for each in told(dhis2, "dataElements", **asked)}


def test_install_shows_what_the_registry_lacks_puts_it_there_and_finds_it_whole_the_next_time(
    dhis2, tmp_path
):
    before = names_of_elements(dhis2)
    shown = run(tmp_path, dhis2, "install")
    metadata, _ = json.JSONDecoder().raw_decode(shown.stdout[shown.stdout.index("{") :])
    lacking = {each["name"] for each in metadata["dataElements"]}
    assert shown.returncode == 1 and lacking and not lacking & before
    assert names_of_elements(dhis2) == before

    put = run(tmp_path, dhis2, "install", "--yes")
    assert put.returncode == 0, put.stderr
    assert names_of_elements(dhis2) == before | lacking
    wanted = {"filter": "name:eq:Stock transaction", "fields": "organisationUnits[id]"}
    (program,) = told(dhis2, "programs", **wanted)
    stores = {each["id"] for each in form_of(dhis2)["organisationUnits"]}
    assert {each["id"] for each in program["organisationUnits"]} >= stores
    assert "whole, at every store" in run(tmp_path, dhis2, "install", "--yes").stdout


def opened(folder: Path) -> Database:
    database = Database.open(folder / "civ" / "tandem.sqlite3")
    database.migrate()
    return database


def checksum_said(printed: str) -> str:
    found = re.search(r"checksum (\w+)", printed)
    assert found, printed
    return found[1]


def test_a_backup_taken_while_the_desk_records_comes_back_to_the_checksum_that_it_said(dhis2, tmp_path):
    here, there, file = tmp_path / "here", tmp_path / "there", tmp_path / "kept.tar"
    (here / "civ").mkdir(parents=True)
    database = opened(here)
    desk, over = Desk(database, now), threading.Event()
    desk.send(*(a_movement("receive", 10 + n, seq=n) for n in range(20)))

    def record() -> None:
        while not over.wait(0.01):
            desk.note("receive", 1)

    recording = threading.Thread(target=record)
    recording.start()
    try:
        kept = run_apart(here, dhis2, "backup", str(file))
    finally:
        over.set()
        recording.join()
    assert kept.returncode == 0, kept.stderr
    back = run_apart(there, dhis2, "restore", str(file))
    assert back.returncode == 0, back.stderr
    assert checksum_said(back.stdout) == checksum_said(kept.stdout)
    restored = opened(there)
    assert str(checksum(restored)) == checksum_said(kept.stdout)
    assert broken(restored) == []
    assert Desk(restored, now).note("dispense", 1).status == "accepted"
