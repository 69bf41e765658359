"""The command line against the embedded DHIS2; what ends or starts processes, in a process of its own."""

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

from dashboard import serving
from loaders.http import Http
from tests.command_line import called
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
    as_json = json.loads(called(environment, "export", *QUESTION, "--format", "json").stdout)
    assert [row["value"] for row in rows] == ["" if r["value"] is None else str(r["value"]) for r in as_json]
    done = called(
        environment, "export", *QUESTION, "--format", "xlsx", "--output", str(tmp_path / "rows.xlsx")
    )
    assert done.returncode == 0, done.stderr.decode()
    sheet = openpyxl.load_workbook(tmp_path / "rows.xlsx").active
    assert sheet.max_row == len(rows) + 1


def test_export_takes_children(environment):
    as_json = json.loads(
        called(environment, "export", *QUESTION, "--children", "true", "--format", "json").stdout
    )
    assert {row["level"] for row in as_json} == {1, 2}


def test_definitions_are_written_as_json_csv_and_indicators_of_dhis2(environment, tmp_path):
    told = json.loads(called(environment, "definitions", "--lang", "en").stdout)["definitions"]
    rows = list(
        csv.DictReader(io.StringIO(called(environment, "definitions", "--format", "csv").stdout.decode()))
    )
    assert [row["id"] for row in rows] == [each["id"] for each in told]
    file = tmp_path / "indicators.json"
    done = called(environment, "definitions", "--format", "dhis2", "--out", str(file))
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
    done = called(environment, "export", *arguments)
    assert done.returncode == 2
    lines = done.stderr.decode().strip().splitlines()
    assert len(lines) == 1
    assert named in lines[0]


@pytest.mark.parametrize(
    "arguments",
    [("export", *QUESTION, "--output", "{}/none/x.csv"), ("definitions", "--format", "csv", "--out", "{}")],
)
def test_a_file_that_cannot_be_written_is_named_in_one_line(environment, tmp_path, arguments):
    done = called(environment, *(each.format(tmp_path) for each in arguments))
    assert done.returncode == 2
    (said,) = done.stderr.decode().strip().splitlines()
    assert str(tmp_path) in said and "See that the place is there" in said


def test_a_folder_for_the_data_that_cannot_be_made_is_named_in_one_line():
    done = called({"TANDEM_DATA": "/proc/nope", "TANDEM_COUNTRY": "civ"}, "export", *QUESTION)
    assert done.returncode == 2
    (said,) = done.stderr.decode().strip().splitlines()
    assert "/proc/nope" in said


def test_definitions_are_told_in_a_language_that_is_spoken(environment):
    done = called(environment, "definitions", "--lang", "xx")
    assert done.returncode == 2
    assert "'fr', 'en'" in done.stderr.decode()


def test_a_wrong_setting_is_refused_by_name(environment):
    done = called({**environment, "TANDEM_PORT": "eighty"}, "sync")
    assert done.returncode == 2
    assert "TANDEM_PORT" in done.stderr.decode()


def test_a_dhis2_that_is_not_there_is_named_with_a_remedy(tmp_path, monkeypatch):
    patience = Http._patience  # all its tries, each a hundred times sooner

    def hasty(*asked):
        wait = patience(*asked)
        return wait if wait is None else wait / 100

    monkeypatch.setattr(Http, "_patience", hasty)
    address = f"http://127.0.0.1:{free_port()}"
    done = called(environment_of(tmp_path, address), "sync")
    assert done.returncode == 2
    said = done.stderr.decode()
    assert address in said
    assert "Traceback" not in said


@pytest.mark.parametrize("command", ["sync", "serve", "check"])
def test_a_database_that_is_none_is_told_with_a_remedy(tmp_path, command):
    environment = environment_of(tmp_path, f"http://127.0.0.1:{free_port()}")
    (tmp_path / "civ").mkdir()
    (tmp_path / "civ" / "tandem.sqlite3").write_bytes(b"not a database" * 1000)
    done = (run if command == "serve" else called)(environment, command)
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
    again = called(environment, "sync")
    assert "The changes were pulled" in again.stdout.decode()
    assert " 0 values written" in f" {again.stdout.decode().splitlines()[1]}"


def test_check_names_each_finding_with_what_to_do(environment):
    done = called(environment, "check")
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


def test_web_processes_that_are_killed_are_told_of_in_one_line(monkeypatch, capsys):
    ends = [sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"]
    waits = [sys.executable, "-c", "import time; time.sleep(60)"]
    before = {number: signal.getsignal(number) for number in serving.STOPPING}
    monkeypatch.setattr(
        serving, "_start", lambda command: subprocess.Popen(waits if "worker" in command else ends)
    )
    try:
        status = serving.serve_until_stopped(serving.Listening("127.0.0.1", 1, 1, 1))
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert status == -signal.SIGKILL
    (said,) = capsys.readouterr().err.splitlines()
    assert "The web processes ended (signal 9)" in said


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
