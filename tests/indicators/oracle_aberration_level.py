"""What each month of an item is expected to show, once more in plain Python: place by place, month by month.

It shares no line with `indicators.aberration_level`, `aberration_learning`, `aberration_district` and
`aberration_series`, and no constant: each stands here once more as it is written down.
"""

import math
from dataclasses import dataclass, field
from itertools import product

YEAR = 12


def g(x, alpha):
    """The scale on which counts of any size spread alike."""
    return 2 / math.sqrt(alpha) * math.asinh(math.sqrt(alpha * (x + 3 / 8)))


def clip(x, low, high):
    return min(max(x, low), high)


def none_by_counting(expected, alpha):
    """A negative binomial count of this mean is 0."""
    return (1 + alpha * expected) ** (-1 / alpha)


@dataclass
class Figures:
    """Rows of figures, None for a gap; which months of them the store was empty; the district of each row."""

    rows: list
    out: list
    area: list
    first: int = 0
    trailing: bool = False

    @property
    def months(self):
        return len(self.rows[0])

    @property
    def cells(self):
        return list(product(range(len(self.rows)), range(self.months)))

    def known(self, s, t):
        return self.rows[s][t] is not None

    def value(self, s, t):
        return max(self.rows[s][t] or 0, 0)

    def sound(self, s, t):
        return self.known(s, t) and not self.out[s][t]

    def positive(self, s, t):
        return self.sound(s, t) and self.value(s, t) > 0

    def place(self, t):
        return (self.first + t) % YEAR

    def others(self, t, until=None):
        """The months that say what another one should be: those before it alone, or all but itself."""
        months = range(self.months if until is None else until)
        return [u for u in months if (u < t if self.trailing else u != t)]

    def until(self, end):
        cut = [row[:end] for row in self.rows], [row[:end] for row in self.out]
        return Figures(*cut, self.area, self.first, self.trailing)

    def some(self, step):
        return Figures(self.rows[::step], self.out[::step], self.area[::step], self.first, self.trailing)


def near(u, t):
    """How much a month counts for another: a tenth at any distance, the rest a third as much after nine."""
    return 0.9 * math.exp(-abs(u - t) / 9) + 0.1


@dataclass
class Known:
    """What is learnt: as `indicators.aberration_level.Learned`, in lists."""

    season: dict
    alpha: float
    spread: list
    moves: float
    above: list
    below: list


class Rounds:
    """Four rounds over all series; one, with season, overdispersion and moves of others where `given`."""

    def __init__(self, figures, given=None):
        self.f, self.given = figures, given
        self.season = given.season if given else {(a, p): 0.0 for a in set(figures.area) for p in range(YEAR)}
        self.alpha, self.moves = (given.alpha, given.moves) if given else (0.1, 0.0)
        self.shape = {(s, t): math.exp(self.of_season(s, t)) for s, t in figures.cells}
        self.spread = [2.0] * len(figures.rows)
        self.weight = {cell: self._first_trust(*cell) for cell in figures.cells}
        for _ in range(1 if given else 4):
            self._go()

    def of_season(self, s, t):
        return self.season[self.f.area[s], self.f.place(t)]

    def _first_trust(self, s, t):
        f = self.f
        if not f.positive(s, t):
            return 0.0
        roots = [math.sqrt(f.value(s, u)) for u in range(f.months) if f.positive(s, u)]
        return min(1, 2.5 * sum(roots) / len(roots) / max(math.sqrt(f.value(s, t)), 1e-3)) ** 2

    def _go(self):
        f, base, there = self.f, {}, {}
        for s, t in f.cells:
            weights = [(u, self.weight[s, u] * near(u, t)) for u in f.others(t)]
            below = sum(w * self.shape[s, u] for u, w in weights)
            above = sum(w * f.value(s, u) for u, w in weights)
            there[s, t] = f.sound(s, t) and below > 1e-6
            base[s, t] = max(above / max(below, 1e-6), 0.05)
        if f.months >= 24 and not self.given:
            self.season = self._seasons(base, there)
        plain = {(s, t): base[s, t] * math.exp(self.of_season(s, t)) for s, t in f.cells}
        weighed = {cell: plain[cell] * self.weight[cell] if there[cell] else 0.0 for cell in f.cells}
        district = District(f, weighed, self.alpha, range(f.months))
        self.moves = self.moves if self.given else district.moves()
        shift = {
            cell: math.exp(self.of_season(*cell) + district.surge(*cell, self.moves)) for cell in f.cells
        }
        self.shape = shift
        expected = {cell: base[cell] * shift[cell] for cell in f.cells}
        if not self.given:
            self.alpha = self._overdispersion(expected, there)
        self._trust(expected, there)

    def _seasons(self, base, there):
        """Each district's year, drawn towards the item's as by twelve figures; on the average nothing."""
        f, parts = self.f, {}
        for s, t in f.cells:
            precise = self.weight[s, t] / (1 + self.alpha * base[s, t]) if there[s, t] else 0
            if precise > 0:
                surge = self.shape[s, t] / math.exp(self.of_season(s, t))
                held = min(f.value(s, t), 4 * base[s, t] * self.shape[s, t]) / surge
                part = precise * held, precise * base[s, t], 1
                for area in (f.area[s], None):
                    parts.setdefault((area, f.place(t)), []).append(part)

        def summed(area, p):
            above, below, count = (sum(each) for each in zip(*parts.get((area, p), [(0, 0, 0)]), strict=True))
            return math.log(max(above, 1e-3) / max(below, 1e-3)), count

        found = {}
        for area in set(f.area):
            year = []
            for p in range(YEAR):
                (own, count), (whole, many) = summed(area, p), summed(None, p)
                year.append((own * count + 12 * whole * many / (many + 12)) / (count + 12))
            found |= {(area, p): year[p] - sum(year) / YEAR for p in range(YEAR)}
        return found

    def _overdispersion(self, expected, there):
        f = self.f
        seen = [(f.value(*c), expected[c]) for c in f.cells if there[c] and f.positive(*c)]
        large = [(v, e) for v, e in seen if e >= 8]
        use = large if len(large) > 50 else seen
        if not use:
            return 0.1
        off = sum(min(abs(math.log(max(v, 0.5) / e)), 1.5) for v, e in use) / len(use)
        counting = sum(1 / max(e, 0.5) for _, e in use) / len(use)
        return clip((1.2533 * off) ** 2 - counting, 0.02, 1.5)

    def _trust(self, expected, there):
        f, alpha, own = self.f, self.alpha, []
        off = {c: abs(g(f.value(*c), alpha) - g(expected[c], alpha)) for c in f.cells}
        for s in range(len(f.rows)):
            seen = [min(off[s, t], 4) for t in range(f.months) if there[s, t] and f.positive(s, t)]
            own.append((1.2533 * sum(seen) / max(len(seen), 1), len(seen)))
        shared = sum(o * o * n for o, n in own) / max(1, sum(n for _, n in own))
        self.spread = [max(math.sqrt((20 * shared + n * o * o) / (20 + n)), 0.8) for o, n in own]
        for s, t in f.cells:
            far = max(off[s, t] / self.spread[s], 0.1)
            self.weight[s, t] = min(1, 2.2 / far) ** 2 if f.positive(s, t) else 0.0
            if f.sound(s, t) and not f.positive(s, t):
                around = [u for u in f.others(t) if f.sound(s, u)]
                zeros = sum(f.value(s, u) == 0 for u in around)
                share = (zeros + 0.05) / (len(around) + 1)
                self.weight[s, t] = min(none_by_counting(expected[s, t], alpha) / share, 1)

    def known(self):
        f, rows = self.f, range(len(self.f.rows))
        above = [[self.weight[s, t] * f.value(s, t) for t in range(f.months)] for s in rows]
        below = [[self.weight[s, t] * self.shape[s, t] for t in range(f.months)] for s in rows]
        return Known(self.season, self.alpha, self.spread, self.moves, above, below)


def learnt(figures, step=1):
    """What is known of an item of which every so-many-th series says what they have in common."""
    if step == 1:
        return Rounds(figures).known()
    few = Rounds(figures.some(step)).known()
    few.season |= {(a, p): 0.0 for a in set(figures.area) - set(figures.area[::step]) for p in range(YEAR)}
    return Rounds(figures, few).known()


class District:
    """What the other series of a district show of a month, beside what was expected of them."""

    def __init__(self, figures, expected, alpha, months):
        self.f, self.expected, self.alpha, self.months = figures, expected, alpha, months

    def _says(self, s, t):
        """How much a figure says, and how many times what was expected it shows; a fifth to five times."""
        e = self.expected[s, t]
        return e / (1 + self.alpha * e), clip(self.f.value(s, t) / max(e, 0.05), 0.2, 5)

    def told(self, s, t):
        """The logarithm of what the others show, and how much they say."""
        mates = [r for r, a in enumerate(self.f.area) if a == self.f.area[s] and r != s]
        says = [self._says(r, t) for r in mates]
        weight = sum(w for w, _ in says)
        return math.log((sum(w * x for w, x in says) + 0.5) / (weight + 0.5)), weight

    def moves(self):
        told = [self.told(s, t) for s in range(len(self.f.rows)) for t in self.months]
        beyond = [raw**2 - 1 / weight for raw, weight in told if weight > 1]
        return clip(sum(beyond) / max(1, len(beyond)), 1e-4, 1)

    def surge(self, s, t, moves):
        raw, weight = self.told(s, t)
        return raw * moves * weight / (moves * weight + 1) if weight > 0.5 else 0.0


@dataclass
class Expected:
    """Of each (series, month) asked for; None where too little is known."""

    expected: dict = field(default_factory=dict)
    off: dict = field(default_factory=dict)
    surge: dict = field(default_factory=dict)


def expect(figures, known, months=None):
    """What is expected of some months; `known` may stop before them."""
    f, found, base, below = figures, Expected(), {}, {}
    months = range(f.months) if months is None else months
    learnt_of = len(known.above[0])
    for s, t in product(range(len(f.rows)), months):
        others = f.others(t, learnt_of)
        below[s, t] = sum(known.below[s][u] * near(u, t) for u in others)
        level = sum(known.above[s][u] * near(u, t) for u in others) / max(below[s, t], 1e-6)
        base[s, t] = max(level * math.exp(known.season[f.area[s], f.place(t)]), 0.05)
    counted = {(s, t): base[s, t] if f.sound(s, t) and below[s, t] > 0 else 0.0 for s, t in base}
    district = District(f, counted, known.alpha, months)
    for (s, t), plain in base.items():
        surge = found.surge[s, t] = district.surge(s, t, known.moves)
        used = sum(f.positive(s, u) for u in range(f.months)) >= 4
        around = sum(f.sound(s, u) for u in f.others(t, learnt_of)) >= 6
        enough = used and around and below[s, t] > 0
        e = plain * math.exp(surge)
        found.expected[s, t] = e if enough else None
        off = (g(f.value(s, t), known.alpha) - g(e, known.alpha)) / known.spread[s]
        found.off[s, t] = off if enough and f.known(s, t) else None
    return found


def elsewhere(figures, known, s, t):
    """The middle and the spread of the other months of a series, on the scale of counts."""
    f, spread = figures, known.spread[s]
    scaled = {u: g(f.value(s, u), known.alpha) for u in range(f.months) if f.positive(s, u)}
    middle = sum(scaled.values()) / max(len(scaled), 1)
    use = [scaled[u] for u in f.others(t) if u in scaled]
    away = sum(min((x - middle) ** 2, (3 * spread) ** 2) for x in use)
    width = math.sqrt(1.1 * (away + 6 * spread**2) / (len(use) + 6))
    return sum(use) / max(len(use), 1), width
