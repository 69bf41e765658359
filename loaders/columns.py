"""What a column of a canonical frame is: its type, whether it may be empty, the rule that its values keep."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

WINDOWS = (1, 3, 6, 12)
UTC_TIME = "datetime64[us, UTC]"
DAY = "datetime64[s]"

Mask = Callable[[pd.Series], Any]


@dataclass(frozen=True)
class Column:
    """One column: its pandas type, whether it may be empty, and the rule that its values keep.

    `dtype` "category" is a text that repeats (ids, states): kept dictionary-encoded from the wire to the
    roll-up.
    """

    dtype: str
    nullable: bool = False
    rule: Mask | None = None
    says: str = ""
    remedy: str = "Correct the value in the source, then sync again."


def a_month(values: pd.Series) -> pd.Series:
    """Which values are months, `YYYYMM`."""
    return values.between(190001, 299912) & (values % 100).between(1, 12)


def among(*allowed: Any) -> Mask:
    """The rule that a value is one of those allowed."""
    return lambda values: values.isin(allowed)


ID = Column("category")
MAYBE_ID = Column("category", nullable=True)
TEXT = Column("str")
MAYBE = Column("str", nullable=True)
MONTH = Column("int32", rule=a_month, says="is no month (YYYYMM)", remedy="Correct the period in the source.")
LENGTH = Column("int16", rule=among(*WINDOWS), says="is no window of 1, 3, 6 or 12 months")
POSITION = Column("int32", rule=lambda v: v >= 0, says="is no position")
NUMBER = Column("float64", rule=np.isfinite, says="is not a number")
