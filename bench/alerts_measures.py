"""How good a detector is: average precision, and what its shipped threshold finds and costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bench.suites import Cells, Codes, Flags


@dataclass(frozen=True)
class Found:
    """What a detector does on some cells.

    Attributes:
        average_precision: the area under precision over recall; ties count as one step.
        precision, recall: at the shipped threshold.
        alerts: flagged cells among 1,000.
    """

    average_precision: float
    precision: float
    recall: float
    alerts: float


def average_precision(score: Cells, wrong: Flags) -> float:
    """The mean, over the wrong cells, of the precision of all that score at least as much.

    >>> import numpy as np
    >>> average_precision(np.array([3.0, 2, 1, 0]), np.array([True, False, True, False]))
    0.8333333333333333
    """
    if not wrong.any():
        return float("nan")
    order = np.argsort(-score, kind="stable")
    score, hits = score[order], np.cumsum(wrong[order])
    last = np.append(np.flatnonzero(np.diff(score)), len(score) - 1)
    gained = np.diff(hits[last], prepend=0)
    return float((gained * hits[last] / (last + 1)).sum() / hits[-1])


def found(score: Cells, wrong: Flags, threshold: float) -> Found:
    """Measures one detector on flat cells; a score of NaN is the lowest of all."""
    score = np.nan_to_num(score, nan=-1e9)
    flagged = score >= threshold
    hits = int((flagged & wrong).sum())
    return Found(
        average_precision(score, wrong),
        hits / max(1, int(flagged.sum())),
        hits / max(1, int(wrong.sum())),
        1000 * float(flagged.mean()),
    )


def recall_by_kind(flagged: Flags, wrong: Codes, kinds: int) -> list[tuple[int, float]]:
    """Of each kind of mistake, how many cells there are and the share that is flagged."""
    cells = [wrong == kind for kind in range(1, kinds)]
    return [(int(of.sum()), float(flagged[of].mean()) if of.any() else float("nan")) for of in cells]


def at_budget(score: Cells, wrong: Flags, alerts: float) -> tuple[float, float]:
    """Precision and recall when the highest scores are alerts, so many among 1,000 cells."""
    number = max(1, round(alerts * len(score) / 1000))
    best = np.argsort(-np.nan_to_num(score, nan=-1e9), kind="stable")[:number]
    return float(wrong[best].mean()), float(wrong[best].sum() / max(1, wrong.sum()))
