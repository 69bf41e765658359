"""A snapshot of three units with what a sync says of itself, and people who look at it."""

from datetime import UTC, datetime, timedelta

import pandas as pd

from accounts import Person
from loaders.frames import canonical, empty
from loaders.snapshot import Snapshots
from loaders.snapshot_writer import Writer

REPORT = {
    "seconds": 83.4,
    "changed": 1234,
    "deleted": 1,
    "requests": 57,
    "wire_bytes": 1_400_000,
    "faults": [
        {
            "at": "2026-11-20T10:00:00+00:00",
            "asked": "GET /api/dataValueSets",
            "kind": "status 502",
            "detail": "the server answered 502",
            "attempt": 1,
            "outcome": "asked again after 0.7 s",
        }
    ],
    "findings": [
        {
            "severity": "ok",
            "code": "levels_found",
            "about": "levels",
            "named": "",
            "arguments": {"count": "4"},
            "where": "levels",
            "what": "All 4 levels have units.",
            "remedy": "",
        },
        {
            "severity": "error",
            "where": "rights",
            "what": "The account reads no data set.",
            "remedy": "Share the data set with it.",
        },
    ],
}


def a_person(*authorities: str, at: str = "/nation", groups: tuple[str, ...] = ()) -> Person:
    unit = (at.rsplit("/", 1)[1], at, at.count("/"))
    return Person.of(
        {
            "username": "awa",
            "name": "Awa",
            "language": "en",
            "authorities": authorities,
            "user_groups": groups,
            "data_sets": [],
            "capture": [],
            "view": [unit],
        }
    )


ADMIN = a_person("ALL")


DISTRICT = a_person("F_RUN_VALIDATION", at="/nation/north")


VIEWER = a_person()


def units() -> pd.DataFrame:
    """A nation and two units below it."""
    return pd.DataFrame(
        {
            "id": ["nation", "north", "south"],
            "code": ["N", "NN", "SS"],
            "name": ["Nation", "Northern", "Southern"],
            "level": [1, 2, 2],
            "parent": [None, "nation", "nation"],
            "path": ["/nation", "/nation/north", "/nation/south"],
            "longitude": [None] * 3,
            "latitude": [None] * 3,
            "opened": [pd.NaT] * 3,
            "closed": [pd.NaT] * 3,
            "first": [0, 1, 2],
            "last": [3, 2, 3],
        }
    )


def aside() -> pd.DataFrame:
    """A row kept aside in each of the lower units, and one of an unknown unit."""
    return pd.DataFrame(
        {
            "source": "LMIS",
            "org_unit": ["north", "south", "stranger"],
            "item": "Pills",
            "month": pd.array([201903, 201904, None], dtype="Int32"),
            "value": ["twelve", "<b>x</b>", "3"],
            "code": ["no_number", "no_number", "new_code"],
            "arguments": ['{"value": "twelve"}', '{"value": "<b>x</b>"}', "{}"],
            "reason": ["twelve is not a number", "x is not a number", "the unit is unknown"],
            "remedy": "Correct the value in DHIS2.",
            "seen_at": pd.Timestamp("2026-11-20", tz="UTC"),
        }
    )


def forms() -> pd.DataFrame:
    """One form."""
    told = {"form": "lmis", "data_set": "dsLogistics", "name": "Logistics of this year", "source": "LMIS"}
    return pd.DataFrame([told | {"months": 1, "timely_days": 15.0}])


def publish(snapshots: Snapshots) -> None:
    """Write it as of twelve minutes ago."""
    at = (datetime.now(UTC) - timedelta(minutes=12)).isoformat()
    with Writer(snapshots) as writer:
        for name, frame in (("org_units", units()), ("rejected", aside()), ("forms", forms())):
            writer.replace(name, canonical(name, frame))
        writer.replace("values", empty("values"))
        writer.publish(
            {
                "synced_at": at,
                "server_time": at,
                "source": {"url": "https://dhis2.example.org", "version": "2.42.5"},
                "counts": {"org_units": 3, "values": 310_000, "rejected": 3},
                "newest_month": {"lmis": 201909},
                "report": REPORT,
            }
        )
