"""Who somebody is: what DHIS2 says of the account, in our words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from accounts.scope import Scope, Unit

SUPERUSER = "ALL"


@dataclass(frozen=True)
class Person:
    """A person who is signed in.

    Attributes:
        username: the DHIS2 username.
        name: the name to show.
        language: "fr", "en" or whatever DHIS2's interface is set to; empty when it is not.
        authorities: DHIS2 authorities; "ALL" includes every other.
        user_groups: the names of the user groups.
        scope: what one may see.
        capture: the units for which one may enter data.
    """

    username: str
    name: str
    language: str
    authorities: frozenset[str]
    user_groups: frozenset[str]
    scope: Scope
    capture: tuple[Unit, ...]

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> Self:
        """Read what `facts_of` kept."""
        authorities = frozenset(facts["authorities"])
        capture, view = _units(facts["capture"]), _units(facts["view"])
        data_sets = None if SUPERUSER in authorities else facts["data_sets"]
        return cls(
            username=facts["username"],
            name=facts["name"] or facts["username"],
            language=facts["language"],
            authorities=authorities,
            user_groups=frozenset(facts["user_groups"]),
            # DHIS2 itself falls back to the capture units for people who have no data view of their own.
            scope=Scope.of(view or capture, data_sets),
            capture=capture,
        )

    def may(self, authority: str) -> bool:
        """Whether one has a DHIS2 authority, or, as `group:NAME`, belongs to a user group."""
        if SUPERUSER in self.authorities:
            return True
        if authority.startswith("group:"):
            return authority.removeprefix("group:") in self.user_groups
        return authority in self.authorities


def _units(rows: Sequence[Sequence[Any]]) -> tuple[Unit, ...]:
    return tuple(Unit(str(number), str(path), int(level)) for number, path, level in rows)
