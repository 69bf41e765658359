"""When something happened, told by clocks that may be wrong.

A batch carries the device's clock, each movement its place in the device's own order. What the device noted
is moved by as much as its clock was off when it sent; what would then still lie ahead of us happened before
it was sent, in the device's order; so did what would lie more than a year back, for then the clock was set
in between. A time that a person typed is taken as it is, unless it lies ahead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from ledger.movement_form import Movement

TOLERATED = timedelta(minutes=2)
"""A clock that is off by less is not corrected: a slow link takes as long."""

WORTH_SAYING = timedelta(minutes=5)

LONGEST_WAIT = timedelta(days=366)
"""No device keeps an entry for longer before it sends; a clock that says so was set since, or began anew."""

MOST_SECONDS = 2_000_000_000  # what a database keeps of a clock that is off; 63 years
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_DIGITS = 17
SEQ_DIGITS = 10


@dataclass(frozen=True)
class Sending:
    """One sending of a device, by its clock and by ours; `known_skew` is what it was off before."""

    device: str
    device_now: datetime | None
    received_at: datetime
    known_skew: timedelta = timedelta()

    @property
    def skew(self) -> timedelta:
        """What has to be added to the device's clock."""
        if self.device_now is None:
            return self.known_skew
        found = self.received_at - self.device_now
        return found if abs(found) > TOLERATED else timedelta()

    @property
    def kept_skew(self) -> int:
        """What is remembered of the skew, in seconds."""
        return max(-MOST_SECONDS, min(int(self.skew.total_seconds()), MOST_SECONDS))


def corrected(movements: Sequence[Movement], sending: Sending) -> dict[str, datetime]:
    """When each movement happened, by its id.

    Example:
        A tablet two days ahead sends at its 14 March, our 12 March, what it noted an hour before: it happened
        on 12 March, an hour ago.
    """
    found: dict[str, datetime] = {}
    latest = sending.received_at
    for movement in sorted(movements, key=lambda each: each.seq, reverse=True):
        moment = movement.occurred_at if movement.typed else _moved(movement.occurred_at, sending)
        if moment is None or moment > sending.received_at:
            moment = latest
        elif not movement.typed:
            latest = moment
        found[movement.id] = moment
    return found


def _moved(noted: datetime, sending: Sending) -> datetime | None:
    """A moment by our clock; None where the device's clock says nothing of it."""
    try:
        moment = noted + sending.skew
    except OverflowError:
        return None
    told = sending.device_now is not None or sending.skew
    return None if told and moment < sending.received_at - LONGEST_WAIT else moment


def rank(moment: datetime, device: str, movement: Movement) -> str:
    """A text that sorts by time; at one moment by device, in a device by its own order, then by id."""
    short = sha256(device.encode()).hexdigest()[:8]
    return f"{_since_epoch(moment)}.{short}.{movement.seq:0{SEQ_DIGITS}d}.{movement.id}"


def beside(known: str) -> str:
    """The rank right after another one: where a correction of it takes effect."""
    return known + "~"


def after(moment: datetime) -> str:
    """A rank that lies behind everything up to and at a moment."""
    return f"{_since_epoch(moment)}~"


def before(moment: datetime) -> str:
    """A rank that lies before everything at a moment."""
    return _since_epoch(moment)


def moment_of_rank(known: str) -> datetime:
    """The moment of a rank."""
    return EPOCH + timedelta(microseconds=int(known[:EPOCH_DIGITS]))


def _since_epoch(moment: datetime) -> str:
    return f"{(moment - EPOCH) // timedelta(microseconds=1):0{EPOCH_DIGITS}d}"


def day_of(moment: datetime, zone: ZoneInfo) -> int:
    """The day, YYYYMMDD, in a country's time zone."""
    local = moment.astimezone(zone)
    return local.year * 10_000 + local.month * 100 + local.day
