"""Aggregated figures from DHIS2's analytics, in requests that its limit allows."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from loaders.bodies import Answer, cut_off

# DHIS2 refuses more than 100,000 cells (keyAnalyticsMaxLimit); some instances lower it.
BUDGET = 40_000
FLOOR = 10_000
# Characters of one request's items; Tomcat takes 8 kB for the address and all headers.
LONGEST = 4_000
CELL = ("dx", "pe", "ou", "value")


@dataclass(frozen=True)
class Cells:
    """The cells of one request: all combinations of items, periods and units.

    Attributes:
        dx: Data elements, ``ELEMENT.COMBO`` operands, indicators, ``DATASET.REPORTING_RATE``, ...
        pe: ISO periods or relative ones.
        ou: Org unit ids, or ``LEVEL-3`` and groups beside the ids that bound them.
    """

    dx: tuple[str, ...]
    pe: tuple[str, ...]
    ou: tuple[str, ...]

    @property
    def size(self) -> int:
        """How many cells these are at most."""
        return len(self.dx) * len(self.pe) * len(self.ou)

    @property
    def about(self) -> str:
        """They in words."""
        return f"({len(self.dx)} items × {len(self.pe)} periods × {len(self.ou)} units, from {self.dx[0]})"

    @property
    def params(self) -> tuple[tuple[str, str], ...]:
        """Query parameters for ``/api/analytics``."""
        sides = (("dx", self.dx), ("pe", self.pe), ("ou", self.ou))
        return (*(("dimension", f"{name}:{';'.join(items)}") for name, items in sides), ("skipMeta", "true"))

    def parts(self) -> tuple[Cells, ...]:
        """Two halves of the longest divisible dimension; none when a single cell is left."""
        sides = {"dx": self.dx, "pe": self.pe} | ({"ou": self.ou} if self._units_only() else {})
        name = max(sides, key=lambda side: len(sides[side]))
        items = sides[name]
        if len(items) < 2:
            return ()
        middle = (len(items) + 1) // 2
        return tuple(replace(self, **{name: half}) for half in (items[:middle], items[middle:]))

    def _units_only(self) -> bool:
        """Whether each unit stands for itself; a level or group is bounded by the units beside it."""
        return not any(item.startswith(("LEVEL-", "OU_GROUP-")) for item in self.ou)


def plan_cells(dx: tuple[str, ...], pe: tuple[str, ...], ou: tuple[str, ...], parallel: int) -> list[Cells]:
    """Requests for all combinations, none above the budget, and about as many as can be under way at once."""
    whole = Cells(dx, pe, ou)
    budget = min(BUDGET, max(FLOOR, -(-whole.size // parallel)))
    waiting, ready = [whole], []
    while waiting:
        cells = waiting.pop(0)
        length = sum(len(item) + 1 for item in (*cells.dx, *cells.pe, *cells.ou))
        parts = cells.parts() if cells.size > budget or length > LONGEST else ()
        waiting += parts
        if not parts:
            ready.append(cells)
    return ready


def read_cells(answer: Answer) -> pd.DataFrame:
    """The cells of an analytics answer: ``dx, pe, ou`` (text), ``value`` (float64); what is absent is absent.

    Raises:
        BadAnswer: The answer has no such columns or is cut off.
    """
    body = answer.json()
    names = [header.get("name") for header in body.get("headers", [])] if isinstance(body, dict) else []
    if not set(CELL) <= set(names):
        raise cut_off(answer.asked, "it has no columns dx, pe, ou and value")
    # Column by column: a frame made of rows takes four times as long.
    columns = dict(zip(names, zip(*body.get("rows", []), strict=True), strict=False))
    texts = {name: pd.Series(list(columns.get(name, ())), dtype="str") for name in CELL}
    numbers = pd.to_numeric(texts["value"], errors="coerce").astype("float64")
    return pd.DataFrame(texts | {"value": numbers})
