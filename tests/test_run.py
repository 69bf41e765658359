"""The command that starts everything: what it refuses, what it starts, and that it ends what it started."""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.conftest import TINY
from tests.servers import free_port

PROJECT = Path(__file__).resolve().parent.parent
STARTUP_SECONDS = 240


def environment(**settings: str) -> dict[str, str]:
    kept = {
        k: v for k, v in os.environ.items() if not k.startswith(("TANDEM_", "DATABASE_URL", "SECRET_KEY"))
    }
    return kept | settings


def start(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "scripts/start.py", *arguments]
    return subprocess.run(
        command,
        cwd=PROJECT,
        env=environment(**settings),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def children_of(process: int) -> set[int]:
    """The processes that descend from a process."""
    found, waiting = set(), [process]
    while waiting:
        parent = waiting.pop()
        for path in Path(f"/proc/{parent}/task").glob("*/children"):
            new = {int(each) for each in path.read_text().split()} - found
            found |= new
            waiting += new
    return found


def is_alive(process: int) -> bool:
    status = Path(f"/proc/{process}/status")
    return status.exists() and "State:\tZ" not in status.read_text()


def test_a_country_that_is_not_there_is_refused_with_those_that_are():
    refused = start("atlantis")
    assert refused.returncode != 0
    assert "'atlantis' is not part of this Tandem; it has: civ" in refused.stderr


def test_a_wrong_setting_is_refused_with_its_name():
    refused = start(TANDEM_PORT="eighty")
    assert refused.returncode != 0
    assert refused.stderr.strip() == "TANDEM_PORT is 'eighty': it must be a whole number from 1 to 65535."


def test_a_port_in_use_is_refused_before_anything_starts(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        refused = start("--port", port, TANDEM_DATA=str(tmp_path))
    assert refused.returncode != 0
    assert f"Port {port} is in use" in refused.stderr
    assert not list(tmp_path.iterdir())


def test_preparing_starts_nothing(tmp_path):
    done = start("--prepare", TANDEM_DATA=str(tmp_path))
    assert done.returncode == 0
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
@pytest.mark.parametrize("script", ["run", "test", ".ci/run", "scripts/lock", "scripts/prepare.sh"])
def test_the_shell_scripts_are_sound(script):
    assert subprocess.run(["bash", "-n", PROJECT / script], check=False).returncode == 0
    assert os.access(PROJECT / script, os.X_OK) or script.endswith(".sh")


@dataclass
class Started:
    """A Tandem started by the command, its output so far and the processes that descend from it."""

    process: "subprocess.Popen[bytes]"
    log: Path
    descendants: set[int]

    @property
    def said(self) -> str:
        return self.log.read_text()

    def commands(self) -> list[str]:
        kept = (Path(f"/proc/{each}/cmdline") for each in self.descendants if is_alive(each))
        return [path.read_bytes().replace(b"\0", b" ").decode() for path in kept]


def begun(log: Path, *arguments: str, **settings: str) -> "subprocess.Popen[bytes]":
    """The command, begun; what it says goes to a file."""
    with log.open("wb") as out:
        return subprocess.Popen(
            [sys.executable, "scripts/start.py", *arguments],
            cwd=PROJECT,
            env=environment(**settings),
            stdout=out,
            stderr=out,
            start_new_session=True,
        )


@contextlib.contextmanager
def started(folder: Path, ending: int = signal.SIGTERM, **settings: str) -> Iterator[Started]:
    """Starts it on a free port with its data in `folder`, and ends it by a signal to the process started."""
    port, log, country = free_port(), folder.with_suffix(".log"), settings.pop("country", "civ")
    process = begun(log, country, "--port", str(port), TANDEM_DATA=str(folder), **settings)
    try:
        if certificate := settings.get("TANDEM_TLS_CERT"):
            wait_for(f"https://127.0.0.1:{port}/readyz", process, log, certificate)
        else:
            wait_for(f"http://127.0.0.1:{port}/readyz", process, log)
        yield Started(process, log, children_of(process.pid))
    finally:
        os.kill(process.pid, ending)
        process.wait(90)


@pytest.mark.slow
def test_it_starts_everything_says_who_can_log_in_and_ends_all_it_started(tmp_path):
    """Twice on the same folder: the first start seeds and syncs, the second finds both done."""
    for ending in (signal.SIGINT, signal.SIGTERM):
        with started(tmp_path / "kept", ending) as tandem:
            assert "Tandem is at http://127.0.0.1:" in tandem.said
            assert "admin / district" in tandem.said
            assert any("-m demo" in command for command in tandem.commands())
            assert any("app.py worker" in command for command in tandem.commands())
        assert [each for each in tandem.descendants if is_alive(each)] == []
        assert ("Newest month" in tandem.said) is (
            ending == signal.SIGINT
        )  # only the first start has to sync
        assert "Traceback" not in tandem.said, tandem.said


def said_address(log: Path, before: str, process: "subprocess.Popen[bytes]") -> str:
    """The address that stands in the log after some words, once it does."""
    until = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < until:
        if found := re.search(before + r" (http://127\.0\.0\.1:\d+)[ .]", log.read_text()):
            return found[1]
        assert process.poll() is None, log.read_text()
        time.sleep(0.1)
    raise AssertionError(log.read_text())


@pytest.mark.slow
def test_two_start_side_by_side_each_with_an_embedded_dhis2_and_a_port_of_its_own(tmp_path):
    """At the same moment and without a port given, while somebody may hold the usual ones as well."""
    logs = [tmp_path / f"{name}.log" for name in ("one", "other")]
    processes = [begun(log, "civ", TANDEM_DATA=str(log.with_suffix(""))) for log in logs]
    try:
        both = list(zip(logs, processes, strict=True))
        sources = [said_address(*each) for each in ((log, r"\) at", made) for log, made in both)]
        pages = [said_address(*each) for each in ((log, "Tandem is at", made) for log, made in both)]
        assert len({*sources, *pages}) == 4
        for page in pages:
            assert requests.get(f"{page}/readyz", timeout=10).status_code == 200
        for log, source in zip(logs, sources, strict=True):
            manifest = json.loads((log.with_suffix("") / "civ/snapshot/manifest.json").read_text())
            assert manifest["source"]["url"] == source
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(90)


def test_a_generator_that_is_ended_at_work_leaves_no_traceback(tmp_path):
    log = tmp_path / "run.log"
    process = begun(log, "whotopia", TANDEM_DATA=str(tmp_path / "data"))
    until = time.monotonic() + STARTUP_SECONDS
    while log.read_text().count(" ...") < 2 and time.monotonic() < until:  # it makes its figures by now
        assert process.poll() is None, log.read_text()
        time.sleep(0.1)
    descendants = children_of(process.pid)
    assert len(descendants) >= 2, log.read_text()
    os.kill(process.pid, signal.SIGTERM)
    assert process.wait(90) == 0
    assert [each for each in descendants if is_alive(each)] == []
    assert "Traceback" not in log.read_text(), log.read_text()


@pytest.mark.slow
def test_a_dhis2_of_ones_own_is_used_and_no_embedded_one_started_and_a_certificate_makes_it_https(
    tiny_demo, tmp_path
):
    given = {"TANDEM_DHIS2_USER": "admin", "TANDEM_DHIS2_PASSWORD": "district"} | own_certificate(tmp_path)
    country = str(TINY.relative_to(PROJECT))
    with started(tmp_path / "own", country=country, TANDEM_DHIS2_URL=tiny_demo, **given) as tandem:
        until = time.monotonic() + 10
        while "Tandem is at" not in tandem.said and time.monotonic() < until:
            time.sleep(0.1)
        page = re.search(r"Tandem is at (https://127\.0\.0\.1:\d+)", tandem.said)[1]
        assert f"Log in with your account of {tiny_demo}" in tandem.said
        shown = requests.get(f"{page}/login", timeout=10, verify=given["TANDEM_TLS_CERT"])
        assert "; Secure" in shown.headers["Set-Cookie"]
        assert not any("-m demo" in command for command in tandem.commands())


def own_certificate(folder: Path) -> dict[str, str]:
    """A key and a certificate of 127.0.0.1, as the settings name them."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tandem's tests")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    cert, private = folder / "cert.pem", folder / "key.pem"
    cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, *plain))
    return {"TANDEM_TLS_CERT": str(cert), "TANDEM_TLS_KEY": str(private)}


def wait_for(address: str, process: "subprocess.Popen[bytes]", log: Path, verify: str | bool = True) -> None:
    until = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text()
        try:
            if requests.get(address, timeout=2, verify=verify).status_code == 200:
                return
        except requests.RequestException:
            pass
        time.sleep(0.2)
    raise AssertionError(log.read_text())
