"""Kills of a real server while desks send to it: `python -m bench.server_kills --port N [--kills 100]`.

Starts `app.py serve` (the installation is told by TANDEM_DATA, TANDEM_COUNTRY, TANDEM_DHIS2_URL, as for the
server itself), has desks post over HTTP, and kills (SIGKILL) by turns a web process, the master of the web
processes, and the worker that delivers to DHIS2, each at a moment drawn by lot. A desk sends the same again
until it is answered, so that in the end every movement must be in the ledger once; trail and balances must
agree, and DHIS2 must be delivered to. What was killed so far is said every ten kills.
"""

import argparse
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from random import Random

import requests
from sqlalchemy import func, select

from bench.desk_login import Login, log_in
from bench.desks import Desk
from ledger.chain import broken
from ledger.database import Database
from ledger.deliveries import Deliveries
from ledger.places import REVISION
from ledger.tables import movements
from settings import Settings

ROOT = Path(__file__).parent.parent
VICTIMS = ("web process", "web process", "worker", "master")
UP_SECONDS, DELIVERED_SECONDS, TOLD_EVERY = 600, 600, 10


class Served:
    """`app.py serve` and its children."""

    def __init__(self, port: int) -> None:
        self.address, self._port = f"http://127.0.0.1:{port}", port
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [sys.executable, "app.py", "serve", "--port", str(self._port)]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            self.wait()
        except RuntimeError:
            self.stop()
            raise

    def wait(self) -> None:
        """Wait until it answers.

        Raises:
            RuntimeError: it does not, for ten minutes.
        """
        until = time.monotonic() + UP_SECONDS
        while time.monotonic() < until:
            try:
                requests.get(f"{self.address}/login", timeout=5)
                return
            except requests.RequestException:
                time.sleep(0.1)
        raise RuntimeError(f"{self.address} does not answer.")

    def victim(self, which: str) -> int | None:
        """The process id of one of the children; None while there is none."""
        children = _children(self._process.pid)
        master = next((each for each in children if "gunicorn" in _command(each)), None)
        if which == "worker":
            return next((each for each in children if "worker" in _command(each).split()), None)
        if which == "master" or master is None:
            return master
        return next(iter(_children(master)), None)

    def kill(self, which: str) -> bool:
        """Kill one of the children; a server whose master died is started again."""
        number = self.victim(which)
        if number is None:
            return False
        orphans = _children(number)
        with suppress(ProcessLookupError):  # it ended by itself meanwhile
            os.kill(number, signal.SIGKILL)
        if which == "master":
            for each in orphans:  # they would go on with the port
                with suppress(ProcessLookupError):
                    os.kill(each, signal.SIGKILL)
            self._process.wait()
            self.start()
        return True

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait()


def main() -> int:
    """Kill, count, compare; 1 when something was lost, doubled or not delivered."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--desks", type=int, default=6)
    parser.add_argument("--minutes", type=float, default=60, help="end earlier with fewer kills")
    parser.add_argument("--user", default="admin:district", help="name:password")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    asked = parser.parse_args()
    served, random = Served(asked.port), Random(asked.seed)
    settings = Settings.from_environment(os.environ)
    database = Database.open(settings.database_url or settings.data / "tandem.sqlite3")
    try:
        login = log_in(served.address, *asked.user.split(":", 1))
        desks = _desks(login, asked)
        killed = _kill_while_they_send(served, desks, asked, random)
        return 0 if _told(database, desks, killed) else 1
    finally:
        served.stop()
        database.close()


def _desks(login: Login, asked: argparse.Namespace) -> list[Desk]:
    browser = login.browser()
    stores = [each["id"] for each in login.get(browser, "/api/v1/store")["stores"] if each["writes"]]
    found = []
    for number in range(asked.desks):
        unit = stores[number % len(stores)]
        items = [each["id"] for each in login.get(browser, f"/api/v1/store/{unit}")["items"]]
        found.append(Desk(f"killed {asked.seed} {number}", unit, items, login, Random(asked.seed + number)))
    return found


def _kill_while_they_send(
    served: Served, desks: list[Desk], asked: argparse.Namespace, random: Random
) -> Counter[str]:
    over = threading.Event()

    def work(desk: Desk) -> None:
        while not over.is_set():
            desk.post(desk.slip(desk.random.randint(1, 4)))

    threads = [threading.Thread(target=work, args=(desk,)) for desk in desks]
    for each in threads:
        each.start()
    killed: Counter[str] = Counter()
    until = time.monotonic() + 60 * asked.minutes
    while killed.total() < asked.kills and time.monotonic() < until:
        time.sleep(random.uniform(0.2, 1.5))
        which = random.choice(VICTIMS)
        if not served.kill(which):  # it is not there again yet
            continue
        served.wait()
        killed[which] += 1
        if killed.total() % TOLD_EVERY == 0:
            print(f"{dict(killed)}, {sum(len(desk.seconds) for desk in desks):,} sendings", flush=True)
    over.set()
    for each in threads:
        each.join()
    return killed


def _told(database: Database, desks: list[Desk], killed: Counter[str]) -> bool:
    sent: Counter[tuple[str, str]] = Counter()
    for desk in desks:
        sent.update(desk.sent)
    there, rows = _recorded(database, [desk.name for desk in desks])
    wrong = [each for desk in desks for each in desk.wrong]
    differ = [key for key in {*sent, *there} if there[key] != sent[key]]
    noted, found = sum(desk.seq for desk in desks), broken(database)
    until = time.monotonic() + DELIVERED_SECONDS
    while (waiting := Deliveries(database).waiting()) and time.monotonic() < until:
        time.sleep(1)
    longest = max((max(desk.seconds) for desk in desks if desk.seconds), default=0)
    print(
        f"server kills: {killed.total()} ({dict(killed)}), {noted:,} movements noted, {rows:,} recorded: "
        f"sums that differ {len(differ)}, refused {len(wrong)}, breaks of the trail {len(found)}, "
        f"not delivered {len(waiting)}, longest wait for an answer {longest:.1f} s"
    )
    for each in waiting:
        print(f"  waits: {each['unit']} {each['month']} {each['problem']}")
    return not (rows != noted or differ or wrong or found or waiting)


def _recorded(database: Database, devices: Sequence[str]) -> tuple[Counter[tuple[str, str]], int]:
    """What the movements of some devices changed, by unit and item, and how many there are."""
    kept = movements.c
    mine = kept.device.in_(devices) & (kept.kind != REVISION)
    sums = select(kept.unit, kept.item, func.sum(kept.delta)).where(mine).group_by(kept.unit, kept.item)
    with database.read() as connection:
        found = Counter({(unit, item): int(delta) for unit, item, delta in connection.execute(sums)})
        rows = connection.execute(select(func.count()).where(mine)).scalar_one()
    return found, int(rows)


def _children(number: int) -> list[int]:
    try:
        return [int(each) for each in Path(f"/proc/{number}/task/{number}/children").read_text().split()]
    except OSError:
        return []


def _command(number: int) -> str:
    try:
        return Path(f"/proc/{number}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


if __name__ == "__main__":
    sys.exit(main())
