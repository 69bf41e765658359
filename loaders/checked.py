"""Frames checked on entry: rows that break a rule are kept aside with reason and remedy, the others go on.

The rules are the columns' own (`loaders.frames.TABLES`). A frame is first looked at column by column; one
that is not sound goes to its pandera schema, which tells the rows and the rules that they break.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pandera

from loaders.columns import Column
from loaders.frames import TABLES, canonical, empty

import_module("pandera.backends.pandas.builtin_checks")  # a second's work, else done in the middle of a sync


@dataclass(frozen=True)
class Checked:
    """A checked frame and, as rows of the `rejected` frame, what was kept aside."""

    frame: pd.DataFrame
    rejected: pd.DataFrame


@cache
def schema(table: str) -> pandera.DataFrameSchema:
    """The pandera schema of a table: column types, emptiness and rules, checked on whole columns."""
    columns = {
        name: pandera.Column(
            column.dtype,
            checks=[pandera.Check(column.rule, error=column.says, ignore_na=True)] if column.rule else None,
            nullable=column.nullable,
        )
        for name, column in TABLES[table].items()
    }
    return pandera.DataFrameSchema(columns, strict=True, ordered=True, name=table)


def check(table: str, frame: pd.DataFrame, source: str) -> Checked:
    """Check a frame on entry.

    Args:
        table: the table that the rows are for.
        frame: its columns; types are coerced, extra columns dropped.
        source: where the rows come from; it is named beside each rejected row.

    Returns:
        The rows that keep every rule, and the others as rows of `rejected`.
    """
    typed = canonical(table, frame)
    if all(is_sound(typed[name], column) for name, column in TABLES[table].items()):
        return Checked(typed, empty("rejected"))
    try:
        return Checked(schema(table).validate(typed, lazy=True), empty("rejected"))
    except pandera.errors.SchemaErrors as problem:
        failures = problem.failure_cases.dropna(subset=["index"])
        if failures.empty:
            raise
    rejected = _reject(table, typed, failures.drop_duplicates("index"), source)
    kept = typed.drop(index=failures["index"].astype(int).unique()).reset_index(drop=True)
    return Checked(kept, rejected)


def is_sound(values: pd.Series, column: Column) -> bool:
    """Whether a column of the right type breaks no rule; of texts that repeat each is looked at once.

    A tenth of the time that the schema takes for a large table; the schema finds out which rows are amiss.
    """
    if not column.nullable and bool(values.isna().any()):
        return False
    if column.rule is None:
        return True
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = pd.Series(values.cat.categories[np.unique(values.cat.codes[values.notna()])])
    return bool(np.all(column.rule(values.dropna())))


def _reject(table: str, frame: pd.DataFrame, failures: pd.DataFrame, source: str) -> pd.DataFrame:
    columns = TABLES[table]
    rows = frame.loc[failures["index"].astype(int)].reset_index(drop=True)
    names, shown = failures["column"].tolist(), failures["failure_case"].tolist()
    reasons = [
        f"{name} is empty" if pd.isna(value) else f"{name} {value} {columns[name].says}"
        for name, value in zip(names, shown, strict=True)
    ]
    return rejected_rows(
        source=source,
        org_unit=rows.get("org_unit", rows.get("id")),
        item=rows.get("item", pd.Series(table, index=rows.index)),
        month=rows.get("month"),
        value=rows.get("value", rows.get("name")),
        reason=reasons,
        remedy=[columns[name].remedy for name in names],
        code="rule_broken",
        arguments=[json.dumps({"column": n, "value": str(v)}) for n, v in zip(names, shown, strict=True)],
    )


def rejected_rows(source: str, reason: Any, remedy: Any, **named: Any) -> pd.DataFrame:
    """Rows of the `rejected` frame, seen now.

    Args:
        source: where they came from.
        reason: what is wrong, for all or one by one.
        remedy: who should do what, for all or one by one.
        **named: `org_unit`, `item`, `month` and `value` where the row has them; `code` and `arguments`
        (JSON), by
            which a page says the reason in the reader's language.
    """
    columns = {"source": source, "reason": reason, "remedy": remedy, "seen_at": datetime.now(UTC)}
    columns |= {name: named.get(name) for name in ("org_unit", "item", "month", "value")}
    columns |= {name: named.get(name, "") for name in ("code", "arguments")}
    length = max((len(v) for v in columns.values() if isinstance(v, (list, pd.Series))), default=1)
    frame = pd.DataFrame(
        {k: v.to_numpy() if isinstance(v, pd.Series) else v for k, v in columns.items()}, index=range(length)
    )
    return canonical("rejected", frame)
