"""The command line, as it is called: processes of their own against the embedded DHIS2."""

import csv
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time

import openpyxl
import pytest
import requests

from tests.servers import ROOT, free_port
from tests.web import PASSWORDS, settings_for


@pytest.fixture(scope="module")
def environment(civ_demo, civ_data, tmp_path_factory):
    """The environment of an installation whose figures are synced."""
    folder = tmp_path_factory.mktemp("installation")
    shutil.copytree(civ_data.folder, settings_for(folder, civ_demo).data / "snapshot")
    return environment_of(folder, civ_demo)


def environment_of(folder, dhis2, **more):
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("TANDEM_", "DATABASE_URL"))
    }
    account = {"TANDEM_DHIS2_USER": "admin", "TANDEM_DHIS2_PASSWORD": PASSWORDS["admin"]}
    return {**kept, "TANDEM_DATA": str(folder), "TANDEM_DHIS2_URL": dhis2, **account, **more}


def run(environment, *arguments):
    command = [sys.executable, "app.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=300, check=False)


QUESTION = ("--unit", "CIV", "--pair", "pill", "--from", "2019-08", "--to", "2019-09")


def test_export_writes_the_rows_as_csv_json_and_xlsx(environment, tmp_path):
    as_csv = run(environment, "export", *QUESTION)
    assert as_csv.returncode == 0, as_csv.stderr.decode()
    rows = list(csv.DictReader(io.StringIO(as_csv.stdout.decode())))
    as_json = json.loads(run(environment, "export", *QUESTION, "--format", "json").stdout)
    assert [row["value"] for row in rows] == ["" if r["value"] is None else str(r["value"]) for r in as_json]
    done = run(environment, "export", *QUESTION, "--format", "xlsx", "--output", str(tmp_path / "rows.xlsx"))
    assert done.returncode == 0, done.stderr.decode()
    sheet = openpyxl.load_workbook(tmp_path / "rows.xlsx").active
    assert sheet.max_row == len(rows) + 1


def test_export_takes_children(environment):
    as_json = json.loads(
        run(environment, "export", *QUESTION, "--children", "true", "--format", "json").stdout
    )
    assert {row["level"] for row in as_json} == {1, 2}


def test_definitions_are_written_as_json_csv_and_indicators_of_dhis2(environment, tmp_path):
    told = json.loads(run(environment, "definitions", "--lang", "en").stdout)["definitions"]
    rows = list(
        csv.DictReader(io.StringIO(run(environment, "definitions", "--format", "csv").stdout.decode()))
    )
    assert [row["id"] for row in rows] == [each["id"] for each in told]
    file = tmp_path / "indicators.json"
    done = run(environment, "definitions", "--format", "dhis2", "--out", str(file))
    assert (done.returncode, done.stdout) == (0, b""), done.stderr.decode()
    written = json.loads(file.read_text(encoding="utf-8"))
    assert set(written) == {"indicatorTypes", "indicators", "indicatorGroups"}
    assert all(each["numerator"] and each["denominator"] for each in written["indicators"])


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("--unit", "Zunknown", "--pair", "pill"), "Zunknown"),
        (("--unit", "CIV", "--pair", "aspirin"), "aspirin"),
        (("--unit", "CIV", "--pair", "pill", "--from", "yesterday"), "yesterday"),
    ],
)
def test_a_question_that_cannot_be_answered_is_one_line_and_a_status(environment, arguments, named):
    done = run(environment, "export", *arguments)
    assert done.returncode == 2
    lines = done.stderr.decode().strip().splitlines()
    assert len(lines) == 1
    assert named in lines[0]


def test_a_wrong_setting_is_refused_by_name(environment):
    done = run({**environment, "TANDEM_PORT": "eighty"}, "sync")
    assert done.returncode == 2
    assert "TANDEM_PORT" in done.stderr.decode()


def test_a_dhis2_that_is_not_there_is_named_with_a_remedy(tmp_path):
    address = f"http://127.0.0.1:{free_port()}"
    done = run(environment_of(tmp_path, address), "sync")
    assert done.returncode == 2
    said = done.stderr.decode()
    assert address in said
    assert "Traceback" not in said


@pytest.mark.parametrize("command", ["sync", "serve", "check"])
def test_a_database_that_is_none_is_told_with_a_remedy(tmp_path, command):
    environment = environment_of(tmp_path, f"http://127.0.0.1:{free_port()}")
    (tmp_path / "civ").mkdir()
    (tmp_path / "civ" / "tandem.sqlite3").write_bytes(b"not a database" * 1000)
    done = run(environment, command)
    assert done.returncode == 2
    said = done.stderr.decode()
    assert "The database cannot be used: file is not a database." in said
    assert "Traceback" not in said


def test_a_first_sync_shows_its_progress_and_says_what_it_did(tiny_demo, tmp_path):
    country = {"TANDEM_COUNTRY": str(ROOT / "tests" / "tiny" / "country")}
    environment = environment_of(tmp_path, tiny_demo, **country)
    done = run(environment, "sync")
    assert done.returncode == 0, done.stderr.decode()
    assert "100%" in done.stderr.decode()
    assert "Everything was pulled" in done.stdout.decode()
    again = run(environment, "sync")
    assert "The changes were pulled" in again.stdout.decode()
    assert " 0 values written" in f" {again.stdout.decode().splitlines()[1]}"


def test_check_names_each_finding_with_what_to_do(environment):
    done = run(environment, "check")
    assert done.returncode in (0, 1), done.stderr.decode()
    assert b"superuser" in done.stdout


def until(condition, seconds=90):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return False


def answers(address):
    try:
        return requests.get(f"{address}/healthz", timeout=2).ok
    except requests.RequestException:
        return False


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_serve_answers_and_ends_with_all_its_children(environment, ending, tmp_path):
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with (tmp_path / "log").open("wb") as log:
        served = subprocess.Popen(
            [sys.executable, "app.py", "serve"],
            cwd=ROOT,
            env={**environment, "TANDEM_PORT": str(port), "TANDEM_WORKERS": "1"},
            stdout=log,
            stderr=log,
        )
        try:
            assert until(lambda: answers(address)), (tmp_path / "log").read_text()
            assert requests.get(f"{address}/readyz", timeout=60).status_code == 200
            assert requests.get(f"{address}/", timeout=10).url.endswith("/login")
        finally:
            served.send_signal(ending)
            status = served.wait(60)
    assert status == 0, (tmp_path / "log").read_text()
    assert not answers(address)
    assert children_of(served.pid) == []


def children_of(pid):
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    return listed.stdout.split()
