"""One hospital store and what its keeper does in a day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial

import numpy as np
import numpy.typing as npt

from demo.whotopia import asks, counts, dispensing
from demo.whotopia.asks import Ask
from demo.whotopia.deliveries import Delivery, Order, order
from demo.whotopia.depot import DELIVERY_DAY, Lot
from demo.whotopia.movements import Line, Movement, effect
from demo.whotopia.shelves import Shelf
from demo.whotopia.timeline import days, first_day
from demo.whotopia.world import World

Counts = npt.NDArray[np.int32]
Step = tuple[int, Callable[[int], None]]

MEASURES = ("opening", "received", "consumed", "adjusted", "lost", "closing", "stockout_days", "ordered")
MEASURE_OF = {
    "dispense": "consumed",
    "return": "consumed",
    "reverse": "consumed",
    "receive": "received",
    "write_off": "lost",
    "count": "adjusted",
    "transfer_send": "adjusted",
    "transfer_receive": "adjusted",
}
DAMAGED = 0.012
DAMAGES = ("broken", "wet", "crushed in the box")
COLD = {"DE_1153699"}
AT_FIRST = 1.6
HISTORY, ENOUGH_DAYS = 3, 10
"""Months of which use is the mean, and days with stock below which they say nothing."""
MORNING, AFTERNOON, ON_THE_ROAD, WHEN_LATE = 7 * 60 + 40, 14 * 60, 9 * 60, 4
"""Minutes of the day; and the days in which a late delivery is expected."""


@dataclass(frozen=True)
class Arrival:
    """Packs on their way from another store, or back from a department."""

    day: date
    lot: Lot
    line: Line


@dataclass
class Keeper:
    """A store.

    Attributes:
        index: number among the stores.
        use: packs of each item that a month takes, as the keeper reckons.
        leaks: packs of an item that disappear in a month, by item; nobody writes them down.
        written: everything that was ever written down.
        measures: the form's figures, `[item, month]` each.
        days_left: until the next delivery, as the keeper expects it on this day.
    """

    world: World
    index: int
    use: list[float]
    leaks: dict[int, float]
    shelves: list[Shelf] = field(default_factory=list)
    written: list[Movement] = field(default_factory=list)
    coming: list[Arrival] = field(default_factory=list)
    refused: dict[int, int] = field(default_factory=dict)
    measures: dict[str, Counts] = field(default_factory=dict)
    day: date = date.min
    month: int = -1
    days_left: int = 0
    delivery: Delivery | None = None

    def __post_init__(self) -> None:
        items = len(self.use)
        self.code = self.world.places.facilities[self.world.places.stores()[self.index]].code
        self.measures = {m: np.zeros((items, self.world.timeline.size), dtype=np.int32) for m in MEASURES}
        self._minute = self._number = 0

    def stock(self, lots: list[Lot]) -> None:
        """Fills the shelves before the first day."""
        packs = [round(use * AT_FIRST) + 1 for use in self.use]
        self.shelves = [Shelf({lot: p}, p) for lot, p in zip(lots, packs, strict=True)]

    def begin(self, month: int, need: list[float], delivery: Delivery) -> None:
        """Begins a month, in which the patients need that much and a delivery comes some day."""
        self.month, self.delivery = month, delivery
        self.measures["opening"][:, month] = [shelf.book for shelf in self.shelves]
        self._asks = asks.month_of_asks(self.world, self.code, month, need)
        luck = self.world.chance.at("damage", self.code, month)
        items = len(self.use)
        hit, when, much = (
            luck.random(items) < DAMAGED,
            luck.integers(1, 29, items),
            luck.integers(1, 4, items),
        )
        why = luck.integers(0, len(DAMAGES), items)
        self._damage = {(int(when[i]), int(i)): (int(much[i]), DAMAGES[why[i]]) for i in np.flatnonzero(hit)}
        self._count_day = counts.day_of(self.world, self.code, month)
        self._losses = counts.leaking(self.world, self.code, month, self.leaks)

    def work(self, day: date) -> None:
        """One day, from the first look at dates of expiry to the last at the shelves."""
        self.day, self._minute, self._number = day, 0, 0
        self.days_left = self._days_left()
        self.refused.clear()
        for minute, step in sorted(self._agenda(), key=lambda step: step[0]):
            step(minute)
        for item in self._losses.get(day.day, ()):
            if self.shelves[item].standing > 1:
                self.shelves[item].take(1)

    def rest(self) -> None:
        """Ends the day: what the books say is out is out."""
        for item, shelf in enumerate(self.shelves):
            if shelf.book == 0:
                self.measures["stockout_days"][item, self.month] += 1

    def end(self) -> Order:
        """Ends a month, or looks at what it would order today."""
        balances = [shelf.book for shelf in self.shelves]
        if self.in_days(1) == first_day(self.month + 1):
            self.use = [self._monthly(item) for item in range(len(self.use))]
        wanted = order(self.world, self.code, self.month, self.use, balances)
        self.measures["closing"][:, self.month] = balances
        self.measures["ordered"][:, self.month] = wanted.suggested
        return wanted

    def write(self, line: Line, minute: int) -> int:
        """Writes a line into the registry and the books; returns its number of the day."""
        shelf = self.shelves[line.item]
        change = effect(line, shelf.book)
        shelf.book += change
        self._minute = max(self._minute, minute)
        number = self._number
        self.written.append(Movement(self.index, self.day, self._minute, number, line, change, shelf.book))
        self._number += 1
        measure = MEASURE_OF[line.kind]
        signed = -change if measure in {"consumed", "lost"} else change
        self.measures[measure][line.item, self.month] += signed
        return number

    def _days_left(self) -> int:
        delivery = self.delivery
        if delivery is None or self.day >= delivery.day:
            return (first_day(self.month + 1).replace(day=DELIVERY_DAY) - self.day).days
        return (delivery.due - self.day).days if self.day < delivery.due else WHEN_LATE

    def _monthly(self, item: int) -> float:
        """Mean monthly use of the last months, without the days on which there was nothing."""
        window = slice(max(0, self.month - HISTORY + 1), self.month + 1)
        used = int(self.measures["consumed"][item, window].sum())
        length = sum(days(m) for m in range(window.start, window.stop))
        available = length - int(self.measures["stockout_days"][item, window].sum())
        return self.use[item] if available < ENOUGH_DAYS else used / available * 30.4

    def _agenda(self) -> Iterator[Step]:
        if self.day.day == 1:
            yield MORNING, self._throw_away_expired
        for (day, item), damage in self._damage.items():
            if day == self.day.day:
                yield MORNING + 10, partial(self._throw_away, item, *damage)
        for arrival in [a for a in self.coming if a.day == self.day]:
            minute = ON_THE_ROAD if arrival.line.kind == "transfer_receive" else AFTERNOON
            yield minute, partial(self._set_down, arrival)
        if self.delivery and self.delivery.day == self.day:
            yield self.delivery.minute, self._unload
        for ask in self._asks[self.day.day - 1]:
            yield ask.minute, partial(self._serve, ask)
        if self._count_day == self.day.day:
            yield counts.EVENING, partial(counts.count_all, self)

    def _serve(self, ask: Ask, _: int) -> None:
        dispensing.serve(self, ask)

    def _throw_away_expired(self, minute: int) -> None:
        """On the first of a month, since lots are good until the end of one."""
        for item, shelf in enumerate(self.shelves):
            for lot, packs in shelf.expired(self.day):
                if lost := min(packs, shelf.book):
                    self.write(Line(item, "write_off", lost, lot=lot, reason="expired"), minute)

    def _throw_away(self, item: int, packs: int, why: str, minute: int) -> None:
        shelf = self.shelves[item]
        cold = self.world.catalogue.life_saving[item].code in COLD
        for lot, part in shelf.take(min(packs, shelf.free)):
            reason = "cold chain broken" if cold else why
            self.write(Line(item, "write_off", part, lot=lot, reason=reason), minute)

    def _set_down(self, arrival: Arrival, minute: int) -> None:
        """What comes back from a department must have been given out in the same month's form."""
        self.coming.remove(arrival)
        line = arrival.line
        if line.kind == "return" and self.measures["consumed"][line.item, self.month] < line.packs:
            return
        self.shelves[line.item].put(arrival.lot, line.packs)
        self.write(line, minute)

    def _unload(self, minute: int) -> None:
        if self.delivery is None:
            return
        for line in self.delivery.lines:
            for lot, packs in line.received:
                if packs:
                    self.shelves[line.item].put(lot, packs)
                    note = self.delivery.note
                    self.write(Line(line.item, "receive", packs, lot=lot, document=note), minute)

    def expect(self, day: date, line: Line) -> None:
        """Something will come to this store on a day."""
        self.coming.append(Arrival(day, line.lot, line))

    def in_days(self, count: int) -> date:
        """The day so many days from now."""
        return self.day + timedelta(days=count)

    def wants(self, ask: Ask) -> float:
        """How far the stock of an item goes towards the next delivery, 1 when it lasts until then."""
        need = self.use[ask.item] / 30.4 * self.days_left
        return self.shelves[ask.item].free / need if need > 0 else 1.0
