"""An independent, slow account of what a store's book says: one item at a time, day by day, plain Python."""

from dataclasses import dataclass
from math import exp, isnan, lgamma, log
from statistics import mean, variance


@dataclass
class ItemOracle:
    """One item of a store.

    Attributes:
        days: packs asked for; NaN where the day says nothing.
        weekday: of the first day.
        months: packs of earlier months; NaN where not reported.
    """

    days: list
    weekday: int
    months: list

    def __post_init__(self):
        self.known = [(at, packs) for at, packs in enumerate(self.days) if not isnan(packs)]
        self.told = [packs for packs in self.months if not isnan(packs)]
        self.usual = mean(packs for _, packs in self.known) if self.known else 0.0
        self.weights = [0.5 ** ((len(self.days) - 1 - at) / 60) for at, _ in self.known]

    def of(self, day):
        return (self.weekday + day) % 7

    def seen(self):
        packs = 1 + sum(w * packs for w, (_, packs) in zip(self.weights, self.known, strict=True))
        return packs + (mean(self.told) / (365.25 / 12) * 20 if self.told else 0)

    def mean(self):
        days = sum(self.weights) + (20 if self.told else 0)
        return self.seen() / days if days else float("nan")

    def rhythm(self):
        if not self.usual:
            return [1.0] * 7
        found = []
        for weekday in range(7):
            packs = [packs for at, packs in self.known if self.of(at) == weekday]
            found.append((sum(packs) / self.usual + 4.5) / (len(packs) + 4.5))
        return [each / mean(found) for each in found]

    def blocks(self):
        """[[(packs, packs that were to be expected)]] of every four weeks that say something."""
        rhythm, found = self.rhythm(), {}
        for at, packs in self.known:
            block = (len(self.days) - 1 - at) // 28
            found.setdefault(block, []).append((packs, self.usual * rhythm[self.of(at)]))
        return list(found.values())

    def scatter(self):
        squares = freedom = 0
        for block in self.blocks():
            total, expected = (sum(each) for each in zip(*block, strict=True))
            if total:
                levels = [(packs, each * total / expected) for packs, each in block]
                squares += sum((packs - level) ** 2 / level for packs, level in levels)
                freedom += len(block) - 1
        return (10 * 2 + squares) / (10 + freedom)

    def between_blocks(self):
        sums = [[sum(each) for each in zip(*block, strict=True)] for block in self.blocks()]
        if len(sums) < 2 or not self.usual:
            return 0.0
        above = sum((total - expected) ** 2 - self.scatter() * expected for total, expected in sums)
        return above / sum(expected**2 for _, expected in sums) * len(sums) / (len(sums) - 1)

    def between_months(self):
        """Squared variation of the months beyond what single days explain, and how many of them say it."""
        if len(self.told) < 3:
            return 0.0, 0
        beyond = max(variance(self.told) - self.scatter() * mean(self.told), 0)
        return (beyond / mean(self.told) ** 2 if beyond else 0.0), len(self.told) - 1

    def drift(self):
        blocks = max(len(self.blocks()) - 1, 0)
        of_months, months = self.between_months()
        together = 3 * 0.25 + blocks * self.between_blocks() + months * of_months
        return max(together / (3 + blocks + months), 0) * (1 + 1 / self.levels())

    def levels(self):
        """(Sum of weights) squared over the sum of squares: four weeks are one level, so is each month."""
        days, months = sum(self.weights), 20 if self.told else 0
        squares = days * 28 + (len(self.told) * (20 / len(self.told)) ** 2 if self.told else 0)
        return max((days + months) ** 2 / squares, 1) if squares else 1


def least(mean, variance, risk):
    """The least count that is exceeded with no more than this chance: a sum of single chances."""
    if mean == 0:
        return 0
    count, at_most = 0, chance(mean, variance, 0)
    while at_most < 1 - risk:
        count += 1
        at_most += chance(mean, variance, count)
    return count


def chance(mean, variance, count):
    """Of exactly this count: negative binomial, Poisson where the variance is not above the mean."""
    if variance <= mean * (1 + 1e-6):
        return exp(count * log(mean) - mean - lgamma(count + 1))
    size = mean**2 / (variance - mean)
    ways = lgamma(count + size) - lgamma(size) - lgamma(count + 1)
    return exp(ways + size * log(mean / variance) + count * log(1 - mean / variance))
