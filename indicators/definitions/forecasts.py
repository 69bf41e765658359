"""Figures of what is to come: forecasts from consumption and from services, and how far they were off."""

from __future__ import annotations

from typing import Any

import numpy as np

from indicators import forecast, forecast_error
from indicators.definitions.shape import Definition, Example

Series = list[float | None]


def _past(history: Series) -> Any:
    return np.array([history], dtype=np.float64)


def _pooled(rate: Any) -> float:
    return float(rate.pooled().value)


def _naive(history: Series) -> float:
    return float(forecast.seasonal_naive(_past(history), 1)[0, 0])


def _moving(history: Series) -> float:
    return float(forecast.moving_average(_past(history), 1)[0, 0])


def _croston(history: Series) -> float:
    return float(forecast.croston(_past(history), 1)[0, 0])


def _tsb(history: Series) -> float:
    return float(forecast.tsb(_past(history), 1)[0, 0])


def _services(cases: float, dose: float, share: float, wastage: float) -> float:
    return float(forecast.from_services(cases, dose, share, wastage))


YEAR = [20, 22, 25, 24, 30, 33, 31, 28, 26, 24, 22, 21]
METHODS = (
    ("forecast_seasonal_naive", "seasonal_naive", _naive, YEAR, 20.0, ("fpp3",)),
    ("forecast_moving_average", "moving_average", _moving, [9, 3, 4, 8], 5.0, ("fpp3",)),
    ("forecast_croston", "croston", _croston, [0, 0, 6, 0, 0, 6], 1.9, ("croston",)),
    ("forecast_tsb", "tsb", _tsb, [4, 4, 0, 0], 3.24, ("tsb",)),
)
GUESSED = {"forecast": [12, 9], "actual": [10, 10]}
DEFINITIONS = (
    *(
        Definition(
            name,
            module="forecast",
            function=function,
            subject="forecast",
            example=Example(work, {"history": history}, result),
            sources=sources,
            settings=("forecast",),
            unsaid="history",
        )
        for name, function, work, history, result, sources in METHODS
    ),
    Definition(
        "forecast_from_services",
        module="forecast",
        function="from_services",
        subject="forecast",
        example=Example(_services, {"cases": 100, "dose": 24, "share": 0.5, "wastage": 0}, 1200.0),
        sources=("logistics_handbook_control",),
        unsaid="decided",
    ),
    Definition(
        "forecast_error",
        module="forecast_error",
        function="absolute_error",
        subject="forecast",
        unit="share",
        example=Example(
            lambda forecast, actual: _pooled(forecast_error.absolute_error(forecast, actual)), GUESSED, 0.15
        ),
        sources=("fpp3_error", "hyndman_koehler"),
        settings=("forecast",),
        unsaid="history",
    ),
    Definition(
        "forecast_bias",
        module="forecast_error",
        function="bias",
        subject="forecast",
        unit="share",
        example=Example(
            lambda forecast, actual: _pooled(forecast_error.bias(forecast, actual)), GUESSED, 0.05
        ),
        sources=("fpp3_error",),
        unsaid="history",
    ),
    Definition(
        "forecast_scaled_error",
        module="forecast_error",
        function="scaled_error",
        subject="forecast",
        unit="ratio",
        example=Example(
            lambda forecast, actual, bar: _pooled(forecast_error.scaled_error(forecast, actual, bar)),
            {**GUESSED, "bar": [14, 10]},
            0.75,
        ),
        sources=("hyndman_koehler",),
        unsaid="history",
    ),
)
