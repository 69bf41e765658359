"""Detectors that others use, as scores of every cell; each with the threshold that they ship with."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bench.suites import Cells
from indicators.outliers import modified_z_scores, z_scores

Detector = Callable[[Cells], Cells]
EARS_WINDOW = 12


def dhis2_z(values: Cells) -> Cells:
    """DHIS2's Z_SCORE."""
    return np.asarray(np.nan_to_num(z_scores(values).score))


def dhis2_modified_z(values: Cells) -> Cells:
    """DHIS2's MOD_Z_SCORE: series whose MAD is 0 are left out."""
    return np.asarray(np.nan_to_num(modified_z_scores(values).score))


def fastr(values: Cells) -> Cells:
    """FASTR (Global Financing Facility), m001: spreads of the upper half above the median, from 100 on."""
    middle = np.nanmedian(values, axis=1, keepdims=True)
    upper = np.where(values >= middle, values, np.nan)
    spread = 1.4826 * np.nanmedian(np.abs(upper - np.nanmedian(upper, axis=1, keepdims=True)), axis=1)
    away = np.abs(values - middle) / np.where(spread > 0, spread, np.nan)[:, None]
    year = _trailing_sum(values)
    proportion = np.where(year > 0, values / np.where(year > 0, year, 1), 0)
    score = np.fmax(np.nan_to_num(away), np.where(proportion > 0.8, 10 + proportion, 0))
    return np.asarray(np.where(values > 100, score, 0))


def nine_mad(values: Cells) -> Cells:
    """sntutils: spreads (1.4826 MAD) above the median; falls are not looked for."""
    middle = np.nanmedian(values, axis=1, keepdims=True)
    spread = 1.4826 * np.nanmedian(np.abs(values - middle), axis=1, keepdims=True)
    return np.asarray(np.nan_to_num((values - middle) / np.where(spread > 0, spread, np.nan)))


def ears_c1(values: Cells) -> Cells:
    """EARS C1 with twelve months: standard deviations above the mean of the year before."""
    score = np.zeros(values.shape)
    for column in range(3, values.shape[1]):
        before = values[:, max(0, column - EARS_WINDOW) : column]
        few = np.count_nonzero(~np.isnan(before), axis=1) < 3
        with np.errstate(invalid="ignore", divide="ignore"):
            mean, spread = np.nanmean(before, axis=1), np.nanstd(before, axis=1, ddof=1)
        away = (values[:, column] - mean) / np.maximum(spread, 0.5)
        score[:, column] = np.where(few, 0, np.nan_to_num(away))
    return score


def who_third(values: Cells) -> Cells:
    """WHO's consistency over time: how far from the mean of the same month in other years, as a share."""
    width = values.shape[1]
    score = np.zeros(values.shape)
    for column in range(width):
        same = [other for other in range(column % 12, width, 12) if other != column]
        if not same:
            continue
        with np.errstate(invalid="ignore"):
            mean = np.nanmean(values[:, same], axis=1)
        ratio = values[:, column] / np.where(mean > 0, mean, np.nan)
        score[:, column] = np.nan_to_num(np.abs(ratio - 1))
    return score


def _trailing_sum(values: Cells) -> Cells:
    total = np.cumsum(np.nan_to_num(values), axis=1)
    before = np.concatenate([np.zeros((len(values), 12)), total[:, :-12]], axis=1)
    return np.asarray(total - before)


BASELINES: dict[str, tuple[Detector, float]] = {
    "DHIS2 modified Z": (dhis2_modified_z, 3.5),
    "DHIS2 Z": (dhis2_z, 3.0),
    "WHO ±33 %": (who_third, 0.33),
    "FASTR": (fastr, 10.0),
    "median ± 9 MAD": (nine_mad, 9.0),
    "EARS C1": (ears_c1, 3.09),
}
