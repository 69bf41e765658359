"""Real servers for tests: each a process of its own on a free loopback port, ended by its process id."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import requests

from tests.shared import left_running

ROOT = Path(__file__).parent.parent


def free_port() -> int:
    """A port of the loopback that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(
    command: Sequence[str], address: str, log: Path, environment: Mapping[str, str] | None = None
) -> "subprocess.Popen[bytes]":
    """Start `command` (a module and its arguments), and wait until `address` answers."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("TANDEM_", "DATABASE_URL", "SECRET_KEY"))}
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, stdout=out, stderr=out, env={**env, **(environment or {})}
        )
    try:
        _wait(process, address, log)
    except BaseException:
        stop(process)
        raise
    return process


def stop(process: "subprocess.Popen[bytes]") -> None:
    """End a process, patiently at first."""
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextlib.contextmanager
def running(
    command: Sequence[str], address: str, log: Path, environment: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Start `command` as `start` does, yield `address`, and end it afterwards."""
    process = start(command, address, log, environment)
    try:
        yield address
    finally:
        stop(process)


def _wait(process: subprocess.Popen[bytes], address: str, log: Path, seconds: float = 300) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        with contextlib.suppress(requests.RequestException):
            requests.get(address, timeout=2, allow_redirects=False)
            return
        time.sleep(0.05)
    raise AssertionError(f"nothing answers at {address}:\n{log.read_text(errors='replace')[-3000:]}")


@contextlib.contextmanager
def demo_server(data: Path, *options: str) -> Iterator[str]:
    """The embedded DHIS2 on a free port, with its store in `data`; yields its address."""
    with running(*_demo(data, options)) as address:
        yield address.rstrip("/")


def shared_demo(data: Path, *options: str) -> str:
    """The address of the same, which runs until the run of the tests ends."""
    command, address, log = _demo(data, options)
    left_running(start(command, address, log))
    return address.rstrip("/")


def _demo(data: Path, options: Sequence[str]) -> tuple[list[str], str, Path]:
    data.mkdir(parents=True, exist_ok=True)
    port = free_port()
    command = ["-m", "demo", "--port", str(port), "--data", str(data), *options]
    return command, f"http://127.0.0.1:{port}/", data / "demo.log"
