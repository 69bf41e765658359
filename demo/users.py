"""People: what they may do, which org units they report for and see, and what sharing gives them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from demo.store import Object, Store

SUPERUSER = "ALL"
NO_SHARING = {"organisationUnits", "organisationUnitLevels", "users", "categoryOptionCombos"}


@dataclass(frozen=True)
class User:
    """Who asks, as known when they logged in.

    Attributes:
        capture: paths of the org units they report for (and everything below).
        view: paths of the org units whose figures they see (when empty, those of `capture`).
    """

    id: str
    username: str
    first_name: str
    surname: str
    authorities: frozenset[str]
    capture: tuple[str, ...]
    view: tuple[str, ...]
    groups: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """First name and surname, as DHIS2 displays them."""
        return f"{self.first_name} {self.surname}".strip()

    @property
    def is_superuser(self) -> bool:
        """Whether every right is theirs."""
        return SUPERUSER in self.authorities

    def has(self, authority: str) -> bool:
        """Says whether they hold AUTHORITY (super users hold all)."""
        return self.is_superuser or authority in self.authorities

    def sees(self, path: str) -> bool:
        """Says whether the figures of the unit at PATH are theirs to see."""
        return within(path, self.view or self.capture)

    def captures(self, path: str) -> bool:
        """Says whether they report for the unit at PATH."""
        return within(path, self.capture)

    def may(self, kind: str, thing: Object, right: str) -> bool:
        """Says whether sharing allows RIGHT on an object: `read`, `write`, `data_read` or `data_write`."""
        if self.is_superuser or (right == "read" and kind in NO_SHARING):
            return True
        position, letter = {
            "read": (0, "r"),
            "write": (1, "w"),
            "data_read": (2, "r"),
            "data_write": (3, "w"),
        }[right]
        sharing = thing.get("sharing") or {}
        if sharing.get("owner") == self.id and right in ("read", "write"):
            return True
        given = [sharing.get("public") or "--------"]
        given += [g["access"] for i, g in (sharing.get("users") or {}).items() if i == self.id]
        given += [g["access"] for i, g in (sharing.get("userGroups") or {}).items() if i in self.groups]
        return any(access[position] == letter for access in given)

    def brief(self) -> Object:
        """Returns how events and objects name a person."""
        return {
            "uid": self.id,
            "username": self.username,
            "firstName": self.first_name,
            "surname": self.surname,
        }


def within(path: str, roots: tuple[str, ...]) -> bool:
    """Says whether PATH is one of ROOTS or below one of them."""
    return any(path == root or path.startswith(root + "/") for root in roots)


def find(store: Store, username: str) -> Object | None:
    """Returns the user object of USERNAME, or None."""
    return next((u for u in store.all("users").values() if u.get("username") == username), None)


def load(store: Store, user: Object) -> User:
    """Reads from a user object what its bearer may do now."""
    roles = [store.get("userRoles", r["id"]) or {} for r in user.get("userRoles", ())]
    return User(
        id=user["id"],
        username=user["username"],
        first_name=user.get("firstName", ""),
        surname=user.get("surname", ""),
        authorities=frozenset(a for role in roles for a in role.get("authorities", ())),
        capture=_paths(store, user, "organisationUnits"),
        view=_paths(store, user, "dataViewOrganisationUnits"),
        groups=frozenset(i for i, g in store.all("userGroups").items() if user["id"] in _members(g)),
    )


def _members(group: Object) -> set[str]:
    return {member["id"] for member in group.get("users", ())}


def _paths(store: Store, user: Object, field: str) -> tuple[str, ...]:
    units: list[Any] = [store.get("organisationUnits", u["id"]) for u in user.get(field, ())]
    return tuple(unit["path"] for unit in units if unit)
