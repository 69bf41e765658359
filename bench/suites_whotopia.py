"""Whotopia's reports as a suite: its planted mistakes are on record in the seed folder's `truth.json`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bench.suites import RIGHT, Cells, Flags, Suite

WRITE = """
import sys
from datetime import date
from pathlib import Path
from demo.whotopia.seed import write_seed
write_seed(Path(sys.argv[1]), date(2026, 11, 22), int(sys.argv[2]), int(sys.argv[3]))
"""
USED, END, DAYS = "Consumption", "End Balance", "Stockout days"
NOT_SERVICES = ("Received", "Opening balance", "Quantity to be ordered", "Adjustment", "Losses", END, DAYS)
FEWEST_MONTHS, FEWEST_USED = 18, 6


def written(folder: Path, seed: int, districts: int) -> Path:
    """Has a Whotopia of some districts written to a folder, by a process of its own."""
    subprocess.run([sys.executable, "-c", WRITE, str(folder), str(seed), str(districts)], check=True)
    return folder


def whotopia(folder: Path) -> list[Suite]:
    """Services, and consumption with its stock, of every facility that reports by the month."""
    rows = pd.read_csv(folder / "values.csv.gz", dtype=str, keep_default_na=False)
    rows = rows[rows["period"].str.len() == 6]
    rows = rows.assign(month=rows["period"].astype(int), value=pd.to_numeric(rows["value"], errors="coerce"))
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    parents = _districts(folder)
    option = rows["categoryoptioncombo"]
    services = rows[~option.isin((USED, *NOT_SERVICES))]
    monthly = rows[option == USED].groupby("orgunit")["month"].nunique() > FEWEST_MONTHS
    stock = rows[option.isin((USED, END, DAYS)) & rows["orgunit"].isin(monthly.index[monthly])]
    return [
        _suite("Whotopia, services", services, None, (truth, parents)),
        _suite("Whotopia, consumption", stock[stock["categoryoptioncombo"] == USED], stock, (truth, parents)),
    ]


def _suite(
    name: str, rows: pd.DataFrame, stock: pd.DataFrame | None, known: tuple[dict[str, Any], dict[str, str]]
) -> Suite:
    keys = ["dataelement", "categoryoptioncombo", "orgunit"]
    wide = rows.pivot_table(index=keys, columns="month", values="value")
    wide = wide[(wide.notna().sum(axis=1) >= FEWEST_MONTHS) & ((wide > 0).sum(axis=1) >= FEWEST_USED)]
    months = tuple(int(month) for month in wide.columns)
    truth, parents = known
    unit = wide.index.get_level_values("orgunit")
    item = [f"{element}/{option}" for element, option, _ in wide.index]
    sides = [None, None] if stock is None else [_beside(stock, wide, side) for side in (END, DAYS)]
    meant, event = _meant(truth, wide), _events(truth, wide, parents)
    values = wide.to_numpy()
    wrong = (meant != values) & ~np.isnan(values)
    return Suite(
        name, values, pd.factorize(pd.Index(item))[0], pd.factorize(unit)[0],
        pd.factorize(unit.map(parents))[0], months, np.where(wrong, 1, RIGHT).astype(np.int8),
        event & ~np.isnan(values), None, sides[0], sides[1], meant,
    )  # fmt: skip


def _beside(stock: pd.DataFrame, wide: pd.DataFrame, side: str) -> Cells:
    of = stock[stock["categoryoptioncombo"] == side]
    other = of.pivot_table(index=["dataelement", "orgunit"], columns="month", values="value")
    index = pd.MultiIndex.from_arrays(
        [wide.index.get_level_values(name) for name in ("dataelement", "orgunit")]
    )
    return np.asarray(other.reindex(index=index, columns=wide.columns).to_numpy())


def _meant(truth: dict[str, Any], wide: pd.DataFrame) -> Cells:
    """What the boxes that were reported should have said; nothing where there should have been nothing."""
    rows = {key: number for number, key in enumerate(wide.index)}
    columns = {month: number for number, month in enumerate(wide.columns)}
    meant = wide.to_numpy().astype(float).copy()
    for error in truth["errors"]:
        row = rows.get((error["element"], error["option"], error["unit"]))
        column = columns.get(error["period"])
        if row is not None and column is not None and error["reported"] is not None:
            meant[row, column] = np.nan if error["true"] is None else error["true"]
    return meant


def _events(truth: dict[str, Any], wide: pd.DataFrame, parents: dict[str, str]) -> Flags:
    """Months of epidemics, campaigns, strikes and stock-outs, where and for what they happened."""
    units = wide.index.get_level_values("orgunit").to_numpy(dtype=str)
    elements = wide.index.get_level_values("dataelement").to_numpy(dtype=str)
    above = np.array([f"{parents.get(unit, '')}/{unit}/" for unit in units])
    months, event = np.array(wide.columns), np.zeros(wide.shape, dtype=bool)
    here = {where: np.flatnonzero(np.char.find(above, f"{where}/") >= 0) for where in _places(truth)}
    for happening in truth["happenings"]:
        what = str(happening.get("service") or happening.get("commodity") or "*")
        rows = here[happening["where"]]
        rows = rows if what == "*" else rows[elements[rows] == what]
        last = happening["last"] or months[-1]
        event[np.ix_(rows, (months >= happening["first"]) & (months <= last))] = True
    return event


def _places(truth: dict[str, Any]) -> set[str]:
    return {happening["where"] for happening in truth["happenings"]}


def _districts(folder: Path) -> dict[str, str]:
    """The code of the district (or of the unit above) of every unit."""
    units = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))["organisationUnits"]
    codes = {unit["id"]: unit["code"] for unit in units}
    return {unit["code"]: codes.get(unit.get("parent", {}).get("id", ""), "") for unit in units}
