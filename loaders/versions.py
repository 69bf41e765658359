"""What differs between the versions of DHIS2 that we know, 2.40 to 2.43; no other module asks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from loaders.errors import UnsupportedServer

OLDEST, NEWEST = 40, 43
CALENDARS = ("iso8601", "gregorian")


@dataclass(frozen=True)
class Dialect:
    """How one version speaks.

    Attributes:
        version: As the server gives it, ``2.42.5.2``.
        minor: 42.
    """

    version: str
    minor: int

    @property
    def values_path(self) -> str:
        """Where data values come as CSV: by suffix until 2.42, by Accept header alone after."""
        return "/api/dataValueSets.csv" if self.minor <= 42 else "/api/dataValueSets"

    @property
    def proven(self) -> bool:
        """Whether this is a version that we know; a newer one is spoken to like the newest known."""
        return self.minor <= NEWEST


def dialect(version: str, calendar: str) -> Dialect:
    """The dialect of a server.

    Args:
        version: ``version`` of ``/api/system/info``, ``2.42.5.2``, ``2.43-SNAPSHOT`` or ``43.1``.
        calendar: ``calendar`` of ``/api/system/info``.

    Raises:
        UnsupportedServer: Older than 2.40, no version at all, or another calendar than ISO 8601.
    """
    found = re.match(r"(?:2\.)?(\d+)", version)
    if not found:
        what = f"The server calls its version '{version}'."
        raise UnsupportedServer(what, "Check that the address is that of a DHIS2 (2.40 to 2.43).")
    if int(found[1]) < OLDEST:
        what = f"The server runs DHIS2 {version}; the oldest supported is 2.{OLDEST}."
        raise UnsupportedServer(what, "Upgrade DHIS2, or connect another server.")
    if calendar not in CALENDARS:
        what = f"The server counts its periods in the {calendar} calendar; only ISO 8601 is supported."
        raise UnsupportedServer(what, "Its periods would be taken for other months, so nothing was read.")
    return Dialect(version, int(found[1]))
