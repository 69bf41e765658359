"""Figures of consumption: made good for stock-outs, averaged, and how much it varies."""

from __future__ import annotations

import numpy as np

from indicators import consumption, cyp, reported_average, stockout_adjustment, variation
from indicators.definitions import shades
from indicators.definitions.formulas import Formula, Term
from indicators.definitions.shape import Definition, Example

Series = list[float | None]


def _own(consumed: float, days_out: float, days: float) -> float:
    return float(consumption.adjusted(consumed, days_out, days))


def _average(adjusted: Series) -> float:
    months = np.array([adjusted], dtype=np.float64)
    return float(consumption.average(months, ~np.isnan(months))[0, -1])


def _openlmis(consumed: float, days_out: float, months: float) -> float:
    return float(stockout_adjustment.openlmis(consumed, days_out, months).value)


def _elmis(consumed: float, days_out: float, months: float) -> float:
    return float(stockout_adjustment.elmis(consumed, days_out, months))


def _in_stock(consumed: Series, days_out: Series, days: list[float]) -> float:
    used, out = (np.array([each], dtype=np.float64) for each in (consumed, days_out))
    return float(stockout_adjustment.days_in_stock(used, out, np.array(days))[0, -1])


def _commtrack(consumed: Series, stocked_out: list[int], days: float) -> float:
    used, out = np.array([consumed], dtype=np.float64), np.array([stocked_out], dtype=bool)
    return float(stockout_adjustment.commtrack(used, out, days)[0, -1])


def _of_reports(adjusted: Series) -> float:
    return float(reported_average.average(np.array([adjusted], dtype=np.float64))[0, -1])


def _varies(consumed: Series) -> float:
    return float(variation.coefficient_of_variation(np.array(consumed, dtype=np.float64)))


def _demand(consumed: Series) -> str:
    return str(variation.demand(np.array(consumed, dtype=np.float64)))


def _couple_years(condoms: float, injectables: float, implants: float, month: int) -> float:
    given = {"condom-male": [condoms], "injectable-3-months": [injectables], "implant-5-years": [implants]}
    return float(cyp.couple_years(given, [month])[0])


DEFINITIONS = (
    Definition(
        "consumption_adjusted",
        module="consumption",
        function="adjusted",
        subject="consumption",
        example=Example(_own, {"consumed": 20, "days_out": 10, "days": 30}, 30.0),
        sources=("logistics_handbook_status", "openlmis_requisition"),
        settings=("average_window",),
        unsaid="each_place",
    ),
    Definition(
        "average_monthly_consumption",
        module="consumption",
        function="average",
        subject="consumption",
        example=Example(_average, {"adjusted": [30, None, 60]}, 45.0),
        sources=("logistics_handbook_status",),
        settings=("average_window",),
        formula=Formula(
            tuple(Term("consumed", 1 / 3, back) for back in range(3)),
            limits=("months", "unadjusted", "unreported"),
        ),
    ),
    Definition(
        "adjusted_openlmis",
        module="stockout_adjustment",
        function="openlmis",
        subject="consumption",
        example=Example(_openlmis, {"consumed": 7, "days_out": 5, "months": 1}, 9.0),
        sources=("openlmis_requisition",),
        unsaid="each_place",
    ),
    Definition(
        "adjusted_elmis",
        module="stockout_adjustment",
        function="elmis",
        subject="consumption",
        example=Example(_elmis, {"consumed": 7, "days_out": 5, "months": 1}, 8.0),
        sources=("elmis_requisition",),
        unsaid="each_place",
    ),
    Definition(
        "average_days_in_stock",
        module="stockout_adjustment",
        function="days_in_stock",
        subject="consumption",
        example=Example(
            _in_stock, {"consumed": [30, 10, 0], "days_out": [0, 21, 30], "days": [31, 31, 30]}, 29.268
        ),
        sources=("logistics_handbook_status",),
        unsaid="each_place",
    ),
    Definition(
        "average_commtrack",
        module="stockout_adjustment",
        function="commtrack",
        subject="consumption",
        example=Example(_commtrack, {"consumed": [30, 60, 90], "stocked_out": [0, 0, 0], "days": 30}, 75.0),
        sources=("commtrack",),
        unsaid="each_place",
    ),
    Definition(
        "average_of_reports",
        module="reported_average",
        function="average",
        subject="consumption",
        example=Example(_of_reports, {"adjusted": [9, None, 10, 11]}, 10.0),
        sources=("openlmis_requisition", "elmis_requisition"),
        unsaid="history",
    ),
    Definition(
        "average_current_period",
        module="reported_average",
        function="current_period",
        subject="consumption",
        example=Example(
            lambda adjusted: float(reported_average.current_period(adjusted)), {"adjusted": 9}, 5.0
        ),
        sources=("openlmis_requisition",),
        unsaid="each_place",
    ),
    Definition(
        "coefficient_of_variation",
        module="variation",
        function="coefficient_of_variation",
        subject="consumption",
        unit="ratio",
        example=Example(_varies, {"consumed": [0, 20, 0, 20, 0, 20]}, 1.095),
        sources=("mds3",),
        unsaid="statistics",
    ),
    Definition(
        "steadiness",
        module="variation",
        function="steadiness",
        subject="consumption",
        unit="class",
        example=Example(lambda variation_: str(variation.steadiness(variation_)), {"variation_": 0.7}, "Y"),
        sources=("mds3",),
        shades=shades.STEADINESS,
        unsaid="classes",
    ),
    Definition(
        "demand_pattern",
        module="variation",
        function="demand",
        subject="consumption",
        unit="class",
        example=Example(_demand, {"consumed": [0, 0, 5, 0, 0, 5]}, "intermittent"),
        sources=("syntetos_boylan",),
        shades=shades.DEMAND,
        unsaid="classes",
    ),
    Definition(
        "abc",
        module="variation",
        function="abc",
        subject="consumption",
        unit="class",
        example=Example(
            lambda value: [str(each) for each in variation.abc(value)],
            {"value": [5, 70, 15, 10]},
            ["C", "A", "A", "B"],
        ),
        sources=("mds3",),
        shades=shades.VALUE,
        unsaid="classes",
    ),
    Definition(
        "abc_ven",
        module="variation",
        function="matrix",
        subject="consumption",
        unit="class",
        example=Example(
            lambda classes, needs: variation.matrix(classes, needs).to_numpy()[2].tolist(),
            {"classes": ["A", "C", "C"], "needs": ["V", "V", "N"]},
            [1, 0, 1],
        ),
        sources=("mds3",),
        unsaid="classes",
    ),
    Definition(
        "couple_years",
        module="cyp",
        function="couple_years",
        subject="consumption",
        unit="couple_years",
        example=Example(
            _couple_years, {"condoms": 120, "injectables": 4, "implants": 1, "month": 202201}, 5.8
        ),
        sources=("usaid_cyp", "d4i_cyp"),
        settings=("couple_years",),
        unsaid="dated",
    ),
)
