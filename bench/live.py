"""`python -m bench.live ADDRESS`: what holds against the embedded DHIS2, asked of a real one.

It is written to: the instance is a fresh one whose administrator is `admin` with the password `district`.
`--fill` puts the country into it (small Whotopia as of its day, or the Ivorian figures). Then, each with
`--only`:

- sync: a sync from it and one from the embedded server with the same seed keep the same rows in every table;
- outliers: its two scores of outliers are those of `indicators.outliers`;
- alerts: marks for follow-up come and go with them, and the digest is in the inbox of whom it tells;
- indicators: our definitions are valid, imported without conflict, and its analytics work out our figures;
- commands: `check --fix` and `install`, and the worker's deliveries;
- store: what stores record is in its form, program and registrations; closed months, values of others, zeros;
- desk: the same done at the desk in a browser (Chromium), what the case asks of a store.

The last four are the tests of the embedded server, asked of the real one (`tests/live.py`).
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from bench import live_alerts, live_outliers, live_sync
from bench.live_filling import Filling
from countries import load_country
from tests.small_whotopia import write_small_seed

ROOT = Path(__file__).parent.parent
TESTS = {
    "indicators": ("tests/dashboard/test_dhis2_indicators.py",),
    "commands": ("tests/test_store_commands.py", "tests/test_delivering.py"),
    "store": (
        "tests/ledger/test_outbox.py",
        "tests/ledger/test_others_values.py",
        "tests/ledger/test_blocked_months.py",
        "tests/ledger/test_events.py",
        "tests/dashboard/test_new_commodities.py",
    ),
    "desk": ("tests/browser/test_store_case.py",),
}
Found = Iterator[tuple[bool, str]]


def main() -> int:
    """Print a line for each thing asked: whether it agrees or differs; the exit code says if all agree."""
    asked = _arguments()
    with tempfile.TemporaryDirectory(prefix="tandem-live-") as name:
        seed = asked.seed or _seed(asked.country, Path(name), asked.day)
        filling = Filling(asked.address, seed)
        if asked.fill:
            for line in filling.everything():
                print(f"filled  {line}", flush=True)
        agree = True
        for part in asked.only or CHECKS:
            for holds, line in CHECKS[part](filling, asked):
                agree &= holds
                print(f"{'agrees ' if holds else 'differs'} {part}: {line}", flush=True)
    return 0 if agree else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("address", type=lambda text: text.rstrip("/"))
    parser.add_argument("--country", choices=("whotopia", "civ"), default="whotopia")
    parser.add_argument(
        "--day", default=datetime.now(UTC).date().isoformat(), help="the seed's day; by default today"
    )
    parser.add_argument("--seed", type=Path, help="a seed folder that is there already")
    parser.add_argument("--fill", action="store_true", help="put the country into the instance first")
    parser.add_argument("--only", nargs="*", choices=tuple(CHECKS), help="these alone")
    return parser.parse_args()


def _seed(country: str, folder: Path, day: str) -> Path:
    if country == "civ":
        return ROOT / "demo" / "countries" / "civ"
    return write_small_seed(folder / "whotopia", date.fromisoformat(day))


def _sync(filling: Filling, asked: argparse.Namespace) -> Found:
    return live_sync.compared(asked.address, load_country(asked.country), filling.folder, asked.day)


def _outliers(filling: Filling, _: argparse.Namespace) -> Found:
    return live_outliers.compared(filling)


def _alerts(filling: Filling, asked: argparse.Namespace) -> Found:
    return live_alerts.compared(filling, asked.country)


def _tests(part: str) -> Callable[[Filling, argparse.Namespace], Found]:
    def run(_: Filling, asked: argparse.Namespace) -> Found:
        told = {"TANDEM_LIVE_DHIS2": asked.address, "TANDEM_LIVE_COUNTRY": asked.country}
        for path in TESTS[part]:
            command = [sys.executable, "-m", "pytest", path, "-q", "-rfEs", "--tb=short"]
            environment = os.environ | told | {"TANDEM_LIVE_DAY": asked.day}
            done = subprocess.run(
                command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
            )
            lines = done.stdout.splitlines()
            kept = lines[-1:] if done.returncode == 0 else lines[-40:]
            yield done.returncode == 0, "\n".join([path, *kept])

    return run


CHECKS: dict[str, Callable[[Filling, argparse.Namespace], Found]] = {
    "sync": _sync,
    "outliers": _outliers,
    "alerts": _alerts,
    **{part: _tests(part) for part in TESTS},
}


if __name__ == "__main__":
    sys.exit(main())
