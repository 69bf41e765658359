"""What a country decides about its indicators: how averages are made, levels of stock, methods, factors.

Every parameter has a usual value, so that figures exist before anybody decides; what was decided is shown
beside each figure that it shapes. Nothing here is read from files: whoever composes the parts fills it in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from indicators.forecast import METHODS

RuleName = Literal["tandem", "none", "openlmis", "elmis", "days_in_stock", "commtrack"]
RULES: tuple[RuleName, ...] = get_args(RuleName)


@dataclass(frozen=True)
class AverageRule:
    """How consumption is made good for stock-outs and averaged.

    Attributes:
        rule: one of `RULES`. "tandem" makes good at most three times and leaves out a month without any day
            in stock; "none" takes what was reported; "openlmis" and "elmis" round as these systems do;
            "days_in_stock" divides by the days in stock of the whole window; "commtrack" drops every month
            with a stock-out.
        months: the average is of so many months up to the one it is of.
        least: with fewer of them reported there is no average.
    """

    rule: RuleName = "tandem"
    months: int = 3
    least: int = 2

    def __post_init__(self) -> None:
        """A rule that nobody knows or a window that nothing can fill is refused."""
        if self.rule not in RULES:
            raise ValueError(f"The rule {self.rule!r} is unknown: choose one of {', '.join(RULES)}.")
        if not 1 <= self.least <= self.months:
            raise ValueError(f"An average of {self.months} months cannot ask for {self.least} of them.")


@dataclass(frozen=True)
class GroupLevels:
    """From how many months of stock on a group's units are adequate, and beyond how many it is too much.

    Attributes:
        group: id or name of a group of units; empty for all units that no other entry is for.
        low: below this many months the stock is low.
        high: above this many months it is too much.
    """

    group: str = ""
    low: float = 1.5
    high: float = 3.0


@dataclass(frozen=True)
class ForecastRule:
    """How what is to come is forecast, and judged.

    Attributes:
        method: one of `forecast.METHODS`.
        horizon: how many months ahead; the error is that of the forecast made so many months before.
        tested: over how many of the last months a method is judged.
    """

    method: str = "moving_average"
    horizon: int = 3
    tested: int = 12

    def __post_init__(self) -> None:
        """A method that nobody knows is refused."""
        if self.method not in METHODS:
            raise ValueError(f"The method {self.method!r} is unknown: choose one of {', '.join(METHODS)}.")
        if self.horizon < 1 or self.tested < 1:
            raise ValueError("A forecast looks one month ahead at least, and is judged on one at least.")


@dataclass(frozen=True)
class Target:
    """Of whom a service is expected.

    Attributes:
        population: code of the item that says how many people there are.
        share: how many of these should have the service in a year.
        each: how many services each of those should have.
        carried: for so many years an estimate stands in for a later one.
    """

    population: str
    share: float = 1.0
    each: float = 1.0
    carried: int = 2


@dataclass(frozen=True)
class Rules:
    """Everything that a country decides about its indicators.

    Attributes:
        average: how consumption is averaged.
        levels: levels of stock by group of units; the first group that a unit is in holds.
        forecast: method, horizon, and on how much of the past it is judged.
        protects: by item code, the contraceptive method it is (`cyp.FACTORS`).
        factors: the country's own couple-years of one unit, by method.
        complete: a month's total says how consumption varies when this share of its reports is in.
        targets: of whom which services are expected, by the name of the coverage.
        season: the last so many months say how much consumption varies, and who reports regularly.
    """

    average: AverageRule = AverageRule()
    levels: tuple[GroupLevels, ...] = ()
    forecast: ForecastRule = ForecastRule()
    protects: Mapping[str, str] = field(default_factory=dict)
    factors: Mapping[str, float] = field(default_factory=dict)
    complete: float = 0.75
    season: int = 12
    targets: Mapping[str, Target] = field(default_factory=dict)
