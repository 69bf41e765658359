"""Reported values as tables: a row for each facility and period, as people lay them out in a workbook."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from demo.spreadsheet import Cell
from demo.whotopia.catalogue import Catalogue
from demo.whotopia.forms import MEASURES
from demo.whotopia.rows import Block
from demo.whotopia.seed import Simulated
from demo.whotopia.store_form import POPULATIONS
from demo.whotopia.timeline import yyyymm


@dataclass(frozen=True)
class Box:
    """A box of the services form: element and option, and what stands above its column."""

    element: str
    option: str
    name: str


@dataclass(frozen=True)
class Reported:
    """What the DHIS2 holds, by form.

    Attributes:
        boxes: the columns of `services`.
        services: by unit and period, a value a box.
        populations: by unit and year, a value an estimate.
        logistics: by unit, number of the product and period, a value a measure; the last months alone.
    """

    boxes: tuple[Box, ...]
    services: dict[tuple[str, str], list[Cell]]
    populations: dict[tuple[str, str], list[Cell]]
    logistics: dict[tuple[str, int, str], list[Cell]]

    @classmethod
    def of(cls, simulated: Simulated) -> Reported:
        """Reads all reports of a country once."""
        world = simulated.world
        boxes = _boxes(world.catalogue)
        reported = cls(
            boxes,
            defaultdict(lambda: [None] * len(boxes)),
            defaultdict(lambda: [None] * len(POPULATIONS)),
            defaultdict(lambda: [None] * len(MEASURES)),
        )
        columns = {(box.element, box.option): n for n, box in enumerate(boxes)}
        estimates = {code: n for n, code in enumerate(POPULATIONS)}
        products = {product.code: n for n, product in enumerate(world.catalogue.commodities)}
        measures = {option: n for n, option in enumerate(MEASURES.values())}
        since = str(yyyymm(world.timeline.first_stored))
        for block in simulated.reports.blocks():
            if block.element in products:
                reported._moved(block, products[block.element], measures[block.option], since)
            elif block.element in estimates:
                _fill(reported.populations, block, estimates[block.element])
            elif (block.element, block.option) in columns:
                _fill(reported.services, block, columns[block.element, block.option])
        return reported

    def _moved(self, block: Block, product: int, measure: int, since: str) -> None:
        for unit, period, value in zip(block.units, block.periods, block.values, strict=True):
            if period >= since:
                self.logistics[unit, product, period][measure] = int(value)


def _boxes(catalogue: Catalogue) -> tuple[Box, ...]:
    return tuple(
        Box(service.code, option, f"{service.name}, {option.lower()}" if option else service.name)
        for service in catalogue.services
        for option in (("Female", "Male") if service.by == "sex" else ("",))
    )


def _fill(table: dict[tuple[str, str], list[Cell]], block: Block, column: int) -> None:
    for unit, period, value in zip(block.units, block.periods, block.values, strict=True):
        table[unit, period][column] = int(value)
