"""The worker that carries months to DHIS2: what `delivering.py` does in one turn, with the same parts."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bench.simulator.fates import Fates, FormClient
from bench.simulator.form import CODE, Form
from ledger.clock import Clock
from ledger.database import Database
from ledger.looking import Lookout
from ledger.months import month_of
from ledger.openings import Openings
from ledger.outbox import Outbox
from loaders.errors import SourceError
from loaders.store_entry import StoreEntry
from loaders.store_form import FormNames

MEASURES = {"Consumption": "consumed", "End Balance": "closing", "Quantity to be ordered": "ordered"}
NAMES = FormNames(CODE, MEASURES)
AT_ONCE = 50
LOOK_EVERY = timedelta(minutes=1)


class Worker:
    """A worker with a fresh memory, as after a start.

    Args:
        database: the ledger.
        form: DHIS2's.
        zone: the country's time zone.
        fates: the time, and the line to DHIS2.
    """

    def __init__(self, database: Database, form: Form, zone: ZoneInfo, fates: Fates) -> None:
        clock: Clock = fates.clock
        self._clock, self._zone = clock, zone
        self._account = StoreEntry(FormClient(form, fates), NAMES, fates.seconds)  # type: ignore[arg-type]
        self._openings = Openings(database, zone, clock)
        self._outbox = Outbox(database, self._accounts, clock)
        self._lookout = Lookout(database, zone, clock)
        self._month, self._looked_at = 0, datetime.min.replace(tzinfo=UTC)

    def turn(self) -> None:
        """Begin a month, take stores over, deliver months, look around."""
        month = month_of(self._clock(), self._zone)
        if month != self._month:
            self._outbox.deliveries.begin_month(month)
            self._month = month
        for work in (self._open, self._outbox.turn):
            for _ in range(AT_ONCE):
                if not work():
                    break
        self._look()

    def _accounts(self, _username: str) -> Sequence[StoreEntry]:
        return [self._account]

    def _open(self) -> bool:
        waits = self._openings.due()
        if waits is None:
            return False
        try:
            self._openings.open(self._account, *waits)
        except SourceError as problem:
            self._openings.put_off(waits[0], problem)
            return False
        return True

    def _look(self) -> None:
        if self._clock() - self._looked_at < LOOK_EVERY:
            return
        self._looked_at = self._clock()
        try:
            self._lookout.look(self._account)
        except SourceError:
            return  # the next look sees the same
