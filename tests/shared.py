"""What all processes of one run of the tests have in common: made by who asks first, ended with the run.

pytest-xdist divides the tests over processes, and fixtures of a session are made in each. What takes seconds
to make and is only looked at is made once instead: under a lock, in a folder that the first process makes and
removes.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

FOLDER = "TESTS_SHARED"
PATIENCE_SECONDS = 20
_started: list["subprocess.Popen[bytes]"] = []


def begin() -> bool:
    """Make the run's folder; whether this process is the one that made it and has to end the run."""
    if FOLDER in os.environ:
        return False
    os.environ[FOLDER] = tempfile.mkdtemp(prefix="tandem-tests-")
    return True


def end() -> None:
    """End the servers that were left running, and remove the run's folder."""
    folder = Path(os.environ.pop(FOLDER))
    numbers = [int(path.stem) for path in sorted(folder.glob("*.pid"))]
    for number in numbers:
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, signal.SIGTERM)
    until = time.monotonic() + PATIENCE_SECONDS
    for number in numbers:
        while _runs(number) and time.monotonic() < until:
            time.sleep(0.05)
        if _runs(number):
            os.kill(number, signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)


def _runs(number: int) -> bool:
    for process in _started:
        process.poll()  # so that a child of this process does not stay behind as a zombie
    try:
        return Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def once(name: str, make: Callable[[Path], str]) -> str:
    """What `make` gives, which is called once in a run, with a folder of its own.

    Args:
        name: what is made; its folder is named so.
        make: makes it, and says in a text where it is. Where it fails, whoever asks next tries again.
    """
    place = Path(os.environ[FOLDER])
    answer, folder = place / f"{name}.made", place / name
    with (place / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not answer.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            answer.write_text(make(folder))
        return answer.read_text()


def left_running(process: "subprocess.Popen[bytes]") -> None:
    """Let a server run until the run ends, whichever of its processes started it."""
    _started.append(process)
    (Path(os.environ[FOLDER]) / f"{process.pid}.pid").touch()
