"""The logistics form of every facility: what was used, what came and was left, and what services lacked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from demo.whotopia import serving
from demo.whotopia.assortment import assortment
from demo.whotopia.stockcards import Kept, Month, StockCards
from demo.whotopia.supply import spells
from demo.whotopia.timeline import yyyymm
from demo.whotopia.world import World

if TYPE_CHECKING:
    from demo.whotopia.epidemiology import Demand
    from demo.whotopia.stores import Stores

Counts = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

MEASURES = ("opening", "received", "consumed", "adjusted", "lost", "closing", "stockout_days", "ordered")


@dataclass(frozen=True)
class Logistics:
    """What really happened to the stocks, before anybody reports it.

    Attributes:
        measures: measure -> dispensing units (days for "stockout_days"), `[commodity, facility, month]`.
            "adjusted" is signed; opening + received - consumed + adjusted - lost = closing.
        served: what the services could then do, `[service, facility, month]`.
        carried: whether a commodity stands on a facility's form, `[commodity, facility, month]`.
        stocked: whether the facility keeps it; a carried line that is not stocked has nothing but zeros.
        asked: units that people would have been given, `[commodity, facility, month]`.
        unmet: those of them for whom neither the commodity nor another of its family was there.
        happenings: shortages at depots, stock-outs, substitutions and expiries, as they are written down.
    """

    measures: dict[str, Counts]
    served: Counts
    carried: Flags
    stocked: Flags
    asked: Counts
    unmet: Counts
    happenings: list[dict[str, Any]]


def simulate(world: World, demand: Demand, stores: Stores) -> Logistics:
    """The stocks of all facilities from the epoch to the present month.

    Args:
        world: where and when.
        demand: who comes for what.
        stores: the cards of the hospitals that keep daily slips; theirs are taken as they are.
    """
    lines = assortment(world, demand)
    cards = StockCards(world, demand, lines.stocked, _kept(world, stores))
    months = [cards.month(month) for month in range(world.timeline.size)]
    measures = {name: _over(months, name) for name in MEASURES}
    asked, unmet = _over(months, "asked"), _over(months, "unmet")
    missed = unmet / np.maximum(asked, 1)
    found = [
        *cards.supply.happenings(),
        *_stockouts(world, measures["stockout_days"]),
        *_units(world, "substitution", _over(months, "instead")),
        *_units(world, "expiry", _over(months, "expired")),
    ]
    stocked = lines.stocked[:, :, :-1]
    served = serving.served(world.catalogue, demand.wanted, missed, stocked)
    return Logistics(measures, served, lines.listed[:, :, :-1], stocked, asked, unmet, found)


def _over(months: list[Month], name: str) -> Counts:
    return np.stack([getattr(month, name) for month in months], axis=-1).astype(np.int32)


def _kept(world: World, stores: Stores) -> Kept:
    """The stores' cards in the units and the order of the logistics form."""
    items = [(n, item) for n, item in enumerate(world.catalogue.life_saving) if item.like]
    rows = np.array([world.catalogue.commodity(str(item.like)) for _, item in items])
    units = np.array([item.units for _, item in items])[:, None, None]
    shape = (len(world.catalogue.commodities), world.places.size, world.timeline.size)
    at = np.ix_(rows, world.places.stores())
    here = np.zeros(shape[:2], dtype=bool)
    here[at] = True
    measures = {}
    for name in MEASURES:
        packs = stores.measures[name][[n for n, _ in items]]
        measures[name] = np.zeros(shape, dtype=np.int32)
        measures[name][at] = packs if name == "stockout_days" else packs * units
    return Kept(here, measures)


def _stockouts(world: World, out: Counts) -> list[dict[str, Any]]:
    """Stock-outs of at least a day that reach into the months shown; a spell ends with a month without."""
    first_shown = world.timeline.first_shown
    return [
        {
            **_where(world, row, column),
            "kind": "stock-out",
            "first": yyyymm(first),
            "last": yyyymm(last),
            "days": int(out[row, column, first : last + 1].sum()),
        }
        for row, column in np.argwhere((out[:, :, first_shown:] > 0).any(axis=2)).tolist()
        for first, last in spells(out[row, column] > 0)
        if last >= first_shown
    ]


def _units(world: World, kind: str, units: Counts) -> list[dict[str, Any]]:
    """What happened to some units in a month that is shown."""
    first_shown = world.timeline.first_shown
    return [
        {
            **_where(world, row, column),
            "kind": kind,
            "first": yyyymm(first_shown + month),
            "last": yyyymm(first_shown + month),
            "units": int(units[row, column, first_shown + month]),
        }
        for row, column, month in np.argwhere(units[:, :, first_shown:] > 0).tolist()
    ]


def _where(world: World, row: int, column: int) -> dict[str, str]:
    return {
        "where": world.places.facilities[column].code,
        "commodity": world.catalogue.commodities[row].code,
    }
