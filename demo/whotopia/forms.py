"""The two forms that every facility owes: what stands on them before anybody has written anything wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import numpy.typing as npt

from demo.whotopia.timeline import EPOCH
from demo.whotopia.world import World

if TYPE_CHECKING:
    from demo.whotopia.epidemiology import Demand
    from demo.whotopia.logistics import Logistics

Whole = npt.NDArray[np.int64]
Counts = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]
Series = TypeVar("Series", Counts, Flags)

SERVICES, LOGISTICS = "services", "logistics"
LEAD = 18
"""So many months before the first shown are written as well: an error may reach three quarters on, and keep
another one that would do so from being made."""
MEASURES = {
    "opening": "Opening balance",
    "received": "Received",
    "consumed": "Consumption",
    "adjusted": "Adjustment",
    "lost": "Losses",
    "closing": "End Balance",
    "stockout_days": "Stockout days",
    "ordered": "Quantity to be ordered",
}
"""Measure of the simulation -> option of the "Logistics" category."""
FLOWS = ("received", "consumed", "adjusted", "lost", "stockout_days", "ordered")
WINDOW = 3
ENDS = {"A": 2, "B": 0, "C": 1}
"""The calendar month (January is 0), modulo three, in which the quarters of each group end."""
WOMEN_TESTED, WOMEN_POSITIVE = 0.63, 0.60
"""Women's shares: testing in antenatal care makes them most of those tested."""


@dataclass(frozen=True)
class Cell:
    """One box of a form: `measure` and `pack` are those of the logistics form, else "" and 1."""

    element: str
    option: str
    measure: str = ""
    pack: int = 1


@dataclass(frozen=True)
class Form:
    """What would be reported if nobody erred, `K` cells of `F` facilities in `N` months.

    Attributes:
        name: SERVICES or LOGISTICS.
        cells: what each of the K is.
        data_sets: of each facility, the code of the data set that it reports in.
        start: number (`timeline`) of the first of the N months.
        step: months between two reports of each facility, `[F]`: 1, or 3 where reports are quarterly.
        due: whether a report is owed, `[F, N]`; for a quarter, in its last month.
        true: `[K, F, N]`.
        kept: whether the facility has the service or carries the product, `[K, F, N]`.
    """

    name: str
    cells: tuple[Cell, ...]
    data_sets: tuple[str, ...]
    start: int
    step: Whole
    due: Flags
    true: Counts
    kept: Flags

    @property
    def months(self) -> range:
        """Numbers of the months."""
        return range(self.start, self.start + self.due.shape[1])


def services(world: World, demand: Demand, logistics: Logistics) -> Form:
    """The services form: what each facility did, by sex where it is asked."""
    start, opens = _span(world)
    cells, counts, kept = [], [], []
    by_sex = women(world, logistics.served)
    for number, service in enumerate(world.catalogue.services):
        whole = logistics.served[number, :, start:]
        offered = np.broadcast_to(demand.offered[number][:, None], whole.shape)
        parts: dict[str, npt.NDArray[np.signedinteger[Any]]] = {"": whole}
        if service.by == "sex":
            of_women = by_sex[service.code][:, start:]
            parts = {"Female": of_women, "Male": whole - of_women}
        for option, part in parts.items():
            cells.append(Cell(service.code, option))
            counts.append(part)
            kept.append(offered)
    size = world.places.size
    return Form(
        name=SERVICES,
        cells=tuple(cells),
        data_sets=("HMIS_MONTHLY",) * size,
        start=start,
        step=np.ones(size, dtype=np.int64),
        due=opens,
        true=np.array(counts, dtype=np.int32),
        kept=np.array(kept),
    )


def women(world: World, served: Counts) -> dict[str, Whole]:
    """Of those tested and of those found positive, the women, `[facility, month]`; positives were tested."""
    catalogue, months = world.catalogue, range(served.shape[2])
    tested, positive = served[catalogue.service("HIV_TESTED")], served[catalogue.service("HIV_POSITIVE")]
    tested_women = np.stack([_women(world, "HIV_TESTED", m, tested[:, m], WOMEN_TESTED) for m in months], 1)
    found = np.stack([_women(world, "HIV_POSITIVE", m, positive[:, m], WOMEN_POSITIVE) for m in months], 1)
    least = np.maximum(0, positive - (tested - tested_women))
    found = np.clip(found, least, np.maximum(least, np.minimum(positive, tested_women)))
    return {"HIV_TESTED": tested_women, "HIV_POSITIVE": found}


def logistics_form(world: World, logistics: Logistics) -> Form:
    """The logistics form: eight measures a product; a quarter's, in its last month, sum up its months."""
    start, opens = _span(world)
    groups = [f.group for f in world.places.facilities]
    ends = np.array(
        [[_ends(group, m) for m in range(world.timeline.size)] for group in groups], dtype=np.bool_
    )
    cells = tuple(
        Cell(product.code, option, measure, product.pack)
        for product in world.catalogue.commodities
        for measure, option in MEASURES.items()
    )
    quarterly = np.array([bool(group) for group in groups])
    whole = world.places.open(world.timeline.size)
    counts = [_reported(logistics, m, quarterly, whole)[:, :, start:] for m in MEASURES]
    true = np.stack(counts, axis=1).reshape(len(cells), world.places.size, -1)
    carried = logistics.carried & whole
    carried = np.where(quarterly[None, :, None], _window(carried), carried)[:, :, start:]
    return Form(
        name=LOGISTICS,
        cells=cells,
        data_sets=tuple(f"LMIS_QUARTERLY_{g}" if g else "LMIS_MONTHLY" for g in groups),
        start=start,
        step=np.where(quarterly, WINDOW, 1),
        due=opens & ends[:, start:],
        true=true.astype(np.int32),
        kept=np.repeat(carried, len(MEASURES), axis=0),
    )


def _span(world: World) -> tuple[int, Flags]:
    start = max(0, world.timeline.first_shown - LEAD)
    return start, world.places.open(world.timeline.size)[:, start:]


def _women(world: World, code: str, month: int, people: Counts, share: float) -> Whole:
    return world.chance.at("sex", code, month).binomial(people, share)


def _ends(group: str, month: int) -> bool:
    """Whether a report is due for a month of this number: always, or where its quarter ends."""
    return not group or (EPOCH + month) % WINDOW == ENDS[group]


def _reported(logistics: Logistics, measure: str, quarterly: Flags, opens: Flags) -> Counts:
    """A measure as the form has it: of the month, or of the quarter that ends with the month."""
    monthly = np.where(opens, logistics.measures[measure], 0)
    if measure == "closing":
        return monthly
    if measure in FLOWS:
        together = sum(_back(monthly, months) for months in range(WINDOW))
    else:
        together = _first(monthly, opens)
    return np.where(quarterly[None, :, None], together, monthly)


def _first(monthly: Counts, opens: Flags) -> Counts:
    """The figure of the first month of the quarter in which the facility was open."""
    found = monthly
    for months in range(1, WINDOW):
        found = np.where(_back(opens, months), _back(monthly, months), found)
    return found


def _window(carried: Flags) -> Flags:
    """Whether a product was carried in any month of the quarter that ends with the month."""
    return np.asarray(np.logical_or.reduce([_back(carried, months) for months in range(WINDOW)]))


def _back(series: Series, months: int) -> Series:
    """The series as it was so many months before, nothing before the first month."""
    if not months:
        return series
    moved = np.zeros_like(series)
    moved[..., months:] = series[..., :-months]
    return moved
