"""Whether the whole of Whotopia keeps its promises, from the written files alone.

    python -m bench.whotopia [--today YYYY-MM-DD] [--seed N] [--keep FOLDER]

Writes the seed folder and the workbook twice, side by side in processes with different hash seeds, and
compares bytes; counts places, months and stores; checks that reports add up where no error was planted, and
that the stores' form is the sum of their slips; writes the folder once more as of a year later, and compares
the past. Says on the error stream what it is at. Takes a minute and a half of processor time, half of it on
each of two cores. Ends with status 1 when something fails. That a quarter's report is the sum of its months
cannot be seen in the files: `tests/demo/whotopia/test_identities.py` holds it.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

Key = tuple[str, str, str, str]
Values = dict[Key, tuple[str, str]]
Check = tuple[str, bool, str]

WRITE = """
import sys
from datetime import date
from pathlib import Path
from demo import workbook
from demo.whotopia import seed
from demo.whotopia.world import World
folder, today, number = Path(sys.argv[1]), date.fromisoformat(sys.argv[2]), int(sys.argv[3])
simulated = seed.simulate(World.of(number, today))
seed.write(folder, simulated)
if sys.argv[4] == "book":
    workbook.write(folder / "book.xlsx", simulated)
"""
SUM = {"Opening balance": 1, "Received": 1, "Consumption": -1, "Adjustment": 1, "Losses": -1}
END = "End Balance"
GIVEN = {"dispense": 1, "return": -1, "reverse": -1}
"""Kind of slip -> how its packs count in the consumption of the form."""


def main() -> int:
    """Write, check, print; the status says whether everything holds."""
    parser = argparse.ArgumentParser(description="Whether the whole of Whotopia keeps its promises.")
    parser.add_argument("--today", type=date.fromisoformat, default=date(2026, 11, 22))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a folder for what is written; else it is thrown away")
    options = parser.parse_args()
    sound = True
    with tempfile.TemporaryDirectory() as passing:
        for name, holds, told in checks(options.keep or Path(passing), options.today, options.seed):
            sound &= holds
            sys.stdout.write(f"{'holds ' if holds else 'FAILS '} {name}: {told}\n")
            sys.stdout.flush()
    return 0 if sound else 1


def checks(folder: Path, today: date, seed: int) -> Iterator[Check]:
    """Every promise, whether it holds, and what was counted."""
    one, two, later = folder / "one", folder / "two", folder / "later"
    next_year = today.replace(year=today.year + 1)
    say(f"writing {one} and {two}")
    both = [writing(one, today, seed, hashing="1"), writing(two, today, seed, hashing="4711")]
    wait(*both)
    say(f"writing {later}, as of {next_year}")
    third = writing(later, next_year, seed, hashing="2", book=False)
    files = {path.name: digest(path) for path in one.iterdir()}
    differ = [name for name, mark in files.items() if digest(two / name) != mark]
    yield "same seed, same day, same bytes", not differ, f"{len(files)} files, differing: {differ}"
    values = stored(one)
    yield from size(one, values)
    yield identities(one, values)
    yield slips(one, values)
    wait(third)
    yield past(values, stored(later), today.isoformat())


def say(text: str) -> None:
    """What takes time now."""
    sys.stderr.write(f"{text} ...\n")
    sys.stderr.flush()


def writing(folder: Path, today: date, seed: int, hashing: str, book: bool = True) -> subprocess.Popen[bytes]:
    """A process of its own, with a hash seed, that writes a seed folder, and the workbook besides."""
    folder.mkdir(parents=True, exist_ok=True)
    words = [str(folder), today.isoformat(), str(seed), "book" if book else "-"]
    return subprocess.Popen(
        [sys.executable, "-c", WRITE, *words], env={**os.environ, "PYTHONHASHSEED": hashing}
    )


def wait(*processes: subprocess.Popen[bytes]) -> None:
    """Waits for processes to end.

    Raises:
        subprocess.CalledProcessError: one of them failed; what it said stands on the error stream.
    """
    for process in processes:
        if status := process.wait():
            raise subprocess.CalledProcessError(status, process.args)


def digest(path: Path) -> str:
    """What changes when a file does."""
    return sha256(path.read_bytes()).hexdigest()


def stored(folder: Path) -> Values:
    """(element, period, unit, option) -> (value, day on which it was stored)."""
    with gzip.open(folder / "values.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        return {(row[0], row[1], row[2], row[3]): (row[4], row[5]) for row in rows}


def size(folder: Path, values: Values) -> Iterator[Check]:
    """Facilities, months, stores with slips, and what the metadata says of levels."""
    metadata = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))
    facilities = {unit for _, _, unit, _ in values}
    months = {period for _, period, _, _ in values if len(period) == 6}
    yield "at least 300 facilities report", len(facilities) >= 300, str(len(facilities))
    yield "60 months", len(months) == 60, f"{min(months)} to {max(months)}, {len(months)}"
    levels = Counter(unit["code"][0] for unit in metadata["organisationUnits"])
    whole = levels["R"] == 5 and levels["D"] == 30
    yield "5 regions, 30 districts", whole, str(dict(levels))
    shops = {event["orgUnit"] for event in events(folder) if event["program"] == "Stock transaction"}
    yield "20 stores keep slips", len(shops) == 20, str(len(shops))


def identities(folder: Path, values: Values) -> Check:
    """Opening, received and adjusted less consumed and lost are the end, where all are written and right."""
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    wrong = {(e["element"], str(e["period"]), e["unit"], e["option"]) for e in truth["errors"]}
    sound = broken = 0
    for (element, period, unit, option), (end, _) in values.items():
        parts = [(element, period, unit, name) for name in SUM]
        if option != END or any(key not in values for key in parts):
            continue
        if wrong.intersection([*parts, (element, period, unit, END)]):
            continue
        whole = sum(sign * int(values[key][0]) for key, sign in zip(parts, SUM.values(), strict=True))
        sound += whole == int(end)
        broken += whole != int(end)
    return "reports add up where nobody erred", not broken and sound > 100_000, f"{sound} do, {broken} do not"


def slips(folder: Path, values: Values) -> Check:
    """The stores' form says what their slips of the month sum up to; a zero is not kept."""
    given: defaultdict[Key, int] = defaultdict(int)
    months = set()
    for event in events(folder):
        if event["program"] == "Stock transaction":
            slip = {name.split(" - ")[1]: value for name, value in event["dataValues"].items()}
            month = event["occurredAt"][:4] + event["occurredAt"][5:7]
            months.add(month)
            packs = GIVEN.get(slip["Kind"], 0) * int(slip["Quantity"])
            given[slip["Commodity"], month, event["orgUnit"], "Consumption"] += packs
    form = {
        key: int(value)
        for key, (value, _) in values.items()
        if key[0].startswith("DE_") and key[1] in months and key[3] == "Consumption"
    }
    differing = [key for key in {*form, *given} if form.get(key, 0) != given.get(key, 0)]
    told = f"{len(form)} figures of {len(months)} months, differing: {differing[:3]}"
    return "the stores' form is the sum of their slips", not differing and len(form) > 1000, told


def past(before: Values, after: Values, day: str) -> Check:
    """Of the months that both show, what was stored by the day is the same, or was revised after it."""
    oldest = min(period for _, period, _, _ in after if len(period) == 6)
    both = {key: told for key, told in before.items() if len(key[1]) == 6 and key[1] >= oldest}
    invented = [
        key for key, told in after.items() if told[1] <= day and oldest <= key[1] and before.get(key) != told
    ]
    invented = [key for key in invented if len(key[1]) == 6]
    changed = [key for key, told in both.items() if after.get(key) != told]
    lost = [key for key in changed if key in after and after[key][1] <= day]
    told = f"{len(both)} values of both, {len(changed)} revised since, {len(invented) + len(lost)} rewritten"
    return "a year later the past is the same past", not invented and not lost, told


def events(folder: Path) -> Iterator[dict[str, Any]]:
    """Slips, orders and shipments."""
    with gzip.open(folder / "events.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


if __name__ == "__main__":
    sys.exit(main())
