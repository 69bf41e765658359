"""What a store's desk is told: items, balances, people, transfers, differences; whole or what changed."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import Any

from accounts import Person
from dashboard.delivery import next_delivery
from dashboard.store_advice import LOOKED_BACK, Known, advice_of, before
from dashboard.store_registry import Registry
from dashboard.stores import Catalogue, Commodity, Store, StoreDesk, may_record
from ledger.balances import Balances, Lot
from ledger.clock import Clock, utc_now
from ledger.code_links import CodeLinks
from ledger.consumption import consumed_earlier
from ledger.device_clocks import day_of
from ledger.differences import Differences
from ledger.disagreements import Disagreements
from ledger.figures import Days, book_begins, daily, month_number, number_of_day
from ledger.openings import Openings
from ledger.receipts import last_received
from ledger.recipients import Recipients
from ledger.transfers import Transfer, Transfers

DIFFERENCES_OF, DAY = timedelta(days=62), timedelta(days=1)
PARTS, DIGITS = 5, 12
NOTHING_KNOWN = {
    **dict.fromkeys(("expected_daily", "safe_today", "run_out", "reserve", "needed", "fair", "share")),
    "rests_on": {"days": 0, "months": 0, "registry": 0, "asked": 0},
    "status": "unknown",
}


@dataclass(frozen=True)
class Since:
    """What somebody has already: versions of snapshot and store, the day of the advice; -1 for nothing.

    Attributes:
        snapshot: the version of the figures.
        store: that of what the store recorded.
        day: of the advice.
        rest: a digest of what has no version and is small: transfers, departments, next delivery.
        differences: a digest of the differences, which may be many and seldom change.
    """

    snapshot: int
    store: int
    day: int = 0
    rest: int = 0
    differences: int = 0

    @classmethod
    def read(cls, text: str) -> "Since":
        """A version as it was told; one that cannot be read counts as none."""
        parts = text.split(".")
        if len(parts) != PARTS or not all(part.isascii() and part.isdecimal() for part in parts):
            return cls(-1, -1)
        return cls(*(int(part[:DIGITS]) for part in parts))

    def written(self) -> str:
        """As it is told."""
        return f"{self.snapshot}.{self.store}.{self.day}.{self.rest}.{self.differences}"


class StoreView:
    """What is told of stores.

    Args:
        desk: knows the stores, and who may see which.
        clock: for the day of the next delivery.
    """

    def __init__(self, desk: StoreDesk, clock: Clock = utc_now) -> None:
        database = desk.database
        self.desk, self._clock = desk, clock
        self.balances, self._transfers = Balances(database), Transfers(database)
        self._recipients, self._differences = Recipients(database), Differences(database)
        self._codes = CodeLinks(database)
        self._registry = Registry()
        self._disagreements, self._openings = Disagreements(database), Openings(database, desk.zone)

    def told(self, store: Store, since: Since, person: Person) -> dict[str, Any]:
        """A store as its desk is told it.

        Args:
            store: which one.
            person: who asks; whoever may record there has its first balances fetched from DHIS2.
            since: what the desk has already; what did not change since is left out.
        """
        known = self.desk.catalogue()
        # The version is read first: what is recorded meanwhile is told again next time.
        now = Since(known.version, self.balances.version(store.id), number_of_day(self.today()))
        full = (since.snapshot, since.day) != (now.snapshot, now.day) or since.store > now.store
        before = 0 if full else since.store
        rest, differences = self._rest(store, known, person), self._told_differences(store.id)
        now = replace(now, rest=_digest(rest), differences=_digest(differences))
        links = self._codes.of(store.id, before)
        codes = [{"id": each.code, "item": each.item, "version": each.version} for each in links]
        return {
            "version": now.written(),
            "full": full,
            "items": self._items(store, known, None if full else before),
            "recipients": self._people(store.id, 0 if full else before),
            **({"codes": codes} if codes or full else {}),
            **(rest if full or since.rest != now.rest else {}),
            **({"differences": differences} if full or since.differences != now.differences else {}),
        }

    def _rest(self, store: Store, known: Catalogue, person: Person) -> dict[str, Any]:
        """What is told whole, or not at all where it is as before."""
        return {
            "unit": {"id": store.id, "code": store.code, "name": store.name},
            "next_delivery": _day(self.next_delivery(store.id)),
            "departments": [{"id": e.id, "name": e.name} for e in self._recipients.departments(store.id)],
            "open_transfers": [self._transfer(each, known) for each in self._transfers.open_at(store.id)],
            "opening": self._opening(store, person),
        }

    def _opening(self, store: Store, person: Person) -> dict[str, Any] | None:
        """How far the first balances are; None where nobody may ask for them."""
        state = self._openings.state(store.id)
        if state is None and may_record(person, store):
            self._openings.ask(store.id, person.username)
            state = self._openings.state(store.id)
        if state is None:
            return None
        return {k: v.isoformat() if isinstance(v, datetime) else v for k, v in state.items()}

    def next_delivery(self, unit: str) -> date | None:
        """When a store's next delivery comes."""
        last = last_received(self.desk.database, unit)
        arrived = datetime.strptime(str(last), "%Y%m%d").date() if last else None  # noqa: DTZ007
        return next_delivery(self.today(), self.desk.country.delivery_day, arrived)

    def now(self) -> datetime:
        """The moment, by the server's clock."""
        return self._clock()

    def today(self) -> date:
        """The day in the country's time zone."""
        return self._clock().astimezone(self.desk.zone).date()

    def _items(self, store: Store, known: Catalogue, since: int | None) -> list[dict[str, Any]]:
        """The items of the form, and what the store still holds of those that the form has dropped."""
        held = {each.item: each.balance for each in self.balances.of(store.id)}
        form = {each.id: each for each in known.form_of(store)}
        shown = [*form, *(item for item in held if item not in form and item in known.commodities)]
        if since is not None:
            changed = {each.item for each in self.balances.of(store.id, since)}
            shown = [item for item in shown if item in changed]
        waiting = self.balances.unconfirmed(store.id)
        lots, advice = _by_item(self.balances.lots(store.id)), self.advice(store.id, held)
        return [
            self._item(known.commodities[item], held.get(item))
            | advice.get(item, NOTHING_KNOWN)
            | {"carried": item in form, "unconfirmed": item in waiting}
            | {"lots": [_lot(each) for each in lots.get(item, ())]}
            for item in shown
        ]

    def advice(self, unit: str, held: Mapping[str, int]) -> dict[str, dict[str, Any]]:
        """How much of each item that a store holds can go today, and what that rests on."""
        today, database = self.today(), self.desk.database
        begins = book_begins(database, unit)
        first = max(begins, today - LOOKED_BACK) if begins else today
        days = daily(database, unit, first, today - DAY) if begins else {}
        slips = self._slips(unit, today - LOOKED_BACK, first - DAY)
        earlier = consumed_earlier(database, unit, month_number(first))
        months = {item: before(packs, slips.get(item)) for item, packs in earlier.items()}
        return advice_of(Known(held, days, months, slips), today, self.next_delivery(unit))

    def _slips(self, unit: str, first: date, last: date) -> dict[str, Days]:
        """What the registry in DHIS2 says of the days before the store kept its book here."""
        packs = {each.id: each.pack_size for each in self.desk.catalogue().commodities.values()}
        return self._registry.days(self.desk.figures.holding(), unit, packs, first, last)

    def _item(self, commodity: Commodity, balance: int | None) -> dict[str, Any]:
        return {
            "id": commodity.id,
            "code": commodity.code,
            "name": self.desk.name(commodity),
            "pack": self.desk.pack(commodity),
            "programme": self.desk.programme(commodity),
            "pair": self.desk.pair(commodity),
            "balance": balance,
        }

    def _people(self, unit: str, since: int) -> list[dict[str, Any]]:
        known = [
            {"id": e.id, "name": e.name, "department": e.department or None, "used_at": e.used_at.isoformat()}
            for e in self._recipients.people(unit, since)
        ]
        merged = self._recipients.gone(unit, since) if since else []
        return known + [{"id": gone, "gone": True, "merged_into": kept} for gone, kept in merged]

    def _transfer(self, transfer: Transfer, known: Catalogue) -> dict[str, Any]:
        """A transfer that is not settled; the other store is named, whoever's it is."""
        told = {k: v.isoformat() if isinstance(v, datetime) else v for k, v in asdict(transfer).items()}
        names = {
            f"{end}_name": known.stores[unit].name if unit in known.stores else unit
            for end, unit in (("origin", transfer.origin), ("destination", transfer.destination))
        }
        return told | names | {"open": transfer.open}

    def _told_differences(self, unit: str) -> list[dict[str, Any]]:
        """What DHIS2 holds, and counts of the last two months found, otherwise than the book."""
        now = self._clock()
        first, last = day_of(now - DIFFERENCES_OF, self.desk.zone), day_of(now, self.desk.zone)
        counted = [
            {"kind": "count", **asdict(each), "day": _dashed(each.day)}
            for each in self._differences.of(unit, first, last)
        ]
        return counted + self._disagreements.open_of([unit])


def _digest(told: Any) -> int:
    """A number that is another one when what is told is another."""
    text = json.dumps(told, sort_keys=True, default=str)
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest()) % 10**DIGITS


def _lot(lot: Lot) -> dict[str, Any]:
    return {"lot": lot.lot, "expiry": _day(lot.expiry), "balance": lot.balance}


def _by_item(lots: Sequence[Lot]) -> Mapping[str, list[Lot]]:
    found: defaultdict[str, list[Lot]] = defaultdict(list)
    for lot in lots:
        found[lot.item].append(lot)
    return found


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _dashed(day: int) -> str:
    return f"{day // 10_000:04}-{day // 100 % 100:02}-{day % 100:02}"
