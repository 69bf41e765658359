"""Figures of reporting: whether reports come, in time and always, and whether they add up."""

from __future__ import annotations

from typing import Any

import numpy as np

from indicators import reporting_habits, stock_balance
from indicators.definitions import shades
from indicators.definitions.formulas import Formula, Term
from indicators.definitions.shape import Definition, Example

CAUSES = {
    stock_balance.Cause.NONE.value: "",
    stock_balance.Cause.RECEIPT.value: "receipt",
    stock_balance.Cause.CLOSING.value: "closing_empty",
    stock_balance.Cause.PACKS.value: "packs",
    stock_balance.Cause.OTHER.value: "other",
}
"""The class of each cause, by which the pages name it."""


def _pooled(rate: Any) -> float:
    return float(rate.pooled().value)


def _report(**parts: float) -> stock_balance.Report:
    return stock_balance.Report(**parts)


def _gap(**parts: float) -> float:
    return float(stock_balance.gap(_report(**parts)))


def _cause(per_pack: int, **parts: float) -> str:
    return CAUSES[str(stock_balance.cause(_report(**parts), per_pack))]


def _adds_up(tolerance: float, **parts: float) -> bool:
    return bool(stock_balance.adds_up(_report(**parts), tolerance)[0])


def _breaks(opening: float, closing_before: float) -> float:
    return float(stock_balance.breaks([[0, opening]], [[closing_before, 0]])[0, 1])


def _regular(came: list[list[int]], window: int) -> float:
    rate = reporting_habits.regular(came, np.ones(np.shape(came)), window)
    return float(rate.pooled().value[-1])


OFF = {"opening": 50, "received": 250, "adjusted": -2, "consumed": 300, "closing": 233}
REPORTS, ON_TIME, EXPECTED = Term("reports"), Term("on_time"), Term("expected")
DEFINITIONS = (
    Definition(
        "reporting_rate",
        module="reporting_habits",
        function="completeness",
        subject="reports",
        unit="share",
        example=Example(
            lambda came, expected: _pooled(reporting_habits.completeness(came, expected)),
            {"came": [1, 0, 1, 1], "expected": [1, 1, 1, 1]},
            0.75,
        ),
        sources=("d4i_reporting", "who_dqa"),
        settings=("provisional",),
        formula=Formula((REPORTS,), (EXPECTED,), 100, ("registered",), "form"),
    ),
    Definition(
        "timeliness",
        module="reporting_habits",
        function="timely_of_expected",
        subject="reports",
        unit="share",
        example=Example(
            lambda on_time, expected: _pooled(reporting_habits.timely_of_expected(on_time, expected)),
            {"on_time": [1, 0, 0, 1], "expected": [1, 1, 1, 1]},
            0.5,
        ),
        sources=("d4i_reporting", "who_dqa"),
        formula=Formula((ON_TIME,), (EXPECTED,), 100, ("registered",), "form"),
    ),
    Definition(
        "timeliness_of_received",
        module="reporting_habits",
        function="timely_of_received",
        subject="reports",
        unit="share",
        example=Example(
            lambda on_time, came, expected: _pooled(
                reporting_habits.timely_of_received(on_time, came, expected)
            ),
            {"on_time": [1, 0, 0, 1], "came": [1, 1, 0, 1], "expected": [1, 1, 1, 1]},
            0.667,
        ),
        sources=("d4i_reporting", "who_dqa"),
        formula=Formula((ON_TIME,), (REPORTS,), 100, ("registered",), "form"),
    ),
    Definition(
        "reporting_consistency",
        module="reporting_habits",
        function="regular",
        subject="reports",
        unit="share",
        example=Example(_regular, {"came": [[1, 1, 1], [1, 0, 0]], "window": 3}, 0.5),
        sources=("who_dqa",),
        unsaid="history",
    ),
    Definition(
        "stock_gap",
        module="stock_balance",
        function="gap",
        subject="reports",
        example=Example(_gap, OFF, -235.0),
        sources=("openlmis_requisition",),
        formula=Formula(
            (Term("opening"), Term("received"), Term("adjusted"), Term("consumed", -1), Term("closing", -1)),
            limits=("months", "unreported"),
        ),
    ),
    Definition(
        "gap_cause",
        module="stock_balance",
        function="cause",
        subject="reports",
        unit="class",
        example=Example(
            _cause,
            {"per_pack": 10, "opening": 10, "received": 5, "adjusted": 0, "consumed": 5, "closing": 5},
            "receipt",
        ),
        shades=shades.CAUSE,
        unsaid="classes",
    ),
    Definition(
        "adds_up",
        module="stock_balance",
        function="adds_up",
        subject="reports",
        unit="class",
        example=Example(_adds_up, {"tolerance": 0, **OFF}, False),
        sources=("openlmis_requisition",),
        unsaid="each_place",
    ),
    Definition(
        "stock_break",
        module="stock_balance",
        function="breaks",
        subject="reports",
        example=Example(_breaks, {"opening": 4, "closing_before": 6}, -2.0),
        sources=("openlmis_requisition",),
        formula=Formula((Term("opening"), Term("closing", -1, back=1)), limits=("months", "unreported")),
    ),
    Definition(
        "stock_discrepancy",
        module="stock_balance",
        function="discrepancy",
        subject="reports",
        unit="share",
        example=Example(
            lambda counted, calculated: _pooled(stock_balance.discrepancy(counted, calculated)),
            {"counted": [100, 50], "calculated": [90, 55]},
            0.1,
        ),
        sources=("who_epi",),
        unsaid="each_place",
    ),
)
