"""The stock cards of all facilities, month after month: orders, deliveries, use and what is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from demo.whotopia.corrections import Corrections
from demo.whotopia.doses import Needs
from demo.whotopia.losses import Losses
from demo.whotopia.rounding import Rounding
from demo.whotopia.substitution import Families
from demo.whotopia.supply import Supply, pack_sizes, packs
from demo.whotopia.timeline import days
from demo.whotopia.world import World

if TYPE_CHECKING:
    from demo.whotopia.epidemiology import Demand

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

BEFORE_DELIVERY = 13
"""Days of a month before the 14th, when deliveries come."""
FIRST_STOCK = 1.8
"""Months of stock with which a commodity begins at a facility."""
AVERAGED = 3
"""Months that average monthly consumption is the mean of."""
COURSES = 3
"""What is for so many cases is kept ready even where there have been none."""
FEWEST_DAYS = 10
"""A month with stock on fewer days says nothing about consumption."""


@dataclass(frozen=True)
class Month:
    """One month of all cards, dispensing units, each `[commodity, facility]`.

    Attributes:
        asked: units that people would have been given.
        unmet: those for whom there was neither the commodity nor another of its family.
        expired: the part of `lost` that reached the end of its life.
        instead: the part of `consumed` given in place of another commodity.
    """

    opening: Ints
    received: Ints
    consumed: Ints
    adjusted: Ints
    lost: Ints
    closing: Ints
    stockout_days: Ints
    ordered: Ints
    asked: Ints
    unmet: Ints
    expired: Ints
    instead: Ints


@dataclass(frozen=True)
class Given:
    """What was given in a month and what was not there."""

    consumed: Ints
    missing: Ints
    stockout_days: Ints


@dataclass(frozen=True)
class Kept:
    """Cards that are kept elsewhere, by the hospitals' stores.

    Attributes:
        here: which ones, `[commodity, facility]`.
        measures: measure -> units, `[commodity, facility, month]`, meaningful where `here`.
    """

    here: Flags
    measures: dict[str, npt.NDArray[np.int32]]


def give(available: Ints, arriving: Ints, asked: Ints, length: int) -> Given:
    """Serves a month's need evenly over its days, from the 14th on with what the delivery brings.

    Args:
        available: units in stock on the first day.
        arriving: units delivered on the 14th.
        asked: units needed over the month.
        length: days of the month.
    """
    early = asked * BEFORE_DELIVERY // length
    first = np.minimum(available, early)
    out = BEFORE_DELIVERY - _lasts(available, asked, length, BEFORE_DELIVERY)
    stock = available - first + arriving
    second = np.minimum(stock, asked - early)
    out += (length - BEFORE_DELIVERY) - _lasts(stock, asked, length, length - BEFORE_DELIVERY)
    consumed = first + second
    return Given(consumed, asked - consumed, out)


def _lasts(stock: Ints, asked: Ints, length: int, most: int) -> Ints:
    """Whole days that a stock lasts, at most `most`; the day on which it runs out is a day without."""
    lasting: Ints = np.where(stock > 0, np.minimum(stock * length // np.maximum(asked, 1), most), 0)
    return lasting


class StockCards:
    """All cards of the country, to be asked month after month.

    Args:
        world: where and when.
        demand: who comes for what.
        stocked: whether a facility stocks a commodity, `[commodity, facility, month + 1]`.
        kept: the cards that the hospitals' stores keep.
    """

    def __init__(self, world: World, demand: Demand, stocked: Flags, kept: Kept) -> None:
        self._stocked = stocked
        self._kept = kept
        self._needs = Needs(world, demand, stocked)
        self.supply = Supply(world)
        self._families = Families(world.catalogue)
        self._rounding = Rounding(world)
        self._losses = Losses(world)
        self._corrections = Corrections(world)
        courses = [max(c.uses.values(), default=1.0) for c in world.catalogue.commodities]
        self._least = COURSES * np.array(courses)[:, None]
        self._sizes = np.array([c.pack for c in world.catalogue.commodities])
        shape = stocked.shape[:2]
        self._stock = np.zeros(shape, dtype=np.int64)
        self._late = np.zeros(shape, dtype=np.int64)
        self._ordered = np.zeros(shape, dtype=np.int64)
        self._history = np.zeros((AVERAGED, *shape))

    def month(self, month: int) -> Month:
        """The next month of all cards."""
        mean = self._needs.mean(month)
        opening, kit = self._begin(month, mean)
        asked = self._needs.draw(month, mean)
        arriving = self._deliver(month)
        length = days(month)
        given = self._as_kept(month, give(opening + kit, arriving, asked, length))
        asked = given.consumed + given.missing
        most = np.where(self._kept.here, given.consumed, opening + kit + arriving)
        cover = self._families.cover(given.missing, most - given.consumed)
        counted = given.consumed + cover.given
        known = (given.missing > 0) | self._kept.here
        consumed = self._rounding.written(month, counted, most, known)
        received = kit + arriving
        came = received + (opening if month == 0 else 0)
        expired = np.minimum(self._losses.expired(month, came, consumed), opening + received - consumed)
        left = opening + received - consumed - expired
        broken = self._losses.broken(month, left)
        adjusted = self._adjust(month, left - broken)
        self._losses.moved(month, adjusted - broken)
        done = {
            "opening": opening,
            "received": received,
            "consumed": consumed,
            "adjusted": adjusted,
            "lost": expired + broken,
            "closing": left - broken + adjusted,
            "stockout_days": given.stockout_days * self._stocked[:, :, month],
        }
        done = {name: self._instead(name, month, figures) for name, figures in done.items()}
        ordered = self._order(month, done, length)
        expired = np.where(self._kept.here, 0, expired)
        return Month(
            **done, ordered=ordered, asked=asked, unmet=cover.unmet, expired=expired, instead=cover.given
        )

    def _begin(self, month: int, mean: Floats) -> tuple[Ints, Ints]:
        """Stock on the first day, and what starts a commodity off where it is new."""
        here = self._stocked[:, :, month]
        new = here if month == 0 else here & ~self._stocked[:, :, month - 1]
        self._history = np.where(new, mean, self._history)
        kit = np.where(new, packs(FIRST_STOCK * mean, pack_sizes(self._sizes, mean)), 0)
        if month == 0:
            self._stock, kit = kit, np.zeros_like(kit)
        return self._stock, kit

    def _deliver(self, month: int) -> Ints:
        """What comes on the 14th."""
        luck = self.supply.luck(month)
        pack = pack_sizes(self._sizes, self._history.mean(axis=0))
        sent = (np.floor(self._ordered * luck.filled / pack) * pack).astype(np.int64)
        arriving = (np.where(luck.late | luck.never, 0, sent) + self._late) * self._stocked[:, :, month]
        self._late = np.where(luck.late, sent, 0)
        return arriving

    def _as_kept(self, month: int, given: Given) -> Given:
        """The same with the stores' own cards where they keep them."""
        here, measures = self._kept.here, self._kept.measures
        length = days(month)
        consumed = np.where(here, measures["consumed"][:, :, month], given.consumed)
        out = np.where(here, measures["stockout_days"][:, :, month], given.stockout_days)
        missing = np.where(here, consumed * out // np.maximum(length - out, 1), given.missing)
        return Given(consumed, missing, out)

    def _instead(self, name: str, month: int, figures: Ints) -> Ints:
        return np.where(self._kept.here, self._kept.measures[name][:, :, month], figures)

    def _adjust(self, month: int, stock: Ints) -> Ints:
        """Counts, transfers, and the return of what a facility gives up after this month."""
        ours = self._stocked[:, :, month] & ~self._kept.here
        counted = self._corrections.counted(month, stock)
        monthly = np.where(ours, self._history.mean(axis=0), np.nan)
        moved = self._corrections.transferred(month, stock + counted, monthly)
        returned = ours & ~self._stocked[:, :, month + 1]
        return np.where(returned, -stock, counted + moved)

    def _order(self, month: int, done: dict[str, Ints], length: int) -> Ints:
        """Remembers the month and orders what the next needs; nothing is asked for twice."""
        self._stock = done["closing"]
        present = length - done["stockout_days"]
        average = self._history.mean(axis=0)
        use = np.where(present >= FEWEST_DAYS, done["consumed"] * length / np.maximum(present, 1), average)
        self._history = np.concatenate([self._history[1:], use[None]])
        average = self._history.mean(axis=0)
        level = np.maximum(self.supply.maximum * average, self._least)
        lacking = np.maximum(level - self._stock - self._late, 0)
        lacking *= self._stocked[:, :, month] & self._stocked[:, :, month + 1]
        self._ordered = packs(lacking, pack_sizes(self._sizes, average))
        return np.where(self._kept.here, self._kept.measures["ordered"][:, :, month], self._ordered)
