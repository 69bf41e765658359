"""Figures of orders: how much to order, in which packs, and how well orders are served."""

from __future__ import annotations

import numpy as np

from indicators import replenishment, supply_performance
from indicators.definitions.formulas import Formula, Term
from indicators.definitions.shape import Definition, Example
from indicators.supply_performance import Orders

Series = list[float | None]


def _order(maximum: float, stock: float, on_order: float) -> float:
    return float(replenishment.order_quantity(maximum, stock, on_order))


def _late_order(average: float, months: float, lead_time: float, available: float) -> float:
    return float(replenishment.order_with_lead_time(average, months, lead_time, available))


def _packs(quantity: float, per_pack: int, threshold: int) -> float:
    return float(replenishment.packs(quantity, replenishment.Packing.openlmis(per_pack, threshold)))


def _packs_elmis(quantity: float, per_pack: int, threshold: int) -> float:
    return float(replenishment.packs(quantity, replenishment.Packing.elmis(per_pack, threshold)))


def _push(average: float, stock: float, months: float) -> float:
    return float(replenishment.push(average, stock, months))


def _to_delivery(stock: float, average: float, days_left: float, reserve: float) -> float:
    return float(replenishment.to_delivery(stock, average, days_left, reserve))


def _filled(ordered: Series, received: Series) -> float:
    asked, came = (np.array(each, dtype=np.float64) for each in (ordered, received))
    return float(supply_performance.fill_rate(asked, came).pooled().value)


def _days(days: list[str | None]) -> supply_performance.Days:
    return np.array([day or "NaT" for day in days], dtype="datetime64[D]")


def _in_full(
    ordered: Series, received: Series, promised: list[str | None], delivered: list[str | None], as_of: str
) -> float:
    asked, came = (np.array(each, dtype=np.float64) for each in (ordered, received))
    found = Orders(asked, came, _days(promised), _days(delivered))
    return float(supply_performance.on_time_in_full(found, np.datetime64(as_of)).pooled().value)


def _lead_time(asked: list[str | None], delivered: list[str | None]) -> float:
    return supply_performance.lead_time(_days(asked), _days(delivered)).median


PUSHED = {"average": 30, "stock": 25, "months": 2}
DEFINITIONS = (
    Definition(
        "order_quantity",
        module="replenishment",
        function="order_quantity",
        subject="orders",
        example=Example(_order, {"maximum": 100, "stock": 20, "on_order": 50}, 30.0),
        sources=("logistics_handbook_control", "openlmis_requisition"),
        settings=("stock_levels",),
        unsaid="each_place",
    ),
    Definition(
        "order_with_lead_time",
        module="replenishment",
        function="order_with_lead_time",
        subject="orders",
        example=Example(_late_order, {"average": 20, "months": 3, "lead_time": 0.5, "available": 30}, 40.0),
        sources=("logistics_handbook_control",),
        settings=("stock_levels",),
        unsaid="each_place",
    ),
    Definition(
        "packs",
        module="replenishment",
        function="packs",
        subject="orders",
        unit="packs",
        example=Example(_packs, {"quantity": 7, "per_pack": 5, "threshold": 2}, 1.0),
        sources=("openlmis_orderable",),
        unsaid="each_place",
    ),
    Definition(
        "packs_elmis",
        module="replenishment",
        function="packs",
        subject="orders",
        unit="packs",
        example=Example(_packs_elmis, {"quantity": 7, "per_pack": 5, "threshold": 2}, 2.0),
        sources=("elmis_requisition",),
        unsaid="each_place",
    ),
    Definition(
        "push_quantity",
        module="replenishment",
        function="push",
        subject="orders",
        example=Example(_push, PUSHED, 35.0),
        sources=("ospsante",),
        unsaid="each_place",
    ),
    Definition(
        "to_delivery",
        module="replenishment",
        function="to_delivery",
        subject="orders",
        example=Example(_to_delivery, {"stock": 100, "average": 60, "days_left": 10, "reserve": 5}, 75.0),
        sources=("logistics_handbook_control",),
        settings=("delivery_day",),
        unsaid="each_place",
    ),
    Definition(
        "order_fill_rate",
        module="supply_performance",
        function="fill_rate",
        subject="orders",
        unit="share",
        example=Example(_filled, {"ordered": [100, 50, 80], "received": [60, 90, None]}, 0.733),
        sources=("logistics_handbook_control", "openhie_kpi"),
        formula=Formula(
            (Term("received"),), (Term("ordered", back=1),), 100, ("months", "uncapped", "unreported")
        ),
    ),
    Definition(
        "on_time_in_full",
        module="supply_performance",
        function="on_time_in_full",
        subject="orders",
        unit="share",
        example=Example(
            _in_full,
            {
                "ordered": [10, 10, 10],
                "received": [10, 10, None],
                "promised": ["2026-01-14"] * 3,
                "delivered": ["2026-01-12", "2026-01-20", None],
                "as_of": "2026-02-01",
            },
            0.333,
        ),
        sources=("openhie_kpi",),
        unsaid="orders",
    ),
    Definition(
        "lead_time",
        module="supply_performance",
        function="lead_time",
        subject="orders",
        unit="days",
        example=Example(
            _lead_time,
            {"asked": ["2026-01-01"] * 3, "delivered": ["2026-01-11", "2026-01-15", None]},
            12.0,
        ),
        sources=("openhie_kpi",),
        unsaid="dates",
    ),
)
