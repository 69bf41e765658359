"""What a person may know and decide of the stores' months in DHIS2: what waits, differs, is ordered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accounts import Person
from dashboard.questions import BadQuestionError, NotInScopeError, UnknownFileError
from dashboard.roles import SYNCHRONISE, may
from dashboard.stores import Store, StoreDesk, may_record
from ledger.audit import Audit
from ledger.choices import Choices
from ledger.deliveries import Deliveries
from ledger.disagreements import CLOSED, ZERO, Disagreements
from ledger.jobs import Jobs
from ledger.months import month_of
from ledger.movement_form import FIRST_YEAR
from ledger.openings import Openings
from ledger.orders import Orders
from ledger.projection import project

OPEN_MONTH, KEEP_ZEROS = "open_month", "keep_zeros"
FIXES: Mapping[str, str] = {OPEN_MONTH: CLOSED, KEEP_ZEROS: ZERO}
"""What an administrator may have changed in DHIS2, and the kind of difference that it ends."""

JOB = "fix"
MEASURES = ("consumed", "closing", "ordered")
EARLIEST_MONTH = FIRST_YEAR * 100 + 1


@dataclass(frozen=True)
class SentOrder:
    """What a person orders: of which month (YYYYMM), packs by item, and whether the month is complete."""

    month: int
    packs: Mapping[str, int]
    complete: bool


class DeliveryDesk:
    """Asked by people; the worker delivers.

    Args:
        stores: knows which stores there are, and who may record where.
    """

    def __init__(self, stores: StoreDesk) -> None:
        self._stores, database = stores, stores.database
        self._database = database
        self._disagreements, self._deliveries = Disagreements(database), Deliveries(database)
        self._orders, self._jobs, self._audit = Orders(database), Jobs(database), Audit(database)
        self._choices = Choices(database, stores.zone)
        self.openings = Openings(database, stores.zone)

    def differences(self, person: Person, unit: str) -> dict[str, Any]:
        """The open differences of one store, or of all that the person may see, with what ends them.

        Raises:
            QuestionError: there is no such store, or it is not one's own.
        """
        seen = self._seen(person, unit)
        found = self._disagreements.open_of(list(seen))
        kinds = {each["kind"] for each in found}
        offered = [fix for fix, kind in FIXES.items() if kind in kinds and self._administers(person)]
        return {"differences": [self._named(each, seen) for each in found], "fixes": offered}

    def decide(self, person: Person, number: str, choice: str) -> dict[str, Any]:
        """Decide about a difference.

        Raises:
            QuestionError: there is none of this number, or the person may not record there.
            CannotChoose: there is nothing to decide.
        """
        found = self._disagreements.get(number)
        store = self._stores.catalogue().stores.get(found["unit"]) if found else None
        if found is None or store is None or not person.scope.sees(store.path):
            raise UnknownFileError("id", "There is no such difference.", "Load the list again.")
        self._must_record(person, store)
        told = self._choices.choose(number, choice, person.username)
        about = {name: told[name] for name in ("unit", "month", "item", "measure", "ours", "theirs")}
        self._audit.append(person.username, f"chose {choice} of a difference", **about)
        return self._named(told, {store.id: store})

    def deliveries(self, person: Person, unit: str) -> dict[str, Any]:
        """What DHIS2 does not hold yet, and why."""
        seen = self._seen(person, unit)
        waiting = self._deliveries.waiting(list(seen))
        return {"waiting": [{**each, "unit_name": seen[each["unit"]].name} for each in waiting]}

    def order(self, person: Person, unit: str, month: int) -> dict[str, Any]:
        """The form of a store's month as the ledger says it, and what was ordered.

        Raises:
            QuestionError: the store is unknown, or the month is to come.
        """
        store = self._stores.store(unit, person)
        self._must_be_open(month)
        with self._database.read() as connection:
            figures = project(connection, store.id, month)
        lines = [
            {
                "item": each.id,
                "name": self._stores.name(each),
                **{name: figures[each.id].of(name) if each.id in figures else None for name in MEASURES},
            }
            for each in self._stores.catalogue().form_of(store)
        ]
        known = self._orders.of(store.id, month)
        return {"unit": store.id, "month": f"{month // 100}-{month % 100:02d}", "lines": lines, **known}

    def send_order(self, person: Person, unit: str, sent: SentOrder) -> dict[str, Any]:
        """Order, and call the month complete where asked; the worker takes both to DHIS2.

        Raises:
            QuestionError: the store, or an item, is unknown, the month is to come, or the person may not
                record there.
        """
        store = self._stores.store(unit, person)
        self._must_record(person, store)
        self._must_be_open(sent.month)
        known, packs, month = self._stores.catalogue().items, sent.packs, sent.month
        wrong = next((each for each in packs if each not in known), None)
        if wrong is not None:
            raise BadQuestionError("ordered", f"{wrong!r} is not on the form.", "Load the store again.")
        if packs:
            wanted = {known[item]: number for item, number in packs.items()}
            self._orders.send(store.id, month, wanted, person.username)
        if sent.complete:
            self._orders.complete(store.id, month, person.username)
            self._audit.append(person.username, "called a month complete", unit=store.id, month=month)
        return self.order(person, store.id, month)

    def ask_fix(self, person: Person, fix: str, apply: bool) -> dict[str, Any]:
        """Have the worker show what a fix changes in DHIS2, or change it, with the person's own account.

        Raises:
            NotInScopeError: the person is no administrator.
        """
        if not self._administers(person):
            what = "Only administrators change DHIS2's metadata."
            raise NotInScopeError("fix", what, "Ask one to open this page.")
        self._audit.append(person.username, f"{'had' if apply else 'looked at'} the fix {fix}")
        job = self._jobs.enqueue(f"{JOB}:{fix}", {"fix": fix, "apply": apply}, person.username)
        return {"id": job.id, "status": job.status}

    def fix(self, person: Person, number: int) -> dict[str, Any]:
        """How far a fix is, and what it changes."""
        try:
            job = self._jobs.get(number)
        except KeyError:
            job = None
        if job is None or job.asked_by != person.username or not job.kind.startswith(f"{JOB}:"):
            raise UnknownFileError("id", "There is no such fix.", "Ask for it anew.")
        told = {name: getattr(job, name) for name in ("id", "status", "problem", "remedy")}
        return {**told, "fix": job.arguments["fix"], "changes": job.result.get("changes", [])}

    def _seen(self, person: Person, unit: str) -> dict[str, Store]:
        found = [self._stores.store(unit, person)] if unit else self._stores.stores(person)
        return {each.id: each for each in found}

    def _named(self, each: Mapping[str, Any], seen: Mapping[str, Store]) -> dict[str, Any]:
        commodity = self._stores.catalogue().commodities.get(each["item"])
        name = self._stores.name(commodity) if commodity else each["item"]
        return {**each, "unit_name": seen[each["unit"]].name, "item_name": name}

    def _administers(self, person: Person) -> bool:
        return may(person, self._stores.country, SYNCHRONISE)

    def _must_be_open(self, month: int) -> None:
        """An order stands on the form of a month that has begun: DHIS2 takes none of months to come."""
        newest = month_of(self._stores.movements.now(), self._stores.zone)
        if not EARLIEST_MONTH <= month <= newest:
            what = f"{month // 100:04}-{month % 100:02} is no month that can be ordered of."
            remedy = f"The newest is {newest // 100}-{newest % 100:02}; see the clock of the device as well."
            raise BadQuestionError("month", what, remedy)

    def _must_record(self, person: Person, store: Store) -> None:
        if not may_record(person, store):
            what = f"You may not enter values for {store.name} in DHIS2."
            raise NotInScopeError("unit", what, "Ask for its unit as a data capture unit of yours.")
