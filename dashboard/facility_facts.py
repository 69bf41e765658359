"""What one facility reported of a product, by the names that the worked examples use."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from typing import Any

import numpy as np

from indicators.cells import limits_of
from indicators.consumption import adjusted, days, monthly_average
from indicators.replenishment import level
from indicators.rollup import Rollup
from indicators.rules import GroupLevels
from indicators.variation import coefficient_of_variation

NEEDED = ("consumed", "closing")
HISTORY, SHOWN = 24, 12
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Facility:
    """A facility's figures of one product.

    Attributes:
        name: what it is called.
        series: by measure, the months up to the one shown; None where nothing was reported.
        average: its average monthly consumption; None where it has none.
        days: how many days each of these months has.
        per_pack: dispensing units in a pack.
        low: below this many months its stock is low.
        high: above this many months it is too much.
    """

    name: str
    series: Mapping[str, list[float | None]]
    average: float | None
    days: list[float]
    per_pack: int
    low: float
    high: float

    def last(self, measure: str, back: int = 0) -> float | None:
        """What it reported in the month shown, or so many months before."""
        values = self.series.get(measure, [])
        return values[-1 - back] if len(values) > back else None

    def months(self, measure: str, count: int) -> list[float | None]:
        """The last so many months."""
        return list(self.series.get(measure, []))[-count:]


def facility_with_figures(
    rollup: Rollup, wanted: tuple[str, str, int], levels: Sequence[GroupLevels]
) -> Facility | None:
    """The facility below a unit (or the unit itself) that reported most of a product up to a month.

    Args:
        rollup: the figures.
        wanted: id of the unit, code of the product, the month.
        levels: the country's levels of stock.
    """
    unit, item, month = wanted
    number = next(iter(rollup.numbers((item,))))
    position = rollup.hierarchy.position(unit)
    positions = np.arange(position, rollup.hierarchy.last[position])
    first = max(int(rollup.months[0]), _months_before(month, HISTORY - 1))
    span = rollup.calendar.span(first, month, "month")
    grids = {m: rollup.grids[i, m] for (i, m) in rollup.grids if i == number}
    if any(measure not in grids for measure in NEEDED):
        return None
    values = {measure: grid.take(positions, span) for measure, grid in grids.items()}
    complete = ~np.isnan(np.stack([values[measure][:, -1] for measure in NEEDED])).any(axis=0)
    average = monthly_average(rollup, number, positions)[:, span.stop - 1]
    fits = complete & (average > 0)
    if not fits.any():
        return None
    said = sum((~np.isnan(each)).sum(axis=1) for each in values.values()) + (values["closing"][:, -1] > 0)
    best = int(np.argmax(np.where(fits, said, -1)))
    limits = limits_of(rollup, levels, positions[best : best + 1])
    return Facility(
        name=rollup.hierarchy.names[int(positions[best])],
        series={measure: [_known(v) for v in each[best]] for measure, each in values.items()},
        average=_known(average[best]),
        days=days(rollup.calendar)[span.columns].tolist(),
        per_pack=int(rollup.items["pack_size"].iloc[number]),
        low=float(limits.low[0, 0]),
        high=float(limits.high[0, 0]),
    )


def inputs_of(name: str, facility: Facility) -> Values | None:
    """The inputs of a definition's example from a facility's figures.

    Returns:
        None where the definition is not worked out of what a facility reports, or it did not report it.
    """
    if name not in _INPUTS:
        return None
    inputs = _INPUTS[name](facility)
    return None if any(value is None for value in inputs.values()) else inputs


def _months_before(month: int, count: int) -> int:
    number = month // 100 * 12 + month % 100 - 1 - count
    return number // 12 * 100 + number % 12 + 1


def _known(value: float) -> float | None:
    return None if isnan(value) else float(value)


def _month(facility: Facility) -> dict[str, Any]:
    return {
        "consumed": facility.last("consumed"),
        "days_out": facility.last("stockout_days") or 0.0,
        "days": facility.days[-1],
    }


def _made_good(facility: Facility) -> list[float | None]:
    out = facility.series.get("stockout_days", [None] * len(facility.days))
    found = adjusted(_array(facility.series["consumed"]), _array(out), np.array(facility.days))
    return [_known(each) for each in found]


def _array(values: list[float | None]) -> Any:
    return np.array(values, dtype=np.float64)


def _balance(facility: Facility) -> dict[str, Any]:
    names = ("opening", "received", "adjusted", "consumed", "closing")
    return {name: facility.last(name) for name in names}


def _rule(facility: Facility) -> dict[str, Any]:
    month = _month(facility)
    return {"consumed": month["consumed"], "days_out": month["days_out"], "months": 1}


def _order(facility: Facility) -> dict[str, Any]:
    maximum = float(level(facility.average or 0, facility.high))
    return {"maximum": maximum, "stock": facility.last("closing"), "on_order": 0}


def _packs(facility: Facility) -> dict[str, Any]:
    wanted = _order(facility)
    quantity = max(0.0, wanted["maximum"] - (wanted["stock"] or 0))
    return {"quantity": quantity, "per_pack": facility.per_pack, "threshold": 0}


def _stock(facility: Facility) -> dict[str, Any]:
    return {"stock": facility.last("closing"), "average": facility.average}


def _history(facility: Facility) -> dict[str, Any]:
    return {"history": facility.months("consumed", SHOWN)}


_INPUTS: Mapping[str, Callable[[Facility], dict[str, Any]]] = {
    "stock_status": lambda f: {**_stock(f), "low": f.low, "high": f.high},
    "minimum_stock": lambda f: {"average": f.average, "months": f.low},
    "maximum_stock": lambda f: {"average": f.average, "months": f.high},
    "consumption_adjusted": _month,
    "adjusted_openlmis": _rule,
    "adjusted_elmis": _rule,
    "average_days_in_stock": lambda f: {
        "consumed": f.months("consumed", 3),
        "days_out": [each or 0 for each in f.months("stockout_days", 3)] or [0] * 3,
        "days": f.days[-3:],
    },
    "average_of_reports": lambda f: {"adjusted": _made_good(f)[-4:]},
    "average_current_period": lambda f: {"adjusted": _made_good(f)[-1]},
    "steadiness": lambda f: {
        "variation_": _known(float(coefficient_of_variation(_array(f.months("consumed", SHOWN)))))
    },
    "demand_pattern": lambda f: {"consumed": f.months("consumed", SHOWN)},
    "stock_gap": _balance,
    "gap_cause": lambda f: {"per_pack": f.per_pack, **_balance(f)},
    "adds_up": lambda f: {"tolerance": 0, **_balance(f)},
    "stock_break": lambda f: {"opening": f.last("opening"), "closing_before": f.last("closing", 1)},
    "order_quantity": _order,
    "packs": _packs,
    "packs_elmis": _packs,
    "push_quantity": lambda f: {**_stock(f), "months": 2},
    "forecast_seasonal_naive": _history,
    "forecast_moving_average": _history,
    "forecast_croston": _history,
    "forecast_tsb": _history,
    "indexed": lambda f: {"series": f.months("consumed", SHOWN)},
    "usual": lambda f: {"history": f.months("consumed", HISTORY)},
    "year_before": lambda f: {"now": f.last("consumed"), "before": f.last("consumed", 12)},
}
