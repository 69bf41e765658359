"""Writes Whotopia as an Excel workbook, for those without a server: `python -m demo.workbook --out FILE`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from demo.spreadsheet import Workbook
from demo.whotopia import seed, spellings
from demo.whotopia.seed import Simulated
from demo.whotopia.sheets import Country
from demo.whotopia.world import World


def write(path: Path, simulated: Simulated) -> dict[str, int]:
    """Writes a country's workbook.

    Beside it, `NAME.truth.json` records which facilities the workbook spells in its own way; only tests and
    measurements read that.

    Args:
        path: of the workbook; what is there is replaced.
        simulated: the country and its reports.

    Returns:
        How many rows each sheet has.
    """
    with Workbook(path) as book:
        rows = {
            sheet.name: book.sheet(sheet.name, sheet.header, sheet.rows)
            for sheet in Country(simulated).sheets()
        }
    told = json.dumps(spellings.truth(simulated.world), ensure_ascii=False, indent=1)
    path.with_suffix(".truth.json").write_text(told, encoding="utf-8")
    return rows


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m demo.workbook", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="the workbook to write")
    parser.add_argument(
        "--today", type=date.fromisoformat, default=datetime.now(UTC).date(), help="YYYY-MM-DD"
    )
    parser.add_argument("--seed", type=int, default=1, help="another seed, another country of the same kind")
    options = parser.parse_args(arguments)
    if not options.out.parent.is_dir():
        parser.error(f"there is no folder {options.out.parent}: make it first, or choose another one")
    simulated = seed.simulate(World.of(options.seed, options.today))
    for name, count in write(options.out, simulated).items():
        sys.stdout.write(f"{name}: {count} rows\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
