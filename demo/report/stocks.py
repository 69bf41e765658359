"""What the stocks of logistics reports look like: zeros, stock-outs, adjustments, and whether they add up."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from demo.report.panel import Panel

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

ALWAYS_OUT = 28
"""Days from which a month is taken as one without stock."""
IDLE = 6
"""Months after which an empty line is taken as one that the site does not keep."""


def zero_share(figures: Numbers) -> float:
    """Share of the reported figures that are 0."""
    return float((figures[np.isfinite(figures)] == 0).mean())


def without_consumption(logistics: Panel) -> float:
    """Share of the products of a site that reports in which nothing was consumed or nothing stands."""
    reports = np.isfinite(logistics["closing"]).any(axis=0)
    return float(1 - (logistics["consumed"] > 0)[:, reports].mean())


def completeness(reported: Panel) -> float:
    """Share of the place-months with any figure among those from a place's first to its last one."""
    known = np.any([np.isfinite(figures).any(axis=0) for figures in reported.measures.values()], axis=0)
    first = np.maximum.accumulate(known, axis=1)
    last = np.maximum.accumulate(known[:, ::-1], axis=1)[:, ::-1]
    return float(known[first & last].mean())


def silent(logistics: Panel) -> float:
    """Share of the month-ends without stock for which no day without stock was reported."""
    empty = logistics["closing"] == 0
    days = logistics["stockout_days"]
    return float((~(days[empty] > 0)).mean())


def adjusted(logistics: Panel) -> tuple[float, float]:
    """Shares of the rows with an adjustment, and with one not less than what was consumed."""
    change, used = logistics["adjusted"], logistics["consumed"]
    known = np.isfinite(logistics["closing"])
    return float((np.abs(change[known]) > 0).mean()), float(_dominates(change[known], used[known]).mean())


def breaks(logistics: Panel) -> float:
    """Share of the openings that differ from the end of the month before."""
    opening, before = logistics["opening"][..., 1:], logistics["closing"][..., :-1]
    known = np.isfinite(opening) & np.isfinite(before)
    return float((opening != before)[known].mean())


def unbalanced(logistics: Panel) -> float:
    """Share of the rows in which opening + received - consumed + adjusted - lost is not the closing stock."""
    terms = [np.nan_to_num(logistics[name]) for name in ("received", "adjusted", "consumed", "lost")]
    came, change, used, lost = terms
    sums = logistics["opening"] + came - used + change - lost
    known = np.isfinite(sums) & np.isfinite(logistics["closing"])
    return float((sums != logistics["closing"])[known].mean())


def used_though_out(logistics: Panel) -> float:
    """Of the rows with stock-out days the whole month the share that consumed something."""
    out = logistics["stockout_days"] >= ALWAYS_OUT
    return float((logistics["consumed"][out] > 0).mean())


def onsets(logistics: Panel) -> float:
    """How often a month begins with stock and ends with none, among those that begin with stock."""
    stocked = (logistics["opening"] > 0) & np.isfinite(logistics["closing"])
    return float((logistics["closing"] == 0)[stocked].mean())


def spells(logistics: Panel) -> npt.NDArray[np.int64]:
    """Lengths in months of the spells of month-ends without stock that began and ended within the reports."""
    empty, known = logistics["closing"] == 0, np.isfinite(logistics["closing"])
    return np.array([*_lengths(empty.reshape(-1, empty.shape[-1]), known.reshape(-1, empty.shape[-1]))])


def short_spells(logistics: Panel) -> npt.NDArray[np.int64]:
    """The spells that are no longer than IDLE months: what lies idle, and was never ordered, is left out."""
    lengths = spells(logistics)
    return lengths[lengths <= IDLE]


def _lengths(empty: Flags, known: Flags) -> Iterator[int]:
    for row, there in zip(empty, known, strict=True):
        edges = np.flatnonzero(np.diff(row.astype(np.int8))) + 1
        for start, end in pairwise(edges):
            if row[start] and there[start - 1 : end + 1].all():
                yield int(end - start)


def _dominates(change: Numbers, used: Numbers) -> Flags:
    return np.asarray((np.abs(change) > 0) & (np.abs(change) >= used))
