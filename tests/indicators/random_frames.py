"""Small countries at random: places that report monthly or by quarter, late, twice or not at all.

One `World` is kept as plain Python, for the oracle, and as the canonical frames, for the indicators.
"""

import random
from dataclasses import dataclass, field

import pandas as pd

from indicators.rollup import Frames
from tests.indicators.builders import units

ITEMS = ("P1", "P2", "P3")
FIRST = 2018 * 12 + 3
FLOWS = ("consumed", "received", "lost", "ordered", "stockout_days")
STOCKS = ("opening", "closing")


@dataclass
class World:
    """A country of few units.

    Attributes:
        tree: {unit: its children}, from "N" down.
        dates: {unit: (month number of its opening or None, of its closing or None)}.
        forms: {form: (months of its window, month of the year in which one begins)}, in order of precedence.
        assigned: {(form, unit)}.
        flows: {(unit, item, measure): {(first month number, months): value}}.
        stocks: {(unit, item, measure): {month number: value}}.
        reports: [(unit, form, first month number, months, whether on time or None)].
        group: units of the one group.
        carried: {(unit, item): what somebody decided}.
    """

    tree: dict
    dates: dict
    forms: dict
    assigned: set = field(default_factory=set)
    flows: dict = field(default_factory=dict)
    stocks: dict = field(default_factory=dict)
    reports: list = field(default_factory=list)
    group: set = field(default_factory=set)
    carried: dict = field(default_factory=dict)

    @property
    def places(self):
        return ["N", *(child for children in self.tree.values() for child in children)]

    def frames(self):
        """The canonical frames of the same country."""
        codes = pd.DataFrame({"code": ITEMS, "name": ITEMS, "kind": "commodity", "form": "m", "source": "L"})
        asked = [(form, f"i-{item}", *window) for form, window in self.forms.items() for item in ITEMS]
        decided = [(unit, f"i-{item}", flag) for (unit, item), flag in self.carried.items()]
        return Frames(
            org_units=units(self.tree, **{unit: _dates(*each) for unit, each in self.dates.items()}),
            items=codes.assign(id="i-" + codes["code"]),
            values=self._values(),
            assignments=pd.DataFrame(sorted(self.assigned), columns=["form", "org_unit"]),
            reports=self._reports(),
            groups=pd.DataFrame(
                [("g", "G", unit) for unit in self.group], columns=["group", "name", "org_unit"]
            ),
            carried=pd.DataFrame(decided, columns=["org_unit", "item", "carried"]) if decided else None,
            form_items=pd.DataFrame(asked, columns=["form", "item", "months", "begins"]),
        )

    def _values(self):
        rows = [
            (unit, f"i-{item}", measure, yyyymm(first), months, value)
            for (unit, item, measure), reports in self.flows.items()
            for (first, months), value in reports.items()
        ]
        rows += [
            (unit, f"i-{item}", measure, yyyymm(month), 1, value)
            for (unit, item, measure), reports in self.stocks.items()
            for month, value in reports.items()
        ]
        frame = pd.DataFrame(rows, columns=["org_unit", "item", "measure", "month", "months", "value"])
        return frame.astype({"month": "int32", "months": "int16", "value": "float64"}).assign(
            state="reported"
        )

    def _reports(self):
        rows = [
            (unit, form, yyyymm(first), months, timely, True)
            for unit, form, first, months, timely in self.reports
        ]
        columns = ["org_unit", "form", "month", "months", "on_time", "registered"]
        frame = pd.DataFrame(rows, columns=columns)
        return frame.astype({"month": "int32", "months": "int16"}).assign(
            on_time=frame["on_time"].astype("boolean")
        )


def yyyymm(number):
    return number // 12 * 100 + number % 12 + 1


def _dates(opened, closed):
    return tuple(None if n is None else f"{n // 12}-{n % 12 + 1:02d}-15" for n in (opened, closed))


def a_world(seed, months=None):
    """The world of a seed; of so many months, or of few."""
    chance = random.Random(seed)
    tree = {"N": ["A", "B"], "A": [f"A{i}" for i in range(chance.randint(0, 3))], "B": ["B0", "B1"]}
    forms = {"m": (1, 1), "q": (3, chance.randint(1, 12))} if chance.random() < 0.4 else {"m": (1, 1)}
    drawn = chance.choice([4, 7, 7, 15])
    months = drawn if months is None else months
    world = World(tree, {}, forms)
    reporting = [place for place in world.places if place not in ("N", "A") or chance.random() < 0.2]
    for place in reporting:
        _fill(world, place, months, chance)
    if not world.stocks:
        _report(world, "B0", "P1", (FIRST, 1), chance)
    world.group = {"B0", *(place for place in world.places if chance.random() < 0.5)}
    return world


def _fill(world, place, months, chance):
    form = chance.choice(list(world.forms))
    length, begins = world.forms[form]
    if chance.random() < 0.9:
        world.assigned.add((form, place))
    if chance.random() < 0.2:
        opened = FIRST + chance.randint(-2, 4)
        world.dates[place] = (opened, chance.choice([None, opened + chance.randint(2, months)]))
    starts = [FIRST + m for m in range(months - length + 1) if (FIRST + m - begins + 1) % length == 0]
    for item in ITEMS:
        if chance.random() < 0.08:
            world.carried[place, item] = chance.random() < 0.5
        if chance.random() < 0.8:
            for start in starts:
                if chance.random() < 0.85:
                    _report(world, place, item, (start, length), chance)
    for start in starts:
        if chance.random() < 0.6:
            world.reports.append((place, form, start, length, chance.choice([True, False, None])))


def _report(world, place, item, window, chance):
    """What one report says of one product; any of its figures may be left out."""
    start, months = window
    scale = chance.choice([0, 5, 50])
    days = chance.choice([0, 0, 0, chance.randint(0, 31), 20, 30, 31]) * months
    drawn = {
        "consumed": chance.randint(0, scale * months),
        "received": chance.choice([0, chance.randint(0, 2 * scale * months)]),
        "lost": chance.choice([0, 0, chance.randint(0, 5)]),
        "ordered": chance.choice([0, chance.randint(0, 2 * scale * months)]),
        "stockout_days": min(days, 31 * months),
    }
    for measure, value in drawn.items():
        if chance.random() < 0.8:
            world.flows.setdefault((place, item, measure), {})[window] = float(value)
    for measure, month in (("opening", start), ("closing", start + months - 1)):
        if chance.random() < 0.8:
            held = chance.choice([0, 0, chance.randint(0, 40), chance.randint(0, 400)])
            world.stocks.setdefault((place, item, measure), {})[month] = float(held)
