"""Whether a store that gives as much as it is advised still lasts until its delivery.

    python -m bench.safe_issue [--stores N] [--seed N] [--demonstration]

Two experiments, each with stores of five kinds (packs asked for one by one, by visits, seldom, hardly at
weekends, with months that differ), books of two weeks to half a year, half of them with a year of monthly
reports; or with what the generator of Whotopia draws with ten seeds (`--demonstration`):

- *one day*: on a random day somebody takes all that can go out today, and whatever is asked for from
  tomorrow is given. In how many stores does that end in a stock-out before the delivery? The goal is 5 in
  100, give or take 2. Beside it the rule "balance - average x days", as it stands and with the factor at
  which it ends in as many stock-outs: it should refuse more. Stores where even 0 is too much are counted
  apart.
- *half a year*: every day every store gives what is asked for up to the advice, and the fair share where
  there is not enough; deliveries come every thirty days and sometimes bring less than was ordered. Shelves
  that are empty before the delivery, packs asked for, given and refused; beside it a store that gives all it
  has and one that gives nothing.

The seeds on which the constants of `indicators.demand` were chosen are 1 to 3; others are fresh.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

from bench.stores_asked import MONTH, YEAR, Asked, Floats, demonstration, simulated
from indicators.demand import DailyUse, Demand, learn
from indicators.safe_issue import advise, fair_part, outlook

BOOK, COMING = 180, 180
SEEDS = 10
BOOKS = (14, 30, 90, BOOK)
LONGEST = 30
FACTORS = np.arange(1, 5, 0.05)
RELEARN = 7
SAFETY = 3.0
"""Packs more than a month or two are ordered, over the root of them: small numbers scatter more."""


@dataclass(frozen=True)
class Stores:
    """What is known of each store on its day, and what will be asked for.

    Attributes:
        book: packs asked for before the day, `[store, day]`, NaN before its book began.
        monthly: reports of the year before the book, `[store, month]`.
        coming: packs asked for from the day on.
        weekday: of the first day of the book.
        asked: where all of this is from.
    """

    book: Floats
    monthly: Floats
    coming: Floats
    weekday: int
    asked: Asked

    @property
    def today(self) -> int:
        """The weekday of the day."""
        return (self.weekday + self.book.shape[1]) % 7

    def learnt(self) -> Demand:
        """What their past says."""
        return learn(DailyUse(self.book, self.weekday, self.monthly))


def main() -> int:
    """Runs both experiments and prints them."""
    parser = argparse.ArgumentParser(description="Whether stores that follow the advice last.")
    parser.add_argument("--stores", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--today", default="2026-11-22")
    parser.add_argument("--demonstration", action="store_true")
    options = parser.parse_args()
    luck = np.random.default_rng(options.seed)
    asked = (
        demonstration(range(options.seed, options.seed + SEEDS), options.today)
        if options.demonstration
        else simulated(options.stores, YEAR + BOOK + COMING, luck)
    )
    stores = put_on(asked, luck)
    one_day(stores, luck)
    half_a_year(stores, luck)
    return 0


def put_on(asked: Asked, luck: np.random.Generator) -> Stores:
    """Hides what a store would not know: the book's beginning, and half of the monthly reports."""
    begin = asked.packs.shape[1] - COMING - BOOK
    count = len(asked.packs)
    monthly = asked.packs[:, begin - YEAR : begin].reshape(count, YEAR // MONTH, MONTH).sum(axis=2)
    monthly[luck.random(count) < 0.5] = np.nan
    book = asked.packs[:, begin : begin + BOOK].copy()
    kept = luck.choice(BOOKS, count)
    book[np.arange(BOOK)[None] < BOOK - kept[:, None]] = np.nan
    return Stores(book, monthly, asked.packs[:, begin + BOOK :], (asked.weekday + begin) % 7, asked)


def one_day(stores: Stores, luck: np.random.Generator) -> None:
    """Somebody takes all that can go out today."""
    demand, count = stores.learnt(), len(stores.book)
    days = luck.integers(2, LONGEST + 1, count)
    balance = np.round(luck.uniform(0.2, 1, count) * _ordered_up_to(stores, luck))
    reserve = np.empty(count)
    for each in np.unique(days):
        here = days == each
        reserve[here] = outlook(_some(demand, here), stores.today, int(each)).reserve[:, 0]
    asked = np.array([row[1:left].sum() for row, left in zip(stores.coming, days, strict=True)])
    can = (balance >= reserve) & (balance > 0)
    day = Day(balance, asked, can)
    write(f"One day, {count} stores with an item each; {can.sum()} have more than their reserve\n")
    advised = day.ends(balance - reserve)
    _say("the advice", advised)
    for kind, name in enumerate(stores.asked.kinds):
        _say(f"  {name}", replace(day, can=can & (stores.asked.kind == kind)).ends(balance - reserve))
    rules = {f: day.ends(np.maximum(0, np.floor(balance - f * demand.mean * (days - 1)))) for f in FACTORS}
    for factor in (FACTORS[0], next(f for f in FACTORS if rules[f][0] <= advised[0])):
        _say(f"balance - {factor:.2f} x average x days", rules[factor])
    _say("nothing to anybody", day.ends(np.zeros(count)))
    empty = (asked > balance)[~can].mean()
    write(f"where even 0 is too much: {(~can).sum()}, of which {empty:.0%} would run out anyway\n\n")


@dataclass(frozen=True)
class Day:
    """Each store's balance, what is asked for after the day, and whether it has more than its reserve."""

    balance: Floats
    asked: Floats
    can: npt.NDArray[np.bool_]

    def ends(self, given: Floats) -> tuple[float, float]:
        """The share of stores that run out, and the share of what is there that was refused."""
        out = (self.asked > self.balance - given)[self.can].mean()
        return float(out), float(1 - given[self.can].sum() / self.balance[self.can].sum())


def _say(what: str, ends: tuple[float, float]) -> None:
    write(f"{what:34} stock-outs {ends[0]:6.1%}   refused {ends[1]:6.1%} of what is there\n")


def half_a_year(stores: Stores, luck: np.random.Generator) -> None:
    """Every day up to the advice, deliveries every thirty days."""
    count, cycles = len(stores.book), COMING // MONTH
    level = _ordered_up_to(stores, luck)
    brings = luck.choice([1, 1, 1, 0.7, 0.5], (count, cycles))
    write(f"Half a year, {count} stores, {cycles} deliveries\n")
    for policy in ("advice", "all there is", "nothing"):
        out, asked, given = _kept(stores, policy, np.round(level), brings)
        write(
            f"{policy:14} empty before the delivery {out:6.1%}   asked {asked:,.0f}, given {given:,.0f}, "
            f"refused {1 - given / asked:6.1%}\n"
        )


def _ordered_up_to(stores: Stores, luck: np.random.Generator) -> Floats:
    months = luck.uniform(1.2, 2.5, len(stores.book)) * stores.asked.packs.mean(axis=1) * MONTH
    return np.asarray(months + SAFETY * np.sqrt(months))


def _kept(stores: Stores, policy: str, level: Floats, brings: Floats) -> tuple[float, float, float]:
    balance, asked, given = level.copy(), 0.0, 0.0
    empty = np.zeros(brings.shape, dtype=bool)
    for day in range(COMING):
        cycle, left = day // MONTH, MONTH - day % MONTH
        if left == MONTH and day:
            balance += np.round(np.maximum(0, level - balance) * brings[:, cycle])
        if day % RELEARN == 0:
            past = np.concatenate([stores.book, stores.coming[:, :day]], axis=1)
            demand = replace(stores, book=past).learnt()
        wanted = stores.coming[:, day]
        limit = balance * (policy != "nothing")
        if policy == "advice":
            found = advise(balance, outlook(demand, (stores.today + day) % 7, left))
            limit = np.where(found.safe >= 1, found.safe, fair_part(wanted, balance, found.share))
        gives = np.minimum(np.minimum(wanted, balance), limit)
        balance = balance - gives
        empty[:, cycle] |= (balance <= 0) & (left > 1)
        asked, given = asked + wanted.sum(), given + gives.sum()
    return float(empty.mean()), asked, given


def _some(demand: Demand, here: npt.NDArray[np.bool_]) -> Demand:
    return Demand(**{each.name: getattr(demand, each.name)[here] for each in fields(Demand)})


def write(text: str) -> None:
    """Says it now."""
    sys.stdout.write(text)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
