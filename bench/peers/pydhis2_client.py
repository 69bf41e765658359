"""pydhis2: its one request for all figures is refused, so they are asked for in parts by hand, too."""

from __future__ import annotations

import asyncio
import sys
import time

import pandas as pd
from measured import ITEMS, MONTHS, PLACES, tell
from pydhis2.core.client import AsyncDHIS2Client
from pydhis2.core.errors import DHIS2HTTPError
from pydhis2.core.types import AnalyticsQuery, DHIS2Config


async def main(url: str) -> None:
    """Pull the units once, and the figures in each way."""
    config = DHIS2Config(base_url=url, auth=("admin", "district"), enable_cache=False)
    async with AsyncDHIS2Client(config) as client:
        begun = time.perf_counter()
        units = await client.get_paginated(
            "/api/organisationUnits", {"fields": "id,code,name"}, page_size=1000
        )
        tell("units", time.perf_counter() - begun, (unit["id"] for unit in units))
        await figures(client, "as it comes", [(PLACES, MONTHS)])
        await figures(
            client, "figures", [(PLACES[i : i + 50], [month]) for i in range(0, 200, 50) for month in MONTHS]
        )
        await figures(client, "figures by hand", [(PLACES, MONTHS[:6]), (PLACES, MONTHS[6:])])


async def figures(client: AsyncDHIS2Client, name: str, parts: list[tuple[list[str], list[str]]]) -> None:
    """The figures, in these parts one after another, which is how the library asks."""
    begun = time.perf_counter()
    try:
        queries = [AnalyticsQuery(dx=ITEMS, ou=places, pe=months, skip_meta=True) for places, months in parts]
        frame = pd.concat([await client.analytics.to_pandas(query) for query in queries], ignore_index=True)
    except DHIS2HTTPError as error:
        tell(name, time.perf_counter() - begun, [], f"{type(error).__name__}: {error}")
        return
    seconds = time.perf_counter() - begun
    columns = [
        next(c for c in frame if c.lower() in names)
        for names in ({"dx", "data"}, {"pe", "period"}, {"ou", "organisation unit", "orgunit"}, {"value"})
    ]
    rows = frame[columns].itertuples(index=False)
    tell(name, seconds, (f"{dx} {pe} {ou} {float(value):.0f}" for dx, pe, ou, value in rows))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
