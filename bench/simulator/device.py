"""Devices: what is noted is on their disk before it is called saved, and is sent until it is answered."""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from bench.simulator.fates import Cut, Fates, Killed
from bench.simulator.server import Server, SomebodyElse

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(minutes=30)
UNDO = timedelta(seconds=10)


@dataclass
class Entry:
    """A movement that a person saw as saved.

    Attributes:
        movement: as it is sent, its time by the device's clock.
        user: whose entry it is.
        moment: when it truly happened; None when the device's clock cannot tell any more.
        state: open, accepted, rejected, conflict or withdrawn.
        tried: how often it was taken for sending; from the first time on the server may know of it.
        send_after: when it is sent at the earliest, in true time.
        problem: the code of what is wrong with it.
    """

    movement: dict[str, Any]
    user: str
    moment: datetime | None
    send_after: datetime
    state: str = "open"
    tried: int = 0
    asked_again: int = 0
    problem: str = ""

    @property
    def number(self) -> str:
        """Its UUID."""
        return str(self.movement["id"])


@dataclass
class Device:
    """A device of a store, with its disk and its clock.

    Attributes:
        name: as it calls itself.
        unit: the store.
        ahead: by how much its clock is off.
        server: where it sends to.
        fates: the time, and what goes wrong.
        batch: how many entries it sends at once.
        signed_in: who the server's session is of.
        user: who the open desk is of.
    """

    name: str
    unit: str
    ahead: timedelta
    server: Server
    fates: Fates
    batch: int
    signed_in: str
    user: str
    entries: list[Entry] = field(default_factory=list)
    seq: int = 0

    def note(self, kind: str, typed: datetime | None = None, **told: Any) -> Entry:
        """Save an entry on the disk; from then on its person has seen it as saved."""
        self.fates.tick()
        self.seq += 1
        moment = typed or self.fates.now
        by_device = typed or moment + self.ahead
        movement = {
            "id": str(UUID(int=self.fates.random.getrandbits(128))),
            "seq": self.seq,
            "kind": kind,
            "unit": self.unit,
            "occurred_at": by_device.isoformat(),
            **({"typed": True} if typed else {}),
            **told,
        }
        entry = Entry(movement, self.user, moment, self.fates.now + UNDO)
        self.entries.append(entry)
        self.fates.say(f"{self.name}: {self.user} notes {kind} {told} {entry.number[:8]}")
        return entry

    def withdraw(self, entry: Entry) -> bool:
        """Take an entry back before it was ever sent; whether that was possible."""
        if entry.state != "open" or entry.tried:
            return False
        entry.state = "withdrawn"
        self.fates.say(f"{self.name}: {entry.number[:8]} is taken back unsent")
        return True

    def turn_clock(self, ahead: timedelta) -> None:
        """Somebody sets the clock: what it dated before and did not send yet is dated wrongly."""
        self.ahead = ahead
        for entry in self.open():
            entry.moment = entry.moment if entry.movement.get("typed") else None
        self.fates.say(f"{self.name}: its clock is set to {ahead} ahead")

    def open(self) -> list[Entry]:
        """What still has to be sent."""
        return [each for each in self.entries if each.state == "open"]

    def take(self) -> list[Entry]:
        """What is due of the user's own, the oldest first; from here on the server may know of it."""
        due = [each for each in self.open() if each.user == self.user and each.send_after <= self.fates.now]
        taken = due[: self.batch]
        for each in taken:
            each.tried += 1
        return taken

    def send(self) -> None:
        """Send what is due, until nothing is or something goes wrong; a second tab may do the same."""
        tabs = 2 if self.fates.happens(0.2) else 1
        while True:
            taken = [batch for _ in range(tabs) if (batch := self.take())]
            if not taken:
                return
            try:
                for batch in reversed(taken):
                    self._keep(batch, self.post(batch))
            except (Cut, SomebodyElse) as trouble:
                self.fates.say(f"{self.name}: {trouble!r}")
                return

    def post(self, taken: Sequence[Entry]) -> Sequence[Mapping[str, Any]]:
        """One request, over a link that may fail on either way; the server may die of it.

        Raises:
            Cut: no answer came.
            SomebodyElse: another person is signed in.
        """
        now = (self.fates.now + self.ahead).isoformat()
        body = json.dumps({"device": self.name, "device_now": now, "movements": [e.movement for e in taken]})
        who = (self.signed_in, self.user)
        self.fates.say(f"{self.name}: sends {[each.number[:8] for each in taken]}")
        fate = self.fates.random.random() / (self.fates.link or 1e-9)
        if fate < 0.4:
            raise self._cut("request lost")
        if fate < 0.6:
            self._send_late(taken, lambda: self.server.post(*who, body))
            raise self._cut("request late")
        answer = self.server.post(*who, body)
        if fate < 1:
            raise self._cut("answer lost")
        return json.loads(answer)["results"]

    def _cut(self, where: str) -> Cut:
        self.fates.cuts[f"link: {where}"] += 1
        return Cut(where)

    def _send_late(self, taken: Sequence[Entry], post: Callable[[], str]) -> None:
        """The request arrives when the device has long given up: the server takes its clock for slow."""
        for each in taken:
            each.moment = each.moment if each.movement.get("typed") else None

        def arrive() -> None:
            self.fates.say(f"{self.name}: arrives late: {[each.number[:8] for each in taken]}")
            with suppress(Cut, SomebodyElse, Killed):  # nobody waits for the answer
                post()

        moment = self.fates.now + timedelta(seconds=self.fates.random.choice((20, 300, 4000)))
        self.fates.later.append((moment, arrive))

    def _keep(self, taken: Sequence[Entry], results: Sequence[Mapping[str, Any]]) -> None:
        """Keep the answers, all in one go."""
        told = {each["id"]: each for each in results}
        for entry in taken:
            result = told[entry.number]
            problem = result["problem"] or {}
            entry.problem = problem.get("code", "")
            if result["status"] in ("accepted", "duplicate"):
                entry.state = "accepted"
            elif result["status"] == "conflict" or not problem.get("retry"):
                entry.state = result["status"]
            else:
                wait = min(FIRST_WAIT * 2**entry.asked_again, LONGEST_WAIT)
                entry.asked_again += 1
                entry.send_after = self.fates.now + wait
