"""Who an account is, and what it may see and do, as DHIS2's ``/api/me`` tells."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

ME_FIELDS = (
    "id,username,displayName,authorities,organisationUnits[id,path,level],dataViewOrganisationUnits[id,path,level],"
    "dataSets,userGroups[id,name],settings[keyUiLocale,keyDbLocale]"
)
EVERYTHING = "ALL"


@dataclass(frozen=True)
class Place:
    """An org unit of an account's scope: ``path`` is ``/root/.../id``, ``level`` 1 at the top."""

    id: str
    path: str
    level: int


@dataclass(frozen=True)
class Me:
    """An account.

    Attributes:
        id: Its uid.
        username: Its log-in name.
        name: The person's name as DHIS2 displays it.
        language: Language of its surface in DHIS2 (``fr``), empty when not set.
        authorities: Names of its authorities; ``ALL`` is a super user's.
        user_groups: (id, name) of its groups.
        organisation_units: Where it may enter data.
        data_view_units: Where it may see data; empty means where it may enter them.
        data_sets: Ids of the data sets it may read.
    """

    id: str
    username: str
    name: str = ""
    language: str = ""
    authorities: frozenset[str] = frozenset()
    user_groups: tuple[tuple[str, str], ...] = ()
    organisation_units: tuple[Place, ...] = ()
    data_view_units: tuple[Place, ...] = ()
    data_sets: tuple[str, ...] = ()

    def may(self, authority: str) -> bool:
        """Whether it has AUTHORITY; a super user has every one."""
        return authority in self.authorities or EVERYTHING in self.authorities

    @property
    def sees(self) -> tuple[Place, ...]:
        """The units whose data it sees, each with all below."""
        return self.data_view_units or self.organisation_units


@dataclass(frozen=True)
class SignedIn:
    """Somebody whose password DHIS2 took: who, and a token of their own (empty where DHIS2 made none)."""

    me: Me
    token: str = field(default="", repr=False)


def read_me(body: dict[str, Any]) -> Me:
    """The account in the answer of ``/api/me`` asked with `ME_FIELDS`.

    Raises:
        TypeError: It is no answer of DHIS2's.
    """
    if not isinstance(body["id"], str) or not isinstance(body["username"], str):
        raise TypeError("'id' and 'username' are no texts")
    settings = body.get("settings") or {}
    return Me(
        id=body["id"],
        username=body["username"],
        name=body.get("displayName") or body["username"],
        language=settings.get("keyUiLocale") or "",
        authorities=frozenset(body.get("authorities", [])),
        user_groups=tuple((group["id"], group.get("name") or "") for group in body.get("userGroups", [])),
        organisation_units=_places(body.get("organisationUnits", [])),
        data_view_units=_places(body.get("dataViewOrganisationUnits", [])),
        data_sets=tuple(body.get("dataSets", [])),
    )


def _places(units: list[dict[str, Any]]) -> tuple[Place, ...]:
    """Units with path and level; the level is the path's length where the server left it out."""
    return tuple(
        Place(unit["id"], unit["path"], int(unit.get("level") or unit["path"].count("/"))) for unit in units
    )
