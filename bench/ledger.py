"""How fast and how surely the ledger takes in what devices send.

    python -m bench.ledger [--only speed|once|offline|kills] [--submissions N] [--kills N] [--postgresql]

speed: durable movements a second on SQLite (WAL, synchronous FULL), in batches as devices send them; goal
1,000. once: 100,000 submissions, each movement one to eight times, from 8 threads in 2 processes: each is
applied exactly once. offline: 10,000 entries of 20 devices, offline, shuffled, clocks off by up to 48 hours,
50 interruptions: the balances of the true order; goal 15 s. kills: a process that writes is killed at named
points and at random; of what it had answered for, nothing is lost, nothing doubled, and the trail is whole.
Ends with status 1 when anything of this does not hold. `DATABASE_URL`, of an empty database, runs it there;
`--postgresql` on a PostgreSQL of its own, which is started for it with all its safety.
"""

import argparse
import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from bench import ledger_kills, ledger_offline, ledger_once, ledger_speed, private_postgresql

PARTS = {
    "speed": ledger_speed.run,
    "once": ledger_once.run,
    "offline": ledger_offline.run,
    "kills": ledger_kills.run,
}


def main() -> int:
    """Run the parts, print their figures; 1 when a promise was broken."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", choices=PARTS, help="one part alone")
    parser.add_argument("--submissions", type=int, default=100_000, help="of the part `once`")
    parser.add_argument("--kills", type=int, default=60, help="of the part `kills`")
    parser.add_argument("--seed", type=int, default=1, help="of all that is drawn by lot")
    parser.add_argument(
        "--folder", type=Path, help="where the databases are made; a temporary folder by default"
    )
    parser.add_argument("--postgresql", action="store_true", help="on a PostgreSQL that is started for it")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder, ExitStack() as ends:
        if asked.postgresql:
            os.environ["DATABASE_URL"] = ends.enter_context(private_postgresql.running())
        names = [asked.only] if asked.only else list(PARTS)
        held = [PARTS[name](Path(folder) / name, asked) for name in names]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
