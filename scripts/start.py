"""Starts everything, called by ./run: `python scripts/start.py [COUNTRY] [--prepare] [--port N]`.

With `--host`, `--tls-cert` and `--tls-key` it serves other machines, and by https.

Without a DHIS2 of one's own it starts the embedded one, waits for it, fills the snapshot the first time, and
serves the dashboard. Ctrl-C or TERM ends what was started here, in the reverse order, and nothing else.
"""

import argparse
import contextlib
import errno
import fcntl
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from settings import EMBEDDED_ACCOUNT, EMBEDDED_URL, Settings, SettingsError  # noqa: E402
from settings.embedded import announced  # noqa: E402

# The first time the embedded DHIS2 makes its figures, on a slow machine for minutes: so often it is said.
STILL_SECONDS = 60
PORTS_TRIED = 100
LOCAL = ("127.0.0.1", "localhost", "::1")
WITHOUT_TLS = (
    "Other machines reach it without https: passwords travel in the open, and their browsers do not run the "
    "store without a network. Give --tls-cert and --tls-key, or put a web server with a certificate before "
    "it."
)
SERVED = {
    "host": "listen at another address, as 0.0.0.0 for every network",
    "port": "serve at another port",
    "tls-cert": "a certificate (PEM): answer by https alone",
    "tls-key": "the certificate's key (PEM)",
}
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def stop(number: int, _: FrameType | None) -> None:
    """Handles Ctrl-C, TERM and a closed terminal alike; once is enough, so that the children end in order."""
    for each in STOPPING:
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt(signal.Signals(number).name)


def countries(folder: str) -> list[str]:
    """The names of the countries that have a folder below `folder`."""
    return sorted(
        path.name for path in (PROJECT / folder).iterdir() if path.is_dir() and path.name[0].isalpha()
    )


def accounts_of(country: str) -> Path:
    """The file that names who can log in at the embedded DHIS2."""
    return PROJECT / "demo" / "countries" / country / "users.json"


def read_arguments() -> argparse.Namespace:
    """The command line; wrong ones end here with what to write instead."""
    parser = argparse.ArgumentParser(prog="./run")
    parser.add_argument("country", nargs="?", default=os.environ.get("TANDEM_COUNTRY") or "civ")
    parser.add_argument("--prepare", action="store_true", help="only set up")
    for name, meaning in SERVED.items():
        parser.add_argument(f"--{name}", help=meaning)
    arguments = parser.parse_args()
    own = bool(os.environ.get("TANDEM_DHIS2_URL"))
    present = countries("countries")
    if not own:
        present = [each for each in present if each in countries("demo/countries")]
    elsewhere = own and (PROJECT / arguments.country / "country.toml").is_file()
    if arguments.country not in present and not elsewhere:
        raise SystemExit(
            f"{arguments.country!r} is not part of this Tandem; it has: {', '.join(present)}. "
            f"Start it with ./run {present[0]}"
        )
    return arguments


def listening(port: int, host: str = "127.0.0.1") -> socket.socket | None:
    """A socket that listens on a port, or None when somebody else does."""
    taken = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
        taken.listen(128)
    except OSError as problem:
        taken.close()
        if problem.errno != errno.EADDRINUSE:
            raise SystemExit(f"Nothing can listen at {host} port {port}: {problem.strerror}.") from None
        return None
    return taken


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether nobody listens on a port yet."""
    taken = listening(port, host)
    if taken is None:
        return False
    taken.close()
    return True


def first_free(who: str, wanted: int, host: str = "127.0.0.1") -> socket.socket:
    """A socket that listens on `wanted`, or else, as it says, on the next port that nobody has.

    Raises:
        SystemExit: All are taken.
    """
    last = min(wanted + PORTS_TRIED, 65536) - 1
    for port in range(wanted, last + 1):
        if claimed(port) and (taken := listening(port, host)):
            if port != wanted:
                print(f"Port {wanted} is in use; {who} takes {port}.", flush=True)
            return taken
    raise SystemExit(f"The ports {wanted} to {last} are all in use.")


def claimed(port: int) -> bool:
    """Whether a port is ours alone among the Tandems of this account, from now until this process ends.

    One that is about to listen there would otherwise be overtaken by another that starts at the same moment.
    """
    path = Path(tempfile.gettempdir()) / f"tandem-{os.getuid()}-port-{port}.lock"
    claim = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(claim)
        return False
    return True


@contextlib.contextmanager
def started(*command: str, keeps: Sequence[int] = ()) -> Iterator["subprocess.Popen[bytes]"]:
    """A command of ours as a child that Ctrl-C does not reach directly; it has ended when this is left.

    Args:
        command: What to start, without the interpreter.
        keeps: Open files that the child gets, too.
    """
    child = subprocess.Popen(
        [sys.executable, *command], cwd=PROJECT, start_new_session=True, pass_fds=tuple(keeps)
    )
    try:
        yield child
    finally:
        if child.poll() is None:
            child.terminate()
            try:
                child.wait(timeout=60)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def answers(url: str) -> bool:
    """Whether a local address answers anything; no proxy is asked, and no certificate, which names others."""
    unproven = ssl.create_default_context()
    unproven.check_hostname, unproven.verify_mode = False, ssl.CERT_NONE
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=unproven)
    )
    try:
        opener.open(url, timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def wait_for(url: str, child: "subprocess.Popen[bytes]") -> None:
    """Waits until the embedded DHIS2 answers, for as long as it lives.

    Raises:
        SystemExit: When it ended by itself.
    """
    began, said = time.monotonic(), 0
    while not answers(url):
        if child.poll() is not None:
            raise SystemExit("The embedded DHIS2 ended by itself; what it said stands above.")
        if (since := int((time.monotonic() - began) / STILL_SECONDS)) > said:
            said = since
            print(f"Not ready yet after {since * STILL_SECONDS} s; Ctrl-C ends it.", flush=True)
        time.sleep(0.1)


@contextlib.contextmanager
def source(settings: Settings) -> Iterator[str]:
    """The DHIS2 to read, started when it is the embedded one; yields the line that says who can log in."""
    if os.environ.get("TANDEM_DHIS2_URL"):
        yield f"Log in with your account of {settings.dhis2_url}."
        return
    taken = first_free("the embedded DHIS2", int(EMBEDDED_URL.rsplit(":", 1)[1]))
    url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    print(f"Starting the embedded DHIS2 (a demonstration) at {url} ...", flush=True)
    with started(*embedded(settings, taken), keeps=[taken.fileno()]) as child, announced(settings.data, url):
        taken.close()  # the child has it now
        wait_for(url, child)
        os.environ.update(
            TANDEM_DHIS2_URL=url,
            TANDEM_DHIS2_USER=EMBEDDED_ACCOUNT["dhis2_user"],
            TANDEM_DHIS2_PASSWORD=EMBEDDED_ACCOUNT["dhis2_password"],
        )
        accounts = json.loads(accounts_of(settings.country).read_text(encoding="utf-8"))
        named = ", ".join(f"{each['username']} / {each['password']}" for each in accounts)
        yield f"Log in with one of the demonstration's accounts (name / password): {named}"


def embedded(settings: Settings, taken: socket.socket) -> list[str]:
    """The command that starts the embedded DHIS2 on a socket."""
    folder, port = settings.data / "demo", taken.getsockname()[1]
    command = ["-m", "demo", "--country", settings.country, "--port", str(port), "--data", str(folder)]
    command += ["--fd", str(taken.fileno())]
    return [*command, "--today", settings.today.isoformat()] if settings.today else command


def serve(settings: Settings, port_was_given: bool) -> int:
    """Fills the snapshot the first time, then serves until the end; returns the exit status."""
    with source(settings) as who:
        if not (settings.data / "snapshot" / "manifest.json").exists():
            with started("app.py", "sync") as first:
                if first.wait():
                    raise SystemExit("The first sync did not succeed; what it said stands above.")
        port = settings.port
        if not port_was_given:
            with first_free("the dashboard", port, settings.host) as taken:
                port = taken.getsockname()[1]
        os.environ["TANDEM_PORT"] = str(port)
        with started("app.py", "serve") as server:
            host = f"[{settings.host}]" if ":" in settings.host else settings.host
            here = f"{'https' if settings.tls_cert else 'http'}://{host}:{port}"
            while server.poll() is None and not answers(f"{here}/healthz"):
                time.sleep(0.1)
            if server.poll() is None:
                print(f"Tandem is at {here}. {who}", flush=True)
                if not settings.tls_cert and settings.host not in LOCAL:
                    print(WITHOUT_TLS, flush=True)
            return server.wait()


def main() -> int:
    """The whole start."""
    arguments = read_arguments()
    os.environ["TANDEM_COUNTRY"] = arguments.country
    # The products of scores are small: more threads than one wait for each other, and for the web processes.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    for name in SERVED:
        if value := getattr(arguments, name.replace("-", "_")):
            os.environ[f"TANDEM_{name.upper().replace('-', '_')}"] = value
    try:
        settings = Settings.from_environment(os.environ)
    except SettingsError as refused:
        raise SystemExit(str(refused)) from None
    if arguments.prepare:
        print("Everything is set up. Start it with ./run")
        return 0
    port_was_given = "TANDEM_PORT" in os.environ
    if port_was_given and not is_free(settings.port, settings.host):
        raise SystemExit(
            f"Port {settings.port} is in use: choose another with ./run --port {settings.port + 1} "
            f"or TANDEM_PORT={settings.port + 1}"
        )
    for number in STOPPING:
        signal.signal(number, stop)
    try:
        return serve(settings, port_was_given)
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main())
