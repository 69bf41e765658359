"""Supply alerts: what is out, runs out before the next delivery, is too much, or expires before it is used.

They are of now: each store's last report of a product, if it is of the last two months of the data. A spell
keeps its identity by the month since which it lasts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from accounts.scope import Scope
from dashboard.alerts_found import plain
from dashboard.alerts_ranked import importance, priced
from dashboard.holdings import Holding
from dashboard.logistics import LogisticsDesk
from dashboard.programme import ProgrammeAddress, look, programmes
from dashboard.transfers import CYCLE, proposal
from indicators.cells import Cells
from indicators.grids import Floats
from indicators.hierarchy import Positions
from indicators.stock_status import Limits
from ledger.alert_intake import Candidate
from ledger.alerts import SUPPLY

OUT, RUNS_OUT, OVER, EXPIRING = "out", "runs_out", "over", "expiring"
CODES = (OUT, RUNS_OUT, OVER, EXPIRING)
URGENCY = {OUT: 4.0, RUNS_OUT: 3.0, EXPIRING: 2.0, OVER: 1.0}
RECENT = 2
"""A report older than so many months says nothing of now."""


@dataclass(frozen=True)
class Stocks:
    """How a product stands at its stores, arrays `[place, month of the data]`; limits are months of stock."""

    code: str
    positions: Positions
    held: Floats
    average: Floats
    least: Floats
    most: Floats
    to_delivery: Floats

    def lasts(self, column: int) -> Floats:
        """Months of stock at the end of a month, `[place]`."""
        average = self.average[:, column]
        return np.asarray(self.held[:, column] / np.where(average > 0, average, np.nan))


class SupplyDesk:
    """Finds the supply alerts of one version of the data.

    Args:
        desk: the indicators.
        scope: that sees everything.
    """

    def __init__(self, desk: LogisticsDesk, scope: Scope) -> None:
        self._desk, self._scope, self._country = desk, scope, desk.figures.country
        self._holding: Holding = desk.figures.holding()
        self._months = self._holding.rollup.months
        self._stocks: dict[str, Stocks] = {}

    def found(self) -> list[Candidate]:
        """Every supply alert there is now."""
        for code in self._codes():
            if stocks := self._of(code):
                self._stocks[code] = stocks
        donors = self._donors()
        found = [each for stocks in self._stocks.values() for each in self._states(stocks, donors)]
        return found + list(self._expiring())

    def _codes(self) -> list[str]:
        items = self._holding.rollup.items
        return [str(code) for code in items["code"][(items["kind"] == "commodity").to_numpy()]]

    def _of(self, code: str) -> Stocks | None:
        rollup = self._holding.rollup
        [number] = rollup.numbers([code]) or [None]
        grid = None if number is None else rollup.grids.get((number, "closing"))
        if number is None or grid is None:
            return None
        cells = Cells.of(rollup, self._desk.rules, [number], grid.rows)
        cell, limits = cells.each[0], cells.limits()
        return Stocks(
            code, grid.rows, cell.held, cell.average, *_levels(limits, len(grid.rows)),
            self._to_delivery(code, grid.rows),
        )  # fmt: skip

    def _to_delivery(self, code: str, positions: Positions) -> Floats:
        """Months up to the next delivery: the window of the form that asks each place for the product."""
        holding = self._holding
        assigned = holding.snapshot.read("assignments")
        asking = assigned[assigned["form"].isin(holding.forms_of.get(code, ()))]
        months = asking["form"].astype(str).map(holding.forms["months"].astype(np.float64))
        longest = months.groupby(asking["org_unit"].astype(str)).max()
        places = [holding.rollup.hierarchy.ids[each] for each in positions]
        return np.asarray(longest.reindex(places).fillna(CYCLE).to_numpy(dtype=np.float64))

    def _donors(self) -> Mapping[tuple[str, str], dict[str, Any]]:
        """Who could help, by product and receiver: the first transfer that the redistribution proposes."""
        top = str(self._holding.units.index[0])
        found: dict[tuple[str, str], dict[str, Any]] = {}
        for programme in programmes(self._country):
            looked = look(self._desk, ProgrammeAddress(top, programme), self._scope)
            for row in proposal(looked).transfers.to_dict("records"):
                key = str(row["item"]), str(row["receiver"])
                donor = {"unit": str(row["donor"]), "quantity": plain(row["quantity"])}
                away = {"kilometres": plain(row["kilometres"]), "packs": int(row["packs"])}
                found.setdefault(key, donor | away)
        return found

    def _states(self, stocks: Stocks, donors: Mapping[tuple[str, str], Any]) -> Iterator[Candidate]:
        ids = self._holding.rollup.hierarchy.ids
        for row, column, code in _spells(stocks, len(self._months)):
            unit = ids[stocks.positions[row]]
            since = _since(_kind_of_months(stocks, row), column, code)
            facts = self._facts(stocks, row, column, since)
            if code == OUT and not facts["average"]:
                facts |= _needed_before(stocks.average[row, :since])
            facts["donor"] = donors.get((stocks.code, unit)) if code in (OUT, RUNS_OUT) else None
            month = int(self._months[since])
            yield Candidate(
                SUPPLY, code, unit, stocks.code, month, self._rank(code, stocks, row, facts), facts
            )

    def _facts(self, stocks: Stocks, row: int, column: int, since: int) -> dict[str, Any]:
        unit_position = int(stocks.positions[row])
        return {
            "measure": "closing",
            "value": plain(stocks.held[row, column]),
            "average": plain(stocks.average[row, column]),
            "months": plain(stocks.lasts(column)[row]),
            "as_of": int(self._months[column]),
            "lasting": column - since + 1,
            "least": plain(stocks.least[row]),
            "most": plain(stocks.most[row]),
            "to_delivery": plain(stocks.to_delivery[row]),
            "family": self._family(stocks.code, unit_position, column),
        }

    def _family(self, code: str, position: int, column: int) -> list[dict[str, Any]]:
        """How the substitutes of a product stand at the same place."""
        found = []
        for family in self._country.families.values():
            for other in family.commodities if code in family.commodities else ():
                stocks = self._stocks.get(other)
                row = None if stocks is None else int(np.searchsorted(stocks.positions, position))
                if other == code or stocks is None or row is None or row >= len(stocks.positions):
                    continue
                if stocks.positions[row] == position:
                    found.append({
                        "item": other,
                        "value": plain(stocks.held[row, column]),
                        "months": plain(stocks.lasts(column)[row]),
                    })  # fmt: skip
        return found

    def _rank(self, code: str, stocks: Stocks, row: int, facts: Mapping[str, Any]) -> float:
        """Urgency times what a month needs (or what is too much), times importance."""
        average = facts["average"] or 0.0
        surplus = (facts["value"] or 0.0) - average * float(stocks.most[row])
        stake = (surplus if code == OVER else average) * priced(self._country, stocks.code)
        important = importance(self._country, stocks.code)
        return round(URGENCY[code] / 4 * float(np.log1p(max(stake, 0.0))) * important, 4)

    def _expiring(self) -> Iterator[Candidate]:
        """What expires before it is used, by the stores' slips."""
        registry = self._holding.registry
        if registry is None:
            return
        lots = registry.slips.expiring
        lots = lots[(lots["at_risk"] > 0) & (lots["quantity"] > 0)]
        known = set(self._holding.units.index)
        for (unit, item), rows in lots.groupby([lots["org_unit"].astype(str), lots["item"].astype(str)]):
            if unit in known and item in registry.codes:
                yield self._lots(unit, registry.codes[item], rows)

    def _lots(self, unit: str, code: str, rows: pd.DataFrame) -> Candidate:
        first = rows.sort_values("expiry").iloc[0]
        expiry = pd.Timestamp(first["expiry"])
        facts = {
            "measure": "lots",
            "value": plain(rows["at_risk"].sum()),
            "stock": plain(rows["quantity"].sum()),
            "lot": str(first["lot"]),
            "expiry": expiry.date().isoformat(),
            "average": plain(first["average"]),
            "lots": len(rows),
        }
        stake = float(rows["at_risk"].sum()) * priced(self._country, code)
        order = URGENCY[EXPIRING] / 4 * float(np.log1p(stake)) * importance(self._country, code)
        return Candidate(
            SUPPLY, EXPIRING, unit, code, expiry.year * 100 + expiry.month, round(order, 4), facts
        )


def _needed_before(average: Floats) -> dict[str, Any]:
    """What a month needed before nobody could use any, where the months since say nothing.

    >>> _needed_before(np.array([30.0, 25.0, 0.0])), _needed_before(np.array([np.nan]))
    ({'average': 25.0, 'before': True}, {'average': None})
    """
    known = np.flatnonzero(average > 0)
    return {"average": plain(average[known[-1]]), "before": True} if len(known) else {"average": None}


def _levels(limits: Limits, places: int) -> tuple[Floats, Floats]:
    low, high = (np.broadcast_to(np.asarray(each).reshape(-1), places) for each in (limits.low, limits.high))
    return np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)


def _spells(stocks: Stocks, months: int) -> Iterator[tuple[int, int, str]]:
    """Row, column of the last report and state, of every place whose last report is recent and not usual."""
    for row in range(len(stocks.positions)):
        recent = np.flatnonzero(~np.isnan(stocks.held[row, -RECENT:]))
        if len(recent):
            column = months - min(RECENT, months) + int(recent[-1])
            state = _state(stocks, row, column)
            if state:
                yield row, column, state


def _state(stocks: Stocks, row: int, column: int) -> str:
    """What a stock is at the end of a month; empty where it is as it should be, or nothing is known."""
    held, average = stocks.held[row, column], stocks.average[row, column]
    if held <= 0:
        return OUT
    if np.isnan(held) or np.isnan(average) or average <= 0:
        return ""
    lasts = held / average
    if lasts < stocks.to_delivery[row]:
        return RUNS_OUT
    return OVER if lasts > stocks.most[row] else ""


def _kind_of_months(stocks: Stocks, row: int) -> list[str | None]:
    """The state of every month; None where nothing was reported."""
    return [None if np.isnan(held) else _state(stocks, row, column)
            for column, held in enumerate(stocks.held[row])]  # fmt: skip


def _since(states: list[str | None], column: int, code: str) -> int:
    """The column since which a state lasts; months without a report do not end it, and do not begin it.

    >>> _since(["", "out", None, "out", "out"], 4, "out")
    1
    """
    first = column
    for at in range(column, -1, -1):
        if states[at] == code:
            first = at
        elif states[at] is not None:
            break
    return first


def as_months(values: npt.ArrayLike) -> list[float | None]:
    """A row of figures as JSON keeps it."""
    return [plain(each) for each in np.asarray(values, dtype=np.float64)]
