"""Any frame of reported figures, laid out for the scores: gaps, duplicates and missing columns included."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from bench.alerts_months import LONGEST, months_of
from indicators.aberration import Reported, Sight, score
from indicators.discordant import either

NEEDED = ("facility", "month", "value")
SIDES = ("value", "partner", "closing", "stockout_days")
# Below everything that is scored: nothing can be said of these rows.
UNSAID = -20.0
# Nobody can be served or given less than nothing: certainly a mistake.
IMPOSSIBLE = 100.0
# What a figure can be at most, so that products of it are numbers still.
MOST = 1e12
# Of rows that tell different figures of one place, item and month, so many are scored as what they say.
VERSIONS = 4


@dataclass(frozen=True)
class Laid:
    """A frame as matrices.

    Attributes:
        reported: the figures; of rows that say the same place, item and month, the last.
        row, column: where each row of the frame stands; -1 where it has no place or month.
        figure: what each row says; NaN where that is no number.
    """

    reported: Reported
    row: npt.NDArray[np.intp]
    column: npt.NDArray[np.intp]
    figure: npt.NDArray[np.float64]

    def versions(self) -> Iterator[tuple[Reported, npt.NDArray[np.intp]]]:
        """The figures, and the rows of the frame that say them: the last of each cell, then those before."""
        there = np.flatnonzero((self.row >= 0) & ~np.isnan(self.figure))
        cell = self.row[there] * self.reported.values.shape[1] + self.column[there]
        earlier = pd.Series(cell[::-1]).groupby(cell[::-1]).cumcount().to_numpy()[::-1]
        values = np.asarray(self.reported.values)
        same = self.figure[there].astype(np.float32) == values[self.row[there], self.column[there]]
        yield self.reported, there[(earlier == 0) | same | (earlier >= VERSIONS)]
        for version in range(1, min(VERSIONS, int(earlier.max(initial=0)) + 1)):
            rows = there[(earlier == version) & ~same]
            if len(rows):
                told = values.copy()
                told[self.row[rows], self.column[rows]] = self.figure[rows]
                yield replace(self.reported, values=told), rows


def scored(frame: pd.DataFrame, sight: str = "retrospective", of_pairs: bool = False) -> pd.Series:
    """One score a row, in the frame's order: the higher, the likelier a mistake.

    A row of which nothing can be said (no place, month or number, or too short a history) gets `UNSAID`, a
    figure below nothing `IMPOSSIBLE`. Of rows that tell different figures of one place, item and month each
    is scored as what it says, beside the others of its series.

    Args:
        frame: facility, month (YYYYMM, a date or a text of either), value and, where there, district, item,
            partner, closing, stockout_days.
        sight: see `indicators.aberration.score`.
        of_pairs: whether a mistake in the partner counts as well.

    Raises:
        KeyError: facility, month or value is missing.
    """
    index, frame = frame.index, named(frame)
    laid = lay(frame)
    way: Sight = "prospective" if sight == "prospective" else "retrospective"
    answer = np.full(len(frame), UNSAID)
    for reported, rows in laid.versions():
        found = _scores(reported, way, of_pairs)[laid.row[rows], laid.column[rows]]
        answer[rows] = np.nan_to_num(found, nan=UNSAID, posinf=IMPOSSIBLE, neginf=UNSAID)
    answer[(laid.row >= 0) & (laid.figure < 0)] = IMPOSSIBLE
    return pd.Series(answer, index=index, name="score")


def _scores(reported: Reported, way: Sight, of_pairs: bool) -> npt.NDArray[np.floating]:
    found = score(reported, way, 2).score
    if of_pairs and reported.partner is not None:
        turned = Reported(
            reported.partner, reported.item, reported.area, reported.values, first=reported.first
        )
        found = either(found, score(turned, way, 2).score)
    return np.asarray(found)


def summary(frame: pd.DataFrame, scores: pd.Series) -> str:
    """How many rows were scored, and what the others lack."""
    frame = named(frame)
    month, value = months_of(frame["month"]), _figures(frame, "value")
    unsaid = scores.to_numpy() == UNSAID
    lacking = {
        "without a facility": frame["facility"].isna().to_numpy(),
        "whose month cannot be read": month < 0,
        "whose value is no number": np.isnan(value),
    }
    told = [f"{len(frame):,} rows, {int((~unsaid).sum()):,} scored"]
    left = unsaid.copy()
    for why, rows in lacking.items():
        if (left & rows).any():
            told.append(f"{int((left & rows).sum()):,} {why}")
        left &= ~rows
    if left.any():
        told.append(f"{int(left.sum()):,} with too short a history")
    if (value < 0).any():
        told.append(f"{int((value < 0).sum()):,} below nothing, which score {IMPOSSIBLE:.0f}")
    return ", ".join(told) + f"; rows that are not scored have {UNSAID:.0f}."


def named(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with its columns in small letters, those of its index among them.

    Raises:
        KeyError: facility, month or value is missing.
    """
    of_index = [name for name in frame.index.names if name is not None and name not in frame]
    whole = frame.reset_index(level=of_index) if of_index else frame
    if not {*NEEDED}.issubset(whole.columns):
        whole = whole.rename(columns=lambda name: str(name).strip().lower())
    missing = [name for name in NEEDED if name not in whole]
    if missing:
        raise KeyError(f"The frame has no column {', '.join(missing)}; it has {', '.join(map(str, whole))}.")
    return whole


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
    figure = _figures(frame, "value")
    return Laid(reported, np.where(there, row, -1), np.where(there, column, -1), figure)


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
    matrix[at] = _figures(frame, name)[there]
    return matrix


def _figures(frame: pd.DataFrame, name: str) -> npt.NDArray[np.float64]:
    """The figures of a column; NaN for what is no number."""
    figures = pd.to_numeric(frame[name], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    return np.where(np.isfinite(figures), np.clip(figures, -MOST, MOST), np.nan)
