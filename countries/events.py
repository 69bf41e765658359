"""What a country writes slip by slip, as events of DHIS2: the programs and which element says what.

Names and codes only: `loaders.event_programs` finds their ids in the metadata of the DHIS2 at hand.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from countries.reading import Table

KINDS = ("received", "issued", "returned", "lost", "counted", "sent")
COUNTED_IN = ("packs", "units")
ROLES = ("movements", "orders", "receipts")
SAYS: Mapping[str, tuple[str, ...]] = {
    "movements": ("item", "quantity", "kind", "lot", "expiry", "reason"),
    "orders": ("item", "quantity", "number"),
    "receipts": ("item", "quantity", "number"),
}
NEEDED = ("item", "quantity")


@dataclass(frozen=True)
class EventProgram:
    """One program without registration.

    Attributes:
        role: one of `ROLES`: what moved in a store, what it ordered, what it received of that.
        program: its code or name.
        elements: what is said ("item", "quantity", ...) by which data element (code or name).
        kinds: the words of the element "kind" to one of `KINDS`; "" for those that change nothing.
        counted_in: whether quantities are "packs" of the item or its dispensing "units".
    """

    role: str
    program: str
    elements: Mapping[str, str]
    kinds: Mapping[str, str] = field(default_factory=dict)
    counted_in: str = "packs"


@dataclass(frozen=True)
class Events:
    """The event programs of a country.

    Attributes:
        programs: one for each role at most.
        expired: the reasons of losses that mean that a date had passed.
        matched_by: a pattern; an order and its receipt are those in whose numbers it finds the same.
    """

    programs: tuple[EventProgram, ...]
    expired: tuple[str, ...] = ()
    matched_by: str = ".+"


def read_events(main: Table) -> Events:
    """The file events.toml; CountryError names a wrong entry."""
    main.known("programs", "expired", "matched_by")
    programs = tuple(_program(table) for table in main.tables("programs"))
    roles = [each.role for each in programs]
    if len(set(roles)) < len(roles):
        raise main.error("programs", f"each of {', '.join(ROLES)} may stand here once")
    matched_by = main.text("matched_by", ".+")
    try:
        re.compile(matched_by)
    except re.error as problem:
        raise main.error("matched_by", f"{matched_by!r} is no pattern ({problem})") from problem
    return Events(programs, tuple(main.strings("expired")), matched_by)


def _program(table: Table) -> EventProgram:
    table.known("role", "program", "elements", "kinds", "counted_in")
    role = table.choice("role", ROLES)
    elements, kinds = table.mapping("elements"), table.mapping("kinds")
    needed = (*NEEDED, "kind") if role == "movements" else NEEDED
    if lacking := [name for name in needed if name not in elements]:
        raise table.error("elements", f"the element that says the {lacking[0]} is lacking")
    if strange := [name for name in elements if name not in SAYS[role]]:
        raise table.error("elements", f"{strange[0]!r} is not one of {', '.join(SAYS[role])}")
    if wrong := [kind for kind in kinds.values() if kind and kind not in KINDS]:
        raise table.error("kinds", f"{wrong[0]!r} is not one of {', '.join(KINDS)}")
    return EventProgram(
        role, table.text("program"), elements, kinds, table.choice("counted_in", COUNTED_IN, "packs")
    )
