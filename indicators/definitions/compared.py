"""The figures of Compare beyond what was reported: changes, and how the two sides stand to each other."""

from __future__ import annotations

import numpy as np

from indicators import discordance, ratio, relation, usual
from indicators.definitions import shades
from indicators.definitions.formulas import Formula, Term
from indicators.definitions.shape import Definition, Example
from indicators.rates import over
from indicators.shares import whole_percents


def _ratio(used: list[float | None], services: list[float | None]) -> float:
    return ratio.pooled(np.array(used, dtype=np.float64), np.array(services, dtype=np.float64))[0]


def _band(services: float, dose: float, variation: float) -> list[float]:
    found = relation.expected_band(np.array([services]), dose, np.array([variation]))
    return [round(float(each[0])) for each in found]


def _indexed(series: list[float | None]) -> list[float]:
    found = relation.indexed(np.array([series], dtype=np.float64))[0]
    return [float(each) for each in np.round(found)]


def _usual(history: list[float | None]) -> list[float]:
    found = usual.usual(np.array([history], dtype=np.float64))
    return [float(np.round(each[0, -1])) for each in (found.expected, found.low, found.high)]


def _parted(services: list[float], consumed: list[float]) -> float:
    found = discordance.discordance(np.array([services], float), np.array([consumed], float))
    return float(found.score[0, -1])


def _change(now: float, before: float) -> float:
    return float(over(now - before, before))


STEADY = [100, 104, 98, 101, 97, 103, 99, 102, 100, 96, 104, 98] * 3
DEFINITIONS = (
    Definition(
        "year_before",
        unit="share",
        example=Example(_change, {"now": 90, "before": 120}, -0.25),
        unsaid="statistics",
    ),
    Definition(
        "ratio",
        module="ratio",
        function="ratio",
        subject="sides",
        unit="ratio",
        example=Example(_ratio, {"used": [110, None], "services": [100, 50]}, 1.1),
        settings=("few",),
        formula=Formula((Term("consumed"),), (Term("count"),), limits=("both_sides",), of="pair"),
    ),
    Definition(
        "expected_band",
        module="relation",
        function="fixed_dose",
        subject="sides",
        example=Example(_band, {"services": 100, "dose": 1, "variation": 0.0025}, [100, 79, 123]),
        unsaid="statistics",
    ),
    Definition(
        "indexed",
        module="relation",
        function="indexed",
        subject="sides",
        unit="index",
        example=Example(_indexed, {"series": [80, 100, 120]}, [80, 100, 120]),
        unsaid="statistics",
    ),
    Definition(
        "usual",
        module="usual",
        function="usual",
        subject="sides",
        example=Example(_usual, {"history": STEADY}, [100, 53, 178]),
        sources=("noufaily",),
        shades=shades.SCORE,
        settings=("watch", "unusual", "sustained", "history"),
        unsaid="statistics",
    ),
    Definition(
        "share_of_change",
        module="attribution",
        function="attribution",
        subject="sides",
        unit="share",
        example=Example(
            lambda shares: [percent / 100 for percent in whole_percents(np.array(shares))],
            {"shares": [0.615, 0.287, 0.098]},
            [0.61, 0.29, 0.1],
        ),
        unsaid="statistics",
    ),
    Definition(
        "disagreement",
        module="discordance",
        function="discordance",
        subject="sides",
        unit="index",
        example=Example(_parted, {"services": STEADY, "consumed": [*STEADY[:-1], 220]}, 6.658),
        shades=shades.SCORE,
        settings=("watch", "unusual", "sustained"),
        unsaid="statistics",
    ),
)
