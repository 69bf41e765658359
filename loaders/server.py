"""What a DHIS2 server says of itself: its version, its clock, and how old its analytics are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from loaders.errors import UnsupportedServer
from loaders.versions import Dialect, dialect


@dataclass(frozen=True)
class System:
    """A server.

    Attributes:
        url: Its address.
        name: As it calls itself.
        dialect: Its version and what is particular about it.
        time: Its clock when asked, with its zone.
        analytics_at: When its analytics were last computed (UTC); None when never.
    """

    url: str
    name: str
    dialect: Dialect
    time: datetime
    analytics_at: datetime | None

    @property
    def version(self) -> str:
        """``2.42.5.2``."""
        return self.dialect.version

    def local(self, moment: datetime) -> str:
        """MOMENT as this server writes its own local time, without a zone, as its parameters want it."""
        return f"{moment.astimezone(self.time.tzinfo):%Y-%m-%dT%H:%M:%S}.000"


def read_system(url: str, body: dict[str, Any]) -> System:
    """The server in the answer of ``/api/system/info``.

    Raises:
        UnsupportedServer: A version, calendar or time zone that we cannot deal with.
    """
    spoken = dialect(str(body.get("version", "")), str(body.get("calendar", "iso8601")))
    zone = time_zone(str(body.get("serverTimeZoneId") or "UTC"))
    time = datetime.fromisoformat(body["serverDate"][:23]).replace(tzinfo=zone)
    return System(url, str(body.get("systemName") or url), spoken, time, _analytics(body, zone))


def time_zone(name: str) -> tzinfo:
    """The zone that Java calls NAME: ``Africa/Abidjan``, ``UTC``, ``GMT+03:00``.

    Raises:
        UnsupportedServer: No such zone.
    """
    offset = re.fullmatch(r"(?:GMT|UTC)([+-])(\d{1,2}):?(\d{2})?", name)
    if offset:
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        return timezone(timedelta(minutes=-minutes if offset[1] == "-" else minutes))
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        what = f"The server says that it lives in the time zone '{name}', which is unknown here."
        raise UnsupportedServer(what, "Install the system's time zone data (package tzdata).") from error


def _analytics(body: dict[str, Any], zone: tzinfo) -> datetime | None:
    """The newest of both kinds of analytics runs; DHIS2 writes never as 1970."""
    keys = ("lastAnalyticsTableSuccess", "lastAnalyticsTablePartitionSuccess")
    times = [datetime.fromisoformat(body[key][:23]).replace(tzinfo=zone) for key in keys if body.get(key)]
    newest = max((time.astimezone(UTC) for time in times), default=None)
    return newest if newest and newest.year > 1970 else None
