"""What stores of an area could give to each other, from what they reported for a month."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.holdings import Holding
from dashboard.programme import Programme
from indicators.cells import limits_of
from indicators.expiry import months_until
from indicators.grids import Flags, Floats
from indicators.question import Answer, Question
from indicators.redistribution import STORES, propose

CYCLE = 1.0  # months between two deliveries where a form does not say otherwise


@dataclass(frozen=True)
class Proposal:
    """Transfers within a place, with what they were worked out from.

    Attributes:
        transfers: the columns of `indicators.redistribution.propose`; donor and receiver are ids of units.
        stores: how many stores of a product were looked at.
        unknown: how many of them reported no stock or have no average, so that nothing is known of them.
    """

    transfers: pd.DataFrame
    stores: int
    unknown: int


def proposal(programme: Programme) -> Proposal:
    """Transfers between the stores below a place that is one's own; none within a single store."""
    stores = _stores(programme)
    known = stores["stock"].notna() & stores["average"].notna()
    return Proposal(propose(stores), len(stores), int((~known).sum()))


def _stores(programme: Programme) -> pd.DataFrame:
    """A row for each product and place that carries it, as `propose` takes them."""
    holding = programme.desk.figures.holding()
    rollup, country = holding.rollup, programme.desk.figures.country
    places = _places(programme)
    question = Question(tuple(places), programme.subjects, programme.month, programme.month)
    stock = programme.ask("stock", question)
    average = programme.ask("average_monthly_consumption", question)
    units = holding.units.loc[list(places)]
    positions = units["first"].to_numpy(dtype=np.intp)  # a unit's own position
    limits = limits_of(rollup, programme.desk.rules.levels, positions)
    low, high = (
        np.broadcast_to(np.asarray(each).reshape(-1), len(places)) for each in (limits.low, limits.high)
    )
    tables = []
    for at, subject in enumerate(programme.subjects):
        item, carried = country.items.get(subject.id), _carried(stock, average, at)
        tables.append(pd.DataFrame({
            "item": subject.id,
            "place": places,
            "district": units["parent"].to_numpy(),
            "stock": stock.value[:, at, 0],
            "average": average.value[:, at, 0],
            "pack": item.pack_size if item else 1.0,
            "least": low,
            "most": high,
            "to_delivery": _cycles(holding, subject.id, places),
            "longitude": units["longitude"].to_numpy(dtype=np.float64),
            "latitude": units["latitude"].to_numpy(dtype=np.float64),
            "usable": _usable(holding, subject.id, places),
        })[carried])  # fmt: skip
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(STORES))


def _places(programme: Programme) -> list[str]:
    """The units without units below them, within the place; none where the place is not one's own."""
    if programme.totals_only or not programme.children:
        return []
    units = programme.desk.figures.holding().units
    here = units.loc[str(programme.unit["id"])]
    within = units.iloc[int(here["first"]) : int(here["last"])]
    return [str(each) for each in within.index[within["last"] - within["first"] == 1]]


def _carried(stock: Answer, average: Answer, at: int) -> Flags:
    return np.asarray((stock.expected[:, at, 0] > 0) | (average.expected[:, at, 0] > 0))


def _usable(holding: Holding, code: str, places: list[str]) -> Floats:
    """Months until the first lot of each place expires, where its slips say so: what is given away first."""
    registry = holding.registry
    ids = [each for each, named in registry.codes.items() if named == code] if registry else []
    if registry is None or not ids:
        return np.full(len(places), np.nan)
    lots = registry.slips.lots.loc[registry.slips.lots["item"].astype(str).isin(ids)]
    left = months_until(lots["expiry"].to_numpy(), registry.slips.today)
    ahead = pd.Series(left, index=lots["org_unit"].astype(str))
    first = ahead[ahead > 0].groupby(level=0).min()
    return np.asarray(first.reindex(places).to_numpy(dtype=np.float64))


def _cycles(holding: Holding, code: str, places: list[str]) -> Floats:
    """Months up to each place's next delivery: its form's window, as stores are supplied on their report."""
    assigned = holding.snapshot.read("assignments")
    asking = assigned[assigned["form"].isin(holding.forms_of.get(code, ()))]
    months = asking["form"].astype(str).map(holding.forms["months"].astype(np.float64))
    longest = months.groupby(asking["org_unit"].astype(str)).max()
    return np.asarray(longest.reindex(places).fillna(CYCLE).to_numpy(dtype=np.float64))
