"""What changes in the held values when new ones come in: rows by key, and sums of parts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import pandas as pd
import pyarrow.dataset as ds
from pandas.api.types import union_categoricals

from loaders.frames import KEYS, canonical, empty
from loaders.intake import Intake
from loaders.snapshot import PARTITIONED, Snapshot

CELL = list(KEYS["values"])
NOT_ADDED = ("stockout_days",)


@dataclass(frozen=True)
class Changes:
    """Rows of a table to write and keys of rows to take away."""

    changed: pd.DataFrame
    gone: pd.DataFrame

    def __bool__(self) -> bool:
        return bool(len(self.changed) or len(self.gone))


def summed(parts: pd.DataFrame) -> pd.DataFrame:
    """Canonical `values` from `parts`: added up over options and attributes; of stock-out days the most."""
    if parts.empty:
        return empty("values")
    of_cell = parts.groupby(CELL, observed=True, sort=False)
    both = of_cell.agg(
        total=("value", "sum"),
        most=("value", "max"),
        updated_at=("updated_at", "max"),
        source=("source", "first"),
        stored_by=("stored_by", "last"),
    ).reset_index()
    both["value"] = both["total"].where(~both["measure"].isin(NOT_ADDED), both["most"])
    both["state"] = both["value"].eq(0).map({True: "zero", False: "reported"})
    return canonical("values", both)


def upsert(table: str, held: pd.DataFrame, changed: pd.DataFrame, gone: pd.DataFrame) -> pd.DataFrame:
    """The held rows with `changed` in place of those of the same key, without the keys in `gone`."""
    keys = list(KEYS[table])
    touched = pd.concat([changed[keys].astype(object), gone[keys].astype(object)])
    return together(table, [held.loc[~_among(held, touched, keys)], changed])


def _among(frame: pd.DataFrame, touched: pd.DataFrame, keys: list[str]) -> pd.Series:
    """Which rows of a frame have a key among those touched; few are, so the units and months sift first."""
    near = frame["org_unit"].isin(touched["org_unit"].unique()) & frame["month"].isin(
        touched["month"].unique()
    )
    index = pd.MultiIndex.from_frame(frame.loc[near, keys].astype(object))
    found = index.isin(pd.MultiIndex.from_frame(touched[keys].astype(object)))
    near.loc[near] = found
    return near


class Held(Protocol):
    """Where the values are that new ones are compared with."""

    def near(self, table: str, months: list[int], units: list[str]) -> pd.DataFrame:
        """The rows of `values` or `parts` of these months and units."""


@dataclass(frozen=True)
class HeldSnapshot:
    """Values held in a snapshot; only the files and row groups that matter are read."""

    snapshot: Snapshot

    def near(self, table: str, months: list[int], units: list[str]) -> pd.DataFrame:
        """As `Held.near`."""
        where = ds.field("month").isin(months) & ds.field("org_unit").isin(units)
        if table in PARTITIONED:
            where &= ds.field("year").isin(sorted({month // 100 for month in months}))
        return self.snapshot.read(table, where=where)


def changes_to(held: Held, intake: Intake) -> tuple[Changes, Changes]:
    """What an intake changes in what is held: in `values` and in `parts`."""
    parts = _against(held, "parts", intake.parts, intake.gone_parts)
    values, gone = intake.values, intake.gone
    if parts:
        touched = pd.concat(
            [parts.changed[CELL].astype(object), parts.gone[CELL].astype(object)]
        ).drop_duplicates()
        near = _near(held, "parts", touched)
        sums = summed(upsert("parts", near.loc[_among(near, touched, CELL)], parts.changed, parts.gone))
        values = together("values", [values, sums])
        gone = pd.concat([gone.astype(object), touched.loc[~_among(touched, sums, CELL)]])
    return _against(held, "values", values, gone), parts


def _near(held: Held, table: str, rows: pd.DataFrame) -> pd.DataFrame:
    months = [int(month) for month in rows["month"].unique()]
    return held.near(table, months, rows["org_unit"].astype("str").unique().tolist())


def _against(held: Held, table: str, rows: pd.DataFrame, gone: pd.DataFrame) -> Changes:
    """Only what differs from what is held: an overlap brings much again that is known."""
    keys = list(KEYS[table])
    touched = pd.concat([rows[keys].astype(object), gone[keys].astype(object)])
    if touched.empty:
        return Changes(rows, gone)
    near = _near(held, table, touched)
    known = near[[*keys, "value", "updated_at"]].astype(dict.fromkeys(keys, object))
    both = rows.astype(dict.fromkeys(keys, object)).merge(known, on=keys, how="left", suffixes=("", "_held"))
    same = (both["value"] == both["value_held"]) & (both["updated_at"] == both["updated_at_held"])
    there = gone.loc[_among(gone, near, keys)].drop_duplicates()
    return Changes(canonical(table, rows.loc[~same.to_numpy()]), there)


def still_rejected(before: pd.DataFrame, intake: Intake) -> pd.DataFrame:
    """The rows kept aside after an intake: those it judged anew are replaced."""
    keys = list(KEYS["rejected"])
    judged = pd.MultiIndex.from_frame(intake.settled[keys].astype(object))
    stands = ~pd.MultiIndex.from_frame(before[keys].astype(object)).isin(judged)
    return together("rejected", [before.loc[stands], intake.rejected])


def together(table: str, pieces: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Canonical frames one after the other."""
    full = [piece for piece in pieces if len(piece)]
    if not full:
        return empty(table)
    if len(full) == 1:
        return full[0].reset_index(drop=True)
    named = _named(full[0])
    joined = pd.concat([piece.drop(columns=named) for piece in full], ignore_index=True)
    for name in named:
        joined[name] = union_categoricals([_of_texts(piece[name]) for piece in full])
    return joined[list(full[0].columns)]


def _of_texts(column: pd.Series) -> pd.Series:
    """A column of categories that are texts, also where there is none."""
    return column.cat.rename_categories(column.cat.categories.astype("str").tolist())


def _named(frame: pd.DataFrame) -> list[str]:
    """The columns of categories: those of several frames are joined by codes, no text is spelled out."""
    return [name for name, dtype in frame.dtypes.items() if isinstance(dtype, pd.CategoricalDtype)]  # type: ignore[misc]
