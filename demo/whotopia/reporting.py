"""What reaches the DHIS2 of what happened: forms filled in by habit, with errors, late, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from demo.whotopia import (
    copied_forms,
    forms,
    habits,
    lateness,
    provisional,
    recounts,
    registrations,
    rows,
    store_form,
    truth,
    typing_errors,
)
from demo.whotopia.habits import Filled
from demo.whotopia.registrations import Registration
from demo.whotopia.rows import Block
from demo.whotopia.world import World

if TYPE_CHECKING:
    from demo.whotopia.epidemiology import Demand
    from demo.whotopia.logistics import Logistics
    from demo.whotopia.stores import Stores

Row = tuple[str, str, str, str, str, str]


@dataclass(frozen=True)
class Reports:
    """All that the DHIS2 of a country holds on a day.

    Attributes:
        world: the country and the day.
        services, logistics: the two forms as the facilities filled them in.
        stores: whose balances are the stores' form.
    """

    world: World
    services: Filled
    logistics: Filled
    stores: Stores

    @property
    def forms(self) -> tuple[Filled, Filled]:
        """The forms that every facility owes."""
        return self.services, self.logistics

    def blocks(self) -> Iterator[Block]:
        """All values, one block an element and option of a form."""
        for filled in self.forms:
            yield from rows.blocks(self.world, filled)
        yield from store_form.blocks(self.world, self.stores)
        yield from store_form.populations(self.world)

    def values(self) -> Iterator[Row]:
        """All values as in values.csv: element, period, unit, option ("" the default), value, day stored."""
        for block in self.blocks():
            for unit, period, value, stored in zip(
                block.units, block.periods, block.values, block.stored, strict=True
            ):
                yield block.element, period, unit, block.option, value, stored

    def registrations(self) -> Iterator[Registration]:
        """All declarations that a report is complete: data set, period, unit, day, by whom."""
        for filled in self.forms:
            yield from registrations.of_form(self.world, filled)
        yield from store_form.registrations(self.world)

    @cached_property
    def truth(self) -> list[truth.Record]:
        """Every error planted that shows today; see `truth.errors`."""
        return [record for filled in self.forms for record in truth.errors(self.world, filled)]


def report(world: World, logistics: Logistics, stores: Stores, demand: Demand) -> Reports:
    """What is reported of a country up to its day.

    Args:
        world: the country and the day.
        logistics: what the facilities did and what became of their stocks.
        stores: the balances of the hospital stores.
        demand: which services there are, and the strikes.
    """
    services = _filled(world, demand, forms.services(world, demand, logistics))
    return Reports(world, services, _filled(world, demand, forms.logistics_form(world, logistics)), stores)


def _filled(world: World, demand: Demand, form: forms.Form) -> Filled:
    filled = habits.filled(world, form, lateness.arrivals(world, demand, form))
    copied_forms.plant(world, filled)
    if form.name == forms.LOGISTICS:
        recounts.plant(world, filled)
    typing_errors.plant(world, filled)
    provisional.apply(world, filled, world.timeline.today)
    return filled
