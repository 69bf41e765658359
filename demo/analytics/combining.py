"""What is done with the rows of one cell: sum, mean, extremes and their like, all cells of a unit at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

Cells = tuple[np.ndarray, np.ndarray]


def _sum(value: np.ndarray, code: np.ndarray, size: int) -> Cells:
    return np.bincount(code, value, size), np.bincount(code, minlength=size) > 0


def _average(value: np.ndarray, code: np.ndarray, size: int) -> Cells:
    count = np.bincount(code, minlength=size)
    return np.bincount(code, value, size) / np.maximum(count, 1), count > 0


def _count(_value: np.ndarray, code: np.ndarray, size: int) -> Cells:
    count = np.bincount(code, minlength=size)
    return count.astype(float), count > 0


def _variance(value: np.ndarray, code: np.ndarray, size: int) -> Cells:
    mean, _ = _average(value, code, size)
    count = np.bincount(code, minlength=size)
    squares = np.bincount(code, (value - mean[code]) ** 2, size)
    return squares / np.maximum(count - 1, 1), count > 1


def _deviation(value: np.ndarray, code: np.ndarray, size: int) -> Cells:
    variance, present = _variance(value, code, size)
    return np.sqrt(variance), present


def _extreme(choose: np.ufunc, start: float) -> Callable[[np.ndarray, np.ndarray, int], Cells]:
    def find(value: np.ndarray, code: np.ndarray, size: int) -> Cells:
        best = np.full(size, start)
        choose.at(best, code, value)
        return best, best != start

    return find


SIMPLE: dict[str, Callable[[np.ndarray, np.ndarray, int], Cells]] = {
    "SUM": _sum,
    "AVERAGE": _average,
    "COUNT": _count,
    "VARIANCE": _variance,
    "STDDEV": _deviation,
    "MIN": _extreme(np.minimum, np.inf),
    "MAX": _extreme(np.maximum, -np.inf),
}


def outer(aggregation: str) -> Callable[[np.ndarray, np.ndarray, int], Cells]:
    """What is done with the rows of a cell, once an inner step (last, minimum) has chosen them."""
    if aggregation.endswith("AVERAGE_ORG_UNIT") and aggregation != "AVERAGE_SUM_ORG_UNIT":
        return _average
    return SIMPLE.get(aggregation, _sum)
