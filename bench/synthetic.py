"""A made-up country of any size for the benches: nation, ten regions, districts of fifty facilities.

Twenty services and ten products with four measures each are sixty series; each is reported monthly for five
years by every facility, one value in ten missing. The same seed gives the same figures, block by block.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

REGIONS, PER_DISTRICT, MONTHS, MISSING = 10, 50, 60, 0.1
SERVICES, PRODUCTS = 20, 10
MEASURES = ("consumed", "received", "opening", "closing")


@dataclass(frozen=True)
class Country:
    """Frames of a synthetic country with so many facilities."""

    facilities: int

    @cached_property
    def org_units(self) -> pd.DataFrame:
        """The units depth first."""
        districts = self.facilities // PER_DISTRICT // REGIONS
        rows: list[dict[str, object]] = [{"name": "nation", "level": 1, "parent": None}]
        for region in range(REGIONS):
            rows.append({"name": f"region {region}", "level": 2, "parent": 0})
            above = len(rows) - 1
            for district in range(districts):
                rows.append({"name": f"district {region}-{district}", "level": 3, "parent": above})
                here = len(rows) - 1
                rows.extend(
                    {"name": f"facility {here}-{i}", "level": 4, "parent": here} for i in range(PER_DISTRICT)
                )
        units = pd.DataFrame(rows)
        units["first"] = np.arange(len(units), dtype=np.int32)
        size = {1: len(units), 2: 1 + districts * (PER_DISTRICT + 1), 3: PER_DISTRICT + 1, 4: 1}
        units["last"] = (units["first"] + units["level"].map(size)).astype(np.int32)
        units["id"] = units["code"] = [f"u{i:010d}" for i in range(len(units))]
        units["parent"] = [None if pd.isna(p) else f"u{int(p):010d}" for p in units["parent"]]
        return units

    @cached_property
    def items(self) -> pd.DataFrame:
        """Services and products, each kind on a form of its own."""
        rows = [(f"S{i}", "service", "hmis") for i in range(SERVICES)]
        rows += [(f"P{i}", "commodity", "lmis") for i in range(PRODUCTS)]
        items = pd.DataFrame(rows, columns=["id", "kind", "form"])
        return items.assign(code=items["id"], name=items["id"], source=items["form"].str.upper())

    @cached_property
    def assignments(self) -> pd.DataFrame:
        """Both forms are assigned to every facility."""
        facilities = self.org_units.loc[self.org_units["level"] == 4, "id"]
        return pd.concat([pd.DataFrame({"form": form, "org_unit": facilities}) for form in ("hmis", "lmis")])

    @cached_property
    def series(self) -> list[tuple[str, str]]:
        """Every (item, measure)."""
        services = [(f"S{i}", "count") for i in range(SERVICES)]
        return services + [(f"P{i}", measure) for i in range(PRODUCTS) for measure in MEASURES]

    @cached_property
    def months(self) -> np.ndarray:
        """Five years of months, `YYYYMM`."""
        number = np.arange(2015 * 12, 2015 * 12 + MONTHS)
        return (number // 12 * 100 + number % 12 + 1).astype(np.int32)

    def blocks(self, at_a_time: int) -> Iterator[pd.DataFrame]:
        """The canonical values of some series at a time, with categorical ids."""
        for start in range(0, len(self.series), at_a_time):
            chosen = range(start, min(start + at_a_time, len(self.series)))
            yield self._values([self._one(i) for i in chosen], list(chosen))

    def _one(self, series: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        random = np.random.default_rng([series, self.facilities])
        positions = np.flatnonzero(self.org_units["level"].to_numpy() == 4).astype(np.int32)
        kept = random.random((len(positions), MONTHS), dtype=np.float32) >= MISSING
        unit, month = np.nonzero(kept)
        amounts = random.integers(0, 200, len(unit)).astype(np.float64)
        return positions[unit], self.months[month], amounts

    def _values(
        self, parts: list[tuple[np.ndarray, np.ndarray, np.ndarray]], chosen: list[int]
    ) -> pd.DataFrame:
        lengths = [len(part[0]) for part in parts]
        items, measures = list(self.items["id"]), ["count", *MEASURES]
        item = np.array([items.index(self.series[i][0]) for i in chosen], dtype=np.int8)
        measure = np.array([measures.index(self.series[i][1]) for i in chosen], dtype=np.int8)
        unit, month, value = (np.concatenate(column) for column in zip(*parts, strict=True))
        reported = np.ones(len(value), dtype=np.int8)
        columns = {
            "org_unit": pd.Categorical.from_codes(unit, categories=self.org_units["id"]),
            "item": pd.Categorical.from_codes(np.repeat(item, lengths), categories=items),
            "measure": pd.Categorical.from_codes(np.repeat(measure, lengths), categories=measures),
            "month": month,
            "months": reported,
            "value": value,
            "state": pd.Categorical.from_codes(
                np.where(value == 0, 1, 0).astype(np.int8), ["reported", "zero"]
            ),
        }
        return pd.DataFrame(columns, copy=False)
