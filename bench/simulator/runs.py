"""Running seeds: each in a world of its own, with a ledger that is empty again."""

import tempfile
import traceback
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import connect
from types import TracebackType

from bench.simulator.breaches import breaches
from bench.simulator.fates import Perishable
from bench.simulator.planted import Fault
from bench.simulator.world import world
from ledger.database import Database

KEPT = Path(__file__).parent / "failed_seeds.txt"
"""Seeds that failed once: they are run before all others."""

MEMORY = Path("/dev/shm")
MOST_STEPS = 60


@dataclass(frozen=True)
class Found:
    """What came of a seed: what did not hold, what happened, people's entries, where it was cut."""

    breaches: list[str]
    trace: list[str]
    entries: int
    cuts: Counter[str]


class Seeds:
    """Runs seeds; use it in a ``with``. The ledger is in memory where a folder of the machine is."""

    def __enter__(self) -> "Seeds":
        self._folder = tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None)
        empty, path = (Path(self._folder.name) / name for name in ("empty.sqlite3", "ledger.sqlite3"))
        for each in (empty, path):
            database = Database.open(each)
            database.migrate()
            database.close()
        self._empty, self._file = connect(empty), connect(path, isolation_level=None)
        # The engine's memory of statements is kept from seed to seed: to put one together takes longest.
        self._server = Perishable.open(path)
        self._worker = Perishable(self._server.engine)
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for each in (self._server, self._worker, self._empty, self._file):
            each.close()
        self._folder.cleanup()

    def run(self, seed: int) -> Found:
        """Live through a seed, let everything heal, and look at what must hold."""
        self._empty.backup(self._file)
        made = world(seed, self._server, self._worker)
        try:
            made.live(made.random.randint(10, MOST_STEPS))
            made.settle()
            found = breaches(made)
        except Exception as trouble:  # noqa: BLE001  whatever happens, the program must not fall over
            found = ["".join(traceback.format_exception(trouble, limit=-3))]
        return Found(found, made.fates.trace, len(made.entries()), made.fates.cuts)

    def first(self, fault: Fault, hint: int = 0, most: int = 100) -> int | None:
        """The first seed, from HINT on, that finds a planted fault; None where none of so many does."""
        with fault():
            return next((seed for seed in range(hint, hint + most) if self.run(seed).breaches), None)


def remembered(file: Path) -> list[int]:
    """The seeds kept in a file; none where it is absent."""
    return [int(line) for line in file.read_text().split()] if file.exists() else []


def keep(file: Path, seed: int) -> None:
    """Keep a seed that failed."""
    if seed not in remembered(file):
        with file.open("a") as out:
            out.write(f"{seed}\n")
