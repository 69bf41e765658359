"""Figures of losses: vaccine wastage, stock lost, and what will expire before it is used."""

from __future__ import annotations

import numpy as np

from indicators import expiry, wastage
from indicators.definitions.formulas import Formula, Term
from indicators.definitions.shape import Definition, Example

Series = list[float | None]


def _lost(lost: Series, opening: Series, received: Series) -> float:
    parts = (np.array(each, dtype=np.float64) for each in (lost, opening, received))
    return float(wastage.loss_rate(*parts).pooled().value)


def _open(opened: float, given: float) -> float:
    return float(wastage.open_vial(opened, given).value)


def _closed(wasted: float, used: float) -> float:
    return float(wastage.closed_vial(wasted, used).value)


def _cumulative(opened: list[float], given: list[float]) -> list[float]:
    found = wastage.cumulative(wastage.open_vial(opened, given)).value
    return [round(float(each), 3) for each in found]


def _chain(closed: float, opened: float, levels: int) -> float:
    return float(wastage.total(closed, opened, levels))


def _at_risk(quantity: list[float], months_left: list[float], average: float) -> list[float]:
    found = expiry.at_risk(quantity, months_left, average).at_risk
    return [float(each) for each in found]


VIALS = {"opened": [240, 180], "given": [200, 195]}
DEFINITIONS = (
    Definition(
        "loss_rate",
        module="wastage",
        function="loss_rate",
        subject="losses",
        unit="share",
        example=Example(_lost, {"lost": [5, 0], "opening": [60, 10], "received": [40, 30]}, 0.036),
        sources=("yeksi_naa",),
        formula=Formula(
            (Term("lost"),), (Term("opening"), Term("received")), 100, ("months", "unreported", "quarters")
        ),
    ),
    Definition(
        "open_vial_wastage",
        module="wastage",
        function="open_vial",
        subject="losses",
        unit="share",
        example=Example(_open, {"opened": 240, "given": 200}, 0.167),
        sources=("who_epi", "who_wastage", "technet_wastage"),
        unsaid="vials",
    ),
    Definition(
        "closed_vial_wastage",
        module="wastage",
        function="closed_vial",
        subject="losses",
        unit="share",
        example=Example(_closed, {"wasted": 10, "used": 200}, 0.05),
        sources=("who_epi", "who_wastage"),
        unsaid="vials",
    ),
    Definition(
        "cumulative_wastage",
        module="wastage",
        function="cumulative",
        subject="losses",
        unit="share",
        example=Example(_cumulative, VIALS, [0.167, 0.06]),
        sources=("technet_wastage",),
        unsaid="vials",
    ),
    Definition(
        "chain_wastage",
        module="wastage",
        function="total",
        subject="losses",
        unit="share",
        example=Example(_chain, {"closed": 0.01, "opened": 0.25, "levels": 3}, 0.272),
        sources=("who_wastage",),
        unsaid="vials",
    ),
    Definition(
        "wastage_factor",
        module="wastage",
        function="factor",
        subject="losses",
        unit="ratio",
        example=Example(lambda wastage_: float(wastage.factor(wastage_)), {"wastage_": 0.3}, 1.429),
        sources=("who_wastage",),
        unsaid="vials",
    ),
    Definition(
        "expiry_at_risk",
        module="expiry",
        function="at_risk",
        subject="losses",
        example=Example(
            _at_risk, {"quantity": [50, 100], "months_left": [1, 3], "average": 20}, [30.0, 60.0]
        ),
        sources=("logistics_handbook_control",),
        unsaid="lots",
    ),
    Definition(
        "usable_stock",
        module="expiry",
        function="usable",
        subject="losses",
        example=Example(
            lambda quantity, months_left: float(expiry.usable(quantity, months_left)),
            {"quantity": [50, 100, 10], "months_left": [0, 3, 8]},
            110.0,
        ),
        sources=("logistics_handbook_status",),
        unsaid="lots",
    ),
)
