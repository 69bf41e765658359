"""The page as others would make it: the same figures in plain Dash and in Streamlit, with their defaults.

The figures are asked from the Tandem that is measured, for the top place and all the places below it. Neither
peer counts reports, tells states apart or keeps a scope, so the comparison flatters them.
"""

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import APIRequestContext

from bench.environments import Peer, interpreter

STREAMLIT = Peer("streamlit", "page_streamlit.py", (), ("plotly",))
PEERS = Path(__file__).parent / "peers"
SIDES = {("service", "count"): "services", ("commodity", "consumed"): "commodities"}


def figures(ask: APIRequestContext, address: str, top: str, pair: str) -> dict[str, Any]:
    """Both sides of the top place and of those below it, as Tandem's own API tells them.

    Args:
        ask: signed in.
        address: the Tandem.
        top: code of the place to begin with.
        pair: key of the pair.

    Returns:
        By id, the top place first: name, months, services, commodities, and `below`: id, name and the last
        figures of the places below.
    """
    places = _asked(ask, f"{address}/api/v1/compare?unit={top}&pair={pair}&children=true")
    first = next(iter(places.values()))
    first["below"] = [
        {"id": id_, "name": place["name"], **{side: _last(place[side]) for side in SIDES.values()}}
        for id_, place in list(places.items())[1:]
    ]
    for place in list(places.values())[1:]:
        place["below"] = first["below"]
    return places


def _asked(ask: APIRequestContext, address: str) -> dict[str, Any]:
    answer = ask.get(address)
    if not answer.ok:
        raise SystemExit(f"{address} answers {answer.status}: {answer.text()[:300]}")
    places: dict[str, Any] = {}
    for row in answer.json()["rows"]:
        side = SIDES.get((row["side"], row["measure"]))
        if side is None or row["item"] != "total":
            continue
        place = places.setdefault(row["unit_id"], {"name": row["unit_name"], "months": []})
        place.setdefault(side, []).append(row["value"])
        if side == "services":
            place["months"].append(row["period"])
    return {id_: place for id_, place in places.items() if len(place) == 2 + len(SIDES)}


def _last(values: list[float | None]) -> float | None:
    return next((value for value in reversed(values) if value is not None), None)


@contextmanager
def plain_dash(places: Path, port: int) -> Iterator[str]:
    """The page in plain Dash on a port of the loopback; its address."""
    with _served([sys.executable, str(PEERS / "page_dash.py"), str(places), str(port)], port) as address:
        yield address


@contextmanager
def streamlit(places: Path, port: int) -> Iterator[str]:
    """The page in Streamlit, from an environment of its own, on a port of the loopback; its address."""
    options = {
        "server.port": port,
        "server.address": "127.0.0.1",
        "server.headless": "true",
        "browser.gatherUsageStats": "false",
        "server.fileWatcherType": "none",
    }
    given = [f"--{name}={value}" for name, value in options.items()]
    command = [str(interpreter(STREAMLIT)), "-m", "streamlit", "run", str(PEERS / STREAMLIT.script), *given]
    with _served([*command, "--", str(places)], port) as address:
        yield address


@contextmanager
def _served(command: list[str], port: int) -> Iterator[str]:
    address = f"http://127.0.0.1:{port}"
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            with suppress(urllib.error.URLError, OSError):
                urllib.request.urlopen(address, timeout=2).close()
                break
            if child.poll() is not None:
                raise SystemExit(f"{' '.join(command)} ended with status {child.returncode}")
            time.sleep(0.1)
        yield address
    finally:
        child.terminate()
        child.wait()


def written(places: dict[str, Any], folder: Path) -> Path:
    """The figures as a file that the peers read."""
    path = folder / "places.json"
    path.write_text(json.dumps(places))
    return path
