"""People of a DHIS2 who may be told something: where they are responsible, how they are reached.

`/api/users?ou=` passes its parameter over on servers of our versions, so everybody is listed and sorted here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from loaders.dhis2 import Client

FIELDS = (
    "id,username,displayName,email,disabled,userGroups[name],userRoles[authorities],"
    "organisationUnits[id],settings[keyUiLocale]"
)
EVERYTHING = "ALL"


@dataclass(frozen=True)
class Contact:
    """An account of DHIS2 and its owner.

    Attributes:
        id: its uid.
        username: its log-in name.
        name: the person's.
        email: empty where there is none.
        language: of its surface in DHIS2; empty where the server does not say.
        groups: names of its user groups.
        authorities: what its roles allow.
        units: ids of the units that it is assigned.
    """

    id: str
    username: str
    name: str
    email: str
    language: str
    groups: frozenset[str]
    authorities: frozenset[str]
    units: frozenset[str]

    def has(self, role: str) -> bool:
        """Whether it has an authority, or belongs to a group (`group:NAME`); superusers only if named so."""
        if role.startswith("group:"):
            return role.removeprefix("group:") in self.groups
        return role in self.authorities


def contacts(client: Client) -> list[Contact]:
    """Everybody whose account is not disabled.

    Raises:
        SourceError: DHIS2 does not answer, or the account may not list people.
    """
    body = client.get("/api/users", (("fields", FIELDS), ("paging", "false")))
    return [_contact(each) for each in body.get("users", []) if not each.get("disabled")]


def _contact(user: dict[str, Any]) -> Contact:
    roles = user.get("userRoles") or []
    return Contact(
        id=user["id"],
        username=user.get("username") or "",
        name=user.get("displayName") or user.get("username") or "",
        email=user.get("email") or "",
        language=(user.get("settings") or {}).get("keyUiLocale") or "",
        groups=frozenset(group.get("name") or "" for group in user.get("userGroups") or []),
        authorities=frozenset(name for role in roles for name in role.get("authorities") or []),
        units=frozenset(unit["id"] for unit in user.get("organisationUnits") or []),
    )


def send_message(client: Client, person: str, subject: str, text: str) -> None:
    """Write to one person (uid) within DHIS2; not tried again, since a second message would be a second one.

    Raises:
        SourceError: DHIS2 did not take it, or may not have.
    """
    body = {"subject": subject, "text": text, "users": [{"id": person}]}
    client.send("POST", "/api/messageConversations", body)


def mark(client: Client, cell: dict[str, str], followed_up: bool) -> None:
    """Set or clear DHIS2's mark for follow-up on a value.

    Args:
        client: with an account that may enter data there.
        cell: `dataElement, period, orgUnit, categoryOptionCombo`.
        followed_up: whether it is to be followed up.

    Raises:
        SourceError: there is no such value, or DHIS2 does not let the account.
    """
    client.send("PUT", "/api/dataValues/followup", {**cell, "followup": followed_up}, repeatable=True)
