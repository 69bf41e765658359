"""The worker's third hand: it takes stores over from DHIS2, and delivers what their months should say."""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.exc import SQLAlchemyError

from accounts.vault import Vault
from countries import Country, Form
from installation import names_of, store_form_of
from ledger.clock import Clock, utc_now
from ledger.database import Database
from ledger.disagreements import ZERO
from ledger.disk import write_down
from ledger.event_queue import EventQueue
from ledger.jobs import Jobs
from ledger.leases import Leases
from ledger.looking import Lookout
from ledger.months import month_of
from ledger.openings import Openings
from ledger.outbox import Outbox
from ledger.people import People
from loaders.dhis2 import Basic, Client, Limits, Token
from loaders.errors import NotSignedIn, SourceError
from loaders.store_entry import StoreEntry
from loaders.store_fixes import carry_out, changes_of
from loaders.store_program import Program, find_program
from settings import Settings, signing_key

LEASE, LEASE_SECONDS = "deliveries", 120.0
REST = 1.0
AT_ONCE = 50
LOOK_EVERY = timedelta(minutes=1)
PROGRAM_EVERY = timedelta(minutes=5)
KEPT_CLIENTS = 16
PATIENCE = Limits(parallel=1, connect=5.0, read=60.0, total=120.0, attempts=2, longest_wait=2.0)
"""What fails is tried again later, with what changed meanwhile: there is no use in waiting long."""

log = logging.getLogger("tandem.deliveries")


class Accounts:
    """Whose account a store's figures are written with: the person's own, else the installation's.

    Args:
        settings: where DHIS2 is, and the installation's account.
        form: the stores' form.
        people: the people with their sealed tokens.
    """

    def __init__(self, settings: Settings, form: Form, people: People) -> None:
        self._settings, self._people = settings, people
        self._names = names_of(form)
        self._vault = Vault(signing_key(settings))
        self._entries: OrderedDict[str, StoreEntry] = OrderedDict()

    def __call__(self, username: str) -> Sequence[StoreEntry]:
        """The accounts to try, in order."""
        record = self._people.get(username) if username else None
        token = self._vault.open(record.credential) if record and not record.refused else ""
        own = [self._entry(token, Token(token))] if token else []
        return [*own, self.service()]

    def service(self) -> StoreEntry:
        """The installation's own account."""
        given = self._settings
        if given.dhis2_token:
            return self._entry("service", Token(given.dhis2_token))
        return self._entry("service", Basic(given.dhis2_user or "", given.dhis2_password or ""))

    def _entry(self, key: str, known_as: Token | Basic) -> StoreEntry:
        if key not in self._entries:
            client = Client(self._settings.dhis2_url, known_as, PATIENCE)
            self._entries[key] = StoreEntry(client, self._names, time.monotonic)
            if len(self._entries) > KEPT_CLIENTS:
                self._entries.popitem(last=False)[1].client.close()
        self._entries.move_to_end(key)
        return self._entries[key]

    def forget(self) -> None:
        """Look at DHIS2's metadata anew: somebody changed it."""
        for entry in self._entries.values():
            entry.forget()

    def close(self) -> None:
        """End all connections."""
        for entry in self._entries.values():
            entry.client.close()
        self._entries.clear()


class Remembered:
    """The program for events, looked for every few minutes: it may be installed at any time."""

    def __init__(self) -> None:
        self._found: Program | None = None
        self._next = datetime.min.replace(tzinfo=UTC)

    def of(self, client: Client, now: datetime) -> Program | None:
        """The program; None where there is none, or DHIS2 did not answer a moment ago."""
        if now >= self._next:
            self._next = now + PROGRAM_EVERY
            self._found = find_program(client)
        return self._found

    def rest(self, now: datetime) -> None:
        """DHIS2 did not answer: leave it alone for a moment."""
        self._found, self._next = None, now + LOOK_EVERY


class Delivering:
    """Delivers in a thread of its own, while this worker is the one that does.

    Args:
        database: where the ledger and its queues are.
        accounts: whose accounts to write with.
        zone: the country's time zone.
        name: who this worker is.
        clock: the server's.
    """

    def __init__(
        self, database: Database, accounts: Accounts, zone: ZoneInfo, name: str, clock: Clock = utc_now
    ) -> None:
        self._accounts, self._zone, self._name, self._clock = accounts, zone, name, clock
        self._leases = Leases(database)
        self.openings = Openings(database, zone, clock)
        self.outbox = Outbox(database, accounts, clock)
        self.lookout = Lookout(database, zone, clock)
        self.events = EventQueue(database, clock)
        self._jobs, self._program = Jobs(database), Remembered()
        self._looked_at = datetime.min.replace(tzinfo=UTC)
        self._month = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="deliveries", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after what is at hand."""
        self._over.set()
        self._thread.join()
        self._leases.release(LEASE, self._name)
        self._accounts.close()

    def _run(self) -> None:
        while not self._over.is_set():
            try:
                if self._leases.acquire(LEASE, self._name, LEASE_SECONDS):
                    self.turn()
            except SQLAlchemyError as problem:
                write_down(problem, log)
            except Exception:
                log.exception("a delivery met a fault of the program; trying again")
            self._over.wait(REST)

    def turn(self) -> None:
        """Take stores over, deliver months, send movements, look around; then rest.

        A month is not written twice in one second: DHIS2's audit could not tell the two apart.
        """
        self._begin_month()
        self._fix()
        for work in (self._open, self.outbox.turn, self._send_events):
            for _ in range(AT_ONCE):
                if self._over.is_set() or not work():
                    break
        self._look()

    def _begin_month(self) -> None:
        month = month_of(self._clock(), self._zone)
        if month != self._month:
            self.outbox.deliveries.begin_month(month)
            self._month = month

    def _open(self) -> bool:
        waits = self.openings.due()
        if waits is None:
            return False
        unit, username = waits
        problem: SourceError | None = None
        for account in self._accounts(username):
            try:
                self.openings.open(account, unit, username)
                return True
            except NotSignedIn as refusal:
                problem = refusal
            except SourceError as failure:
                problem = failure
                break
        if problem:
            log.warning("store %s could not be taken over: %s", unit, problem)
            self.openings.put_off(unit, problem)
        return False

    def _send_events(self) -> bool:
        """Send movements as events, where the program is installed; the account names the person in them."""
        account = self._accounts.service()
        try:
            program = self._program.of(account.client, self._clock())
            return bool(program) and self.events.turn(account.client, program, account.form().codes)
        except SourceError as problem:
            log.warning("no event could be sent: %s", problem)
            self._program.rest(self._clock())
            return False

    def _fix(self) -> bool:
        """Show what an administrator asked for, or change it in DHIS2, with that person's account."""
        job = self._jobs.claim(self._name, ("fix",))
        if job is None:
            return False
        account = self._accounts(job.asked_by)[0]
        try:
            changes = changes_of(account.client, account.names, job.arguments["fix"])
            if job.arguments["apply"]:
                carry_out(account.client, changes)
                self._accounts.forget()
                self.outbox.deliveries.hurry_blocked()
                self.outbox.deliveries.again(self._with_zeros(), job.asked_by)
            self._jobs.finish(job.id, {"changes": [each.as_dict() for each in changes]})
        except SourceError as problem:
            self._jobs.fail(job.id, problem.what, problem.remedy)
        return True

    def _with_zeros(self) -> set[tuple[str, int]]:
        """The months of which DHIS2 dropped zeros: it may keep them now."""
        found = self.outbox.disagreements.open_of()
        return {(each["unit"], int(each["month"])) for each in found if each["kind"] == ZERO}

    def _look(self) -> None:
        """Whether somebody changed in DHIS2 what we wrote, though we had nothing to write."""
        if self._clock() - self._looked_at < LOOK_EVERY:
            return
        self._looked_at = self._clock()
        try:
            self.lookout.look(self._accounts.service())
        except SourceError as problem:
            log.warning("DHIS2 could not be asked for changes: %s", problem)


def delivering_of(settings: Settings, country: Country, database: Database, name: str) -> Delivering | None:
    """What delivers for an installation; None where its country has no form that stores write to."""
    form = store_form_of(country)
    if form is None:
        return None
    accounts = Accounts(settings, form, People(database))
    return Delivering(database, accounts, ZoneInfo(country.time_zone), name)
