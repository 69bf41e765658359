"""The canonical frames: their columns, types and rules.

Whatever the source, figures enter as these frames, checked once, on entry (`loaders.checked`). The columns
are those of `docs/architecture.md`.
"""

from collections.abc import Mapping
from functools import cache

import pandas as pd
import pyarrow as pa

from loaders.columns import (
    DAY,
    ID,
    LENGTH,
    MAYBE,
    MAYBE_ID,
    MONTH,
    NUMBER,
    POSITION,
    TEXT,
    UTC_TIME,
    Column,
    among,
)  # fmt: skip
from loaders.event_frames import EVENT_FIGURES, EVENT_KEYS

KINDS = ("service", "commodity", "service_report", "population")
MEASURES = (
    "opening", "received", "consumed", "adjusted", "lost", "closing", "stockout_days", "ordered",
    "amc_reported", "count",
)  # fmt: skip
STATES = ("reported", "zero", "missing", "not_applicable", "imputed")

FIGURES: Mapping[str, Mapping[str, Column]] = {
    "org_units": {
        "id": Column("str", rule=lambda v: ~v.duplicated(), says="names two units"),
        "code": MAYBE,
        "name": TEXT,
        "level": Column("int16", rule=lambda v: v >= 1, says="is no level"),
        "parent": MAYBE,
        "path": TEXT,
        "longitude": Column("float64", True, lambda v: v.between(-180, 180), "is no longitude"),
        "latitude": Column("float64", True, lambda v: v.between(-90, 90), "is no latitude"),
        "opened": Column(DAY, nullable=True),
        "closed": Column(DAY, nullable=True),
        "first": POSITION,
        "last": POSITION,
    },
    # Closed rings of [longitude, latitude] as JSON, holes among them; the units that have an outline.
    "outlines": {"org_unit": TEXT, "rings": TEXT},
    # Whom to call; the units of which DHIS2 keeps a telephone.
    "contacts": {"org_unit": TEXT, "telephone": TEXT, "contact": MAYBE},
    "groups": {"group": TEXT, "name": TEXT, "org_unit": TEXT},
    "items": {
        "id": Column("str", rule=lambda v: ~v.duplicated(), says="names two items"),
        "code": TEXT,
        "name": TEXT,
        "kind": Column("str", rule=among(*KINDS), says="is no kind of item"),
        "form": TEXT,
        "programme": MAYBE,
        "unit": MAYBE,
        "pack_size": Column("float64", rule=lambda v: v > 0, says="is no pack size"),
        "source": TEXT,
    },
    "values": {
        "org_unit": ID,
        "item": ID,
        "measure": Column("category", rule=among(*MEASURES), says="is no measure"),
        "month": MONTH,
        "months": LENGTH,
        "value": NUMBER,
        "state": Column("category", rule=among(*STATES), says="is no state"),
        "source": ID,
        "updated_at": Column(UTC_TIME),
        "stored_by": MAYBE_ID,
    },
    # What is summed to one value: options and attributes that a country does not tell apart.
    "parts": {
        "org_unit": ID,
        "item": ID,
        "measure": ID,
        "option": ID,
        "attribute": ID,
        "month": MONTH,
        "months": LENGTH,
        "value": NUMBER,
        "source": ID,
        "updated_at": Column(UTC_TIME),
        "stored_by": MAYBE_ID,
    },
    "forms": {
        "form": TEXT,
        "data_set": TEXT,
        "name": TEXT,
        "source": TEXT,
        "months": LENGTH,
        "timely_days": Column("float64", nullable=True),
    },
    # An item may stand in several forms, of which a unit is assigned one; `begins` is a month of the year.
    "form_items": {
        "form": TEXT,
        "item": TEXT,
        "months": LENGTH,
        "begins": Column("int16", rule=lambda v: v.between(1, 12), says="is no month of the year"),
    },
    "assignments": {"form": ID, "org_unit": ID},
    # Where in the source each figure stands, by its option combo: what the source's own expressions name.
    "cells": {
        "item": TEXT,
        "measure": Column("str", rule=among(*MEASURES), says="is no measure"),
        "option": TEXT,
        "form": TEXT,
    },
    "reports": {
        "org_unit": ID,
        "form": ID,
        "month": MONTH,
        "months": LENGTH,
        "received_at": Column(UTC_TIME, nullable=True),
        "registered": Column("bool"),
        "on_time": Column("boolean", nullable=True),
        "completed_by": MAYBE_ID,
    },
    # What the stores' form says of the last months, for stores that keep no book of movements.
    "store_values": {
        "org_unit": ID,
        "item": ID,
        "measure": Column("category", rule=among(*MEASURES), says="is no measure"),
        "month": MONTH,
        "value": NUMBER,
        "updated_at": Column(UTC_TIME),
    },
    "rejected": {
        "source": TEXT,
        "org_unit": MAYBE,
        "item": MAYBE,
        "month": Column("Int32", nullable=True),
        "value": MAYBE,
        "code": TEXT,
        "arguments": TEXT,
        "reason": TEXT,
        "remedy": TEXT,
        "seen_at": Column(UTC_TIME),
    },
}
STORE_TABLES = ("forms", "items", "assignments", "cells")
"""What is kept of the form that stores write to as well, under the same names behind `store_`."""

TABLES = {**FIGURES, **{f"store_{table}": FIGURES[table] for table in STORE_TABLES}, **EVENT_FIGURES}
KEYS: Mapping[str, tuple[str, ...]] = {
    "org_units": ("id",),
    "outlines": ("org_unit",),
    "contacts": ("org_unit",),
    "groups": ("group", "org_unit"),
    "items": ("id",),
    "values": ("org_unit", "item", "measure", "month", "months"),
    "parts": ("org_unit", "item", "measure", "option", "attribute", "month", "months"),
    "forms": ("form",),
    "form_items": ("form", "item"),
    "assignments": ("form", "org_unit"),
    "cells": ("item", "option"),
    "reports": ("org_unit", "form", "month"),
    "rejected": ("source", "org_unit", "item", "month"),
    **EVENT_KEYS,
    "store_forms": ("form",),
    "store_items": ("id",),
    "store_assignments": ("form", "org_unit"),
    "store_cells": ("item", "option"),
    "store_values": ("org_unit", "item", "measure", "month"),
}
CODED = pa.dictionary(pa.int32(), pa.string())
ARROW_TYPES: Mapping[str, pa.DataType] = {
    "str": pa.string(),
    "category": pa.string(),
    "int16": pa.int16(),
    "int32": pa.int32(),
    "Int32": pa.int32(),
    "float64": pa.float64(),
    "bool": pa.bool_(),
    "boolean": pa.bool_(),
    DAY: pa.date32(),
    UTC_TIME: pa.timestamp("us", "UTC"),
}


def empty(table: str) -> pd.DataFrame:
    """A frame of this table without rows, every column of its type."""
    return _empty(table).copy()


@cache
def _empty(table: str) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=column.dtype) for name, column in TABLES[table].items()})


def canonical(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with exactly the table's columns, in order and of their types.

    Raises:
        KeyError: a column is absent.
        ValueError, TypeError: a column cannot be read as its type.
    """
    columns = {name: _as(frame[name], column.dtype) for name, column in TABLES[table].items()}
    whole = pd.DataFrame(columns, index=frame.index, copy=False)
    return whole if isinstance(frame.index, pd.RangeIndex) else whole.reset_index(drop=True)


def _as(values: pd.Series, dtype: str) -> pd.Series:
    if dtype in (DAY, UTC_TIME) and not pd.api.types.is_datetime64_any_dtype(values.dtype):
        values = pd.to_datetime(values, utc=dtype == UTC_TIME, format="ISO8601")
    return values if str(values.dtype) == dtype else values.astype(pd.api.types.pandas_dtype(dtype))


def to_arrow(table: str, frame: pd.DataFrame) -> pa.Table:
    """The frame as an Arrow table of plain types, as the snapshot stores it."""
    fields = [pa.field(name, ARROW_TYPES[c.dtype], c.nullable) for name, c in TABLES[table].items()]
    arrays = [
        pa.chunked_array(_plain(pa.Array.from_pandas(frame[field.name]), field.type)) for field in fields
    ]
    return pa.table(arrays, schema=pa.schema(fields))


def to_stored(table: str, frame: pd.DataFrame) -> pa.Table:
    """As `to_arrow`, but repeated texts as dictionaries: half the time when a large table is written."""
    fields, arrays = [], []
    for name, column in TABLES[table].items():
        coded = column.dtype == "category"
        dtype = CODED if coded else ARROW_TYPES[column.dtype]
        array = pa.Array.from_pandas(frame[name])
        fields.append(pa.field(name, dtype, column.nullable))
        arrays.append(pa.chunked_array([_coded(array)] if coded else _plain(array, dtype)))
    return pa.table(arrays, schema=pa.schema(fields))


def _coded(array: pa.DictionaryArray) -> pa.DictionaryArray:
    codes, texts = array.indices.cast(pa.int32()), array.dictionary.cast(pa.string())
    return pa.DictionaryArray.from_arrays(codes, texts)


def _plain(array: pa.Array | pa.ChunkedArray, dtype: pa.DataType) -> list[pa.Array]:
    chunks = array.chunks if isinstance(array, pa.ChunkedArray) else [array]
    return [chunk.cast(dtype) for chunk in chunks]


def from_arrow(table: str, data: pa.Table) -> pd.DataFrame:
    """The stored Arrow table as a canonical frame; only the columns that it has."""
    columns = TABLES[table]
    return pd.DataFrame(
        {n: _as(_told(data.column(n), columns[n]), columns[n].dtype) for n in data.column_names}
    )


def _told(values: pa.ChunkedArray, column: Column) -> pd.Series:
    """A stored column in pandas; a text that may be empty loses its codes, among which null may be one."""
    coded = column.dtype == "category" and column.nullable
    told: pd.Series = (values.cast(pa.string()) if coded else values).to_pandas()
    return told
