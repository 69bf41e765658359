"""What a quiet day of a desk costs on the wire: `python -m bench.quiet_day ADDRESS --user store:Store-1234`.

ADDRESS is a Tandem that runs. A desk that is open asks every hour what changed, and while somebody is at it
every quarter of an hour, from the first touch on; it sends what is entered, each slip in one request. All of
it is asked for real here, with a browser's headers, and the bytes are counted as they travel (requests,
answers and headers; TLS would add some 5 %). A quiet day of `--hours` is the whole store once, ten slips, the
asking after each of them (once DHIS2 was delivered to, which may change open differences), the one at the
first touch before it, and the hourly ones, which find nothing new. Goals: 2 kB a slip, 100 kB a day. Ends
with status 1 when one is missed.
"""

import argparse
import json
import socket
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from bench.desk_login import Login, log_in

SLIPS = 10
MOST_OF_A_SLIP, MOST_OF_A_DAY = 2_000, 100_000
BROWSER = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0",
    "Accept": "application/json",
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "Accept-Language": "fr-FR,fr;q=0.9",
    "Sec-Fetch-Dest": "empty",
    "Sec-Fetch-Mode": "cors",
    "Sec-Fetch-Site": "same-origin",
}


def main() -> int:
    """Ask, send, count; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("address")
    parser.add_argument("--user", default="store:Store-1234", help="name:password")
    parser.add_argument("--hours", type=int, default=24, help="that the desk is open")
    parser.add_argument("--delivered", type=float, default=20, help="seconds that a delivery may take")
    asked = parser.parse_args()
    login = log_in(asked.address.rstrip("/"), *asked.user.split(":", 1))
    day = _measured(login, asked.delivered)
    quiet = asked.hours + SLIPS  # every hour, and by whoever comes to enter a slip
    total = day.whole + SLIPS * (day.slip + day.changed) + quiet * day.nothing
    print(
        f"{asked.hours} h: the whole store {day.whole:,} bytes; {SLIPS} slips of {day.slip:,}, and what they "
        f"changed {day.changed:,} each; {quiet} askings that find nothing new of {day.nothing:,}: {total:,}"
    )
    return 0 if day.slip <= MOST_OF_A_SLIP and total <= MOST_OF_A_DAY else 1


@dataclass(frozen=True)
class Day:
    """Bytes of one of each: the whole store, a slip, what it changed, an asking that finds nothing new."""

    whole: int
    slip: int
    changed: int
    nothing: int


def _measured(login: Login, delivered: float) -> Day:
    web = login.browser()
    store = f"/api/v1/store/{login.get(web, '/api/v1/store')['stores'][0]['id']}"
    told = login.get(web, store)
    whole = _bytes(login, "GET", store)
    slip = _bytes(login, "POST", "/api/v1/movements", _slip(told["unit"]["id"], told["items"][0]["id"]))
    time.sleep(delivered)
    changed = _bytes(login, "GET", f"{store}?since={told['version']}")
    since = login.get(web, store)["version"]
    return Day(whole, slip, changed, _bytes(login, "GET", f"{store}?since={since}"))


def _slip(unit: str, item: str) -> bytes:
    now = datetime.now(UTC).isoformat()
    movement = {
        "id": str(uuid4()), "seq": 1, "kind": "dispense", "unit": unit, "item": item, "packs": 2, "asked": 2,
        "occurred_at": now, "recipient": {"name": "Awa Koné", "department": "Maternity"}, "given_by": "Yao",
    }  # fmt: skip
    return json.dumps({"device": str(uuid4()), "device_now": now, "movements": [movement]}).encode()


def _bytes(login: Login, method: str, path: str, body: bytes = b"") -> int:
    """How many bytes travel both ways for one request on a connection that is open."""
    place = urlsplit(login.address)
    headers: dict[str, Any] = {"Host": place.netloc, **BROWSER, "X-Desk-User": login.username}
    headers |= {"Cookie": "; ".join(f"{name}={value}" for name, value in login.cookies.items())}
    headers |= {"Connection": "close", "Referer": f"{login.address}/store"}
    if body:
        proof = login.browser().headers["X-CSRFToken"]
        headers |= {"X-CSRFToken": proof, "Content-Type": "application/json", "Origin": login.address}
        headers |= {"Content-Length": str(len(body))}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    sent = f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + body
    with socket.create_connection((place.hostname, place.port), timeout=30) as line:
        line.sendall(sent)
        came = 0
        while part := line.recv(65_536):
            came += len(part)
    return len(sent) + came


if __name__ == "__main__":
    sys.exit(main())
