"""What stores of an area could give to each other, from what they reported for a month."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard import i18n
from dashboard.holdings import Holding
from dashboard.programme import Programme
from indicators.cells import limits_of
from indicators.grids import Flags, Floats
from indicators.question import Answer, Question
from indicators.redistribution import STORES, propose

CYCLE = 1.0  # months between two deliveries where a form does not say otherwise


@dataclass(frozen=True)
class Proposal:
    """Transfers within a place, with what they were worked out from.

    Attributes:
        transfers: as `by_need` gives them; donor and receiver are ids of units.
        stores: how many stores of a product were looked at.
        unknown: how many of them reported no stock or used nothing of late: what they could spare or need
            is not known, so none of them gives or is given.
        unhelped: stores that are out of a product and are given none: `item`, `place`, `used` (whether
            anything was consumed of late: else nobody knows how much they need).
    """

    transfers: pd.DataFrame
    stores: int
    unknown: int
    unhelped: pd.DataFrame


def proposal(programme: Programme) -> Proposal:
    """Transfers between the stores below a place that is one's own; none within a single store."""
    stores = _stores(programme)
    known = stores["stock"].notna() & (stores["average"] > 0)
    transfers = by_need(propose(stores))
    return Proposal(transfers, len(stores), int((~known).sum()), unhelped(stores, transfers))


def unhelped(stores: pd.DataFrame, transfers: pd.DataFrame) -> pd.DataFrame:
    """Stores that are out of a product and that no transfer helps.

    Args:
        stores: a row for each product and place: `item`, `place`, `stock`, `average` (units a month).
        transfers: the columns `item` and `receiver`.

    Returns:
        `item`, `place` and `used`: whether its average is above 0; where it is not, its need is not known.
    """
    empty = stores.loc[stores["stock"] <= 0, ["item", "place", "average"]]
    helped = set(zip(transfers["item"], transfers["receiver"], strict=True))
    alone = [pair not in helped for pair in zip(empty["item"], empty["place"], strict=True)]
    left = empty.loc[alone].assign(used=empty["average"] > 0)
    return left[["item", "place", "used"]].reset_index(drop=True)


def by_need(transfers: pd.DataFrame) -> pd.DataFrame:
    """Transfers in the order in which they are worth making, with how many give to the same receiver.

    The product that the most stores are out of comes first; of a product those that have least, to a tenth
    of a month; of equals what stays within the district, then what brings most, then the nearest.

    Args:
        transfers: the columns of `indicators.redistribution.propose`.

    Returns:
        The same rows with `givers`: the receiver's months after are the result of all of them together.
    """
    givers = transfers.groupby(["item", "receiver"])["donor"].transform("size").astype("int64")
    empty = transfers[transfers["receiver_before"] <= 0].groupby("item")["receiver"].nunique()
    keys = pd.DataFrame({
        "out": -transfers["item"].map(empty).fillna(0).astype("float64"),
        "item": pd.factorize(transfers["item"])[0],
        "months": transfers["receiver_before"].round(1),
        "across": ~transfers["same_district"],
        "brings": -transfers["quantity"],
        "far": transfers["kilometres"],
    })  # fmt: skip
    order = keys.sort_values(list(keys.columns), kind="stable").index
    return transfers.assign(givers=givers).loc[order].reset_index(drop=True)


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
            "usable": _usable(holding, subject.id, places, programme.month),
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


def _usable(holding: Holding, code: str, places: list[str], month: int) -> Floats:
    """Months until the first lot of each place expires, where its slips say so: what is given away first.

    As of the end of the month, or of now where that is the newest; 0 where all that stands has expired.
    """
    registry = holding.registry
    ids = [each for each, named in registry.codes.items() if named == code] if registry else []
    if registry is None or not ids:
        return np.full(len(places), np.nan)
    lots = registry.expiring(month)
    lots = lots.loc[lots["item"].isin(ids)]
    good = lots.loc[~(lots["left"] <= 0)]
    spent = sorted(set(lots["org_unit"]) - set(good["org_unit"]))
    first = pd.concat([good.groupby("org_unit")["left"].min(), pd.Series(0.0, index=spent)])
    return np.asarray(first.reindex(places).to_numpy(dtype=np.float64))


def _cycles(holding: Holding, code: str, places: list[str]) -> Floats:
    """Months up to each place's next delivery: its form's window, as stores are supplied on their report."""
    assigned = holding.snapshot.read("assignments")
    asking = assigned[assigned["form"].isin(holding.forms_of.get(code, ()))]
    months = asking["form"].astype(str).map(holding.forms["months"].astype(np.float64))
    longest = months.groupby(asking["org_unit"].astype(str)).max()
    return np.asarray(longest.reindex(places).fillna(CYCLE).to_numpy(dtype=np.float64))


def named(programme: Programme, transfers: pd.DataFrame) -> pd.DataFrame:
    """Transfers with the names of products, stores and their districts, as people call them."""
    holding, language = programme.desk.figures.holding(), i18n.language()
    items = programme.desk.figures.country.items
    above = holding.units["parent"]

    def place(ids: pd.Series) -> list[str]:
        return [holding.names[str(each)] for each in ids]

    def district(ids: pd.Series) -> list[str]:
        return [holding.names.get(str(above[each]), "") for each in ids]

    return transfers.assign(
        item_name=[items[each].name[language] if each in items else each for each in transfers["item"]],
        donor_name=place(transfers["donor"]),
        donor_district=district(transfers["donor"]),
        receiver_name=place(transfers["receiver"]),
        receiver_district=district(transfers["receiver"]),
    )
