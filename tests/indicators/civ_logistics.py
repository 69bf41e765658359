"""The shipped logistics figures of Côte d'Ivoire as grids, for tests of the indicators on real figures."""

import gzip
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from indicators.periods import month_number

VALUES = Path(__file__).parents[2] / "demo" / "countries" / "civ" / "values.csv.gz"


class Logistics:
    """One grid a measure, `[site and product, month]`, NaN where there is no row."""

    def __init__(self):
        with gzip.open(VALUES, "rt", encoding="utf-8") as lines:
            values = pd.read_csv(lines, usecols=range(5))
        values = values[values["categoryoptioncombo"] != "default"]
        column = values["period"].map(month_number)
        self._values = values.assign(column=column - column.min())
        self._row = self._values.groupby(["orgunit", "dataelement"]).ngroup()

    def grid(self, measure):
        chosen = self._values[self._values["categoryoptioncombo"] == measure]
        filled = np.full((self._row.max() + 1, self._values["column"].max() + 1), np.nan)
        filled[self._row[chosen.index], chosen["column"]] = chosen["value"]
        return filled

    @cached_property
    def consumed(self):
        return self.grid("Consumption")

    @cached_property
    def days_out(self):
        return self.grid("Stockout days")

    @cached_property
    def closing(self):
        return self.grid("End Balance")

    @cached_property
    def their_average(self):
        return self.grid("Average monthly consumption")

    def report(self):
        """Opening, received, adjusted, consumed and closing."""
        first = (self.grid(measure) for measure in ("Opening balance", "Received", "Adjustment"))
        return (*first, self.consumed, self.closing)


def earlier(grid, months):
    """A grid as it was some months before."""
    return np.pad(grid, ((0, 0), (months, 0)), constant_values=np.nan)[:, : grid.shape[1]]
