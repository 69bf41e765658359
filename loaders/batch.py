"""Raw rows of data values as codes into their distinct texts: a few hundred ids instead of 300,000 rows."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from loaders.values import KEYS

Codes = npt.NDArray[np.int64]
COLUMNS = [*KEYS, "value", "storedby", "lastupdated", "deleted"]


@dataclass(frozen=True)
class Encoded:
    """A text column as codes into its distinct texts; -1 where it is null."""

    codes: Codes
    texts: list[str]

    @classmethod
    def of(cls, column: pd.Series) -> Self:
        """Encode a column, a category or plain text."""
        whole = column if isinstance(column.dtype, pd.CategoricalDtype) else column.astype("category")
        codes: Codes = whole.cat.codes.to_numpy().astype(np.int64)
        return cls(codes, whole.cat.categories.tolist())

    def look(self, table: dict[str, Any], default: Any) -> npt.NDArray[Any]:
        """For each row, what `table` says of its text."""
        found = np.array([*(table.get(text, default) for text in self.texts), default])
        return found[self.codes]

    def at(self, rows: Codes) -> list[str]:
        """The texts of these rows."""
        return [self.texts[code] if code >= 0 else "" for code in self.codes[rows]]

    def category(self, rows: Codes) -> pd.Categorical:
        """These rows as a pandas categorical."""
        return pd.Categorical.from_codes(self.codes[rows], pd.Index(self.texts, dtype="str"))


class Batch:
    """The columns of raw rows, encoded.

    Args:
        raw: data values as `loaders.values.to_frame` gives them.
    """

    def __init__(self, raw: pd.DataFrame) -> None:
        columns = (Encoded.of(raw[name]) for name in KEYS)
        self.element, self.period, self.unit, self.option, self.attribute = columns
        self.stored_by = Encoded.of(raw["storedby"])
        self.texts = raw["value"]
        # A row with a comment alone holds no value, as a deleted one.
        self.deleted = (raw["deleted"] | raw["value"].isna()).to_numpy(dtype=bool)
        self.updated = moments(raw["lastupdated"])
        self.number = _numbers(self.texts)
        self.is_number = np.isfinite(self.number)


def moments(column: pd.Series) -> pd.DatetimeIndex:
    """Times as DHIS2 writes them (`2024-01-05T10:20:30.000+0000`), in UTC; of each distinct text once."""
    texts = Encoded.of(column)
    known = pd.to_datetime(pd.Index([*texts.texts, None], dtype="str"), utc=True, format="ISO8601").as_unit(
        "us"
    )
    return known[texts.codes]


def _numbers(texts: pd.Series) -> npt.NDArray[np.float64]:
    """Texts as numbers, NaN where they are none."""
    try:
        return np.asarray(pa.array(texts, pa.string()).cast(pa.float64()).to_numpy(zero_copy_only=False))
    except pa.ArrowInvalid:  # one that is no number; the slow way finds out which
        return np.asarray(pd.to_numeric(texts, errors="coerce"), dtype=np.float64)


def newest_only(raw: pd.DataFrame) -> pd.DataFrame:
    """One row for each cell, the last updated: ranges that overlap may bring a cell twice."""
    key = np.zeros(len(raw), dtype=np.int64)
    for name in KEYS:
        column = Encoded.of(raw[name])
        key = key * (len(column.texts) + 1) + column.codes + 1
    if len(pd.unique(key)) == len(raw):
        return raw
    order = np.lexsort((moments(raw["lastupdated"]).asi8, key))
    last = np.append(key[order][1:] != key[order][:-1], True)
    return raw.iloc[np.sort(order[last])]
