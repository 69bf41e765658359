"""Who nearby has more of an item than needed: for what is out, or will be.

Stock, months of stock and telephone of other stores are shown beyond one's own unit to whoever has the
country's role `see_neighbours`, with whom to ask for; nothing else of theirs is. Stores that keep no book
here are known by the form that they fill in DHIS2. Nearby are the stores under the same parent, and where
none of them has any to spare, those one level further up.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import asin, cos, radians, sin, sqrt
from typing import Any

import pandas as pd

from accounts import Person
from dashboard.questions import BadQuestionError, NotInScopeError
from dashboard.roles import may
from dashboard.store_reported import DAYS_OF_A_MONTH, Shelf, reported
from dashboard.store_view import StoreView
from dashboard.stores import Store
from ledger.consumption import consumed_daily, last_heard

SEE_NEIGHBOURS = "see_neighbours"
AVERAGED = timedelta(days=90)
EARTH_KM = 6371.0


@dataclass(frozen=True)
class Neighbour:
    """A store nearby: what it holds of an item, and what of that it will not need until its next delivery.

    `months_of_stock` and `spare` are None where its use is not known, `km` where either place is not,
    `telephone` and `contact` (whom to ask for) where DHIS2 does not know them. With `of_form` it is
    what DHIS2's form says, not a book kept here.
    """

    store: Store
    levels_up: int
    balance: int
    months_of_stock: float | None
    spare: int | None
    km: float | None
    as_of: datetime | None
    telephone: str | None = None
    contact: str | None = None
    of_form: bool = False


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
        found = [
            self._neighbour(store, there[unit], up, shelf)
            for unit, shelf in self._shelves(there, item).items()
        ]
        return sorted(found, key=lambda each: (-(each.spare or 0), each.km or 0.0, each.store.name))

    def _shelves(self, there: Mapping[str, Store], item: str) -> dict[str, Shelf]:
        """The book of whoever keeps one here, else the form; its use while a book says nothing of that."""
        forms, books = self._reported(there, item), self._recorded(there, item)
        told = {unit: forms[unit].daily for unit in books if unit in forms and books[unit].daily is None}
        return forms | books | {unit: replace(books[unit], daily=daily) for unit, daily in told.items()}

    def _recorded(self, there: Mapping[str, Store], item: str) -> dict[str, Shelf]:
        """What stores that keep their book here have: as of now, with the moment they were last heard of."""
        since = self._view.today() - AVERAGED
        used = consumed_daily(self._desk.database, list(there), item, since)
        heard = last_heard(self._desk.database, list(there))
        held = self._view.balances.in_units(list(there), item)
        return {e.unit: Shelf(e.balance, used.get(e.unit), heard[e.unit]) for e in held if e.unit in heard}

    def _reported(self, there: Mapping[str, Store], item: str) -> dict[str, Shelf]:
        """What the others have by DHIS2's own form."""
        holding = self._desk.figures.holding()
        return reported(holding, there.keys(), item, self._view.now(), self._desk.zone)

    def _neighbour(self, asker: Store, store: Store, up: int, shelf: Shelf) -> Neighbour:
        telephone, contact = self._desk.figures.holding().contacts.get(store.id, (None, None))
        months = shelf.balance / (shelf.daily * DAYS_OF_A_MONTH) if shelf.daily else None
        return Neighbour(
            store=store,
            levels_up=up,
            balance=shelf.balance,
            months_of_stock=months,
            spare=self._spare(store, shelf),
            km=self._km(asker, store),
            as_of=shelf.as_of,
            telephone=telephone,
            contact=contact,
            of_form=shelf.of_form,
        )

    def _spare(self, store: Store, shelf: Shelf) -> int | None:
        """What a store will not need until its next delivery, counted from when its balance stood.

        A delivery that came since is not counted: nobody is promised more than is known.
        """
        if shelf.daily is None:
            return None
        due = self._view.next_delivery(store.id)
        ahead = (due - self._view.today()).days if due else DAYS_OF_A_MONTH
        since = max(0, (self._view.today() - shelf.as_of.astimezone(self._desk.zone).date()).days)
        # A book is kept to this day, whenever its last line was written; a form is of the day it stood.
        days = ahead + (since if shelf.of_form else 0)
        return max(0, int(shelf.balance - shelf.daily * days))

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
