"""What came of a write: what DHIS2 took, what it did not and why, what it holds now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from ledger import disagreements as kinds
from ledger.comparing import Cell, Comparison, There, Value
from ledger.deliveries import Trouble
from ledger.disagreements import Found
from ledger.doubts import Doubt, gave_way
from loaders.store_audit import Change
from loaders.store_entry import Held
from loaders.writes import Stored

KIND_OF_CODE: Mapping[str, str] = {
    "E7641": kinds.CLOSED,
    "E8030": kinds.CLOSED,
    "E7640": kinds.EXPIRED,
    "E7642": kinds.APPROVED,
    "E8033": kinds.APPROVED,
    **dict.fromkeys(("E7643", "E7644", "E8031", "E8032"), kinds.LOCKED),
    **dict.fromkeys(("E7601", "E7603", "E7617", "E8010", "E8011", "E2020"), kinds.RIGHT),
    **dict.fromkeys(("E7636", "E8022"), kinds.UNASSIGNED),
}
"""What DHIS2's codes of conflicts mean for a month."""

REMEDIES: Mapping[str, str] = {
    kinds.CLOSED: "Set 'Open future periods for data entry' of the data set to 1, or wait for its end.",
    kinds.EXPIRED: "Have the district add a lock exception in DHIS2.",
    kinds.APPROVED: "Have who approved it in DHIS2 take that back.",
    kinds.LOCKED: "Have the district open the month in DHIS2.",
    kinds.RIGHT: "Have the store's unit and the data set given to the account in DHIS2, and log in again.",
    kinds.UNASSIGNED: "Assign the data set to the unit in DHIS2's Maintenance app.",
}


@dataclass(frozen=True)
class Written:
    """A write: DHIS2's account of it, and what the month holds after it."""

    stored: Stored
    held: Mapping[Cell, Held]


@dataclass(frozen=True)
class Outcome:
    """What is to be kept of a delivery.

    Attributes:
        known: what cells may hold from now on.
        found: what differs.
        trouble: why it has to be tried again; None when it is done.
        uncertain: cells that do not hold what DHIS2 said that it stored.
        lost: what others stored and our writes took the place of.
        doubts: the cells to which a write of ours may still be under way.
    """

    known: Mapping[Cell, Sequence[Value]]
    found: Sequence[Found]
    trouble: Trouble | None
    uncertain: Sequence[Cell] = ()
    lost: Sequence[Found] = ()
    doubts: Mapping[Cell, Doubt] = field(default_factory=dict)


def intended(found: Comparison, there: There) -> dict[Cell, list[Value]]:
    """What the cells that are about to be written may hold, whether the write arrives or not."""
    return {
        cell: [
            *there.accepted.get(cell, ()),
            there.value(cell),
            str(found.targets[cell]),
            *_dropped(cell, found, there),
        ]
        for cell in found.send
    }


def _dropped(cell: Cell, found: Comparison, there: There) -> list[Value]:
    """The emptiness that a zero leaves where DHIS2 does not store any."""
    return [None] if found.targets[cell] == 0 and there.drops_zero(cell) else []


def outcome(found: Comparison, there: There, written: Written | None) -> Outcome:
    """What came of a comparison and the write that followed; None for no write."""
    if written is None:
        return Outcome(found.settled, found.found, None)
    refusals = _refusals(written.stored, found.send)
    after = replace(there, held=written.held)
    known, differing = dict(found.settled), [*found.found, *_told(refusals, found)]
    uncertain: list[Cell] = []
    for cell in found.send:
        if cell in refusals:  # it holds what it held: our write took no value's place
            known[cell] = list(there.accepted.get(cell, ())) or [None]
            continue
        value, target = after.value(cell), found.targets[cell]
        known[cell] = after.known(cell, str(target))
        if value is None and target == 0 and after.drops_zero(cell):
            known[cell] = after.known(cell, None)
            differing.append(Found(kinds.ZERO, *cell, ours=0))
        elif value != str(target):
            uncertain.append(cell)
            if value == there.value(cell):  # not written at all: it may be tried again
                known[cell] = intended(found, there)[cell]
    trouble = _trouble_of(refusals) or _trouble_of_loss(len(uncertain))
    return Outcome(known, differing, trouble, uncertain)


def begun(
    found: Comparison, there: There, doubts: Mapping[Cell, Doubt], moments: tuple[datetime, datetime]
) -> dict[Cell, Doubt]:
    """The doubts there are once the write that FOUND asks for is under way.

    Args:
        found: what is about to be sent.
        there: what DHIS2 held when we looked.
        doubts: those that there are already.
        moments: DHIS2's clock at our look, and until when the write may be under way by ours.
    """
    looked, until = moments
    known = dict(doubts)
    for cell in found.send:
        first = Doubt(None, looked, (), until).seen_now(there.held.get(cell), looked)
        sent = [str(found.targets[cell]), *_dropped(cell, found, there)]
        known[cell] = known.get(cell, first).with_more(sent, until)
    return known


def overwritten(
    found: Comparison,
    there: There,
    doubts: Mapping[Cell, Doubt],
    changes: Mapping[Cell, Sequence[Change]],
) -> list[Found]:
    """What somebody else stored and our writes took the place of, as DHIS2's audit tells, oldest first.

    Args:
        found: what the cells should hold.
        there: what they hold now, and what each may hold.
        doubts: since when we do not know.
        changes: the audit, newest first.
    """
    lost = []
    for cell, doubt in doubts.items():
        ours = there.accepted.get(cell, ())
        for change in reversed(gave_way(doubt, changes.get(cell, ()), there.value(cell), ours)):
            lost.append(
                Found(kinds.OVERWRITTEN, *cell, found.targets.get(cell), change.before, changed_at=change.at)
            )
    return lost


def right_is_missing(stored: Stored) -> bool:
    """Whether DHIS2 says that this account may not write there."""
    return any(KIND_OF_CODE.get(each.code) == kinds.RIGHT for each in stored.conflicts)


def _refusals(stored: Stored, sent: Sequence[Cell]) -> dict[Cell, tuple[str, str]]:
    """Kind and words of what DHIS2 did not take, by cell; a conflict without positions concerns all."""
    found: dict[Cell, tuple[str, str]] = {}
    for conflict in stored.conflicts:
        kind = KIND_OF_CODE.get(conflict.code, kinds.REFUSED)
        for position in conflict.positions or range(len(sent)):
            found[sent[position]] = (kind, conflict.message)
    return found


def _told(refusals: Mapping[Cell, tuple[str, str]], found: Comparison) -> list[Found]:
    blocks = {kind: Found(kind, said=said) for kind, said in refusals.values() if kind in kinds.BLOCKS}
    single = [
        Found(kind, *cell, ours=found.targets[cell], said=said)
        for cell, (kind, said) in refusals.items()
        if kind not in kinds.BLOCKS
    ]
    return [*blocks.values(), *single]


def _trouble_of(refusals: Mapping[Cell, tuple[str, str]]) -> Trouble | None:
    blocked = [(kind, said) for kind, said in refusals.values() if kind in kinds.BLOCKS]
    return Trouble(blocked[0][1], REMEDIES[blocked[0][0]], True) if blocked else None


def _trouble_of_loss(lost: int) -> Trouble | None:
    if not lost:
        return None
    what = f"DHIS2 holds something else than was just written, in {lost} cells."
    return Trouble(what, "Nothing needs doing: it is looked at again.")
