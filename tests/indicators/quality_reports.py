"""Random reports of a few places in which every rule of data quality is broken, just kept and just not.

Places report by month or by quarter, leave boxes blank and whole reports out, repeat a figure, copy a form
of the month before or of another place, round, and slip.
"""

import random
from dataclasses import dataclass, field

import pandas as pd

from indicators.quality import Cascade, Known, Partners

FIRST, MONTHS = 2022 * 12 + 2, 30
PACKS = {"q": None, "v": 1, "w": 12, "x": 30, "y": 30, "z": 12}
SERVICES = {"p": "care", "r": "care", "s": "care", "t": "tests"}
FORM = {**dict.fromkeys("vwxyz", "stock"), "q": "drugs", **SERVICES}
ITEMS = pd.DataFrame(
    {
        "id": list(FORM),
        "kind": ["service" if item in SERVICES else "commodity" for item in FORM],
        "form": list(FORM.values()),
        "pack_size": [PACKS.get(item) for item in FORM],
    }
)
# Where each month's report begins that a place hands in: months it covers, and months after the first.
RHYTHM = {"a": (1, 0), "b": (1, 0), "c": (3, 1), "d": (1, 0), "e": (3, 2), "h": (1, 0)}
PAIRS = (
    Partners("one", ("s",), ("x", "y")),
    Partners("two", ("p", "t"), ("w", "absent"), 2.5),
    Partners("none", ("absent",), ("x",)),
)
CASCADES = (
    Cascade(("s", "t"), ("p",), ("x", "z")),
    Cascade(("p",), ("r",)),
    Cascade(("absent",), ("r",)),
)


@dataclass
class Reports:
    """What was reported.

    Attributes:
        values: {(place, item, measure, number of the first month, months): value}.
        homes: {place: where both sides of a pair are compared}.
        ledger: {(place, item, number of a month): what stood when it began}.
    """

    values: dict = field(default_factory=dict)
    homes: dict = field(default_factory=dict)
    ledger: dict = field(default_factory=dict)

    def frame(self):
        rows = [
            (place, item, measure, yyyymm(month), months, float(value))
            for (place, item, measure, month, months), value in self.values.items()
        ]
        return pd.DataFrame(rows, columns=["org_unit", "item", "measure", "month", "months", "value"])

    def known(self):
        stood = [(place, item, yyyymm(month), value) for (place, item, month), value in self.ledger.items()]
        ledger = pd.DataFrame(stood, columns=["org_unit", "item", "month", "opening"])
        return Known(ITEMS, PAIRS, CASCADES, (("x", "y"), ("w", "z", "v")), self.homes, ledger)


def yyyymm(number):
    return number // 12 * 100 + number % 12 + 1


def reports(seed):
    """The reports of a seed."""
    chance, told = random.Random(seed), Reports(homes={"d": "h"})
    for place, (step, late) in RHYTHM.items():
        places = _Place(chance, told, place, step, FIRST + late)
        if place != "h":
            places.stocks()
        places.services()
    if seed % 4 == 0:
        _without(told, "stockout_days")
    if seed % 4 == 1:
        _without(told, "opening")
    for place, item, month, months in [key[:2] + key[3:] for key in told.values if key[2] == "closing"]:
        if place in "ab" and months == 1 and chance.random() < 0.3:
            stood = told.values[place, item, "closing", month, months]
            told.ledger[place, item, month + 1] = float(stood + chance.choice([0, 0, 3]))
    return told


def _without(told, measure):
    for key in [key for key in told.values if key[2] == measure]:
        del told.values[key]


@dataclass
class _Place:
    """One place at its reports."""

    chance: random.Random
    told: Reports
    place: str
    step: int
    first: int

    def months(self):
        return range(self.first, FIRST + MONTHS, self.step)

    def put(self, item, month, boxes, length, left_out=0.05):
        for measure, value in boxes.items():
            if value is not None and self.chance.random() >= left_out:
                self.told.values[self.place, item, measure, month, length] = value

    def stocks(self):
        styles = {item: self.chance.choice(STYLES) for item in PACKS}
        stood = dict.fromkeys(PACKS, 60)
        used, got, quiet = dict.fromkeys(PACKS, 0), dict.fromkeys(PACKS, 0), self.chance.random() < 0.5
        for month in self.months():
            came, copied = self.chance.random() >= 0.06, self.chance.random() < 0.12
            for item in PACKS:
                if not (copied and used[item] and self.chance.random() < 0.9):
                    used[item] = styles[item](self.chance, used[item])
                    got[item] = self.chance.choice([0, used[item], used[item], 2 * used[item], 17])
                boxes = self._line(stood[item], used[item], got[item])
                if quiet and self.chance.random() < 0.6:
                    boxes["stockout_days"] = 0
                stood[item] = max(boxes["closing"], 0)
                if came and self.chance.random() >= 0.04:
                    self.put(item, month, boxes, self.step)
            if self.place == "b" and self.chance.random() < 0.15:
                self._like("a", month)

    def _line(self, stood, used, received):
        chance = self.chance
        opening = stood + chance.choice([0] * 9 + [-4, 5])
        consumed = chance.choice([used] * 9 + [min(used, opening + received)])
        adjusted = chance.choice([None] * 6 + [0, -2, 3, consumed, -consumed, consumed - 1, 1 - consumed])
        lost = chance.choice([None] * 6 + [0, 2, -1])
        closing = opening + received + (adjusted or 0) - (lost or 0) - consumed
        closing += chance.choice([0] * 9 + [-3, 3])
        if chance.random() < 0.12:
            closing = 0
        out = chance.choice(DAYS_OUT[self.step]) if closing == 0 or chance.random() < 0.2 else 0
        return {
            "opening": opening, "received": received, "consumed": consumed, "adjusted": adjusted,
            "lost": lost, "closing": closing, "stockout_days": out, "ordered": chance.choice([None, 5, -1]),
        }  # fmt: skip

    def _like(self, other, month):
        """The same figures as another place's."""
        for item in PACKS:
            for measure in ("received", "consumed"):
                self.told.values.pop((self.place, item, measure, month, 1), None)
                if (same := self.told.values.get((other, item, measure, month, 1))) is not None:
                    self.told.values[self.place, item, measure, month, 1] = same

    def services(self):
        used = dict.fromkeys(SERVICES, 0)
        styles = {item: self.chance.choice(STYLES) for item in SERVICES}
        mine = [item for item in SERVICES if self.place != "b" or item != "t"]
        for month in range(FIRST, FIRST + MONTHS):
            blank = self.chance.random() < 0.06
            for item in mine:
                used[item] = styles[item](self.chance, used[item])
                if not blank:
                    self.put(item, month, {"count": used[item]}, 1, left_out=0.08)


DAYS_OUT = {1: (0, 0, 1, 27, 28, 29, 30, 31, 32), 3: (0, 0, 1, 83, 84, 89, 90, 91, 92, 93)}


def _small(chance, last):
    return chance.choice([last, 0, 3, 4, 5, 6, 9, 10, 11])


def _long(chance, last):
    return chance.choice([last, last, 19, 20, 21, 1, 0])


def _round(chance, last):
    return chance.choice([20, 30, 40, 50, 10, chance.randint(19, 60), last])


def _steady(chance, last):
    usual = chance.choice([130, 131, 133, 127, 129, 134, 128])
    return chance.choice([usual] * 16 + [0, 2 * usual, 10 * usual, usual // 10, 30 * usual, 310, 4, 12])


STYLES = (_small, _long, _round, _steady, _steady)
