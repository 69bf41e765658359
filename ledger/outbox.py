"""Delivers stores' months to DHIS2: absolute figures, so that twice is once; read back after each write.

What DHIS2 holds is read before it is written. A value that somebody else wrote there stays, and is a
difference that a person decides about. What goes wrong on the way is tried again for ever, ever less often;
what DHIS2 does not take is said with its reason.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, replace

from sqlalchemy import select, update

from ledger import disagreements as kinds
from ledger.clock import Clock, utc_now
from ledger.comparing import Cell, Comparison, There, compare, read_accepted, write_accepted
from ledger.database import Database
from ledger.deliveries import Claim, Deliveries, Trouble
from ledger.disagreements import Disagreements, Found
from ledger.doubts import STILL_COMES, Doubt, read_doubts, write_doubts
from ledger.outcome import (
    REMEDIES,
    Outcome,
    Written,
    begun,
    intended,
    outcome,
    overwritten,
    right_is_missing,
)
from ledger.projection import project
from ledger.tables import completions
from loaders.errors import NotPermitted, NotSignedIn, Refused, SourceError
from loaders.store_entry import StoreEntry

Accounts = Callable[[str], Sequence[StoreEntry]]
"""The accounts to write with for a person, the best first: the person's own, then the installation's."""

LOOKED_FOR = frozenset({*kinds.BLOCKS, kinds.CHANGED, kinds.BELOW_ZERO, kinds.ZERO, kinds.REFUSED})
NO_RIGHT = {"E2020"}
OPEN, APPROVED = "OPEN", "APPROVED"


class Outbox:
    """Delivers what waits, one store's month after the other.

    Args:
        database: where the queue and the ledger are.
        accounts: whose account to write with.
        clock: the server's.
    """

    def __init__(self, database: Database, accounts: Accounts, clock: Clock = utc_now) -> None:
        self._database, self._accounts, self._clock = database, accounts, clock
        self.deliveries = Deliveries(database, clock)
        self.disagreements = Disagreements(database, clock)

    def turn(self) -> bool:
        """Deliver one store's month, if one is due; whether it tried."""
        claim = self.deliveries.claim()
        if claim is None:
            return False
        try:
            self._deliver(claim)
        except SourceError as problem:
            self.deliveries.put_off(claim, Trouble(problem.what, problem.remedy))
        return True

    def _deliver(self, claim: Claim) -> None:
        """With the first account that DHIS2 lets do it.

        Raises:
            SourceError: DHIS2 does not answer, or knows none of the accounts.
        """
        refused: SourceError | None = None
        for account in self._accounts(claim.username):
            try:
                self._with(account, claim)
                return
            except (NotPermitted, NotSignedIn) as problem:
                refused = refused if isinstance(refused, NotPermitted) else problem
            except Refused as problem:
                if problem.code not in NO_RIGHT:
                    raise
                refused = NotPermitted(problem.what, REMEDIES[kinds.RIGHT])
        if isinstance(refused, NotSignedIn):
            raise refused
        said = refused.what if refused else "There is no account to write with."
        self._blocked(claim, Found(kinds.RIGHT, said=said))

    def _with(self, account: StoreEntry, claim: Claim) -> None:
        form = account.form()
        if not account.assigned(claim.unit):
            self._blocked(claim, Found(kinds.UNASSIGNED))
            return
        with self._database.read() as connection:
            figures = project(connection, claim.unit, claim.month)
            accepted = read_accepted(connection, claim.unit, claim.month)
            doubts = read_doubts(connection, claim.unit, claim.month)
        before = account.month(claim.unit, claim.month)
        late = {cell: each for cell, each in doubts.items() if each.until > self._clock()}
        there = There(before.held, accepted, form, late)
        found = compare(figures, there)
        if found.send and before.lock != OPEN:
            locked = kinds.EXPIRED if form.expires else kinds.LOCKED
            kind = kinds.APPROVED if before.lock == APPROVED else locked
            self._blocked(claim, Found(kind), found.found)
            return
        written, watched = None, doubts
        if found.send:
            watched = self._announce(account, claim, found, replace(there, doubts=doubts))
            written = self._written(account, claim, found, there)
        if written and right_is_missing(written.stored):
            raise NotPermitted(written.stored.conflicts[0].message, REMEDIES[kinds.RIGHT])
        after = replace(there, held=written.held) if written else there
        lost = self._look_back(account, claim, (found, after), watched)
        end = outcome(found, there, written)
        open_still = {**{cell: watched[cell] for cell in end.uncertain}, **late}
        left = _left(account, open_still, after)
        if self._keep(claim, replace(end, lost=lost, doubts=left), written):
            self._complete(account, claim)

    def _announce(
        self, account: StoreEntry, claim: Claim, found: Comparison, there: There
    ) -> dict[Cell, Doubt]:
        """Say before a write what is going to be: should we die on the way, it is known for ours."""
        empty = any(cell not in there.held and cell not in there.doubts for cell in found.send)
        looked = account.moment() if empty else self._clock()
        doubts = begun(found, there, there.doubts, (looked, self._clock() + STILL_COMES))
        with self._database.write() as connection:
            write_accepted(connection, claim.unit, claim.month, intended(found, there))
            write_doubts(connection, claim.unit, claim.month, doubts)
        return doubts

    def _written(self, account: StoreEntry, claim: Claim, found: Comparison, there: There) -> Written:
        values = [(cell, str(found.targets[cell]), there.held.get(cell)) for cell in found.send]
        stored = account.store(claim.unit, claim.month, values)
        return Written(stored, account.month(claim.unit, claim.month).held)

    def _look_back(
        self,
        account: StoreEntry,
        claim: Claim,
        known: tuple[Comparison, There],
        watched: Mapping[Cell, Doubt],
    ) -> list[Found]:
        """Whether our write, or one that we do not know the end of, took the place of somebody else's."""
        watched = {cell: each for cell, each in watched.items() if cell in known[1].form.cells}
        if not watched:
            return []
        first = min(each.since for each in watched.values())
        try:
            changes = account.changes(claim.unit, claim.month, watched, first)
        except (NotPermitted, Refused):
            return []  # this account may not see the audit
        return overwritten(*known, watched, changes)

    def _keep(self, claim: Claim, end: Outcome, written: Written | None) -> bool:
        """Keep what DHIS2 holds now, what differs, what it answered; whether the month is delivered."""
        with self._database.write() as connection:
            write_accepted(connection, claim.unit, claim.month, end.known)
            write_doubts(connection, claim.unit, claim.month, end.doubts)
            self.disagreements.add(connection, (claim.unit, claim.month), end.lost)
            self.disagreements.replace(connection, (claim.unit, claim.month), end.found, LOOKED_FOR)
            answer = asdict(written.stored) if written else {}
            self.deliveries.done(connection, claim, answer, end.trouble)
        return end.trouble is None

    def _blocked(self, claim: Claim, why: Found, more: Collection[Found] = ()) -> None:
        looked_for = LOOKED_FOR if more else kinds.BLOCKS
        what = why.said or f"DHIS2 does not take this month: {why.kind}."
        trouble = Trouble(what, REMEDIES[why.kind], True)
        with self._database.write() as connection:
            self.disagreements.replace(connection, (claim.unit, claim.month), [why, *more], looked_for)
            self.deliveries.done(connection, claim, {}, trouble)

    def _complete(self, account: StoreEntry, claim: Claim) -> None:
        """Register the month as complete, where a person asked for it."""
        kept = completions.c
        asked = (kept.unit == claim.unit, kept.month == claim.month, kept.completed_at.is_(None))
        with self._database.read() as connection:
            if connection.execute(select(kept.unit).where(*asked)).first() is None:
                return
        account.complete(claim.unit, claim.month)
        with self._database.write() as connection:
            connection.execute(update(completions).where(*asked).values(completed_at=self._clock()))


def _left(account: StoreEntry, doubts: Mapping[Cell, Doubt], there: There) -> dict[Cell, Doubt]:
    """The doubts that stay after DHIS2's audit was read up to now."""
    if not doubts:
        return {}
    moment = account.moment()
    return {cell: each.seen_now(there.held.get(cell), moment) for cell, each in doubts.items()}
