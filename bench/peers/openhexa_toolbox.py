"""BLSQ's openhexa-toolbox as it comes: its own pages and chunks (50 items × 50 units × 1 period)."""

from __future__ import annotations

import sys

from measured import ITEMS, MONTHS, PLACES, tell, timed
from openhexa.toolbox.dhis2 import DHIS2


def main(url: str) -> None:
    """Pull the units and the figures once."""
    client = DHIS2(url=url, username="admin", password="district")
    fields = "id,code,name,level,path,parent,geometry,openingDate"
    tell("units", *timed(lambda: client.meta.organisation_units(fields=fields), lambda unit: unit["id"]))
    tell(
        "figures",
        *timed(
            lambda: client.analytics.get(
                data_elements=ITEMS, periods=MONTHS, org_units=PLACES, include_cocs=False
            ),
            lambda row: f"{row['dx']} {row['pe']} {row['ou']} {row['value']}",
        ),
    )


if __name__ == "__main__":
    main(sys.argv[1])
