"""Shares of the review of data quality: how many of the checks that could be made held."""

from __future__ import annotations

from typing import Any

from indicators import quality_shares
from indicators.definitions.shape import Definition, Example


def _share(held: list[int], made: list[int]) -> float:
    return float(quality_shares.of_checks(held, made).pooled().value)


def _consistent(history: list[float], window: int) -> Any:
    return float(quality_shares.consistent([history], window).pooled().value[-1])


def _of_checks(name: str, example: Example) -> Definition:
    return Definition(
        name,
        module="quality_shares",
        function="of_checks",
        subject="quality",
        unit="share",
        example=example,
        sources=("who_dqa",),
        settings=("quality",),
        unsaid="each_place",
    )


DEFINITIONS = (
    _of_checks("quality_filled", Example(_share, {"held": [1, 1, 0, 1], "made": [1, 1, 1, 1]}, 0.75)),
    Definition(
        "quality_consistency",
        module="quality_shares",
        function="consistent",
        subject="quality",
        unit="share",
        example=Example(_consistent, {"history": [20, 20, 20, 30, 30, 30], "window": 3}, 0.0),
        sources=("who_dqa",),
        settings=("quality",),
        unsaid="history",
    ),
    _of_checks("quality_outliers", Example(_share, {"held": [1, 1, 1, 1, 0], "made": [1, 1, 1, 1, 1]}, 0.8)),
    _of_checks("quality_arithmetic", Example(_share, {"held": [1, 1, 0, 0], "made": [1, 1, 1, 0]}, 0.667)),
    _of_checks("quality_related", Example(_share, {"held": [1, 0], "made": [1, 1]}, 0.5)),
    _of_checks("quality_agreement", Example(_share, {"held": [1, 1, 0, 1], "made": [1, 1, 0, 1]}, 1.0)),
)
