"""Two hundred desks at once: `python -m bench.desks ADDRESS [--desks 200] [--seconds 30] [--every 5]`.

ADDRESS is a Tandem that runs on this machine (./run whotopia). Each desk is a device with a connection of its
own, which posts over HTTP on the loopback as the desk in a browser does, with its session and its proof
against forgery; all are signed in as `--user`, who may record in every store, and are spread over all stores.

steady: every desk posts a slip of one to three lines every few seconds, at moments of its own. outage: all
come back at once, each with what it noted in the meantime. Printed are the times from asking to answer of
each request, and whether every movement is there once: the balances that the server tells before and after
differ by what was sent. Goal: 95 of 100 slips within 300 ms, none lost. Ends with status 1 otherwise.
"""

import argparse
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import UUID

import requests

from bench.desk_login import Login, log_in

GOAL_SECONDS = 0.3
PATIENCE = 60
MOST_SECONDS = 600  # a server that is started again on a busy machine
Key = tuple[str, str]  # unit, item


@dataclass
class Desk:
    """A device with its connection and its chances.

    Attributes:
        name: as it calls itself.
        unit: the store that it records for.
        items: what the store has.
        login: of the person.
        random: draws its slips.
        seconds: how long each of its requests took.
        sent: what it sent that was answered for, as changes of balances.
        wrong: what was not accepted.
    """

    name: str
    unit: str
    items: list[str]
    login: Login
    random: Random
    seconds: list[float] = field(default_factory=list)
    sent: Counter[Key] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    seq: int = 0

    def __post_init__(self) -> None:
        self.web = self.login.browser()

    def slip(self, lines: int) -> list[dict[str, Any]]:
        """Movements as a desk sends them."""
        return [self._movement() for _ in range(lines)]

    def post(self, movements: list[dict[str, Any]]) -> None:
        """Send movements, until an answer comes; how long that took counts from the first try."""
        now = datetime.now(UTC).isoformat()
        body = {"device": self.name, "device_now": now, "movements": movements}
        began = time.perf_counter()
        results = self._answered(body)
        self.seconds.append(time.perf_counter() - began)
        for movement, result in zip(movements, results, strict=True):
            if result["status"] not in ("accepted", "duplicate"):
                self.wrong.append(str(result))
            sign = 1 if movement["kind"] == "receive" else -1
            self.sent[self.unit, movement["item"]] += sign * movement["packs"]

    def _answered(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        url = f"{self.login.address}/api/v1/movements"
        until = time.monotonic() + MOST_SECONDS
        while True:
            try:
                answer = self.web.post(url, json=body, timeout=PATIENCE)
                answer.raise_for_status()
                return list(answer.json()["results"])
            except requests.RequestException:
                if time.monotonic() > until:
                    raise
                time.sleep(0.5)

    def _movement(self) -> dict[str, Any]:
        self.seq += 1
        told = {
            "id": str(UUID(int=self.random.getrandbits(128))),
            "seq": self.seq,
            "kind": self.random.choices(("dispense", "receive"), (85, 15))[0],
            "unit": self.unit,
            "item": self.random.choice(self.items),
            "packs": self.random.randint(1, 9),
            "occurred_at": datetime.now(UTC).isoformat(),
            "given_by": "Bench",
        }
        person = {"name": f"Person {self.random.randint(1, 12)}", "department": "Maternity"}
        return told | ({"recipient": person} if told["kind"] == "dispense" else {})


def main() -> int:
    """Let all desks work, print their times; 1 when a promise was broken."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("address", help="of a running Tandem")
    parser.add_argument("--desks", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=30, help="how long they work")
    parser.add_argument(
        "--every", type=float, default=5, help="seconds between two slips of a desk, on the average"
    )
    parser.add_argument("--noted", type=int, default=20, help="what each noted during the outage")
    parser.add_argument("--user", default="admin:district", help="name:password")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    asked = parser.parse_args()
    login = log_in(asked.address.rstrip("/"), *asked.user.split(":", 1))
    desks = _desks(login, asked)
    before = _balances(login, desks)
    steady = _steadily(desks, asked)
    print(_told("steady", steady, f"{asked.desks} desks, each a slip every {asked.every:g} s"))
    outage = _all_at_once(desks, asked.noted)
    print(_told("outage", outage, f"{asked.desks} desks at once, {asked.noted} movements each"))
    there = _balances(login, desks)
    sent: Counter[Key] = Counter()
    for desk in desks:
        sent.update(desk.sent)
    lost = [key for key in sent if there[key] - before[key] != sent[key]]
    wrong = sum(len(desk.wrong) for desk in desks)
    print(f"balances of {len(sent)} items that are not what was sent: {len(lost)}; not accepted: {wrong}")
    return 0 if not lost and not wrong and _share(steady, 0.95) <= GOAL_SECONDS else 1


def _desks(login: Login, asked: argparse.Namespace) -> list[Desk]:
    browser = login.browser()
    stores = [each["id"] for each in login.get(browser, "/api/v1/store")["stores"] if each["writes"]]
    items = {
        each: [item["id"] for item in login.get(browser, f"/api/v1/store/{each}")["items"]] for each in stores
    }
    print(f"{len(stores)} stores")
    return [
        Desk(f"desk {number}", unit, items[unit], login, Random(asked.seed * 1000 + number))
        for number in range(asked.desks)
        for unit in [stores[number % len(stores)]]
    ]


def _balances(login: Login, desks: list[Desk]) -> Counter[Key]:
    browser, found = login.browser(), Counter[Key]()
    for unit in sorted({desk.unit for desk in desks}):
        for item in login.get(browser, f"/api/v1/store/{unit}")["items"]:
            found[unit, item["id"]] = item["balance"] or 0
    return found


def _steadily(desks: list[Desk], asked: argparse.Namespace) -> list[float]:
    """Slips for some seconds; a slip that takes longer delays the desk's own next one alone."""
    end = time.monotonic() + asked.seconds

    def work(desk: Desk) -> None:
        time.sleep(desk.random.uniform(0, asked.every))
        while time.monotonic() < end:
            desk.post(desk.slip(desk.random.randint(1, 3)))
            time.sleep(desk.random.uniform(0.5, 1.5) * asked.every)

    return _together(desks, work)


def _all_at_once(desks: list[Desk], noted: int) -> list[float]:
    slips = {desk.name: desk.slip(noted) for desk in desks}
    return _together(desks, lambda desk: desk.post(slips[desk.name]))


def _together(desks: list[Desk], work: Any) -> list[float]:
    before = {desk.name: len(desk.seconds) for desk in desks}
    threads = [threading.Thread(target=work, args=(desk,)) for desk in desks]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return [seconds for desk in desks for seconds in desk.seconds[before[desk.name] :]]


def _share(seconds: list[float], share: float) -> float:
    return sorted(seconds)[min(len(seconds) - 1, int(share * len(seconds)))]


def _told(name: str, seconds: list[float], what: str) -> str:
    parts = " ".join(
        f"p{round(100 * share)} {1000 * _share(seconds, share):.0f}" for share in (0.5, 0.95, 0.99)
    )
    return f"{name}: {what}: {len(seconds):,} requests, ms {parts} longest {1000 * max(seconds):.0f}"


if __name__ == "__main__":
    sys.exit(main())
