"""What befalls a run: the time that passes, cut links, kills, and what others do in between."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any, TypeVar

from sqlalchemy import Connection

from bench.simulator.form import Form
from ledger.database import Database
from loaders.errors import NotReachable
from loaders.writes import Stored

T = TypeVar("T")
POINTS = ("begun", "written", "committed")
"""Where a process dies: the lock is held; all is written, not committed; all is on the disk, nobody knows."""

CALL = "after a call to DHIS2"
CUTS = (
    *(f"link: {which}" for which in ("request lost", "request late", "answer lost")),
    *(f"server killed: {point}" for point in POINTS),
    *(f"worker killed: {point}" for point in (*POINTS, CALL)),
    *(f"DHIS2: {which}" for which in ("call lost", "answer lost", "write late")),
)
"""Every point at which a run may be cut, by its name."""


class Killed(BaseException):
    """A process was killed: nothing of it goes on, not even what would have tidied up."""


class Cut(Exception):
    """A device gets no answer; whether the server had the request, it does not know."""


class Perishable(Database):
    """A database of a process that may be killed at a named point of one of its writes."""

    fatal: str = ""
    writes_left: int = 0

    def doom(self, point: str, writes: int) -> None:
        """Die at POINT of a write, after so many that go well."""
        self.fatal, self.writes_left = point, writes

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """As of any database, up to the point."""
        with super().write() as connection:
            self._pass("begun")
            yield connection
            self._pass("written")
        self._pass("committed")
        self.writes_left -= 1

    def _pass(self, point: str) -> None:
        if point == self.fatal and self.writes_left <= 0:
            self.fatal = ""
            raise Killed(point)


@dataclass
class Fates:
    """The time of a run, and its chances.

    Attributes:
        random: draws everything.
        now: the true time.
        link: how often a request of a device is lost.
        line: how often a request to DHIS2 goes wrong.
        death: how often a process is killed on the way.
        trace: what happened, in words.
        later: requests that are still under way, and when they arrive.
        meanwhile: what others may do while a request is under way.
        cuts: how often it was cut at which of `CUTS`.
    """

    random: Random
    now: datetime
    link: float
    line: float
    death: float
    trace: list[str] = field(default_factory=list)
    later: list[tuple[datetime, Callable[[], None]]] = field(default_factory=list)
    meanwhile: Callable[[], None] = lambda: None
    cuts: Counter[str] = field(default_factory=Counter)

    def clock(self) -> datetime:
        """The true time."""
        return self.now

    def seconds(self) -> float:
        """The same as a number."""
        return self.now.timestamp()

    def say(self, what: str) -> None:
        """Add a line to the trace."""
        self.trace.append(f"{self.now:%m-%d %H:%M:%S} {what}")

    def pass_by(self, seconds: float) -> None:
        """Let time pass; what was under way arrives."""
        self.now += timedelta(seconds=seconds)
        due = [each for each in self.later if each[0] <= self.now]
        self.later = [each for each in self.later if each[0] > self.now]
        for _, arrive in due:
            arrive()

    def tick(self) -> None:
        """A few seconds pass: DHIS2 dates to the second, and people need one, too."""
        self.pass_by(self.random.uniform(2, 5))

    def happens(self, chance: float) -> bool:
        """Whether something happens that does so with a chance."""
        return self.random.random() < chance

    def heal(self) -> None:
        """From now on everything goes well."""
        self.link = self.line = self.death = 0.0
        self.meanwhile = lambda: None


class FormClient:
    """DHIS2's form over a line that fails: the face of `loaders.dhis2.Client` that the outbox sees."""

    def __init__(self, form: Form, fates: Fates) -> None:
        self._form, self._fates = form, fates

    @property
    def server(self) -> Any:
        """DHIS2's clock and its zone."""
        time = self._form.clock()
        return SimpleNamespace(
            time=time, local=lambda moment: f"{moment.astimezone(time.tzinfo):%Y-%m-%dT%H:%M:%S}.000"
        )

    def system(self) -> Any:
        """The same, asked now."""
        return self._called("/api/system/info", lambda: self.server)

    def me(self) -> Any:
        """The account: it sees the whole country."""
        return SimpleNamespace(sees=[SimpleNamespace(id="Country")])

    def get(self, path: str, params: Any = ()) -> Any:
        """What `Client.get` answers."""
        return self._called(path, lambda: self._form.answer(path, params))

    def send(self, _method: str, path: str, _body: Any = None, **_how: Any) -> Any:
        """What `Client.send` does: nothing of it concerns values."""
        return self._called(path, lambda: None)

    def store_values(self, _data_set: str, rows: Any) -> Stored:
        """What `Client.store_values` does."""
        if self._fates.happens(self._fates.line / 3):
            moment = self._fates.now + timedelta(seconds=self._fates.random.uniform(1, 20))
            self._fates.later.append((moment, lambda: self._arrives(rows)))
            self._fates.cuts["DHIS2: write late"] += 1
            self._fates.say(f"DHIS2: a write is under way until {moment:%H:%M:%S}: {_said(rows)}")
            raise _not_reachable()
        self._fates.say(f"DHIS2: {_said(rows)}")
        return self._called("values", lambda: self._form.store(rows))

    def _arrives(self, rows: Any) -> None:
        self._fates.say(f"DHIS2: late {_said(rows)}")
        self._form.store(rows)

    def _called(self, what: str, act: Callable[[], T]) -> T:
        """Others act before and after; the call may be lost, its answer may be, who calls may die."""
        fates = self._fates
        fates.tick()
        fates.meanwhile()
        fate = fates.random.random()
        if fate < fates.line / 2:
            fates.cuts["DHIS2: call lost"] += 1
            fates.say(f"DHIS2: {what} did not arrive")
            raise _not_reachable()
        found = act()
        if fate < fates.line:
            fates.cuts["DHIS2: answer lost"] += 1
            fates.say(f"DHIS2: the answer about {what} was lost")
            raise _not_reachable()
        if fates.happens(fates.death / 4):
            fates.say(f"the worker was killed after {what}")
            raise Killed(CALL)
        fates.tick()
        fates.meanwhile()
        return found


def _said(rows: Any) -> str:
    names = ("orgUnit", "period", "dataElement", "categoryOptionCombo", "value")
    return ", ".join(" ".join(str(row[name]) for name in names) for row in rows)


def _not_reachable() -> NotReachable:
    return NotReachable("DHIS2 does not answer.", "Wait.", transient=True)
