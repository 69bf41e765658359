"""Starts the embedded DHIS2: `python -m demo --country civ|whotopia --port 8085 --data DIR`."""

from __future__ import annotations

import argparse
import contextlib
import errno
import signal
import socket
import sys
import threading
from datetime import date
from pathlib import Path

from demo import generated, seed
from demo.app import create_app
from demo.clock import Clock
from demo.server import listening, serve
from demo.sources import COUNTRIES, GENERATED
from demo.store import Store


def arguments(words: list[str] | None = None) -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser("python -m demo", description=__doc__)
    parser.add_argument(
        "--country",
        default="civ",
        help="a folder of demo/countries (default: civ), or whotopia, which is generated",
    )
    parser.add_argument("--seed", type=Path, help="a seed folder elsewhere, instead of --country")
    parser.add_argument("--port", type=int, default=8085)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--fd", type=int, help="number of an open socket that listens there already")
    parser.add_argument("--data", type=Path, default=Path("data/demo"), help="where to keep the store")
    parser.add_argument("--fresh", action="store_true", help="forget what was kept and start over")
    parser.add_argument(
        "--today", type=date.fromisoformat, help="the day to show, YYYY-MM-DD (default: the real one)"
    )
    parser.add_argument(
        "--dialect", type=int, default=42, choices=(40, 41, 42, 43), help="the version to speak like"
    )
    return parser.parse_args(words)


def opened(asked: argparse.Namespace) -> Store:
    """The store of what is asked for, generated or filled first when it is new.

    Raises:
        seed.BadSeed: there is no seed, or it cannot be read.
    """
    clock = Clock(asked.today)
    if not asked.seed and asked.country in GENERATED:
        return generated.open_store(generated.country(asked.country), asked.data, clock, say, asked.fresh)
    folder = asked.seed or COUNTRIES / asked.country
    if not (folder / "metadata.json").exists():
        raise seed.BadSeed(f"no seed in {folder}: it needs a metadata.json (see demo/README.md)")
    return seed.open_store(folder.resolve(), asked.data, clock, asked.fresh)


def say(what: str) -> None:
    """Tells whoever waits what is being done."""
    print(f"  {what} ...", flush=True)


def taken_port(asked: argparse.Namespace) -> socket.socket:
    """The socket to serve on, taken before anything else is done.

    Raises:
        OSError: somebody else listens there.
    """
    return listening(asked.port, asked.host) if asked.fd is None else socket.socket(fileno=asked.fd)


def end(*_: object) -> None:
    """Ends what is being done, in order."""
    raise SystemExit(0)


def main() -> int:
    """Serves until told to stop."""
    asked = arguments()
    signal.signal(signal.SIGTERM, end)
    try:
        on = taken_port(asked)
        store = opened(asked)
    except OSError as problem:
        if problem.errno != errno.EADDRINUSE:
            raise
        print(f"Port {asked.port} is in use: choose another with --port {asked.port + 1}", file=sys.stderr)
        return 2
    except seed.BadSeed as problem:
        print(problem, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 0
    server = serve(create_app(store, asked.dialect), asked.port, asked.host, on)
    print(
        f"demonstration of DHIS2 2.{asked.dialect} on http://{asked.host}:{server.port} (it is not DHIS2)",
        flush=True,
    )
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    with contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
