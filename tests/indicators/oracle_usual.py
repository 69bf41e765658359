"""What is usual, and where two sides part, once more in plain Python: series by series, month by month.

It shares no line with `indicators.usual` and `indicators.discordance`; logarithms of 0 are left out here too,
and a group's own medians give way to everybody's where too few figures stand behind them.
"""

import math
import statistics
from dataclasses import dataclass
from statistics import NormalDist

MAD = 1.4826
FEWEST, PRIOR, MOST = 6, 12, 1.5


@dataclass
class Year:
    """How it is asked: `centred` or `trailing`, periods of reach, periods of a year, place of the first."""

    mode: str = "centred"
    reach: int = 12
    cycle: int = 12
    first: int = 0
    width: float = 3.0
    least: float = 0.03

    def around(self, row, at):
        """The figures around a month, itself never among them; gaps left out."""
        if self.mode == "centred":
            near = [i for i in range(at - self.reach, at + self.reach + 1) if i != at]
        else:
            near = list(range(at - 2 * self.reach, at))
        return [row[i] for i in near if 0 <= i < len(row) and row[i] is not None]


def middle(values):
    known = [v for v in values if v is not None]
    return statistics.median(known) if known else None


def log(value):
    return math.log(value) if value is not None and value > 0 else None


def g(x, alpha):
    return 2 / math.sqrt(alpha) * math.asinh(math.sqrt(alpha * (x + 3 / 8)))


def back(y, alpha):
    return max(math.sinh(max(y, 0) * math.sqrt(alpha) / 2) ** 2 / alpha - 3 / 8, 0)


def minus(row, other):
    return [None if a is None or b is None else a - b for a, b in zip(row, other, strict=True)]


class UsualOracle:
    """What should be said of a matrix of series (None for a gap) in groups."""

    def __init__(self, rows, groups, year, least=None):
        self.rows, self.groups, self.year, self.least = rows, groups, year, least or {}
        self.logs = [[log(v) for v in row] for row in rows]
        self.season = self._seasons()
        self.levels = [self.level(logs, group) for logs, group in zip(self.logs, groups, strict=True)]
        known = {*groups, *self.least}
        self.alpha = {each: self._alpha(each) for each in known}
        self.spread = {each: self._spread(each) for each in known}

    def laid(self, group):
        columns, year = range(len(self.rows[0])), self.year
        return [self.season[group, (at + year.first) % year.cycle] for at in columns]

    def _seasons(self):
        year, columns = self.year, len(self.rows[0])
        known = {*self.groups, *self.least}
        cells = [(group, place) for group in known for place in range(year.cycle)]
        if year.cycle == 1 or columns < 2 * year.cycle:
            return dict.fromkeys(cells, 0.0)
        off = [minus(logs, [middle(year.around(logs, at)) for at in range(columns)]) for logs in self.logs]

        def found(group, place):
            return [
                row[at]
                for row, of in zip(off, self.groups, strict=True)
                for at in range(columns)
                if group in (of, None) and (at + year.first) % year.cycle == place and row[at] is not None
            ]

        def shrunk(group, place):
            own = found(group, place)
            own = own if len(own) >= PRIOR else found(None, place)
            return statistics.median(own) * len(own) / (len(own) + PRIOR) if own else 0.0

        return {cell: shrunk(*cell) for cell in cells}

    def level(self, logs, group):
        """The level of each month with the season taken out."""
        plain, found = minus(logs, self.laid(group)), []
        for at in range(len(plain)):
            near = self.year.around(plain, at)
            whole = None if self.year.mode == "trailing" else middle(plain)
            found.append(statistics.median(near) if len(near) >= FEWEST else whole)
        return found

    def expected(self, row):
        return self.with_season(self.levels[row], self.groups[row])

    def with_season(self, levels, group):
        return [
            None if level is None else math.exp(level + season)
            for level, season in zip(levels, self.laid(group), strict=True)
        ]

    def _known(self, group):
        """Expected figure and logarithm of all months of a group (None: of all) that have both."""
        return [
            (expected, logarithm)
            for row, of in enumerate(self.groups)
            if group in (of, None)
            for expected, logarithm in zip(self.expected(row), self.logs[row], strict=True)
            if expected is not None and logarithm is not None
        ]

    def _alpha(self, group):
        known = self._known(group)
        known = known if len(known) >= PRIOR else self._known(None)
        floor = self.least.get(group, self.year.least)
        if not known:
            return floor
        size = statistics.median(abs(logarithm - math.log(e)) for e, logarithm in known)
        noise = statistics.median(1 / e for e, _ in known)
        return min(max((MAD * size) ** 2 - noise, floor), MOST)

    def own_spread(self, logs, expected, group):
        """The series' own spread, and the months behind it."""
        alpha = self.alpha[group]
        off = [
            abs(g(math.exp(logarithm), alpha) - g(e, alpha))
            for e, logarithm in zip(expected, logs, strict=True)
            if e is not None and logarithm is not None
        ]
        return (MAD * statistics.median(off), len(off)) if off else (None, 0)

    def _spread(self, group):
        def of(which):
            all_rows = [
                self.own_spread(self.logs[r], self.expected(r), each)
                for r, each in enumerate(self.groups)
                if which in (each, None)
            ]
            return [own for own, months in all_rows if months >= FEWEST]

        own = of(group)
        own = own if len(own) >= 3 else of(None)
        return statistics.median(own) if own else 1.0

    def judged(self, row):
        """What is said of each month of a series by its own history."""
        return self.judge(self.rows[row], self.rows[row], self.groups[row])

    def judge(self, history, observed, group):
        """(expected, low, high, zero, score) of each month observed; None for what cannot be said."""
        logs = [log(v) for v in history]
        expected = self.with_season(self.level(logs, group), group)
        own, months = self.own_spread(logs, expected, group)
        drawn = PRIOR * self.spread[group] ** 2 + months * (own or 0) ** 2
        spread = max(1.0, math.sqrt(drawn / (PRIOR + months)))
        judge = _Judge(self.year, self.alpha[group], spread)
        near = [self.year.around(history, at) for at in range(len(history))]
        return [
            judge.of(*month) if months >= FEWEST else NOTHING
            for month in zip(near, expected, observed, strict=True)
        ]


NOTHING = None, None, None, False, None


@dataclass
class _Judge:
    year: Year
    alpha: float
    spread: float

    def of(self, near, expected, value):
        """One month, by what lies around it and what is expected of it."""
        if len(near) < FEWEST or expected is None:
            return NOTHING
        centre = g(expected, self.alpha)
        share = (sum(v == 0 for v in near) + 0.0005) / (len(near) + 1)
        chance = (1 + self.alpha * expected) ** (-1 / self.alpha)
        farthest = abs(g(0, self.alpha) - centre) / self.spread
        of_zero = -min(below_the_mean(max(share, chance)), farthest)
        there = value if value is None or value <= 0 else (g(value, self.alpha) - centre) / self.spread
        score = of_zero if value is not None and value <= 0 else there
        low, high = (back(centre + way * self.year.width * self.spread, self.alpha) for way in (-1, 1))
        return expected, low, high, of_zero > -self.year.width, score


def below_the_mean(probability):
    return -NormalDist().inv_cdf(min(max(probability, 1e-8), 0.5))


APART, RUN_SUM = 4.0, 4.0


class PartingOracle:
    """How far consumption and services of some places should part, in groups."""

    def __init__(self, services, consumption, groups, mode):
        self.sides, self.groups, self.year = (services, consumption), groups, Year(mode)
        self.relation = [
            [None if None in pair else math.log(pair[1] + 0.5) - math.log(pair[0] + 0.5) for pair in both]
            for both in (zip(s, c, strict=True) for s, c in zip(services, consumption, strict=True))
        ]
        self.usual = [[self._level(row, at) for at in range(len(row))] for row in self.relation]
        self.off = [minus(row, usual) for row, usual in zip(self.relation, self.usual, strict=True)]
        self.noise = [
            [self._noise(services[r], at) + self._noise(consumption[r], at) for at in range(len(services[r]))]
            for r in range(len(groups))
        ]
        self.alpha = {each: self._alpha(each) for each in set(groups)}
        self.plain = [
            [None if off is None else off / math.sqrt(noise + self.alpha[group]) for off, noise in both]
            for group, both in zip(
                groups, (list(zip(*pair, strict=True)) for pair in zip(self.off, self.noise, strict=True)),
                strict=True,
            )
        ]  # fmt: skip

    def _level(self, row, at):
        near = self.year.around(row, at)
        return statistics.median(near) if len(near) >= FEWEST else None

    def _noise(self, row, at):
        """Of counting: one over the level of the twelve months before."""
        logs = [None if v is None else math.log(v + 0.5) for v in row]
        level = middle(logs[max(at - 12, 0) : at])
        level = middle(logs) if level is None else level
        return 0.0 if level is None else 1 / max(math.exp(level), 0.5)

    def _alpha(self, group):
        def known(which):
            return [
                (abs(off), noise)
                for r, of in enumerate(self.groups)
                if which in (of, None)
                for off, noise in zip(self.off[r], self.noise[r], strict=True)
                if off is not None
            ]

        own = known(group)
        own = own if len(own) >= PRIOR else known(None)
        if not own:
            return 0.01
        size, noise = (statistics.median(part) for part in zip(*own, strict=True))
        return min(max((MAD * size) ** 2 - noise, 0.01), 1.0)

    def _own(self, row):
        known = [abs(v) for v in self.plain[row] if v is not None]
        return (MAD * statistics.median(known), len(known)) if known else (0.0, 0)

    def spread(self, row):
        mates = [self._own(r) for r, of in enumerate(self.groups) if of == self.groups[row]]
        shared = [own for own, months in mates if months >= FEWEST]
        of_all = statistics.median(shared) if shared else 1.0
        own, months = self._own(row)
        return max(math.sqrt((PRIOR * of_all**2 + months * own**2) / (PRIOR + months)), 0.7)

    def score(self, row, at):
        value = self.plain[row][at]
        return None if value is None else value / self.spread(row)

    def run(self, row, at):
        """The sum of three months that part the same way, over the root of three."""
        three = [self.score(row, i) for i in range(at - 2, at + 1)] if at >= 2 else [None]
        if None in three or not (min(three) >= 1 or max(three) <= -1):
            return 0.0
        return sum(max(min(each, 5), -5) for each in three) / math.sqrt(3)
