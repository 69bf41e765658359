"""A small Whotopia: three of its districts, hospitals and staggered quarters included, as of one day."""

import json
from datetime import date
from pathlib import Path

from demo.whotopia.seed import write_seed

TODAY = date(2026, 11, 22)
DISTRICTS = 3


def write_small_seed(folder: Path) -> Path:
    """Write the seed folder and return it; who only looks has the name that the other countries give them."""
    write_seed(folder, TODAY, districts=DISTRICTS)
    for name in ("metadata.json", "users.json", "messages.json"):
        path = folder / name
        text = path.read_text(encoding="utf-8").replace('"ministry"', '"viewer"')
        path.write_text(text, encoding="utf-8")
    accounts = json.loads((folder / "users.json").read_text(encoding="utf-8"))
    assert "viewer" in {each["username"] for each in accounts}
    return folder
