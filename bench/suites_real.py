"""The Ivorian series of contraceptives (2016 to 2019) as a suite, right but for what nobody knows of."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from bench.suites import RIGHT, Suite

FOLDER = Path(__file__).resolve().parent.parent / "demo" / "countries" / "civ"
MEASURES = {"Consumption": "value", "End Balance": "closing", "Stockout days": "stockout_days"}
FEWEST, FEWEST_USED = 24, 6


@cache
def real() -> Suite:
    """Consumption of every product at every site with two years of reports, half a year of them above 0."""
    rows = pd.read_csv(FOLDER / "values.csv.gz", dtype=str)
    rows = rows[rows["categoryoptioncombo"].isin(MEASURES)]
    wide = rows.assign(value=rows["value"].astype(float)).pivot_table(
        index=["dataelement", "orgunit"], columns=["categoryoptioncombo", "period"], values="value"
    )
    used = wide["Consumption"]
    kept = (used.notna().sum(axis=1) >= FEWEST) & ((used > 0).sum(axis=1) >= FEWEST_USED)
    used, months = used[kept], tuple(int(month) for month in used.columns)
    item, facility = (used.index.get_level_values(level) for level in (0, 1))
    parents = _parents()
    district = pd.factorize(pd.Series(facility).map(parents))[0]
    sides = [wide[name].reindex(columns=used.columns)[kept].to_numpy() for name in MEASURES]
    shape = used.shape
    return Suite(
        "Ivorian contraceptives", sides[0], pd.factorize(item)[0], pd.factorize(facility)[0], district,
        months, np.full(shape, RIGHT, np.int8), np.zeros(shape, dtype=bool), None, sides[1], sides[2],
    )  # fmt: skip


def _parents() -> dict[str, str]:
    units = json.loads((FOLDER / "metadata.json").read_text(encoding="utf-8"))["organisationUnits"]
    return {unit["code"]: unit.get("parent", {}).get("id", "") for unit in units}
