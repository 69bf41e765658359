"""The stores as people may see them: which there are, what is on their form, who may record where."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

import pandas as pd

from accounts import Person
from accounts.scope import Scope, Unit
from dashboard import i18n
from dashboard.holdings import Holding
from dashboard.queries import Figures
from dashboard.questions import NothingSyncedError, NotInScopeError, UnknownUnitError
from ledger.database import Database
from ledger.movement_form import Rules
from ledger.movements import Movements

ENTER_VALUES = "F_DATAVALUE_ADD"
"""The DHIS2 authority without which nobody records anything."""


@dataclass(frozen=True)
class Store:
    """A unit that keeps a store: it is assigned a form that stores write to.

    Attributes:
        id: the unit's id in DHIS2.
        code: its code; None where it has none.
        name: what it is called.
        path: its place in the hierarchy.
        forms: keys of its forms.
    """

    id: str
    code: str | None
    name: str
    path: str
    forms: frozenset[str]


@dataclass(frozen=True)
class Commodity:
    """An item of a stores' form, by its element in DHIS2, counted in packs."""

    id: str
    code: str
    name: str
    form: str
    programme: str | None
    pack_size: float


@dataclass(frozen=True)
class Catalogue:
    """The stores and their commodities in one version of the snapshot, each by id."""

    version: int
    stores: Mapping[str, Store]
    commodities: Mapping[str, Commodity]

    @cached_property
    def units(self) -> Mapping[str, str]:
        """Ids of the stores' units, by id and by code."""
        return {
            **{s.code: s.id for s in self.stores.values() if s.code},
            **{each: each for each in self.stores},
        }

    @cached_property
    def items(self) -> Mapping[str, str]:
        """Ids of the commodities, by id and by code."""
        return {
            **{c.code: c.id for c in self.commodities.values()},
            **{each: each for each in self.commodities},
        }

    def form_of(self, store: Store) -> list[Commodity]:
        """What is on a store's form."""
        return [each for each in self.commodities.values() if each.form in store.forms]


class StoreDesk:
    """The stores of one installation.

    Args:
        database: where movements are kept.
        figures: knows the units, and who may see which.
    """

    def __init__(self, database: Database, figures: Figures) -> None:
        self.database, self.figures, self.country = database, figures, figures.country
        self.zone = ZoneInfo(figures.country.time_zone)
        self.movements = Movements(database, self.zone)
        self._held: Catalogue | None = None

    def catalogue(self) -> Catalogue:
        """The stores and commodities as last synced.

        Raises:
            NothingSyncedError: nothing was synced yet, or before the stores' form was kept.
        """
        holding = self.figures.holding()
        if self._held is None or self._held.version != holding.version:
            self._held = read_catalogue(holding)
        return self._held

    def store(self, name: str, person: Person) -> Store:
        """A store that a person may look at, by id or code.

        Raises:
            UnknownUnitError: no unit has this name, or it keeps no store.
            NotInScopeError: it is not one's own to see.
        """
        unit = self.figures.unit(name, person.scope)
        if not person.scope.sees(str(unit["path"])):
            what = f"The unit {name!r} lies above yours, and keeps no store that you may see."
            raise NotInScopeError("unit", what, "Ask for a unit of your own.")
        found = self.catalogue().stores.get(str(unit["id"]))
        if found is None:
            what = f"The unit {name!r} keeps no store: none of the stores' forms is assigned to it in DHIS2."
            raise UnknownUnitError("unit", what, "Assign the form to it in DHIS2, then sync.")
        return found

    def stores(self, person: Person) -> list[Store]:
        """The stores that a person may look at, by name."""
        seen = [each for each in self.catalogue().stores.values() if person.scope.sees(each.path)]
        return sorted(seen, key=lambda store: (store.name.casefold(), store.id))

    def keeps_one_store(self, person: Person) -> bool:
        """Whether a person's units are one store alone, where they record; not before the first sync."""
        paths = {each.path for each in (*person.scope.units, *person.capture)}
        if len(paths) != 1:
            return False
        try:
            return any(each.path in paths and may_record(person, each) for each in self.stores(person))
        except NothingSyncedError:
            return False

    def rules(self, person: Person) -> Rules:
        """What a person may record."""
        known = self.catalogue()

        def may_write(unit: str) -> bool:
            return may_record(person, known.stores[unit])

        return Rules(known.units, known.items, may_write, person.username)

    def pack(self, commodity: Commodity) -> str:
        """What a pack is, in the reader's language; empty where the configuration does not say."""
        item = self.country.items.get(commodity.code)
        unit = item.unit[i18n.language()] if item else ""
        return i18n.t("movements.pack", size=i18n.number(commodity.pack_size), unit=unit) if unit else ""

    def pair(self, commodity: Commodity) -> str | None:
        """The pair that compares a commodity with its service; None where it has none."""
        pairs = self.country.pairs.values()
        return next((each.id for each in pairs if each.services and commodity.code in each.commodities), None)

    def programme(self, commodity: Commodity) -> str | None:
        """The name of the health programme that a commodity belongs to; None where that is not configured."""
        item = self.country.items.get(commodity.code)
        found = self.country.programmes.get(item.programme) if item else None
        return found.name[i18n.language()] if found else None

    def name(self, commodity: Commodity) -> str:
        """What a commodity is called, in the reader's language."""
        item = self.country.items.get(commodity.code)
        return item.name[i18n.language()] if item else commodity.name


def may_record(person: Person, store: Store) -> bool:
    """Whether a person may record movements of a store: DHIS2 lets them enter values there."""
    return person.may(ENTER_VALUES) and _captures(person.capture, store.path)


def _captures(units: tuple[Unit, ...], path: str) -> bool:
    return Scope(units).sees(path)


def read_catalogue(holding: Holding) -> Catalogue:
    """The stores and commodities of a snapshot.

    Raises:
        NothingSyncedError: it was made before the stores' form was kept.
    """
    snapshot = holding.snapshot
    if "store_forms" not in snapshot.manifest["tables"]:
        what = "The form of the stores was not synced yet."
        raise NothingSyncedError(
            "data", what, "Run `python app.py sync`, or ask for a sync on the Data page."
        )
    items, assigned = snapshot.read("store_items"), snapshot.read("store_assignments")
    forms = assigned.astype("str").groupby("org_unit")["form"].agg(frozenset)
    records = holding.records
    stores = {
        unit: Store(unit, _code(records[unit]["code"]), holding.names[unit], str(records[unit]["path"]), keys)
        for unit, keys in forms.items()
        if unit in records
    }
    commodities = {
        row.id: Commodity(row.id, row.code, row.name, row.form, _code(row.programme), float(row.pack_size))
        for row in items.itertuples()
    }
    return Catalogue(holding.version, stores, commodities)


def _code(value: object) -> str | None:
    return None if pd.isna(value) else str(value)
