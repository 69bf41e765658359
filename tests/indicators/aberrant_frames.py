"""Small items at random, with every mistake that scores name, as lists for the oracle and as `Reported`."""

import math
import random
from dataclasses import dataclass

import numpy as np

from indicators.aberration import Reported
from tests.indicators.oracle_aberration_level import Figures
from tests.indicators.oracle_aberration_right import Goods, OtherSide


def as_array(rows):
    """Rows with None for a gap as an array with NaN; None stays None."""
    return (
        None if rows is None else np.array([[np.nan if v is None else v for v in row] for row in rows], float)
    )


@dataclass
class Frame:
    """An item: its rows, the shelf, the days without stock, the other side (rows or None), districts."""

    rows: list
    area: list
    first: int
    closing: list | None = None
    days: list | None = None
    partner: list | None = None

    @property
    def reported(self):
        parts = {"closing": self.closing, "stockout_days": self.days, "partner": self.partner}
        arrays = {name: as_array(rows) for name, rows in parts.items()}
        return Reported(as_array(self.rows), area=np.array(self.area), first=self.first, **arrays)

    def out(self, s, t):
        empty = self.closing is not None and self.closing[s][t] is not None and self.closing[s][t] <= 0
        return empty or (self.days is not None and (self.days[s][t] or 0) > 0)

    def figures(self, trailing=False):
        out = [[self.out(s, t) for t in range(len(row))] for s, row in enumerate(self.rows)]
        return Figures(self.rows, out, self.area, self.first, trailing)

    def goods(self, trailing=False, step=1):
        """As the oracle takes it; of the other side, each so-many-th series says what they share."""
        if self.partner is None:
            return Goods(self.figures(trailing), self.closing)
        known = [[False] * len(row) for row in self.partner]
        other = OtherSide(Figures(self.partner, known, self.area, self.first, trailing), step)
        return Goods(self.figures(trailing), self.closing, other)

    def until(self, end):
        """What was known after so many months."""
        parts = (self.closing, self.days, self.partner)
        cut = ([row[:end] for row in rows] if rows else None for rows in parts)
        return Frame([row[:end] for row in self.rows], self.area, self.first, *cut)


def a_frame(seed, series=12, months=30, **asked):
    """An item of a seed: `size` of its figures, with or without a `shelf`, `partner` and `rare` figures."""
    chance = random.Random(f"aberrant {seed}")
    area, first = [chance.randrange(3) for _ in range(series)], chance.randrange(12)
    epidemic = {(a, chance.randrange(months)): chance.choice([0.4, 2.5]) for a in (0, 0, 1)}
    sizes, rows, true = asked.get("sizes", (4, 30, 300, 3000)), [], []
    for s in range(series):
        size, gaps = chance.choice(sizes), chance.choice([0, 0, 0.1])
        true.append([_figure(chance, size, t) * epidemic.get((area[s], t), 1) for t in range(months)])
        true[s] = [float(round(v)) for v in true[s]]
        rows.append([None if chance.random() < gaps else v for v in true[s]])
    frame = Frame(rows, area, first)
    if asked.get("partner"):
        frame.partner = [[_of_other_side(chance, v) for v in row] for row in true]
    _spoil(chance, rows, true)
    if asked.get("shelf"):
        _stock(chance, frame, true)
    return frame


def _figure(chance, size, t):
    season = 1 + 0.4 * math.sin(t * math.pi / 6)
    return size * season * chance.lognormvariate(0, 0.25)


def _of_other_side(chance, value):
    return None if chance.random() < 0.05 else float(round(2.5 * value * chance.lognormvariate(0, 0.1)))


def _spoil(chance, rows, true):
    """Mistakes of every kind, in figures here and there."""
    months = len(rows[0])
    for at, row in enumerate(rows):
        for number in range(3):
            t = chance.randrange(4, months - 4)
            _MISTAKES[(3 * at + number) % len(_MISTAKES)](row, true[at], t)
    for t in (7, 16):
        rows[1][t] = rows[0][t]
    rows[2] = [0.0 if chance.random() < 0.3 else v for v in rows[2]]
    rows[3][months - 1] = -4.0


def _copied(row, true, t):
    row[t : t + 3] = [true[t - 1]] * 3


def _low(row, true, t):
    row[t : t + 3] = [float(math.floor(0.4 * v)) for v in true[t : t + 3]]


def _with_the_month_before(row, true, t):
    row[t - 1 : t + 1] = [None, true[t - 1] + true[t]]


def _instead(change):
    def put(row, true, t):
        row[t] = float(change(true[t]))

    return put


_MISTAKES = (
    _instead(lambda v: v * 10),
    _copied,
    _instead(lambda v: v // 10),
    _with_the_month_before,
    _instead(lambda v: int(str(int(v))[::-1])),
    _low,
    _instead(lambda v: v * 24),
    _instead(lambda v: 0),
    _instead(lambda v: v // 30),
    _instead(lambda v: v * 3),
    _instead(lambda v: 3 * round(v / 3) * 10 + 5),
)


def _stock(chance, frame, true):
    """A shelf that loses mostly what was used; it follows one mistake in five, and is sometimes empty."""
    frame.closing, frame.days = [], []
    for used, row in zip(true, frame.rows, strict=True):
        stock, shelf, days = 40.0 * max(used), [], []
        for t, value in enumerate(used):
            reported = value if row[t] is None or chance.random() < 0.8 else row[t]
            stock = max(stock + chance.choice([0] * 8 + [-5, 3 * value]) - reported, 0)
            shelf.append(None if chance.random() < 0.06 else 0.0 if chance.random() < 0.02 else stock)
            days.append(chance.choice([0.0] * 24 + [None, 9.0]))
        frame.closing.append(shelf)
        frame.days.append(days)
