"""Our own client, 8 requests at a time."""

from __future__ import annotations

import sys

from bench.peers.measured import ITEMS, MONTHS, PLACES, tell, timed
from loaders.dhis2 import Basic, Client, Limits


def main(url: str) -> None:
    """Pull the units and the figures once."""
    with Client(url, Basic("admin", "district"), Limits(parallel=8)) as client:
        tell("units", *timed(lambda: client.org_units()["id"], str))
    with Client(url, Basic("admin", "district"), Limits(parallel=8)) as client:
        tell(
            "figures", *timed(lambda: client.analytics(ITEMS, MONTHS, PLACES).itertuples(index=False), _line)
        )


def _line(row: object) -> str:
    dx, pe, ou, value = row  # type: ignore[misc]
    return f"{dx} {pe} {ou} {value:.0f}"


if __name__ == "__main__":
    main(sys.argv[1])
