"""How likely a whole form is copied, once more in plain Python, figure by figure.

It shares no line and no constant with `indicators.aberration_forms`.
"""

import math

NEVER = -40.0


class Again:
    """Which figures (rows, None for a gap) are those last known before, and how often that is by chance."""

    def __init__(self, rows, kind):
        self.rows, self.kind = rows, kind
        cells = [(r, t) for r in range(len(rows)) for t in range(len(rows[0]))]
        self.told = [(r, t) for r, t in cells if None not in (rows[r][t], self.before(r, t))]
        self.same = {c for c in self.told if self.before(*c) == rows[c[0]][c[1]]}
        self.overall = len(self.same) / max(1, len(self.told))
        self.by_kind = {kind(*c): self._share(kind(*c)) for c in self.told}

    def before(self, r, t):
        last = self.rows[r][t - 1] if t > 0 else None
        return self.rows[r][t - 2] if last is None and t > 1 else last

    def _share(self, kind):
        """How often figures of a kind repeat, thirty figures of all taken in."""
        alike = [c in self.same for c in self.told if self.kind(*c) == kind]
        return (sum(alike) + 30 * self.overall) / (len(alike) + 30)

    def shared(self, c):
        return self.by_kind[self.kind(*c)]

    def chance(self, r, t):
        """More often where the row repeats itself more often than its kinds do, this month left out."""
        others = [c for c in self.told if c[0] == r and c != (r, t)]
        more = sum(1 - self.shared(c) for c in others if c in self.same)
        expected = sum(map(self.shared, others))
        habit = max((more + expected + 6) / (expected + 6), 1)
        return min(max(self.shared((r, t)) * habit, 0.002), 0.98)

    def odds(self, r, t):
        if (r, t) not in self.told:
            return 0.0
        chance = self.chance(r, t)
        copied = 0.6 * 0.95 + 0.4 * chance
        return math.log(copied / chance if (r, t) in self.same else (1 - copied) / (1 - chance))


def copied(rows, item, place, closing=None):
    """The odds that each figure is wrong as part of a copied form, by (row, month); logarithms."""

    def kind(r, t):
        return item[r], sum((rows[r][t] or 0) > size for size in (0, 2, 9, 29, 99, 299))

    again, found = Again(rows, kind), {}
    shelf = None
    if closing is not None:
        used = [
            [c if v and v > 0 else None for v, c in zip(*pair, strict=True)]
            for pair in zip(rows, closing, strict=True)
        ]
        shelf = Again(used, lambda r, t: 0)
    for r in range(len(rows)):
        mates = [m for m, where in enumerate(place) if where == place[r]]
        for t in range(len(rows[0])):
            form = math.log(0.001) + sum(again.odds(m, t) + (shelf.odds(m, t) if shelf else 0) for m in mates)
            several = sum((m, t) in again.same for m in mates) >= 2
            found[r, t] = NEVER
            if (r, t) in again.same and several:
                wrong = (1 - again.chance(r, t)) / (1 + math.exp(-min(max(form, NEVER), -NEVER)))
                found[r, t] = math.log(wrong / (1 - wrong))
    return found
