"""Where packs are, and which way each kind of movement carries them.

Packs leave one place and arrive at another, so the sum over all places is always 0. A place is a text:
"supplier", "store:UNIT", "department:ID", "loss", "count", "before", "transit:TRANSFER".
"""

from collections.abc import Mapping
from dataclasses import dataclass

SUPPLIER, LOSS, COUNT, BEFORE = "supplier", "loss", "count", "before"

DISPENSE, RETURN, RECEIVE, WRITE_OFF = "dispense", "return", "receive", "write_off"
SEND, ARRIVE, COUNTED, REVERSE = "transfer_send", "transfer_receive", "count", "reverse"
REVISION, OPENING = "revision", "opening"

KINDS = (DISPENSE, RETURN, RECEIVE, WRITE_OFF, COUNTED, SEND, ARRIVE, REVERSE)
"""What a device may send."""

SERVER_KINDS = (REVISION, OPENING)
"""What the ledger appends by itself: a count's revised difference, and the first balance of an item."""

ANCHORS = (COUNTED, OPENING)
"""What says how much there is at its moment, whatever was recorded before."""

SIGNS: Mapping[str, int] = {
    DISPENSE: -1,
    RETURN: 1,
    RECEIVE: 1,
    WRITE_OFF: -1,
    SEND: -1,
    ARRIVE: 1,
}
"""Whether a kind takes packs out of the store or brings them in; counts and reversals depend on others."""


@dataclass(frozen=True)
class Route:
    """From which place to which, and what it does to the store."""

    origin: str
    destination: str
    delta: int


def store(unit: str) -> str:
    """The shelves of a unit's store."""
    return f"store:{unit}"


def department(number: str) -> str:
    """A department of a hospital; one for all that were not named."""
    return f"department:{number}"


def transit(transfer: str) -> str:
    """On the way from one store to another."""
    return f"transit:{transfer}"


def other_end(kind: str, number: str, transfer: str | None) -> str:
    """The place at the other end of a movement from or to a store.

    Args:
        kind: one of `SIGNS`.
        number: the id of the department; empty when none was named.
        transfer: the id of the transfer.
    """
    if kind in (DISPENSE, RETURN):
        return department(number)
    if kind in (SEND, ARRIVE):
        return transit(transfer or "")
    return SUPPLIER if kind == RECEIVE else LOSS


def route(kind: str, unit: str, packs: int, end: str) -> Route:
    """The way that packs of a kind in `SIGNS` go between a unit's store and the place at the other end.

    Example:
        >>> route("dispense", "U1", 3, "department:")
        Route(origin='store:U1', destination='department:', delta=-3)
    """
    if SIGNS[kind] < 0:
        return Route(store(unit), end, -packs)
    return Route(end, store(unit), packs)


def difference(unit: str, delta: int, end: str = COUNT) -> Route:
    """The way of what a count (or a first balance) adds to the book, or takes off it.

    Example:
        >>> difference("U1", -2)
        Route(origin='store:U1', destination='count', delta=-2)
    """
    return Route(end, store(unit), delta) if delta >= 0 else Route(store(unit), end, delta)
