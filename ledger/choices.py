"""What a person decides about a value that somebody else wrote in DHIS2.

Taking it makes it a movement of the ledger, as of when it was written there: an End balance is a count, a
Consumption what was given out (or came back) beside what is recorded. Keeping ours lets it be overwritten.
Asking the district leaves both as they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from ledger.clock import Clock, utc_now
from ledger.comparing import read_accepted, write_accepted
from ledger.database import Database
from ledger.deliveries import Deliveries
from ledger.device_clocks import after
from ledger.disagreements import ASK, CHOICES, DECIDED, OVERWRITTEN, TAKE, Disagreements
from ledger.months import end_of_month
from ledger.movement_form import MOST_SEQ, Rules
from ledger.movements import ACCEPTED, DUPLICATE, Batch, Movements
from ledger.orders import Orders
from ledger.places import COUNTED, DISPENSE, RETURN
from ledger.projection import CLOSING, CONSUMED, ORDERED, consumed_until

DEVICE = "DHIS2"
"""What stands for the device of a movement that was taken from the form in DHIS2."""

JUST_BEFORE = timedelta(seconds=1)


class CannotChoose(Exception):
    """A choice that is not possible: what, and what to do instead."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what} {remedy}")
        self.what, self.remedy = what, remedy


@dataclass(frozen=True)
class _Theirs:
    """The value that somebody wrote, as whole packs, when it held, and its place among others of then."""

    packs: int
    moment: datetime
    seq: int


class Choices:
    """Carries out what people decide about differences.

    Args:
        database: where the ledger is.
        zone: the country's time zone.
        clock: the server's.
    """

    def __init__(self, database: Database, zone: ZoneInfo, clock: Clock = utc_now) -> None:
        self._database, self._zone, self._clock = database, zone, clock
        self._movements = Movements(database, zone, clock)
        self._orders, self._deliveries = Orders(database, clock), Deliveries(database, clock)
        self._disagreements = Disagreements(database, clock)

    def choose(self, number: str, choice: str, username: str) -> dict[str, Any]:
        """Decide about a difference; the difference as it stands then.

        Args:
            number: its id.
            choice: take, keep or ask.
            username: who decides.

        Raises:
            CannotChoose: there is nothing to decide, or DHIS2 holds what no movement can say.
        """
        found = self._disagreements.get(number)
        if found is None or not found["open"]:
            raise CannotChoose("This difference is not open any more.", "Load the list again.")
        if choice not in CHOICES or found["kind"] not in DECIDED:
            raise CannotChoose(
                f"{choice!r} is no answer to a difference of the kind {found['kind']!r}.",
                f"Only {' and '.join(DECIDED)} are decided: {', '.join(CHOICES)}.",
            )
        if choice == TAKE:
            self._take(found, username)
        with self._database.write() as connection:
            self._decided(connection, found, choice, username)
        return self._disagreements.get(number) or found

    def _decided(self, connection: Connection, found: Mapping[str, Any], choice: str, username: str) -> None:
        self._disagreements.decide(connection, found["id"], choice, username)
        if choice == ASK:
            return
        unit, month, cell = found["unit"], found["month"], (found["item"], found["measure"])
        accepted = read_accepted(connection, unit, month).get(cell, [])
        write_accepted(connection, unit, month, {cell: [*accepted, found["theirs"]]})
        if choice == TAKE and found["measure"] == ORDERED:
            packs = {found["item"]: _packs(found["theirs"])}
            self._orders.write(connection, (unit, month), packs, username)
        self._deliveries.hurry(connection, unit, month, username)

    def _take(self, found: Mapping[str, Any], username: str) -> None:
        theirs = _Theirs(_packs(found["theirs"]), self._moment(found), self._seq(found))
        if found["measure"] == CLOSING:
            self._record(found, COUNTED, theirs, username)
        if found["measure"] == CONSUMED:
            theirs = replace(theirs, moment=self._before_balances(found, theirs.moment))
            with self._database.read() as connection:
                rank = after(theirs.moment)
                known = consumed_until(connection, found["unit"], found["month"], rank)
            more = theirs.packs - known.get(found["item"], 0)
            if more:
                kind = DISPENSE if more > 0 else RETURN
                self._record(found, kind, replace(theirs, packs=abs(more)), username)

    def _moment(self, found: Mapping[str, Any]) -> datetime:
        """When what they wrote held: when they wrote it, or the end of a month that was over then."""
        return min(end_of_month(found["month"], self._zone), _written(found), self._clock())

    def _seq(self, found: Mapping[str, Any]) -> int:
        """The seconds of its month in which it was written, so that of two of one moment the later holds.

        All that is written when a month is over holds at its end. What was overwritten is dated to when
        it gave way, and so stood before whatever was written in that second.
        """
        seconds = int((_written(found) - self._begin(found["month"])).total_seconds())
        before = 1 if found["kind"] == OVERWRITTEN else 0
        return min(max(0, seconds - before), MOST_SEQ)

    def _begin(self, month: int) -> datetime:
        return datetime(month // 100, month % 100, 1, tzinfo=self._zone).astimezone(UTC)

    def _before_balances(self, found: Mapping[str, Any], moment: datetime) -> datetime:
        """Just before the End balance that was written with it: that one has what was given out in it."""
        same = ("unit", "month", "item")
        with_it = [
            self._moment(each)
            for each in self._disagreements.open_of([found["unit"]])
            if all(each[name] == found[name] for name in same) and each["kind"] in DECIDED
        ]
        return max(min([moment, *with_it]) - JUST_BEFORE, self._begin(found["month"]))

    def _record(self, found: Mapping[str, Any], kind: str, theirs: _Theirs, username: str) -> None:
        unit, item = found["unit"], found["item"]
        raw = {
            "id": str(uuid5(NAMESPACE_OID, f"{found['id']} {kind}")),
            "seq": theirs.seq,
            "kind": kind,
            "unit": unit,
            "item": item,
            "packs": theirs.packs,
            "occurred_at": theirs.moment.isoformat(),
            "typed": True,
            "document": f"{DEVICE}: {found['stored_by']}"[:100],
            **({"reason": "other"} if kind == COUNTED else {}),
        }
        rules = Rules({unit: unit}, {item: item}, lambda _: True, username)
        result = self._movements.accept(Batch(DEVICE, None, [raw]), rules)[0]
        if result.status not in (ACCEPTED, DUPLICATE):
            code = result.problem.code if result.problem else result.status
            raise CannotChoose(f"The ledger does not take it ({code}).", "Keep ours, or count the shelf.")


def _written(found: Mapping[str, Any]) -> datetime:
    """When somebody wrote it, or, of what was overwritten, until when it stood."""
    moment: datetime = found["changed_at"] or found["found_at"]
    return moment


def _packs(text: str | None) -> int:
    """Whole packs; an empty cell is 0.

    Raises:
        CannotChoose: it is no whole number.
    """
    try:
        number = float(text or "0")
    except ValueError:
        number = -1
    if number < 0 or not number.is_integer():
        raise CannotChoose(f"DHIS2 holds {text!r}, which is no number of packs.", "Keep ours, or ask.")
    return int(number)
