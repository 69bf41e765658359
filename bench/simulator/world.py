"""A country for a few days, drawn from a seed: stores with their devices, people, the worker, DHIS2."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bench.simulator.device import Device, Entry
from bench.simulator.fates import Fates, Killed, Perishable
from bench.simulator.form import OPTIONS, OURS, Form, Place
from bench.simulator.server import Server
from bench.simulator.worker import Worker
from ledger.choices import CannotChoose, Choices
from ledger.disagreements import DECIDED, Disagreements
from ledger.doubts import read_doubts
from ledger.movement_form import Rules
from ledger.tables import deliveries

UNITS = ("HospitalA", "HospitalB")
ITEMS = ("Oxytocin", "Zinc", "Implants")
USERS = {unit: (f"manager of {unit}", f"assistant of {unit}") for unit in UNITS}
ZONES = ("Africa/Abidjan", "Africa/Nairobi", "America/Guyana")
BEGAN = datetime(2026, 3, 31, tzinfo=UTC)
OUR_KINDS = ("dispense", "receive", "return", "write_off", "count", "reverse", "paper", "transfer")
OFTEN = (30, 14, 6, 5, 7, 8, 8, 6)


@dataclass
class World:
    """All of one run.

    Attributes:
        random: draws everything.
        fates: time, outages, kills.
        form: DHIS2's.
        database: the web server's way into the ledger; `workers` is the worker's.
        zone: the country's time zone.
    """

    random: Random
    fates: Fates
    form: Form
    database: Perishable
    workers: Perishable
    zone: ZoneInfo
    devices: list[Device] = field(default_factory=list)
    acting: bool = False

    def __post_init__(self) -> None:
        rules = Rules({each: each for each in UNITS}, {each: each for each in ITEMS}, lambda _: True, "")
        self.server = Server(self.database, self.zone, rules, self.fates)
        self.choices = Choices(self.database, self.zone, self.fates.clock)
        self.disagreements = Disagreements(self.database, self.fates.clock)
        self.fates.meanwhile = self._meanwhile
        self._start_worker()
        batch = self.random.randint(1, 5)
        for unit in UNITS:
            for number in range(self.random.randint(1, 2)):
                user = USERS[unit][0]
                name = f"{unit} {number + 1}"
                ahead = self._a_skew()
                self.devices.append(Device(name, unit, ahead, self.server, self.fates, batch, user, user))

    def live(self, steps: int) -> None:
        """So many things happen."""
        acts: dict[Callable[[], None], int] = {
            self._note: 40, self._send: 22, self._work: 14, self._type: 8, self._pass_time: 5,
            self._choose: 4, self._change_user: 2, self._shut: 2, self._turn_clock: 2, self._undo: 2,
        }  # fmt: skip
        for _ in range(steps):
            self.fates.tick()
            self.random.choices(list(acts), list(acts.values()))[0]()

    def settle(self) -> None:
        """Everything heals, links, DHIS2 and its months: all is sent and delivered that can be."""
        self.fates.heal()
        self.form.open_future, self.form.lock = 1, "OPEN"
        self.form.refused.clear()
        self.fates.say("everything heals")
        self.fates.pass_by(5000)
        for _ in range(3):  # what is refused because another's entry has not arrived is sent again
            for device in self.devices:
                for user in USERS[device.unit]:
                    device.user = device.signed_in = user
                    device.send()
            self.fates.pass_by(4000)
        for _ in range(4):  # what is blocked rests for half an hour
            self.fates.pass_by(1900)
            self._work()

    def entries(self) -> list[Entry]:
        """Whatever people saw as saved."""
        return [entry for device in self.devices for entry in device.entries]

    def _start_worker(self) -> None:
        self.worker = Worker(self.workers, self.form, self.zone, self.fates)

    def _meanwhile(self) -> None:
        """What others do while the worker waits for DHIS2's answer; not while others do so already."""
        if self.acting or not self.random.random() < 0.15:
            return
        self.acting = True
        try:
            self.random.choice((self._type, self._note, self._send, self._send, self._send))()
            self.fates.tick()
        finally:
            self.acting = False

    def _a_skew(self) -> timedelta:
        """By how much a clock is off: not at all, or by more than a slow link would explain."""
        if self.random.random() < 0.5:
            return timedelta()
        return timedelta(seconds=self.random.choice((-1, 1)) * self.random.randint(200, 48 * 3600))

    def _note(self) -> None:
        device = self.random.choice(self.devices)
        kind = self.random.choices(OUR_KINDS, OFTEN)[0]
        told: dict[str, Any] = {"item": self.random.choice(ITEMS), "packs": self.random.randint(0, 20)}
        if kind in ("paper", "dispense"):
            told["recipient"] = {"name": f"Person {self.random.randint(1, 4)}", "department": "Maternity"}
        if kind == "paper":  # a slip from paper, typed with its time: it happened up to two days ago
            ago = timedelta(seconds=self.random.uniform(0, 48 * 3600))
            device.note("dispense", typed=self.fates.now - ago, **told)
        elif kind == "transfer":
            self._transfer(device, told)
        elif kind == "reverse":
            self._reverse(device)
        else:
            device.note(kind, **told, **({"reason": "expired"} if kind == "write_off" else {}))

    def _transfer(self, device: Device, told: dict[str, Any]) -> None:
        """Packs go to the other store, which says that they came: all of them, or not all."""
        others = [each for each in self.devices if each.unit != device.unit]
        other = self.random.choice(others)
        sent = device.note("transfer_send", **told, partner=other.unit)
        packs = max(0, told["packs"] - self.random.choice((0, 0, 2)))
        arrived = {"item": told["item"], "packs": packs, "transfer": sent.number, "partner": device.unit}
        other.note("transfer_receive", **arrived)

    def _reverse(self, device: Device) -> None:
        """Somebody of the same store undoes what was noted, on this device or another one."""
        there = [each for mate in self.devices if mate.unit == device.unit for each in mate.entries]
        undone = {each.movement.get("reverses") for each in there}
        plain = [
            each
            for each in there
            if each.state in ("open", "accepted") and each.number not in undone
            and each.movement["kind"] in ("dispense", "receive", "return", "write_off", "count")
        ]  # fmt: skip
        if plain:
            device.note("reverse", reverses=self.random.choice(plain).number)

    def _undo(self) -> None:
        device = self.random.choice(self.devices)
        there = [each for mate in self.devices if mate.unit == device.unit for each in mate.entries]
        undone = {each.movement.get("reverses") for each in there}
        if device.entries and device.entries[-1].number not in undone:
            device.withdraw(device.entries[-1])

    def _send(self) -> None:
        self.random.choice(self.devices).send()

    def _work(self) -> None:
        """The worker does what it does every second; it may be killed, and is started again."""
        if self.fates.happens(self.fates.death):
            self.workers.doom(
                self.random.choice(("begun", "written", "committed")), self.random.randint(0, 6)
            )
        try:
            self.worker.turn()
        except Killed as point:
            self.fates.cuts[f"worker killed: {point}"] += 1
            self.fates.say(f"the worker was killed: {point}")
            self._start_worker()
        self.workers.fatal = ""

    def _type(self) -> None:
        """Somebody at the district types into DHIS2's own form; a number that nobody else would write."""
        unit, month = self.random.choice(UNITS), self.fates.now.astimezone(self.zone)
        if self.random.random() < 0.15:
            month = BEGAN.astimezone(self.zone)
        option = self.random.choice(("Consumption", "End Balance", "End Balance"))
        place: Place = (unit, f"{month:%Y%m}", self.random.choice(ITEMS), OPTIONS[option])
        ours = self.form.value(place) not in (None, "0") and self.form.values[place].by == OURS
        empty = ours and self.random.random() < 0.15  # theirs taken back, and no zero, change nothing
        text = None if empty and not self._in_doubt(place) else str(self.random.randint(1000, 9999))
        self.fates.say(f"DHIS2: somebody types {text} into {place}")
        self.form.type(place, text)

    def _in_doubt(self, place: Place) -> bool:
        """Whether a write of ours is under way or of unknown end: a cell emptied then looks as before it.

        It is filled again, which takes nothing from anybody; hence nobody empties one at that moment here.
        """
        kept, (unit, month, *_) = deliveries.c, place
        here = (kept.unit == unit, kept.month == int(month), kept.holder != "")
        with self.database.read() as connection:
            held = connection.execute(select(kept.unit).where(*here)).first()
            return held is not None or bool(read_doubts(connection, unit, int(month)))

    def _choose(self) -> None:
        """The manager decides about what somebody else wrote."""
        there = [each for each in self.disagreements.open_of() if each["kind"] in DECIDED]
        if not there:
            return
        found, choice = self.random.choice(there), self.random.choice(("take", "keep", "ask"))
        self.fates.say(f"{choice} of {found['unit']} {found['item']} {found['measure']} {found['theirs']}")
        try:
            self.choices.choose(found["id"], choice, USERS[found["unit"]][0])
        except CannotChoose as refusal:
            self.fates.say(f"no: {refusal}")

    def _change_user(self) -> None:
        """Another person signs in on a device; the desk that is open may still be the other's."""
        device = self.random.choice(self.devices)
        device.signed_in = self.random.choice(USERS[device.unit])
        if self.random.random() < 0.5:
            device.user = device.signed_in
        self.fates.say(f"{device.name}: {device.signed_in} signs in, the desk is of {device.user}")

    def _shut(self) -> None:
        """The month is closed, locked or opened; DHIS2 takes no value of an element, or does again."""
        what = self.random.choice(("future", "lock", "element", "open"))
        self.form.open_future = 0 if what == "future" else 1
        self.form.lock = "LOCKED" if what == "lock" else "OPEN"
        self.form.refused = {self.random.choice(ITEMS)} if what == "element" else set()
        self.fates.say(f"DHIS2: {what}")

    def _turn_clock(self) -> None:
        self.random.choice(self.devices).turn_clock(self._a_skew())

    def _pass_time(self) -> None:
        self.fates.pass_by(self.random.choice((60, 600, 4000, 20_000)))


def world(seed: int, database: Perishable, workers: Perishable) -> World:
    """A world drawn from a seed.

    Args:
        seed: draws everything.
        database: an empty ledger, as the web server opens it.
        workers: the same, as the worker does.
    """
    random = Random(seed)
    zone = ZoneInfo(random.choice(ZONES))
    worst = random.choice((0.0, 0.1, 0.3))
    fates = Fates(random, BEGAN + timedelta(hours=random.uniform(0, 30)), worst, worst, worst / 3)
    kept = {item: random.random() < 0.5 for item in ITEMS}
    form = Form(lambda: fates.now.astimezone(zone), UNITS, kept, modern=random.random() < 0.5)
    for item in ITEMS:  # what stores wrote by hand before
        for unit in UNITS:
            place = (unit, f"{fates.now:%Y%m}", item, OPTIONS["End Balance"])
            if random.random() < 0.6:
                form.type(place, str(random.randint(10, 99)))
    return World(random, fates, form, database, workers, zone)
