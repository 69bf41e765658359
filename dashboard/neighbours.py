"""Who nearby has more of an item than needed: for what is out, or will be.

Stock, months of stock and telephone of other stores are shown beyond one's own unit to whoever has the
country's role `see_neighbours`; nothing else of theirs is. Nearby are the stores under the same parent, and
where none of them has any to spare, those one level further up.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import asin, cos, radians, sin, sqrt
from typing import Any

import pandas as pd

from accounts import Person
from dashboard.questions import BadQuestionError, NotInScopeError
from dashboard.roles import may
from dashboard.store_view import StoreView
from dashboard.stores import Store
from ledger.consumption import consumed_daily, last_heard

SEE_NEIGHBOURS = "see_neighbours"
AVERAGED = timedelta(days=90)
DAYS_OF_A_MONTH = 30.4375
EARTH_KM = 6371.0


@dataclass(frozen=True)
class Neighbour:
    """A store nearby: what it holds of an item, and what of that it will not need until its next delivery.

    `months_of_stock` and `spare` are None where its use is not known, `km` where either place is not.
    """

    store: Store
    levels_up: int
    balance: int
    months_of_stock: float | None
    spare: int | None
    km: float | None
    as_of: datetime | None


class Neighbours:
    """Answers who nearby could help.

    Args:
        view: what is known of the stores.
    """

    def __init__(self, view: StoreView) -> None:
        self._view, self._desk = view, view.desk

    def of(self, store: Store, item: str, person: Person) -> list[Neighbour]:
        """The stores nearby that hold an item, most to spare first.

        Args:
            store: who asks.
            item: id or code of a commodity.
            person: the asker.

        Raises:
            BadQuestionError: there is no such item on the store's form.
            NotInScopeError: the asker may not see other stores.
        """
        known = self._desk.catalogue()
        if item not in known.items:
            raise BadQuestionError(
                "item", f"There is no commodity {item!r}.", "Name one of the store's form."
            )
        if not may(person, self._desk.country, SEE_NEIGHBOURS):
            what = "Your account may not see what other stores hold."
            raise NotInScopeError("unit", what, "Ask whoever administers this installation for the right.")
        near = self._looked_at(store, known.items[item], 1)
        if any(each.spare for each in near):
            return near
        further = self._looked_at(store, known.items[item], 2)
        nearest = {each.store.id for each in near}
        return near + [each for each in further if each.store.id not in nearest]

    def _looked_at(self, store: Store, item: str, up: int) -> list[Neighbour]:
        """The stores under the unit so many levels above, without the asker's own."""
        above = store.path.rsplit("/", up)[0] + "/"
        stores = self._desk.catalogue().stores.values()
        there = {e.id: e for e in stores if e.path.startswith(above) and e.id != store.id}
        since = self._view.today() - AVERAGED
        held = self._view.balances.in_units(list(there), item)
        used = consumed_daily(self._desk.database, list(there), item, since)
        heard = last_heard(self._desk.database, list(there))
        found = [
            self._neighbour(
                Neighbour(
                    there[e.unit],
                    up,
                    e.balance,
                    None,
                    None,
                    self._km(store, there[e.unit]),
                    heard.get(e.unit),
                ),
                used.get(e.unit),
            )
            for e in held
        ]
        return sorted(found, key=lambda each: (-(each.spare or 0), each.km or 0.0, each.store.name))

    def _neighbour(self, found: Neighbour, daily: float | None) -> Neighbour:
        if daily is None:
            return found
        due = self._view.next_delivery(found.store.id)
        days = (due - self._view.today()).days if due else DAYS_OF_A_MONTH
        months = found.balance / (daily * DAYS_OF_A_MONTH) if daily > 0 else None
        spare = max(0, int(found.balance - daily * days))
        return Neighbour(found.store, found.levels_up, found.balance, months, spare, found.km, found.as_of)

    def _km(self, one: Store, other: Store) -> float | None:
        units = self._desk.figures.holding().units
        places: Any = units.loc[[one.id, other.id], ["longitude", "latitude"]]
        if places.isna().to_numpy().any():
            return None
        return great_circle_km(places.iloc[0], places.iloc[1])


def great_circle_km(one: "pd.Series[float]", other: "pd.Series[float]") -> float:
    """The distance of two places (longitude, latitude) over the ground, by the haversine formula.

    Example:
        >>> paris, london = pd.Series([2.35, 48.86]), pd.Series([-0.13, 51.51])
        >>> round(great_circle_km(paris, london))
        344
    """
    (west, south), (east, north) = (map(radians, each) for each in (one, other))
    half = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin((east - west) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))
