"""python -m demo.report: generates Whotopia and sets it beside what was measured."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from demo.report.page import write
from demo.report.report import content
from demo.whotopia.seed import simulate
from demo.whotopia.world import World

DAY = date(2026, 11, 22)
"""The day of the page that is kept with the product."""


def main() -> None:
    """Writes the page and its pictures."""
    parser = argparse.ArgumentParser(prog="python -m demo.report", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="another seed, another country of the same kind")
    parser.add_argument("--today", type=date.fromisoformat, default=DAY, help=f"YYYY-MM-DD (default {DAY})")
    parser.add_argument("--out", type=Path, default=Path("docs"), help="folder of whotopia.md (default docs)")
    asked = parser.parse_args()
    found = content(simulate(World.of(asked.seed, asked.today), print))
    write(found, asked.out)
    outside = sum(not figure.within for figure in found.figures)
    print(f"{asked.out / 'whotopia.md'}: {len(found.figures)} figures, {outside} outside their range:")
    for figure in found.figures:
        if not figure.within:
            print(
                f"  {figure.name}: {figure.generated:.4g}, {'explained' if figure.sound else 'NOT EXPLAINED'}"
            )


if __name__ == "__main__":
    main()
