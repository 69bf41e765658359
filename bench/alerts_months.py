"""Months of any frame, however they are written, as running numbers."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt
import pandas as pd

Numbers = npt.NDArray[np.int64]

# A plain count of months is shorter than this; what is longer names a year.
LONGEST = 1200
# From here on a number is no day written YYYYMMDD, but a moment since 1970, in seconds or parts of them.
_MOMENT = 1_000_000_000
_UNITS = ((10**17, "ns"), (10**14, "us"), (10**11, "ms"), (_MOMENT, "s"))
# A pattern, and the month that its part is: so many times it, and so many later.
_WRITTEN = (
    (r"^(?P<year>\d{4})\s*-?[Qq](?P<part>\d)$", 3, -2),
    (r"^(?P<year>\d{4})\D+(?P<part>\d{1,2})(?!\d)", 1, 0),
    (r"^(?P<part>\d{1,2})[^\d](?P<year>\d{4})$", 1, 0),
)
_NAME_AND_YEAR = re.compile(r"^(?P<month>[^\W\d]+)[\s.\-/']+(?P<year>\d{2})$")
_THREE = r"^(\d{1,2})[./-](\d{1,2})[./-]\d{4}"


def months_of(month: pd.Series) -> Numbers:
    """Months counted from the year 0, or from where a plain count begins; -1 where there is none.

    >>> months_of(pd.Series([202401, 202412])).tolist()
    [24288, 24299]
    >>> months_of(pd.Series(["2024-01-31", "202412", "2024-3", "04/2024", "May 2024", "2024Q3"])).tolist()
    [24288, 24299, 24290, 24291, 24292, 24294]
    >>> months_of(pd.Series(["Jan-24", "Dec 24", "2024M02"])).tolist()
    [24288, 24299, 24289]
    >>> months_of(pd.Series(["01/15/2024", "12/15/2024"])).tolist()
    [24288, 24299]
    >>> months_of(pd.Series(pd.to_datetime(["2024-01-31"]))).tolist()
    [24288]
    >>> months_of(pd.Series([1706659200, None])).tolist()
    [24288, -1]
    >>> months_of(pd.Series([0, 1, 47])).tolist()
    [0, 1, 47]
    """
    if pd.api.types.is_datetime64_any_dtype(month):
        month = _of_dates(month)
    elif not pd.api.types.is_numeric_dtype(month):
        month = _read(month.astype(str).str.strip())
    number = pd.to_numeric(month, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    number = np.where(np.isfinite(number), number, -1).astype(np.int64)
    if number.max(initial=-1) < LONGEST:
        return np.maximum(number, -1)
    number = _of_moments(number)
    number = np.where(number >= 10_000_000, number // 100, number)
    year, of_year = np.divmod(number, 100)
    sound = (of_year >= 1) & (of_year <= 12) & (year > 0)
    return np.where(sound, year * 12 + of_year - 1, -1)


def _of_dates(dates: pd.Series) -> pd.Series:
    """Dates as YYYYMM."""
    return dates.dt.year * 100 + dates.dt.month


def _of_moments(number: Numbers) -> Numbers:
    """Moments since 1970 as YYYYMM, by the unit that their size betrays; other numbers as they are."""
    largest = int(number.max())
    unit = next((unit for least, unit in _UNITS if largest >= least), None)
    if unit is None:
        return number
    dates = pd.Series(number.astype(f"datetime64[{unit}]"))
    return np.where(number >= 0, _of_dates(dates).to_numpy(), -1).astype(np.int64)


def _read(text: pd.Series) -> pd.Series:
    """Months as texts, as YYYYMM: year first, month and year, quarters, names; plain counts as they are."""
    found = pd.to_numeric(text.str.extract(r"^(\d{1,4}|\d{6}|\d{8})(?:\.0*)?$")[0], errors="coerce")
    for pattern, times, later in _WRITTEN:
        parts = text.str.extract(pattern)
        year, part = (pd.to_numeric(parts[name], errors="coerce") for name in ("year", "part"))
        found = found.fillna(year * 100 + part * times + later)
    left = found.isna()
    if left.any():
        written = text[left].str.replace(_NAME_AND_YEAR, r"\g<month> 20\g<year>", regex=True)
        dates = pd.to_datetime(written, errors="coerce", dayfirst=_day_first(written), format="mixed")
        found = found.astype(float)
        found[left] = _of_dates(dates).astype(float)
    return found


def _day_first(text: pd.Series) -> bool:
    """Whether of dates as 04/05/2024 the first number is the day: it changes less than the month does."""
    parts = text.str.extract(_THREE).dropna().astype(int)
    if parts.empty or (parts[0] > 12).any():
        return True
    return not (parts[1] > 12).any() and bool(parts[0].nunique() <= parts[1].nunique())
