"""The form of a movement as a device sends it: read strictly, never put right, refused with a reason.

A refusal names where it is wrong and a code; the sentences stand in the catalogues of the dashboard, so
that they are said in the reader's language.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

from ledger.places import ARRIVE, KINDS, REVERSE, SEND, WRITE_OFF

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
MOST_PACKS = 1_000_000
MOST_SEQ = 2_000_000_000
MOST_SHOWN = 60
FIRST_YEAR = 2000
LONGEST = {"lot": 60, "given_by": 100, "document": 100, "reason": 200, "name": 100, "department": 100}
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Problem:
    """Why a movement is not taken.

    Attributes:
        code: which sentence says it.
        where: the field.
        values: what the sentence names.
        retry: whether the same movement may be taken later, when circumstances have changed.
    """

    code: str
    where: str
    values: Mapping[str, str] = field(default_factory=dict)
    retry: bool = False


class Refused(Exception):
    """A movement that is not taken, and why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Told:
    """Who collected: the id of somebody known or newly made on the device, a name, a department."""

    id: str = ""
    name: str = ""
    department: str = ""

    def __bool__(self) -> bool:
        return bool(self.id or self.name or self.department)


@dataclass(frozen=True, slots=True)
class Movement:
    """A movement as it was told, its form sound, its unit and item known.

    `packs` of a reversal is 0: it takes those of the movement that it reverses. `typed` says that a person
    wrote the time, so that the device's clock has no part in it. `body` is the fingerprint of what was sent.
    """

    id: str
    seq: int
    kind: str
    unit: str
    item: str
    packs: int
    occurred_at: datetime
    body: str
    asked: int | None = None
    lot: str = ""
    expiry: date | None = None
    recipient: Told = Told()
    given_by: str = ""
    reason: str = ""
    document: str = ""
    reverses: str | None = None
    partner: str = ""
    transfer: str | None = None
    typed: bool = False


@dataclass(frozen=True)
class Rules:
    """What a sender may record.

    Attributes:
        units: the units that keep a store, by id and by code.
        items: the commodities of the stores' form, by id and by code.
        may_write: whether the sender may record for a unit (by id).
        username: the sender.
    """

    units: Mapping[str, str]
    items: Mapping[str, str]
    may_write: Callable[[str], bool]
    username: str


def fingerprint(raw: Mapping[str, Any]) -> str:
    """What tells one body from another; the order of its fields does not matter."""
    text = json.dumps(raw, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def number_of(raw: Any) -> str | None:
    """The UUID of what was sent, in lower case; None when it has none."""
    found = raw.get("id") if isinstance(raw, Mapping) else None
    return found.lower() if isinstance(found, str) and UUID.fullmatch(found.lower()) else None


def read(raw: Any, rules: Rules) -> Movement:
    """A movement out of what was sent.

    Args:
        raw: one entry of the batch, parsed JSON.
        rules: which units and items there are, and where the sender may write.

    Raises:
        Refused: the first thing that is wrong with it.
    """
    if not isinstance(raw, Mapping):
        raise Refused(Problem("no_object", "movement"))
    number = number_of(raw)
    if number is None:
        raise Refused(Problem("id", "id", _shown(raw.get("id"))))
    kind = raw.get("kind")
    if kind not in KINDS:
        raise Refused(Problem("kind", "kind", {**_shown(kind), "kinds": ", ".join(KINDS)}))
    unit = _unit(raw, rules)
    reversal = kind == REVERSE
    return Movement(
        id=number,
        seq=_whole(raw, "seq", MOST_SEQ),
        kind=str(kind),
        unit=unit,
        item="" if reversal else _item(raw, rules),
        packs=0 if reversal else _whole(raw, "packs", MOST_PACKS),
        occurred_at=_moment(raw),
        body=fingerprint(raw),
        asked=None if raw.get("asked") is None else _whole(raw, "asked", MOST_PACKS),
        lot=_text(raw, "lot"),
        expiry=_day(raw, "expiry"),
        recipient=_recipient(raw),
        given_by=_text(raw, "given_by"),
        reason=_reason(raw, str(kind)),
        document=_text(raw, "document"),
        reverses=_reference(raw, "reverses", needed=reversal) if reversal else None,
        partner=_partner(raw, str(kind), unit, rules),
        transfer=_reference(raw, "transfer", needed=False),
        typed=raw.get("typed") is True,
    )


def _shown(value: Any) -> dict[str, str]:
    """A value as a sentence may show it."""
    text = json.dumps(value, ensure_ascii=False)
    return {"value": text if len(text) <= MOST_SHOWN else text[:MOST_SHOWN] + "…"}


def _unit(raw: Mapping[str, Any], rules: Rules) -> str:
    told = raw.get("unit")
    found = rules.units.get(told) if isinstance(told, str) else None
    if found is None:
        raise Refused(Problem("unit", "unit", _shown(told), retry=True))
    if not rules.may_write(found):
        raise Refused(Problem("not_yours", "unit", _shown(told), retry=True))
    return found


def _item(raw: Mapping[str, Any], rules: Rules) -> str:
    told = raw.get("item")
    found = rules.items.get(told) if isinstance(told, str) else None
    if found is None:
        raise Refused(Problem("item", "item", _shown(told), retry=True))
    return found


def _whole(raw: Mapping[str, Any], name: str, most: int) -> int:
    """A whole number; 3.0, "3" and true are none, for nobody typed them."""
    told = raw.get(name)
    if type(told) is not int or not 0 <= told <= most:
        raise Refused(Problem("whole", name, {**_shown(told), "most": str(most)}))
    return told


def _moment(raw: Mapping[str, Any]) -> datetime:
    told = raw.get("occurred_at")
    found = moment_of(told)
    if found is None or found.year < FIRST_YEAR:
        raise Refused(Problem("moment", "occurred_at", _shown(told)))
    return found


def moment_of(told: Any) -> datetime | None:
    """A moment out of a text with its offset from UTC; None when it is none."""
    if not isinstance(told, str):
        return None
    try:
        found = datetime.fromisoformat(told)
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _day(raw: Mapping[str, Any], name: str) -> date | None:
    told = raw.get(name)
    if told is None:
        return None
    try:
        return date.fromisoformat(told)
    except (TypeError, ValueError):
        raise Refused(Problem("day", name, _shown(told))) from None


def _text(raw: Mapping[str, Any], name: str, label: str = "") -> str:
    told = raw.get(name)
    if told is None:
        return ""
    where, most = label or name, LONGEST[name]
    if not isinstance(told, str) or CONTROL.search(told):
        raise Refused(Problem("text", where, _shown(told)))
    if len(told.strip()) > most:
        raise Refused(Problem("long", where, {"most": str(most)}))
    return told.strip()


def _recipient(raw: Mapping[str, Any]) -> Told:
    told = raw.get("recipient")
    if told is None:
        return Told()
    if not isinstance(told, Mapping):
        raise Refused(Problem("recipient", "recipient", _shown(told)))
    number = _reference(told, "id", needed=False) or ""
    name = _text(told, "name", "recipient.name")
    found = Told(number, name, _text(told, "department", "recipient.department"))
    if not found:
        raise Refused(Problem("recipient", "recipient", _shown(told)))
    return found


def _reason(raw: Mapping[str, Any], kind: str) -> str:
    found = _text(raw, "reason")
    if kind == WRITE_OFF and not found:
        raise Refused(Problem("reason", "reason"))
    return found


def _reference(raw: Mapping[str, Any], name: str, needed: bool) -> str | None:
    told = raw.get(name)
    if told is None and not needed:
        return None
    if isinstance(told, str) and UUID.fullmatch(told.lower()):
        return told.lower()
    raise Refused(Problem("reference", name, _shown(told)))


def _partner(raw: Mapping[str, Any], kind: str, unit: str, rules: Rules) -> str:
    """The store at the other end of a transfer; who receives one may name the transfer instead."""
    told = raw.get("partner")
    if kind not in (SEND, ARRIVE) or (told is None and kind == ARRIVE and raw.get("transfer")):
        return ""
    found = rules.units.get(told) if isinstance(told, str) else None
    if found is None or found == unit:
        raise Refused(Problem("partner", "partner", _shown(told), retry=told is not None))
    return found
