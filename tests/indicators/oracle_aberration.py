"""The odds that a figure is a mistake, once more in plain Python, one figure and one mistake at a time.

It shares no line and no constant with `indicators.aberration`, `aberration_judging`, `aberration_mistakes`
and `aberration_forms`.
"""

import math
from dataclasses import dataclass

from tests.indicators.oracle_aberration_level import clip, elsewhere, g
from tests.indicators.oracle_aberration_right import NEVER, added, kept, of_shelf, student

KINDS = (
    "other", "times_ten", "tenth", "swapped", "doubled", "other_facility", "zero", "packs", "drop", "copied",
)  # fmt: skip
SHARES = dict(zip(KINDS, (6e-4, 6e-4, 6e-4, 5e-4, 5e-4, 6e-4, 6e-4, 6e-4, 1.5e-4, 2e-4), strict=True))
PACKS = 6, 10, 24, 25, 30, 100


def stepped(off):
    """As densities are looked up: by hundredths of a spread, alike from forty on."""
    return math.floor(100 * clip(off, -40, 40) + 0.5) / 100


@dataclass
class Suspect:
    """One figure, with all that is known of it, and what would be how likely in its place."""

    judge: object
    s: int
    t: int

    def __post_init__(self):
        judge, cell, known = self.judge, (self.s, self.t), self.judge.habit.learned
        self.habit, self.alpha, self.spread = judge.habit, known.alpha, known.spread[self.s]
        self.value, self.expected = judge.f.value(*cell), judge.level.expected[cell]
        followed = self.habit.explained(*cell, judge.level)
        self.middle = g(self.expected, self.alpha) + followed * self.spread
        self.own, self.own_spread = elsewhere(judge.f, known, *cell)
        self.zero = self.habit.nothing(*cell, judge.level)
        self.lost = judge.goods.lost(*cell)
        self.same = judge.goods.same(*cell)

    def figure(self, value):
        """The logarithm of the chance of a figure here, without the shelf."""
        if value <= 0:
            return math.log(self.zero)
        h, scaled, moved = self.habit, g(value, self.alpha), value + 3 / 8
        off = stepped((scaled - self.middle) / self.spread) - h.middle
        freedom, width = h.low if off < 0 else h.high
        there = student(off / width, freedom) / width / self.spread
        elsewhere_ = student(stepped((scaled - self.own) / self.own_spread), 5) / self.own_spread
        density = (1 - h.wandering) * there + h.wandering * elsewhere_
        slope = math.sqrt(moved * (1 + self.alpha * moved))
        tens, fives, others = h.ends
        rounded = {0: tens, 5: fives}.get(math.floor(value + 0.5) % 10, others) if value >= 10 else 0
        return math.log((1 - self.zero) * density / slope + 1e-30) + rounded

    def shelf(self, value):
        if self.lost is None:
            return 0.0
        return of_shelf(self.habit.used if value > 0 else self.habit.unused, value - self.lost)

    def true_or_followed(self, shelf):
        """Nine mistakes of ten leave the shelf as it was, one is carried on to it."""
        return added(shelf + math.log(0.9), self.shelf(self.value) + math.log(0.1))

    def instead(self, value):
        return self.figure(value) + self.true_or_followed(self.shelf(value))

    def alone(self):
        """The shelf, whatever the true figure was."""
        if self.lost is None:
            return 0.0
        same, more, less = self.habit.used
        confirmed = same + self.figure(max(self.lost, 1)) if self.lost > 0 else NEVER
        apart = math.log((abs(self.expected - self.lost) + 4) * 6)
        more = more - apart - (2 if self.lost >= self.expected else 0)
        return self.true_or_followed(added(confirmed, more, less - apart))

    def cut_off(self, low, width):
        """The figure was from `low` on, somewhere within so much, and lost its last part."""
        found = self.figure(low + (width - 1) / 2) + math.log(width)
        if self.lost is None:
            return found
        same, more, less = self.habit.used
        if low <= self.lost < low + width:
            return found + self.true_or_followed(same - math.log(width))
        apart = math.log((abs(low + width / 2 - self.lost) + 4) * 6)
        return found + self.true_or_followed((more if self.lost < low else less) - apart)

    def right(self):
        """The logarithm of the chance of figure and shelf, if nobody erred."""
        found = self.figure(self.value)
        if self.same:
            found = self._or_by_habit(found)
        found += self.shelf(self.value)
        if self.judge.f.out[self.s][self.t] and self.value < self.expected:
            found = added(found, math.log(0.5 / (self.expected + 1)))
        return found

    def _or_by_habit(self, found):
        """A figure that repeats the one before: some places repeat themselves often."""
        f, s, t = self.judge.f, self.s, self.t
        far = [u for u in f.others(t) if abs(u - t) > 3 and f.known(s, u) and f.value(s, u) > 2]
        follow = [u for u in far if u > 0 and f.known(s, u - 1)]
        again = sum(self.judge.goods.same(s, u) for u in follow)
        repeats = clip((again + 6 * self.habit.copying) / (len(follow) + 6), 0.001, 0.9)
        often = sum(f.value(s, u) == self.value for u in far) / (len(far) + 4)
        return added(found + math.log(1 - repeats), math.log(repeats), math.log(max(often, 1e-9)))


class Judged:
    """What should be said of some months of an item (None: of all): `score`, `mistake`, `off` by cell."""

    def __init__(self, goods, months=None, step=1, learned=None):
        self.goods, self.f = goods, goods.figures
        self.habit, self.level = learned or kept(goods, step)
        self.months = list(range(self.f.months) if months is None else months)
        cells = [(s, t) for s in range(len(self.f.rows)) for t in self.months]
        self.off = {c: self.habit.beyond_partner(*c, self.level) for c in cells}
        self.told = [c for c in cells if self.f.known(*c) and self.level.expected[c] is not None]
        self.score, self.mistake = dict.fromkeys(cells), dict.fromkeys(cells, "other")
        close = {c for c in self.told if self._close(*c)}
        self.suspects = {c: Suspect(self, *c) for c in self.told if c in close or self._of_run(*c)}
        self.right = {c: suspect.right() for c, suspect in self.suspects.items()}
        self._runs()
        for c in self.told:
            self.score[c] = self._plain(*c)
            if c in self.suspects:
                odds = self._odds(c, c in close)
                both = added(*odds.values())
                self.score[c] = both if c in close else max(both, self.score[c])
                self.mistake[c] = max(odds, key=odds.__getitem__)

    def _plain(self, s, t):
        if self.f.value(s, t) == 0:
            return -11 - math.log(self.habit.nothing(s, t, self.level))
        return min(self.off[s, t] ** 2, 2.4**2) / 2 - 11

    def _close(self, s, t):
        value, lost, far = self.f.value(s, t), self.goods.lost(s, t), abs(self.off[s, t])
        if lost is not None and value != lost:
            return True
        if value == 0:
            return self.habit.nothing(s, t, self.level) < 0.3
        nothing_before = t > 0 and self.f.value(s, t - 1) == 0
        return far > 2.4 or (far > 1.9 and nothing_before)

    def _low(self, s, t):
        off = self.off.get((s, t))
        return off is not None and off < -0.8 and self.f.value(s, t) > 0

    def _of_run(self, s, t):
        """Of three that are low together, a large figure repeated, or one of two that repeat."""
        for first in range(t - 2, t + 1):
            three = [(s, first + lag) for lag in range(3)]
            if all(self._low(*c) for c in three) and sum(self.off[c] for c in three) < -3.6:
                return True
        same = self.goods.same
        if not same(s, t):
            return False
        follows = t + 1 < self.f.months and same(s, t + 1)
        return follows or same(s, t - 1) or self.f.value(s, t) >= 300

    def _runs(self):
        """By month what speaks for a fall to two fifths, and for a copy."""
        self.fell, self.copied, together = {}, {}, self.habit.together
        self.elsewhere = -0.7 * together
        for c, each in self.suspects.items():
            alone, meant = each.alone() - self.right[c], -3.0
            if each.value > 0:
                meant = each.figure(each.value / 0.4) - math.log(0.4) + alone
            self.fell[c] = meant * together
            self.copied[c] = alone if each.same else NEVER

    def _run(self, by_month, otherwise, s, t):
        """The three months around it that fit best; trailing, the three that end with it."""
        firsts = [t - 2] if self.f.trailing else range(t - 2, t + 1)
        threes = [[(s, u + lag) for lag in range(3)] for u in firsts]
        within = [three for three in threes if all(c in self.off for c in three)]
        return max([sum(by_month.get(c, otherwise) for c in three) for three in within] or [NEVER])

    def _odds(self, c, close):
        found = {"drop": self._run(self.fell, self.elsewhere, *c)}
        found["copied"] = added(self._run(self.copied, NEVER, *c), self.copied[c] - 2.5)
        for kind in KINDS[:-2]:
            chance = getattr(self, f"_{kind}")(self.suspects[c]) if close else None
            found[kind] = NEVER if chance is None else chance - self.right[c]
        return {kind: found[kind] + math.log(SHARES[kind]) for kind in KINDS}

    def _other(self, of):
        return -math.log((of.value + 1) * 9) + of.alone() if of.value > 0 else None

    def _times_ten(self, of):
        return of.instead(of.value / 10) if of.value > 0 and of.value % 10 == 0 else None

    def _tenth(self, of):
        return of.cut_off(of.value * 10, 10) if of.value > 0 else None

    def _swapped(self, of):
        text, found = str(int(of.value)), []
        for at in range(len(text) - 1):
            meant = int(text[:at] + text[at + 1] + text[at] + text[at + 2 :])
            if meant != of.value and meant > 0 and abs(meant - of.value) >= 0.2 * meant:
                found.append(of.instead(meant) - math.log(len(text) - 1))
        return added(*found) if found else None

    def _doubled(self, of):
        if of.value <= 0 or of.t == 0 or not self.habit_gap(of):
            return None
        both, two = of.figure(of.value / 2) - math.log(2 * self.habit.missing), self.goods.lost(of.s, of.t, 2)
        if of.lost is None and two is not None:
            rest = max(of.figure(max(of.value - of.expected, 1)), math.log(1e-4))
            both += 2 * self.habit.used[0] - rest if abs(of.value - two) < 0.5 else math.log(0.7)
        return both + of.alone()

    def habit_gap(self, of):
        before = of.s, of.t - 1
        return not self.f.known(*before) or (self.f.value(*before) == 0 and of.expected > 3)

    def _other_facility(self, of):
        others = [self.f.value(r, of.t) for r in range(len(self.f.rows)) if r != of.s]
        others = [value for value in others if value > 0]
        alike = sum(value == of.value for value in others) / max(len(others), 1)
        return math.log(alike) + of.alone() if of.value > 0 and alike else None

    def _zero(self, of):
        return math.log(1 - of.zero) + of.alone() if of.value == 0 else None

    def _packs(self, of):
        """Units where packs were meant, or packs where units were."""
        if of.value > of.expected:
            found = [of.instead(of.value / pack) for pack in PACKS if of.value % pack == 0]
        else:
            found = [of.cut_off(of.value * pack - (pack - 1) / 2, pack) for pack in PACKS if of.value > 0]
        return added(*found) - math.log(12) if found else None


def explained(judged, s, t):
    """What explains an unusual figure that is no alert."""
    score, off, other = judged.score[s, t], judged.off[s, t], judged.goods.partner
    if score is not None and score >= -0.25:
        return "unexplained"
    if judged.f.out[s][t] and off is not None and off <= -1:
        return "stock_out"
    if other is not None and abs(other.off[s, t] or 0) >= 2:
        return "partner"
    return "area" if abs(judged.level.surge[s, t]) >= 0.3 else "unexplained"
