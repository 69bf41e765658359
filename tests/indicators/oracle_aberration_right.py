"""How likely a figure is if nobody erred, once more in plain Python, one figure at a time.

What is learnt of an item's habits, and the chances that follow from them. It shares no line and no constant
with `indicators.aberration_right` and `aberration_item`.
"""

import math
import statistics
from collections import Counter
from dataclasses import dataclass
from itertools import product

from tests.indicators.oracle_aberration_level import clip, elsewhere, expect, g, learnt, none_by_counting

NEVER = -99.0


def added(*logs):
    """The logarithm of a sum."""
    most = max(logs)
    return most + math.log(sum(math.exp(each - most) for each in logs))


def student(off, freedom):
    top = math.gamma((freedom + 1) / 2) / math.gamma(freedom / 2) / math.sqrt(freedom * math.pi)
    return top * (1 + off * off / freedom) ** (-(freedom + 1) / 2)


def tail_of(off):
    """(freedom, width) that distances from the middle fit best, told by twentieths up to five."""
    near = [min(int(abs(x) / 0.05), 99) for x in off if abs(x) <= 5]
    if len(near) < 30:
        return 20.0, 1.0
    many = [(n, (b + 0.5) * 0.05) for b, n in Counter(near).items()]
    every = product((2.5, 3.0, 4.0, 5.0, 7.0, 10.0, 20.0, 50.0), (0.6, 0.7, 0.8, 0.9, 1.0, 1.1))

    def logs(tail):
        freedom, width = tail
        return sum(n * math.log(student(off / width, freedom) / width) for n, off in many)

    return max(every, key=logs)


def shares_of_shelf(beyond):
    """(same, more, less): of how much more was used than the shelf lost; logarithms."""
    counts = (
        sum(-0.5 < b < 0.5 for b in beyond), sum(b >= 0.5 for b in beyond), sum(b <= -0.5 for b in beyond)
    )  # fmt: skip
    return tuple(math.log(clip((n + 1) / (len(beyond) + 3), 0.002, 1)) for n in counts)


def of_shelf(shares, beyond):
    same, more, less = shares
    if abs(beyond) < 0.5:
        return same
    return (more if beyond > 0 else less) - math.log((abs(beyond) + 4) * 6)


def share_wandering(near, far):
    """How often figures are where their series was at another time: eight steps towards the likeliest."""
    share = 0.1
    for _ in range(8 if near else 0):
        each = [share * f / (share * f + (1 - share) * n) for n, f in zip(near, far, strict=True)]
        share = clip(sum(each) / len(each), 0.001, 0.6)
    return share


def round_ends(values):
    """How much likelier than by chance figures from 10 end on 0, on 5 and on others; logarithms."""
    large = [v for v in values if v >= 10]
    tens, fives = (sum(v % 10 == end for v in large) + 3 for end in (0, 5))
    total = len(large) + 30
    rest = max(1 - (tens + fives) / total, 0.02)
    return math.log(min(tens / total, 0.9) * 10), math.log(min(fives / total, 0.9) * 10), math.log(rest / 0.8)


@dataclass
class Goods:
    """An item: its `Figures`, the shelf at each month's end (rows, None for a gap) and the other side."""

    figures: object
    closing: list | None = None
    partner: object = None

    def lost(self, s, t, months=1):
        """What the shelf lost in so many months; None where that is unknown."""
        if self.closing is None or t < months:
            return None
        before, now = self.closing[s][t - months], self.closing[s][t]
        return None if before is None or now is None else before - now

    def same(self, s, t):
        """A figure above 2 that is the one before, or the one before a missing month."""
        f = self.figures
        if not f.known(s, t) or f.value(s, t) <= 2 or t < 1:
            return False
        if f.known(s, t - 1):
            return f.value(s, t) == f.value(s, t - 1)
        return t > 1 and f.known(s, t - 2) and f.value(s, t) == f.value(s, t - 2)

    def zero_class(self, s, t):
        """By how many of the months around have nothing at all, told in steps of a two-hundredth."""
        f = self.figures
        around = [u for u in f.others(t) if f.sound(s, u)]
        zeros = sum(f.value(s, u) == 0 for u in around)
        steps = zeros * 200 // max(len(around), 1)
        return sum(steps * 5 >= bound for bound in (1, 40, 100, 200, 350, 550))

    def some(self, step):
        closing = self.closing[::step] if self.closing else None
        return Goods(self.figures.some(step), closing, self.partner and self.partner.some(step))


class OtherSide:
    """How far the other side lies off, and how many times what was expected of it there is."""

    def __init__(self, figures, step=1):
        level = expect(figures, learnt(figures, step))
        self.off, self.ratio = level.off, {}
        for cell, expected in level.expected.items():
            told = figures.known(*cell) and expected is not None
            self.ratio[cell] = (figures.value(*cell) + 0.5) / (expected + 0.5) if told else None

    def some(self, step):
        few = object.__new__(OtherSide)
        few.off = {(s // step, t): v for (s, t), v in self.off.items() if s % step == 0}
        few.ratio = {(s // step, t): v for (s, t), v in self.ratio.items() if s % step == 0}
        return few


class Habit:
    """What the figures of an item show of how they scatter and are written.

    `follows`, `low`, `high`, `middle`, `wandering`, `ends`, `used`, `unused`, `copying`, `missing`, `zeros`
    and `together` are as in `indicators.aberration_item.Kept` and `indicators.aberration_right.Habits`.
    """

    def __init__(self, goods, known, level):
        self.goods, self.f, self.learned = goods, goods.figures, known
        f = self.f
        self.follows = self._follows(level)
        off = {c: self.beyond_partner(*c, level) for c in f.cells}
        yard = [c for c in f.cells if f.positive(*c) and off[c] is not None]
        self.middle = statistics.median(off[c] for c in yard) if yard else 0.0
        apart = [off[c] - self.middle for c in yard]
        self.low, self.high = tail_of([x for x in apart if x < 0]), tail_of([x for x in apart if x >= 0])
        self.wandering = self._wanders(apart, yard)
        self.ends = round_ends([f.value(*c) for c in f.cells if f.known(*c) and f.value(*c) > 0])
        self._shelves()
        self._repeats(level)
        self.zeros = self._zero_habits(level)
        self.together = self._alone(off, set(yard))

    def _follows(self, level):
        other = self.goods.partner
        if other is None:
            return 0.0
        cells = [c for c in self.f.cells if self.f.positive(*c) and None not in (level.off[c], other.off[c])]
        both = [(clip(level.off[c], -3, 3), clip(other.off[c], -3, 3)) for c in cells]
        return clip(sum(a * b for a, b in both) / (sum(b * b for _, b in both) + 30), 0, 1.5)

    def explained(self, s, t, level):
        """What of a figure's distance the other side explains, in spreads."""
        other = self.goods.partner
        if other is None or self.follows <= 0:
            return 0.0
        far, ratio = other.off[s, t] or 0.0, other.ratio[s, t]
        usually = self.follows * far / (1 + (far / 5) ** 4)
        if abs(far) <= 3:
            return usually
        expected, alpha = level.expected[s, t] or 0.0, self.learned.alpha
        moved = g(expected * (1 if ratio is None else ratio), alpha) - g(expected, alpha)
        bounds = sorted([usually, moved / self.learned.spread[s]])
        return clip(level.off[s, t] or 0.0, *bounds)

    def beyond_partner(self, s, t, level):
        return None if level.off[s, t] is None else level.off[s, t] - self.explained(s, t, level)

    def _wanders(self, apart, yard):
        freedom, width = tail_of(apart)
        near, far = [], []
        for off, (s, t) in zip(apart, yard, strict=True):
            own, spread = elsewhere(self.f, self.learned, s, t)
            near.append(student(off / width, freedom) / width / self.learned.spread[s])
            far.append(student((g(self.f.value(s, t), self.learned.alpha) - own) / spread, 5) / spread)
        return share_wandering(near, far)

    def _shelves(self):
        told = [(self.f.value(*c), self.goods.lost(*c)) for c in self.f.cells if self.f.known(*c)]
        told = [(value, lost) for value, lost in told if lost is not None]
        self.used = shares_of_shelf([value - lost for value, lost in told if value > 0])
        self.unused = shares_of_shelf([value - lost for value, lost in told if value <= 0])

    def _repeats(self, level):
        f = self.f
        pairs = [(s, t) for s, t in f.cells if t > 0 and f.known(s, t)]
        follow = [(s, t) for s, t in pairs if f.known(s, t - 1)]
        again = sum(self.goods.same(*c) for c in follow)
        self.copying = clip(again / max(1, sum(f.value(*c) > 2 for c in follow)) - 0.018, 0.002, 0.2)
        gaps = [self.gap_before(s, t, level) for s, t in pairs]
        self.missing = clip(sum(gaps) / len(gaps) if gaps else 0.1, 0.01, 1)

    def gap_before(self, s, t, level):
        """The month before is missing, or there is nothing where something was expected."""
        if not self.f.known(s, t - 1):
            return True
        return self.f.value(s, t - 1) == 0 and (level.expected[s, t] or 0) > 3

    def _zero_habits(self, level):
        """How often nothing is right where counting seldom explains it, by class of the months around."""
        beyond = {kind: [] for kind in range(7)}
        for s, t in self.f.cells:
            expected = level.expected[s, t]
            if expected is not None and self.f.sound(s, t):
                counting = none_by_counting(expected, self.learned.alpha)
                if counting < 0.3:
                    more = ((self.f.value(s, t) == 0) - counting) / (1 - counting)
                    beyond[self.goods.zero_class(s, t)].append(more)
        shares = [clip((sum(b) + 0.02) / (len(b) + 4), 1e-4, 0.98) for b in beyond.values()]
        return [max(share - 0.0006, 0.2 * share) for share in shares]

    def _alone(self, off, yard):
        """How much a month says beside the one before: less where neighbours lie off alike."""
        near = {c: clip(off[c], -3, 3) for c in yard}
        follow = [(s, t) for s, t in yard if (s, t - 1) in yard]
        alike = sum(near[s, t] * near[s, t - 1] for s, t in follow)
        alike = clip(alike / max(sum(near[c] ** 2 for c in follow), 1e-9), 0, 0.8)
        return (1 - alike) / (1 + alike)

    def nothing(self, s, t, level, goods=None):
        """The chance that nothing at all is right."""
        counting = none_by_counting(level.expected[s, t] or 0.0, self.learned.alpha)
        habit = self.zeros[(goods or self.goods).zero_class(s, t)]
        return clip(counting + (1 - counting) * habit, 1e-6, 0.98)


def kept(goods, step=1):
    """(what is learnt of an item, its habits, what is expected of all its months)."""
    known = learnt(goods.figures, step)
    level = expect(goods.figures, known)
    if step == 1:
        return Habit(goods, known, level), level
    few = goods.some(step)
    parts = known.spread[::step], known.moves, known.above[::step], known.below[::step]
    some = type(known)(known.season, known.alpha, *parts)
    habit = Habit(few, some, _every(level, step))
    habit.goods, habit.f, habit.learned = goods, goods.figures, known
    return habit, level


def _every(level, step):
    rows = [
        {(s // step, t): v for (s, t), v in each.items() if s % step == 0} for each in vars(level).values()
    ]
    return type(level)(*rows)
