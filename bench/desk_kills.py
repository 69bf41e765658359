"""Kills of a browser with its profile while a desk holds entries: `python -m bench.desk_kills ADDRESS`.

ADDRESS is a Tandem that runs on this machine. A person gives out slip after slip at the desk of a real
browser (Chromium). The browser is killed (SIGKILL), by turns, right after it said without a network that the
last slip is saved; at a moment drawn by lot while it sends; and at one while it saves. The same profile is
opened again and goes on. In the end all is sent: each entry that was said to be saved must be on the device
and answered for, one of which nothing was said may be, and the server's balance must be lower by what the
device holds, once. Ends with status 1 when something was lost or doubled.
"""

import argparse
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from playwright.sync_api import BrowserContext, Error, Page, Playwright, sync_playwright

from tests.browser.conftest import CHROMIUM, QUIET
from tests.browser.store_desk import (
    begin_to_send,
    entries,
    give,
    item_called,
    learn,
    opened,
    put_on_slip,
    receive,
    send_now,
    sign_in,
    told,
)

PATIENCE_MS = 180_000
MOST_SLIPS, MOST_PACKS = 3, 5
LONGEST_SENDING, LONGEST_SAVING = 0.4, 0.08
OFFLINE, SENDING, SAVING = "offline", "while sending", "while saving"
MOMENTS = (OFFLINE, SENDING, SAVING)

_CONFIRM = "() => { setTimeout(() => document.querySelector('.store-slip .go').click()); }"


@dataclass
class Desk:
    """A browser with its profile, and what its person was told is saved."""

    player: Playwright
    profile: Path
    address: str
    random: Random
    said: list[int] = field(default_factory=list)
    unsaid: int = 0
    session: list[Any] = field(default_factory=list)

    def start(self) -> BrowserContext:
        """Open the browser."""
        context = self.player.chromium.launch_persistent_context(
            self.profile, executable_path=CHROMIUM, args=list(QUIET), headless=True
        )
        context.set_default_timeout(PATIENCE_MS)
        context.add_cookies(self.session)  # a browser forgets those of its session when it ends
        return context

    def kill(self, context: BrowserContext) -> None:
        """Kill the browser, and wait until it is gone."""
        for number in _processes(self.profile):
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        with suppress(Error):
            context.close()
        while _processes(self.profile):
            time.sleep(0.1)

    def work(self, page: Page, item: str) -> None:
        """Give out some slips; the desk says of each that it is saved."""
        for _ in range(self.random.randint(1, MOST_SLIPS)):
            learn(page)
            packs = self.random.randint(1, MOST_PACKS)
            give(page, item, str(packs))
            self.said.append(packs)

    def end(self, page: Page, item: str, moment: str) -> None:
        """Come to the moment at which the browser is killed."""
        if moment == SENDING:
            begin_to_send(page)
            time.sleep(self.random.uniform(0, LONGEST_SENDING))
        elif moment == SAVING:
            learn(page)
            put_on_slip(page, item, str(self.random.randint(1, MOST_PACKS)))
            page.evaluate(_CONFIRM)
            time.sleep(self.random.uniform(0, LONGEST_SAVING))
            self.unsaid += 1


def main() -> int:
    """Work, kill, look; 1 when something was lost or doubled."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("address")
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--item", default="Oxytocin", help="by its name on the desk")
    parser.add_argument("--user", default="store:Store-1234", help="name:password")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as player:
        desk = Desk(player, Path(folder) / "profile", asked.address.rstrip("/"), Random(asked.seed))
        return 0 if _lived(desk, asked) else 1


def _lived(desk: Desk, asked: argparse.Namespace) -> bool:
    context = desk.start()
    name, password = asked.user.split(":", 1)
    page = opened(sign_in(context, desk.address, (name, password)), desk.address)
    item, desk.session = item_called(page, asked.item), list(context.cookies())
    before = receive(page, item, MOST_PACKS * (MOST_SLIPS + 1) * asked.kills)
    killed = Counter[str]()
    for number in range(asked.kills):
        moment = MOMENTS[number % len(MOMENTS)]
        context.set_offline(moment == OFFLINE)
        desk.work(page, item)
        desk.end(page, item, moment)
        desk.kill(context)
        killed[moment] += 1
        print(f"{dict(killed)}, {len(desk.said)} entries said to be saved", flush=True)
        context = desk.start()
        page = opened(context.new_page(), desk.address)
    send_now(page)
    return _held(desk, page, before - told(page, item)["balance"], killed)


def _held(desk: Desk, page: Page, gone: int, killed: Counter[str]) -> bool:
    kept = entries(page)
    taken = [each for each in kept if each["state"] == "accepted"]
    more = len(kept) - len(desk.said)
    packs = [each["movement"]["packs"] for each in kept]
    lost = sum((Counter(desk.said) - Counter(packs)).values())
    print(
        f"browser kills: {killed.total()} ({dict(killed)}), {len(desk.said)} entries said to be saved: "
        f"lost {lost}, on the device {len(kept)} ({more} of {desk.unsaid} of which nothing was said yet), "
        f"answered for {len(taken)}; packs given {sum(packs)}, gone from the server's balance {gone}"
    )
    return not lost and 0 <= more <= desk.unsaid and len(taken) == len(kept) and gone == sum(packs)


def _processes(profile: Path) -> list[int]:
    """The processes of the browser that has a profile open."""
    found = []
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if f"--user-data-dir={profile}".encode() in each.read_bytes().split(b"\0"):
                found.append(int(each.parent.name))
    return found


if __name__ == "__main__":
    sys.exit(main())
