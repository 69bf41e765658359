"""Any frame of reported figures, laid out for the scores: gaps, duplicates and missing columns included."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from indicators.aberration import Reported, Sight, score
from indicators.discordant import either

SIDES = ("value", "partner", "closing", "stockout_days")
# Below everything that is scored: nothing can be said of these rows.
UNSAID = -20.0
LONGEST = 1200
# How months are written: a pattern, and the month that its part is: so many times it, and so many later.
_WRITTEN = (
    (r"^(?P<year>\d{4})\s*-?[Qq](?P<part>\d)$", 3, -2),
    (r"^(?P<year>\d{4})\D+(?P<part>\d{1,2})(?!\d)", 1, 0),
    (r"^(?P<part>\d{1,2})[^\d](?P<year>\d{4})$", 1, 0),
)


@dataclass(frozen=True)
class Laid:
    """A frame as matrices.

    Attributes:
        reported: the figures; of rows that say the same place, item and month, the last.
        row, column: where each row of the frame stands; -1 where it has no place, item or month.
    """

    reported: Reported
    row: npt.NDArray[np.intp]
    column: npt.NDArray[np.intp]


def scored(frame: pd.DataFrame, sight: str = "retrospective", of_pairs: bool = False) -> pd.Series:
    """One score a row, in the frame's order: the higher, the likelier a mistake.

    Args:
        frame: facility, month (YYYYMM, a date or a text of either), value and, where there, district, item,
            partner, closing, stockout_days.
        sight: see `indicators.aberration.score`.
        of_pairs: whether a mistake in the partner counts as well.

    Raises:
        KeyError: facility, month or value is missing.
    """
    index, frame = frame.index, _named(frame)
    missing = [name for name in ("facility", "month", "value") if name not in frame]
    if missing:
        raise KeyError(f"The frame has no column {', '.join(missing)}; it has {', '.join(map(str, frame))}.")
    laid = lay(frame)
    way: Sight = "prospective" if sight == "prospective" else "retrospective"
    found = score(laid.reported, way, 2).score
    if of_pairs and laid.reported.partner is not None:
        turned = Reported(
            laid.reported.partner, laid.reported.item, laid.reported.area, laid.reported.values,
            first=laid.reported.first,
        )  # fmt: skip
        found = either(found, score(turned, way, 2).score)
    there = laid.row >= 0
    answer = np.full(len(frame), UNSAID)
    answer[there] = np.nan_to_num(found[laid.row[there], laid.column[there]], nan=UNSAID)
    return pd.Series(answer, index=index, name="score")


def _named(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with its columns in small letters, those of its index among them."""
    of_index = [name for name in frame.index.names if name is not None and name not in frame]
    whole = frame.reset_index(level=of_index) if of_index else frame
    if "facility" in whole and "month" in whole and "value" in whole:
        return whole
    return whole.rename(columns=lambda name: str(name).strip().lower())


def lay(frame: pd.DataFrame) -> Laid:
    """The frame as matrices `[facility and item, month]`."""
    month = months_of(frame["month"])
    item, district = (_codes(frame, name) for name in ("item", "district"))
    facility = _codes(frame, "facility")
    there = (month >= 0) & (facility >= 0)
    middle = np.median(month[there]) if there.any() else 0
    there &= np.abs(month - middle) < LONGEST / 2
    first = int(month[there].min()) if there.any() else 0
    series, row = np.unique(
        item.astype(np.int64) * (facility.max(initial=0) + 2) + facility, return_inverse=True
    )
    width = int(month[there].max()) - first + 1 if there.any() else 1
    column = np.where(there, month - first, -1)
    at = row[there], column[there]
    sides = {name: _matrix(frame, name, there, at, (len(series), width)) for name in SIDES if name in frame}
    of_series = np.zeros(len(series), dtype=np.intp)
    of_series[row] = np.arange(len(row))
    reported = Reported(
        sides["value"], item[of_series], district[of_series] if "district" in frame else None,
        sides.get("partner"), sides.get("closing"), sides.get("stockout_days"), facility[of_series],
        first % 12,
    )  # fmt: skip
    return Laid(reported, np.where(there, row, -1), np.where(there, column, -1))


def months_of(month: pd.Series) -> npt.NDArray[np.int64]:
    """Months counted from the year 0, or from where a plain count begins; -1 where there is none.

    >>> months_of(pd.Series([202401, 202412])).tolist()
    [24288, 24299]
    >>> months_of(pd.Series(["2024-01-31", "202412", "2024-3", "04/2024", "May 2024", "2024Q3"])).tolist()
    [24288, 24299, 24290, 24291, 24292, 24294]
    >>> months_of(pd.Series(pd.to_datetime(["2024-01-31"]))).tolist()
    [24288]
    >>> months_of(pd.Series([0, 1, 47])).tolist()
    [0, 1, 47]
    """
    if pd.api.types.is_datetime64_any_dtype(month):
        month = month.dt.year * 100 + month.dt.month
    elif not pd.api.types.is_numeric_dtype(month):
        month = _read(month.astype(str).str.strip())
    number = pd.to_numeric(month, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    number = np.where(np.isfinite(number), number, -1).astype(np.int64)
    if number.max(initial=-1) < LONGEST:
        return np.maximum(number, -1)
    number = np.where(number >= 10_000_000, number // 100, number)
    year, of_year = np.divmod(number, 100)
    sound = (of_year >= 1) & (of_year <= 12) & (year > 0)
    return np.where(sound, year * 12 + of_year - 1, -1)


def _read(text: pd.Series) -> pd.Series:
    """Months as texts, as YYYYMM: year first, month and year, quarters, names; plain counts as they are."""
    found = pd.to_numeric(text.str.extract(r"^(\d{1,4}|\d{6}|\d{8})(?:\.0*)?$")[0], errors="coerce")
    for pattern, times, later in _WRITTEN:
        parts = text.str.extract(pattern)
        number = (pd.to_numeric(parts[name], errors="coerce") for name in ("year", "part"))
        year, part = number
        found = found.fillna(year * 100 + part * times + later)
    left = found.isna()
    if left.any():
        dates = pd.to_datetime(text[left], errors="coerce", dayfirst=True, format="mixed")
        found = found.astype(float)
        found[left] = (dates.dt.year * 100 + dates.dt.month).astype(float)
    return found


def _codes(frame: pd.DataFrame, name: str) -> npt.NDArray[np.intp]:
    if name not in frame:
        return np.zeros(len(frame), dtype=np.intp)
    return np.asarray(pd.factorize(frame[name], use_na_sentinel=name == "facility")[0], dtype=np.intp)


def _matrix(
    frame: pd.DataFrame,
    name: str,
    there: npt.NDArray[np.bool_],
    at: tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]],
    shape: tuple[int, int],
) -> npt.NDArray[np.float32]:
    matrix = np.full(shape, np.nan, dtype=np.float32)
    figures = pd.to_numeric(frame[name], errors="coerce").to_numpy(dtype=float, na_value=np.nan)[there]
    matrix[at] = np.where(np.isfinite(figures), figures, np.nan)
    return matrix
