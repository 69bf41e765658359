"""Serving: web processes (gunicorn) and the one worker as children of one process that ends with both."""

import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

PROJECT = Path(__file__).parent.parent
STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
LOOK_EVERY = 0.2
WORKER_PAUSE = 5.0  # seconds before a worker that died is started again
GRACE = 20.0  # seconds that the children have for what they are doing


class Stopped(Exception):
    """Somebody asked us to end."""


@dataclass(frozen=True)
class Listening:
    """Where the web processes listen, how many they are, and by which certificate they answer."""

    host: str
    port: int
    workers: int
    threads: int
    certificate: Path | None = None
    key: Path | None = None


def serve_until_stopped(listening: Listening) -> int:
    """Start everything, keep the worker alive, and end with the web processes or when asked to.

    Returns:
        The exit status: the web processes' own, or 0 when asked to end.
    """
    for number in STOPPING:
        signal.signal(number, _stop)
    web = _start(gunicorn(listening))
    worker, died = _start(["app.py", "worker"]), float("inf")
    try:
        while web.poll() is None:
            if worker.poll() is not None and died == float("inf"):
                died = time.monotonic()
                print("The worker ended; it is started again.", file=sys.stderr, flush=True)
            if time.monotonic() - died >= WORKER_PAUSE:
                worker, died = _start(["app.py", "worker"]), float("inf")
            time.sleep(LOOK_EVERY)
        print(
            f"The web processes ended ({_how(web.returncode)}), and with them the rest: start it again, "
            "and look above for what they said.",
            file=sys.stderr,
            flush=True,
        )
        return web.returncode
    except Stopped:
        return 0
    finally:
        _end(web, worker)


def gunicorn(listening: Listening) -> list[str]:
    """The command of the web processes."""
    host = f"[{listening.host}]" if ":" in listening.host else listening.host
    secure = ["--certfile", str(listening.certificate), "--keyfile", str(listening.key)]
    return [
        *("-m", "gunicorn", "app:create_prepared_app()", "--bind", f"{host}:{listening.port}"),
        *("--worker-class", "dashboard.web_process.WebProcess"),
        *("--workers", str(listening.workers), "--threads", str(listening.threads)),
        *(secure if listening.certificate else ()),
        *("--limit-request-line", "8190"),  # dashboard/errors.py refuses before
        *("--timeout", "120", "--graceful-timeout", "15", "--keep-alive", "5"),
        *("--max-requests", "20000", "--max-requests-jitter", "2000"),
        *("--log-level", "warning", "--worker-tmp-dir", _memory_folder(), "--no-control-socket"),
    ]


def _memory_folder() -> str:
    """Where the web processes show that they live: a busy disk must not look like a dead process."""
    memory = Path("/dev/shm")  # noqa: S108 (gunicorn makes its own unlinked files in it)
    return str(memory) if memory.is_dir() else str(PROJECT)


def _start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C in a terminal reaches this process alone, which ends the children in order.
    return subprocess.Popen([sys.executable, *command], cwd=PROJECT, start_new_session=True)  # noqa: S603


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise Stopped


def _how(status: int) -> str:
    """How a process ended: by a signal, as when the system ran out of memory, or with a status."""
    return f"signal {-status}" if status < 0 else f"status {status}"


def _end(*children: subprocess.Popen[bytes]) -> None:
    for number in STOPPING:
        signal.signal(number, signal.SIG_IGN)
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(GRACE)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
