"""A small Whotopia: three of its districts, hospitals and staggered quarters included, as of one day."""

import json
import os
from datetime import UTC, date, datetime
from pathlib import Path

from demo.whotopia.seed import write_seed
from tests import live

TODAY = date.fromisoformat(os.environ.get("TANDEM_LIVE_DAY", "2026-11-22"))
"""A live DHIS2 has the day of its own clock, which `bench.live` names."""
DISTRICTS = 3


def present() -> datetime:
    """This time of day on the day that the DHIS2 shows; of a live one, now."""
    now = datetime.now(UTC)
    return now if live.ADDRESS else now.replace(year=TODAY.year, month=TODAY.month, day=TODAY.day)


def write_small_seed(folder: Path, today: date = TODAY) -> Path:
    """Write the seed folder and return it; who only looks has the name that the other countries give them."""
    write_seed(folder, today, districts=DISTRICTS)
    for name in ("metadata.json", "users.json", "messages.json"):
        path = folder / name
        text = path.read_text(encoding="utf-8").replace('"ministry"', '"viewer"')
        path.write_text(text, encoding="utf-8")
    accounts = json.loads((folder / "users.json").read_text(encoding="utf-8"))
    assert "viewer" in {each["username"] for each in accounts}
    return folder
