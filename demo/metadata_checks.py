"""What can be wrong with metadata on its way in, and who may bring it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from demo.graph import DISPLAYED
from demo.ids import is_uid
from demo.model import INVERSES, KINDS, TARGETS, TEXT, Kind, references
from demo.store import Object, Store
from demo.users import User

OF_VALUES = {
    "dataElements": "SELECT 1 FROM data_values WHERE de = ? LIMIT 1",
    "organisationUnits": "SELECT 1 FROM data_values WHERE ou = ? LIMIT 1",
    "categoryOptionCombos": "SELECT 1 FROM data_values WHERE coc = ? LIMIT 1",
}
LONGEST = {"name": 230, "shortName": 50, "code": 50, "username": 255}
WORKED_OUT = {
    *DISPLAYED,
    "access",
    "href",
    "favorite",
    "dimensionItem",
    "dimensionItemType",
    "leaf",
    "ancestors",
    "password",
    "publicAccess",
    "externalAccess",
    "userAccesses",
    "userGroupAccesses",
    "user",
}


@dataclass(frozen=True)
class Rules:
    """How metadata is to be taken in.

    Attributes:
        strategy: CREATE_AND_UPDATE, CREATE, UPDATE or DELETE.
        all_or_nothing: one fault stops all (`atomicMode=ALL`).
        commit: keep it, rather than only check it.
        identifier: UID, CODE or AUTO: how payload and store are matched.
        report_all: report objects without faults too (`importReportMode=FULL`).
    """

    strategy: str = "CREATE_AND_UPDATE"
    all_or_nothing: bool = True
    commit: bool = True
    identifier: str = "UID"
    report_all: bool = False


@dataclass
class Item:
    """One object on its way in."""

    kind: Kind
    index: int
    thing: Object
    known: Object | None
    faults: list[Object]

    @property
    def action(self) -> str:
        """What it would do, as the counts call it."""
        return "created" if self.known is None else "updated"


def error(
    kind: Kind, code: str, message: str, args: list[Any], about: tuple[str, str] | None = None
) -> Object:
    """Returns one error report; ABOUT is the property and its Java class."""
    report: Object = {"message": message, "args": args, "mainKlass": kind.klass, "errorCode": code}
    if about:
        report |= {"errorKlass": about[1], "errorProperty": about[0]}
    return {**report, "errorProperties": args}


class Checks:
    """The checks of one import.

    Args:
        store: what is there already.
        user: who brings it.
        rules: how it is to be taken in.
    """

    def __init__(self, store: Store, user: User, rules: Rules) -> None:
        self.store, self.user, self.rules = store, user, rules

    def faults(self, item: Item, coming: set[tuple[str, str]]) -> Iterator[Object]:
        """Yields what is wrong with an object; COMING are the types and ids that come with it."""
        strategy, kind, thing = self.rules.strategy, item.kind, item.thing
        named = f"{thing.get('name')} [{thing['id']}] ({kind.title})"
        if not is_uid(thing["id"]):
            yield error(kind, "E4014", f"Invalid UID `{thing['id']}` for property `id`", [thing["id"], "id"])
        elif item.known and strategy == "CREATE":
            yield error(
                kind,
                "E5000",
                "Found matching object for given reference, but import mode is CREATE. "
                f"Identifier was `{self.rules.identifier}`, and object was `{named}`.",
                [self.rules.identifier, named],
            )
        elif not item.known and strategy in ("UPDATE", "DELETE"):
            yield error(
                kind,
                "E5001",
                "No matching object for given reference. Identifier was "
                f"`{self.rules.identifier}`, and object was `{named}`.",
                [self.rules.identifier, named],
            )
        elif refused := self._refused(item, named):
            yield refused
        elif strategy == "DELETE":
            yield from in_use(self.store, kind, thing["id"])
        else:
            yield from self._missing(item)
            yield from self._dangling(item, named, coming)
            yield from self._taken(item, named)

    def _refused(self, item: Item, named: str) -> Object | None:
        who = f"{self.user.name} [{self.user.id}] (User)"
        if item.known is None:
            if may_create(self.user, item.kind):
                return None
            return error(
                item.kind,
                "E3000",
                f"User `{who}` is not allowed to create objects of type `{item.kind.title}`",
                [who, item.kind.title],
            )
        if may_change(self.user, item.kind, item.known):
            return None
        code, verb = ("E3002", "delete") if self.rules.strategy == "DELETE" else ("E3001", "update")
        return error(item.kind, code, f"User `{who}` is not allowed to {verb} object `{named}`", [who, named])

    def _missing(self, item: Item) -> Iterator[Object]:
        for name, klass in item.kind.required:
            if item.thing.get(name) in (None, ""):
                yield error(item.kind, "E4000", f"Missing required property `{name}`", [name], (name, klass))
        for name, most in LONGEST.items():
            length = len(str(item.thing.get(name) or ""))
            if length > most:
                yield error(
                    item.kind,
                    "E4001",
                    f"Maximum length of property `{name}` is {most}, but given length was {length}.",
                    [name, str(most), str(length)],
                    (name, TEXT),
                )

    def _dangling(self, item: Item, named: str, coming: set[tuple[str, str]]) -> Iterator[Object]:
        for name, value in item.thing.items():
            target = TARGETS.get(name)
            if (
                target is None
                or name in WORKED_OUT
                or (item.kind.plural, name) in INVERSES
                or name in ("createdBy", "lastUpdatedBy", "groups")
            ):
                continue
            for reference in references(value):
                uid = reference.get("id")
                if uid and (target, uid) not in coming and self.store.get(target, uid) is None:
                    shown = f"[{uid}] ({KINDS[target].title})"
                    yield error(
                        item.kind,
                        "E5002",
                        f"Invalid reference `{shown}` on object `{named}` for association `{name}`",
                        [shown, named, name],
                        (name, KINDS[target].klass),
                    )

    def _taken(self, item: Item, named: str) -> Iterator[Object]:
        for name in item.kind.unique:
            value = item.thing.get(name)
            others = self.store.metadata.get(item.kind.plural, {}).values() if value not in (None, "") else ()
            other = next((o for o in others if o.get(name) == value and o["id"] != item.thing["id"]), None)
            if other:
                yield error(
                    item.kind,
                    "E5003",
                    f"Property `{name}` with value `{value}` on object `{named}` already "
                    f"exists on object `{other['id']}`.",
                    [name, str(value), named, other["id"]],
                    (name, TEXT),
                )


def may_create(user: User, kind: Kind) -> bool:
    """Says whether USER may make objects of a type."""
    prefix = f"F_{kind.singular.upper()}"
    return any(user.has(f"{prefix}_{right}") for right in ("ADD", "PUBLIC_ADD", "PRIVATE_ADD"))


def may_change(user: User, kind: Kind, thing: Object) -> bool:
    """Says whether USER may change an object: by authority, and by sharing where the type has it."""
    return may_create(user, kind) and (not kind.shareable or user.may(kind.plural, thing, "write"))


def in_use(store: Store, kind: Kind, uid: str) -> Iterator[Object]:
    """Yields the faults that keep an object from being deleted: what still needs it."""
    needing = []
    if kind.plural in OF_VALUES and store.execute(OF_VALUES[kind.plural], (uid,)).fetchone():
        needing.append("DataValue")
    holders = {
        "organisationUnits": (("organisationUnits", "parent"),),
        "indicatorTypes": (("indicators", "indicatorType"),),
        "categoryCombos": (("dataElements", "categoryCombo"), ("dataSets", "categoryCombo")),
        "optionSets": (("dataElements", "optionSet"),),
        "categories": (("categoryCombos", "categories"),),
        "userRoles": (("users", "userRoles"),),
    }.get(kind.plural, ())
    needing += [
        KINDS[other].title
        for other, name in holders
        if any(r.get("id") == uid for o in store.all(other).values() for r in references(o.get(name)))
    ]
    for needed_by in needing[:1]:
        yield error(
            kind,
            "E4030",
            f"Object could not be deleted because it is associated with another object: {needed_by}",
            [needed_by],
        )
