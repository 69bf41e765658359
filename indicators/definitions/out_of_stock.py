"""Figures of stock-outs and availability: who is out, for how long, and who has everything."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from indicators import availability, stockouts
from indicators.definitions.shape import Definition, Example

Series = list[float | None]


def _pooled(rate: Any) -> float:
    return float(rate.pooled().value)


def _numbers(values: Any) -> Any:
    return np.array(values, dtype=np.float64)


def _spell(out: list[int], known: list[int]) -> int:
    found = stockouts.spells([out], [known])
    return int(found["months"].max()) if len(found) else 0


def _family(members: list[Series]) -> list[bool]:
    out, _ = stockouts.family_out(_numbers(members), True)
    return [bool(each) for each in out]


def _from_movements(month: str, opening: float, day: list[int], change: list[float]) -> int:
    moved = pd.DataFrame({"day": day, "change": change})
    return stockouts.from_movements(month, opening, moved).real


def _time(days_out: Series, days: float) -> float:
    return _pooled(stockouts.of_days(_numbers(days_out), days))


TRACERS = {"stocks": [[3, 0, 5], [1, 4, None]]}
DEFINITIONS = (
    Definition(
        "stockout_rate",
        module="stockouts",
        function="at_end",
        subject="stock_outs",
        unit="share",
        example=Example(
            lambda stocks: _pooled(stockouts.at_end(_numbers(stocks))), {"stocks": [0, 5, None, 8]}, 0.333
        ),
        sources=("openhie_kpi", "guinea"),
        unsaid="zeros",
    ),
    Definition(
        "stockout_rate_any_day",
        module="stockouts",
        function="on_any_day",
        subject="stock_outs",
        unit="share",
        example=Example(
            lambda days_out: _pooled(stockouts.on_any_day(_numbers(days_out))),
            {"days_out": [0, 3, None, 12]},
            0.667,
        ),
        sources=("who_malaria", "openhie_kpi"),
        unsaid="zeros",
    ),
    Definition(
        "stockout_time",
        module="stockouts",
        function="of_days",
        subject="stock_outs",
        unit="share",
        example=Example(_time, {"days_out": [0, 15, None], "days": 30}, 0.25),
        sources=("who_malaria",),
        unsaid="zeros",
    ),
    Definition(
        "stockout_duration",
        module="stockouts",
        function="mean_duration",
        subject="stock_outs",
        unit="days",
        example=Example(
            lambda days_out: _pooled(stockouts.mean_duration(_numbers(days_out))),
            {"days_out": [0, 3, None, 12]},
            7.5,
        ),
        sources=("who_malaria",),
        unsaid="each_place",
    ),
    Definition(
        "stockout_spell",
        module="stockouts",
        function="spells",
        subject="stock_outs",
        unit="months",
        example=Example(_spell, {"out": [1, 1, 0, 1, 1, 1], "known": [1, 1, 1, 1, 1, 1]}, 3),
        unsaid="history",
    ),
    Definition(
        "family_stockout",
        module="stockouts",
        function="family_out",
        subject="stock_outs",
        unit="class",
        example=Example(_family, {"members": [[0, 0], [0, 7]]}, [True, False]),
        unsaid="zeros",
    ),
    Definition(
        "stockout_days_from_movements",
        module="stockouts",
        function="from_movements",
        subject="stock_outs",
        unit="days",
        example=Example(
            _from_movements, {"month": "2019-01", "opening": 0, "day": [13, 19], "change": [10, -10]}, 25
        ),
        sources=("openlmis_stock",),
        unsaid="movements",
    ),
    Definition(
        "availability",
        module="availability",
        function="of_product",
        subject="stock_outs",
        unit="share",
        example=Example(
            lambda stocks: _pooled(availability.of_product(_numbers(stocks))),
            {"stocks": [3, 0, None, 8]},
            0.667,
        ),
        sources=("who_building_blocks", "yeksi_naa"),
        unsaid="zeros",
    ),
    Definition(
        "tracer_availability",
        module="availability",
        function="of_set",
        subject="stock_outs",
        unit="share",
        example=Example(lambda stocks: _pooled(availability.of_set(_numbers(stocks))), TRACERS, 0.5),
        sources=("who_building_blocks", "yeksi_naa"),
        settings=("tracers",),
        unsaid="zeros",
    ),
    Definition(
        "availability_share",
        module="availability",
        function="mean_share",
        subject="stock_outs",
        unit="share",
        example=Example(lambda stocks: _pooled(availability.mean_share(_numbers(stocks))), TRACERS, 0.8),
        sources=("who_building_blocks",),
        settings=("tracers",),
        unsaid="zeros",
    ),
)
