"""Figures of stock: how long it lasts, how it stands, and the levels it is measured by."""

from __future__ import annotations

import numpy as np

from indicators import replenishment, stock_status
from indicators.definitions import shades
from indicators.definitions.formulas import Formula, Term
from indicators.definitions.shape import Definition, Example
from indicators.stock_status import Limits, Status

# The mean of three months as they were reported: what a system without days in stock takes for the average.
PLAIN_AVERAGE = tuple(Term("consumed", 1 / 3, back) for back in range(3))
NAMES = {
    Status.STOCKED_OUT: "out",
    Status.LOW: "low",
    Status.ADEQUATE: "enough",
    Status.OVERSTOCKED: "over",
    Status.UNKNOWN: "unknown",
}


def _status(stock: float | None, average: float | None, low: float, high: float) -> str:
    held, usual = (np.nan if each is None else each for each in (stock, average))
    return NAMES[Status(int(stock_status.status(held, usual, Limits(low, high))))]


def _shares(stocks: list[float | None], averages: list[float | None], low: float, high: float) -> list[float]:
    found = stock_status.shares(_classes(stocks, averages, low, high))
    return [round(float(found[each].pooled().value), 3) for each in Status]


def _to_plan(stocks: list[float | None], averages: list[float | None], low: float, high: float) -> float:
    return float(stock_status.to_plan(_classes(stocks, averages, low, high)).pooled().value)


def _classes(
    stocks: list[float | None], averages: list[float | None], low: float, high: float
) -> stock_status.Classes:
    held, usual = np.array(stocks, dtype=np.float64), np.array(averages, dtype=np.float64)
    return stock_status.status(held, usual, Limits(low, high))


def _pooled(stocks: list[float | None], averages: list[float | None]) -> float:
    held, usual = np.array(stocks, dtype=np.float64), np.array(averages, dtype=np.float64)
    return float(stock_status.pooled_months(held, usual).pooled().value)


FIVE = {"stocks": [0, 10, 40, 70, 30], "averages": [20, 20, 20, 20, None], "low": 1.5, "high": 3}
LEVELS = ("stock_levels", "average_window")
DEFINITIONS = (
    Definition(
        "months_of_stock",
        module="stock",
        function="months_of_stock",
        subject="stock",
        unit="months",
        example=Example(_pooled, {"stocks": [100, 0], "averages": [10, 40]}, 2.0),
        sources=("logistics_handbook_status",),
        settings=LEVELS,
        formula=Formula(
            (Term("closing", last=True),), PLAIN_AVERAGE, limits=("months", "unadjusted", "unreported")
        ),
    ),
    Definition(
        "days_of_stock",
        module="stock_status",
        function="days",
        subject="stock",
        unit="days",
        example=Example(
            lambda stock, average: float(stock_status.days(stock, average)),
            {"stock": 40, "average": 20},
            60.0,
        ),
        sources=("logistics_handbook_status",),
        settings=("average_window",),
        formula=Formula(
            (Term("closing", last=True),), PLAIN_AVERAGE, 30, ("months", "unadjusted", "unreported")
        ),
    ),
    Definition(
        "stock_status",
        module="stock_status",
        function="status",
        subject="stock",
        unit="class",
        example=Example(_status, {"stock": 10, "average": 20, "low": 1.5, "high": 3}, "low"),
        sources=("logistics_handbook_status", "commtrack"),
        shades=shades.STOCK,
        settings=LEVELS,
        unsaid="classes",
    ),
    Definition(
        "status_shares",
        module="stock_status",
        function="shares",
        subject="stock",
        unit="share",
        example=Example(_shares, FIVE, [0.2, 0.2, 0.2, 0.2, 0.2]),
        sources=("logistics_handbook_status",),
        shades=shades.STOCK,
        settings=LEVELS,
        unsaid="classes",
    ),
    Definition(
        "stocked_to_plan",
        module="stock_status",
        function="to_plan",
        subject="stock",
        unit="share",
        example=Example(_to_plan, FIVE, 0.25),
        sources=("indicator_registry", "openhie_kpi"),
        settings=LEVELS,
        unsaid="classes",
    ),
    *(
        Definition(
            name,
            module="replenishment",
            function="level",
            subject="stock",
            example=Example(
                lambda average, months: float(replenishment.level(average, months)),
                {"average": 25, "months": months},
                result,
            ),
            sources=("logistics_handbook_control", "openlmis_requisition"),
            settings=LEVELS,
            unsaid="each_place",
        )
        for name, months, result in (
            ("minimum_stock", 1.5, 38.0),
            ("maximum_stock", 3, 75.0),
            ("emergency_point", 0.5, 13.0),
        )
    ),
    Definition(
        "emergency",
        module="replenishment",
        function="is_emergency",
        subject="stock",
        unit="class",
        example=Example(
            lambda stock, point: bool(replenishment.is_emergency(stock, point)),
            {"stock": 12, "point": 13},
            True,
        ),
        sources=("logistics_handbook_control",),
        unsaid="classes",
    ),
)
