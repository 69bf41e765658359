"""What every script of this folder measures and tells, with nothing but the standard library."""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Callable, Iterable

# 50 items × 200 units × 12 months = 120,000 cells.
ITEMS = [f"d{n:010}" for n in range(50)]
PLACES = [f"U{n:010}" for n in range(200)]
MONTHS = [f"2019{month:02}" for month in range(1, 13)]

# Seconds, and the lines that say what was pulled.
Pulled = tuple[float, Iterable[str]]


def timed(pull: Callable[[], Iterable[object]], line: Callable[[object], str]) -> Pulled:
    """PULL with the seconds it took; LINE writes a row of its outcome, after the clock has stopped."""
    begun = time.perf_counter()
    rows = pull()
    return time.perf_counter() - begun, (line(row) for row in rows)


def tell(name: str, seconds: float, lines: Iterable[str], note: str = "") -> None:
    """Print one measurement as JSON: seconds, rows, and a checksum of the rows in whatever order."""
    kept = sorted(lines)
    checksum = hashlib.sha256("\n".join(kept).encode()).hexdigest()[:12]
    print(
        json.dumps({"pull": name, "seconds": seconds, "rows": len(kept), "checksum": checksum, "note": note})
    )
    sys.stdout.flush()
